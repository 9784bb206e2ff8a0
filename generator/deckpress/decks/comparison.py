"""Two states of a deck compared: what people who have the old one get with the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from deckpress.anki.order import longest_increasing
from deckpress.text.word_difference import Piece, compare_words

_TOLD_APART = frozenset({"Question", "Category", "Retired", "Id", "My notes"})
"""Fields that are no change of a note's text: they are told otherwise, or are not the deck's."""


@dataclass(frozen=True, slots=True)
class DeckNote:
    """A note as people have it.

    `id` is the author's, `category` a slug with `category_name` for people; `question` is in plain
    words. `fields` holds HTML by name, `media` a hash of the content of each file by its name. Of a
    note that was taken out, `retired` is true, and `heir` the question of what replaces it, if
    anything does. `position` is that of its new cards, 0 where it is unknown.
    """

    guid: str
    id: str
    question: str
    category: str = ""
    category_name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False
    heir: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class DeckState:
    """A deck at one moment: its notes by GUID.

    `source` is what it was read from, as it was asked for. `look` holds by note type the texts that
    make its look, by what each is. Its notes are `paged` if they stand in the order of the pages,
    which a package does not hold.
    """

    source: str
    title: str
    version: str
    notes: Mapping[str, DeckNote]
    look: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    paged: bool = False

    @property
    def living(self) -> dict[str, DeckNote]:
        """The notes that were not taken out, by GUID."""
        return {guid: note for guid, note in self.notes.items() if not note.retired}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a note that differs: plain text before and after, and word by word.

    The texts are equal where only the form of words differs, such as bold ones.
    """

    name: str
    old: str
    new: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note that both states have, and how it differs.

    `fields` are those that changed beside the question; `figures` the names of media files that
    came, went, or have another content.
    """

    old: DeckNote
    new: DeckNote
    fields: tuple[FieldChange, ...] = ()
    figures: tuple[str, ...] = ()
    question: FieldChange | None = None

    @property
    def moved(self) -> bool:
        """Whether it went into another category."""
        return self.old.category != self.new.category

    @property
    def figure_count(self) -> int:
        """How many figures differ: a figure with different content also has a different name."""
        return max(
            sum(name in note.media for name in self.figures) for note in (self.old, self.new)
        )

    @property
    def changed(self) -> bool:
        """Whether something beside its question and category differs."""
        return bool(self.fields or self.figures)


Order = Literal["new cards", "pages"]
"""An order in which notes stand: that of Anki's new cards, that of the sheets."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A note that stands elsewhere among those of its category that both states have.

    `after` gives by each order in which it does the note before it, None for the first place.
    """

    note: DeckNote
    after: Mapping[Order, DeckNote | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two states of a deck, each list in the deck's order.

    A note may be in several of `changed`, `moved` and `renamed`. `returned` had been taken out, and
    is back. `shifted` are as few notes as explain the new order. `categories` are the names by slug
    of all that both have, as they stand now, if they stood otherwise. `look` names the parts of
    note types that differ. `matched` says by what notes of both states were found to be the same:
    "guid", as Anki does, "id" where no GUID is in both, or "nothing".
    """

    old: DeckState
    new: DeckState
    added: tuple[DeckNote, ...]
    retired: tuple[DeckNote, ...]
    returned: tuple[DeckNote, ...]
    both: tuple[NoteChange, ...]
    shifted: tuple[Shift, ...]
    categories: Mapping[str, str]
    look: tuple[str, ...]
    matched: str

    @property
    def changed(self) -> tuple[NoteChange, ...]:
        """The notes of which more than the question or the category differs."""
        return tuple(change for change in self.both if change.changed)

    @property
    def moved(self) -> tuple[NoteChange, ...]:
        """The notes that went into another category."""
        return tuple(change for change in self.both if change.moved)

    @property
    def renamed(self) -> tuple[NoteChange, ...]:
        """The notes that ask in other words."""
        return tuple(change for change in self.both if change.question)

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        notes = self.added or self.retired or self.returned or self.both or self.shifted
        return bool(notes or self.categories or self.look)


def compare(old: DeckState, new: DeckState, words: Callable[[str], str]) -> Comparison:
    """Compare two states of a deck.

    Args:
        old: what people have.
        new: what they get.
        words: turns the HTML of a field into plain text.

    Returns:
        What differs.
    """
    before, after, matched = _match(old.notes, new.notes)
    added: list[DeckNote] = []
    returned: list[DeckNote] = []
    both: list[NoteChange] = []
    for key, note in after.items():
        known = before.get(key)
        if note.retired:
            continue
        if known is None:
            added.append(note)
        elif known.retired:
            returned.append(note)
        elif change := _compare_notes(known, note, words):
            both.append(change)
    retired = [
        # The tombstone knows what replaces it.
        DeckNote(note.guid, note.id, note.question, note.category, note.category_name,
                 heir=after[key].heir if key in after else "", retired=True)
        for key, note in before.items()
        if not note.retired and (key not in after or after[key].retired)
    ]  # fmt: skip
    return Comparison(
        old,
        new,
        tuple(added),
        tuple(retired),
        tuple(returned),
        tuple(both),
        tuple(_find_shifts(before, after, paged=old.paged and new.paged)),
        _order_categories(old, new),
        tuple(_compare_looks(old, new)),
        matched,
    )


