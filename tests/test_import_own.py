"""What this program wrote is read back: tables, update files, Anki's export of it, own templates."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources
from deckpress import build, load
from deckpress.pipeline.import_deck import ImportOptions, import_deck
from deckpress.text.problem import SourceError
from program import run
from sounds import FILES
from test_import import OWN_DECK, PNG, cards, losses


def write_own_deck(sources: Sources) -> Path:
    """Write a deck of every kind, build it in every format of text, and return where that is."""
    for name, text in OWN_DECK.items():
        sources.write(name, text)
    sources.write("two/dot.png", PNG)
    sources.write("two/words.csv", "key,front,back,hint\nperro,el perro,the dog,woof\n")
    sources.write("deck.yaml", DECK_YAML)
    out = sources.root.parent / "built"
    build(sources.root, out, formats=["apkg", "csv", "tsv", "update"])
    return out


@pytest.mark.parametrize("ending", [".csv", ".tsv", "-update.csv", ".txt"])
def test_texts_of_ours(sources: Sources, anki: RealAnki, tmp_path: Path, ending: str) -> None:
    """A table of ours, an update file and Anki's export hold the notes that the package holds."""
    built = write_own_deck(sources)
    package = built / "small.apkg"
    source = built / f"small{ending}"
    if ending == ".txt":
        anki.load(package)
        anki.collection.export_note_csv(
            out_path=str(source), limit=None, with_html=True, with_tags=True, with_deck=True,
            with_notetype=True, with_guid=True,
        )  # fmt: skip
    import_deck(package, tmp_path / "whole", ImportOptions(slug="small"))
    (tmp_path / "media").mkdir()
    for file in (tmp_path / "whole/media").iterdir():
        name = f"_{file.stem}-{sha256(file.read_bytes()).hexdigest()[:8]}"
        (tmp_path / "media" / (name + file.suffix)).write_bytes(file.read_bytes())
    options = ImportOptions(slug="small", media=tmp_path / "media")
    done = import_deck(source, tmp_path / "back", options)
    assert (done.notes, done.cards, done.guids, done.left_out) == (6, 6, 6, ())
    told = {what.partition(":")[0] for _, what in losses(tmp_path / "back")}
    untold = {"tags and companies"} if ending == "-update.csv" else set()
    assert told == {"the language of the deck", *untold}
    if not untold:
        assert cards(tmp_path / "back") == cards(tmp_path / "whole")
    again = build(tmp_path / "back", tmp_path / "again", formats=["apkg"]).outputs[0].path
    shown = run(tmp_path, "diff", str(package), str(again)).stdout
    if untold:
        assert "company::" in shown or "Companies" in shown, shown
    else:
        assert "nothing changed" in shown


@pytest.mark.parametrize(
    ("language", "slug", "names"),
    [
        ("de-CH", "uebungen", ["stoerungen/01-koeln.md"]),
        ("fr", "ubungen", ["storungen/01-koln.md"]),
        ("", "ubungen", ["storungen/01-koln.md"]),
    ],
)
def test_german_letters_are_spelled_out(
    tmp_path: Path, language: str, slug: str, names: list[str]
) -> None:
    """Names of a deck that is said to be German are what `init`, `new` and `check --fix` write."""
    text = "#separator:tab\n#html:true\n#deck column:3\nK\u00f6ln?\tA.\tU\u0308bungen::Störungen\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    import_deck(tmp_path / "a.txt", tmp_path / "d", ImportOptions(language=language))
    deck = (tmp_path / "d/deck.yaml").read_text("utf-8")
    assert f"slug: {slug}\n" in deck
    made = [path for path in (tmp_path / "d").rglob("*.md") if path.parent != tmp_path / "d"]
    assert [path.relative_to(tmp_path / "d").as_posix() for path in made] == names
    # The same deck, imported before its language was named, is the same to Anki.
    name = load(tmp_path / "d").reconciled.ledger.namespace
    assert name.startswith("ubungen-")


