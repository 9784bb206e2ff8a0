"""HTML of a field as Markdown of a card, or as plain text; the only door to markdownify."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from deckpress.importing.formulas import Formula, find_formulas, read_formula
from deckpress.importing.html.code import (
    WITHIN,
    divide_code,
    find_code,
    outside_code,
    read_lines,
    write_block,
    write_code,
)
from deckpress.importing.html.tree import (
    BLOCKS,
    CLOSE,
    EDGE,
    END,
    FORMULA,
    INNER,
    OPEN,
    classes,
    read_html,
    texts,
)
from deckpress.importing.limits import MOST_FIELD, MOST_LEVELS
from deckpress.markdown.dialects.emphasis import is_wide
from deckpress.markdown.dialects.obsidian import ALERTS
from deckpress.text.characters import FORBIDDEN
from deckpress.tree.cloze import split_markers
from deckpress.tree.media import media_type

_MOST_HOLES = 2000

_MARKER = re.compile(r"\{\{c(\d{1,3})::|\}\}")
_BLANKS = re.compile(r"[ \t]{100,}")
_PARAGRAPH = re.compile(r"(?:<br\s*/?>\s*(?:&nbsp;\s*)*){2,}", re.IGNORECASE)
_SOUNDS = re.compile(r"\[sound:([^\[\]<>\n]+)\]")
_OTHER_SIGN = "x-sign"
"""An attribute, of our own, of lists that are marked by another sign than the one before."""
_TITLE = "\ue018"
"""Stands before the title of an alert until the alert is written."""
_KEPT_SPACE, _KEPT_BREAK = "\ue020", "\ue021"
_CELLS = ["td", "th"]
_DROPPED = {
    "script": "a script",
    "style": "a style sheet",
    "iframe": "a page within the card",
    "object": "an embedded object",
    "embed": "an embedded object",
    "svg": "a drawing in the text",
    "canvas": "a drawing by a script",
    "input": "a form",
    "button": "a form",
    "select": "a form",
    "textarea": "a form",
    "math": "a formula in MathML",
}
_UNMARKED = {
    "font": "colours or fonts", "big": "large print", "center": "centring",
}  # fmt: skip
_WORDS = re.compile(r"\w")
_BLOCK_SIGN = re.compile(
    r"(?m)^([ \t]*)(#{1,6}(?=\s|$)|[-+:](?=\s|$)|-(?=-)|=(?==)|>|~(?=\s)|\|(?=[ \t]*$))"
)
_BLOCK_NUMBER = re.compile(r"(?m)^([ \t]*\d{1,9})([.)](?=\s|$))")
"""What begins a block at the start of a line."""

_BRACKET = re.compile(r"\[(?=[\^@\[!])|(?<=\[)\[|^\[(?=[ xX]\]\s)|\](?=[(\[:])")
"""A bracket that could open a link, a footnote, a citation or a task; `\\[` opens a formula."""

FindImage = Callable[[str, bytes | None], tuple[str, str]]
"""Takes the name of a media file, with its bytes where the deck's media do not hold it.

