"""A deck of one's own in a minute, and a new card in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import load
from deckpress.pipeline.starter import CARD_KINDS
from program import run


def test_a_new_deck_builds_at_once(tmp_path: Path, anki: RealAnki) -> None:
    """It has a card of every kind, no mistake, and Anki imports it."""
    done = run(
        tmp_path, "init", "spanish-words", "--language", "es", "--author", 'Ana "A"',
        "--category", "Casa", "--category", "Comida y bebida",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "spanish-words"
    assert "no mistakes in 5 files: 5 notes, 7 cards" in run(folder, "check", "--strict").stdout
    assert run(folder, "build").returncode == 0
    assert {path.suffix for path in (folder / "build").iterdir()} >= {".apkg", ".html", ".pdf"}
    assert anki.load(folder / "build/spanish-words.apkg") == Imported(5, 0, 0, 0)
    assert run(folder, "verify").returncode == 0
    kinds = {note.kind for note in load(folder / "cards").collection.notes}
    assert kinds == {"basic", "cloze", "coding", "design", "reversed"}
    for path in (".gitattributes", ".github/workflows/deck.yml", "cards/.schema/deck.schema.json"):
        assert (folder / path).is_file(), path
    assert yaml.safe_load((folder / ".github/workflows/deck.yml").read_text())["jobs"]


@pytest.mark.parametrize("language", ["ar", "de-AT", "es", "fr", "ja", "zh-Hant"])
def test_examples_in_the_deck_s_language(tmp_path: Path, language: str) -> None:
    """They are those of the English deck: the same ids, kinds and parts, in other words."""
    assert run(tmp_path, "init", "en", "--title", "T").returncode == 0
    done = run(tmp_path, "init", "own", "--title", "T", "--language", language)
    assert done.returncode == 0, done.stderr
    assert "in English" not in done.stdout
    english, own = (load(tmp_path / name / "cards") for name in ("en", "own"))
    assert list(own.notes) == list(english.notes)
    for note in english.collection.notes:
        other = next(n for n in own.collection.notes if n.id == note.id)
        assert (other.kind, other.difficulty, other.tags) == (note.kind, note.difficulty, note.tags)
        assert other.question != note.question
        theirs, ours = english.notes[note.id], own.notes[note.id]
        assert theirs.ords == ours.ords
        assert [bool(f) for f in theirs.fields] == [bool(f) for f in ours.fields]
    (category,) = own.collection.info.categories
    assert category.slug == "first"
    assert category.name != "First"
    # Fonts for some scripts are the author's to choose, and that is told.
    shown = run(tmp_path / "own", "check")
    advice = [line for line in shown.stderr.splitlines() if "advice:" in line]
    assert shown.returncode == 0
    assert all("the PDF prints" in line for line in advice), shown.stderr
    assert run(tmp_path / "own", "verify").returncode == 0


def test_a_language_that_the_program_has_no_words_of(tmp_path: Path) -> None:
    """Its examples are English, which is told; a language is no path either."""
    done = run(tmp_path, "init", "deck", "--language", "pt-BR")
    assert "the example cards are in English: the program has no words for 'pt-BR'" in done.stdout
    assert load(tmp_path / "deck/cards").collection.info.language == "pt-BR"
    assert run(tmp_path, "init", "other", "--language", "../tokens").returncode == 2


def test_a_title_in_another_script(tmp_path: Path) -> None:
    """Whatever it is called, the outputs have a name."""
    for name, title in (("a", "日本語"), ("b", "C: x # y"), ("c", "Ärzte & Öfen")):
        assert run(tmp_path, "init", name, "--title", title).returncode == 0
        assert load(tmp_path / name / "cards").collection.info.title == title


def test_letters_that_are_no_accents_are_spelled_out(tmp_path: Path) -> None:
    """Names of decks, ids of new cards, missing ids and imported ids say ss for ß, o for ø."""
    assert run(tmp_path, "init", "deck", "--title", "Große Straßen").returncode == 0
    deck = tmp_path / "deck"
    assert "slug: grosse-strassen\n" in (deck / "cards/deck.yaml").read_text(encoding="utf-8")
    assert "ort-lodz-ol.md" in run(deck, "new", "Ort: Łódź, Øl?", "--no-edit").stdout
    (deck / "cards/first/more.md").write_text("# Œuvre, cæsar?\n\nJa.\n\n# Maß?\n\nNein.\n")
    run(deck, "check", "--fix")
    fixed = (deck / "cards/first/more.md").read_text(encoding="utf-8")
    assert "{#oeuvre-caesar}" in fixed
    assert "{#mass}" in fixed
    (deck / "a.csv").write_text("Straße?,Weg\n", encoding="utf-8")
    run(deck, "import", "a.csv", "--out", "other")
    assert "{#strasse}" in "".join(p.read_text("utf-8") for p in deck.glob("other/*/*.md"))


def test_a_german_deck_spells_its_letters_out(tmp_path: Path) -> None:
    """Folders and ids are what a German would write without dots, however they are made."""
    call = ("init", "d", "--title", "Übungen", "--language", "de-AT", "--category", "Störungen")
    run(tmp_path, *call)
    cards = tmp_path / "d/cards"
    assert "slug: uebungen\n" in (cards / "deck.yaml").read_text("utf-8")
    run(tmp_path / "d", "new", "Was heißt Übermaß?", "--no-edit")
    assert (cards / "stoerungen/was-heisst-uebermass.md").exists()
    (cards / "stoerungen/z.md").write_text("# Köln?\n\nA.\n\n# Bär?\n\nB.\n", "utf-8")
    run(tmp_path / "d", "check", "--fix")
    assert "# Köln? {#koeln}" in (cards / "stoerungen/z.md").read_text("utf-8")


@pytest.mark.parametrize("language", ["ar", "de-AT", "en", "es", "fr", "ja", "zh-Hant", "pt"])
def test_a_new_card_speaks_the_language_of_the_deck(tmp_path: Path, language: str) -> None:
    """What is to be filled in is written in it, and told to be open, as what an English one says."""
    run(tmp_path, "init", "d", "--language", language)
    said = {}
    for kind in CARD_KINDS:
        call = ("--kind", kind, "--id", f"a-{kind}", "--no-edit", "--source", "d/cards")
        path = Path(run(tmp_path, "new", f"1 {kind}?", *call).stdout.strip())
        said[kind] = (tmp_path / path).read_text("utf-8").partition("\n\n")[2]
    words = "".join(said.values())
    english = {
        *("hidden words", "The short answer: what you would say in half a minute."),
        *("The approach in a sentence.", "The outline in a sentence.", "## First step"),
        *("## Second step", "The other side."),
    }
    assert {word for word in english if word in words} == (
        english if language in ("en", "pt") else set()
    )
    (tmp_path / "d/cards/first/old.md").write_text("# Old?\n\nThe other side.\n")
    checked = run(tmp_path, "check", "d/cards").stderr
    assert checked.count("the card is not filled in") == len(CARD_KINDS) + 1


def test_values_that_do_not_do(tmp_path: Path) -> None:
    """What deck.yaml may not hold is told before anything is written."""
    for option, value in (("--title", "A::B"), ("--language", "Klingon!"), ("--slug", "A b")):
        done = run(tmp_path, "init", "deck", option, value)
        assert (done.returncode, bool(done.stderr)) == (2, True)
        assert not (tmp_path / "deck").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays, and nothing is written beside it."""
    (tmp_path / "deck/cards").mkdir(parents=True)
    (tmp_path / "deck/cards/deck.yaml").write_text("mine")
    done = run(tmp_path, "init", "deck")
    assert done.returncode == 2
    assert "deck.yaml already exists; nothing was written: name another folder" in done.stderr
    assert [path.name for path in (tmp_path / "deck").iterdir()] == ["cards"]


