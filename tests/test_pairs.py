"""Word pairs: a row of a table is a note, asked both ways, printed in a line or two."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from anki_collection import RealAnki
from browser import Sheet
from conftest import Sources
from deckpress import Options, SourceError, load
from deckpress.text.table import read_table
from pdf_reader import Pdf, squeeze
from program import run
from sounds import MP3, make_wav

CSV = """\
key,Español,English,sound,back sound,example,example back,hint,tags,difficulty
perro,el perro,the dog,perro.mp3,,"El perro, **mi** amigo.",My friend the dog.,It barks.,"animal, casa",easy
gato,el gato,"the ""cat\""",[sound:gato.wav],dog.wav,,,,animal,
ir,ir (a),$x^2$ *to go*,,,,,,,hard
"""

MARKDOWN = """\
---
tags: [casa]
difficulty: easy
---
# Rooms {.pairs}

| key    | Español            | English     | sound     |
|--------|:-------------------|-------------|-----------|
| cocina | la cocina          | the kitchen | perro.mp3 |
| sala   | la `a\\|b` **sala** | the room    |           |

# What is a house? {#house}

A building.
"""


@pytest.fixture
def words(sources: Sources) -> Sources:
    """Return a deck with a table of words and their sounds."""
    sources.write("one/words.csv", CSV)
    sources.write("one/perro.mp3", MP3)
    sources.write("media/gato.wav", make_wav())
    sources.write("media/dog.wav", make_wav(300))
    return sources


def problems(sources: Sources) -> list[str]:
    """Return every mistake of the deck, a line each."""
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    return [str(problem).removeprefix("cards/") for problem in caught.value.problems]


def ids(sources: Sources) -> dict[str, str]:
    """Return the id of each pair by its front."""
    return {note.question: note.id for note in load(sources.root).collection.notes}


def test_each_row_is_a_note_with_two_cards(words: Sources, anki: RealAnki) -> None:
    """Anki asks from either side, plays what stands there, and shows the example behind."""
    assert anki.load(words.build()).new == 3
    perro = anki.note("perro")
    there, back = perro.cards()
    shown, other = anki.show(there), anki.show(back)
    assert "el perro" in shown.question
    assert "the dog" not in shown.question
    assert "It barks." in shown.question
    assert "the dog" in other.question
    assert "el perro" not in other.question
    for side in (shown.answer, other.answer):
        assert "<strong>mi</strong> amigo" in side
        assert "My friend the dog." in side
    assert [len(card.render_output().question_av_tags) for card in (there, back)] == [1, 0]
    assert [len(card.render_output().answer_av_tags) for card in (there, back)] == [1, 1]
    gato = anki.note("gato").cards()
    assert [len(card.render_output().question_av_tags) for card in gato] == [1, 1]
    assert 'the "cat"' in anki.show(gato[0]).answer
    assert perro.tags == ["category::one", "difficulty::easy", "topic::animal", "topic::casa"]
    assert r"\(x^2\) <em>to go</em>" in anki.show(anki.note("ir").cards()[0]).answer
    assert anki.load(words.build()).duplicate == 3


def test_a_table_under_a_heading(sources: Sources, anki: RealAnki) -> None:
    """Front matter holds for its rows, and other notes may stand beside it."""
    sources.write("one/house.md", MARKDOWN)
    sources.write("one/perro.mp3", MP3)
    assert anki.load(sources.build()).new == 3
    cocina = anki.note("cocina")
    assert cocina["Kind"] == "pair"
    assert len(cocina.cards()) == 2
    assert cocina.tags == ["category::one", "difficulty::easy", "topic::casa"]
    assert "la <code>a|b</code> <strong>sala</strong>" in anki.note("sala")["Question"]
    assert anki.note("house")["Kind"] == "basic"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("words.csv", "key;front;back;tags\na;uno;one, two;x\n"),
        ("words.csv", "Uno, dos;one, two, 3;key;tags\nuno;one, two;a;x\n"),
        ("animals.words.tsv", "key\tfront\tback\ttags\na\tuno\tone, two\tx\n"),
        ("WORDS.CSV", '\ufeffKey,Front,Back,Tags\r\na,"uno","one, two",x\r\n\r\n'),
        ("words.csv", 'front,back,id,tags\nuno , "one, two" ,a, x \n,,,\n'),
    ],
)
def test_tables_as_programs_write_them(sources: Sources, name: str, text: str) -> None:
    """Commas, semicolons, tabs; quotes; any line ends; empty rows and columns in any order."""
    sources.write(f"one/{name}", text)
    (note,) = load(sources.root).notes.values()
    assert (note.id, note.question, note.fields[2]) == ("a", "uno", "<p>one, two</p>")
    assert "topic::x" in note.tags


def test_one_direction(words: Sources) -> None:
    """For a row, a table or a deck, and a row says it last."""
    words.write(
        "one/words.csv", "key,front,back,directions\na,uno,one,\nb,dos,two,one\nc,tres,three,both\n"
    )
    words.write(
        "one/more.md", "# More {.pairs directions=one}\n\n| front | back |\n|-|-|\n| x | y |\n"
    )
    found = {note.question: note.ords for note in load(words.root).notes.values()}
    assert found == {"uno": (0, 1), "dos": (0,), "tres": (0, 1), "x": (0,)}
    deck = (words.root / "deck.yaml").read_text(encoding="utf-8")
    words.write("deck.yaml", deck + "pairs: {directions: one}\n")
    found = {note.question: note.ords for note in load(words.root).notes.values()}
    assert found == {"uno": (0,), "dos": (0,), "tres": (0, 1), "x": (0,)}


def test_a_pair_grows_a_second_direction(words: Sources, anki: RealAnki) -> None:
    """Who learns it keeps the first card's progress and gets the second."""
    words.write("one/words.csv", "key,front,back,directions\na,uno,one,one\n")
    anki.load(words.build())
    before = anki.study("a")
    words.write("one/words.csv", "key,front,back,directions\na,uno,one,both\n")
    assert anki.load(words.build()).updated == 1
    assert anki.progress("a") == before


