"""Whether the first row of a table names its columns, or is a note like the others."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

_FRONTS = """
front question questions term word prompt expression text q frage vorderseite begriff wort pregunta
anverso palabra término recto mot terme pergunta frente palavra domanda fronte parola vraag voorkant
woord pytanie вопрос слово питання السؤال الكلمة 问题 問題 正面 单词 單詞 質問 表 単語 질문 앞면
단어
"""
_BACKS = """
back answer definition meaning translation response a solution antwort rückseite bedeutung
übersetzung respuesta reverso significado traducción réponse verso définition traduction resposta
tradução risposta retro traduzione antwoord achterkant vertaling odpowiedź ответ перевод відповідь
الجواب الإجابة المعنى الترجمة 答案 背面 翻译 翻譯 答え 裏 意味 답 뒷면 뜻
"""
FRONT, BACK = frozenset(_FRONTS.split()), frozenset(_BACKS.split())
_TAGS = """
tags tag labels schlagwörter schlagworte etiquetas étiquettes marcadores etichette etykiety tagi
теги метки мітки وسوم الوسوم 标签 標籤 タグ 태그
"""
_DECKS = """
deck category stapel kartenstapel mazo paquet baralho mazzo talia колода 牌组 牌組 デッキ 덱
"""
TAGS, DECK = frozenset(_TAGS.split()), frozenset(_DECKS.split())
GUID, NOTE_TYPE = frozenset(["guid"]), frozenset(["notetype", "note type"])
_ENGLISH_TAGS = frozenset(["tags", "tag", "labels"])
_COUNTS = """
number no nr num id index key #
rank position order
frequency freq
chapter lesson unit
level
"""
_ASIDE = """
sentence sentences
example examples
note notes remark remarks comment comments
extra
explanation
details
hint hints
type kind class
pos
topic topics subject
source sources
url link
image images picture
audio sound sounds
pronunciation ipa
reading
kana
kanji
furigana
romaji
hanzi
hanji
pinyin
zhuyin bopomofo
traditional
simplified
character characters
transliteration
plural
gender
article
cloze
options
"""
_LANGUAGES = """
english
german deutsch
spanish español
french français
italian italiano
portuguese português
dutch nederlands
polish polski
russian русский
ukrainian українська
czech čeština
turkish türkçe
greek ελληνικά
latin
chinese 中文
mandarin
cantonese
japanese 日本語
korean 한국어
vietnamese
thai
hindi
arabic العربية
hebrew
persian
swedish svenska
norwegian norsk
danish dansk
finnish suomi
hungarian magyar
romanian română
indonesian
"""
COUNTING = frozenset(_COUNTS.split())
"""Names of columns that count or group the rows, and ask nothing."""

_SAME: tuple[Iterable[str], ...] = (
    FRONT | {"words", "questions", "terms"},
    BACK | {"answers", "definitions", "meanings", "translations"},
    TAGS,
    DECK,
    GUID,
    NOTE_TYPE,
    *(line.split() for line in f"{_COUNTS}{_ASIDE}{_LANGUAGES}".splitlines()),
)
"""Names of columns, those for the same side by side."""

_FIELDS = {name: at for at, names in enumerate(_SAME) for name in names}
"""What a name of a column stands for: a number that all names for the same have."""

_KNOWN = frozenset(_FIELDS)
_KEY = re.compile(
    r"(?<=[a-z])(?:No|Nr|Num|Id|ID|Key|Slug|Index)$|_(?:no|nr|num|id|key|slug|index)$"
)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]+[A-Z][A-Za-z]+")
_NO_NAME = re.compile(
    r"[\n\t<>{}\[\]$\\]|[.?!;…。？！]$|^\W*\d|://|\w\.(?:mp3|ogg|wav|png|jpe?g|gif|svg)$"
)
_LONGEST_NAME, _MOST_WORDS = 40, 4
_SAMPLE = 200


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names the columns.

    It does when it holds a question's and an answer's usual names, a column that is called tags and
    files the rows, or a GUID; or when all its cells are short, distinct and appear nowhere below,
    and something sets it apart: names that columns of different things have elsewhere, identifiers,
    or a column whose other cells are all of another kind (numbers, sounds, another script,
    sentences). Two names for the same are a word and its translation.

    Args:
        rows: the rows of the table.

    Returns:
        Whether the first row is no note.
    """
    first = [plain_name(cell) for cell in rows[0]]
    known = set(first)
    if (known & FRONT and known & BACK) or (known & GUID and len(known) > 1):
        return True
    filled = [name for name in first if name]
    fields = {_FIELDS[name] for name in filled if name in _FIELDS}
    if len(filled) == 2 and len(fields) == 1 and known - {""} <= _KNOWN:
        return False
    below = [list(row) for row in rows[1 : 1 + _SAMPLE]]
    # A word that means tags elsewhere, such as the German for day, may be a word to learn.
    if len(known) > 1 and any(
        name == "tags" or (name in _ENGLISH_TAGS and _files(at, below))
        for at, name in enumerate(first)
    ):
        return True
    if len(filled) < 2 or not below or len(set(filled)) < len(filled):
        return False
    if any(not _may_be_name(cell) for cell in rows[0] if cell.strip()):
        return False
    columns = [[row[at].strip() for row in below if at < len(row)] for at in range(len(first))]
    for name, column in zip(first, columns, strict=True):
        words = {plain_name(cell) for cell in column}
        # A name that is a word below, or a list of words that are names of columns elsewhere.
        listed = name in _KNOWN and 3 * len(words & _KNOWN) >= len(words)
        if name and (name in words or listed):
            return False
    named = sum(name in _KNOWN for name in filled)
    if len(fields) >= 2 and 2 * named >= len(filled):
        return True
    if any(_IDENTIFIER.fullmatch(cell.strip()) for cell in rows[0]):
        return True
    return len(below) >= 2 and any(
        _sets_apart(cell.strip(), [value for value in column if value])
        for cell, column in zip(rows[0], columns, strict=True)
        if cell.strip()
    )


