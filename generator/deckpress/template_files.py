"""The files of the templates: those that come with the program, overlaid by those of a deck."""

from __future__ import annotations

from pathlib import Path

SHIPPED = "shipped"
"""Under this folder a deck's templates reach the files of the program that they replace."""


class TemplateFiles:
    """Two folders read as one: a file of the deck takes the place of the one of the same name.

    A name is a path in the folder with `/`, such as `sheet/sheet.css`.
    """

    def __init__(self, shipped: Path, own: Path | None = None) -> None:
        """Look into the folders.

        Args:
            shipped: the templates of the program.
            own: those of the deck; the folder need not exist. Hidden files and README.md in it are
                passed over.
        """
        self._shipped = shipped
        self._read: set[str] = set()
        self.own = _list_files(own) if own else {}

    def path(self, name: str) -> Path:
        """Return the path of a file, in the deck's folder if it is there; it need not exist."""
        self._read.add(name)
        return self.own.get(name, self._shipped / name)

    def layers(self, name: str) -> list[Path]:
        """Return the paths of a file that is read from both folders, the deck's last."""
        self._read.add(name)
        return [self._shipped / name, *([self.own[name]] if name in self.own else [])]

    def names(self, pattern: str) -> list[str]:
        """Return the names of the files that match a pattern such as `notes/*/kind.yaml`."""
        found = {
            path.relative_to(self._shipped).as_posix()
            for path in self._shipped.glob(pattern)
            if path.is_file()
        }
        depth = pattern.count("/")
        found |= {n for n in self.own if n.count("/") == depth and Path(n).match(pattern)}
        return sorted(found)

    def contents(self) -> dict[str, bytes]:
        """Return the files that outputs are made with, and what the deck replaced among them."""
        names = [*self.names("sheet/*"), *self.names("fonts/*"), *self.names("code.css")]
        found = {name: self.path(name).read_bytes() for name in names}
        replaced = [name for name in names if name in self.own and name.startswith("sheet/")]
        for name in replaced:
            if (self._shipped / name).is_file():
                found[f"{SHIPPED}/{name}"] = (self._shipped / name).read_bytes()
        return found

    def unread(self) -> list[str]:
        """Return the names of the deck's files that nothing has asked for."""
        return [name for name in self.own if name not in self._read]

    def known(self) -> list[str]:
        """Return the names of the program's own files."""
        return list(_list_files(self._shipped))


def _list_files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name.upper() != "README.MD"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
