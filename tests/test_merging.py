"""Branches and clones, with a real git: the ledger never has to be merged by hand."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from anki_collection import Imported, RealAnki
from conftest import DECK_YAML, Sources
from deckpress import build, load
from deckpress.pipeline.merge import merge_ledgers, set_up_merging
from deckpress.text.problem import CallError, SourceError
from program import run

EARLY = 1_760_000_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg">\n<rect width="9" height="9"/>\n</svg>\n'
At = Callable[[int], None]


@pytest.fixture
def git(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that runs git in the folder of a deck that is under version control."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")

    def call(*arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=sources.folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    call("init", "-q", "-b", "main")
    return call


def note(name: str, answer: str) -> str:
    """Return a card."""
    return f"# {name}? {{#{name}}}\n\n{answer}\n"


def branch_out(sources: Sources, git: Callable[..., str], at: At) -> Path:
    """Release a deck, then let two branches add, change and take out, each with its ledger."""
    for name in "abcdm":
        sources.write(f"one/{name}.md", note(name, "old"))
    at(EARLY)
    package = sources.build()
    released = package.rename(package.with_name("released.apkg"))
    git("add", "cards")
    git("commit", "-qm", "release")
    git("checkout", "-qb", "theirs")
    sources.write("one/b.md", note("b", "theirs"))
    sources.write("one/n.md", note("n", "theirs"))
    (sources.root / "one/d.md").unlink()
    at(EARLY + 500)
    sources.build()
    git("add", "-A", "cards")
    git("commit", "-qm", "theirs")
    git("checkout", "-q", "main")
    sources.write("one/a.md", note("a", "ours"))
    sources.write("one/nn.md", note("nn", "ours"))
    at(EARLY + 500)
    sources.build()
    git("add", "-A", "cards")
    git("commit", "-qm", "ours")
    return released


def expect_both(sources: Sources, anki: RealAnki, released: Path, at: At) -> None:
    """Build what was merged, and see in Anki that the changes of both branches arrive, once."""
    anki.load(released)
    at(EARLY + 1000)
    package = sources.build()
    load(sources.root, locked=True)
    # a and b changed, d was taken out; n and nn are new; c and m stay.
    assert anki.load(package) == Imported(new=2, updated=3, duplicate=2, conflicting=0)
    assert [anki.note(name)["Answer"] for name in ("a", "b", "n", "nn")] == [
        "<p>ours</p>",
        "<p>theirs</p>",
        "<p>theirs</p>",
        "<p>ours</p>",
    ]
    rows = (sources.root / "deck.lock").read_text(encoding="utf-8").splitlines()
    notes = [json.loads(row) for row in rows if row.startswith('{"id"')]
    assert [row["id"] for row in notes] == ["a", "b", "c", "d", "m", "n", "nn"]
    assert len({row["created"] for row in notes}) == 7
    assert [row["mod"] - EARLY for row in notes] == [500, 500, 0, 500, 0, 500, 500]


def test_git_merges_two_branches_by_itself(
    sources: Sources, git: Callable[..., str], at: At, anki: RealAnki
) -> None:
    """After one command, the ledger of a merge is the one that a single branch would have."""
    done = run(sources.folder, "merge-lock", "--setup", "cards")
    assert done.returncode == 0
    assert "commit cards/.gitattributes" in done.stdout
    assert "deck.lock merge=deckpress" in (sources.root / ".gitattributes").read_text()
    assert set_up_merging(sources.root) is None
    released = branch_out(sources, git, at)
    git("merge", "-qm", "both", "theirs")
    assert git("status", "--porcelain", "cards") == ""
    before = (sources.root / "deck.lock").read_bytes()
    expect_both(sources, anki, released, at)
    ours, theirs = (before.decode().splitlines()[1:], git("show", "theirs:cards/deck.lock"))
    assert sum(line in ours for line in theirs.splitlines()) >= 5


def test_a_build_merges_what_git_could_not(
    sources: Sources, git: Callable[..., str], at: At, anki: RealAnki
) -> None:
    """Conflict markers in the ledger are both sides' words; `check --locked` names the command."""
    released = branch_out(sources, git, at)
    git("merge", "-qm", "both", "theirs", fails=True)
    assert "<<<<<<< HEAD" in (sources.root / "deck.lock").read_text(encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load(sources.root, locked=True)
    assert str(caught.value) == (
        "cards/deck.lock:1:1: the ledger contains both sides of a merge "
        "(run `deckpress build`, and commit cards/deck.lock)"
    )
    expect_both(sources, anki, released, at)


CONFLICT = """<<<<<<< HEAD
{}
||||||| base
{}
=======
{}
>>>>>>> theirs
"""


def test_a_card_that_git_could_not_merge(sources: Sources, git: Callable[..., str], at: At) -> None:
    """It is told once, where it begins; nothing that follows from the markers is told, too."""
    branch_out(sources, git, at)
    for branch in ("main", "theirs"):
        git("checkout", "-q", branch)
        sources.write("one/b.md", f"# B {{#b}}\n\n{branch}\n\n# BB {{#bb}}\n\nbb\n")
        git("commit", "-qam", "b")
    git("merge", "-qm", "both", "main", fails=True)
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    assert str(caught.value) == (
        "cards/one/b.md:3:1: git could not merge the lines from here on (write what is right, and "
        "delete the lines <<<<<<<, ======= and >>>>>>>; if they are an example, indent them)"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("one/words.csv", "key,front,back"),
        ("one/a.md", "# A {#a}\n\n```python\nx = 1\n```\n"),
        ("deck.yaml", "title: A"),
        ("companies.yaml", "companies: []"),
        ("bibliography.bib", "@misc{a, title={A}, url={https://a.example}}"),
        ("templates/card.css", ".a {}"),
    ],
)
def test_conflicts_in_every_file(sources: Sources, name: str, line: str) -> None:
    """The first line of each conflict is the mistake, whatever the file is."""
    sources.write("one/q.md", "# Q {#q}\n\nA.\n")
    one = CONFLICT.format(line, line, line)
    sources.write(name, f"{one}\n{one}")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    found = [(p.where.path, p.where.line, p.rule) for p in caught.value.problems]
    second = one.count("\n") + 2
    assert found == [(f"cards/{name}", at, "unfinished-merge") for at in (1, second)]


