"""Paper flashcards: behind every question its answer, and nothing cut."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from conftest import DECK_YAML, Sources
from deckpress import load, select
from deckpress.decks.selection import Selection
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.cards import card_source
from deckpress.exporters.pdf.parts import Limits
from deckpress.markup.typesetter import Typesetter
from deckpress.pipeline.build import print_cards
from deckpress.text.problem import Problem
from pdf_reader import Pdf, squeeze
from program import run
from torture import CARDS, CODE, TALL


def printed(sources: Sources, **options: object) -> Pdf:
    """Print the cards of a deck."""
    done = print_cards(
        sources.root,
        Path("build"),
        options=Options(**options),  # type: ignore[arg-type]
        selection=Selection(),
    )
    return Pdf(done.path)


SENTENCE = "Words of it follow each other. "
ROWS = "\n".join(
    f"| Row{n} | {SENTENCE * 4} | {SENTENCE * 2} | `call_it_{n}()` |" for n in range(5)
)
ARGUMENTS = ", ".join(f"argument_number_{n}=compute_it({n})" for n in range(60))
LONG = f"""\
# Rows {{#rows}}

| Name | Text | When | Code |
|---|---|---|---|
{ROWS}

# A cell {{#cell}}

| Name | Text |
|---|---|
| One | {SENTENCE * 40} |

# A line of code {{#line .coding}}

```python
value = combine({ARGUMENTS})
```

# Items {{#items}}

- {SENTENCE * 25}

  A second paragraph of the item.

  - {SENTENCE * 25}
- The last item.

# A definition {{#definition}}

Term
: {SENTENCE * 40}

# Bold {{#bold}}

**{(SENTENCE * 40).strip()}**

# A quotation {{#quotation}}

> {SENTENCE * 40}

# A figure {{#figure}}

![a frame|400](tall.svg)

"""
"""What is longer than a card, block by block; beside it lies tall.svg."""
SENTENCES = 5 * 6 + 40 + 25 + 25 + 40 + 40 + 40


@pytest.fixture
def ten(sources: Sources) -> Sources:
    """Return a deck of ten short notes."""
    cards = "".join(f"# Question{n}x {{#q{n}}}\n\nAnswer{n}x\n\n" for n in range(10))
    sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
    return sources


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("flip", ["long", "short"])
@pytest.mark.parametrize("per_sheet", [8, 4])
def test_answers_lie_behind_questions(ten: Sources, paper: str, flip: str, per_sheet: int) -> None:
    """Turned over the chosen edge, each answer is behind its question."""
    made = printed(ten, paper=paper, flip=flip, per_sheet=per_sheet)
    width, height = made.sizes.pop()
    seen = 0
    for number in range(0, len(made.pages), 2):
        front, back = made.places(number), made.places(number + 1)
        for text, (x, y) in front.items():
            if text.startswith("Question"):
                seen += 1
                behind_x, behind_y = back[text.replace("Question", "Answer")]
                column, row = int(x // (width / 2)), int(y // (height / (per_sheet / 2)))
                back_column = int(behind_x // (width / 2))
                back_row = int(behind_y // (height / (per_sheet / 2)))
                last = per_sheet // 2 - 1
                turned = (1 - column, row) if flip == "long" else (column, last - row)
                assert (back_column, back_row) == turned, text
    assert seen == 10


def test_ids_stand_on_both_sides(ten: Sources) -> None:
    """Each side of a card carries the note's id."""
    front, back, *_ = printed(ten).pages
    for number in range(8):
        assert f"q{number}" in front
        assert f"q{number}" in back


def test_hard_notes_come_out_whole(sources: Sources) -> None:
    """What does not fit a card goes on on another; nothing is cut."""
    sources.write("hard.md", CARDS)
    sources.write("tall.svg", TALL)
    made = printed(sources)
    assert made.text.count(squeeze("Sentences follow each other, and none of them")) == 40
    assert "Theend." in made.text
    assert "1/4" in made.text
    assert "4/4" in made.text
    assert "(continued)" in made.text
    assert "a tall frame" in made.alternatives
    assert all(squeeze(line) in made.text for line in CODE.split("\n"))
    assert {round(w) for w, _ in made.sizes} == {595}


