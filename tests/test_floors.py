"""The map of the program: which floor may import which, and who opens the door to a library."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import deckpress

PACKAGE = Path(deckpress.__file__).parent

FLOORS = (
    "text",
    "tree",
    "math",
    "model",
    "schema",
    "markdown",
    "markup",
    "companies",
    "reading",
    "anki",
    "importing",
    "decks",
    "exporters",
    "pipeline",
    "editor",
    "preview",
    "cli",
)
"""The folders from the ground up; each imports from itself and from those below it."""

DOORS = {
    "bibtexparser": "reading.bibliography",
    "blake3": "text.hashes",
    "bs4": "importing.html",
    "click": "cli",
    "fontTools": "exporters.pdf.last_resort_font",
    "genanki": "exporters.apkg",
    "jinja2": "markup.jinja",
    "markupsafe": "markup.elements",
    "markdown_it": "markdown.parser",
    "mdit_py_plugins": "markdown.parser",
    "markdownify": "importing.html.text",
    "math_core": "math.mathml",
    "pikepdf": "markup.joined_pdf",
    "pydantic": "schema",
    "pydantic_core": "schema",
    "lsprotocol": "cli.language_server",
    "pygls": "cli.language_server",
    "pygments": "tree.code",
    "rich": "cli.console",
    "rjsmin": "exporters.html.page",
    "starlette": "preview.server",
    "typst": "markup.typesetter",
    "uvicorn": "preview.server",
    "watchfiles": "preview.watch",
    "yaml": "text.yaml",
    "zstandard": "importing.package",
}
"""Each library, and the only module or folder that may import it."""


def modules(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield the dotted name of each module in a folder of the package, and its file."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if len(parts) > 1:
            yield ".".join(parts).removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def faults(package: Path) -> list[str]:
    """Say which imports lead upwards or through a door that is another's."""
    found = []
    for name, path in modules(package):
        floor = name.partition(".")[0]
        for imported in imports(path):
            top, _, rest = imported.partition(".")
            target = rest.partition(".")[0]
            if top == "deckpress" and target and FLOORS.index(target) > FLOORS.index(floor):
                found.append(f"{name} imports {target}, which is above it")
            door = DOORS.get(top, "none")
            foreign = top != "deckpress" and top not in sys.stdlib_module_names
            if foreign and name != door and not name.startswith(f"{door}."):
                found.append(f"{name} imports {top}")
    return found


def test_floors_and_doors() -> None:
    """Every import leads down, and every library has one door."""
    assert faults(PACKAGE) == []


def test_every_folder_is_a_floor_that_says_what_it_is_for() -> None:
    """The map lists all folders, and each says what goes in, what comes out, what may not happen."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    assert {folder.relative_to(PACKAGE).parts[0] for folder in folders} == set(FLOORS)
    for folder in folders:
        text = (folder / "__init__.py").read_text(encoding="utf-8")
        assert len((ast.get_docstring(ast.parse(text)) or "").split()) >= 15, folder


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from deckpress.pipeline.build import build", "imports pipeline, which is above it"),
        ("import deckpress.cli.console", "imports cli, which is above it"),
        ("import yaml", "imports yaml"),
        ("from requests import get", "imports requests"),
    ],
)
def test_planted_import_is_found(tmp_path: Path, line: str, fault: str) -> None:
    """An upward import, or one past a door, is a fault."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model/note.py").write_text(f"{line}\n", encoding="utf-8")
    assert faults(tmp_path) == [f"model.note {fault}"]


def test_two_modules_open_connections() -> None:
    """One speaks to Anki, one serves the preview; both ask for whose address."""
    network = ("urllib.request", "http", "socket", "ssl", "asyncio", "ftplib", "smtplib")
    users = {
        name
        for name, path in modules(PACKAGE)
        for imported in imports(path)
        if imported.startswith(network)
    }
    # asyncio also keeps time, and who uses it for that opens nothing.
    opens = re.compile(
        r"asyncio\.(?!sleep\b|TimerHandle\b|get_running_loop\b)|loop\.(?!call_later\b)"
    )
    paths = dict(modules(PACKAGE))
    timers = {"cli.language_server", "preview.watch"}
    assert not any(opens.search(paths[name].read_text(encoding="utf-8")) for name in timers)
    assert users - timers == {"pipeline.anki_connect", "preview.server"}


def test_only_the_command_line_prints() -> None:
    """No module outside cli prints or writes to a standard stream."""
    for name, path in modules(PACKAGE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            printer = isinstance(node, ast.Name) and node.id == "print"
            stream = isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr")
            own = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys"
            assert name.startswith("cli") or not (printer or (stream and own)), path