def test_what_only_looks_like_a_conflict(sources: Sources) -> None:
    """Lines of one kind, or in another order, or indented, are text."""
    text = "=======\n>>>>>>> a\n<<<<<<< b\n"
    indented = CONFLICT.format("a", "b", "c").replace("\n", "\n ")
    sources.write("one/q.md", f"# Q {{#q}}\n\nA.\n\n```text\n{text} {indented}\n```\n")
    assert len(load(sources.root).collection.notes) == 1


def test_both_ways_of_merging_give_the_same(
    sources: Sources, git: Callable[..., str], at: At, tmp_path: Path
) -> None:
    """It does not matter who merges whom."""
    branch_out(sources, git, at)
    texts = [git("show", f"{name}:cards/deck.lock") for name in ("main", "theirs")]
    results: list[str] = []
    for ours, theirs in (texts, texts[::-1]):
        (tmp_path / "ours").write_text(ours, encoding="utf-8")
        (tmp_path / "theirs").write_text(theirs, encoding="utf-8")
        merge_ledgers(tmp_path / "ours", tmp_path / "theirs")
        results.append((tmp_path / "ours").read_text(encoding="utf-8"))
    assert results[0] == results[1]
    (tmp_path / "theirs").write_text(results[0], encoding="utf-8")
    merge_ledgers(tmp_path / "ours", tmp_path / "theirs")
    assert (tmp_path / "ours").read_text(encoding="utf-8") == results[0]


def test_a_conflict_that_somebody_mended_by_hand(
    sources: Sources, git: Callable[..., str], at: At, anki: RealAnki
) -> None:
    """Without the markers no last line fits; one command takes what is there."""
    released = branch_out(sources, git, at)
    git("merge", "-qm", "both", "theirs", fails=True)
    rows: dict[str, str] = {}
    lock = sources.root / "deck.lock"
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            name, time = json.loads(line).get("id", line), json.loads(line).get("mod", 0)
            if name not in rows or json.loads(rows[name])["mod"] < time:
                rows[name] = line
    lock.write_text("".join(f"{line}\n" for line in rows.values()), encoding="utf-8")
    with pytest.raises(SourceError, match=r"or merged it by hand.*`deckpress merge-lock --seal c"):
        sources.build()
    assert run(sources.folder, "merge-lock", "--seal", "cards").returncode == 0
    expect_both(sources, anki, released, at)


