"""Two releases of a deck compared: from packages, folders and git, as text, JSON, release notes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from anki.decks import DeckId
from markdown_it import MarkdownIt
from pypdf import PdfReader

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources
from deckpress.importing.html.text import html_text
from deckpress.importing.package import read_package
from deckpress.pipeline.compare import compare_decks
from deckpress.text.problem import CallError, SourceError
from deckpress.text.word_difference import Piece, compare_words, shorten
from program import run
from test_merging import git

__all__ = ["git"]  # a fixture

EARLY = 1_760_000_000  # 2025-10-09
LATER = EARLY + 40 * 24 * 3600  # 2025-11-18
FIGURE = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="{}" height="9"/></svg>'
OLD = {
    "one/same.md": "# Same? {#same}\n\nstays\n",
    "one/edit.md": "# Edit? {#edit}\n\nThe mean is $x_1$ of all values.\n\nMore.\n",
    "one/form.md": "# Form? {#form}\n\nsome words\n",
    "one/move.md": "# Move? {#move}\n\nmoves\n",
    "one/name.md": "# What is an old name? {#name}\n\nname\n",
    "one/gone.md": "# Gone? {#gone}\n\ngone\n",
    "one/heir.md": "# Replaced? {#heir}\n\nheir\n",
    "one/fig.md": "# Figure? {#fig}\n\n![A box](f.svg)\n",
    "one/f.svg": FIGURE.format(9),
    "two/tags.md": "---\ntags: [a]\ndifficulty: easy\n---\n# Tags? {#tags}\n\ntags\n",
    "two/hole.md": "# Hole {#hole}\n\nan {{c1::old}} hole\n",
    "two/holes.md": "# Holes {#holes}\n\n{{c1::one}} two\n",
    "two/back.md": "# Back? {#back}\n\nback\n",
}
NEW = {
    "one/edit.md": "# Edit? {#edit}\n\nThe median is $x_2$ of all values.\n\nMore.\n",
    "one/form.md": "# Form? {#form}\n\nsome **words**\n",
    "two/move.md": "# Move? {#move}\n\nmoves\n",
    "one/name.md": "# What is a new name? {#name}\n\nname\n",
    "one/next.md": "---\nreplaces: [heir]\n---\n# Successor? {#next}\n\nnext\n",
    "one/f.svg": FIGURE.format(8),
    "two/tags.md": "---\ntags: [b]\ndifficulty: hard\n---\n# Tags? {#tags}\n\ntags\n",
    "two/hole.md": "# Hole {#hole}\n\na {{c1::new}} hole\n",
    "two/holes.md": "# Holes {#holes}\n\none {{c1::two}}\n",
}
TAKEN_OUT = ("one/move.md", "one/gone.md", "one/heir.md")
At = Callable[[int], None]
Write = Callable[[Mapping[str, str]], Sources]


def release(sources: Sources, name: str, **options: object) -> Path:
    """Build the package, and keep it under a name."""
    package = sources.build(**options)
    return package.rename(package.with_name(name))


def change(sources: Sources) -> None:
    """Make the new release of the old one."""
    for path in TAKEN_OUT:
        (sources.root / path).unlink()
    for path, content in NEW.items():
        sources.write(path, content)


@pytest.fixture
def two(write_all: Write, at: At) -> tuple[Sources, Path, Path]:
    """Return a deck and the packages of two of its releases."""
    sources = write_all(OLD)
    at(EARLY)
    sources.build()
    (sources.root / "two/back.md").unlink()
    at(EARLY + 9)
    old = release(sources, "old.apkg")
    change(sources)
    sources.write("two/back.md", OLD["two/back.md"])
    at(LATER)
    return sources, old, release(sources, "new.apkg")


def as_json(folder: Path, *arguments: str) -> dict[str, object]:
    """Run `diff --json`, and read what it prints."""
    done = run(folder, "diff", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def ids(found: Mapping[str, object], what: str) -> list[str]:
    """Return the ids of a list."""
    rows = found[what]
    assert isinstance(rows, list)
    return [row["id"] for row in rows]


def check_all(found: dict[str, object]) -> None:
    """Expect exactly what `NEW` changes."""
    assert found["matched"] == "guid"
    assert ids(found, "added") == ["next"]
    assert ids(found, "changed") == ["edit", "fig", "form", "hole", "holes", "tags"]
    assert ids(found, "moved") == ["move"]
    assert ids(found, "renamed") == ["name"]
    assert sorted(ids(found, "retired")) == ["gone", "heir"]
    assert found["look"] == []
    changed = {row["id"]: row for row in found["changed"]}  # type: ignore[attr-defined]
    (edit,) = changed["edit"]["fields"]
    assert (edit["field"], edit["old"], edit["new"]) == (
        "Answer", r"The mean is \(x_1\) of all values.", r"The median is \(x_2\) of all values.",
    )  # fmt: skip
    assert ["-", r"mean"] in edit["words"]
    assert ["+", r"\(x_2\)"] in edit["words"]
    (form,) = changed["form"]["fields"]
    assert form["old"] == form["new"] == "some words"
    assert changed["fig"]["figures"]
    (hole,) = changed["hole"]["fields"]
    assert hole["new"] == "a {{c1::new}} hole"
    told = {field["field"]: (field["old"], field["new"]) for field in changed["tags"]["fields"]}
    assert told == {"Difficulty": ("easy", "hard"), "Tags": ("a", "b")}
    renamed = found["renamed"][0]  # type: ignore[index]
    assert (renamed["old"], renamed["new"]) == ("What is an old name?", "What is a new name?")
    moved = found["moved"][0]  # type: ignore[index]
    assert (moved["old"], moved["new"]) == ("one", "two")
    heirs = {row["id"]: row["replaced_by"] for row in found["retired"]}  # type: ignore[attr-defined]
    assert heirs == {"gone": "", "heir": "Successor?"}


def test_two_packages(two: tuple[Sources, Path, Path]) -> None:
    """Every kind of change is found, and what did not change is not."""
    sources, old, new = two
    found = as_json(sources.folder, str(old), str(new))
    check_all(found)
    assert ids(found, "returned") == ["back"]
    assert found["old"] == {
        "source": str(old), "title": "Small Deck", "version": "2025-10-09", "notes": 11,
    }  # fmt: skip
    assert found["new"]["version"] == "2025-11-18"  # type: ignore[index]


def test_a_package_and_the_folder_it_was_made_of_are_the_same(
    two: tuple[Sources, Path, Path],
) -> None:
    """However a deck is read, its notes, look and version are the same."""
    sources, old, new = two
    found = compare_decks(str(new), "cards")
    assert not found
    assert found.matched == "guid"
    assert found.old.version == found.new.version == "2025-11-18"
    assert dict(found.old.look) == dict(found.new.look)
    done = run(sources.folder, "diff", str(new))
    assert "nothing changed" in done.stdout
    check_all(as_json(sources.folder, str(old), "cards"))


def test_revisions_of_git(
    write_all: Write, at: At, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """REV finds the deck by itself, REV:folder where it is told; the work tree stays as it is."""
    sources = write_all(OLD)
    at(EARLY)
    sources.build()
    git("add", "cards")
    git("commit", "-qm", "old")
    git("tag", "v1")
    change(sources)
    at(LATER)
    sources.build()
    git("add", "-A", "cards")
    git("commit", "-qm", "new")
    before = git("status", "--porcelain")
    for old, new in (
        ("v1", "main"),
        ("v1:cards", "HEAD"),
        ("v1", "cards"),
        ("HEAD~1", "main:cards"),
    ):
        found = as_json(sources.folder, old, new)
        check_all(found)
        assert found["old"]["version"] == "2025-10-09"  # type: ignore[index]
    assert git("status", "--porcelain") == before
    # Within the repository a folder is named as git names it, or as the shell does.
    monkeypatch.chdir(sources.root)
    assert compare_decks("v1:cards", "v1:.").matched == "guid"
    check_all(as_json(Path.cwd(), "v1", "."))


def test_mistakes_in_a_revision_are_told_at_their_place_there(
    write_all: Write, git: Callable[..., str]
) -> None:
    """No path of a temporary folder is ever shown."""
    sources = write_all(OLD)
    sources.write("one/same.md", "# Same? {#same}\n\n![x](none.png)\n")
    git("add", "cards")
    git("commit", "-qm", "old")
    git("tag", "bad")
    with pytest.raises(SourceError) as caught:
        compare_decks("bad", "cards")
    assert [problem.where.path for problem in caught.value.problems] == ["bad:cards/one/same.md"]


def test_a_revision_that_could_not_be_released_today_is_read(
    write_all: Write, at: At, git: Callable[..., str]
) -> None:
    """Whether the ledger would take it is not asked: here a deck has another name than there."""
    sources = write_all(OLD)
    at(EARLY)
    sources.build()
    sources.write("deck.yaml", DECK_YAML.replace("name: One", "name: First"))
    git("add", "cards")
    git("commit", "-qm", "renamed")
    git("checkout", "-q", ".")
    found = compare_decks("HEAD", "cards")
    assert found.matched == "guid"
    assert not found


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("nothing", "'nothing' is not a deck: there is no such file or folder, and no such rev", 2),
        ("nothing.apkg", "there is no file 'nothing.apkg'", 2),
        ("main:nothing", "there is no deck.yaml in the folder 'nothing' of main", 2),
        ("main:../..", "there is no deck.yaml in the folder '../..' of main", 2),
        (":cards", "':cards' is not a deck", 2),
        ("empty", "there is no deck.yaml", 1),
        ("notes.txt", "notes.txt:1:1: this file is not a deck (a package (.apkg), a folder", 1),
        ("text.apkg", "text.apkg:1:1: this package is damaged", 1),
        ("theirs.apkg", "no note in this package was made by deckpress", 1),
    ],
)
def test_what_is_no_deck_is_said(
    sources: Sources, git: Callable[..., str], anki: RealAnki, name: str, said: str, code: int
) -> None:
    """Each thing that is no deck gets its own message, and nothing is printed of the other."""
    sources.write("one/a.md", "# A? {#a}\n\na\n")
    git("add", "cards")
    git("commit", "-qm", "deck")
    (sources.folder / "empty").mkdir()
    for file in ("notes.txt", "text.apkg"):
        (sources.folder / file).write_text("words", encoding="utf-8")
    if name == "theirs.apkg":
        collection = anki.collection
        basic = collection.models.by_name("Basic")
        assert basic
        note = collection.new_note(basic)
        note["Front"] = "theirs"
        collection.add_note(note, DeckId(1))
        export(anki, sources.folder / name, legacy=False)
    done = run(sources.folder, "diff", name, "cards")
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_repository_a_revision_is_no_deck(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside a repository the message is the same."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(sources.folder.parent))
    with pytest.raises(CallError, match="no such revision of git"):
        compare_decks("main", "cards")


def export(anki: RealAnki, path: Path, *, legacy: bool, with_scheduling: bool = False) -> None:
    """Export everything that a collection holds, as Anki's window does."""
    from anki.collection import ExportAnkiPackageOptions

    options = ExportAnkiPackageOptions(
        with_scheduling=with_scheduling, with_deck_configs=False, with_media=True, legacy=legacy
    )
    anki.collection.export_anki_package(out_path=str(path), options=options, limit=None)


