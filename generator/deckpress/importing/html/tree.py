"""A tree of HTML: its blocks, its words, and the stand-ins among these."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

# Stand-ins while HTML becomes Markdown; FORBIDDEN characters are taken out of the source first.
FORMULA, END = "\ue100", "\ue101"
OPEN, INNER, CLOSE = "\ue110", "\ue111", "\ue112"
EDGE = re.compile(rf"{OPEN}[\d:]+{INNER}|{CLOSE}")
"""Where a hole begins or ends among words."""

_COMMENT_END = re.compile(r"--!?\s*>")
_OPEN_COMMENT = re.compile(r"<!--[^>]*")
_MANY = 100


def read_html(html: str) -> BeautifulSoup:
    """Read HTML into a tree; a tag or a comment that never ends is text."""
    return BeautifulSoup(_without_open_ends(html), "html.parser")


def _without_open_ends(html: str) -> str:
    """Write `<` as a sign where very many tags or comments never end.

    Python looks for the end of each of them anew, down to the end of the text.
    """
    end = html.rfind(">") + 1
    closed = max((match.end() for match in _COMMENT_END.finditer(html)), default=0)
    comments, tags = html[closed:end], html[end:]
    if comments.count("<!--") > _MANY:
        comments = _OPEN_COMMENT.sub(lambda match: _as_text(match[0]), comments)
    return html[:closed] + comments + (_as_text(tags) if tags.count("<") > _MANY else tags)


def _as_text(markup: str) -> str:
    return markup.replace("<", "&lt;")


BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "x-paragraph",
    ]
)
"""Elements that stand on lines of their own."""


def classes(tag: Tag | None) -> list[str]:
    """Return the classes of an element, none of no element."""
    return (
        list(tag.get_attribute_list("class")) if tag is not None and tag.has_attr("class") else []
    )


def texts(node: Tag) -> list[NavigableString]:
    """Return the words within an element, without comments."""
    return [t for t in node.find_all(string=True) if not isinstance(t, Comment)]