@pytest.mark.parametrize("slug", ["ubungen", "uebungen"])
def test_names_that_a_german_deck_of_ours_has_stay(
    sources: Sources, tmp_path: Path, slug: str
) -> None:
    """Its slug, folders and ids are those that it was made with, however they were spelled."""
    head = DECK_YAML.replace("title: Small Deck", "title: Übungen\nlanguage: de")
    head = head.replace("slug: small", f"slug: {slug}").replace("name: One", "name: Störungen")
    sources.write("deck.yaml", head)
    sources.write("one/koln.md", "# Köln?\n\nA.\n")
    sources.write("companies.yaml", "companies: [{slug: mueller, name: Müller}]\n")
    fact = "---\ncompanies: {mueller: {kind: watched, grade: A}}\n---\n"
    sources.write("one/koeln.md", f"{fact}# Köln!\n\nB.\n")
    done = import_deck(sources.build(), tmp_path / "back")
    assert done.updates
    back = load(tmp_path / "back").collection
    assert back.info.slug == slug
    assert {(note.id, note.category) for note in back.notes} == {("koln", "one"), ("koeln", "one")}
    told = next(note.evidence for note in back.notes if note.evidence)
    assert [(fact.company, fact.grade) for fact in told] == [("mueller", "A")]


def test_citations_become_words(sources: Sources, tmp_path: Path) -> None:
    """A package has no bibliography, so what cites a work says what it said, and that is told."""
    sources.write(
        "bibliography.bib", "@book{smith2020, title={Book}, author={Smith, Jo}, year={2020}}"
    )
    sources.write("one/a.md", "# A? {#a}\n\nYes [@smith2020, p. 3], no [@smith2020].\n")
    import_deck(sources.build(), tmp_path / "back")
    assert "Yes [Smith 2020, p. 3], no [Smith 2020]." in cards(tmp_path / "back")
    told = [what for _, what in losses(tmp_path / "back")]
    assert told == ["2 of its citations, now plain words (in Answer)"]


def test_holes_within_code(sources: Sources, tmp_path: Path) -> None:
    """A hole that ends within a word of the colouring hides no language."""
    code = "```python cloze\nx = choice(p={{c1::rest.sum()}})\n```"
    sources.write("one/a.md", f"# Fill it in {{#a .cloze}}\n\n{code}\n")
    import_deck(sources.build(), tmp_path / "back")
    assert code in cards(tmp_path / "back")


def test_markdown_that_cards_have_too(tmp_path: Path) -> None:
    """HTML and callouts that cards take as they are stay; what is lost of others is told."""
    kept = (
        "<u>under</u> <ruby>漢<rp>(</rp><rt>かん</rt></ruby> <small>s</small> <cite>c</cite>"
        " <tt>t</tt>"
    )
    callout = "> [!bug]- Mind *this*\n> It bites."
    note = f"#flashcards\n\nWhich?\n?\n{kept} <q>q</q> <abbr>a</abbr> vector<T>\n{callout}\n"
    (tmp_path / "v.md").write_text(note, encoding="utf-8")
    import_deck(tmp_path / "v.md", tmp_path / "cards", ImportOptions(form="obsidian"))
    text = cards(tmp_path / "cards").replace("\\\n", "\n")
    assert kept + " q a vector\\<T>" in text
    assert callout in text
    told = [what for _, what in losses(tmp_path / "cards") if what.startswith("HTML")]
    assert told == [f"HTML: <{tag}> (in Back)" for tag in ("q", "abbr", "t")]


BLOCKS = (
    "> [!NOTE]\n> Body.",
    "> [!tip] Own *title*\n> Body `x`.\n>\n> - a\n> - b",
    "> [!bug]- Folded\n> Body.",
    "> [!warning]+ Open\n> Body.",
    "> [!tip] Only a title",
    "> [!note]\n> a\n>\n> > [!tip] Inner\n> > b",
    "- a\n\n- b\n\n- c",
    "- a\n- b\n  1. x\n  2. y",
    "The code `a  b`, `` ` ``, ` `, `  c  ` and `d   e = '  '`.",
    "| a |\n|--|\n| `b  c` |",
    "![a dot](dot.png){width=50%}",
    "![a dot](dot.png){width=300}",
    "| a | b |\n|--|--|\n| c<br>d | `e` |",
    "**「引用」**は、*強調*です。私は**（学生）**だ。",
    "- a\n\n* b\n\n- c\n\n1. d\n\n2) e\n3) f",
    "5. five\n6. six\n\n   more\n\n   ```python\n   x = 1\n   ```\n7. seven",
)


