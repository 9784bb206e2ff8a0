"""What a shell completes: commands, options, and the names of a deck, remembered and right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import click
import pytest

from conftest import Sources
from deckpress.anki.ledger import Ledger, NoteEntry, NoteTypeEntry, write_ledger
from deckpress.cli.main import COMMANDS, main
from deckpress.pipeline import name_lists
from deckpress.pipeline.build import Work, check
from deckpress.pipeline.cache import cache_folder
from deckpress.pipeline.name_lists import List, Name, keep_names, read_names
from program import run
from shell_line import press_tab

CARDS = Path(__file__).parents[1] / "cards"
LISTS: tuple[List, ...] = get_args(List)


NAMES = [
    (("build", "--company", "ac"), ["ac-me", "acme"]),
    (("companies", "acm"), ["acme"]),
    (("list", "-k", ""), ["one", "two"]),
    (("list", "-t", ""), ["rag", "ranking", "ranking::pairwise"]),
    (("push", "-t", "ranking::"), ["ranking::pairwise"]),
    (("new", "Q?", "-k", "t"), ["two"]),
    (("new", "Q?", "--tag", "ra"), ["rag", "ranking", "ranking::pairwise"]),
    (("new", "Q?", "--kind", "o"), ["own"]),
    (("verify", "--only", "g"), ["gradient-step"]),
    (("stats", "--where", "c"), ["category:", "company:", "core:"]),
    (("stats", "--where", "'tag:rag -kind:b"), ["tag:rag -kind:basic"]),
    (("stats", "--where", "company:ac"), ["company:acme"]),
    (
        ("stats", "--where", "difficulty:"),
        [f"difficulty:{d}" for d in ("easy", "hard", "medium")],
    ),
    (("stats", "--where", "core:"), ["core:no", "core:yes"]),
    (("list", "--where", "importance:"), [f"importance:{i}" for i in ("high", "low", "normal")]),
    (("stats", "--where", "colour:"), []),
    (("build", "--format", "html,p"), ["html,pdf"]),
    (("check", "--explain", "broken-t"), ["broken-template"]),
    (("build", "cards", "-c", "b"), []),
]
"""Words that are typed, and the names that go on with the last of them."""

TYPED = [typed for typed, _ in NAMES]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, sources: Sources) -> None:
    """The script names the program, and the program answers it."""
    script = run(sources.folder, "completion", shell).stdout
    assert "_DECKPRESS_COMPLETE" in script
    done = run(
        sources.folder,
        _DECKPRESS_COMPLETE="bash_complete",
        COMP_WORDS="deckpress ch",
        COMP_CWORD="1",
    )
    assert "check" in done.stdout


COMPLETED = (
    # Colons and equals signs divide words in bash; quotes are not closed yet.
    ("deckpress list -t ranking::pai", "ranking::pairwise"),
    ("deckpress list --where 'tag:rag (company:ac", "tag:rag (company:acme"),
    ("deckpress list --where=id:gradient", "--where=id:gradient-step"),
    ("deckpress verify --only gradient", "gradient-step"),
    ("deckpress build --format html,p", "html,pdf"),
    ("deckpress diff car", "cards"),
    ("deckpress compa", "companies"),
    ("deckpress cache cl", "clear"),
    ("deckpress build --all-c", "--all-companies"),
    ("deckpress build --detail qu", "questions"),
    ("deckpress push --company ac-", "ac-me"),
    ("deckpress new Why -k tw", "two"),
    ("deckpress new Why --kind=ow", "--kind=own"),
    ("deckpress check --explain broken-t", "broken-template"),
    ("deckpress list --where 'difficulty:ha", "difficulty:hard"),
)


@pytest.fixture
def named(sources: Sources) -> Sources:
    """Return a deck with names to complete, built once, in which a note was then taken out."""
    sources.write("companies.yaml", "companies:\n  - {slug: acme, name: Acme, aliases: [ac-me]}\n")
    sources.write(
        "one/a.md",
        "---\ntags: [ranking::pairwise, rag]\n---\n# What, then? {#gradient-step}\n\nx\n",
    )
    sources.write("one/b.md", "---\ntags: [old]\n---\n# Old? {#gone}\n\nx\n")
    sources.build()
    (sources.root / "one/b.md").unlink()
    sources.build()
    sources.write("templates/notes/own/kind.yaml", "")
    return sources


def offered(sources: Sources, *typed: str) -> list[str]:
    """Return what completes the last of the words."""
    done = run(
        sources.folder,
        _DECKPRESS_COMPLETE="bash_complete",
        COMP_WORDS="\n".join(("deckpress", *typed)),
        COMP_CWORD=str(len(typed)),
    )
    assert not done.stderr
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(("typed", "names"), NAMES)
def test_names_of_the_deck_are_completed(
    typed: tuple[str, ...], names: list[str], named: Sources
) -> None:
    """Names come from the deck's files, ids and tags from the ledger, without those taken out."""
    assert offered(named, *typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        ("list", "other", "-c", ""),
        ("list", "other", "--company="),
        ("list", "--json", "other", "--category", "one", "-c", ""),
        ("stats", "other", "--where", "company:"),
        ("new", "Q?", "--source", "other", "-c", ""),
        ("companies", "--source", "other", ""),
    ],
)
def test_names_are_those_of_the_folder_in_the_line(typed: tuple[str, ...], named: Sources) -> None:
    """Where the line names another folder of cards, before or behind options, it is asked."""
    (named.folder / "other").mkdir()
    companies = "companies: [{slug: elsewhere, name: E}]\n"
    (named.folder / "other/companies.yaml").write_text(companies, encoding="utf-8")
    assert [name.removeprefix("company:") for name in offered(named, *typed)] == ["elsewhere"]


