"""Fixes of problems: `deckpress check --fix` makes the safe ones, and says the same of the notes."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import pytest

from conftest import Sources
from deckpress import load
from deckpress.pipeline.fix import find_problems, write_safe_fixes
from deckpress.text import suggestions
from deckpress.text.fixes import Replacement, apply_replacements, place_fix, split_lines
from deckpress.text.problem import Edit, Fix, Location, replacing
from deckpress.text.suggestions import fixes_of, nearest, suggest
from program import run

SAFE = [
    ("# A {#a}\n\nText.\n\n```python\nx = 1\n", "# A {#a}\n\nText.\n\n```python\nx = 1\n```\n", "close it with ``` [unclosed-fence]"),
    ("# A {#a}\n\n~~~~\nx = 1\n\n\n", "# A {#a}\n\n~~~~\nx = 1\n~~~~\n\n\n", "close it with ~~~~ [unclosed-fence]"),
    ("---\nTags: [x]\n---\n# A {#a}\n\nText.\n", "---\ntags: [x]\n---\n# A {#a}\n\nText.\n", "write tags [unknown-key]"),
    ("---\ndifficulty: Easy\n---\n# A {#a}\n\nText.\n", "---\ndifficulty: easy\n---\n# A {#a}\n\nText.\n", "write easy [unknown-value]"),
    ("# A {#a difficulty=HARD}\n\nText.\n", "# A {#a difficulty=hard}\n\nText.\n", "write hard [unknown-value]"),
    ("---\ncategory: on-e\n---\n# A {#a}\n\nText.\n", "---\ncategory: one\n---\n# A {#a}\n\nText.\n", "write one [unknown-category]"),
    ("# A {#a .re-versed}\n\nText.\n", "# A {#a .reversed}\n\nText.\n", "write reversed [unknown-kind]"),
    ("# A {#a}\n\nText.\n\n## pitfalls\n\nMind.\n", "# A {#a}\n\nText.\n\n## Pitfalls\n\nMind.\n", "write Pitfalls [unknown-section]"),
    ("# A {#a}\n\n```type-script\nlet x = 1\n```\n", "# A {#a}\n\n```typescript\nlet x = 1\n```\n", "write typescript [unknown-language]"),
    ("# A {#a}\n\n![a dot](PIC.svg)\n", "# A {#a}\n\n![a dot](pic.svg)\n", "write pic.svg [missing-image]"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "said"), SAFE, ids=[said for _, _, said in SAFE])
def test_a_safe_fix(sources: Sources, before: str, after: str, said: str) -> None:
    """It is made once, in the file's own line ends, and leaves nothing to complain of."""
    sources.write("one/pic.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    path = sources.write("one/a.md", "\ufeff" + before.replace("\n", "\r\n"))
    (mended,) = write_safe_fixes(sources.root)
    assert f"{mended.title} [{mended.rule}]" == said
    assert path.read_bytes().decode() == "\ufeff" + after.replace("\n", "\r\n")
    assert find_problems(sources.root) == ()
    assert write_safe_fixes(sources.root) == ()


def test_fixes_on_the_command_line(sources: Sources) -> None:
    """Each is told on a line; a second run changes and says nothing."""
    path = sources.write("one/a.md", SAFE[0][0])
    done = run(sources.folder, "check", "--fix")
    assert (done.returncode, done.stderr) == (0, f"cards/one/a.md:5:1: {SAFE[0][2]}\n")
    assert path.read_text() == SAFE[0][1]
    assert run(sources.folder, "check", "--fix").stderr == ""
    assert path.read_text() == SAFE[0][1]


def test_a_fence_says_what_it_said(sources: Sources) -> None:
    """What an unclosed fence was read as is what the closed one holds."""
    sources.write("one/a.md", "# A {#a}\n\nText.\n\n```python\nx = 1\n\n\ny = 2\n\n")
    (problem,) = find_problems(sources.root)
    text = sources.root.joinpath("one/a.md").read_text()
    write_safe_fixes(sources.root)
    (note,) = load(sources.root).notes.values()
    sources.write("one/a.md", text.rstrip("\n") + "\n```\n")
    assert load(sources.root).notes["a"].fields == note.fields
    assert problem.rule == "unclosed-fence"


@pytest.mark.parametrize(
    "text",
    [
        "# A {#a}\n\n```python\nx = 1\n\n# B {#b}\n\nText.\n",
        "# A {#a}\n\nText.\n\n- item\n\n  ```python\n  x = 1\n",
        "# A {#a difficulty=hrad}\n\nText.\n",
        "# A {#a}\n\n```pyhton\nx = 1\n```\n",
        "# A {#a}\n\nText.\n\n## Pitfals\n\nMind.\n",
        "# A {#a}\n\nA tag <T> here.\n",
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(sources: Sources, text: str) -> None:
    """A guess is offered in the editor; it is never written unasked."""
    path = sources.write("one/a.md", text)
    assert write_safe_fixes(sources.root) == ()
    assert find_problems(sources.root)
    assert path.read_text() == text


def test_tags_of_one_spelling(sources: Sources) -> None:
    """The spelling that comes first is written everywhere, at the tag and nowhere else."""
    sources.write("one/a.md", "# A Gpu? {#a tags=Gpu,x}\n\nText.\n")
    sources.write(
        "one/b.md",
        "---\ntags:\n  - GPU\n  - y\ndifficulty: easy\n---\n# GPU or not? {#b}\n\nGPU.\n\n# C? {#c}\n\nC.\n",
    )
    sources.write("one/d.md", "# D? {#d tags=gpu-x,gpu}\n\nText gpu.\n")
    sources.write("one/e.md", "# E? {#e tags=gPU} <!-- allow: tag-capitals -->\n\nText.\n")
    before = load(sources.root).notes
    assert [f"{each.where}: {each.title}" for each in write_safe_fixes(sources.root)] == [
        "cards/one/b.md:7:1: write Gpu",
        "cards/one/b.md:11:1: write Gpu",
        "cards/one/d.md:1:1: write Gpu",
    ]
    assert sources.root.joinpath("one/b.md").read_text() == (
        "---\ntags:\n  - Gpu\n  - y\ndifficulty: easy\n---\n# GPU or not? {#b}\n\nGPU.\n\n# C? {#c}\n\nC.\n"
    )
    assert (
        sources.root.joinpath("one/d.md").read_text() == "# D? {#d tags=gpu-x,Gpu}\n\nText gpu.\n"
    )
    assert write_safe_fixes(sources.root) == ()
    after = load(sources.root).notes
    assert [note.fields for note in after.values()] == [note.fields for note in before.values()]
    lower = [[tag.casefold() for tag in note.tags] for note in after.values()]
    assert lower == [[tag.casefold() for tag in note.tags] for note in before.values()]


def test_ids_and_fixes_in_one_run(sources: Sources) -> None:
    """One mistake hides no other: both are mended, and nothing is left."""
    path = sources.write("one/a.md", "# Alone? {.re-versed}\n\nA.\n\n# Both?\n\n```python\nx = 1\n")
    done = run(sources.folder, "check", "--fix")
    assert done.returncode == 0, done.stderr
    assert path.read_text() == (
        "# Alone? {#alone .reversed}\n\nA.\n\n# Both? {#both}\n\n```python\nx = 1\n```\n"
    )


OFFERED = [
    ("A $$ b", ["A \\$\\$ b"]),
    ("A **b c", ["A \\*\\*b c"]),
    ("See [[Other|the other]].", ["See the other."]),
    ("A <T> b.", ["A `<T>` b.", "A \\<T> b."]),
    ("Call __init__ now.", ["Call `__init__` now.", "Call **init** now."]),
    ("H ~2~ O", ["H ~~2~~ O", "H <sub>2</sub> O"]),
    ("A [toc] b", ["A b"]),
    ("$\\bm x$", ["$\\boldsymbol x$"]),
    ("$\\argmin_x f$", ["$\\operatorname*{arg\\,min}_x f$"]),
    ("$50 % x$", ["$50 \\% x$"]),
    ("$$\n\\begin{split}\nx\n\\end{split}\n$$", ["$$\n\\begin{aligned}\nx\n\\end{aligned}\n$$"]),
    ("A b\n• c", ["A b\n- c"]),
    ("```pyhton\nx\n```", ["```python\nx\n```"]),
    ("```python qqq\nx\n```", ["```python\nx\n```"]),
    ("![a](dto.svg)", ["![a](dot.svg)"]),
    ("A\x96b", ["A\u2013b"]),
    ("A {#b .c} d", ["A d"]),
    ("Text:\n2. a", ["Text:\n\n2. a"]),
    ("-a\n-b\n\nc", ["- a\n- b\n\nc"]),
    ("<div>\n**x**\n</div>", ["<div>\n\n**x**\n</div>"]),
    ("A.\n\n<!-- b\n\nc", ["A.\n\n<!-- b -->\n\nc"]),
    ("$\\ce{H2O}$ x", ["$\\mathrm{H_2O}$ x"]),
    ("$\\large x$", ["$ x$"]),
    ("$\\mathop{x}$", ["$\\operatorname*{x}$"]),
    ("{{C1::a}} b", ["{{c1::a}} b"]),
    ("a {{2::b}}", ["a {{c2::b}}"]),
    ("a {{c3:b}}", ["a {{c3::b}}"]),
    ("<!-- allow: no-lst -->\nText.", ["<!-- allow: no-list -->\nText."]),
]


@pytest.mark.parametrize(("body", "wanted"), OFFERED, ids=[body[:20] for body, _ in OFFERED])
def test_what_the_first_problem_offers(sources: Sources, body: str, wanted: list[str]) -> None:
    """Each fix of a text's first problem, made alone, gives the text that its hint speaks of."""
    sources.write("one/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    head = "# A {#a}\n\n"
    text = f"{head}{body}\n"
    sources.write("one/a.md", text)
    problem = find_problems(sources.root)[0]
    found = [
        apply_replacements(text, place_fix(split_lines(text), problem.where, fix))
        for fix in problem.fixes
    ]
    assert found == [f"{head}{one}\n" for one in wanted]


def test_front_matter_that_never_ends(sources: Sources) -> None:
    """The dashes go below its last line, lists included."""
    text = "---\ntags:\n  - a\n- b\ndifficulty: easy\n\n# A?\n\nB.\n"
    sources.write("one/a.md", text)
    (problem,) = (p for p in find_problems(sources.root) if p.rule == "unclosed-front-matter")
    placed = place_fix(split_lines(text), problem.where, problem.fixes[0])
    assert apply_replacements(text, placed) == text.replace("easy\n", "easy\n---\n")


def test_where_an_edit_goes() -> None:
    """To whole words, at the place or behind it, as far down as it says; else nowhere."""
    lines = ["tags: [ab, a, b-a]", "a b a", "---"]
    at = Location("x", 1, 1)
    assert place_fix(lines, at, replacing("a", "c")) == (Replacement(1, 11, 12, "c"),)
    assert place_fix(lines, replace(at, line=2, column=2), replacing("a", "c")) == (Replacement(2, 4, 5, "c"),)  # fmt: skip
    assert place_fix(lines, at, replacing("b", "c")) == ()
    assert place_fix(lines, at, replacing("b", "c", lines=2)) == (Replacement(2, 2, 3, "c"),)
    assert place_fix(lines, replace(at, column=9), replacing("ab", "c")) == (Replacement(1, 7, 9, "c"),)  # fmt: skip
    both = Fix("both", (Edit("ab", "x"), Edit("missing", "y")))
    assert place_fix(lines, at, both) == ()
    assert place_fix(lines, at, Fix("", (Edit("", "!", below=7),))) == ()
    assert place_fix(["a\u0301 b"], at, replacing("b", "c")) == ()


def test_replacements_that_overlap() -> None:
    """The first is made; the same twice is made once; line ends are the text's own."""
    made = [Replacement(1, 0, 2, "x"), Replacement(1, 1, 3, "y"), Replacement(1, 0, 2, "x")]
    assert apply_replacements("abc\r\nd", [*made, Replacement(2, 1, 1, "\n!")]) == "xc\r\nd\r\n!"


def test_a_guess_is_safe_when_letters_agree() -> None:
    """Capitals, dashes and underscores are slips of the pen; other letters may be another word."""
    assert [fix.safe for fix in fixes_of("Cross_Validation", ["cross-validation", "x"])] == [True]
    assert [fix.safe for fix in fixes_of("cross-validaton", ["cross-validation"])] == [False]
    assert [fix.safe for fix in fixes_of("ab", ["a-b", "AB"])] == [False]
    assert [fix.edits[0].new for fix in fixes_of("qq", ["easy", "hard"])] == ["easy", "hard"]
    assert fixes_of("qq", [f"word{number}" for number in range(9)]) == ()


def test_the_nearest_word() -> None:
    """Capitals make no word unlike another; of two that differ in them only, they decide."""
    assert nearest("detla", ["Delta", "delta"]) == "delta"
    assert nearest("Detla", ["Delta", "delta"]) == "Delta"
    assert nearest("ALHPA", ["alpha"], cutoff=0.75) == "alpha"
    assert nearest("alhpa", ["alpha"], cutoff=0.9) == nearest("x", []) == ""


def test_a_word_among_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compared with those beside it in the alphabet only, however many mistakes there are."""
    compared: list[int] = []

    def count(word: str, known: tuple[str, ...], **given: Any) -> list[str]:
        compared.append(len(known))
        return get_close_matches(word, known, **given)

    monkeypatch.setattr(suggestions, "get_close_matches", count)
    works = {f"{name}{year}": 0 for name in ("ada", "bob", "cyd") for year in range(1_000, 9_000)}
    assert suggest("bob-2017", works) == "did you mean 'bob2017'?"
    (fix,) = fixes_of("Bob-2017", works)
    assert (fix.edits[0].new, fix.safe) == ("bob2017", True)
    assert suggest("zzz", works).endswith("... (24000 in all)")
    assert max(compared) <= 500