def test_blocks_come_back_as_they_were(sources: Sources, tmp_path: Path) -> None:
    """Titles and folds of alerts, gaps between items, widths of pictures: all is as it was."""
    sources.write("one/dot.png", PNG)
    for number, block in enumerate(BLOCKS):
        sources.write(
            f"one/b{number}.md", f"# Which {number}? {{#b{number}}}\n\nThis.\n\n{block}\n"
        )
    # A note without holes whose words look like one names its kind.
    sources.write("one/hole.md", r"# What does \{\{c1::x}} mean? {#hole .basic}" + "\n\nA hole.\n")
    package = sources.build()
    import_deck(package, tmp_path / "back", ImportOptions(slug="small"))
    assert losses(tmp_path / "back") == []
    again = build(tmp_path / "back", tmp_path / "again", formats=["apkg"]).outputs[0].path
    done = run(tmp_path, "diff", str(package), str(again))
    assert "nothing changed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("mark", ["\u200f", "\u200e"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_authors_marks_of_direction(
    sources: Sources, tmp_path: Path, mark: str, language: str
) -> None:
    """A mark at the start of a text is its author's; only the program's own is taken off."""
    sources.write("deck.yaml", f"{DECK_YAML}language: {language}\n")
    question = f"# {mark}Latin سؤال? {{#a}}"
    text = f"{mark}Yes سؤال.\n\n- {mark}item\n\n## Hint\n\n{mark}**h**int\n"
    holed = (
        f"# {mark}سؤال What? {{#b .cloze}}\n\n{mark}A {{{{c1::سؤال}}}} b.\n\n---\n\n{mark}More.\n"
    )
    sources.write("one/a.md", f"{question}\n\n{text}")
    sources.write("one/b.md", holed)
    sources.write("one/c.md", "# Latin كتاب? {#c}\n\nYes سؤال.\n")
    package = sources.build()
    import_deck(package, tmp_path / "back", ImportOptions(slug="small"))
    assert question in cards(tmp_path / "back")
    assert text in cards(tmp_path / "back")
    assert holed in cards(tmp_path / "back")
    assert losses(tmp_path / "back") == []
    again = build(tmp_path / "back", tmp_path / "again", formats=["apkg"]).outputs[0].path
    done = run(tmp_path, "diff", str(package), str(again))
    assert "nothing changed" in done.stdout, done.stdout + done.stderr


def test_the_programs_mark_after_an_edit(sources: Sources, tmp_path: Path) -> None:
    """Anki's editor makes a character of the mark of direction; it becomes no paragraph."""
    sources.write("deck.yaml", f"{DECK_YAML}language: ar\n")
    sources.write("one/c.md", "# Latin كتاب? {#c}\n\nYes سؤال.\n")
    out = sources.root.parent / "built"
    build(sources.root, out, formats=["tsv"])
    text = (out / "small.tsv").read_text(encoding="utf-8")
    assert "&rlm;<p>Yes" in text
    (out / "edited.tsv").write_text(text.replace("&rlm;<p>", "\u200f<p>"), encoding="utf-8")
    for name in ("small", "edited"):
        import_deck(out / f"{name}.tsv", tmp_path / name, ImportOptions(slug="small"))
    assert cards(tmp_path / "edited") == cards(tmp_path / "small")
    assert "\u200f" not in cards(tmp_path / "small")


def test_notices_in_an_update_file(sources: Sources, tmp_path: Path) -> None:
    """A note that was taken out is told as that, and does not become a card."""
    write_own_deck(sources)
    (sources.root / "two/words.csv").unlink()
    out = tmp_path / "after"
    build(sources.root, out, formats=["update"])
    done = import_deck(out / "small-update.csv", tmp_path / "back")
    assert (done.notes, done.cards) == (6, 5)
    assert "perro" not in cards(tmp_path / "back")
    assert any("taken out" in what for _, what in losses(tmp_path / "back"))