def test_text_stays_on_its_card(sources: Sources) -> None:
    """No text of a card lies outside the sheet's printable part."""
    sources.write("hard.md", CARDS)
    sources.write("tall.svg", TALL)
    made = printed(sources)
    for number in range(len(made.pages)):
        for text, (x, y) in made.places(number).items():
            assert 25 < x < 570, text
            assert 25 < y < 817, text


def test_command_prints_cards(ten: Sources) -> None:
    """`deckpress print-cards` writes a PDF beside the other outputs and leaves the ledger alone."""
    done = run(ten.folder, "print-cards", "--per-sheet", "4", "--flip", "short")
    assert done.returncode == 0, done.stderr
    assert len(Pdf(ten.folder / "build" / "small-cards.pdf").pages) == 6
    assert not (ten.root / "deck.lock").exists()


def test_same_bytes_twice(ten: Sources, at: Callable[[int], None]) -> None:
    """The same sources make the same bytes."""
    at(1_700_000_000)
    options = Options()
    first, second = (
        print_cards(
            ten.root, Path("build"), options=options, selection=Selection()
        ).path.read_bytes()
        for _ in range(2)
    )
    assert first == second


def test_a_cloze_note_asks_with_its_holes(sources: Sources) -> None:
    """The front shows the text with holes open, in words, formulas and code; the back fills them."""
    text = (
        "# Title {#t .cloze}\n\nTake {{c1::zebra}}, {{c2::yak::an animal}} and ${{c3::q}} = w$.\n\n"
        "```python cloze\nxx = {{c4::llama}}\n```\n"
    )
    sources.write("one/t.md", text)
    made = printed(sources)
    front, back = (squeeze(page) for page in made.pages[:2])
    for word in ("zebra", "yak", "llama"):
        assert word not in front
        assert word in back
    assert "[animal]" in front or "[ananimal]" in front
    assert "xx=[...]" in front


