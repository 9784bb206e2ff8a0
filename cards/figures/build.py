"""Draw figures of the deck again.

`python cards/figures/build.py` writes cards/media/<name>.svg for each script <name>.py beside
this file; with names, for these alone. With `--check` it draws into a temporary folder instead,
names each figure whose stored file is missing or differs, and then exits with 1. A build also
writes figures.lock, by which `deckpress check` finds figures that are older than their scripts.
The stored figures were drawn with matplotlib 3.11, NumPy 2.4 and scikit-learn 1.9; other versions
may move a point by a hair.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from deckpress.reading.drawn_figures import LOCK, drawn_state, figure_scripts

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # the scripts import what they share from their own folder

from style import MEDIA, save  # noqa: E402


def figure_names() -> list[str]:
    """List the figures: one script each, in alphabetical order."""
    return [script.stem for script in figure_scripts(HERE)]


def drawer(name: str) -> Callable[[], Figure]:
    """Load the function `draw` of a figure's script, whose hyphens forbid a plain import."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load the figure script {name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    draw: Callable[[], Figure] = module.draw
    return draw


def build(names: Sequence[str], folder: Path) -> list[Path]:
    """Draw figures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [save(drawer(name)(), name, folder) for name in names]


def stale(names: Sequence[str], folder: Path) -> list[Path]:
    """Find the stored figures that a fresh drawing, made in the folder, does not reproduce."""
    pairs = [(fresh, MEDIA / fresh.name) for fresh in build(names, folder)]
    return [
        stored
        for fresh, stored in pairs
        if not stored.is_file() or stored.read_bytes() != fresh.read_bytes()
    ]


def write_lock(names: Sequence[str]) -> None:
    """Write the state of the figures just drawn; of others what was known stays."""
    lock = HERE / LOCK
    known = json.loads(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    known |= {name: drawn_state(HERE / f"{name}.py", MEDIA / f"{name}.svg") for name in names}
    entries = {name: known[name] for name in figure_names() if name in known}
    lock.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or check with `--check`; return the exit status."""
    known = figure_names()
    parser = argparse.ArgumentParser(description="Draw the figures of the deck.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing, name stale figures")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(known)):
        parser.error(f"no such figure: {', '.join(unknown)}; there are {', '.join(known)}")
    names = sorted(set(options.names)) or known
    if not options.check:
        for path in build(names, MEDIA):
            print(f"{path.stat().st_size / 1000:5.1f} kB  {path.name}")
        write_lock(names)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        outdated = stale(names, Path(folder))
    for path in outdated:
        print(f"stale: {path.name}")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
