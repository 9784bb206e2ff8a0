"""Formulas of other notations as formulas of a card, or as code where they cannot be set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from deckpress.math.gate import find_fault
from deckpress.tree.cloze import strip_markers

ANKI = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]"
    r"|\[latex\](?P<latex>.*?)\[/latex\]|\[\$\](?P<dollar>.*?)\[/\$\]"
    r"|\[\$\$\](?P<dollars>.*?)\[/\$\$\]"
    r"|<anki-mathjax(?P<block>[^>]*)>(?P<editor>.*?)</anki-mathjax>",
    re.DOTALL | re.IGNORECASE,
)
"""Formulas as Anki's fields hold them: MathJax, LaTeX images, and the editor's own tag."""

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
)
"""What an outcome does not change, and the gate asks for."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in Markdown; `fault` says why it is only code, `plain` is what a reader sees."""

    markdown: str
    plain: str
    block: bool = False
    fault: str = ""


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
    return _as_code(text, "LaTeX that is more than one formula", block="\n" in text)


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
    if "$" in latex:
        return _as_code(latex, "a dollar within a formula", block=False)
    fault = find_fault(strip_markers(latex, braces=True), display=display)
    if fault:
        changed = latex
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


def _as_code(text: str, why: str, *, block: bool) -> Formula:
    text = strip_markers(text, braces=True)
    if block:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return Formula(f"{fence}latex\n{text}\n{fence}", text, block=True, fault=why)
    return Formula(code_span(" ".join(text.split())), text, fault=why)


def code_span(text: str) -> str:
    """Write words as code among other words."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{space}{text}{space}{ticks}"