def test_a_cut_side_is_never_merged(sources: Sources, at: At, tmp_path: Path) -> None:
    """What one branch lost at a line end is told; a build does not take both for whole, either."""
    sources.write("one/a.md", note("a", "x"))
    sources.write("one/b.md", note("b", "x"))
    at(EARLY)
    sources.build()
    lock = sources.root / "deck.lock"
    text = lock.read_text(encoding="utf-8")
    theirs = tmp_path / "theirs"
    for lost in (1, 2):
        sources.write("deck.lock", text)
        theirs.write_text("".join(text.splitlines(keepends=True)[:-lost]), encoding="utf-8")
        with pytest.raises(SourceError, match="the ledger was cut short"):
            merge_ledgers(lock, theirs)
        with pytest.raises(SourceError, match="the ledger was cut short"):
            sources.build()


def test_the_ledgers_of_two_decks_are_never_joined(sources: Sources, tmp_path: Path) -> None:
    """Two births of one deck: whoever merges has to say which of them people have."""
    sources.write("one/a.md", note("a", "x"))
    sources.build()
    lock = sources.root / "deck.lock"
    other = tmp_path / "theirs"
    other.write_text(lock.read_text(encoding="utf-8").replace('"small"', '"other"', 1))
    with pytest.raises(SourceError, match="these ledgers belong to two decks"):
        merge_ledgers(lock, other)
    assert lock.read_text(encoding="utf-8").count('"deckpress": 1') == 2
    with pytest.raises(SourceError, match="these ledgers belong to two decks"):
        load(sources.root)


def test_no_repository_is_said(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git, or outside a repository, nothing is written."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(sources.folder.parent))
    with pytest.raises(CallError, match=r"not (in )?a git"):
        set_up_merging(sources.root)
    assert not (sources.root / ".gitattributes").exists()
    assert run(sources.folder, "merge-lock").returncode == 2
    assert run(sources.folder, "merge-lock", "--setup", "cards", "--seal", "cards").returncode == 2


def outputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Build the deck in a folder, and return the bytes of every output."""
    monkeypatch.chdir(folder)
    formats = ["apkg", "update", "html"]
    done = build(Path("cards"), Path("out"), formats=formats, locked=True)
    return {output.path.name: output.path.read_bytes() for output in done.outputs}


@pytest.mark.parametrize("attributes", [True, False])
def test_a_clone_with_other_line_endings_builds_the_same(
    sources: Sources,
    git: Callable[..., str],
    at: At,
    monkeypatch: pytest.MonkeyPatch,
    attributes: bool,
) -> None:
    """Windows' git writes CRLF into a clone: with our attributes it does not, without it may."""
    at(EARLY)
    sources.write("one/a.md", note("a", "text\n\n![A box](f.svg)\n\n```python\nx = 1\n```"))
    sources.write("one/f.svg", SVG)
    sources.write("templates/sheet/sheet.css", "body {\n color: red;\n}\n")
    sources.write("templates/notes/basic/style.css", ".note {\n margin: 1px;\n}\n")
    sources.build()
    if attributes:
        set_up_merging(sources.root)
    git("add", "cards")
    git("commit", "-qm", "deck")
    here = outputs(sources.folder, monkeypatch)
    git("clone", "-q", "-c", "core.autocrlf=true", ".", "clone")
    clone = sources.folder / "clone"
    for name, ending in (("deck.lock", not attributes), ("one/f.svg", not attributes)):
        assert (b"\r\n" in (clone / "cards" / name).read_bytes()) == ending
    assert outputs(clone, monkeypatch) == here


def test_the_repository_keeps_its_line_endings(tmp_path: Path, git: Callable[..., str]) -> None:
    """A clone of this repository has no CRLF, whatever the system's git would write."""
    root = Path(__file__).parents[1]
    attributes = (root / ".gitattributes").read_bytes()
    for name in ("cards/x.md", "cards/deck.lock", "templates/x.css", "x.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\nb\n", encoding="utf-8")
    (tmp_path / ".gitattributes").write_bytes(attributes)
    font = (root / "templates/fonts/sans-regular.ttf").read_bytes()
    (tmp_path / "x.ttf").write_bytes(font)
    (tmp_path / "cards/deck.yaml").write_text(DECK_YAML, encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "all")
    git("clone", "-q", "-c", "core.autocrlf=true", ".", "clone")
    assert (tmp_path / "clone/x.ttf").read_bytes() == font
    texts = ("cards/x.md", "cards/deck.lock", "cards/deck.yaml", "templates/x.css", "x.py")
    assert not any(b"\r" in (tmp_path / "clone" / name).read_bytes() for name in texts)
    assert "merge: deckpress" in git("check-attr", "merge", "--", "cards/deck.lock")
