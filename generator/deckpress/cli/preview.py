"""The command `preview`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.deck_names import folders
from deckpress.cli.options import NO_CACHE, QUIET, SOURCE, take_work

USUAL_PORT = 8400


@click.command("preview")
@SOURCE
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    metavar="N",
    help=f"The port on this machine; by default {USUAL_PORT}, or a free one.",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=None,
    help="Open the page in your browser, or not; by default it opens if there is a screen.",
)
@click.option(
    "--mathjax",
    metavar="FOLDER",
    shell_complete=folders,
    default="",
    help="Let MathJax draw the formulas, as in Anki; `anki` uses the MathJax of the package aqt.",
)
@NO_CACHE
@QUIET
def command(
    source: Path,
    port: int | None,
    opens: bool | None,
    mathjax: str,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Show the cards in your browser, and every change as you save it.

    They look as in Anki. The page is served to this machine only, until you press Ctrl-C. No file
    of the deck is changed.
    """
    import webbrowser

    from deckpress.preview.desk import Desk
    from deckpress.preview.server import open_port, serve
    from deckpress.text.problem import CallError

    folder = _find_mathjax(mathjax)
    try:
        bound = open_port(USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise CallError(f"port {port} is taken: {error.strerror}") from error
        bound = open_port(0)
    desk = Desk(source, cache=take_work(0, no_cache=no_cache).cache, mathjax=folder)
    with console.progress("reading cards", quiet=quiet) as report:
        desk.open(report)

    def ready(address: str) -> None:
        mistakes, advice = desk.cards.counts()["all"]
        told = f"{console.count(mistakes, 'mistake')}, {console.count(advice, 'piece')} of advice"
        console.say(address if quiet else f"{address} shows {source}: {told}. Ctrl-C ends it.")
        if opens or (opens is None and _has_screen()):
            webbrowser.open(address)

    serve(desk, bound, ready)


def _find_mathjax(named: str) -> Path | None:
    if not named:
        return None
    from deckpress.preview.mathjax import NAME, find_mathjax

    folder = find_mathjax() if named == "anki" else Path(named)
    if folder is None:
        raise click.BadParameter(
            "the package aqt is not installed here: name the folder that holds MathJax "
            f"({NAME}), or `pip install aqt`",
            param_hint="--mathjax",
        )
    if not (folder / NAME).is_file():
        raise click.BadParameter(f"there is no {NAME} in '{folder}'", param_hint="--mathjax")
    return folder


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