def test_broken_files_complete_nothing(named: Sources) -> None:
    """Where a file of the deck has a mistake, a shell offers nothing and says nothing."""
    named.write("companies.yaml", "companies: [")
    named.write("deck.yaml", "title: [")
    named.write("deck.lock", "no ledger\n")
    for typed in (
        ("list", "-c", ""),
        ("list", "-k", ""),
        ("list", "-t", ""),
        ("verify", "--only", ""),
    ):
        assert offered(named, *typed) == [], typed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("typed", "word"), COMPLETED)
def test_real_shells_complete_them(shell: str, typed: str, word: str, named: Sources) -> None:
    """A real shell that read the script puts the name in the place of what was typed of it."""
    script = run(named.folder, "completion", shell).stdout
    assert press_tab(shell, script, typed, named.folder).removesuffix("/") == word


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("-t r", "r&d"),
        ("-t k", "k$k"),
        ("-t \\`", "`touch"),
        ("-t q", "q|p"),
        ("-t ر", "رقم::واحد"),
        ("--where tag:r", "tag:r&d"),
        ("--tag=r", "--tag=r&d"),
        ("--where 'tag:k", "tag:k$k"),
        ('--where "tag:k', "tag:k$k"),
        ('--where="tag:q', "--where=tag:q|p"),
        ('-t "k\\$', "k$k"),
        ('--where "tag:k\\$', "tag:k$k"),
    ],
)
def test_what_means_something_to_a_shell_is_written(
    shell: str, typed: str, tag: str, sources: Sources
) -> None:
    """A tag stands in the line as it is: no shell runs a part of it, or puts anything in its place."""
    tags = "r&d, k$k, '`touch', q|p, رقم::واحد"
    sources.write("one/a.md", f"---\ntags: [{tags}]\n---\n# What? {{#it}}\n\nx\n")
    sources.build()
    script = run(sources.folder, "completion", shell).stdout
    begun = "-t رقم::" if tag.startswith("رقم") else typed
    assert press_tab(shell, script, f"deckpress list {begun}", sources.folder) == tag