def _compare_looks(old: DeckState, new: DeckState) -> Iterator[str]:
    """Name what looks different; of a note type that one of them does not have, nothing does."""
    for name, parts in new.look.items():
        known = old.look.get(name, parts)
        for part in {**known, **parts}:
            if known.get(part) != parts.get(part):
                yield f"{name}: {part}"


def _find_shifts(
    before: Mapping[str, DeckNote], after: Mapping[str, DeckNote], *, paged: bool
) -> Iterator[Shift]:
    """Find the notes that stand elsewhere; of what was taken out, or goes with cards, none does."""
    pages = {key: at for at, key in enumerate(before)}
    new_cards = {key: note.position for key, note in before.items()}
    by_category: dict[str, list[str]] = {}
    for key, note in after.items():
        known = before.get(key)
        if known and not (known.retired or note.retired) and known.category == note.category:
            by_category.setdefault(note.category, []).append(key)
    found: dict[str, dict[Order, DeckNote | None]] = {}
    for keys in by_category.values():
        placed = [key for key in keys if new_cards[key] and after[key].position]
        placed.sort(key=lambda key: after[key].position)
        orders: dict[Order, tuple[list[str], Mapping[str, int]]] = {
            "new cards": (placed, new_cards),
            "pages": (keys if paged else [], pages),
        }
        for order, (row, ranks) in orders.items():
            kept = longest_increasing([(key, ranks[key]) for key in row])
            for at, key in enumerate(row):
                if key not in kept:
                    found.setdefault(key, {})[order] = after[row[at - 1]] if at else None
    return (Shift(note, found[key]) for key, note in after.items() if key in found)


def _order_categories(old: DeckState, new: DeckState) -> dict[str, str]:
    """Return the names of the categories that both have, if the pages have them in a new order."""
    if not (old.paged and new.paged):
        return {}
    was, now = (
        {note.category: note.category_name for note in state.living.values()}
        for state in (old, new)
    )
    same = [category for category in now if category in was]
    if same == [category for category in was if category in now]:
        return {}
    return {category: now[category] or category for category in same}


def _match(
    old: Mapping[str, DeckNote], new: Mapping[str, DeckNote]
) -> tuple[Mapping[str, DeckNote], Mapping[str, DeckNote], str]:
    """Give the notes of both states the keys by which the same ones are found."""
    if old.keys() & new.keys() or not (old and new):
        return old, new, "guid"
    before, after = ({note.id: note for note in notes.values()} for notes in (old, new))
    unique = len(before) == len(old) and len(after) == len(new)
    if unique and before.keys() & after.keys():
        return before, after, "id"
    return old, new, "nothing"


def _compare_notes(old: DeckNote, new: DeckNote, words: Callable[[str], str]) -> NoteChange | None:
    media = {**old.media, **new.media}
    figures = sorted(name for name in media if old.media.get(name) != new.media.get(name))
    names = [name for name in {**old.fields, **new.fields} if name not in _TOLD_APART]
    fields: list[FieldChange] = []
    for name in names:
        was, now = old.fields.get(name, ""), new.fields.get(name, "")
        # A figure of another content has another name; where nothing else differs, that is told.
        if _hide(was, figures) != _hide(now, figures):
            fields.append(_compare_texts(name, words(was), words(now)))
    told = {change.name.lower() for change in fields}
    tags = [_own_tags(note, told) for note in (old, new)]
    if tags[0] != tags[1]:
        fields.append(_compare_texts("Tags", *(", ".join(each) for each in tags)))
    if old.category == new.category and old.category_name != new.category_name:
        fields.append(_compare_texts("Category", old.category_name, new.category_name))
    question = None
    if old.fields.get("Question", old.question) != new.fields.get("Question", new.question):
        question = _compare_texts("Question", old.question, new.question)
    change = NoteChange(old, new, tuple(fields), tuple(figures), question)
    return change if change.changed or change.moved or question else None


def _hide(html: str, names: Iterable[str]) -> str:
    for name in names:
        html = html.replace(escape(name), "")
    return html


def _compare_texts(name: str, old: str, new: str) -> FieldChange:
    return FieldChange(name, old, new, compare_words(old, new))


def _own_tags(note: DeckNote, told: set[str]) -> tuple[str, ...]:
    """Return the tags that say what no other change says; those of topics without the word."""
    words = {"company": "companies", "difficulty": "difficulty"}
    return tuple(
        tag.removeprefix("topic::")
        for tag in sorted(note.tags)
        if (head := tag.partition("::")[0]) != "category" and words.get(head) not in told
    )
