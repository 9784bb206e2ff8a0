"""Draw every figure of the deck again.

`python cards/figures/build.py` writes cards/media/<name>.svg for each script <name>.py beside
this file. With `--check` it draws into a temporary folder instead, names each figure whose stored
file is missing or differs, and then exits with 1. A build also writes figures.lock, by which
`deckpress check` finds figures that are older than their scripts. The stored figures were drawn
with matplotlib 3.11, NumPy 2.4 and scikit-learn 1.9; other versions may move a point by a hair.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from matplotlib.figure import Figure

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # the scripts import style from their own folder

from style import MEDIA, save  # noqa: E402

NOT_FIGURES = {"build", "style"}


def figure_names() -> list[str]:
    """List the figures: one script each, in alphabetical order."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_FIGURES)


def drawer(name: str) -> Callable[[], Figure]:
    """Load the function `draw` of a figure's script, whose hyphens forbid a plain import."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load the figure script {name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    draw: Callable[[], Figure] = module.draw
    return draw


def build(folder: Path) -> list[Path]:
    """Draw all figures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [save(drawer(name)(), name, folder) for name in figure_names()]


def stale(folder: Path) -> list[Path]:
    """Find the stored figures that a fresh drawing, made in the folder, does not reproduce."""
    pairs = [(fresh, MEDIA / fresh.name) for fresh in build(folder)]
    return [
        stored
        for fresh, stored in pairs
        if not stored.is_file() or stored.read_bytes() != fresh.read_bytes()
    ]


def digest(*paths: Path) -> str:
    """Return the first 16 hex digits of SHA-256 over files."""
    return sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def write_lock() -> None:
    """Write for each figure the hashes of its script, with the style, and of its drawing."""
    entries = {
        name: [digest(HERE / f"{name}.py", HERE / "style.py"), digest(MEDIA / f"{name}.svg")]
        for name in figure_names()
    }
    (HERE / "figures.lock").write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or check with `--check`; return the exit status."""
    parser = argparse.ArgumentParser(description="Draw the figures of the deck.")
    parser.add_argument("--check", action="store_true", help="write nothing, name stale figures")
    if not parser.parse_args(arguments).check:
        for path in build(MEDIA):
            print(f"{path.stat().st_size / 1000:5.1f} kB  {path.name}")
        write_lock()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        outdated = stale(Path(folder))
    for path in outdated:
        print(f"stale: {path.name}")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
