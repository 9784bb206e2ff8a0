"""A running Anki, through its add-on AnkiConnect; the only door to the network."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from deckpress.pipeline.anki_address import USUAL_URL, is_loopback
from deckpress.schema.anki_replies import check_reply
from deckpress.text.characters import show_plainly
from deckpress.text.problem import CallError

VERSION = 6
_BATCH = 100
"""Actions that go in one request: the add-on looks for requests forty times a second."""
_PATIENCE = 600
"""Seconds that one request may take, to the end of its reply; a first import of thousands of notes
takes some."""
_MOST_REPLY = 500_000_000
"""The largest reply, in bytes: what a collection says of 10,000 notes has a tenth of that."""


class AnkiError(OSError):
    """Anki cannot be reached, or refuses a request."""


class AnkiConnect:
    """Speaks version 6 of the add-on's protocol to this machine, and to no other."""

    def __init__(self, url: str = USUAL_URL, key: str = "") -> None:
        """Take the address, and the key if the add-on asks for one.

        Raises:
            CallError: the address is not one of this machine.
        """
        if not is_loopback(url):
            raise CallError(f"'{url}' is not an address of this machine, such as {USUAL_URL}")
        self.url, self._key = url, key

    def greet(self) -> None:
        """Make sure that Anki answers, and that its add-on supports our version of the protocol.

        Raises:
            AnkiError: it is not, or does not.
        """
        version = self.call("version")
        if version < VERSION:
            raise AnkiError(f"AnkiConnect {version} is too old: update the add-on in Anki")

    def call(self, action: str, **params: object) -> Any:
        """Ask for one action.

        Returns:
            Its result.

        Raises:
            AnkiError: nobody answers, or the answer is no.
        """
        return self._result(action, self._post(self._request(action, params)))

    def call_all(self, action: str, many: Iterable[Mapping[str, object]]) -> list[Any]:
        """Ask for one action many times, a batch a request.

        Args:
            action: its name.
            many: the parameters of each.

        Returns:
            Their results.

        Raises:
            AnkiError: nobody answers, or an answer is no.
        """
        results: list[Any] = []
        requests = [self._request(action, params) for params in many]
        for start in range(0, len(requests), _BATCH):
            batch = requests[start : start + _BATCH]
            replies = self.call("multi", actions=batch)
            if len(replies) != len(batch):
                raise AnkiError(self._stranger())
            results += [self._result(action, reply) for reply in replies]
        return results

    def _request(self, action: str, params: Mapping[str, object]) -> dict[str, object]:
        request: dict[str, object] = {"action": action, "version": VERSION, "params": params}
        return {**request, "key": self._key} if self._key else request

    def _post(self, request: Mapping[str, object]) -> object:
        data = json.dumps(request).encode()
        try:
            return read_json(self._send(data))
        except ValueError as error:
            raise AnkiError(self._stranger()) from error
        except (OSError, HTTPException) as error:
            raise AnkiError(
                f"Anki does not answer at {self.url}: start Anki; if it is running, get the add-on "
                "AnkiConnect "
                "(Tools, Add-ons, Get Add-ons, 2055492159), and restart it"
            ) from error

    def _send(self, data: bytes) -> bytes:
        """Send a request and return what comes back, if it is no error and no redirection.

        A proxy would carry the collection elsewhere; this way of asking knows of none.
        """
        parts = urlsplit(self.url)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {"Content-Type": "application/json"}
        link = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE)
        with closing(link):
            link.connect()
            # A time for each piece of a reply would not end one that comes byte by byte.
            end = Timer(_PATIENCE, _shut, [link.sock])
            end.daemon = True
            end.start()
            try:
                link.request("POST", path, data, headers)
                with link.getresponse() as reply:
                    if reply.status != 200:
                        raise ValueError(f"status {reply.status}")
                    read = reply.read(_MOST_REPLY + 1)
            finally:
                end.cancel()
        if len(read) > _MOST_REPLY:
            raise ValueError("a reply without end")
        return read

    def _stranger(self) -> str:
        return f"what answers at {self.url} is not AnkiConnect"

    def _result(self, action: str, reply: object) -> Any:
        if not isinstance(reply, dict) or not {"result", "error"} <= reply.keys():
            raise AnkiError(self._stranger())
        if reply["error"] is not None:
            said = show_plainly(str(reply["error"]))
            hint = ""
            if "api key" in said:
                hint = " (put the key of the add-on's configuration into ANKICONNECT_KEY)"
            elif "collection is not available" in said:
                hint = " (open a profile in Anki)"
            raise AnkiError(f"Anki refused '{action}': “{said}”{hint}")
        try:
            check_reply(action, reply["result"])
        except ValueError as error:
            raise AnkiError(self._stranger()) from error
        return reply["result"]


def read_json(data: bytes) -> object:
    """Read JSON from somebody else.

    Raises:
        ValueError: it is none, is nested without end, or holds what no text can hold.
    """
    try:
        found = json.loads(data)
        if b"\\u" in data:
            # Half a character: it comes from no collection, and no file can hold it.
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested without end") from error
    return found


def _shut(open_: socket.socket) -> None:
    with suppress(OSError):
        open_.shutdown(socket.SHUT_RDWR)
