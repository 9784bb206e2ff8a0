"""One clean Markdown book: every question a heading, holes filled, tests left out."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.importing.heading_cards import BOOK_MARK
from deckpress.markdown.citations import CITATION, read_cited
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.note import Content, Note
from deckpress.model.words import SECTIONS, Words, section_name
from deckpress.tree.cloze import strip_markers
from deckpress.tree.media import media_kind, media_type

_FENCE = re.compile(r"(?P<indent>[ ]{0,3})(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)")
_HEADING = re.compile(r"#{2,6}(?=[ \t]|$)")
_IMAGE = re.compile(r"(!\[(?:\\.|[^\]\\])*\])\(\s*<?(?P<src>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]]+)\]")
_RULE = re.compile(r"-{3,}[ \t]*$")
_SOUND = re.compile(r"\[sound:(?P<src>[^\[\]\n]+)\]")


def export(deck: Deck, options: Options) -> bytes:
    """Write a deck as a book in Markdown.

    Args:
        deck: the deck.
        options: nothing of them concerns this format.

    Returns:
        UTF-8; figures stand at its end as data URLs, so that it is one file.
    """
    info = deck.collection.info
    written = deck.collection.write(PAGE, deck.notes)
    parts = [f"# {deck.title}", info.description.strip()]
    credit = " · ".join(part for part in (info.author, info.license, info.homepage) if part)
    parts.append(credit)
    for (part, slug), notes in groupby(
        deck.notes, key=lambda note: (deck.parts.get(note.id, ""), note.category)
    ):
        name = category_name(info, slug)
        name += f" · {info.words.say(f'in-part-{part}')}" if part else ""
        parts.append(f"## {name}")
        before = True
        for note in notes:
            compact = deck.collection.kinds[note.kind].compact
            # Word pairs are a list, and no part of the card before them.
            parts += ["***"] if compact and not before else []
            parts.append(written[note.id])
            before = compact
    media = sorted({name for note in deck.notes for name in note.images.values()})
    parts.append(
        "\n".join(f"[{name}]: {_data_url(name, deck.collection.media[name])}" for name in media)
    )
    parts.append(BOOK_MARK)
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def write_note(note: Note, content: Content, catalogue: Catalogue) -> str:
    """Write a note as a section of the book: a function of the note and of what it names."""
    title = _resolve(content.title, note) or note.question
    if catalogue.kinds[note.kind].compact:
        back, *more = _resolve(content.markdown, note).split("\n\n")
        return "\n\n  ".join([f"- **{title}**: {back}", *more])
    lines = [f"### {title}", ""]
    lines += _clean(
        content.markdown, note, catalogue.info.words, cloze=catalogue.kinds[note.kind].cloze
    )
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    sources = [
        f"- [{citation.title}]({citation.url})" if citation.url else f"- {citation.title}"
        for citation in note.citations
    ]
    if sources:
        words = catalogue.info.words
        heading = (words.say("sources") + words.say("colon")).rstrip()
        text += f"\n\n{heading}\n\n" + "\n".join(sources)
    return text


PAGE = Writing("md", write_note, str)


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return (PAGE,)


def _clean(markdown: str, note: Note, words: Words, *, cloze: bool) -> Iterator[str]:
    """Yield the lines of a note: headings two levels down, holes filled, figures by reference."""
    fence, hidden, prose = "", False, list[str]()

    def flush() -> Iterator[str]:
        text = "\n".join(prose)
        prose.clear()
        yield from (strip_markers(text, braces=True) if cloze else text).split("\n")

    for line in markdown.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            closes = line.strip().startswith(fence) and not line.strip().strip(fence[0])
            if not hidden:
                yield strip_markers(line) if cloze and "{{c" in line else line
            fence = "" if closes else fence
            continue
        if opening:
            yield from flush()
            info = opening["info"].split()
            fence, hidden = opening["marks"], "test" in info[1:]
            if not hidden:
                yield f"{opening['indent']}{fence}{info[0] if info else ''}"
            continue
        if _RULE.fullmatch(line):
            continue  # between the front and the back, which stand together here
        heading = _HEADING.match(line)
        if heading:
            title = line[heading.end() :]
            if heading[0] == "##" and title.strip() in SECTIONS:
                title = f" {section_name(title.strip(), words)}"
            line = "#" * min(6, len(heading[0]) + 2) + title
        line = _resolve(line, note)
        # Labels are a note's own, and the book has all of them.
        prose.append(_FOOTNOTE.sub(rf"[^{note.id}-\1]", line))
    yield from flush()


def _resolve(line: str, note: Note) -> str:
    """Write out what a line names: files by reference, works by author and year."""
    line = _IMAGE.sub(lambda match: _refer(match, note), line)
    line = _SOUND.sub(lambda match: _refer_to_sound(match, note), line)
    return CITATION.sub(lambda match: _cite(match, note), line)


def _refer(match: re.Match[str], note: Note) -> str:
    name = note.images.get(match["src"])
    if name and media_kind(name) != "image":
        return f"[▶ {match[1][2:-1]}][{name}]" if match[1][2:-1] else f"[▶][{name}]"
    return f"{match[1]}[{name}]" if name else match[0]


def _refer_to_sound(match: re.Match[str], note: Note) -> str:
    name = note.images.get(match["src"].strip())
    return f"[▶][{name}]" if name else match[0]


def _cite(match: re.Match[str], note: Note) -> str:
    known = {citation.key: citation.title.partition(":")[0] for citation in note.citations}
    cited = read_cited(match[1])
    if not cited or any(work.key not in known for work in cited):
        return match[0]
    works = (known[w.key] + (f", {w.locator}" if w.locator else "") for w in cited)
    return f"({'; '.join(works)})"


def _data_url(name: str, data: bytes) -> str:
    found = media_type(name)
    return f"data:{found.mime if found else ''};base64,{b64encode(data).decode()}"