@pytest.mark.parametrize("per_sheet", [8, 4])
def test_short_cards_are_set_as_any(
    sources: Sources, per_sheet: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What surely fits is not measured, and stands where it would have stood."""
    wide = "\u5b57" * 29
    for number, (question, answer) in enumerate(
        [("Why?", "So."), ("W" * 60, "W " * 60), (wide * 2, wide * 4), ("A *b* **c**", "x" * 120)]
    ):
        sources.write(f"one/n{number}.md", f"# {question} {{#n{number}}}\n\n{answer}\n")

    def lines() -> list[dict[str, tuple[int, int]]]:
        made = printed(sources, per_sheet=per_sheet)
        return [
            {text: (round(x), round(y)) for text, (x, y) in made.places(number).items()}
            for number in range(len(made.pages))
        ]

    as_short = lines()
    monkeypatch.setattr("deckpress.exporters.pdf.cards._is_short", lambda content: False)
    assert as_short == lines()


@pytest.mark.parametrize(("paper", "per_sheet"), [("a4", 8), ("letter", 8), ("a4", 4)])
def test_no_print_is_too_small(sources: Sources, paper: str, per_sheet: int) -> None:
    """What is longer than a card goes on on another, in type of at least 6.5 points."""
    sources.write("one/long.md", LONG)
    sources.write("one/tall.svg", TALL)
    made = printed(sources, paper=paper, per_sheet=per_sheet)
    assert min(made.type_sizes) >= 6.5, made.type_sizes
    assert made.text.count(squeeze(SENTENCE)) == SENTENCES
    assert made.text.count("compute_it(") == 60
    for number in range(len(made.pages)):
        for text, (_, y) in made.places(number).items():
            assert 25 < y < made.sizes.copy().pop()[1] - 25, text


def test_cards_that_run_from_right_to_left_stand_on_the_paper(ten: Sources) -> None:
    """They lie where the others do."""
    deck = (ten.root / "deck.yaml").read_text(encoding="utf-8")
    ten.write("deck.yaml", deck + "language: he\n")
    made = printed(ten)
    for number in range(len(made.pages)):
        places = made.places(number)
        ids = [place for text, place in places.items() if re.fullmatch(r"q\d", text)]
        questions = [
            x for text, (x, _) in places.items() if text.startswith(("Question", "Answer"))
        ]
        assert len(ids) == len(questions) == (8 if number < 2 else 2)
        assert len({round(x / 298) for x, _ in ids}) == 2
        assert all(25 < x < 570 for x in [*questions, *(x for x, _ in ids)])


ALIGNED = "\\\\\n".join(rf"x_{{{n}}} &= \frac{{a_{{{n}}}}}{{b_{{{n}}}}}" for n in range(14))
TOO_TALL = (
    f"# Tall {{#tall}}\n\nShort:\n\n$$\n\\begin{{aligned}}\n{ALIGNED}\n\\end{{aligned}}\n$$\n"
)
TERMS = " + ".join(f"x_{{{n}}}^2" for n in range(40))
"""A long formula that goes on on another line."""


@pytest.mark.parametrize("apart", [False, True])
def test_what_cannot_be_divided_is_told(
    sources: Sources, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A formula larger than its card is named with its size; one that can be broken is not."""
    sources.write("one/tall.md", TOO_TALL + f"\n# Long {{#long}}\n\nShort:\n\n$$y = {TERMS}$$\n")
    if apart:
        monkeypatch.setattr("deckpress.exporters.pdf.small_print._PARTS", Limits(whole=1, part=1))
    (advice,) = advice_of(sources)
    assert str(advice).startswith("cards/one/tall.md:1:1: advice: on its paper card, a formula of")
    points = re.search(r"'tall' is printed at ([\d.]+) points", str(advice))
    assert points
    set_in = printed(sources).formula_sizes
    assert any(size == pytest.approx(float(points[1]), abs=0.2) for size in set_in)
    assert float(points[1]) < 6.5
    assert advice_of(sources, per_sheet=4) == ()


def advice_of(sources: Sources, **options: object) -> tuple[Problem, ...]:
    """Return what is told of the cards of a deck."""
    given = Options(**options)  # type: ignore[arg-type]
    return print_cards(sources.root, Path("build"), options=given, selection=Selection()).advice


def test_small_print_is_advice_as_any(sources: Sources) -> None:
    """Commands tell it; strictly taken it fails; a comment or the deck allows it."""
    sources.write("one/tall.md", TOO_TALL)
    for command in (["print-cards"], ["build", "--format", "cards"]):
        done = run(sources.folder, *command)
        assert "cards/one/tall.md:1:1: advice: on its paper card" in done.stdout
    found = run(sources.folder, "build", "--format", "cards", "--strict")
    assert found.returncode == 1
    assert "[small-print]" in found.stderr
    sources.write("one/tall.md", f"<!-- allow: small-print -->\n{TOO_TALL}")
    assert advice_of(sources) == ()
    sources.write("one/tall.md", TOO_TALL)
    sources.write("deck.yaml", DECK_YAML + "allow: [small-print]\n")
    assert advice_of(sources) == ()


def test_code_in_a_table_stays_in_its_column(sources: Sources) -> None:
    """Its letters are wide; none stands beyond the card's text."""
    rows = "\n".join(f"| {SENTENCE * 3} | {SENTENCE} | `reference_to_a_{n}` |" for n in range(3))
    table = f"Short.\n\n| What it does | When | Reference |\n|---|---|---|\n{rows}\n"
    for number in range(2):
        sources.write(f"one/n{number}.md", f"# Question{number} {{#n{number}}}\n\n{table}")
    source = card_source(select(load(sources.root)), Options())
    back = Typesetter(source.fonts).png_pages(source.text, source.files, dots_per_inch=72)[1]
    image = Image.open(io.BytesIO(back)).convert("L")
    # Right of the text of the cards on the right, up to where they are cut.
    margin = image.crop((595 - 40, 30, 595 - 27, 842 - 30))
    assert min(image.tobytes()) < 100
    assert min(margin.tobytes()) > 240
