"""Which notes of a collection a deck holds, and what that deck is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from deckpress.companies.deck_parts import PARTS, divide_by_company
from deckpress.decks.where_expression import (
    YES,
    Condition,
    Group,
    Term,
    join,
    read_where,
    spellings,
)
from deckpress.model.collection import Collection, category_name
from deckpress.model.company import company_name, company_slug
from deckpress.model.note import Evidence, Note
from deckpress.model.scales import DIFFICULTIES
from deckpress.text.characters import composed
from deckpress.text.problem import Location, SelectionError
from deckpress.text.suggestions import suggest

if TYPE_CHECKING:
    # A run that nothing has changed for chooses notes without reading a ledger.
    from deckpress.anki.ledger import NoteEntry

ANOTHER_COMPANY = "choose by category and tag what it may ask, or add it to companies.yaml"
"""What to do where the deck knows nothing of a company."""

LONGEST_NAME = 100
"""The longest name of an output, in bytes; endings and variants come on top."""

_Choice = tuple[str, str]
"""A key and the word that is asked for."""

_OPTIONS = ("company", "category", "difficulty", "tag")
"""What options ask for, the plainest first."""

_LONE = ("kind", "id")
_LONE_TERM = re.compile(rf"(?:{'|'.join(_LONE)}):[a-z0-9-]+")
"""What an expression that is named without a number asks for."""

_OTHER_FILE = re.compile(
    r"-(?:standalone|update|cards|companies|push|letter|full|questions|brief|\d+-pages|landscape"
    r"|large)$"
)
"""What sets other files of a deck apart by name."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: a note must match all parts, and matches a part with any value in it."""

    companies: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    where: str = ""

    def __bool__(self) -> bool:
        return bool(
            self.companies or self.categories or self.difficulties or self.tags or self.where
        )


