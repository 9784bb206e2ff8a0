"""Company decks: evidence, parts, order, and what the real Anki makes of them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from anki_collection import Imported, RealAnki
from conftest import DECK_YAML, Sources
from deckpress import Selection, load, select
from deckpress.companies.deck_parts import ASKED, CORE, STRESSED
from deckpress.companies.summary import anki_search, summarize_companies
from deckpress.decks.deck import Deck
from deckpress.exporters import EXPORTERS
from deckpress.exporters.exporter import Exporter
from deckpress.exporters.options import Options
from deckpress.pipeline.build import Work, build_companies
from deckpress.text.problem import CallError
from program import run
from real_deck import RealDeck

REPOSITORY = Path(__file__).parents[1]
COMPANIES = """\
companies:
  - slug: meta
    name: Meta
    aliases: [facebook]
    facts:
      - {key: drop, kind: asked, source: review, says: A metric drops}
      - {key: feed, kind: subject, source: guide, says: The feed}
    emphasis:
      - {tags: [ranking], source: rumour, says: Much ranking}
      - {categories: [two], source: guide, says: Much two}
    rounds:
      - {source: review, says: Five rounds}
  - slug: tesla
    name: Tesla
"""
SOURCES = """\
sources:
  review: {title: A review, site: example.org, grade: A, date: "2025-01-02"}
  guide: {title: A guide, grade: B}
  rumour: {title: A list, grade: C}
"""
CARDS = {
    "one/asked.md": "---\ncompanies: {meta: drop}\n---\n# Asked?\n\nx\n",
    "one/subject.md": "---\ncompanies: {meta: feed}\n---\n# Subject?\n\nx\n",
    "one/ranking.md": "---\ntags: [ranking]\n---\n# Ranking?\n\nx\n",
    "one/core.md": "# Core?\n\nx\n",
    "one/other.md": "# Other?\n\nx\n",
    "two/two.md": "# Two?\n\nx\n",
}


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck with two companies."""
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    files = {
        "deck.yaml": text + "core: [core]\n",
        "companies.yaml": COMPANIES,
        "sources.yaml": SOURCES,
    }
    for name, content in {**files, **CARDS}.items():
        sources.write(name, content)
    return sources


def parts(deck: Sources, **wanted: tuple[str, ...]) -> Mapping[str, str]:
    """Return the chosen notes in order, each with its part."""
    chosen = select(load(deck.root), Selection(**wanted))  # type: ignore[arg-type]
    return {note.id: chosen.parts.get(note.id, "") for note in chosen.notes}


def test_three_parts_in_order(deck: Sources) -> None:
    """Asked, then what is stressed or otherwise named, then the core; and nothing else."""
    found = parts(deck, companies=("facebook",))
    assert list(found.items()) == [
        ("asked", ASKED), ("ranking", STRESSED), ("subject", STRESSED), ("two", STRESSED), ("core", CORE),
    ]  # fmt: skip
    assert parts(deck, companies=("tesla",)) == {"core": CORE}


def test_with_other_options_nothing_is_filled_up(deck: Sources) -> None:
    """Options together narrow the company's own notes."""
    assert parts(deck, companies=("meta",), categories=("two",)) == {"two": STRESSED}


def test_enough_cards_need_no_core(deck: Sources) -> None:
    """From 25 cards on a company's deck stands alone."""
    for number in range(24):
        deck.write(f"two/more-{number}.md", f"# More {number}?\n\nx\n")
    assert CORE not in parts(deck, companies=("meta",)).values()


def test_new_cards_come_part_by_part(deck: Sources, anki: RealAnki) -> None:
    """The company's package orders its new cards; emphasis leaves no tag on any note."""
    anki.load(deck.build(selection=Selection(companies=("meta",))))
    due = {
        name: anki.note(name).cards()[0].due
        for name in ("asked", "ranking", "subject", "two", "core")
    }
    assert sorted(due, key=lambda name: due[name]) == list(due)
    assert anki.note("ranking").tags == ["category::one", "topic::ranking"]
    assert anki.note("subject").tags == ["category::one", "company::meta::subject"]
    search = anki_search(load(deck.root).collection.companies["meta"])
    found = {anki.collection.get_note(n)["Id"] for n in anki.collection.find_notes(search)}
    assert found == {"asked", "ranking", "subject", "two"}


