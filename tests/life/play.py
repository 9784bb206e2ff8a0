"""A learner's year with the deck: living, taking a release, and holding it against what is promised."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import deckpress.pipeline.push as pushing
from deckpress import Selection, load
from deckpress.pipeline.anki_connect import AnkiConnect
from deckpress.pipeline.build import report_nothing
from life.engine_process import EngineProcess
from life.learner import DAY, Learner, Taking
from life.promise import Case, Outcome, hold
from life.release import COMPANY, History, ReleaseFiles

load_once = cache(load)
"""A release is the same for every learner, so its cards are read once."""


def read_release(release: ReleaseFiles) -> None:
    """Read the cards of a release as a push does, for all pushes that follow."""
    load_once(release.cards, locked=False, report=report_nothing)


def play(engine: EngineProcess, learner: Learner, history: History, folder: Path) -> Outcome:
    """Let a learner live through all releases.

    Args:
        engine: the engine that they have.
        learner: who they are.
        history: all releases.
        folder: a folder for the collection; it is emptied first.

    Returns:
        What was kept, lost and brought, with the seed at each fault.
    """
    shutil.rmtree(folder, ignore_errors=True)
    engine("open", str(folder))
    try:
        return _Life(engine, learner, history, folder).live()
    finally:
        engine("close")


class _Life:
    def __init__(
        self,
        engine: EngineProcess,
        learner: Learner,
        history: History,
        folder: Path,
    ) -> None:
        self.engine, self.learner, self.history = engine, learner, history
        self.folder = folder
        self.random = Random(learner.seed)
        self.outcome = Outcome()
        self.named: tuple[str, ...] = ()

    def live(self) -> Outcome:
        state, last = self.engine.state(), 0
        for taking in self.learner.plan:
            release = self.history.releases[taking.release - 1]
            state = self._live_until(taking, release, state, last)
            first = not any(note["guid"] in self.history.ids for note in state["notes"])
            again = self.random.random() < 0.2
            after = self._take(taking, release, state, first=first, again=again)
            case = Case(
                self.learner.way,
                self.engine.has_options,
                first=first,
                older=taking.older,
                company=taking.company,
                named=self.named,
            )
            self._count(hold(state, after, release, self.history, case))
            state, last = after, taking.time
        return self.outcome

    def _live_until(self, taking: Taking, release: ReleaseFiles, state: Any, last: int) -> Any:
        """Live before the release is made, or between that and the day it is taken."""
        early, late = release.time - 5 * DAY, taking.time - DAY // 4
        now = early if early > last and self.random.random() < 0.6 else late
        if now <= last:
            return state
        actions = self.learner.live(state, self.history, now)
        self.engine.act(actions)
        self.engine("settle", now)
        return self.engine.state()

    def _take(
        self, taking: Taking, release: ReleaseFiles, state: Any, *, first: bool, again: bool
    ) -> Any:
        part = release.part(taking.company)
        self.named = ()
        if self.learner.way == "push":
            self._push(taking, release, state, again=again)
        else:
            self._import(part.package, part.texts, first=first)
        self.engine("settle", taking.time)
        after = self.engine.state()
        if again and self.learner.way != "push":
            self._import(part.package, part.texts, first=first)
            self.engine("settle", taking.time)
            self._same(after, self.engine.state(), "taking it again changes something")
        return after

    def _import(self, package: Path, texts: Path, *, first: bool) -> None:
        if first or self.learner.way == "package":
            self.engine("load_package", str(package), False)
        else:
            if self.engine.has_options:
                self.engine("load_package", str(package), True)
            self.engine("load_text", str(texts))

    def _push(self, taking: Taking, release: ReleaseFiles, state: Any, *, again: bool) -> None:
        anki = AnkiConnect(self.engine("serve"))
        selection = Selection(companies=(COMPANY,)) if taking.company else Selection()
        out = self.folder / "out"

        def prepare() -> pushing.Push:
            return pushing.prepare_push(anki, release.cards, out, selection=selection)

        with patch.object(pushing, "load", load_once):
            plan = prepare()
            self.named = plan.plan.edited
            if again:
                self._same(state, self.engine.state(), "a dry run changes something")
            pushing.carry_out(anki, plan)
            left = prepare()
        if left:
            self._fault(f"release {release.number}: a second push finds something to do")

    def _same(self, before: Any, after: Any, what: str) -> None:
        if before != after:
            differences = [name for name in before if before[name] != after[name]]
            if differences == ["types"] and "adds a field" in self.learner.habits:
                return  # some engines make one more second note type at each import
            self._fault(f"{what}: {', '.join(differences)}")

    def _fault(self, what: str) -> None:
        self._count(Outcome(faults=[what]))

    def _count(self, outcome: Outcome) -> None:
        who = f"Anki {self.engine.version}, {self.learner.way}, seed {self.learner.seed}"
        outcome.lost = [f"{who}: {what}" for what in outcome.lost]
        outcome.faults = [f"{who}: {what}" for what in outcome.faults]
        self.outcome.add(outcome)
