"""The real Anki imports what we build, and shows it without leftovers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import Selection
from deckpress.anki.identity import note_guid
from real_deck import RealDeck
from test_package import rows

REPOSITORY = Path(__file__).parents[1]
LEFTOVERS = (
    "{{", "}}", "has a problem", "is blank", "No cloze", "<script", "\ue000", "\ue010",
)  # fmt: skip


@pytest.fixture(scope="module")
def deck(real_deck: RealDeck) -> Path:
    """Return the package of the whole deck of this repository."""
    return real_deck.export("apkg")


def words_of(html: str) -> str:
    """Drop code, where everything may look like a leftover, and formulas, which may close two groups."""
    html = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    return re.sub(r"\\[(\[].*?\\[)\]]", "", unescape(html), flags=re.DOTALL)


def test_the_deck_arrives_whole(deck: Path, anki: RealAnki) -> None:
    """All notes are new, in subdecks of the deck, and a second import finds nothing to do."""
    first = anki.load(deck)
    assert first == Imported(
        new=anki.collection.note_count(), updated=0, duplicate=0, conflicting=0
    )
    assert first.new >= 40
    assert anki.load(deck) == Imported(0, 0, duplicate=first.new, conflicting=0)
    assert set(anki.decks()) - {"ML Interviews"} == {
        name for name, cards in anki.decks().items() if cards and name.startswith("ML Interviews::")
    }
    assert anki.decks()["ML Interviews"] == 0


def test_every_card_is_drawn(deck: Path, anki: RealAnki) -> None:
    """Anki's own renderer makes both sides of every card, with nothing left of templates."""
    anki.load(deck)
    for number in anki.collection.find_cards("deck:*"):
        card = anki.collection.get_card(number)
        shown = anki.show(card)
        for side in (shown.question, shown.answer):
            found = [left for left in LEFTOVERS if left in words_of(side)]
            assert not found, card.note()["Id"]
        assert len(shown.answer) > len(shown.question) or card.note()["Kind"] == "cloze"


def test_company_evidence_is_never_on_the_front(deck: Path, anki: RealAnki) -> None:
    """Who asked it is told only after the answer."""
    anki.load(deck)
    numbers = anki.collection.find_cards("tag:company::*")
    assert numbers
    for number in numbers:
        shown = anki.show(anki.collection.get_card(number))
        assert 'class="companies"' not in shown.question
        assert 'class="companies"' in shown.answer


def test_media_arrive(deck: Path, anki: RealAnki) -> None:
    """Every figure that a card shows is in the media folder, under its content's name."""
    anki.load(deck)
    folder = Path(anki.collection.media.dir())
    wanted = {
        name
        for number in anki.collection.find_notes("deck:*")
        for name in re.findall(
            r'<img src="([^"]+)"', "".join(anki.collection.get_note(number).fields)
        )
    }
    assert len(wanted) >= 3
    assert wanted == {path.name for path in folder.iterdir()}
    assert all(
        re.fullmatch(r"_[a-z0-9-]+-[0-9a-f]{8}\.(svg|png|jpg|jpeg|webp)", name) for name in wanted
    )


def test_two_images_of_one_name(sources: Sources, anki: RealAnki) -> None:
    """Two files of one name are two files."""
    for folder in ("one", "two"):
        sources.write(
            f"{folder}/pic.svg", f'<svg xmlns="http://www.w3.org/2000/svg" id="{folder}"/>'
        )
        sources.write(f"{folder}/{folder}.md", f"# {folder}?\n\n![{folder}](pic.svg)\n")
    anki.load(sources.build())
    media = Path(anki.collection.media.dir())
    shown = {}
    for name in ("one", "two"):
        (file,) = re.findall(r'src="([^"]+)"', anki.note(name)["Answer"])
        shown[name] = (media / file).read_text(encoding="utf-8")
    assert all(f'id="{name}"' in text for name, text in shown.items())


AWKWARD = r"""
# Fence? {#fence}

Short.

```text
## no section
---
%
# no question
```

# Home? {#home}

`echo $HOME $PATH`, and $a_1 * b_2 < c \\ d$.

# Jinja? {#jinja}

Write `{{ x }}`, `{{c1::x}}`, {% x %} and **kw.

# Vector {#vector}

Use {{c1::`std::vector<int>`}} and {{c2::$\frac{a}{b_{1}}$}}, {{c3::not a map::a container}}.

# Sound? {#sound}

\[sound:x.mp3], `[sound:y.mp3]`, \\(x\\) and [latex]y[/latex].
"""


