"""Attributes in braces, as Pandoc, kramdown and Logseq write them: `{width=300}`, `{: .big}`."""

from __future__ import annotations

import re
from typing import Any

_BRACES = re.compile(r"\{:?[ \t]*(?P<inner>[^{}\n]*)\}")
_ITEM = re.compile(
    r"""(?P<mark>[.#][\w:-]+)|(?P<key>:?[A-Za-z][\w-]*)(?:=|\s+)"""
    r"""(?P<value>"[^"]*"|'[^']*'|[\w.%-]+)|(?P<bare>-|toc|ignore)"""
)
_WIDTH = re.compile(r"(\d{1,5}(?:\.\d+)?)(px|%|)")
_BEFORE = ("image", "link_close", "code_inline", "mark_close", "math_inline")


def read_items(braces: str) -> dict[str, str] | None:
    """Read the attributes in braces.

    Args:
        braces: a text such as `{.big width=300}` or `{:height 50, :width 30%}`.

    Returns:
        Values by name (classes and ids by themselves); None when they are no attributes.
    """
    match = _BRACES.fullmatch(braces)
    if not match or not match["inner"].strip():
        return None
    found: dict[str, str] = {}
    at, inner = 0, match["inner"].strip()
    while at < len(inner):
        item = _ITEM.match(inner, at)
        if not item:
            return None
        if item["key"]:
            found[item["key"].lstrip(":")] = item["value"].strip("\"'")
        else:
            found[item[0]] = ""
        at = item.end() + len(inner[item.end() :]) - len(inner[item.end() :].lstrip(" \t,"))
    return found


def read_width(text: str) -> str:
    """Return a width in pixels or in hundredths of the line; empty when it is neither."""
    match = _WIDTH.fullmatch(text.strip())
    return f"{match[1]}{'%' if match[2] == '%' else ''}" if match else ""


def read_attributes(state: Any, silent: bool) -> bool:
    """Read braces right behind an image, a link, code or emphasis, or alone on a line."""
    match = _BRACES.match(state.src, state.pos)
    if not match or silent:
        return False
    # Emphasis is not yet told from its marks here.
    last = state.tokens[-1].type if state.tokens and not state.pending else ""
    behind = last in _BEFORE or (last == "text" and state.src[state.pos - 1] in "*_=")
    if not behind and not (state.level == 0 and _fills_line(state.src, state.pos, match.end())):
        return False
    items = read_items(match[0])
    if items is None:
        return False
    token = state.push("attributes", "", 0)
    token.content, token.meta = match[0], {"items": items, "behind": bool(behind)}
    state.pos = match.end()
    return True


def _fills_line(text: str, start: int, end: int) -> bool:
    """Say whether nothing else stands on the line of a piece of text."""
    after = text.find("\n", end)
    first = text.rfind("\n", 0, start) + 1
    return not text[first:start].strip() and not text[end : after if after >= 0 else None].strip()


def take_heading_attributes(state: Any) -> None:
    """Take attributes off the end of headings, where they would be shown."""
    for at, token in enumerate(state.tokens):
        if token.type != "inline" or state.tokens[at - 1].type != "heading_open":
            continue
        start = token.content.rfind("{")
        if start > 0 and read_items(token.content[start:].strip()):
            state.tokens[at - 1].meta["attributes"] = token.content[start:].strip()
            token.content = token.content[:start].rstrip()
