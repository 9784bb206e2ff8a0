"""Rules by name: mistakes fail, advice is told, counted, allowed, or taken strictly."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import deckpress
from conftest import Sources
from deckpress import SourceError, load
from deckpress.schema.template_files import NoteTypeFile
from deckpress.schema.validation import FORMS, PUBLISHED, json_schema
from deckpress.schema.words import SLUG
from deckpress.text.problem import Location, Problem
from deckpress.text.rules import RULES
from program import run

PACKAGE = Path(deckpress.__file__).parent
CARD = "# Q {#q}\n\nA.\n\n```python tset\nx = 1\n```\n"
ADVICE = (
    "cards/one/card.md:5:11: advice: unknown word 'tset' after the fence "
    "(did you mean 'test'?) [unknown-fence-word]"
)


def given_rules() -> Iterator[tuple[str, str]]:
    """Yield every name that the program gives as a rule, with the file that does."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "rule":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, path.name


def strings() -> set[str]:
    """Return every string in the program outside the catalogue."""
    return {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "rules.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_rule_that_is_used_is_in_the_catalogue_and_the_other_way_round() -> None:
    """What finds a problem names its rule, the catalogue has it, and no entry is left over."""
    used = list(given_rules())
    assert len(used) > 100
    assert [pair for pair in used if pair[0] not in RULES] == []
    assert set(RULES) - strings() == set()
    for name, rule in RULES.items():
        assert rule.what.endswith("."), name
        assert rule.why.endswith("."), name
    with pytest.raises(ValueError, match="no rule"):
        Problem(Location(), "wrong", rule="no-such-rule")


def test_what_only_a_pdf_shows_is_told_where_one_is_made(sources: Sources) -> None:
    """A build tells such advice whole, because `check` reads the cards and prints nothing."""
    files = [PACKAGE / "pipeline" / f"{name}.py" for name in ("missing_glyphs", "small_print")]
    named = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in RULES
    }
    assert {name for name, rule in RULES.items() if rule.printed} == named
    sources.write("one/a.md", "# What is 𓀀? {#a}\n\nA man.\n\n```python tset\nx = 1\n```\n")
    printed = run(sources.folder, "build", "--format", "pdf").stdout
    assert "advice: no font has these characters" in printed
    assert "unknown word" not in printed
    assert "advice: 1 (`deckpress check` lists it)" in printed


