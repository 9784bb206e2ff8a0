"""Times the language server on a made-up deck: from a keystroke to the mistakes it brings.

Run it: `python benchmarks/editor.py --notes 10000`. A scripted client (that of the tests) opens
files of the folder, types into them letter by letter, half of the time words that are mistakes, and
waits after each letter for the problems of that very text. So the times hold everything: both ways
of the protocol, the reading of the file, ids, questions and tags held against the whole deck. "CPU"
is what the server used a keystroke, user and system, which other programs disturb least.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from corpus import write_card, write_corpus

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from lsp_client import LspClient  # the client lies among the tests

TYPED = ("gradient ", "$\\nope$ ", "**bold** ", "==marked", "[@nobody] ", "`code` ")
_TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Make the folder, open it cold and warm, and time typing, completion and hovering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--keys", type=int, default=400, help="how many letters are typed in all")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        os.environ["DECKPRESS_CACHE"] = str(folder / "cache")
        write_corpus(folder / "cards", options.notes)
        paths = sorted((folder / "cards").rglob("*.md"))
        large = {count: _join(paths[0].parent, count) for count in (20, 100)}
        for what in ("cold", "warm"):
            start = time.perf_counter()
            client = LspClient(folder)
            client.open(paths[0].relative_to(folder).as_posix())
            took = time.perf_counter() - start
            print(f"{what} start: {took:.1f} s, CPU {_cpu(client):.1f} s", flush=True)
            if what == "cold":
                client.close()
        random = Random(1)
        files = [path.relative_to(folder).as_posix() for path in random.sample(paths, 20)]
        _type(
            client, files, options.keys, random, f"a letter, a note a file, {options.notes:,} notes"
        )
        for count, path in large.items():
            _type(
                client,
                [path.relative_to(folder).as_posix()],
                options.keys // 8,
                random,
                f"a letter, {count} notes in the file",
            )
        _ask(client, files, options.keys // 8, "completion")
        _ask(client, files, options.keys // 8, "hover")
        start, cpu = time.perf_counter(), _cpu(client)
        client.save(files[0])
        took = time.perf_counter() - start
        print(f"saving, the whole deck checked: {took:.1f} s, CPU {_cpu(client) - cpu:.1f} s")
        client.close()


def _join(folder: Path, count: int) -> Path:
    """Write a file of several notes beside the others."""
    notes = []
    for number in range(count):
        body = write_card(900_000 + count * 1000 + number).split("---\n", 2)[2].strip("\n")
        head, _, rest = body.partition("\n")
        notes.append(f"{head} {{#joined-{count}-{number}}}\n{rest}\n")
    path = folder / f"joined-{count}.md"
    path.write_text("\n".join(notes), encoding="utf-8")
    return path


def _type(client: LspClient, files: Sequence[str], keys: int, random: Random, what: str) -> None:
    for name in files:
        client.open(name)
    times: list[float] = []
    cpu = _cpu(client)
    each = max(1, keys // len(files))
    for name in files:
        lines = (client.folder / name).read_text(encoding="utf-8").split("\n")
        at = max(index for index, line in enumerate(lines) if line.startswith("- "))
        column = 2
        for letter in (random.choice(TYPED) * each)[:each]:
            start = time.perf_counter()
            client.type(name, at, column, letter)
            times.append(time.perf_counter() - start)
            column += 1
    _tell(what, times, (_cpu(client) - cpu) / len(times))


def _ask(client: LspClient, files: Sequence[str], count: int, what: str) -> None:
    times = []
    for index in range(count):
        start = time.perf_counter()
        client.at(what, files[index % len(files)], 2, 9)
        times.append(time.perf_counter() - start)
    _tell(what, times)


def _tell(what: str, times: Sequence[float], cpu: float | None = None) -> None:
    most = f"p95 {quantiles(times, n=20)[-1] * 1000:.1f} ms, max {max(times) * 1000:.0f} ms"
    used = "" if cpu is None else f", CPU {cpu * 1000:.1f} ms"
    print(
        f"{what}: median {median(times) * 1000:.1f} ms, {most}{used} ({len(times)} times)",
        flush=True,
    )


def _cpu(client: LspClient) -> float:
    """Return the seconds that the server has used; 0 where the system does not say."""
    path = Path(f"/proc/{client.pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


if __name__ == "__main__":
    main()
