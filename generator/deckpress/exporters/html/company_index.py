"""The page that leads to the decks of all companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from deckpress.companies.summary import CompanySummary
from deckpress.decks.release import Release
from deckpress.markup.css import colour_properties
from deckpress.markup.elements import html
from deckpress.markup.jinja import fill_file
from deckpress.markup.spoken import speaker
from deckpress.model.words import is_right_to_left, page_language


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company on the page: what is known of it, its notes by part, its cards and files.

    Of each file it holds what tells it from the others, such as `cards.pdf`, its name and its size.
    """

    summary: CompanySummary
    parts: Counter[str]
    cards: int
    files: tuple[tuple[str, str, int], ...]


def write_index(release: Release, rows: Sequence[CompanyRow]) -> bytes:
    """Write the page that leads to the files of every company."""
    info = release.collection.info
    theme = release.collection.theme
    light, dark = (html(colour_properties(theme.palette, dark=mode)) for mode in (False, True))
    right = is_right_to_left(info.language)
    values = {
        "info": info,
        "rows": rows,
        "light": light,
        "dark": dark,
        "say": speaker(info.words),
        "language": page_language(info.language, info.words),
        "direction": "rtl" if right else "ltr",
    }
    return fill_file(theme.files, "sheet/companies.html.j2", values).encode()
