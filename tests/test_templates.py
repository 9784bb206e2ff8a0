"""A deck's own templates, in the folder `templates` of its cards."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from conftest import Sources
from deckpress.decks.selection import Selection
from deckpress.exporters.html.note import SheetNote
from deckpress.exporters.options import Options
from deckpress.markup import typst as typst_markup
from deckpress.pipeline.build import print_cards
from deckpress.pipeline.load import load
from deckpress.reading.template_files import templates_folder
from deckpress.reading.templates import read_templates
from deckpress.text.problem import SourceError
from pdf_reader import Pdf

SHIPPED = templates_folder()
CARD = """\
---
category: one
difficulty: easy
---

# What is a card? {#card}

A question.
"""
RED = 'inks:\n  accent: {light: "#c1121f", dark: "#ffb3b8"}\n'


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck of one card."""
    sources.write("card.md", CARD)
    return sources


def read(deck: Sources, form: str) -> str:
    """Build one output and return its text."""
    return deck.build(formats=[form]).read_text(encoding="utf-8")


def mistakes(deck: Sources, form: str = "html") -> list[str]:
    """Return what a build of one output says is wrong."""
    with pytest.raises(SourceError) as caught:
        deck.build(formats=[form])
    return [str(problem) for problem in caught.value.problems]


def test_own_style_sheet_replaces_the_shipped_one(deck: Sources) -> None:
    """Of two files with one name the deck's own is used, and the rest stays."""
    deck.write("templates/sheet/sheet.css", "body { outline: 3px dotted lime; }\n")
    page = read(deck, "html")
    assert "body { outline: 3px dotted lime; }" in page
    assert ".kind-coding" not in page
    assert "--accent: #0550ae" in page


def test_a_block_of_the_page_is_overridden(deck: Sources) -> None:
    """A page of the deck's own extends the shipped one, which lies under `shipped/`."""
    deck.write(
        "templates/sheet/sheet.html.j2",
        '{% extends "shipped/sheet/sheet.html.j2" %}\n'
        "{% block foot %}<footer>Printed for {{ info.title }}</footer>{% endblock %}\n",
    )
    page = read(deck, "html")
    assert "<footer>Printed for Small Deck</footer>" in page
    assert "What is a card?" in page


@pytest.mark.parametrize("left", ["{{ definitions }}", "{{ words }}"])
def test_a_page_without_what_its_script_reads(deck: Sources, left: str) -> None:
    """A whole page of the deck's own must hold the shapes of formulas and the words to search."""
    shipped = (SHIPPED / "sheet/sheet.html.j2").read_text(encoding="utf-8")
    assert left in shipped
    deck.write("templates/sheet/sheet.html.j2", shipped.replace(left, ""))
    (told,) = mistakes(deck)
    assert "templates/sheet/sheet.html.j2:1" in told
    assert f"The page must contain {left}." in told


def test_a_typst_function_is_overridden(deck: Sources) -> None:
    """Own elements import the shipped ones and define anew what differs."""
    deck.write(
        "templates/sheet/sheet.typ",
        '#import "/shipped/sheet/sheet.typ": *\n#let section(name) = heading(level: 1, upper(name))\n',
    )
    assert "ONE" in Pdf(deck.build(formats=["pdf"])).text


def test_a_token_colours_cards_page_and_paper(deck: Sources) -> None:
    """One line changes a colour of the note type, the HTML and the PDF; others stay."""
    before = Pdf(deck.build(formats=["pdf"]))
    assert red_fills(before) == 0
    deck.write("templates/tokens.yaml", RED)
    css = load(deck.root).collection.note_types["standard"].css
    for text in (css, read(deck, "html")):
        assert "--accent: #c1121f;" in text
        assert "--accent: #ffb3b8;" in text
        assert "--ink: #1f2328;" in text
        assert "#0550ae; --warn" not in text
    assert red_fills(Pdf(deck.build(formats=["pdf"]))) > 0


def test_a_change_of_look_is_stamped(deck: Sources) -> None:
    """The ledger sees colours of cards; what only the sheet uses leaves it alone."""
    deck.build()
    deck.write("templates/tokens.yaml", "sizes: {text: 9pt}\n")
    deck.write("templates/sheet/sheet.css", "body { margin: 1em; }\n")
    assert not load(deck.root).behind
    deck.write("templates/tokens.yaml", RED)
    changes = load(deck.root).reconciled.changes
    assert (changes.changed, bool(changes.note_types)) == ((), True)
    deck.build()
    assert not load(deck.root, locked=True).behind


