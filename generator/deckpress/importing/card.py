"""One foreign note as a card: its parts in Markdown, and what of the note they do not hold."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape

from deckpress.importing.html.text import Converted, FindImage, convert_html, html_words
from deckpress.importing.mapping import NoteTypeMap
from deckpress.importing.markdown_text import convert_markdown
from deckpress.importing.source import Form, SourceNote, SourceNoteType
from deckpress.markdown.parser import read_markdown
from deckpress.model.words import SECTIONS
from deckpress.schema.words import is_tag
from deckpress.text.names import plain_letters
from deckpress.tree.cloze import ALMOST, OPENING, split_markers
from deckpress.tree.node import Node, walk

LEARNERS = {"leech", "marked"}
"""Tags that Anki gives a note for its learner."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card to be: its parts in Markdown, its heading's attributes, its front matter.

    `lost` says what of the note it does not hold. `media` are names of files it shows or plays.
    """

    id: str
    kind: str
    question: str
    front: str = ""
    answer: str = ""
    details: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: str = ""
    category: str = ""
    matter: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    plain_kind: bool = False


_LONGEST = 60
"""The longest slug, in characters."""


def slug_of(text: str, fallback: str, language: str = "") -> str:
    """Return a slug of words: lower-case letters and digits, with dashes between.

    Args:
        text: the words, in any script.
        fallback: what a slug is made from when no Latin letter is left.
        language: the tag of the language of the words, where it is known.

    Returns:
        The slug.
    """
    plain = plain_letters(text, language)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    return slug or "n-" + sha256(fallback.encode()).hexdigest()[:10]


def compose_card(
    note: SourceNote,
    note_type: SourceNoteType,
    mapped: NoteTypeMap,
    form: Form,
    find_image: FindImage | None = None,
    *,
    plain: bool = False,
    language: str = "",
) -> Card:
    """Make a card of a note.

    Args:
        note: the note.
        note_type: its note type.
        mapped: which of its fields is which part.
        form: what its fields are written in.
        find_image: finds a media file.
        plain: whether to leave out what only shapes words.
        language: the tag of the deck's language, where it is known.

    Returns:
        The card; it has no answer when the note has none.
    """
    lost: list[str] = []
    media: list[str] = []
    parts: dict[str, list[str]] = defaultdict(list)
    filled: set[str] = set()
    holed = mapped.kind == "cloze"
    annotated = annotated_fields(note_type)
    for name, value in zip(note_type.fields, note.fields, strict=False):
        part = mapped.fields.get(name, "skip")
        if not value.strip():
            continue
        filled.add(part)
        if part in ("tags", "reverse"):
            parts[part].append(html_words(value))
            continue
        if form == "html" and name in annotated:
            value = _FURIGANA.sub(r"<ruby>\1<rt>\2</rt></ruby>", value)
        if part == "skip":
            lost.append(f"the field {name}: {_short(html_words(value))}")
            continue
        converted = convert(
            value, form, cloze=holed and part == "text", plain=plain, find=find_image
        )
        lost += [f"{what} (in {name})" for what in converted.lost]
        media += converted.media
        if converted.markdown:
            parts[part].append(converted.markdown)
    if len(note.fields) > len(note_type.fields):
        extra = [value for value in note.fields[len(note_type.fields) :] if value.strip()]
        lost += [f"a field without a name: {_short(html_words(value))}" for value in extra]
    tags, strange = read_tags([*note.tags, *" ".join(parts["tags"]).split()])
    joined = {part: "\n\n".join(texts) for part, texts in parts.items()}
    question, front = joined.get("question", ""), joined.get("front", "")
    answer = joined.get("text" if holed else "answer", "")
    sections = tuple((name[3:], text) for name, text in joined.items() if name.startswith("## "))
    kind = mapped.kind
    if kind == "reversed" and not _has_reverse(note, mapped, filled):
        kind = "basic"
    if not holed and not answer:
        answer, sections = _first_section(sections)
    title, rest = divide_question(question)
    if holed and not title:
        title = blank_title(answer)
    front = "\n\n".join(part for part in (rest, front) if part)
    if holed and front:
        answer, front = f"{front}\n\n{answer}", ""
    return Card(
        id=slug_of(_unmarked(title), note.guid + note.place + title, language),
        kind=kind,
        question=title,
        front=front,
        answer=answer,
        details=joined.get("details", ""),
        sections=sections,
        tags=tags,
        lost=(*lost, *strange),
        media=tuple(dict.fromkeys(media)),
        plain_kind=not holed and seems_holed((title, front, answer, *joined.values())),
    )


def seems_holed(texts: Iterable[str]) -> bool:
    """Say whether a note without holes must name its kind, for its words look like some."""
    words = re.sub(r"\\(.)", r"\1", "\n".join(texts))
    return bool(ALMOST.search(words))


_FURIGANA = re.compile(r" ?([^ >\n]+?)\[(?!sound:|\$|/?latex)([^\]\n<>]+)\]")
"""Words with their reading in brackets, as Anki's filter `furigana` reads them."""