def test_evidence_is_told_on_the_back_only(deck: Sources, anki: RealAnki) -> None:
    """One quiet line: what, where, on what evidence, when."""
    anki.load(deck.build())
    shown = anki.show(anki.note("asked").cards()[0])
    assert "Asked at Meta (candidate report, 2025)" in shown.answer
    assert "Meta" not in shown.question
    assert "Asked" not in anki.show(anki.note("subject").cards()[0]).answer


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("      - {key: drop, kind: asked, source: review, says: A metric drops}\n", "",
         ["cards/one/asked.md:2:13: there is no fact 'drop' of Meta in companies.yaml"]),
        ("says: A metric drops", "says: A metric drops, rol: x", ["unknown key 'rol' (did you mean 'role'?)"]),
        ("source: review, says: A metric", "source: rumour, says: A metric", ["'rumour' is of grade C", "rests on grade C"]),
        ("source: review, says: Five", "source: reviw, says: Five", ["unknown source 'reviw' (did you mean 'review'?)"]),
        ("tags: [ranking]", "tags: [rankin]", ["no note has the tag 'rankin' (did you mean 'ranking'?)"]),
        ("categories: [two]", "categories: [tow]", ["no note has the category 'tow' (did you mean 'two'?)"]),
        ("aliases: [facebook]", "aliases: [tesla]", ["the company 'tesla' is defined twice"]),
        ("      - {tags: [ranking], source: rumour, says: Much ranking}\n", "", ["cards/sources.yaml:4:3: nothing cites the source 'rumour'"]),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_a_mistake(
    deck: Sources, old: str, new: str, lines: list[str]
) -> None:
    """A fact, source, tag or category that is gone is told at every place that leaned on it."""
    assert old in COMPANIES
    deck.write("companies.yaml", COMPANIES.replace(old, new))
    done = run(deck.folder, "check")
    assert done.returncode == 1
    for line in lines:
        assert line in done.stderr


def test_the_command_lists_and_tells(deck: Sources) -> None:
    """All companies as a table; one with its rounds, facts and the search for Anki."""
    rows = json.loads(run(deck.folder, "companies", "--json").stdout)
    assert [(row["slug"], row["asked"], row["emphasis"]) for row in rows] == [
        ("meta", 1, 3),
        ("tesla", 0, 0),
    ]
    told = run(deck.folder, "companies", "facebook").stdout
    for words in (
        "Five rounds [example.org, 2025-01-02, A]",
        "A metric drops",
        "tag:company::meta or ",
    ):
        assert words in told
    done = run(deck.folder, "companies", "mata")
    assert done.returncode == 2
    assert "did you mean 'meta'?" in done.stderr


def test_every_company_of_the_deck(tmp_path: Path, real_deck: RealDeck) -> None:
    """Alone, before the full deck and after it: no note twice, no deck torn, none empty."""
    full = real_deck.export("apkg")
    whole = RealAnki(tmp_path / "whole")
    total = whole.load(full).new
    decks = whole.decks()
    work = Work(cache=real_deck.folder / "cache")
    done = build_companies(
        real_deck.root, tmp_path / "build", formats=("apkg",), locked=True, work=work
    )
    outputs = [output for output in done.outputs if output.path.suffix == ".apkg"]
    assert len(outputs) == len(real_deck.release.collection.companies)
    for output in outputs:
        assert whole.load(output.path) == Imported(0, 0, duplicate=output.notes, conflicting=0)
        assert whole.decks() == decks
        alone = RealAnki(tmp_path / output.path.stem)
        assert alone.load(output.path) == Imported(output.notes, 0, 0, 0)
        assert alone.collection.card_count() == output.cards >= 20
        assert all(cards for name, cards in alone.decks().items() if name != "ML Interviews")
        assert alone.load(full) == Imported(total - output.notes, 0, output.notes, 0)
        assert alone.decks() == decks
        alone.close()
    whole.close()


