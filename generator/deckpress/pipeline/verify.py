"""Runs the code of the cards: every note's Python fences, in order, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from deckpress.model.collection import Catalogue, Collection, Writing
from deckpress.model.note import Content, Note
from deckpress.pipeline.mutations import Mutant, mutate
from deckpress.pipeline.sandbox import Limits, Outcome, run_code
from deckpress.pipeline.verified import Verified
from deckpress.text.problem import Location, Problem
from deckpress.tree.cloze import strip_markers
from deckpress.tree.node import Node, has_code_holes, is_hidden_test, walk

PYTHON = ("python", "py", "python3")
"""Names of the language whose fences are run."""

_LONGEST_LINE = 100
"""How much is told of a line that asserts something."""

Report = Callable[[int, int], None]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence of Python: the line it opens on, its code, and whether it only tests."""

    line: int
    code: str
    tests: bool


@dataclass(frozen=True, slots=True)
class Snippets:
    """The code of a note, in the order of its lines."""

    note: str
    where: Location
    fences: tuple[Fence, ...]

    @property
    def tests(self) -> int:
        """How many of the fences test."""
        return sum(fence.tests for fence in self.fences)

    @property
    def code(self) -> tuple[tuple[int, str], ...]:
        """The fences as pairs of a line and code."""
        return tuple((fence.line, fence.code) for fence in self.fences)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running a note's code gave: a problem, or the name of a library that is not here.

    `known` says that the same code had passed before, and was not run again.
    """

    snippets: Snippets
    problem: Problem | None = None
    missing: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change to the code of a note that none of its tests noticed."""

    note: str
    where: Location
    change: str


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How many mutants of how many notes were tried, and which survived."""

    notes: int
    mutants: int
    survivors: tuple[Survivor, ...]


def find_snippets(note: Note, content: Content, catalogue: Catalogue) -> Snippets | None:
    """Collect the code of a note; nothing when it has none."""
    blocks = [node for part in content.parts for node in walk(part) if _runs(node)]
    blocks.sort(key=lambda node: node.line)
    fences = tuple(Fence(node.line, _code(node), is_hidden_test(node)) for node in blocks)
    return Snippets(note.id, note.where, fences) if fences else None


SNIPPETS = Writing("snippets", find_snippets, Snippets | None)


def collect_snippets(collection: Collection, only: Iterable[str] = ()) -> tuple[Snippets, ...]:
    """Return the code of all notes that have some, or of those with the ids that are named."""
    wanted = set(only)
    notes = [note for note in collection.notes if not wanted or note.id in wanted]
    return tuple(filter(None, collection.write(SNIPPETS, notes).values()))


def verify(
    snippets: Sequence[Snippets],
    *,
    limits: Limits,
    jobs: int,
    report: Report,
    verified: Verified | None = None,
) -> tuple[Verdict, ...]:
    """Run the code of notes.

    Args:
        snippets: the code.
        limits: what the code of one note may take.
        jobs: how many processes run at once.
        report: called with the number of notes done and of all.
        verified: remembers code that passed, which is not run again, also of a run that is broken
            off; None runs all.

    Returns:
        A verdict for each note, in order; its problem stands at the line that failed.
    """

    broken_off = Event()

    def run(one: Snippets) -> Verdict:
        if verified and verified.knows(one.code):
            return Verdict(one, known=True)
        verdict = _verdict(one, run_code(one.where.path, one.code, limits, broken_off), limits)
        if verified and not (verdict.problem or verdict.missing):
            verified.add(one.code)
        return verdict

    try:
        return tuple(_in_parallel(run, snippets, jobs, report, broken_off))
    finally:
        if verified:
            verified.save()


def measure_mutations(
    snippets: Sequence[Snippets], each: int, *, limits: Limits, jobs: int, report: Report
) -> MutationScore:
    """Change the shown code of notes, and count the changes that their tests notice.

    Args:
        snippets: the code; notes without tests, or whose code fails as it stands, are left out.
        each: how many changes of each note's code are tried.
        limits: what the code of one note may take; a mutant gets ten times the time of the code
            itself at most, and one that takes longer counts as noticed.
        jobs: how many processes run at once.
        report: called with the number of mutants done and of all.

    Returns:
        The count, and every change that went unnoticed at its place.
    """
    tested = [one for one in snippets if one.tests]
    passed = verify(tested, limits=limits, jobs=jobs, report=lambda done, all_: None)
    sound = [one.snippets for one in passed if not (one.problem or one.missing)]
    tries = [(one, at, mutant) for one in sound for at, mutant in _spread(one, each)]

    broken_off = Event()

    def run(tried: tuple[Snippets, int, Mutant]) -> Survivor | None:
        one, at, mutant = tried
        code = list(one.code)
        code[at] = (code[at][0], mutant.code)
        if not run_code(one.where.path, code, limits, broken_off).passed:
            return None
        where = Location(one.where.path, one.fences[at].line + mutant.line)
        return Survivor(one.note, where, mutant.change)

    found = _in_parallel(run, tries, jobs, report, broken_off)
    return MutationScore(len(sound), len(tries), tuple(filter(None, found)))


def _spread(one: Snippets, each: int) -> list[tuple[int, Mutant]]:
    """Draw mutants of the fences that are the answer, each fence by its number of lines.

    What stands before the answer is starter code, which later fences replace.
    """
    shown = [at for at, fence in enumerate(one.fences) if not fence.tests]
    last = [at for at in shown if "..." not in one.fences[at].code] or shown
    pool = [
        (at, mutant)
        for at in last
        for mutant in mutate(one.fences[at].code, 10 * each, f"{one.note} {at}")
    ]
    if len(pool) <= each:
        return pool
    step = len(pool) / each
    return [pool[int(index * step)] for index in range(each)]


def _in_parallel(
    run: Callable[[T], R], items: Sequence[T], jobs: int, report: Report, broken_off: Event
) -> list[R]:
    results: list[R] = []
    pool = ThreadPoolExecutor(jobs)
    try:
        for result in pool.map(run, items):
            results.append(result)
            report(len(results), len(items))
    except BaseException:
        # Whoever breaks it off waits neither for what runs nor for what would have run after it.
        broken_off.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return results


def _runs(node: Node) -> bool:
    return node.kind == "code_block" and node.get("language") in PYTHON


def _code(node: Node) -> str:
    return strip_markers(node.text) if has_code_holes(node) else node.text


def _verdict(one: Snippets, outcome: Outcome, limits: Limits) -> Verdict:
    if outcome.passed:
        return Verdict(one)
    if outcome.missing:
        return Verdict(one, missing=outcome.missing)
    path = one.where.path
    if outcome.ended:
        where, hint = Location(path, one.fences[-1].line), outcome.output
        rule = "slow-code" if outcome.ended == f"over {limits.seconds:g} s" else "failing-code"
        problem = Problem(where, f"'{one.note}': {outcome.ended}", hint, rule=rule)
    else:
        where = Location(path, outcome.line)
        text = outcome.text
        if text == "AssertionError" and (line := _line(one, outcome.line)):
            text = f"{text}: {line}"  # which says no more than that something did not hold
        problem = Problem(where, f"'{one.note}': {text}", rule="failing-code")
    return Verdict(one, problem)


def _line(one: Snippets, number: int) -> str:
    """Return a line of a note's code by its number in the file, cut where it is long."""
    for fence in one.fences:
        lines = fence.code.split("\n")
        if 0 < number - fence.line <= len(lines):
            line = lines[number - fence.line - 1].strip()
            return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
    return ""
