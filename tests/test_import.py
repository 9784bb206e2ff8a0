"""An existing deck becomes card files: packages that the real Anki wrote, text of others."""

from __future__ import annotations

import base64
import csv
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
import zstandard
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from click.testing import CliRunner

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources
from deckpress import build
from deckpress.cli.import_ import _ask
from deckpress.cli.main import main
from deckpress.companies.evidence import SHOWN_KINDS
from deckpress.pipeline.import_deck import ImportedDeck, ImportOptions, import_deck
from deckpress.pipeline.load import load
from deckpress.text.problem import CallError, SourceError
from program import run

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
def f(x):
    '''What it does.'''
    ...
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

The {{c1::mitochondria}} is the {{c2::powerhouse::what?}} of {{c1::$\\frac{a}{b}$}} and `x`, $E = {{c4::m}} \\cdot 2$.

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
companies:
  acme: {match: topic, grade: B, date: 2024}
  bolt: {kind: subject}
  meta: {kind: watched}
  netflix: [{grade: A, date: 2025}, {match: topic}]
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
    sources.write("deck.yaml", DECK_YAML.replace("name: Two", "name: Design of Systems"))
    at(1_700_000_000)
    package = sources.build()
    assert anki.load(package).new == 5
    ends = {f"::{kind}" for kind in SHOWN_KINDS if kind != "asked"}
    assert all(anki.collection.find_notes(f"tag:company::*{end}") for end in ends)
    before = {
        n.guid: (
            n.id,
            n.mod,
            n.fields,
            sorted(n.tags),
            [c.ord for c in n.cards()],
            n.cards()[0].did,
        )
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
        n.guid: (
            n.id,
            n.mod,
            n.fields,
            sorted(n.tags),
            [c.ord for c in n.cards()],
            n.cards()[0].did,
        )
        for n in map(fresh.collection.get_note, fresh.collection.find_notes(""))
    }
    fresh.close()
    assert {k: v[:5] for k, v in after.items()} == {k: v[:5] for k, v in before.items()}


@pytest.fixture
def foreign(anki: RealAnki, tmp_path: Path) -> tuple[RealAnki, dict[str, str]]:
    """Return a collection that somebody made in Anki, and the GUIDs of its notes by a name."""
    collection = anki.collection
    for name, data in (("a cat.png", PNG), ("say.mp3", b"ID3 mp3")):
        collection.media.write_data(name, data)
    guids = {
        "plain": add(
            collection,
            "Basic",
            [
                "What is <b>bold</b>?<div>And more?</div>",
                '<div>Short &amp; <i>sweet</i></div><ul><li>one</li><li>two</li></ul><img src="a cat.png">',
            ],
            tags="Verbs::Irregular marked ok",
        ),
        "math": add(
            collection,
            "Basic",
            [
                "Is \\(a&lt;b\\) [latex]$x$[/latex]?",
                "[$]y^2[/$]<br>\\[\\frac{a}{b}\\]<br>[$$]z[/$$] \\(\\unknown\\)",
            ],
            deck="Spanish::Verbs",
        ),
        "code": add(
            collection,
            "Basic",
            [
                "Code?",
                'Run <code>f(x)</code>:<pre><code class="hljs language-python"><span class="hljs-keyword">'
                "if</span> x &lt; 1:<br>    y</code></pre>[sound:say.mp3] [sound:gone.mp3]",
            ],
        ),
        "two ways": add(collection, "Basic (and reversed card)", ["dog", "perro"]),
        "one way": add(collection, "Basic (optional reversed card)", ["cat", "gato", ""]),
        "both ways": add(collection, "Basic (optional reversed card)", ["cow", "vaca", "y"]),
        "cloze": add(
            collection,
            "Cloze",
            [
                "The {{c1::<b>heart</b>::organ}} pumps {{c2::\\(\\frac{a}{b} \\)}}"
                "<ul><li>{{c3::blood</li><li>air}}</li></ul>{{c1::a {{c4::b}} c}}",
                "Extra",
            ],
        ),
        "twin": add(collection, "Basic", ["Code?", "The same question."]),
        "script": add(
            collection,
            "Basic",
            [
                "Script?",
                'No <script>alert(1)</script><span style="color:red">red</span> <a href="javascript:x">link</a>'
                '<img src="https://example.org/x.png"><table><tr><td colspan=2>wide</td></tr>'
                "<tr><td>a|b</td><td>c<br>d</td></tr></table>",
            ],
        ),
        "literal": add(
            collection,
            "Basic",
            [
                "# no *head* {#x .y} {{c1::no}}",
                "1. no<br>- no<br>$5 and $6, [a](b), &lt;b&gt;, a_b, ==x==<br>|",
            ],
        ),
        "empty": add(collection, "Basic", ["Nothing?", ""]),
    }
    return anki, guids


