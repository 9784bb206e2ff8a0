"""The words of a sheet's notes, written ahead, so that its search need not read the page."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from html import unescape
from itertools import groupby, pairwise

from deckpress.model.collection import Making, Recall, make_anew

WEIGHTS = (9, 8, 6, 4, 2, 1)
"""What a word counts by its place: id, question, short answer, facts, details, labels. They are
in `search.js` too, where a place is its number here."""

_OWN = ("data-mark",)
"""What the page itself writes into a note."""
_JOINTS = "-\u2010\u2011\u2019'\u02bc\u05be\u00ad\u200b-\u200d\u2060"
"""What may stand within a word, and may be left out."""
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
"""Marks that a reader may leave out; those of other scripts are letters of their own."""
_SAME = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "\u0131": "i", "ς": "σ", "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a",
    "\u0629": "\u0647", "\u06a9": "\u0643",
    **{chr(zero + n): str(n) for zero in (0x660, 0x6F0, 0x966, 0xE50) for n in range(10)},
})  # fmt: skip
"""What one may write instead of a letter."""
_TAG = re.compile(
    r"<(?:!--.*?-->|(?P<silent>(?i:script|style|template|noscript))\b.*?</(?i:(?P=silent))|"
    r"(?P<ends>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>)",
    re.DOTALL,
)
"""A tag, or what a reader never sees."""
_NAMED = re.compile(r"\bid\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_FORMULA = re.compile("\ue013(?:e(?=_))?([^\ue014]+)\ue014")
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup",
    "time", "u", "var", "wbr",
}  # fmt: skip
"""What may begin and end within a word."""
_DRAWN = ("svg", "math")
"""Only within these does a slash at its end close a tag."""
_QUESTION, _LABELS, _NOWHERE = 1, 5, len(WEIGHTS)
_PLACES = {"ask": _QUESTION, "short": 2, "front": 2, "context": 3, "rest": 4}
"""By an element's class, the place of its words among `WEIGHTS`."""

# A number is written in signs from "=" to "~", none of which begins a tag or ends a line: one of 40
# for its last digit, and before it any of 26 others.
_FIRST, _LAST_DIGITS, _OTHER_DIGITS = ord("="), 40, 26
_LONGEST = 60
"""How many letters at most a word shares with the one before it."""


def write_index(
    page: str, ids: Collection[str], formulas: Mapping[str, str], recall: Recall = make_anew
) -> str:
    """Write the words of a page's notes, as the page's script reads them.

    Args:
        page: the HTML of a sheet; its formulas may be open or drawn.
        ids: those of the notes.
        formulas: the LaTeX of open formulas by the names of their drawings.
        recall: knows the words of notes that earlier runs have read.

    Returns:
        The ids of the notes in a line, in the order in which they were found: a browser may find
        others in what a deck's own template writes. Then a line for each word, sorted: how many
        letters it shares with the word before, its other letters, a blank, and the notes that it is
        in, each with the place that counts most there. No sign of it means anything in HTML.
    """
    found: dict[str, list[str]] = defaultdict(list)
    last: dict[str, int] = {}
    starts = list(_starts(page, frozenset(ids)))
    bounds = pairwise([*(start for start, _ in starts), len(page)])
    notes = [page[start:end] for start, end in bounds]
    read = recall(_READING, notes)
    for number, note in enumerate(notes):
        places, names = read[note]
        labels = {word: _LABELS for name in names for word in _words(formulas.get(name, ""))}
        for word, place in {**labels, **places}.items():
            step = number - last.get(word, -1) - 1
            found[word].append(_write_number(step * len(WEIGHTS) + place))
            last[word] = number
    lines, before = [" ".join(name for _, name in starts)], ""
    for word in sorted(found):
        shared = _shared(before, word)
        lines.append(f"{chr(_FIRST + shared)}{word[shared:]} {''.join(found[word])}")
        before = word
    return "\n".join(lines)


