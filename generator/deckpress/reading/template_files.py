"""The files of the templates: those that come with the program, overlaid by those of a deck."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from deckpress.text.files import MOST_BYTES, read_file
from deckpress.text.problem import Problem

SHIPPED = "shipped"
"""Under this folder a deck's templates reach the files of the program that they replace."""

_FONTS = "fonts/*"


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """Two folders read as one: a file of the deck takes the place of the one of the same name.

    A name is a path in the folder with `/`, such as `sheet/sheet.css`. `shipped` are the files of
    the program, `own` those of the deck.
    """

    shipped: Mapping[str, Path]
    own: Mapping[str, Path]

    def path(self, name: str) -> Path | None:
        """Return the path of a file, in the deck's folder if it is there."""
        return self.own.get(name) or self.shipped.get(name)

    def layers(self, name: str) -> list[Path]:
        """Return the paths of a file that is read from both folders, the deck's last."""
        return [files[name] for files in (self.shipped, self.own) if name in files]

    def names(self, pattern: str) -> list[str]:
        """Return the names of the files that match a pattern such as `notes/*/kind.yaml`."""
        return sorted(
            name
            for name in {*self.shipped, *self.own}
            if name.count("/") == pattern.count("/") and fnmatchcase(name, pattern)
        )


def templates_folder() -> Path:
    """Return the folder of the templates that come with the program.

    In an installed package they lie inside it, in a checkout beside `generator/`.
    """
    inside = Path(__file__).parents[1] / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "templates"


def overlay(shipped: Path, own: Path | None = None) -> TemplateFiles:
    """Look into the folders of the templates.

    Args:
        shipped: the templates of the program.
        own: those of the deck; the folder need not exist. Hidden files and README.md are passed
            over.

    Returns:
        The files of both by name.
    """
    return TemplateFiles(_list_files(shipped), _list_files(own) if own else {})


def read_contents(files: TemplateFiles) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the files that outputs are made with, and what the deck replaced among them.

    Returns:
        Their bytes by name, and what cannot be read.
    """
    names = [*files.names("sheet/*"), *files.names(_FONTS), *files.names("code.css")]
    paths = {name: path for name in names if (path := files.path(name))}
    for name in names:
        if name in files.own and name.startswith("sheet/") and name in files.shipped:
            paths[f"{SHIPPED}/{name}"] = files.shipped[name]
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        most = sys.maxsize if fnmatchcase(name, _FONTS) else MOST_BYTES
        data, lacks = read_file(path, most=most)
        # A text, which has no zero bytes, gets the line endings of the program.
        found[name] = data if b"\0" in data else data.replace(b"\r\n", b"\n")
        problems += lacks
    return found, problems


def _list_files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if _counts(path)
        and path.name.upper() != "README.MD"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _counts(path: Path) -> bool:
    """Say whether a path is a file, or may be one: what leads nowhere is told where it is read."""
    try:
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:
        return True
