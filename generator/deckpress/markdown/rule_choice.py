"""Which rules of the parser are asked at a place: those that can begin with what stands there.

A parser asks each of its rules at each line and at each mark, and nearly all say no at the first
character. So each rule says by which characters it begins, and what a text must hold somewhere for
it to find anything; the others are not asked. What is read stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

Rule = Callable[..., bool]
_Chosen = tuple[Mapping[str, tuple[Rule, ...]], tuple[Rule, ...]]
"""Rules by the character that they are asked at, and those that are asked at any other."""

BLOCK_STARTS: Mapping[str, str] = {
    "math_block": "$", "gaping_formula": "$", "fence": "`~", "amsmath": "\\",
    "bracket_block": "\\", "comment_block": "%", "blockquote": ">", "hr": "*-_",
    "list": "*-+0123456789", "footnote_def": "[", "reference": "[", "html_block": "<",
    "heading": "#",
}  # fmt: skip
"""The characters by which rules for blocks begin; the others take any."""

BLOCK_NEEDS: Mapping[str, re.Pattern[str]] = {
    "table": re.compile(r"\|"),
    "lheading": re.compile(r"[=-][ \t]*$", re.MULTILINE),
    "deflist": re.compile(r"^[ \t>]*[:~]", re.MULTILINE),
}
"""What a text must hold for rules that look at a second line."""

INLINE_STARTS: Mapping[str, str] = {
    "newline": "\n", "math_inline": "$", "bracket_formula": "\\", "escape": "\\",
    "backticks": "`", "strikethrough": "~", "cloze": "{", "mark": "=", "comment": "%",
    "attributes": "{", "emphasis": "*_", "sub_only": "~", "sub": "~", "sup_only": "^",
    "sup": "^", "wiki_link": "![", "citation": "[", "sound": "[", "link": "[", "image": "!",
    "footnote_ref": "[", "autolink": "<", "html_inline": "<", "entity": "&",
}  # fmt: skip
"""The characters by which rules for words begin."""

STOPS = re.compile(r"[\n!$%&*:<=\[\\\]^_`{}~]")
"""Where words end: where a rule may begin, or one that has begun looks for its end."""


def choose_block_rules(names: Sequence[str], rules: Sequence[Rule]) -> Rule:
    """Make one rule of many for blocks.

    Args:
        names: their names.
        rules: the rules, in the order in which they are asked.
    """
    named = list(zip(names, rules, strict=True))
    marks = "".join(BLOCK_STARTS.values())

    @lru_cache(maxsize=1)
    def choose(text: str) -> _Chosen:
        return arrange(tuple(bool(need.search(text)) for need in BLOCK_NEEDS.values()))

    @lru_cache
    def arrange(found: tuple[bool, ...]) -> _Chosen:
        absent = {name for name, is_there in zip(BLOCK_NEEDS, found, strict=True) if not is_there}
        left = [(BLOCK_STARTS.get(name), rule) for name, rule in named if name not in absent]
        chosen = {m: tuple(r for starts, r in left if not starts or m in starts) for m in marks}
        return chosen, tuple(rule for starts, rule in left if not starts)

    def ask(state: Any, first: int, last: int, silent: bool) -> bool:
        chosen, others = choose(state.src)
        at = state.bMarks[first] + state.tShift[first]
        for rule in chosen.get(state.src[at : at + 1], others):
            if rule(state, first, last, silent):
                return True
        return False

    return ask


def choose_inline_rules(names: Sequence[str], rules: Sequence[Rule]) -> Rule:
    """Make one rule of many for words.

    Args:
        names: their names, of which `text` takes what no other begins with.
        rules: the rules, in the order in which they are asked.
    """
    named = dict(zip(names, rules, strict=True))
    words = (named.pop("text"),)
    starts = {name: INLINE_STARTS[name] for name in named}
    marks = sorted({*"".join(starts.values()), *":]}"})
    chosen = {m: tuple(rule for name, rule in named.items() if m in starts[name]) for m in marks}

    def ask(state: Any, silent: bool) -> bool:
        for rule in chosen.get(state.src[state.pos], words):  # noqa: SIM110  # a third faster
            if rule(state, silent):
                return True
        return False

    return ask
