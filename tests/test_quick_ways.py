"""Quick ways of reading find what the slow ones find, in whatever is thrown at them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from random import Random
from string import ascii_letters
from unicodedata import normalize

import pytest
from pygments.lexers import get_lexer_by_name

from deckpress.anki import ledger
from deckpress.anki.ledger import read_ledger, seal
from deckpress.anki.note import content_hash, hashes
from deckpress.markdown import parser
from deckpress.markdown.faults import find_block_faults
from deckpress.markdown.simple_blocks import split_blocks
from deckpress.markdown.simple_words import _SUSPECT, _may_be_marked, is_simple
from deckpress.math.formula import _can_surely_be_set, write_math
from deckpress.math.mathml import MathError, write_mathml
from deckpress.reading.checks import find_misspelt
from deckpress.text import yaml as yaml_text
from deckpress.text.characters import FORBIDDEN, find_forbidden
from deckpress.text.problem import Problem
from deckpress.tree import code
from deckpress.tree.first_characters import ASCII, first_characters
from deckpress.tree.holes import has_marker

WORDS = (
    "word", "a", "A1", " ", "  ", "\n", "*a*", "**b**", "*a b*", "**a b**", "`c`", "` c`", "`c d`",
    "`", "*", "**", "_", "(", ")", ".", ",", ":", "::", "!", "!!", "?", "-", ">", "#", "1. ", "- ",
    "> ", "é", "中", "。", "“", "+", "@", "|", "\t", "x*y*", "*x*y", "`a``b`", "a*", "*b", "\u00a0",
    "*é*", "`*a*`", "`$a`", "`{{c1::b}}`", "{{c1::d}}", "$x$", "[a](https://b.c)", "~", "==", "%%",
    "^", "\\", "&amp;", "<br>", "[^1]", "[@k]", "[[w]]", "{width=3}", "😀", "☃",
)  # fmt: skip
BLOCKS = (
    "a\n", "b c\n", "\n", "- x\n", "  - y\n", "1. z\n", "> q\n", "# h\n", "---\n", "===\n", "***\n",
    "```\n", "~~~\n", "    code\n", "| a | b |\n", "|---|---|\n", "$$\n", "\\[\n", "\\]\n", "%%\n",
    "[r]: https://a.b\n", "[^1]: note\n", ": definition\n", "~ other\n", "<div>\n", "</div>\n",
    "<!-- c -->\n", "\\begin{align}\n", "\\end{align}\n", "+ p\n", "a | b\n", "- | -\n", "> - ",
    "> [!NOTE]\n", "\t", "  ", "#", "-", "=\n", "中\n",
)  # fmt: skip
YAML = (
    "a: ", "b", "\n", "  ", "- ", "[", "]", "{", "}", ", ", '"', "'", "~", "null", "#", " ",
    "c: 1\n", "\n  - ", "\n\n", "...", "---\n", "? ", ": ", "é", '"\\x1f"', '""', "list:\n  - x\n",
    "\t", "yes", "1.10", "key: [a, b]\n", "t: 'q'\n", "- - a\n", ":", "{a: b}", "x:\n", '"k": v\n',
)  # fmt: skip
YAML_SIGNS = (
    "*", "&", "!", "%", "@", "`", ">", "|", "\\", "p > q", "50%", "a & b", "`c`", "m@n", "wow!", "a|b",
    '"it\'s *x*"', "'q > r'", '"\\""', '\\"', "\\\\", '"a \\"b\\" c"', ": >\n", "key: |\n  text\n",
    "k: >-\n  a\n  b\n\n  c\n", "  more\n", "\n   deep\n", '"{x} > y"', "\\alpha", "> ", "| ", "* ",
    "!!str ", "&x ", "*x ", "%YAML 1.1\n", "- >\n  y\n", "<<: b\n", "it's", "#5 ", " #", "--", "!= ",
    "-> ", "a''b", "\\\n", " \n",
)  # fmt: skip
CODE = """#!/bin/sh
def f(x: int = 0x1F, *args) -> "T":  # note
    '''Say {x!r}.''' ; return f"{x:>{args[0]}} \\n" @ 1.5e3
