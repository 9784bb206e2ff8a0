"""Text of other programs as notes: which row is a header, what Obsidian's plugin takes for a card."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deckpress.importing.card import compose_card, convert
from deckpress.importing.delimited_text import read_delimited
from deckpress.importing.formulas import write_formula
from deckpress.importing.header_row import names_columns
from deckpress.importing.heading_cards import BOOK_MARK, read_headings
from deckpress.importing.mapping import guess_map
from deckpress.importing.markdown_text import convert_markdown
from deckpress.importing.obsidian import read_obsidian
from deckpress.importing.obsidian_settings import SETTINGS_FILE, ObsidianSettings, read_settings
from deckpress.importing.reader import read_source
from deckpress.importing.source import SourceNote, SourceNoteType, SourceTemplate
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
    "usual names in German": "Frage;Antwort\nWas ist das?;Ein Hund\n".replace(";", ","),
    "usual names in Arabic": "السؤال,الجواب\nما هذا؟,كتاب\n",
    "languages": "English,Español\nthe dog,el perro\nthe cat,el gato\n",
    "a language in its own words": "English,Deutsch\nthe dog,der Hund\nthe cat,die Katze\n",
    "two scripts": "Kanji,Kana\n犬,いぬ\n猫,ねこ\n",
    "a picture and a word": "image,word\ndog.png,dog\ncat.png,cat\n",
    "plurals": "words,translations\nHund,dog\nKatze,cat\n",
    "a column unknown elsewhere": "Sentence,Audio,Wann\nEs regnet.,Regen,heute\nEs schneit.,Schnee,bald\n",
    "sounds": "Wort,Klang\nHund,[sound:hund.mp3]\nKatze,[sound:katze.mp3]\n",
    "tags": "Land,Hauptstadt,Tags\nItalien,Rom,EU\nChile,Santiago,Amerika\n",
    "one tag a row": "Land,Hauptstadt,Tag\nItalien,Rom,EU\nPolen,Warschau,EU\n",
    "a tag for some": "text,tag\nRome is in {{c1::Italy}},eu\nLima is in {{c1::Peru}},\n",
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
    "a word for day that means tag": "Tag,day\nNacht,night\nWoche,week\n",
    "the same, learnt from English": "day,Tag\nnight,Nacht\nweek,Woche\n",
    "the same, with a level": "Tag,day,A1\nNacht,night,A1\nWoche,week,A2\n",
    "a word for word": "word,palabra\nhouse,casa\ndog,perro\n",
    "a word for answer": "答え,answer\n猫,cat\n犬,dog\n",
    "a word for deck": "mazo,deck\ncarta,card\nrey,king\n",
    "a word for picture": "image,picture\nmaison,house\nchien,dog\n",
    "a word for picture, with its kind": "image,picture,nom\nmaison,house,nom\nchien,dog,adv\n",
    "the name of a language": "German,Deutsch\ndog,Hund\ncat,Katze\n",
    "the name of another language": "中文,Chinese\n狗,dog\n猫,cat\n",
    "a word for kind": "type,kind\nsûr,sure\nchien,dog\n",
    "a word for remarks": "Note,remark\nHund,dog\nKatze,cat\n",
    "a word for words": "Wort,words\nHund,dogs\nKatze,cats\n",
    "a word for labels": "Etiketten,tags\nHund,dog\nKatze,cat\n".replace("Etiketten", "étiquettes"),
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
    with pytest.raises(CallError, match="is not a table"):
        read_source(tmp_path / "d.md", named=True)


def test_columns_line(tmp_path: Path) -> None:
    """Anki's own line names the columns, and then no row does."""
    text = "#separator:tab\n#html:false\n#columns:Front\tBack\tExtra\nquestion\tanswer\tmore\n"
    source = read_delimited(text, tmp_path / "x.txt")
    assert [note.fields for note in source.notes] == [("question", "answer", "more")]
    assert source.note_types["Table"].fields == ("Front", "Back", "Extra")


