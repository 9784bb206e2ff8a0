"""The map of the program: which module may import which, and who opens the door to a library."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import deckpress

PACKAGE = Path(deckpress.__file__).parent

FLOORS = [
    {
        "problem",
        "characters",
        "document",
        "cloze",
        "cursor",
        "raw_html",
        "template",
        "mathml",
        "typesetter",
        "svg",
        "writing",
        "token_like",
    },
    {
        "model",
        "yaml_text",
        "fallback_font",
        "typst_math",
        "highlight",
        "source_text",
        "media",
        "clock",
        "source_file",
        "figures",
        "markdown_faults",
    },
    {
        "schema",
        "fence",
        "html",
        "latex",
        "formulas",
        "where",
        "typst_markup",
        "company_deck",
        "template_files",
        "template_mistakes",
    },
    {"tokens", "look", "anki_html", "selection", "checks", "evidence", "ledger"},
    {"markdown", "anatomy", "anki_note"},
    {"card_file", "company_file", "coverage", "reconcile", "deck", "verification"},
    {"company_page"},
    {"collection", "exporters"},
    {"pipeline"},
    {"company_builds"},
    {"cli"},
    {"__init__", "__main__"},
]
"""From the ground up; a module imports from lower floors, and within its own package."""

DOORS = {
    "click": {"cli"},
    "fontTools": {"fallback_font"},
    "genanki": {"exporters"},
    "jinja2": {"template"},
    "markupsafe": {"template"},
    "markdown_it": {"markdown"},
    "mdit_py_plugins": {"markdown"},
    "math_core": {"mathml"},
    "pydantic": {"schema"},
    "pydantic_core": {"schema"},
    "pygments": {"highlight"},
    "rich": {"cli"},
    "rjsmin": {"exporters"},
    "typst": {"typesetter"},
    "yaml": {"yaml_text"},
}
"""Each library, and the only module (or package) that may import it."""

LONGEST_MODULE, LONGEST_FUNCTION = 260, 60


def modules(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of each module (of its package, if it lies in one) and its file."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).parts[0].removesuffix(".py"), path


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def faults(package: Path) -> list[str]:
    """Say which imports lead upwards or through a door that is another's."""
    level: Mapping[str, int] = {name: i for i, floor in enumerate(FLOORS) for name in floor}
    found = []
    for name, path in modules(package):
        for imported in imports(path):
            top, _, rest = imported.partition(".")
            target = rest.partition(".")[0]
            if top == "deckpress" and target and target != name and level[target] >= level[name]:
                found.append(f"{name} imports {target} from its own floor or above")
            foreign = top != "deckpress" and top not in sys.stdlib_module_names
            if foreign and name not in DOORS.get(top, set()):
                found.append(f"{name} imports {top}")
    return found


def test_floors_and_doors() -> None:
    """Every import leads down, and every library has one door."""
    assert faults(PACKAGE) == []


def test_every_module_has_a_floor() -> None:
    """The map lists all modules, and nothing that is gone."""
    assert {name for name, _ in modules(PACKAGE)} == set().union(*FLOORS)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from deckpress.pipeline import build", "imports pipeline from its own floor or above"),
        ("import deckpress.cli.console", "imports cli from its own floor or above"),
        ("import yaml", "imports yaml"),
        ("from requests import get", "imports requests"),
    ],
)
def test_planted_import_is_found(tmp_path: Path, line: str, fault: str) -> None:
    """An upward import, or one past a door, is a fault."""
    (tmp_path / "model.py").write_text(f"{line}\n", encoding="utf-8")
    assert faults(tmp_path) == [f"model {fault}"]


def test_only_the_command_line_prints() -> None:
    """No module outside cli prints or writes to a standard stream."""
    for name, path in modules(PACKAGE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            printer = isinstance(node, ast.Name) and node.id == "print"
            stream = isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr")
            own = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys"
            assert name == "cli" or not (printer or (stream and own)), path


def test_modules_and_functions_are_small() -> None:
    """A module is one subject, and a function fits a screen."""
    for _, path in modules(PACKAGE):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_MODULE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, (path, node.name)