def test_a_deck_of_ours_in_another_language(sources: Sources, tmp_path: Path) -> None:
    """The language of deck and notes comes back, and no mark of the direction is left in a text."""
    sources.write("deck.yaml", DECK_YAML + "language: ar\n")
    sources.write(
        "one/a.md",
        "---\nchecked: 2026-01-02\ncompanies: {acme: {grade: B, match: topic}}\n---\n"
        "# PCA يحفظ ماذا؟ {#pca}\n\nPCA يحفظ التباين.\n\n# C'est quoi ? {#idee language=fr .reversed}\n\nUne idée.\n",
    )
    sources.write("two/words.csv", "key,front,back\nbayt,بيت,house\n")
    package = sources.build()
    import_deck(package, tmp_path / "back", ImportOptions(slug="small"))
    assert losses(tmp_path / "back") == []
    text = cards(tmp_path / "back")
    assert not set(text) & {"\u200e", "\u200f"}
    assert "language: ar\n" in (tmp_path / "back/deck.yaml").read_text()
    again = build(tmp_path / "back", tmp_path / "again", formats=["apkg"]).outputs[0].path
    done = run(tmp_path, "diff", str(package), str(again))
    assert "nothing changed" in done.stdout, done.stdout + done.stderr


def test_imported_decks_of_one_name_never_collide(anki: RealAnki, tmp_path: Path) -> None:
    """Each has a namespace of its own, which is the same when it is imported again."""
    names: list[str] = []
    for number, word in enumerate(("dog", "dog", "cat")):
        (tmp_path / f"{number}").mkdir()
        path = tmp_path / f"{number}/Spanish.csv"
        path.write_text(f"{word},perro\nhello,hola\n", encoding="utf-8")
        import_deck(path, tmp_path / f"cards{number}")
        first, *_ = (tmp_path / f"cards{number}/deck.lock").read_text().splitlines()
        names.append(json.loads(first)["namespace"])
        built = build(tmp_path / f"cards{number}", tmp_path / f"{number}", formats=["apkg"])
        if number:
            assert anki.load(built.outputs[0].path).new == 2
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("spanish-")


def test_values_that_do_not_do(tmp_path: Path) -> None:
    """A slug or a language that `deck.yaml` cannot hold is told, and nothing is made."""
    (tmp_path / "deck.csv").write_text("dog,perro\n", encoding="utf-8")
    for option, value in (("--slug", "Bad Slug"), ("--language", "Klingon!")):
        done = run(tmp_path, "import", "deck.csv", "--out", "cards", option, value)
        assert done.returncode == 2
        assert done.stderr.startswith((f"'{value}' is not a slug", f"language: '{value}' is not"))
        assert [path.name for path in tmp_path.iterdir()] == ["deck.csv"]