def test_lines_that_are_no_notes(tmp_path: Path) -> None:
    """Excel's line of the separator is none, nor is a comment in an export of Anki, which is told."""
    source = read_delimited("sep=;\na, b;c\nd;e\n", tmp_path / "x.csv")
    assert [note.fields for note in source.notes] == [("a, b", "c"), ("d", "e")]
    text = '#separator:tab\n#name:x\na\tb\n#c\td\n"#e"\tf\n'
    source = read_delimited(text, tmp_path / "x.txt")
    assert [note.fields for note in source.notes] == [("a", "b"), ("#e", "f")]
    assert [remark.place for remark in source.remarks] == ["x.txt:2", "x.txt:4"]
    (tmp_path / "deck.json").write_text("{}")
    with pytest.raises(SourceError, match="CrowdAnki"):
        read_source(tmp_path / "deck.json")


def test_decimal_commas_are_no_separators() -> None:
    """A comma within every number divides no cells, unless nothing else does."""
    source = read_delimited("Pi;3,14\ne;2,72\n", Path("x.csv"))
    assert [note.fields for note in source.notes] == [("Pi", "3,14"), ("e", "2,72")]
    assert not source.readings
    source = read_delimited("1,2\n3,4\n", Path("x.csv"))
    assert [note.fields for note in source.notes] == [("1", "2"), ("3", "4")]


def test_a_book_of_ours_among_others(tmp_path: Path) -> None:
    """A book that deckpress wrote does not keep a folder from being read, and is told."""
    (tmp_path / "a.md").write_text("# Deck\n\n## One?\n\nYes.\n")
    (tmp_path / "book.md").write_text(f"# Book\n\n## Part\n\n### Two?\n\nNo.\n\n{BOOK_MARK}\n")
    read = read_source(tmp_path)
    assert [note.fields[0] for note in read.notes] == ["One?"]
    told = [(remark.place, remark.what) for remark in read.remarks]
    assert told == [
        ("book.md", "a book that deckpress wrote, which was not read (--from headings reads it)")
    ]
    assert len(read_source(tmp_path, form="headings").notes) == 2


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


def test_keys_are_no_questions() -> None:
    """A column that only names or numbers the rows is neither question nor answer."""
    text = "#columns:Key,SongSlug,LineNo,Hanzi,Pinyin\na-1,song,1,水,shuǐ\na-2,song,2,火,huǒ\n"
    source = read_delimited("#separator:comma\n" + text, Path("x.csv"))
    fields = guess_map(source.note_types["Table"], source.notes).fields
    assert (fields["Key"], fields["Hanzi"], fields["Pinyin"]) == ("skip", "question", "answer")


