"""Lists of names that stand in more than one place say the same, as far as they cannot be one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from deckpress.cli.deck_names import _BY_KEY
from deckpress.companies.evidence import GRADES, KIND_WORDS, SHOWN_KINDS
from deckpress.decks.selection import note_facts
from deckpress.exporters.options import PAPERS
from deckpress.exporters.pdf.typeset import TYPST_PAPERS
from deckpress.importing.mapping import KINDS
from deckpress.model.note import Note
from deckpress.model.scales import DIFFICULTIES, EVIDENCE_KINDS, IMPORTANCES
from deckpress.model.words import PLURAL_FORMS, SECTIONS
from deckpress.pipeline.starter import CARD_KINDS
from deckpress.reading.figures import MOST_BYTES
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.reading.templates import read_templates
from deckpress.reading.unfilled import begin_bodies
from deckpress.reading.words import read_words
from deckpress.schema import (
    deck_files,
    export_file,
    front_matter,
    pair_row,
    word_files,
)
from deckpress.schema.words import Grade
from deckpress.text.problem import Location
from deckpress.tree.media import MEDIA_TYPES, MediaKind

KNOWN = {
    "difficulty": set(DIFFICULTIES),
    "importance": set(IMPORTANCES),
    "kind": set(EVIDENCE_KINDS),
    "directions": {"both", "one"},
    "grade": set(GRADES),
}


def _words(annotation: Any) -> Iterator[str]:
    """Yield the words that an annotation allows."""
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str))
        return
    for part in get_args(annotation):
        yield from _words(part)


def _fields() -> Iterator[tuple[str, str, set[str]]]:
    for module in (deck_files, export_file, front_matter, pair_row):
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, BaseModel):
                for name, field in shape.model_fields.items():
                    if name in KNOWN and (words := set(_words(field.annotation)) - {""}):
                        yield f"{module.__name__}.{shape.__name__}.{name}", name, words


@pytest.mark.parametrize(("where", "name", "words"), tuple(_fields()))
def test_shapes_allow_what_the_model_knows(where: str, name: str, words: set[str]) -> None:
    """Every shape of a file allows the same words, all that the program knows."""
    assert words == KNOWN[name], where


def test_lists_that_say_the_same() -> None:
    """Names of kinds, formats and words are the same wherever they stand."""
    templates = read_templates(templates_folder())
    assert set(SHOWN_KINDS) == set(KIND_WORDS) == {*EVIDENCE_KINDS, "topic"}
    assert get_args(Grade) == GRADES
    assert get_args(word_files.PluralForm) == PLURAL_FORMS
    assert set(TYPST_PAPERS) == set(PAPERS)
    assert (
        set(KINDS)
        == set(CARD_KINDS)
        == set(begin_bodies(read_words(overlay(templates_folder()), "en")[0]))
    )
    rows = {name for name, kind in templates.kinds.items() if kind.compact}
    assert set(KINDS) | rows == set(templates.kinds)
    starters = [path for path in (templates_folder() / "starter/cards").iterdir() if path.is_dir()]
    spoken = {path.stem for path in (templates_folder() / "words").glob("*.yaml")}
    assert {folder.name for folder in starters} == spoken
    for folder in starters:
        assert {path.stem for path in folder.iterdir()} == {*CARD_KINDS, "category"}
    kinds = set(get_args(MediaKind))
    assert kinds == set(MOST_BYTES) == {found.kind for found in MEDIA_TYPES.values()}
    assert {name for kind in templates.kinds.values() for name in kind.sections} == set(SECTIONS)
    for note_type in templates.note_types.values():
        assert set(SECTIONS) <= {field.name for field in note_type.fields}


def test_what_a_shell_completes_is_what_a_selection_knows() -> None:
    """Each key of `--where` is completed, but for `text`, which has no list of words."""
    note = Note(id="a", kind="basic", category="", question="", front_key="", where=Location())
    assert {*_BY_KEY, "text"} == set(note_facts(note))