def test_what_a_repository_holds_already_stays(tmp_path: Path) -> None:
    """A README of one's own is no reason not to start: it is left, and said to be."""
    (tmp_path / "my deck").mkdir()
    (tmp_path / "my deck/README.md").write_text("mine")
    done = run(tmp_path, "init", "my deck")
    assert done.returncode == 0, done.stderr
    assert "README.md was there already: left as it is" in done.stdout
    assert "next: cd 'my deck' && deckpress preview" in done.stdout
    assert (tmp_path / "my deck/README.md").read_text() == "mine"
    assert run(tmp_path / "my deck", "check", "--strict").returncode == 0


def test_names_that_no_folder_or_file_may_have(tmp_path: Path) -> None:
    """Whatever it is called, what is begun has no mistake; names are written as they are read."""
    names = ("CON", "con", "A/B", "A B", "../up", "日本", "日本語")
    given = [word for name in names for word in ("--category", name)]
    done = run(tmp_path, "init", "NUL", "--title", "L'été & <b>", *given)
    assert done.returncode == 0, done.stderr
    assert run(tmp_path / "NUL", "check", "--strict").stderr == ""
    info = load(tmp_path / "NUL/cards").collection.info
    assert [category.slug for category in info.categories] == [
        "con-cards", "a-b", "a-b-3", "up", "part-5", "part-6",
    ]  # fmt: skip
    text = (tmp_path / "NUL/cards/deck.yaml").read_text(encoding="utf-8")
    assert 'title: "L\'été & <b>"' in text
    assert 'name: "日本語"' in text
    assert (tmp_path / "NUL/README.md").read_text(encoding="utf-8").startswith("# L'été & <b>\n")
    done = run(tmp_path, "init", "nul")
    assert done.returncode == 0
    assert load(tmp_path / "nul/cards").collection.info.slug == "nul-deck"


