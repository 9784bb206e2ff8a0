"""Formulas of other notations as formulas of a card, or as code where they cannot be set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from deckpress.math.gate import find_fault
from deckpress.text.closed import find_closed
from deckpress.tree.cloze import part_joints, strip_markers

ANKI = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]"
    r"|\[latex\](?P<latex>.*?)\[/latex\]|\[\$\](?P<dollar>.*?)\[/\$\]"
    r"|\[\$\$\](?P<dollars>.*?)\[/\$\$\]"
    r"|<anki-mathjax(?P<block>[^>]*)>(?P<editor>.*?)</anki-mathjax>",
    re.DOTALL | re.IGNORECASE,
)
"""Formulas as Anki's fields hold them: MathJax, LaTeX images, and the editor's own tag."""
_OPENING = re.compile(r"\\[(\[]|\[(?:latex|\$\$?)\]|<anki-mathjax", re.IGNORECASE)

_BREAK = re.compile(r"<br\s*/?>|</(?:div|p|li)>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|flalign|gather|multline)\}")
_SAME = (
    (re.compile(r"\\(?:bm|bold)(?![A-Za-z])"), r"\\boldsymbol"),
    (re.compile(r"\\arg(max|min)(?![A-Za-z])"), r"\\operatorname*{arg\\,\1}"),
    (re.compile(r"\\degree(?![A-Za-z])"), r"^\\circ"),
    (re.compile(r"\\dag(?![A-Za-z])"), r"\\dagger"),
    (re.compile(r"\\(?:label|tag)\{[^{}]*\}|\\nonumber(?![A-Za-z])|\\notag(?![A-Za-z])"), ""),
    (re.compile(r"\\(R|N|Z)(?![A-Za-z])"), r"\\mathbb{\1}"),
    (re.compile(r"\\mathbbm(?![A-Za-z])"), r"\\mathbb"),
    (re.compile(r"\\[hm]box(?![A-Za-z])"), r"\\text"),
    (re.compile(r"\\mathop\s*\{\s*\\(?:mathrm|operatorname|rm|text)\s*\{?([\w\s,]+)\}?\s*\}"),
     r"\\operatorname*{\1}"),
    (re.compile(r"\\mathop\s*\{([\w\s]+)\}"), r"\\operatorname*{\1}"),
    (re.compile(r"\\operatornamewithlimits(?![A-Za-z])"), r"\\operatorname*"),
    (re.compile(r"\\widetilde(?![A-Za-z])"), r"\\tilde"),
    (re.compile(r"\\varprojlim(?![A-Za-z])"), r"\\underset{\\longleftarrow}{\\lim}"),
    (re.compile(r"\\varinjlim(?![A-Za-z])"), r"\\underset{\\longrightarrow}{\\lim}"),
    (re.compile(r"\\llbracket(?![A-Za-z])"), r"[\\!["),
    (re.compile(r"\\rrbracket(?![A-Za-z])"), r"]\\!]"),
    (re.compile(r"\\dotsc(?![A-Za-z])"), r"\\ldots"),
    (re.compile(r"\\(?:colonequals|coloneq)(?![A-Za-z])"), r"\\coloneqq"),
    (re.compile(r"\\thickspace(?![A-Za-z])"), r"\\;"),
    (re.compile(r"\\(begin|end)\{split\}"), r"\\\1{aligned}"),
    (re.compile(r"\\(begin|end)\{eqnarray\*?\}"), r"\\\1{align*}"),
)  # fmt: skip
"""What an outcome does not change, and the gate asks for."""

_EMS = {"pt": 0.1, "px": 0.0625, "pc": 1.2, "mm": 0.2845, "cm": 2.845, "in": 7.227, "ex": 0.43}
_SPACE = re.compile(
    r"\\(?:kern|hskip|hspace\*?\s*\{)\s*(-?[\d.]+)\s*(pt|px|pc|mm|cm|in|ex)(?![A-Za-z])"
)
_LONE_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
"""A backslash at the end of a line, which is a space to Anki."""

_WORDS_WITH_FORMULA = re.compile(r"\\text\s*\{([^{}$]*)\$([^{}$]+)\$([^{}$]*)\}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in Markdown; `fault` says why it is only code, `plain` is what a reader sees."""

    markdown: str
    plain: str
    block: bool = False
    fault: str = ""


def find_formulas(html: str) -> Iterator[re.Match[str]]:
    """Yield the matches of `ANKI`."""
    return find_closed(ANKI, _OPENING, html)


def read_formula(match: re.Match[str]) -> Formula:
    """Read a formula that `ANKI` has found."""
    name = next(key for key, value in match.groupdict().items() if value and key != "block")
    inner = match[name]
    if name == "latex":
        return _from_latex(clean_latex(inner))
    display = name in ("display", "dollars") or "true" in (match["block"] or "")
    return write_formula(clean_latex(inner), display=display)


