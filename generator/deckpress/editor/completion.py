"""What may be written at a position: keys, words that the deck knows, files, languages, rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deckpress.editor.context import Context
from deckpress.editor.desk import Desk
from deckpress.model.scales import DIFFICULTIES, IMPORTANCES
from deckpress.pipeline.fix import FreeIds
from deckpress.schema.file_names import COMPANIES_FILE, DECK_FILE
from deckpress.schema.validation import keys_of
from deckpress.text.rules import RULES, advice_names
from deckpress.tree.code import known_languages
from deckpress.tree.media import media_type

MOST = 200
"""How many words are proposed at once; more come as more is written."""

Kind = Literal["key", "word", "note", "work", "file"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that may be written: in place of what stands from `start` on, and what it is."""

    text: str
    start: int
    kind: Kind
    detail: str = ""


Words = Iterable[tuple[str, str]]
"""Words, each with what is said of it."""

_OUR_FILES = {
    DECK_FILE: "deck",
    COMPANIES_FILE: "companies",
    "sources.yaml": "sources",
    "bibliography.yaml": "bibliography",
}
_FENCED = re.compile(r"[ >]*(?:`{3,}|~{3,})(?P<word>[\w+#.-]*)$")
_IMAGE = re.compile(r"(?:!\[[^\]]*\]\(|\[sound:|!\[\[)(?P<word>[^()\[\]|]*)$")
_CITED = re.compile(r"\[(?:[^\[\]]*;\s*)?@(?P<word>[\w:.+/-]*)$")
_ALLOWED = re.compile(r"<!--\s*allow:\s*(?:[\w-]+,\s*)*(?P<word>[\w-]*)$")
_SECTION = re.compile(r"##[ \t]+(?P<word>.*)$")


def complete(desk: Desk, path: str, at: Context) -> list[Proposal]:
    """Return what may be written at a position.

    Args:
        desk: the deck.
        path: the file that the position is in.
        at: the position.

    Returns:
        The proposals that begin with what is written already, the first `MOST` of them.
    """
    found: list[Proposal] = []
    for proposal in _propose(desk, path, at):
        if len(found) == MOST:
            break
        written = at.before[proposal.start :]
        if proposal.text.casefold().startswith(written.casefold()):
            found.append(proposal)
    return found


def _propose(desk: Desk, path: str, at: Context) -> Iterator[Proposal]:
    match at.region:
        case "front matter" | "yaml":
            yield from _in_yaml(desk, path, at)
        case "heading":
            yield from _in_heading(desk, path, at)
        case "body" | "code":
            yield from _in_body(desk, path, at)


def _in_yaml(desk: Desk, path: str, at: Context) -> Iterator[Proposal]:
    name = "front-matter" if at.region == "front matter" else _shape_of(desk, path)
    top = at.keys[0] if at.keys else ""
    inside = at.keys[-1] if at.keys else ""
    if name == "front-matter" and top == "companies":
        yield from _of_companies(desk, at)
        return
    if at.names_key:
        plain = (
            at.keys[:-1]
            if at.keys and re.match(r"[ \t]*(?:- +)?[\w-]+\s*:", at.before)
            else at.keys
        )
        for key in keys_of(name, plain) if name else ():
            yield Proposal(f"{key}: ", at.start, "key", key)
    if name == "front-matter":
        yield from _words(at, _values(desk, top))
    elif name:
        yield from _words(at, _values_beside(desk, name, at.keys, inside))


def _shape_of(desk: Desk, path: str) -> str:
    at = Path(path)
    if at.parent == desk.deck.root / "coverage":
        return "coverage"
    return _OUR_FILES.get(at.name, "") if at.parent == desk.deck.root else ""


def _in_heading(desk: Desk, path: str, at: Context) -> Iterator[Proposal]:
    if at.keys:
        yield from _words(at, _values(desk, at.keys[0]))
        return
    sign = at.before[at.start - 1 : at.start] if at.start else ""
    # A dot belongs to words, such as those of files; here it opens a kind.
    if at.word.startswith("."):
        for kind, said in _kinds(desk):
            yield Proposal(f".{kind}", at.start, "word", said)
    elif sign == "#" and not at.before.endswith("# "):
        question = at.line[2 : at.before.rfind("{")]
        catalogue = desk.deck.catalogue
        language = catalogue.info.language if catalogue else ""
        made = FreeIds(desk.ids, language).take(question)
        yield Proposal(made, at.start, "word", "an id made of the question")
    elif sign in ("{", " "):
        for key in keys_of("front-matter", ()):
            if key not in ("id", "kind", "companies", "category"):
                yield Proposal(f"{key}=", at.start, "key", "an attribute of the heading")


