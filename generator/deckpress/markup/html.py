"""The document tree as HTML; what differs between targets is in a `Target`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from deckpress.markup.elements import Html, block, element, html, join, quoted, text, void
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


def _plain_box(kind: str, inner: Html, leftwards: bool) -> Html:
    """Put into a box what may be wider than the page, with nothing but its class."""
    return element("div", inner, dir="ltr" if leftwards else None, class_=kind)


@dataclass(frozen=True, slots=True)
class Target:
    """How one output writes what outputs write differently; every function returns HTML.

    `text` takes words, `formula` (LaTeX in pieces, those with a number being what holes hide;
    whether on a line of its own), `image` an image node, `player` a sound or video and whether it
    stands on a line of its own, `hole` (number, hint, inner HTML) of a cloze. Without `cloze`,
    markers are text.
    `keys` says that steps open by access keys, Alt and their number in most browsers.
    `words` name alerts; `box` puts into a `<div>` what may be too wide: highlight (code), formula,
    table; and says whether it must say that it runs from left to right. `mixed` says that code and
    formulas must say so.
    """

    text: Callable[[str], Html]
    formula: Callable[[Sequence[Piece], bool], Html]
    image: Callable[[Node], Html]
    player: Callable[[Node, bool], Html]
    hole: Callable[[int, Html, Html], Html]
    cloze: bool
    words: Words
    box: Callable[[str, Html, bool], Html] = _plain_box
    mixed: bool = False
    keys: bool = False


def image_style(node: Node) -> str | None:
    """Return the style of an image's width; none without one."""
    width = node.get("width")
    unit = "" if width.endswith("%") else "px"
    return f"width: {width}{unit}" if width else None


def write_html(nodes: Iterable[Node], target: Target) -> Html:
    """Write document nodes as HTML.

    Args:
        nodes: trees, as `markdown` reads them and `checks` has passed them.
        target: the output they are written for.

    Returns:
        HTML without scripts, styles or ids; code carries Pygments' class names.
    """
    return _write_all(nodes, target).strip()


def _write_all(nodes: Iterable[Node], target: Target) -> Html:
    return join([_write(node, target) for node in nodes])


def _write(node: Node, target: Target) -> Html:
    kind = node.kind
    if kind in _TAGS:
        make = block if kind in _LINES else element
        return make(_TAGS[kind], *_inside(node, target))
    return _WRITERS[kind](node, target)


def _line(*parts: Html) -> Html:
    return join([*parts, "\n"])


def _inside(node: Node, target: Target) -> list[Html]:
    return [_write(child, target) for child in node.children]


def _heading(node: Node, target: Target) -> Html:
    return block(f"h{heading_level(node)}", *_inside(node, target))


def _ordered_list(node: Node, target: Target) -> Html:
    start = list_start(node)
    first = None if start == 1 else str(start)
    return block("ol", *_inside(node, target), start=first)


def _list_item(node: Node, target: Target) -> Html:
    task = node.get("task")
    if not task:
        return block("li", *_inside(node, target))
    box = element("span", "☑" if task == "done" else "☐", class_="box")
    return block("li", box, " ", *_inside(node, target), class_="task")


def _alert(node: Node, target: Target) -> Html:
    name, fold = node.get("type"), node.get("fold")
    titled = bool(node.children) and node.children[0].kind == "alert_title"
    title = (
        join(_inside(node.children[0], target))
        if titled
        else text(target.words.name("alert-", name))
    )
    inner = _write_all(node.children[titled:], target)
    if fold:
        # Shut or open, as its author left it; the reader may change it.
        head = element("summary", title, class_="alert-title")
        return block("details", head, inner, class_=f"alert {name}", open=fold == "+")
    head = element("p", title, class_="alert-title")
    return block("div", head, inner, class_=f"alert {name}")


def _code_block(node: Node, target: Target) -> Html:
    if is_hidden_test(node):
        return html("")
    marked = target.cloze and has_code_holes(node)
    code, found, marks = fill_holes(node.text) if marked else (node.text, (), ())
    coloured = html(
        highlight_code(
            code, node.get("language") or "text", lines=stressed_lines(node), marks=marks
        )
    )
    before, *behind = coloured.split(OPEN)
    parts = [before]
    for hole, piece in zip(found, behind, strict=True):
        inner, _, rest = piece.partition(CLOSE)
        parts += [target.hole(hole.number, quoted(hole.hint), inner), rest]
    inner = element("pre", element("code", *parts))
    return _line(target.box("highlight", inner, target.mixed))


def _code(node: Node, target: Target) -> Html:
    return element("code", node.text, dir="ltr" if target.mixed else None)


def _formula(node: Node, target: Target) -> Html:
    plain = (Piece(node.text),)
    pieces = split_markers(node.text, braces=True) if target.cloze else plain
    written = target.formula(pieces, is_displayed(node))
    if node.kind == "math_block":
        return _line(target.box("formula", written, target.mixed))
    return element("span", written, dir="ltr") if target.mixed else written


def _figure(node: Node, target: Target) -> Html:
    shown = node.children[0]
    title = shown.get("title")
    caption = element("figcaption", target.text(title)) if title else ""
    if shown.kind in PLAYED:
        return block("figure", target.player(shown, True), caption, class_=shown.kind)
    return block("figure", target.image(shown), caption)


def _table(node: Node, target: Target) -> Html:
    parts = node.children[1:] if node.get("headless") else node.children
    return _line(target.box("table", element("table", _write_all(parts, target)), False))


def _cell(node: Node, target: Target) -> Html:
    tag = "th" if node.kind == "table_header" else "td"
    return element(tag, *_inside(node, target), class_=node.get("align") or None)


def _footnotes(node: Node, target: Target) -> Html:
    items = [
        block("li", *_inside(child, target), value=child.get("number")) for child in node.children
    ]
    return block("ol", *items, class_="footnotes")


def _footnote_ref(node: Node, target: Target) -> Html:
    return element("sup", node.get("number"), class_="footnote-ref")


def _citation(node: Node, target: Target) -> Html:
    words = join([target.text(work.text) for work in node.children], "; ")
    return element("span", "[", words, "]", class_="cite")


def _link(node: Node, target: Target) -> Html:
    title = node.get("title") or None
    return element("a", *_inside(node, target), href=node.get("href"), title=title)


def _cloze(node: Node, target: Target) -> Html:
    inner, hint = join(_inside(node, target)), target.text(node.get("hint"))
    if target.cloze:
        return target.hole(hole_number(node), hint, inner)
    end = ["::", hint] if hint else []
    return join([f"{{{{c{hole_number(node)}::", inner, *end, "}}"])


def _step(node: Node, target: Target) -> Html:
    title, *rest = node.children
    number = node.get("number") if target.keys else ""
    key = number if len(number) == 1 else None
    summary = element("summary", *_inside(title, target), accesskey=key)
    return block("details", summary, _write_all(rest, target), class_="step")


_WRITERS: dict[str, Callable[[Node, Target], Html]] = {
    "plain": lambda node, target: join(_inside(node, target)),
    "heading": _heading,
    "ordered_list": _ordered_list,
    "list_item": _list_item,
    "alert": _alert,
    "code_block": _code_block,
    "thematic_break": lambda node, target: _line(void("hr")),
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
    "soft_break": lambda node, target: text("\n"),
    "hard_break": lambda node, target: _line(void("br")),
    "cloze": _cloze,
    "step": _step,
}
