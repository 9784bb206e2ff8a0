"""The cases in tests/cases: Markdown to HTML, LaTeX to Typst, mistakes to the lines that name them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases import FOLDER, Case, read_cases, update_case
from conftest import Sources
from deckpress import load
from deckpress.math.formula import write_math
from deckpress.text.problem import SourceError

COMPANIES = """\
companies:
  - slug: google
    name: Google
    aliases: [alphabet]
    facts: [{key: search, kind: asked, source: report, says: Search}]
    rounds: [{source: rumour, says: Many}]
"""
SOURCES = """\
sources:
  report: {title: A report, grade: A, date: "2025"}
  rumour: {title: A list, grade: C}
"""

FIELDS = ("Question", "Problem", "Text", "Answer", "Details", "Hint", "Pitfalls", "Follow-ups")


def write_notes(sources: Sources, text: str) -> str:
    """Read one card file, and return the fields of its notes that hold anything."""
    sources.write("one/card.md", text)
    for name in ("figure.svg", "my figure.svg"):
        sources.write(f"one/{name}", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    release = load(sources.root)
    lines = []
    for note in release.notes.values():
        note_type = release.collection.note_types[note.note_type]
        lines.append(f"[{note.id}] {note.kind}, cards {' '.join(str(o + 1) for o in note.ords)}")
        for field, value in zip(note_type.fields, note.fields, strict=True):
            if field.name in FIELDS and value:
                lines.append(f"{field.name}: {value}")
    return "\n".join(lines) + "\n"


def list_problems(sources: Sources, text: str) -> str:
    """Read one card file, and return its mistakes and advice, a line each."""
    sources.write("one/card.md", text)
    sources.write("one/figure.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    sources.write("companies.yaml", COMPANIES)
    sources.write("sources.yaml", SOURCES)
    try:
        found = load(sources.root).advice
    except SourceError as error:
        found = tuple(sorted([*error.problems, *error.advice]))
    # The companies are there for every case, and each lacks most of their questions.
    found = tuple(p for p in found if p.severity == "mistake" or "companies" not in p.where.path)
    return "".join(f"{str(p).removeprefix('cards/one/')}\n" for p in found) or "no mistakes\n"


def write_formula(sources: Sources, latex: str) -> str:
    """Write a formula as Typst math: displayed and, where that is another, in a line of text."""
    displayed, inline = (write_math(latex.strip(), display=display) for display in (True, False))
    return displayed + "\n" + (inline + "\n" if inline != displayed else "")


RUN: dict[str, Callable[[Sources, str], str]] = {
    "markdown.md": write_notes,
    "cloze.md": write_notes,
    "notes.md": write_notes,
    "dialects.md": write_notes,
    "advice.md": list_problems,
    "mistakes.md": list_problems,
    "math.md": write_formula,
}
CASES = [(name, case) for name in RUN for case in read_cases(name)]


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(n, c, id=f"{n.removesuffix('.md')}: {c.title}") for n, c in CASES],
)
def test_case(name: str, case: Case, sources: Sources, request: pytest.FixtureRequest) -> None:
    """What comes out is what the file says."""
    if request.config.getoption("--update"):
        update_case(name, case.title, RUN[name](sources, case.given))
    else:
        assert RUN[name](sources, case.given) == case.wanted


@pytest.mark.parametrize("name", RUN)
def test_every_case_is_read(name: str) -> None:
    """A case that is not laid out as it must be would test nothing."""
    cases = read_cases(name)
    assert len(cases) == (FOLDER / name).read_text(encoding="utf-8").count("\n~~~~ in\n")
    assert len({case.title for case in cases}) == len(cases)