def annotated_fields(note_type: SourceNoteType) -> set[str]:
    """Return the fields that a template shows with readings above their words."""
    templates = "".join(template.front + template.back for template in note_type.templates)
    filters = re.findall(r"\{\{(?:[^{}]*:)?furigana:\s*([^{}:]+?)\s*\}\}", templates)
    return set(filters)


def convert(
    value: str, form: Form, *, cloze: bool, plain: bool, find: FindImage | None
) -> Converted:
    """Turn a field into Markdown, and compare the words of both."""
    if form == "markdown":
        return convert_markdown(value, plain=plain, find_image=find)
    html = value if form == "html" else escape(value.strip(), quote=False).replace("\n", "<br>")
    found = convert_html(html, cloze=cloze, plain=plain, find_image=find)
    if not _same(found):
        again = convert_html(html, cloze=cloze, plain=True, find_image=find)
        if _same(again):
            again.lose("bold, italic or links' titles, which came out wrong")
            return again
        found.lose("words that came out differently")
    return found


def _same(found: Converted) -> bool:
    """Say whether the Markdown reads as the words of the HTML, without marks left over."""
    if found.markdown == found.words.strip():
        return True
    nodes = read_markdown(found.markdown).nodes
    read = "".join(_read_words(nodes))
    wanted = "".join(filter(str.isalnum, unicodedata.normalize("NFC", found.words)))
    letters = iter("".join(filter(str.isalnum, unicodedata.normalize("NFC", read))))
    if not all(letter in letters for letter in wanted):
        return False
    return all(read.count(mark) <= found.words.count(mark) for mark in ("**", "~~", "\\"))


def _read_words(nodes: Iterable[Node]) -> Iterable[str]:
    for node in walk(nodes):
        if node.kind == "image":
            yield node.get("title")
            continue
        holed = node.kind == "code_block" or node.kind.startswith("math")
        pieces = split_markers(node.text, braces=node.kind != "code_block") if holed else ()
        yield "".join(piece.text for piece in pieces) if holed else node.text


