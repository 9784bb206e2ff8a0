"""Notes that deckpress made itself, from a package: everything goes back to where it came from."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePath

from deckpress.anki.identity import stable_id
from deckpress.anki.note import RETIRED_TAG, hashes
from deckpress.companies.evidence import GRADES, KIND_WORDS
from deckpress.importing.card import Card, convert, read_tags, seems_holed, slug_of
from deckpress.importing.html.text import FindImage, html_words, read_items
from deckpress.importing.source import Remark, Source, SourceNote, SourceNoteType
from deckpress.model.templates import NoteType
from deckpress.model.words import PLACE, SECTIONS, Words
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.reading.templates import Templates, read_templates
from deckpress.reading.words import ENGLISH, read_words
from deckpress.schema.words import SLUG

_MARK = re.compile(
    r"&(?:rlm|lrm);|[\u200e\u200f](?=<(?:p|ul|ol|dl|div|table|blockquote|figure|details|h\d)\b)"
)
"""What says the direction of a field whose first letter misleads; the card's text has none.

Anki's editor makes the character of it; one that stands before words may be the author's own.
"""
_LANGUAGE = re.compile(r'<[a-z0-9]+\b[^<>]*? lang="([a-z]{2,3}(?:-[A-Za-z0-9]+)*)"')
_CITATION = re.compile(r'<span class="cite"')
_TOPIC = {"kind": "asked", "match": "topic"}


@dataclass(frozen=True, slots=True)
class _Told:
    """What a card tells of a company: the kind of evidence, the company's name, grade and year."""

    kind: str
    name: str
    grade: str
    year: str


@lru_cache(maxsize=1)
def all_words() -> tuple[Words, ...]:
    """Return the words of every language that the program has words of."""
    files = overlay(templates_folder())
    names = files.names("words/*.yaml")
    return tuple(read_words(files, PurePath(name).stem)[0] for name in names)


def _pattern(word: str, **places: str) -> str:
    """Return a pattern that matches a word, its places filled with what matches patterns."""
    pieces = PLACE.split(word)
    return "".join(
        f"[\u2068]?{places[piece]}[\u2069]?" if index % 2 else re.escape(piece)
        for index, piece in enumerate(pieces)
    )


@lru_cache(maxsize=1)
def _evidence() -> tuple[tuple[str, re.Pattern[str], Mapping[str, str]], ...]:
    """Return how each kind of evidence is told in each language, and what its grades are called."""
    found = []
    for words in all_words():
        grades = {words.say(f"grade-{grade.lower()}"): grade for grade in GRADES}
        any_grade = f"(?P<grade>{'|'.join(map(re.escape, grades))})"
        standing = rf"{any_grade}(?:{re.escape(words.say('comma'))}(?P<year>\d{{4}}))?"
        behind = _pattern(words.form("in-brackets"), text=standing)
        for kind, key in KIND_WORDS.items():
            said = _pattern(words.form(key), name="(?P<name>.+?)")
            found.append((kind, re.compile(f"{said}(?:{behind})?"), grades))
    return tuple(found)


def _read_evidence(text: str) -> _Told | None:
    for kind, pattern, grades in _evidence():
        match = pattern.fullmatch(text)
        if match:
            grade = grades[match["grade"]] if match["grade"] else ""
            return _Told(kind, match["name"], grade, match["year"] or "")
    return None


@lru_cache(maxsize=1)
def _checked() -> re.Pattern[str]:
    date = r"(\d{4}-\d{2}-\d{2})"
    said = (_pattern(words.form("checked"), date="DATE") for words in all_words())
    return re.compile("|".join(dict.fromkeys(said)).replace("DATE", date))


def own_slug(note_type: SourceNoteType) -> str:
    """Return which of deckpress's note types this is, "standard" or "cloze"; empty when neither."""
    fields = set(note_type.fields)
    if not {"Question", "Details", "Hint", "Kind", "Id", "Retired", "My notes"} <= fields:
        return ""
    return "cloze" if note_type.cloze and "Text" in fields else "standard"


@lru_cache(maxsize=1)
def _shipped() -> Templates:
    return read_templates(templates_folder())


@lru_cache(maxsize=1)
def _own_fields() -> frozenset[str]:
    """Return the names of all fields that note types of ours have."""
    types = _shipped().note_types.values()
    return frozenset(field.name for note_type in types for field in note_type.fields)


