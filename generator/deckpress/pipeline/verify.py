"""Runs the code of the cards: every note's Python fences, in order, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from deckpress.model.collection import Catalogue, Collection, Writing
from deckpress.model.note import Content, Note
from deckpress.text.problem import Location, Problem
from deckpress.tree.cloze import strip_markers
from deckpress.tree.node import Node, has_code_holes, is_hidden_test, walk

PYTHON = ("python", "py", "python3")
"""Names of the language whose fences are run."""

_RUNNER = """
import json, sys, traceback
job = json.load(sys.stdin)
space = {"__name__": "card"}
try:
    for line, code in job["fences"]:
        # Empty lines in front give the code the line numbers it has in the card's file.
        exec(compile("\\n" * line + code, job["path"], "exec"), space)
except BaseException as error:
    frames = traceback.extract_tb(error.__traceback__)
    places = [frame.lineno for frame in frames if frame.filename == job["path"]]
    line = places[-1] if places else getattr(error, "lineno", None) or job["fences"][0][0] + 1
    missing = error.name.partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    text = traceback.format_exception_only(error)[-1].strip()
    json.dump({"line": line, "text": text, "missing": missing}, sys.__stdout__)
"""


@dataclass(frozen=True, slots=True)
class Snippets:
    """The code of a note: its fences as (line of the fence, code), and how many of them test."""

    note: str
    where: Location
    fences: tuple[tuple[int, str], ...]
    tests: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running a note's code gave: a problem, or the name of a library that is not here."""

    snippets: Snippets
    problem: Problem | None = None
    missing: str = ""


def find_snippets(note: Note, content: Content, catalogue: Catalogue) -> Snippets | None:
    """Collect the code of a note; nothing when it has none."""
    blocks = [node for part in content.parts for node in walk(part) if _runs(node)]
    blocks.sort(key=lambda node: node.line)
    if not blocks:
        return None
    fences = tuple((node.line, _code(node)) for node in blocks)
    return Snippets(note.id, note.where, fences, sum(is_hidden_test(node) for node in blocks))


SNIPPETS = Writing("snippets", find_snippets, Snippets | None)


def collect_snippets(collection: Collection) -> tuple[Snippets, ...]:
    """Return the code of all notes that have some."""
    return tuple(filter(None, collection.write(SNIPPETS, collection.notes).values()))


def verify(
    snippets: Sequence[Snippets],
    *,
    seconds: float,
    jobs: int,
    report: Callable[[int, int], None],
) -> tuple[Verdict, ...]:
    """Run the code of notes.

    Args:
        snippets: the code.
        seconds: how long the code of one note may take, of wall time.
        jobs: how many processes run at once.
        report: called with the number of notes done and of all.

    Returns:
        A verdict for each note, in order; its problem stands at the line that failed.
    """
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(jobs) as pool:
        for verdict in pool.map(lambda one: _run(one, seconds), snippets):
            verdicts.append(verdict)
            report(len(verdicts), len(snippets))
    return tuple(verdicts)


def _runs(node: Node) -> bool:
    return node.kind == "code_block" and node.get("language") in PYTHON


def _code(node: Node) -> str:
    return strip_markers(node.text) if has_code_holes(node) else node.text


def _run(snippets: Snippets, seconds: float) -> Verdict:
    job = json.dumps({"path": snippets.where.path, "fences": snippets.fences})
    # One thread a process: the processes already keep the cores busy.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", _RUNNER],
                input=job,
                capture_output=True,
                text=True,
                cwd=folder,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            where = Location(snippets.where.path, snippets.fences[-1][0], 1)
            return Verdict(snippets, Problem(where, f"'{snippets.note}': over {seconds:g} s"))
    return _judge(snippets, done)


def _judge(snippets: Snippets, done: subprocess.CompletedProcess[str]) -> Verdict:
    if done.returncode:
        where = Location(snippets.where.path, snippets.fences[0][0], 1)
        text = f"'{snippets.note}': the process ended with {done.returncode}"
        return Verdict(snippets, Problem(where, text, done.stderr.strip()[-200:]))
    # Whatever the code printed itself stands before the verdict.
    start = done.stdout.rfind('{"line"')
    if start < 0:
        return Verdict(snippets)
    fault = json.loads(done.stdout[start:])
    if fault["missing"]:
        return Verdict(snippets, missing=fault["missing"])
    where = Location(snippets.where.path, fault["line"], 1)
    return Verdict(snippets, Problem(where, f"'{snippets.note}': {fault['text']}"))
