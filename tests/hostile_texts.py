"""Texts for fuzzing: Markdown with all our dialects, whole, broken, nested and glued together."""

from __future__ import annotations

import re

from hypothesis import strategies as st

_PIECES = r"""
**bold** *it* ***both*** ~~gone~~ ==mark== H~2~O x^2^ `code` ``a`b`` [link](https://example.org)
[a](b "t") <https://example.org> a@b.org &amp; &#x301; \* \$5 $5 5$ -- --- ... "quoted" 'x' © ™
$x^2$ $\frac{a}{b}$ $\left(x\right)$ $`y`$ $a_{b_{c}}$ $\text{a b}$ $\sqrt[3]{x}$ $\mathbb{R}$ $\hat x$
$\begin{pmatrix}a&b\\c&d\end{pmatrix}$ $\|x\|$ $\underbrace{a}_{b}$ $<$ $\{x\}$ $a\,b$ $x'$ $\not=$
{{c1::hole}} {{c2::hole::hint}} {{c1::$x$}} {{c1::`x`}} {{c1::**x**}} {{c1::~~x~~}} ~~{{c1::x}}~~ $\frac{ {{c1::a}} }{b}$
{{c3:: spaced }} {{c1::a::"><b>}} {{c12::x}} {{c1::}} {{ }} {{c1: {{c1::a {{c2::b}} }}
<kbd>K</kbd> <sub>2</sub> <sup>3</sup> <br> <b>x</b> <u>x</u> <mark>x</mark> <ruby>字<rt>zi</rt></ruby> <!-- c --> <i> </b> <x
[[wiki]] [[a|b]] [^n] [@cite] [sound:a.mp3] ![say](a.mp3) ![x](a.svg) ![x](a.png){width=50%} #tag {.c} {#i} %%c%% ^block
你好 “引号”**重** עברית العربية हिन्दी 🎉 👩‍👩‍👧 é é ﷽ ﬁ Ǆ ‮x‬ a​b a­b 𝔸 ∑ ≠ ½ ☐ ￼ ゛
⁦a⁩ ‮b‬ a‍‍b ☃️ 葛󠄀 🇩🇪 1️⃣ 👋🏽 हिन्दी กำ q́́́ ﷐ ͸ 􏿾 a b
$x_\xrightarrow[a]{b}$ $\overset{\xrightarrow{a}}{b}$ $x\tag{1}$ $\label{a}$ $\begin{matrix}\begin{pmatrix}a&b\end{pmatrix}&c\\d\end{matrix}$
[ ] ( ) { } < > | \ ` * _ ~ ^ $ # ! & @ % = + - : ; ' " / ?
"""
_INLINE = re.findall(r"\S+", _PIECES) + re.findall(r".*\S", _PIECES)
_BLOCKS = [
    "- a\n- b\n  - c\n",
    "1. a\n2. b\n",
    "3) a\n\n   b\n",
    "- [ ] a\n- [x] b\n",
    "> quote\n> > deeper\n",
    "> [!note] Title\n> text\n",
    "> [!warning]-\n> text\n",
    "| a | b |\n|---|:-:|\n| `x|y` | **z** |\n",
    "|a|\n|-|\n",
    "```python\nx = 1\n```\n",
    "```python test\nassert True\n```\n",
    "```python cloze\nx = {{c1::1}}\n```\n",
    "``` {.js hl=1}\nlet a = `b`\n```\n",
    "~~~\nraw\n~~~\n",
    '```c++\n#include <x>\n"\\\n```\n',
    "    indented\n",
    "$$\nx = y\n$$\n",
    "$$\n\\begin{aligned}a &= b\\\\ c &= d\\end{aligned}\n$$\n",
    "$$\n{{c1::x}} = 2\n$$\n",
    "\\begin{align*}\na&=b\n\\end{align*}\n",
    "Term\n: definition\n",
    "text[^n]\n\n[^n]: note\n",
    "[^n]: note\n",
    "***\n",
    "## Pitfalls\n\ntext\n",
    "## Follow-ups\n\n- q\n",
    "### Heading\n",
    "<details><summary>s</summary>\n\ntext\n\n</details>\n",
    "<div>x</div>\n",
    "<!-- deckpress: allow x -->\n",
    "---\n",
    "![A figure](a.svg)\n",
    '![A figure](a.svg "with a title")\n',
    "[sound:a.mp3]\n",
    "Answer :: reversed\n",
    "Setext\n======\n",
]
_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cs"])
_words = st.one_of(
    st.sampled_from(_INLINE), st.text(_CHARACTERS, min_size=1, max_size=6), st.just("word")
)
_lines = st.lists(_words, min_size=1, max_size=7).flatmap(
    lambda words: st.sampled_from([" ", ""]).map(lambda glue: glue.join(words))
)
_blocks = st.one_of(st.sampled_from(_BLOCKS), _lines.map(lambda line: f"{line}\n"))
_nested = st.tuples(st.sampled_from(["> ", "- ", "1. ", "  ", "    "]), _blocks).map(
    lambda pair: "".join(f"{pair[0]}{line}\n" for line in pair[1].splitlines())
)
_bodies = st.lists(st.one_of(_blocks, _nested), min_size=1, max_size=5).map("\n".join)
_classes = st.sampled_from(["", " .cloze", " .reversed", " .coding", " .design", " .basic"])
notes = st.tuples(st.one_of(st.just("What is it?"), _lines), _classes, _bodies)
"""A question, the classes behind it, and what stands below it."""
