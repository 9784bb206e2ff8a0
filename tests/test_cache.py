"""What is remembered between builds saves time and never shows: same sources, same bytes."""

from __future__ import annotations

import contextlib
import errno
import json
import marshal
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import Sources
from deckpress import build
from deckpress.anki.note import AnkiNote
from deckpress.cli.main import main
from deckpress.decks.selection import Selection
from deckpress.exporters import EXPORTERS, apkg
from deckpress.exporters.html import formulas, search_index
from deckpress.exporters.html.formulas import DrawnFormula, Formula
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.last_resort_font import make_font
from deckpress.markup.typesetter import Typesetter
from deckpress.pipeline import card_reader, fingerprint, making, stamps, workers
from deckpress.pipeline import load as loading
from deckpress.pipeline.build import Work, check
from deckpress.pipeline.cache import Cache, cache_folder, digest
from deckpress.pipeline.kept_cards import bind_sheaves
from deckpress.pipeline.name_lists import read_names
from deckpress.pipeline.run_memory import take_stamps
from deckpress.pipeline.stamps import stamp_of
from deckpress.reading import card_work, figures, svg, template_files
from deckpress.reading.drawn_figures import drawn_state
from deckpress.reading.measures import MEASURES
from deckpress.reading.svg import find_svg_fault
from deckpress.text.files import read_file
from deckpress.text.problem import Fix, Location, Problem, SourceError
from program import run
from test_floors import DOORS

FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} 9"><path d="M0 0h{0}"/></svg>'
FILE = "cache-1.sqlite"


def card(number: int, words: str = "An answer") -> str:
    """Write a card of one of four sorts."""
    text = [
        f"{words} with $x_{number}^2$ and *stress*.",
        f"{words}:\n\n```python\nx = {number}\n```",
        f"{words} {{{{c1::hides}}}} a word of {number}.",
        f"{words} with a figure.\n\n![A line](line.svg)",
    ][number % 4]
    return f"---\ntags: [t{number % 3}]\n---\n# Question {number}?\n\n{text}\n"


@pytest.fixture
def deck(sources: Sources, at: Callable[[int], None]) -> Sources:
    """Return a deck of a dozen cards, whose builds all happen at the same time."""
    at(1_700_000_000)
    sources.write("one/line.svg", FIGURE.format(8))
    for number in range(12):
        sources.write(f"one/card-{number}.md", card(number))
    return sources


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return the folder of an empty cache."""
    return tmp_path / "cache"


def made(deck: Sources, work: Work, *, fresh: bool = True, **options: object) -> dict[str, bytes]:
    """Build all formats, and return the bytes of the outputs and of the ledger by name."""
    ledger = deck.root / "deck.lock"
    if fresh:
        ledger.unlink(missing_ok=True)
    out = deck.folder / "build"
    done = build(deck.root, out, formats=list(EXPORTERS), work=work, **options)  # type: ignore[arg-type]
    files = {output.path.name: output.path.read_bytes() for output in done.outputs}
    return {**files, "deck.lock": ledger.read_bytes()}


def test_jobs_and_cache_do_not_show(deck: Sources, cache: Path) -> None:
    """One process or two, cold, warm, of a part before or of the whole: the bytes are the same."""
    plain = made(deck, Work(1))
    assert made(deck, Work(2)) == plain
    assert made(deck, Work(2, cache)) == plain
    assert made(deck, Work(1, cache)) == plain
    assert made(deck, Work(0, cache), fresh=False) == plain
    assert made(deck, Work(0, cache), fresh=False) == plain


WORDS = "front,back,sound\nla casa,house,\nel perro,dog,\nel gato,cat,\n"
TABLE = "# Verbs {.pairs}\n\n| front | back |\n|---|---|\n| ser | to be |\n| ir | to go |\n"


def test_word_pairs_with_jobs_and_cache(deck: Sources, cache: Path) -> None:
    """Pairs get their ids when all is read, and keep them when one of their sides changes."""
    deck.write("one/words.csv", WORDS)
    deck.write("one/verbs.md", TABLE)
    deck.write("one/keyed.words.csv", "key,front,back\nthe-sun,el sol,sun\n")
    for number in range(12):
        deck.write(f"one/more-{number}.md", card(number, "Words").replace("Question", "More"))
    plain = made(deck, Work(1))
    ids = [
        line.split(b'"')[3] for line in plain["deck.lock"].splitlines() if line.startswith(b'{"id"')
    ]
    assert len(ids) == len(set(ids)) == 30
    for work in (Work(2), Work(2, cache), Work(1, cache)):
        assert made(deck, work) == plain
    deck.write("one/words.csv", WORDS.replace("house", "home"))
    deck.write("one/verbs.md", TABLE.replace("| ir |", "| irse |"))
    changed = made(deck, Work(2, cache), fresh=False)
    again = [
        line.split(b'"')[3]
        for line in changed["deck.lock"].splitlines()
        if line.startswith(b'{"id"')
    ]
    assert again == ids
    assert b"home" in changed["small-update.csv"]
    assert b"irse" in changed["small-update.csv"]
    (deck.root / "deck.lock").write_bytes(plain["deck.lock"])
    assert made(deck, Work(1), fresh=False) == changed


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_whose_name_is_no_text(deck: Sources, cache: Path) -> None:
    """A name that is not UTF-8 is told alike with a cache and without."""
    made(deck, Work(1, cache))
    deck.write(os.fsdecode(b"b\xe9d/a.md"), card(5, "Elsewhere").replace("Question", "Which"))
    told = []
    for work in (Work(1), Work(1, cache), Work(1, cache)):
        with pytest.raises(SourceError) as caught:
            made(deck, work)
        told.append(caught.value.problems)
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("gone", [False, True])
def test_a_card_that_changes_once_it_is_known(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    """What is opened after its notes are known must be what they came from."""
    # Files that are two seconds old are known by their stamps; these are as if they were.
    monkeypatch.setattr(stamps, "_TICK", -10_000_000_000)
    made(deck, Work(1, cache))
    release = loading.load(deck.root, jobs=1, cache=cache)
    path = deck.root / "one/card-5.md"
    if gone:
        path.unlink()
    else:
        deck.write("one/card-5.md", card(5) + "\n# Another?\n\nYes.\n")
    said = "No such file" if gone else "changed while the deck was read"
    with pytest.raises(SourceError, match=said):
        release.collection.write(MEASURES, release.collection.notes)


def test_a_newcomer_is_blamed_with_workers(deck: Sources, cache: Path) -> None:
    """Of two notes with one question the one that was released is innocent, warm or cold."""
    made(deck, Work(2, cache))
    deck.write("one/a-new-one.md", card(5))
    for work in (Work(1), Work(2), Work(2, cache)):
        with pytest.raises(SourceError) as caught:
            build(deck.root, deck.folder / "build", work=work)
        (problem,) = caught.value.problems
        assert problem.where.path == "cards/one/a-new-one.md"


def test_a_limit_of_size_is_part_of_the_key(deck: Sources, cache: Path) -> None:
    """A figure that was small enough is not any more."""
    made(deck, Work(1, cache))
    deck.write("one/line.svg", FIGURE.format(8) + f"<!--{'x' * 1_100_000}-->")
    made(deck, Work(1, cache))
    text = (deck.root / "deck.yaml").read_text(encoding="utf-8")
    deck.write("deck.yaml", f"{text}most_megabytes: {{images: 1}}\n")
    with pytest.raises(SourceError, match="1 MB at most"):
        made(deck, Work(1, cache))


def test_a_bibliography_is_part_of_the_key(deck: Sources, cache: Path) -> None:
    """A work that is listed otherwise is written otherwise in every card that cites it."""
    work = "references:\n  - id: ada\n    title: {0}\n    author: [{{family: Lovelace}}]\n"
    deck.write("bibliography.yaml", work.format("Notes"))
    deck.write("one/card-4.md", card(4, "As she says [@ada], an answer"))
    assert b"Sketch" not in made(deck, Work(1, cache))["small.html"]
    deck.write("bibliography.yaml", work.format("Sketch"))
    changed = made(deck, Work(1, cache))
    assert b"Sketch" in changed["small.html"]
    assert changed == made(deck, Work(1))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that takes up the paths of the card files that are worked on."""
    paths: list[str] = []
    plain = card_work.work_on_card

    def count(source, setting, writings):  # type: ignore[no-untyped-def]
        paths.append(source.path)
        return plain(source, setting, writings)

    monkeypatch.setattr(workers, "work_on_card", count)
    return paths


