"""A comparison of two decks as release notes in Markdown, for those who study it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from deckpress.decks.comparison import Comparison, DeckNote, FieldChange, Order, Shift
from deckpress.text.word_difference import Piece, compare_words, shorten

_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_HOLE = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}", re.DOTALL)
_SIGNS = re.compile(r"([\\`*_~<>\[\]#|$])")
_LIST = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_ABOUT = frozenset({"Sources", "Companies", "Difficulty", "Kind", "Tags", "Category"})
"""Fields that say something about a note: a change of them alone is no news to who studies it."""
_MARKS = {"=": "", "-": "~~", "+": "**"}
_ORDERS: dict[Order, str] = {"new cards": "among new cards", "pages": "on the pages"}
MOST_SHIFTS = 12
"""How many notes in another place are listed at most; an order that is new throughout is one."""


def write_release_notes(found: Comparison) -> str:
    """Write release notes.

    Args:
        found: what differs.

    Returns:
        Markdown with a heading, a line that counts, and a section for each kind of change; it ends
        in a line break.
    """
    title = _escape(found.new.title)
    version = f" {_escape(found.new.version)}" if found.new.version else ""
    lines = [f"# {title}{version}", ""]
    since = f"Since {_escape(found.old.version)}: " if found.old.version else ""
    lines += [f"{since}{', '.join(count_changes(found)) or 'nothing changed'}.", ""]
    if found.matched == "nothing":
        lines += ["The two have no note in common; to Anki they are two different decks.", ""]
    for heading, rows in (
        ("New", _by_category(found.added)),
        ("Back again", _by_category(found.returned)),
        ("Changed", _changed(found)),
        ("Sources, companies, tags", _annotated(found)),
        (
            "Asked in different words",
            (
                f"- {_mark(change.question)}"
                if change.question.old != change.question.new
                else f"{_item(change.new.question)} (only its formatting)"
                for change in found.renamed
                if change.question
            ),
        ),
        (
            "Moved",
            (
                f"{_item(change.new.question)}: from {_category(change.old)} "
                f"to {_category(change.new)}"
                for change in found.moved
            ),
        ),
        ("In another place", _reordered(found)),
        ("Taken out", (_farewell(note) for note in found.retired)),
        ("New look", (f"- {_escape(part)}" for part in found.look)),
    ):
        section = list(rows)
        lines += [f"## {heading}", "", *section, ""] if section else []
    return "\n".join(lines).rstrip("\n") + "\n"


def count_changes(found: Comparison) -> list[str]:
    """Return how many changes there are of each kind, as "3 notes new"; none of 0."""
    counts = (
        (len(found.added), "new"),
        (len(found.returned), "back again"),
        (len(found.changed), "changed"),
        (len(found.renamed), "asked in different words"),
        (len(found.moved), "moved"),
        (len(found.shifted), "in another place"),
        (len(found.retired), "taken out"),
    )
    words = [f"{number:,} {what}" for number, what in counts if number]
    if words:
        number, _, what = words[0].partition(" ")
        words[0] = f"{number} note{'' if number == '1' else 's'} {what}"
    words += ["categories in another order"] if found.categories else []
    return [*words, *(["a new look"] if found.look else [])]


def describe_field(change: FieldChange) -> str:
    """Say why there is nothing to show of a field whose words stayed; empty when there is."""
    return "the same words, formatted differently" if change.old == change.new else ""


def describe_shift(shift: Shift, name: Callable[[DeckNote], str]) -> str:
    """Say where a note stands now, as "after b among new cards, first on the pages".

    Args:
        shift: the note.
        name: says what another note is called.

    Returns:
        The words.
    """
    places: dict[str, list[str]] = {}
    for order, other in shift.after.items():
        places.setdefault(f"after {name(other)}" if other else "first", []).append(_ORDERS[order])
    return ", ".join(f"{place} {' and '.join(orders)}" for place, orders in places.items())


def _reordered(found: Comparison) -> Iterator[str]:
    if found.categories:
        yield f"- Categories on the pages: {_escape(', '.join(found.categories.values()))}"
    for shift in found.shifted[:MOST_SHIFTS]:
        told = describe_shift(shift, lambda note: f"“{_escape(note.question)}”")
        yield f"{_item(shift.note.question)}: now {told}"
    if len(found.shifted) > MOST_SHIFTS:
        yield f"- and {len(found.shifted) - MOST_SHIFTS:,} more"
    if any("new cards" in shift.after for shift in found.shifted):
        yield from ("", "In Anki, cards that you have stay where they are.")


def _by_category(notes: Iterable[DeckNote]) -> Iterator[str]:
    """List questions under the names of their categories, each in the deck's order."""
    groups: dict[str, list[str]] = {}
    for note in notes:
        groups.setdefault(_category(note), []).append(_item(note.question))
    for index, (name, rows) in enumerate(groups.items()):
        yield from ([""] if index else [])
        yield from (f"### {name}", "", *rows)


