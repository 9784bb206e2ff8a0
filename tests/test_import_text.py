"""Text of other programs as notes: which row is a header, what Obsidian's plugin takes for a card."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from deckpress.importing.delimited_text import read_delimited
from deckpress.importing.header_row import names_columns
from deckpress.importing.mapping import guess_map
from deckpress.importing.obsidian import read_obsidian
from deckpress.importing.obsidian_settings import SETTINGS_FILE, ObsidianSettings, read_settings
from deckpress.importing.reader import read_source
from deckpress.pipeline.import_deck import ImportOptions, import_deck
from deckpress.pipeline.load import load
from deckpress.text.problem import CallError, SourceError

HEADERS = {
    "usual names": "question,answer\nWhat?,That.\n",
    "names of columns elsewhere": 'word, sentences\nab,"1. Die Fahrt kostet ab Hamburg 200 Euro."\n'
    "Abbildung,Auf der Abbildung sehen Sie es.\n",
    "a column of numbers": "Nr.,poj,hanji\n1,kôaⁿ-liû,寒流\n2,khiâ,騎\n3,chin,真\n",
    "identifiers": "term_de,term_en\nHund,dog\nKatze,cat\n",
    "another script": "Wort,Zeichen\nHaus,房子\nHund,狗\nKatze,貓\n",
    "languages": "English,Español\nthe dog,el perro\nthe cat,el gato\n",
    "sounds": "Wort,Klang\nHund,[sound:hund.mp3]\nKatze,[sound:katze.mp3]\n",
    "sentences": "Begriff,Bedeutung\n"
    + "".join(f"w{c},Das ist ein ganzer Satz über {c}.\n" for c in "abcdef"),
}
NO_HEADERS = {
    "two pairs": "dog,perro\ncat,gato\n",
    "names of languages to learn": "English,Inglés\nSpanish,Español\nFrench,Francés\n",
    "a question": "What is the number?,7\nHow many?,9\nAnd now?,3\n",
    "an acronym among Chinese words": "DVD,影碟\n電視,televisions\n電腦,computers\n",
    "numbers to learn": "eins,1\nzwei,2\ndrei,3\n",
    "the same word below": "go,went\nwent,go\n",
    "HTML": "<b>word</b>,meaning of it\n<b>a</b>,b\n<b>c</b>,d\n",
    "one row": "word,sentence\n",
    "years": "Fall of the Berlin Wall,1989\nFrench Revolution,1789\nMoon landing,1969\n",
}


@pytest.mark.parametrize("name", [*HEADERS, *NO_HEADERS])
def test_header_row(name: str) -> None:
    """A first row that names the columns is told from a pair."""
    rows = list(csv.reader((HEADERS | NO_HEADERS)[name].splitlines()))
    assert names_columns(rows) == (name in HEADERS)


def test_header_is_told_and_can_be_said(tmp_path: Path) -> None:
    """What was taken for a header is in the report; who knows better says so."""
    path = tmp_path / "w.csv"
    path.write_text("Nr.,poj,Deutsch,Anmerkung\n1,kôaⁿ,Kälte,zum Beispiel\n2,khiâ,reiten,\n")
    done = import_deck(path, tmp_path / "guessed")
    said = "the first row names the columns: Nr., poj, Deutsch, Anmerkung"
    assert done.readings == (f"{said} (--no-header makes a note of it)",)
    report = (tmp_path / "guessed" / "import-report.csv").read_text()
    assert f'w.csv:1,"{said} (--no-header' in report
    text = next((tmp_path / "guessed").glob("*/*.md")).read_text()
    assert "# kôaⁿ {#koan}\n\nKälte\n\n## Anmerkung\n\nzum Beispiel\n" in text
    assert "Field" not in text
    assert "the field Nr.: 1" in report
    assert not load(tmp_path / "guessed", locked=True).advice
    path.write_text("dog,perro\ncat,gato\n")
    assert len(read_source(path).notes) == 2
    named = read_source(path, named=True)
    assert [note.fields for note in named.notes] == [("cat", "gato")]
    assert named.note_types["Table"].fields == ("dog", "perro")
    path.write_text("question,answer\na,b\n")
    assert len(read_source(path, named=False).notes) == 2
    path.write_text("question,answer\n")
    with pytest.raises(SourceError, match="no note"):
        read_source(path)
    (tmp_path / "d.md").write_text("## A\n\nB\n")
    with pytest.raises(CallError, match="no table"):
        read_source(tmp_path / "d.md", named=True)


def test_columns_line(tmp_path: Path) -> None:
    """Anki's own line names the columns, and then no row does."""
    text = "#separator:tab\n#html:false\n#columns:Front\tBack\tExtra\nquestion\tanswer\tmore\n"
    source = read_delimited(text, tmp_path / "x.txt")
    assert [note.fields for note in source.notes] == [("question", "answer", "more")]
    assert source.note_types["Table"].fields == ("Front", "Back", "Extra")