def test_only_what_changed_is_read(deck: Sources, cache: Path, counted: list[str]) -> None:
    """A changed card is read again, and what it was before stays known."""
    made(deck, Work(1, cache))
    assert len(counted) == 12
    counted.clear()
    deck.write("one/card-4.md", card(4, "Another answer"))
    changed = made(deck, Work(1, cache))
    assert counted == ["cards/one/card-4.md"]
    assert changed == made(deck, Work(1))
    counted.clear()
    deck.write("one/card-4.md", card(4))
    made(deck, Work(1, cache))
    assert counted == []


def test_sheaves_hold_all_files_and_change_where_files_do() -> None:
    """Each file is in one of them, in order; one more in the middle changes one or two."""
    names = [f"one/card-{number:03}.md" for number in range(300)]
    sheaves = bind_sheaves(names)
    assert [at for sheaf in sheaves for at in sheaf] == [*range(300)]
    assert 5 < len(sheaves) < 60
    assert bind_sheaves([]) == []
    for at in range(301):
        more = [*names[:at], "one/new.md", *names[at:]]
        before = {tuple(names[n] for n in sheaf) for sheaf in sheaves}
        after = {tuple(more[n] for n in sheaf) for sheaf in bind_sheaves(more)}
        assert 1 <= len(after - before) <= 2


@pytest.mark.parametrize("tick", [-10_000_000_000, 10_000_000_000])
def test_neighbours_of_what_changed_are_not_read(
    deck: Sources,
    cache: Path,
    counted: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tick: int,
) -> None:
    """Cards that come, go, move, change, or whose mistake is mended, are read alone."""
    monkeypatch.setattr(stamps, "_TICK", tick)
    for number in range(12, 60):
        deck.write(f"one/card-{number}.md", card(number))

    def build_one() -> None:
        build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))

    build_one()
    assert len(counted) == 60
    counted.clear()
    deck.write("one/card-200.md", card(200))
    build_one()
    assert counted == ["cards/one/card-200.md"]
    counted.clear()
    (deck.root / "one/card-30.md").unlink()
    deck.write("one/other-30.md", card(30).replace("30?", "30? {#card-30}"))
    (deck.root / "one/card-31.md").unlink()
    build_one()
    assert counted == ["cards/one/other-30.md"]
    counted.clear()
    deck.write("one/card-40.md", "# A question\n")
    with pytest.raises(SourceError):
        build_one()
    assert counted == ["cards/one/card-40.md"]
    counted.clear()
    deck.write("one/card-40.md", card(40, "A new answer"))
    build_one()
    assert counted == ["cards/one/card-40.md"]
    counted.clear()
    build_one()
    assert counted == []
    # A copy elsewhere, of which nothing is known, finds what the first has made.
    copy = deck.folder.with_name(f"{deck.folder.name}-copy")
    shutil.copytree(deck.folder, copy)
    monkeypatch.chdir(copy)
    build_one()
    assert counted == []
    changed = made(deck, Work(1, cache))
    assert changed == made(deck, Work(1))


def test_a_part_of_a_deck_is_kept_beside_the_rest(
    deck: Sources, cache: Path, counted: list[str]
) -> None:
    """What one selection has written of a sheaf is not written again for another."""
    for tag, number in (("t0", 4), ("t1", 4), ("t2", 4), ("t0", 0)):
        chosen = Selection(tags=(tag,))
        build(deck.root, deck.folder / "build", formats=["md"], selection=chosen,
              work=Work(1, cache))  # fmt: skip
        # The first run reads all of them for Anki, and each then writes its own.
        assert len([*dict.fromkeys(counted)]) == (12 if (tag, number) == ("t0", 4) else number)
        counted.clear()