SELECT a, count(*) FROM t WHERE x = 'y' -- c
int main(void) { /* c */ return g("%d\\n", 'c') ? 1 : -1; } // x
<a href="x">b &amp; c</a> {"k": [1, null, true]} $HOME ${i%.*} `ls`
"""
TYPED = "class A\n{\n  Str f() { Int[] x := 1 }\n}\n"
"""In Fantom a type is read by the same lexer once more, from another state."""


def pieces(parts: Sequence[str], seed: int, most: int = 12) -> list[str]:
    """Return texts made of parts at random, the same each time."""
    random = Random(seed)
    return ["".join(random.choices(parts, k=random.randint(1, most))) for _ in range(500)]


def test_simple_words_are_read_as_the_parser_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees and faults are the same, with their places, wherever the words stand."""
    texts = [p + t for p in ("", "- ", "> 1. ", "# ", "| a |\n|---|\n| ") for t in pieces(WORDS, 1)]
    quick = [parser.read_markdown(text) for text in texts]
    assert sum(map(is_simple, texts)) > len(texts) / 20
    monkeypatch.setattr(parser, "is_simple", lambda text: False)
    for text, found in zip(texts, quick, strict=True):
        assert found == parser.read_markdown(text), text


def test_rules_that_are_not_asked_would_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """All rules asked everywhere make the same tokens."""
    few = parser._parser()
    monkeypatch.setattr(parser, "_ask_few", lambda md: None)
    all_ = parser._parser()
    for text in (*pieces(BLOCKS, 2), *pieces((*BLOCKS, *WORDS), 3)):
        one: dict[str, object] = {}
        other: dict[str, object] = {}
        assert few.parse(text, one) == all_.parse(text, other), text
        assert all(one.get(k) == other.get(k) for k in ("references", "duplicate_refs")), text


def simple_texts() -> list[str]:
    """Return texts made of blocks, most of which need no parser."""
    simple = [block for block in BLOCKS if split_blocks(f"\n\n{block}") is not None]
    simple += [
        "- x\n- y\n\n",
        "\n\n---\n",
        "$$\nx\n$$\n\n",
        "```py\n\n  x\n```\n",
        "- x\u2028y\n\n",
    ]
    return [*pieces(BLOCKS, 5), *pieces(simple, 6), *pieces((*simple, "\n", *WORDS), 7)]


def test_plain_blocks_are_read_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paragraph or list that is one token has the tree and the faults that it has of many."""

    def read(text: str) -> tuple[parser.Reading, list[Problem]]:
        tokens, _ = parser.parse_blocks(text)
        faults = list(find_block_faults(tokens, text.split("\n")))
        return parser.read_markdown(text), faults

    lines = [
        "a b.",
        "*c* d",
        "",
        "\n",
        "\n\n- a `e`\n- **f** *g*\n",
        "b) h",
        "c) **i**",
        "`l`",
        "b) m `n`",
        "\n\n- o\n",
    ]
    lines = [*(f"{line}\n" for line in lines), "i | j\n", "\n\n- b) p\n- c) q\n\n", "r *s*, t\n"]
    texts = [*simple_texts(), *pieces(lines, 12), *("\n\n" + text for text in pieces(lines, 13))]
    quick = [read(text) for text in texts]
    plain = [t for text in texts for t in parser.parse_blocks(text)[0] if "plain" in t.type]
    assert sum(token.type == "plain_paragraph" for token in plain) > 200
    assert sum(token.type == "plain_list" for token in plain) > 100
    monkeypatch.setattr(parser, "_is_plain", lambda text: False)
    for text, found in zip(texts, quick, strict=True):
        assert found == read(text), text


def test_simple_blocks_are_read_as_the_parser_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are the same, down to the lines that they stand on."""
    monkeypatch.setattr(parser, "_is_plain", lambda text: False)
    count = 0
    for text in simple_texts():
        blocks = split_blocks(text)
        if blocks is not None:
            count += 1
            lines = text.count("\n") + (not text.endswith("\n"))
            assert parser._tokens_of(blocks, lines) == parser._BLOCKS.parse(text, {}), text
    assert count > 200


def test_short_yaml_is_read_alike() -> None:
    """What libyaml makes nodes of gives the values and places that the events give."""
    count = 0
    for text in pieces(YAML, 4):
        quick = None if yaml_text._is_unlike(text) else yaml_text._read_quickly(text, "p", 2)
        if quick is not None:
            count += 1
            assert quick == yaml_text._read(text, "p", 2, yaml_text._READERS[-1]), text
    assert count > 50


