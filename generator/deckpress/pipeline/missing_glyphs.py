"""Advice on characters that the PDF of a deck prints as boxes, or in a font for code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deckpress.decks.release import Release
from deckpress.exporters.pdf.boxes import count_scripts, count_unfit
from deckpress.model.note import Note
from deckpress.pipeline.own_templates import own_templates
from deckpress.schema.file_names import DECK_FILE
from deckpress.text.problem import Location, Problem

RULES = {
    "missing-glyphs": "no font has these characters, so the PDF prints boxes",
    "typewriter-letters": "only a font for code has these letters, so the PDF prints them in that",
}
"""What is wrong, by the rule."""


def find_missing_glyphs(release: Release, notes: Iterable[Note], root: Path) -> tuple[Problem, ...]:
    """Say in a line each which scripts the PDF has no glyphs for, or only those of a typewriter.

    Args:
        release: the cards, read.
        notes: those that are printed.
        root: the deck's folder.

    Returns:
        Advice; none where nothing is missing, or the deck allows it.
    """
    collection = release.collection
    if set(collection.info.allow) >= set(RULES):
        return ()
    with own_templates(collection.theme):
        unfit = count_unfit(collection, notes)
    found: list[Problem] = []
    for (rule, message), counts in zip(RULES.items(), (unfit.boxes, unfit.typed), strict=True):
        scripts = count_scripts(counts)
        if not scripts or rule in collection.info.allow:
            continue
        said = ", ".join(f"{sum(signs.values())} of {name}" for name, signs in scripts.items())
        hint = "`deckpress fonts` says which they are and how to get a font"
        where = Location((root / DECK_FILE).as_posix())
        found.append(Problem(where, f"{message}: {said}", hint, rule=rule))
    return tuple(found)
