"""Decks for the tests of the HTML sheet: one with a note of each sort, one of hard cases."""

from __future__ import annotations

from pathlib import Path

from deckpress import build

DECK = """\
title: Sheet Deck
slug: sheet
description: A deck for the tests of the sheet.
author: Someone
license: CC BY 4.0
categories:
  - {slug: one, name: First Part}
  - {slug: two, name: Second Part}
"""
COMPANIES = """\
companies:
  - slug: acme
    name: Acme
    facts: [{key: naive, kind: asked, source: talk, says: Estimates}]
  - {slug: bolt, name: Bolt}
"""
SOURCES = 'sources:\n  talk: {title: "A talk", grade: A, date: "2025"}\n'
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="{height}" '
    'viewBox="0 0 300 {height}"><rect width="300" height="{height}" fill="#0550ae"/></svg>'
)

ONE = """\
---
companies: {acme: {kind: asked, source: talk, grade: A, date: "2025"}}
difficulty: easy
tags: [alpha]
sources: [{title: "A book", url: "https://example.com/book"}]
checked: 2026-01-02
---
# What is a naïve estimate? {#naive}

It is the mean answer.

![A blue square of the first kind.](blue.svg)

Then the rest.

Some more of the zebra.

# Why is $a^2 + b^2 = c^2$ true? {#pythagoras difficulty=medium tags="alpha,beta"}

Because of the areas, so $c = \\sqrt{a^2 + b^2}$ follows.

| | Left |
|--|--|
| one | `two` |

> [!NOTE]
> Only in the plane.

## Pitfalls

Other triangles.

# The three primary colours {#colours difficulty=hard}

The colours are {{c1::red::warm}}, {{c2::green}} and {{c3::blue}}, with $x = {{c1::y^2}}$.

```python cloze
mix = {{c4::sum(colours)}}
```
"""
TWO = """\
---
companies: {bolt: {kind: subject, source: talk}}
tags: [beta]
---
# Sort a list. {#sort .coding difficulty=easy}

```python
def sort(values):
    ...
```

---

Take the least each time.

```python
def sort(values):
    return sorted(values)  # in order
```

![A blue square of the first kind.](../one/blue.svg)

# Design a queue. {#queue .design difficulty=hard tags=gamma}

Two stacks will do.

## First step

Push on one.

## Follow-ups

What if it is empty?
"""
WIDE_FORMULA = " + ".join(f"x_{{{n}}} y_{{{n}}}" for n in range(10, 30))
WIDE_CODE = (
    "    value = function_of_one(" + ", ".join(f"argument_{n}" for n in range(8)) + ") # end"
)
HARD = f"""\
# A formula of over two hundred characters {{#formula}}

On a line of its own it ends in z:

$$
{WIDE_FORMULA} = z
$$

Among words: ${WIDE_FORMULA} = z$ it does, too. codeend

# Code of 120 columns {{#code}}

The code is wide.

```python
{WIDE_CODE}
averylongname_{"x" * 110}_tokenend
```

# A table of eight columns {{#table}}

Every column has a header.

| {" | ".join(f"Heading{n}" for n in range(8))} |
|{"--|" * 8}
| {" | ".join(f"content{n} of it" for n in range(8))} |

# A tall figure {{#figure}}

It is tall.

![A figure much taller than wide.](tall.svg)

# Emoji 😀👩‍🔬, 機械学習の質問は何ですか, and שלום עולם {{#scripts}}

Emoji 😀, 日本語の文は長くて空白がないので行の終わりで折り返さなければならない、そうでないと切れてしまう, עברית مرحبا بالعالم scriptend.

# {"Unbreakable" * 12} {{#word}}

{"Averylongword" * 12}wordend.
"""


def write_deck(root: Path, files: dict[str, str]) -> Path:
    """Write a deck and build its sheet; return the sheet's path."""
    files = {"deck.yaml": DECK, "companies.yaml": COMPANIES, "sources.yaml": SOURCES, **files}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return build(root, root.parent / "build", formats=("html",)).outputs[0].path


def write_sheet(folder: Path) -> Path:
    """Build the sheet with a note of each sort."""
    files = {"one/a.md": ONE, "one/blue.svg": FIGURE.format(height=200), "two/b.md": TWO}
    return write_deck(folder / "cards", files)


def write_hard_sheet(folder: Path) -> Path:
    """Build the sheet of what is too wide, too tall, or not Latin."""
    return write_deck(
        folder / "cards", {"one/hard.md": HARD, "one/tall.svg": FIGURE.format(height=2400)}
    )


def write_large_sheet(folder: Path, count: int) -> Path:
    """Build a sheet of many notes."""
    notes = [
        f"# Question q{n}q? {{#note-{n}}}\n\nAnswer {n} with $x_{{{n % 40}}}$.\n\nMore {n}.\n"
        for n in range(count)
    ]
    return write_deck(folder / "cards", {"one/many.md": "\n".join(notes)})