def _files(at: int, rows: Sequence[Sequence[str]]) -> bool:
    """Say whether a column files the rows: its words come again, or some rows have none."""
    cells = [plain_name(row[at]) if at < len(row) else "" for row in rows]
    return "" in cells or len(set(cells)) < len(cells)


def is_column_name(cell: str) -> bool:
    """Say whether a cell is a name that columns have elsewhere."""
    return plain_name(cell) in _KNOWN


def counts_rows(name: str, values: Sequence[str]) -> bool:
    """Say whether a column only counts or groups the rows.

    Args:
        name: its name.
        values: its cells.

    Returns:
        Whether its name says so, or its cells are all numbers, or a few words again and again.
    """
    filled = [value.strip() for value in values if value.strip()]
    if plain_name(name) in COUNTING or _KEY.search(name):
        return True
    if all(_kind(value) == "number" for value in filled):
        return len(filled) != 1
    most = max((len(value) for value in filled), default=0)
    return len(filled) >= 10 and len(set(filled)) * 5 <= len(filled) and most <= _LONGEST_NAME


def plain_name(cell: str) -> str:
    """Return a cell as the names of columns stand here: in lower case, without a stop behind it."""
    return " ".join(cell.split()).casefold().rstrip(".:")


def _may_be_name(cell: str) -> bool:
    text = cell.strip()
    short = len(text) <= _LONGEST_NAME and len(text.split()) <= _MOST_WORDS
    return plain_name(text) in _KNOWN or (short and not _NO_NAME.search(text))


def _sets_apart(name: str, column: Sequence[str]) -> bool:
    """Say whether the cells of a column are of one kind, and its first cell is not."""
    if len(column) < 2:
        return False
    kind, times = Counter(map(_kind, column)).most_common(1)[0]
    own = {_script(c) for c in name} | {_kind(name)}
    if kind not in ("LATIN", "") and kind not in own and 10 * times >= 9 * len(column):
        # Among Chinese words DVD is a word like any other.
        return kind in ("number", "file") or not name.isupper()
    sentences = sum(len(value.split()) > _MOST_WORDS for value in column)
    return len(column) >= 5 and sentences == len(column) and len(name.split()) <= 2


def _kind(value: str) -> str:
    """Return what a cell holds: a number, a file, a picture, or words of a script."""
    text = value.strip()
    if re.fullmatch(r"[-+#]?\d+(?:[.,:/-]\d+)*\.?%?", text):
        return "number"
    if re.match(r"\[sound:|https?://|<(?:img|audio)\b", text):
        return "file"
    if re.fullmatch(r"[\w ()-]+\.(?:mp3|ogg|wav|m4a|png|jpe?g|gif|svg|webp)", text):
        return "file"
    return next(filter(None, map(_script, text)), "")


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name
