"""The gate for formulas: what Anki's MathJax, math-core and Typst all set, and set alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckpress.math.formula import check_math
from deckpress.math.mathml import MathError
from deckpress.text.problem import (
    Edit,
    Fix,
    Location,
    Problem,
    location_in,
    offset_of,
    replacing,
)
from deckpress.text.suggestions import nearest


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What math-core 0.9 reads and MathJax 3.2 with Anki's packages does not, found by trying every
# command that math-core knows.
_UNKNOWN_TO_ANKI = _words(
    """
    Alpha Chi Colondash Complex Dagger Dashcolon Epsilon Eta Kappa Larr Lrarr Mu N Nu Omicron
    Overrightarrow P R Rarr Reals Rho Tau VDash Yleft Yright Z alef alefsym angl angln
    approxcolon arcctg arceq arctg argmax argmin ascnode awint bigcupdot bigdoublevee
    bigdoublewedge bm bold bull ch clubs cnums coloncolon coloncolonminus coloncolonsim
    colondash colonequals colonminus copyright cosec ctg cth dag ddag degree diamonds
    dotsminusdots emph empty eqdef equalscolon erf exist hearts iddots image imageof infin
    intBar intbar intclockwise isin kernelcontraction lAngle lBrace lang lightning llangle
    llbracket llparenthesis lq lrArr lrarr mathsterling measeq medspace minuscolon
    minuscoloncolon minuso natnums nequiv ngtrsim nlessgt notni nsubset nsupset oiiint oiint
    operatornamewithlimits origof overgroup overleftharpoon phase plim plusmn pounds questeq
    rAngle rArr rBrace rang rarr ratio real reals relax rq rrangle rrbracket rrparenthesis
    rupee sect sh simcolon simcoloncolon slashed spades stareq sub sumint textsc tg th
    thickspace undergroup vcentcolon veeeq vertoverlay wedgeq weierp
    """
)
# What one of the three reads otherwise or cannot draw, and what reaches outside the formula.
_NOT_ALIKE = _words(
    """
    Coloneq Eqcolon class color coloneq colorbox def eqcolon eqref fcolorbox href label let
    mathchoice mathop newcommand overleftrightarrow prescript providecommand ref renewcommand
    require sideset style surd tag textcolor underleftarrow underleftrightarrow
    underrightarrow url
    """
)
USUAL = _words(
    """
    Delta Gamma Lambda Leftrightarrow Longrightarrow Omega Phi Pi Pr Psi Rightarrow Sigma Theta Xi
    alpha approx arccos arcsin arctan arg ast bar begin beta binom boldsymbol bullet cap cdot cdots
    chi circ colon cong coprod cos cosh cot cup dagger ddot ddots deg delta det dim displaystyle
    div dot dots ell emptyset end epsilon equiv eta exists exp forall frac gamma gcd geq gets gg
    hat hbar iff imath in inf infty int iota ker kappa lambda langle ldots left leftarrow
    leftrightarrow leq lfloor lceil lim ll ln log longrightarrow mapsto mathbb mathbf mathcal
    mathfrak mathit mathrm mathsf mathtt max mid min mp mu nabla neg neq notin nu odot omega
    operatorname oplus otimes overbrace overline overset parallel partial perp phi pi pm prec prime
    prod propto psi quad qquad rangle rfloor rceil rho right rightarrow setminus sigma sim simeq
    sin sinh sqrt star subset subseteq succ sum sup supset supseteq tan tanh tau text textbf
    textit theta tilde times to top triangle underbrace underline underset upsilon varepsilon
    varphi vartheta vdots vec vee wedge widehat xi zeta
    """
)
"""Commands that a misspelt one may have meant."""
_NUMBERED = frozenset({"align", "alignat", "equation", "flalign", "gather", "multline"})
_TEXTS = frozenset({"fbox", "text", "textbf", "textit", "textrm", "textsf", "texttt"})
_OUTRIGHT = "write the formula out"
_WRITTEN = {
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
    "bm": r"\boldsymbol",
    "bold": r"\mathbf",
    "coloneq": r"\coloneqq",
    "colonequals": r"\coloneqq",
    "dag": r"\dagger",
    "degree": r"^\circ",
    "emph": r"\textit",
    "medspace": r"\:",
    "not": r"\cancel",
    "operatornamewithlimits": r"\operatorname*",
    "plim": r"\operatorname*{plim}",
    "mathop": r"\operatorname*",
    "mbox": r"\text",
    "hbox": r"\text",
    "surd": r"\sqrt",
    "thickspace": r"\;",
    "widetilde": r"\tilde",
    **{letter: rf"\mathbb{{{letter}}}" for letter in "NPRZ"},
}
"""What is written in place of commands, which all targets know."""

_ENVIRONMENTS = {"split": "aligned", "eqnarray": "align*"}
_SIZES = frozenset(
    {
        "tiny",
        "scriptsize",
        "footnotesize",
        "small",
        "normalsize",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
        "centering",
        "hfill",
        "par",
        "noindent",
    }
)
"""Commands of a text that a formula does without."""

_HINTS = {
    **{command: f"write {new}" for command, new in _WRITTEN.items()},
    **{name: f"write {new}" for name, new in _ENVIRONMENTS.items()},
    "DeclareMathOperator": r"write \operatorname{...}",
    "def": _OUTRIGHT,
    "href": "put the link outside the formula",
    "left": r"a bracket is needed; < is \langle",
    "let": _OUTRIGHT,
    "mathop": r"write \operatorname*{...}",
    "newcommand": _OUTRIGHT,
    "providecommand": _OUTRIGHT,
    "renewcommand": _OUTRIGHT,
    "smallmatrix": "write matrix or pmatrix",
    **dict.fromkeys(
        (*_SIZES, "vspace"), "leave it out: a formula has the size and place that the card gives it"
    ),
    "substack": "stack the lines with an array",
    "tag": "number it in the text",
    "url": "put the link outside the formula",
    **dict.fromkeys(("N", "P", "R", "Z"), r"write \mathbb{...}"),
}
_NAMED = re.compile(r"(?:\\|environment \")([A-Za-z]+)")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|%", re.DOTALL)
_BREAK_WITH_DISTANCE = re.compile(r"\\\\[*\[]")
_NESTING = re.compile(r"\\(?:[A-Za-z]+|.)|[{}]", re.DOTALL)
_CHAIN = re.compile(r"(?:\\[A-Za-z]+\s*){200}")  # \sqrt\sqrt... nests without braces
_OPEN = 12  # math-core takes twice the time for each bracket that is left open
_BRACKET = re.compile(
    r"(?P<opens>\\\{|\\l(?:brace|brack|angle|ceil|floor|vert|Vert|group|moustache|lcorner|ang)\b"
    r"|\\ulcorner\b|[([⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼])"
    r"|\\\}|\\r(?:brace|brack|angle|ceil|floor|vert|Vert|group|moustache|ang)\b"
    r"|\\[ul]rcorner\b|[)\]⌉⌋⌝⌟⎱❳⟆⟧⟩⟫⟭⟯⦄⦆⦈⦊⦌⦎⦐⦒⦔⦖⦘⧙⧛⧽]"
)
_LONGEST_ENVIRONMENT = 200
"""Within how many lines the end of an environment is looked for."""
_LONGEST, _MOST_COMMANDS = 10_000, 800
_DEEPEST = 24
"""math-core reads by recursion and takes the whole program down at some thousands of commands;
Typst's functions may call one another some dozens of times, and a formula's brackets do."""
_ENVIRONMENT = re.compile(r"\\begin\s*\{(\w+)\}")
# In \text, MathJax knows nothing but these, and shows any other backslash as it is.
_IN_TEXT = re.compile(r"\\[${}]|(?P<literal>\\(?:[A-Za-z]+|.)|~)|(?P<brace>[{}])", re.DOTALL)

_LOOKED_AT = frozenset({*_UNKNOWN_TO_ANKI, *_NOT_ALIKE, *_TEXTS, "", "begin", "\\"})
"""What something may be wrong with: these commands, a percent sign, a line break."""


def find_fault(latex: str, *, display: bool) -> Problem | None:
    """Say what in a formula could not be set everywhere.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        The first mistake, at its place in the formula, or None when all targets can set it.
    """
    if not latex.strip():
        return Problem(Location(), "the formula is empty", rule="empty-formula")
    if _deepest(latex) > _DEEPEST or _CHAIN.search(latex):
        return Problem(Location(), "nested too deeply", "divide it", rule="formula-too-deep")
    if _left_open(latex) > _OPEN:
        return Problem(
            Location(), "too many brackets are not closed", "close them", rule="formula-too-deep"
        )
    if len(latex) > _LONGEST or len(re.findall(r"\\[A-Za-z]+|[_^]", latex)) > _MOST_COMMANDS:
        return Problem(Location(), "the formula is too long", "divide it", rule="formula-too-deep")
    for token in _TOKEN.finditer(latex):
        if token[0][1:] not in _LOOKED_AT:
            continue
        fault = next(_faults_at(latex, token), None)
        if fault:
            return fault
    try:
        check_math(latex, display=display)
    except MathError as error:
        message = error.problem.message
        at = offset_of(latex, error.problem.where)
        here = re.compile(r"\\(?:[A-Za-z]+|.)").match(latex, at)
        if "math mode" in message.lower() and here:
            message = f"{here[0]} is not allowed in a formula"
        named = _NAMED.search(message)
        hint = _HINTS.get(named[1], "") if named else ""
        fixes = _fixes(named[1]) if named else ()
        if named and named[1] in ("ce", "pu"):
            hint, fixes = _without_mhchem(latex[at:])
        elif named and not hint and message.lower().startswith("unknown command"):
            hint, fixes = _for_unknown(named[1])
        where = error.problem.where
        return Problem(where, _sentence(message), hint, rule="unreadable-formula", fixes=fixes)
    return None


def _for_unknown(name: str) -> tuple[str, tuple[Fix, ...]]:
    """Say which command was probably meant, or how a name is written that is none."""
    if len(name) == 1 and name.isupper():
        new = rf"\mathbb{{{name}}}"
        return f"write {new}", (replacing(f"\\{name}", new),)
    near = nearest(name, USUAL, cutoff=0.75)
    new = f"\\{near}" if near else rf"\operatorname{{{name}}}"
    hint = f"did you mean '{new}'?" if near else f"a function of that name is {new}"
    return hint, (replacing(f"\\{name}", new),)


def _without_mhchem(latex: str) -> tuple[str, tuple[Fix, ...]]:
    """Say how a formula of chemistry is written without mhchem, which only Anki has."""
    match = re.match(r"\\(?:ce|pu)\s*\{((?:[^{}]|\{[^{}]*\})*)\}", latex)
    if not match:
        return r"write it with \mathrm{...}, _ and ^", ()
    text = re.sub(r"(?<=[A-Za-z)\]])(\d+)", r"_{\1}", match[1])
    text = re.sub(r"\^(?!\{)(\d*[+-])|(?<=[A-Za-z)}])([+-])(?=[\s$]|$)", r"^{\1\2}", text)
    for arrow, command in (
        ("<=>", r"\rightleftharpoons"),
        ("<->", r"\leftrightarrow"),
        ("->", r"\to"),
        ("<-", r"\leftarrow"),
    ):
        text = text.replace(arrow, f"{command} ")
    written = re.sub(r"_\{(\d)\}", r"_\1", " ".join(text.split()))
    return rf"write \mathrm{{{written}}}", (replacing(match[0], rf"\mathrm{{{written}}}"),)


def _fixes(name: str) -> tuple[Fix, ...]:
    """Return what is written in place of a command or an environment, if one thing is."""
    if name in _WRITTEN:
        return (replacing(f"\\{name}", _WRITTEN[name]),)
    if name in _SIZES:
        return (replacing(f"\\{name}", ""),)
    if name == "smallmatrix":
        return (*_renaming(name, "matrix"), *_renaming(name, "pmatrix"))
    return _renaming(name, _ENVIRONMENTS[name]) if name in _ENVIRONMENTS else ()


def _renaming(name: str, new: str) -> tuple[Fix, ...]:
    ends = Edit(f"\\end{{{name}}}", f"\\end{{{new}}}", lines=_LONGEST_ENVIRONMENT)
    return (Fix(f"write {new}", (Edit(f"\\begin{{{name}}}", f"\\begin{{{new}}}"), ends)),)


def _fault(
    latex: str,
    offset: int,
    message: str,
    hint: str = "",
    *,
    rule: str,
    fixes: tuple[Fix, ...] = (),
) -> Problem:
    return Problem(location_in(latex, offset), message, hint, rule=rule, fixes=fixes)


def _deepest(latex: str) -> int:
    depth = deepest = 0
    for bracket in _NESTING.finditer(latex):
        opens, closes = ("{", r"\left", r"\begin"), ("}", r"\right", r"\end")
        depth += (bracket[0] in opens) - (bracket[0] in closes)
        deepest = max(deepest, depth)
    return deepest


def _left_open(latex: str) -> int:
    """Count the brackets that nothing behind them closes, whatever stood in front."""
    depth = 0
    for bracket in _BRACKET.finditer(latex):
        opens = bracket["opens"] is not None
        depth = depth + 1 if opens else max(depth - 1, 0)
    return depth


def _faults_at(latex: str, token: re.Match[str]) -> Iterator[Problem]:
    start, command = token.start(), token[0][1:]
    if token[0] == "%":
        yield _fault(
            latex,
            start,
            "'%' hides the rest of the line",
            r"write \%",
            rule="percent-in-formula",
            fixes=(replacing("%", r"\%"),),
        )
    if command in _UNKNOWN_TO_ANKI:
        yield _fault(
            latex,
            start,
            f"{token[0]} is not known to Anki",
            _HINTS.get(command, ""),
            rule="unknown-to-anki",
            fixes=_fixes(command),
        )
    if command in _NOT_ALIKE:
        hint = _HINTS.get(command, "leave it out")
        message, fixes = f"{token[0]} does not look the same in all outputs", _fixes(command)
        yield _fault(latex, start, message, hint, rule="not-alike", fixes=fixes)
    if _BREAK_WITH_DISTANCE.match(latex, start):
        hint = "leave the distance out, or put a space before a * or [ that should be shown"
        yield _fault(latex, start, r"a distance after '\\'", hint, rule="line-distance")
    environment = _ENVIRONMENT.match(latex, start)
    if environment and environment[1] in _NUMBERED:
        name = environment[1]
        yield _fault(
            latex,
            start,
            f"{name} would number the equation",
            f"write {name}*",
            rule="numbered-formula",
            fixes=_renaming(name, f"{name}*"),
        )
    if command in _TEXTS and latex[token.end() :].lstrip().startswith("{"):
        yield from _faults_in_text(latex, token.end())


def _faults_in_text(latex: str, start: int) -> Iterator[Problem]:
    depth = 0
    for token in _IN_TEXT.finditer(latex, start):
        if token["literal"]:
            hint = "end the text before it, and continue after it"
            yield _fault(
                latex,
                token.start(),
                f"Anki shows '{token[0]}' in a text as it is typed",
                hint,
                rule="text-in-formula",
            )
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
        if depth == 0:
            return


def _sentence(message: str) -> str:
    text = message.strip().rstrip(".").replace('"', "'").replace("\\\\", "\\")
    return text[:1].lower() + text[1:]
