"""Absurd input ends soon, in a sentence."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import Sources
from deckpress import load
from deckpress.anki.drawing.template import CardTemplateError, read_template
from deckpress.anki.ledger import read_ledger
from deckpress.decks.where_expression import WhereError, read_where
from deckpress.importing.html.text import convert_html
from deckpress.math.gate import find_fault
from deckpress.pipeline.import_deck import import_deck
from deckpress.reading.card_file import read_card_file
from deckpress.reading.svg import find_svg_fault
from deckpress.text.problem import SourceError


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::" * 400 + "x" + "}}" * 400,
        "{{c1::" * 20_000 + "}}",
        "![" * 5_000 + "x" + "](y)" * 5_000,
        "**a _b " * 500 + "_ **" * 500,
        "- " * 200 + "x",
        "<b>" * 10_000,
        "<div>" * 5_000 + "</div>" * 5_000,
    ],
)
def test_deep_nesting_is_a_mistake(sources: Sources, text: str) -> None:
    """Nothing is lost in silence, and nothing ends in a traceback."""
    sources.write("one/card.md", f"# Q {{#q}}\n\n{text}\n")
    with pytest.raises(SourceError):
        load(sources.root)


@pytest.mark.parametrize(
    "link", ["[a](https://e.org/{})", "<https://e.org/{}>", '<a href="https://e.org/{}">a</a>']
)
def test_long_links_are_mistakes(sources: Sources, link: str) -> None:
    """A PDF takes addresses of 8,000 bytes, so no format gets a longer one; that many, all take."""
    for letter, size, taken in (("a", 7_986, True), ("a", 7_987, False), ("é", 4_000, False)):
        sources.write("one/card.md", f"# Q {{#q}}\n\n{link.format(letter * size)}\n")
        if taken:
            sources.build(formats=["pdf", "cards"])
        else:
            with pytest.raises(SourceError, match="no more than 8,000 work everywhere"):
                load(sources.root)


@pytest.mark.parametrize("latex", ["{" * 20_000, r"\sqrt" * 40_000 + " x", r"\left(" * 9_000])
def test_deep_formulas_are_refused(latex: str) -> None:
    """The reader of formulas is never given what would take the program down."""
    fault = find_fault(latex, display=True)
    assert fault is not None
    assert fault.message == "nested too deeply"


def test_open_brackets_are_refused() -> None:
    """Each that stays open would double the time that reading takes."""
    fault = find_fault("(" * 300 + "[" * 300, display=True)
    assert fault is not None
    assert fault.rule == "formula-too-deep"


@pytest.mark.parametrize(
    "opening",
    [
        r"\{",
        r"\lbrace ",
        r"\ulcorner ",
        r"\llcorner ",
        r"\lang ",
        *"⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼",
    ],
)
def test_whatever_opens_is_counted(opening: str) -> None:
    """Signs as well as commands, and what closes in front closes nothing behind."""
    fault = find_fault(")x" * 40 + opening * 32, display=True)
    assert fault is not None
    assert fault.rule in ("formula-too-deep", "unknown-to-anki")


def test_thousands_of_commands_are_refused() -> None:
    """The reader of formulas would go down under them."""
    fault = find_fault(r"x\frac" * 8_000, display=True)
    assert fault is not None
    assert fault.rule == "formula-too-deep"


def test_deep_expressions_are_refused() -> None:
    """So is an expression that nests beyond sense."""
    with pytest.raises(WhereError, match="nested too deeply"):
        read_where("(" * 5_000 + "a" + ")" * 5_000, {})


@pytest.mark.parametrize("text", [r"a\*b" + "\n", "{{c1::", "&amp;x\n"])
def test_long_paragraphs_are_read_soon(text: str) -> None:
    """Time grows with the text, not with its square."""
    start = time.monotonic()
    read_card_file(f"# Question\n\n{text * 10_000}".encode(), "card.md")
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 12_000,
        "<!--\n\n" * 8_000,
        r"\$" * 24_000,
        "$" + r"\$" * 24_000,
        "\x01" * 48_000,
        "{{" + " " * 48_000,
        ("{{" + " " * 200) * 240,
        "".join(f"[^a{number}]: x\n\n" for number in range(3_900)),
    ],
)
def test_clumsy_notes_are_read_soon(sources: Sources, text: str) -> None:
    """As long as a note may be; `benchmarks/hostile_growth.py` measures how time grows."""
    sources.write("one/card.md", f"# Q {{#q}}\n\n{text}\n")
    start = time.process_time()
    with suppress(SourceError):
        load(sources.root, jobs=1)
    assert time.process_time() - start < 20


def test_clumsy_files_are_read_soon() -> None:
    """Drawings, ledgers, front matter: in proportion to their length."""
    start = time.process_time()
    style = f"<style>{'url(' + ' ' * 400_000}</style>"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{style}</svg>'
    assert find_svg_fault("a.svg", svg.encode())
    assert read_ledger("junk\n" * 2_000_000, "deck.lock", 10**10)[1]
    with pytest.raises(CardTemplateError):
        read_template("{{#a}}" + "{{" * 200_000)
    with pytest.raises(CardTemplateError, match="More than 100 conditions"):
        read_template("{{#a}}" * 5_000 + "{{/a}}" * 5_000)
    keys = "".join(f"k{number}: x\n" for number in range(200))
    assert len(read_card_file(f"---\n{keys}---\n# Q\n\nx\n".encode(), "a.md").problems) == 200
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "text", ["# Q {#q}\n\n" + "word " * 12_000, f"# {'w' * 6_000} {{#q}}\n\nx"]
)
def test_a_note_has_a_length(sources: Sources, text: str) -> None:
    """What no one could answer is told before anything is set; other notes are read all the same."""
    sources.write("one/card.md", text + "\n\n# Other {#o}\n\n$\\frac$\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    first, second = map(str, caught.value.problems)
    assert re.match(
        r"cards/one/card.md:1:1: a note of [56]\d?,\d{3} characters \(divide it\)", first
    )
    assert "card.md:7:7" in second


def test_brackets_have_a_number(sources: Sources) -> None:
    """Fifty thousand of them would take a quarter of a minute, each looking for the end of a link."""
    sources.write("one/card.md", "# Q {#q}\n\n" + "![" * 20_000 + "\n")
    with pytest.raises(SourceError, match="a note with 20,000 opening brackets"):
        load(sources.root)


def test_colouring_is_given_up(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lexer that does not finish is a mistake at the fence, and holds up nothing."""
    monkeypatch.setattr("deckpress.tree.code.SLOW", 0.2)
    code = "a" * 30_000
    sources.write("one/card.md", f"# Q {{#q}}\n\n```androidbp\n{code}\n```\n")
    start = time.process_time()
    with pytest.raises(SourceError, match=r":3:1: colouring this as androidbp does not finish"):
        load(sources.root, jobs=1)
    assert time.process_time() - start < 5