KEYLESS = "front,back\nel perro,the dog\nél,he\nel coche,the car\nel carro,the car\n猫,cat\n"


def test_ids_are_made_and_kept(sources: Sources) -> None:
    """A table without keys: a pair is known as long as one of its sides stays."""
    sources.write("one/words.csv", KEYLESS)
    sources.build()
    made = ids(sources)
    assert len(set(made.values())) == 5
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{6}", name) for name in made.values())
    assert made["猫"].startswith("pair-")
    # Other order, other file, one side mended, a new pair between.
    (sources.root / "one/words.csv").unlink()
    sources.write(
        "two/b.words.csv",
        "front,back\nel carro,the cart\nnuevo,new\nla perro,the dog\nel coche,the car\n猫,the cat\nél,he\n",
    )
    after = ids(sources)
    assert after["la perro"] == made["el perro"]
    assert after["el carro"] == made["el carro"]
    assert {name: after[name] for name in ("él", "el coche", "猫")} == {
        name: made[name] for name in ("él", "el coche", "猫")
    }
    assert after["nuevo"] not in made.values()


def test_a_changed_pair_is_an_update_in_anki(sources: Sources, anki: RealAnki) -> None:
    """The learner's progress survives a mended word, though the table has no keys."""
    sources.write("one/words.csv", KEYLESS)
    anki.load(sources.build())
    name = ids(sources)["el perro"]
    before = anki.study(name)
    sources.write("one/words.csv", KEYLESS.replace("el perro", "el *perro* (la perra)"))
    done = anki.load(sources.build())
    assert (done.new, done.updated) == (0, 1)
    assert anki.progress(name) == before
    assert anki.note(name)["Question"] == "el <em>perro</em> (la perra)"


