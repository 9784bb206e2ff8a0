"""The document tree as Typst markup that calls the functions of `sheet/elements.typ`.

All of it goes through `math/typst_code`, which writes texts of cards as strings of Typst, so none
of it can ever be Typst code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeAlias

from deckpress.markup.direction import runs_rightwards
from deckpress.markup.line_width import code_bounds, line_bounds, perhaps_widest, text_bounds
from deckpress.math.extent import formula_extent
from deckpress.math.formula import write_math
from deckpress.math.typst_code import (
    NOTHING,
    Arguments,
    Markup,
    Math,
    Value,
    arguments,
    call,
    join,
    labelled,
    name,
    number,
    show,
)
from deckpress.text.characters import tie_signs
from deckpress.tree.cloze import fill_holes, strip_markers
from deckpress.tree.code import code_tokens
from deckpress.tree.node import (
    PLAYED,
    Node,
    has_code_holes,
    is_displayed,
    is_formula,
    is_hidden_test,
    list_start,
    plain_text,
    stressed_lines,
    walk,
)

_TYPE = 1.02
"""The size of type in formulas, in that around them."""

_MOST_EMS = 40
"""No line is so wide; the bound of a wider formula says nothing."""

_LED_TO = ("figure", "math_block")
_LONGEST_WORD, _WORD_PIECE = 22, 11
_SPACES = re.compile(r"[ \t\n\r\f\v\u2028\u2029]+")
"""Spaces at which a line may end; others are kept."""
_FIRST_LINE = 12
"""How many characters surely stand in the first line of a cell."""
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

_BREAK, _RIGHT_SIDE = call("box"), name("right")

_LOOKS = {
    "ow": "k", **dict.fromkeys(("nf", "fm", "nc", "nd", "ne", "nn", "nt"), "nf"), "dl": "s",
    "il": "m", **dict.fromkeys(("nb", "bp", "na", "no", "nv", "vc", "vg", "vi"), "nb"),
}  # fmt: skip
_FAMILIES = ("k", "s", "m", "c")
"""Classes of Pygments that stand for all which begin like them and are printed alike."""

_Run: TypeAlias = tuple[str | None, str, tuple[bool, ...]]
"""Code that looks the same: the class (None: spaces), the text, and True if it is hidden."""

_SIGNS = ".,;:!?()[]{}«»„“”‚‘’\"'"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the writing of a note depends on.

    `images` gives for each image's `src` the path under which Typst reads it; `cloze` says that
    code and formulas may hold cloze markers, which are then taken out; `boxed` frames formulas on
    lines of their own. `language` is what it is written in, `rightwards` says that this runs from
    right to left, and `hyphenated` that long words are divided by its rules. `measured` says that
    it is only measured: what stands in the sheet, too, would be measured twice.
    """

    images: Mapping[str, str]
    cloze: bool = False
    boxed: bool = False
    language: str = "en"
    rightwards: bool = False
    hyphenated: bool = False
    measured: bool = False


def write_typst(nodes: Iterable[Node], setting: Setting) -> Markup:
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


def write_line(nodes: Iterable[Node], setting: Setting) -> Markup:
    """Write a text of one line, such as a question, which runs as its letters do."""
    found = list(nodes)
    return _apart(write_typst(found, setting), found, setting)


def _apart(written: Markup, nodes: Sequence[Node], setting: Setting) -> Markup:
    """Set apart what runs otherwise than the text around it, by Unicode's marks."""
    right = runs_rightwards(nodes, setting.language)
    if right == setting.rightwards or not written:
        return written
    return join((_RIGHT if right else _LEFT, written, _END))


def words(text: str, *, hyphenated: bool = False) -> Markup:
    """Write running text as markup; long words may break, spaces that may break count as one.

    Args:
        text: the text.
        hyphenated: whether Typst divides words, and does it better.
    """
    parts = re.split(rf"(\S{{{_LONGEST_WORD},}})", _SPACES.sub(" ", text))
    return join(
        join(_cut_word(part), _BREAK)
        if index % 2 and not (hyphenated and part.strip(_SIGNS).isalpha())
        else part
        for index, part in enumerate(parts)
        if part
    )