def test_a_block_is_deflated_once(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large package, only the blocks are deflated in which something changed."""
    deflated: list[int] = []
    plain = apkg._deflate_block

    def count(block: memoryview) -> bytes:
        deflated.append(len(block))
        return plain(block)

    monkeypatch.setattr(apkg, "_deflate_block", count)
    notes = [f"# What is {n} times {n}? {{#q{n}}}\n\nAnswer: {n * n}.\n" for n in range(3000)]
    deck.write("one/many.md", "\n".join(notes))
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    whole = len(deflated)
    assert whole >= 4
    deflated.clear()
    notes[1500] = notes[1500].replace("Answer", "Reply")
    deck.write("one/many.md", "\n".join(notes))
    done = build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    assert 1 <= len(deflated) <= whole // 2
    path = done.outputs[0].path
    made_warm = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    path.unlink()
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1))
    assert path.read_bytes() == made_warm


@pytest.mark.parametrize("tick", [-10_000_000_000, 10_000_000_000])
def test_a_file_as_it_was_is_not_opened(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch, tick: int
) -> None:
    """Only what may have changed is, and that is all while it could change within one moment."""
    opened: list[str] = []
    plain = read_file

    def count(path):  # type: ignore[no-untyped-def]
        opened.append(path.name)
        return plain(path)

    monkeypatch.setattr("deckpress.pipeline.card_reader.read_file", count)
    monkeypatch.setattr(stamps, "_TICK", tick)
    everything = [f"card-{number}.md" for number in range(12)]
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    assert sorted(opened) == sorted(everything)
    deck.write("one/card-4.md", card(4, "No answer"))
    opened.clear()
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    assert sorted(opened) == (["card-4.md"] if tick < 0 else sorted(everything))
    # Another format needs them all, and each is opened once.
    opened.clear()
    changed = made(deck, Work(1, cache))
    assert sorted(opened) == sorted(everything)
    assert changed == made(deck, Work(1))


def test_what_waits_to_be_read_is_read_as_it_is_then(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that changes while others are read is kept under what it says, not what it said."""
    monkeypatch.setattr(stamps, "_TICK", -10_000_000_000)
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    plain = read_file

    def change(path):  # type: ignore[no-untyped-def]
        if path.name == "card-8.md":
            path.write_text(card(8, "A late answer"), encoding="utf-8")
        return plain(path)

    monkeypatch.setattr("deckpress.pipeline.card_reader.read_file", change)
    made(deck, Work(1, cache))
    monkeypatch.setattr("deckpress.pipeline.card_reader.read_file", plain)
    assert made(deck, Work(1, cache)) == made(deck, Work(1))


def test_a_changed_figure_is_noticed(deck: Sources, cache: Path, counted: list[str]) -> None:
    """What shows it is read again, though its own bytes are the same."""
    made(deck, Work(1, cache))
    counted.clear()
    deck.write("one/line.svg", FIGURE.format(7))
    changed = made(deck, Work(1, cache))
    assert counted == [f"cards/one/card-{number}.md" for number in (11, 3, 7)]
    assert changed == made(deck, Work(1))
    (deck.root / "one/line.svg").unlink()
    with pytest.raises(SourceError, match=r"there is no file 'line\.svg'"):
        made(deck, Work(1, cache))


@pytest.mark.parametrize("changes", [1, 2, 3, 99])
@pytest.mark.parametrize("table", [False, True])
def test_a_figure_that_changes_while_its_card_is_read(
    deck: Sources, monkeypatch: pytest.MonkeyPatch, changes: int, table: bool
) -> None:
    """The card is read again, until both belong together or it takes too long."""
    if table:
        text = "# Verbs {.pairs}\n\n| front | back |\n|---|---|\n| ser | ![A line](line.svg) |\n"
        deck.write("one/a-verbs.md", text)
    plain, left = card_work.figure_of, [*range(changes)]

    def change(path, *rest):  # type: ignore[no-untyped-def]
        if left and path.endswith("a-verbs.md" if table else "card-3.md"):
            deck.write("one/line.svg", FIGURE.format(10 + left.pop()))
        return plain(path, *rest)

    for number in (7, 11):
        (deck.root / f"one/card-{number}.md").unlink()
    monkeypatch.setattr(card_reader, "figure_of", change)
    if changes == 99:
        with pytest.raises(SourceError, match="a figure changed while the deck was read"):
            made(deck, Work(1))
    else:
        during = made(deck, Work(1))
        assert not left
        assert made(deck, Work(1)) == during


@pytest.mark.parametrize("formats", [["apkg"], ["html"], ["md", "json"]])
def test_a_figure_that_changed_for_one_format(
    deck: Sources, cache: Path, formats: list[str], counted: list[str]
) -> None:
    """What others have kept of its cards is of the figure that it was before."""
    made(deck, Work(1, cache))
    deck.write("one/line.svg", FIGURE.format(7))
    build(deck.root, deck.folder / "build", formats=formats, work=Work(1, cache))
    assert made(deck, Work(1, cache)) == made(deck, Work(1))
    counted.clear()
    made(deck, Work(1, cache))
    assert counted == []


def package(deck: Sources, cache: Path) -> bytes:
    """Build the package alone, with a cache, and return it."""
    (deck.root / "deck.lock").unlink(missing_ok=True)
    (output,) = build(
        deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache)
    ).outputs
    return output.path.read_bytes()


