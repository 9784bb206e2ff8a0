"""Formulas on their way from LaTeX to what Typst sets: nothing lost, nothing moved."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from cases import FOLDER, read_cases
from deckpress.exporters.html import formulas as drawing
from deckpress.exporters.html.formulas import draw_formulas, write_definitions
from deckpress.markup.elements import join
from deckpress.markup.typesetter import Typesetter
from deckpress.math.formula import write_math
from deckpress.math.gate import USUAL, find_fault
from deckpress.tree.cloze import strip_markers
from deckpress.tree.node import walk
from real_deck import RealDeck
from set_text import Formula, expected_rules, expected_signs, signs_set

GOLDEN = Path(__file__).parent / "golden" / "math.png"
COMMANDS = (FOLDER / "commands.txt").read_text(encoding="utf-8").splitlines()
TORTURE = [case.given.strip() for case in read_cases("math.md")]


def read_deck(real_deck: RealDeck) -> list[Formula]:
    """Return the distinct formulas of the deck that comes with the program."""
    found: set[Formula] = set()
    for _, content in real_deck.contents:
        parts = content.parts
        for node in walk(each for part in parts for each in part):
            if node.kind in ("math", "math_block", "math_display"):
                found.add((strip_markers(node.text, braces=True), node.kind != "math"))
    return sorted(found)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """Return Typst without fonts but its own."""
    return Typesetter({})


@pytest.fixture(scope="module")
def formulas(real_deck: RealDeck) -> list[Formula]:
    """Return every formula that is tried: the torture set in both forms, and the deck's."""
    return [(latex, display) for latex in TORTURE for display in (True, False)] + read_deck(
        real_deck
    )


def test_torture_set_is_large() -> None:
    """At least sixty formulas are in the torture set, and the gate lets all of them pass."""
    assert len(TORTURE) >= 60
    for latex in TORTURE:
        assert find_fault(latex, display=True) is None, latex
        assert find_fault(latex, display=False) is None, latex


def test_a_blank_is_no_label() -> None:
    """Only a blank as wide as that at an arrow was taken for one, and nothing stood in it."""
    for latex in (r"=^{\kern3.5em}", r"\overset{\kern3.5em}{\to}", r"=_{\hskip3.5em}^{a}"):
        assert find_fault(latex, display=False) is None, latex
        assert "stretch" not in str(write_math(latex, display=False))


def test_no_sign_is_lost(formulas: list[Formula], typesetter: Typesetter) -> None:
    """Every letter, digit, operator and accent that LaTeX means can be read in the PDF."""
    found = signs_set(formulas, typesetter)
    assert len(found) == len(formulas)
    lost = {
        formula: missing
        for formula, signs in zip(formulas, found, strict=True)
        if (missing := expected_signs(formula) - signs)
    }
    assert lost == {}


def test_no_rule_is_lost(formulas: list[Formula], typesetter: Typesetter) -> None:
    """Bars of fractions and roots, overlines, strokes and rules of arrays: each is drawn once."""
    drawn = draw_formulas(formulas, typesetter)
    for formula in formulas:
        lines = drawn[formula].drawing
        assert lines.count("stroke-width=") == expected_rules(formula), formula


def test_every_command_can_be_set(typesetter: Typesetter) -> None:
    """What the gate lets pass Typst can set: a formula for each command that all three know.

    Left out are four negated relations, such as \\nleqq, whose stroke pypdf does not read.
    """
    commands = [(latex, True) for latex in COMMANDS]
    assert [latex for latex, _ in commands if find_fault(latex, display=True)] == []
    found = signs_set(commands, typesetter)
    lost = {
        latex: missing
        for (latex, _), signs in zip(commands, found, strict=True)
        if (missing := expected_signs((latex, True)) - signs)
    }
    assert lost == {}


def test_a_lost_sign_is_noticed(typesetter: Typesetter) -> None:
    """The comparison is not blind: against another formula, what is missing shows."""
    (found,) = signs_set([(r"\bar{x} + 1", False)], typesetter)
    assert expected_signs((r"\hat{x} \cdot 12", False)) - found == {"\u0302": 1, "⋅": 1, "2": 1}


def paint(formulas: list[str], typesetter: Typesetter) -> Image.Image:
    """Return a sheet of formulas, displayed and as they are in a line."""
    shown = ",\n".join(
        f"text(6pt)[{index}], [$display({write_math(latex, display=True)})$], "
        f"[${write_math(latex, display=False)}$]"
        for index, latex in enumerate(formulas, start=1)
    )
    rules = (
        "#set page(width: 27cm, height: auto, margin: 6pt)\n#set par(leading: 3pt)\n"
        "#set text(size: 8pt, top-edge: 0pt, bottom-edge: 0pt)\n"
    )
    grid = "columns: (auto, 1fr, 1fr) * 2, align: horizon + left, gutter: 6pt"
    (png,) = typesetter.png_pages(f"{rules}#grid({grid},\n{shown})", {}, dots_per_inch=120)
    return Image.open(io.BytesIO(png)).convert("L")


