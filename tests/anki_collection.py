"""The real Anki, as the tests use it: import, study, look at cards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import (
    Collection,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportCsvRequest,
)
from anki.decks import DeckId
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, as Anki counts it: notes by outcome."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as Anki's own renderer makes it."""

    question: str
    answer: str
    css: str


class RealAnki:
    """A collection in a folder of its own, imported into with the options of a fresh profile."""

    def __init__(self, folder: Path) -> None:
        """Make an empty collection."""
        folder.mkdir(parents=True)
        self._path = str(folder / "collection.anki2")
        self.collection = Collection(self._path)

    def close(self) -> None:
        """Close the collection."""
        self.collection.close()

    def load(
        self, package: Path, *, update_notes: str = "IF_NEWER", update_look: str = "IF_NEWER"
    ) -> Imported:
        """Import a package, and open the collection anew (Anki caches note types)."""
        prefix = "IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_"
        notes, look = (
            ImportAnkiPackageUpdateCondition.Value(prefix + name)
            for name in (update_notes, update_look)
        )
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, update_notes=notes, update_notetypes=look,
            with_scheduling=False, with_deck_configs=False,
        )  # fmt: skip
        request = ImportAnkiPackageRequest(package_path=str(package), options=options)
        log = self.collection.import_anki_package(request).log
        self.collection.close()
        self.collection = Collection(self._path)
        return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def load_text(self, file: Path) -> Imported:
        """Import a text file as Anki's window proposes it, which follows the file's own head."""
        metadata = self.collection.get_csv_metadata(str(file), None)
        request = ImportCsvRequest(path=str(file), metadata=metadata)
        log = self.collection.import_csv(request).log
        return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def note(self, identity: str) -> Any:
        """Return the note with a deckpress id."""
        (found,) = self.collection.find_notes(f'"Id:{identity}"')
        return self.collection.get_note(found)

    def ids(self) -> set[str]:
        """Return the deckpress ids of all notes."""
        notes = (self.collection.get_note(n) for n in self.collection.find_notes("deck:*"))
        return {note["Id"] for note in notes}

    def show(self, card: Any) -> Shown:
        """Render a card."""
        output = card.render_output(reload=True)
        return Shown(output.question_text, output.answer_text, output.css)

    def study(self, identity: str) -> tuple[int, ...]:
        """Answer the first card of a note, and return what scheduling then says of it."""
        card = self.note(identity).cards()[0]
        card.start_timer()
        self.collection.sched.answerCard(card, 3)
        return self.progress(identity)

    def progress(self, identity: str) -> tuple[int, ...]:
        """Return the scheduling of a note's first card."""
        card = self.note(identity).cards()[0]
        return (card.id, card.type, card.queue, card.due, card.ivl, card.factor, card.reps, card.did, card.flags)  # fmt: skip

    def decks(self) -> dict[str, int]:
        """Return the number of cards in each deck, without Anki's own default deck."""
        return {
            deck.name: self.collection.decks.card_count(DeckId(deck.id), include_subdecks=False)
            for deck in self.collection.decks.all_names_and_ids()
            if deck.name != "Default"
        }
