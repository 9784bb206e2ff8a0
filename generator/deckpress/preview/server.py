"""The preview's page, served to this machine alone; the only door to starlette and uvicorn.

Nothing can be asked for but what is read here: the deck's cards, the media that they show, its
sheets, and the page itself. No path of a request becomes a path on the disk, but for MathJax's.
Another site in the same browser gets nothing: requests must name this host (so that a name which is
bound anew to this machine does not help), and those that another page began are refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from deckpress.markup.elements import element, join
from deckpress.pipeline.open_file import MISSING_FIGURE
from deckpress.preview.desk import Desk, Message
from deckpress.preview.mathjax import NAME as MATHJAX
from deckpress.preview.mathjax import read_mathjax
from deckpress.preview.watch import watch_folder
from deckpress.tree.media import media_type

HOST = "127.0.0.1"
"""The only address that is listened at."""

_PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_OWN = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors "
_PAGE_POLICY = (
    f"{_OWN}'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'"
)
_MEDIA_POLICY = f"{_OWN}'none'; sandbox; style-src 'unsafe-inline'; img-src data:"
_SHEET_POLICY = (
    f"{_OWN}'self'; sandbox allow-scripts allow-popups allow-modals allow-downloads; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    "font-src data:"
)
_NO_FIGURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120">'
    b'<rect x="1" y="1" width="318" height="118" rx="8" fill="#fff5e8" stroke="#8a4b00" '
    b'stroke-dasharray="5 4"/><text x="160" y="66" text-anchor="middle" font-family="sans-serif" '
    b'font-size="15" fill="#8a4b00">This figure is missing</text></svg>'
)
_PATIENCE = 0.15
"""Seconds until all files are checked together: the page fetches its card before."""

_LEDGER_PATIENCE = 1.5
"""Seconds without a change until the deck is held against its ledger."""

_PING = 20
"""Seconds after which a silent stream says that it is still there."""


def open_port(port: int) -> socket.socket:
    """Take a port of this machine.

    Args:
        port: its number; 0 takes any that is free.

    Returns:
        A socket that is bound to it.

    Raises:
        OSError: somebody else has it.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound


