"""Quick fixes: every problem with a hint has one, or a reason, and each one mends what it is for."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass

import pytest

from cases import read_cases
from conftest import Sources
from deckpress.editor.desk import Desk
from deckpress.editor.quick_fixes import QuickFix, quick_fixes, safe_edits
from deckpress.text.fixes import apply_replacements, split_lines
from deckpress.text.problem import Problem
from test_cases import COMPANIES, SOURCES

CASES = ("advice.md", "mistakes.md", "markdown.md", "cloze.md", "notes.md", "dialects.md")

WITHOUT = {
    "diagram-code": "somebody has to draw the figure",
    "markup-in-hint": "only the author can say a formula in words",
    "question-twice": "only the author knows what tells the two questions apart",
    "remote-image": "the image has to be saved beside the card",
    "unknown-media-format": "the file has to be made again in another format",
}
"""The rules whose problems nothing typed into the text can mend, each with its reason."""

FOLLOWS = {
    "missing-image": {"unreadable-link"},  # a name with spaces, which is told how to be written
    "no-question": {"no-answer"},
    "no-table": {"stray-row"},  # what was only begun below its head is a row now
    "question-in-html": {"unclosed-html", "unopened-html"},  # the element is divided by the card
    "question-lines": {"no-answer", "missing-id"},
    "text-before-question": {"no-answer", "missing-id"},
    "unknown-company": {"weak-evidence"},  # the company exists, now its evidence is asked for
    "unread-html": {"missing-image"},  # the file has to be there
    "unreadable-link": {"dead-link"},  # it can be read now, and leads nowhere
}
"""What may come up once a problem is mended: what was hidden behind it, or waits to be filled in."""

TOLD_ONCE = frozenset({"unread-html"})
"""Rules of which a table tells the first mistake only: the next one comes up behind it."""


@pytest.fixture
def desk(sources: Sources) -> Desk:
    """Return a deck with all that the cases name, and no card yet."""
    for name in ("figure.svg", "my figure.svg"):
        sources.write(f"one/{name}", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    sources.write("companies.yaml", COMPANIES)
    sources.write("sources.yaml", SOURCES)
    sources.write("one/card.md", "# Q {#q}\n\nA.\n")
    desk = Desk(sources.root, jobs=1)
    desk.open()
    return desk


def path_of(desk: Desk) -> str:
    """Return the path of the one card file."""
    (path,) = desk.deck.files
    return path


def offered(desk: Desk, problem: Problem, text: str) -> list[QuickFix]:
    """Return the fixes of a problem but the one that allows it."""
    found = quick_fixes(desk, [problem], split_lines(text))
    return [fix for fix in found if not fix.title.startswith("allow ")]


def problems_in(desk: Desk, text: str) -> tuple[Problem, ...]:
    """Type a text into the card file, and return its problems."""
    path = path_of(desk)
    desk.change(path, text)
    desk.check()
    return desk.problems_of(path)


@dataclass(frozen=True)
class Hinted:
    """A problem that has a hint: the case it is of, all problems of that, and its fixes."""

    title: str
    text: str
    before: tuple[Problem, ...]
    problem: Problem
    fixes: tuple[QuickFix, ...]


def hinted(desk: Desk, name: str) -> list[Hinted]:
    """Return every problem of the cases of a file that has a hint."""
    made = []
    for case in read_cases(name):
        found = problems_in(desk, case.given)
        made += [
            Hinted(
                case.title, case.given, found, problem, tuple(offered(desk, problem, case.given))
            )
            for problem in found
            if problem.hint
        ]
    return made


def is_left(fix: QuickFix, before: tuple[Problem, ...], after: tuple[Problem, ...]) -> bool:
    """Say whether a problem is still there after its fix."""
    rule, message = fix.problem.rule, fix.problem.message
    if rule in TOLD_ONCE:
        return any((p.rule, p.where) == (rule, fix.problem.where) for p in after)
    counts = [
        sum((p.rule, p.message) == (rule, message) for p in found) for found in (before, after)
    ]
    return counts[1] >= counts[0]


@pytest.mark.parametrize("name", CASES)
def test_what_has_a_hint_has_a_fix(desk: Desk, name: str) -> None:
    """Each problem whose hint says what to do offers to do it, or its rule is listed above."""
    bare = [each for each in hinted(desk, name) if not each.fixes]
    assert [(e.title, str(e.problem)) for e in bare if e.problem.rule not in WITHOUT] == []


def test_no_reason_is_left_behind(desk: Desk) -> None:
    """A rule stands in the list only while the cases show it without a fix."""
    found = [each for name in CASES for each in hinted(desk, name)]
    assert {each.problem.rule for each in found if not each.fixes} == set(WITHOUT)


@pytest.mark.parametrize("name", CASES)
def test_a_fix_mends_its_problem(desk: Desk, name: str) -> None:
    """The problem is gone once its fix is made, and nothing came that the list above lacks."""
    wrong = []
    for each in hinted(desk, name):
        for fix in each.fixes:
            after = problems_in(desk, apply_replacements(each.text, fix.edits))
            new = Counter(p.rule for p in after) - Counter(p.rule for p in each.before)
            unforeseen = set(new) - FOLLOWS.get(fix.problem.rule, set())
            if is_left(fix, each.before, after) or unforeseen:
                wrong.append((each.title, str(fix.problem), fix.title, dict(new)))
    assert wrong == []


MUTATIONS = 300 if "DECKPRESS_FUZZ" not in os.environ else 20_000


def mutated(text: str, others: list[str], chance: random.Random) -> str:
    """Return a text with a few pieces cut out, doubled, or put in from another."""
    signs = "|[]{}()<>#*_~^`$\\:;!=%+-\n\r\t \u2028\x0c\u0301\u200d\ufeff\U0001f600'\"&@"
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(start + chance.randrange(1, 30), len(text))
        other = chance.choice(others)[chance.randrange(9) :][: chance.randrange(60)]
        new = chance.choice(["", text[start:end] * 2, other, chance.choice(signs)])
        text = text[:start] + new + text[end if len(new) != 1 else start :]
    return chance.choice([text, text.replace("\n", "\r\n"), text.replace("\n", "\n> ")])


def test_fixes_of_hostile_texts(desk: Desk) -> None:
    """Whatever is typed, each edit lies within its line, and each title on one."""
    others = [case.given for name in CASES for case in read_cases(name)]
    chance = random.Random(15)
    for _ in range(MUTATIONS):
        text = mutated(chance.choice(others), others, chance)
        lines = split_lines(text)
        for fix in quick_fixes(desk, problems_in(desk, text), lines):
            assert len(fix.title.splitlines()) == 1
            for edit in fix.edits:
                assert 0 <= edit.start <= edit.end <= len(lines[edit.line - 1])
            apply_replacements(text, fix.edits)
        apply_replacements(text, safe_edits(desk, path_of(desk), lines))


def test_what_is_guessed_has_limits(desk: Desk) -> None:
    """In very long lines and files, and of more than fifty problems, only what is sure is offered."""
    for text, guessed in (
        ("# Q {#q}\n\n" + "[[a]] " * 300, 50),
        ("# Q {#q}\n\n" + "[[a]] " * 600, 0),
        ("# Q {#q}\n\n[[a]]\n" + "\n" * 30_000, 0),
    ):
        fixes = quick_fixes(desk, problems_in(desk, text + " [^n]"), split_lines(text + " [^n]"))
        assert len([fix for fix in fixes if "add [^n]" in fix.title]) <= (guessed > 0)
        assert len([fix for fix in fixes if "write only" in fix.title or fix.preferred]) >= guessed


def test_words_to_fill_in_are_never_written_unasked(desk: Desk) -> None:
    """Such fixes are offered one by one; neither saving nor `check --fix` makes them."""
    text = "# Q {#q}\n\n![](figure.svg) and [^1] and #a/b.\n\n# R {#r}\n"
    found = problems_in(desk, text)
    rules = {problem.rule for problem in found}
    assert rules == {"no-alt-text", "missing-footnote", "raw-dialect", "no-answer"}
    assert all(offered(desk, problem, text) for problem in found)
    assert safe_edits(desk, path_of(desk), split_lines(text)) == []
    assert not any(fix.safe for problem in found for fix in problem.fixes)


WRITTEN = [
    ("![](figure.svg)", "![what is seen](figure.svg)"),
    ("::: warning\nMind.\n:::", "> [!WARNING]\n> Mind.\n"),
    ("| a | b |\n|---|---|\n| $|x|$ | y |", "| a | b |\n|---|---|\n| $\\vert x\\vert $ | y |"),
    ("A ^[a note] b.\n\nC.", "A [^1] b.\n\nC.\n\n[^1]: a note"),
    ("<pre>\nx\n</pre>", "```text\nx\n```"),
    ("A [b](other.md).", "A b."),
    (
        "\u6f22\u5b57[\u304b\u3093\u3058] b",
        "<ruby>\u6f22\u5b57<rt>\u304b\u3093\u3058</rt></ruby> b",
    ),
    ("A #b/c d.", "A d."),
]


@pytest.mark.parametrize(("body", "wanted"), WRITTEN)
def test_what_is_written(desk: Desk, body: str, wanted: str) -> None:
    """The likeliest fix of the first problem writes what its hint shows."""
    text = f"# Q {{#q}}\n\n{body}\n"
    fix = offered(desk, problems_in(desk, text)[0], text)[0]
    after = apply_replacements(text, fix.edits)
    assert after.split("\n\n", 1)[1] == f"{wanted}\n"
