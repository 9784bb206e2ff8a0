"""What HTML shows as code: where it stands, its lines, its language, its holes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from deckpress.importing.formulas import code_span
from deckpress.importing.html.tree import CLOSE, EDGE, INNER, OPEN, classes, read_html
from deckpress.text.closed import find_closed
from deckpress.tree.code import highlight_code, is_language

_CODE = re.compile(r"<(pre|code)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_CODE_BEGINS = re.compile(r"<(?:pre|code)\b", re.IGNORECASE)
_LANGUAGES = re.compile(r"(?:language|lang|brush|highlight-source)[-:]\s*([\w+#-]+)")

_ONE_LINE = frozenset(
    ["_inline", "table", "li", "a", "b", "strong", "i", "em", "u", "p", "sup", "sub"]
)
"""Within what code cannot be a block of its own."""

WITHIN = frozenset(["code", "samp", "tt"])
"""What becomes code among words."""


def find_code(html: str) -> Iterator[re.Match[str]]:
    """Find the elements of HTML that hold code, from tag to tag."""
    return find_closed(_CODE, _CODE_BEGINS, html)


def divide_code(soup: BeautifulSoup) -> None:
    """Let the holes of code among words lie around the code, for code hides nothing."""
    for code in soup.find_all("code"):
        if code.find_parent("pre") or OPEN not in code.get_text():
            continue
        text = code.get_text()
        pieces = re.split(rf"({OPEN}[\d:]+{INNER}|{CLOSE})", text)
        nodes: list[Any] = []
        for piece in pieces:
            if not piece:
                continue
            if piece[0] in (OPEN, CLOSE):
                nodes.append(NavigableString(piece))
            else:
                part = soup.new_tag("code")
                part.string = piece
                nodes.append(part)
        code.replace_with(*nodes)


def read_lines(text: str, *, begins: bool) -> str:
    """Return words in code with every blank, for each counts, but not how the source breaks lines.

    Args:
        text: the words as they stand in the HTML.
        begins: whether a line begins before them anyway.

    Returns:
        The words.
    """
    code = re.sub(r"[ \t]*[\r\n]\s*", "\n", text)
    return code.removeprefix("\n") if begins else code


def write_code(el: Tag, text: str, parent_tags: Set[str]) -> str:
    """Write code among words; what breaks lines and stands alone is a block.

    Args:
        el: the element.
        text: what stands in it, as Markdown.
        parent_tags: the names of the elements around it, and what markdownify says of them.

    Returns:
        Markdown.
    """
    if "_noformat" in parent_tags or (not text.strip() and set(text) != {" "}):
        return text
    if "\n" in text.strip("\n") and el.find("br") and not parent_tags & _ONE_LINE:
        return write_block(el, text, parent_tags)
    inner = text.replace("\n", " ")
    written = code_span(inner)
    return written.replace("|", "\\|") if "table" in parent_tags else written


def write_block(el: Tag, text: str, parent_tags: Set[str]) -> str:
    """Write a block of code with its language, the lines it stresses and its holes.

    Args:
        el: the element.
        text: what stands in it, as it is.
        parent_tags: the names of the elements around it.

    Returns:
        Markdown: a fence, or in a table, code among words.
    """
    text = text.strip("\n").replace("\xa0", " ")
    if not text.strip():
        return ""
    if parent_tags & {"td", "th"}:
        return "<br>".join(map(code_span, text.split("\n"))).replace("|", "\\|")
    language = _language(el) or _language_by_colours(el)
    stressed = _stressed_lines(el)
    holes = OPEN in text
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    language = language or ("text" if holes or stressed else "")
    lines = f'hl_lines="{stressed}"' if stressed else ""
    words = " ".join(filter(None, [language, lines, "cloze" * holes]))
    return f"\n\n{fence}{words}\n{text}\n{fence}\n\n"


def _language(el: Tag) -> str:
    code = el.find("code")
    for tag in (el, code if isinstance(code, Tag) else None, el.parent):
        words = " ".join(classes(tag))
        for word in [*_LANGUAGES.findall(words), *re.findall(r"hljs ([\w+#-]+)", words)]:
            if is_language(str(word).lower()):
                return str(word).lower()
    return ""


_USUAL_LANGUAGES = (
    "python", "pycon", "sql", "bash", "console", "json", "yaml", "toml", "javascript",
    "typescript", "java", "c", "cpp", "csharp", "go", "rust", "kotlin", "swift", "ruby", "php",
    "r", "scala", "html", "css", "xml", "tex", "docker", "make", "ini", "diff", "haskell",
    "julia", "matlab", "lua", "perl",
)  # fmt: skip


def _language_by_colours(el: Tag) -> str:
    """Find the language whose colours, as Pygments gives them, are those of the code."""
    code = EDGE.sub("", el.get_text()).strip("\n")
    wanted = _colours(el) if len(code) <= 20_000 else []
    if not wanted:
        return ""
    for language in _USUAL_LANGUAGES:
        if _colours(read_html(highlight_code(code, language))) == wanted:
            return language
    return ""


def _colours(el: Tag) -> list[tuple[str, str]]:
    """Return the letters of code that have a colour, with its short name.

    Blanks are left out: outside `<pre>`, the reader of HTML makes one of many. The edge of a hole
    divides a word, but not its letters.
    """
    spans = ((_kind(span), EDGE.sub("", span.get_text())) for span in el.find_all("span"))
    return [(kind, letter) for kind, text in spans if kind for letter in "".join(text.split())]


def _kind(span: Tag) -> str:
    kinds = classes(span)
    return kinds[0] if len(kinds) == 1 and len(kinds[0]) <= 3 and kinds[0] != "hll" else ""


def _stressed_lines(el: Tag) -> str:
    """Return the numbers of the lines that the code stresses, from 1."""
    numbers: list[str] = []
    for line in el.find_all("span", class_="hll"):
        before = "".join(
            str(text) for text in line.find_all_previous(string=True) if el in text.parents
        )
        first = "".join(reversed(before)).count("\n") + 1
        numbers += map(str, range(first, first + max(line.get_text().count("\n"), 1)))
    return " ".join(numbers)


def outside_code(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield lines of Markdown, each with whether it belongs to a fence."""
    fence = ""
    for line in lines:
        stripped = line.lstrip(" >")
        opening = re.match(r"(`{3,})", stripped)
        if fence:
            yield line, True
            if stripped.rstrip() == fence:
                fence = ""
        else:
            fence = opening[1] if opening else ""
            yield line, bool(opening)
