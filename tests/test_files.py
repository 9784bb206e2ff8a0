"""Files as they should not be: empty, foreign, unreadable; each is a mistake at its place."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from conftest import DECK_YAML, Sources
from deckpress import Selection, load
from deckpress.cli.main import main
from deckpress.reading.folder import read_surroundings
from deckpress.text.files import walk_files
from deckpress.text.problem import CallError, SourceError
from program import run
from test_package import fill

NO_QUESTION = "no question here (a note begins with # and its question)"
NOT_UTF8 = "this is not UTF-8 (save the file as UTF-8)"
NOTE = "# Q? {#q}\n\nA.\n"


def mistakes(sources: Sources) -> list[str]:
    """Return the mistakes of a deck, a line each."""
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    return [str(problem).removeprefix("cards/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"\xef\xbb\xbf", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"\n\n\n", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"---\ntags: [a]\n---\n", f"one/a.md:1:1: {NO_QUESTION}"),
        ("# Q {#q}\n\né\n".encode("latin-1"), f"one/a.md:3:1: {NOT_UTF8}"),
        (NOTE.encode("utf-16"), f"one/a.md:1:1: {NOT_UTF8}"),
    ],
    ids=["empty", "mark", "newlines", "front matter", "latin-1", "utf-16"],
)
def test_a_file_without_a_question(sources: Sources, content: bytes, line: str) -> None:
    """One mistake says what there is to say."""
    sources.write("one/a.md", content)
    assert mistakes(sources) == [line]


@pytest.mark.parametrize("escape", [r"\x1f", r"\0", r"\ue010", r"\ud800"])
def test_characters_that_escapes_bring_in(sources: Sources, escape: str) -> None:
    """YAML can say what its text may not hold: a mistake at the value, or at the key."""
    front = f'---\ntags: [a]\nsources:\n  - title: "a{escape}"\n---\n'
    sources.write("one/a.md", front + NOTE)
    assert [line.partition(" (")[0] for line in mistakes(sources)] == [
        f"one/a.md:4:12: the character U+{int(escape[1:].strip('xu'), 16):04X} is not allowed in a card"
    ]
    sources.write("one/a.md", f'---\n"a{escape}": b\n---\n{NOTE}')
    assert mistakes(sources)[0].startswith("one/a.md:2:1: the character U+")


@pytest.mark.parametrize(
    "text",
    [r'a: "\UFFFFFFFF"', r'a: "\U00110000"', f"%YAML {'9' * 5000}.1\n--- a"],
)
def test_numbers_that_yaml_cannot_hold(sources: Sources, text: str) -> None:
    """What trips the reader of YAML is the author's mistake."""
    sources.write("one/a.md", NOTE)
    sources.write("companies.yaml", text)
    (line,) = mistakes(sources)
    assert line.startswith("companies.yaml:1:")


def test_what_is_no_file(sources: Sources) -> None:
    """Folders, pipes and links to nowhere under a file's name: mistakes, and nothing hangs."""
    sources.write("one/q.md", NOTE)
    for name in ("one/folder.md", "companies.yaml", "deck.lock", "coverage/list.yaml"):
        (sources.root / name).mkdir(parents=True)
    os.mkfifo(sources.root / "one/pipe.md")
    (sources.root / "one/link.md").symlink_to("nowhere")
    hint = "this is not a file (only regular files are read)"
    assert mistakes(sources) == [
        f"companies.yaml:1:1: {hint}",
        f"coverage/list.yaml:1:1: {hint}",
        f"deck.lock:1:1: {hint}",
        f"one/folder.md:1:1: {hint}",
        "one/link.md:1:1: this cannot be read: No such file or directory",
        f"one/pipe.md:1:1: {hint}",
    ]
    for name in ("one/folder.md", "companies.yaml", "coverage/list.yaml"):
        (sources.root / name).rmdir()
    for name in ("one/pipe.md", "one/link.md"):
        (sources.root / name).unlink()
    assert mistakes(sources) == [f"deck.lock:1:1: {hint}"]


