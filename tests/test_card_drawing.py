"""Our renderer of Anki's template language, held to the real one byte for byte."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from anki_collection import RealAnki
from conftest import Sources
from deckpress import load
from deckpress.anki.drawing.card import CardFacts, DrawnCard, draw_card
from deckpress.anki.note import AnkiNote
from deckpress.decks.release import Release
from real_deck import RealDeck
from sounds import make_wav
from torture import CARDS as HARD
from torture import TALL

NAMES = ("Front", "Back", "Text", "My notes", "é", "c1x", "Follow-ups", "ſtyle")
SPECIAL = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID", "FrontSide", "c1", "c2")
FILTERS = (
    "text", "hint", "type", "cloze", "cloze-only", "furigana", "kanji", "kana", "tts en_US", "tts en_GB voices=A,B",
    "tts", "", "nc", "unknown", "type-cloze", "type-nc",
)  # fmt: skip
PIECES = (
    "word", " ", "\n", "<br>", "<BR />", "<div>", "</div>", "<b>bold</b>", "<!-- a {{Front}} -->", "&nbsp;", "&lt;p&gt;",
    "&bogus;", "&#x41;", "&#65;", "&", "<style>p {}</style>", "<script>'{{x}}'</script>", "<", ">", "\xa0", "\u3000",
    "{{c1::one}}", "{{c2::two::hint}}", "{{c1::a {{c2::b}} c}}", "{{c1,2::both}}", "{{c0::none}}", "{{c3::x::y::z}}",
    "{{c1::", "{{c2::", "}}", "::", "{{c,::", "{{c70000::big}}", "{{", "}", "\\(a {{c1::<i>b</i>}} + c\\)", "\\[x",
    "\\]", "\\)", "漢字[かんじ]", " 日[に]本[ほん]", "a[sound:x.mp3]", "[sound:a b&amp;c.mp3]", "[sound:]",
    "[anki:tts lang=en]say [...] it[/anki:tts]", "[anki:tts]no[/anki:tts]", '[anki:foo bar="a b"]x[/anki:foo]',
    "[anki:foo]", "[anki:", "[/anki:foo]", "{{c1::image-occlusion:rect:left=.1:top=0.2:width=0:height=3}}",
    "{{c2::image-occlusion:text:text=a\\:b\\\\c:points=1,2 3 4,5:oi=1:fs=2:scale=0}}", "“quotes” 'and' \"more\"",
    "é½ÿ", "😀", "\x1f", "{{c1::}}", "{{c1::::only}}",
)  # fmt: skip


SOUNDS = """\
# Say ![it](say.wav) {#said}

It [sound:say.wav] is {{c1::![so](say.wav)}}, with `{{c1::no}}` hole and $x = {{c2::\\frac{a}{b}}}$.

# Braces `{{x}}` and \\[sound:no] {#braces .reversed}

Written `[sound:x]`, `\\(`, {{ and }}.
"""


class Invention:
    """Invents templates and fields, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        """Choose the names of the fields."""
        self.random = Random(seed)
        count = self.random.randint(1, 5)
        self.names = self.random.sample(NAMES, count)

    def text(self) -> str:
        """Return the text of a field; many are empty, or look so."""
        random = self.random
        pieces = PIECES if random.random() < 0.7 else PIECES[1:7]
        return "".join(random.choices(pieces, k=random.choice((0, 0, 1, 2, 3, 6, 12))))

    def name(self) -> str:
        """Return the name of a field, now and then one of another or of none."""
        random = self.random
        chance = random.random()
        if chance < 0.01:
            return random.choice(("Nothing", "", "front", "c", "c99", "c+1", "cé"))
        return random.choice(SPECIAL if chance < 0.2 else self.names)

    def reference(self) -> str:
        """Return a reference to a field, with filters."""
        random = self.random
        filters = random.choices(FILTERS, k=random.choice((0, 0, 1, 1, 2, 3)))
        if filters and random.random() < 0.1:
            return "{{" + ":".join((*filters, "")) + "}}"
        blank = random.choice(("", "", "", " ", "\n", "\x1f"))
        inside = blank + ":".join((*filters, self.name())) + blank
        return random.choice(("{{%s}}",) * 9 + ("{{{%s}}}",)) % inside

    def template(self, depth: int = 0) -> str:
        """Return a template; some are at fault."""
        random = self.random
        parts = []
        for _ in range(random.choice((0, 1, 2, 3, 5))):
            chance = random.random()
            if chance < 0.5:
                parts.append(self.reference())
            elif chance < 0.7 and depth < 4:
                name, sign = self.name(), random.choice("##^")
                end = name if random.random() < 0.98 else self.name()
                parts.append(f"{{{{{sign}{name}}}}}{self.template(depth + 1)}{{{{/{end}}}}}")
            elif chance < 0.72:
                parts.append(
                    random.choice(("{{", "}}", "<!--", "-->", "{{#", "{{/", "{{#Front}}", "<%"))
                )
            else:
                parts.append(
                    random.choice(("text ", "<hr id=answer>", "<p>", "<!-- {{no}} -->", "é\n"))
                )
        made = "".join(parts)
        if depth == 0 and random.random() < 0.05:
            made = "\n{{=<% %>=}}" + made.replace("{{", "<%").replace("}}", "%>")
        return made


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAnki]:
    """Return an empty collection."""
    anki = RealAnki(tmp_path_factory.mktemp("drawing") / "anki")
    yield anki
    anki.close()


