"""A note as Anki will hold it: fields, tags, cards, media; a pure function of the note's source."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from json.encoder import encode_basestring
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from deckpress.anki.fields import finish_field, hide_delimiters, write_field
from deckpress.companies.evidence import say_evidence, shown_kind, strongest_facts
from deckpress.markup.elements import Html, escaped, html, text
from deckpress.markup.jinja import TemplateError, fill_all
from deckpress.markup.spoken import speaker
from deckpress.model.collection import Catalogue, Writing, category_name, deck_name
from deckpress.model.company import company_name
from deckpress.model.note import Content, Note
from deckpress.model.templates import Kind, NoteType
from deckpress.model.words import Words
from deckpress.text.problem import Location, Problem
from deckpress.tree.holes import hole_numbers

RETIRED_TAG = "status::retired"


_DIVIDER = "\x1f"
"""What Anki puts between fields; no source can hold it."""


class AnkiNote(NamedTuple):
    """What an import of a note brings: fields in the note type's order, sorted tags, cards.

    `row` are the fields as Anki keeps them, in one piece: `fields` divides it.

    `ords` are the numbers of its cards from 0: templates, or holes of a cloze note. `question` is
    the question in plain words; `hash` the first 16 hex digits of SHA-256 over all that an update
    would change; `body` the hash of all that is said beside it, by which a note is known again
    under another name; `content` that of its fields alone, as `content_hash` finds it in a
    collection. A tombstone has no cards and no deck: whoever has the note gets
    its text, and whoever has not gets nothing to study.
    """

    id: str
    kind: str
    note_type: str
    category: str
    deck: str
    question: str
    row: str
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    media: tuple[str, ...] = ()
    hash: str = ""
    body: str = ""
    content: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The HTML of its fields."""
        return tuple(self.row.split(_DIVIDER))


_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def hashes(
    note_type: str, deck: str, fields: Sequence[str], tags: Sequence[str], media: Sequence[str]
) -> tuple[str, str]:
    """Return the hashes of a note, by which the ledger knows whether it changed.

    Args:
        note_type: the slug of its note type.
        deck: the name of its deck.
        fields: the HTML of its fields, in the note type's order.
        tags: its tags, sorted.
        media: the names of its media files, sorted.

    Returns:
        The hashes that an `AnkiNote` has as `hash` and as `content`.
    """
    written = [encode_basestring(field) for field in fields]
    beside = (_WRITE(note_type), _WRITE(deck), _WRITE(tags), _WRITE(media))
    text = "[{},{},[{fields}],{},{}]".format(*beside, fields=",".join(written))
    return sha256(text.encode()).hexdigest()[:16], _content_hash(fields, written)


def content_hash(fields: Sequence[str]) -> str:
    """Return the hash of the fields of a note that are the deck's.

    Args:
        fields: their HTML; empty ones at the end count nothing, as the learner's are in a deck.

    Returns:
        12 hex digits of SHA-256, over Unicode's form C, which Anki keeps texts in.
    """
    return _content_hash(fields, [encode_basestring(field) for field in fields])


def _content_hash(fields: Sequence[str], written: Sequence[str]) -> str:
    """Return the hash of fields that are there as JSON as well."""
    kept = [
        json_text if is_normalized("NFC", field) else encode_basestring(normalize("NFC", field))
        for field, json_text in zip(fields, written, strict=True)
    ]
    while kept and kept[-1] == '""':
        kept.pop()
    return sha256(f"[{', '.join(kept)}]".encode()).hexdigest()[:12]


def compose_note(note: Note, content: Content, catalogue: Catalogue) -> AnkiNote:
    """Write a note for Anki.

    Args:
        note: the note, checked.
        content: what it says.
        catalogue: what it names.

    Returns:
        The note as Anki will hold it.

    Raises:
        TemplateError: a field's template is at fault.
    """
    kind = catalogue.kinds[note.kind]
    note_type = catalogue.note_types[kind.note_type]
    words = catalogue.info.words
    language = note.language or catalogue.info.language
    write = partial(
        write_field,
        cloze=kind.cloze,
        images=note.images,
        words=words,
        language=language,
        foreign=language != catalogue.info.language,
    )
    sections = {name: write(content.sections.get(name, ())) for name in kind.sections}
    values = {
        "question": write(content.question),
        "front": write(content.front),
        "answer": write(content.answer),
        "details": write(content.details),
        "sections": defaultdict[str, str](str, sections),
        "flags": defaultdict(str, kind.flags),
        "citations": [
            {"title": _words(source.title), "url": _address(source.url)}
            for source in note.citations
        ],
        "checked": note.checked,
        "evidence": _evidence_lines(note, catalogue),
        "category": _words(category_name(catalogue.info, note.category)),
        "difficulty": note.difficulty,
        "kind": note.kind,
        "id": note.id,
        "retired": "",
        "say": speaker(words),
    }
    fields = _fill_fields(note_type, values)
    said = [str(values[name]) for name in ("front", "answer", "details")]
    said += [sections[name] for name in sorted(sections)]
    if kind.cloze:
        ords = tuple(number - 1 for number in hole_numbers(content.answer))
    else:
        filled = {f.key for f, value in zip(note_type.fields, fields, strict=True) if value}
        templates = enumerate(note_type.templates)
        ords = tuple(i for i, t in templates if not t.when or t.when in filled)
    deck, tags = deck_name(catalogue.info, note.category), _tags(note)
    media = tuple(sorted(set(note.images.values())))
    hash_, content_ = hashes(note_type.slug, deck, fields, tags, media)
    return AnkiNote(
        id=note.id,
        kind=note.kind,
        note_type=note_type.slug,
        category=note.category,
        deck=deck,
        question=note.question,
        row=_DIVIDER.join(fields),
        tags=tags,
        ords=ords,
        media=media,
        hash=hash_,
        body=sha256("\0".join(said).encode()).hexdigest()[:16] if any(said) else "",
        content=content_,
    )


