"""A running Anki, through its add-on AnkiConnect; the only door to the network."""

from __future__ import annotations

import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from deckpress.text.problem import CallError

USUAL_URL = "http://127.0.0.1:8765"
VERSION = 6
_BATCH = 100
"""Actions that go in one request: the add-on looks for requests forty times a second."""
_PATIENCE = 600
"""Seconds that one request may take; a first import of thousands of notes takes some."""


class AnkiError(OSError):
    """Anki cannot be reached, or refuses a request."""


class AnkiConnect:
    """Speaks version 6 of the add-on's protocol to this machine, and to no other."""

    def __init__(self, url: str = USUAL_URL, key: str = "") -> None:
        """Take the address, and the key if the add-on asks for one.

        Raises:
            CallError: the address is not one of this machine.
        """
        if not _is_loopback(url):
            raise CallError(f"'{url}' is not an address of this machine, such as {USUAL_URL}")
        self.url, self._key = url, key
        # A proxy would carry the collection elsewhere, and so would a redirection.
        handlers = (urllib.request.ProxyHandler({}), _NoRedirection())
        self._opener = urllib.request.build_opener(*handlers)

    def greet(self) -> None:
        """Make sure that Anki answers, and that its add-on supports our version of the protocol.

        Raises:
            AnkiError: it is not, or does not.
        """
        version = self.call("version")
        if not isinstance(version, int) or version < VERSION:
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
            replies = self.call("multi", actions=requests[start : start + _BATCH])
            results += [self._result(action, reply) for reply in replies]
        return results

    def _request(self, action: str, params: Mapping[str, object]) -> dict[str, object]:
        request: dict[str, object] = {"action": action, "version": VERSION, "params": params}
        return {**request, "key": self._key} if self._key else request

    def _post(self, request: Mapping[str, object]) -> object:
        data = json.dumps(request).encode()
        headers = {"Content-Type": "application/json"}
        post = urllib.request.Request(self.url, data, headers)
        try:
            with self._opener.open(post, timeout=_PATIENCE) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as error:
            error.close()
            raise AnkiError(self._stranger()) from error
        except ValueError as error:
            raise AnkiError(self._stranger()) from error
        except (OSError, HTTPException) as error:
            raise AnkiError(
                f"Anki does not answer at {self.url}: start Anki; if it is running, get the add-on "
                "AnkiConnect "
                "(Tools, Add-ons, Get Add-ons, 2055492159), and restart it"
            ) from error

    def _stranger(self) -> str:
        return f"what answers at {self.url} is not AnkiConnect"

    def _result(self, action: str, reply: object) -> Any:
        if not isinstance(reply, dict) or not {"result", "error"} <= reply.keys():
            raise AnkiError(self._stranger())
        if reply["error"] is not None:
            hint = ""
            if "api key" in str(reply["error"]):
                hint = " (put the key of the add-on's configuration into ANKICONNECT_KEY)"
            elif "collection is not available" in str(reply["error"]):
                hint = " (open a profile in Anki)"
            raise AnkiError(f"Anki refused '{action}': “{reply['error']}”{hint}")
        return reply["result"]


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow nothing: the reply is then an error."""


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or not host or parts.username:
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