@dataclass(frozen=True, slots=True)
class Selected:
    """The notes chosen, part by part in reading order; the name without its ending, and the title.

    `parts` says of each note of a company's deck to which part it belongs, `companies` which
    companies were asked for, `words` all that was asked for, in an order of its own.
    """

    name: str
    title: str
    notes: tuple[Note, ...]
    parts: Mapping[str, str] = field(default_factory=dict)
    companies: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def note_facts(note: Note, core: Container[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return what a selection may ask of a note, by key; `core` are the ids of the deck's core."""
    return {
        "company": tuple(sorted({fact.company for fact in note.evidence})),
        "category": (note.category,),
        "difficulty": (note.difficulty,) if note.difficulty else (),
        "tag": _with_levels(note.tags),
        "importance": (note.importance or "normal",),
        "core": (YES,) if note.id in core else (),
        "kind": (note.kind,),
        "id": (note.id,),
        "text": (note.question.lower(),),
    }


def _with_levels(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags with those above them: who asks for `a` gets `a::b`, as in Anki."""
    levels = [tag.split("::") for tag in tags]
    found = {"::".join(parts[: end + 1]) for parts in levels for end in range(len(parts))}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Facts:
    """What selections may ask of a collection: read once for any number of decks.

    `notes` are the facts of each note by id; `exist` the words that exist, by key; `titles` what
    people call each word that an option asks for.
    """

    notes: Mapping[str, Mapping[str, tuple[str, ...]]]
    exist: Mapping[str, tuple[str, ...]]
    titles: Mapping[_Choice, str]


def read_facts(collection: Collection) -> Facts:
    """Return what selections may ask of a collection."""
    core = frozenset(collection.info.core)
    notes = {note.id: note_facts(note, core) for note in collection.notes}
    exist = _vocabulary(collection, notes.values())
    return Facts(notes, exist, _titles(collection, exist))


def choose_notes(
    collection: Collection,
    selection: Selection,
    cards: Mapping[str, int] | None = None,
    facts: Facts | None = None,
) -> Selected:
    """Choose notes of a collection.

    Companies choose what was asked there and what their interviews stress; alone, they are filled
    up with the deck's core while they have few cards.

    Args:
        collection: all notes.
        selection: what is wanted; an empty one keeps everything.
        cards: the number of cards of each note; one each when it is not given.
        facts: those of the collection, where they are read already.

    Returns:
        The chosen notes and their name, such as `ml-interviews-netflix`.

    Raises:
        SelectionError: a word that does not exist, or no note has what is asked for.
    """
    if not selection and collection.notes:
        return Selected(_shorten(collection.info.slug), collection.info.title, collection.notes)
    known = facts or read_facts(collection)
    wish = _understand(collection, selection, known.exist)
    parts: Mapping[str, str] = {}
    if wish.companies:
        alone = not wish.where and not any(wish.words.values())
        parts = divide_by_company(collection, wish.companies, cards or {}, fill=alone)
    notes = [
        note for note in collection.notes if wish.holds(known.notes[note.id], note.id in parts)
    ]
    if not notes:
        told = _what_exists(known.exist)
        raise SelectionError("no note matches all of these conditions\n" + told)
    notes.sort(key=lambda note: PARTS.index(parts[note.id]) if parts else 0)
    info = collection.info
    names = [known.titles[choice] for choice in wish.choices]
    if wish.where:
        taken = {_in_anki(title) for title in known.titles.values()}
        quoted = _in_anki(wish.title) in taken
        names.append(info.words.say("quoted", text=wish.title) if quoted else wish.title)
    title = info.title
    if names:
        title += info.words.say("colon") + info.words.join(names)
    name = _shorten(f"{info.slug}-{_file_name(wish, known.exist)}")
    return Selected(name, title, tuple(notes), parts, wish.companies, wish.all_words)


def choose_retired(
    collection: Collection,
    selection: Selection,
    entries: Iterable[NoteEntry],
    facts: Facts | None = None,
) -> frozenset[str]:
    """Choose among notes that were taken out of the deck, by what they were last filed under.

    Args:
        collection: the notes that live.
        selection: what is wanted, words that exist.
        entries: what the ledger knows of the others.
        facts: those of the collection, where they are read already.

    Returns:
        The ids of those that the selection would have taken.
    """
    ghosts = tuple(_ghost(entry) for entry in entries)
    wish = _understand(collection, selection, (facts or read_facts(collection)).exist)
    parts: Mapping[str, str] = {}
    if wish.companies:
        before = replace(collection, notes=ghosts)
        parts = divide_by_company(before, wish.companies, {}, fill=False)
    chosen = (ghost for ghost in ghosts if wish.holds(note_facts(ghost), ghost.id in parts))
    return frozenset(ghost.id for ghost in chosen)


def _ghost(entry: NoteEntry) -> Note:
    """Return what is left of a note: what a selection may ask of it."""
    filed: dict[str, list[str]] = {"category": [""], "difficulty": [""], "topic": [], "company": []}
    for tag in entry.tags:
        key, _, word = tag.partition("::")
        filed.setdefault(key, []).append(word)
    named = [word.partition("::") for word in filed["company"]]
    return Note(
        id=entry.id,
        kind=entry.kind,
        category=filed["category"][-1],
        question=entry.question,
        front_key="",
        where=Location(),
        difficulty=filed["difficulty"][-1],
        tags=tuple(filed["topic"]),
        evidence=tuple(Evidence(company, kind or "asked") for company, _, kind in named),
    )


@dataclass(frozen=True, slots=True)
class _Wish:
    """A selection in words that exist, the same in whatever words it is asked for.

    A note must have one of the `words` of each key that has any, and meet what is `left`: all that
    the options cannot ask for.
    """

    companies: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    left: Condition

    def holds(self, facts: Mapping[str, tuple[str, ...]], in_parts: bool) -> bool:
        asked = ((words, facts[key]) for key, words in self.words.items())
        return (
            self.left.holds(facts)
            and (in_parts or not self.companies)
            and all(_has_any(values, words) for words, values in asked)
        )

    @property
    def title(self) -> str:
        """What is left, for people."""
        return str(self.left)

    @property
    def where(self) -> str:
        """What is left, such that nobody takes it for words that stand beside it."""
        written = str(self.left)
        parts = _parts(self.left)
        beside = bool(self.companies or any(self.words.values()))
        either = isinstance(self.left, Group) and self.left.kind == "any"
        like_words = any(key in ("company", *self.words) for key, _ in map(_choice, parts))
        return f"({written})" if like_words or (either and beside) else written

    @property
    def choices(self) -> tuple[_Choice, ...]:
        """What options ask for, each with its key."""
        parts = {"company": self.companies, **self.words}
        return tuple((key, word) for key, words in parts.items() for word in words)

    @property
    def all_words(self) -> tuple[str, ...]:
        found = tuple(f"{key}:{word}" for key, word in self.choices)
        return (*found, self.where) if self.where else found


def _understand(
    collection: Collection, selection: Selection, exist: Mapping[str, tuple[str, ...]]
) -> _Wish:
    """Bring a selection to its one form: what options can ask for is asked for as by them."""
    companies = _known("company", _resolve(collection, selection.companies), exist)
    options = {
        "category": selection.categories,
        "difficulty": selection.difficulties,
        "tag": selection.tags,
    }
    asked: list[Condition] = []
    for key, words in options.items():
        if known := _known(key, words, exist):
            asked.append(join("any", (Term(key, word) for word in known)))
    if selection.where.strip():
        asked.append(read_where(composed(selection.where), exist))
    parts = _parts(join("all", asked))
    choices = [_choice(part) for part in parts]
    keys = [key for key, _ in choices]
    words_of: dict[str, tuple[str, ...]] = dict.fromkeys(options, ())
    left: list[Condition] = []
    for part, (key, found) in zip(parts, choices, strict=True):
        # Of two conditions on the tags, neither is more of an option than the other.
        if key in options and keys.count(key) == 1:
            words_of[key] = tuple(word for word in exist[key] if word in found)
        else:
            left.append(part)
    return _Wish(companies, words_of, join("all", left))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that must all hold for one to hold."""
    if isinstance(condition, Group) and condition.kind == "all":
        return condition.parts
    return (condition,)


def _choice(condition: Condition) -> tuple[str, frozenset[str]]:
    """Return the key and the values of a condition that asks for one of them, as options do."""
    parts: tuple[Condition, ...] = (condition,)
    if isinstance(condition, Group) and condition.kind == "any":
        parts = condition.parts
    terms = [part for part in parts if isinstance(part, Term) and not part.pattern]
    keys = {term.key for term in terms}
    if len(terms) < len(parts) or len(keys) != 1:
        return "", frozenset()
    return keys.pop(), frozenset(term.value for term in terms)


def _has_any(found: Iterable[str], words: Iterable[str]) -> bool:
    """Say whether one of the words, if there are any, is among those found, as Anki compares."""
    known = {word.casefold() for word in found}
    return not words or any(word.casefold() in known for word in words)


def _name(collection: Collection, key: str, word: str) -> str:
    if key == "company" and word in collection.companies:
        return company_name(collection.companies, word)
    if key == "difficulty":
        return collection.info.words.say(word)
    return category_name(collection.info, word) if key == "category" else word


def _titles(collection: Collection, exist: Mapping[str, tuple[str, ...]]) -> dict[_Choice, str]:
    """Call words so that no two standalone decks have one name in Anki.

    The plainest is called by its name alone, another of that name with its key, or with a number.
    """
    words = collection.info.words
    found: dict[_Choice, str] = {}
    taken: set[str] = set()
    for longer in range(3):
        for choice in ((key, word) for key in _OPTIONS for word in exist[key]):
            if choice in found:
                continue
            title = _name(collection, *choice)
            if longer:
                title += words.say("in-brackets", text=words.say(choice[0]))
            if longer > 1:
                title += f" {_number(choice[1])}"
            if (name := _in_anki(title)) not in taken:
                taken.add(name)
                found[choice] = title
    return found


def _in_anki(title: str) -> str:
    """Return what Anki compares the names of decks by, which hold no sign of a subdeck."""
    return composed(title.replace("::", "/")).casefold()


def _resolve(collection: Collection, words: Iterable[str]) -> tuple[str, ...]:
    lower = [word.lower() for word in words]
    return tuple(company_slug(collection.companies, word) or word for word in lower)


def _vocabulary(
    collection: Collection, facts: Iterable[Mapping[str, tuple[str, ...]]]
) -> dict[str, tuple[str, ...]]:
    keys = ("company", "category", "difficulty", "tag", "importance", "core", "kind", "id")
    found: dict[str, set[str]] = {key: set() for key in keys}
    found["company"] = set(collection.companies)
    for values in facts:
        for key, known in found.items():
            known.update(values[key])
    order = [category.slug for category in collection.info.categories]
    ranks = {word: index for index, word in enumerate([*order, *DIFFICULTIES])}
    return {
        key: tuple(sorted(words, key=lambda word: (ranks.get(word, 0), word)))
        for key, words in found.items()
    }


def _known(key: str, words: Iterable[str], exist: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    spelt = spellings(exist[key])
    found = [spelt.get(word.casefold(), word) for word in map(composed, words)]
    for word in found:
        if word not in exist[key]:
            without = ANOTHER_COMPANY if key == "company" and exist[key] else ""
            hint = suggest(word, exist[key], most=40, without=without)
            raise SelectionError(f"no note has the {key} '{word}'" + (f" ({hint})" if hint else ""))
    # The same words in another order are the same deck.
    return tuple(word for word in exist[key] if word in found)


def _what_exists(exist: Mapping[str, tuple[str, ...]]) -> str:
    lines = {"company": "companies", "category": "categories", "difficulty": "difficulties"}
    lines |= {"tag": "tags"}
    return "\n".join(
        f"  {name}: {', '.join(exist[key][:40])}{', ...' if len(exist[key]) > 40 else ''}"
        for key, name in lines.items()
        if exist[key]
    )


def _shorten(name: str) -> str:
    """Keep a file's name within what every system takes; a number stands for what is cut."""
    data = name.encode()
    if len(data) <= LONGEST_NAME:
        return name
    kept = data[: LONGEST_NAME - 7].decode(errors="ignore").strip("-")
    return f"{kept}-{_number(name)}"


def _file_name(wish: _Wish, exist: Mapping[str, tuple[str, ...]]) -> str:
    """Name a choice as no other is named: by its words, with their keys, or with a number.

    The words alone name the plainest choice that they may stand for.
    """
    choices, expression = wish.choices, wish.where
    if _LONE_TERM.fullmatch(expression):
        key, _, word = expression.partition(":")
        choices, expression = (*choices, (key, word)), ""
    words = "-".join(map(_word, choices))
    keyed = "-".join(map(_keyed_word, choices))
    number = _number(" ".join(wish.all_words))
    found = [_slug(expression)] if expression else []
    if _plainest(words, exist, _word) == choices:
        found = [words, *found]
    elif not _plainest(keyed, exist, _word) and _plainest(keyed, exist, _keyed_word) == choices:
        found = [keyed, *found]
    else:
        found = [words, number, *found]
    name = "-".join(filter(None, found))
    return f"{name}-{number}" if _OTHER_FILE.search(f"-{name}") else name


def _word(choice: _Choice) -> str:
    """Write what is chosen as a part of a file's name."""
    return re.sub(r"[^\w+#.-]+", "-", choice[1])


def _keyed_word(choice: _Choice) -> str:
    return f"{choice[0]}-{_word(choice)}"


def _plainest(
    words: str, exist: Mapping[str, tuple[str, ...]], write: Callable[[_Choice], str]
) -> tuple[_Choice, ...]:
    """Return which choice of those that are written so has the fewest words, then the first keys.

    Case makes no difference, as on many disks. Empty when nothing is written so.
    """
    text = words.casefold() + "-"
    known: dict[int, tuple[int, ...]] = {0: ()}
    """By how much of the text they are, the plainest ways: the numbers of what is chosen."""

    def go_on(numbers: Iterable[int], ways: Mapping[int, tuple[int, ...]]) -> None:
        for number in numbers:
            piece = write(every[number]).casefold() + "-"
            ends = [
                (at + len(piece), way) for at, way in ways.items() if text.startswith(piece, at)
            ]
            for end, way in ends:
                longer = (*way, number)
                known[end] = min(known.get(end, longer), longer, key=lambda way: (len(way), way))

    every = [(key, word) for key in _OPTIONS for word in exist[key]]
    go_on(range(len(every)), known)
    if len(text) not in known:
        # An expression is of one of these at most, and stands last.
        before = len(every)
        every += [(key, word) for key in _LONE for word in exist[key]]
        go_on(range(before, len(every)), dict(known))
    return tuple(every[number] for number in known.get(len(text), ()))


def _number(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:6]


def _slug(expression: str) -> str:
    """Name an expression: by a few of its words, and a number."""
    words = re.sub(r"[^a-z0-9]+", "-", expression.lower()).strip("-")
    return f"{words[:40].strip('-')}-{_number(expression)}"
