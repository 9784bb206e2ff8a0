"""Formats for other programs and readers: JSON by its schema, and a book in Markdown."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from markdown_it import MarkdownIt

from anki_collection import RealAnki
from conftest import Sources
from deckpress import EXPORTERS, build, select
from deckpress.decks.deck import Deck
from deckpress.exporters.html import page as html_page
from deckpress.exporters.options import Options
from deckpress.exporters.pdf import sheet as pdf_sheet
from deckpress.text.problem import Location, Problem, SourceError
from real_deck import RealDeck

REPOSITORY = Path(__file__).parents[1]
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
CARDS = """\
---
sources: [{title: Book, url: "https://example.org/b"}]
difficulty: easy
---
# What holds for $x$? {#a tags=one}

Short[^1] ![a dot](pic.svg).

[^1]: A note.

```python hl_lines="1"
x = 1  # ## no heading
```

```python test
assert x == 1
```

## Pitfalls

None.

# Fill in {#b}

The {{c1::mean $\\frac{a}{b_{1}}$::hint}} here[^1].

[^1]: Another.

---

```python cloze
y = {{c2::1}}
```
"""


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck with a figure, code, a formula, footnotes and a cloze note."""
    sources.write("one/pic.svg", SVG)
    sources.write("one/a.md", CARDS.replace("---\n\n```python cloze\ny = {{c2::1}}\n```\n", ""))
    return sources


def test_json_holds_everything(deck: Sources, anki: RealAnki) -> None:
    """It keeps to the published schema, and says of a note what Anki holds of it."""
    value = json.loads(deck.build(formats=["json"]).read_text())
    schema = json.loads((REPOSITORY / "docs/schema/export.schema.json").read_text())
    jsonschema.validate(value, schema)
    anki.load(deck.build())
    for note in value["notes"]:
        held = anki.note(note["id"])
        assert (held.guid, sorted(held.tags)) == (note["guid"], note["anki_tags"])
        assert {name: held[name] for name in note["html"]} == note["html"]
        assert len(held.cards()) == note["cards"]
    first = value["notes"][0]
    assert first["text"]["Pitfalls"] == "None."
    assert "hl_lines" in first["markdown"]
    (name,) = first["media"]
    assert base64.b64decode(value["media"][name]).decode() == SVG


def test_the_real_deck_keeps_to_the_schema(real_deck: RealDeck) -> None:
    """So do all notes of the deck that comes with the program."""
    deck = select(real_deck.release)
    schema = json.loads((REPOSITORY / "docs/schema/export.schema.json").read_text())
    value = json.loads(EXPORTERS["json"](deck))
    jsonschema.validate(value, schema)
    assert [note["id"] for note in value["notes"]] == [note.id for note in deck.notes]


def test_a_clean_book(deck: Sources) -> None:
    """Holes are filled, tests and attributes left out, figures and footnotes each its note's own."""
    text = deck.build(formats=["md"]).read_text()
    for raw in ("{{c", "{#", "hl_lines", "assert x", "::hint"):
        assert raw not in text, raw
    assert "The mean $\\frac{a}{b_{1}}$ here[^b-1]." in text
    assert "Short[^a-1] ![a dot][_pic-" in text
    assert "\n#### Pitfalls\n" in text
    assert "x = 1  # ## no heading" in text
    reader = MarkdownIt()
    # By default it lets no drawing through in a data URL; Pandoc does.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    page = reader.render(text)
    assert page.count("<h3>") == 2
    assert '<img src="data:image/svg+xml;base64,' in page


def test_a_book_speaks_the_decks_language(deck: Sources) -> None:
    """The sections of a card are called there as on its other pages."""
    settings = (deck.root / "deck.yaml").read_text()
    deck.write("deck.yaml", settings.replace("language: en\n", "") + "language: de\n")
    text = deck.build(formats=["md"]).read_text()
    assert "\n#### Typische Fehler\n" in text
    assert "Pitfalls" not in text


def test_the_book_of_the_real_deck(real_deck: RealDeck) -> None:
    """It holds every question as a heading, and no hole is left open."""
    deck = select(real_deck.release)
    text = EXPORTERS["md"](deck).decode()
    tokens = MarkdownIt().parse(text)
    assert sum(t.type == "heading_open" and t.tag == "h3" for t in tokens) == len(deck.notes)
    code = "".join(token.content for token in tokens if token.type in ("fence", "inline"))
    assert "{{c1::" not in code.replace("{{c1::...}}", "")


def test_the_first_format_that_fails_is_told(
    deck: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Formats are written side by side; which mistake is told does not depend on who is faster."""
    ended = threading.Event()

    def fail(name: str, wait: bool) -> Callable[[Deck, Options], bytes]:
        def write(deck: Deck, options: Options) -> bytes:
            if wait:
                assert ended.wait(60)
            ended.set()
            where = Location(f"{name}.typ")
            raise SourceError([Problem(where, name, rule="broken-template")])

        return write

    for first, second in (("html", "pdf"), ("pdf", "html")):
        for late in (first, second):
            ended.clear()
            for name, module in (("html", html_page), ("pdf", pdf_sheet)):
                monkeypatch.setattr(module, "export", fail(name, name == late))
            with pytest.raises(SourceError, match=f"{first}.typ"):
                build(deck.root, deck.folder / "build", formats=[first, second])
            assert not (deck.folder / "build").exists()