@pytest.mark.parametrize("cloze", [False, True], ids=["free", "cloze"])
@pytest.mark.parametrize("seed", range(10))
def test_invented_templates_are_drawn_as_by_anki(
    collection: RealAnki, seed: int, cloze: bool
) -> None:
    """150 pairs of templates a case, over fields of all sorts; the differences are none."""
    differences = []
    for number in range(150):
        invention = Invention(seed * 100_000 + number)
        front, back = invention.template(), invention.template()
        if invention.random.random() < 0.3:
            back = "{{FrontSide}}" + back
        texts = {name: invention.text() for name in invention.names}
        ord_ = invention.random.randint(0, 2) if cloze else 0
        if cloze and invention.random.random() < 0.7:
            texts[invention.random.choice(invention.names)] += f"{{{{c{ord_ + 1}::hidden}}}}"
        tags = tuple(invention.random.sample(("a", "b::c", "d"), invention.random.randint(0, 3)))
        ours = draw_card(
            front, back, texts, CardFacts("Some type", "A card", "(Deck)", tags, ord_), cloze=cloze
        )
        theirs = draw_by_anki(collection, front, back, texts, tags, ord_, cloze=cloze)
        if (ours.front.html, ours.back.html) != theirs:
            differences.append((front, back, texts, ours.front.html, ours.back.html, theirs))
    assert not differences, "\n".join(map(repr, differences[:9]))


def draw_by_anki(
    anki: RealAnki, front: str, back: str, texts: dict[str, str], tags: tuple[str, ...], ord_: int, *, cloze: bool
) -> tuple[str, str]:  # fmt: skip
    """Return both sides as the real Anki draws a card of a note type that is not saved."""
    models = anki.collection.models
    name = f"{'cloze' if cloze else 'free'} {' '.join(texts)}"
    kind = models.by_name(name)
    if kind is None:
        kind = models.new(name)
        kind["type"] = int(cloze)
        for field in texts:
            models.add_field(kind, models.new_field(field))
        template = models.new_template("A card")
        first = next(iter(texts))
        template["qfmt"] = f"{{{{cloze:{first}}}}}" if cloze else f"{{{{{first}}}}}"
        template["afmt"] = template["qfmt"]
        models.add_template(kind, template)
        models.add(kind)
        kind = models.by_name(name)
    assert kind is not None
    note = anki.collection.new_note(kind)
    note.fields, note.tags = list(texts.values()), list(tags)
    drawn = note.ephemeral_card(
        ord_,
        custom_note_type={**kind, "name": "Some type"},
        custom_template={**kind["tmpls"][0], "qfmt": front, "afmt": back},
    ).render_output()
    return drawn.question_text.replace(name, "Some type"), drawn.answer_text.replace(
        name, "Some type"
    )


def draw_note(release: Release, note: AnkiNote, ord_: int) -> DrawnCard:
    """Draw a card of a note of ours, as it is once the deck is imported."""
    info = release.collection.info
    note_type = release.collection.note_types[note.note_type]
    template = note_type.templates[0 if note_type.cloze else ord_]
    texts = {
        field.name: unicodedata.normalize("NFC", text)
        for field, text in zip(note_type.fields, note.fields, strict=True)
    }
    facts = CardFacts(f"{info.title}: {note_type.name}", template.name, note.deck, note.tags, ord_)
    return draw_card(template.front, template.back, texts, facts, cloze=note_type.cloze)


def compare_deck(release: Release, package: Path, anki: RealAnki) -> int:
    """Import a package, and compare all of its cards with ours; return how many they are."""
    anki.load(package)
    compared = 0
    for name, note in release.notes.items():
        for card in anki.note(name).cards():
            theirs, ours = anki.show(card), draw_note(release, note, card.ord)
            assert (ours.front.html, ours.back.html) == (theirs.question, theirs.answer), name
            compared += 1
    return compared


def test_every_card_of_the_deck_is_drawn_as_by_anki(real_deck: RealDeck, anki: RealAnki) -> None:
    """All cards of this repository, of both note types."""
    compared = compare_deck(real_deck.release, real_deck.export("apkg"), anki)
    assert compared == anki.collection.card_count() > 800


def test_hard_cards_are_drawn_as_by_anki(sources: Sources, anki: RealAnki) -> None:
    """Everything a card can hold, braces and brackets that only look like Anki's, and sounds."""
    sources.write("one/hard.md", HARD)
    sources.write("one/tall.svg", TALL)
    sources.write("one/say.wav", make_wav())
    sources.write("one/sounds.md", SOUNDS)
    assert compare_deck(load(sources.root), sources.build(), anki) > 10


def test_what_is_played_is_named() -> None:
    """The marks of a side count its sounds; a spoken text has none of ours."""
    facts = CardFacts("t", "c", "d")
    text = "[sound:a&amp;b.mp3] [anki:tts lang=en]x[/anki:tts]"
    drawn = draw_card("{{F}}", "{{FrontSide}}{{F}}", {"F": text}, facts, cloze=False)
    assert drawn.front.html == "[anki:play:q:0] [anki:play:q:1]"
    assert drawn.front.played == drawn.back.played == ("a&b.mp3", "")
    assert drawn.back.html == f"{drawn.front.html}[anki:play:a:0] [anki:play:a:1]"


def test_a_card_that_anki_would_not_make_says_so() -> None:
    """An empty front and a template at fault are told apart from others."""
    facts = CardFacts("t", "c", "d")
    empty = draw_card("{{#F}}x{{/F}}", "", {"F": "<br>"}, facts, cloze=False)
    assert empty.is_empty
    assert "front of this card is blank" in empty.front.html
    wrong = draw_card("{{G}}", "", {"F": "a"}, facts, cloze=False)
    assert wrong.front == wrong.back
    assert "Found &#x27;\u2068{{G}}\u2069&#x27;, but there is no field called" in wrong.fault
