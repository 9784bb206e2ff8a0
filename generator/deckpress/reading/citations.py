"""Citations checked against the bibliography: what a claim cites, and the sources of a note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from deckpress.markdown.citations import read_cited
from deckpress.model.collection import Reference
from deckpress.model.note import Citation
from deckpress.schema.front_matter import Source
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed
from deckpress.tree.node import Node, walk

UNREAD = "not looked up"
"""What is said of a source that nobody could open when the note was checked."""


def cite_claims(
    nodes: Sequence[Node], works: Mapping[str, Reference], path: str
) -> tuple[tuple[Node, ...], list[Citation], list[Problem]]:
    """Say in the words of a note what it cites at its claims.

    Args:
        nodes: trees of the note.
        works: the bibliography by key; without any, what looks like a citation stays as it stands.
        path: the file the note is in.

    Returns:
        The trees with every citation written out, what they cite, and the keys that are unknown.
    """
    found: list[Citation] = []
    problems: list[Problem] = []
    if not any(node.kind == "citation" for node in walk(nodes)):
        return tuple(nodes), found, problems

    def write(node: Node) -> Node:
        if node.kind != "citation":
            return node.with_children(map(write, node.children)) if node.children else node
        if not works:
            words = "; ".join(_as_written(work) for work in node.children)
            return Node("text", text=f"[{words}]", line=node.line, column=node.column)
        for work in node.children:
            if work.get("key") in works:
                found.append(_citation(works[work.get("key")], work.text))
            else:
                where = Location(path, node.line, node.column)
                problems.append(_unknown(work.get("key"), works, where))
        return node.with_children(_short(work, works) for work in node.children)

    return tuple(map(write, nodes)), found, problems


def cite_sources(
    sources: Iterable[Source],
    works: Mapping[str, Reference],
    unread: Iterable[str],
    wheres: Sequence[Location],
) -> tuple[list[Citation], list[Problem]]:
    """Make citations of the sources that front matter or a heading names.

    Args:
        sources: keys of the bibliography with places in the works, or titles with addresses.
        works: the bibliography by key.
        unread: the keys of works that could not be opened.
        wheres: where each source is named, and last, where the unread ones are.

    Returns:
        What the note leans on, in order, and the keys that are unknown.
    """
    closed = set(unread)
    found: list[Citation] = []
    problems = [_unknown(key, works, wheres[-1]) for key in sorted(closed) if key not in works]
    for source, where in zip(sources, wheres, strict=False):
        if source.title:
            found.append(Citation(source.title, source.url))
            continue
        for cited in read_cited(source.cite):
            if cited.key not in works:
                problems.append(_unknown(cited.key, works, where))
                continue
            citation = _citation(works[cited.key], cited.locator)
            if cited.key in closed:
                citation = citation._replace(title=f"{citation.title} ({UNREAD})")
            found.append(citation)
        if not read_cited(source.cite):
            hint = "write a key of the bibliography, and after a comma the place in the work"
            problems.append(
                Problem(
                    where,
                    f"'{source.cite}' cannot be read as a source",
                    hint,
                    rule="unreadable-citation",
                )
            )
    return found, problems


def find_unused_works(
    places: Mapping[str, Location], citations: Iterable[Citation]
) -> list[Problem]:
    """Find works of the bibliography that nothing cites, by the place of each."""
    used = {citation.key for citation in citations}
    return [
        Problem(
            where,
            f"nothing cites '{key}'",
            "cite it where it belongs, or delete it",
            rule="unused-work",
        )
        for key, where in places.items()
        if key not in used
    ]


def merge_citations(listed: Iterable[Citation], at_claims: Iterable[Citation]) -> list[Citation]:
    """Put what claims cite behind what is listed, each work and place once."""
    found: dict[tuple[str, str], Citation] = {}
    known: set[str] = set()
    for citation in listed:
        found[citation.title, citation.url] = citation
        known.add(citation.key)
    for citation in at_claims:
        # A work that is listed already needs no second line for another place in it.
        if not citation.key or citation.key not in known:
            found.setdefault((citation.title, citation.url), citation)
            known.add(citation.key)
    return list(found.values())


def _citation(work: Reference, locator: str) -> Citation:
    return Citation(f"{work.text}, {locator}" if locator else work.text, work.url, work.key)


def _short(work: Node, works: Mapping[str, Reference]) -> Node:
    known = works.get(work.get("key"))
    words = known.short if known else work.get("key")
    return work._replace(text=f"{words}, {work.text}" if work.text else words)


def _as_written(work: Node) -> str:
    return f"@{work.get('key')}" + (f", {work.text}" if work.text else "")


def _unknown(key: str, works: Mapping[str, Reference], where: Location) -> Problem:
    if not works:
        hint = "works are described in bibliography.bib or bibliography.yaml beside deck.yaml"
        return Problem(
            where, f"there is no bibliography to find '{key}' in", hint, rule="unknown-work"
        )
    message = f"the bibliography has no '{key}'"
    hint = "describe it there"
    return misnamed(where, message, key, works, rule="unknown-work", without=hint)
