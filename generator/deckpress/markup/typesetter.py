"""Typst source to PDF, SVG and PNG, the same bytes on every machine; the only door to typst."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any

from deckpress.math.typst_code import define
from deckpress.text.hashes import hash_of_all
from deckpress.text.problem import Location, Problem

if TYPE_CHECKING:  # it takes longer than what many builds need of this file
    import typst

FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
"""The endings of files that hold a font, or several."""

_REGULAR, _BOLD = 400, 700
_PLACE = re.compile(r"┌─ (?:\S*/files/)?(?P<path>\S+\.typ):(?P<line>\d+):(?P<column>\d+)")
_UNSTABLE = "did not converge within"
_ERROR = re.compile(r"^error: ", re.MULTILINE)
_SOURCE = re.compile(r"\S*__typst_py_bytes__\.typ")


class TypesetError(Exception):
    """Typst refuses, or warns of, a source that this program wrote; with Typst's diagnostic.

    `problem` says what; `places` are those that the diagnostic names in the files that were read,
    innermost first.
    """

    def __init__(self, diagnostic: str) -> None:
        text = _SOURCE.sub("source", diagnostic)
        super().__init__(text)
        text = text.strip()
        # What Typst warns of may be why it refuses, as a font that is not there; that a layout does
        # not hold is not.
        if _UNSTABLE in text.partition("\n")[0] and (error := _ERROR.search(text)):
            text = text[error.start() :]
        message = re.sub(r"^(error|warning): ", "", text).partition("\n")[0]
        # Typst counts columns from 0 in its diagnostics.
        self.places = tuple(
            Location(match["path"], int(match["line"]), int(match["column"]) + 1)
            for match in _PLACE.finditer(text)
        )
        self.problem = Problem(
            self.places[0] if self.places else Location(), message, rule="broken-template"
        )


class UnstableLayoutError(TypesetError):
    """Where things stand depends on itself, and Typst gave up looking for a layout that holds."""


class Typesetter:
    """Typst with a theme's fonts and no others, apart from those inside Typst itself.

    Math is set in New Computer Modern Math, which Typst brings along.
    """

    def __init__(self, theme_files: Mapping[str, bytes]) -> None:
        """Take over the fonts.

        Args:
            theme_files: the theme's files by path; those under `fonts/` are the fonts.
        """
        paths = sorted(path for path in theme_files if path.startswith("fonts/"))
        self._fonts = {path: theme_files[path] for path in paths if path.endswith(FONT_ENDINGS)}

    @property
    def fonts_digest(self) -> str:
        """A hash over the fonts, which also set what Typst's own lack, in formulas as well."""
        return _digest(tuple(self._fonts.items()))

    def pdf(self, source: str, files: Mapping[str, bytes], *, date: int, ua: bool = True) -> bytes:
        """Set a document as PDF.

        Args:
            source: the Typst source.
            files: what the source reads, by the path it is read under.
            date: the document's date in seconds since 1970.
            ua: whether the PDF must keep to PDF/UA-1; Typst checks it.

        Returns:
            The PDF, tagged.

        Raises:
            TypesetError: Typst refuses the source.
        """
        standards: list[typst.PDFStandard] = ["ua-1"] if ua else []
        return self._compile(source, files, "pdf", timestamp=date, pdf_standards=standards)[0]

    def query(self, source: str, files: Mapping[str, bytes], selector: str) -> list[Any]:
        """Lay a document out and return the values of the metadata that a selector finds.

        Args:
            source: the Typst source.
            files: what the source reads, by the path it is read under.
            selector: such as `<label>`.

        Returns:
            The values, in the order of the document.

        Raises:
            TypesetError: Typst refuses the source.
        """
        import typst

        with self._compiler(source, files) as compiler, _panics_told():
            try:
                found: list[Any] = json.loads(compiler.query(selector, field="value"))
            except (typst.TypstError, RuntimeError) as error:
                raise TypesetError(str(getattr(error, "diagnostic", error))) from None
        return found

    def svg_pages(self, source: str, files: Mapping[str, bytes]) -> list[str]:
        """Set a document as one SVG image a page.

        Args:
            source: the Typst source.
            files: what the source reads, by the path it is read under.

        Returns:
            The pages, in order.

        Raises:
            TypesetError: Typst refuses the source.
        """
        return [page.decode("utf-8") for page in self._compile(source, files, "svg")]

    def png_pages(
        self, source: str, files: Mapping[str, bytes], *, dots_per_inch: int = 144
    ) -> list[bytes]:
        """Set a document as one PNG image a page.

        Args:
            source: the Typst source.
            files: what the source reads, by the path it is read under.
            dots_per_inch: how fine the images are.

        Returns:
            The pages, in order.

        Raises:
            TypesetError: Typst refuses the source.
        """
        return self._compile(source, files, "png", ppi=dots_per_inch)

    def _compile(
        self,
        source: str,
        files: Mapping[str, bytes],
        form: typst.OutputFormat,
        *,
        ppi: float | None = None,
        timestamp: int | None = None,
        pdf_standards: list[typst.PDFStandard] | None = None,
    ) -> list[bytes]:
        import typst

        with self._compiler(source, files) as compiler, _panics_told():
            try:
                made, warnings = compiler.compile_with_warnings(
                    format=form, ppi=ppi, timestamp=timestamp, pdf_standards=pdf_standards or []
                )
            except typst.TypstError as error:
                raise TypesetError(error.diagnostic) from None
        # Typst only warns of a font that is not there; the output would be another.
        if made is None or warnings:
            text = "\n".join(warning.diagnostic for warning in warnings)
            unstable = any(_UNSTABLE in w.diagnostic for w in warnings)
            raise UnstableLayoutError(text) if unstable else TypesetError(text)
        return made if isinstance(made, list) else [made]

    @contextmanager
    def _compiler(self, source: str, files: Mapping[str, bytes]) -> Iterator[typst.Compiler]:
        import typst

        # Typst reads images from folders only, and must see nothing else.
        with TemporaryDirectory(prefix="deckpress-") as name:
            root = Path(name) / "files"
            _write_files(root, files)
            held = _font_folder(self._fonts)
            yield typst.Compiler(source.encode(), root=root, font_paths=held.fonts)


