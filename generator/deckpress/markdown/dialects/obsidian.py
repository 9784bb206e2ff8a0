"""What Obsidian writes: callouts, wiki links, embeds, ==marks==, %%comments%%, ^block-ids."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from deckpress.tree.media import media_type

ALERTS = ("note", "tip", "important", "warning", "caution")
"""The kinds of alerts that outputs have a look for."""

_LOOKS = {
    "hint": "tip", "success": "tip", "check": "tip", "done": "tip", "tldr": "important",
    "abstract": "important", "summary": "important", "attention": "warning", "faq": "important",
    "question": "important", "help": "important", "failure": "caution", "fail": "caution",
    "missing": "caution", "danger": "caution", "error": "caution", "bug": "caution",
}  # fmt: skip
_CALLOUT = re.compile(r"\[!(?P<type>[\w -]{1,30})(?:\|[^\]]*)?\](?P<fold>[+-]?)(?P<title>[^\n]*)")
_WIKI = re.compile(r"(?P<embed>!?)\[\[(?P<target>[^\[\]\n|]+)(?:\|(?P<words>[^\[\]\n]*))?\]\]")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)
_SIZE = re.compile(r"\s*(\d{1,5})(?:x\d{1,5})?\s*")
_BLOCK_ID = re.compile(r"(?<!\S)\^(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{3,}[ \t]*$")
_MARK = re.compile(r"==[^=\s]")
_MARK_END = re.compile(r"\S==(?![=A-Za-z0-9])")


def read_callouts(state: Any) -> None:
    """Turn quotes that begin with `[!type]` into alerts with a title, folded or not."""
    tokens, written = state.tokens, []
    quotes: list[bool] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        written.append(token)
        if token.type == "blockquote_close" and quotes.pop():
            token.type = "alert_close"
        if token.type != "blockquote_open":
            continue
        inline = tokens[at + 1] if at + 1 < len(tokens) else token
        paragraph = tokens[at].type == "paragraph_open" and inline.type == "inline"
        match = _CALLOUT.match(inline.content) if paragraph else None
        quotes.append(bool(match))
        if match:
            written += _open_callout(token, tokens[at : at + 3], match)
            at += 3
    state.tokens = written


def _open_callout(quote: Any, paragraph: list[Any], match: re.Match[str]) -> list[Any]:
    """Make an alert of a quote; return its title and what follows that in its first paragraph."""
    kind = match["type"].strip().lower()
    look = kind if kind in ALERTS else _LOOKS.get(kind, "note")
    quote.type, quote.meta = "alert_open", {"kind": look, "fold": match["fold"]}
    title = match["title"].strip() or (kind.capitalize() if kind != look else "")
    inline = paragraph[1]
    rest = inline.content[match.end() :].lstrip("\n")
    found = []
    if title:
        start, words, end = (part.copy() for part in paragraph)
        start.type, end.type = "callout_title_open", "callout_title_close"
        words.content, words.children = title, []
        found += [start, words, end]
    if rest:
        inline.content = rest
        if inline.map:
            inline.map = [inline.map[0] + 1, inline.map[1]]
        found += paragraph
    return found


def read_wiki(state: Any, silent: bool) -> bool:
    """Read `[[page]]`, `[[page|words]]` and `![[figure.png|alt|300]]`."""
    match = _WIKI.match(state.src, state.pos)
    if not match or (not match["embed"] and state.src[state.pos - 1 : state.pos].isalnum()):
        return False
    target = match["target"].strip()
    # Arrays and tests of shells are written in double brackets as well.
    if not re.search(r"[^\W\d]", target) or match["target"][0] == " " or "," in target:
        return False
    if not silent:
        if match["embed"] and (_IMAGE.search(target) or media_type(target)):
            _push_image(state, target, match["words"] or "")
        else:
            token = state.push("wiki_link", "", 0)
            token.content = match[0]
            token.meta = {
                "embed": bool(match["embed"]),
                "words": (match["words"] or target.lstrip("#")).strip(),
            }
    state.pos = match.end()
    return True


def split_size(alt: str) -> tuple[str, str]:
    """Divide the alt text of `![alt|300](figure.png)` into words and a width in pixels."""
    words, bar, size = alt.rpartition("|")
    match = _SIZE.fullmatch(size) if bar else None
    return (words.rstrip(), match[1]) if match else (alt, "")


def _push_image(state: Any, target: str, words: str) -> None:
    token = state.push("image", "img", 0)
    alt = []
    for part in words.split("|"):
        size = _SIZE.fullmatch(part)
        if size:
            token.meta["width"] = size[1]
        elif part.strip() and part.strip() not in ("left", "right", "center", "inline"):
            alt.append(part.strip())
    name = re.sub(r"[-_\s]+", " ", target.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    token.attrs = {"src": target}
    token.meta |= {"alt": ", ".join(alt) or name.strip(), "named": not alt, "marker": "![["}
    token.children = []


def read_mark(state: Any, silent: bool) -> bool:
    """Read `==marked==`: like emphasis, but never within a word, where it compares."""
    source, start = state.src, state.pos
    before = source[start - 1 : start]
    if not _MARK.match(source, start) or (before and before in "=!<>"):
        return False
    if (before.isascii() and before.isalnum()) or start + 2 > _last_mark_end(source):
        return False
    state.pos, most = start + 2, state.posMax
    while state.pos < most:
        if source.startswith("==", state.pos) and not source[state.pos - 1].isspace():
            break
        if source[state.pos] == "\n" and source.startswith("\n\n", state.pos):
            state.pos = most
            break
        state.md.inline.skipToken(state)
    end = state.pos
    state.pos = start
    after = source[end + 2 : end + 3]
    if end >= most or after == "=" or (after.isascii() and after.isalnum()):
        return False
    if not silent:
        _wrap(state, "mark", start + 2, end)
    state.pos, state.posMax = end + 2, most
    return True


@lru_cache(maxsize=4)
def _last_mark_end(text: str) -> int:
    return max((match.start() for match in _MARK_END.finditer(text)), default=-1)


def _wrap(state: Any, kind: str, start: int, end: int) -> None:
    state.pos, state.posMax = start, end
    state.push(f"{kind}_open", kind, 1)
    state.md.inline.tokenize(state)
    state.push(f"{kind}_close", kind, -1)


def read_comment(state: Any, silent: bool) -> bool:
    """Pass over `%%a comment%%`."""
    source, start = state.src, state.pos
    if not source.startswith("%%", start) or source[start - 1 : start].isdigit():
        return False
    end = source.find("%%", start + 2)
    if end < 0:
        return False
    state.pos = end + 2
    return True


def read_comment_block(state: Any, first: int, last: int, silent: bool) -> bool:
    """Pass over a comment that begins and ends with `%%` lines, whatever stands between."""
    start = state.bMarks[first] + state.tShift[first]
    text = state.src[start : state.eMarks[first]].rstrip()
    if not text.startswith("%%") or state.sCount[first] - state.blkIndent >= 4:
        return False
    if "%%" in text[2:]:
        if not text.endswith("%%") or text.count("%%") != 2:
            return False
        end = first
    else:
        for end in range(first + 1, last):
            line = state.src[state.bMarks[end] : state.eMarks[end]].rstrip()
            if line.endswith("%%"):
                break
            if "%%" in line:
                return False
        else:
            return False
    if not silent:
        state.line = end + 1
        token = state.push("comment", "", 0)
        token.block, token.map = True, [first, end + 1]
    return True


def drop_block_ids(state: Any) -> None:
    """Drop `^block-id` from the end of blocks: it names them for links, and is never shown."""
    for token in state.tokens:
        if token.type == "inline" and "^" in token.content and _BLOCK_ID.search(token.content):
            token.content = _BLOCK_ID.sub("", token.content).rstrip()
