"""LaTeX formulas as Typst math, by way of their MathML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

from deckpress.mathml import MathError, read_latex

APPLY, NOTHING = "\u2061", "\u2063"
BIG = frozenset("∑∏∐⋃⋂⨁⨂⨀⨄⨆⋁⋀")
INTEGRALS = frozenset("∫∬∭⨌∮∯∰")
FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩⟮⟯⟦⟧⎰⎱⌜⌝⌞⌟/\\↑↓↕⇑⇓⇕" + NOTHING)
ACCENTS = {
    "ˆ": "hat", "\u0302": "hat", "¯": "macron", "\u0332": "overline", "˜": "tilde",
    "\u0303": "tilde", "⃗": "arrow", "→": "arrow", "←": "arrow.l", "↔": "arrow.l.r", "˙": "dot",
    "¨": "dot.double", "⃛": "dot.triple", "⃜": "dot.quad", "ˇ": "caron", "˘": "breve",
    "´": "acute", "`": "grave", "˚": "circle", "⏞": "overbrace", "⎴": "overbracket",
    "⏜": "overparen",
}  # fmt: skip
UNDER_ACCENTS = {
    "\u0332": "underline", "⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen",
}  # fmt: skip
LABELLED = frozenset({"overbrace", "overbracket", "overparen", *UNDER_ACCENTS.values()})
PRIMES = {"′": 1, "″": 2, "‴": 3, "⁗": 4}
SPACES = {
    0.0: "", 0.167: "thin", 0.222: "med", 0.278: "thick", 1.0: "quad", 2.0: "wide",
}  # fmt: skip
AUTOMATIC_SPACE = "0.1667em"
"""What math-core puts before the name of a function; Typst spaces those by itself."""

CALLIGRAPHIC, SCRIPT = "\ufe00", "\ufe01"


@lru_cache(maxsize=4096)
def write_math(latex: str, *, display: bool) -> str:
    """Write a formula as Typst math.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        What stands between the dollar signs in Typst.

    Raises:
        MathError: math-core refuses the formula, or it holds what Typst cannot set.
    """
    return _row(list(read_latex(latex, display=display)), script=False)


def _row(elements: Sequence[Element], *, script: bool) -> str:
    parts: list[str] = []
    index = 0
    while index < len(elements):
        element = elements[index]
        following = elements[index + 1 : index + 3]
        dots = [_text(each) for each in (element, *following)]
        if dots in (["."] * 3, ["·"] * 3):
            parts.append("dots.h" if dots[0] == "." else "dots.h.c")
            index += 3
            continue
        if following and _text(following[0]) == APPLY:
            parts.append(_function(element, script=script))
            index += 2
            continue
        parts.append(_write(element, script=script))
        index += 1
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    joined = ""
    for part in parts:
        # Typst shows a blank beside a text in quotes, and nowhere else.
        close = joined.endswith('"') or part.startswith('"')
        joined += part if close or not joined or not part else f" {part}"
    return joined


def _write(element: Element, *, script: bool) -> str:
    writer = _WRITERS.get(element.tag)
    if writer is None:
        raise MathError(f"'{element.tag}' cannot be set")
    return writer(element, script)


def _function(element: Element, *, script: bool) -> str:
    """Write the name of a function, with its sub- and superscripts: spaced as such."""
    if element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        return _scripts(element, script, function=True)
    name = _name(element)
    return f'op("{_quote(name)}")' if name else _write(element, script=script)


def _name(element: Element) -> str:
    """Return the word that an element is, if it is one of upright letters."""
    words = [each for each in element.iter() if each.tag not in ("mrow", "mspace")]
    return _text(words[0]) if [each.tag for each in words] in (["mi"], ["mo"]) else ""


def _text(element: Element) -> str:
    return element.text or "" if element.tag in ("mi", "mn", "mo") else ""


def _identifier(element: Element, script: bool) -> str:
    text = _text(element)
    for selector, style in ((CALLIGRAPHIC, "cal"), (SCRIPT, "scr")):
        if selector in text:
            letters = [unicodedata.normalize("NFKC", sign) for sign in text if sign != selector]
            if letters[0] == "∅":
                return text
            return f"{style}({' '.join(map(_sign, letters))})"
    if len(text) > 1:
        return f'"{_quote(text)}"'
    if text == ":":
        return r'class("punctuation", \:)'
    if element.get("mathvariant") == "normal" and text.isalpha() and not _upright(text):
        return f"upright({text})"
    return f"italic({text})" if _upright(text) and not element.get("mathvariant") else _sign(text)


def _upright(letter: str) -> bool:
    """Say whether Typst sets a letter upright by itself: as TeX does, Greek capitals."""
    return "Α" <= letter <= "Ω"


def _sign(text: str) -> str:
    return f"\\{text}" if text.isascii() and not text.isalnum() and text not in "+=<>" else text


def _quote(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _number(element: Element, script: bool) -> str:
    text = _text(element)
    return text if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else f'"{_quote(text)}"'


def _words(element: Element, script: bool) -> str:
    text = (element.text or "").replace("\u00a0", " ")
    parts = [f'"{_quote(text)}"'] if text else []
    for child in element:
        style = {"b": "bold", "i": "italic"}.get(child.tag)
        if style is None or len(child):
            raise MathError(f"text marked as '{child.tag}' cannot be set")
        parts.append(f'{style}("{_quote(child.text or "")}")')
        parts += [f'"{_quote(child.tail)}"'] if child.tail else []
    if not text.strip() and not len(element):
        return "#h(0.333em);" if text else ""
    return "".join(parts)


def _operator(element: Element, script: bool) -> str:
    text = _text(element)
    if text in (APPLY, NOTHING, "\u2062", ""):
        return ""
    if len(text) > 1:
        return f'op("{_quote(text)}")' if text.isalpha() else f'"{_quote(text)}"'
    if text in PRIMES:
        return " ".join(["prime"] * PRIMES[text])
    sign = _sign(text)
    if "minsize" in element.attrib:
        sign = f"lr(size: #{element.get('minsize')}, {sign})"
    forms = {"prefix": "opening", "postfix": "closing"}
    form = forms.get(element.get("form", "")) if text in "|‖" else None
    if form is None and not script and text not in BIG | INTEGRALS and _is_tight(element):
        form = "normal"
    return f'class("{form}", {sign})' if form else sign


def _is_tight(element: Element) -> bool:
    """Say whether LaTeX sets an operator without the space that is usual around it."""
    left, right = element.get("lspace"), element.get("rspace")
    return right == "0" and (left == "0" or element.text == ",")


def _group(element: Element, script: bool) -> str:
    inner = list(element)
    if element.get("style", "").startswith("color:"):
        raise MathError("colour in a formula cannot be set")
    if len(inner) >= 2 and _is_fence(inner[0]) and _is_fence(inner[-1]):
        return _fenced(inner, script=script)
    if not inner:
        return '""'
    return _styled(element, _row(inner, script=script))


def _styled(element: Element, written: str) -> str:
    style = {"true": "display", "false": "inline"}.get(element.get("displaystyle", ""))
    return f"{style}({written})" if style else written


def _is_fence(element: Element) -> bool:
    return (
        element.tag == "mo"
        and _text(element) in FENCES
        and element.get("stretchy") != "false"
        and "minsize" not in element.attrib
    )


def _fenced(inner: Sequence[Element], *, script: bool) -> str:
    opening, closing = (_sign(_text(each).strip(NOTHING)) for each in (inner[0], inner[-1]))
    content = inner[1:-1]
    if (
        len(content) == 1
        and content[0].get("linethickness") == "0"
        and (opening, closing)
        == (
            r"\(",
            r"\)",
        )
    ):
        above, below = (_argument(each, script=script) for each in content[0])
        return _styled(content[0], f"binom({above}, {below})")
    runs: list[str] = []
    start = 0
    for index, each in enumerate(content):
        if _is_fence(each) and each.get("stretchy") == "true":
            runs += [_row(content[start:index], script=script), f"mid({_sign(_text(each))})"]
            start = index + 1
    runs.append(_row(content[start:], script=script))
    return f"lr({_join([part for part in (opening, *runs, closing) if part])})"


def _argument(element: Element, *, script: bool = False) -> str:
    written = _row(list(element), script=script) if _is_plain(element) else ""
    return written or _write(element, script=script) or '""'


def _is_plain(element: Element) -> bool:
    return (
        element.tag == "mrow"
        and len(element) > 0
        and not element.attrib
        and not (_is_fence(element[0]) and _is_fence(element[-1]))
    )


def _fraction(element: Element, script: bool) -> str:
    above, below = (_argument(each, script=script) for each in element)
    if element.get("linethickness") == "0":
        return _styled(element, f"mat(delim: #none, {above}; {below})")
    return _styled(element, f"frac({above}, {below})")


def _root(element: Element, script: bool) -> str:
    radicand, degree = (_argument(each, script=script) for each in element)
    return f"root({degree}, {radicand})"


def _scripts(element: Element, script: bool, *, function: bool = False) -> str:
    base, *rest = element
    if element.tag in ("munder", "mover"):
        accented = _accent(element, script) or _labelled(element, script) or _arrow(element, script)
        if accented:
            return accented
    if element.tag == "munderover" and (arrow := _arrow(element, script)):
        return arrow
    below = above = None
    match element.tag:
        case "msub" | "munder":
            below = rest[0]
        case "msup" | "mover":
            above = rest[0]
        case _:
            below, above = rest
    written = _base(element, base, script, function=function)
    primes, above = _split_primes(above) if element.tag.startswith("ms") else ("", above)
    written += primes
    written += f"_({_argument(below, script=True)})" if below is not None else ""
    return written + (f"^({_argument(above, script=True)})" if above is not None else "")


def _base(element: Element, base: Element, script: bool, *, function: bool) -> str:
    written = _function(base, script=script) if function else _argument(base, script=script)
    text = _text(base)
    if element.tag.startswith("mu") or element.tag == "mover":
        by_itself = text in BIG and base.get("movablelimits") != "false"
        return written if by_itself else f"limits({written})"
    simple = base.tag in ("mi", "mn", "mtext") or (text in FENCES and text)
    return written if simple and not function else f"scripts({written})"


def _split_primes(above: Element | None) -> tuple[str, Element | None]:
    """Take the primes off a superscript: Typst has a mark for them."""
    if above is None:
        return "", None
    marks = list(above) if above.tag == "mrow" else [above]
    count = 0
    while marks and _text(marks[0]) in PRIMES:
        count += PRIMES[_text(marks.pop(0))]
    if not count:
        return "", above
    rest = Element("mrow")
    rest.extend(marks)
    return "'" * count, rest if marks else None


def _accent(element: Element, script: bool) -> str:
    base, mark = element
    known = ACCENTS if element.tag == "mover" else UNDER_ACCENTS
    if element.get("accent") != "true" and element.get("accentunder") != "true":
        return ""
    name = known.get(_text(mark))
    if name is None:
        raise MathError(f"the accent '{_text(mark)}' cannot be set")
    inner = _argument(base, script=script)
    narrow = mark.get("stretchy") == "false" and base.tag == "mrow" and len(base) > 1
    return f"{name}({inner}{', size: #0%' if narrow else ''})"


def _labelled(element: Element, script: bool) -> str:
    """Write a brace over or under a formula together with its label."""
    base, label = element
    if base.tag != element.tag:
        return ""
    name = (ACCENTS if base.tag == "mover" else UNDER_ACCENTS).get(_text(base[-1]), "")
    if name not in LABELLED:
        return ""
    inner = _accent(base, script)
    return f"{inner[:-1]}, {_argument(label, script=True)})" if inner else ""


def _arrow(element: Element, script: bool) -> str:
    """Write an arrow that is as long as what stands above and below it."""
    base, *labels = element
    if not all(each.tag in ("mover", "munder") and each[-1].tag == "mspace" for each in labels):
        return ""
    written = [
        _row([part for part in each[0] if part.tag != "mspace"], script=True) for each in labels
    ]
    below = written[0] if element.tag != "mover" else ""
    above = written[-1] if element.tag != "munder" else ""
    marks = (f"_({below})" if below else "") + (f"^({above})" if above else "")
    return f"stretch({_text(base)}, size: #(100% + 0.9em)){marks}"


def _space(element: Element, script: bool) -> str:
    width = element.get("width") or element.get("style", "").partition("margin-left:")[2]
    if not width or width == AUTOMATIC_SPACE:
        return ""
    size = width.strip(";").removesuffix("em")
    try:
        name = SPACES.get(round(float(size), 3))
    except ValueError:
        raise MathError(f"a space of '{width}' cannot be set") from None
    return f"#h({float(size):.3f}em);" if name is None else name


def _padded(element: Element, script: bool) -> str:
    style = element.get("style", "")
    left, right = (
        float(match[1]) if (match := re.search(rf"padding-{side}:([0-9.]+)", style)) else 0
        for side in ("left", "right")
    )
    inner = _row(list(element), script=script)
    spaces = [SPACES.get(round(size, 3), f"#h({size}em);") for size in (left, right)]
    return _join([part for part in (spaces[0], inner, spaces[1]) if part])


def _enclosed(element: Element, script: bool) -> str:
    inner = _row([each for each in element if not each.get("class")], script=script)
    match element.get("notation"):
        case "box":
            return f"#box(stroke: 0.05em, inset: 0.3em, $display({inner})$);"
        case "updiagonalstrike":
            return f"cancel({inner})"
        case "downdiagonalstrike":
            return f"cancel({inner}, inverted: #true)"
        case "updiagonalstrike downdiagonalstrike":
            return f"cancel({inner}, cross: #true)"
    raise MathError(f"the frame '{element.get('notation')}' cannot be set")


def _phantom(element: Element, script: bool) -> str:
    return f"#hide(${_row(list(element), script=script)}$);"


def _root_of_row(element: Element, script: bool) -> str:
    return f"sqrt({_join([_argument(each, script=script) for each in element])})"


def _table(element: Element, script: bool) -> str:
    """Write rows and columns; the pairs of columns that `aligned` makes share an alignment mark."""
    rows = [[cell for cell in row if "width:" not in _style(cell)] for row in element]
    if any("width:" in _style(cell) and len(cell) for row in element for cell in row):
        raise MathError("a numbered equation cannot be set")
    display = element.get("displaystyle") == "true"
    written = [_table_row(row, display=display, script=script) for row in rows]
    gap = "0.6em" if display else "0.25em"
    columns = "2em" if display else "1em"
    options = f"delim: #none, row-gap: #{gap}, column-gap: #{columns}{_rules(rows)}"
    return f"mat({options}, {'; '.join(written)})"


def _table_row(cells: Sequence[Element], *, display: bool, script: bool) -> str:
    columns: list[str] = []
    for index, cell in enumerate(cells):
        written = _row(list(cell), script=script)
        written = f"display({written})" if display and written else written
        if index and _joins(cells[index - 1], cell):
            columns[-1] = f"{columns[-1].removesuffix(' &')} & {written}"
        elif "text-align: right" in _style(cell):
            columns.append(f"{written} &")
        elif "text-align: left" in _style(cell):
            columns.append(f"& {written}")
        else:
            columns.append(written or '""')
    return ", ".join(columns)


def _joins(left: Element, right: Element) -> bool:
    """Say whether two cells are the sides of one equation of `aligned`."""
    return "padding-right: 0" in _style(left) and "padding-left: 0" in _style(right)


def _style(element: Element) -> str:
    return element.get("style", "")


def _rules(rows: Sequence[Sequence[Element]]) -> str:
    """Write the rules of an array, which MathML keeps as borders of cells."""
    across = [i for i, row in enumerate(rows) if any("border-top" in _style(c) for c in row)]
    below = [i + 1 for i, row in enumerate(rows) if any("border-bottom" in _style(c) for c in row)]
    first = rows[0] if rows else []
    down = [i + 1 for i, cell in enumerate(first) if "border-right" in _style(cell)]
    down += [i for i, cell in enumerate(first) if "border-left" in _style(cell)]
    if not across and not below and not down:
        return ""
    lines = "".join(f"{number}, " for number in sorted({*across, *below}))
    bars = "".join(f"{number}, " for number in sorted(set(down)))
    return f", augment: #(hline: ({lines}), vline: ({bars}), stroke: 0.05em)"


_WRITERS: dict[str, Callable[[Element, bool], str]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _words,
    "mspace": _space,
    "mrow": _group,
    "mfrac": _fraction,
    "msqrt": _root_of_row,
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _scripts,
    "mover": _scripts,
    "munderover": _scripts,
    "mtable": _table,
    "menclose": _enclosed,
    "mphantom": _phantom,
    "mpadded": _padded,
}