def clean_latex(html: str) -> str:
    """Free LaTeX of the HTML that an editor leaves in it."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).replace("\xa0", " ").strip()


def _from_latex(text: str) -> Formula:
    for opening, closing, display in (
        ("$$", "$$", True), (r"\[", r"\]", True), ("$", "$", False), (r"\(", r"\)", False)
    ):  # fmt: skip
        size = len(opening)
        if len(text) > 2 * size and text.startswith(opening) and text.endswith(closing):
            inner = text[size:-size]
            if "$" not in inner:
                return write_formula(inner.strip(), display=display)
    if re.match(r"\\begin\{(?:align|equation|gather|multline|displaymath|math)", text):
        text = re.sub(r"\\(?:begin|end)\{(?:displaymath|math|equation)\*?\}", "", text)
        return write_formula(text.strip(), display=True)
    if _MIXED.fullmatch(text):
        return _write_mixed(text)
    return _as_code(text, "LaTeX that is more than one formula", block="\n" in text)


_MIXED = re.compile(r"(?:[^$\\{}%&#]|\\[%&#_ ])*(?:\$[^$]+\$(?:[^$\\{}%&#]|\\[%&#_ ])*)+")
"""Words with formulas among them, and no other LaTeX."""


def _write_mixed(text: str) -> Formula:
    """Write words with formulas among them."""
    pieces = re.split(r"\$([^$]+)\$", text)
    written: list[str] = []
    plain: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            words = " ".join(re.sub(r"\\(.)", r"\1", piece).replace("~", " ").split())
            edges = (" " if piece[:1].isspace() else "", " " if piece[-1:].isspace() else "")
            plain.append(words)
            written.append(
                edges[0] + re.sub(r"([*_`<\[\]])", r"\\\1", words) + (edges[1] if words else "")
            )
            continue
        formula = write_formula(piece.strip(), display=False)
        if formula.fault:
            return _as_code(text, formula.fault, block="\n" in text)
        plain.append(formula.plain)
        written.append(formula.markdown)
    return Formula("".join(written).strip(), "".join(plain))


def write_formula(latex: str, *, display: bool) -> Formula:
    """Write LaTeX as a formula of a card.

    Args:
        latex: the formula without delimiters; it may hold markers of holes.
        display: whether it stands on lines of its own.

    Returns:
        The formula, or, when it could not be set everywhere, its text as code and the reason.
    """
    latex = re.sub(r"\n\s*\n+", "\n", latex).strip()
    if not display:
        latex = " ".join(latex.split())
    if not latex:
        return Formula("", "")
    latex = _NUMBERED.sub(r"\\\1{\2*}", latex)
    latex = _LONE_BREAK.sub(r"\1\\ ", latex)
    for _ in range(latex.count("$") // 2):
        latex = _WORDS_WITH_FORMULA.sub(r"\\text{\1}\2\\text{\3}", latex).replace("\\text{}", "")
    if "$" in latex:
        return _as_code(latex, "a dollar within a formula", block=False)
    latex = part_joints(latex)
    fault = find_fault(strip_markers(latex, braces=True), display=display)
    if fault:
        changed = _SPACE.sub(_in_ems, latex)
        for pattern, better in _SAME:
            changed = pattern.sub(better, changed)
        if find_fault(strip_markers(changed, braces=True), display=display):
            return _as_code(latex, fault.message, block=False)
        latex = changed
    if "`" in latex:
        return _as_code(latex, "a backtick within a formula", block=False)
    if display:
        return Formula(f"$$\n{latex}\n$$", latex, block=True)
    return Formula(f"${latex}$", latex)


def _in_ems(match: re.Match[str]) -> str:
    """Write a space in the width of an M, which all targets can set."""
    try:
        width = float(match[1]) * _EMS[match[2]]
    except ValueError:
        return match[0]
    return (
        match[0][: match.start(1) - match.start()] + f"{width:.2f}".rstrip("0").rstrip(".") + "em"
    )


def _as_code(text: str, why: str, *, block: bool) -> Formula:
    text = strip_markers(text, braces=True)
    if block:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return Formula(f"{fence}latex\n{text}\n{fence}", text, block=True, fault=why)
    return Formula(code_span(" ".join(text.split())), text, fault=why)


def code_span(text: str) -> str:
    """Write words as code among other words."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    # Of code that begins and ends with a blank, Markdown takes one from each side.
    bare = text[:1] == " " == text[-1:] and text.strip(" ")
    space = " " if bare or text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{space}{text}{space}{ticks}"
