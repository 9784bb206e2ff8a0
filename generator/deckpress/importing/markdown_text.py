"""Markdown of other programs as Markdown of a card."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from deckpress.importing.formulas import write_formula
from deckpress.importing.html.text import Converted, FindImage, find_medium
from deckpress.markdown.raw_html import ALONE, KINDS
from deckpress.text.characters import FORBIDDEN
from deckpress.tree.code import is_language
from deckpress.tree.node import INLINE_KINDS

_KEPT = re.compile(r"(?ms)^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[ \t]*$|`+[^`]*`+")
_FORMULA = re.compile(
    r"(?s)(?<!\\)\$\$(?P<block>.+?)\$\$|(?<![\\$\w])\$(?P<words>[^$\n]+?)\$(?![\d$])"
    r"|(?<!\\)\\{1,2}\[(?P<display>.+?)\\{1,2}\]|(?<!\\)\\{1,2}\((?P<inline>[^\n]+?)\\{1,2}\)"
)
_EMBED = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
_WIKI = re.compile(r"(?<!!)\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
_ADDRESS = r"(?:[^()<>\"\n]|\([^()\n]*\))+"
_IMAGE = re.compile(
    r"!\[([^\[\]\n]*)\]\((?:[ \t]*<(?P<bracketed>[^<>\n]*)>[ \t]*"
    rf"|(?P<bare>{_ADDRESS}))(?:\"(?P<title>[^\"\n]*)\"[ \t]*)?\)"
)
_LINK = re.compile(
    r"(?<!!)\[([^\]\[\n]+)\]\((?!https?://|mailto:|<https?://)"
    r"([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)"
)
_SOUND = re.compile(r"\[sound:([^\[\]\n]+)\]")
_DEFINITION = re.compile(
    r'(?m)^ {0,3}\[([^\]^\n][^\]\n]*)\]:[ \t]*<?(\S+?)>?(?:[ \t]+"([^"\n]*)")?[ \t]*$'
)
_REFERENCE = re.compile(r"\[([^\[\]\n]*)\]\[([^\[\]\n]*)\]")
_MARK = re.compile(r"(?<!=)==(?=[^\s=])([^\n=]+?)==(?!=)")
_TAG = re.compile(r"(?<!\]\()</?([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_ALLOWED = {"br", "wbr", "details", "summary", "rp"} | {
    tag for tag, kind in KINDS.items() if kind in INLINE_KINDS | {"html_code"} and kind != "link"
}
"""Tags that cards may have as they are, with no need of attributes."""


def convert_markdown(
    text: str, *, plain: bool = False, find_image: FindImage | None = None
) -> Converted:
    """Turn Markdown of another program into that of a card.

    Args:
        text: the Markdown; its holes are written as Anki writes them.
        plain: whether to leave out HTML, which otherwise stays for the reader to judge.
        find_image: finds a media file.

    Returns:
        The Markdown, and all that it does not hold of the text.
    """
    found = Converted()
    if FORBIDDEN.search(text):
        found.lose("control or private-use characters")
        text = FORBIDDEN.sub("", text)
    text = _put_references(text)
    pieces: list[str] = []
    start = 0
    for code in _KEPT.finditer(text):
        pieces += [_convert(text[start : code.start()], found, find_image, plain), _fence(code[0])]
        start = code.end()
    pieces.append(_convert(text[start:], found, find_image, plain))
    found.markdown = "".join(pieces).strip("\n")
    return found


def _put_references(text: str) -> str:
    """Write addresses that are given elsewhere at their place; in code, nothing is one."""
    pieces: list[str] = []
    start = 0
    for code in _KEPT.finditer(text):
        pieces += [text[start : code.start()], code[0]]
        start = code.end()
    pieces.append(text[start:])
    known = {m[1].lower(): (m[2], m[3]) for p in pieces[::2] for m in _DEFINITION.finditer(p)}
    if not known:
        return text

    def put(match: re.Match[str]) -> str:
        address, title = known.get((match[2] or match[1]).lower(), ("", ""))
        return (
            f"[{match[1]}]({address}" + (f' "{title}")' if title else ")") if address else match[0]
        )

    pieces[::2] = [_REFERENCE.sub(put, _DEFINITION.sub("", words)) for words in pieces[::2]]
    return "".join(pieces)


def _fence(code: str) -> str:
    """Keep code, without the words behind a fence that name no language."""
    first, line_break, rest = code.partition("\n")
    match = re.match(r"(`{3,}|~{3,})\s*([\w+#.-]*)", first)
    if not match or not line_break:
        return code
    language = match[2].lower() if match[2] and is_language(match[2].lower()) else ""
    return f"{match[1]}{language}\n{rest}"


def _convert(text: str, found: Converted, find: FindImage | None, plain: bool) -> str:
    formulas: list[str] = []

    def formula(match: re.Match[str]) -> str:
        inner = next(filter(None, match.groups()))
        block = match["block"] is not None or match["display"] is not None
        made = write_formula(inner.strip(), display=block)
        if made.fault:
            found.lose(f"a formula, kept as code: {made.fault}")
        written = made.markdown
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
        if block and line:
            written = "$$" + re.sub(r"\s+", " ", written.strip("$").strip()) + "$$"
        formulas.append(written)
        return f"\ue100{len(formulas) - 1}\ue101"

    text = _FORMULA.sub(formula, text)
    text = re.sub(
        r"(?m)(?<!\n)\n*^\ue100(\d+)\ue101$\n*",
        lambda m: f"\n\n{m[0].strip()}\n\n" if "\n" in formulas[int(m[1])] else m[0],
        text,
    )
    text = re.sub(r"%%.*?%%", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)(?<![ \t])[ \t]+\^[\w-]+$", "", text)
    text = _TAG.sub(lambda m: _html(m, found, plain), text)
    text = _EMBED.sub(lambda m: _embed(m, found), text)
    text = _WIKI.sub(lambda m: m[2] or m[1].replace("#", " > ").strip(), text)
    text = _IMAGE.sub(lambda m: _image(m, found, find), text)
    text = _SOUND.sub(lambda m: _sound(m, found, find), text)
    text = _LINK.sub(lambda m: _link(m, found), text)
    text = _MARK.sub(r"<mark>\1</mark>", text)
    text = re.sub(r"(?m)^# ", "## ", text)
    text = re.sub(r"(?m)^(?:-[ \t]*){3,}$", "***", text)
    return re.sub(r"\ue100(\d+)\ue101", lambda m: formulas[int(m[1])], text)


def _embed(match: re.Match[str], found: Converted) -> str:
    name = match[1].strip()
    if PurePosixPath(name).suffix.lower() in ("", ".md", ".pdf", ".canvas"):
        found.lose(f"what is embedded: {name}")
        return match[2] or name
    size = (match[2] or "").strip()
    alt = "" if re.fullmatch(r"\d+(?:x\d+)?", size) else size
    return f"![{alt}](<{name}>)"


def _image(match: re.Match[str], found: Converted, find: FindImage | None) -> str:
    alt = re.sub(r"\|\d+(?:x\d+)?$", "", match[1]).strip()
    src = (match["bracketed"] or match["bare"] or "").strip()
    alt = alt or re.sub(r"[-_]+", " ", PurePosixPath(src).stem) or "picture"
    if re.match(r"https?://", src):
        found.lose(f"a picture on the web: {src[:80]}")
        return f"[{alt}](<{src}>)"
    name, fault = find(src, None) if find else (PurePosixPath(unquote(src)).name, "")
    if fault:
        found.lose(f"a picture, {fault}")
        return f"[{alt}]"
    found.media.append(name)
    title = f' "{match["title"]}"' if match["title"] else ""
    address = f"<{name}>" if re.search(r"[\s()]", name) else name
    return f"![{alt}]({address}{title})"


def _sound(match: re.Match[str], found: Converted, find: FindImage | None) -> str:
    name, fault = find_medium(match[1], find, played=True)
    if fault:
        found.lose(f"a sound, {fault}")
        return f"[{match[1]}]"
    found.media.append(name)
    return f"[sound:{name}]"


def _link(match: re.Match[str], found: Converted) -> str:
    if match[2]:
        found.lose(f"the address of a link: {match[2][:60]}")
    return match[1]


def _html(match: re.Match[str], found: Converted, plain: bool) -> str:
    name = match[1].lower()
    if name in _MARKS:
        return "" if plain else _MARKS[name]
    if name in _ALLOWED:
        return f"<{'/' if match[0].startswith('</') else ''}{name}>"
    if plain:
        return ""
    found.lose(f"HTML: <{name}>")
    return "" if name in KINDS or name in ALONE or name == "big" else match[0].replace("<", "\\<")
