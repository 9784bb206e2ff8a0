"""The document tree as Typst markup that calls the functions of `sheet/elements.typ`.

Every text of a card is written as a Typst string, so none of it can ever be Typst code. Each call
ends with a semicolon, since what follows would otherwise be read as part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from deckpress.markup.direction import runs_rightwards
from deckpress.math.formula import write_math
from deckpress.tree.cloze import fill_holes, strip_markers
from deckpress.tree.code import code_tokens
from deckpress.tree.node import (
    PLAYED,
    Node,
    has_code_holes,
    is_displayed,
    is_hidden_test,
    list_start,
    plain_text,
    stressed_lines,
    walk,
)

_LED_TO = ("figure", "math_block")
_LONGEST_WORD, _WORD_PIECE = 22, 11
_CUT_AFTER = re.compile(r"(?<=[/_.,;:=&?()\[\]{}+-])(?=.)")
_WRAPPED = {
    "block_quote": "quotation", "emphasis": "emph", "strong": "strong",
    "strikethrough": "strike", "sub": "sub", "sup": "super", "kbd": "key", "mark": "marked",
    "term": "term", "definition": "definition", "summary": "summary", "details": "folded",
    "step": "folded", "cloze": "hole", "underline": "underline", "small": "smaller",
}  # fmt: skip


_SIDED = ("block_quote", "definition")
"""What has a bar or room at the side where lines begin."""

_LEFT, _RIGHT, _END = "\u2066", "\u2067", "\u2069"
"""Unicode's marks around a piece that runs from left to right, or from right to left."""

_SIGNS = ".,;:!?()[]{}«»„“”‚‘’\"'"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the writing of a note depends on.

    `images` gives for each image's `src` the path under which Typst reads it; `cloze` says that
    code and formulas may hold cloze markers, which are then taken out; `boxed` frames formulas on
    lines of their own. `language` is what it is written in, `rightwards` says that this runs from
    right to left, and `hyphenated` that long words are divided by its rules.
    """

    images: Mapping[str, str]
    cloze: bool = False
    boxed: bool = False
    language: str = "en"
    rightwards: bool = False
    hyphenated: bool = False


def write_typst(nodes: Iterable[Node], setting: Setting) -> str:
    """Write document nodes as Typst markup.

    Args:
        nodes: trees, as `markdown` reads them and `checks` has passed them.
        setting: what the note brings.

    Returns:
        Markup, to stand in square brackets.

    Raises:
        MathError: a formula cannot be set.
    """
    return _write_blocks(list(nodes), setting)


def write_line(nodes: Iterable[Node], setting: Setting) -> str:
    """Write a text of one line, such as a question, which runs as its letters do."""
    found = list(nodes)
    return _apart(write_typst(found, setting), found, setting)


def _apart(written: str, nodes: Sequence[Node], setting: Setting) -> str:
    """Set apart what runs otherwise than the text around it, by Unicode's marks."""
    right = runs_rightwards(nodes, setting.language)
    if right == setting.rightwards or not written:
        return written
    return f"#{quote(_RIGHT if right else _LEFT)};{written}#{quote(_END)};"


def quote(text: str) -> str:
    """Write a text as a Typst string with its quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda m: f"\\u{{{ord(m[0]):x}}}", escaped) + '"'


def array(items: Iterable[str]) -> str:
    """Write a Typst array of what is Typst code already."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def words(text: str, *, hyphenated: bool = False) -> str:
    """Write running text as markup; long words may break, white space counts as one space.

    Args:
        text: the text.
        hyphenated: whether Typst divides words, and does it better.
    """
    parts = re.split(rf"(\S{{{_LONGEST_WORD},}})", re.sub(r"\s+", " ", text))
    return "".join(
        "#box();".join(f"#{quote(piece)};" for piece in _cut_word(part))
        if index % 2 and not (hyphenated and part.strip(_SIGNS).isalpha()) else
        f"#{quote(part)};" if part else ""
        for index, part in enumerate(parts)
    )  # fmt: skip