def read_tags(tags: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Bring tags to what a card may have.

    Returns:
        The tags, sorted, each once; and those that are spelt otherwise now.
    """
    found: set[str] = set()
    strange: list[str] = []
    for tag in tags:
        if tag.lower() in LEARNERS:
            continue
        new = tag
        if not is_tag(tag):
            letters = unicodedata.normalize("NFC", tag).lower().replace("::", "-")
            new = "".join(c if c.isalnum() or c in "+#" else "-" for c in letters)
            new = re.sub("-+", "-", new).strip("-")
            strange.append(f"the tag {tag}" + (f", now {new}" if new else ""))
        if new:
            found.add(new)
    return tuple(sorted(found)), strange


def _has_reverse(note: SourceNote, mapped: NoteTypeMap, filled: set[str]) -> bool:
    if note.ords:
        return 1 in note.ords
    return "reverse" not in mapped.fields.values() or "reverse" in filled


def _first_section(
    sections: tuple[tuple[str, str], ...],
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Let the first section that no kind has a name for be the answer where there is none."""
    for index, (name, text) in enumerate(sections):
        if name not in SECTIONS:
            return f"**{name}**: {text}" if _is_line(text) else text, (
                *sections[:index],
                *sections[index + 1 :],
            )
    return "", sections


def _is_line(text: str) -> bool:
    return "\n" not in text and not re.match(r"[-#>|`$!]|\d+[.)] ", text)


def divide_question(markdown: str) -> tuple[str, str]:
    """Divide the front of a card into one line of words and the rest.

    Args:
        markdown: the whole front.

    Returns:
        The question, and what stands below it.
    """
    first, _, rest = markdown.strip().partition("\n\n")
    line, _, below = first.partition("\n")
    heading = re.fullmatch(r"#{1,6} (.*)", line)
    if heading:
        line = heading[1]
    elif re.match(r"(?:[-*+] |\d+[.)] |>|\||`{3}|~{3}|\$\$|<details|\*\*\*$|\[\^|: )", line):
        title = _words_of(markdown)
        return title, markdown.strip()
    if line.endswith("\\") and not line.endswith("\\\\"):
        line = line[:-1].rstrip()
    elif below and not heading:
        if "\\\n" not in first:  # one paragraph over several lines of the source
            line, below = " ".join(part.strip() for part in first.split("\n")), ""
        else:
            soft, _, below = first.partition("\\\n")
            line = " ".join(part.strip() for part in soft.split("\n"))
    return line.strip(), "\n\n".join(part for part in (below.strip("\n"), rest.strip("\n")) if part)


def _words_of(markdown: str, most: int = 70) -> str:
    """Return the first words of Markdown, safe in a heading."""
    nodes = read_markdown(markdown).nodes
    texts = [node.text for node in walk(nodes) if node.text and node.kind != "code_block"]
    texts = texts or [node.text for node in walk(nodes) if node.text]
    words = " ".join(" ".join(texts).split())
    if len(words) > most:
        words = words[:most].rpartition(" ")[0] + " …"
    words = re.sub(r"([\\`*_$<{}#])", r"\\\1", words)
    return words.replace("[", "&#91;").replace("]", "&#93;")


def blank_title(text: str, most: int = 80) -> str:
    """Return a title for a text with holes that gives nothing away: its words with blanks."""
    plain = text
    while (match := OPENING.search(plain)) is not None:
        end = plain.find("}}", match.end())
        plain = plain[: match.start()] + "…" + (plain[end + 2 :] if end >= 0 else "")
    plain = re.sub(r"!\[([^\]\n]*)\]\([^)\n]*\)", r"\1", plain)
    plain = re.sub(r"\$\$?[^$]*…[^$]*\$\$?", "…", plain)
    first = next((p for p in plain.split("\n\n") if _is_line(p.split("\n")[0])), plain)
    words = _words_of(first.replace("\\\n", " "), most)
    return re.sub(r"(?:…\s*[}\])]*\s*){2,}", "… ", words).strip()


def _unmarked(markdown: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return unescape(re.sub(r"</?\w+>|[\\$]", "", text))


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def write_card(card: Card) -> str:
    """Write a card as the Markdown of its file, from its heading on."""
    attributes = [f"#{card.id}"]
    if card.kind not in ("basic", "cloze") or card.plain_kind:
        attributes.append(f".{card.kind}")
    elif card.kind == "cloze":
        attributes.append(".cloze")
    if card.difficulty:
        attributes.append(f"difficulty={card.difficulty}")
    if card.tags:
        attributes.append(f'tags="{",".join(card.tags)}"')
    parts = [f"# {card.question} {{{' '.join(attributes)}}}"]
    if card.kind == "cloze":
        parts += [card.answer, *(("---", card.details) if card.details else ())]
    else:
        parts += [*((card.front, "---") if card.front else ()), card.answer, card.details]
    parts += [f"## {name}\n\n{text}" for name, text in card.sections]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
