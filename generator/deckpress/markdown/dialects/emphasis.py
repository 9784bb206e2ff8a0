"""Emphasis beside Chinese, Japanese and Korean punctuation; sub- and superscripts of Pandoc."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

SUPERSCRIPT = re.compile(r"\^[^\s^\[\]]+\^(?!\w)")
SUBSCRIPT = re.compile(r"(?<=\w)~[^\s~]+~(?!~)")


class Run(NamedTuple):
    """Whether a run of marks may open and close emphasis, and how long it is."""

    can_open: bool
    can_close: bool
    length: int


def scan_run(source: str, start: int, most: int, *, within_words: bool) -> Run:
    """Judge a run of `*`, `_` or `~`.

    CommonMark asks for spaces beside punctuation, which these scripts do not have; so beside a wide
    character, punctuation counts as a letter, as in the amendment that makes CommonMark friendly
    to them.

    Args:
        source: the text.
        start: where the run begins.
        most: where the text ends.
        within_words: whether emphasis may begin and end within a word.
    """
    end = start
    while end < most and source[end] == source[start]:
        end += 1
    last = source[start - 1] if start else " "
    following = source[end] if end < most else " "
    blank = last.isspace(), following.isspace()
    wide = is_wide(last), is_wide(following)
    mark = _is_mark(last) and not wide[0], _is_mark(following) and not wide[1]
    left = not blank[1] and (not mark[1] or blank[0] or mark[0] or wide[0])
    right = not blank[0] and (not mark[0] or blank[1] or mark[1] or wide[1])
    if within_words:
        return Run(left, right, end - start)
    can_open = left and (not right or _is_mark(last))
    can_close = right and (not left or _is_mark(following))
    return Run(can_open, can_close, end - start)


def _is_mark(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "P" or category[0] == "S"


def is_wide(character: str) -> bool:
    """Say whether a character is one of the wide ones, beside which punctuation is a letter."""
    return unicodedata.east_asian_width(character) in "WF" and not _is_emoji(character)


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) == "So"
