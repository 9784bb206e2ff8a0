"""Card files read by other processes, in chunks, or by this one if there are only a few."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from deckpress.model.collection import Writing
from deckpress.reading.card_work import CardSource, CardWork, Setting, work_on_card
from deckpress.text.processes import usable_cores

if TYPE_CHECKING:  # most runs need no workers
    from concurrent.futures import Future, ProcessPoolExecutor

Order = tuple[CardSource, tuple[Writing[Any], ...]]
"""A card file, and the ways in which its notes are to be written."""

FEW = 150
"""Up to how many files starting workers takes longer than doing their work here."""
_CHUNK = 40
"""Files a chunk: some 50 ms of work, beside which handing it over is nothing."""


def usual_jobs(files: int) -> int:
    """Return the default number of processes for so many files."""
    if files <= FEW:
        return 1
    return usable_cores()


def work_on_cards(
    orders: Iterable[Order],
    most: int,
    setting: Setting,
    jobs: int,
    report: Callable[[int], None],
) -> Iterator[CardWork]:
    """Work on card files.

    Args:
        orders: the files with what is wanted of each; work begins while others are still to come.
        most: how many they can be.
        setting: what else they depend on.
        jobs: how many processes; 0 chooses by the number of files and of processors.
        report: called with the number of files done.

    Yields:
        What was made of each, in order. It does not depend on the number of processes, nor on
        whether one of them is killed: its work is done here, then.
    """
    coming = iter(orders)
    done = 0
    workers = min(jobs or usual_jobs(most), most)
    if workers > 1:
        few = 1 if jobs else FEW
        first = list(islice(coming, few + 1))
        coming = chain(first, coming)
        if len(first) > few:
            from concurrent.futures.process import BrokenProcessPool

            chunks: deque[list[Order]] = deque()
            size = max(1, min(_CHUNK, most // (workers * 2)))
            with _pool(workers, setting) as pool:
                try:
                    futures: deque[Future[list[CardWork]]] = deque()
                    while chunk := list(islice(coming, size)):
                        chunks.append(chunk)
                        futures.append(pool.submit(_work_on_chunk, chunk))
                    while futures:
                        works = futures.popleft().result()
                        chunks.popleft()
                        for work in works:
                            done += 1
                            yield work
                        report(done)
                except BrokenProcessPool:
                    pass
            coming = chain(*chunks, coming)
    for source, writings in coming:
        yield work_on_card(source, setting, writings)
        done += 1
        report(done)


_SETTING: list[Setting] = []
"""In a worker: the one setting that it works under."""


def _begin(setting: Setting) -> None:
    # Whoever presses Ctrl-C means the program, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_program, daemon=True).start()
    gc.disable()
    _SETTING[:] = [setting]


def _end_with_program() -> None:
    """Wait until the program ends, however it does: a worker would wait for work for ever."""
    from multiprocessing import parent_process

    program = parent_process()
    if program:
        program.join()
        os._exit(1)


def _work_on_chunk(chunk: Sequence[Order]) -> list[CardWork]:
    # Nothing here makes cycles to speak of, but tokens and trees make the collector run for ever.
    works = [work_on_card(source, _SETTING[0], writings) for source, writings in chunk]
    gc.collect(0)
    return works


@contextmanager
def _pool(jobs: int, setting: Setting) -> Iterator[ProcessPoolExecutor]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A fork has all that was imported; where forks are not safe, workers begin from nothing.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(jobs, context, _begin, (setting,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