def test_the_same_bytes(sources: Sources) -> None:
    """Made ids depend on the words alone."""
    sources.write("one/words.csv", KEYLESS)
    first = ids(sources)
    lines = KEYLESS.splitlines()
    sources.write("one/words.csv", "\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert ids(sources) == first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("perro,dog\ngato,cat\n", "1:1: the first row does not name the columns of the words"),
        ("key,front\na,x\n", "1:1: the first row does not name the columns of the words"),
        ("key,front,back,exampel\na,x,y,\n", "1:16: unknown column 'exampel' (did you mean 'example'?)"),
        ("key,es,en,fr\na,x,y,z\n", "1:11: unknown column 'fr'"),
        ("key,exampel,es,en\na,,x,y\n", "1:5: unknown column 'exampel' (did you mean 'example'?)"),
        ("front,front,back\na,x,y\n", "1:7: a second column 'front'"),
        ("key,front,back\na,x,y,z\n", "2:7: this cell is in none of the 3 named columns"),
        ("key,,front,back\na,lost,x,y\n", "2:3: this cell is in none of the 3 named columns"),
        ("key,front,back\n", "1:1: a table without a row"),
        ("", "1:1: no word pairs here"),
        ("key,front,back\na,x,\n", "2:5: a pair without its back"),
        ("key,front,back\na,,y\n", "2:3: a pair without its front"),
        ("key,front,back\n,x,y\n", "2:1: the pair has no key"),
        ("key,front,back\nA b,x,y\n", "2:1: 'A b' is not a slug"),
        ("key,front,back\na,x,y\na,z,w\n", "3:3: the id 'a' is taken by cards/one/words.csv:2:3"),
        ("key,front,back\na,x,y\nb,X,w\n", "3:3: the same question as cards/one/words.csv:2:3"),
        ('key,front,back\na,"x,y\nb,z,w\n', "2:3: a quote that is never closed"),
        ('key,front,back\na,"x" z,y\n', "2:6: text after a quoted cell"),
        ("key,front,back,tags\na,x,y,b*g\n", "2:7: 'b*g' is not allowed here"),
        ("key,front,back,difficulty\na,x,y,esy\n", "2:7: unknown difficulty 'esy' (did you mean 'easy'?)"),
        ("key,front,back,category\na,x,y,oen\n", "2:7: unknown category 'oen' (did you mean 'one'?)"),
        ("key,front,back,directions\na,x,y,three\n", "2:7: unknown directions 'three'"),
        ("key,front,back,sound\na,x,y,no.mp3\n", "2:7: there is no file 'no.mp3'"),
        ("key,front,back,sound\na,x,y,no\n", "2:7: 'no' is not a sound"),
        ("key,front,back\na,x,$\\foo$\n", "2:6: formula: "),
        ("key,front,back\na,x,<script>\n", "2:5: "),
        ("key,front,back\na,x,{{c1::y}}\n", "2:5: a hole in a word pair"),
        ('key,front,back\na,"two\nlines",$\\foo$\n', "3:9: formula: "),
        (b"key,front,back\na,\xff,y\n", "2:3: this is not UTF-8"),
    ],
)  # fmt: skip
def test_mistakes_of_a_table(sources: Sources, text: str | bytes, told: str) -> None:
    """Each is told once, at its line and column."""
    sources.write("one/words.csv", text)
    found = [line for line in problems(sources) if "there are no cards" not in line]
    assert len(found) == 1
    assert found[0].startswith(f"one/words.csv:{told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# P {.pairs}\n\nwords\n", ["1:1: a heading with .pairs has no table under it", "3:1: this is not part"]),
        ("# P {.pairs}\n\n| front | back |\n|-|-|\n| x | y |\n\nmore\n", ["7:1: this is not part of the table"]),
        ("# P {#id .pairs}\n\n| front | back |\n|-|-|\n| x | y |\n", ["1:1: id: the heading of a table of word pairs"]),
        ("# P {.pairs}\n\n| front | back |\n|-|-|\n|  x |  |\n", ["5:9: a pair without its back"]),
        ("# P {.pairs}\n\n| front | back |\n|-|-|\n|\n", ["5:2: a pair without its back", "5:2: a pair without its front"]),
        ("# P {.pairs}\n\n| a | b | key |\n|-|-|-|\n| x | $\\foo$ | K |\n", ["5:8: formula: ", "5:16: 'K' is not a slug"]),
        ("# P {#p directions=one}\n\nx\n", ["1:1: directions has no effect on a note"]),
    ],
)  # fmt: skip
def test_mistakes_of_a_markdown_table(sources: Sources, text: str, told: list[str]) -> None:
    """They stand where the cell stands."""
    sources.write("one/p.md", text)
    found = problems(sources)
    assert len(found) == len(told)
    for line, wanted in zip(found, told, strict=True):
        assert line.startswith(f"one/p.md:{wanted}")


def test_fix_leaves_tables_alone(words: Sources) -> None:
    """Where `check --fix` writes ids, the heading of a table gets none."""
    words.write("one/house.md", MARKDOWN.replace(" {#house}", ""))
    done = run(words.folder, "check", "--fix")
    assert done.returncode == 0, done.stderr
    text = (words.root / "one/house.md").read_text(encoding="utf-8")
    assert text.count("{#") == 1
    assert "# What is a house? {#" in text
    assert (words.root / "one/words.csv").read_text(encoding="utf-8") == CSV


def test_files_that_are_no_word_lists(sources: Sources) -> None:
    """Another table is advice, a list outside all categories a mistake, told once."""
    sources.write("one/a.md", "# Q {#q}\n\nA.\n")
    sources.write("one/data.csv", "x,y\n1,2\n")
    sources.write("figures/data.csv", "x,y\n1,2\n")
    assert [str(advice) for advice in load(sources.root).advice] == [
        "cards/one/data.csv:1:1: advice: 'data.csv' is not read "
        "(if it holds word pairs, call it words.csv or data.words.csv)"
    ]
    sources.write("words.csv", "key,front,back\na,x,y\nb,z,w\n")
    assert problems(sources) == [
        "words.csv:1:1: these pairs have no category "
        "(move the file into the folder of one, or add a column 'category')"
    ]
    sources.write("words.csv", "key,front,back,category\na,x,y,two\n")
    assert load(sources.root).notes["a"].category == "two"


