"""How strong the evidence is that a note has to do with a company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from deckpress.model.note import Evidence, Note
from deckpress.model.words import Words

GRADES = ("A", "B", "C")
"""The grades of sources, the best first."""

SHOWN_KINDS = ("asked", "topic", "watched", "subject")
"""The kinds of evidence as cards show them, the strongest first."""

KIND_WORDS = {
    "asked": "asked-at", "topic": "topic-asked-at", "watched": "answered-by",
    "subject": "about-product",
}  # fmt: skip
"""The key of the words that tell each kind of evidence on a card."""


def strongest_facts(note: Note) -> tuple[Evidence, ...]:
    """Keep the best-graded fact for each company and kind; asked first, then by company."""
    strongest: dict[tuple[str, str], Evidence] = {}
    for fact in sorted(note.evidence, key=lambda fact: (fact.grade or "Z", fact.source)):
        strongest.setdefault((fact.company, shown_kind(fact)), fact)
    return tuple(sorted(strongest.values(), key=_rank))


def strongest_kinds(note: Note) -> dict[str, str]:
    """Return for each company of a note the strongest kind of its evidence, strongest first."""
    kinds: dict[str, str] = {}
    for fact in sorted(note.evidence, key=_rank):
        kinds.setdefault(fact.company, shown_kind(fact))
    return kinds


def is_asked(fact: Evidence) -> bool:
    """Say whether a note asks what the company is reported to have asked."""
    return fact.kind == "asked" and fact.match == "question"


def shown_kind(fact: Evidence) -> str:
    """Return the kind of a fact as cards show it; "topic" when only the topic is what was asked."""
    return "topic" if fact.kind == "asked" and fact.match == "topic" else fact.kind


def count_grades(notes: Iterable[Note], companies: Iterable[str]) -> dict[str, int]:
    """Count the notes that companies asked by the best grade of their evidence, best first.

    Args:
        notes: the notes.
        companies: slugs; a note that several of them asked counts once.

    Returns:
        The number of notes by grade; the grade "" stands for none.
    """
    chosen = set(companies)
    best: Counter[str] = Counter()
    for note in notes:
        asked = [f for f in note.evidence if f.company in chosen and is_asked(f)]
        if asked:
            best[min(fact.grade or "Z" for fact in asked)] += 1
    return {grade.replace("Z", ""): best[grade] for grade in sorted(best)}


def name_grade(grade: str, words: Words) -> str:
    """Say in words what a grade means."""
    return words.say(f"grade-{grade.lower()}" if grade in GRADES else "ungraded")


def say_evidence(fact: Evidence, name: str, words: Words) -> str:
    """Say what a fact is evidence of, how strong it is, and of which year.

    Args:
        fact: the fact.
        name: what the company is called.
        words: the words of the deck's language.
    """
    said = words.say(KIND_WORDS[shown_kind(fact)], name=name)
    if not fact.grade:
        return said
    standing = [name_grade(fact.grade, words), *([fact.date[:4]] if fact.date else [])]
    return said + words.say("in-brackets", text=words.join(standing))


def _rank(fact: Evidence) -> tuple[int, str]:
    return SHOWN_KINDS.index(shown_kind(fact)), fact.company
