"""`deck.yaml` and the lists of questions beside it, as what a deck says of itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from deckpress.markdown.allowances import judge_names
from deckpress.model.collection import (
    Category,
    CoverageItem,
    DeckInfo,
    RoundKind,
    category_numbers,
)
from deckpress.model.note import Note
from deckpress.reading.template_files import TemplateFiles
from deckpress.reading.words import read_words
from deckpress.schema.deck_files import CoverageFile, DeckFile
from deckpress.schema.file_names import COVERAGE_NAME, DECK_FILE
from deckpress.schema.from_file import ShapedFile, read_shape
from deckpress.text.names import unportable
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed


def read_deck_file(root: Path, files: TemplateFiles) -> tuple[DeckInfo | None, list[Problem]]:
    """Read `deck.yaml`.

    Args:
        root: the deck's folder.
        files: the templates, among which its words are.

    Returns:
        What it says, or None when something is wrong, and what is.
    """
    path = root / DECK_FILE
    if not os.path.lexists(path):
        below = sorted(found.parent for found in root.glob(f"*/{DECK_FILE}"))
        hint = "it gives the deck's title, slug and categories"
        if below:
            hint = f"it is in '{below[0].as_posix()}': name that folder"
        return None, [
            Problem(Location(path.as_posix()), "there is no deck.yaml", hint, rule="no-deck-file")
        ]
    found = read_shape(DeckFile, path)
    shape = found.value
    if shape is None:
        return None, list(found.problems)
    if fault := unportable(shape.slug):
        where = found.yaml.place(("slug",))
        message, hint = f"Windows {fault}", "outputs are named after the slug: choose another"
        return None, [Problem(where, message, hint, rule="bad-value")]
    words, faults = read_words(
        files, shape.language, shape.words, lambda key: found.yaml.place(("words", key))
    )
    info = DeckInfo(
        title=shape.title,
        slug=shape.slug,
        root=shape.root or shape.title,
        categories=tuple(
            Category(entry.slug, entry.name, entry.number) for entry in shape.categories
        ),
        language=shape.language,
        description=shape.description,
        author=shape.author,
        license=shape.license,
        homepage=shape.homepage,
        core=tuple(shape.core),
        rounds=tuple(
            RoundKind(entry.kind, entry.name, tuple(entry.categories), int(entry.cards))
            for entry in shape.rounds
        ),
        allow=tuple(shape.allow),
        most_bytes={
            "image": round(float(shape.most_megabytes.images) * 1e6),
            "sound": round(float(shape.most_megabytes.sounds) * 1e6),
            "video": round(float(shape.most_megabytes.videos) * 1e6),
        },
        version=shape.version,
        both_directions=shape.pairs.directions == "both",
        fonts={name: found.yaml.place(("fonts", at)) for at, name in enumerate(shape.fonts)},
        words=words,
        new_cards=shape.new_cards,
    )
    named = [
        fault
        for index, name in enumerate(shape.allow)
        for fault in judge_names([name], found.yaml.place(("allow", index)))
    ]
    return info, [
        *found.problems,
        *faults,
        *_find_twins(found, info),
        *_find_disorder(found, info),
        *named,
        *_check_rounds(found, info),
    ]


def _check_rounds(found: ShapedFile[DeckFile], info: DeckInfo) -> list[Problem]:
    known = {category.slug for category in info.categories}
    return [
        misnamed(
            found.yaml.place(("rounds", index, "categories", at)),
            f"rounds: there is no category '{slug}'",
            slug,
            known,
            rule="unknown-category",
        )
        for index, each in enumerate(info.rounds)
        for at, slug in enumerate(each.categories)
        if slug not in known
    ]


def _find_twins(found: ShapedFile[DeckFile], info: DeckInfo) -> list[Problem]:
    problems: list[Problem] = []
    for what in ("slug", "name"):
        seen: set[str] = set()
        for index, category in enumerate(info.categories):
            word = getattr(category, what)
            # Anki matches deck names without regard to case.
            if word.lower() in seen:
                where = found.yaml.place(("categories", index, what))
                problems.append(
                    Problem(
                        where, f"two categories have the {what} '{word}'", rule="category-twice"
                    )
                )
            seen.add(word.lower())
    return problems


def _find_disorder(found: ShapedFile[DeckFile], info: DeckInfo) -> list[Problem]:
    """Find numbers by which Anki would study the categories in another order than the deck's."""
    numbers = [
        (index, number)
        for index, number in enumerate(category_numbers(info.categories))
        if number  # without one the author leaves the order to the names
    ]
    hint = (
        "leave it out, or give one that comes after the number of the category before it, such as "
        "03b"
    )
    return [
        Problem(
            found.yaml.place(("categories", index, "number")),
            f"the number {number} does not come after {before}",
            hint,
            rule="category-disorder",
        )
        for (_, before), (index, number) in pairwise(numbers)
        if number <= before
    ]


def check_core(info: DeckInfo, notes: Iterable[Note], root: Path) -> list[Problem]:
    """Find ids in `core` that no note has."""
    ids = {note.id for note in notes}
    where = Location((root / DECK_FILE).as_posix())
    return [
        misnamed(where, f"core: there is no note '{name}'", name, ids, rule="unknown-core-note")
        for name in info.core
        if name not in ids
    ]


def read_coverage(root: Path) -> tuple[dict[str, CoverageItem], list[Problem]]:
    """Read the lists of questions in `coverage/`.

    Args:
        root: the deck's folder.

    Returns:
        Every item by id, and what is wrong; hidden files are passed over.
    """
    items: dict[str, CoverageItem] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob(f"{COVERAGE_NAME}/*.yaml")):
        if path.name.startswith("."):
            continue
        found = read_shape(CoverageFile, path)
        problems += found.problems
        for index, entry in enumerate(found.value.items if found.value else ()):
            where = found.yaml.place(("items", index))
            if entry.id in items:
                problems.append(
                    Problem(where, f"the item '{entry.id}' is given twice", rule="item-twice")
                )
            points = tuple(entry.points)
            items[entry.id] = CoverageItem(
                entry.id, entry.type, entry.topic, points, entry.left_out, where
            )
    return items, problems