def _starts(page: str, ids: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where each note begins, and its id; twice where a page shows it twice."""
    for tag in _TAG.finditer(page):
        if tag["name"] and not tag["ends"] and _NAMED.search(tag["rest"]):
            name = unescape(_attributes(tag["rest"]).get("id", ""))
            if name in ids:
                yield tag.start(), name


@lru_cache(maxsize=2048)
def _read_note(page: str) -> _Words:
    """Read the note that a piece of a page begins with, which other pages may hold, too.

    Args:
        page: HTML, from the tag that opens the note on.

    Returns:
        The place of each word that counts most, and the names of the open formulas.
    """
    tags = _TAG.finditer(page)
    first = next(tags)
    name, rest, at = first["name"].lower(), first["rest"], first.end()
    known = _attributes(rest)
    facts = [f"{known[k]} " for k in known if k.startswith("data-") and k not in _OWN]
    texts: list[list[str]] = [[known["id"]], [], [], facts, [], [], []]
    # A word with readings above it is found as it is written, and as it is read.
    spoken: list[list[str]] = [[] for _ in texts]
    streams = (texts, spoken) if "<rt" in page else (texts,)
    opened, formulas = [(name, _NOWHERE)], []
    for tag in tags:
        name, rest = (tag["name"] or "").lower(), tag["rest"]
        place, between = opened[-1][1], page[at : tag.start()]
        if "\ue013" in between:
            formulas += _FORMULA.findall(between)
            between = _FORMULA.sub(" ", between)
        for stream in _read_by(opened, streams) if streams[1:] else streams:
            stream[place].append(between)
        if name and name not in _INLINE:
            for stream in streams:
                stream[place].append(" ")
        at = tag.end()
        if tag["ends"]:
            if any(name == other for other, _ in opened):
                while opened.pop()[0] != name:
                    pass
                if not opened:
                    break
                # The words of two places are never one.
                for stream in streams:
                    stream[place].append("" if opened[-1][1] == place else " ")
        elif name:
            own, label = _look_at(name, rest)
            texts[_LABELS].append(label)
            drawn = rest.endswith("/") and any(other in _DRAWN for other, _ in opened)
            if name not in _VOID and not drawn:
                opened.append((name, min(own, place)))
    places: dict[str, int] = {}
    for place in range(_NOWHERE):
        for stream in streams:
            for word in _words(unescape("".join(stream[place]))):
                places.setdefault(word, place)
    return places, tuple(dict.fromkeys(formulas))


def _read_by(
    opened: Iterable[tuple[str, int]], streams: tuple[list[list[str]], ...]
) -> tuple[list[list[str]], ...]:
    """Return the texts that words belong to: what is written, what is said for it, or both."""
    names = {name for name, _ in opened}
    return streams[1:] if "rt" in names else streams[:1] if "ruby" in names else streams


_Words = tuple[Mapping[str, int], tuple[str, ...]]
_READING: Making[str, _Words] = Making(
    "words of a note", lambda notes: [*map(_read_note, notes)], _Words
)


@lru_cache(maxsize=4096)
def _look_at(name: str, rest: str) -> tuple[int, str]:
    """Return what place a tag opens, and the label that it has."""
    known = _attributes(rest)
    places = [_PLACES.get(name, _NOWHERE) for name in known.get("class", "").split()]
    label = known.get("data-tex") or (known.get("alt", "") if name == "img" else "")
    return min([_QUESTION if name == "h3" else _NOWHERE, *places]), label and f" {label} "


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag as they are written, still escaped; of each name the first."""
    found = reversed(_ATTRIBUTE.findall(text))
    return {name.lower(): double or single or bare for name, double, single, bare in found}


@cache
def _class(*categories: str) -> str:
    """Return all rarer characters of some categories, as part of a class of a pattern."""
    codes = (*range(0x80, 0x20000), *range(0xE0100, 0xE0200))
    found = [code for code in codes if unicodedata.category(chr(code)).startswith(categories)]
    runs = [list(run) for _, run in groupby(enumerate(found), key=lambda mark: mark[1] - mark[0])]
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of a word, which may be a symbol."""
    # To Python, "_" belongs to words: it is taken away before.
    sign = rf"[\w{_class('M')}]"
    named = rf"(?:(?:\+\+|#)(?!{sign}))?"
    return re.compile(rf"{sign}+(?:[{_JOINTS}]+{sign}+)*{named}|[{_class('Sm', 'So')}]")


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are searched: without case and accents, and in parts."""
    for found in dict.fromkeys(_word().findall(text.replace("_", " "))):
        yield from _parts(found)


@lru_cache(maxsize=65536)
def _parts(found: str) -> tuple[str, ...]:
    plain = found.lower()
    if not found.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", found)).lower()
        plain = plain.translate(_SAME).replace("_", " ")
    parts: list[str] = []
    for word in _word().findall(plain):
        pieces = [piece for piece in re.split(f"[{_JOINTS}]", word) if piece]
        for piece in pieces:
            bare = re.sub(r"(?:\+\+|#)$", "", piece)
            parts += [piece] if bare == piece else [bare, piece]
        if pieces[1:]:
            parts.append("".join(pieces))
    return tuple(parts)


def _shared(one: str, other: str) -> int:
    """Return how many letters two words begin with together, at most `_LONGEST`."""
    count = 0
    for a, b in zip(one[:_LONGEST], other, strict=False):
        # The script counts in UTF-16, where a rarer character is two.
        if a != b or ord(a) > 0xFFFF:
            break
        count += 1
    return count


@cache
def _write_number(number: int) -> str:
    """Write a number so that it can be told where it ends."""
    rest, last = divmod(number, _LAST_DIGITS)
    signs = chr(_FIRST + last)
    while rest:
        rest, digit = divmod(rest - 1, _OTHER_DIGITS)
        signs = chr(_FIRST + _LAST_DIGITS + digit) + signs
    return signs
