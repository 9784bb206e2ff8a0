"""The learner's way that loses nothing: the package with "Update notes: Never", then the texts."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import EXPORTERS, Selection, load, select
from deckpress.anki.reconcile import SHIPPED

EARLY = 1_760_000_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="{}" height="9"/></svg>'
DECK = {
    "one/a.md": "---\ncompanies: [x]\n---\n# A? {#a}\n\nold a\n",
    "one/b.md": "# B? {#b}\n\nold b\n",
    "one/r.md": "# R {#r .reversed}\n\nmeaning\n",
    "two/c.md": "# C {#c}\n\nold {{c1::one}} {{c2::two}}\n",
}
Write = Callable[[dict[str, str]], Sources]
At = Callable[[int], None]


def both(sources: Sources, **options: object) -> tuple[Path, Path]:
    """Build the package and the update file."""
    package = sources.build(formats=["apkg", "update"], **options)
    return package, package.with_name(f"{package.stem}-update.csv")


def lines_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the head of an update file, and its rows."""
    lines = path.read_text(encoding="utf-8").split("\n")
    head = [line for line in lines if line.startswith("#")]
    return head, list(csv.reader(lines[len(head) : -1]))


def write_own(anki: RealAnki, names: str) -> None:
    """Write notes and tags of the learner's own."""
    for name in names:
        note = anki.note(name)
        note["My notes"] = f"mine on {name}"
        note.tags += ["own", "marked"]
        anki.collection.update_note(note)


