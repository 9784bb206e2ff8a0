"""What a learner meets first, and positions for it that stay when notes come between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from deckpress.model.collection import DeckInfo
from deckpress.model.note import Note
from deckpress.model.scales import rank_early

GAP = 100
"""The distance between neighbours' positions, so that later cards find room between them."""


def study_order(notes: Sequence[Note], info: DeckInfo) -> list[str]:
    """Say in which order a learner meets notes for the first time.

    Args:
        notes: the notes in reading order: by category, file and place in the file.
        info: the deck.

    Returns:
        Their ids.
    """
    return [note.id for note in sorted(notes, key=study_rank(info))]


def study_rank(info: DeckInfo) -> Callable[[Note], tuple[int, ...]]:
    """Return what notes are sorted by, in Anki as on pages; equals stay as they are written.

    Args:
        info: the deck; unless it wants the cards as they are written, each category begins with
            the notes of its core, then come important ones, and then easy ones.

    Returns:
        A function of a note.
    """
    categories = {category.slug: at for at, category in enumerate(info.categories)}
    core = {name: at for at, name in enumerate(info.core)}

    if info.new_cards == "as-written":
        return lambda note: (categories[note.category],)

    def rank(note: Note) -> tuple[int, ...]:
        early = rank_early(note.importance, note.difficulty)
        return categories[note.category], core.get(note.id, len(core)), *early

    return rank


def arrange(ids: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    """Give every note a position for its new cards.

    Positions that already stand in the right order are kept (as many as can be: a longest
    increasing subsequence); the others find room between their neighbours. Only when there is no
    room is everything numbered anew, which no one notices: Anki reads positions at first import.

    Args:
        ids: the notes in the deck's order.
        known: positions from the ledger.

    Returns:
        The position of each note, increasing, from 1.
    """
    order = list(ids)
    kept = longest_increasing([(name, known[name]) for name in order if name in known])
    placed: dict[str, int] = {}
    last, waiting = 0, list[str]()
    for name in order:
        if name not in kept:
            waiting.append(name)
            continue
        room = known[name] - last - 1
        if room < len(waiting):
            return {name: (index + 1) * GAP for index, name in enumerate(order)}
        for index, other in enumerate(waiting, 1):
            placed[other] = last + index * (room + 1) // (len(waiting) + 1)
        placed[name] = last = known[name]
        waiting.clear()
    for index, other in enumerate(waiting, 1):
        placed[other] = last + index * GAP
    return placed


def longest_increasing(pairs: Sequence[tuple[str, int]]) -> set[str]:
    """Find as many as can be of names in a row whose numbers increase.

    Args:
        pairs: each name with its number.

    Returns:
        The names that keep their places; the others came from elsewhere.
    """
    if all(one[1] < next_[1] for one, next_ in pairwise(pairs)):
        return {name for name, _ in pairs}
    best: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            if pairs[best[middle]][1] < value:
                low = middle + 1
            else:
                high = middle
        before.append(best[low - 1] if low else -1)
        best[low : low + 1] = [index]
    kept: set[str] = set()
    at = best[-1] if best else -1
    while at >= 0:
        kept.add(pairs[at][0])
        at = before[at]
    return kept