def test_a_deck_of_its_own(deck: Sources, anki: RealAnki) -> None:
    """Standalone decks lie beside the full deck and each other, and update by themselves."""
    for name in ("meta", "tesla"):
        path = deck.build(selection=Selection(companies=(name,)), standalone=True)
        assert path.name == f"small-{name}-standalone.apkg"
        anki.load(path)
    assert anki.decks() == {
        "Small Deck: Meta": 0, "Small Deck: Meta::01 One": 4, "Small Deck: Meta::02 Two": 1,
        "Small Deck: Tesla": 0, "Small Deck: Tesla::01 One": 1,
    }  # fmt: skip
    assert anki.load(deck.build()) == Imported(6, 0, 0, 0)
    (own, full) = sorted(anki.collection.find_notes('"Id:asked"'))
    assert anki.collection.get_note(own).guid != anki.collection.get_note(full).guid
    deck.write("one/asked.md", CARDS["one/asked.md"].replace("\nx\n", "\nchanged\n"))
    path = deck.build(selection=Selection(companies=("meta",)), standalone=True)
    assert anki.load(path).updated == 1


def test_the_summary_counts_parts_and_evidence(deck: Sources) -> None:
    """A company's build says how many notes of each part, and how strong the evidence is."""
    done = run(deck.folder, "build", "--company", "meta", "--format", "apkg")
    assert "notes: 1 asked, 3 emphasis, 1 core; evidence for asked: 1 A" in done.stdout


def test_a_deck_without_companies_says_so(sources: Sources) -> None:
    """No empty table, no page of links to nothing, and no brackets around no suggestion."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    assert run(sources.folder, "companies").stdout == "the cards name no company\n"
    assert run(sources.folder, "companies", "meta").stderr == "no company is called 'meta'\n"
    done = run(sources.folder, "build", "--all-companies")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the cards name no company" in done.stderr
    assert not (sources.folder / "build").exists()


def test_companies_that_only_the_cards_name(sources: Sources) -> None:
    """Without `companies.yaml`, those are the companies: they are listed, and each gets its deck."""
    sources.write("one/a.md", "---\ncompanies: [sony, nintendo]\n---\n# A? {#a}\n\nx\n")
    rows = json.loads(run(sources.folder, "companies", "--json").stdout)
    assert [(row["slug"], row["asked"]) for row in rows] == [("nintendo", 1), ("sony", 1)]
    assert "sony: 1 asked" in run(sources.folder, "companies", "Sony").stdout
    assert "did you mean 'sony'?" in run(sources.folder, "companies", "sonny").stderr
    said = run(sources.folder, "companies", "acme").stderr
    assert "(one of: nintendo, sony; or choose by category and tag what it may ask" in said
    run(sources.folder, "build", "--all-companies", "--format", "json")
    built = {path.name for path in (sources.folder / "build").iterdir()}
    assert built == {"small-nintendo.json", "small-sony.json", "small-companies.html"}


def test_the_examples_of_the_documentation_make_a_company(sources: Sources) -> None:
    """Each file as the document shows it; until it is there, it is said where to write it."""
    text = (REPOSITORY / "docs/companies.md").read_text(encoding="utf-8")
    acme, stages, rounds, source = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    acme = acme[: acme.index("    rounds:")]
    sources.write("companies.yaml", f"companies:\n{acme}{stages}")
    card = "---\ntags: [ranking]\ncompanies: {acme: rank-loss}\n---\n# Derive it? {#rank}\n\nSo.\n"
    sources.write("one/rank.md", card)
    said = run(sources.folder, "check").stderr
    assert said.count("unknown source 'acme-review' (describe it in sources.yaml") == 3
    assert "(describe the kinds of rounds under `rounds` in deck.yaml)" in said
    sources.write("sources.yaml", source)
    sources.write("deck.yaml", DECK_YAML + rounds.replace("[coding]", "[one]"))
    done = run(sources.folder, "build", "--company", "acme", "--format", "html", "--strict")
    assert done.returncode == 0, done.stderr
    page = (sources.folder / "build/small-acme.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/acme"' in page
    assert "Coding screen" in page


def test_the_first_failure_is_told(deck: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are printed beside the others; which fails first in time makes no difference."""
    later_failed = threading.Event()

    class Broken(Exporter):
        def __call__(self, deck: Deck, options: Options = Options()) -> bytes:  # noqa: B008
            if self.ending == ".html" and deck.companies == ("sony",):
                later_failed.set()
                raise ValueError("the page of the last company")
            if self.ending == ".pdf" and deck.companies == ("meta",):
                assert later_failed.wait(60)
            if self.ending == ".pdf" and deck.companies == ("tesla",):
                raise ValueError("the PDF of the one before")
            return b""

    more = "  - {slug: sony, name: Sony}\n"
    deck.write("companies.yaml", COMPANIES + more)
    shown = [summary.slug for summary in summarize_companies(load(deck.root).collection)]
    assert shown == ["meta", "tesla", "sony"]
    for name in ("html", "pdf"):
        found = EXPORTERS[name]
        broken = Broken(found.module, found.ending)
        monkeypatch.setitem(EXPORTERS, name, broken)
    with pytest.raises(ValueError, match="the PDF of the one before"):
        build_companies(deck.root, deck.folder / "build", formats=("html", "pdf"))
    assert not (deck.folder / "build").exists()


