"""Advice on characters that the PDF of a deck prints as boxes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deckpress.decks.release import Release
from deckpress.exporters.pdf.boxes import count_boxes, count_scripts
from deckpress.model.note import Note
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.deck_file import DECK_FILE
from deckpress.text.problem import Location, Problem

RULE = "missing-glyphs"


def find_missing_glyphs(release: Release, notes: Iterable[Note], root: Path) -> tuple[Problem, ...]:
    """Say in one line how many characters of which scripts the PDF has no glyphs for.

    Args:
        release: the cards, read.
        notes: those that are printed.
        root: the deck's folder.

    Returns:
        One piece of advice, or none: nothing is missing, or the deck allows it.
    """
    collection = release.collection
    if RULE in collection.info.allow:
        return ()
    with own_templates(collection.theme):
        scripts = count_scripts(count_boxes(collection, notes))
    if not scripts:
        return ()
    said = ", ".join(f"{sum(found.values())} of {name}" for name, found in scripts.items())
    message = f"no font has these characters, so the PDF prints boxes: {said}"
    hint = "`deckpress fonts` says which they are and how to get a font"
    return (Problem(Location((root / DECK_FILE).as_posix()), message, hint, rule=RULE),)
