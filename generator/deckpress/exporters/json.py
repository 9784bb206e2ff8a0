"""Everything a deck holds as JSON, in the shape of `schema/export_file`, for other programs."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from deckpress.anki.identity import note_guid
from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.model.collection import Catalogue, Writing, category_name, deck_name
from deckpress.model.note import Content, Note
from deckpress.tree.node import plain_text

VERSION = 1
"""Raised when a program that reads the old form would misread the new one."""


def export(deck: Deck, options: Options) -> bytes:
    """Write a deck as JSON.

    Args:
        deck: the deck.
        options: nothing of them concerns this format.

    Returns:
        UTF-8, indented, ending in a line break.
    """
    info = deck.collection.info
    said = deck.collection.write(SAID, deck.notes)
    media = sorted({name for note in deck.notes for name in note.images.values()})
    value = {
        "version": VERSION,
        "name": deck.name,
        "deck": {
            "title": deck.title,
            "slug": info.slug,
            "root": info.root,
            "language": info.language,
            "description": info.description,
            "version": deck.version,
            "author": info.author,
            "license": info.license,
            "homepage": info.homepage,
            "whole": deck.whole,
        },
        "categories": [
            {"slug": c.slug, "name": c.name, "deck": deck_name(info, c.slug)}
            for c in info.categories
        ],
        "companies": {slug: c.name for slug, c in sorted(deck.collection.companies.items())},
        "notes": [_note(note, deck, said[note.id]) for note in deck.notes],
        "media": {name: b64encode(deck.collection.media[name]).decode() for name in media},
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _note(note: Note, deck: Deck, said: dict[str, Any]) -> dict[str, Any]:
    rendered, entry = deck.rendered[note.id], deck.ledger.notes[note.id]
    note_type = deck.collection.note_types[rendered.note_type]
    names = [field.name for field in note_type.fields]
    fields = dict(zip(names, rendered.fields, strict=True))
    return {
        "id": note.id,
        "guid": entry.guid or note_guid(deck.ledger.namespace, note.id),
        "kind": note.kind,
        "note_type": rendered.note_type,
        "category": note.category,
        "category_name": category_name(deck.collection.info, note.category),
        "part": deck.parts.get(note.id, ""),
        "question": note.question,
        "difficulty": note.difficulty,
        "term": note.term,
        "importance": note.importance,
        "tags": list(note.tags),
        "anki_tags": list(rendered.tags),
        "companies": [fact._asdict() for fact in note.evidence],
        "sources": [citation._asdict() for citation in note.citations],
        "checked": note.checked,
        "covers": list(note.covers),
        "replaces": list(note.replaces),
        "cards": len(rendered.ords),
        "changed": entry.mod,
        **said,
        "html": {name: value for name, value in fields.items() if value},
        "media": sorted(set(note.images.values())),
    }


def write_note(note: Note, content: Content, catalogue: Catalogue) -> dict[str, Any]:
    """Say what a note says: as its author wrote it, and in plain words by part."""
    parts = {
        "question": content.question,
        "front": content.front,
        "answer": content.answer,
        "details": content.details,
        **content.sections,
    }
    return {
        "markdown": content.markdown,
        "text": {name: plain_text(nodes).strip() for name, nodes in parts.items() if nodes},
    }


SAID = Writing("json", write_note, Any)


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return (SAID,)