def test_numbers_before_decks_stay_wherever_they_stand(anki: RealAnki, tmp_path: Path) -> None:
    """Decks in any order, several with one number, numbers of subdecks: all keep their names."""
    names = ["Bio::03 Cells", "Bio::01 Start::02 More", "Bio::Rest", "Bio::01 Start::01 First"]
    for name in [*names, "Bio::00 Before", "Bio::01 Second"]:
        add(anki.collection, "Basic", [f"What of {name}?", "So."], deck=name)
    package = export(anki.collection, tmp_path / "Bio.apkg", legacy=False)
    import_deck(package, tmp_path / "cards")
    again = build(tmp_path / "cards", tmp_path / "again", formats=["apkg"]).outputs[0].path
    decks = anki.decks()
    assert anki.load(again).new == 0
    assert anki.decks() == decks
    fresh = RealAnki(tmp_path / "fresh")
    assert fresh.load(again).new == 6
    assert {name for name, count in fresh.decks().items() if count} == set(decks) - {
        "Bio",
        "Bio::01 Start",
    }
    fresh.close()


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "zstd"])
def test_foreign_deck(
    foreign: tuple[RealAnki, dict[str, str]], tmp_path: Path, legacy: bool
) -> None:
    """Every note of a deck made in Anki is a card with its GUID, or is told of."""
    anki, guids = foreign
    package = export(anki.collection, tmp_path / "deck.apkg", legacy=legacy)
    out = tmp_path / "cards"
    done = import_deck(package, out)
    assert (done.notes, done.cards, done.guids, done.media) == (11, 10, 10, 2)
    assert not done.updates
    text = cards(out)
    told = losses(out)
    kept = {row["guid"]: row for row in ledger(out).values()}
    assert set(kept) == set(guids.values()) - {guids["empty"]}
    assert [note.guid for note in done.left_out] == [guids["empty"]]
    assert guids["empty"] in (out / "_left-out.md").read_text()
    assert "# What is **bold**? {#what-is-bold" in text
    assert 'tags="Verbs::Irregular,ok"' in text
    assert "Short & *sweet*\n\n- one\n- two\n\n![a cat](<a cat.png>)" in text
    assert "# Is $a<b$ $x$? {" in text
    assert "$$\n\\frac{a}{b}\n$$" in text
    assert "`\\unknown`" in text
    assert "```python\nif x < 1:\n    y\n```" in text
    assert "[sound:say.mp3]" in text
    assert "{#dog .reversed}\n\nperro" in text
    assert "# cat {#cat}" in text
    assert "{#cow .reversed}" in text
    assert "The {{c1::**heart**::organ}} pumps {{c2::$\\frac{a}{b}$}}" in text
    assert "- {{c3::blood}}\n- {{c3::air}}" in text
    assert "# Code? (2) {" in text
    assert [row["ords"] for row in kept.values() if row["kind"] == "cloze"] == [[0, 1, 2]]
    expected = {
        ("math", "a formula, kept as code: "),
        ("code", "a sound, which is not there: gone.mp3"),
        ("cloze", "hole 4, which is inside another"),
        ("cloze", "its card: hole 4"),
        ("twin", "a question of its own"),
        ("script", "a script"),
        ("script", "colours or fonts"),
        ("script", "the address of a link: javascript:x"),
        ("script", "a picture on the web: https://example.org/x.png"),
        ("script", "merged cells of a table"),
        ("empty", "the whole note: the note has no answer"),
    }
    for name, what in expected:
        assert any(guid == guids[name] and words.startswith(what) for guid, words in told), (
            name,
            what,
        )
    package = build(out, tmp_path / "build", formats=["apkg"], locked=True).outputs[0].path
    learner = RealAnki(tmp_path / "learner")
    assert learner.load(package).new == 10
    assert {
        note.guid for note in map(learner.collection.get_note, learner.collection.find_notes(""))
    } == set(kept)
    literal = next(
        note
        for note in map(learner.collection.get_note, learner.collection.find_notes(""))
        if note.guid == guids["literal"]
    )
    shown = learner.show(literal.cards()[0])
    words = re.sub("<[^>]*>", "", shown.answer.replace("<br>", "\n"))
    for piece in (
        "# no *head* {#x .y} {",
        "1. no",
        "- no",
        "$5 and $6, [a](b), &lt;b&gt;, a_b, ==x==",
    ):
        assert piece in words
    learner.close()