def test_a_file_that_may_not_be_read(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own words say why."""

    open_ = Path.open

    def refuse(path: Path, *how: Any, **more: Any) -> Any:
        if path.is_relative_to(sources.root):
            raise PermissionError(13, "Permission denied", str(path))
        return open_(path, *how, **more)

    sources.write("one/q.md", NOTE)
    monkeypatch.setattr(Path, "open", refuse)
    assert mistakes(sources) == [
        "deck.yaml:1:1: this cannot be read: Permission denied",
        "one/q.md:1:1: this cannot be read: Permission denied",
    ]


def test_a_folder_that_may_not_be_read(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards in a closed folder are not passed over in silence."""

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    found: list[object] = []
    assert list(walk_files(sources.root, found, (".md",))) == []  # type: ignore[arg-type]
    assert str(found[0]) == "cards:1:1: this cannot be read: Permission denied"


def test_a_file_that_is_too_large(sources: Sources) -> None:
    """Over 5 MB there is no card."""
    sources.write("one/q.md", NOTE + "x" * 5_000_000)
    assert mistakes(sources) == ["one/q.md:1:1: this has 5 MB (5 MB at most)"]


@pytest.mark.parametrize("name", ["o.MD", "o.markdown", "o.Md"])
def test_other_endings(sources: Sources, name: str) -> None:
    """A card under another ending would be lost in silence."""
    sources.write("one/q.md", NOTE)
    sources.write(f"one/{name}", NOTE)
    ending = name.removeprefix("o")
    assert mistakes(sources) == [
        f"one/{name}:1:1: files ending in {ending} are not read (rename the file to o.md)"
    ]


def test_a_full_disk_leaves_all_as_it_was(sources: Sources) -> None:
    """Outputs and ledger are written together or not at all, and nothing is left behind."""
    fill(sources)
    run(sources.folder, "build")
    sources.write("one/a.md", "# A? {#a}\n\nother\n")
    before = {path: path.read_bytes() for path in sources.folder.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "deckpress", "build", "--format", "html"],
        cwd=sources.folder, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("failed: ")
    after = {path: path.read_bytes() for path in sources.folder.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize(("reason", "place", "words"), [
    (errno.EROFS, "cards", "deck.lock lies with the cards"), (errno.EACCES, "cards", "deck.lock lies with the cards"),
    (errno.ENOSPC, "cards", "free some space for deck.lock"), (errno.EACCES, "build", "or write elsewhere with --out"),
    (errno.ENOSPC, "build", "write elsewhere with --out, or set TMPDIR"),
])  # fmt: skip
def test_the_way_out(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, reason: int, place: str, words: str
) -> None:
    """Where the ledger cannot be written, another folder for outputs is of no use."""
    fill(sources)
    make = tempfile.NamedTemporaryFile

    def refuse(**given: Any) -> Any:
        folder = Path(given["dir"])
        if folder.name == place:
            raise OSError(reason, os.strerror(reason), str(folder / ".deckpress-1-x"))
        return make(**given)

    monkeypatch.setattr("deckpress.text.files.NamedTemporaryFile", refuse)
    monkeypatch.chdir(sources.folder)
    done = CliRunner().invoke(main, ["build", "--format", "html"])
    assert done.exit_code == 3
    assert words in done.stderr.replace("\n", " ")


def run_as_user(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as one who may not read all files, even if it is root who tests."""
    libc = ctypes.CDLL(None)

    def bind() -> None:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; others than root have none

    return subprocess.run(
        [sys.executable, "-m", "deckpress", *arguments], preexec_fn=bind,
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture
def shut() -> Iterator[Callable[[Path, int], None]]:
    """Return a function that takes rights away from files and folders until the test ends."""
    modes: list[tuple[Path, int]] = []

    def take(path: Path, mode: int) -> None:
        modes.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield take
    for path, mode in reversed(modes):
        path.chmod(mode)


only_linux = pytest.mark.skipif(sys.platform != "linux", reason="root may read all elsewhere")


@only_linux
@pytest.mark.parametrize("how", ["closed", "in a closed folder", "a link to nothing"])
@pytest.mark.parametrize(
    "names",
    [
        ["coverage/a.yaml", "figures/one.py"],
        ["templates/card.css", "templates/code.css", "templates/fonts/a.ttf", "templates/sheet/sheet.css", "templates/sheet/stray"],
    ],
    ids=["beside the cards", "templates"],
)  # fmt: skip
def test_what_cannot_be_read(
    sources: Sources, shut: Callable[[Path, int], None], names: list[str], how: str
) -> None:
    """Whatever it is, and why: a mistake at its place, all of them at once."""
    sources.write("one/q.md", NOTE)
    sources.write("figures/figures.lock", "{}")
    paths = [sources.write(name, "x") for name in names]
    why = "Permission denied"
    if how == "closed":
        for path in paths:
            shut(path, 0)
    elif how == "in a closed folder":
        for folder in {path.parent for path in paths} - {sources.root / "templates"}:
            shut(folder, 0o444)
        names = [name.replace("one.py", "figures.lock") for name in names if "/c" not in name]
    else:
        why = "No such file or directory"
        for path in paths:
            path.unlink()
            path.symlink_to("nowhere")
    done = run_as_user(sources.folder, "build", "--format", "html")
    assert (done.returncode, done.stdout) == (1, "")
    told = [f"cards/{name}:1:1: this cannot be read: {why} [unreadable-file]" for name in names]
    assert done.stderr.splitlines()[:-1] == told


@only_linux
@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nowhere", "No such file or directory"),
        ("two", "Too many levels of symbolic links"),
        ("../closed/two", "Permission denied"),
    ],
)
def test_a_folder_of_cards_that_is_lost(
    sources: Sources, shut: Callable[[Path, int], None], target: str, why: str
) -> None:
    """Its notes are not taken out of the deck: a link to it that leads nowhere is a mistake."""
    sources.write("one/q.md", NOTE)
    sources.write("../closed/two/r.md", "# R? {#r}\n\nx\n")
    (sources.root / "LICENSE").symlink_to("nowhere")
    (sources.root / "two").symlink_to(target)
    shut(sources.folder / "closed", 0)
    done = run_as_user(sources.folder, "build", "--format", "json")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"cards/two:1:1: this cannot be read: {why} [unreadable-file]" in done.stderr


@only_linux
@pytest.mark.parametrize("mode", [0, 0o444])
def test_figures_in_a_closed_folder(
    sources: Sources, shut: Callable[[Path, int], None], mode: int
) -> None:
    """They are there, and cannot be read: told where a card shows them."""
    sources.write("one/q.md", "# Q? {#q}\n\nSee ![it](../media/it.png).\n")
    sources.write("media/it.png", "x")
    shut(sources.root / "media", mode)
    done = run_as_user(sources.folder, "check")
    assert done.returncode == 1
    assert "q.md:3:5: '../media/it.png' cannot be read: Permission denied" in done.stderr


@only_linux
@pytest.mark.parametrize(
    ("name", "mode", "words"),
    [
        ("a.md", 0, "notes/a.md:1:1: this cannot be read: Permission denied"),
        ("below", 0, "notes/below:1:1: this cannot be read: Permission denied"),
        ("below", 0o444, "notes/below/b.md:1:1: this cannot be read: Permission denied"),
        (".obsidian/plugins/obsidian-spaced-repetition/data.json", 0, "away (Permission denied)"),
        (".obsidian/plugins", 0, "notes/.obsidian/plugins'"),
    ],
)
def test_notes_to_import_that_cannot_be_read(
    sources: Sources, shut: Callable[[Path, int], None], name: str, mode: int, words: str
) -> None:
    """Nothing is imported without what could not be read, and it is told what that is."""
    sources.write("../notes/a.md", "One::two\n")
    sources.write("../notes/below/b.md", "Three::four\n")
    sources.write("../notes/.obsidian/plugins/obsidian-spaced-repetition/data.json", "{}")
    shut(sources.folder / "notes" / name, mode)
    done = run_as_user(sources.folder, "import", "notes", "--out", "new")
    assert done.returncode in (1, 3)
    assert words in " ".join(done.stderr.split())
    assert not (sources.folder / "new").exists()


@only_linux
def test_a_closed_output_is_replaced(sources: Sources, shut: Callable[[Path, int], None]) -> None:
    """An earlier output that this user may not read is no obstacle: it need not be read."""
    sources.write("one/q.md", NOTE)
    sources.build(formats=["json"])
    shut(sources.folder / "build/small.json", 0)
    sources.write("one/q.md", NOTE + "More.\n")
    done = run_as_user(sources.folder, "build", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "1 (q)" in done.stdout


@only_linux
@pytest.mark.parametrize(
    ("mode", "command", "words"),
    [
        (0, ["check", "closed/cards"], "'closed/cards' cannot be read: Permission denied"),
        (0o444, ["check", "closed"], "'closed' cannot be opened"),
        (0, ["build", "--out", "closed/out"], "open the folder 'closed', or write elsewhere with --out"),
        (0o555, ["build", "--out", "closed/out"], "write there, or write elsewhere with --out"),
        (0, ["init", "closed/deck"], "to go on, allow this user to open the folder 'closed'"),
        (0, ["cache", "clear"], "to go on, allow this user to open the folder 'closed'"),
        (0, ["diff", "cards", "file.apkg"], "nothing was written; to go on, allow this user to read it"),
    ],
)  # fmt: skip
def test_what_is_closed_is_told_to_be_opened(
    sources: Sources,
    shut: Callable[[Path, int], None],
    monkeypatch: pytest.MonkeyPatch,
    mode: int,
    command: list[str],
    words: str,
) -> None:
    """Who may not read something is not told to be allowed to write there."""
    fill(sources)
    for name in ("closed/a.md", "file.apkg"):
        sources.write(f"../{name}", "x")
    shut(sources.folder / "closed", mode)
    shut(sources.folder / "file.apkg", 0)
    if command[0] == "cache":
        monkeypatch.setenv("DECKPRESS_CACHE", "closed")
    done = run_as_user(sources.folder, *command)
    assert done.returncode == (2 if command[0] == "check" else 3)
    assert words in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", [["init", "file/deck"], ["new", "What?", "--no-edit"]])
def test_no_option_is_named_that_a_command_lacks(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """What cannot be written elsewhere with `--out` is not told to be."""
    fill(sources)

    def refuse(**given: Any) -> Any:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(Path(given["dir"]) / "x"))

    monkeypatch.setattr("deckpress.text.files.NamedTemporaryFile", refuse)
    monkeypatch.chdir(sources.folder)
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 3
    said = done.stderr.replace("\n", " ")
    assert "nothing was written; to go on, allow this user to write there" in said
    assert "--out" not in said


def test_a_clock_that_is_wrong(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back behind the ledger's times, or never set: the message tells to look at it."""
    sources.write("one/q.md", NOTE)
    sources.build()
    before = (sources.root / "deck.lock").read_bytes()
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr("deckpress.pipeline.clock.time.time", lambda: 1_100_000_000)
    sources.write("one/q.md", NOTE + "\nMore.\n")
    line, *_ = mistakes(sources)
    assert "is in the future (if the clock of this machine is right, restore the line" in line
    monkeypatch.setattr("deckpress.pipeline.clock.time.time", lambda: 5)
    with pytest.raises(CallError, match="the clock of this machine says 1970-01-01; set it"):
        sources.build()
    assert (sources.root / "deck.lock").read_bytes() == before


def test_an_output_that_cannot_be(sources: Sources) -> None:
    """A file where a folder must be, or a folder where a file must be: exit 3, no ledger."""
    fill(sources)
    sources.write("../file", "")
    (sources.folder / "out/small.html").mkdir(parents=True)
    for out in ("file/x", "out"):
        done = run(sources.folder, "build", "--out", out)
        assert (done.returncode, done.stderr[:8]) == (3, "failed: ")
    assert not (sources.root / "deck.lock").exists()
    assert not [p for p in sources.folder.rglob(".*") if p.is_file()]


@pytest.mark.parametrize("form", ["md", "csv"])
def test_an_output_that_would_be_a_card(sources: Sources, form: str) -> None:
    """Nothing is written where the next run would read it as cards, or over a card."""
    card = sources.write("one/words.md", NOTE)
    text = (sources.root / "deck.yaml").read_text().replace("slug: small", "slug: words")
    sources.write("deck.yaml", text)
    for out in ("cards/one", "cards/one/../build"):
        done = run(sources.folder, "build", "--out", out, "--format", f"apkg,{form}")
        assert done.returncode == 2
        assert "would be read as cards" in done.stderr
        assert not (sources.root / "deck.lock").exists()
    assert card.read_text() == NOTE
    for out in ("cards/_build", "build"):
        assert run(sources.folder, "build", "--out", out, "--format", form).returncode == 0
    assert not load(sources.root).advice


def test_outputs_inside_the_deck_s_folder(sources: Sources) -> None:
    """A deck at the top of its checkout is built into itself, and says nothing of its outputs."""
    sources.write("one/a.md", NOTE)
    assert run(sources.folder, "build", "cards", "--out", "cards/build").returncode == 0
    assert run(sources.folder, "check", "--strict", "--locked").returncode == 0


@pytest.mark.parametrize(
    "name", [":x", "x:", ":", "Default", "default", r"a\tb", r"a\nb", r"a\u2028b"]
)
@pytest.mark.parametrize("key", ["title: Small Deck", "name: One"])
def test_names_that_anki_would_change(sources: Sources, key: str, name: str) -> None:
    """A deck's name comes out of Anki as it went in, or it is refused."""
    sources.write("one/q.md", NOTE)
    text = DECK_YAML.replace(key, f'{key.partition(":")[0]}: "{name}"')
    sources.write("deck.yaml", text)
    assert "is not allowed here" in mistakes(sources)[0]


def test_names_of_files_that_are_too_long(sources: Sources) -> None:
    """A long selection is shortened, the same way each time; a long slug is a mistake."""
    tags = [f"{'a' * 30}{number}" for number in range(9)]
    sources.write("one/q.md", f"---\ntags: [{', '.join(tags)}]\n---\n{NOTE}")
    names = {
        sources.build(selection=Selection(tags=tuple(tags[:most]))).name for most in (7, 8, 9, 9)
    }
    assert len(names) == 3
    assert all(len(name) <= 105 for name in names)
    sources.write("deck.yaml", DECK_YAML.replace("slug: small", f"slug: {'s' * 81}"))
    assert mistakes(sources) == ["deck.yaml:2:1: slug: String should have at most 80 characters"]


COMMANDS = [["list"], ["list", "--json"], ["check", "--format", "json"], ["stats"], ["--help"]]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_narrow_closed_and_full_streams(sources: Sources, arguments: list[str]) -> None:
    """Whatever standard output is, there is no traceback."""
    sources.write("one/q.md", "# Qé“漢? {#q}\n\nA.\n")
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run(sources.folder, *arguments, **narrow).returncode == 0
    for redirection, code in ((">&-", 0), (">/dev/full", 3), ("| true", 0)):
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m deckpress "$@" {redirection}', sys.executable, *arguments],
            cwd=sources.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code
        assert ("No space left" in done.stderr) == (code == 3)
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr


def test_a_line_break_in_a_file_s_name(sources: Sources) -> None:
    """A mistake is one line, whatever the file is called, also on a terminal."""
    sources.write("one/a\nb.md", "# Q? {#q}\n\n$\\foo$\n")
    sources.write("one/\udcff.md", "# R? {#r}\n\nA.\n")
    (line,) = mistakes(sources)
    assert line.startswith("one/a b.md:3:2: formula: unknown command '\\foo' (")
    # The mistake, advice on the name, and how many they are.
    assert run(sources.folder, "check").stderr.count("\n") == 3


@pytest.mark.parametrize(
    "name", ["one/z.md", "two", "companies.yaml", "templates", "templates/sheet/sheet.css"]
)
def test_links_out_of_the_deck_are_refused(sources: Sources, name: str) -> None:
    """Cards, their folders, templates: a clone would have a dead link, and a deck may be a stranger's."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    outside = sources.folder / "outside"
    outside.mkdir()
    (outside / "file").write_text("# Z? {#z}\n\nx\n")
    path = sources.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(outside / "file" if "." in name else outside)
    hint = "(copy its target into the deck's folder)"
    assert f"{name}:1:1: a symbolic link that leads out of the deck {hint}" in mistakes(sources)
    path.unlink()
    (sources.root / "one/b.md").symlink_to("a.md")
    assert mistakes(sources) != []
    (sources.root / "one/b.md").unlink()
    sources.build()


def test_links_to_folders_within_the_deck(sources: Sources) -> None:
    """Cards and templates behind them are not read, and that is told; figures behind them are found."""
    sources.write("one/a.md", "# A? {#a}\n\n![it](drawn/it.svg)\n")
    sources.write("_drafts/deep/b.md", "# B? {#b}\n\nx\n")
    sources.write("_drawn/it.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    sources.write("_shared/style.css", ".card { color: red }\n")
    (sources.root / "templates/notes").mkdir(parents=True)
    for name, to in (
        ("one/drawn", "../_drawn"),
        ("one/drafts", "../_drafts"),
        ("two", "one"),
        ("one/up", ".."),
        ("templates/notes/basic", "../../_shared"),
    ):
        (sources.root / name).symlink_to(to)
    done = run(sources.folder, "check")
    assert done.returncode == 0
    cards = "advice: cards in a folder behind a symbolic link are not read (move the folder to"
    other = "advice: templates in a folder behind a symbolic link are not read (copy the folder to"
    told = [line.split(" this place")[0] for line in done.stderr.splitlines()]
    assert told == [
        f"cards/one/drafts:1:1: {cards}",
        f"cards/templates/notes/basic:1:1: {other}",
        f"cards/two:1:1: {cards}",
        "3 pieces of advice in 3 files",
    ]


def test_each_link_that_leads_nowhere_is_told_once(sources: Sources) -> None:
    """Below the templates, too, wherever they are read and whatever else is wrong with them."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    sources.write("templates/tokens.yaml", "papers: {none: {light: x, dark: x}}\n")
    names = [
        f"templates/{name}"
        for name in ("gone", "gone.css", "notes/mine/gone", "sheet/deep/gone", "sheet/gone")
    ]
    for name in (*names, "templates/README.md"):
        path = sources.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to("nowhere")
    found = [p for p in read_surroundings(sources.root).problems if p.rule == "unreadable-file"]
    assert sorted(p.where.path for p in found) == [f"{sources.root}/{name}" for name in names]


def test_what_a_killed_build_left_is_swept(sources: Sources) -> None:
    """By the next one; what another build is writing at the moment stays."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = [f".deckpress-{dead.pid}-abc", ".deckpress-xyz01"]
    busy = f".deckpress-{os.getppid()}-abc"
    out = sources.folder / "build"
    out.mkdir()
    for folder in (out, sources.root):
        for name in (*left, busy, ".other"):
            (folder / name).touch()
    sources.build()
    for folder in (out, sources.root):
        assert {path.name for path in folder.glob(".*")} == {busy, ".other"}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("con.md",), "Windows keeps the name 'con.md' for itself"),
        (("a:b.md",), "Windows allows no ':' in a name"),
        (("x./a.md",), "Windows cuts a dot"),
        (("a.md", "A.md"), "on Windows and macOS this is the same file as cards/one/A.md"),
        (("caf\u00e9.md", "cafe\u0301.md"), "this is the same file as cards/one/cafe"),
    ],
)
def test_names_that_other_systems_lack(
    sources: Sources, names: tuple[str, ...], words: str
) -> None:
    """They are advice: whoever works on one system may never meet another."""
    for number, name in enumerate(names):
        sources.write(f"one/{name}", f"---\ncategory: one\n---\n# Q{number}? {{#q{number}}}\n\nx\n")
    assert any(words in str(problem) for problem in load(sources.root).advice)


def test_a_slug_that_windows_lacks(sources: Sources) -> None:
    """Outputs are named by it."""
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text.replace("slug: small", "slug: con"))
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    assert any("deck.yaml:2:1: Windows keeps the name 'con'" in line for line in mistakes(sources))


def test_nothing_where_a_word_is_meant(sources: Sources) -> None:
    """The hint names what YAML takes for nothing, and the place in the list."""
    sources.write("one/a.md", "---\ntags: [a, ~]\n---\n# A? {#a}\n\nx\n")
    (line,) = mistakes(sources)
    assert "2:11: a word is expected for entry 2 of 'tags' (YAML reads null, ~ and an empty" in line


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no limits on files")
def test_a_disk_that_takes_no_more(sources: Sources) -> None:
    """Outputs and ledger are as they were, nothing is left beside them, and the message says so."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    sources.build(formats=["html"])
    sources.write("one/a.md", "# A? {#a}\n\ny\n")

    def files() -> dict[Path, bytes]:
        folders = (sources.root, sources.folder / "build")
        return {path: path.read_bytes() for folder in folders for path in folder.glob("*.*")}

    before = files()
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 40; exec "$0" -m deckpress build --format html', sys.executable],
        cwd=sources.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "outputs and ledger are unchanged; to go on, free some space" in done.stderr
    assert "small.html" in done.stderr
    assert files() == before


def test_links_that_lead_round_in_circles(sources: Sources) -> None:
    """They are passed over or told at their place, and hide no link behind them that leads out."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    for name, to in (
        ("aa", "ab"),
        ("ab", "aa"),
        ("one/self", "self"),
        ("one/up", "../one"),
        ("one/here", "."),
    ):
        (sources.root / name).symlink_to(to)
    done = run(sources.folder, "check")
    assert done.returncode == 1
    for name in ("aa", "ab", "one/self"):
        assert f"cards/{name}:1:1: this cannot be read" in done.stderr
        (sources.root / name).unlink()
    assert run(sources.folder, "check").returncode == 0
    (sources.root / "one/x.md").symlink_to("x.md")
    done = run(sources.folder, "check")
    assert done.returncode == 1
    assert "cards/one/x.md:1:1: this cannot be read" in done.stderr
    (sources.root / "one/x.md").unlink()
    outside = sources.folder / "outside"
    outside.mkdir()
    (sources.root / "zz").symlink_to(outside.resolve())
    done = run(sources.folder, "check")
    assert "cards/zz:1:1: a symbolic link that leads out of the deck" in done.stderr


@pytest.mark.parametrize("given", ["", "x", "-1", "1e9", "9" * 30, "4102444800", "0", "١٧٩٠٠٠٠٠٠٠"])
def test_times_that_are_none(sources: Sources, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """An empty one is none; of any other that is no time of the past nothing is built."""
    sources.write("one/a.md", "# A字? {#a}\n\nx\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    done = run(sources.folder, "build", "--format", "pdf")
    assert (done.returncode, (sources.folder / "build").exists()) == (
        (2, False) if given else (0, True)
    )
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can be someone else")
def test_a_user_without_a_home(sources: Sources) -> None:
    """The message says what to set; with a folder for the cache all is well."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    code = (
        "import os, deckpress.text.problem; from deckpress.pipeline.cache import cache_folder; "
        "os.setuid(54321); print(cache_folder())"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"HOME", "XDG_CACHE_HOME", "DECKPRESS_CACHE"}
    }
    for extra, words in (({}, "no home folder (set HOME"), ({"HOME": "/x"}, "/x/.cache/deckpress")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment | extra, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert words in done.stdout + done.stderr


def test_a_question_in_a_locale_without_letters(sources: Sources) -> None:
    """What the call says is UTF-8, whatever the locale says."""
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(sources.folder, "new", "Qé漢?", "--id", "q", **narrow)
    assert (done.returncode, done.stderr) == (0, "")
    (path,) = (sources.root / "one").glob("*.md")
    assert "Qé漢?" in path.read_text(encoding="utf-8")
