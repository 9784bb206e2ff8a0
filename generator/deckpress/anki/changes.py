"""What changed since the ledger was last written."""

from __future__ import annotations

from dataclasses import dataclass

from deckpress.text.problem import Problem


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what changed since the ledger was last written, in the deck's order.

    `returned` was retired and is back. `advice` says, at the notes that cause it, what learners
    will meet that no package can mend; it is no mistake.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    note_types: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    advice: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        changed = self.added or self.changed or self.retired or self.returned or self.note_types
        return bool(changed)
