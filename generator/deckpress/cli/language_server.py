"""The language server: an editor's questions about a deck, over stdio; the only door to pygls."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from deckpress import __version__
from deckpress.editor.completion import MOST, Proposal, complete
from deckpress.editor.context import Context, context_at
from deckpress.editor.desk import Desk
from deckpress.editor.places import define, explain, name_at, show, span, symbols
from deckpress.editor.quick_fixes import QuickFix, quick_fixes, safe_edits
from deckpress.schema.file_names import DECK_FILE
from deckpress.text.fixes import Replacement, split_lines
from deckpress.text.problem import Problem

_KINDS = {
    "key": lsp.CompletionItemKind.Property,
    "word": lsp.CompletionItemKind.Value,
    "note": lsp.CompletionItemKind.Reference,
    "work": lsp.CompletionItemKind.Reference,
    "file": lsp.CompletionItemKind.File,
}
_TRIGGERS = ["@", "{", "#", ".", ":", "(", "[", "`", "=", ",", " ", "/"]
_FIX_ALL = lsp.CodeActionKind.SourceFixAll
_BURST = 0.005
"""Seconds without another letter until a text is read: what was typed meanwhile is read at once."""

_HEADING = re.compile(r"#{1,6}[ \t]")


def serve(*, jobs: int = 0, cache: Path | None = None) -> None:
    """Answer an editor until it ends the talk.

    Args:
        jobs: how many processes read cards when a deck is opened; 0 chooses by their number.
        cache: the folder of the cache; without one nothing is remembered.
    """
    service = _Service(jobs, cache)
    service.server.start_io()


class _Service:
    """What the server does; each deck is opened when the editor shows the first file of it."""

    def __init__(self, jobs: int, cache: Path | None) -> None:
        # Changes of parts would be put where pygls ends lines, also at U+2028 and form feeds.
        whole = lsp.TextDocumentSyncKind.Full
        self.server = LanguageServer("deckpress", __version__, text_document_sync_kind=whole)
        self._jobs, self._cache = jobs, cache
        self._desks: dict[Path, Desk] = {}
        self._published: dict[str, list[Any]] = {}
        self._typed: dict[str, asyncio.TimerHandle] = {}
        self._on(lsp.INITIALIZED, self._begin)
        self._on(lsp.TEXT_DOCUMENT_DID_OPEN, self._take_text)
        self._on(lsp.TEXT_DOCUMENT_DID_CHANGE, self._wait_for_more)
        self._on(lsp.TEXT_DOCUMENT_DID_SAVE, self._take_saved)
        self._on(lsp.TEXT_DOCUMENT_DID_CLOSE, self._close)
        self._on(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._take_watched)
        options = lsp.CompletionOptions(trigger_characters=_TRIGGERS)
        self._on(lsp.TEXT_DOCUMENT_COMPLETION, self._complete, options)
        self._on(lsp.TEXT_DOCUMENT_HOVER, self._hover)
        self._on(lsp.TEXT_DOCUMENT_DEFINITION, self._define)
        self._on(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, self._list_symbols)
        kinds = [lsp.CodeActionKind.QuickFix, _FIX_ALL]
        actions = lsp.CodeActionOptions(code_action_kinds=kinds)
        self._on(lsp.TEXT_DOCUMENT_CODE_ACTION, self._act, actions)

    def _on(self, name: str, answer: Callable[[Any], Any], options: object = None) -> None:
        # pygls leaves its marks on the function, which a method does not take.
        def handle(params: Any) -> Any:
            return answer(params)

        self.server.feature(name, options)(handle)

    # What the editor tells

    def _begin(self, params: Any) -> None:
        for folder in self.server.workspace.folders.values():
            at = _path(folder.uri)
            for root in (at, at / "cards"):
                if (root / DECK_FILE).is_file():
                    self._desk_of(root / DECK_FILE)
        watched = self.server.client_capabilities.workspace
        files = watched.did_change_watched_files if watched else None
        if files and files.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(glob_pattern="**/*")]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            name = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            wanted = lsp.Registration(id=name, method=name, register_options=options)
            self.server.client_register_capability(lsp.RegistrationParams(registrations=[wanted]))

    def _wait_for_more(self, params: Any) -> None:
        """Read a text when no letter follows, or when something is asked."""
        uri = params.text_document.uri
        if uri in self._typed:
            self._typed.pop(uri).cancel()
        loop = asyncio.get_running_loop()
        self._typed[uri] = loop.call_later(_BURST, self._catch_up)

    def _catch_up(self) -> None:
        """Read all texts as they were typed last."""
        while self._typed:
            uri, timer = self._typed.popitem()
            timer.cancel()
            self._read(uri)

    def _take_text(self, params: Any) -> None:
        self._read(params.text_document.uri)

    def _read(self, uri: str) -> None:
        desk = self._desk_of(_path(uri))
        if desk:
            text = self.server.workspace.get_text_document(uri).source
            self._publish(desk, desk.change(_path(uri).as_posix(), _plain(text)))

    def _take_saved(self, params: Any) -> None:
        self._update([_path(params.text_document.uri)])

    def _close(self, params: Any) -> None:
        path = _path(params.text_document.uri)
        if params.text_document.uri in self._typed:
            self._typed.pop(params.text_document.uri).cancel()
        desk = self._desk_of(path)
        if desk:
            self._publish(desk, desk.close(path.as_posix()))

    def _take_watched(self, params: Any) -> None:
        self._update([_path(change.uri) for change in params.changes])

    def _update(self, paths: Sequence[Path]) -> None:
        self._catch_up()
        for root, desk in self._desks.items():
            inside = [path for path in paths if path.is_relative_to(root)]
            if inside:
                self._publish(desk, desk.update(inside))

    # What the editor asks

    def _complete(self, params: Any) -> Any:
        desk, path, text, at = self._ask(params)
        if desk is None or at is None:
            return None
        found = complete(desk, path, at)
        line = params.position.line
        items = [self._item(text, line, at, proposal) for proposal in found]
        return lsp.CompletionList(is_incomplete=len(found) == MOST, items=items)

    def _item(self, text: _Text, line: int, at: Context, proposal: Proposal) -> Any:
        where = text.range(Replacement(line + 1, proposal.start, len(at.before), ""))
        return lsp.CompletionItem(
            label=proposal.text.strip().removesuffix(":"),
            kind=_KINDS[proposal.kind],
            detail=proposal.detail or None,
            filter_text=proposal.text,
            text_edit=lsp.TextEdit(range=where, new_text=proposal.text),
        )

    def _hover(self, params: Any) -> Any:
        desk, path, text, at = self._ask(params)
        if desk is None or at is None:
            return None
        line, offset = params.position.line, len(at.before)
        said = []
        for problem in desk.problems_of(path):
            start, end = span(problem, text.lines)
            # A whole heading is underlined for its note, and shows its card all the same.
            if problem.where.line == line + 1 and start <= offset <= end:
                said.append(f"{_message(problem)}\n\n{explain(problem)}")
        card = show(desk, path, line + 1, at)
        said += [card] if card else []
        if not said:
            return None
        _, start, end = name_at(at)
        if _HEADING.match(at.line) and card:
            start, end = 0, len(at.line)
        where = text.range(Replacement(line + 1, start, end, ""))
        shown = lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value="\n\n---\n\n".join(said))
        return lsp.Hover(contents=shown, range=where)

    def _define(self, params: Any) -> Any:
        desk, path, _, at = self._ask(params)
        found = define(desk, path, at) if desk and at else None
        if found is None:
            return None
        start = lsp.Position(line=found.line - 1, character=found.column - 1)
        return lsp.Location(
            uri=uris.from_fs_path(found.path), range=lsp.Range(start=start, end=start)
        )

    def _list_symbols(self, params: Any) -> Any:
        self._catch_up()
        uri = params.text_document.uri
        path = _path(uri)
        desk = self._desk_of(path)
        if desk is None:
            return None
        text = self._text(desk, path.as_posix())
        found = []
        for each in symbols(desk, path.as_posix()):
            last = min(each.last, len(text.lines))
            end = len(text.lines[last - 1])
            first = len(text.lines[each.first - 1]) if each.first <= len(text.lines) else 0
            whole = text.range(Replacement(each.first, 0, end, ""), last)
            found.append(
                lsp.DocumentSymbol(
                    name=each.name,
                    detail=each.id,
                    kind=lsp.SymbolKind.Field if each.kind == "cloze" else lsp.SymbolKind.String,
                    range=whole,
                    selection_range=text.range(Replacement(each.first, 0, first, "")),
                )
            )
        return found

    def _act(self, params: Any) -> Any:
        self._catch_up()
        uri = params.text_document.uri
        path = _path(uri)
        desk = self._desk_of(path)
        if desk is None:
            return None
        text = self._text(desk, path.as_posix())
        only = params.context.only or []
        actions = []
        if not only or lsp.CodeActionKind.QuickFix in only:
            first, last = params.range.start.line + 1, params.range.end.line + 1
            here = [
                problem
                for problem in desk.problems_of(path.as_posix())
                if first <= problem.where.line <= last
            ]
            fixes = quick_fixes(desk, here, text.lines)
            actions += [self._action(uri, text, fix) for fix in fixes]
        if _FIX_ALL in only or lsp.CodeActionKind.Source in only:
            edits = safe_edits(desk, path.as_posix(), text.lines)
            if edits:
                change = self._edit(uri, text, edits)
                title = "fix what can have only one meaning"
                actions.append(lsp.CodeAction(title=title, kind=_FIX_ALL, edit=change))
        return actions

    def _action(self, uri: str, text: _Text, fix: QuickFix) -> Any:
        return lsp.CodeAction(
            title=fix.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[_diagnostic(text, fix.problem)],
            edit=self._edit(uri, text, fix.edits),
            is_preferred=fix.preferred,
        )

    def _edit(self, uri: str, text: _Text, edits: Iterable[Replacement]) -> Any:
        changes = [lsp.TextEdit(range=text.range(e), new_text=e.new) for e in edits]
        return lsp.WorkspaceEdit(changes={uri: changes})

    # Decks, places and problems

    def _desk_of(self, path: Path) -> Desk | None:
        """Return the desk of the deck that a file is of, and open it if need be."""
        root = next((each for each in path.parents if (each / DECK_FILE).is_file()), None)
        if root is None:
            return None
        if root not in self._desks:
            desk = self._desks[root] = Desk(root, jobs=self._jobs, cache=self._cache)
            desk.open()
            self._publish(desk, {path for path, _ in desk.problems()})
        return self._desks[root]

    def _ask(self, params: Any) -> tuple[Desk | None, str, _Text, Context | None]:
        self._catch_up()
        uri = params.text_document.uri
        at = _path(uri)
        desk = self._desk_of(at)
        source = self.server.workspace.get_text_document(uri).source
        text = _Text(split_lines(_plain(source)), self._units)
        line, column = params.position.line, text.offset(params.position)
        card = at.suffix == ".md"
        return desk, at.as_posix(), text, context_at(text.lines, line, column, card=card)

    @property
    def _units(self) -> str:
        """What the editor counts the characters of a line in."""
        return self.server.workspace.position_encoding or lsp.PositionEncodingKind.Utf16

    def _text(self, desk: Desk, path: str) -> _Text:
        return _Text(split_lines(_plain(desk.text(path))), self._units)

    def _publish(self, desk: Desk, paths: Iterable[str]) -> None:
        for path in sorted(paths):
            uri = str(uris.from_fs_path(path))
            problems = desk.problems_of(path)
            text = self._text(desk, path) if problems else _Text((), self._units)
            found = [_diagnostic(text, problem) for problem in problems]
            if found != self._published.get(uri, []) or uri in self.server.workspace.text_documents:
                self._published[uri] = found
                document = self.server.workspace.text_documents.get(uri)
                self.server.text_document_publish_diagnostics(
                    lsp.PublishDiagnosticsParams(
                        uri=uri, diagnostics=found, version=document.version if document else None
                    )
                )


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a text, and the units in which its editor counts their characters."""

    lines: Sequence[str]
    units: str

    def range(self, at: Replacement, last: int = 0) -> Any:
        """Return a stretch as the editor counts.

        Args:
            at: the stretch, which ends in the line where it begins.
            last: the line that it ends in instead, from 1.
        """
        return lsp.Range(
            start=self._position(at.line, at.start), end=self._position(last or at.line, at.end)
        )

    def offset(self, position: Any) -> int:
        """Return how many characters of its line are before a position."""
        line = self.lines[position.line] if position.line < len(self.lines) else ""
        code, width = _CODES[self.units]
        before = line.encode(code, "surrogatepass")[: position.character * width]
        return len(before.decode(code, "replace"))

    def _position(self, line: int, offset: int) -> Any:
        if line > len(self.lines):
            return lsp.Position(line=max(len(self.lines) - 1, 0), character=0)
        code, width = _CODES[self.units]
        before = self.lines[line - 1][:offset].encode(code, "surrogatepass")
        return lsp.Position(line=line - 1, character=len(before) // width)


_CODES: Mapping[str, tuple[str, int]] = {
    lsp.PositionEncodingKind.Utf8: ("utf-8", 1),
    lsp.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    lsp.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
"""How a line is written in each unit, and how many bytes a unit has."""


def _diagnostic(text: _Text, problem: Problem) -> Any:
    start, end = span(problem, text.lines)
    mistake = problem.severity == "mistake"
    return lsp.Diagnostic(
        range=text.range(Replacement(problem.where.line, start, end, "")),
        message=_message(problem),
        severity=lsp.DiagnosticSeverity.Error if mistake else lsp.DiagnosticSeverity.Warning,
        code=problem.rule,
        source="deckpress",
    )


def _path(uri: str) -> Path:
    return Path(uris.to_fs_path(uri) or "")


def _plain(text: str) -> str:
    """Return a text with the line ends that the deck is read with."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _message(problem: Problem) -> str:
    return problem.message + (f" ({problem.hint})" if problem.hint else "")
