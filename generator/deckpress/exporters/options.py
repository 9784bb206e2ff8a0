"""How outputs are printed: the options that are not part of a deck."""

from __future__ import annotations

from dataclasses import dataclass

PAPERS = ("a4", "letter")
DETAILS = ("short", "full", "questions", "brief")
CARDS_A_SHEET = (8, 4)
FLIPS = ("long", "short")


@dataclass(frozen=True, slots=True)
class Fit:
    """What fills the pages of a night-before sheet: notes by id, size of type in points.

    `gap` is the space between notes against the type's size, `filled` the share of the pages that
    is taken.
    """

    notes: frozenset[str]
    size: float
    columns: int = 4
    gap: float = 0.62
    filled: float = 0.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a deck is printed; an exporter reads what concerns it.

    `paper` is one of `PAPERS`. Of the sheet: `detail`, one of `DETAILS` (question and short answer,
    everything, a list of questions to test oneself, or the night-before sheet of terms), `pages`
    that a night-before sheet is to fill (0: as many as it takes), `fit`, what was found to fill
    them (None: the exporter finds it), `landscape`, `large` type, and `columns`; 0 chooses by the
    rest: 3, 4 on landscape paper, 2 in large type, on the night-before sheet one more. Of paper
    cards: `per_sheet`, one of `CARDS_A_SHEET`, and `flip`, the edge over which the printer turns
    the paper, one of `FLIPS`.
    `index` is the name of the page that leads to the decks of all companies, if it lies beside.
    """

    paper: str = "a4"
    detail: str = "short"
    pages: int = 0
    fit: Fit | None = None
    landscape: bool = False
    large: bool = False
    columns: int = 0
    per_sheet: int = 8
    flip: str = "long"
    index: str = ""

    @property
    def column_count(self) -> int:
        """The number of columns of the sheet, chosen where it was left open."""
        return self.columns or 3 + self.landscape - self.large

    @property
    def sheet_variant(self) -> str:
        """What sets the file of this variant of the sheet apart; empty for the usual one."""
        words = [word for word in (self.paper, self.detail) if word not in ("a4", "short")]
        words += [f"{self.pages}-pages"] * bool(self.pages)
        words += ["landscape"] * self.landscape + ["large"] * self.large
        return "".join(f"-{word}" for word in words)
