"""A learner: which releases they take, in which order, and what they do in between.

All of it follows from a seed, so that whatever is found can be played again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from deckpress.model.templates import STYLE_MARKER
from life.release import FIRST, MONTH, RELEASES, History

DAY = 24 * 3600
WAYS = ("package", "package + .csv", "push")
HABITS = {
    "writes notes": 0.7,
    "tags": 0.7,
    "edits": 0.4,
    "moves cards": 0.4,
    "renames decks": 0.2,
    "styles": 0.25,
    "replaces the style": 0.05,
    "adds a field": 0.1,
    "flags": 0.5,
    "suspends": 0.5,
    "buries": 0.3,
    "gathers": 0.3,
    "sets options": 0.2,
    "adds notes": 0.4,
    "copies notes": 0.15,
    "suspends what was taken out": 0.5,
    "deletes what was taken out": 0.3,
    "removes empty cards": 0.3,
}
"""What some learners do, and how many of them."""
Action = list[Any]


@dataclass(frozen=True, slots=True)
class Taking:
    """A release that is taken at a moment; `company` says that it is a company's part of it."""

    release: int
    time: int
    company: bool = False
    older: bool = False


class Learner:
    """Somebody who has the deck for a year.

    `habits` are what they do, each time with the chance `zeal`; `way` is how releases reach them.
    """

    def __init__(self, seed: int, way: str) -> None:
        """Choose the habits and the plan that the seed stands for."""
        self.seed, self.way, self.zeal = seed, way, 0.5
        self._random = Random(seed)
        self.habits = {name for name, share in HABITS.items() if self._random.random() < share}
        self.plan = self._plan()

    def _plan(self) -> list[Taking]:
        """Plan which releases are taken when: some are skipped, some come late or too early."""
        chance = self._random.random
        start = 1 if chance() < 0.6 else self._random.randint(2, 6)
        company_until = start + self._random.randint(1, 3) if chance() < 0.3 else 0
        skips = self._random.choice((0.0, 0.3, 0.6))
        plan: list[Taking] = []
        passed: list[int] = []
        for number in range(start, RELEASES + 1):
            time = FIRST + (number - 1) * MONTH + self._random.randint(3, 20) * DAY
            if start < number < RELEASES and chance() < skips:
                passed.append(number)
                continue
            company = number < company_until
            # Who passed some over takes them one after the other, or the newest only.
            late = passed if passed and chance() < 0.4 else []
            plan += [Taking(n, time + i, company) for i, n in enumerate([*late, number])]
            passed.clear()
            if plan[0].release < number and chance() < 0.15:
                old = self._random.randint(plan[0].release, number - 1)
                plan.append(Taking(old, time + DAY, chance() < 0.5, older=True))
            elif chance() < 0.15:
                plan.append(Taking(number, time + DAY, company=not company and chance() < 0.7))
        return plan

    def live(self, state: Mapping[str, Any], history: History, now: int) -> list[Action]:
        """Decide what to do with a deck: study, and what the habits are.

        Args:
            state: all that the learner has.
            history: all releases, by which notes of the deck are told from others.
            now: when it happens.

        Returns:
            Actions for the engine.
        """
        chance, sample = self._random.random, self._sample
        ours = [note for note in state["notes"] if note["guid"] in history.ids]
        numbers = {note["id"] for note in ours}
        ours_types = {note["type"] for note in ours} & set(history.releases[0].types)
        cards = [card for card in state["cards"] if card["note"] in numbers and not card["home"]]
        free = [card["id"] for card in cards if card["schedule"][1] >= 0]
        actions: list[Action] = [["answer", sample(free, 5), self._random.choice((1, 3, 3, 4))]]
        does = {habit for habit in sorted(self.habits) if chance() < self.zeal}
        if "flags" in does:
            actions.append(
                ["flag", sample([c["id"] for c in cards], 2), self._random.randint(1, 4)]
            )
        if "writes notes" in does:
            for note in sample(ours, 3):
                if note["type"] in ours_types:
                    own = self._own_field(history, note)
                    actions.append(["write", note["id"], own, f"mine {now} of {note['guid']}"])
        if "tags" in does:
            actions.append(
                [
                    "tag",
                    sample([n["id"] for n in ours], 3),
                    self._random.choice(("own::tag marked", "leech", "own::other")),
                ]
            )
        if "edits" in does:
            for note in sample(ours, 1):
                place = self._random.choice((0, 2, 3))
                actions.append(
                    ["write", note["id"], place, f"{note['fields'][place]} (mine, {now})"]
                )
        if "adds notes" in does:
            actions.append(
                ["add_note", 0, self._random.choice(("Mine", "Long Life")), [f"mine {now}", "own"]]
            )
            if ours_types and chance() < 0.5:
                number = min(ours_types)
                actions.append(
                    [
                        "add_note",
                        number,
                        "Long Life::01 One",
                        [f"on your type {now}", "own", "own {{c1::hole}}"],
                    ]
                )
        if "copies notes" in does and ours:
            note = self._random.choice(ours)
            actions.append(["add_note", note["type"], "Mine", note["fields"]])
        if "moves cards" in does:
            actions.append(["move", sample([c["id"] for c in cards], 3), "Mine::moved"])
        if "renames decks" in does:
            names = sorted(
                name for name in state["decks"] if name in history.decks and "::" in name
            )
            if names:
                name = self._random.choice(names)
                actions.append(["rename_deck", name, f"Renamed {name.rpartition('::')[2]} {now}"])
        if (
            "sets options" in does
            and "Long Life::02 Two" in state["decks"]
            and "renames decks" not in does
        ):
            actions.append(["options", "Long Life::02 Two", f"Mine {now}"])
        for found in state["types"]:
            if found["id"] not in history.releases[0].types:
                continue
            if "replaces the style" in does:
                actions.append(["style", found["id"], ".card { color: mine; }"])
            elif "styles" in does and STYLE_MARKER in found["css"]:
                actions.append(
                    [
                        "style",
                        found["id"],
                        f"{found['css'].rstrip()}\n.mine-{now} {{ color: teal; }}\n",
                    ]
                )
            if "adds a field" in does and len(found["fields"]) == len(
                history.releases[0].types[found["id"]].fields
            ):
                actions.append(["add_field", found["id"], "Own field"])
        gone = [n for n in ours if self._retired(history, n)]
        if "suspends what was taken out" in does:
            which = {n["id"] for n in gone}
            actions.append(
                ["suspend", [c["id"] for c in cards if c["note"] in which and c["id"] in free]]
            )
        elif "deletes what was taken out" in does and gone:
            actions.append(["delete", [n["id"] for n in gone]])
            return actions[:1] + actions[-1:]
        if "suspends" in does:
            actions.append(["suspend", sample(free, 2)])
        if "buries" in does:
            held = {number for name, *rest in actions if name == "suspend" for number in rest[0]}
            actions.append(["bury", sample([c for c in free if c not in held], 2)])
        if "gathers" in does:
            held = {n for name, *rest in actions if name in ("suspend", "bury") for n in rest[0]}
            some = sample([c for c in free if c not in held], 3)
            if some and "Gathered" not in state["decks"]:
                actions.append(["gather", " or ".join(f"cid:{c}" for c in some)])
        if "removes empty cards" in does:
            actions.append(["remove_empty_cards"])
        return [action for action in actions if action[1:2] != [[]]]

    def _sample(self, some: list[Any], most: int) -> list[Any]:
        return self._random.sample(some, min(most, len(some)))

    def _own_field(self, history: History, note: Mapping[str, Any]) -> int:
        """Choose "My notes", or a field that the learner added behind it."""
        width = history.releases[0].types[note["type"]].width
        return self._random.randrange(width, len(note["fields"]))

    def _retired(self, history: History, note: Mapping[str, Any]) -> bool:
        found = history.releases[0].types.get(note["type"])
        return bool(found and note["fields"][found.fields.index("Retired")])