def count_changed(one: Image.Image, other: Image.Image) -> int:
    """Say how many pixels differ by more than what machines round differently."""
    difference = ImageChops.difference(one, other).histogram()
    return sum(difference[32:])


def test_torture_set_looks_as_it_did(
    typesetter: Typesetter, request: pytest.FixtureRequest
) -> None:
    """The sheet of all torture formulas is the golden image; `pytest --update` paints it anew."""
    now = paint(TORTURE, typesetter)
    if request.config.getoption("--update"):
        GOLDEN.parent.mkdir(exist_ok=True)
        now.quantize(32).save(GOLDEN, optimize=True)
    golden = Image.open(GOLDEN).convert("L")
    assert now.size == golden.size
    assert count_changed(now, golden) <= 5


def test_a_changed_sign_is_seen(typesetter: Typesetter) -> None:
    """The comparison of images is not blind: one accent in one formula is more than it allows."""
    changed = [TORTURE[0].replace(r"\hat", r"\bar"), *TORTURE[1:]]
    assert count_changed(paint(changed, typesetter), paint(TORTURE, typesetter)) > 5


def test_drawing_depends_on_the_formula_alone(typesetter: Typesetter) -> None:
    """Order, repetition and what stands beside a formula do not matter, nor does a second run."""
    some = [(latex, True) for latex in TORTURE[:20]]
    first = draw_formulas(some, typesetter)
    assert draw_formulas([*reversed(some), *some], Typesetter({})) == first
    drawing._DRAWN.clear()
    for formula in some[5:10]:
        assert draw_formulas([formula], typesetter)[formula] == first[formula]


def test_ids_are_unique_and_found(typesetter: Typesetter) -> None:
    """On one page every id is there once, and every use has its definition."""
    wanted = [(latex, display) for latex in TORTURE for display in (True, False)]
    drawn = draw_formulas(wanted, typesetter).values()
    page = str(join([write_definitions(drawn), *(formula.write() for formula in drawn)]))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) == set(ids)


def test_each_formula_is_stored_once(typesetter: Typesetter) -> None:
    """A formula that is written twice is defined once: what is written only refers to it."""
    drawn = draw_formulas([("x^2", False), ("x^2", True), ("x", False)], typesetter)
    definitions = write_definitions(drawn.values())
    assert len(re.findall("<g id=", definitions)) == 3
    assert len(re.findall("<path id=", definitions)) == 2
    assert "<path" not in drawn["x^2", False].write()


def test_written_formula(typesetter: Typesetter) -> None:
    """It is an image labelled in words, with its LaTeX to copy, measured in em, in the colour of the text."""
    drawn = draw_formulas([("a <\n b", False), (r"\frac{1}{y}", True)], typesetter)
    written = drawn["a <\n b", False].write()
    definitions = write_definitions(drawn.values())
    assert 'role="img" aria-label="a is less than b" data-tex="a &lt; b"' in written
    assert re.search(r'width="[\d.]+em" height="[\d.]+em"', written)
    assert 'fill="currentColor"' in written
    assert "#000" not in definitions
    assert 'stroke="currentColor"' in definitions
    assert write_definitions(draw_formulas([], typesetter).values()) == ""


@pytest.mark.parametrize(
    ("latex", "height", "depth"),
    [("x", 0.45, 0.01), ("y", 0.65, 0.21), ("b", 0.7, 0.01), (r"\boxed{b}", 1.3, 0.31)],
)
def test_formula_stands_on_the_baseline(
    latex: str, height: float, depth: float, typesetter: Typesetter
) -> None:
    """What hangs below the line in type hangs below the baseline by as much in the image."""
    drawn = draw_formulas([(latex, False)], typesetter)[latex, False]
    assert (drawn.height, drawn.depth) == pytest.approx((height, depth), abs=0.02)


def test_a_misspelt_command() -> None:
    """What is offered in its place exists; and what resembles nothing may be a function's name."""
    for name in USUAL - {"begin", "end", "left", "right"}:
        forms = (rf"\{name}", rf"\{name}{{x}}", rf"\{name}{{x}}{{y}}")
        assert not all(find_fault(latex, display=False) for latex in forms), name
    for written, hint in (
        (r"\alhpa", r"did you mean '\alpha'?"),
        (r"x \leqq y \sqroot{2}", r"did you mean '\sqrt'?"),
        (r"\E[x]", r"write \mathbb{E}"),
        (r"\softmax(x)", r"a function of that name is \operatorname{softmax}"),
    ):
        fault = find_fault(written, display=False)
        assert fault
        assert fault.hint == hint
        (fix,) = fault.fixes
        (edit,) = fix.edits
        assert find_fault(written.replace(edit.old, edit.new), display=False) is None