@pytest.mark.parametrize("legacy", [True, False])
def test_what_a_learner_exports_is_compared_with_a_release(
    two: tuple[Sources, Path, Path], anki: RealAnki, legacy: bool
) -> None:
    """In either of Anki's forms; what is the learner's is no change, and the version is known."""
    sources, old, new = two
    anki.load(old)
    note = anki.note("same")
    note["My notes"] = "mine"
    anki.collection.update_note(note)
    mine = sources.folder / "mine.apkg"
    export(anki, mine, legacy=legacy)
    assert not compare_decks(str(mine), str(old)).both
    found = as_json(sources.folder, str(mine), str(new))
    check_all(found)
    assert found["old"]["version"] == "2025-10-09"  # type: ignore[index]


def test_a_new_look_is_told(write_all: Write, at: At) -> None:
    """A style that changed is no change of any note; a note type that is new is no new look."""
    sources = write_all({"one/a.md": "# A? {#a}\n\na\n"})
    at(EARLY)
    old = release(sources, "old.apkg")
    sources.write("templates/notes/basic/style.css", ".note { margin: 1px; }\n")
    sources.write("one/b.md", "# B {#b}\n\n{{c1::b}}\n")
    at(LATER)
    new = release(sources, "new.apkg")
    found = compare_decks(str(old), str(new))
    assert [part.rpartition(": ")[2] for part in found.look] == ["styling"]
    assert ([note.id for note in found.added], found.both) == (["b"], ())
    assert "a new look" in run(sources.folder, "diff", str(old), str(new)).stdout