DECOMPOSED = "ra\u0308ume::o\u0308"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("begun", "before"),
    [("-t ", ""), ("--tag=", "--tag="), ("--where tag:", "tag:"), ("--where 'tag:", "tag:")],
)
def test_letters_that_are_typed_in_parts(
    shell: str, begun: str, before: str, sources: Sources
) -> None:
    """A letter and its dots find the one letter of a tag, and stay as they are typed."""
    sources.write("one/a.md", "---\ntags: ['räume::öl', 'raum']\n---\n# What? {#it}\n\nx\n")
    sources.build()
    assert offered(sources, "list", "-t", DECOMPOSED) == [f"{DECOMPOSED}l"]
    script = run(sources.folder, "completion", shell).stdout
    word = press_tab(shell, script, f"deckpress list {begun}{DECOMPOSED}", sources.folder)
    assert word == f"{before}{DECOMPOSED}l"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (("-t", '"k\\$'), ["k$k"]),
        (("-t", '"\\`'), ["`touch"]),
        (("-t", "'k\\$"), []),
        (("-t", "k\\$"), ["k$k"]),
        (("--where", "'tag:`touch'", "--tag", '"k$'), ["k$k"]),
        (("--where", '"tag:\\`touch tag:k\\$'), ["tag:`touch tag:k$k"]),
    ],
)
def test_backslashes_in_quotes(typed: tuple[str, ...], names: list[str], sources: Sources) -> None:
    """Within double quotes they take the meaning of some signs, within single ones of none."""
    sources.write("one/a.md", "---\ntags: ['k$k', '`touch']\n---\n# What? {#it}\n\nx\n")
    sources.build()
    assert offered(sources, "list", *typed) == names


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_said_of_a_name_is_one_line(shell: str, sources: Sources) -> None:
    """The end of a line in the name of a company is none of a shell's."""
    sources.write("companies.yaml", 'companies: [{slug: acme, name: "Ac\\nme"}]\n')
    line = {"_DECKPRESS_COMPLETE": f"{shell}_complete", "COMP_CWORD": "3" if shell == "zsh" else ""}
    done = run(sources.folder, COMP_WORDS="deckpress\nlist\n-c\n", **line)
    said = "plain\nacme\nAc me" if shell == "zsh" else "plain,acme\tAc me"
    assert done.stdout.strip() == said


@pytest.mark.parametrize("folder", ["~/other", "$HOME/other", "'~/other'"])
def test_a_folder_as_a_shell_reads_it(folder: str, named: Sources) -> None:
    """The home folder is found that a shell would put in, unless a folder has that very name."""
    home = named.folder / ("" if folder.startswith("'") else "home")
    there = named.folder / "~/other" if folder.startswith("'") else home / "other"
    there.mkdir(parents=True)
    companies = "companies: [{slug: elsewhere, name: E}]\n"
    (there / "companies.yaml").write_text(companies, encoding="utf-8")
    done = run(
        named.folder,
        _DECKPRESS_COMPLETE="bash_complete",
        COMP_WORDS=f"deckpress\nlist\n{folder}\n-c\n",
        COMP_CWORD="4",
        HOME=str(home),
    )
    assert done.stdout.split() == ["plain,elsewhere"]


def test_commands_are_completed_as_their_files_say(sources: Sources) -> None:
    """The table names each command and says in a line what it does as its own file does."""
    context = click.Context(main)
    for name, said in COMMANDS.items():
        command = main.get_command(context, name)
        assert command is not None
        assert (command.name, command.get_short_help_str(limit=200)) == (name, said)
    assert [(item.value, item.help) for item in main.shell_complete(context, "")] == [
        *COMMANDS.items()
    ]
    assert offered(sources, "--v") == ["--version"]
    assert offered(sources, "") == list(COMMANDS)


