"""An existing deck becomes card files: packages that the real Anki wrote, text of others."""

from __future__ import annotations

import base64
import csv
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from anki.collection import Collection, ExportAnkiPackageOptions

from anki_collection import RealAnki
from conftest import Sources
from deckpress import build
from deckpress.cli.main import main
from deckpress.pipeline.import_deck import ImportedDeck, ImportOptions, import_deck
from deckpress.pipeline.load import load
from deckpress.text.problem import CallError, SourceError

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def export(collection: Collection, path: Path, *, legacy: bool) -> Path:
    """Let Anki export everything as a package."""
    options = ExportAnkiPackageOptions(
        with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def add(
    collection: Collection, note_type: str, fields: list[str], deck: str = "Spanish", tags: str = ""
) -> str:
    """Add a note to a collection, and return its GUID."""
    found = collection.models.by_name(note_type)
    assert found
    note = collection.new_note(found)
    note.fields = fields
    note.tags = tags.split()
    deck_id = collection.decks.id(deck)
    assert deck_id
    collection.add_note(note, deck_id)
    return str(note.guid)


def cards(out: Path) -> str:
    """Return all card files of a folder as one text."""
    return "\n".join(path.read_text() for path in sorted(out.glob("*/*.md")))


def ledger(out: Path) -> dict[str, dict[str, Any]]:
    """Return the lines of a ledger that are notes, by id."""
    rows = [json.loads(line) for line in (out / "deck.lock").read_text().splitlines()]
    return {row["id"]: row for row in rows if "id" in row}


def losses(out: Path) -> list[tuple[str, str]]:
    """Return the GUID and the words of each line of the report."""
    with (out / "import-report.csv").open() as file:
        return [(row["guid"], row["not carried"]) for row in csv.DictReader(file)]


OWN_DECK = {
    "one/basics.md": """\
# What is **overfitting**, in `code` and $x_1$? {#overfitting difficulty=easy tags="regularization,c++"}

It fits *noise*, with $a < b$ and a [link](https://example.org/a_(b)).

$$
\\frac{a}{b} = \\sum_i x_i
$$

1. one
2. two
   - nested ~~gone~~
   - H~2~O is not read, H<sub>2</sub>O is

| left | right |
|:-----|------:|
| a \\| b | $x$ |

> [!WARNING]
> Mind the *gap*.

A claim[^1], 5 * 3 * 2, a_b_c, <kbd>Ctrl</kbd>, `{{ x }}`, \\[x\\], #no, 100 $ or 5 $.

[^1]: The footnote.

- [x] done
- [ ] open

## Pitfalls

Do not **trust** it.

# Write it. {#write-it .coding}

Given is this:

```python
x = [1, 2]
```

---

Loop over it.

```python hl_lines="2"
for y in x:
    print(y, "{{y}}")
```

## Hint

Use `for`.

# Turn me around {#turn .reversed}

Umgekehrt

# Fill it {#fill}

The {{c1::mitochondria}} is the {{c2::powerhouse::what?}} of {{c1::$\\frac{a}{b}$}} and `x`.

```python cloze
for {{c3::x}} in y:
```

---

More **on the back**.
""",
    "two/design.md": """\
---
sources:
  - {title: "A book, ch. 7", url: "https://example.org/book"}
  - {title: "Another"}
checked: 2026-11-22
companies: {netflix: {grade: A, date: 2025}, meta: {kind: watched}}
---
# Design a feed {#feed .design}

Rank, then serve.

![a dot](dot.png "The dot")

## Step one

Count.

## Step two

Serve ![again](dot.png) it.
""",
}


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "zstd"])
def test_round_trip_through_anki(
    sources: Sources, anki: RealAnki, tmp_path: Path, legacy: bool, at: Callable[[int], None]
) -> None:
    """Built, imported, exported by Anki, imported here, built again: the same notes, 0 new in Anki."""
    for name, text in OWN_DECK.items():
        sources.write(name, text)
    sources.write("two/dot.png", PNG)
    at(1_700_000_000)
    package = sources.build()
    assert anki.load(package).new == 5
    before = {
        n.guid: (n.id, n.mod, n.fields, sorted(n.tags), [c.ord for c in n.cards()], n.cards()[0].did)
        for n in map(anki.collection.get_note, anki.collection.find_notes(""))
    }
    exported = export(anki.collection, tmp_path / "Small Deck.apkg", legacy=legacy)
    anki.collection.close()
    anki.collection = Collection(anki._path)
    at(1_700_000_900)
    out = tmp_path / "back"
    done = import_deck(exported, out, ImportOptions(slug="small"))
    assert (done.notes, done.cards, done.guids, done.left_out) == (5, 5, 5, ())
    assert losses(out) == []
    assert done.updates
    # The first build changes nothing: all is in the ledger already.
    again = build(out, tmp_path / "again", formats=["apkg"], locked=True).outputs[0].path
    assert {r["mod"] for r in ledger(out).values()} == {1_700_000_000}, cards(out)
    result = anki.load(again)
    assert (result.new, result.updated, result.conflicting, result.duplicate) == (0, 0, 0, 5)
    fresh = RealAnki(tmp_path / "fresh")
    assert fresh.load(again).new == 5
    after = {
        n.guid: (n.id, n.mod, n.fields, sorted(n.tags), [c.ord for c in n.cards()], n.cards()[0].did)
        for n in map(fresh.collection.get_note, fresh.collection.find_notes(""))
    }
    fresh.close()
    assert {k: v[:5] for k, v in after.items()} == {k: v[:5] for k, v in before.items()}