def test_learners_of_the_original(foreign: tuple[RealAnki, dict[str, str]], tmp_path: Path) -> None:
    """Who has the original keeps notes and progress and gets new notes; after the note type is changed, updates too."""
    anki, _ = foreign
    package = export(anki.collection, tmp_path / "deck.apkg", legacy=False)
    learner = RealAnki(tmp_path / "learner")
    assert learner.load(package).new == 11
    (dog,) = (n for n in learner.collection.find_notes("dog"))
    card = learner.collection.get_note(dog).cards()[0]
    card.start_timer()
    learner.collection.sched.answerCard(card, 3)
    out = tmp_path / "cards"
    import_deck(package, out)
    (out / "cards" / "new.md").write_text("# New? {#new}\n\nYes.\n")
    file = next(path for path in out.glob("*/*.md") if "perro" in path.read_text())
    file.write_text(file.read_text().replace("perro", "el perro"))
    ours = build(out, tmp_path / "build", formats=["apkg"]).outputs[0].path
    first = learner.load(ours)
    assert (first.new, first.updated, first.conflicting) == (1, 0, 10)
    note = learner.collection.get_note(dog)
    assert note.fields[1] == "perro"
    assert note.cards()[0].reps == 1
    # Browse, Notes, Change Note Type: once, by the learner.
    models = learner.collection.models
    old = models.get(note.mid)
    new = next(m for m in models.all() if m["name"].endswith(": card"))
    assert old
    info = models.change_notetype_info(old_notetype_id=old["id"], new_notetype_id=new["id"])
    change = info.input
    change.note_ids.append(dog)
    del change.new_fields[:]
    change.new_fields.extend({"Question": 0, "Answer": 1}.get(f["name"], -1) for f in new["flds"])
    models.change_notetype_of_notes(change)
    row = ledger(out)["dog"]
    file.write_text(file.read_text().replace("el perro", "un perro"))
    again = build(out, tmp_path / "again", formats=["apkg"]).outputs[0].path
    assert ledger(out)["dog"]["mod"] > row["mod"]
    while_changed = learner.collection.get_note(dog).mod
    if ledger(out)["dog"]["mod"] <= while_changed:  # the same second
        assert learner.collection.db
        learner.collection.db.execute("update notes set mod = ? where id = ?", row["mod"], dog)
    assert learner.load(again).updated == 1
    note = learner.collection.get_note(dog)
    assert note["Answer"] == "<p>un perro</p>"
    assert note.cards()[0].reps == 1
    learner.close()


def test_merging_note_types_empties_notes(
    foreign: tuple[RealAnki, dict[str, str]], tmp_path: Path
) -> None:
    """What the docs warn of: with "merge note types" old notes lose what their cards show."""
    anki, _ = foreign
    package = export(anki.collection, tmp_path / "deck.apkg", legacy=False)
    learner = RealAnki(tmp_path / "learner")
    learner.load(package)
    import_deck(package, tmp_path / "cards")
    ours = build(tmp_path / "cards", tmp_path / "build", formats=["apkg"]).outputs[0].path
    (dog,) = learner.collection.find_notes("dog")
    assert learner.collection.db
    learner.collection.db.execute("update notes set mod = mod + 100000")
    options = ImportAnkiPackageOptions(merge_notetypes=True)
    request = ImportAnkiPackageRequest(package_path=str(ours), options=options)
    learner.collection.import_anki_package(request)
    learner.close()
    learner.collection = Collection(learner._path)
    note = learner.collection.get_note(dog)
    assert note["Question"] == note["Answer"] == ""
    learner.close()


