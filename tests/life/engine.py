"""One version of Anki's engine, in a process of its own: a learner's collection, told what to do.

Runs under the Python of any environment that has the package `anki`, from 2.1.66 on, and needs
nothing else: each line of the standard input is one command as JSON, each line of the output its
answer. `EngineProcess` in `life.engine_process` is the other end.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from anki import import_export_pb2 as messages
from anki import lang
from anki.buildinfo import version
from anki.collection import Collection

from anki_connect_server import AnkiConnectServer

CONDITION = "IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_"


class Engine:
    """A collection in a folder, and everything that a learner or an import does to it.

    What happens is dated "now" by Anki; `settle` dates it back to the day that is played.
    """

    collection: Any

    def open(self, folder: str) -> None:
        """Make a collection in a folder, or open the one that is there."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.began = int(time.time())
        self.path = str(Path(folder) / "collection.anki2")
        self.collection = Collection(self.path)
        self.seen: dict[str, str] = {}
        self.server: AnkiConnectServer | None = None

    def close(self) -> None:
        """Close the collection."""
        if self.server:
            self.server.__exit__(None, None, None)
        self.collection.close()

    def settle(self, now: int) -> None:
        """Date everything that was changed since the collection was made to a moment of the play.

        Then the collection is opened anew, as Anki keeps what it knows of note types.
        """
        for table, column in (("notes", "mod"), ("notetypes", "mtime_secs")):
            self.collection.db.execute(
                f"update {table} set {column} = ? where {column} >= ?", now, self.began
            )
        self.collection.close()
        self.collection = Collection(self.path)

    def load_package(self, path: str, never: bool) -> None:
        """Import a package with the options of a fresh profile, or with "Update notes: Never"."""
        if not hasattr(messages, "ImportAnkiPackageOptions"):
            if never:
                raise RuntimeError(f"Anki {version} knows no options of an import")
            self.collection.import_anki_package(path)
            return
        value = messages.ImportAnkiPackageUpdateCondition.Value
        options = messages.ImportAnkiPackageOptions(
            update_notes=value(CONDITION + ("NEVER" if never else "IF_NEWER")),
            update_notetypes=value(CONDITION + "IF_NEWER"),
        )
        request = messages.ImportAnkiPackageRequest(package_path=path, options=options)
        self.collection.import_anki_package(request)

    def load_text(self, path: str) -> None:
        """Import a text file as Anki's window proposes it."""
        metadata = self.collection.get_csv_metadata(path, None)
        self.collection.import_csv(messages.ImportCsvRequest(path=path, metadata=metadata))

    def serve(self) -> str:
        """Serve the collection as AnkiConnect does, and return where."""
        if self.server is None:
            engine: Any = self  # it looks for the collection at every request
            self.server = AnkiConnectServer(engine)
            self.server.__enter__()
        return self.server.url

    def act(self, actions: list[list[Any]]) -> None:
        """Do what a learner does: each action is its name and what it concerns."""
        for name, *rest in actions:
            getattr(self, f"act_{name}")(*rest)

    def act_answer(self, cards: list[int], ease: int) -> None:
        for number in cards:
            card = self.collection.get_card(number)
            card.start_timer()
            self.collection.sched.answerCard(card, ease)

    def act_flag(self, cards: list[int], flag: int) -> None:
        self.collection.set_user_flag_for_cards(flag, cards)

    def act_suspend(self, cards: list[int]) -> None:
        self.collection.sched.suspend_cards(cards)

    def act_bury(self, cards: list[int]) -> None:
        self.collection.sched.bury_cards(cards)

    def act_tag(self, notes: list[int], tag: str) -> None:
        self.collection.tags.bulk_add(notes, tag)

    def act_write(self, number: int, place: int, text: str) -> None:
        note = self.collection.get_note(number)
        note.fields[place] = text
        self.collection.update_note(note)

    def act_move(self, cards: list[int], deck: str) -> None:
        self.collection.set_deck(cards, self.collection.decks.id(deck))

    def act_rename_deck(self, old: str, new: str) -> None:
        self.collection.decks.rename(self.collection.decks.id(old), new)

    def act_options(self, deck: str, name: str) -> None:
        decks = self.collection.decks
        preset = decks.add_config_returning_id(name)
        decks.set_config_id_for_deck_dict(decks.get(decks.id(deck)), preset)

    def act_gather(self, search: str) -> None:
        """Make a filtered deck, which takes cards out of theirs for a while."""
        deck = self.collection.sched.get_or_create_filtered_deck(deck_id=0)
        deck.name = "Gathered"
        del deck.config.search_terms[:]
        term = deck.config.search_terms.add()
        term.search, term.limit = search, 3
        self.collection.sched.add_or_update_filtered_deck(deck)

    def act_style(self, number: int, css: str) -> None:
        model = self.collection.models.get(number)
        model["css"] = css
        self.collection.models.update_dict(model)

    def act_add_field(self, number: int, name: str) -> None:
        models = self.collection.models
        model = models.get(number)
        models.add_field(model, models.new_field(name))
        models.update_dict(model)

    def act_add_note(self, number: int, deck: str, fields: list[str]) -> None:
        """Add a note of the learner's own; 0 is Anki's own note type."""
        models = self.collection.models
        note = self.collection.new_note(models.get(number) if number else models.by_name("Basic"))
        for place, text in enumerate(fields):
            note.fields[place] = text
        self.collection.add_note(note, self.collection.decks.id(deck))

    def act_delete(self, notes: list[int]) -> None:
        self.collection.remove_notes(notes)

    def act_remove_empty_cards(self) -> None:
        for note in self.collection.get_empty_cards().notes:
            if not note.will_delete_note:
                self.collection.remove_cards_and_orphaned_notes(list(note.card_ids))

    def state(self) -> dict[str, Any]:
        """Return all that a learner has: notes, cards, review log, note types, decks, media."""
        db = self.collection.db
        decks = {
            deck.id: self.collection.decks.get(deck.id, default=False)
            for deck in self.collection.decks.all_names_and_ids()
        }
        names = {number: deck["name"] for number, deck in decks.items()}
        models = map(self.collection.models.get, db.list("select id from notetypes order by id"))
        media = Path(self.collection.media.dir())
        return {
            "today": self.collection.sched.today,
            "notes": [
                {"id": n, "guid": guid, "type": mid, "mod": mod, "fields": fields.split("\x1f"), "tags": tags.split()}
                for n, guid, mid, mod, fields, tags in db.all("select id, guid, mid, mod, flds, tags from notes order by id")
            ],
            "cards": [
                {"id": c, "note": n, "ord": o, "deck": names[did], "home": names.get(home, ""), "schedule": rest}
                for c, n, o, did, home, *rest in db.all(
                    "select id, nid, ord, did, odid, type, queue, due, ivl, factor, reps, lapses, left, odue, flags, data"
                    " from cards order by id"
                )
            ],
            "reviews": db.all("select id, cid, ease, ivl, lastIvl, factor, time, type from revlog order by id"),
            "types": [
                {
                    "id": model["id"], "name": model["name"], "mod": model["mod"], "css": model["css"],
                    "fields": [field["name"] for field in model["flds"]],
                    "templates": [[t["name"], t["qfmt"], t["afmt"]] for t in model["tmpls"]],
                }
                for model in models
            ],
            "decks": {deck["name"]: [number, deck.get("conf", 0)] for number, deck in decks.items()},
            "media": {path.name: self._digest(path) for path in sorted(media.iterdir())},
        }  # fmt: skip

    def _digest(self, path: Path) -> str:
        if path.name not in self.seen:
            self.seen[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self.seen[path.name]


def main() -> None:
    """Answer commands until there are no more."""
    lang.set_lang("en_US")  # as the program does; its older importer needs it
    engine = Engine()
    replies, sys.stdout = sys.stdout, sys.stderr  # Anki prints, too
    replies.write(json.dumps(version) + "\n")
    replies.flush()
    for line in sys.stdin:
        name, *rest = json.loads(line)
        try:
            answer = {"result": getattr(engine, name)(*rest)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        replies.write(json.dumps(answer) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
