"""Whatever answers in Anki's place, and whatever journal lies there: told, and nothing is changed."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conftest import Sources
from deckpress.anki.identity import stable_id
from deckpress.cli.main import main
from deckpress.pipeline import anki_connect, push

STRANGER = "is not AnkiConnect"
UNREACHED = "Anki does not answer at"


@contextmanager
def answering(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """Serve at a port of this machine; every request goes to a function, with the connection."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link:
                try:
                    link.settimeout(5)
                    answer(link, _read(link))
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        server.close()


def _read(link: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += link.recv(65536) or b"\r\n\r\n"
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    size = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < size:
        body += link.recv(65536)
    return body


def reply(body: bytes, *, status: str = "200 OK", more: str = "") -> bytes:
    """Write a reply of HTTP."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body


GOOD = b'{"result": 6, "error": null}'


def run(url: str, *words: str) -> Result:
    """Push, to the end."""
    return CliRunner().invoke(main, ["push", "--url", url, "--yes", "--quiet", *words])


@pytest.fixture
def deck(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """Return a deck that was built, and little patience."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    sources.build()
    monkeypatch.setattr(anki_connect, "_PATIENCE", 1)
    monkeypatch.setattr(anki_connect, "_MOST_REPLY", 10_000)
    return sources


HTTP = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "old HTTP": GOOD,
    "no status": b"HTTP/1.1 \r\n\r\n" + GOOD,
    "error": reply(GOOD, status="500 Oops"),
    "not found": reply(GOOD, status="404 Not Found"),
    "no content": reply(GOOD, status="204 None"),
    "part of it": reply(GOOD, status="206 Partial"),
    "continue without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
    "a page": reply(b"<!doctype html><script>1</script>", more="Content-Type: text/html\r\n"),
    "packed": reply(b"\x1f\x8b\x08\0\0\0\0\0", more="Content-Encoding: gzip\r\n"),
    "cut": reply(GOOD)[:-5],
    "negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "broken chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + GOOD,
    "a huge chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\nx",
    "long headers": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 100_000 + b"\r\n\r\n" + GOOD,
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1000 + b"\r\n" + GOOD,
    "too much": reply(b" " * 20_000 + GOOD),
    "deep": reply(b"[" * 9_000),
    "no UTF-8": reply(b'{"result": "\xff", "error": null}'),
    "UTF-16": reply(GOOD.decode().encode("utf-16")),
    "half a character": reply(b'{"result": "\\ud800", "error": null}'),
    "a long number": reply(b'{"result": ' + b"9" * 8_000 + b', "error": null}'),
    "no number": reply(b'{"result": NaN, "error": null}'),
    "an endless number": reply(b'{"result": 1e999, "error": null}'),
    "two values": reply(GOOD + GOOD),
    "a list": reply(b"[]"),
    "a word": reply(b'"x"'),
    "no result": reply(b'{"error": null}'),
    "no error": reply(b'{"result": 6}'),
    "no version": reply(b'{"result": null, "error": null}'),
    "true": reply(b'{"result": true, "error": null}'),
}  # fmt: skip


@pytest.mark.parametrize("name", HTTP)
def test_no_answer_ends_in_a_traceback(deck: Sources, name: str) -> None:
    """Whatever speaks at the port, it is told that this is not the add-on, or nobody."""
    before = (deck.root / "deck.lock").read_bytes()
    with answering(lambda link, body: link.sendall(HTTP[name])) as url:
        done = run(url)
    assert done.exit_code == 3, done.output
    assert STRANGER in done.stderr or UNREACHED in done.stderr
    assert (deck.root / "deck.lock").read_bytes() == before
    assert not list(Path("build").glob("*push*"))


def test_no_answer_is_waited_for_without_end(deck: Sources) -> None:
    """Neither one that drips, nor headers that drip, nor one that goes on, nor silence."""
    stop = threading.Event()

    def drip(piece: bytes, first: bytes) -> Callable[[socket.socket, bytes], None]:
        def answer(link: socket.socket, body: bytes) -> None:
            link.sendall(first)
            while not stop.wait(0.05):
                link.sendall(piece)

        return answer

    head = b"HTTP/1.1 200 OK\r\n"
    ways = [
        drip(b" ", head + b"\r\n"),
        drip(b" ", head + b"Content-Length: 999999999\r\n\r\n"),
        drip(b"X: x\r\n", head),
        drip(b"x", head + b"X: "),
        drip(b"1\r\n \r\n", head + b"Transfer-Encoding: chunked\r\n\r\n"),
        drip(b" " * 2_000, head + b"\r\n"),
        drip(b"", b""),
    ]
    for way in ways:
        with answering(way) as url:
            done = run(url)
            stop.set()
        stop.clear()
        assert done.exit_code == 3
        assert STRANGER in done.stderr or UNREACHED in done.stderr


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"]
)
def test_no_redirection_is_followed(deck: Sources, status: str) -> None:
    """Nobody else gets to see the request, neither another port nor another machine."""
    asked: list[bytes] = []
    with answering(lambda link, body: asked.append(body)) as other:
        moved = reply(
            GOOD, status=status, more=f"Location: {other}/x\r\nRefresh: 0;url={other}\r\n"
        )
        with answering(lambda link, body: link.sendall(moved)) as url:
            done = run(url)
    assert (done.exit_code, asked) == (3, [])
    assert STRANGER in done.stderr


