"""Mistakes and advice in SARIF 2.1.0, as code scanning services read it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from deckpress.text.problem import Problem
from deckpress.text.rules import RULES

_LEVELS = {"mistake": "error", "advice": "note"}


def as_sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return problems as a SARIF log of one run.

    Args:
        problems: mistakes and advice, sorted by place.

    Returns:
        The log; the rules that were broken stand in it once each, with what they are for.
    """
    broken = sorted({problem.rule for problem in problems})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "deckpress",
                        "version": version("deckpress"),
                        "rules": [_rule(name) for name in broken],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, broken) for problem in problems],
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(problem: Problem, broken: Sequence[str]) -> dict[str, Any]:
    where = problem.where
    region = {"startLine": where.line, "startColumn": where.column}
    return {
        "ruleId": problem.rule,
        "ruleIndex": broken.index(problem.rule),
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message + (f" ({problem.hint})" if problem.hint else "")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": where.path.replace(" ", "%20")},
                    "region": region,
                }
            }
        ],
    }
