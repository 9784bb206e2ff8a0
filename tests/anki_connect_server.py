"""AnkiConnect over a real collection: the actions that a push needs, as the add-on does them.

A request is one JSON object, a reply of version 6 has `result` and `error`, and the status 200;
without a body the add-on introduces itself. It was held against the add-on itself in the desktop
program 26.09.3, which answers the same to the same requests, faulty ones among them.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from anki.errors import NotFoundError
from anki.models import NotetypeId
from anki.notes import NoteId

if TYPE_CHECKING:
    from anki_collection import RealAnki


class AnkiConnectServer:
    """A server on a port of its own; `asked` lists the actions, `fail` may break one off."""

    def __init__(self, anki: RealAnki, *, key: str = "") -> None:
        """Serve a collection; the requests are answered one by one."""
        self.anki, self.key = anki, key
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.fail: Callable[[str, dict[str, Any]], bool] = lambda action, params: False
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def actions(self) -> list[str]:
        """Return the names of the actions that changed something, in order."""
        reading = ("version", "find", "notesInfo", "model", "getMedia", "multi")
        return [name for name, _ in self.asked if not name.startswith(reading)]

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get("Origin", "http://localhost") != "http://localhost":
                    self.send_response(403)  # a page of somebody's
                    self.end_headers()
                    return
                try:
                    data = server.read(body)
                except ConnectionAbortedError:  # the program died
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def read(self, body: bytes) -> bytes:
        """Read a request, and write the reply."""
        if not body:
            return b"AnkiConnect v.6"
        try:
            request = json.loads(body)
            if not isinstance(request, dict):
                raise ValueError(f"{request!r} is not of type 'object'")
            if not request.get("action"):
                raise ValueError("'action' is a required property")
        except ValueError as error:
            return json.dumps({"result": None, "error": str(error)}).encode()
        return json.dumps(self.answer(request)).encode()

    def answer(self, request: dict[str, Any]) -> Any:
        """Answer one request, as the add-on's handler does, which `multi` calls for each part."""
        name, params = request.get("action", ""), request.get("params", {})
        version = request.get("version", 4)
        try:
            if request.get("key") != (self.key or None):
                raise Exception("valid api key must be provided")
            if self.fail(name, params):
                raise ConnectionAbortedError
            self.asked.append((name, params))
            method = getattr(self, f"do_{name}", None)
            if method is None:
                raise Exception("unsupported action")
            # Anki prints that what the add-on calls is outdated.
            with redirect_stdout(StringIO()):
                result = method(**params)
        except ConnectionAbortedError:
            raise
        except Exception as error:
            return {"result": None, "error": str(error)}
        return result if version <= 4 else {"result": result, "error": None}

    def do_version(self) -> int:
        return 6

    def do_multi(self, actions: list[dict[str, Any]]) -> list[Any]:
        return [self.answer(action) for action in actions]

    def do_modelNamesAndIds(self) -> dict[str, int]:
        return {m.name: m.id for m in self.anki.collection.models.all_names_and_ids()}

    def do_modelFieldNames(self, modelName: str) -> list[str]:
        return [field["name"] for field in self._model(modelName)["flds"]]

    def do_modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:
        templates = self._model(modelName)["tmpls"]
        return {t["name"]: {"Front": t["qfmt"], "Back": t["afmt"]} for t in templates}

    def do_modelStyling(self, modelName: str) -> dict[str, str]:
        return {"css": self._model(modelName)["css"]}

    def do_updateModelStyling(self, model: dict[str, Any]) -> None:
        found = self._model(model["name"])
        found["css"] = model["css"]
        self.anki.collection.models.update_dict(found)

    def do_updateModelTemplates(self, model: dict[str, Any]) -> None:
        found = self._model(model["name"])
        for template in found["tmpls"]:
            new = model["templates"].get(template["name"], {})
            template["qfmt"] = new.get("Front") or template["qfmt"]
            template["afmt"] = new.get("Back") or template["afmt"]
        self.anki.collection.models.update_dict(found)

    def do_findNotes(self, query: str | None = None) -> list[int]:
        return list(map(int, self.anki.collection.find_notes(query))) if query is not None else []

    def do_notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = []
        for number in notes:
            try:
                note = self.anki.collection.get_note(NoteId(number))
            except NotFoundError:
                result.append({})
                continue
            model = note.note_type()
            assert model is not None
            fields = {
                field["name"]: {"value": note.fields[field["ord"]], "order": field["ord"]}
                for field in model["flds"]
            }
            result.append(
                {
                    "noteId": note.id,
                    "tags": note.tags,
                    "fields": fields,
                    "modelName": model["name"],
                    "cards": list(note.card_ids()),
                }
            )
        return result

    def do_updateNoteFields(self, note: dict[str, Any]) -> None:
        try:
            found = self.anki.collection.get_note(NoteId(note["id"]))
        except NotFoundError:
            raise Exception(f"Note was not found: {note['id']}") from None
        for name, value in note["fields"].items():
            if name in found:
                found[name] = value
        found.flush()

    def do_addTags(self, notes: list[int], tags: str) -> None:
        self.anki.collection.tags.bulk_add([NoteId(n) for n in notes], tags)

    def do_removeTags(self, notes: list[int], tags: str) -> None:
        self.anki.collection.tags.bulk_remove([NoteId(n) for n in notes], tags)

    def do_getMediaFilesNames(self, pattern: str = "*") -> list[str]:
        return [path.name for path in Path(self.anki.collection.media.dir()).glob(pattern)]

    def do_storeMediaFile(self, filename: str, data: str) -> str:
        if not data:
            raise Exception('You must provide a "data", "path", or "url" field.')
        self.anki.collection.media.trash_files([filename])
        return self.anki.collection.media.write_data(filename, base64.b64decode(data))

    def do_importPackage(self, path: str) -> bool:
        """Import by the class that the add-on uses, with the options that Anki gives it."""
        importing: Any = import_module("anki.importing")
        importing.AnkiPackageImporter(self.anki.collection, path).run()
        return True

    def _model(self, name: str) -> dict[str, Any]:
        # Read past the cache, which outlives an import.
        models = self.anki.collection.models
        models._clear_cache()
        number = models.id_for_name(name)
        model = models.get(NotetypeId(number)) if number else None
        if model is None:
            raise Exception(f"model was not found: {name}")
        return model
