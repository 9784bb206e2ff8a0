"""The other end of `life.engine`: an engine of some version, as an object."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class EngineProcess:
    """An engine that runs in an environment of its own.

    `version` is Anki's; methods are those of `life.engine.Engine`.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        """Start the engine that the environment of this Python holds.

        Args:
            python: the Python.
            folder: where the engine unpacks what it imports; in memory it is twice as fast.
        """
        # Nothing of the environment that the simulation runs in may reach the engine's.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name("engine.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**kept, "TMPDIR": str(folder)},
        )
        self.version: str = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    @property
    def has_options(self) -> bool:
        """Whether its import of packages can be told to leave notes alone."""
        return not self.version.startswith("2.1.")

    def act(self, actions: Sequence[Sequence[Any]]) -> None:
        """Do what a learner does."""
        self("act", actions)

    def state(self) -> dict[str, Any]:
        """Return all that the learner has."""
        found: dict[str, Any] = self("state")
        return found

    def __call__(self, name: str, *rest: Any) -> Any:
        """Have the engine do something, and return what comes of it."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, *rest]) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if "error" in answer:
            raise RuntimeError(f"{name}, Anki {self.version}:\n{answer['error']}")
        return answer["result"]

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())
