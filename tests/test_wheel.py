"""The wheel, away from this checkout, builds a deck in any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import Sources
from test_package import fill

REPOSITORY = Path(__file__).parents[1]


def test_the_wheel_carries_its_templates(sources: Sources) -> None:
    """Installed elsewhere, it reads its own templates and writes the same package."""
    fill(sources)
    here = sources.build().read_bytes()
    python = [sys.executable, "-m"]
    wheels = sources.folder / "wheels"
    subprocess.run(
        [*python, "build", "--wheel", "--no-isolation", "--outdir", wheels, REPOSITORY],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = wheels.iterdir()
    site = sources.folder / "site"
    subprocess.run(
        [*python, "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel],
        check=True, capture_output=True,
    )  # fmt: skip
    code = (
        "import deckpress, pathlib, sys\n"
        f"assert pathlib.Path(deckpress.__file__).is_relative_to({str(site)!r})\n"
        "from deckpress.reading.template_files import templates_folder\n"
        f"assert templates_folder().is_relative_to({str(site)!r})\n"
        "from deckpress.cli.main import main\n"
        "sys.argv[1:] = ['build', '--locked', '--out', 'elsewhere']\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=sources.folder, env=environment)
    assert (sources.folder / "elsewhere/small.apkg").read_bytes() == here
