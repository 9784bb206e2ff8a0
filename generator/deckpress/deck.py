"""A deck ready for export: all that an exporter sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deckpress.anki_note import AnkiNote
from deckpress.ledger import Ledger
from deckpress.model import Collection, Note

PAPERS = ("a4", "letter")
DETAILS = ("short", "full", "questions")
CARDS_A_SHEET = (8, 4)
FLIPS = ("long", "short")


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How the sheet is printed.

    `paper` is one of `PAPERS`; `detail` one of `DETAILS`: question and short answer, everything, or
    a list of questions to test oneself; `columns` 0 chooses by the rest: 3, 4 on landscape paper, 2
    in large type.
    """

    paper: str = "a4"
    detail: str = "short"
    landscape: bool = False
    large: bool = False
    columns: int = 0

    @property
    def column_count(self) -> int:
        """The number of columns, chosen where it was left open."""
        return self.columns or 3 + self.landscape - self.large

    @property
    def suffix(self) -> str:
        """What sets the file of this variant apart by name; empty for the usual sheet."""
        words = [word for word in (self.paper, self.detail) if word not in ("a4", "short")]
        words += ["landscape"] * self.landscape + ["large"] * self.large
        return "".join(f"-{word}" for word in words)


@dataclass(frozen=True, slots=True)
class PaperCardOptions:
    """How paper cards are printed.

    `paper` is one of `PAPERS`, `per_sheet` one of `CARDS_A_SHEET`; `flip` is the edge over which
    the printer turns the paper, one of `FLIPS`.
    """

    paper: str = "a4"
    per_sheet: int = 8
    flip: str = "long"


@dataclass(frozen=True, slots=True)
class Deck:
    """The chosen notes of a collection with what is written of them.

    `name` is the output's name without its ending, `title` the same for people; `whole` says that
    nothing was left out; `rendered` holds every note of the collection by id; `tombstones` what was
    taken out of it; `companies` are those that chose the notes, `parts` says to which part of their
    deck each note belongs; `sheet` says how paper is printed.
    """

    name: str
    title: str
    collection: Collection
    notes: tuple[Note, ...]
    rendered: Mapping[str, AnkiNote]
    tombstones: tuple[AnkiNote, ...]
    ledger: Ledger
    whole: bool
    parts: Mapping[str, str] = field(default_factory=dict)
    companies: tuple[str, ...] = ()
    sheet: SheetOptions = SheetOptions()

    @property
    def date(self) -> int:
        """The time of the newest change of any note, in seconds since 1970: the deck's own date."""
        return max((entry.mod for entry in self.ledger.notes.values()), default=0)


def stand_alone(deck: Deck) -> Deck:
    """Return a deck of its own: other deck names, note types and GUIDs than the full deck's.

    For people who want it beside another company's, or none of the full deck: its notes are notes
    of their own in Anki, with a progress of their own.

    Args:
        deck: the chosen notes.

    Returns:
        The same notes under the deck's title, without tombstones.
    """
    old = deck.collection.info
    info = replace(old, root=deck.title, title=deck.title)
    rendered = {
        name: replace(note, deck=deck.title + note.deck.removeprefix(old.root))
        for name, note in deck.rendered.items()
    }
    return replace(
        deck,
        name=f"{deck.name}-standalone",
        collection=replace(deck.collection, info=info),
        rendered=rendered,
        tombstones=(),
        ledger=replace(deck.ledger, namespace=f"{deck.ledger.namespace} {deck.name}"),
        whole=True,
    )