def red_fills(pdf: Pdf) -> int:
    """Count how often a page sets the colour #c1121f."""
    content = b"".join(page.get_contents().get_data() for page in pdf.reader.pages)  # type: ignore[union-attr]
    return len(re.findall(rb"0?\.7568\d* 0?\.0705\d* 0?\.1215\d* scn", content))


def test_a_size_changes_page_and_paper(deck: Sources) -> None:
    """Sizes reach the style sheet and Typst."""
    normal = text_sizes(Pdf(deck.build(formats=["pdf"])))
    deck.write("templates/tokens.yaml", "sizes: {question: 19pt, card: 6.5pt}\n")
    assert "--size-question: 19pt;" in read(deck, "html")
    large = text_sizes(Pdf(deck.build(formats=["pdf"])))
    assert 8.4 in normal - large
    assert 19 in large - normal
    card = print_cards(deck.root, deck.folder, options=Options(), selection=Selection())
    assert any(6.5 <= size <= 6.5 * 1.15 for size in text_sizes(Pdf(card.path)))


def text_sizes(pdf: Pdf) -> set[float]:
    """Return the sizes in which a PDF sets text."""
    content = b"".join(page.get_contents().get_data() for page in pdf.reader.pages)  # type: ignore[union-attr]
    return {round(float(size), 2) for size in re.findall(rb"/\S+ ([\d.]+) Tf", content)}


def test_own_fonts_are_used(deck: Sources) -> None:
    """A font file of the deck's own is embedded under the name that the tokens give."""
    folder = deck.root / "templates/fonts"
    folder.mkdir(parents=True)
    shutil.copy(SHIPPED / "fonts/code-regular.woff2", folder / "brand-regular.woff2")
    deck.write(
        "templates/tokens.yaml",
        "fonts: {screen-text: [deck-brand, serif], print-text: [Sheet Code, Sheet Sans]}\n",
    )
    page = read(deck, "html")
    assert 'font-family: "deck-brand"' in page
    assert "--font-screen-text: deck-brand, serif;" in page
    assert any("SheetCode" in name for name in Pdf(deck.build(formats=["pdf"])).fonts)


def test_a_new_kind_works_in_every_output(deck: Sources) -> None:
    """A folder in the deck is a kind of note, with its sections and its look."""
    deck.write("templates/notes/proof/kind.yaml", "note_type: standard\nsections: [Hint]\n")
    deck.write("templates/notes/proof/style.css", ".kind-proof { font-style: italic; }\n")
    deck.write("proof.md", CARD.replace("{#card}", "{#lemma .proof}").replace("a card", "a lemma"))
    collection = load(deck.root).collection
    assert ".kind-proof" in collection.note_types["standard"].css
    assert [note.kind for note in collection.notes] == ["basic", "proof"]
    assert "note kind-proof" in read(deck, "html")
    assert "lemma?easy" in re.sub(r"[●○]", "", Pdf(deck.build(formats=["pdf"])).text)
    assert deck.build(formats=["apkg"]).is_file()


def test_templates_hold_no_cards(deck: Sources) -> None:
    """A README and notes beside own templates are not read as cards."""
    deck.write("templates/README.md", "# Not a question\n\nHow this deck looks.\n")
    assert len(load(deck.root).collection.notes) == 1


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("tokens.yaml", 'inks:\n  accent: {light: "red", dark: "#ffffff"}\n', ":2:12: 'red' is not allowed here (a colour is written #0550ae)"),
        ("tokens.yaml", "inks: [\n", ":2:1: "),
        ("tokens.yaml", RED.replace("accent", "acent"), ":2:3: inks: there is no 'acent' (did you mean 'accent'?)"),
        ("tokens.yaml", "sizes: {text: 8}\n", ":1:9: '8' is not allowed here (a size is written 7.9pt, 4mm or 0.8em)"),
        ("notes/proof/kind.yaml", "note_type: standart\n", ":1:1: unknown note type 'standart'"),
        ("sheet.css", "", ":1:1: no output is made with this file (did you mean 'sheet/sheet.css'?)"),
        ("sheet/sheet.css", "a\n\x00", ":2:1: "),
        ("sheet/sheet.html.j2", "{{ title }}\n{% if %}\n", ":2:1: "),
        ("sheet/sheet.html.j2", "{{ title }}\n{{ nothing }}\n", ":2:1: 'nothing' is undefined"),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_the_own_file(
    deck: Sources, file: str, text: str, message: str
) -> None:
    """Whoever writes templates is told path, line and column, as for cards."""
    deck.write(f"templates/{file}", text)
    (found,) = mistakes(deck)
    assert found.startswith(f"cards/templates/{file}{message}"), found


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("sheet/sheet.typ", '#import "/elements.typ": *\n\n#let sheet(= 1\n', ":3:11: unclosed"),
        ("tokens.yaml", "fonts: {print-text: [No Such Font]}\n", ":1:1: Typst: "),
    ],
)
def test_mistakes_of_typst_are_told(deck: Sources, file: str, text: str, message: str) -> None:
    """What Typst refuses has a place in the deck's own files."""
    deck.write(f"templates/{file}", text)
    (found,) = mistakes(deck, "pdf")
    assert found.startswith(f"cards/templates/{file}{message}"), found


