"""`deckpress push`: the real command, over HTTP, into the real Anki's collection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from anki_collection import RealAnki
from anki_connect_server import AnkiConnectServer
from conftest import Sources
from deckpress import Selection, load
from deckpress.cli.main import main
from deckpress.model.templates import STYLE_MARKER
from program import run

EARLY = 1_760_000_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="{}" height="9"/></svg>'
DECK = {
    "one/a.md": "---\ncompanies: [x]\ntags: [t]\n---\n# A? {#a}\n\nold a\n",
    "one/b.md": "# B? {#b}\n\nold b\n",
    "one/r.md": "# R {#r .reversed}\n\nold meaning\n",
    "two/c.md": "# C {#c}\n\nold {{c1::one}} {{c2::two}}\n",
}
JOURNAL = Path("build/small-push.json")
Write = Callable[[dict[str, str]], Sources]
At = Callable[[int], None]


@pytest.fixture
def server(anki: RealAnki) -> Iterator[AnkiConnectServer]:
    """Serve the collection as the add-on does."""
    with AnkiConnectServer(anki) as running:
        yield running


def call(server: AnkiConnectServer, *words: str, text: str = "") -> Result:
    """Call the command in the working directory."""
    return CliRunner().invoke(main, ["push", "--url", server.url, *words], input=text)


def push(server: AnkiConnectServer, *words: str) -> Any:
    """Push without questions, and return what it did."""
    done = call(server, "--yes", "--json", *words)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def rewrite(sources: Sources, *names: str) -> None:
    """Give cards new texts."""
    for name in names:
        sources.write(name, DECK[name].replace("old", "new"))


def state(anki: RealAnki) -> list[Any]:
    """Return everything of notes, cards and note types that a push could change."""
    tables = ("notes", "cards", "notetypes", "templates", "decks")
    database = anki.collection.db
    assert database is not None
    return [database.all(f"select * from {table} order by 1, 2") for table in tables]


def test_a_deck_comes_and_is_updated_and_all_that_is_the_learner_s_stays(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """New notes, texts, tags, look and figures come; notes, tags, progress, flags, decks stay."""
    sources = write_all(DECK)
    at(EARLY)
    assert push(server)["added"] == ["a", "b", "r", "c"]
    assert anki.decks()["Small Deck::02 Two"] == 2
    progress = {}
    for name in "abcr":
        note = anki.note(name)
        note["My notes"] = f"mine on {name}"
        note.tags += ["own", "marked"]
        anki.collection.update_note(note)
        anki.study(name)
    moved = anki.collection.decks.add_normal_deck_with_name("Mine").id
    anki.collection.set_deck([anki.note("b").cards()[0].id], moved)
    anki.collection.set_user_flag_for_cards(3, [anki.note("c").cards()[0].id])
    progress = {name: anki.progress(name) for name in "abcr"}
    deck = anki.collection.decks.by_name("Small Deck::01 One")
    assert deck is not None
    preset = anki.collection.decks.add_config_returning_id("Mine")
    anki.collection.decks.set_config_id_for_deck_dict(deck, preset)
    rewrite(sources, *DECK)
    sources.write("one/f.svg", SVG.format(10))
    sources.write("one/b.md", "# B? {#b}\n\nnew b\n\n![A box](f.svg)\n")
    sources.write("one/a.md", "---\ntags: [u]\n---\n# A? {#a}\n\nnew a\n")
    sources.write("one/n.md", "# N? {#n}\n\nnew n\n")
    sources.write("templates/notes/basic/style.css", ".note { margin: 1px; }\n")
    at(EARLY + 1000)
    done = push(server)
    assert done["added"] == ["n"]
    assert done["changed"] == ["a", "b", "r", "c"]
    for name in "abcr":
        note = anki.note(name)
        assert "new" in note.fields[1] + note.fields[2]
        assert "old" not in "".join(note.fields)
        assert note["My notes"] == f"mine on {name}"
        assert {"own", "marked"} <= set(note.tags)
        assert anki.progress(name) == progress[name]
    assert set(anki.note("a").tags) == {"category::one", "topic::u", "own", "marked"}
    (figure,) = done["media"]
    assert f'src="{figure}"' in anki.note("b")["Answer"]
    assert (Path(anki.collection.media.dir()) / figure).read_text() == SVG.format(10)
    assert "margin: 1px" in server.do_modelStyling("Small Deck: card")["css"]
    deck = anki.collection.decks.by_name("Small Deck::01 One")
    assert deck is not None
    assert deck["conf"] == preset
    assert [path.name for path in Path("build").iterdir()] == [JOURNAL.name]
    load(sources.root, locked=True)


def test_a_second_push_changes_nothing(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """What Anki has is not touched, and no question is asked."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    rewrite(sources, "one/a.md")
    push(server)
    before = state(anki)
    server.asked.clear()
    done = call(server)
    assert (done.exit_code, done.stdout) == (0, "Anki is up to date\n")
    assert server.actions() == []
    assert state(anki) == before