def _cut_word(word: str) -> list[str]:
    if len(word) < _LONGEST_WORD:
        return [word]
    return [
        piece[at : at + _WORD_PIECE]
        for piece in _CUT_AFTER.split(word)
        for at in range(0, len(piece), _WORD_PIECE)
    ]


def _write(node: Node, setting: Setting) -> str:
    if node.kind in _WRAPPED:
        side = "(side: right)" if setting.rightwards and node.kind in _SIDED else ""
        return f"#{_WRAPPED[node.kind]}{side}[{_inside(node, setting)}];"
    return _WRITERS[node.kind](node, setting)


def _write_blocks(nodes: Sequence[Node], setting: Setting) -> str:
    """Write nodes; a paragraph stays with what it leads to."""
    written = []
    for node, after in zip_longest(nodes, nodes[1:]):
        text = _write(node, setting)
        leads = node.kind == "paragraph" and after is not None and after.kind in _LED_TO
        written.append(f"#leading-to[{text}];" if leads else text)
    return "".join(written)


def _inside(node: Node, setting: Setting) -> str:
    return "".join(_write(child, setting) for child in node.children)


def _paragraph(node: Node, setting: Setting) -> str:
    inner = _inside(node, setting)
    right = runs_rightwards(node.children, setting.language)
    if right == setting.rightwards:
        return inner + "#parbreak();"
    return f"#rightwards[{inner}];" if right else f"#leftwards[{inner}];"


def _heading(node: Node, setting: Setting) -> str:
    return f"#subheading[{_inside(node, setting)}];"


def _list(node: Node, setting: Setting) -> str:
    start = f"start: {list_start(node)}, " if node.kind == "ordered_list" else ""
    name = "numbered" if start else "bullets"
    items = ", ".join(f"[{_item(child, setting)}]" for child in node.children)
    return f"#{name}({start}{items});"


def _item(node: Node, setting: Setting) -> str:
    task = node.get("task")
    box = f"#{quote('☑ ' if task == 'done' else '☐ ')};" if task else ""
    return box + _inside(node, setting)


def _alert(node: Node, setting: Setting) -> str:
    titled = bool(node.children) and node.children[0].kind == "alert_title"
    title = f", title: [{_inside(node.children[0], setting)}]" if titled else ""
    inner = "".join(_write(child, setting) for child in node.children[titled:])
    side = ", side: right" if setting.rightwards else ""
    return f"#alert({quote(node.get('type'))}{title}{side})[{inner}];"


def _ruby(node: Node, setting: Setting) -> str:
    """Write a reading above what it reads; a word may have several such pairs."""
    written, base = "", ""
    for child in node.children:
        if child.kind == "ruby_text":
            written += f"#ruby[{base}][{_inside(child, setting)}];"
            base = ""
        else:
            base += _write(child, setting)
    return written + base


def _code_block(node: Node, setting: Setting) -> str:
    if is_hidden_test(node):
        return ""
    marked = setting.cloze and has_code_holes(node)
    code, _, marks = fill_holes(node.text) if marked else (node.text, (), ())
    lines: list[list[str]] = [[]]
    for kind, text, hidden in code_tokens(code, node.get("language") or "text", marks=marks):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                end = ", true" if hidden else ""
                lines[-1].append(f"({quote(kind)}, {quote(part.expandtabs(4))}{end})")
    while lines and not lines[-1]:
        lines.pop()
    stress = array(map(str, stressed_lines(node)))
    return f"#code-block({array(map(array, lines))}, stress: {stress});"


def _code(node: Node, setting: Setting) -> str:
    if setting.rightwards:
        return f"#code[#{quote(_LEFT)};{words(node.text)}#{quote(_END)};];"
    return f"#code[{words(node.text)}];"


