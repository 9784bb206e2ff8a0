"""Tagged PDFs joined to one that is tagged as they were; the only door to pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PLACE = "place:"
"""What the address of a link begins with that leads to a place of another part; then its name."""

_DRAWN = Name("/DrawnOver")
_PAGES = "http://ns.adobe.com/xap/1.0/t/pg/"


@dataclass(frozen=True, slots=True)
class Places:
    """The number of pages of a PDF, and the page (from 1) of each place that has a name."""

    pages: int
    named: dict[str, int]


def find_places(pdf: bytes) -> Places:
    """Return where the named places of a PDF are."""
    with closing(pikepdf.open(io.BytesIO(pdf))) as file:
        numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
        named = {name: numbers[target[0].objgen] for name, target in _destinations(file)}
    return Places(len(numbers), named)


def join_pdfs(
    parts: Sequence[bytes], leads: Sequence[int] = (), over: bytes | None = None
) -> bytes:
    """Join the parts of a document: pages, tags, outline, named places, links between them.

    Args:
        parts: PDFs, each tagged; the first gives language and metadata.
        leads: for each, how many of the first entries of its outline belong below the last entry
            of the parts before; none where it is left out.
        over: a PDF with as many pages as all parts together, each drawn over one of theirs as an
            artifact; it has no tags.

    Returns:
        The bytes of the PDF, the same for the same parts.
    """
    with closing(pikepdf.open(io.BytesIO(parts[0]))) as whole:
        for part, lead in zip(parts[1:], leads[1:] or repeat(0), strict=False):
            with closing(pikepdf.open(io.BytesIO(part))) as file:
                _Joint(whole, file).append(lead)
        _lead_to_places(whole)
        if over is not None:
            with closing(pikepdf.open(io.BytesIO(over))) as file:
                _draw_over(whole, file)
        with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata[f"{{{_PAGES}}}NPages"] = str(len(whole.pages))
        written = io.BytesIO()
        whole.save(
            written,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return written.getvalue()


class _Joint:
    """The place where a part is put behind what was joined before."""

    def __init__(self, whole: pikepdf.Pdf, part: pikepdf.Pdf) -> None:
        self._whole, self._part = whole, part
        self._parents = int(whole.Root.StructTreeRoot.get("/ParentTreeNextKey", 0))

    def append(self, lead: int) -> None:
        # Pages come first: whatever is copied after them refers to their copies.
        before = len(self._whole.pages)
        for page in self._part.pages:
            self._whole.pages.append(page)
        self._number_parents([page.obj for page in self._whole.pages][before:])
        self._join_tags()
        self._join_outline(lead)
        self._join_places()

    def _copy(self, value: Any) -> Any:
        """Copy a value of the part, with all that it refers to."""
        if not value.is_indirect:
            value = self._part.make_indirect(value)
        return self._whole.copy_foreign(value)

    def _number_parents(self, pages: Iterable[Any]) -> None:
        seen: set[tuple[int, int]] = set()
        for page in pages:
            drawn = page.get("/Resources", Dictionary()).get("/XObject", Dictionary())
            for owner in (page, *page.get("/Annots", ()), *(drawn[key] for key in drawn)):
                if owner.is_indirect:
                    if owner.objgen in seen:
                        continue
                    seen.add(owner.objgen)
                for key in ("/StructParent", "/StructParents"):
                    if key in owner:
                        owner[key] = int(owner[key]) + self._parents

    def _join_tags(self) -> None:
        ours: Any = self._whole.Root.StructTreeRoot
        theirs: Any = self._copy(self._part.Root.StructTreeRoot)
        document, other = (tree.K[0] for tree in (ours, theirs))
        for element in other.K:
            element.P = document
        document.K.extend(other.K)
        parents = pikepdf.NumberTree(ours.ParentTree)
        for key, owner in pikepdf.NumberTree(theirs.ParentTree).items():
            parents[int(key) + self._parents] = owner
        after = self._parents + int(theirs.get("/ParentTreeNextKey", 0))
        ours.ParentTreeNextKey = after
        roles: Any = theirs.get("/RoleMap", Dictionary())
        if "/RoleMap" not in ours:
            ours.RoleMap = Dictionary()
        for kind, usual in roles.items():
            ours.RoleMap[kind] = usual
        if "/IDTree" in theirs:
            self._join_ids(ours, theirs)

    def _join_ids(self, ours: Any, theirs: Any) -> None:
        """Name the cells of tables anew, which every part counts from the start."""
        mark = f"P{self._parents}"
        for element in _elements(theirs.K[0]):
            if "/ID" in element:
                element.ID = String(mark + str(element.ID))
            given: Any = element.get("/A", ())
            for attributes in given:
                if "/Headers" in attributes:
                    named = [String(mark + str(each)) for each in attributes.Headers]
                    attributes.Headers = Array(named)
        if "/IDTree" not in ours:
            ours.IDTree = self._whole.make_indirect(Dictionary(Names=Array()))
        ids = pikepdf.NameTree(ours.IDTree)
        for name, element in pikepdf.NameTree(theirs.IDTree).items():
            ids[mark + name] = element

    def _join_outline(self, lead: int) -> None:
        if "/Outlines" not in self._part.Root:
            return
        theirs: Any = self._copy(self._part.Root.Outlines)
        if "/Outlines" not in self._whole.Root:
            self._whole.Root.Outlines = theirs
            return
        ours: Any = self._whole.Root.Outlines
        entries = list(_entries(theirs))
        if lead:
            _add_entries(ours.Last, entries[:lead])
        _add_entries(ours, entries[lead:])

    def _join_places(self) -> None:
        if "/Names" not in self._part.Root:
            return
        theirs: Any = self._copy(self._part.Root.Names)
        if "/Dests" not in theirs:
            return
        if "/Names" not in self._whole.Root:
            self._whole.Root.Names = Dictionary()
        names: Any = self._whole.Root.Names
        if "/Dests" not in names:
            names.Dests = theirs.Dests
            return
        places = pikepdf.NameTree(names.Dests)
        for name, target in pikepdf.NameTree(theirs.Dests).items():
            if name not in places:
                places[name] = target


def _destinations(file: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    names = file.Root.get("/Names", Dictionary())
    if "/Dests" in names:
        for name, target in pikepdf.NameTree(names.Dests).items():
            yield name, target.D if isinstance(target, Dictionary) else target


def _elements(element: Any) -> Iterator[Any]:
    waiting = [element]
    while waiting:
        element = waiting.pop()
        yield element
        children = element.get("/K", ())
        for child in children if isinstance(children, Array) else (children,):
            if isinstance(child, Dictionary) and "/S" in child:
                waiting.append(child)


def _entries(outline: Any) -> Iterator[Any]:
    entry = outline.get("/First")
    while entry is not None:
        yield entry
        entry = entry.get("/Next")


def _add_entries(parent: Any, entries: Sequence[Any]) -> None:
    """Put entries of an outline below a parent, behind those that it has."""
    if not entries:
        return
    last = parent.get("/Last")
    for entry in entries:
        entry.Parent = parent
        if last is None:
            parent.First = entry
            if "/Prev" in entry:
                del entry["/Prev"]
        else:
            last.Next, entry.Prev = entry, last
        last = entry
    if "/Next" in last:
        del last["/Next"]
    parent.Last = last
    added = sum(1 + max(0, int(entry.get("/Count", 0))) for entry in entries)
    while parent is not None:
        # What is closed counts below zero, and shows nothing above it.
        shown = int(parent.get("/Count", 0))
        parent.Count = shown - added if shown < 0 else shown + added
        parent = parent.get("/Parent") if shown >= 0 else None


def _lead_to_places(whole: pikepdf.Pdf) -> None:
    """Turn the addresses of places into links that stay within the document."""
    known = dict(_destinations(whole))
    for page in whole.pages:
        for link in page.obj.get("/Annots", ()):
            address = str(link.get("/A", Dictionary()).get("/URI", ""))
            if address.startswith(PLACE):
                name = address.removeprefix(PLACE)
                link.A = Dictionary(S=Name.GoTo, D=known[name])


def _draw_over(whole: pikepdf.Pdf, over: pikepdf.Pdf) -> None:
    for page, drawing in zip(whole.pages, over.pages, strict=True):
        form = whole.copy_foreign(drawing.as_form_xobject())
        resources: Any = page.obj.Resources
        # What several pages share must not grow by what is drawn over each.
        page.obj.Resources = Dictionary(dict(resources.items()))
        page.obj.Resources.XObject = Dictionary(
            dict(resources.get("/XObject", Dictionary()).items())
        )
        page.add_resource(form, Name.XObject, _DRAWN, replace_existing=False)
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q /Artifact BMC q {_DRAWN} Do Q EMC".encode())
