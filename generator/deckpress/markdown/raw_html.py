"""The HTML that a card may hold: tags that mean what Markdown can say, read as that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from deckpress.text.problem import Edit, Fix, Problem, location_in, replacing

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w+);")

KINDS = {
    "b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "cite": "emphasis",
    "dfn": "emphasis", "var": "emphasis", "u": "underline", "ins": "underline", "small": "small",
    "s": "strikethrough", "del": "strikethrough", "strike": "strikethrough", "sub": "sub",
    "sup": "sup", "kbd": "kbd", "mark": "mark", "code": "html_code", "tt": "html_code",
    "samp": "html_code", "a": "link", "ruby": "ruby", "rt": "ruby_text", "rp": "dropped",
    "rb": "open", "span": "open", "font": "open", "abbr": "open", "q": "open", "bdi": "open",
    "nobr": "open", "p": "html_paragraph", "div": "open", "center": "open", "section": "open",
    "details": "details", "summary": "summary", "blockquote": "block_quote", "ul": "bullet_list",
    "ol": "ordered_list", "li": "list_item", "dl": "definition_list", "dt": "term",
    "dd": "definition", "table": "html_table", "thead": "open", "tbody": "open", "tfoot": "open",
    "tr": "table_row", "td": "table_cell", "th": "table_header", "colgroup": "dropped",
    "caption": "html_paragraph", "h2": "heading", "h3": "heading", "h4": "heading",
    "h5": "heading", "h6": "heading",
}  # fmt: skip
"""Tags that enclose something, with the kind of node each means.

`open` stands for its content alone, `dropped` for nothing; `html_...` are made into nodes once
their content is known.
"""

ALONE = ("br", "hr", "img", "wbr", "col")
"""Tags that enclose nothing."""

_READ: Mapping[str, tuple[str, ...]] = {
    "img": ("src", "alt", "title", "width"), "a": ("href", "title"), "ol": ("start",),
    "td": ("align",), "th": ("align",),
}  # fmt: skip
_HINTS = {
    "pre": "code goes into a fence of three backticks",
    "h1": "a note begins with # and its question",
    "script": "cards cannot contain this",
    "style": "templates/ decide how cards look",
    "iframe": "cards cannot contain this",
    "svg": "save it as a file beside the card, and write ![alt](file.svg)",
    "video": "write ![what is seen](file)",
    "audio": "write ![what is heard](file)",
    "input": "write a task list with - [ ] or - [x]",
}
_PLAIN = "code goes into backticks; a plain < is written \\<"
_PIECE = re.compile(
    r"<!--.*?-->|<(?P<slash>/?)(?P<tag>[A-Za-z][\w-]*)(?P<rest>[^<>]*)>|<[^<]*>?|[^<]+", re.S
)
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z][\w:-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_CODE_LIKE = re.compile(r"[A-Z]\w*|\w{1,2}")


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """A tag or a run of words.

    `problems` say what of a tag is refused or passed over, at places in the HTML; a tag that is
    refused has no name.
    """

    text: str
    tag: str = ""
    closes: bool = False
    attrs: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class HtmlReader:
    """Reads the raw HTML of one text, and tells of each element that is refused once."""

    def __init__(self) -> None:
        self._refused: list[str] = []

    def read(self, content: str) -> Iterator[HtmlPiece]:
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
                    where,
                    "this comment is never closed",
                    "close it with -->",
                    rule="unclosed-comment",
                    fixes=(Fix("close it at the end of the line", (Edit("", " -->"),)),),
                )
                yield HtmlPiece(text, problems=(fault,))
                return
            if not text.startswith("<"):
                yield HtmlPiece(_ENTITY.sub(lambda entity: unescape(entity[0]), text))
                continue
            attrs = _read_attributes(match["rest"] or "")
            if (tag in KINDS or tag in ALONE) and attrs is not None:
                faults = tuple(fault.within(where) for fault in _judge(tag, attrs))
                yield HtmlPiece(text, tag, bool(match["slash"]), attrs, faults)
                continue
            if match["slash"] and tag in self._refused:
                self._refused.remove(tag)
                yield HtmlPiece("")
                continue
            if tag and not match["slash"]:
                self._refused.append(tag)
            shown = text.split("\n")[0][:40]
            hint = _HINTS.get(tag, _PLAIN)
            message = f"this HTML is not supported: {shown}"
            fixes: tuple[Fix, ...] = ()
            if hint is _PLAIN and shown == text:
                fixes = (replacing(text, f"`{text}`"), replacing(text, f"\\{text}"))
            fault = Problem(where, message, hint, rule="unread-html", fixes=fixes)
            yield HtmlPiece(text, problems=(fault,))


def _read_attributes(text: str) -> dict[str, str] | None:
    """Read what stands behind a tag's name; None when it is no attributes but words."""
    found: dict[str, str] = {}
    rest = text.strip().removesuffix("/").strip()
    at = 0
    while at < len(rest):
        match = _ATTRIBUTE.match(rest, at)
        if not match or (match[2] is None and match[1].lower() not in ("open", "hidden")):
            return None
        found[match[1].lower()] = unescape((match[2] or "").strip("\"'"))
        at = match.end()
    return found


def _judge(tag: str, attrs: Mapping[str, str]) -> Iterator[Problem]:
    where = location_in("", 0)
    for name in attrs:
        if name in _READ.get(tag, ()):
            continue
        if name in ("colspan", "rowspan") and attrs[name] != "1":
            hint = "write the table without it, with one cell per column"
            yield Problem(
                where, "a cell that spans several is not supported", hint, rule="html-attributes"
            )
        elif name.startswith("on"):
            yield Problem(
                where,
                f"{name} of <{tag}> is not supported",
                "cards run no scripts",
                rule="html-attributes",
            )
        elif name not in ("border", "cellpadding", "cellspacing", "loading", "height", "open"):
            hint = "the rest of the element is read"
            yield Problem(
                where, f"{name} of <{tag}> is not supported", hint, rule="dropped-attributes"
            )
