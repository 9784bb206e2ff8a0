"""The night-before sheet: what it says of a note, and pages that are filled exactly."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conftest import Sources
from deckpress import EXPORTERS
from deckpress.decks.deck import Deck
from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.brief import name_note
from deckpress.exporters.pdf.pages import LEAST_SIZE, MOST_SIZE, fit_pages, rank_notes, weigh
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import Typesetter
from deckpress.pipeline.load import load
from deckpress.text.problem import SourceError
from deckpress.text.spellings import spelled_words
from pdf_reader import Pdf
from program import run
from real_deck import RealDeck

BRIEF = Options(detail="brief", pages=1)
FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><circle r="20"/></svg>'
NOTE = """\
---
category: one
difficulty: easy
tags: [topic]
---
# What does this note ask? {#drop-out-rule term="Dropout" importance=high}

Short words.

$$
x = y
$$

Details that nobody reads at night.

# And the KL divergence of what? {#kl-divergence-of-two}

Two kinds:

- the first
- the second

# How is it drawn? {#drawing}

As a circle.

![a dot](dot.svg "A caption")
"""
LONG = "the answer goes on with some more words of no great weight " * 6
COMPANIES = """\
companies:
  - {slug: meta, name: Meta}
  - {slug: acme, name: Acme}
"""


def many(sources: Sources, count: int, heads: str = "") -> None:
    """Write a deck of notes of equal length."""
    notes = "".join(f"# Question {n}? {{#note-{n}{heads}}}\n\n{LONG}\n\n" for n in range(count))
    sources.write("one/many.md", f"---\ncategory: one\n---\n\n{notes}")


def chosen(sources: Sources, options: Options = BRIEF) -> tuple[Deck, Fit]:
    """Return the whole deck with what fills its pages."""
    deck = select(load(sources.root))
    return deck, fit_pages(deck, options)


def test_term_answer_formula_and_figure(sources: Sources) -> None:
    """A note is its term, its short answer, formula and figure: no question, no other line."""
    sources.write("one/a.md", NOTE)
    sources.write("one/dot.svg", FIGURE)
    made = Pdf(EXPORTERS["pdf"](select(load(sources.root)), Options(detail="brief")))
    text = made.text
    for words in ("Dropout–Shortwords.", "KLdivergenceoftwo–Twokinds:", "thefirst", "Drawing–Asa"):
        assert words in text
    for words in ("Whatdoesthis", "Details", "easy", "Acaption"):
        assert words not in text
    assert {"x = y", "a dot"} <= set(made.alternatives)
    assert [title for _, title in made.outline] == ["One"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made.root["/Metadata"].get_object().get_data()


def test_an_answer_is_not_cut_off(sources: Sources) -> None:
    """What a sentence goes on with, and what was to be filled in, are on the sheet, too."""
    notes = (
        "# Which two? {#two}\n\nIt may have at most two of\n\n- {{c1::reading}}\n- {{c2::writing}}\n\n"
        "# Where? {#where}\n\nEach task ran often.\n\nSome words.\n\nIt is {{c1::nowhere}}.\n\n"
        "# Fill in. {#fill .cloze}\n\n```python test\nx = 1\n```\n\n"
        "```python cloze\ny = {{c1::x + 41}}\n```\n\n"
        "# A sentence? {#sentence}\n\nIt is one.\n\n- detail\n"
    )
    sources.write("one/a.md", f"---\ncategory: one\n---\n{notes}")
    deck = select(load(sources.root))
    text = Pdf(EXPORTERS["pdf"](deck, Options(detail="brief"))).text
    assert all(word in text for word in ("reading", "writing", "nowhere", "x+41"))
    assert "detail" not in text
    assert "Somewords" not in text


def test_equations_in_a_row_have_lines_of_their_own(sources: Sources) -> None:
    """What is too wide is cut between equations, then before signs; no line begins with a comma."""
    sources.write("one/a.md", "---\ncategory: one\n---\n# Q? {#q}\n\nA.\n")
    deck = select(load(sources.root))
    source = """#import "/elements.typ": *