def _in_body(desk: Desk, path: str, at: Context) -> Iterator[Proposal]:
    if match := _FENCED.fullmatch(at.before):
        if at.region == "body":
            for name in sorted(known_languages()):
                yield Proposal(name, match.start("word"), "word", "a language")
        return
    if at.region == "code":
        return
    if match := _CITED.search(at.before):
        for key, said in _works(desk):
            yield Proposal(key, match.start("word"), "work", said)
    elif match := _IMAGE.search(at.before):
        for name in _files(desk, path):
            yield Proposal(name, match.start("word"), "file", "")
    elif match := _ALLOWED.search(at.before):
        for name in advice_names():
            yield Proposal(name, match.start("word"), "word", RULES[name].what)
    elif match := _SECTION.fullmatch(at.before):
        catalogue = desk.deck.catalogue
        kinds = catalogue.kinds.values() if catalogue else ()
        for name in dict.fromkeys(section for kind in kinds for section in kind.sections):
            yield Proposal(name, match.start("word"), "word", "a section")


def _words(at: Context, words: Words) -> Iterator[Proposal]:
    for word, said in words:
        yield Proposal(word, at.start, "work" if said.startswith("“") else "word", said)


def _values(desk: Desk, key: str) -> Words:
    """Return what a key of front matter, or an attribute of a heading, may say."""
    around, catalogue = desk.deck.around, desk.deck.catalogue
    match key:
        case "category":
            return [(c.slug, c.name) for c in catalogue.info.categories] if catalogue else ()
        case "kind":
            return _kinds(desk)
        case "difficulty":
            return [(word, "") for word in DIFFICULTIES]
        case "importance":
            return [(word, "") for word in IMPORTANCES]
        case "directions":
            return [("both", ""), ("one", "")]
        case "tags":
            return [(tag, f"on {number} notes") for tag, number in sorted(desk.tags)]
        case "sources" | "unread":
            return _works(desk)
        case "covers":
            items = around.coverage.values() if around else ()
            return [(item.id, item.topic) for item in items]
        case "replaces":
            ledger = desk.deck.ledger
            entries = ledger.notes.values() if ledger else ()
            return [(entry.id, entry.question) for entry in entries if entry.retired]
    return ()


def _values_beside(desk: Desk, name: str, keys: tuple[str, ...], inside: str) -> Words:
    """Return what a key of a file beside the cards may say."""
    around, catalogue = desk.deck.around, desk.deck.catalogue
    if around is None or catalogue is None:
        return ()
    if inside == "core":
        return [(note.note.id, note.note.question) for _, note in desk.deck.notes]
    if inside == "allow":
        return [(rule, RULES[rule].what) for rule in advice_names()]
    if inside == "source":
        return [(key, source.title) for key, source in around.sources.items()]
    if inside == "categories" and len(keys) > 1:
        return _values(desk, "category")
    if inside == "tags":
        return _values(desk, "tags")
    if inside == "kind" and name == "companies":
        kinds = [("asked", ""), ("watched", ""), ("subject", "")]
        rounds = [(each.kind, each.name) for each in catalogue.info.rounds]
        return rounds if "stages" in keys else kinds
    return ()


def _of_companies(desk: Desk, at: Context) -> Iterator[Proposal]:
    """Propose companies, and behind one of them its facts."""
    catalogue = desk.deck.catalogue
    companies: Mapping[str, object] = catalogue.companies if catalogue else {}
    named = [key for key in at.keys[1:] if key in companies]
    if catalogue and named and at.keys[-1] in (named[-1], "fact"):
        for key, fact in catalogue.companies[named[-1]].facts.items():
            yield Proposal(key, at.start, "word", fact.says)
        return
    inline = "[" in at.before or at.before.lstrip().startswith("-")
    for slug, company in catalogue.companies.items() if catalogue else ():
        yield Proposal(slug if inline else f"{slug}: ", at.start, "word", company.name)


def _kinds(desk: Desk) -> Words:
    catalogue = desk.deck.catalogue
    return [(kind, "a kind of note") for kind in catalogue.kinds] if catalogue else ()


def _works(desk: Desk) -> Words:
    setting = desk.deck.setting
    works = setting.vocabulary.works if setting else {}
    return [(key, f"“{work.text}”") for key, work in works.items()]


def _files(desk: Desk, path: str) -> Iterator[str]:
    """Yield the figures, sounds and videos that a card may name, as it names them."""
    beside, shared = Path(path).parent, desk.deck.root / "media"
    seen: set[str] = set()
    for folder in (beside, shared):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = file.relative_to(folder).as_posix()
            if media_type(file.name) and name not in seen and file.is_file():
                seen.add(name)
                yield name