def test_decks_without_a_common_ledger_are_matched_by_id_and_that_is_said(
    write_all: Write, at: At
) -> None:
    """The same cards under another namespace are other notes to Anki; other cards are no match."""
    sources = write_all({"one/a.md": "# A? {#a}\n\nold\n"})
    at(EARLY)
    old = release(sources, "old.apkg")
    lock = sources.root / "deck.lock"
    sources.edit_ledger(lambda text: text.replace('"namespace": "small"', '"namespace": "other"'))
    sources.write("one/a.md", "# A? {#a}\n\nnew\n")
    found = compare_decks(str(old), "cards")
    assert (found.matched, [change.new.id for change in found.changed]) == ("id", ["a"])
    assert "to Anki these are two different decks" in run(sources.folder, "diff", str(old)).stdout
    (sources.root / "one/a.md").unlink()
    lock.unlink()
    sources.write("one/b.md", "# B? {#b}\n\nb\n")
    found = compare_decks(str(old), "cards")
    sources.build()
    assert found.matched in ("guid", "nothing")
    assert ([n.id for n in found.added], [n.id for n in found.retired]) == (["b"], ["a"])


def test_the_text_shows_both_sides(two: tuple[Sources, Path, Path]) -> None:
    """Old left and new right, changed words marked; on a narrow terminal one above the other."""
    sources, old, new = two
    wide = run(sources.folder, "diff", str(old), str(new))
    lines = wide.stdout.splitlines()
    (row,) = [line for line in lines if "[-mean-]" in line]
    assert row.index("[-mean-]") < row.index("{+median+}")
    for heading in (
        "new", "back again", "changed", "asked in different words", "moved", "taken out",
    ):  # fmt: skip
        assert heading in lines
    assert "1 note new, 1 back again, 6 changed" in lines[1]
    assert any("heir" in line and "replaced by: Successor?" in line for line in lines)
    assert any("the same words, formatted differently" in line for line in lines)


