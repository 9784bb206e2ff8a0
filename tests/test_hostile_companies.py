"""Whatever a catalogue of companies says, its pages, its index, its cards and its PDF show as text."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from anki_collection import RealAnki
from attacks import STRINGS
from conftest import DECK_YAML, Sources
from deckpress import Selection, SourceError, build
from deckpress.pipeline.build import build_companies
from deckpress.text.problem import Problem
from pdf_reader import Pdf, squeeze
from test_attacks import STEP, Watched

TEXTS = STRINGS[:: 1 if STEP == 1 else 21]
"""Each fills every field of a company and of its sources."""


def write(sources: Sources, texts: list[str]) -> None:
    """Write a deck of a company for each text."""
    companies, entries = [], {}
    for n, text in enumerate(texts):
        entries[f"s{n}"] = {
            "title": text, "site": text, "path": f"/{text}", "grade": "A", "date": "2025", "note": text
        }  # fmt: skip
        entries[f"t{n}"] = {"title": text, "site": "example.org", "path": f"/{text}", "grade": "B"}
        companies.append(
            {
                "slug": f"c{n}",
                "name": f"{text} {n}",
                "facts": [{"key": "f", "kind": "asked", "source": f"s{n}", "says": text, "role": text}],
                "emphasis": [{"categories": ["one"], "source": f"t{n}", "says": text}],
                "rounds": [
                    {
                        "source": f"t{n}", "says": text, "role": text,
                        "stages": [{"name": text, "what": text, "minutes": "45"}],
                    }
                ],
            }
        )  # fmt: skip
        sources.write(
            f"one/n{n}.md", f"---\ncompanies: {{c{n}: f}}\n---\n# Q {n}? {{#n{n}}}\n\nx\n"
        )
    sources.write("companies.yaml", json.dumps({"companies": companies}))
    sources.write("sources.yaml", json.dumps({"sources": entries}))
    deck = DECK_YAML + f"author: {json.dumps(texts[0])}\nlicense: {json.dumps(texts[-1])}\n"
    sources.write("deck.yaml", deck.replace("A deck for tests.", json.dumps(texts[0])))


def taken(sources: Sources) -> list[str]:
    """Return the texts that no field refuses."""
    found = []
    for text in TEXTS:
        write(sources, [text])
        try:
            build(sources.root, sources.folder / "try", formats=["json"])
        except SourceError:
            continue
        found.append(text)
    return found


def test_no_text_of_a_company_runs_or_asks(
    sources: Sources, anki: RealAnki, chromium: Browser
) -> None:
    """In the pages of companies, their index, the sheet, Anki's cards and the PDF."""
    texts = taken(sources)
    assert len(texts) >= 15
    write(sources, texts)
    out = sources.folder / "out"
    done = build_companies(sources.root, out, formats=["html"])
    pages = [*out.rglob("*.html")]
    assert len(pages) == len(texts) + 1
    assert done.outputs
    with chromium.new_context() as browser:
        watched = Watched(browser.new_page())
        for page in sorted(pages)[:: 1 if STEP == 1 else 5] + [
            p for p in pages if "compan" in p.name
        ]:
            watched.page.goto(page.as_uri())
            watched.expect_nothing()
            links = watched.page.eval_on_selector_all("a[href]", "all => all.map(a => a.protocol)")
            assert set(links) <= {"https:", "file:", "mailto:"}
        some = Selection(companies=("c0", "c1"))
        package, sheet, pdf = (
            each.path
            for each in build(
                sources.root, out / "x", formats=["apkg", "html", "pdf"], selection=some
            ).outputs
        )
        watched.page.goto(sheet.as_uri())
        watched.expect_nothing()
        anki.load(package)
        cards = [anki.show(anki.collection.get_card(n)) for n in anki.collection.find_cards("")]
        shown = sources.folder / "cards.html"
        body = "".join(f'<div class="card">{card.question}{card.answer}</div>' for card in cards)
        shown.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
        watched.page.goto(shown.as_uri())
        watched.expect_nothing()
    data = pdf.read_bytes()
    assert not any(word in data for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile"))
    read = squeeze(Pdf(pdf).text)
    assert squeeze(texts[0])[:30] in read


@pytest.mark.parametrize("name", ["companies.yaml", "sources.yaml", "deck.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "x", "- x", "companies:", "companies: []", "companies: {}", "companies: [x]",
        "companies: [[x]]", "companies: [{slug: ../x, name: y}]", "companies: [{slug: CON, name: y}]",
        "companies: [{slug: x, name: [y]}]", "sources: [x]", "sources: {../x: {title: y, grade: A}}",
        "sources: {x: {title: y, grade: A, path: [z]}}", "sources: &a {x: *a}", "sources: !!python/object:os.system x",
        "a: " + "[" * 3_000, "\x00", "\ufeff\ufeffcompanies: []", "companies: [{slug: a, name: b}, {slug: a, name: c}]",
        "companies: [{slug: a, name: b, aliases: [a]}]", "? [x]\n: y", "<<: {slug: x}", "title: \"\\ud800\"",
    ],
)  # fmt: skip
def test_no_catalogue_ends_in_a_traceback(sources: Sources, name: str, text: str) -> None:
    """Whatever shape it has, it is read or told at its place."""
    write(sources, ["plain"])
    sources.write(name, text.encode("utf-8", "surrogatepass"))
    told: tuple[Problem, ...] = ()
    try:
        build(sources.root, sources.folder / "out", formats=["json"])
    except SourceError as error:
        told = error.problems
    assert all(problem.where.path.endswith((".yaml", ".md")) for problem in told)
