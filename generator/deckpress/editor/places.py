"""What stands at a position, and where: cards to show, definitions, the notes of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deckpress.editor.context import Context
from deckpress.editor.desk import Desk
from deckpress.model.note import Note
from deckpress.pipeline.open_file import OpenFile
from deckpress.reading.card_work import figure_of, read_card
from deckpress.reading.figures import Figure
from deckpress.text.problem import Location, Problem
from deckpress.text.rules import RULES, how_to_allow
from deckpress.tree.node import plain_text

_NAME = re.compile(r"[\w:./+-]+")
_LINKED = re.compile(
    r"!\[[^\]]*\]\((?P<src>[^()\s]+)[^()]*\)|\[sound:(?P<sound>[^\]]+)\]|!\[\[(?P<embed>[^\]|]+)"
)
_CITED = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_UNDERLINED = re.compile(r"\\[A-Za-z]+|[\w@.:/+-]*\w|(?P<sign>\S)(?P=sign)*")
"""What of a line is underlined: a command of LaTeX, a name, a run of one sign."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A note in its file: from its heading to the line before the next, lines from 1."""

    id: str
    name: str
    kind: str
    first: int
    last: int


def show(desk: Desk, path: str, line: int, at: Context) -> str:
    """Say what stands at a position, as Markdown.

    Args:
        desk: the deck.
        path: the file that the position is in.
        line: its line, from 1.
        at: the position.

    Returns:
        The card of a heading or of an id, the work, company, tag or category of a word; else
        nothing.
    """
    name, _, _ = name_at(at)
    around = desk.deck.around
    setting = desk.deck.setting
    if at.region == "heading" or re.match(r"#[ \t]", at.line):
        note = desk.note_at(path, line)
        file = desk.deck.files.get(path)
        if note and file and note.where.line == line and not _names_other(desk, at, name):
            return _card(desk, file, note)
    if not name or around is None or setting is None:
        return ""
    works = setting.vocabulary.works
    if name in works and _may_cite(at):
        work = works[name]
        return f"{work.text}\n\n{work.url}" if work.url else work.text
    key = at.keys[0] if at.keys else ""
    catalogue = desk.deck.catalogue
    if key == "companies" and catalogue:
        slug = setting.vocabulary.company(name)
        if slug in catalogue.companies:
            return f"**{catalogue.companies[slug].name}**"
        facts = [c.facts[name] for c in catalogue.companies.values() if name in c.facts]
        return facts[0].says if facts else ""
    if key == "tags":
        count = dict(desk.tags).get(name, 0)
        return f"the tag `{name}`: {count} note{'' if count == 1 else 's'}" if count else ""
    if key == "category" and catalogue:
        names = {category.slug: category.name for category in catalogue.info.categories}
        return f"the category **{names[name]}**" if name in names else ""
    if key == "covers" and name in around.coverage:
        return around.coverage[name].topic
    if key in ("replaces", "core"):
        return _by_id(desk, name)
    if key == "source" and name in around.sources:
        return around.sources[name].title
    return ""


def explain(problem: Problem) -> str:
    """Say of a problem, as Markdown, what its rule finds and why."""
    rule = RULES[problem.rule]
    parts = [f"**{problem.rule}**: {rule.what}", rule.why, how_to_allow(problem.rule)]
    return "\n\n".join(part for part in parts if part)