def know_own_rows(source: Source) -> Source:
    """Recognise the notes of ours in a text file, which names neither fields nor templates.

    Args:
        source: the deck, from a table of ours, an update file or Anki's export of a deck of ours.

    Returns:
        The deck, in which these notes have all fields and the note type that they were made with.
    """
    if source.form != "html":
        return source
    known: dict[str, SourceNoteType] = {}
    for name, found in source.note_types.items():
        rows = [note.fields for note in source.notes if note.note_type == name]
        note_type = next((t for t in _shipped().note_types.values() if _made_as(t, rows)), None)
        if note_type:
            known[name] = replace(
                found,
                fields=tuple(field.name for field in note_type.fields),
                templates=(),
                cloze=note_type.cloze,
                id=int(name) if name.isdecimal() else 0,
            )
    if not known:
        return source
    notes = [_with_all_fields(note, known.get(note.note_type)) for note in source.notes]
    remarks = list(source.remarks)
    if not any(note.tags for note in notes if note.note_type in known):
        what = "tags and companies: this file has none (a package and a table have them)"
        remarks.append(Remark(what))
    types = {**source.note_types, **known}
    return replace(source, notes=tuple(notes), note_types=types, remarks=tuple(remarks))


def _made_as(note_type: NoteType, rows: list[tuple[str, ...]]) -> bool:
    """Say whether rows hold what the fields of a note type of ours hold, each in its place."""
    names = [field.name for field in note_type.fields]
    kinds = [kind.name for kind in _shipped().kinds.values() if kind.note_type == note_type.slug]
    id_at, kind_at = names.index("Id"), names.index("Kind")
    least = len(note_type.content_fields)
    return all(
        least <= len(row) <= len(names)
        and re.match(SLUG, html_words(row[id_at]))
        and re.match(SLUG, html_words(row[kind_at]))
        for row in rows
    ) and any(html_words(row[kind_at]) in kinds for row in rows)


def _with_all_fields(note: SourceNote, note_type: SourceNoteType | None) -> SourceNote:
    missing = len(note_type.fields) - len(note.fields) if note_type else 0
    return replace(note, fields=(*note.fields, *[""] * missing))


def has_namespace(note_type: SourceNoteType, namespace: str) -> bool:
    """Say whether a note type was made in a namespace, so that updates will reach its notes."""
    slug = own_slug(note_type)
    return bool(slug) and note_type.id == stable_id(namespace, "note type", slug)


