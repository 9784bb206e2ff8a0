"""Cases as Markdown files: a title, what goes in, what comes out; new ones need no Python.

    ## Title of the case
    ~~~~ in
    what goes in
    ~~~~
    ~~~~ out
    what comes out
    ~~~~

`pytest --update` writes what comes out now into the file; git shows the difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
_CASE = re.compile(
    r"^## (?P<title>[^\n]+)\n+~~~~ in\n(?P<given>.*?)^~~~~\n+~~~~ out\n(?P<wanted>.*?)^~~~~\n",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a file."""

    title: str
    given: str
    wanted: str


def read_cases(name: str) -> list[Case]:
    """Return the cases of a file in tests/cases."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [Case(**match.groupdict()) for match in _CASE.finditer(text)]


def update_case(name: str, title: str, wanted: str) -> None:
    """Write what comes out now into a file in tests/cases."""
    path = FOLDER / name

    def renew(match: re.Match[str]) -> str:
        if match["title"] != title:
            return match[0]
        return f"## {match['title']}\n\n~~~~ in\n{match['given']}~~~~\n\n~~~~ out\n{wanted}~~~~\n"

    path.write_text(_CASE.sub(renew, path.read_text(encoding="utf-8")), encoding="utf-8")