def test_yaml_is_read_alike_by_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs that mean something only where a value begins keep no text from it."""
    texts = pieces((*YAML, *YAML_SIGNS), 8, most=9)
    found = [yaml_text.read_yaml(text, "p", 2) for text in texts]
    signs = [any(sign in text for sign in "*&!%@`>|\\") for text in texts]
    quick = [not yaml_text._is_unlike(text) for text in texts]
    count = sum(s and q and not f.problems for s, q, f in zip(signs, quick, found, strict=True))
    assert count > 10
    monkeypatch.setattr(yaml_text, "_is_unlike", lambda text: True)
    for text, one in zip(texts, found, strict=True):
        assert one == yaml_text.read_yaml(text, "p", 2), text


@pytest.mark.parametrize("depth", [40, 41, 900])
def test_yaml_that_nests_too_deep_is_left_to_the_slow_reader(depth: int) -> None:
    """The limit is the same in both."""
    text = "[" * depth + "]" * depth
    quick = yaml_text._read_quickly(text, "p", 1)
    assert (quick is None) == bool(yaml_text.read_yaml(text, "p").problems) == (depth > 40)


@pytest.mark.parametrize(
    "language",
    [
        "python",
        "pycon",
        "sql",
        "bash",
        "c",
        "cpp",
        "java",
        "js",
        "ts",
        "go",
        "rust",
        "r",
        "html",
        "css",
        "xml",
        "yaml",
        "toml",
        "ini",
        "diff",
        "docker",
        "make",
        "tex",
        "scala",
        "haskell",
        "fan",
    ],
)
def test_sorted_rules_colour_alike(language: str) -> None:
    """A lexer that was used often splits as before."""
    lexer = get_lexer_by_name(language, stripnl=False)
    random = Random(5)
    marks = re.findall(r"\s|\w+|.", CODE)
    texts = [CODE, TYPED, *("".join(random.choices(marks, k=60)) for _ in range(20))]
    known = {text: list(lexer.get_tokens(text)) for text in texts}
    code._USES[language] = code._OFTEN - 1
    for text in texts:
        assert list(code._practised(language).get_tokens(text)) == known[text]


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("ab|cd", "ac"),
        ("(?i)k", "kK"),
        ("(?i)ſ", None),
        (r"(?a)\S", None),
        ("(?i)[a-c]x", "abcABC"),
        ("(?i:a)b", "aA"),
        ("(?i)(?-i:a)b", "a"),
        ("(?i)[^a]", None),
        (r"(?<!\.)(a|b)\b", "ab"),
        (r"\A(x?)(y*?)z", "xyz"),
        (r"(\s*)(#|//)", "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f #/"),
        (r"(?:x{2,3}|[0-9])", "x0123456789"),
        (r"(?>a|b)c", "ab"),
        (r"a*+b", "ab"),
        ("[é-ü]", ""),
        (r"[^\W\d]", ascii_letters + "_"),
        ("", None),
        ("a?", None),
        ("$|a", None),
        (".", None),
        (r"(a?)\1b", None),
    ],
)
def test_first_characters_are_known(pattern: str, first: str | None) -> None:
    """A match begins with none but these; all, where that cannot be said."""
    found = first_characters(re.compile(pattern))
    assert found == (ASCII if first is None else frozenset(first))


SIGNS = (
    "::", ":", ":::", "!", "!!!", "???", ":x:", "#tag", "# ", ".. a", "#+a", "a:: b", "(@a)", "((a))",
    "a", " ", "\n", ". ", "é", "\u200d", "\ufeff", "\ue000", "\t", "\x1f", "中", "\u00a0", "^",
)  # fmt: skip


def test_signs_are_looked_for_in_all_texts_that_have_them() -> None:
    """What a quick look passes over holds nothing that a search would find."""
    marked = 0
    for text in pieces(SIGNS, 8):
        marked += bool(_SUSPECT.search(text))
        assert _may_be_marked(text) or not _SUSPECT.search(text), text
        assert bool(find_forbidden(text)) == bool(FORBIDDEN.search(text)), text
    assert marked > 50


BRACES = (
    "{{c1::a}}", "{{1::b}}", "{", "{{", "}}", "<!-- -->", "%%x%%", "&#123;", "&lbrace;", "\\{", "$", "`",
    "c1::", "a", " ", "\n", "\n\n", "$x$", "$$\n", "[", "](https://a.b)", "*", "- ",
)  # fmt: skip


def test_no_hole_comes_from_nowhere() -> None:
    """Holes and what looks like one need a brace or an entity in the source."""
    found = 0
    for text in pieces(BRACES, 9):
        nodes = parser.read_markdown(text).nodes
        holes = has_marker(nodes) or bool(list(find_misspelt(nodes, "")))
        found += holes
        assert not holes or "{" in text or "&" in text, text
    assert found > 20


LINES = (
    '{"deckpress": 1, "namespace": "small", "decks": {"one": "One::01 One"}}',
    '{"note_type": "t", "hash": "h", "mod": 5, "fields": ["f"], "templates": ["c"]}',
    *(
        f'{{"id": "{name}", "kind": "basic", "note_type": "t", "hash": "h", "mod": 5, "created": 1, '
        f'"order": {order}, "question": "A \\"{name}\\"?", "released": ["x"]}}'
        for order, name in enumerate("abc", 1)
    ),
)
EDITS = (
    ('"mod": 5', '"mod": 50'), ('"order"', '"orders"'), ('"t"', '"u"'), ('"b"', '"a"'), ("1", "1.0"),
    ("{", "{{"), ("}", "}, {}"), ("A ", "A\\u001f "), ("A ", "A\x7f "), ("A ", "Ä "), ('"h"', "null"),
    ('"hash"', '"guid": "g", "hash"'), ('"deckpress": 1', '"deckpress": 2'), ("\n", "\n\n"),
    ('"id"', '"lines": 1, "id"'), ("]", "], "), ('"hash": "h"', '"retired": 50, "hash": "h"'),
)  # fmt: skip


def test_a_ledger_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole or damaged, whatever the quick reader takes is what the slow one reads."""
    random = Random(10)
    texts = [seal("\n".join(LINES))]
    for _ in range(400):
        text = "\n".join(random.sample(LINES, len(LINES)) if random.random() < 0.2 else LINES)
        for was, now in random.sample(EDITS, random.randint(1, 2)):
            text = text.replace(was, now, random.choice((1, -1)))
        texts.append(seal(text) if random.random() < 0.9 else text)
    quick = [ledger._read_quickly(text, 10) for text in texts]
    assert 20 < sum(found is not None for found in quick) < 380
    monkeypatch.setattr(ledger, "_read_quickly", lambda text, latest: None)
    for text, found in zip(texts, quick, strict=True):
        slow, problems = read_ledger(text, "deck.lock", 10)
        assert found is None or (found, []) == (slow, problems), text
    assert quick[0] is not None