@pytest.mark.parametrize("kind", ["basic", "cloze", "coding", "design", "reversed"])
def test_a_new_card(sources: Sources, kind: str) -> None:
    """It has an id, its front matter, and no mistake but what is to be filled in."""
    sources.write("one/a.md", "# A?\n\nx\n")
    done = run(
        sources.folder, "new", "Why does `x` help in the $n$ case?", "--kind", kind, "-d", "hard",
        "-t", "one", "-k", "two",
    )  # fmt: skip
    assert done.stdout == "cards/two/help-case.md\n"
    (note,) = (n for n in load(sources.root).collection.notes if n.id == "help-case")
    assert (note.kind, note.difficulty, note.tags, note.category) == (kind, "hard", ("one",), "two")
    assert run(sources.folder, "new", "Help, case!").returncode == 2


def test_ids_of_new_cards(sources: Sources) -> None:
    """One that is taken is refused; a question in another script gets one all the same."""
    sources.write("one/a.md", "# A? {#taken}\n\nx\n")
    done = run(sources.folder, "new", "Taken?")
    assert (done.returncode, "the id 'taken' is taken by cards/one/a.md:1:1" in done.stderr) == (
        2,
        True,
    )
    assert run(sources.folder, "new", "何ですか").returncode == 0
    assert len(load(sources.root).collection.notes) == 2
    done = run(sources.folder, "new", "X?", "-k", "tow")
    assert (done.returncode, "did you mean 'two'?" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["x", "--id", "../../out"], "attributes cannot be read"),
        (["x", "--id", "aux"], "Windows keeps the name 'aux.md' for itself"),
        (["x", "--id", "-x"], "is not a slug"),
        (["x", "-t", "a b"], "a tag has no spaces"),
        (["x", "-t", "a, b]"], "a tag has no spaces"),
        (["x {#own}"], "one {...} and one id"),
        (["  "], "a card needs a question"),
        (["A {{c1::hole}}", "--kind", "cloze"], "a hole in the question"),
        (["x", "--kind", "basik"], "did you mean 'basic'?"),
    ],
)
def test_no_card_with_a_mistake_is_written(
    sources: Sources, options: list[str], reason: str
) -> None:
    """What is given is held against the deck before anything is written, inside it or outside."""
    sources.write("one/a.md", "# A?\n\nx\n")
    before = sorted(sources.folder.rglob("*.md"))
    done = run(sources.folder, "new", *options)
    assert (done.returncode, reason in done.stderr) == (2, True), done.stderr
    assert sorted(sources.folder.rglob("*.md")) == before