def test_a_font_that_is_not_there(deck: Sources) -> None:
    """It is told where it is named, and where its file belongs."""
    where = deck.write("templates/tokens.yaml", "fonts:\n  print-text: [No Such Sans]\n")
    with pytest.raises(SourceError) as caught:
        deck.build(formats=["pdf"])
    (problem,) = caught.value.problems
    assert (problem.where.path, problem.rule) == (where.as_posix(), "broken-template")
    assert "put its file into templates/fonts" in problem.hint


def test_a_mistake_in_a_field_is_told(deck: Sources) -> None:
    """The template of a field is checked when it is read, and again when it is filled."""
    name = "note_types/standard/note_type.yaml"
    text = (SHIPPED / name).read_text(encoding="utf-8")
    for wrong, message in (("{{ front", "unexpected"), ("{{ fornt }}", "'fornt' is undefined")):
        deck.write(f"templates/{name}", text.replace("{{ front }}", wrong))
        (found,) = mistakes(deck, "apkg")
        assert re.match(rf"cards/templates/{name}:\d+:\d+: .*{message}", found), found


def test_own_tokens_need_no_names_that_come_later(tmp_path: Path) -> None:
    """What the deck's tokens leave out is the program's."""
    (tmp_path / "tokens.yaml").write_text("sizes: {title: 20pt}\n")
    look, shipped = read_templates(SHIPPED, tmp_path), read_templates(SHIPPED)
    assert look.problems == ()
    assert look.theme.sizes == {**shipped.theme.sizes, "title": "20pt"}
    assert look.theme.palette == shipped.theme.palette
    assert look.note_types == shipped.note_types


def test_the_documentation_names_what_templates_have() -> None:
    """Every block, every field of a note and every function for texts stands in the document."""
    text = (Path(__file__).parents[1] / "docs/templates.md").read_text(encoding="utf-8")
    page = (SHIPPED / "sheet/sheet.html.j2").read_text(encoding="utf-8")
    named = {*re.findall(r"{% block ([a-z]+)", page), *(field.name for field in fields(SheetNote))}
    markup = Path(typst_markup.__file__).read_text(encoding="utf-8")
    elements = (SHIPPED / "sheet/elements.typ").read_text(encoding="utf-8")
    defined = set(re.findall(r"^#let ([a-z-]+)", elements, re.MULTILINE))
    named |= defined & set(re.findall(r"#?([a-z-]+)[\[(]", markup))
    assert {name for name in named if f"`{name}`" not in text} == set()
    row = next(line for line in text.splitlines() if line.startswith("| `elements.typ`"))
    assert set(re.findall(r"`([a-z-]+)`", row)) <= defined


def test_the_examples_of_the_documentation_work(deck: Sources) -> None:
    """Tokens, page and Typst as the document shows them make all outputs."""
    text = (Path(__file__).parents[1] / "docs/templates.md").read_text(encoding="utf-8")
    for language, name in (
        ("yaml", "tokens.yaml"),
        ("jinja", "sheet/sheet.html.j2"),
        ("typst", "sheet/sheet.typ"),
    ):
        (example,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
        deck.write(f"templates/{name}", example.replace("Brand Sans, ", ""))
    assert "letter-spacing: 0.02em" in read(deck, "html")
    assert "ONE" in Pdf(deck.build(formats=["pdf"])).text


def test_own_elements_reach_the_sheet(deck: Sources) -> None:
    """A function for texts, defined anew, is used by the shipped sheet."""
    deck.write("card.md", CARD.replace("A question.", "Code `word`."))
    deck.write(
        "templates/sheet/elements.typ",
        '#import "/shipped/sheet/elements.typ": *\n#let code(body) = [‹#body›]\n',
    )
    assert "‹word›" in Pdf(deck.build(formats=["pdf"])).text