@pytest.mark.parametrize(("width", "stacked"), [(50, True), (100, False)])
def test_the_text_fits_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int, stacked: bool
) -> None:
    """No line is wider than the terminal, and nothing of the texts is lost."""
    from rich.console import Console

    from deckpress.cli import console

    out = Console(width=width, soft_wrap=True, highlight=False)
    monkeypatch.setattr(console, "_console", lambda *, stderr, elsewhere=0: out)
    words = " ".join(f"word{number}" for number in range(30))
    console.show_sides([("=", words), ("-", " gone"), ("+", " come")], indent=4)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    assert any(line.startswith("    - word0") for line in lines) == stacked
    text = " ".join(lines)
    assert text.count("word17 ") + text.count("word17") >= 2
    assert "[- gone-]" in " ".join(text.split())
    assert "{+ come+}" in " ".join(text.split())


def test_release_notes_read_well(two: tuple[Sources, Path, Path]) -> None:
    """Questions under their categories, words struck out and bold, no machine's words."""
    sources, old, new = two
    done = run(sources.folder, "diff", str(old), str(new), "--format", "md")
    assert (
        done.stdout
        == """\
# Small Deck 2025-11-18

Since 2025-10-09: 1 note new, 1 back again, 6 changed, 1 asked in different words, 1 moved, \
1 in another place, 2 taken out.

## New

### One

- Successor?

## Back again

### Two

- Back?

## Changed

- Edit?
  - *Answer*: The ~~mean~~ **median** is ~~$x_1$~~ **$x_2$** of all values.
- Figure?
  - *Figures*: 1 changed
- Form?
  - *Answer*: the same words, formatted differently
- Hole
  - *Text*: ~~an old~~ **a new** hole
- Holes
  - *Text*: the same words, different holes

## Sources, companies, tags

- Tags? (difficulty, tags)

## Asked in different words

- What is ~~an old~~ **a new** name?

## Moved

- Move?: from One to Two

## In another place

- Tags?: now after “Holes” among new cards

In Anki, cards that you have stay where they are.

## Taken out

- Gone?
- Replaced?, replaced by “Successor?”
"""
    )