def test_numbers_in_front_are_no_questions() -> None:
    """Where nothing names the columns, one that counts the rows is not the front."""
    source = read_delimited("1\t私\tわたし\tI\n2\tあなた\tあなた\tyou\n", Path("x.txt"))
    fields = guess_map(source.note_types["Table"], source.notes).fields
    assert fields == {
        "Number": "skip",
        "Front": "question",
        "Back": "answer",
        "Field 4": "## Field 4",
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


SEPARATED = {
    "commas within words": ("你好,再见;hello, bye\n", ";"),
    "lists of words on both sides": ("Hund, Köter;dog, cur\nKatze, Mieze;cat, puss\n", ";"),
    "as many commas by chance, and a tab": ("one, two\tthree\nfour, five\tsix\n", "\t"),
    "one row with a comma less": ("a, b;c\nd, e;f\ng;h\n", ";"),
    "most rows with commas": ("a,b;c\nd,e\nf,g;h\ni,j;k\n", ","),
    "names between semicolons": ("Frage;Antwort\na, b;c; d\ne, f;g; h\n", ";"),
    "names between commas": ("question,answer\na; b,c\nd; e,f; g\n", ","),
    "a cell of two lines": ('"a;\nb",c\nd,e\n', ","),
    "Anki's names of columns": ("#columns:Front;Back;Extra\na, b;c;d\ne, f;g;h\n", ";"),
}


@pytest.mark.parametrize("name", SEPARATED)
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_the_separator_that_divides_all_lines(name: str, ending: str) -> None:
    """The sign that gives every line the same columns, or the columns usual names, divides."""
    text, sign = SEPARATED[name]
    source = read_delimited(text, Path(f"x.{ending}"))
    last = next(csv.reader([text.splitlines()[-1]], delimiter=sign))
    assert source.notes[-1].fields == tuple(last)


def test_doubt_about_the_separator_is_told() -> None:
    """Where two signs divide all lines evenly, the report says which was taken."""
    told = read_delimited("dog,Hund;Köter\ncat,Katze;Mieze\n", Path("x.csv")).readings
    assert [remark.what for remark in told] == [
        "the cells are taken to be separated by ',', as in: dog,Hund;Köter "
        "(a first line such as sep=, says otherwise)"
    ]
    assert not read_delimited("dog,Hund\ncat,Katze\n", Path("x.csv")).readings
    assert not read_delimited("sep=;\ndog,Hund;Köter\n", Path("x.csv")).readings


TAGGED = {
    "Anki's names of columns": "#separator:Semicolon\n#columns:Front;Back;Tags\n",
    "Anki's names of columns, in quotes": '#separator:Semicolon\n#columns:Front;"Back";"Tags"\n',
    "the separator named later": "#columns:Front;Back;Tags\n#separator:Semicolon\n",
    "no separator named": "#columns:Front;Back;Tags\n",
    "Anki's number of the column": "#separator:Semicolon\n#tags column:3\n#columns:A;B;C\n",
    "a header in Chinese": "正面;背面;标签\n",
    "a header in German": "Frage;Antwort;Schlagwörter\n",
    "a header in Spanish": "Pregunta;Respuesta;Etiquetas\n",
    "a header in French": "Question;Réponse;Étiquettes\n",
    "a header in Arabic": "السؤال;الجواب;الوسوم\n",
    "a header in Japanese": "問題;答え;タグ\n",
}


@pytest.mark.parametrize("name", TAGGED)
def test_a_column_of_tags(name: str) -> None:
    """A column called tags, in Anki's line or in a header of any known language, holds tags."""
    source = read_delimited(f"{TAGGED[name]}你好,再见;hello, bye;a b\n", Path("x.csv"))
    (note,) = source.notes
    assert (note.fields, note.tags) == (("你好,再见", "hello, bye"), ("a", "b"))


def test_columns_that_are_no_fields() -> None:
    """Deck, note type and GUID are told by Anki's line of names, too; a number goes before a name."""
    text = "#columns:GUID,Notetype,Deck,Tags,Front,Back\ng1,Basic,D::E,a,Q,A\n"
    (note,) = read_delimited(text, Path("x.csv")).notes
    assert (note.guid, note.note_type, note.deck) == ("g1", "Basic", "D::E")
    assert (note.tags, note.fields) == (("a",), ("Q", "A"))
    text = "#tags column:3\n#columns:Front,Tags,Words\nQ,A,t\n"
    (note,) = read_delimited(text, Path("x.csv")).notes
    assert (note.tags, note.fields) == (("t",), ("Q", "A"))


def test_a_word_for_tags_to_learn() -> None:
    """A pair of words that mean tags is a pair, not a header."""
    text = "Etiketten,labels\nHund,dog\nKatze,cat\n".replace("labels", "étiquettes")
    assert len(read_delimited(text, Path("x.csv")).notes) == 3


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


@pytest.mark.parametrize("pattern", [
    "[123][123]answer", "[hint]answer[hint]", "[123;;][123;;]answer[;;hint]", "answer answer", "[answer", "answer]", "(?P<x>answer", "[[123]]answer", "\\answer\\",
])  # fmt: skip
def test_patterns_that_are_none(pattern: str) -> None:
    """What says twice where the number or the hint stands is no pattern, and breaks nothing."""
    read = read_settings(None, [f"clozePatterns={pattern}", "clozePatterns===answer=="])
    source = read_obsidian({"a.md": "#flashcards\nOne ==hole==.\n"}, "T", read)
    assert [note.fields[0] for note in source.notes] == ["One {{c1::hole}}."]


@pytest.mark.parametrize("name", OBSIDIAN)
def test_obsidian_cards(name: str) -> None:
    """Cards are found as the plugin finds them, by the settings that hold."""
    text, expected, *given = OBSIDIAN[name]
    assert cards(text, *given) == expected


TOLD = {
    "questions without an empty line above": (
        "Q1\n?\nA1\nQ2\n?\nA2\n",
        "a line '?' within a card, which perhaps should begin another one: line 5",
    ),
    "no question": ("\n?\nA\n", "a line '?' without a question above it"),
    "a quote": ("> Q\n> ?\n> A\n", "a question and an answer in a quote"),
    "a table": ("| a::b | c |\n|---|---|\n", "a line with '::' that was not read as a card"),
    "the rest of a card": ("Q\n?\nA\na::b\nmore\n", "lines of a card that one of one line"),
    "a comment": ("%%a::b%%\n", "a comment with 1 card"),
    "holes that hide one another": ("==ash;;x== ==hsa;;y==\n", "which holes hide one another"),
    "headings": ("# Heart\n\nParts::four\n", "the headings above 1 card,"),
    "the schedule": ("a::b <!--SR:!2024-01-01,1,230-->\n", "1 schedule of the plugin"),
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
    assert ("One/b.md", "a note that was not read: 1 card; it has no tag #cards #karten: name "
            "another with --tag") in told  # fmt: skip
    assert any(place == "Old/c.md" and "noteFoldersToIgnore" in what for place, what in told)
    assert any(
        f"are those in {SETTINGS_FILE}:" in r.what and "';;'" in r.what for r in whole.readings
    )
    assert len(read_source(tmp_path / "One").notes) == 2
    assert len(read_source(tmp_path / "One" / "a.md").notes) == 2
    with pytest.raises(SourceError, match="a note that was not read: 1 card"):
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
    assert "read as cards that headings divide (--from obsidian" in source.readings[0].what
    done = import_deck(path, tmp_path / "cards", ImportOptions(form="obsidian"))
    assert done.cards == 1


HEADINGS = {
    "decks, tags, a front of several lines": (
        "# Deck\n\nAbout it.\n\n## Q1\n\nmore\n\n%\n\nA1\n\n[#x](y) #z\n\n# Other\n\n## Q2\nA2\n",
        [("Deck", "Heading", ("Q1\n\nmore", "A1")), ("Other", "Heading", ("Q2", "A2"))],
    ),
    "chapters": (
        "# Deck\n\n## One\n\n### Q1\n\nA1\n\n#### Pitfalls\n\n```\n#### x\n```\n\n## Two\n\n### Q2\n\nA2\n",
        [
            ("Deck::One", "Heading", ("Q1", "A1\n\n## Pitfalls\n\n```\n#### x\n```")),
            ("Deck::Two", "Heading", ("Q2", "A2")),
        ],
    ),
    "cards with headings within": (
        "## Q1\n\nA1\n\n### More\n\nx\n\n## Q2\n\n### Part\n\ny\n",
        [
            ("T", "Heading", ("Q1", "A1\n\n### More\n\nx")),
            ("T", "Heading", ("Q2", "### Part\n\ny")),
        ],
    ),
    "addresses at the end of the file": (
        "## Q1\n\nSee [it][a], ![dot][d].\n\n## Q2\n\n`[it][a]`, [no][b], [A][].\n\n"
        '[a]: https://x.org "T"\n[d]: data:image/png;base64,iVBO\n',
        [
            ("T", "Heading", ("Q1", 'See [it](<https://x.org> "T"), ![dot](d).')),
            (
                "T",
                "Heading",
                ("Q2", '`[it][a]`, [no][b], [A](<https://x.org> "T").'),
            ),
        ],
    ),
    "nothing but # headings": (
        "# Q1\n\nA1\n\n# Q2\n\nA2\n",
        [("T", "Heading", ("Q1", "A1")), ("T", "Heading", ("Q2", "A2"))],
    ),
    "headings that say which side it is": (
        "---\nid: x\ntags: [a/b, c]\n---\n# Front\nQ1\n\n# Back\nA1\n\n# Source\nBook.\n",
        [("T", "Heading", ("Q1", "A1\n\n## Source\n\nBook."))],
    ),
    "holes": (
        "## The {{c1::sun}} shines\n\nyes\n\n## Q\n\n`{{c1::no}}`\n\n## R\n\n{{c1::a::b}}\n",
        [
            ("T", "Heading with holes", ("", "The {{c1::sun}} shines", "yes")),
            ("T", "Heading", ("Q", "`{{c1::no}}`")),
            ("T", "Heading with holes", ("R", "{{c1::a::b}}", "")),
        ],
    ),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_heading_cards(name: str) -> None:
    """Headings divide cards; what belongs to none is told at its place."""
    text, expected = HEADINGS[name]
    source = read_headings({"a.md": text}, "T")
    assert [(n.deck, n.note_type, n.fields) for n in source.notes] == expected
    told = [(remark.place, remark.what) for remark in source.remarks]
    if name.startswith("decks"):
        assert told == [("a.md:1", "text that belongs to no card")]
        assert source.notes[0].tags == ("x", "z")
    elif "side" in name:
        assert source.notes[0].tags == ("a::b", "c")
    else:
        assert told == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("deck.json", "CrowdAnki"),
        ("sheet.html", "web pages and PDFs, such as a deck's sheet, are not read"),
        ("sheet.PDF", "import the deck's package (.apkg), or a table (.csv)"),
        ("cards/deck.yaml", "YAML is not read"),
        ("cards", "it needs no import"),
        ("cards/one.md", "it needs no import"),
    ],
)
def test_what_is_no_deck_to_import(tmp_path: Path, name: str, words: str) -> None:
    """Pages, workbooks and folders of cards are told from tables and notes, with what to do."""
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards/deck.yaml").write_text("title: T\nslug: t\ncategories: []\n")
    (tmp_path / "cards/one.md").write_text("# A? {#a}\n\nYes.\n\n# B? {#b}\n\nNo.\n")
    if not (tmp_path / name).exists():
        (tmp_path / name).write_text("a, b\nc, d\n")
    with pytest.raises(SourceError, match=re.escape(words)):
        read_source(tmp_path / name)
    assert len(read_source(tmp_path / "cards", form="headings").notes) == 2


@pytest.mark.parametrize("name", ["words.xls", "words.xlsx", "words.ods", "words.txt", "words.csv"])
def test_a_table_is_known_by_what_it_holds(tmp_path: Path, name: str) -> None:
    """Programs call a table .xls, so that a spreadsheet opens it; what is another thing is told."""
    path = tmp_path / name
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes("Wort\tword\nGrüße\tgreetings\n猫\tcat\n".encode(encoding))
        assert [note.fields[1] for note in read_source(path).notes] == ["word", "greetings", "cat"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    workbooks = [path.read_bytes(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
    pages = [b"%PDF-1.7\n%\xe2\xe3", b"\xef\xbb\xbf\n<!DOCTYPE html>\n<table><tr><td>a</table>"]
    pages.append("<html><body>".encode("utf-16"))
    if ".xls" in name or ".ods" in name:
        workbooks += [
            *pages[1:],
            b'<?xml version="1.0"?>\n<Workbook/>',
            b"<table><tr><td>a\tb</table>",
        ]
        pages = pages[:1]
    for words, texts in (("save its sheet as CSV", workbooks), ("web pages and PDFs", pages)):
        for data in texts:
            path.write_bytes(data)
            with pytest.raises(SourceError, match=words):
                read_source(path)


def test_lines_of_old_macs_end(tmp_path: Path) -> None:
    """A carriage return alone ends a line, and in a cell within quotes breaks one."""
    path = tmp_path / "w.csv"
    path.write_bytes(b'question,answer\rWhat?,"one\rtwo"\r\rWho?,He\r')
    assert [note.fields for note in read_source(path).notes] == [
        ("What?", "one\ntwo"),
        ("Who?", "He"),
    ]
    path.write_bytes(b"#separator:tab\r#html:false\rdog\tHund\r")
    assert [note.fields for note in read_source(path).notes] == [("dog", "Hund")]
    path.write_bytes(b"sep=;\rdog;Hund\rcat;Katze")
    assert len(read_source(path).notes) == 2
    (tmp_path / "d.md").write_bytes(b"## A\r\rB\r\r## C\r\rD\r")
    assert len(read_source(tmp_path / "d.md").notes) == 2


FOREIGN = "## A\n\nYes.\n\n## B\n\nNo.\n"


@pytest.mark.parametrize(
    ("name", "text", "deck"),
    [
        ("foreign.md", FOREIGN, "ours"),
        ("sub/foreign.md", FOREIGN, "ours"),
        ("one/_draft.md", FOREIGN, "ours"),
        ("foreign.md", "---\ncategory: other\n---\n" + FOREIGN, "ours"),
        ("one.md", "# A? {#a}\n\nYes.\n\n# B? {#b}\n\nNo.\n", "another's"),
        ("one/two.md", FOREIGN, "another's"),
        ("", FOREIGN, "another's"),
    ],
)
def test_notes_beside_a_deck_file(tmp_path: Path, name: str, text: str, deck: str) -> None:
    """What is no file of a deck of ours is imported, even if it lies in its folder."""
    _write_deck(tmp_path, deck)
    path = tmp_path / (name or "foreign.md")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert len(read_source(tmp_path / name).notes) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one/a.md", "# A?\n\nYes.\n"),
        ("one/deep/a.md", "# A?\n\nYes.\n"),
        ("a.md", "# A? {#a}\n\nYes.\n"),
        ("sub/a.md", "# A? {.cloze #a tags=x}\n\nYes.\n"),
        ("a.md", "---\r\ncategory: one\r\n---\r\n# A?\r\n\r\nYes.\r\n"),
        ("one", ""),
        ("", ""),
    ],
)
def test_a_file_of_a_deck_needs_no_import(tmp_path: Path, name: str, text: str) -> None:
    """Whatever a deck of ours reads is told from notes of others."""
    _write_deck(tmp_path, "ours")
    (tmp_path / "one").mkdir()
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if text:
        path.write_text(text)
    with pytest.raises(SourceError, match="it needs no import"):
        read_source(path)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(SourceError, match="it needs no import"):
        read_source(tmp_path / "elsewhere/.." / name)
    foreign = tmp_path / "one/../../foreign.md"
    foreign.write_text(FOREIGN)
    assert len(read_source(foreign).notes) == 2


def test_a_deck_whose_file_has_a_mistake_needs_no_import(tmp_path: Path) -> None:
    """A `deck.yaml` that cannot be read may be ours; what lies beside it is judged by its ids."""
    _write_deck(tmp_path, "ours, broken")
    (tmp_path / "a.md").write_text("# A? {#a}\n\nYes.\n")
    for path in (tmp_path, tmp_path / "a.md"):
        with pytest.raises(SourceError, match="it needs no import"):
            read_source(path)
    (tmp_path / "a.md").write_text(FOREIGN)
    assert len(read_source(tmp_path / "a.md").notes) == 2


def _write_deck(folder: Path, whose: str) -> None:
    text = "title: T\nslug: t\ncategories:\n  - {slug: one, name: One}\n"
    text = {"ours": text, "ours, broken": f"{text}x: [\n"}.get(whose, "name: Other\ncards: 52\n")
    (folder / "deck.yaml").write_text(text)


def test_what_is_typed_or_called_up_is_not_on_the_front() -> None:
    """A field to type in is the answer; what the front shows on demand is a hint."""
    front = "{{Word}}<br>{{type:Meaning}}{{hint:Trick}}{{tts ja_JP:Word}}"
    template = SourceTemplate("Card 1", front, "{{FrontSide}}<hr>{{furigana:Reading}}")
    note_type = SourceNoteType("T", ("Word", "Reading", "Meaning", "Trick"), (template,))
    assert guess_map(note_type, [SourceNote("", "T", ("a", "b", "c", "d"))]).fields == {
        "Word": "question",
        "Reading": "## Reading",
        "Meaning": "answer",
        "Trick": "## Hint",
    }
    typed = SourceTemplate("Card 1", "{{Front}}\n\n{{type:Back}}", "{{Front}}{{type:Back}}")
    note_type = SourceNoteType("Typed", ("Front", "Back"), (typed,))
    assert guess_map(note_type).fields == {"Front": "question", "Back": "answer"}


def test_readings_above_words() -> None:
    """Where a template shows readings above words, the card has them there."""
    template = SourceTemplate("Card 1", "{{Word}}", "{{furigana:Reading}}{{Sound}}")
    note_type = SourceNoteType("T", ("Word", "Reading", "Sound"), (template,))
    note = SourceNote("", "T", ("日本", " 日本[にほん]は 本[ほん][sound:a.mp3]", "x[y]"))
    card = compose_card(note, note_type, guess_map(note_type), "html")
    assert (
        card.answer == "<ruby>日本<rt>にほん</rt></ruby>は<ruby>本<rt>ほん</rt></ruby>[sound:a.mp3]"
    )
    assert card.sections == (("Sound", "x[y]"),)
    assert card.lost == ()


HTML = {
    "marks that cards have": (
        "<u>a</u> <ins>b</ins> <small>c</small> <span style='text-decoration: underline'>d</span> "
        "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
        "<u>a</u> <u>b</u> <small>c</small> <u>d</u> <ruby>漢<rt>かん</rt></ruby>",
    ),
    "bold beside a tag and a letter": (
        "<b><ruby>私<rt>わたし</rt></ruby></b>は x<i><sub>2</sub></i>y <b>z<sup>3</sup></b>",
        "<b><ruby>私<rt>わたし</rt></ruby></b>は x<i><sub>2</sub></i>y **z<sup>3</sup>**",
    ),
    "sounds are no words": ("<b>a</b> [sound:x.mp3]", "**a** [sound:x.mp3]"),
    "empty lines of code": ("<pre>a\n\n\n\nb</pre>", "```\na\n\n\n\nb\n```"),
    "blanks in code among words": (
        "<code>a  b</code> x  y <samp>c   d</samp> <tt>e*  f</tt> <code>g\n   h</code>",
        "`a  b` x y `c   d` `e*  f` `g h`",
    ),
    "blanks at the edges of code": (
        "<code> a</code> <code>b </code> <code> c </code> <code> </code>",
        "` a` `b ` `  c  ` ` `",
    ),
    "blanks in code of several lines": (
        "<code>a<br>\n  <b>b</b>  c</code>",
        "```\na\nb  c\n```",
    ),
    "lines of code without a block": ("<code>a<br>&nbsp;b</code>", "```\na\n b\n```"),
    "a break before code": ("a<br><pre>b</pre>", "a\n\n```\nb\n```"),
    "a break at the end": ("a<br>\n<div>b<br></div>", "a\n\nb"),
    "a width": ('<img src="a.png" style="width: 200px;">', "![a](a.png){width=200}"),
    "a list in a table": (
        "<table><tr><td>x</td><td><ul><li>a</li><li>b</li></ul></td></tr></table>",
        "| x | • a<br>• b |\n| --- | --- |",
    ),
    "words with formulas in LaTeX": (
        "[latex]for $x$ and\n$y^2$, 5\\% of it[/latex]",
        "for $x$ and $y^2$, 5% of it",
    ),
}


@pytest.mark.parametrize("name", HTML)
def test_html(name: str) -> None:
    """Fields in HTML become what cards have for it, and nothing is told as lost."""
    html, expected = HTML[name]
    found = convert(html, "html", cloze=False, plain=False, find=None)
    assert found.markdown == expected
    assert found.lost == []


FORMULAS = {
    r"P \mathrel{\Big|} p": r"P \mathrel{\Big|} p",
    r"\mathop{\mathrm{Hom}}_{A}": r"\operatorname*{Hom}_{A}",
    r"\hbox{-}\widetilde{X}": r"\text{-}\tilde{X}",
    r"\varprojlim_n A_n": r"\underset{\longleftarrow}{\lim}_n A_n",
    r"x\kern-0.5pt y\hspace{1cm}": r"x\kern-0.05em y\hspace{2.85em}",
    "a\\\nb": "a\\ b",
    r"\text{if $x$ is}": r"\text{if }x\text{ is}",
    r"a \in{{c1::t}} {{c2::x^\top}}W": r"a \in {{c1::t}} {{c2::x^\top }}W",
    r"{{c3::\beta::a letter}}b": r"{{c3::\beta ::a letter}}b",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas(latex: str) -> None:
    """Formulas that Anki sets and the gate asks to be written otherwise are written so."""
    found = write_formula(latex, display=True)
    assert found.markdown == f"$$\n{FORMULAS[latex]}\n$$"
    assert not found.fault


def test_formulas_in_brackets() -> None:
    """Formulas that Markdown's backslashes were doubled for are formulas."""
    found = convert_markdown(r"a \\(x^2\\) b \(y\) c" + "\n\n" + r"\\[z\\]")
    assert found.markdown == "a $x^2$ b $y$ c\n\n$$\nz\n$$"


ADDRESSES = {
    "[a][k] `[a][k]`\n\n```\n[k]: x\n[a][k]\n```\n\n[k]: https://x.org": (
        "[a](https://x.org) `[a][k]`\n\n```\n[k]: x\n[a][k]\n```"
    ),
    "![a](x(1).png)": "![a](<x(1).png>)",
    '![a](x.png "A title")': '![a](x.png "A title")',
    "![a](<x y.png>)": "![a](<x y.png>)",
    "![a](x y.png)": "![a](<x y.png>)",
    "[a](x(1).md) b": "a b",
    "![[x.png]] [[A note|words]]": "![x](x.png) words",
    "[[a [[b]]": "[[a b",
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses_in_markdown(text: str) -> None:
    """Names of files may hold blanks and balanced brackets, and what is behind them is a title."""
    assert convert_markdown(text).markdown == ADDRESSES[text]