def test_columns_become_parts() -> None:
    """Columns that count or group are no questions; known names say what a column is."""
    words = ["Haus", "Hund", "Katze", "Maus", "Baum", "Blatt", "Berg", "Tal", "See", "Fluss"]
    rows = "".join(f"noun,{n},{word},{word}-en,the {word}\n" for n, word in enumerate(words))
    source = read_delimited(f"type,rank,german,plural,english\n{rows}", Path("x.csv"))
    mapped = guess_map(source.note_types["Table"], source.notes)
    assert mapped.fields == {
        "type": "## type",
        "rank": "skip",
        "german": "question",
        "plural": "## plural",
        "english": "answer",
    }


def test_rows_with_and_without_holes(tmp_path: Path) -> None:
    """Of one table, rows with holes are cloze notes, and the others are not."""
    path = tmp_path / "x.csv"
    path.write_text('front,back\nWhat?,That.\nA note,"The {{c1::sun}} shines."\n')
    import_deck(path, tmp_path / "cards")
    text = next((tmp_path / "cards").glob("*/*.md")).read_text()
    assert "# What? {#what}\n\nThat.\n" in text
    assert ".cloze}\n\nThe {{c1::sun}} shines.\n" in text


def test_the_separator_divides_evenly() -> None:
    """Commas within the text of every line do not make it a table of commas."""
    source = read_delimited("one, a;b, c\ntwo;c, d, e\nthree, c;d\n", Path("x.csv"))
    assert next(note.fields for note in source.notes) == ("one, a", "b, c")