def patterned(part: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key of each value of a JSON Schema that must match a pattern, and the pattern."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str) and part.get("type") == "string":
            yield key, part["pattern"]
        for name, inner in part.items():
            yield from patterned(inner, key if name in {"anyOf", "items"} else name)
    if isinstance(part, list):
        for inner in part:
            yield from patterned(inner, key)


def test_nobody_must_read_a_pattern(sources: Sources) -> None:
    """What has a form of its own is said to have it in words, in whatever file it stands."""
    files = [*map(json_schema, PUBLISHED), NoteTypeFile.model_json_schema()]
    found = {key for each in files for key, pattern in patterned(each) if pattern != SLUG}
    assert found >= {"language", "version"}
    assert found <= set(FORMS)
    text = (sources.root / "deck.yaml").read_text()
    sources.write("deck.yaml", text + "language: german\n")
    assert (
        "cards/deck.yaml:7:1: language: 'german' is not allowed (its code:"
        in run(sources.folder, "check").stderr
    )


def test_advice_is_listed_counted_and_fails_nothing(sources: Sources) -> None:
    """`check` lists it at its place and ends with 0; `build` counts it in one line."""
    sources.write("one/card.md", CARD)
    done = run(sources.folder, "check")
    assert (done.returncode, done.stdout) == (0, "no mistakes in 1 file: 1 note, 1 card\n")
    assert done.stderr.splitlines() == [ADVICE, "1 piece of advice in 1 file"]
    done = run(sources.folder, "build", "--format", "apkg")
    assert done.returncode == 0
    assert "advice: 1 (`deckpress check` lists it)" in done.stdout.splitlines()
    facts = json.loads(run(sources.folder, "build", "--format", "apkg", "--json").stdout)
    assert [found["rule"] for found in facts["advice"]] == ["unknown-fence-word"]
    release = load(sources.root)
    assert [problem.rule for problem in release.advice] == ["unknown-fence-word"]


def test_machines_read_rule_and_severity(sources: Sources) -> None:
    """JSON and annotations carry both, for mistakes and for advice."""
    sources.write("one/card.md", CARD + "\n$\\foo$\n")
    found = json.loads(run(sources.folder, "check", "--format", "json").stdout)
    assert [(each["severity"], each["rule"]) for each in found] == [
        ("advice", "unknown-fence-word"),
        ("mistake", "unreadable-formula"),
    ]
    first, second = run(sources.folder, "check", "--format", "github").stdout.splitlines()
    assert first.startswith("::warning file=cards/one/card.md,line=5,col=11,title=unknown-fence-")
    assert second.startswith("::error file=cards/one/card.md,line=9,col=2,title=unreadable-formula")


@pytest.mark.parametrize("command", ["check", "build"])
def test_strictly_advice_fails(sources: Sources, command: str) -> None:
    """With --strict advice ends with 1, and nothing is written."""
    sources.write("one/card.md", CARD)
    done = run(sources.folder, command, "--strict")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [ADVICE, "1 piece of advice in 1 file"]
    assert not (sources.root / "deck.lock").exists()
    with pytest.raises(SourceError) as caught:
        load(sources.root, strict=True)
    assert [problem.rule for problem in caught.value.problems] == ["unknown-fence-word"]


def test_a_comment_allows_it_for_a_line(sources: Sources) -> None:
    """A comment on the line before silences the rule there, and only there."""
    card = CARD.replace("```python", "<!-- allow: unknown-fence-word -->\n```python")
    sources.write("one/card.md", card)
    assert load(sources.root, strict=True).advice == ()
    sources.write("one/card.md", card + "\n```python tset\n```\n")
    assert len(load(sources.root).advice) == 1


def test_a_deck_allows_it_for_all(sources: Sources) -> None:
    """`allow` in deck.yaml silences a rule; only advice can be allowed, and only by its name."""
    deck = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("one/card.md", CARD)
    sources.write("deck.yaml", deck + "allow: [unknown-fence-word]\n")
    assert load(sources.root, strict=True).advice == ()
    sources.write("deck.yaml", deck + "allow: [no-answer, unknown-fense-word]\n")
    sources.write("one/card.md", CARD + "\n<!-- allow: nothing -->\n\n`<!-- allow: code -->`\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    *told, last = map(str, caught.value.problems)
    assert told == [
        "cards/deck.yaml:7:9: 'no-answer' is a mistake (only advice can be allowed; "
        "`deckpress check --explain` says why it fails)",
        "cards/deck.yaml:7:20: no rule is called 'unknown-fense-word' "
        "(did you mean 'unknown-fence-word'?)",
    ]
    assert last.startswith("cards/one/card.md:9:13: no rule is called 'nothing'")


def test_a_comment_before_the_first_question_is_no_text(sources: Sources) -> None:
    """Comments may stand before a question and behind it."""
    sources.write(
        "one/card.md",
        "<!-- allow: unknown-fence-word -->\n# Q {#q} <!-- allow: unknown-fence-word -->\n\nA.\n",
    )
    assert list(load(sources.root).notes) == ["q"]


def test_a_rule_is_explained(tmp_path: Path) -> None:
    """--explain says what and why, in any folder; an unknown name is answered with near ones."""
    done = run(tmp_path, "check", "--explain", "unknown-fence-word")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "unknown-fence-word: advice"
    assert RULES["unknown-fence-word"].why in done.stdout
    assert "<!-- allow: unknown-fence-word -->" in done.stdout
    assert run(tmp_path, "check", "--explain", "no-answer").stdout.startswith("no-answer: mistake")
    done = run(tmp_path, "check", "--explain", "no-anser")
    assert done.returncode == 2
    assert "did you mean 'no-answer'?" in done.stderr
