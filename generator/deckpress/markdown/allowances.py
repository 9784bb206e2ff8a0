"""Comments that allow what a rule advises against: `<!-- allow: rule, rule -->`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckpress.text.problem import Location, Problem
from deckpress.text.rules import RULES, advice_names
from deckpress.text.suggestions import misnamed

COMMENT = re.compile(r"<!--\s*allow:\s*(?P<rules>[^<>]*?)\s*-->")


@dataclass(frozen=True, slots=True)
class Allowances:
    """What the comments of a file allow: names of rules by line, from 1, and what is wrong."""

    lines: Mapping[int, frozenset[str]]
    problems: tuple[Problem, ...] = ()

    def allow(self, problem: Problem) -> bool:
        """Say whether a piece of advice is not wanted where it stands."""
        return problem.severity == "advice" and problem.rule in self.lines.get(
            problem.where.line, ()
        )


def find_allowances(lines: Sequence[str], code: Collection[int], path: str) -> Allowances:
    """Find the comments that allow something.

    One at the end of a line is for that line; one that is all of its line is for the next.

    Args:
        lines: the lines of a file.
        code: the numbers of those that are code, where a comment is none; from 1.
        path: the file, for the places.

    Returns:
        What is allowed, and names that are no advice.
    """
    found: dict[int, frozenset[str]] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if "<!--" not in line or number in code:
            continue
        for match in COMMENT.finditer(line):
            if line.count("`", 0, match.start()) % 2:
                continue
            names = [name for name in re.split(r"[\s,]+", match["rules"]) if name]
            where = Location(path, number, match.start("rules") + 1)
            problems += judge_names(names, where)
            target = number + (line.strip() == match[0])
            found[target] = found.get(target, frozenset()) | set(names)
    return Allowances(found, tuple(problems))


def judge_names(names: Sequence[str], where: Location) -> Iterator[Problem]:
    """Say which names are not those of rules that can be allowed."""
    for name in names:
        if name not in RULES:
            message = f"no rule is called '{name}'"
            yield misnamed(where, message, name, advice_names(), most=6, rule="unknown-rule")
        elif RULES[name].severity != "advice":
            hint = "only advice can be allowed; `deckpress check --explain` says why it fails"
            yield Problem(where, f"'{name}' is a mistake", hint, rule="unknown-rule")
