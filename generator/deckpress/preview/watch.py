"""Changes of files below a folder as they happen; the only door to watchfiles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from watchfiles import awatch

_QUIET = 12
"""Milliseconds without another change after which one is told: an editor's save is several."""

_LONGEST = 300
"""Milliseconds after which changes are told though more are coming."""


class Stop(Protocol):
    """Says when to stop."""

    def is_set(self) -> bool:
        """Whether to stop now."""


async def watch_folder(root: Path, stop: Stop) -> AsyncIterator[set[Path]]:
    """Yield what changed below a folder.

    Args:
        root: the folder.
        stop: ends the watch, within a moment.

    Yields:
        Paths that were written, made, moved or deleted, each as the folder's own begins.
    """
    real = root.resolve()
    watcher = awatch(
        real,
        watch_filter=None,
        debounce=_LONGEST,
        step=_QUIET,
        stop_event=stop,
        rust_timeout=500,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    async for changes in watcher:
        yield {root / Path(path).relative_to(real) for _, path in changes}
