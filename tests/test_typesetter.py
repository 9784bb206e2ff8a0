"""Typst as this program uses it: its own fonts, given files, the same bytes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from conftest import Sources
from deckpress.decks.release import select
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.line_width import line_bounds, perhaps_widest
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.markup.typst import Setting, write_typst
from deckpress.math.extent import formula_extent
from deckpress.math.formula import write_math
from deckpress.pipeline.load import load
from deckpress.tree.node import Node, plain_text, walk
from real_deck import RealDeck
from test_formulas import TORTURE, read_deck

REPOSITORY = Path(__file__).parents[1]
DOCUMENT = "#set document(title: [A title])\n= Heading\nSome words."


def test_pdf_is_the_same_every_time() -> None:
    """The bytes are a function of source and date, and the date is in the PDF."""
    made = Typesetter({}).pdf(DOCUMENT, {}, date=1_700_000_000)
    assert Typesetter({}).pdf(DOCUMENT, {}, date=1_700_000_000) == made
    assert Typesetter({}).pdf(DOCUMENT, {}, date=1_700_000_001) != made
    metadata = PdfReader(io.BytesIO(made)).metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.timestamp() == 1_700_000_000


def test_accessibility_is_demanded() -> None:
    """A document without a title is no PDF/UA, and so refused unless that is waived."""
    with pytest.raises(TypesetError, match="title"):
        Typesetter({}).pdf("words", {}, date=0)
    assert Typesetter({}).pdf("words", {}, date=0, ua=False).startswith(b"%PDF-")


def test_given_files_can_be_read_and_no_others() -> None:
    """A source sees the files that come with it, by their paths."""
    files = {"media/a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}
    source = '#image("media/a.svg")'
    assert len(Typesetter({}).svg_pages(source, files)) == 1
    with pytest.raises(TypesetError, match="not found"):
        Typesetter({}).svg_pages(source, {})


_FORKED = """
import os, sys, tempfile
from pathlib import Path
from deckpress.markup.typesetter import Typesetter, fonts_kept

def folders():
    return list(Path(tempfile.gettempdir()).iterdir())

fonts = {path: Path(path).read_bytes() for path in sys.argv[1:]}
first = Typesetter(fonts).svg_pages("words", {})
assert folders() == []
with fonts_kept():
    assert Typesetter(fonts).svg_pages("words", {}) == first
    assert len(folders()) == 1, folders()
    if not (child := os.fork()):
        Typesetter({}).svg_pages("words", {})
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0
    with fonts_kept():
        assert Typesetter(fonts).svg_pages("= Bold", {})
    assert len(folders()) == 1, folders()
    assert Typesetter(dict(reversed(fonts.items()))).svg_pages("_Slanted_", {})
    assert len(folders()) == 1, folders()
    Typesetter({}).svg_pages("words", {})
    assert len(folders()) == 2, folders()
assert folders() == []
with fonts_kept():
    Typesetter(fonts).svg_pages("words", {})
    sys.exit(0)
"""


def test_folders_of_fonts_go_as_soon_as_possible(tmp_path: Path) -> None:
    """Fonts that are kept are read once; a forked program leaves them to the one that reads them."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    folder = tmp_path / "temporary"
    folder.mkdir()
    for path in (REPOSITORY / "templates/fonts").glob("*.ttf"):
        (fonts / path.name).write_bytes(path.read_bytes())
    names = [f"fonts/{path.name}" for path in sorted(fonts.iterdir())]
    assert names
    subprocess.run(
        [sys.executable, "-c", _FORKED, *names],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(folder)}, check=True, timeout=120,
    )  # fmt: skip
    assert list(folder.iterdir()) == []


def test_each_page_is_an_image() -> None:
    """Pages come in order, as SVG or as PNG."""
    source = "#set page(width: 1cm, height: auto)\na\n#pagebreak()\nb"
    assert [page[:4] for page in Typesetter({}).svg_pages(source, {})] == ["<svg"] * 2
    assert [page[1:4] for page in Typesetter({}).png_pages(source, {})] == [b"PNG"] * 2


def test_diagnostic_names_the_place() -> None:
    """What Typst refuses comes with its line, and without the folder it was set in."""
    with pytest.raises(TypesetError) as caught:
        Typesetter({}).svg_pages("a\n$foo$", {})
    assert "unknown variable: foo" in str(caught.value)
    assert ":2:1" in str(caught.value)
    assert "deckpress-" not in str(caught.value)


def test_why_an_unstable_layout_is_refused() -> None:
    """What it panics with, at its place, and not that it did not hold, which is told before."""
    source = '#context {\n let n = query(<a>).len()\n [#metadata(n)<a>] * (n + 1)\n if n > 3 { panic("why") }\n}'
    with pytest.raises(TypesetError, match="did not converge") as caught:
        Typesetter({}).svg_pages(source, {})
    assert caught.value.problem.message == "panicked with: why"


def test_unknown_font_is_refused() -> None:
    """A font that the theme lacks is not taken from the machine, nor silently replaced."""
    source = '#set text(font: "DejaVu Sans", fallback: false)\nwords'
    with pytest.raises(TypesetError, match="unknown font family"):
        Typesetter({}).svg_pages(source, {})


def test_metadata_is_found_by_label() -> None:
    """What a layout says of itself can be asked for without making a PDF."""
    source = "#metadata((a: 1))<here> #pagebreak() #context [#metadata(here().page())<here>]"
    assert Typesetter({}).query(source, {}, "<here>") == [{"a": 1}, 2]
    with pytest.raises(TypesetError):
        Typesetter({}).query("$foo$", {}, "<here>")