def test_a_figure_is_looked_into_once(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known by its whole hash is only read; anything else under its name is not."""
    plain = package(deck, cache)
    looked: list[bytes] = []

    def look(name: str, data: bytes) -> Problem | None:
        looked.append(data)
        return find_svg_fault(name, data)

    monkeypatch.setattr(svg, "find_svg_fault", look)
    deck.write("one/card-4.md", card(4, "Another answer"))
    package(deck, cache)
    assert looked == []
    deck.write("one/card-4.md", card(4))
    deck.write("one/line.svg", FIGURE.format(7))
    package(deck, cache)
    assert set(looked) == {FIGURE.format(7).encode()}
    looked.clear()
    # Eight digits of a hash, which the name holds, are soon found for another figure.
    hostile = FIGURE.format(8).replace("<path", "<script/><path")
    deck.write("one/line.svg", hostile)
    digest = sha256(hostile.encode()).hexdigest()
    short = sha256(FIGURE.format(7).encode()).hexdigest()[:8]
    with monkeypatch.context() as patch:
        patch.setattr(figures, "sha256", lambda data: Hash(data, digest, short))
        with pytest.raises(SourceError, match="<script>"):
            package(deck, cache)
    deck.write("one/line.svg", FIGURE.format(8))
    assert package(deck, cache) == plain


class Hash:
    """A hash of which the first digits of one value are those of another."""

    def __init__(self, data: bytes, value: str, start: str) -> None:
        self.data, self.value, self.start = data, value, start

    def hexdigest(self) -> str:
        """Return its digits."""
        found = sha256(self.data).hexdigest()
        return self.start + found[8:] if found == self.value else found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deck.yaml", None),
        ("templates/notes/basic/kind.yaml", "note_type: standard\nsections: [Why]\n"),
        ("templates/note_types/standard/note_type.yaml", None),
    ],
)
def test_settings_are_part_of_the_key(
    deck: Sources, cache: Path, counted: list[str], name: str, content: str | None
) -> None:
    """A deck's own names and templates change what is written of every card."""
    made(deck, Work(1, cache))
    counted.clear()
    if content is None:
        home = deck.root if name == "deck.yaml" else Path(__file__).parents[1]
        text = (home / name).read_text(encoding="utf-8")
        old, new = ("name: One", "name: First") if name == "deck.yaml" else ("Sources", "Works")
        content = text.replace(old, new)
        assert content != text
    deck.write(name, content)
    assert made(deck, Work(1, cache)) == made(deck, Work(1))
    assert len(counted) == 24


def test_another_version_begins_anew(
    deck: Sources, cache: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does one with another library: nothing it did not write itself is taken."""
    plain = made(deck, Work(1, cache))
    counted.clear()
    monkeypatch.setattr(card_reader, "fingerprint", lambda _: b"another")
    monkeypatch.setattr("deckpress.pipeline.run_memory.fingerprint", lambda _: b"another")
    assert made(deck, Work(1, cache), fresh=False) == plain
    assert len(counted) == 12


def test_a_folder_of_python_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in Python's path that may not be looked into holds no library."""
    before, plain = fingerprint._releases(), Path.stat

    def refuse(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if self.name == "packages" and self.parent.name == "closed":
            raise PermissionError(13, "Permission denied", str(self))
        return plain(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(sys, "path", [*sys.path, "closed/packages"])
    monkeypatch.setattr(Path, "stat", refuse)
    assert fingerprint._releases() == before


def test_the_fingerprint_is_of_files_and_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every library that has a part in outputs is there, with a version."""
    releases = fingerprint._releases()
    assert all(release[:1].isdigit() for release in releases.values())
    others = ("anki.drawing", "cli", "importing", "preview")  # no output is made there
    distributions = packages_distributions()
    wanted = {
        distributions[name][0].lower()
        for name, door in DOORS.items()
        if not door.startswith(others)
    }
    assert wanted - {"pydantic_core"} == {*fingerprint.LIBRARIES}
    before = fingerprint.fingerprint()
    monkeypatch.setattr(fingerprint, "_releases", lambda: releases | {"pygments": "0"})
    fingerprint._held.clear()
    assert fingerprint.fingerprint() != before
    monkeypatch.undo()
    fingerprint._held.clear()


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one file of the program's templates."""
    path = tmp_path / "templates/sheet/sheet.css"
    path.parent.mkdir(parents=True)
    path.write_text("one")
    monkeypatch.setattr(template_files, "templates_folder", lambda: tmp_path / "templates")
    return path


def look(cache: Cache | None = None) -> bytes:
    """Return the fingerprint of the program as another run would find it."""
    fingerprint._held.clear()
    try:
        return fingerprint.fingerprint(cache)
    finally:
        fingerprint._held.clear()


def test_no_links_to_folders_are_followed(tmp_path: Path, template: Path) -> None:
    """No template is read behind them, and they may lead round in circles; links to files count."""
    first = look()
    elsewhere = tmp_path / "elsewhere/deep.css"
    elsewhere.parent.mkdir()
    elsewhere.write_text("one")
    (template.parent / "round").symlink_to(tmp_path / "templates")
    (template.parent / "out").symlink_to(elsewhere.parent)
    (template.parent / "nowhere").symlink_to("nothing")
    (template.parent / "itself").symlink_to("itself")
    assert look() == first
    template.with_name("linked.css").symlink_to(elsewhere)
    linked = look()
    assert linked != first
    elsewhere.write_text("two")
    assert look() not in (first, linked)


@pytest.mark.skipif(sys.platform != "linux", reason="the disk takes no such names elsewhere")
def test_names_that_are_no_text(tmp_path: Path, template: Path) -> None:
    """A file whose name is not UTF-8 is no obstacle, and its name counts as any other."""
    cache = Cache(tmp_path / "cache")
    states = [look(cache)]
    template = template.rename(template.with_name(os.fsdecode(b"\xff.css")))
    states.append(look(cache))
    template.rename(template.with_name(os.fsdecode(b"\xfe.css")))
    states.append(look(cache))
    assert len({*states}) == 3
    cache.close()


def test_the_program_is_read_once(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are not opened while they are as they were; fresh ones are, and changed ones."""
    cache = Cache(tmp_path / "cache")
    read = Path.read_bytes
    opened: list[Path] = []

    def read_bytes(path: Path) -> bytes:
        opened.append(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    first = look()
    assert template in opened
    assert look(cache) == first  # it is fresh, so nothing is kept
    assert not (tmp_path / "cache").exists()
    monkeypatch.setattr(fingerprint, "settled_before", lambda: time.time_ns() + 10**12)
    assert look(cache) == first
    opened.clear()
    assert look(cache) == first
    assert opened == []
    was = template.stat()
    template.write_text("two")
    os.utime(template, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert look(cache) == look() != first
    template.write_text("one")
    assert look(cache) == first
    template.rename(template.with_name("other.css"))
    assert look(cache) == look() != first
    cache.close()


def rows(cache: Path) -> list[tuple[bytes, bytes, bytes]]:
    """Return the entries of a cache: key, value, seal."""
    with sqlite3.connect(cache / FILE) as database:
        return database.execute("SELECT key, value, seal FROM entries ORDER BY key").fetchall()


def rewrite(cache: Path, entries: list[tuple[bytes, bytes, bytes]]) -> None:
    """Put values and seals in the place of those that are there."""
    with sqlite3.connect(cache / FILE) as database:
        database.executemany("UPDATE entries SET value = ?2, seal = ?3 WHERE key = ?1", entries)


def poison(cache: Path) -> None:
    """Change a word in every value."""
    rewrite(cache, [(k, v.replace(b"n", b"m"), s) for k, v, s in rows(cache)])


def shorten(cache: Path) -> None:
    """Cut every value in half."""
    rewrite(cache, [(k, v[: len(v) // 2], s) for k, v, s in rows(cache)])


def empty(cache: Path) -> None:
    """Take every value away."""
    rewrite(cache, [(k, b"", s) for k, v, s in rows(cache)])


def swap(cache: Path) -> None:
    """Give each key the value of another, whole and with its seal."""
    entries = rows(cache)
    others = entries[1:] + entries[:1]
    rewrite(cache, [(k, v, s) for (k, _, _), (_, v, s) in zip(entries, others, strict=True)])


def scribble(cache: Path) -> None:
    """Write over the middle of the file."""
    data = bytearray((cache / FILE).read_bytes())
    data[len(data) // 3 : len(data) // 2] = b"?" * (len(data) // 2 - len(data) // 3)
    (cache / FILE).write_bytes(data)


def cut_off(cache: Path) -> None:
    """Lose the end of the file."""
    os.truncate(cache / FILE, (cache / FILE).stat().st_size // 2 + 100)


def replace_file(cache: Path) -> None:
    """Put another file in the place of the cache."""
    (cache / FILE).write_text("no database\n" * 1000, encoding="utf-8")


def replace_folder(cache: Path) -> None:
    """Put a folder there."""
    (cache / FILE).unlink()
    (cache / FILE).mkdir()


@pytest.mark.parametrize(
    "harm",
    [poison, shorten, empty, swap, scribble, cut_off, replace_file, replace_folder],
)
def test_harm_is_noticed(deck: Sources, cache: Path, harm: Callable[[Path], None]) -> None:
    """Whatever happens to the cache, the next build makes what it would make without one."""
    plain = made(deck, Work(1, cache))
    made(deck, Work(1, cache), fresh=False)
    harm(cache)
    assert made(deck, Work(1, cache), fresh=False) == plain
    assert made(deck, Work(1, cache)) == plain


def pass_as_whole(cache: Path, harm: Callable[[bytes], bytes]) -> None:
    """Change every value, and seal it anew."""
    values = {key: harm(value) for key, value, _ in rows(cache)}
    store = Cache(cache)
    store.write(values)
    store.close()


def of_each_file(value: bytes, one: object) -> bytes:
    """Return an entry of files with something else for each; of others, nothing."""
    with contextlib.suppress(ValueError):
        found = marshal.loads(value)
        if isinstance(found, dict):
            return marshal.dumps(dict.fromkeys(found, one))
    return b""


@pytest.mark.parametrize(
    "harm",
    [
        lambda value: value[: len(value) // 2],
        lambda _: b"no value",
        lambda _: b"[1]",
        lambda _: marshal.dumps(("a", "b")),
        lambda value: of_each_file(value, (b"", b"")),
        lambda value: of_each_file(value, 7),
    ],
    ids=["half", "words", "json", "words of marshal", "empty", "numbers"],
)
def test_an_entry_that_is_no_value(
    deck: Sources, cache: Path, harm: Callable[[bytes], bytes]
) -> None:
    """One that is sealed, and yet holds no such thing, counts as missing, and is written anew."""
    plain = made(deck, Work(1, cache))
    made(deck, Work(1, cache), fresh=False)
    names = read_names(deck.root, "ids", cache)
    pass_as_whole(cache, harm)
    assert read_names(deck.root, "ids", cache) == names
    assert made(deck, Work(1, cache), fresh=False) == plain
    assert made(deck, Work(1, cache)) == plain


def test_formulas_and_words_are_made_once(
    deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the sheet makes of formulas and notes is kept: only that of a changed card is made."""
    drawn: list[str] = []
    read: list[str] = []
    draw, read_note = formulas._draw, search_index._read_note.__wrapped__

    def draw_and_count(typesetter: Typesetter, wanted: Sequence[Formula]) -> list[DrawnFormula]:
        drawn.extend(latex for latex, _ in wanted)
        return draw(typesetter, wanted)

    def read_and_count(page: str) -> object:
        read.append(page)
        return read_note(page)

    monkeypatch.setattr(formulas, "_draw", draw_and_count)
    monkeypatch.setattr(search_index, "_read_note", read_and_count)

    def sheet(work: Work) -> bytes:
        # Another run is another process, which has drawn nothing yet.
        monkeypatch.setattr(formulas, "_DRAWN", {})
        drawn.clear()
        read.clear()
        build(deck.root, deck.folder / "build", formats=["html"], work=work)
        return (deck.folder / "build" / "small.html").read_bytes()

    sheet(Work(1, cache))
    assert drawn == ["x_0^2", "x_4^2", "x_8^2"]
    assert len(read) == 12
    deck.write("one/card-4.md", card(4).replace("x_4", "y_4"))
    changed = sheet(Work(1, cache))
    assert drawn == ["y_4^2"]
    assert len(read) == 1
    assert sheet(Work(1)) == changed
    assert drawn == ["x_0^2", "x_8^2", "y_4^2"]
    assert len(read) == 12


def test_a_font_is_part_of_the_key_of_formulas(deck: Sources, cache: Path) -> None:
    """What Typst's own fonts lack in a formula is drawn in the deck's, as they are today."""
    deck.write("one/card-4.md", card(4).replace("x_4", r"\text{ⴰ}"))
    before = made(deck, Work(1, cache))
    deck.write("templates/fonts/more.ttf", make_font([ord("ⴰ")]))
    changed = made(deck, Work(1, cache))
    assert changed["small.html"] != before["small.html"]
    assert changed == made(deck, Work(1))
    (deck.root / "templates/fonts/more.ttf").unlink()
    assert made(deck, Work(1)) == before


def test_an_entry_is_sealed_with_its_key(cache: Path) -> None:
    """A value is found under its own key only."""
    store = Cache(cache)
    store.write({b"a": b"one", b"b": b"two"})
    assert store.read([b"a", b"b", b"c"]) == {b"a": b"one", b"b": b"two"}
    store.close()
    assert digest(b"a", b"bc") != digest(b"ab", b"c")
    swap(cache)
    assert store.read([b"a", b"b"]) == {}
    store.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE entries SET value = CAST(x'ff' AS TEXT)",
        "ALTER TABLE entries RENAME COLUMN seal TO lock",
    ],
)
def test_a_cache_that_cannot_be_read_begins_anew(cache: Path, harm: str) -> None:
    """Whatever would fail next time as well goes; the next run has a cache again."""
    Cache(cache).write({b"a": b"one"})
    with sqlite3.connect(cache / FILE) as database:
        database.execute(harm)
    database.close()
    for _ in range(2):
        store = Cache(cache)
        assert store.read([b"a"]) == {}
        store.write({b"a": b"two"})
        store.close()
    assert Cache(cache).read([b"a"]) == {b"a": b"two"}


def test_a_cache_that_is_in_use_stays(cache: Path) -> None:
    """Nor does one go that another program holds for longer than a build waits."""
    store = Cache(cache)
    store.write({b"a": b"one"})
    store.close()
    with sqlite3.connect(cache / FILE) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert store.read([b"a"]) == {}
    database.close()
    assert Cache(cache).read([b"a"]) == {b"a": b"one"}


def test_the_cache_stays_small(cache: Path) -> None:
    """What was not used for longest goes when it has grown too large, and the file stops growing."""
    store = Cache(cache, most=1_000_000)
    for number in range(30):
        store.write({digest(str(number).encode()): os.urandom(100_000)})
        store.close()
    assert store.read([digest(b"29")])
    assert not store.read([digest(b"0")])
    store.close()
    assert (cache / FILE).stat().st_size < 1_300_000


def test_a_folder_that_cannot_be_written(deck: Sources, tmp_path: Path) -> None:
    """Without a cache a build takes longer, no more."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert made(deck, Work(1, tmp_path / "file" / "cache")) == made(deck, Work(1))


def test_two_builds_at_once(deck: Sources, cache: Path) -> None:
    """They share a cache, and both make the right bytes."""
    command = [sys.executable, "-m", "deckpress", "build", "cards", "--format", "apkg,html", "-q"]
    plain = made(deck, Work(1))
    environment = {**os.environ, "DECKPRESS_CACHE": str(cache)}
    both = [
        subprocess.Popen([*command, "--out", f"out-{number}"], env=environment)
        for number in range(2)
    ]
    assert [process.wait() for process in both] == [0, 0]
    for number in range(2):
        for name in ("small.apkg", "small.html"):
            assert (deck.folder / f"out-{number}" / name).read_bytes() == plain[name]


def test_after_a_kill(deck: Sources, cache: Path) -> None:
    """A build that is killed leaves no half output, and a cache that the next one can use."""
    for number in range(12, 800):
        deck.write(f"two/card-{number}.md", card(number).replace("line.svg", "../one/line.svg"))
    command = [sys.executable, "-m", "deckpress", "build", "cards", "--format", "apkg", "-q", "-j1"]
    environment = {**os.environ, "DECKPRESS_CACHE": str(cache)}
    process = subprocess.Popen(command, env=environment)
    kept = cache / FILE
    # What the first half of the cards gave has been written, or is just being written.
    while process.poll() is None and (not kept.exists() or kept.stat().st_size < 100_000):
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (deck.folder / "build").exists()
    assert not (deck.root / "deck.lock").exists()
    subprocess.run([*command, "--out", "again"], env=environment, check=True)
    subprocess.run([*command, "--out", "plain", "--no-cache"], env=environment, check=True)
    again, plain = (deck.folder / name / "small.apkg" for name in ("again", "plain"))
    assert again.read_bytes() == plain.read_bytes()


def test_what_is_read_until_a_build_is_broken_off_is_kept(
    deck: Sources, cache: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build goes on from there; only what was written last may be lost."""
    for number in range(12, 600):
        deck.write(f"two/card-{number}.md", card(number).replace("line.svg", "../one/line.svg"))
    plain = vars(workers)["work_on_card"]

    def break_off(source, setting, writings):  # type: ignore[no-untyped-def]
        if len(counted) == 550:
            raise KeyboardInterrupt
        return plain(source, setting, writings)

    with monkeypatch.context() as patched:
        patched.setattr(workers, "work_on_card", break_off)
        with pytest.raises(KeyboardInterrupt):
            made(deck, Work(1, cache))
    counted.clear()
    build(deck.root, deck.folder / "build", formats=["apkg"], work=Work(1, cache))
    assert len(counted) < 400


def _die(chunk: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forks on Linux only")
def test_a_worker_that_is_killed(deck: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its work is done by the program itself."""
    plain = made(deck, Work(1))
    monkeypatch.setattr(workers, "_work_on_chunk", _die)
    assert made(deck, Work(2)) == plain


def test_mistakes_are_the_same_with_workers(deck: Sources, cache: Path) -> None:
    """All of them, at their places, and again when the rest is remembered."""
    deck.write("one/card-5.md", "# Q\n\n$\\nope$ [x](y)\n")
    deck.write("two/card-x.md", "# Q\n\n{{c1::a}} ![no](no.svg)\n")
    found = []
    for work in (Work(1), Work(2), Work(2, cache), Work(1, cache)):
        with pytest.raises(SourceError) as caught:
            check(deck.root, work=work)
        found.append(caught.value.problems)
    assert len(found[0]) == 3
    assert found.count(found[0]) == 4


def test_a_template_at_fault_with_workers(deck: Sources) -> None:
    """An author's template fails in another process, and is told as the author's mistake."""
    path = Path(__file__).parents[1] / "templates/note_types/standard/note_type.yaml"
    text = path.read_text(encoding="utf-8").replace("{{ details }}", "{{ nothing.at.all }}")
    deck.write("templates/note_types/standard/note_type.yaml", text)
    for work in (Work(1), Work(2)):
        with pytest.raises(SourceError, match="'nothing' is undefined"):
            check(deck.root, work=work)


@pytest.fixture
def settled(deck: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return a function that builds with the cache, and says whether anything was made anew."""
    calls: list[str] = []
    plain = loading.load

    def load(*args, **options):  # type: ignore[no-untyped-def]
        calls.append("load")
        return plain(*args, **options)

    monkeypatch.setattr(making, "load", load)
    out = deck.folder / "build"

    def run() -> list[str]:
        calls.clear()
        build(deck.root, out, formats=["apkg", "html"], work=Work(1, cache))
        return list(calls)

    run()
    assert run() == []
    return run


def test_an_output_that_is_gone_or_changed(settled: Callable[[], list[str]], deck: Sources) -> None:
    """It is made again; one that only bears another time is not."""
    path = deck.folder / "build/small.apkg"
    data = path.read_bytes()
    path.unlink()
    assert settled() == ["load"]
    assert path.read_bytes() == data
    assert settled() == []
    path.write_bytes(data[:-1] + b"!")
    assert settled() == ["load"]
    assert path.read_bytes() == data
    os.utime(path, (1, 1))
    assert settled() == []


def test_a_change_that_hides(settled: Callable[[], list[str]], deck: Sources) -> None:
    """A card of the same size and time as before is another by its inode's time or its content."""
    path = deck.root / "one/card-4.md"
    found = path.stat()
    path.write_text(card(4, "No answer"), encoding="utf-8")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert path.stat().st_size == found.st_size
    assert settled() == ["load"]


@pytest.mark.parametrize("name", ["one/card-99.md", "one/x/line.svg", "companies.yaml", "a.txt"])
def test_a_file_more_or_less(settled: Callable[[], list[str]], deck: Sources, name: str) -> None:
    """Whatever file comes to the deck or goes from it, all is looked at again."""
    path = deck.write(name, card(99) if name.endswith(".md") else "")
    if name.endswith(".yaml"):
        path.write_text("companies: []\n", encoding="utf-8")
    assert settled() == ["load"]
    assert settled() == []
    path.unlink()
    assert settled() == ["load"]


@pytest.mark.parametrize(
    "src", ["_drafts/line.svg", "%5Fdrafts/line.svg", "./%2Edrafts/line.svg", "deep/../line.svg"]
)
def test_a_figure_in_a_hidden_folder(deck: Sources, cache: Path, src: str) -> None:
    """Where no one looks for changes, nothing is taken to be unchanged, however it is written."""
    (deck.root / "one/_drafts/deep").mkdir(parents=True)
    (deck.root / "one/deep").symlink_to("_drafts/deep")
    names = [f"one/{folder}/line.svg" for folder in ("_drafts", ".drafts")]
    for name in names:
        deck.write(name, FIGURE.format(5))
    deck.write("one/card-3.md", card(3).replace("line.svg", src))
    made(deck, Work(1, cache))
    before = made(deck, Work(1, cache), fresh=False)
    for name in names:
        deck.write(name, FIGURE.format(6))
    assert made(deck, Work(1, cache), fresh=False)["small.html"] != before["small.html"]


@pytest.fixture
def odd(deck: Sources) -> Sources:
    """Return a deck with files that are read though their names, or folders, begin with `_`."""
    deck.write("_templates/card.css", ".card { color: red }\n")
    deck.write("_templates/notes/_mine/kind.yaml", "note_type: standard\n")
    deck.write("_templates/notes/_mine/style.css", ".card { margin: 1px }\n")
    (deck.root / "templates").symlink_to("_templates")
    deck.write(
        "coverage/_list.yaml", "title: L\nitems: [{id: q, type: t, topic: T, left_out: x}]\n"
    )
    deck.write("coverage/._list.yaml", b"\0\5\26\7")
    deck.write("figures/_style.py", "WIDTH = 1\n")
    deck.write("figures/bar.py", "import _style\n")
    deck.write("figures/._bar.py", b"\0\5\26\7")
    drawing = deck.write("media/bar.svg", FIGURE.format(6))
    state = drawn_state(deck.root / "figures/bar.py", drawing)
    deck.write("figures/figures.lock", json.dumps({"bar": state}))
    deck.write("one/_drawn/line.svg", FIGURE.format(7))
    (deck.root / "one/drawn").symlink_to("_drawn")
    (deck.root / "one/round").symlink_to("..")
    text = "# Odd?\n\nx\n\n![A bar](bar.svg)\n\n![A line](drawn/line.svg)\n"
    deck.write("one/odd.md", text)
    return deck


ODD = ("_templates/card.css", "_templates/notes/_mine/style.css", "one/_drawn/line.svg")


def test_whatever_is_read_is_looked_at(odd: Sources) -> None:
    """No file of the deck is opened whose change the next run would not notice."""
    opened: set[str] = set()
    listening = True

    def listen(event: str, found: tuple[object, ...]) -> None:
        if listening and event == "open" and isinstance(found[0], str | os.PathLike):
            opened.add(os.fspath(found[0]))

    sys.addaudithook(listen)
    done = check(odd.root, work=Work(1))
    build(odd.root, odd.folder / "build", work=Work(1))
    listening = False
    read = {path for path in opened if path.startswith("cards/") and ".deckpress-" not in path}
    assert done.coverage[2] == 1
    looked_at = take_stamps(odd.root).files
    assert read <= {*looked_at, "cards/deck.lock"}
    assert {"cards/coverage/_list.yaml", "cards/one/drawn/line.svg"} <= read


@pytest.mark.parametrize("name", ODD)
def test_a_change_where_no_cards_are(odd: Sources, cache: Path, name: str) -> None:
    """What templates and figures are made of is looked at, whatever its folder is called."""
    out = odd.folder / "build"
    build(odd.root, out, formats=["apkg"], work=Work(1, cache))
    path = odd.root / name
    path.write_text(path.read_text().replace("red", "blue").replace("1px", "2px").replace("7", "8"))
    build(odd.root, out, formats=["apkg"], work=Work(1, cache))
    made = (out / "small.apkg").read_bytes()
    build(odd.root, out, formats=["apkg"], work=Work(1))
    assert (out / "small.apkg").read_bytes() == made


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("figures/_style.py", "differs from what this script draws"),
        ("coverage/_list.yaml", "items"),
    ],
)
def test_a_mistake_where_no_cards_are(odd: Sources, cache: Path, name: str, words: str) -> None:
    """A check tells of it, though it knew the deck without."""
    check(odd.root, work=Work(1, cache))
    odd.write(name, "WIDTH = 2\n" if name.endswith(".py") else "title: L\n")
    with pytest.raises(SourceError, match=words):
        check(odd.root, work=Work(1, cache))


def test_a_folder_that_closes(odd: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be read is told from one that is empty."""
    (odd.root / "two").mkdir()
    before = take_stamps(odd.root)
    look = os.scandir

    def refuse(path: str) -> object:
        if path == "cards/two":
            raise PermissionError(errno.EACCES, "closed", path)
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert take_stamps(odd.root).digest != before.digest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_not_opened(deck: Sources) -> None:
    """A pipe that nobody writes to, and a giant that no output is made of, hold nothing up."""
    os.mkfifo(deck.root / "one/pipe")
    with deck.write("one/giant.bin", "").open("r+b") as file:
        file.truncate(1 << 40)
    for _ in range(2):
        done = run(deck.folder, "check")
        assert done.returncode == 0, done.stderr


def test_the_same_number_on_another_disk() -> None:
    """Inodes count anew on each: of two, the same number is another file."""
    one, other = (os.stat_result((0o100644, 7, disk, 1, 0, 0, 5, 9, 9, 9)) for disk in (1, 2))
    assert stamp_of(one) != stamp_of(other)


def test_what_is_told_of_a_run_that_did_nothing(deck: Sources, cache: Path) -> None:
    """The same outputs and counts, and that nothing has changed."""
    out = deck.folder / "build"
    first, second, third = (
        build(deck.root, out, formats=["apkg"], work=Work(1, cache)) for _ in range(3)
    )
    assert first.changes.added
    assert not second.changes
    assert not third.changes
    assert first.outputs == second.outputs == third.outputs
    checks = [check(deck.root, work=Work(1, folder)) for folder in (None, cache, cache)]
    assert checks.count(checks[0]) == 3
    assert (checks[0].files, checks[0].notes, checks[0].cards) == (12, 12, 12)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--company", "acme"],
        ["--company", "acme", "--json"],
        ["--all-companies"],
        ["--tag", "t1"],
        ["--detail", "brief", "--pages", "1", "--format", "pdf"],
    ],
    ids=" ".join,
)
def test_what_is_said_again(deck: Sources, options: list[str]) -> None:
    """The second run, which only makes sure of it, and the third, which does nothing, say alike."""
    deck.write("companies.yaml", "companies: [{slug: acme, name: Acme}]\n")
    deck.write("one/card-5.md", card(5).replace("tags:", "companies: [acme]\ntags:"))
    formats = [] if "--format" in options else ["--format", "apkg,md"]
    said = [run(deck.folder, "build", *formats, *options) for _ in range(3)]
    assert [one.returncode for one in said] == [0, 0, 0], said[2].stderr
    _, again, nothing = (
        [
            line
            for line in one.stdout.splitlines()
            if "seconds" not in line and " read, " not in line
        ]
        for one in said
    )
    assert again == nothing


def test_what_a_change_brings_about_is_told_once(deck: Sources, cache: Path) -> None:
    """The next build, which does nothing, says nothing of the card that lost its text."""
    at = deck.root / "one/card-2.md"
    two = "# Two?\n\n{{c1::One}} and {{c2::two}}.\n"
    at.write_text(two, encoding="utf-8")
    out, work = deck.folder / "build", Work(1, cache)
    build(deck.root, out, formats=["apkg"], work=work)
    at.write_text(two.replace("{{c2::two}}", "two"), encoding="utf-8")
    told = [build(deck.root, out, formats=["apkg"], work=work).advice for _ in range(3)]
    assert [len(advice) for advice in told] == [1, 0, 0]


def test_filled_pages_are_told_again(deck: Sources, cache: Path) -> None:
    """A run that did nothing still says what fills the pages."""
    options = Options(detail="brief", pages=1)
    first, again = (
        build(deck.root, deck.folder / "build", options=options, work=Work(1, cache))
        for _ in range(2)
    )
    assert first.fit is not None
    assert (again.fit, again.left_out) == (first.fit, first.left_out)


def test_the_command_line(deck: Sources) -> None:
    """`--no-cache` leaves none; `cache` tells of it; `cache clear` deletes it."""
    runner = CliRunner()
    folder = cache_folder()
    assert runner.invoke(main, ["build", "--format", "apkg", "--no-cache"]).exit_code == 0
    assert not (folder / FILE).exists()
    assert runner.invoke(main, ["build", "--format", "apkg", "--jobs", "2"]).exit_code == 0
    assert (folder / FILE).exists()
    assert str(folder) in runner.invoke(main, ["cache"]).output
    assert "cleared" in runner.invoke(main, ["cache", "clear"]).output
    assert not (folder / FILE).exists()


def test_a_note_is_the_same_value_after_a_trip() -> None:
    """Values go through JSON, and are packed, and come back equal, of the same types."""
    from deckpress.exporters.html.note import SheetNote
    from deckpress.markup.elements import Html
    from deckpress.model.note import Citation
    from deckpress.text.values import pack_value, read_value, unpack_value, write_value

    anki = AnkiNote("a", "basic", "standard", "one", "D::One", "Q", "f", ("t",), (0, 1), ("m",))
    assert read_value(write_value([anki]), tuple[AnkiNote, ...]) == (anki,)
    sheet = SheetNote(
        "a", "basic", False, "One", "easy", {"tag": "x"}, (("asked", "N"),), Html("<b>"), Html(), Html("a"),
        Html(""), (("Hint", Html("<i>")),), ({"kind": "asked"},), (Citation("T", "u"),), "", "long",
        "ar", {"answer": "rtl"}, (("x", True),), ("f.svg",),
    )  # fmt: skip
    kind = tuple[SheetNote, ...]
    for back in (
        read_value(write_value([sheet]), kind),
        unpack_value(pack_value([sheet], kind), kind),
    ):
        assert back == (sheet,)
        assert type(back[0].question) is type(back[0].sections[0][1]) is Html
    problem = Problem(Location("a.md", 2, 3), "message", rule="unknown-key", fixes=(Fix("x", ()),))
    card_ = card_work.ReadCard((), (problem,), ((1, ("unknown-key",)),))
    assert (
        unpack_value(pack_value(card_, card_work.ReadCard) + b"more", card_work.ReadCard) == card_
    )
