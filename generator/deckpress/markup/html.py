"""The document tree as HTML; what differs between targets is in a `Target`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from deckpress.model.words import Words
from deckpress.tree.cloze import Piece, fill_holes, split_markers
from deckpress.tree.code import CLOSE, OPEN, highlight_code
from deckpress.tree.node import (
    PLAYED,
    Node,
    has_code_holes,
    heading_level,
    hole_number,
    is_displayed,
    is_hidden_test,
    list_start,
    stressed_lines,
)

_TAGS = {
    "paragraph": "p", "bullet_list": "ul", "block_quote": "blockquote", "table_head": "thead",
    "table_body": "tbody", "table_row": "tr", "definition_list": "dl", "term": "dt",
    "definition": "dd", "emphasis": "em", "strong": "strong", "strikethrough": "s", "sub": "sub",
    "sup": "sup", "kbd": "kbd", "mark": "mark", "details": "details", "summary": "summary",
    "underline": "u", "small": "small", "ruby": "ruby", "ruby_text": "rt",
}  # fmt: skip
_LINES = frozenset({"paragraph", "bullet_list", "block_quote", "table_row", "list_item"})


def _plain_box(kind: str) -> str:
    """Open a box that may be wider than the page, without anything but its class."""
    return f'<div class="{kind}">'


@dataclass(frozen=True, slots=True)
class Target:
    """How one output writes what outputs write differently; every function returns HTML.

    `text` takes words, `formula` (LaTeX already escaped, whether on a line of its own), `image` an
    image node, `player` a sound or video and whether it stands on a line of its own, `hole`
    (number, hint, inner HTML) of a cloze. Without `cloze`, markers are text.
    `words` name alerts; `box` opens the `<div>` of what may be too wide: highlight (code), formula,
    table. `mixed` says that code and formulas must say that they run from left to right.
    """

    text: Callable[[str], str]
    formula: Callable[[str, bool], str]
    image: Callable[[Node], str]
    player: Callable[[Node, bool], str]
    hole: Callable[[int, str, str], str]
    cloze: bool
    words: Words
    box: Callable[[str], str] = _plain_box
    mixed: bool = False


def image_size(node: Node) -> str:
    """Return the style of an image's width, with a space before it; empty without one."""
    width = node.get("width")
    unit = "" if width.endswith("%") else "px"
    return f' style="width: {width}{unit}"' if width else ""


def write_html(nodes: Iterable[Node], target: Target) -> str:
    """Write document nodes as HTML.

    Args:
        nodes: trees, as `markdown` reads them and `checks` has passed them.
        target: the output they are written for.

    Returns:
        HTML without scripts, styles or ids; code carries Pygments' class names.
    """
    return "".join(_write(node, target) for node in nodes).strip()


def _write(node: Node, target: Target) -> str:
    kind = node.kind
    if kind in _TAGS:
        tag = _TAGS[kind]
        end = "\n" if kind in _LINES else ""
        return f"<{tag}>{_inside(node, target)}</{tag}>{end}"
    return _WRITERS[kind](node, target)


def _inside(node: Node, target: Target) -> str:
    return "".join(_write(child, target) for child in node.children)


def _heading(node: Node, target: Target) -> str:
    level = heading_level(node)
    return f"<h{level}>{_inside(node, target)}</h{level}>\n"


def _ordered_list(node: Node, target: Target) -> str:
    start = list_start(node)
    first = "" if start == 1 else f' start="{start}"'
    return f"<ol{first}>{_inside(node, target)}</ol>\n"


def _list_item(node: Node, target: Target) -> str:
    task = node.get("task")
    if not task:
        return f"<li>{_inside(node, target)}</li>\n"
    box = "☑" if task == "done" else "☐"
    return f'<li class="task"><span class="box">{box}</span> {_inside(node, target)}</li>\n'


def _alert(node: Node, target: Target) -> str:
    name, fold = node.get("type"), node.get("fold")
    titled = bool(node.children) and node.children[0].kind == "alert_title"
    title = (
        _inside(node.children[0], target)
        if titled
        else escape(target.words.name("alert-", name), quote=False)
    )
    inner = "".join(_write(child, target) for child in node.children[titled:])
    if fold:
        # Shut or open, as its author left it; the reader may change it.
        start = f'<details class="alert {name}"{" open" if fold == "+" else ""}>'
        return f'{start}<summary class="alert-title">{title}</summary>{inner}</details>\n'
    return f'<div class="alert {name}"><p class="alert-title">{title}</p>{inner}</div>\n'