Returns the name that it has from now on, and why it is not allowed in a card (empty when it is).
"""


@dataclass(slots=True)
class Converted:
    """A field as Markdown: its text, the words that a reader sees, and what was lost.

    `media` are the names of the files that it shows or plays.
    """

    markdown: str = ""
    words: str = ""
    lost: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)

    def lose(self, what: str) -> None:
        """Note down what was lost, once."""
        if what not in self.lost:
            self.lost.append(what)


def convert_html(
    html: str, *, cloze: bool = False, plain: bool = False, find_image: FindImage | None = None
) -> Converted:
    """Turn the HTML of a field into Markdown.

    Args:
        html: the field.
        cloze: whether `{{c1::...}}` hides something.
        plain: whether to leave out what only shapes words: bold, italic, links' titles.
        find_image: finds a media file; without it all can be shown, under their own names.

    Returns:
        The Markdown, and all that it does not hold of the field.
    """
    found = Converted()
    if len(html) > MOST_FIELD:
        found.lose(f"a field of {len(html):,} characters; {MOST_FIELD:,} at most are read")
        return found
    if FORBIDDEN.search(html):
        found.lose("control or private-use characters")
        html = FORBIDDEN.sub("", html)
    formulas: list[Formula] = []
    html = _shelter_formulas(html, formulas, found)
    hints: list[str] = []
    if cloze:
        html = _shelter_holes(html, hints, found)
    html = _PARAGRAPH.sub("<x-paragraph></x-paragraph>", html)
    soup = read_html(html)
    if _is_deep(soup):
        found.lose("HTML that nests too deep")
        return found
    try:
        _prepare(soup, found, plain=plain)
        if cloze:
            divide_code(soup)
            _spread_holes(soup)
        found.words = _see(soup, formulas)
        writer = _Writer(found, find_image, plain=plain)
        markdown = writer.convert_soup(soup)
    except RecursionError:
        found.lose("HTML that is nested too deeply")
        return found
    markdown = _put_formulas(markdown, formulas, found)
    if cloze:
        markdown = _put_holes(markdown, hints)
    found.markdown = _tidy(markdown)
    return found


def find_medium(
    src: str, find: FindImage | None, *, data: bytes | None = None, played: bool = False
) -> tuple[str, str]:
    """Find a file that is shown as a picture or played, if its name says that it can be.

    Args:
        src: what it is called.
        find: finds a media file.
        data: its bytes, if they stand where it is called.
        played: whether it is played.

    Returns:
        Its name, and what is wrong; a file that is no picture, or nothing to play, is not sought.
    """
    kind = found.kind if (found := media_type(src)) else ""
    if kind and played == (kind == "image"):
        return "", f"which is a {'picture' if played else kind}: {src[:80]}"
    return find(src, data) if find else (src, "")


def _is_deep(soup: BeautifulSoup) -> bool:
    level: list[Tag] = [soup]
    for _ in range(MOST_LEVELS):
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        if not level:
            return False
    return True


def html_words(html: str) -> str:
    """Return the words of HTML, on one line."""
    return " ".join(read_html(html).get_text(" ").split())


def html_text(html: str) -> str:
    """Return HTML as plain text for people: a line for each block, figures by their words.

    Args:
        html: the HTML of a field.

    Returns:
        The text. Formulas stay as they are, holes as {{c1::word}}; code keeps its indentation.
    """
    soup = read_html(html)
    for image in soup.find_all("img"):
        image.replace_with(f"[figure: {image.get('alt') or image.get('src') or ''}]")
    for code in soup.find_all("pre"):
        text = code.get_text().replace(" ", _KEPT_SPACE).replace("\n", _KEPT_BREAK)
        code.replace_with(_KEPT_BREAK + text + _KEPT_BREAK)
    for string in soup.find_all(string=True):
        string.replace_with(re.sub(r"\s+", " ", string))
    for cell in soup.find_all(_CELLS):
        if cell.find_next_sibling(_CELLS):
            cell.append(" | ")
    for item in soup.find_all("li"):
        item.insert(0, "- ")
    for block in soup.find_all([*(BLOCKS - set(_CELLS)), "br", "summary"]):
        block.insert_before(_KEPT_BREAK)
        block.insert_after(_KEPT_BREAK)
    lines = (" ".join(line.split()) for line in soup.get_text().split(_KEPT_BREAK))
    return "\n".join(line.replace(_KEPT_SPACE, " ") for line in lines if line.strip(_KEPT_SPACE))


def _shelter_formulas(html: str, formulas: list[Formula], found: Converted) -> str:
    def shelter(match: re.Match[str]) -> str:
        formula = read_formula(match) if any(match.groupdict().values()) else Formula("", "")
        if formula.fault:
            found.lose(f"a formula, kept as code: {formula.fault}")
        formulas.append(formula)
        return f"{FORMULA}{len(formulas) - 1}{END}"

    def shelter_all(part: str) -> Iterator[str]:
        # Outside code, blanks side by side are one, and what comes next looks at each of a run.
        part, start = _BLANKS.sub(" ", part), 0
        for match in find_formulas(part):
            yield part[start : match.start()]
            yield shelter(match)
            start = match.end()
        yield part[start:]

    pieces: list[str] = []
    start = 0
    for code in find_code(html):
        pieces += [*shelter_all(html[start : code.start()]), code[0]]
        start = code.end()
    return "".join((*pieces, *shelter_all(html[start:])))


def _shelter_holes(html: str, hints: list[str], found: Converted) -> str:
    """Put stand-ins for the markers of holes, paired as Anki pairs them."""
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    start = 0
    for match in _MARKER.finditer(html):
        if match[1]:
            out.append(html[start : match.start()])
            opened.append((match[1], len(out)))
            out.append("")
        elif opened:
            number, at = opened.pop()
            inner, _, hint = "".join((*out[at:], html[start : match.start()])).partition("::")
            del out[at:]
            if opened:
                found.lose(f"hole {number}, which is inside another")
                out.append(inner)
            elif "image-occlusion:" in inner + hint:
                found.lose(f"hole {number} over a part of a picture")
            else:
                words = html_words(hint) if hint else ""
                if re.search(r"[{}]|::", words):
                    found.lose(f"signs in the hint of hole {number}: {_short(words)}")
                hints.append(words)
                out.append(f"{OPEN}{number}:{len(hints) - 1}{INNER}{inner}{CLOSE}")
        else:
            continue
        start = match.end()
    rest = html[start:]
    for number, at in reversed(opened):  # never closed: words like any other
        out[at] = f"{{{{c{number}::{out[at]}"
    return "".join((*out, rest))


def _prepare(soup: BeautifulSoup, found: Converted, *, plain: bool) -> None:
    """Bring HTML to the elements that Markdown has, and note down what has none."""
    for tag in list(soup.find_all(True)):
        if tag.decomposed:
            continue
        if tag.name in _DROPPED:
            text = _short(tag.get_text(" ")) if tag.name not in ("script", "style") else ""
            found.lose(_DROPPED[tag.name] + (f": {text}" if text else ""))
            tag.decompose()
        elif tag.name in ("audio", "video"):
            sources = [tag.get("src"), *(s.get("src") for s in tag.find_all("source"))]
            names = [str(src) for src in sources if src]
            found.lose(f"a player of {names[0]}" if names else "a player")
            tag.replace_with(*(f"[sound:{unquote(name)}]" for name in names[:1]))
        else:
            _read_style(tag, found, plain=plain)


def _read_style(tag: Tag, found: Converted, *, plain: bool) -> None:
    name, style = tag.name, str(tag.get("style") or "").lower().replace(" ", "")
    if name in _UNMARKED and tag.get_text().strip():
        found.lose(_UNMARKED[name])
    if name not in ("td", "th", "table", "img", "pre", "code") and tag.get_text().strip():
        if re.search(
            r"(?:^|;)(?:color|background(?:-color)?):(?!inherit|transparent|initial)", style
        ):
            found.lose("colours or fonts")
        if re.search(r"text-align:(?:center|right)", style):
            found.lose("centring")
    if name == "span" and not plain:
        if re.search(r"text-decoration(?:-line)?:underline", style):
            tag.wrap(BeautifulSoup("", "html.parser").new_tag("u"))
        weight = re.search(r"font-weight:(\w+)", style)
        if weight and weight[1] in ("bold", "bolder", "600", "700", "800", "900"):
            tag.name = "b"
        elif "font-style:italic" in style:
            tag.name = "i"
    if name in ("td", "th") and any(str(tag.get(k) or "1") != "1" for k in ("colspan", "rowspan")):
        found.lose("merged cells of a table")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def _spread_holes(soup: BeautifulSoup) -> None:
    """Let every hole begin and end in one run of words: several of one number hide together."""
    for _ in range(_MOST_HOLES):
        if not _spread_one(soup):
            return


def _spread_one(soup: BeautifulSoup) -> bool:
    """Divide the first hole that runs over several elements, and say whether there was one."""
    opening = ""
    home: NavigableString | None = None
    inside: list[NavigableString] = []
    for text in texts(soup):
        if text.find_parent("pre"):
            continue
        for match in EDGE.finditer(text):
            if match[0] != CLOSE:
                opening, home, inside = match[0], text, []
            elif home is not None and home is not text and _needs_division(home, text):
                _divide_hole(opening, home, inside, text)
                return True
            else:
                home, inside = None, []
        if home is not None and home is not text:
            inside.append(text)
    return False


def _needs_division(home: NavigableString, end: NavigableString) -> bool:
    if home.parent is not end.parent:
        return True
    between = home.next_sibling
    while between is not None and between is not end:
        if isinstance(between, Tag) and (
            between.name in BLOCKS or between.find(list(BLOCKS)) is not None
        ):
            return True
        between = between.next_sibling
    return False


def _divide_hole(
    opening: str, home: NavigableString, inside: list[NavigableString], end: NavigableString
) -> None:
    before, _, first = str(home).rpartition(opening)
    last, _, after = str(end).partition(CLOSE)
    home.replace_with(before + (f"{opening}{first}{CLOSE}" if first.strip() else first))
    for text in inside:
        if text.strip():
            text.replace_with(f"{opening}{text}{CLOSE}")
    end.replace_with((f"{opening}{last}{CLOSE}" if last.strip() else last) + after)


def _see(soup: BeautifulSoup, formulas: list[Formula]) -> str:
    """Return the words that a reader of the HTML sees, without anything between them."""
    text = "".join(t for t in texts(soup) if not _is_mark(t.parent))
    text = re.sub(rf"{OPEN}[\d:]+{INNER}|{CLOSE}", "", text)
    text = re.sub(rf"{FORMULA}(\d+){END}", lambda m: _see_formula(formulas[int(m[1])]), text)
    return _SOUNDS.sub("", text)


def _see_formula(formula: Formula) -> str:
    """Return a formula without the marks of its holes."""
    return "".join(piece.text for piece in split_markers(formula.plain, braces=True))


def _is_mark(tag: Tag | None) -> bool:
    """Say whether the words of a tag are made by the markup of a card."""
    kinds = classes(tag)
    return "footnote-ref" in kinds or "alert-title" in kinds


class _Writer(MarkdownConverter):  # its methods are called by name; it has no types
    """Writes an HTML tree as the Markdown that cards are read from."""

    class Options:
        heading_style = "atx"
        bullets = "-"
        newline_style = "backslash"
        strip_pre = None
        table_infer_header = True

    def __init__(self, found: Converted, find_image: FindImage | None, *, plain: bool) -> None:
        super().__init__()
        self._found, self._find, self._plain = found, find_image, plain
        self._begins = True
        self._usual: Any = super()

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        """Write words, and note whether they begin a line."""
        before = el.previous_sibling
        ends = isinstance(before, Tag) and (before.name in BLOCKS or before.name == "br")
        self._begins = before is None or ends
        if parent_tags and parent_tags & WITHIN and "pre" not in parent_tags:
            return read_lines(str(el), begins=ends)
        written: str = self._usual.process_text(el, parent_tags)
        return written

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Make words of what Markdown would read as more, sounds as they are."""
        pieces: list[str] = []
        start = 0
        for sound in _SOUNDS.finditer(text):
            pieces += [self._escape(text[start : sound.start()]), self._play(unescape(sound[1]))]
            start = sound.end()
        written = "".join((*pieces, self._escape(text[start:])))
        return written.replace("|", "\\|") if "table" in parent_tags else written

    def _play(self, src: str) -> str:
        name, fault = find_medium(src, self._find, played=True)
        if fault:
            self._found.lose(f"a sound, {fault}")
            return self._escape(f"[{src}]")
        self._found.media.append(name)
        return f"[sound:{name}]"

    def _escape(self, text: str) -> str:
        text = re.sub(r"([\\`*$]|<(?=[A-Za-z/!?]))", r"\\\1", text)
        text = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)
        text = re.sub(r"~(?=~)|(?<=~)~|=(?==)|(?<==)=|%(?=%)", lambda m: "\\" + m[0], text)
        text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
        text = re.sub(r"\{(?=\{)|(?<=\{)\{|\}(?=\})|(?<=\})\}", lambda m: "\\" + m[0], text)
        text = _BRACKET.sub(lambda m: f"&#{ord(m[0])};", text)
        text = re.sub(r"\{(?=[#.:]|\w+=)", "&#123;", text)
        text = re.sub(r"(?<!:)::+(?!:)", lambda m: "\\:" * len(m[0]), text)
        if self._begins:
            text = _BLOCK_SIGN.sub(r"\1\\\2", text)
            return _BLOCK_NUMBER.sub(r"\1\\\2", text)
        head, line_break, rest = text.partition("\n")
        rest = _BLOCK_NUMBER.sub(r"\1\\\2", _BLOCK_SIGN.sub(r"\1\\\2", rest))
        return head + line_break + rest

    def _inline(self, el: Tag, text: str, mark: str) -> str:
        """Wrap words, paragraph by paragraph, where Markdown sees the marks as such."""
        if self._plain or not text.strip():
            return text
        parts = re.split(r"(\n\n+|\\\n)", text)
        return "".join(
            part if index % 2 or not part.strip() else self._wrap(el, part, mark)
            for index, part in enumerate(parts)
        )

    def _wrap(self, el: Tag, text: str, mark: str) -> str:
        inner = text.strip()
        start = text[: len(text) - len(text.lstrip())]
        end = text[len(text.rstrip()) :]
        if re.match(r"(?:!\[|- |\d+\. |#|>|\||```)", inner) or inner.startswith(FORMULA):
            return text
        before, after = _neighbour(el, -1), _neighbour(el, 1)
        tagged = (inner[0] == "<" and not start and _WORDS.match(before or " ")) or (
            inner[-1] == ">" and not end and _WORDS.match(after or " ")
        )
        if tagged:  # beside a tag and a letter a mark is none
            name = {"**": "b", "*": "i", "~~": "s"}[mark]
            return f"{start}<{name}>{inner}</{name}>{end}"
        # A mark between a letter and a sign of punctuation opens or closes nothing.
        if not start and _WORDS.match(before or " ") and not _any_wide(before, inner[0]):
            head = re.match(r"(?:\\?[^\w\s\\])+", inner)
            start, inner = (head[0], inner[head.end() :]) if head else (start, inner)
        if not end and _WORDS.match(after or " ") and not _any_wide(inner[-1:], after):
            tail = re.search(r"(?:\\?[^\w\s\\])+$", inner)
            inner, end = (inner[: tail.start()], tail[0]) if tail else (inner, end)
        return f"{start}{mark}{inner}{mark}{end}" if inner.strip() else start + inner + end

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if parent_tags & {"b", "strong", "_noformat"} or re.fullmatch(r"h[1-6]", _parent(el)):
            return text
        return self._inline(el, text, "**")

    convert_strong = convert_b

    def convert_i(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & {"i", "em", "_noformat"} else self._inline(el, text, "*")

    convert_em = convert_i

    def convert_s(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & {"s", "del", "_noformat"} else self._inline(el, text, "~~")

    convert_del = convert_strike = convert_s

    def _tag(self, name: str, text: str) -> str:
        inner = text.strip()
        if not inner or "\n\n" in inner:
            return text
        start = text[: len(text) - len(text.lstrip())]
        return f"{start}<{name}>{inner}</{name}>{text[len(text.rstrip()) :]}"

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._tag("sub", text)

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "footnote-ref" in classes(el):
            return f"[^{text.strip()}]"
        return self._tag("sup", text)

    def convert_mark(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._tag("mark", text)

    def convert_u(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inside = bool(parent_tags & {"u", "ins", "a", "_noformat"})
        return text if self._plain or inside else self._tag("u", text)

    convert_ins = convert_u

    def convert_small(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if self._plain or "small" in parent_tags else self._tag("small", text)

    def convert_kbd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._tag("kbd", self._escape(text))

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "pre" in parent_tags:
            return "\n"
        if parent_tags & {"td", "th"}:
            return "<br>"
        if parent_tags & WITHIN:
            return "\n"
        if "_inline" in parent_tags or el.next_sibling is None or el.previous_sibling is None:
            return " "
        return "\\\n"

    def convert_x_paragraph(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if parent_tags & {"td", "th"}:
            return "<br><br>"
        return "\n\n" if "_inline" not in parent_tags else " "

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n\n***\n\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags or "li" in parent_tags or not text.strip():
            return text
        written: str = self._usual.convert_hN(max(n, 2), el, text, parent_tags)
        return written

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "").strip()
        if not text.strip() or not href or parent_tags & {"a", "_noformat"}:
            return text
        if not re.match(r"https?://|mailto:", href) or re.search(r'[\s<>"\\]', href):
            self._found.lose(f"the address of a link: {_short(href)}")
            return text
        title = str(el.get("title") or "")
        title = f' "{_quote(title)}"' if title and not self._plain else ""
        start = text[: len(text) - len(text.lstrip())]
        end = text[len(text.rstrip()) :]
        text = text if "![" in text else text.replace("[", "&#91;").replace("]", "&#93;")
        address = href if not re.search(r"[()*_`$]", href) else f"<{href}>"
        return f"{start}[{' '.join(text.split())}]({address}{title}){end}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        src = unescape(str(el.get("src") or "")).strip()
        if "_noformat" in parent_tags or not src:
            return ""
        data = None
        alt = " ".join(_alt(el, src).split())
        if src.startswith("data:"):
            alt = str(el.get("alt") or "picture")
            src, data = _unpack(src)
        elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", src):
            self._found.lose(f"a picture on the web: {_short(src)}")
            plain = re.match(r"https?://", src) and not re.search(r'[\s<>"\\]', src)
            return f"[{self._escape(alt)}](<{src}>)" if plain else ""
        name, fault = find_medium(src, self._find, data=data)
        if fault:
            self._found.lose(f"a picture, {fault}")
            return self._escape(f"[{alt}]")
        self._found.media.append(name)
        title = _quote(str(el.get("title") or ""))
        caption = el.find_next_sibling("figcaption") if _parent(el) == "figure" else None
        if isinstance(caption, Tag):
            title = _quote(" ".join(caption.get_text().split()))
        address = f"<{name}>" if re.search(r"[\s()<>*_`$]", name) else name
        alt = self._escape(alt).replace("[", "&#91;").replace("]", "&#93;")
        width = _width(el)
        size = f"{{width={width}}}" if width and not parent_tags & {"a", "table"} else ""
        return f"![{alt}]({address}" + (f' "{title}")' if title else ")") + size

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        shown = el.parent and el.parent.find("img", recursive=False)
        return "" if shown else f"\n\n{text.strip()}\n\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return write_code(el, text, parent_tags)

    convert_samp = convert_tt = convert_code

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return write_block(el, text, parent_tags)

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "pre" in parent_tags:
            return f"{text}\n"
        if "alert" in classes(el):
            return _alert(el, text)
        if parent_tags & {"td", "th"}:
            return f"{text.strip()}<br>" if el.next_sibling is not None else text.strip()
        written: str = self._usual.convert_div(el, text, parent_tags)
        return written

    convert_center = convert_section = convert_article = convert_div

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "alert-title" in classes(el):
            return f"\n\n{_TITLE}{' '.join(text.split())}\n\n"
        written: str = self._usual.convert_p(el, text, parent_tags)
        return written

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "alert" in classes(el):
            return _alert(el, text, "+" if el.has_attr("open") else "-")
        summary = el.find("summary", recursive=False)
        title = summary.get_text().strip() if isinstance(summary, Tag) else "Details"
        if "step" in classes(el):
            return f"\n\n{text.strip()}\n\n"
        head = f"<details>\n<summary>{self._escape(title)}</summary>"
        return f"\n\n{head}\n\n{text.strip()}\n\n</details>\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "alert-title" in classes(el):
            return self.convert_p(el, text, parent_tags)
        step = "step" in classes(el.parent)
        return f"\n\n## {' '.join(text.split())}\n\n" if step else ""

    def convert_ol(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "footnotes" in classes(el):
            return f"\n\n{text.strip()}\n\n"
        written: str = self._usual.convert_ol(el, text, parent_tags)
        return re.sub(r"(?m)^(\d+)\.(?= )", r"\1)", written) if _continues(el) else written

    def convert_ul(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        written: str = self._usual.convert_ul(el, text, parent_tags)
        return re.sub(r"(?m)^-(?= )", "*", written) if _continues(el) else written

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inner = text.strip()
        if "footnotes" in classes(el.parent):
            body = inner.replace("\n", "\n    ")
            return f"[^{el.get('value')}]: {body}\n\n"
        if "task" in classes(el):
            inner = re.sub("^☑ ?", "[x] ", re.sub("^☐ ?", "[ ] ", inner))
        if not inner:
            return "\n"
        if parent_tags & {"td", "th"}:
            return f"<br>• {inner}" if el.find_previous_sibling("li") else f"• {inner}"
        # A list item that holds nothing but a list is words to nobody.
        written: str = self._usual.convert_li(el, inner, parent_tags)
        # Paragraphs in its items set a list apart: an empty line between them says so.
        apart = el.find("p", recursive=False) and el.find_next_sibling("li")
        return written.rstrip("\n") + "\n\n" if apart else written

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = re.sub(r"(?:<br>|\s)+$", "", re.sub(r"\s*\n\s*", " ", text.strip()))
        text = re.sub(r"<br> +", "<br>", text)
        span = str(el.get("colspan") or "1")
        return f" {text} |" + " |" * (min(int(span), 50) - 1 if span.isdecimal() else 0)

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"|{text}\n" if text.strip() else ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "table" in parent_tags:
            self._found.lose("a table within a table")
            return text.replace("\n", " ")
        rows = [line for line in text.split("\n") if line.startswith("|")]
        other = [line for line in text.split("\n") if line.strip() and not line.startswith("|")]
        if not rows:
            return f"\n\n{text.strip()}\n\n"
        first = el.find("tr")
        cells = first.find_all(["td", "th"], recursive=False) if isinstance(first, Tag) else []
        width = max(len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows)
        rules = [_rule(cell) for cell in cells[:width]]
        rules += ["---"] * (width - len(rules))
        head = rows[0] + " |" * (width - len(re.findall(r"(?<!\\)\|", rows[0])) + 1)
        table = "\n".join([head, "| " + " | ".join(rules) + " |", *rows[1:]])
        return "\n\n" + "\n".join(other) + ("\n\n" if other else "") + table + "\n\n"

    def convert_caption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{text.strip()}\n"

    def convert_ruby(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if self._plain or not el.find("rt"):
            return text
        inner = " ".join(text.split())
        return f"<ruby>{inner}</ruby>"

    def convert_rt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not text.strip():
            return ""
        if self._plain or el.find_parent("ruby") is None:
            return self._escape(f"({text.strip()})")
        return f"<rt>{text.strip()}</rt>"

    def convert_rp(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""


def _alert(el: Tag, text: str, fold: str = "") -> str:
    """Write an alert; its title is given unless it is the name of its kind."""
    name = next((kind for kind in classes(el) if kind in ALERTS), "note")
    body = text.strip()
    first, _, rest = body.partition("\n") if body.startswith(_TITLE) else ("", "", body)
    title = first.removeprefix(_TITLE)
    head = f"[!{name.upper()}]{fold}" + (f" {title}" if title.casefold() not in ("", name) else "")
    lines = [head, *rest.strip("\n").split("\n")]
    return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _unpack(src: str) -> tuple[str, bytes]:
    """Return a name for a picture that is written into the text, and its bytes."""
    match = re.match(r"data:image/(png|jpeg|gif|webp);base64,(.*)", src, re.DOTALL)
    try:
        data = base64.b64decode(match[2]) if match else b""
    except (binascii.Error, ValueError):
        data = b""
    ending = match[1].replace("jpeg", "jpg") if match else "bin"
    return f"picture-{sha256(data).hexdigest()[:12]}.{ending}", data


def _parent(el: Tag) -> str:
    return el.parent.name if el.parent is not None else ""


def _continues(el: Tag) -> bool:
    """Say whether a list would go on with the one before it, were it marked by the same sign."""
    other: Any = el.previous_sibling
    while isinstance(other, NavigableString) and not other.strip():
        other = other.previous_sibling
    found = isinstance(other, Tag) and other.name == el.name and not other.has_attr(_OTHER_SIGN)
    if found:
        el[_OTHER_SIGN] = ""
    return found


def _any_wide(*characters: str) -> bool:
    return any(map(is_wide, filter(None, characters)))


def _neighbour(el: Tag, step: int) -> str:
    """Return the character beside an element, empty at the edge of its block."""
    at: Any = el
    while at is not None:
        other = at.next_sibling if step > 0 else at.previous_sibling
        if other is not None:
            text = other.get_text() if isinstance(other, Tag) else str(other)
            if isinstance(other, Tag) and (other.name in BLOCKS or other.name == "br"):
                return ""
            if text:
                return text[0] if step > 0 else text[-1]
            at = other
            continue
        at = at.parent
        if at is None or at.name in BLOCKS:
            return ""
    return ""


def _alt(el: Tag, src: str) -> str:
    alt = str(el.get("alt") or "").strip()
    stem = re.sub(r"[-_]+", " ", PurePosixPath(unquote(src)).stem).strip()
    return alt or stem or "picture"


def _width(el: Tag) -> str:
    """Return how wide an image is to be, in pixels or `%`, empty where nothing says so."""
    style = re.search(r"(?:^|[;\s])width:\s*(\d+)(?:\.\d+)?(px|%)", str(el.get("style") or ""))
    told = style[1] + style[2] if style else str(el.get("width") or "").strip()
    return (
        told.removesuffix("px") if re.fullmatch(r"[1-9]\d{0,3}(px)?|([1-9]\d?|100)%", told) else ""
    )


def _quote(text: str) -> str:
    return re.sub(r'(["\\`<&$])', r"\\\1", " ".join(text.split()))


def _rule(cell: Tag) -> str:
    """Return the line under a column's head, which says how the column is set."""
    style = str(cell.get("style") or "") + " ".join(classes(cell))
    style += str(cell.get("align") or "")
    found = re.search(r"left|center|right", style)
    rules = {"left": ":--", "center": ":-:", "right": "--:"}
    return rules[found[0]] if found else "---"


def _put_formulas(markdown: str, formulas: list[Formula], found: Converted) -> str:
    def put(match: re.Match[str]) -> str:
        formula = formulas[int(match[1])]
        line_start = match.string.rfind("\n", 0, match.start()) + 1
        line_end = match.string.find("\n", match.end())
        line = match.string[line_start : line_end if line_end >= 0 else None]
        if formula.block and line.strip() != match[0]:
            written = re.sub(r"\s*\n\s*", " ", formula.markdown)
            written = re.sub(r"^\$\$ | \$\$$", "$$", written) if written[0] == "$" else written
        elif formula.block:
            indent = " " * (len(line) - len(line.lstrip()))
            written = formula.markdown.replace("\n", "\n" + indent)
            return written
        else:
            written = formula.markdown
        # A digit right behind a dollar makes an amount of it; an empty comment keeps them apart.
        before = match.string[match.start() - 1 : match.start()]
        after = match.string[match.end() : match.end() + 1]
        if written[:1] == "$" and before.isdecimal():
            written = f"<!-- -->{written}"
        if written[-1:] == "$" and (after.isdecimal() or after == FORMULA):
            written = f"{written}<!-- -->"
        return written

    # A formula of its own line stands between empty lines.
    markdown = re.sub(
        rf"(?m)(\\\n)?^({FORMULA}(\d+){END})\\?$",
        lambda m: "\n" * (1 + bool(m[1])) + f"{m[2]}\n" if formulas[int(m[3])].block else m[0],
        markdown,
    )
    return re.sub(rf"{FORMULA}(\d+){END}", put, markdown)


def _put_holes(markdown: str, hints: list[str]) -> str:
    def put(match: re.Match[str]) -> str:
        number, hint, inner = match[1], hints[int(match[2])], match[3]
        hint = re.sub(r"[{}]", "", hint).replace("::", ":")
        # The end of a formula would meet that of the hole.
        inner = inner + " " if inner.endswith("}") else inner
        return f"{{{{c{number}::{inner}{'::' + hint if hint else ''}}}}}"

    pattern = rf"{OPEN}(\d+):(\d+){INNER}(.*?){CLOSE}"
    return re.sub(pattern, put, markdown, flags=re.DOTALL)


def _tidy(markdown: str) -> str:
    """Drop spare empty lines outside code, and breaks that end a paragraph."""
    lines: list[tuple[str, bool]] = []
    for line, code in outside_code(markdown.split("\n")):
        kept = line if code else line.rstrip(" \t")
        if not kept and not code:
            if lines and not lines[-1][0] and not lines[-1][1]:
                continue
            if lines and not lines[-1][1]:
                lines[-1] = (_unbroken(lines[-1][0]), False)
        lines.append((kept, code))
    if lines and not lines[-1][1]:
        lines[-1] = (_unbroken(lines[-1][0]), False)
    return "\n".join(line for line, _ in lines).strip("\n")


def _unbroken(line: str) -> str:
    """Take off the backslash that breaks a line, where no line follows."""
    slashes = len(line) - len(line.rstrip("\\"))
    return line[:-1].rstrip() if slashes % 2 else line


def read_items(html: str) -> list[tuple[str, str]]:
    """Return the words and the address (may be empty) of each list item or paragraph of HTML."""
    items: list[tuple[str, str]] = []
    for item in read_html(html).find_all(["li", "p"]):
        link = item.find("a")
        href = str(link.get("href") or "") if isinstance(link, Tag) else ""
        items.append((" ".join(item.get_text().split()), href))
    return items