SHORT = r"""x; k; p; Q; \ell; m = y f(x); w_j; (w_j); w_{ij}; n^2; (n^2); f^d; W^Q; 2/3; -\infty; (2, 10, 4096); O(n^2);
\int; \sum; \prod; [0, 1]; \{a \mid b\}; \|x\|; \nabla_\theta; \mathbb{R}^d; \log n; x \to y; h^\top; \hat{y}; e^{-x};
x_j^2; \frac{1}{2}; \sqrt{x}; \sum_{i=1}^n x_i; x^2 + y_j; \left(\frac{a}{b}\right); \text{loss}; 10^{-8}; w_{y_j};
\bar{x}; \binom{n}{k}; x_{(p)}; \text{损失}; \lim_{n \to 0} f; \alpha\beta_k; a \ne b; \Phi_j"""


def test_formulas_take_no_more_room_than_is_known_of_them(
    sources: Sources, real_deck: RealDeck
) -> None:
    """None is wider than its structure says, or, where that calls it low, taller than a line."""
    sources.write("one/a.md", "---\ntags: [a]\n---\n# Q?\n\nA.\n")
    deck = select(load(sources.root))
    short = [formula.strip() for formula in SHORT.replace("\n", " ").split(";")]
    formulas = [(latex, display) for latex in (*short, *TORTURE) for display in (False, True)]
    formulas += read_deck(real_deck)
    source = [
        '#import "/elements.typ": *',
        "#show: text-style.with(8pt, 0.5em)",
        "#let said(width, height) = [#metadata((width / 8.16pt, height / 8pt))<it>]",
    ]
    for latex, display in formulas:
        inner = f"${write_math(latex, display=display)}$.body"
        set_apart = f"math.equation(block: {str(display).lower()}, {inner})"
        boxed = f"box({{ set par(leading: 0pt)\n{set_apart} }})"
        source.append(f"#context said(..measure({set_apart if display else boxed}).values())")
    fonts = typeset_fonts(deck, "\n".join(source))
    measured = Typesetter(fonts).query("\n".join(source), typst_files(deck), "<it>")
    extents = [formula_extent(latex, display=display) for latex, display in formulas]
    for formula, extent, (width, height) in zip(formulas, extents, measured, strict=True):
        assert extent.width >= width - 0.01, formula
        assert formula[1] or not extent.low or height <= 1.2, formula
    known = [extent.low and extent.width < 12 for extent in extents]
    assert sum(known) > 0.6 * len(known)


def test_the_widest_line_of_a_column_is_measured(sources: Sources, real_deck: RealDeck) -> None:
    """Of each column of the deck's tables, one of those that may be the widest is the widest."""
    sources.write("one/a.md", "---\ntags: [a]\n---\n# Q?\n\nA.\n")
    deck = select(load(sources.root))
    columns = []
    for _, content in real_deck.contents:
        for table in (n for nodes in content.parts for n in walk(nodes) if n.kind == "table"):
            rows = [row.children for part in table.children for row in part.children]
            columns += [[row[at] for row in rows if at < len(row)] for at in range(len(rows[0]))]
    columns = [each for each in columns if all(node.kind != "image" for node in walk(each))]
    source = ['#import "/elements.typ": *', "#show: text-style.with(8pt, 0.5em)"]
    source.append("#show: with-room.with(150pt, 100pt)")
    for cells in columns:
        written = [write_typst(cell.children, Setting({})) for cell in cells]
        measured = [f"measure([{cell}]).width / 1pt" for cell in written]
        measured[0] = f"measure(strong[{written[0]}]).width / 1pt"
        source.append(f"#context [#metadata(({', '.join(measured)},))<it>]")
    text = "\n".join(source)
    widths = Typesetter(typeset_fonts(deck, text)).query(text, typst_files(deck), "<it>")
    left_out = 0
    for cells, found in zip(columns, widths, strict=True):
        kept = perhaps_widest([line_bounds(each, bold=not at) for at, each in enumerate(cells)])
        assert max(found) == max(found[at] for at in kept), plain_text(cells)
        left_out += len(cells) - len(kept)
    assert len(columns) > 500
    assert left_out > 0.3 * sum(map(len, columns))


def test_kerning_is_in_two_tables() -> None:
    """Typst looks for each letter in every table of pairs; fontTools makes twenty, smaller ones."""
    for path in sorted((REPOSITORY / "templates/fonts").glob("sans-*.ttf")):
        (lookup,) = TTFont(path)["GPOS"].table.LookupList.Lookup
        assert [table.Format for table in lookup.SubTable] == [1, 2], path.name


def test_kerning_is_found_without_a_search() -> None:
    """The table of classes has a place for each letter, where fontTools writes what is shorter."""
    for path in sorted((REPOSITORY / "templates/fonts").glob("sans-*.ttf")):
        data = TTFont(path).getTableData("GPOS")

        def number(at: int, data: bytes = data) -> int:
            return int.from_bytes(data[at : at + 2], "big")

        lookup = number(8) + number(number(8) + 2)
        table = lookup + number(lookup + 8)
        coverage, *classes = (table + number(table + at) for at in (2, 8, 10))
        assert [number(each) for each in (coverage, *classes)] == [2, 1, 1], path.name
        assert number(coverage + 2) == 1, path.name


def test_what_looks_the_same_in_code_is_one_text() -> None:
    """Each text costs Typst time: neighbours of one colour are one, and blanks go with either."""
    code = "if not  None:\n  f(x, 'é')\n\n# end"
    node = Node("code_block", text=code, attrs=(("language", "python"),))
    assert write_typst([node], Setting({})) == (
        '#code-block(((("k", "if not  None"), ("", ":"), ), (("", "  f(x, "), ("s", "\'é\'"), '
        '("", ")"), ), (), (("c", "# end"), ), ), stress: (), longest: 13);'
    )
