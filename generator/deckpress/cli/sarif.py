"""Mistakes and advice in SARIF 2.1.0, as code scanning services read it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deckpress import __version__
from deckpress.text.fixes import place_fix
from deckpress.text.problem import Fix, Problem
from deckpress.text.rules import RULES, how_to_allow

_TOP = "%SRCROOT%"
_LEVELS = {"mistake": "error", "advice": "note"}


def as_sarif(
    problems: Sequence[Problem], lines: Mapping[str, Sequence[str]], *, strict: Sequence[Problem]
) -> dict[str, Any]:
    """Return problems as a SARIF log of one run.

    Args:
        problems: mistakes and advice, sorted by place.
        lines: the lines of the files that they are in, as far as these can be read.
        strict: advice that is taken for mistakes.

    Returns:
        The log; the rules that were broken stand in it once each, with what they are for.
    """
    broken = sorted({problem.rule for problem in problems})
    failing = set(strict)
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "deckpress",
                        "version": __version__,
                        "rules": [_rule(name) for name in broken],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_TOP: {"description": {"text": "the top of the checkout"}}},
                "results": [
                    _result(
                        problem,
                        broken.index(problem.rule),
                        lines.get(problem.where.path, ()),
                        "error" if problem in failing else _LEVELS[problem.severity],
                    )
                    for problem in problems
                ],
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": rule.why},
        "help": {"text": " ".join(filter(None, (rule.what, rule.why, how_to_allow(name))))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(problem: Problem, index: int, lines: Sequence[str], level: str) -> dict[str, Any]:
    where = problem.where
    region: dict[str, Any] = {"startLine": where.line, "startColumn": where.column}
    if 0 < where.line <= len(lines):
        region["snippet"] = {"text": lines[where.line - 1]}
    result = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": problem.message + (f" ({problem.hint})" if problem.hint else "")},
        "locations": [
            {"physicalLocation": {"artifactLocation": _address(where.path), "region": region}}
        ],
    }
    fixes = [made for fix in problem.fixes if (made := _fix(problem, fix, lines))]
    return {**result, "fixes": fixes} if fixes else result


def path_in_checkout(path: str) -> str:
    """Return the path of a file from the top of the checkout, as services place what is found.

    Args:
        path: from the folder that the command runs in, or absolute.

    Returns:
        In a workflow of GitHub the path in the repository; elsewhere that from the working
        folder; an absolute one of what lies outside.
    """
    at = Path(path).resolve()
    top = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    top = top if at.is_relative_to(top) else Path.cwd().resolve()
    return (at.relative_to(top) if at.is_relative_to(top) else at).as_posix()


def _address(path: str) -> dict[str, str]:
    shown = path_in_checkout(path)
    if Path(shown).is_absolute():
        return {"uri": Path(shown).as_uri()}
    # A name may be no UTF-8.
    return {"uri": quote(shown, errors="surrogateescape"), "uriBaseId": _TOP}


def _fix(problem: Problem, fix: Fix, lines: Sequence[str]) -> dict[str, Any]:
    placed = place_fix(lines, problem.where, fix)
    changes = [
        {
            "deletedRegion": {
                "startLine": each.line,
                "startColumn": each.start + 1,
                "endColumn": each.end + 1,
            },
            "insertedContent": {"text": each.new},
        }
        for each in placed
    ]
    change = {"artifactLocation": _address(problem.where.path), "replacements": changes}
    return {"description": {"text": fix.title}, "artifactChanges": [change]} if placed else {}
