"""Whether a file is as it was, as git tells: by size, times and inode, without reading it."""

from __future__ import annotations

import os
import time

_TICK = 2_000_000_000
"""Nanoseconds within which two changes may bear the same time: FAT counts in twos of seconds."""


def stamp_of(found: os.stat_result) -> str:
    """Return what differs once a file has changed, unless it changed twice in a moment."""
    place = f"{found.st_dev} {found.st_ino}"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {place}"


def settled_before() -> int:
    """Return the time before which a change has a stamp of its own, if nothing is read later.

    Returns:
        Nanoseconds since 1970. A file with a later time may change again under the same stamp.
    """
    return time.time_ns() - _TICK


def is_settled(found: os.stat_result, before: int) -> bool:
    """Say whether a file last changed before a time that `settled_before` returned."""
    return max(found.st_mtime_ns, found.st_ctime_ns) <= before