def test_after_a_package_and_after_the_update_file(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """The ways mix: what came by package or by text is the deck's, not an edit."""
    sources = write_all(DECK)
    at(EARLY)
    anki.load(sources.build())
    assert not any(push(server)[key] for key in ("added", "changed", "edited", "looks"))
    rewrite(sources, *DECK)
    at(EARLY + 1000)
    anki.load_text(sources.build(formats=["update"]))
    assert not any(push(server)[key] for key in ("added", "changed", "edited", "looks"))


def test_a_dry_run_says_everything_and_changes_nothing(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """Neither in Anki nor on the disk; and a "no" to the question is a dry run, too."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    note = anki.note("c")
    note["Text"] = "my own {{c1::text}}"
    anki.collection.update_note(note)
    rewrite(sources, *DECK)
    (sources.root / "one/b.md").unlink()
    sources.write("one/n.md", "# N? {#n}\n\nn\n")
    before, lock = state(anki), (sources.root / "deck.lock").read_bytes()
    for words, text in ((["--dry-run"], ""), ([], "n\n")):
        server.asked.clear()
        done = call(server, *words, text=text)
        assert done.stdout.splitlines()[:6] == [
            "new: 1 (n)",
            "new text: 2 (a, r)",
            "taken out: 1 (b)",
            "edited by you, left alone (--overwrite replaces them): 1 (c)",
            "tags updated: 1 note",
            *(["Apply these changes in Anki? [y/N]: n"] if text else []),
        ]
        assert done.exit_code == (1 if text else 0)
        assert server.actions() == []
        assert state(anki) == before
        assert (sources.root / "deck.lock").read_bytes() == lock


def test_what_the_learner_edited(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """It stays; overwritten, it goes to "My notes", behind what is there, and makes no cards."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    for name, field in (("b", "Answer"), ("c", "Text")):
        note = anki.note(name)
        note[field] = "mine: {{c1::one}} {{c2::two}} {{c7::seven}}"
        note["My notes"] = "before"
        anki.collection.update_note(note)
    cards = anki.collection.card_count()
    rewrite(sources, *DECK)
    at(EARLY + 1000)
    done = push(server)
    assert (done["changed"], done["edited"]) == (["a", "r"], ["b", "c"])
    assert anki.note("b")["Answer"].startswith("mine")
    done = push(server, "--overwrite")
    assert (done["changed"], done["overwritten"]) == ([], ["b", "c"])
    assert anki.note("b")["Answer"] == "<p>new b</p>"
    assert anki.note("c")["My notes"] == (
        "before<hr><p><b>Text, as it was:</b></p><div>mine: "
        "{&#123;c1::one}&#125; {&#123;c2::two}&#125; {&#123;c7::seven}&#125;</div>"
    )
    assert anki.collection.card_count() == cards
    assert push(server, "--overwrite")["overwritten"] == []
    assert anki.note("b")["My notes"].count("mine") == 1


def test_a_learner_who_skipped_releases(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """Any released text is the deck's, and any tag that the note ever had from it."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    for number in range(1, 6):
        at(EARLY + number)
        sources.write("one/a.md", f"---\ntags: [t{number}]\n---\n# A? {{#a}}\n\nversion {number}\n")
        sources.build()
    note = anki.note("a")
    note.tags.append("t4")
    anki.collection.update_note(note)
    done = push(server)
    assert (done["changed"], done["edited"]) == (["a"], [])
    assert anki.note("a").tags == ["category::one", "t4", "topic::t5"]


def test_retirement_and_return(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """Who has the note gets the notice; who never had it gets nothing; and it goes again."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    note = anki.note("b")
    note.tags.append("own")
    anki.collection.update_note(note)
    anki.collection.remove_notes([anki.note("r").id])
    text = (sources.root / "one/b.md").read_text()
    (sources.root / "one/b.md").unlink()
    (sources.root / "one/r.md").unlink()
    at(EARLY + 1000)
    done = push(server)
    assert (done["retired"], done["added"]) == (["b"], [])
    assert "Retired: this card was taken out" in anki.note("b")["Retired"]
    assert set(anki.note("b").tags) == {"own", "status::retired"}
    sources.write("one/b.md", text)
    at(EARLY + 2000)
    assert push(server)["changed"] == ["b"]
    assert anki.note("b")["Retired"] == ""
    assert set(anki.note("b").tags) == {"own", "category::one"}


def test_a_company_s_deck_and_a_standalone_one(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """A selection brings its notes; a standalone deck has notes of its own beside them."""
    sources = write_all(DECK)
    at(EARLY)
    assert push(server, "--company", "x")["added"] == ["a"]
    assert push(server)["added"] == ["b", "r", "c"]
    assert push(server, "--company", "x", "--standalone")["added"] == ["a"]
    assert len(anki.collection.find_notes('"Id:a"')) == 2
    rewrite(sources, "one/a.md")
    assert push(server)["changed"] == ["a"]
    texts = [anki.collection.get_note(n)["Answer"] for n in anki.collection.find_notes('"Id:a"')]
    assert sorted(texts) == ["<p>new a</p>", "<p>old a</p>"]
    package = sources.build(selection=Selection(companies=("x",)))
    assert anki.load(package).new == 0


def test_the_learner_s_style_outlives_a_new_look(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """Below the marker it stays, also when new notes come with the new look; without, all of it."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    models = anki.collection.models
    for name, css in (("card", None), ("cloze", ".all { color: mine; }")):
        model = server._model(f"Small Deck: {name}")
        model["css"] = css or model["css"] + ".note { color: teal; }\n"
        models.update_dict(model)
    for kind in ("basic", "cloze"):
        sources.write(f"templates/notes/{kind}/style.css", ".note { margin: 1px; }\n")
    sources.write("one/n.md", "# N? {#n}\n\nn\n")
    at(EARLY + 1000)
    done = call(server, "--yes")
    assert "'Small Deck: cloze' has a style of your own, which stays" in done.stdout
    css = server.do_modelStyling("Small Deck: card")["css"]
    assert "margin: 1px" in css.partition(STYLE_MARKER)[0]
    assert css.partition(STYLE_MARKER)[2] == "\n.note { color: teal; }\n"
    assert server.do_modelStyling("Small Deck: cloze")["css"] == ".all { color: mine; }"
    assert push(server)["looks"] == []


def test_new_notes_bring_no_look_over_a_style_that_is_all_the_learner_s(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """The package that brings them holds the note type, too, and newer than the learner's style."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    model = server._model("Small Deck: card")
    model["css"] = ".all { color: mine; }"
    anki.collection.models.update_dict(model)
    sources.write("templates/notes/basic/style.css", ".note { margin: 1px; }\n")
    sources.write("one/n.md", "# N? {#n}\n\nn\n")
    at(int(time.time()) + 3600)
    done = push(server)
    assert (done["added"], done["looks"]) == (["n"], [])
    assert server.do_modelStyling("Small Deck: card")["css"] == ".all { color: mine; }"
    assert "mine" in anki.show(anki.note("n").cards()[0]).css


def test_a_field_of_the_learner_s_is_never_emptied(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer
) -> None:
    """The add-on's import would merge note types: new notes are held back, new texts arrive."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    models = anki.collection.models
    model = server._model("Small Deck: card")
    field = models.new_field("Mine")
    models.add_field(model, field)
    models.reposition_field(model, field, 1)
    models.update_dict(model)
    note = anki.note("a")
    note["Mine"] = "my own"
    anki.collection.update_note(note)
    rewrite(sources, "one/a.md")
    sources.write("one/n.md", "# N? {#n}\n\nn\n")
    at(EARLY + 1000)
    done = push(server)
    assert (done["changed"], done["held_back"], done["added"]) == (["a"], ["n"], [])
    assert (anki.note("a")["Mine"], anki.note("a")["Answer"]) == ("my own", "<p>new a</p>")
    assert "import the package in Anki's own window" in call(server, "--dry-run").stdout


@pytest.mark.parametrize("last", ["importPackage", "updateNoteFields", "removeTags", "addTags"])
def test_a_push_that_ended_half_way_is_done_by_the_next(
    write_all: Write, at: At, anki: RealAnki, server: AnkiConnectServer, last: str
) -> None:
    """It goes on with what it was told; no text is written twice, and the old ones are kept."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    note = anki.note("b")
    note["Answer"], note["My notes"] = "mine", "before"
    anki.collection.update_note(note)
    rewrite(sources, *DECK)
    sources.write("one/a.md", "---\ntags: [u]\n---\n# A? {#a}\n\nnew a\n")
    sources.write("one/n.md", "# N? {#n}\n\nn\n")
    at(EARLY + 1000)
    seen: list[str] = []

    def fail(action: str, params: dict[str, Any]) -> bool:
        seen.append(action)
        number = params["note"]["id"] if action == "updateNoteFields" else 0
        return action == last and (not number or number == anki.note("r").id)

    server.fail = fail
    done = call(server, "--yes", "--overwrite")
    assert done.exit_code == 3
    assert "failed: Anki does not answer at" in done.stderr
    assert not json.loads(JOURNAL.read_bytes())["done"]
    server.fail = lambda action, params: False
    done = call(server, "--yes")
    assert done.stdout.startswith("the last push was interrupted; this one continues it\n")
    assert {name: anki.note(name)["Answer"] for name in "abr"} == {
        "a": "<p>new a</p>",
        "b": "<p>new b</p>",
        "r": "<p>new meaning</p>",
    }
    assert anki.note("b")["My notes"].count("mine") == 1
    assert set(anki.note("a").tags) == {"category::one", "topic::u"}
    assert anki.note("n")["Answer"] == "<p>n</p>"
    journal = json.loads(JOURNAL.read_bytes())
    assert journal["done"]
    assert "mine" in journal["before"]["b"]["fields"]
    assert call(server).stdout == "Anki is up to date\n"


def test_what_anki_did_not_take_is_said(
    write_all: Write, at: At, server: AnkiConnectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The add-on does not update a note that its browser holds open, and says nothing."""
    sources = write_all(DECK)
    at(EARLY)
    push(server)
    rewrite(sources, "one/a.md")
    with monkeypatch.context() as patch:
        patch.setattr(AnkiConnectServer, "do_updateNoteFields", lambda self, note: None)
        done = call(server, "--yes")
    assert done.exit_code == 3
    assert "1 notes are missing (a); close Anki's Browse, Edit" in done.stderr
    assert push(server)["changed"] == ["a"]


def test_anki_is_missing(write_all: Write) -> None:
    """It is said what to do, in one line, with the exit code of a machine that lacks something."""
    sources = write_all(DECK)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        port = closed.server_port
    done = run(sources.folder, "push", "--url", f"http://127.0.0.1:{port}", "--dry-run")
    assert done.returncode == 3
    assert done.stderr.strip() == (
        f"failed: Anki does not answer at http://127.0.0.1:{port}: start Anki; if it is running, get the add-on AnkiConnect (Tools, Add-ons, Get Add-ons, 2055492159), and restart it"
    )
    assert not (sources.root / "deck.lock").exists()


@pytest.mark.parametrize(
    ("status", "body"), [(200, "hello"), (404, "{}"), (302, "{}"), (200, "[1]"), (200, "null")]
)
def test_something_else_answers(write_all: Write, status: int, body: str) -> None:
    """Another program on that port is not taken for Anki, and sends us nowhere else."""

    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", "http://192.0.2.1/")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    write_all(DECK)
    with HTTPServer(("127.0.0.1", 0), Other) as other:
        thread = Thread(target=other.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{other.server_port}"
        done = CliRunner().invoke(main, ["push", "--url", url, "--dry-run"])
        thread.join()
    assert done.exit_code == 3
    assert "is not AnkiConnect" in done.stderr


def test_the_add_on_s_key(write_all: Write, anki: RealAnki) -> None:
    """With it everything goes, in each part of a request; without it is said what is missing."""
    write_all(DECK)
    with AnkiConnectServer(anki, key="secret") as server:
        done = call(server, "--yes")
        assert done.exit_code == 3
        assert (
            "Anki refused 'version': “valid api key must be provided” (put the key" in done.stderr
        )
        assert push(server, "--key", "secret")["added"] == ["a", "b", "r", "c"]


@pytest.mark.parametrize(
    "url",
    ["http://192.0.2.1:8765", "https://127.0.0.1", "http://localhost.example.org", "file:///etc",
     "http://127.0.0.1@example.org", "http://[::1", "127.0.0.1:8765"],
)  # fmt: skip
def test_no_other_machine(write_all: Write, url: str) -> None:
    """A collection is asked for on this machine only."""
    write_all(DECK)
    done = CliRunner().invoke(main, ["push", "--url", url])
    assert done.exit_code == 2
    assert "is not an address of this machine" in done.stderr
