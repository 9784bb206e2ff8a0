"""The time of a release, and how far a time may lie ahead."""

from __future__ import annotations

import os
import re
import time

from deckpress.text.problem import CallError

DAY = 24 * 3600
EARLIEST = 1_000_000_000
"""The year 2001; a time before it is no time but a mistake."""


def release_time() -> int:
    """Return the time of the release: SOURCE_DATE_EPOCH, or the clock's.

    Raises:
        CallError: SOURCE_DATE_EPOCH is no time in seconds since 1970, or is in the future; or the
            clock was never set.
    """
    given, now = os.environ.get("SOURCE_DATE_EPOCH", ""), int(time.time())
    if not given:
        if now < EARLIEST:
            day = time.strftime("%Y-%m-%d", time.gmtime(now))
            raise CallError(f"the clock of this machine says {day}; set it")
        return now
    if re.fullmatch(r"[0-9]{1,15}", given) and EARLIEST <= int(given) <= now + DAY:
        return int(given)
    raise CallError(
        f"SOURCE_DATE_EPOCH is '{given}' "
        f"(a whole number of seconds since 1970, from {EARLIEST} to now)"
    )


def latest_time() -> int:
    """Return the last second that a release can have been made in, with a day of grace.

    Raises:
        CallError: SOURCE_DATE_EPOCH is no time.
    """
    return max(int(time.time()), release_time()) + DAY