def _code_block(node: Node, target: Target) -> str:
    if is_hidden_test(node):
        return ""
    marked = target.cloze and has_code_holes(node)
    code, found, marks = fill_holes(node.text) if marked else (node.text, (), ())
    holes = iter(found)
    coloured = highlight_code(
        code, node.get("language") or "text", lines=stressed_lines(node), marks=marks
    )

    def put_hole(match: re.Match[str]) -> str:
        hole = next(holes)
        return target.hole(hole.number, escape(hole.hint), match[1])

    coloured = re.sub(f"{OPEN}(.*?){CLOSE}", put_hole, coloured, flags=re.DOTALL)
    return f"{_box('highlight', target)}<pre><code>{coloured}</code></pre></div>\n"


def _code(node: Node, target: Target) -> str:
    return f"<code{_leftwards(target)}>{escape(node.text, quote=False)}</code>"


def _formula(node: Node, target: Target) -> str:
    display = is_displayed(node)
    latex = "".join(
        target.hole(piece.number, escape(piece.hint), escape(piece.text, quote=False))
        if piece.number
        else escape(piece.text, quote=False)
        for piece in (
            split_markers(node.text, braces=True) if target.cloze else (Piece(node.text),)
        )
    )
    written = target.formula(latex, display)
    if node.kind == "math_block":
        return f"{_box('formula', target)}{written}</div>\n"
    return f'<span dir="ltr">{written}</span>' if target.mixed else written


def _leftwards(target: Target) -> str:
    return ' dir="ltr"' if target.mixed else ""


def _box(kind: str, target: Target) -> str:
    """Open the box of something that runs from left to right in every language."""
    return target.box(kind).replace("<div", f"<div{_leftwards(target)}", 1)


def _figure(node: Node, target: Target) -> str:
    shown = node.children[0]
    title = shown.get("title")
    caption = f"<figcaption>{target.text(title)}</figcaption>" if title else ""
    if shown.kind in PLAYED:
        return f'<figure class="{shown.kind}">{target.player(shown, True)}{caption}</figure>\n'
    return f"<figure>{target.image(shown)}{caption}</figure>\n"


def _table(node: Node, target: Target) -> str:
    parts = node.children[1:] if node.get("headless") else node.children
    inner = "".join(_write(part, target) for part in parts)
    return f"{target.box('table')}<table>{inner}</table></div>\n"


def _cell(node: Node, target: Target) -> str:
    tag = "th" if node.kind == "table_header" else "td"
    align = f' class="{node.get("align")}"' if node.get("align") else ""
    return f"<{tag}{align}>{_inside(node, target)}</{tag}>"


def _footnotes(node: Node, target: Target) -> str:
    items = "".join(
        f'<li value="{child.get("number")}">{_inside(child, target)}</li>\n'
        for child in node.children
    )
    return f'<ol class="footnotes">{items}</ol>\n'


def _footnote_ref(node: Node, target: Target) -> str:
    return f'<sup class="footnote-ref">{node.get("number")}</sup>'


def _citation(node: Node, target: Target) -> str:
    words = "; ".join(target.text(work.text) for work in node.children)
    return f'<span class="cite">[{words}]</span>'


def _link(node: Node, target: Target) -> str:
    title = f' title="{escape(node.get("title"))}"' if node.get("title") else ""
    return f'<a href="{escape(node.get("href"))}"{title}>{_inside(node, target)}</a>'


def _cloze(node: Node, target: Target) -> str:
    inner, hint = _inside(node, target), target.text(node.get("hint"))
    if target.cloze:
        return target.hole(hole_number(node), hint, inner)
    return f"{{{{c{hole_number(node)}::{inner}{'::' + hint if hint else ''}}}}}"


def _step(node: Node, target: Target) -> str:
    return f'<details class="step">{_inside(node, target)}</details>\n'


_WRITERS: dict[str, Callable[[Node, Target], str]] = {
    "plain": _inside,
    "heading": _heading,
    "ordered_list": _ordered_list,
    "list_item": _list_item,
    "alert": _alert,
    "code_block": _code_block,
    "thematic_break": lambda node, target: "<hr>\n",
    "math_block": _formula,
    "math": _formula,
    "math_display": _formula,
    "figure": _figure,
    "table": _table,
    "table_cell": _cell,
    "table_header": _cell,
    "footnotes": _footnotes,
    "footnote_ref": _footnote_ref,
    "citation": _citation,
    "text": lambda node, target: target.text(node.text),
    "code": _code,
    "link": _link,
    "image": lambda node, target: target.image(node),
    "sound": lambda node, target: target.player(node, False),
    "video": lambda node, target: target.player(node, False),
    "soft_break": lambda node, target: "\n",
    "hard_break": lambda node, target: "<br>\n",
    "cloze": _cloze,
    "step": _step,
}