def test_heaps_of_marks(sources: Sources, tmp_path: Path) -> None:
    """To put many marks in order takes the square of their number, so nothing reads them."""
    heap, most = "e" + "\u0301\u0327" * 40_000, "q" + "\u0327\u0301" * 50
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{}</text></svg>'
    sources.write("one/card.md", f"# Q {{#q}}\n\nx {most}\n\ny {most}\u0301 z {heap}\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    assert [(p.where.line, p.where.column) for p in caught.value.problems] == [(5, 4), (5, 109)]
    assert "a letter has more than 100 accents" in str(caught.value.problems[0])
    assert find_svg_fault("a.svg", svg.format(most).encode()) is None
    fault = find_svg_fault("a.svg", svg.format(heap).encode())
    assert fault is not None
    assert "more than 100" in fault.message
    (tmp_path / "a.csv").write_text(f"q,{heap}\nr,a\n", encoding="utf-8")
    with pytest.raises(SourceError, match="a letter in it has more than 100"):
        import_deck(tmp_path / "a.csv", tmp_path / "out")
    sources.write("one/card.md", "# Q {#q}\n\n" + "🎉" * 300 + "—" * 300 + f"\n\n{most}\n")
    load(sources.root)


@pytest.mark.parametrize(
    ("piece", "reader"),
    [
        ("<!-- ", "parse_comment"),
        ("<!-- a> ", "parse_comment"),
        ("<b ", "check_for_whole_start_tag"),
    ],
)
@pytest.mark.parametrize("number", [50, 500])
def test_the_end_of_what_never_ends_is_sought_a_few_times(
    piece: str, reader: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a field of hundreds of open comments or tags, Python sought it from each to the end."""
    sought: list[int] = []
    seek: Callable[[HTMLParser, int], int] = getattr(HTMLParser, reader)

    def watched(parser: HTMLParser, at: int) -> int:
        sought.append(at)
        return seek(parser, at)

    monkeypatch.setattr(HTMLParser, reader, watched)
    found = convert_html(f"<i>a</i> <!-- gone --> {piece * number}")
    assert len(sought) <= 110
    assert found.words.count(piece.strip()) == number
    assert found.markdown.startswith("*a*")
    assert "gone" not in found.markdown