def test_asked_for(tmp_path: Path) -> None:
    """On a terminal each note type that is not one of Anki's own is asked about; Enter takes the guess."""

    @click.command()
    def ask() -> None:
        import_deck(tmp_path / "w.csv", tmp_path / "cards", ask=_ask)

    (tmp_path / "w.csv").write_text("word,meaning,example,topic\nperro,dog,El perro.,animal\n")
    typed = "reversed\n\n\nnonsense\n## In a sentence\ntags\n"
    result = CliRunner().invoke(ask, input=typed, catch_exceptions=False)
    assert "word ('perro') [question]" in result.output
    assert "one of question, front" in result.output
    expected = '# perro {#perro .reversed tags="animal"}\n\ndog\n\n## In a sentence\n\nEl perro.\n'
    assert cards(tmp_path / "cards") == expected
    assert "kind: reversed" in (tmp_path / "cards" / "import.yaml").read_text()


def test_other_fields_become_sections(anki: RealAnki, tmp_path: Path) -> None:
    """A note type with other fields is read by its templates, and by a map when one is given."""
    models = anki.collection.models
    model = models.new("Vocabulary")
    for name in ("Word", "Sound", "Meaning", "Example", "Hint", "Rank"):
        models.add_field(model, models.new_field(name))
    for name, front in (
        ("Read", "{{Word}}{{Sound}}"),
        ("Listen", "{{Sound}}"),
        ("Say", "{{Meaning}}"),
    ):
        template = models.new_template(name)
        template["qfmt"] = front
        template["afmt"] = "{{FrontSide}}{{Example}}{{Meaning}}{{hint:Hint}}"
        models.add_template(model, template)
    models.add(model)
    guid = add(anki.collection, "Vocabulary", ["perro", "so", "dog", "El perro.", "barks", "17"])
    package = export(anki.collection, tmp_path / "v.apkg", legacy=False)
    import_deck(package, tmp_path / "guess")
    assert cards(tmp_path / "guess") == (
        "# perro {#perro}\n\nso\n\n---\n\ndog\n\n## Example\n\nEl perro.\n\n## Hint\n\nbarks\n"
    )
    told = losses(tmp_path / "guess")
    assert (guid, "the field Rank: 17") in told
    assert (guid, "its card: Listen") in told
    assert (guid, "its card: Say") in told
    map_file = tmp_path / "guess" / "import.yaml"
    text = map_file.read_text()
    changed = text.replace('Example: "## Example"', "Example: details").replace(
        "Rank: skip", "Rank: tags"
    )
    (tmp_path / "map.yaml").write_text(changed)
    import_deck(package, tmp_path / "mapped", ImportOptions(map_file=tmp_path / "map.yaml"))
    assert '{#perro tags="17"}' in cards(tmp_path / "mapped")
    assert "dog\n\nEl perro.\n" in cards(tmp_path / "mapped")
    assert (tmp_path / "mapped" / "import.yaml").read_text() == changed
    (tmp_path / "map.yaml").write_text(
        text.replace("Rank:", "Rang:").replace("kind: basic", "kind: basik")
    )
    with pytest.raises(SourceError) as error:
        import_deck(package, tmp_path / "wrong", ImportOptions(map_file=tmp_path / "map.yaml"))
    assert "unknown kind 'basik' (did you mean 'basic'?)" in str(error.value)
    assert not (tmp_path / "wrong").exists()
    (tmp_path / "map.yaml").write_text(text.replace("Rank:", "Rang:"))
    with pytest.raises(SourceError) as error:
        import_deck(package, tmp_path / "wrong", ImportOptions(map_file=tmp_path / "map.yaml"))
    names = [line.split(":")[0].strip(' "-') for line in text.split("\n")]
    fields, rank = names.index("fields") + 1, names.index("Rank") + 1
    map_name = (tmp_path / "map.yaml").as_posix()
    assert str(error.value).split("\n") == [
        f"{map_name}:{fields}:5: the map does not mention 'Rank' of 'Vocabulary' "
        "(write Rank: skip to leave it out)",
        f"{map_name}:{rank}:7: 'Vocabulary' has no field 'Rang' (did you mean 'Rank'?)",
    ]


