"""One card file to its notes: a function of its text, with every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from deckpress.anatomy import divide_body
from deckpress.characters import is_blank
from deckpress.checks import check_cloze, check_content, find_misspelt, has_marker
from deckpress.document import Node, plain_text, walk
from deckpress.evidence import Vocabulary, read_evidence
from deckpress.markdown import Heading, Outline, read_blocks, read_inline, read_outline
from deckpress.media import MediaFault, MediaFile
from deckpress.model import Citation, Kind, Note
from deckpress.problem import Location, Problem, suggest
from deckpress.schema import SLUG, FrontMatter, HeadingAttributes, validate
from deckpress.source_text import decode_source, divide_source
from deckpress.yaml_text import YamlText, read_yaml

UNKNOWN_CATEGORY = "unknown category"

FindImage = Callable[[str], MediaFile | MediaFault]


def read_card_file(
    data: bytes, path: str, folder: str, vocabulary: Vocabulary, find_image: FindImage
) -> tuple[list[Note], list[Problem]]:
    """Read a card file.

    Args:
        data: the file's bytes.
        path: its name as problems print it.
        folder: the name of the folder it lies in, the default category.
        vocabulary: the words it may use.
        find_image: finds the figure that an image's `src` names.

    Returns:
        The notes in their order, and every mistake of the file; with mistakes, the notes serve only
        to be held against those of other files.
    """
    reader = _Reader(data, path, folder, vocabulary, find_image)
    return reader.notes, reader.problems


class _Reader:
    def __init__(
        self, data: bytes, path: str, folder: str, vocabulary: Vocabulary, find_image: FindImage
    ) -> None:
        self.notes: list[Note] = []
        self.problems: list[Problem] = []
        self._path, self._folder, self._words = path, folder, vocabulary
        self._find_image = find_image
        text, problems = decode_source(data, path)
        source = divide_source(text, path)
        self.problems += [*problems, *source.problems]
        self._read = read_yaml(source.front_matter, path, first_line=2)
        front, problems_found = validate(FrontMatter, self._read)
        self.problems += problems_found
        self._front = front or FrontMatter()
        self._evidence, faults = read_evidence(self._front, self._read, vocabulary)
        self.problems += faults
        self._lines = source.body.split("\n")
        if not source.problems and (text or not problems):
            self._read_notes(read_outline(source.body, path))

    def _read_notes(self, outline: Outline) -> None:
        self.problems += outline.problems
        questions = [heading for heading in outline.headings if heading.level == 1]
        for heading in outline.headings:
            if heading.underlined:
                hint = "write # or ## in front; put an empty line above a dividing ---"
                where = Location(self._path, heading.line)
                self.problems.append(Problem(where, "an underlined heading", hint))
        if not questions:
            where = Location(self._path, outline.first_line or 1)
            self.problems.append(Problem(where, "no question here", "a note begins with # and it"))
            return
        if outline.first_line < questions[0].line:
            where = Location(self._path, outline.first_line)
            hint = "every note begins with a heading: # question"
            self.problems.append(Problem(where, "text before the first question", hint))
        ends = [heading.line - 1 for heading in questions[1:]] + [len(self._lines)]
        for heading, end in zip(questions, ends, strict=True):
            try:
                self._read_note(heading, end, outline, alone=len(questions) == 1)
            except RecursionError:
                where = Location(self._path, heading.line)
                hint = "something in this note stands within itself too many times"
                self.problems.append(Problem(where, "nested too deep", hint))

    def _read_note(self, heading: Heading, end: int, outline: Outline, *, alone: bool) -> None:
        where = Location(self._path, heading.line)
        attributes = self._attributes(heading)
        body = read_blocks(
            "\n".join(self._lines[heading.line : end]),
            self._path,
            heading.line + 1,
            outline.references,
        )
        source = self._lines[heading.line - 1]
        title = read_inline(heading.text, self._path, heading.line, source, outline.references)
        self.problems += [*body.problems, *title.problems]
        kind = self._kind(attributes, has_marker(body.nodes), where)
        anatomy = divide_body(body.nodes, kind, where)
        if not any(heading.line < h.line <= end for h in outline.headings if h.underlined):
            self.problems += anatomy.problems
        self.problems += check_content((*title.nodes, *body.nodes), self._path, cloze=kind.cloze)
        if kind.cloze:
            rest = [node for part in anatomy.sections.values() for node in part]
            rest += [*title.nodes, *anatomy.front, *anatomy.details]
            self.problems += check_cloze(anatomy.answer, rest, where)
        elif not attributes.kind and not self._front.kind:
            self.problems += find_misspelt((*title.nodes, *body.nodes), self._path)
            if has_marker(title.nodes):
                hint = "holes stand in the text under it"
                self.problems.append(Problem(where, "a hole in the question", hint))
        if is_blank(plain_text(title.nodes)):
            self.problems.append(Problem(where, "the question is empty"))
        identity = self._identity(attributes, where, alone=alone)
        note = Note(
            id=identity,
            kind=kind.name,
            category=self._category(where),
            question=title.nodes,
            front=anatomy.front,
            answer=anatomy.answer,
            details=anatomy.details,
            sections=anatomy.sections,
            where=where,
            difficulty=attributes.difficulty or self._front.difficulty or "",
            tags=tuple(sorted(set(_first(attributes.tags, self._front.tags)))),
            evidence=self._evidence,
            citations=tuple(Citation(s.title, s.url) for s in self._front.sources),
            checked=attributes.checked or self._front.checked,
            covers=tuple(_first(attributes.covers, self._front.covers)),
            replaces=tuple(_first(attributes.replaces, self._front.replaces)),
            images=self._images((*title.nodes, *body.nodes)),
        )
        self.notes.append(note)

    def _attributes(self, heading: Heading) -> HeadingAttributes:
        source = self._lines[heading.line - 1]
        start = source.rfind("{")
        values: dict[str, object] = dict(heading.attributes)
        classes = str(values.pop("class", "")).split()
        if classes:
            values["kind"] = classes[0]
        read = YamlText(values, {(): Location(self._path, heading.line, start + 1)})
        for key in values:
            mark = {"kind": ".", "id": "#"}.get(key, key)
            read.places[(key,)] = Location(
                self._path, heading.line, max(source.find(mark, start), 0) + 1
            )
        if len(classes) > 1:
            hint = f"one of .{' .'.join(sorted(self._words.kinds))}"
            self.problems.append(Problem(read.places[()], "a note has one kind", hint))
        found, problems = validate(HeadingAttributes, read)
        self.problems += problems
        return found or HeadingAttributes()

    def _kind(self, attributes: HeadingAttributes, marked: bool, where: Location) -> Kind:
        name = attributes.kind or self._front.kind or ("cloze" if marked else "basic")
        kind = self._words.kinds.get(name)
        if kind is None:
            place = (
                self._read.place(("kind",)) if not attributes.kind and self._front.kind else where
            )
            hint = suggest(name, self._words.kinds)
            self.problems.append(Problem(place, f"unknown kind '{name}'", hint))
            return Kind(name, "", cloze=marked)
        return kind

    def _identity(self, attributes: HeadingAttributes, where: Location, *, alone: bool) -> str:
        stem = PurePosixPath(self._path).stem
        if attributes.id:
            return attributes.id
        if not alone:
            hint = "give each note of a file its own: # Question {#id}"
            self.problems.append(Problem(where, "the note has no id", hint))
            return ""
        elif not self._front.id and not re.match(SLUG, stem):
            hint = "rename the file in lower-case letters, digits and dashes, or write {#id}"
            self.problems.append(Problem(where, f"'{stem}' cannot be an id", hint))
        return self._front.id or stem

    def _category(self, where: Location) -> str:
        slug = self._front.category or self._folder
        if slug not in self._words.categories:
            place = self._read.place(("category",)) if self._front.category else where
            hint = suggest(slug, self._words.categories)
            problem = Problem(place, f"{UNKNOWN_CATEGORY} '{slug}'", hint)
            if problem not in self.problems:
                self.problems.append(problem)
        return slug

    def _images(self, nodes: Sequence[Node]) -> dict[str, str]:
        images: dict[str, str] = {}
        for node in walk(nodes):
            if node.kind != "image":
                continue
            found = self._find_image(node.get("src"))
            if isinstance(found, MediaFault):
                where = Location(self._path, node.line, node.column)
                self.problems.append(Problem(where, found.message, found.hint))
            else:
                images[node.get("src")] = found.name
        return images


def _first(own: list[str] | None, shared: list[str] | None) -> list[str]:
    return own if own is not None else shared or []