def test_completing_imports_little(named: Sources) -> None:
    """Options of all commands, and names that were read before, need neither shapes nor builds."""
    lines = [["deckpress", name, "--"] for name in COMMANDS]
    lines += [["deckpress", *typed] for typed in TYPED]
    code = (
        "import contextlib, os, sys\n"
        "from deckpress.cli.main import main\n"
        f"for line in {lines!r}:\n"
        "    os.environ |= {'COMP_WORDS': '\\n'.join(line), 'COMP_CWORD': str(len(line) - 1)}\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main(prog_name='deckpress')\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    env = {**os.environ, "_DECKPRESS_COMPLETE": "bash_complete"}
    for _ in ("unread", "read"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=named.folder, env=env,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    loaded = set(done.stderr.splitlines())
    assert "plain,ranking::pairwise" in done.stdout.splitlines()
    assert "deckpress.pipeline.name_lists" in loaded
    heavy = {"pydantic", "yaml", "rich", "jinja2", "deckpress.pipeline.build", "deckpress.anki"}
    assert not loaded & heavy


def forget() -> None:
    """Empty the cache."""
    shutil.rmtree(cache_folder(), ignore_errors=True)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes reading any file of a deck anew fail."""

    def fail(_data: bytes, path: str) -> name_lists.Names:
        pytest.fail(f"{path} was read again")

    def forbid() -> None:
        files = {which: (file, fail) for which, (file, _) in name_lists._READERS.items()}
        monkeypatch.setattr(name_lists, "_READERS", files)

    return forbid


def lists(root: Path, *, cache: bool) -> dict[List, list[Name]]:
    """Return all names of a deck, read anew or from the cache."""
    return {which: read_names(root, which, cache_folder() if cache else None) for which in LISTS}


def test_names_of_the_real_deck(unread: Callable[[], None]) -> None:
    """What is remembered of our own deck is what its files say."""
    read = lists(CARDS, cache=False)
    assert all(read.values())
    assert dict(read["aliases"]).items() >= dict(read["companies"]).items()
    assert lists(CARDS, cache=True) == read
    unread()
    assert lists(CARDS, cache=True) == read


STRANGE = "\u0301e\u0301 \u212b"
"""What Unicode composes, after a letter and at the beginning."""


def _decks(sources: Sources) -> Iterator[str]:
    """Put a deck into one state after another, and yield what it is."""
    yield "without a ledger"
    sources.write(
        "one/a.md", f"---\ntags: [a::b, {STRANGE.split()[0]}]\n---\n# A {STRANGE}?\n\nx\n"
    )
    sources.write("one/b.md", "# B?\n\nx\n")
    sources.write("companies.yaml", "companies:\n  - {slug: x, name: X, aliases: [y, z]}\n")
    sources.build()
    yield "built"
    (sources.root / "one/b.md").unlink()
    sources.build()
    yield "with a note taken out"
    lock = (sources.root / "deck.lock").read_text(encoding="utf-8")
    sources.write("deck.lock", lock.replace("\n", "\r\n"))
    yield "with other line ends"
    sources.write("deck.lock", f"<<<<<<< ours\n{lock}=======\n{lock}>>>>>>> theirs\n")
    yield "in conflict"
    for harm in (lock[:-40], lock.replace('"basic"', '"odd"'), lock.replace("A", "\x00"), "", "{"):
        sources.write("deck.lock", harm)
        yield "damaged"
    sources.write("deck.lock", lock.encode() + b"\xff")
    yield "not UTF-8"
    sources.write("deck.lock", lock)
    sources.edit_ledger(lambda text: text.replace('"kind"', '"kinds"'))
    yield "sealed, but of another shape"
    (sources.root / "deck.lock").unlink()
    (sources.root / "deck.lock").mkdir()
    yield "with a folder for a ledger"
    for text in ("", "companies: [", "companies: []", "companies: [{slug: x}]", "- x", "\x00"):
        sources.write("companies.yaml", text)
        sources.write("deck.yaml", text.replace("companies", "categories"))
        yield "with other files"


def test_names_that_are_remembered_are_those_of_the_files(sources: Sources) -> None:
    """Cold, warm and without a cache, every state of a deck gives the same names."""
    seen: dict[str, list[int]] = {}
    for state in _decks(sources):
        read = lists(sources.root, cache=False)
        assert lists(sources.root, cache=True) == read, state
        assert lists(sources.root, cache=True) == read, state
        forget()
        assert lists(sources.root, cache=True) == read, state
        seen.setdefault(state, [len(names) for names in read.values()])
    assert seen["built"] == [2, 1, 3, 2, 3]
    assert seen["with a note taken out"] == seen["with other line ends"] == [2, 1, 3, 1, 3]
    assert seen["in conflict"] == [2, 1, 3, 1, 3]
    assert seen["sealed, but of another shape"][3:] == seen["damaged"][3:] == [0, 0]


@pytest.mark.parametrize("checks", [False, True])
def test_builds_and_checks_leave_the_names_ready(
    checks: bool, sources: Sources, unread: Callable[[], None]
) -> None:
    """After either, a shell need not wait for the first reading of any file."""
    sources.write("one/a.md", f"---\ntags: [a::b]\n---\n# A {STRANGE}?\n\nx\n")
    sources.write("one/b.md", "# B? {#gone}\n\nx\n")
    sources.write("companies.yaml", "companies:\n  - {slug: x, name: X, aliases: [y, z]}\n")
    work = Work(cache=cache_folder())
    sources.build(work=work)
    (sources.root / "one/b.md").unlink()
    sources.build(work=work)
    if checks:
        forget()
        check(sources.root, work=work)
    read = lists(sources.root, cache=False)
    assert [len(names) for names in read.values()] == [2, 1, 3, 1, 2]
    unread()
    assert lists(sources.root, cache=True) == read


def test_names_are_kept_as_they_will_be_read(sources: Sources) -> None:
    """What a build holds may be written in another form of Unicode than its file has."""
    note = NoteEntry("e\u0301", "basic", "n", "h", 1, 1, 1, STRANGE, tags=(f"topic::{STRANGE}",))
    look = NoteTypeEntry("n", "h", 1, ("f",), ("t",))
    ledger = Ledger("small", {}, {"n": look}, {note.id: note})
    data = write_ledger(ledger).encode()
    keep_names(ledger, data, Ledger("small"), b"", cache_folder())
    sources.write("deck.lock", data)
    kept = lists(sources.root, cache=True)
    assert kept == lists(sources.root, cache=False)
    assert kept["ids"] == [("\u00e9", "\u0301\u00e9 \u00c5")]


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("---\ntags: [a]\n---\n# A?\n\nz\n", True),
        ("---\ntags: [a]\n---\n# Another A?\n\nx\n", False),
        ("---\ntags: [a, b]\n---\n# A?\n\nx\n", False),
        ("---\ntags: [a]\n---\n# A? {#new}\n\nx\n", False),
    ],
)
def test_names_that_a_change_leaves_are_copied(
    text: str, copied: bool, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a build has changed, the names are those of the ledger that it wrote."""
    sources.write("one/a.md", "---\ntags: [a]\n---\n# A?\n\nx\n")
    work = Work(cache=cache_folder())
    sources.build(work=work)
    sources.write("one/a.md", text)
    found: list[Ledger] = []
    names_in = name_lists._names_in

    def look(ledger: Ledger) -> name_lists.Names:
        found.append(ledger)
        return names_in(ledger)

    monkeypatch.setattr(name_lists, "_names_in", look)
    sources.build(work=work)
    assert (not found) is copied
    assert lists(sources.root, cache=True) == lists(sources.root, cache=False)


def test_a_change_that_hides_is_seen(sources: Sources) -> None:
    """A file that changed gives its new names, whatever its size, times and inode say."""
    path = sources.write("companies.yaml", "companies: [{slug: old, name: Same}]\n")
    before = path.stat()
    assert offered(sources, "list", "-c", "") == ["old"]
    with path.open("r+", encoding="utf-8") as file:
        file.write("companies: [{slug: new")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (before.st_size, before.st_mtime_ns, before.st_ino) == (
        after.st_size, after.st_mtime_ns, after.st_ino
    )  # fmt: skip
    assert offered(sources, "list", "-c", "") == ["new"]


def test_a_program_that_changed_reads_anew(
    named: Sources, monkeypatch: pytest.MonkeyPatch, unread: Callable[[], None]
) -> None:
    """What another version of the program remembered does not count."""
    assert read_names(named.root, "companies", cache_folder())
    monkeypatch.setattr(name_lists, "quick_fingerprint", lambda: b"another")
    unread()
    with pytest.raises(pytest.fail.Exception, match="was read again"):
        read_names(named.root, "companies", cache_folder())


def _spoil(cache: Path) -> None:
    for path in cache.iterdir():
        path.write_bytes(path.read_bytes().replace(b"ranking", b"rotting"))


def _cut(cache: Path) -> None:
    for path in cache.iterdir():
        path.write_bytes(path.read_bytes()[:5000])


def _overwrite(cache: Path) -> None:
    for path in cache.iterdir():
        path.write_bytes(b"no database\n" * 1000)


def _bar(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.write_bytes(b"")


@pytest.mark.parametrize("harm", [_spoil, _cut, _overwrite, _bar])
def test_a_harmed_cache_costs_time_only(named: Sources, harm: Callable[[Path], None]) -> None:
    """What was damaged or put into the cache by others never reaches a shell; nor does a word."""
    tags = ["rag", "ranking", "ranking::pairwise"]
    assert offered(named, "list", "-t", "") == tags
    assert read_names(named.root, "tags", cache_folder())
    harm(cache_folder())
    assert offered(named, "list", "-t", "") == tags
    assert offered(named, "list", "-t", "") == tags


def test_a_user_without_a_home(named: Sources) -> None:
    """Where no folder for a cache is known, names are read anew, and nothing is said."""
    code = "import os\nos.environ.clear()\n"
    words = "deckpress\nlist\n-c\n"
    code += f"os.environ |= {{'_DECKPRESS_COMPLETE': 'bash_complete', 'COMP_WORDS': {words!r}}}\n"
    code += (
        "os.environ['COMP_CWORD'] = '3'\n"
        "import pathlib\n"
        "def home(): raise RuntimeError\n"
        "pathlib.Path.home = home\n"
        "from deckpress.cli.main import main\n"
        "main(prog_name='deckpress')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=named.folder, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["plain,ac-me", "plain,acme"], "")
