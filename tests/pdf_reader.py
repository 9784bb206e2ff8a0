"""A PDF read back for tests, through pypdf."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


def squeeze(text: str) -> str:
    """Return a text without white space and without the marks of wrapped code."""
    return re.sub(r"[\s↪]+", "", text)


class Pdf:
    """A PDF file, and what a test asks of it."""

    def __init__(self, source: Path | bytes) -> None:
        """Open a file or its bytes."""
        data = source.read_bytes() if isinstance(source, Path) else source
        self.reader = PdfReader(io.BytesIO(data))
        self.root: Any = self.reader.trailer["/Root"].get_object()

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page."""
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        """All text, squeezed."""
        return squeeze("".join(self.pages))

    @property
    def sizes(self) -> set[tuple[int, int]]:
        """Width and height of the pages, in whole points."""
        return {(round(p.mediabox.width), round(p.mediabox.height)) for p in self.reader.pages}

    @property
    def outline(self) -> list[tuple[int, str]]:
        """Level (from 1) and title of each entry of the outline."""
        return list(self._entries(self.reader.outline, 1))

    def _entries(self, entries: Any, level: int) -> Iterator[tuple[int, str]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from self._entries(entry, level + 1)
            else:
                yield level, str(entry.title)

    @cached_property
    def alternatives(self) -> list[str]:
        """The alternative texts of the structure tree, in reading order."""
        found = []
        for element in self._structure(self.root["/StructTreeRoot"].get_object()):
            if "/Alt" in element:
                found.append(str(element["/Alt"]))
        return found

    @cached_property
    def tags(self) -> set[str]:
        """The kinds of the elements of the structure tree."""
        root = self.root["/StructTreeRoot"].get_object()
        return {str(element.get("/S", "")) for element in self._structure(root)}

    def _structure(self, element: DictionaryObject) -> Iterator[DictionaryObject]:
        yield element
        children = element.get("/K", [])
        for child in children if isinstance(children, ArrayObject) else [children]:
            node = child.get_object()
            if isinstance(node, DictionaryObject) and "/S" in node:
                yield from self._structure(node)

    @property
    def links(self) -> set[str]:
        """The addresses that links lead to."""
        found = set()
        for page in self.reader.pages:
            for annotation in page.get("/Annots", []):
                action = annotation.get_object().get("/A", {})
                if "/URI" in action:
                    found.add(str(action["/URI"]))
        return found

    @property
    def inner_links(self) -> int:
        """The number of links that lead into the document itself."""
        return sum(
            "/Dest" in a.get_object() or a.get_object().get("/A", {}).get("/S") == "/GoTo"
            for page in self.reader.pages
            for a in page.get("/Annots", [])
        )

    @property
    def fonts(self) -> dict[str, bool]:
        """The name of each font, and whether its file is embedded."""
        found = {}
        for page in self.reader.pages:
            fonts: Any = page["/Resources"].get("/Font", {})  # type: ignore[attr-defined]
            for font in fonts.values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                described = inner["/FontDescriptor"].get_object()
                name = str(inner["/BaseFont"]).partition("+")[2]
                found[name] = any(key in described for key in ("/FontFile2", "/FontFile3"))
        return found

    @cached_property
    def type_sizes(self) -> dict[float, str]:
        """The sizes in points in which words are set, with one of them each; not of formulas."""
        return self._sizes(math=False)

    @cached_property
    def formula_sizes(self) -> dict[float, str]:
        """The sizes in points in which signs of formulas are set, indices among them."""
        return self._sizes(math=True)

    def _sizes(self, *, math: bool) -> dict[float, str]:
        found: dict[float, str] = {}

        def visit(text: str, at: Any, line: Any, font: Any, size: Any) -> None:
            if text.strip() and font and ("Math" in font["/BaseFont"]) == math:
                found.setdefault(round(abs(at[3] * line[3]) * size, 1), text.strip())

        for page in self.reader.pages:
            page.extract_text(visitor_text=visit)
        return found

    def places(self, page: int) -> dict[str, tuple[float, float]]:
        """Return where each run of text of a page begins (x to the right, y upwards)."""
        found: dict[str, tuple[float, float]] = {}

        def visit(text: str, at: Any, line: Any, font: Any, size: Any) -> None:
            x, y = line[4], line[5]
            place = (at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5])
            if text.strip():
                found.setdefault(text.strip(), place)

        self.reader.pages[page].extract_text(visitor_text=visit)
        return found