def test_a_map_for_another_note_type(tmp_path: Path) -> None:
    """A misspelt note type is told; a map of more note types than a deck has serves it, too."""
    (tmp_path / "a.csv").write_text("front,back\na,b\n")
    import_deck(tmp_path / "a.csv", tmp_path / "guess")
    text = (tmp_path / "guess" / "import.yaml").read_text()
    entry = text[text.index("  - name:") :]

    def use(content: str, out: str) -> None:
        (tmp_path / "map.yaml").write_text(content)
        import_deck(
            tmp_path / "a.csv", tmp_path / out, ImportOptions(map_file=tmp_path / "map.yaml")
        )

    assert "name: Table" in text
    use(text + entry.replace("Table", "Words"), "more")
    for content, line, told in (
        (
            text.replace("Table", "Tabel"),
            5,
            "no note to import has the note type 'Tabel' (did you mean 'Table'?)",
        ),
        (text + entry, 10, "the note type 'Table' has two maps (leave one out)"),
    ):
        with pytest.raises(SourceError) as error:
            use(content, "wrong")
        assert str(error.value) == f"{(tmp_path / 'map.yaml').as_posix()}:{line}:5: {told}"


TEXTS = {
    "export": (
        "deck.txt",
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
        'ab"c\tBasic\tSpanish::Verbs\tone <b>two</b>\t"uno ""dos""<br>tres"\tx y\n'.replace(
            'ab"c', "ab#c"
        )
        + "de{f\tCloze\tSpanish::Nouns\tThe {{c1::sun}}\t\t\n",
        [
            '# one **two** {#one-two tags="x,y"}\n\nuno "dos"\\\ntres',
            "# The … {#the .cloze}\n\nThe {{c1::sun}}",
        ],
        {"ab#c", "de{f"},
    ),
    "csv": (
        "words.csv",
        'question,answer,tags\nWhat is 2 < 3?,"yes, *really*\nof course",math\nb,c,\n',
        [
            '# What is 2 < 3? {#what-is-2-3 tags="math"}\n\nyes, \\*really\\*\\\nof course',
            "# b {#b}\n\nc",
        ],
        {""},
    ),
    "tsv": ("words.tsv", "a\tb\nc\td\n", ["# a {#a}\n\nb", "# c {#c}\n\nd"], {""}),
    "semicolon": ("w.txt", "a, b;c\nd;e\n", ["# a, b {#a-b}\n\nc", "# d {#d}\n\ne"], {""}),
    "headings": (
        "algo.md",
        "# Algorithms\n\n## What is `sort`?\n\nIt **sorts**.\n\n```python\n# no heading\n## nor this\n```\n\n"
        "[#algorithms](./x.md) [#OOP]()\n\n## Front\n\nmore front\n\n%\n\nback $x $ y\n",
        [
            '# What is `sort`? {#what-is-sort tags="OOP,algorithms"}\n\nIt **sorts**.\n\n'
            "```python\n# no heading\n## nor this\n```",
            "# Front {#front}\n\nmore front\n\n---\n\nback $x$ y",
        ],
        {""},
    ),
    "obsidian": (
        "vault/Physics/note.md",
        "---\ntags: [flashcards/physics]\n---\n# Title\n\nWhat is `a::b`? :: It is $E=mc^2$\n<!--SR:!2024-02-22,213,228-->\n"
        "dog:::perro\n\nWhy\nso?\n?\nBecause [[Page|it]] is ==marked==.\n\n```\ncode\n\nmore\n```\n\n"
        "Front\n??\nback %%hidden%%\n\nThe ==heart== pumps ==blood==^[what] fast.\n\n"
        "#flashcards/biology cell::unit\n\nNo card: https://x.org::y and std\n",
        [
            "# What is `a::b`? {#what-is-a-b}\n\nIt is $E=mc^2$",
            "# dog {#dog .reversed}\n\nperro",
            "# Why so? {#why-so}\n\nBecause it is <mark>marked</mark>.",
            "# Front {#front .reversed}\n\nback",
            "# The … pumps … fast. {#the-pumps-fast .cloze}\n\nThe {{c1::heart}} pumps {{c2::blood::what}} fast.",
            "# cell {#cell}\n\nunit",
        ],
        {""},
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str, tmp_path: Path) -> None:
    """Anki's text export, tables, headings and Obsidian flashcards become cards that build."""
    path, text, expected, guids = TEXTS[name]
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    source = tmp_path / "vault" if name == "obsidian" else file
    done = import_deck(source, tmp_path / "cards")
    assert done.left_out == ()
    found = cards(tmp_path / "cards")
    for piece in expected:
        assert f"{piece}\n" in found
    assert found.count("\n# ") + 1 - found.count("\n# no heading") == len(expected)
    assert {row.get("guid", "") for row in ledger(tmp_path / "cards").values()} == guids
    assert load(tmp_path / "cards", locked=True).notes


def test_media_beside_text(tmp_path: Path) -> None:
    """A text file's figures are found beside it, and nothing outside its folder is read."""
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "deck"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a.png").write_bytes(PNG)
    (folder / "d.md").write_text("## A\n\nB ![it](./img/a.png)\n\n## C\n\nD ![no](../secret.png)\n")
    done = import_deck(folder / "d.md", tmp_path / "cards", ImportOptions(form="headings"))
    assert done.media == 1
    assert "B ![it](a.png)" in cards(tmp_path / "cards")
    assert [what for _, what in losses(tmp_path / "cards")] == [
        "a picture, which is not there: ../secret.png (in Back)"
    ]


def package(path: Path, entries: dict[str, bytes]) -> Path:
    """Write a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def database(script: str = "") -> bytes:
    """Return a small legacy collection."""
    connection = sqlite3.connect(":memory:")
    model = {
        "1": {"name": "Basic", "type": 0, "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
              "tmpls": [{"name": "Card", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}"}]}
    }  # fmt: skip
    connection.executescript(
        "CREATE TABLE col (models, decks); CREATE TABLE notes (id, guid, mid, mod, tags, flds);"
        "CREATE TABLE cards (nid, ord, did, odid, type, due);"
    )
    decks = {"1": {"name": "Default"}}
    connection.execute("INSERT INTO col VALUES (?, ?)", (json.dumps(model), json.dumps(decks)))
    connection.execute("INSERT INTO notes VALUES (1500000000000, 'g', 1, 1, '', 'a\x1fb')")
    connection.execute("INSERT INTO cards VALUES (1500000000000, 0, 1, 0, 0, 1)")
    connection.executescript(script)
    connection.commit()
    return connection.serialize()


BROKEN: dict[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "no collection": (lambda: {"x": b""}, "there is no collection"),
    "no database": (lambda: {"collection.anki2": b"hello"}, "is not a database"),
    "torn database": (lambda: {"collection.anki2": database()[:3000]}, "is damaged"),
    "other database": (
        lambda: {"collection.anki2": database("DROP TABLE notes; CREATE TABLE x (y);")},
        "is not an Anki collection",
    ),
    "view for a table": (
        lambda: {"collection.anki2": database(
            "DROP TABLE notes; CREATE VIEW notes AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL"
            " SELECT id + 1 FROM n) SELECT id, id AS guid, 1 AS mid, 1 AS mod, '' AS tags, '' AS flds FROM n;"
        )},
        "is not an Anki collection",
    ),
    "models that are no JSON": (
        lambda: {"collection.anki2": database("UPDATE col SET models = '{'")}, "is damaged"
    ),
    "path as a name": (
        lambda: {"collection.anki2": database(), "media": b'{"0": "../../x.png"}', "0": PNG},
        "'../../x.png'",
    ),
    "absolute path": (
        lambda: {"collection.anki2": database(), "media": b'{"0": "/etc/x.png"}', "0": PNG}, "'/etc/x.png'"
    ),
    "no zstd": (lambda: {"collection.anki21b": b"\0" * 50}, "is damaged"),
    "torn zstd": (
        lambda: {"collection.anki21b": zstandard.compress(database())[:100]}, "not a database"
    ),
    "torn message": (
        lambda: {"collection.anki21b": zstandard.compress(database()),
                 "media": zstandard.compress(b"\x0a\x50x")},
        "is damaged: a message ends too early",
    ),
    "zip bomb": (lambda: {"collection.anki2": bytes(401_000_000)}, "is too large once it is unpacked"),
    "zstd bomb": (
        lambda: {"collection.anki21b": zstandard.compress(bytes(401_000_000))},
        "is too large once it is unpacked",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_package(name: str, tmp_path: Path) -> None:
    """A package that is damaged or made to do harm is refused in a line, and nothing is written."""
    make, message = BROKEN[name]
    path = package(tmp_path / "x.apkg", make())
    with pytest.raises(SourceError) as error:
        import_deck(path, tmp_path / "cards")
    (problem,) = error.value.problems
    assert message in problem.message
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.apkg"]


@pytest.mark.parametrize("size", [0, 10, 500, 2000])
def test_torn_package(size: int, tmp_path: Path) -> None:
    """A package that was cut off is refused, wherever the cut is."""
    whole = package(tmp_path / "x.apkg", {"collection.anki2": database()}).read_bytes()
    (tmp_path / "x.apkg").write_bytes(whole[:size] if size < len(whole) else whole[:-30])
    with pytest.raises(SourceError, match="damaged"):
        import_deck(tmp_path / "x.apkg", tmp_path / "cards")


def test_damaged_bytes(tmp_path: Path) -> None:
    """Wherever a byte of a package is wrong, it is read or refused, and never more than that."""
    whole = package(
        tmp_path / "x.apkg", {"collection.anki2": database(), "media": b"{}"}
    ).read_bytes()
    for at in range(0, len(whole), 37):
        (tmp_path / "y.apkg").write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        with suppress(SourceError, CallError):
            import_deck(tmp_path / "y.apkg", tmp_path / f"cards{at}")


def test_minimal_package(tmp_path: Path) -> None:
    """The package that the broken ones are made of is whole itself."""
    path = package(tmp_path / "x.apkg", {"collection.anki2": database()})
    done: ImportedDeck = import_deck(path, tmp_path / "cards")
    assert (done.cards, done.guids) == (1, 1)
    assert ledger(tmp_path / "cards")["a"]["created"] == 1_500_000_000_000


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what went in and out; a folder that holds something is left alone."""
    (tmp_path / "w.csv").write_text('a,<b>x</b> <span style="color:red">y</span>\nb,\n')
    out = tmp_path / "cards"
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path / "w.csv"), "--out", str(out)])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert re.search(r"notes in +notes out +GUIDs kept +media +files\n +2 +1 +0 +0 +1\n", shown)
    assert "1 x colours or fonts" in shown
    assert "1 note could not become a card" in shown
    with pytest.raises(SystemExit) as ended:
        main(["import", str(tmp_path / "w.csv"), "--out", str(out)])
    assert ended.value.code == 2
    assert "is not empty" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["import", str(tmp_path / "w.csv"), "--out", str(tmp_path / "json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["notes"], told["cards"], len(told["left_out"])) == (2, 1, 1)


def test_a_deck_without_latin_letters_is_named_by_its_file(tmp_path: Path) -> None:
    """Outputs have a name that somebody can read, and a lone category one of the deck's language."""
    (tmp_path / "jp.csv").write_text("front,back,deck\n犬,Hund,日本語\n猫,Katze,日本語\n", "utf-8")
    import_deck(tmp_path / "jp.csv", tmp_path / "jp", ImportOptions(language="de"))
    settings = (tmp_path / "jp/deck.yaml").read_text("utf-8")
    assert 'title: "日本語"\nslug: jp\n' in settings
    assert '{slug: cards, name: "Karten", number: none}' in settings
    built = build(tmp_path / "jp", tmp_path / "build", formats=["apkg"]).outputs[0].path
    assert built.name == "jp.apkg"