def _cut_word(word: str) -> list[str]:
    if len(word) < _LONGEST_WORD:
        return [word]
    return [
        piece[at : at + _WORD_PIECE]
        for piece in _CUT_AFTER.split(word)
        for at in range(0, len(piece), _WORD_PIECE)
    ]


def _write(node: Node, setting: Setting) -> Markup:
    if node.kind in _WRAPPED:
        sided = setting.rightwards and node.kind in _SIDED
        side = {"side": _RIGHT_SIDE} if sided else {}
        function = _WRAPPED[node.kind]
        if setting.measured and node.kind == "strong":
            function = _bold(node)
        return call(function, body=_inside(node, setting), **side)
    return _WRITERS[node.kind](node, setting)


def _write_blocks(nodes: Sequence[Node], setting: Setting) -> Markup:
    """Write nodes; a paragraph stays with what it leads to."""
    written = []
    for node, after in zip_longest(nodes, nodes[1:]):
        text = _write(node, setting)
        leads = node.kind == "paragraph" and after is not None and after.kind in _LED_TO
        written.append(call("leading-to", body=text) if leads else text)
    return join(written)


def _inside(node: Node, setting: Setting) -> Markup:
    return join([_write(child, setting) for child in node.children])


def _paragraph(node: Node, setting: Setting) -> Markup:
    inner = _inside(node, setting)
    right = runs_rightwards(node.children, setting.language)
    if right == setting.rightwards:
        return join((inner, call("parbreak")))
    return call("rightwards" if right else "leftwards", body=inner)


def _heading(node: Node, setting: Setting) -> Markup:
    return call("subheading", body=_inside(node, setting))


def _list(node: Node, setting: Setting) -> Markup:
    items = [_item(child, setting) for child in node.children]
    if node.kind == "ordered_list":
        return call("numbered", arguments(start=list_start(node)), *items)
    return call("bullets", *items)


def _item(node: Node, setting: Setting) -> Markup:
    task = node.get("task")
    box = show("☑ " if task == "done" else "☐ ") if task else NOTHING
    return join((box, _inside(node, setting)))


def _alert(node: Node, setting: Setting) -> Markup:
    titled = bool(node.children) and node.children[0].kind == "alert_title"
    more: dict[str, Value] = {}
    if titled:
        more["title"] = _inside(node.children[0], setting)
    if setting.rightwards:
        more["side"] = _RIGHT_SIDE
    inner = join([_write(child, setting) for child in node.children[titled:]])
    return call("alert", node.get("type"), body=inner, **more)


def _ruby(node: Node, setting: Setting) -> Markup:
    """Write a reading above what it reads; a word may have several such pairs."""
    written: list[Markup] = []
    base: list[Markup] = []
    for child in node.children:
        if child.kind == "ruby_text":
            written.append(call("ruby", body=(join(base), _inside(child, setting))))
            base = []
        else:
            base.append(_write(child, setting))
    return join((*written, *base))


def _code_block(node: Node, setting: Setting) -> Markup:
    if is_hidden_test(node):
        return NOTHING
    marked = setting.cloze and has_code_holes(node)
    code, _, marks = fill_holes(node.text) if marked else (node.text, (), ())
    lines: list[list[_Run]] = [[]]
    for kind, text, hidden in code_tokens(code, node.get("language") or "text", marks=marks):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                _add_run(lines[-1], kind, part.expandtabs(4), hidden)
    while lines and not lines[-1]:
        lines.pop()
    written: list[list[Value]] = [
        [(look or "", text, *hides) for look, text, hides in line] for line in lines
    ]
    # No sign takes more room than it has bytes.
    longest = max(sum(len(text.encode()) for _, text, _ in line) for line in lines or [[]])
    return call("code-block", [*written], stress=[*stressed_lines(node)], longest=longest)


def _add_run(line: list[_Run], kind: str, text: str, hidden: bool) -> None:
    """Add a piece to a line of code; neighbours that look the same are one run.

    Each run costs Typst as much as a word of a text. A space looks like any other.
    """
    look = _LOOKS.get(kind, kind[:1] if kind[:1] in _FAMILIES else "") if text.strip(" ") else None
    hides = (True,) if hidden else ()
    if line:
        last, before, hid = line[-1]
        if hid == hides and (look is None or last is None or look == last):
            line[-1] = (last if look is None else look, before + text, hides)
            return
    line.append((look, text, hides))