def cards(text: str, *given: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return deck, kind and fields of each flashcard of a note."""
    source = read_obsidian({"a.md": text}, "T", read_settings(None, given))
    return [
        (note.deck, note.note_type.removeprefix("Obsidian "), note.fields) for note in source.notes
    ]


OBSIDIAN: dict[str, Any] = {
    "decks by tags, as the plugin gives them": (
        "#flashcards/A\nQ1::A1\nQ2 :: A2\n\n#flashcards/B Q3::A3\n\n#flashcards/C\nQ4\n?\nA4\n\nQ5::A5\n",
        [
            ("T::A", "basic", ("Q1", "A1")),
            ("T::A", "basic", ("Q2", "A2")),
            ("T::B", "basic", ("Q3", "A3")),
            ("T::C", "basic", ("Q4", "A4")),
            ("T::A", "basic", ("Q5", "A5")),
        ],
    ),
    "lines end where they end": (
        "Which?\na) one\nb) two\n?\nA\nB\n- c\n- d\n",
        [("T::a", "basic", ("Which?\\\na) one\\\nb) two", "A\\\nB\n- c\n- d"))],
    ),
    "a card of one line ends one of several": (
        "Q\n?\nA\nfoo::bar\n",
        [("T::a", "basic", ("Q", "A")), ("T::a", "basic", ("foo", "bar"))],
    ),
    "holes of Anki's kind": (
        "The {{c2::sun}} is ==hot==.\n",
        [("T::a", "cloze", ("The {{c2::sun}} is {{c3::hot}}.",))],
    ),
    "the schedule in a box": (
        "Q\n?\nA\n> [!sr|card-metadata]\n> <!--SR:!2024-01-01,1,230-->\n",
        [("T::a", "basic", ("Q", "A"))],
    ),
    "a separator behind a link": (
        "[Chart](https://x.org/a#b)?;; Yes\n",
        [("T::a", "basic", ("[Chart](https://x.org/a#b)?", "Yes"))],
        "singleLineCardSeparator=;;",
    ),
    "separators of one's own": (
        "a;;b\n\nc;;;d\n\ne\n;?\nf\n\ng\n;??\nh\n",
        [
            ("T::a", "basic", ("a", "b")),
            ("T::a", "reversed", ("c", "d")),
            ("T::a", "basic", ("e", "f")),
            ("T::a", "reversed", ("g", "h")),
        ],
        "singleLineCardSeparator=;;",
        "singleLineReversedCardSeparator=;;;",
        "multilineCardSeparator=;?",
        "multilineReversedCardSeparator=;??",
    ),
    "an end marker keeps empty lines": (
        "Q\n?\n\n| a | b |\n|---|---|\n| c | d |\n\nmore\n+++\nQ2\n?\nA2\n",
        [
            ("T::a", "basic", ("Q", "| a | b |\n|---|---|\n| c | d |\n\nmore")),
            ("T::a", "basic", ("Q2", "A2")),
        ],
        "multilineCardEndMarker=+++",
    ),
    "bold and curly holes": (
        "The **heart** and {{lung;;organ}} of ==x==.\n",
        [("T::a", "cloze", ("The {{c1::heart}} and {{c2::lung::organ}} of ==x==.",))],
        "convertBoldTextToClozes=true",
        "convertCurlyBracketsToClozes=true",
        "convertHighlightsToClozes=false",
    ),
    "numbered holes": (
        "==2;;b== and ==1;;a;;first== and ==2;;c==\n",
        [("T::a", "cloze", ("{{c2::b}} and {{c1::a::first}} and {{c2::c}}",))],
    ),
    "a pattern of one's own": (
        "Brazilians speak ==Portuguese==^[language][^1]\n",
        [("T::a", "cloze", ("Brazilians speak {{c1::Portuguese::language}}",))],
        r"clozePatterns===answer==[^\\[hint\\]][\\[^123\\]]",
    ),
    "code with the signs of holes": (
        "==Equal== in code:\n```py\nif a == b and c == d: pass\n```\n",
        [
            (
                "T::a",
                "cloze",
                ("{{c1::Equal}} in code:\n```py\nif a == b and c == d: pass\n```",),
            )
        ],
    ),
    "nothing in code, formulas and addresses": (
        "`a::b` and $c::d$ and https://x.org::y and z\n\n```\nQ::A\n?\n```\n",
        [],
    ),
}


@pytest.mark.parametrize("name", OBSIDIAN)
def test_obsidian_cards(name: str) -> None:
    """Cards are found as the plugin finds them, by the settings that hold."""
    text, expected, *given = OBSIDIAN[name]
    assert cards(text, *given) == expected


TOLD = {
    "questions without an empty line above": (
        "Q1\n?\nA1\nQ2\n?\nA2\n",
        "a line '?' within a card, which began another one perhaps: line 5",
    ),
    "no question": ("\n?\nA\n", "a line '?' without a question above it"),
    "a quote": ("> Q\n> ?\n> A\n", "a question and an answer in a quote"),
    "a table": ("| a::b | c |\n|---|---|\n", "a line with '::' that was taken for no card"),
    "the rest of a card": ("Q\n?\nA\na::b\nmore\n", "lines of a card that one of one line"),
    "a comment": ("%%a::b%%\n", "a comment with 1 cards"),
    "holes that hide one another": ("==ash;;x== ==hsa;;y==\n", "which holes hide one another"),
    "headings": ("# Heart\n\nParts::four\n", "the headings above 1 cards"),
    "the schedule": ("a::b <!--SR:!2024-01-01,1,230-->\n", "1 schedules of the plugin"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_obsidian_says_and_cards_do_not(name: str) -> None:
    """What looks like a card and is none, or is more than a card can say, is told at its place."""
    text, expected = TOLD[name]
    source = read_obsidian({"a.md": text}, "T", ObsidianSettings())
    told = [remark.what for remark in source.remarks]
    told += [what for note in source.notes for what in note.lost]
    assert any(what.startswith(expected) for what in told), told


def test_settings_of_the_vault(tmp_path: Path) -> None:
    """The plugin's settings in the vault are read, from a folder within it too, and can be overruled."""
    file = tmp_path / SETTINGS_FILE
    file.parent.mkdir(parents=True)
    settings = {
        "flashcardTags": ["#cards", "#karten"],
        "singleLineCardSeparator": ";;",
        "convertBoldTextToClozes": True,
        "convertHighlightsToClozes": False,
        "noteFoldersToIgnore": ["Old"],
    }
    file.write_text(json.dumps({"settings": settings, "buryDate": "2023-09-10"}))
    for name, text in {
        "One/a.md": "#cards/x\nwhat;;that\n\nThe **sun** is ==hot==.\n",
        "One/b.md": "no tag;;so no card\n",
        "Old/c.md": "#karten\nold;;card\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    whole = read_source(tmp_path)
    assert [note.fields for note in whole.notes] == [
        ("what", "that"),
        ("The {{c1::sun}} is ==hot==.",),
    ]
    told = [(remark.place, remark.what) for remark in whole.remarks]
    assert ("One/b.md", "a note that was not read: 1 cards; it has no tag #cards #karten: name "
            "another with --tag") in told  # fmt: skip
    assert any(place == "Old/c.md" and "noteFoldersToIgnore" in what for place, what in told)
    assert any(f"is said by {SETTINGS_FILE}: ';;'" in r.what for r in whole.readings)
    assert len(read_source(tmp_path / "One").notes) == 2
    assert len(read_source(tmp_path / "One" / "a.md").notes) == 2
    with pytest.raises(SourceError, match="a note that was not read: 1 cards"):
        read_source(tmp_path, obsidian=["singleLineCardSeparator=;"], tags=["karten"])
    other = read_source(tmp_path / "One", obsidian=["noteFoldersToIgnore=x"], tags=["cards"])
    assert len(other.notes) == 2
    for wrong, message in {
        "singleLineSeparator=;;": "no setting 'singleLineSeparator' (did you mean",
        "singleLineCardSeparator": "KEY=VALUE",
        "convertBoldTextToClozes=perhaps": "true or false",
    }.items():
        with pytest.raises(CallError) as error:
            read_source(tmp_path, obsidian=[wrong])
        assert message in str(error.value)
    file.write_text("{")
    with pytest.raises(SourceError, match="settings cannot be read"):
        read_source(tmp_path)


def test_the_kind_of_markdown_is_told(tmp_path: Path) -> None:
    """Where a separator of Obsidian only stands in words, headings are the cards; either is told."""
    path = tmp_path / "d.md"
    path.write_text("## What is std::vector?\n\nAn array.\n\n## And this?\n\nA list.\n")
    source = read_source(path)
    assert [note.note_type for note in source.notes] == ["Heading", "Heading"]
    assert "read as a card for each ## heading (--from obsidian" in source.readings[0].what
    done = import_deck(path, tmp_path / "cards", ImportOptions(form="obsidian"))
    assert done.cards == 1