def test_no_proxy_is_asked(deck: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says of proxies."""
    asked: list[bytes] = []
    with (
        answering(lambda link, body: asked.append(body)) as proxy,
        answering(lambda link, body: link.sendall(reply(b"[]"))) as url,
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.setenv("NO_PROXY", "")
        done = run(url)
    assert (done.exit_code, asked) == (3, [])


ACTIONS = ("version", "multi", "modelNamesAndIds", "modelFieldNames", "modelTemplates", "modelStyling",
           "findNotes", "notesInfo", "getMediaFilesNames", "importPackage")  # fmt: skip
WRONG: tuple[Any, ...] = (
    None, True, 7, 1.5, "x", "\x1b]0;x\x07", [], [None], ["x"], [[]], [{}], [{"noteId": 1}], {}, {"a": None},
    {"a": {}}, {"a": []}, {"css": 1}, {"noteId": "x", "fields": {}, "tags": []}, [{"x": 1}], -1, 10**30,
    [{"noteId": 1, "fields": {"Id": {"value": "a"}}, "tags": []}],
    [{"noteId": 1, "fields": {"Id": {"value": "a", "order": "x"}}, "tags": []}],
    [{"noteId": 1, "fields": {"Id": {"value": "a", "order": 0}}, "tags": [1]}],
    [{"noteId": 1, "fields": {"Id": {"value": "a", "order": 0}}, "tags": ["x"]}],
)  # fmt: skip


def fake(deck: Sources, action: str, wrong: Any) -> Callable[[socket.socket, bytes], None]:
    """Answer as an Anki that has the note types, but for one action."""
    first = (deck.root / "deck.lock").read_text(encoding="utf-8").split("\n")[0]
    namespace = json.loads(first)["namespace"]
    number = stable_id(namespace, "note type", "standard")
    usual: dict[str, Any] = {
        "version": 6, "modelNamesAndIds": {"N": number}, "modelFieldNames": ["Id"],
        "modelTemplates": {"Card 1": {"Front": "", "Back": ""}}, "modelStyling": {"css": ""},
        "findNotes": [1], "notesInfo": [{}], "getMediaFilesNames": [],
    }  # fmt: skip

    def result(request: dict[str, Any]) -> Any:
        if request["action"] == action:
            return wrong
        if request["action"] == "multi":
            return [{"result": result(one), "error": None} for one in request["params"]["actions"]]
        return usual.get(request["action"])

    def answer(link: socket.socket, body: bytes) -> None:
        data = json.dumps({"result": result(json.loads(body)), "error": None}).encode()
        link.sendall(reply(data))

    return answer


@pytest.mark.parametrize("action", ACTIONS)
def test_no_reply_ends_in_a_traceback(deck: Sources, action: str) -> None:
    """Of whatever shape the reply to an action is; what is none is told as such."""
    for wrong in WRONG:
        with answering(fake(deck, action, wrong)) as url:
            done = run(url)
        assert done.exception is None or isinstance(done.exception, SystemExit), (
            wrong,
            done.exception,
        )
        assert done.exit_code in (0, 3), wrong
        assert "\x1b" not in done.output


def test_what_anki_says_is_no_command_of_the_terminal(deck: Sources) -> None:
    """Errors and names are shown with their control characters spelled out."""
    said = reply(json.dumps({"result": None, "error": "\x1b[2J\x9b31mgone\r"}).encode())
    with answering(lambda link, body: link.sendall(said)) as url:
        done = run(url)
    assert ": “\\x1b[2J\\x9b31mgone\\x0d”" in done.stderr
    assert not {"\x1b", "\x9b", "\r"} & set(done.stderr)


JOURNALS: dict[str, bytes] = {
    "empty": b"", "no JSON": b"{", "deep": b"[" * 100_000, "a list": b"[]", "a word": b'"x"', "null": b"null",
    "no UTF-8": b"\xff\xfe", "half a character": b'{"done": false, "overwritten": ["\\ud800"], "before": {}}',
    "done is a word": b'{"done": "no", "overwritten": [], "before": {}}',
    "done is 0": b'{"done": 0, "overwritten": ["a"], "before": {}}',
    "overwritten is a number": b'{"done": false, "overwritten": 5, "before": {}}',
    "overwritten is a word": b'{"done": false, "overwritten": "a", "before": {}}',
    "overwritten holds lists": b'{"done": false, "overwritten": [["a"]], "before": {}}',
    "before is a list": b'{"done": false, "overwritten": [], "before": []}',
    "before is null": b'{"done": false, "overwritten": [], "before": null}',
    "nothing else": b'{"done": false}',
    "a long number": b'{"done": false, "overwritten": ' + b"9" * 9_000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("name", JOURNALS)
def test_a_journal_that_no_push_wrote_says_nothing(tmp_path: Path, name: str) -> None:
    """However it was tampered with."""
    path = tmp_path / "journal.json"
    path.write_bytes(JOURNALS[name])
    assert push._read_journal(path) == {}
    push._end_journal(path)
    assert path.read_bytes() == JOURNALS[name]


def test_a_journal_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe, a device, a folder, a link to one of them, a link to itself."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "nowhere").symlink_to("nothing")
    (tmp_path / "to-pipe").symlink_to("pipe")
    for name in ("pipe", "folder", "loop", "endless", "nowhere", "to-pipe"):
        assert push._read_journal(tmp_path / name) == {}


def test_a_linked_journal_is_replaced_and_its_target_stays(deck: Sources) -> None:
    """A link in the folder of outputs gets nobody's file overwritten."""
    mine = deck.folder / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    journal = Path("build/small-push.json")
    journal.symlink_to(mine.resolve())
    journal.with_suffix(".apkg").symlink_to(mine.resolve())
    with answering(fake(deck, "modelNamesAndIds", {})) as url:
        done = run(url)
    assert done.exit_code == 3  # nothing of it arrives in an Anki that is none
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not journal.is_symlink()
    assert not journal.with_suffix(".apkg").exists()