def _code(node: Node, setting: Setting) -> Markup:
    said = words(node.text)
    function = "code-type" if setting.measured else "code"
    return call(function, body=join((_LEFT, said, _END)) if setting.rightwards else said)


def _formula(node: Node, setting: Setting) -> Markup:
    display = is_displayed(node)
    latex = strip_markers(node.text, braces=True) if setting.cloze else node.text
    name = "display-formula" if display else "formula"
    boxed: dict[str, Any] = {"boxed": True} if setting.boxed and node.kind == "math_block" else {}
    alternative = "measured" if setting.measured else latex.strip()
    written = call(name, alternative, _bounded(latex, display), **boxed)
    return call("hole", body=written) if latex != node.text else written


def _bounded(latex: str, display: bool) -> Math | Markup:
    """Write a formula; unless it is tall in a line of text, with a label that bounds its width."""
    formula, extent = write_math(latex, display=display), formula_extent(latex, display=display)
    if extent.width > _MOST_EMS or not (display or extent.low):
        return formula
    return labelled(formula, f"within-{math.ceil(_TYPE * extent.width)}em")


def _figure(node: Node, setting: Setting) -> Markup:
    image = node.children[0]
    title = image.get("title")
    if image.kind in PLAYED:
        said = (" ", words(title)) if title else ()
        return join((_player(image, setting), *said, call("parbreak")))
    caption = {"caption": words(title)} if title else {}
    return call("picture", _picture(image, setting), **caption)


def _image(node: Node, setting: Setting) -> Markup:
    return call("small-picture", _picture(node, setting))


def _player(node: Node, setting: Setting) -> Markup:
    return call("played", node.kind, node.get("label"))


def _picture(node: Node, setting: Setting) -> Arguments:
    width = node.get("width")
    more: dict[str, Value] = {}
    if width.endswith("%"):
        more["width"] = number(float(width[:-1]), "%")
    elif width:
        # A pixel of a page is three quarters of a point.
        more["width"] = number(float(width) * 0.75, "pt")
    return arguments(setting.images[node.get("src")], alt=node.text, **more)


def _table(node: Node, setting: Setting) -> Markup:
    start = "start" if setting.rightwards else "left"
    rows = [row.children for part in node.children for row in part.children]
    written = [[_inside(cell, setting) for cell in cells] for cells in rows]
    if node.get("listed"):
        head, *others = written
        return call("listed-table", [*head], [[*cells] for cells in others])
    inner = [[cell.children for cell in cells] for cells in rows]
    head, *others = [
        beside_readings(cells, texts, setting) for cells, texts in zip(inner, written, strict=True)
    ]
    measured = replace(setting, measured=True)
    columns: list[Value] = []
    for at in range(len(rows[0])):
        cells = [cell for row in rows for cell in row[at : at + 1]]
        columns.append((_least(cells, measured), _natural(cells, measured)))
    aligns = [cell.get("align") or start for cell in rows[0]]
    return call("grid-table", [*aligns], [*head], [[*cells] for cells in others], columns)


def beside_readings(
    row: Sequence[Sequence[Node]], written: Sequence[Markup], setting: Setting
) -> list[Markup]:
    """Bring the first lines of the cells of a row to one height.

    Args:
        row: the nodes in each cell.
        written: the same, as they are written.
        setting: how they are written.

    Returns:
        What is written, lower beside a cell that begins with a reading above a word.
    """
    readings = [_first_reading(cell) for cell in row]
    first = next(filter(None, readings), None)
    if first is None or all(readings):
        return [*written]
    lower = call("beside-readings", body=_ruby(first, setting))
    return [
        cell if own else join((lower, cell)) for own, cell in zip(readings, written, strict=True)
    ]


def _first_reading(cell: Sequence[Node]) -> Node | None:
    """Return the first word with a reading above it, if it surely is in the first line."""
    before = 0
    for node in walk(cell):
        if node.kind == "ruby":
            return node
        before += len(node.text)
        if before > _FIRST_LINE or node.kind.endswith("_break"):
            break
    return None


