"""HTML as Anki's fields need it: MathJax delimiters, cloze markers, media by plain name, sounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from deckpress.markup.direction import directions_of
from deckpress.markup.elements import (
    Html,
    element,
    html,
    join,
    put_attributes,
    quoted,
    substitute,
    text,
    void,
)
from deckpress.markup.html import Target, image_style, write_html
from deckpress.model.words import Words
from deckpress.tree.cloze import Piece
from deckpress.tree.node import INLINE_KINDS, Node

# Stand-ins for the real markers while every other brace and colon is made harmless.
_OPEN, _INNER, _HINT, _CLOSE = "\ue010", "\ue011", "\ue012", "\ue013"
_MEANT = "\ue014"
"""Sets a command that is meant apart from those that only look like one."""
_MARKS = {"rtl": html("&rlm;"), "ltr": html("&lrm;")}
_COLONS, _BACKSLASH = html(":&#58;"), element("span", "\\")
_BRACKET, _BRACE, _END_BRACE = html("&#91;"), html("&#123;"), html("&#125;")
_BLOCK = re.compile(r"<(?:p|ul|ol|dl|div|table|blockquote|figure|details|h[1-6])\b")
_COMMANDS = re.compile(r"\[(?=sound:|anki:|\$\$?\]|/\$\$?\]|latex\]|/latex\])", re.IGNORECASE)
# A backslash at the end of a piece of text may meet a bracket that begins the next one.
_OPENING = re.compile(f"{_OPEN}(\\d+){_INNER}")
_DELIMITER = re.compile(r"\\(?=[()\[\]]|\Z)")


def write_field(
    nodes: Collection[Node],
    *,
    cloze: bool,
    images: Mapping[str, str],
    words: Words,
    language: str,
    foreign: bool = False,
) -> Html:
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
        return html("")
    direction, mixed = directions_of(nodes, language)

    def write_formula(pieces: Sequence[Piece], display: bool) -> Html:
        latex = (
            _mark_hole(piece.number, quoted(piece.hint), text(piece.text))
            if piece.number
            else piece.text
            for piece in pieces
        )
        return join(["\\[", *latex, "\\]"] if display else ["\\(", *latex, "\\)"])

    target = Target(
        text=_write_text,
        formula=write_formula,
        image=lambda node: _write_image(node, images),
        player=lambda node, alone: text(f"[{_MEANT}sound:{images[node.get('src')]}]"),
        hole=_mark_hole,
        cloze=cloze,
        words=words,
        mixed=mixed,
        # Space and Enter rate the card in Anki, whatever has the focus.
        keys=True,
    )
    if foreign:
        blocks = (_name_language(write_html([node], target), language) for node in nodes)
        inline = all(node.kind in INLINE_KINDS for node in nodes)
        written = (
            _in_language(write_html(nodes, target), language) if inline else join(blocks, "\n")
        )
    else:
        written = write_html(nodes, target)
    # Templates leave the direction to the first letter; where it would mislead, a mark goes first.
    written = hide_commands(written)
    if direction != "auto":
        written = _MARKS[direction] + written
    if not cloze:
        return written
    # Anki looks for markers in the raw field, before HTML is decoded: entities hide the rest.
    written = written.replace("{{", "{" + _BRACE).replace("}}", "}" + _END_BRACE)
    written = substitute(_OPENING, lambda match: f"{{{{c{match[1]}::", written)
    return written.replace(_HINT, "::").replace(_CLOSE, "}}")


def _name_language(block: Html, language: str) -> Html:
    """Say at a block in which language it is."""
    tag = _BLOCK.match(block)
    return put_attributes(block, tag.end(), lang=language) if tag else _in_language(block, language)


def _in_language(words: Html, language: str) -> Html:
    return element("span", words, lang=language) if words else words


def hide_commands(field: Html) -> Html:
    """Make harmless what Anki finds in a field before it is shown; what is harmless stays."""
    return substitute(_COMMANDS, lambda match: _BRACKET, field) if "[" in field else field


def finish_field(field: Html) -> str:
    """Make a filled field what Anki gets: only commands that are meant are left."""
    return str(hide_commands(field)).replace(_MEANT, "")


def hide_delimiters(words: Html) -> Html:
    """Make the delimiters of MathJax harmless in escaped text that holds no formulas."""
    return substitute(_DELIMITER, lambda match: _BACKSLASH, words) if "\\" in words else words


def _write_text(words: str) -> Html:
    return hide_delimiters(text(words))


def _write_image(node: Node, images: Mapping[str, str]) -> Html:
    return void("img", src=images[node.get("src")], alt=node.text, style=image_style(node))


def _mark_hole(number: int, hint: Html, inner: Html) -> Html:
    inner, hint = (words.replace("::", _COLONS) for words in (inner, hint))
    # A brace right before the marker's end would be read as part of it.
    inner = inner[:-1] + _END_BRACE if inner.endswith("}") else inner
    return join([f"{_OPEN}{number}{_INNER}", inner, *([_HINT, hint] if hint else []), _CLOSE])
