"""Changes of files below a folder as they happen; the only door to watchfiles."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from watchfiles import awatch

_QUIET = 12
"""Milliseconds without another change after which one is told: an editor's save is several."""

_LONGEST = 300
"""Milliseconds after which changes are told though more are coming."""

_TURN = 500
"""Milliseconds until it is looked whether the folder is still the same, and whether to stop."""


class Stop(Protocol):
    """Says when to stop."""

    def is_set(self) -> bool:
        """Whether to stop now."""


async def watch_folder(root: Path, stop: Stop) -> AsyncIterator[set[Path]]:
    """Yield what changed below a folder; one that comes in its place is watched from then on.

    Args:
        root: the folder.
        stop: ends the watch, within a moment.

    Yields:
        Paths that were written, made, moved or deleted, each as the folder's own begins.
    """
    while not stop.is_set():
        watched = _identity(root)
        if watched:
            async for paths in _watch(root, stop):
                if paths:
                    yield paths
                if _identity(root) != watched:
                    break
        else:
            await asyncio.sleep(_TURN / 1000)
        if not stop.is_set() and _identity(root) not in (watched, None):
            yield {root, *root.rglob("*")}


async def _watch(root: Path, stop: Stop) -> AsyncIterator[set[Path]]:
    """Yield what changed, and an empty set now and then."""
    real = root.resolve()
    watcher = awatch(
        real,
        watch_filter=None,
        debounce=_LONGEST,
        step=_QUIET,
        stop_event=stop,
        rust_timeout=_TURN,
        yield_on_timeout=True,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    # The folder may be deleted before it is watched.
    with contextlib.suppress(FileNotFoundError):
        async for changes in watcher:
            yield {root / Path(path).relative_to(real) for _, path in changes}


def _identity(root: Path) -> tuple[int, int] | None:
    """Say which folder has this name, whatever it is reached by; None if there is none."""
    try:
        found = root.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
