"""What an editor or somebody on this machine may send to the language server and the preview."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from attacks import STRINGS
from conftest import DECK_YAML, Sources
from lsp_client import LspClient
from program import tell
from test_preview import Preview, start


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Return the preview of a small deck; it complains of nothing to its end."""
    files = {"deck.yaml": DECK_YAML, "one/a.md": "# A? {#a}\n\nx ![s](s.svg)\n", "one/s.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')}  # fmt: skip
    running = start(tmp_path_factory.mktemp("preview"), files)
    yield running
    assert running.end() == (0, "")


def send(preview: Preview, data: bytes) -> bytes:
    """Send bytes; return what comes back until the end, or for three seconds."""
    with socket.create_connection(("127.0.0.1", preview.port), 10) as link:
        link.sendall(data)
        link.settimeout(3)
        found = b""
        try:
            while part := link.recv(65536):
                found += part
        except OSError:
            pass
    return found


HOST = "Host: 127.0.0.1:{port}\r\n"
RAW = {
    "no host": "GET /api/list HTTP/1.1\r\n\r\n",
    "old": "GET /api/list HTTP/1.0\r\n\r\n",
    "two hosts": "GET /api/list HTTP/1.1\r\nHost: evil.example\r\n" + HOST + "\r\n",
    "two hosts, ours first": "GET /api/list HTTP/1.1\r\n" + HOST + "Host: evil.example\r\n\r\n",
    "whole address": "GET http://evil.example/api/list HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "host behind ours": "GET /api/list HTTP/1.1\r\nHost: 127.0.0.1:{port}.evil.example\r\n\r\n",
    "user before ours": "GET /api/list HTTP/1.1\r\nHost: evil.example@127.0.0.1:{port}\r\n\r\n",
    "no port": "GET /api/list HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "other form": "GET /api/list HTTP/1.1\r\nHost: 2130706433:{port}\r\n\r\n",
    "a dot": "GET /api/list HTTP/1.1\r\nHost: localhost.:{port}\r\n\r\n",
    "forwarded": "GET /api/list HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\n\r\n",
    "null origin": "GET /api/list HTTP/1.1\r\n" + HOST + "Origin: null\r\n\r\n",
    "two origins": "GET /api/list HTTP/1.1\r\n" + HOST + "Origin: http://127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n\r\n",
    "a socket": "GET /api/events HTTP/1.1\r\n" + HOST + "Origin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "connect": "CONNECT evil.example:80 HTTP/1.1\r\n" + HOST + "\r\n",
    "trace": "TRACE /api/list HTTP/1.1\r\n" + HOST + "\r\n",
    "a body": "POST /api/list HTTP/1.1\r\n" + HOST + "Content-Length: 999999999\r\n\r\n" + "x" * 100_000,
    "chunks": "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" + "x" * 100_000,
    "both lengths": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "long path": "GET /" + "a" * 200_000 + " HTTP/1.1\r\n" + HOST + "\r\n",
    "long header": "GET /deck.yaml HTTP/1.1\r\n" + HOST + "X: " + "a" * 200_000 + "\r\n\r\n",
    "no HTTP": "hello\r\n\r\n",
    "zeros": "\0" * 1000,
    "folded": "GET /deck.yaml HTTP/1.1\r\n" + HOST + " folded\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_hostile_requests(preview: Preview, name: str) -> None:
    """Nothing of the deck is told, nothing fails, and the next request is answered."""
    answer = send(preview, RAW[name].format(port=preview.port).encode())
    status = answer[9:12]
    assert status in (b"", b"400", b"403", b"404", b"405", b"413", b"414", b"431"), answer[:300]
    assert b"Small Deck" not in answer
    assert b"Traceback" not in answer
    assert preview.ask("/api/list").status == 200


def test_numbers_without_end(preview: Preview) -> None:
    """Numbers of thousands of digits, in ranges and in pages, are none."""
    digits = "9" * 6_000
    for path in (
        f"/sheet/pages/{digits}",
        "/sheet/pages/\u0663",
        "/sheet/pages/1e3",
        "/sheet/pages/+1",
        "/sheet/pages/ 1",
    ):
        assert preview.ask(quote(path)).status == 404, path
    side = preview.json("/api/card?key=cards/one/a.md%7Ca%7C0")["back"]["html"]
    name = next(word for word in side.split('"') if word.endswith(".svg"))
    for wanted in (
        digits,
        f"{digits}-",
        f"0-{digits}",
        f"-{digits}",
        "-",
        "1-0",
        "0-0,5-6",
        "a-b",
        "0--1",
        "\u0660-1",
    ):
        answer = preview.ask(
            f"{preview.frame}{name}", range=f"bytes={wanted}".encode().decode("latin-1")
        )
        assert answer.status in (200, 206, 416), wanted


KEYS = (
    "", "|", "||", "|||||", "cards/one/a.md", "cards/one/a.md|a|1", "cards/one/a.md|a|-1", "cards/one/a.md|a|x",
    "cards/one/a.md|a|" + "9" * 3_000, "../../etc/passwd|a|0", "cards/one/a.md|<script>|0", "\0|a|0", "#1", "a" * 20_000,
    "cards/one/../one/a.md|a|0", "%00", "cards/one/a.md%7Ca%7C0%00",
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_hostile_keys(preview: Preview, key: str) -> None:
    """A key that is none shows no card, and a search of anything finds or does not."""
    words = quote(f'{key} tag:x is:y "', safe="%")
    assert preview.json(f"/api/card?key={quote(key, safe='%')}") is None
    assert isinstance(preview.json(f"/api/search?q={words}"), list)


def frame(body: bytes) -> bytes:
    """Write a message of the language server's protocol."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def call(method: str, **params: object) -> bytes:
    """Write a request."""
    return frame(
        json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).encode()
    )


TALK = {
    "nothing": b"",
    "no header": b"hello\r\n\r\n",
    "no JSON": frame(b"{"),
    "no UTF-8": frame(b"\xff\xfe"),
    "a list": frame(b"[]"),
    "a number": frame(b"7"),
    "null": frame(b"null"),
    "deep": frame(b"[" * 200_000),
    "no method": frame(b'{"jsonrpc": "2.0", "id": 1}'),
    "other version": frame(b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}'),
    "method is a list": frame(b'{"jsonrpc": "2.0", "id": 1, "method": []}'),
    "params are a word": frame(b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": "x"}'),
    "an answer to nothing": frame(b'{"jsonrpc": "2.0", "id": 99, "result": {}}'),
    "negative length": b"Content-Length: -5\r\n\r\nxxxxx",
    "length is a word": b"Content-Length: x\r\n\r\n{}",
    "huge length": b"Content-Length: 99999999999\r\n\r\n{}",
    "cut": frame(b'{"jsonrpc": "2.0"}')[:-3],
    "unknown method": call("workspace/executeCommand", command="rm -rf", arguments=["/"]),
    "two hellos": call("initialize", processId=None, rootUri=None, capabilities={}) * 2,
    "no root": call("initialize", processId=-1, rootUri="file://evil.example/share", capabilities={}),
}  # fmt: skip


@pytest.mark.parametrize("name", TALK)
def test_hostile_talk(tmp_path: Path, name: str) -> None:
    """Whatever is sent before a hello, the server ends with its input, and hangs not."""
    done = tell(TALK[name], tmp_path, "lsp", "--stdio")
    assert done.returncode in (0, 1), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_hostile_documents(sources: Sources) -> None:
    """Files elsewhere, names that are none, places that are not there, texts of any size."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    client = LspClient(sources.folder)
    text = "# A? {#a}\n\nx\n"
    addresses = (
        "file:///etc/passwd", "file:///etc/../etc/hosts", "file://evil.example/a.md", "http://evil.example/a.md",
        "untitled:Untitled-1", "", "a.md", "file:///dev/zero", "file:///a%00b.md", "file:///" + "a" * 5_000 + ".md",
        "file:///%ff%fe.md", f"{sources.folder.as_uri()}/cards/../../x.md", "data:text/plain,x", "javascript:1",
        f"{sources.folder.as_uri()}/cards/one", f"{sources.folder.as_uri()}/cards/%2e%2e/%2e%2e/etc/passwd",
    )  # fmt: skip
    for address in addresses:
        document = {"uri": address, "languageId": "markdown", "version": 1, "text": text}
        client.tell("textDocument/didOpen", textDocument=document)
        client.tell("textDocument/didSave", textDocument={"uri": address})
        client.tell("workspace/didChangeWatchedFiles", changes=[{"uri": address, "type": 1}])
        client.tell("textDocument/didClose", textDocument={"uri": address})
    client.open("cards/one/a.md")
    for line, column in ((99, 0), (0, 9_999), (2**31 - 1, 2**31 - 1)):
        for what in ("hover", "completion", "definition"):
            client.at(what, "cards/one/a.md", line, column)
    texts = (
        "",
        "\0",
        "\ufeff",
        "x" * 6_000_000,
        "# " + "[" * 50_000,
        "---\n" * 5_000,
        "`" * 50_000,
        "\r\n" * 50_000,
        "<!--" * 9_000,
    )
    for number, huge in enumerate(texts):
        sources.write(f"one/t{number}.md", "# T? {#t}\n\nx\n")
        assert isinstance(client.open(f"cards/one/t{number}.md", huge), list)
    assert client.problems[client.uri("cards/one/a.md")] == []
    client.close()


def test_hostile_texts_in_the_page(tmp_path: Path, chromium: Browser) -> None:
    """Mistakes, sources, titles and names are shown as text, in the list and at the card."""
    files = {"deck.yaml": DECK_YAML.replace("Small Deck", "<img src=x onerror=parent.hit=1>")}
    for n, text in enumerate(STRINGS[::29]):
        files[f"one/n{n}.md"] = (
            f"---\ntags: [{json.dumps(text)}]\ncompanies: [{json.dumps(text)}]\n---\n"
            f"# Q {n} {text}? {{#n{n}}}\n\n{text} ![{text}]({text}.png) $\\nothing{{{text}}}$\n"
        )
    preview = start(tmp_path, files)
    try:
        with chromium.new_context() as browser:
            page = browser.new_page()
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("dialog", lambda dialog: asked.append("a dialog"))
            page.goto(preview.address)
            told = preview.json("/api/problems")
            assert len(told) >= 15
            for key in [each["key"] for each in told if each["key"]][::4]:
                page.goto(f"{preview.address}#{quote(key)}")
                page.wait_for_timeout(150)
                assert [f.evaluate("window.hit") for f in page.frames] == [None] * len(page.frames)
            own = (preview.address, "data:")
            assert [url for url in asked if not url.startswith(own)] == []
    finally:
        assert preview.end() == (0, "")
