"""A scripted client of the language server: JSON-RPC over the pipes of a process, no editor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote


class LspClient:
    """Starts the server on a folder, talks to it, and ends it."""

    def __init__(self, folder: Path, **capabilities: Any) -> None:
        """Start the server, and say hello as an editor does."""
        self.folder = folder
        self.asked: list[dict[str, Any]] = []
        self.problems: dict[str, list[dict[str, Any]]] = {}
        self._texts: dict[str, tuple[int, str]] = {}
        self._next = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deckpress", "lsp", "--stdio", "--jobs", "1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder, env=os.environ,
        )  # fmt: skip
        self.hello = self.ask(
            "initialize",
            processId=None,
            rootUri=folder.as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
            capabilities=capabilities,
        )
        self.tell("initialized")

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        return self._process.pid

    def uri(self, name: str) -> str:
        """Return the address of a file of the folder."""
        return f"{self.folder.as_uri()}/{quote(name)}"

    def open(self, name: str, text: str | None = None) -> list[dict[str, Any]]:
        """Open a file, from the disk or with another text; return its problems."""
        text = (self.folder / name).read_text(encoding="utf-8") if text is None else text
        self._texts[name] = (1, text)
        document = {"uri": self.uri(name), "languageId": "markdown", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return self.wait(name)

    def type(
        self, name: str, line: int, column: int, typed: str, *, over: int = 0, wait: bool = True
    ) -> list[Any]:
        """Type at a place, in UTF-16 from 0, over some of its units; return the problems."""
        version, text = self._texts[name]
        lines = text.split("\n")
        old = lines[line].encode("utf-16-le")
        before, after = old[: 2 * column], old[2 * (column + over) :]
        lines[line] = before.decode("utf-16-le") + typed + after.decode("utf-16-le")
        self._texts[name] = (version + 1, "\n".join(lines))
        self.tell(
            "textDocument/didChange",
            textDocument={"uri": self.uri(name), "version": version + 1},
            contentChanges=[{"text": self._texts[name][1]}],
        )
        return self.wait(name) if wait else []

    def save(self, name: str) -> list[Any]:
        """Write what was typed to the disk, and say so."""
        (self.folder / name).write_text(self._texts[name][1], encoding="utf-8")
        self.tell("textDocument/didSave", textDocument={"uri": self.uri(name)})
        return self.settle(name)

    def close_all(self) -> None:
        """Close every file that is open: the disk counts again."""
        for name in list(self._texts):
            del self._texts[name]
            self.tell("textDocument/didClose", textDocument={"uri": self.uri(name)})
            self.settle(name)

    def at(self, what: str, name: str, line: int, column: int, **more: Any) -> Any:
        """Ask something about a position."""
        position = {"line": line, "character": column}
        return self.ask(
            f"textDocument/{what}",
            textDocument={"uri": self.uri(name)}, position=position, **more,
        )  # fmt: skip

    def words(self, name: str, line: int, column: int) -> list[str]:
        """Return the labels of the completions at a position."""
        found = self.at("completion", name, line, column)
        return [item["label"] for item in found["items"]] if found else []

    def actions(self, name: str, line: int, *only: str) -> list[dict[str, Any]]:
        """Return the code actions of a line."""
        at = {"line": line, "character": 0}
        context = {"diagnostics": [], **({"only": list(only)} if only else {})}
        found: list[dict[str, Any]] = self.ask(
            "textDocument/codeAction",
            textDocument={"uri": self.uri(name)}, range={"start": at, "end": at}, context=context,
        )  # fmt: skip
        return found

    def apply(self, name: str, action: Mapping[str, Any]) -> str:
        """Return the text of a file after a code action."""
        lines = self._texts[name][1].split("\n")
        (edits,) = action["edit"]["changes"].values()
        for edit in sorted(edits, key=lambda e: tuple(e["range"]["start"].values()), reverse=True):
            start, end = edit["range"]["start"], edit["range"]["end"]
            assert start["line"] == end["line"]
            line = lines[start["line"]].encode("utf-16-le")
            before, after = line[: 2 * start["character"]], line[2 * end["character"] :]
            lines[start["line"]] = (
                before.decode("utf-16-le") + edit["newText"] + after.decode("utf-16-le")
            )
        return "\n".join(lines)

    def settle(self, name: str) -> list[Any]:
        """Wait until everything that was told is dealt with; return a file's problems."""
        self.ask("textDocument/documentSymbol", textDocument={"uri": self.uri(name)})
        return self.problems.get(self.uri(name), [])

    def wait(self, name: str) -> list[Any]:
        """Wait for the problems of the text as it was sent last."""
        while True:
            message = self._read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics":
                self.problems[params["uri"]] = params["diagnostics"]
                wanted = self._texts.get(name, (None, ""))[0]
                if params["uri"] == self.uri(name) and params.get("version") == wanted:
                    return self.problems[params["uri"]]

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request, and return the result."""
        self._next += 1
        self._send({"id": self._next, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics":
                found = message["params"]
                self.problems[found["uri"]] = found["diagnostics"]
            if message.get("id") == self._next and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def tell(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def close(self) -> str:
        """End the talk; return what the server wrote to standard error."""
        self.ask("shutdown")
        self.tell("exit")
        _, errors = self._process.communicate(timeout=60)
        assert self._process.returncode == 0
        return errors.decode()

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            assert self._process.stderr
            raise EOFError(self._process.stderr.read().decode())
        message: dict[str, Any] = json.loads(stream.read(length))
        if "method" in message and "id" in message:
            self.asked.append(message)
            self._send({"id": message["id"], "result": None})
        return message