def test_own_kinds_and_fields(sources: Sources, tmp_path: Path) -> None:
    """A kind that only the deck's templates have leaves its notes; what its fields hold is kept."""
    folder = Path(__file__).parents[1] / "templates/note_types/standard/note_type.yaml"
    fields = folder.read_text(encoding="utf-8")
    fields = fields.replace(
        "{key: reserved-1, name: Reserved 1, collapsed: yes}",
        "{key: proof, name: Proof, value: \"{{ sections['Proof'] }}\"}",
    )
    sources.write("templates/note_types/standard/note_type.yaml", fields)
    kind = "note_type: standard\nsections: [Hint, Proof]\n"
    sources.write("templates/notes/theorem/kind.yaml", kind)
    sources.write("one/a.md", "# Euler? {#euler .theorem}\n\n$e^x$\n\n## Proof\n\nBy *magic*.\n")
    import_deck(sources.build(), tmp_path / "back")
    text = cards(tmp_path / "back")
    assert "# Euler? {#euler}\n\n$e^x$\n\n## Proof\n\nBy *magic*.\n" in text
    told = [what for _, what in losses(tmp_path / "back")]
    assert told == ["its kind theorem, of the deck's own templates: now basic"]


def test_the_same_question_of_other_fronts(sources: Sources, tmp_path: Path) -> None:
    """Notes that only share a line of their fronts keep it, as a deck may have them."""
    sources.write("one/dot.png", PNG)
    sources.write(
        "one/a.md",
        "# What? {#basic}\n\nyes\n\n# What? {#cloze .cloze}\n\nan {{c1::old}} hole\n\n"
        "# What? {#other .cloze}\n\nan old {{c1::hole}}\n\n"
        "# What? {#code}\n\n```python\n1\n```\n\n---\n\n1\n\n"
        "# What? {#words}\n\nMore.\n\n---\n\n2\n\n"
        "# What? {#figure}\n\n![A dot](dot.png)\n\n---\n\n3\n",
    )
    package = sources.build()
    done = import_deck(package, tmp_path / "back")
    assert (done.cards, losses(tmp_path / "back")) == (6, [])
    assert cards(tmp_path / "back").count("# What? {") == 6
    again = build(tmp_path / "back", tmp_path / "again", formats=["apkg"]).outputs[0].path
    assert "nothing changed" in run(tmp_path, "diff", str(package), str(again)).stdout


def test_the_same_front_is_told_apart(tmp_path: Path) -> None:
    """A number is added where the whole front is the same, also if it is a picture alone."""
    (tmp_path / "dot.png").write_bytes(PNG)
    (tmp_path / "x.csv").write_text(
        "front,back\nWhat?,1\nWHAT?,2\nWhat? (2),3\nWhat?<br><br>More.,4\nWhat?<br><br>More.,5\n"
        "<img src='dot.png'>,6\n<img src='dot.png'>,7\n"
    )
    done = import_deck(tmp_path / "x.csv", tmp_path / "cards")
    assert (done.cards, load(tmp_path / "cards", locked=True).advice) == (7, ())
    text = cards(tmp_path / "cards")
    assert [line.partition(" {")[0] for line in text.split("\n") if line.startswith("# ")] == [
        "# What?", "# WHAT? (2)", "# What? (2) (2)", "# What?", "# What? (2)",
        "# ![dot](dot.png)", "# ![dot](dot.png) (2)",
    ]  # fmt: skip