#set document(title: [Lines])
#context {
  let both = $ n = 1 + 2 + 3 + 4 + 5 + 6, quad m = 7 + 8 + 9 + 10 + 11 + 12 $.body
  let two = lines-of(both, 5cm)
  assert.eq(two.len(), 2)
  assert(repr(two.at(1)).contains("[m]") and not repr(two.at(0)).contains("[m]"))
  assert.eq(lines-of(both, 20cm).len(), 1)
  assert(lines-of(both, 2cm).all(line => not line.children.first() == [,]))
}
Done
"""
    fonts = typeset_fonts(deck, source)
    assert "Done" in Pdf(Typesetter(fonts).pdf(source, typst_files(deck), date=0)).text


def test_terms_are_spelled_as_the_deck_spells_them(sources: Sources) -> None:
    """Dashes and capitals come from the questions; what says the kind is left out."""
    notes = (
        "# Is k-means like PCA? {#kmeans-and-pca}\n\nx\n\n# The same {#k-means-pca-of}\n\nx\n\n"
        "# Write k-means. {#code-k-means .coding}\n\nx\n"
    )
    sources.write("one/a.md", f"---\ncategory: one\n---\n{notes}")
    deck = select(load(sources.root))
    spellings = spelled_words(tuple(note.question for note in deck.notes))
    names = [name_note(note, spellings) for note in deck.notes]
    assert names == ["Kmeans and PCA", "K-means PCA of", "K-means"]


@pytest.mark.parametrize("count", [12, 40, 150])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_pages_are_filled(sources: Sources, count: int, paper: str) -> None:
    """The pages are as many as were asked for and full; type stays legible."""
    many(sources, count)
    options = Options(detail="brief", pages=1, paper=paper)
    deck, fit = chosen(sources, options)
    made = Pdf(EXPORTERS["pdf"](deck, options))
    assert len(made.pages) == 1
    assert fit.size >= LEAST_SIZE
    assert fit.filled >= 0.95
    assert len(fit.notes) == min(count, len(fit.notes))
    assert (len(fit.notes) < count) == (count == 150)
    assert f"{len(fit.notes)}of{count}notes·leftout:One{count - len(fit.notes)}" in made.text or (
        f"{count}notes" in made.text and len(fit.notes) == count
    )


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (1, 4), (12, 4)])
def test_few_notes_are_not_torn_apart(sources: Sources, count: int, pages: int) -> None:
    """What cannot fill its pages has the largest type, and the usual gaps."""
    many(sources, count)
    options = Options(detail="brief", pages=pages)
    deck, fit = chosen(sources, options)
    assert (fit.size, fit.gap, len(fit.notes)) == (MOST_SIZE, 0.62, count)
    assert fit.filled < 0.9
    assert len(Pdf(EXPORTERS["pdf"](deck, options)).pages) <= pages


GIVEN = {
    "funnel": "Of 500 questions 200 go wrong. What do you repair?",
    "share": "An employee may read 0.5% of 80 million chunks. Where do you filter?",
    "stages": "Why does stage 3 send more than stages 1 and 2?",
    "size": "How do you tune an 8B model?",
    "rule": "Why 16 and again 16?",
}


def test_answers_about_a_front_come_later(sources: Sources) -> None:
    """An answer to numbers or lines that the sheet does not show comes behind what stands alone."""
    sources.write("a.md", "---\ncategory: one\n---\n# How many?\n\n8 GB.\n\n---\n\nTwo.\n")
    sources.write("b.md", "---\ncategory: one\n---\n# What is it?\n\nA thing.\n")
    sources.write(
        "c.md",
        "---\ncategory: one\n---\n# Write f. {.coding}\n\n```python\ndef f(): ...\n```\n\n---\n\nSo.\n",
    )
    for name, question in GIVEN.items():
        sources.write(f"{name}.md", f"---\ncategory: one\n---\n# {question} {{#{name}}}\n\nSo.\n")
    sources.write(
        "line.md",
        "---\ncategory: one\n---\n# Which line is wrong?\n\n```python\nf()\n```\n\n---\n\nThe last.\n",
    )
    deck = select(load(sources.root))
    ranked = [note.question for note in rank_notes(deck, deck.notes)]
    late = ["How many?", GIVEN["funnel"], GIVEN["share"], "Which line is wrong?"]
    assert sorted(ranked[-4:]) == sorted(late)


def test_what_weighs_most_is_kept(sources: Sources) -> None:
    """Asked, important and easy notes stay, unimportant ones go first."""
    many(sources, 150)
    sources.write("companies.yaml", COMPANIES)
    own = {"asked": "", "high": " importance=high", "easy": " difficulty=easy"}
    others = {"hard": " difficulty=hard", "low": " importance=low"}
    for name, more in (own | others).items():
        head = "companies: [meta]\n" if name == "asked" else ""
        text = f"---\ncategory: two\n{head}---\n# The {name} one? {{#{name}{more}}}\n\n{LONG}\n"
        sources.write(f"two/{name}.md", text)
    deck, fit = chosen(sources)
    assert set(own) <= fit.notes
    assert "low" not in fit.notes
    weights = {note.id: weigh(note, deck) for note in deck.notes}
    assert (
        weights["asked"]
        > weights["high"]
        > weights["easy"]
        > weights["note-1"]
        > weights["hard"]
        > weights["low"]
    )
    assert [note.id for note in rank_notes(deck, deck.notes)][:3] == ["asked", "high", "easy"]


def test_a_company_with_few_notes_fills_its_pages_with_others(sources: Sources) -> None:
    """Nothing of its own is left out; the rest of the deck fills up, and the sheet says so."""
    many(sources, 90)
    sources.write("companies.yaml", COMPANIES)
    text = f"---\ncategory: two\ncompanies: [meta]\n---\n# Own? {{#own}}\n\n{LONG}\n"
    sources.write("two/own.md", text)
    deck = select(load(sources.root), Selection(companies=("meta",)))
    fit = fit_pages(deck, BRIEF)
    assert {note.id for note in deck.notes} <= fit.notes
    assert len(fit.notes) > len(deck.notes)
    assert fit.filled >= 0.95
    made = Pdf(EXPORTERS["pdf"](deck, BRIEF))
    assert len(made.pages) == 1
    assert "othersofthedeck" in made.text
    assert "Own(asked)" in made.text
    call = ("build", "-c", "meta", "--format", "pdf", "--detail", "brief", "--pages", "1")
    done = run(sources.folder, *call)
    others = len(fit.notes) - len(deck.notes)
    assert f" pt, with {others} other notes of the deck; nothing left out" in done.stdout


@pytest.mark.parametrize("company", ["", "google"])
def test_the_real_deck_in_two_pages(company: str, real_deck: RealDeck) -> None:
    """Two pages, full, with no word cut."""
    selection = Selection(companies=(company,)) if company else Selection()
    deck = select(real_deck.release, selection)
    options = Options(detail="brief", pages=2)
    fit = fit_pages(deck, options)
    assert fit.filled >= 0.95
    assert fit.size >= LEAST_SIZE
    made = Pdf(EXPORTERS["pdf"](deck, replace(options, fit=fit)))
    assert len(made.pages) == 2
    spellings = spelled_words(tuple(note.question for note in deck.collection.notes))
    terms = (name_note(n, spellings) for n in deck.collection.notes if n.id in fit.notes)
    assert all("".join(term.split()) in made.text for term in terms)


def test_command_says_what_was_left_out(sources: Sources) -> None:
    """`build` tells how full the pages are and what found no place; files have their own names."""
    many(sources, 120)
    options = ("--format", "pdf,json", "--detail", "brief", "--pages", "1")
    done = run(sources.folder, "build", *options, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["outputs"][0]["path"].endswith("small-brief-1-pages.pdf")
    assert 0 < len(told["left_out"]) < 120
    assert [output["notes"] for output in told["outputs"]] == [120 - len(told["left_out"]), 120]
    plain = run(sources.folder, "build", *options)
    assert f"left out: {len(told['left_out'])} (note-" in " ".join(plain.stdout.split())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--pages", "2"), "--pages works only with --detail brief"),
        (("--detail", "brief", "--large"), "--large does not work with --detail brief"),
        (("--detail", "brief", "--pages", "0"), "0 is not in the range"),
    ],
)
def test_options_that_make_no_sense(sources: Sources, options: tuple[str, ...], says: str) -> None:
    """They are refused with a word of why."""
    sources.write("one/a.md", NOTE)
    done = run(sources.folder, "build", *options)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.replace("│", " ").split())


def test_one_term_for_several_notes_is_a_mistake(sources: Sources) -> None:
    """A term in front matter is that of the file's one note."""
    head = "---\ncategory: one\nterm: Word\n---\n"
    sources.write("one/a.md", f"{head}# Q? {{#q}}\n\nx\n")
    assert select(load(sources.root)).notes[0].term == "Word"
    sources.write("one/a.md", f"{head}# Q? {{#q}}\n\nx\n\n# R? {{#r}}\n\ny\n")
    with pytest.raises(SourceError, match="one term for several notes"):
        load(sources.root)


def test_names_are_spelled_as_in_questions() -> None:
    """A capital within a sentence is a name's; a dash is dropped where two words stand elsewhere."""
    texts = (
        "Adam or SGD? Which does Adam beat?",
        "Which A/B test is sound, and why do CNNs win?",
        "A learning-rate drill with k-means",
        "Which learning rate? Adam",
    )
    spelled = spelled_words(tuple(texts))
    assert spelled == {
        "adam": "Adam", "sgd": "SGD", "ab": "A/B", "cnn": "CNN", "k-means": "k-means"
    }  # fmt: skip
