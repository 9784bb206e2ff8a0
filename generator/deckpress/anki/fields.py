"""HTML as Anki's fields need it: MathJax delimiters, cloze markers, media by plain name, sounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape

from deckpress.markup.direction import directions_of
from deckpress.markup.html import Target, image_size, write_html
from deckpress.model.words import Words
from deckpress.tree.node import INLINE_KINDS, Node

# Stand-ins for the real markers while every other brace and colon is made harmless.
_OPEN, _INNER, _HINT, _CLOSE = "\ue010", "\ue011", "\ue012", "\ue013"
_MEANT = "\ue014"
"""Sets a command that is meant apart from those that only look like one."""
_MARKS = {"auto": "", "rtl": "&rlm;", "ltr": "&lrm;"}
_BLOCK = re.compile(r"<(?:p|ul|ol|dl|div|table|blockquote|figure|details|h[1-6])\b")
_COMMANDS = re.compile(r"\[(?=sound:|anki:|\$\$?\]|/\$\$?\]|latex\]|/latex\])", re.IGNORECASE)
# A backslash at the end of a piece of text may meet a bracket that begins the next one.
_DELIMITER = re.compile(r"\\(?=[()\[\]]|\Z)")


def write_field(
    nodes: Collection[Node],
    *,
    cloze: bool,
    images: Mapping[str, str],
    words: Words,
    language: str,
    foreign: bool = False,
) -> str:
    """Write document nodes as the HTML of a field of an Anki note.

    What Anki would take for its own in a field, in words as in code, is made harmless: `[sound:`,
    `[latex]`, `[$]`; the delimiters of MathJax; in a cloze note all braces and, in holes, the
    double colons that are not markers.

    Args:
        nodes: the trees.
        cloze: whether the note is of a cloze type.
        images: for each image's `src` the name of its media file.
        words: the words of the deck's language.
        language: what the text is written in.
        foreign: whether that is another language than the deck's, so that the text must say so.

    Returns:
        The field's HTML, in which sounds and videos are marked as meant until `finish_field`.
    """
    if not nodes:
        return ""
    direction, mixed = directions_of(nodes, language)
    target = Target(
        text=_write_text,
        formula=lambda latex, display: f"\\[{latex}\\]" if display else f"\\({latex}\\)",
        image=lambda node: _write_image(node, images),
        player=lambda node, alone: f"[{_MEANT}sound:{images[node.get('src')]}]",
        hole=_mark_hole,
        cloze=cloze,
        words=words,
        mixed=mixed,
    )
    if foreign:
        blocks = (_name_language(write_html([node], target), language) for node in nodes)
        inline = all(node.kind in INLINE_KINDS for node in nodes)
        html = _in_language(write_html(nodes, target), language) if inline else "\n".join(blocks)
    else:
        html = write_html(nodes, target)
    # Templates leave the direction to the first letter; where it would mislead, a mark goes first.
    html = _MARKS[direction] + hide_commands(html)
    if not cloze:
        return html
    # Anki looks for markers in the raw field, before HTML is decoded: entities hide the rest.
    html = html.replace("{{", "{&#123;").replace("}}", "}&#125;")
    html = re.sub(f"{_OPEN}(\\d+){_INNER}", r"{{c\1::", html)
    return html.replace(_HINT, "::").replace(_CLOSE, "}}")


def _name_language(html: str, language: str) -> str:
    """Say at a block in which language it is."""
    block = _BLOCK.match(html)
    return (
        f'{block[0]} lang="{language}"{html[block.end() :]}'
        if block
        else _in_language(html, language)
    )


def _in_language(html: str, language: str) -> str:
    return f'<span lang="{language}">{html}</span>' if html else ""


def hide_commands(html: str) -> str:
    """Make harmless what Anki finds in a field before it is shown; what is harmless stays."""
    return _COMMANDS.sub("&#91;", html) if "[" in html else html


def finish_field(html: str) -> str:
    """Make a filled field what Anki gets: only commands that are meant are left."""
    return hide_commands(html).replace(_MEANT, "")


def hide_delimiters(html: str) -> str:
    """Make the delimiters of MathJax harmless in escaped text that holds no formulas."""
    return _DELIMITER.sub(r"<span>\\</span>", html) if "\\" in html else html


def _write_text(text: str) -> str:
    return hide_delimiters(escape(text, quote=False))


def _write_image(node: Node, images: Mapping[str, str]) -> str:
    source = escape(images[node.get("src")])
    return f'<img src="{source}" alt="{escape(node.text)}"{image_size(node)}>'


def _mark_hole(number: int, hint: str, inner: str) -> str:
    inner, hint = (text.replace("::", ":&#58;") for text in (inner, hint))
    # A brace right before the marker's end would be read as part of it.
    inner = inner[:-1] + "&#125;" if inner.endswith("}") else inner
    return f"{_OPEN}{number}{_INNER}{inner}{_HINT + hint if hint else ''}{_CLOSE}"