def test_all_companies_in_one_run(deck: Sources) -> None:
    """Every company's files are those of a run of its own, and a page leads to them."""
    done = run(deck.folder, "build", "--all-companies", "--format", "apkg,html")
    assert done.returncode == 0, done.stderr
    folder = deck.folder / "build"
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    names = {f"small-{slug}.{form}" for slug in ("meta", "tesla") for form in ("apkg", "html")}
    assert set(made) == {*names, "small-companies.html"}
    page = made["small-companies.html"].decode()
    assert all(f'href="{name}"' in page for name in names)
    assert "tag:company::meta or" in page
    run(deck.folder, "build", "--company", "meta", "--format", "apkg,html")
    back = b'<p class="back"><a href="small-companies.html">All companies</a></p>\n'
    for name in ("small-meta.apkg", "small-meta.html"):
        assert (folder / name).read_bytes() == made[name].replace(back, b"")
    assert back in made["small-meta.html"]
    assert run(deck.folder, "build", "--all-companies", "--company", "meta").returncode == 2


def test_each_link_says_what_it_opens(deck: Sources) -> None:
    """On the page that leads to all companies, no two files of one company are called alike."""
    done = run(deck.folder, "build", "--all-companies", "--format", ",".join(EXPORTERS))
    assert done.returncode == 0, done.stderr
    page = (deck.folder / "build/small-companies.html").read_text(encoding="utf-8")
    labels = dict(re.findall(r'<a href="small-meta([^"]*)">([^<]*)</a> <small>', page))
    assert labels == {each.ending: each.ending[1:] for each in EXPORTERS.values()}


def test_the_full_deck_cannot_stand_beside_itself(deck: Sources) -> None:
    """Its cards would come twice into the same decks; a choice of every note has its own name."""
    with pytest.raises(CallError, match="choose one, such as --company"):
        deck.build(standalone=True)


def test_a_company_or_a_work_that_is_new(sources: Sources) -> None:
    """Where names could go on for long, it is said where to describe a new one; else it is both."""
    names = [f"{letter}{letter}{letter}" for letter in "abcdefghijklm"]
    sources.write("companies.yaml", "companies:\n" + "".join(
        f"  - {{slug: {name}, name: {name}}}\n" for name in names
    ))  # fmt: skip
    sources.write("bibliography.bib", "".join(f"@misc{{{name}, title={{T}}}}\n" for name in names))
    card = "---\ncompanies: [{}]\nsources: [{}]\n---\n# Q? {{#q}}\n\nA.\n"
    sources.write("one/q.md", card.format("xyz", "uvw"))
    said = run(sources.folder, "check").stderr
    assert "unknown company 'xyz' (describe the company in companies.yaml)" in said
    assert "the bibliography has no 'uvw' (describe it there)" in said
    sources.write("one/q.md", card.format("aaab", "bbba"))
    said = run(sources.folder, "check").stderr
    assert "unknown company 'aaab' (did you mean 'aaa'?)" in said
    assert "the bibliography has no 'bbba' (did you mean 'bbb'?)" in said