FOUR = "".join(f"# {name.upper()}? {{#{name}}}\n\nx\n\n" for name in "abcd")
OTHER = "".join(f"# {name.upper()}? {{#{name}}}\n\nx\n\n" for name in "bcda")


def folder_copy(sources: Sources, name: str) -> str:
    """Keep the folder of cards as it is now, and return the copy's name."""
    shutil.copytree(sources.root, name)
    return name


def afters(found: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return the ids of the notes that stand elsewhere, each with what stands before it."""
    rows = found["shifted"]
    assert isinstance(rows, list)
    return [(row["id"], row["after"]) for row in rows]


def test_a_new_order_alone_is_told(write_all: Write, at: At) -> None:
    """What moved, behind what, in which order; in a package, only new cards have one."""
    sources = write_all({"one/a.md": FOUR, "two/b.md": "# Y? {#y}\n\nx\n\n# Z? {#z}\n\nx\n"})
    at(EARLY)
    old = release(sources, "old.apkg")
    was = folder_copy(sources, "was")
    assert not compare_decks(was, "cards")
    sources.write("one/a.md", OTHER)
    found = as_json(sources.folder, was, "cards")
    assert afters(found) == [("a", {"new cards": "d", "pages": "d"})]
    assert {key for key, value in found.items() if value} == {"old", "new", "matched", "shifted"}
    said = run(sources.folder, "diff", was, "cards").stdout.splitlines()
    assert said[1:] == [
        "1 note in another place", "", "in another place",
        "  a                           after d among new cards and on the pages  A?",
    ]  # fmt: skip
    at(LATER)
    new = release(sources, "new.apkg")
    assert afters(as_json(sources.folder, str(old), str(new))) == [("a", {"new cards": "d"})]
    sources.write("one/a.md", FOUR)
    assert "  first among new cards" in run(sources.folder, "diff", str(new)).stdout
    notes = run(sources.folder, "diff", str(new), "--format", "md").stdout
    assert "\n\n- A?: now first among new cards\n\nIn Anki, cards that you have stay" in notes


def test_what_moves_new_cards_moves_them_on_the_pages(write_all: Write) -> None:
    """Where the order of the files is none of either's, a change of it moves nothing."""
    hard = FOUR.replace("{#a}", "{#a difficulty=hard}")
    sources = write_all({"one/a.md": hard})
    was = folder_copy(sources, "was")
    sources.write("deck.yaml", DECK_YAML + "new_cards: as-written\n")
    (shift,) = compare_decks(was, "cards").shifted
    assert (shift.note.id, shift.after) == ("a", {"new cards": None, "pages": None})
    sources.write("deck.yaml", DECK_YAML)
    sources.write("one/a.md", OTHER.replace("{#a}", "{#a difficulty=hard}"))
    assert not compare_decks(was, "cards").shifted
    sources.write("one/a.md", FOUR.replace("{#a}", "{#a difficulty=easy}"))
    found = as_json(sources.folder, was, "cards")
    assert afters(found) == [("a", {"new cards": None, "pages": None})]


def test_a_table_of_word_pairs_keeps_its_order_on_the_pages(write_all: Write) -> None:
    """A row that is easier than others comes earlier in Anki; the table stays as it is."""
    rows = "key,front,back,difficulty\na,x,y,\nb,v,w,{}\n"
    sources = write_all({"one/words.csv": rows.format("")})
    was = folder_copy(sources, "was")
    sources.write("one/words.csv", rows.format("easy"))
    assert afters(as_json(sources.folder, was, "cards")) == [("b", {"new cards": None})]


def test_categories_in_another_order_are_told(write_all: Write) -> None:
    """Their notes are not; nor are notes that come, go, or change their category."""
    sources = write_all({"one/a.md": FOUR, "two/b.md": "# Y? {#y}\n\nx\n\n# Z? {#z}\n\nx\n"})
    sources.build()
    was = folder_copy(sources, "was")
    one, two = DECK_YAML.splitlines()[-2:]
    sources.write("deck.yaml", DECK_YAML.replace(f"{one}\n{two}", f"{two}\n{one}"))
    found = compare_decks(was, "cards")
    assert (list(found.categories), found.shifted) == (["two", "one"], ())
    said = run(sources.folder, "diff", was, "cards").stdout.splitlines()
    assert said[1:] == ["categories in another order", "", "categories on the pages", "  Two, One"]
    sources.write("deck.yaml", DECK_YAML)
    sources.write("one/a.md", "# N? {#n}\n\nx\n\n" + FOUR.partition("# B?")[0] + "# Y? {#y}\n\nx\n")
    sources.write("two/b.md", "# Z? {#z}\n\nx\n")
    found = compare_decks(was, "cards")
    assert ([note.id for note in found.added], found.categories, found.shifted) == (["n"], {}, ())


def test_a_new_order_throughout_is_told_briefly(write_all: Write) -> None:
    """Some are named, the others counted; JSON has all."""
    cards = [f"# {n}? {{#n-{n}}}\n\nx\n" for n in range(30)]
    sources = write_all({"one/a.md": "\n".join(cards)})
    sources.build()
    was = folder_copy(sources, "was")
    sources.write("one/a.md", "\n".join(reversed(cards)))
    said = run(sources.folder, "diff", was, "cards").stdout
    assert "29 notes in another place" in said
    assert "  and 17 more (--json lists all)\n" in said
    assert len(said.splitlines()) == 4 + 12 + 1
    assert len(ids(as_json(sources.folder, was, "cards"), "shifted")) == 29
    assert "\n- and 17 more\n" in run(sources.folder, "diff", was, "cards", "--format=md").stdout


def test_a_card_that_is_studied_has_no_place_among_new_ones(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """What a learner exports with a progress is compared as far as it has an order."""
    sources = write_all({"one/a.md": FOUR})
    at(EARLY)
    anki.load(release(sources, "old.apkg"))
    note = anki.note("a")
    card = note.cards()[0]
    card.type, card.queue, card.due = 2, 2, 999
    anki.collection.update_card(card)
    mine = sources.folder / "mine.apkg"
    export(anki, mine, legacy=True, with_scheduling=True)
    assert not compare_decks(str(mine), "cards")
    sources.write("one/a.md", "".join(f"# {n.upper()}? {{#{n}}}\n\nx\n\n" for n in "cbda"))
    (shift,) = compare_decks(str(mine), "cards").shifted
    assert shift.note.id in "bc"


def test_release_notes_show_signs_as_they_are(write_all: Write, at: At) -> None:
    """Whatever a question holds, Markdown shows it and nothing else."""
    sources = write_all({"one/a.md": "# A? {#a}\n\na\n"})
    at(EARLY)
    old = release(sources, "old.apkg")
    question = r"1\. Is \*x\* \_y\_ \<b\> &#91;z&#93;(u) \# \| a \`code\` or 5\$?"
    sources.write("one/b.md", f"# {question} {{#b}}\n\nb\n")
    done = run(sources.folder, "diff", str(old), "cards", "--format", "md")
    tokens = MarkdownIt("commonmark").parse(done.stdout)
    (item,) = [token for token in tokens if token.type == "inline" and "code" in token.content]
    assert "".join(child.content for child in item.children or []) == (
        "1. Is *x* _y_ <b> [z](u) # | a `code` or 5$?"
    )
    assert {child.type for child in item.children or []} <= {"text", "text_special"}


def test_words_are_compared_and_far_ones_left_out() -> None:
    """Runs join to both texts; formulas are whole; a change keeps its neighbours."""
    old, new = r"a \(x + y\) b, c d", r"a \(x + z\) b, e f"
    pieces = compare_words(old, new)
    assert pieces == (
        Piece("=", "a "), Piece("-", r"\(x + y\)"), Piece("+", r"\(x + z\)"), Piece("=", " b, "),
        Piece("-", "c d"), Piece("+", "e f"),
    )  # fmt: skip
    assert "".join(piece.text for piece in pieces if piece.sign != "+") == old
    assert "".join(piece.text for piece in pieces if piece.sign != "-") == new
    assert compare_words("same", "same") == (Piece("=", "same"),)
    assert compare_words("", "new") == (Piece("+", "new"),)
    far = " ".join(map(str, range(100)))
    short = shorten(compare_words(f"{far} old {far}", f"{far} new {far}"), words=2)
    assert "".join(piece.text for piece in short) == "… 98 99 oldnew 0 1 …"


def test_html_becomes_text_for_people() -> None:
    """A line for each block, code as it is, figures and formulas by their words."""
    html = (
        "<p>One <b>two</b>,\nthree</p><ul><li>a</li><li>b<br>c</li></ul>"
        "<pre><code>def f():\n    return 1 &lt; 2</code></pre>"
        "<table><tr><th>h</th><th>i</th></tr><tr><td>1</td><td>2</td></tr></table>"
        r'<img src="_f.svg" alt="A box">\(x &lt; y\)'
    )
    assert html_text(html) == "\n".join((
        "One two, three", "- a", "- b", "c", "def f():", "    return 1 < 2", "h | i", "1 | 2",
        r"[figure: A box]\(x < y\)",
    ))  # fmt: skip


def test_the_version_is_everywhere(write_all: Write, at: At, anki: RealAnki) -> None:
    """In Anki's description, which an import renews, on both sheets, and in the JSON."""
    sources = write_all({"one/a.md": "# A? {#a}\n\na\n"})
    at(EARLY)
    anki.load(sources.build())

    def described() -> str:
        return str(anki.collection.decks.by_name("Small Deck")["desc"])  # type: ignore[index]

    assert "\n\nVersion 2025-10-09\n\n" in described()
    sources.write("deck.yaml", DECK_YAML + "version: 1.10\n")
    sources.write("one/a.md", "# A? {#a}\n\nb\n")
    at(LATER)
    package = sources.build(formats=["apkg", "html", "pdf", "json"])
    anki.load(package, update_notes="NEVER")
    assert "\n\nVersion 1.10\n\n" in described()
    assert read_package(package).descriptions == {"Small Deck": described()}
    page = package.with_suffix(".html").read_text(encoding="utf-8")
    assert "1 note · version 1.10 · <bdi>2025-11-18</bdi>" in page
    text = PdfReader(package.with_suffix(".pdf")).pages[0].extract_text()
    assert "version 1.10 · 2025-11-18" in " ".join(text.split())
    exported = json.loads(package.with_suffix(".json").read_text(encoding="utf-8"))
    assert exported["deck"]["version"] == "1.10"
    assert compare_decks(str(package), "cards").old.version == "1.10"


def test_a_new_look_alone_makes_a_new_version(write_all: Write, at: At) -> None:
    """The ledger's newest time is that of a note or of a look."""
    sources = write_all({"one/a.md": "# A? {#a}\n\na\n"})
    at(EARLY)
    sources.build()
    sources.write("templates/notes/basic/style.css", ".note { margin: 1px; }\n")
    at(LATER)
    assert compare_decks(str(sources.build()), "cards").old.version == "2025-11-18"


@pytest.mark.parametrize("version", ["'1 0'", "-1", "a" + "b" * 50, "[1]"])
def test_a_version_is_one_short_word(sources: Sources, version: str) -> None:
    """What would not fit a line of the description is a mistake at its place."""
    sources.write("one/a.md", "# A? {#a}\n\na\n")
    sources.write("deck.yaml", f"{DECK_YAML}version: {version}\n")
    with pytest.raises(SourceError) as caught:
        sources.build()
    assert str(caught.value).startswith("cards/deck.yaml:7:")