def define(desk: Desk, path: str, at: Context) -> Location | None:
    """Return where that is described which stands at a position, if anywhere.

    Args:
        desk: the deck.
        path: the file that the position is in.
        at: the position.

    Returns:
        The place: of a note, a work, a company, a source, an item, or a figure's file.
    """
    around = desk.deck.around
    offset = len(at.before)
    for link in _LINKED.finditer(at.line):
        if link.start() <= offset <= link.end():
            return _figure(desk, path, (link["src"] or link["sound"] or link["embed"]).strip())
    name, _, _ = name_at(at)
    if not name or around is None:
        return None
    key = at.keys[0] if at.keys else ""
    places = around.places
    if name in places["works"] and _may_cite(at):
        return places["works"][name]
    kinds = {"companies": "companies", "category": "categories", "covers": "items"}
    if "source" in at.keys:
        return places["sources"].get(name)
    if key in kinds and name in places[kinds[key]]:
        return places[kinds[key]][name]
    found = desk.note(name)
    own = found and found[1].where.path == path and at.region == "heading"
    return found[1].where if found and not own else None


def symbols(desk: Desk, path: str) -> list[Symbol]:
    """Return the notes of a file in their order; of a table of word pairs, its rows."""
    file = desk.deck.files.get(path)
    if file is None:
        return []
    count = max(1, len(desk.text(path).split("\n")))
    notes = [each.note for each in file.notes]
    ends = [note.where.line - 1 for note in notes[1:]] + [count]
    return [
        Symbol(n.id, n.question or n.id or "?", n.kind, n.where.line, max(end, n.where.line))
        for n, end in zip(notes, ends, strict=True)
    ]


def name_at(at: Context) -> tuple[str, int, int]:
    """Return the name at a position, and from where to where it stands in its line."""
    for match in _NAME.finditer(at.line):
        if match.start() <= len(at.before) <= match.end():
            name = match[0].rstrip(".:")
            return name, match.start(), match.start() + len(name)
    return "", len(at.before), len(at.before)


def _names_other(desk: Desk, at: Context, name: str) -> bool:
    """Say whether an attribute of a heading is meant, not the heading."""
    return bool(at.keys) and bool(name)


def _may_cite(at: Context) -> bool:
    if at.keys:
        return at.keys[0] in ("sources", "unread")
    offset = len(at.before)
    cited = (match for match in _CITED.finditer(at.line) if match.start() <= offset <= match.end())
    return any(cited) or at.region == "yaml"


def _by_id(desk: Desk, name: str) -> str:
    found = desk.note(name)
    if found:
        return _card(desk, *found)
    ledger = desk.deck.ledger
    entry = ledger.notes.get(name) if ledger else None
    return f"**{entry.question}**\n\ntaken out of the deck" if entry and entry.retired else ""


def _card(desk: Desk, file: OpenFile, note: Note) -> str:
    """Return a card as Markdown: question, short answer, and what is known of it."""
    facts = [f"`{note.id}`" if note.id else "no id", note.kind, note.category, note.difficulty]
    facts += note.tags
    setting = desk.deck.setting
    answer = ""
    if setting:
        card, contents = read_card(file.source, setting)
        for made, content in zip(card.notes, contents, strict=True):
            if made.where == note.where:
                answer = plain_text(content.answer).strip()
    said = [f"**{note.question}**", answer, " · ".join(fact for fact in facts if fact)]
    return "\n\n".join(part for part in said if part)


def _figure(desk: Desk, path: str, src: str) -> Location | None:
    setting = desk.deck.setting
    if setting is None or not isinstance(figure_of(path, setting, src), Figure):
        return None
    for folder in (Path(path).parent, desk.deck.root / "media"):
        if (folder / src).is_file():
            return Location((folder / src).as_posix())
    return None


def span(problem: Problem, lines: Sequence[str]) -> tuple[int, int]:
    """Return from where to where a problem is underlined in its line, as offsets from 0.

    Args:
        problem: the problem.
        lines: the lines of its file.

    Returns:
        The word at its place; a whole heading when it is about a note.
    """
    index = problem.where.line - 1
    line = lines[index] if index < len(lines) else ""
    start = min(problem.where.column - 1, len(line))
    if start == 0 and re.match(r"#{1,6}[ \t]", line):
        return 0, len(line.rstrip())
    word = _UNDERLINED.match(line, start)
    return start, word.end() if word else min(start + 1, len(line))