LATEX = (
    "x", "y_i", "^{2}", "_{ij}", r"\frac{a}{b}", r"\sum_{i=1}^{n}", r"\hat{y}", r"\vec x", r"\bar{ab}", r"\not x",
    r"\widehat{xy}", r"\overset{a}{=}", r"\underset{b}{+}", r"\stackrel{d}{=}", r"\xrightarrow{f}", r"\binom{n}{k}",
    r"\overbrace{a+b}^{c}", r"\underbrace{a}_{d}", r"\text{if }", r"\mathbb{R}", r"\mathcal{L}", r"\mathrm{d}",
    r"\log p", r"\lim_{x\to0}", r"\left( ", r"\right) ", r"\bigl[", r"\|", r"\mid ", ",", "<", ">", r"\quad ", r"\,",
    r"\color{red}{a}", r"\boxed{a}", r"\cancel{a}", r"\phantom{a}", r"\begin{aligned}a&=b\end{aligned}", "'", "…",
    r"\sqrt{x}", r"\sqrt[3]{x}", r"\operatorname{f}(x)", r"\ne ", r"\not= ", r"\hspace{3pt}", r"\mathring{a}",
    r"\textbf{b}", r"\dot{a}", r"\ddot{a}", r"\acute{a}", r"\check{a}", r"\overline{z}", r"\underline{z}", "中", "é",
    r"\widetilde{ab}", r"\overleftarrow{ab}", r"\dots ", r"\prime ", r"\displaystyle ", r"\tag{1}", r"\kern3em ", r"^{\kern3.5em}", "=",
)  # fmt: skip


def test_a_formula_that_surely_can_be_set_can_be_set() -> None:
    """What a look at MathML passes, Typst's writer takes, and it passes most of it."""
    random = Random(11)
    passed = refused = 0
    for _ in range(1500):
        latex = " ".join(random.choices(LATEX, k=random.randint(1, 4)))
        try:
            mathml = write_mathml(latex, display=True)
        except MathError:
            continue
        sure = _can_surely_be_set(mathml)
        try:
            write_math(latex, display=True)
        except MathError:
            refused += 1
            assert not sure, latex
        else:
            passed += sure
    assert passed > 300
    assert refused > 30


def test_hashes_are_those_of_json() -> None:
    """Fields are written once for both hashes, which are those of the note and its fields whole."""
    random = Random(12)
    parts = ('"a"', "<b>x</b>", "e\u0301", "é", "\\frac", "\n", "\u2028", "中", "&amp;", "")
    for _ in range(200):
        fields = ["".join(random.choices(parts, k=random.randint(0, 3))) for _ in range(4)]
        note = ["basic", "Deck::é", fields, ["a::b", "c"], ["x.png"]]
        whole = json.dumps(note, ensure_ascii=False, separators=(",", ":"))
        kept = [normalize("NFC", field) for field in fields]
        while kept and not kept[-1]:
            kept.pop()
        found = hashes("basic", "Deck::é", fields, ["a::b", "c"], ["x.png"])
        assert found[0] == sha256(whole.encode()).hexdigest()[:16]
        assert found[1] == sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()[:12]
        assert found[1] == content_hash(fields)