ANKI_NOTE = Writing("anki", compose_note, AnkiNote)


def compose_tombstone(
    identity: str,
    kind: Kind,
    ords: tuple[int, ...],
    question: str,
    heir: str,
    until: str,
    note_type: NoteType,
    words: Words,
) -> AnkiNote:
    """Write what is left of a note that was taken out of the deck.

    Nothing in a package can delete a note, so its text says what can be done with it. Nor can a
    package or a text leave out whoever deleted it, so it names the day from which none brings it
    back.

    Args:
        identity: the note's id.
        kind: the kind it had.
        ords: the cards it had, each of which shows the notice.
        question: its last question, in plain words.
        heir: the question of the note that took its place; may be empty.
        until: the day, as YYYY-MM-DD, from which no package holds it.
        note_type: the note type it has in people's collections.
        words: the words of the deck's language.

    Returns:
        A note without cards.
    """
    notice = words.say("retired-for" if heir else "retired", question=heir)
    notice += " " + words.say("retired-until", date=until)
    empty = ("front", "answer", "details", "checked", "category", "difficulty")
    values: dict[str, object] = dict.fromkeys(empty, "")
    values |= {
        "question": _words(question),
        "retired": hide_delimiters(text(notice)),
        "id": identity,
        "kind": kind.name,
        "flags": defaultdict(str, kind.flags),
        "sections": defaultdict(str),
        "citations": (),
        "evidence": (),
        "say": speaker(words),
    }
    if note_type.cloze:
        # A card whose hole is gone would show an error instead of the notice.
        values["answer"] = " ".join(f"{{{{c{ord_ + 1}::retired}}}}" for ord_ in ords)
    fields = _fill_fields(note_type, values)
    tags = (RETIRED_TAG,)
    hash_, content = hashes(note_type.slug, "", fields, tags, ())
    return AnkiNote(
        identity,
        kind.name,
        note_type.slug,
        category="",
        deck="",
        question=question,
        row=_DIVIDER.join(fields),
        tags=tags,
        ords=(),
        hash=hash_,
        content=content,
    )


def _fill_fields(note_type: NoteType, values: Mapping[str, object]) -> tuple[str, ...]:
    templates = tuple(field.value for field in note_type.fields)
    try:
        return tuple(finish_field(field) for field in fill_all(templates, values))
    except TemplateError as error:
        path = f"note_types/{note_type.slug}/note_type.yaml"
        raise TemplateError(
            Problem(Location(path), error.problem.message, rule="broken-template")
        ) from error


def _words(said: str) -> Html:
    """Write words that do not come from Markdown, for templates to take as they are."""
    return hide_delimiters(escaped(said))


def _address(url: str) -> Html:
    return escaped(url).replace("\\", html("&#92;"))


def _tags(note: Note) -> tuple[str, ...]:
    tags = {f"category::{note.category}"}
    tags |= {f"topic::{tag}" for tag in note.tags}
    tags |= {f"difficulty::{note.difficulty}"} if note.difficulty else set()
    for fact in note.evidence:
        kind = shown_kind(fact)
        end = "" if kind == "asked" else f"::{kind}"
        tags.add(f"company::{fact.company}{end}")
    return tuple(sorted(tags))


def _evidence_lines(note: Note, catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {
            "kind": shown_kind(fact),
            "grade": fact.grade,
            "date": fact.date,
            "name": _words(company_name(catalogue.companies, fact.company)),
            "says": _words(
                say_evidence(
                    fact,
                    company_name(catalogue.companies, fact.company),
                    catalogue.info.words,
                )
            ),
        }
        for fact in strongest_facts(note)
    ]