def _changed(found: Comparison) -> Iterator[str]:
    for change in found.changed:
        texts = [field for field in change.fields if field.name not in _ABOUT]
        if not texts and not change.figures:
            continue
        yield _item(change.new.question)
        for field in texts:
            told = describe_field(field) or _mark(field)
            yield f"  - *{_escape(field.name)}*: {told}"
        if change.figures:
            yield f"  - *Figures*: {change.figure_count} changed"


def _annotated(found: Comparison) -> Iterator[str]:
    """List what is told about notes in another way, in short."""
    for change in found.changed:
        names = [field.name.lower() for field in change.fields if field.name in _ABOUT]
        if names:
            yield f"{_item(change.new.question)} ({', '.join(names)})"


def _farewell(note: DeckNote) -> str:
    heir = f", replaced by “{_escape(note.heir)}”" if note.heir else ""
    return f"{_item(note.question)}{heir}"


def _category(note: DeckNote) -> str:
    return _escape(note.category_name or note.category or "without a category")


def _mark(change: FieldChange) -> str:
    """Write what differs in a field on one line: the old struck out, the new in bold."""
    found = change.pieces
    if "{{c" in change.old + change.new:
        old, new = (_HOLE.sub(r"\1", text) for text in (change.old, change.new))
        found = compare_words(old, new)
        if old == new:
            return "the same words, different holes"
    pieces = (
        Piece(piece.sign, re.sub(r"\n(?:- )?", " · ", piece.text)) for piece in shorten(found)
    )
    line = re.sub(r"\s+", " ", "".join(map(_mark_piece, pieces))).strip()
    line = re.sub(r"(\*\*|~~) (?=[,.;:!?)\]])", r"\1", line)
    return re.sub(r"(?<=[(\[]) (\*\*|~~)", r"\1", line)


def _mark_piece(piece: Piece) -> str:
    # A mark next to a space marks nothing.
    core = piece.text.strip()
    if not core:
        return " "
    before, after = piece.text[:1].isspace(), piece.text[-1:].isspace()
    mark = _MARKS[piece.sign]
    # Next to a letter it would mark nothing, either, and two words would read as one.
    before, after = (before or bool(mark)), (after or bool(mark))
    text = " ".join(_escape(core).split())
    return f"{' ' * before}{mark}{text}{mark}{' ' * after}"


def _escape(text: str) -> str:
    """Write plain text as Markdown that shows it, formulas in dollars."""
    parts: list[str] = []
    start = 0
    for formula in _FORMULA.finditer(text):
        parts.append(_SIGNS.sub(r"\\\1", text[start : formula.start()]))
        parts.append(f"${(formula[1] or formula[2] or '').strip()}$")
        start = formula.end()
    parts.append(_SIGNS.sub(r"\\\1", text[start:]))
    return "".join(parts)


def _item(text: str) -> str:
    """Write plain text as an item of a list, which must not begin another list in it."""
    return "- " + _LIST.sub(r"\1\\\2", _escape(text))