def test_sounds_that_cards_do_not_take(tmp_path: Path) -> None:
    """Such a sound is lost and told, as a picture is; its note is not."""
    files = {
        "a.flac": b"fLaC", "b.mp3": b"nonsense", "c.mp3": FILES["a.mp3"] + bytes(5_100_000),
        "d.png": PNG, "e.mp3": FILES["a.mp3"],
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    rows = "".join(f'"Which is {name}?","This: [sound:{name}]"\n' for name in files)
    (tmp_path / "t.csv").write_text(f"Front,Back\n{rows}", encoding="utf-8")
    done = import_deck(tmp_path / "t.csv", tmp_path / "cards")
    assert (done.cards, done.left_out) == (5, ())
    told = [what for _, what in losses(tmp_path / "cards") if what.startswith("a sound")]
    assert told == [
        "a sound, 'a.flac' is not a figure, sound or video (in Back)",
        "a sound, 'b.mp3' does not contain what its extension says (in Back)",
        "a sound, 'c.mp3' has 5.1 MB (in Back)",
        "a sound, which is a picture: d.png (in Back)",
    ]
    media = sorted(file.name for file in (tmp_path / "cards/media").iterdir())
    assert media == ["e.mp3"]


def test_files_of_another_kind_than_they_are_used_for(tmp_path: Path) -> None:
    """A picture that is to be played, and a sound that is to be shown, are told and left out."""
    for name, data in {"d.png": PNG, "e.mp3": FILES["a.mp3"], "f.mp3": FILES["a.mp3"]}.items():
        (tmp_path / name).write_bytes(data)
    row = "Which?,\"<b>This</b>: [sound:d.png] <img src='e.mp3' alt='say'> [sound:f.mp3]\"\n"
    (tmp_path / "t.csv").write_text(f"Front,Back\n{row}", encoding="utf-8")
    (tmp_path / "t.md").write_text("Which::This: [sound:d.png] [sound:f.mp3]\n#flashcards\n")
    import_deck(tmp_path / "t.csv", tmp_path / "table")
    import_deck(tmp_path / "t.md", tmp_path / "note", ImportOptions(form="obsidian"))
    played = "a sound, which is a picture: d.png (in Back)"
    shown = "a picture, which is a sound: e.mp3 (in Back)"
    assert [w for _, w in losses(tmp_path / "table") if w.startswith("a ")] == [played, shown]
    assert [w for _, w in losses(tmp_path / "note") if w.startswith("a ")] == [played]
    for folder in ("table", "note"):
        assert [file.name for file in (tmp_path / folder / "media").iterdir()] == ["f.mp3"]
    # Where a card shows the picture, too, it is there.
    row = "Which?,\"[sound:d.png] <img src='d.png' alt='dot'>\"\n"
    (tmp_path / "t.csv").write_text(f"Front,Back\n{row}", encoding="utf-8")
    import_deck(tmp_path / "t.csv", tmp_path / "both")
    assert [file.name for file in (tmp_path / "both/media").iterdir()] == ["d.png"]


def test_a_book_of_ours(sources: Sources, tmp_path: Path) -> None:
    """A book says less than its cards: it is known, and what to import instead is told.

    Whoever wants cards of it all the same gets one for each note, with its sections and files.
    """
    write_own_deck(sources)
    sources.write("one/hund.mp3", FILES["a.mp3"])
    sources.write(
        "one/cited.md",
        '---\nsources: [{title: "Book, ch. 1", url: "https://x.org/1"}]\n---\n'
        "# Cited? {#cited}\n\nYes: ![say](hund.mp3)\n\n#### Deep\n\nmore\n\n## Pitfalls\n\n- one\n",
    )
    book = sources.build(formats=["md"])
    with pytest.raises(SourceError, match=r"a book that deckpress wrote.* table \(\.csv\)"):
        import_deck(book, tmp_path / "refused")
    assert not (tmp_path / "refused").exists()
    with pytest.raises(SourceError, match=f"{book.name}:1:1: this is a book"):
        import_deck(book.parent, tmp_path / "refused")
    notes = len(load(sources.root).notes)
    done = import_deck(book, tmp_path / "back", ImportOptions(form="headings"))
    assert (done.notes, done.cards, done.left_out) == (notes, notes, ())
    text = cards(tmp_path / "back")
    assert (
        "# Cited? {#cited}\n\nYes: [sound:hund.mp3]\n\n#### Deep\n\nmore\n\n## Pitfalls\n\n- one\n\n"
        "## Sources\n\n- [Book, ch. 1](https://x.org/1)\n" in text
    )
    assert "# el perro {#el-perro}\n\nthe dog" in text
    media = {file.name for file in (tmp_path / "back/media").iterdir()}
    assert {"hund.mp3", "dot.png"} <= media
    assert build(tmp_path / "back", tmp_path / "again").outputs