def _natural(column: Sequence[Node], setting: Setting) -> Markup:
    """Write the cells that may be the widest of a column, whose first is its head.

    Those of mere words stand below one another in one text, for each text costs as much as a cell.
    """
    texts = []
    others = []
    for at in perhaps_widest([line_bounds(cell, bold=not at) for at, cell in enumerate(column)]):
        cell = column[at]
        written = _inside(cell, setting)
        is_words = all(node.kind in ("text", "soft_break") for node in cell.children)
        said = _SPACES.sub(" ", tie_signs(plain_text(cell.children), setting.language))
        if not at:
            others.append(call(_bold(cell), body=written))
        elif is_words and max(map(len, said.split()), default=0) < _LONGEST_WORD:
            texts.append(said)
        else:
            others.append(written)
    return join([*([show("\n".join(texts))] if texts else []), *others], call("linebreak"))


def _bold(node: Node) -> str:
    """Return the function for what is measured in bold; only one of them makes formulas bold."""
    return "strong" if any(map(is_formula, walk((node,)))) else "bold"


def _least(cells: Sequence[Node], setting: Setting) -> Markup:
    """Write what of a column cannot be broken and may be the widest: words, formulas, images."""
    pieces = _widest(
        _longest_piece(tie_signs(plain_text((cell,)), setting.language)) for cell in cells
    )
    # Letters of code are wider than most others.
    codes = _widest(
        _longest_piece(" ".join(node.text for node in walk((cell,)) if node.kind == "code"))
        for cell in cells
    )
    whole = [node for node in walk(cells) if node.kind in ("math", "math_display", "image")]
    kept = perhaps_widest(
        [
            *(text_bounds(piece, bold=True) for piece in pieces),
            *(code_bounds(code) for code in codes),
            *map(line_bounds, whole),
        ]
    )
    among = [piece for at, piece in enumerate(pieces) if at in kept]
    typed = [code for at, code in enumerate(codes, len(pieces)) if at in kept]
    written = [
        call(name, body=show("\n".join(found)))
        for name, found in (("bold", among), ("code-type", typed))
        if found
    ]
    first = len(pieces) + len(codes)
    written += (_write(node, setting) for at, node in enumerate(whole, first) if at in kept)
    return join(written, call("linebreak"))


def _widest(words: Iterable[str]) -> list[str]:
    """Return the words, the longest first, but for those that are found within another."""
    kept: list[str] = []
    for word in sorted(filter(None, set(words)), key=lambda word: (-len(word), word)):
        if not any(word in longer for longer in kept):
            kept.append(word)
    return kept


def _longest_piece(text: str) -> str:
    pieces = (piece for word in _SPACES.split(text) for piece in _cut_word(word))
    return max(pieces, key=len, default="")


def _footnotes(node: Node, setting: Setting) -> Markup:
    notes: list[Value] = [(child.get("number"), _inside(child, setting)) for child in node.children]
    return call("remarks", notes)


def _footnote_ref(node: Node, setting: Setting) -> Markup:
    return call("super", body=show(node.get("number")))


def _citation(node: Node, setting: Setting) -> Markup:
    return call("cited", body=words("[" + "; ".join(work.text for work in node.children) + "]"))


def _link(node: Node, setting: Setting) -> Markup:
    return call("link", node.get("href"), body=_inside(node, setting))


_WRITERS: dict[str, Callable[[Node, Setting], Markup]] = {
    "paragraph": _paragraph,
    "plain": lambda node, setting: _apart(_inside(node, setting), node.children, setting),
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "list_item": _item,
    "alert": _alert,
    "ruby": _ruby,
    "code_block": _code_block,
    "thematic_break": lambda node, setting: call("rule"),
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
    "text": lambda node, setting: words(
        tie_signs(node.text, setting.language), hyphenated=setting.hyphenated
    ),
    "code": _code,
    "link": _link,
    "soft_break": lambda node, setting: show(" "),
    "hard_break": lambda node, setting: call("linebreak"),
}