def own_categories(
    notes: Iterable[SourceNote], types: Mapping[str, SourceNoteType]
) -> dict[str, str]:
    """Return the slug that the notes of a deck tell as their category, by deck, where all agree."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for note in notes:
        known = _split_tags(note.tags)["category"] if own_slug(types[note.note_type]) else []
        told[note.deck].add(known[0] if len(known) == 1 and re.match(SLUG, known[0]) else "")
    return {deck: next(iter(slugs)) for deck, slugs in told.items() if len(slugs) == 1}


def own_language(source: Source) -> str:
    """Return the language of a deck of ours, where it is told; "" is that of the program."""
    used = {note.note_type for note in source.notes}
    fronts = [
        template.front
        for name in sorted(used)
        if own_slug(source.note_types[name])
        for template in source.note_types[name].templates
    ]
    said = {match[1] if (match := _LANGUAGE.search(front)) else "" for front in fronts}
    language = said.pop() if len(said) == 1 else ""
    return "" if language == ENGLISH else language


def hides_language(source: Source) -> bool:
    """Say whether notes of ours are there without templates, which would tell their language."""
    used = {note.note_type for note in source.notes}
    found = (source.note_types[name] for name in used)
    return any(own_slug(note_type) and not note_type.templates for note_type in found)


def is_retired(note: SourceNote, note_type: SourceNoteType) -> bool:
    """Say whether a note is what is left of one that was taken out."""
    if not own_slug(note_type):
        return False
    notice = dict(zip(note_type.fields, note.fields, strict=False)).get("Retired", "")
    return RETIRED_TAG in note.tags or bool(notice.strip())


def released_hash(note: SourceNote, note_type: SourceNoteType, media: tuple[str, ...]) -> str:
    """Return the hash that the ledger had of a note when it was released as it is here."""
    tags = tuple(sorted(note.tags))
    return hashes(own_slug(note_type), note.deck, note.fields, tags, media)[0]


def compose_own(
    note: SourceNote,
    note_type: SourceNoteType,
    find_image: FindImage | None,
    companies: dict[str, str],
    *,
    plain: bool = False,
    language: str = "",
) -> Card:
    """Make the card again that a note was made from.

    Args:
        note: the note.
        note_type: one of deckpress's note types.
        find_image: finds a media file.
        companies: takes up the names of companies by slug.
        plain: whether to leave out what only shapes words.
        language: the tag of the deck's language, where it is known.

    Returns:
        The card.
    """
    values = {
        name: value[match.end() :] if (match := _MARK.match(value)) else value
        for name, value in zip(note_type.fields, note.fields, strict=False)
    }
    foreign = _LANGUAGE.match(values.get("Question", ""))
    cloze = own_slug(note_type) == "cloze"
    lost: list[str] = []
    media: list[str] = []
    parts: dict[str, str] = {}
    text_field = "Text" if cloze else "Answer"
    sections = (*(name for name in values if name not in _own_fields()), *SECTIONS)
    for name in ("Question", "Problem", text_field, "Details", *sections):
        found = convert(
            values.get(name, ""),
            "html",
            cloze=cloze and name == "Text",
            plain=plain,
            find=find_image,
        )
        parts[name] = found.markdown
        cited = len(_CITATION.findall(values.get(name, "")))
        lost += [f"{cited} of its citations, now plain words (in {name})"] if cited else []
        lost += [f"{what} (in {name})" for what in found.lost]
        media += found.media
    if values.get("My notes", "").strip():
        lost.append("the learner's own notes: " + html_words(values["My notes"])[:80])
    known = _split_tags(note.tags)
    tags, strange = read_tags([*known["topic"], *known[""]])
    lost += strange
    matter = [
        *([f"language: {foreign[1]}"] if foreign else []),
        *_sources(values.get("Sources", "")),
        *_companies(known["company"], values, companies),
    ]
    identity = html_words(values.get("Id", ""))
    usual = "cloze" if cloze else "reversed" if values.get("Reversed") else "basic"
    kind = html_words(values.get("Kind", "")) or usual
    if kind not in _shipped().kinds:
        lost.append(f"its kind {kind}, of the deck's own templates: now {usual}")
        kind = usual
    if not re.match(SLUG, identity):
        identity = slug_of(parts["Question"], note.guid, language)
    return Card(
        id=identity,
        kind=kind,
        question=" ".join(parts["Question"].split("\n")),
        front=parts["Problem"],
        answer=parts[text_field],
        details=parts["Details"],
        sections=tuple((name, parts[name]) for name in sections if parts[name]),
        tags=tags,
        difficulty=html_words(values.get("Difficulty", "")),
        category=next(iter(known["category"]), ""),
        matter=tuple(matter),
        lost=tuple(lost),
        media=tuple(dict.fromkeys(media)),
        plain_kind=kind == "basic" and seems_holed(parts.values()),
    )


def _split_tags(tags: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Part tags by the first word before `::`; those of nobody's making stand under ""."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for tag in tags:
        head, _, rest = tag.partition("::")
        if rest and head in ("topic", "company", "category", "difficulty"):
            found[head].append(rest)
        elif tag != RETIRED_TAG:
            found[""].append(tag)
    return found


def _sources(html: str) -> list[str]:
    lines: list[str] = []
    checked = ""
    for words, url in read_items(html):
        day = _checked().fullmatch(words)
        if day:
            checked = next(filter(None, day.groups()))
            continue
        entry = {"title": words} | ({"url": url} if url else {})
        lines.append(f"  - {json.dumps(entry, ensure_ascii=False)}")
    return [*(["sources:", *lines] if lines else []), *([f"checked: {checked}"] if checked else [])]


def _companies(tags: list[str], values: Mapping[str, str], companies: dict[str, str]) -> list[str]:
    """Write the evidence for companies, as far as the card tells it."""
    told = [_read_evidence(words) for words, _ in read_items(values.get("Companies", ""))]
    evidence = [found for found in told if found]
    facts: defaultdict[str, list[str]] = defaultdict(list)
    for tag in tags:
        slug, _, kind = tag.partition("::")
        kind = kind or "asked"
        for found in evidence:
            name = found.name
            # A German may spell a company's letters out.
            slugs = {slug_of(name, name), slug_of(name, name, "de")}
            if found.kind != kind or not slugs & {slug, companies.get(slug)}:
                continue
            companies[slug] = name
            fact = _kind(kind)
            fact |= {"grade": found.grade} if found.grade else {}
            fact |= {"date": found.year} if found.year else {}
            facts[slug].append(json.dumps(fact))
            break
        else:
            facts[slug].append(json.dumps(_kind(kind)))
    lines = [f"  {slug}: [{', '.join(written)}]" for slug, written in facts.items()]
    return ["companies:", *lines] if lines else []


def _kind(shown: str) -> dict[str, str]:
    """Write the kind of evidence as front matter has it."""
    return dict(_TOPIC) if shown == "topic" else {"kind": shown}