def test_new_texts_come_and_everything_of_the_learner_stays(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Texts are new in every note; notes, tags, flags, decks and scheduling are the learner's."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    write_own(anki, "abcr")
    before = {name: anki.study(name) for name in "abcr"}
    moved = anki.collection.decks.add_normal_deck_with_name("Mine").id
    anki.collection.set_deck([anki.note("b").cards()[0].id], moved)
    anki.collection.set_user_flag_for_cards(3, [anki.note("c").cards()[0].id])
    before |= {name: anki.progress(name) for name in "bc"}
    for name, text in DECK.items():
        sources.write(name, text.replace("old", "new").replace("meaning", "new"))
    sources.write("one/n.md", "# N? {#n}\n\nnew n\n")
    at(EARLY + 1000)
    package, texts = both(sources)
    assert anki.load(package, update_notes="NEVER") == Imported(1, 0, 4, 0)
    assert "old" in anki.note("a")["Answer"]
    assert anki.load_text(texts) == Imported(new=0, updated=4, duplicate=1, conflicting=0)
    for name in "abcr":
        note = anki.note(name)
        assert "new" in note.fields[1] + note.fields[2]
        assert note["My notes"] == f"mine on {name}"
        assert {"own", "marked"} <= set(note.tags)
        assert anki.progress(name) == before[name]
    assert anki.load_text(texts) == Imported(0, 0, duplicate=5, conflicting=0)


@pytest.mark.parametrize(("place", "kept"), [(19, "own"), (1, "")])
def test_a_field_of_the_learner_s_own(
    write_all: Write, at: At, anki: RealAnki, place: int, kept: str
) -> None:
    """Behind "My notes" it stays, and texts arrive; before it, it is overwritten, as the docs say."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    models = anki.collection.models
    model = models.by_name("Small Deck: card")
    assert model is not None
    field = models.new_field("Mine")
    models.add_field(model, field)
    models.reposition_field(model, field, place)
    models.update_dict(model)
    note = anki.note("a")
    note["Mine"] = "own"
    anki.collection.update_note(note)
    sources.write("one/a.md", DECK["one/a.md"].replace("old", "new"))
    at(EARLY + 1000)
    package, texts = both(sources)
    anki.load(package, update_notes="NEVER")
    anki.load_text(texts)
    note = anki.collection.get_note(note.id)
    assert note["Mine"] == kept
    assert (note["Answer"] == "<p>new a</p>") == bool(kept)


def test_the_texts_alone_add_new_notes_to_their_decks(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Who takes only the file gets the new cards, too."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    sources.write("two/n.md", "# N? {#n .reversed}\n\nnew n\n")
    assert anki.load_text(both(sources)[1]) == Imported(1, 0, 4, 0)
    assert [card.ord for card in anki.note("n").cards()] == [0, 1]
    deck = anki.collection.decks.name(anki.note("n").cards()[0].did)
    assert deck == "Small Deck::02 Two"


def test_a_spreadsheet_that_pads_rows_destroys_nothing(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Both note types have as many fields before the learner's, so no row can be padded."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    write_own(anki, "abcr")
    for name, text in DECK.items():
        sources.write(name, text.replace("old", "new"))
    _, texts = both(sources)
    head, rows = lines_of(texts)
    width = max(map(len, rows))
    assert {len(row) for row in rows} == {width}
    assert len(head[5].removeprefix("#columns:").split(",")) == width
    padded = [row + [""] * (width - len(row)) for row in rows]
    with texts.open("w", encoding="utf-8", newline="") as file:
        file.write("\r\n".join(head) + "\r\n")
        csv.writer(file).writerows(padded)
    assert anki.load_text(texts).updated == 3
    assert [anki.note(name)["My notes"] for name in "abcr"] == [f"mine on {n}" for n in "abcr"]


def test_a_guid_that_looks_like_a_comment(sources: Sources, at: At, anki: RealAnki) -> None:
    """A GUID from elsewhere may begin with #, which begins a comment unless it is quoted."""
    sources.write("one/n.md", "# N? {#n}\n\nold\n")
    at(EARLY)
    both(sources)
    sources.edit_ledger(lambda text: text.replace('"id": "n",', '"id": "n", "guid": "#a,b",'))
    anki.load(both(sources)[0])
    sources.write("one/n.md", '# N? {#n}\n\nnew, "quoted"\n\n#tag and\n\n- a list\n')
    assert anki.load_text(both(sources)[1]) == Imported(0, 1, 0, 0)
    assert 'new, "quoted"' in anki.note("n")["Answer"]


def test_figures_come_with_update_notes_never(write_all: Write, at: At, anki: RealAnki) -> None:
    """A figure that an existing note shows from now on is in the collection before its text."""
    sources = write_all({**DECK, "one/f.svg": SVG.format(10)})
    at(EARLY)
    anki.load(both(sources)[0])
    sources.write("one/b.md", "# B? {#b}\n\nnew b\n\n![A box](f.svg)\n")
    package, texts = both(sources)
    anki.load(package, update_notes="NEVER")
    anki.load_text(texts)
    (name,) = anki.collection.media.files_in_str(anki.note("b").mid, anki.note("b")["Answer"])
    assert name.startswith("_f-")
    assert (Path(anki.collection.media.dir()) / name).read_text() == SVG.format(10)


def test_retirement_comes_by_text(write_all: Write, at: At, anki: RealAnki) -> None:
    """Who has the note gets the notice where it is; who never had it gets nothing into the deck."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    write_own(anki, "bc")
    before = anki.study("b")
    (sources.root / "one/b.md").unlink()
    (sources.root / "two/c.md").unlink()
    at(EARLY + 1000)
    package, texts = both(sources)
    anki.load(package, update_notes="NEVER")
    assert anki.load_text(texts) == Imported(0, 2, 2, 0)
    assert "Retired: this card was taken out" in anki.show(anki.note("b").cards()[0]).question
    assert anki.note("b")["My notes"] == "mine on b"
    assert anki.progress("b") == before
    assert anki.decks()["Small Deck (taken out)"] == 0  # docs/updates.md says that it comes
    found = anki.collection.find_notes("Retired:_*")
    assert {anki.collection.get_note(note)["Id"] for note in found} == {"b", "c"}
    fresh = RealAnki(sources.folder / "fresh")
    fresh.load(package)
    assert fresh.collection.card_count() == 3
    fresh.load_text(texts)
    assert fresh.decks() == {
        "Small Deck": 0,
        "Small Deck (taken out)": 2 + 1,
        "Small Deck::01 One": 3,
    }
    fresh.close()


def test_the_deck_of_notices_speaks_the_deck_s_language(write_all: Write) -> None:
    """What Anki shows of a deck in another language has no English word."""
    sources = write_all(DECK)
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text + "language: de\n")
    sources.build()
    (sources.root / "one/b.md").unlink()
    assert "Small Deck (zurückgezogen)" in both(sources)[1].read_text(encoding="utf-8")


def test_a_suspended_or_late_deleted_card_never_comes_back(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """The notice says what to do; done so, neither package nor text brings the card back."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    (sources.root / "one/b.md").unlink()
    at(EARLY + 1000)
    package, texts = both(sources)
    anki.load(package)
    notice = anki.note("b")["Retired"]
    assert "Suspend it. From 2026-04-07 on you can delete it" in notice
    (card,) = anki.note("b").cards()
    anki.collection.sched.suspend_cards([card.id])
    sources.write("one/a.md", "# A? {#a}\n\nnewer\n")
    at(EARLY + 2000)
    package, texts = both(sources)
    anki.load(package)
    anki.load_text(texts)
    assert [card.queue for card in anki.note("b").cards()] == [-1]
    anki.collection.remove_notes([anki.note("b").id])
    at(EARLY + 1000 + SHIPPED)
    sources.write("one/a.md", "# A? {#a}\n\nnewest\n")
    package, texts = both(sources)
    anki.load(package)
    anki.load_text(texts)
    assert anki.ids() == {"a", "c", "r"}


def test_a_company_s_files_announce_what_was_its_own(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """A company's package and texts say what was taken out of them, and nothing of the rest."""
    sources = write_all({**DECK, "one/d.md": "---\ncompanies: [x]\n---\n# D? {#d}\n\nd\n"})
    chosen = Selection(companies=("x",))
    at(EARLY)
    anki.load(both(sources, selection=chosen)[0])
    assert anki.ids() == {"a", "d"}
    (sources.root / "one/b.md").unlink()
    (sources.root / "one/d.md").unlink()
    at(EARLY + 1000)
    package, texts = both(sources, selection=chosen)
    assert package.name == "small-x.apkg"
    assert [row[3] for row in lines_of(texts)[1]] == ["A?", "D?"]
    assert anki.load(package) == Imported(0, 1, 1, 0)
    assert "Retired:" in anki.show(anki.note("d").cards()[0]).question
    for selection in (Selection(tags=("t",)), Selection(where="D?"), Selection(where="kind:basic")):
        sources.write("one/e.md", "# E, D? {#e tags=t}\n\ne\n")
        deck = select(load(sources.root), selection)
        wanted = {"kind:basic": {"b", "d"}, "D?": {"d"}}.get(selection.where, set())
        assert {stone.id for stone in deck.tombstones} == wanted


def test_an_old_company_package_after_a_newer_full_deck(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Nothing is set back; what Anki adds all the same says on its face that it is not to be learned."""
    sources = write_all({**DECK, "one/d.md": "---\ncompanies: [x]\n---\n# D? {#d}\n\nd\n"})
    at(EARLY)
    old = both(sources, selection=Selection(companies=("x",)))[0]
    (sources.root / "one/d.md").unlink()
    sources.write("one/a.md", DECK["one/a.md"].replace("old", "new"))
    at(EARLY + 1000)
    anki.load(both(sources)[0])
    cards = anki.collection.card_count()
    assert anki.load(old) == Imported(new=0, updated=0, duplicate=2, conflicting=0)
    assert "new a" in anki.note("a")["Answer"]
    added = anki.note("d").cards()
    assert anki.collection.card_count() == cards + len(added)
    assert all("Retired:" in anki.show(card).question for card in added)


GONE = "This card was taken out of the deck, or its text comes with the update file."


@pytest.mark.parametrize(
    ("old", "new", "ord_", "said"),
    [
        ("# C {#c}\n\n{{c1::one}} {{c2::two}}\n", "# C {#c}\n\n{{c1::one}} two\n", 1, "'c' lost its hole 2"),
        ("# C {#c .reversed}\n\nmeaning\n", "# C {#c}\n\nmeaning\n", 1, "'c' lost its card 'Reverse'"),
    ],
)  # fmt: skip
def test_a_card_whose_text_is_gone_says_so_quietly(
    sources: Sources,
    at: At,
    anki: RealAnki,
    chromium: Browser,
    old: str,
    new: str,
    ord_: int,
    said: str,
) -> None:
    """What Anki calls an error is one quiet sentence, on both sides; the build says it, too."""
    sources.write("two/c.md", old)
    at(EARLY)
    anki.load(both(sources)[0])
    sources.write("two/c.md", new)
    (advice,) = load(sources.root).reconciled.changes.advice
    assert str(advice).startswith(f"cards/two/c.md:1:1: advice: {said}")
    at(EARLY + 1000)
    anki.load(both(sources)[0])
    assert load(sources.root).reconciled.changes.advice == ()
    shown = anki.show(anki.note("c").cards()[ord_])
    with chromium.new_context() as browser:
        page = browser.new_page()
        for side in (shown.question, shown.answer):
            page.set_content(
                f'<body class="card"><div id="qa"><style>{shown.css}</style>{side}</div></body>'
            )
            assert page.evaluate(
                "() => { const note = [...document.querySelectorAll('#qa > div')].at(-1);"
                " return [getComputedStyle(note).fontSize,"
                " getComputedStyle(note, '::before').content.slice(1, -1)]; }"
            ) == ["0px", f"{GONE} Tools, Empty Cards removes it."]
    report = anki.collection.get_empty_cards()
    assert [len(note.card_ids) for note in report.notes] == [1]


def test_a_hole_that_is_gained(sources: Sources, at: At, anki: RealAnki) -> None:
    """Under "Never" its card comes before its text; the text follows, and nothing is left over."""
    sources.write("two/c.md", "# C {#c}\n\n{{c1::one}} two\n")
    at(EARLY)
    anki.load(both(sources)[0])
    sources.write("two/c.md", "# C {#c}\n\n{{c1::one}} {{c2::two}}\n")
    (advice,) = load(sources.root).reconciled.changes.advice
    assert "'c' gained a hole 2 (with Update notes: Never it stays empty" in str(advice)
    package, texts = both(sources)
    anki.load(package, update_notes="NEVER")
    assert "No cloze" in anki.show(anki.note("c").cards()[1]).question
    anki.load_text(texts)
    assert "No cloze" not in anki.show(anki.note("c").cards()[1]).question
    assert [card.ord for card in anki.note("c").cards()] == [0, 1]


def test_the_learner_s_style(write_all: Write, at: At, anki: RealAnki) -> None:
    """Below the marker it stays until the deck's look changes, and then under "never", too."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(both(sources)[0])
    models = anki.collection.models
    for model in (models.by_name("Small Deck: card"), models.by_name("Small Deck: cloze")):
        assert model is not None
        assert model["css"].endswith("see docs/updates.md of deckpress. */\n")
        model["css"] += ".note { color: teal; }\n"
        models.update_dict(model)
    for name, text in DECK.items():
        sources.write(name, text.replace("old", "new"))
    at(EARLY + 1000)
    anki.load(both(sources)[0])
    assert "teal" in anki.show(anki.note("a").cards()[0]).css
    sources.write("templates/notes/basic/style.css", ".note { margin: 1px; }\n")
    at(int(time.time()) + 3600)
    package, _ = both(sources)
    anki.load(package, update_look="NEVER")
    assert "teal" in anki.show(anki.note("a").cards()[0]).css
    anki.load(package)
    css = anki.show(anki.note("a").cards()[0]).css
    assert ("teal" in css, "margin: 1px" in css) == (False, True)


def test_fields_in_the_editor(write_all: Write, anki: RealAnki) -> None:
    """What is filled by the machine shows its name only; "My notes" is open, and the last."""
    anki.load(both(write_all(DECK))[0])
    for name in ("card", "cloze"):
        model = anki.collection.models.by_name(f"Small Deck: {name}")
        assert model is not None
        fields = {field["name"]: field["collapsed"] for field in model["flds"]}
        machine = ("Sources", "Companies", "Category", "Difficulty", "Kind", "Retired", "Id")
        assert all(fields[field] for field in machine)
        assert all(folded for field, folded in fields.items() if field.startswith("Reserved"))
        assert not fields["Question"]
        assert list(fields.items())[-1] == ("My notes", False)


def test_a_standalone_deck_has_its_own(write_all: Write, anki: RealAnki) -> None:
    """Its texts reach its own notes, and its package names its own file."""
    sources = write_all(DECK)
    package, texts = both(sources, selection=Selection(companies=("x",)), standalone=True)
    anki.load(package)
    assert anki.load_text(texts) == Imported(0, 0, 1, 0)
    deck = anki.collection.decks.by_name("Small Deck: x")
    assert deck is not None
    assert "`small-x-standalone-update.csv`" in deck["desc"]
    sources.write("one/level.md", "---\ntags: [a::b]\n---\n# Level? {#level}\n\nyes\n")
    anki.load(both(sources, selection=Selection(tags=("a::b",)), standalone=True)[0])
    assert "Small Deck: a/b::01 One" in anki.decks()
    assert "Small Deck: a::b" not in anki.decks()


def test_the_same_file_for_the_same_deck(write_all: Write) -> None:
    """The exporter is a function of the deck."""
    sources = write_all(DECK)
    _, texts = both(sources)
    deck = select(load(sources.root))
    assert EXPORTERS["update"](deck) == texts.read_bytes()
    assert EXPORTERS["update"].file_name(deck) == texts.name