class _FontFolder:
    """Fonts that Typst reads from a folder, each file when a document first needs it.

    The folder is there for as long as the value.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        import typst

        self.files = dict(files)
        self._folder = Path(mkdtemp(prefix="deckpress-"))
        weakref.finalize(self, _remove, self._folder, os.getpid())
        _write_files(self._folder, files)
        (self._folder / "fonts").mkdir(exist_ok=True)
        paths = [str(self._folder / "fonts")]
        self.fonts = typst.Fonts(include_system_fonts=False, font_paths=paths)

    def holds(self, files: Mapping[str, bytes]) -> bool:
        return self.files == files


_MOST = 4
_font_folders: list[_FontFolder] = []
"""Those that were made last while fonts are kept: a document has a font of its own at most."""
_one_by_one = threading.Lock()
_keepers: list[object] = []


@contextmanager
def fonts_kept() -> Iterator[None]:
    """Read fonts once for all documents that are set meanwhile, by any thread.

    Else each document has a folder of its own, which is gone when it is set.
    """
    keeper = object()
    _keepers.append(keeper)
    try:
        yield
    finally:
        with _one_by_one:
            _keepers.remove(keeper)
            if not _keepers:
                _font_folders.clear()


def _font_folder(files: Mapping[str, bytes]) -> _FontFolder:
    """Return fonts of files and those inside Typst."""
    with _one_by_one:
        for known in _font_folders:
            if known.holds(files):
                return known
        made = _FontFolder(files)
        if _keepers:
            _font_folders.append(made)
            del _font_folders[:-_MOST]
        return made


def _remove(folder: Path, process: int) -> None:
    """Remove a folder, unless this process was forked from the one that made it."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=4)
def _digest(fonts: tuple[tuple[str, bytes], ...]) -> str:
    # Kept for the next deck of the same run.
    return hash_of_all(f"{path}\0{len(data)}\0".encode() + data for path, data in fonts).hex()


@contextmanager
def _panics_told() -> Iterator[None]:
    """Make what Typst gives up on, by a mistake of its own, an error like those that it tells."""
    try:
        yield
    except BaseException as error:
        # A class that cannot be imported, and no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise TypesetError(f"error: Typst gives up: {error}") from None


_MEASURE = """
#import "/ending.typ": ending
#context [#metadata(measure(image("/image" + ending)).width / 1pt)<width>]
"""


@lru_cache(maxsize=32)
def decodes(ending: str, data: bytes) -> bool:
    """Say whether an image can be decoded.

    Args:
        ending: of its file, such as `.jpg`.
        data: its bytes.

    Returns:
        Whether Typst can.
    """
    files = {f"image{ending}": data, "ending.typ": define("ending", ending).encode()}
    try:
        Typesetter({}).query(_MEASURE, files, "<width>")
    except TypesetError:
        return False
    return True


@lru_cache(maxsize=32)
def draws_in_time(data: bytes, seconds: int) -> bool:
    """Say whether an SVG image can be drawn for print, in a process of its own of 4 GB.

    Args:
        data: its bytes.
        seconds: of computing that it may take; where the system counts none, of waiting.

    Returns:
        Whether that is enough. What Typst refuses is drawn in no time.
    """
    with TemporaryDirectory(prefix="deckpress-") as name:
        _write_files(Path(name), {"image.svg": data})
        command = [sys.executable, "-c", _DRAW, str(seconds)]
        try:
            done = subprocess.run(
                command, cwd=name, capture_output=True, timeout=20 * seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode in (0, _REFUSED)


_REFUSED = 3
_DRAW = """
import sys
try:
    import resource
except ImportError:
    pass
else:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import typst
page = b'#set page(width: 20cm, height: auto)\\n#image("/image.svg", width: 18cm)'
try:
    typst.Compiler(page, root=".").compile(format="pdf")
except typst.TypstError:
    sys.exit(3)
"""
"""What the process does; 3 is `_REFUSED`."""


def font_families(name: str, data: bytes) -> list[str]:
    """Return the families that a font file holds, sorted; none when Typst cannot read it."""
    import typst

    with TemporaryDirectory(prefix="deckpress-") as folder:
        (Path(folder) / name).write_bytes(data)
        families = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        ).families()
    return sorted(families)


def find_installed(family: str) -> tuple[str, list[Path]]:
    """Look for a family among the fonts that are installed on this machine.

    Args:
        family: its name, in small or large letters.

    Returns:
        The name as its files spell it, and the files of its upright regular and bold; none when
        the machine lacks it.
    """
    import typst

    found = [
        font
        for font in typst.Fonts(include_embedded_fonts=False).fonts()
        if font.family.lower() == family.lower() and font.path and font.style == "normal"
    ]
    if not found:
        return family, []
    chosen = (
        min(found, key=lambda font: (abs(font.weight - weight), str(font.path)))
        for weight in (_REGULAR, _BOLD)
    )
    paths = {Path(str(font.path)): None for font in chosen}
    return found[0].family, list(paths)


def installed_families() -> list[str]:
    """Return the families that are installed on this machine, sorted."""
    import typst

    return sorted(typst.Fonts(include_embedded_fonts=False).families())


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