def test_the_html_sheet_has_a_table(words: Sources, chromium: Browser) -> None:
    """Search, filters, folding and the self-test work on rows as they do on notes."""
    words.write("one/zz.md", MARKDOWN.replace("perro.mp3", ""))
    page = chromium.new_page()
    sheet = Sheet(page, words.build(formats=["html"])).open()
    assert page.locator("table").count() >= 1
    assert page.locator(".pairs tr.note").count() == 5
    rows = [row.inner_text().split() for row in page.locator(".pairs tr.note").all()]
    assert rows[0][:5] == ["el", "perro", "▶", "the", "dog"]
    page.fill("[name=q]", "dog")
    assert [row.get_attribute("id") for row in page.locator("tr.note:visible").all()] == ["perro"]
    page.fill("[name=q]", "")
    page.select_option("select[name=difficulty]", "hard")
    assert [row.get_attribute("id") for row in page.locator("tr.note:visible").all()] == ["ir"]
    page.select_option("select[name=difficulty]", "")
    assert not page.locator("#perro .rest").is_visible()
    page.click("[data-do=show][value=all]")
    assert page.locator("#perro .rest").is_visible()
    page.click("[data-do=show][value=short]")
    page.fill("[name=q]", "dog")
    page.click("[data-do=drill] >> nth=0")
    assert page.locator("#_stage #perro .ask").is_visible()
    assert not page.locator("#perro .short").is_visible()
    page.keyboard.press("Space")
    assert page.locator("#perro .short").is_visible()
    page.keyboard.press("3")
    assert sheet.text("#_over h2") == "Done"
    page.keyboard.press("Escape")
    assert page.locator("#perro .ask").is_visible()
    assert sheet.complaints == []
    page.close()


def test_three_thousand_pairs_are_a_booklet(sources: Sources) -> None:
    """A line or two each, in three columns; nothing is missing."""
    rows = [f"w{n},la palabra {n},the word {n}" for n in range(3000)]
    sources.write("one/words.csv", "\n".join(["key,es,en", *rows]) + "\n")
    pdf = Pdf(sources.build(formats=["pdf"]))
    assert len(pdf.pages) <= 15
    assert "3000pairs" in pdf.text
    for number in (0, 1499, 2999):
        assert f"lapalabra{number}theword{number}" in pdf.text
    assert len(Pdf(sources.build(formats=["pdf"], options=Options(columns=2))).pages) <= 22


@pytest.mark.parametrize("number", [240, 260])
def test_pairs_that_fill_little_more_than_a_page(sources: Sources, number: int) -> None:
    """Where only rows would have an almost blank page, no notes can stand closer; none is lost."""
    rows = [f"mot{n},word{n}x" for n in range(number)]
    sources.write("one/words.csv", "\n".join(["front,back", *rows]) + "\n")
    pdf = Pdf(sources.build(formats=["pdf"]))
    assert len(pdf.pages) <= 2
    assert all(f"mot{n}word{n}x" in squeeze(pdf.text) for n in range(number))


def test_pairs_on_paper(words: Sources) -> None:
    """Short: the words. Full: what else is known, below them. Questions: room to write."""
    words.write("one/aa.md", "# What is a house? {#house}\n\nA building.\n")
    texts = {
        detail: Pdf(words.build(formats=["pdf"], options=Options(detail=detail))).text
        for detail in ("short", "full", "questions")
    }
    assert "elperro♪thedog" in texts["short"]
    assert "amigo" not in texts["short"]
    assert "Myfriendthedog.Itbarks." in texts["full"]
    assert "elperro♪" in texts["questions"]
    assert "thedog" not in texts["questions"]
    for text in texts.values():
        assert "1question,3pairs" in text
        assert "house" in text
    cards = Pdf(words.build(formats=["cards"]))
    assert squeeze("the dog") in cards.text


def test_pairs_with_evidence_can_be_linked(words: Sources) -> None:
    """The page of a company counts and links its notes, rows among them."""
    front = "---\ncompanies: [acme]\n---\n"
    words.write(
        "one/acme.md", front + "# P {.pairs}\n\n| key | a | b |\n|-|-|-|\n| u | uno | one |\n"
    )
    done = run(words.folder, "build", "--company", "acme", "--format", "pdf,html,apkg")
    assert done.returncode == 0, done.stderr


def test_the_book_and_cells_with_places(words: Sources) -> None:
    """A pair is an item of a list; cells are found by line and column."""
    book = words.build(formats=["md"]).read_text(encoding="utf-8")
    assert re.search(
        r"^- \*\*el perro \[▶\]\[\S+\.mp3\]\*\*: the dog\n\n  El perro, \*\*mi\*\* amigo\.",
        book,
        re.MULTILINE,
    )
    rows, faults = read_table('a,"b\nc", d\n\n"e""f",g,\n', "x.csv")
    assert faults == []
    assert [[(c.text, c.where.line, c.where.column) for c in row] for row in rows] == [
        [("a", 1, 1), ("b\nc", 1, 4), ("d", 2, 5)],
        [('e"f', 4, 2), ("g", 4, 8), ("", 4, 10)],
    ]