def _formula(node: Node, setting: Setting) -> str:
    display = is_displayed(node)
    latex = strip_markers(node.text, braces=True) if setting.cloze else node.text
    name = "display-formula" if display else "formula"
    boxed = ", boxed: true" if setting.boxed and node.kind == "math_block" else ""
    call = f"#{name}({quote(latex.strip())}, ${write_math(latex, display=display)}${boxed});"
    return f"#hole[{call}];" if latex != node.text else call


def _figure(node: Node, setting: Setting) -> str:
    image = node.children[0]
    if image.kind in PLAYED:
        title = image.get("title")
        return _player(image, setting) + (f'#" ";{words(title)}' if title else "") + "#parbreak();"
    caption = f", caption: [{words(image.get('title'))}]" if image.get("title") else ""
    return f"#picture({_picture(image, setting)}{caption});"


def _image(node: Node, setting: Setting) -> str:
    return f"#small-picture({_picture(node, setting)});"


def _player(node: Node, setting: Setting) -> str:
    return f"#played({quote(node.kind)}, {quote(node.get('label'))});"


def _picture(node: Node, setting: Setting) -> str:
    width = node.get("width")
    if width:
        # A pixel of a page is three quarters of a point.
        length = width if width.endswith("%") else f"{float(width) * 0.75:g}pt"
        width = f", width: {length}"
    return f"{quote(setting.images[node.get('src')])}, alt: {quote(node.text)}{width}"


def _table(node: Node, setting: Setting) -> str:
    start = "start" if setting.rightwards else "left"
    head, *rows = [row.children for part in node.children for row in part.children]
    columns = [
        array(atom for row in (head, *rows) for atom in _atoms(row[at : at + 1], setting))
        for at in range(len(head))
    ]
    written, *others = [
        array(f"[{_inside(cell, setting)}]" for cell in cells) for cells in (head, *rows)
    ]
    aligns = array(quote(cell.get("align") or start) for cell in head)
    return f"#grid-table({aligns}, {written}, {array(others)}, {array(columns)});"


def _atoms(cells: tuple[Node, ...], setting: Setting) -> list[str]:
    """Return what cannot be broken in cells: the longest word, formulas and images."""
    parts = re.split(r"\s+", plain_text(cells))
    longest = max((piece for part in parts for piece in _cut_word(part)), key=len, default="")
    whole = ("math", "math_display", "image")
    return [
        f"[#strong[#{quote(longest)};];]",
        *(f"[{_write(node, setting)}]" for node in walk(cells) if node.kind in whole),
    ]


def _footnotes(node: Node, setting: Setting) -> str:
    notes = (
        f"({quote(child.get('number'))}, [{_inside(child, setting)}])" for child in node.children
    )
    return f"#remarks({array(notes)});"


def _footnote_ref(node: Node, setting: Setting) -> str:
    return f"#super[#{quote(node.get('number'))};];"


def _citation(node: Node, setting: Setting) -> str:
    return f"#cited[{words('[' + '; '.join(work.text for work in node.children) + ']')}];"


def _link(node: Node, setting: Setting) -> str:
    return f"#link({quote(node.get('href'))})[{_inside(node, setting)}];"


_WRITERS: dict[str, Callable[[Node, Setting], str]] = {
    "paragraph": _paragraph,
    "plain": lambda node, setting: _apart(_inside(node, setting), node.children, setting),
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "list_item": _item,
    "alert": _alert,
    "ruby": _ruby,
    "code_block": _code_block,
    "thematic_break": lambda node, setting: "#rule();",
    "math_block": _formula,
    "math": _formula,
    "math_display": _formula,
    "figure": _figure,
    "image": _image,
    "sound": _player,
    "video": _player,
    "table": _table,
    "footnotes": _footnotes,
    "footnote_ref": _footnote_ref,
    "citation": _citation,
    "definition_list": _inside,
    "text": lambda node, setting: words(node.text, hyphenated=setting.hyphenated),
    "code": _code,
    "link": _link,
    "soft_break": lambda node, setting: '#" ";',
    "hard_break": lambda node, setting: "#linebreak();",
}