def test_a_card_can_be_begun_while_another_is_broken(sources: Sources) -> None:
    """Ids of cards with mistakes count all the same; tags are read back as they were given."""
    sources.write("one/a.md", "# A? {#a}\n\n$\\frac{$\n")
    assert run(sources.folder, "new", "A").returncode == 2
    done = run(sources.folder, "new", "Aux:\n why?", "-t", "#1", "-t", "c++", "-t", "no")
    assert done.stdout == "cards/one/aux-card.md\n"
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    (note,) = (n for n in load(sources.root).collection.notes if n.id == "aux-card")
    assert note.tags == ("#1", "c++", "no")
    sources.write("deck.yaml", "title: [")
    done = run(sources.folder, "new", "B?")
    assert (done.returncode, "deck.yaml" in done.stderr) == (1, True)


def test_the_editor_opens_it(sources: Sources) -> None:
    """$EDITOR gets the file."""
    sources.write("one/a.md", "# A?\n\nx\n")
    editor = sources.folder / "editor"
    editor.write_text('#!/bin/sh\necho edited >> "$1"\n')
    editor.chmod(0o755)
    done = run(sources.folder, "new", "Opened?", "--edit", EDITOR=str(editor), VISUAL="")
    assert done.returncode == 0
    assert (sources.root / "one/opened.md").read_text().endswith("edited\n")


def test_an_editor_that_is_missing(sources: Sources) -> None:
    """The card is there all the same, and what the machine lacks is said."""
    sources.write("one/a.md", "# A?\n\nx\n")
    done = run(
        sources.folder, "new", "Opened?", "--edit", EDITOR="no-such-editor --wait", VISUAL=""
    )
    assert (done.returncode, "the card is written" in done.stderr) == (3, True), done.stderr
    assert (sources.root / "one/opened.md").is_file()


def test_a_stranger_s_first_hour(tmp_path: Path, anki: RealAnki) -> None:
    """What `--help` names is all it takes: a card with code and a formula, in the real Anki."""
    shown = run(tmp_path, "--help").stdout
    for line in ("deckpress init my-deck", 'deckpress new "Question?"', "deckpress build"):
        assert line in shown
    assert run(tmp_path, "init", "my-deck").returncode == 0
    folder = tmp_path / "my-deck"
    done = run(folder, "new", "What is Euclid's algorithm?", "--kind", "coding")
    assert done.stdout == "cards/first/euclids-algorithm.md\n"
    path = folder / done.stdout.strip()
    checked = run(folder, "check")
    assert checked.returncode == 0
    assert f"{done.stdout.strip()}:1:1: advice: the card is not filled in" in checked.stderr
    head = path.read_text().split("\n")[0]
    path.write_text(
        f"{head}\n\nTake remainders until one is zero: $\\gcd(a, b) = \\gcd(b, a \\bmod b)$.\n\n"
        "```python\ndef gcd(a, b):\n    return gcd(b, a % b) if b else a\n```\n\n"
        "```python test\nassert gcd(12, 18) == 6\n```\n"
    )
    assert run(folder, "check", "--strict").returncode == 0
    assert run(folder, "build", "--format", "apkg").returncode == 0
    anki.load(folder / "build/my-deck.apkg")
    back = anki.show(anki.note("euclids-algorithm").cards()[0]).answer
    assert "\\gcd(a, b)" in back
    assert '<span class="k">return</span>' in back