def serve(desk: Desk, bound: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve a deck until somebody presses Ctrl-C.

    Args:
        desk: the deck, opened.
        bound: the socket to serve at.
        ready: called with the page's address when it can be opened.
    """
    port = bound.getsockname()[1]
    site = _Site(desk, port, ready)
    config = uvicorn.Config(
        site.app,
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, site)
    try:
        # uvicorn ends quietly, and then raises the signal that ended it.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[bound]))
    finally:
        bound.close()
        desk.close()


class _Server(uvicorn.Server):
    """Ends the open streams with itself, which would wait for them."""

    def __init__(self, config: uvicorn.Config, site: _Site) -> None:
        super().__init__(config)
        self._site = site

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._site.ready(self._site.address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell the streams, and stop."""
        self._site.stop.set()
        self._site.tell(None)
        await super().shutdown(sockets)


class _Site:
    """The page and what it asks for."""

    def __init__(self, desk: Desk, port: int, ready: Callable[[str], None]) -> None:
        self.desk, self.ready = desk, ready
        self.address = f"http://{HOST}:{port}/"
        # Cards are shown in a frame of no origin, as which any site could ask for their media.
        self._frame = f"/card/{secrets.token_urlsafe(12)}"
        self.stop = asyncio.Event()
        self._listening: set[asyncio.Queue[Message | None]] = set()
        self._later: asyncio.Task[None] | None = None
        app = Starlette(routes=self._routes(), lifespan=self._live)
        hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        self.app: ASGIApp = _Guard(app, hosts, self._frame)

    def tell(self, message: Message | None) -> None:
        """Tell every page that listens; None ends its stream."""
        for queue in self._listening:
            queue.put_nowait(message)

    def _routes(self) -> list[Route]:
        frame = self._frame
        return [
            Route("/", self._page),
            Route("/page/{name}", self._page_file),
            Route(f"{frame}/", self._card_frame),
            Route(f"{frame}/{{name}}", self._medium),
            Route(f"{frame}/mathjax/{{name:path}}", self._mathjax),
            Route("/api/list", self._list),
            Route("/api/card", self._card),
            Route("/api/search", self._search),
            Route("/api/problems", self._problems),
            Route("/api/sheet/{kind}", self._sheet),
            Route("/api/events", self._events),
            Route("/sheet/html", self._sheet_html),
            Route("/sheet/pages/{number}", self._sheet_page),
            Route("/sheet/pdf/{name}", self._sheet_pdf),
        ]

    @contextlib.asynccontextmanager
    async def _live(self, app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.stop.set()
            tasks = [task for task in (watching, self._later) if task]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        async for paths in watch_folder(self.desk.root, self.stop):
            message = await asyncio.to_thread(self.desk.take, paths)
            if message:
                self.tell(message)
                if self._later:
                    self._later.cancel()
                self._later = asyncio.create_task(self._check())

    async def _check(self) -> None:
        await asyncio.sleep(_PATIENCE)
        self.tell(await asyncio.to_thread(self.desk.check))
        await asyncio.sleep(_LEDGER_PATIENCE)
        self.tell(await asyncio.to_thread(self.desk.check, released=True))

    def _page(self, request: Request) -> Response:
        html = (_PAGE / "page.html").read_text(encoding="utf-8")
        html = html.replace("FRAME", f"{self._frame}/")
        return _answer(html.encode(), "text/html", _PAGE_POLICY)

    def _page_file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return _own_file(name) if name in ("page.css", "page.js") else _nothing()

    def _card_frame(self, request: Request) -> Response:
        # A frame of no origin is nobody's 'self' in every browser: the address says the same.
        own = f"{self.address.rstrip('/')}{self._frame}/"
        if request.url.hostname == "localhost":
            own = own.replace(HOST, "localhost")
        policy = (
            f"{_OWN}'self'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox "
            f"allow-modals; script-src {own} 'unsafe-inline'; style-src {own} 'unsafe-inline'; "
            f"img-src {own} data:; media-src {own} data:; font-src {own} data:"
        )
        html = (_PAGE / "frame.html").read_bytes()
        if self.desk.mathjax:
            names = ("mathjax.js", f"mathjax/{MATHJAX}")
            scripts = join(element("script", src=name) for name in names)
            html = html.replace(b"</head>", scripts.encode() + b"</head>")
        return _answer(html, "text/html", policy)

    def _medium(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name in ("frame.css", "frame.js", "mathjax.js"):
            return _own_file(name)
        if name == MISSING_FIGURE:
            return _answer(_NO_FIGURE, "image/svg+xml", _MEDIA_POLICY)
        data, kind = self.desk.deck.medium(name), media_type(name)
        if data is None or kind is None:
            return _nothing()
        return _part(request, _answer(data, kind.mime, _MEDIA_POLICY, kept=True))

    def _mathjax(self, request: Request) -> Response:
        folder = self.desk.mathjax
        found = read_mathjax(folder, request.path_params["name"]) if folder else None
        if found is None:
            return _nothing()
        answer = _answer(*found, _MEDIA_POLICY, kept=True)
        # Fonts are asked for in the name of the frame's origin, which is none.
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    def _list(self, request: Request) -> Response:
        return JSONResponse({**self.desk.cards.listed(), "frame": f"{self._frame}/"})

    def _card(self, request: Request) -> Response:
        return JSONResponse(self.desk.cards.card(request.query_params.get("key", "")))

    def _search(self, request: Request) -> Response:
        return JSONResponse(self.desk.cards.search(request.query_params.get("q", "")))

    def _problems(self, request: Request) -> Response:
        return JSONResponse(self.desk.cards.told())

    def _sheet(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind not in ("html", "pages"):
            return _nothing()
        made = self.desk.sheets.make(kind)
        found = {"files": len(made.files), "left_out": made.left_out, "refusal": made.refusal}
        return JSONResponse(found)

    def _sheet_html(self, request: Request) -> Response:
        files = self.desk.sheets.make("html").files
        return _answer(_with_script(files[0]), "text/html", _SHEET_POLICY) if files else _nothing()

    def _sheet_page(self, request: Request) -> Response:
        files = self.desk.sheets.make("pages").files
        number = _whole(request.path_params["number"])
        if number is None or not 0 < number <= len(files):
            return _nothing()
        return _answer(files[number - 1], "image/svg+xml", _MEDIA_POLICY)

    def _sheet_pdf(self, request: Request) -> Response:
        files = self.desk.sheets.make("pdf").files
        return _answer(files[0], "application/pdf", f"{_OWN}'none'") if files else _nothing()

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        self._listening.add(queue)
        try:
            yield "retry: 500\n\n"
            while not self.stop.is_set():
                try:
                    message = await asyncio.wait_for(queue.get(), _PING)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if message is None:
                    return
                yield f"data: {json.dumps(message)}\n\n"
        finally:
            self._listening.discard(queue)


class _Guard:
    """Lets through what this page asks of this host, and puts on every answer what it forbids."""

    def __init__(self, app: ASGIApp, hosts: set[str], frame: str) -> None:
        self._app, self._hosts, self._frame = app, hosts, frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        refusal = self._refuse(scope["method"], scope["path"], headers)
        if refusal:
            await Response(refusal, 403, media_type="text/plain")(scope, receive, send)
            return
        shared = scope["path"].startswith(f"{self._frame}/")

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                rules = {**_HEADERS, "Cross-Origin-Resource-Policy": "same-origin"}
                if shared:
                    rules["Cross-Origin-Resource-Policy"] = "cross-origin"
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [
                    (name.lower().encode(), value.encode())
                    for name, value in rules.items()
                    if name.lower().encode() not in given
                ]
            await send(message)

        send_on: Callable[[Any], Awaitable[None]] = answer
        await self._app(scope, receive, send_on)

    def _refuse(self, method: str, path: str, headers: Mapping[str, str]) -> str:
        """Say why a request is not answered; empty if it is."""
        if headers.get("host") not in self._hosts:
            return "this host is not served here"
        if method not in ("GET", "HEAD"):
            return "nothing can be changed here"
        if path.startswith(f"{self._frame}/"):
            # Who knows this name was told by the page; the frame itself has no origin to give.
            return ""
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return "another page may not ask for this"
        opened = path == "/" and headers.get("sec-fetch-mode", "navigate") == "navigate"
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not opened:
            return "another page may not ask for this"
        return ""


_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{_OWN}'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def _answer(data: bytes, kind: str, policy: str, *, kept: bool = False) -> Response:
    headers = {"Content-Security-Policy": policy}
    if kept:
        headers["Cache-Control"] = "private, max-age=86400, immutable"
    return Response(data, media_type=kind, headers=headers)


def _own_file(name: str) -> Response:
    return _answer((_PAGE / name).read_bytes(), _TYPES[Path(name).suffix], f"{_OWN}'none'")


def _with_script(sheet: bytes) -> bytes:
    """Add what the preview does in a sheet, and allow it beside the scripts that a sheet allows."""
    script = (_PAGE / "sheet.js").read_bytes()
    own = b64encode(sha256(script).digest())
    allowed = sheet.replace(b"script-src ", b"script-src &#39;sha256-" + own + b"&#39; ", 1)
    return allowed + b"<script>" + script + b"</script>"


def _nothing() -> Response:
    return Response("there is no such thing", 404, media_type="text/plain")


def _whole(text: str) -> int | None:
    """Read a whole number of a request; Python refuses those of thousands of digits."""
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def _part(request: Request, whole: Response) -> Response:
    """Return the part of a sound or video that a player asks for."""
    unit, _, wanted = request.headers.get("range", "").partition("=")
    start, dash, end = wanted.partition("-")
    size = len(whole.body)
    first, behind = _whole(start), _whole(end) if end else size
    if unit != "bytes" or not dash or first is None or behind is None:
        return whole
    last = min(behind, size - 1)
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    data = bytes(whole.body[first : last + 1])
    found = {name: value for name, value in whole.headers.items() if name != "content-length"}
    found |= {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"}
    return Response(data, 206, headers=found)