def test_awkward_cards(sources: Sources, anki: RealAnki) -> None:
    """What other tools split, swallow or play arrives as it was written."""
    sources.write("one/awkward.md", AWKWARD)
    assert anki.load(sources.build()).new == 5
    fence, home, jinja, sound = (
        anki.show(anki.note(name).cards()[0]) for name in ("fence", "home", "jinja", "sound")
    )
    assert all(line in fence.answer for line in ("## no section\n", "---\n", "# no question"))
    assert "echo $HOME $PATH" in home.answer
    assert r"\(a_1 * b_2 &lt; c \\ d\)" in home.answer
    assert "<code>{{c1::x}}</code>" in jinja.answer
    cards = [anki.show(card) for card in anki.note("vector").cards()]
    assert len(cards) == 3
    assert "[...]" in cards[0].question
    assert "std::vector&lt;int&gt;" in unescape(cards[0].answer).replace("<int>", "&lt;int&gt;")
    assert r"\(\frac{a}{b_{1}}\)" in unescape(cards[1].answer)
    assert "[a container]" in cards[2].question
    assert not anki.note("sound").cards()[0].render_output().question_av_tags
    assert not anki.note("sound").cards()[0].render_output().answer_av_tags
    assert "[sound:x.mp3]" in unescape(sound.answer)


def test_new_cards_come_in_the_deck_s_order(sources: Sources, anki: RealAnki) -> None:
    """Positions follow categories, file names and places in the file, with gaps."""
    sources.write("two/a.md", "# Z? {#z}\n\nx\n")
    sources.write("one/b.md", "# Y? {#y}\n\nx\n\n# A? {#a}\n\nx\n")
    sources.write("one/a.md", "# M? {#m}\n\nx\n")
    anki.load(sources.build())
    due = {name: anki.note(name).cards()[0].due for name in ("m", "y", "a", "z")}
    assert sorted(due, key=lambda name: due[name]) == ["m", "y", "a", "z"]
    assert (
        min(b - a for a, b in zip(sorted(due.values()), sorted(due.values())[1:], strict=False)) > 1
    )


def test_deck_description_and_tags(sources: Sources, anki: RealAnki) -> None:
    """The top deck carries the description, notes their tags; a part of the deck says nothing."""
    front = "---\ndifficulty: hard\ntags: [b, a]\ncompanies:\n  x: {kind: asked}\n  y: {kind: subject}\n---\n"
    sources.write("one/a.md", front + "# A?\n\nx\n")
    anki.load(sources.build(selection=Selection(companies=("x",))))
    assert anki.collection.decks.by_name("Small Deck")["desc"] == ""  # type: ignore[index]
    anki.load(sources.build())
    assert "A deck for tests." in anki.collection.decks.by_name("Small Deck")["desc"]  # type: ignore[index]
    assert anki.note("a").tags == [
        "category::one", "company::x", "company::y::subject", "difficulty::hard", "topic::a", "topic::b",
    ]  # fmt: skip


def test_fields_are_frozen(deck: Path) -> None:
    """The schema of the note types is what was first released, ids included."""
    ((models,),) = rows(deck, "SELECT models FROM col")
    frozen = {
        model["name"]: {
            "id": model["id"],
            "type": model["type"],
            "fields": [[field["name"], field["id"]] for field in model["flds"]],
            "templates": [[template["name"], template["id"]] for template in model["tmpls"]],
        }
        for model in json.loads(str(models)).values()
        if model["name"].startswith("ML Interviews")
    }
    released = json.loads(
        (REPOSITORY / "tests/released_note_types.json").read_text(encoding="utf-8")
    )
    assert frozen == released


def test_guids_do_not_collide() -> None:
    """A GUID is a function of the id, and of the deck it belongs to."""
    guids = {note_guid("ml", f"card-{number}") for number in range(20_000)}
    assert len(guids) == 20_000
    assert note_guid("ml", "dropout") == note_guid("ml", "dropout") != note_guid("other", "dropout")


def test_the_import_names_no_remote_resource(deck: Path, anki: RealAnki) -> None:
    """Neither look nor fields load anything: no script, style or picture from elsewhere."""
    anki.load(deck)
    texts: list[str] = []
    for model in anki.collection.models.all():
        if model["name"].startswith("ML Interviews"):
            texts += [model["css"], *(t["qfmt"] + t["afmt"] for t in model["tmpls"])]
    texts += [
        f for n in anki.collection.find_notes("deck:*") for f in anki.collection.get_note(n).fields
    ]
    loads: Callable[[str], list[str]] = re.compile(
        r"<script|<link|<iframe|@import|url\(|src=\"https?:|onerror=|onload=", re.IGNORECASE
    ).findall
    assert [found for text in texts for found in loads(words_of(text))] == []
