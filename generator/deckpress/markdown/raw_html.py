"""The few HTML tags that a card may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from deckpress.text.problem import Problem, location_in

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w+);")
ALLOWED = ("sub", "sup", "kbd", "mark", "details", "summary", "br")
_PIECE = re.compile(r"<!--.*?-->|<(?P<slash>/?)(?P<tag>[A-Za-z][\w-]*)[^<>]*>|<[^<]*>?|[^<]+", re.S)


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """A tag or a run of words; `problem` says why a tag is refused, at its place in the HTML."""

    text: str
    tag: str = ""
    closes: bool = False
    problem: Problem | None = None


def read_html(content: str) -> Iterator[HtmlPiece]:
    """Read raw HTML of a Markdown text, which Anki would take as it is, scripts and all.

    Args:
        content: the HTML as Markdown delimits it: a tag, or lines that begin with one.

    Yields:
        Tags and words in order; comments are left out.
    """
    for match in _PIECE.finditer(content):
        text, tag = match[0], (match["tag"] or "").lower()
        where = location_in(content, match.start())
        if text.startswith("<!--") and text.endswith("-->"):
            continue
        if text.startswith("<!--"):
            fault = Problem(
                where, "this comment never ends", "close it with -->", rule="unclosed-comment"
            )
            yield HtmlPiece(text, problem=fault)
            return
        if not text.startswith("<"):
            yield HtmlPiece(_ENTITY.sub(lambda entity: unescape(entity[0]), text))
            continue
        plain = re.fullmatch(r"</?[A-Za-z]+\s*/?>", text)
        if tag not in ALLOWED:
            shown = text.split("\n")[0][:40]
            hint = f"allowed are {' '.join(f'<{known}>' for known in ALLOWED)}"
            fault = Problem(where, f"HTML is not read here: {shown}", hint, rule="unread-html")
            yield HtmlPiece(text, problem=fault)
        else:
            odd = (
                None
                if plain
                else Problem(where, f"<{tag}> takes no attributes here", rule="html-attributes")
            )
            yield HtmlPiece(text, tag, bool(match["slash"]), odd)
