"""Notes that are hard to set: long, wide, tall, and in many scripts."""

FORMULA = " + ".join(rf"\alpha_{{{n}}} x_{{{n}}}^2" for n in range(1, 14))
"""A formula of more than 200 characters."""

CODE = (
    'def weigh(first_argument, second_argument, third_argument):  # returns the sum of all of them, '
    'weighted by "key"\n'
    "    return {'中文': first_argument + second_argument, 'last': unbroken_" + "x" * 70 + "}"
)  # fmt: skip

HEADS = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")
ROW = (
    "one",
    "internationalization",
    "three",
    "$\\frac{a}{b}$",
    "five",
    "six",
    "seven",
    "last cell",
)

TALL = b"""<svg xmlns="http://www.w3.org/2000/svg" width="100" height="3000">\
<rect x="5" y="5" width="90" height="2990" fill="none" stroke="#0550ae"/></svg>"""

CARDS = f"""\
---
category: one
difficulty: hard
---

# A long formula {{#formula}}

Short.

$$
L = {FORMULA}
$$

# Wide code {{#code}}

```python
{CODE}
```

# A wide table {{#table}}

Short.

| {" | ".join(HEADS)} |
|{"---|" * 8}
| {" | ".join(ROW)} |

# A tall figure {{#figure}}

Short.

![a tall frame](tall.svg "What it shows")

# Emoji 😀 and 中文字符 and ไทย {{#scripts}}

Text with 👩‍💻 and 日本語 and 한국어 and `代码` to its end.

# Right to left {{#right}}

שלום עולם, זה טקסט בעברית.

# Not Typst: #eval("1") [x] @ref // no comment /* none */ \\$y\\$ {{#escapes}}

#sys.version \\#let x = "\\"; \\*not strong\\* = no heading, <b\\>, `#code()[]`

# A long answer {{#long}}

{"Sentences follow each other, and none of them may be lost on the way to paper. " * 40}The end.
"""
"""A file of cards; beside it lies tall.svg with `TALL`."""
