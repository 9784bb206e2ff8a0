"""The options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from deckpress.cli.deck_names import CATEGORY_NAMES, COMPANY_NAMES, EXPRESSIONS, TAG_NAMES
from deckpress.exporters.options import DETAILS, PAPERS, Options
from deckpress.model.scales import DIFFICULTIES

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.pipeline.build import Work

F = TypeVar("F", bound=Callable[..., Any])


class CardsFolder(click.Path):
    """A folder of cards, and what to do where there is none."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the folder."""
        try:
            found: Any = super().convert(value, param, context)
            if not os.access(found, os.X_OK):
                self.fail(f"Directory '{found}' cannot be opened.", param, context)
            return found
        except click.BadParameter as error:
            if not _is_missing(Path(value)):
                raise
            hint = "`deckpress init` begins a deck; SOURCE is the folder that holds deck.yaml"
            if Path("deck.yaml").exists():
                hint = "deck.yaml is in this folder, which is called '.'"
            message = f"{error.message.rstrip('.')} ({hint})."
            raise click.BadParameter(message, context, param) from error


def _is_missing(path: Path) -> bool:
    """Say whether nothing is there; of what lies in a closed folder, nobody knows."""
    try:
        return not path.exists()
    except OSError as error:
        raise click.BadParameter(f"'{path}' cannot be read: {error.strerror}") from error


CARDS_FOLDER = CardsFolder()
SOURCE = click.argument("source", default="cards", type=CARDS_FOLDER)
OUT = click.option(
    "--out",
    default="build",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the outputs.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print mistakes only.")
JOBS = click.option(
    "--jobs",
    "-j",
    default=0,
    type=click.IntRange(0, 256),
    metavar="N",
    help="Read cards with N processes; 0, the default, chooses the number.",
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
LOCKED = click.option("--locked", is_flag=True, help="Fail if cards/deck.lock is out of date.")
STRICT = click.option("--strict", is_flag=True, help="Fail on advice as well as on mistakes.")
PAPER = click.option(
    "--paper", default="a4", type=click.Choice(PAPERS), show_default=True, help="The paper size."
)


def selecting(command: F) -> F:
    """Add the options that choose notes."""
    options = [
        click.option(
            "--company",
            "-c",
            "companies",
            multiple=True,
            metavar="C",
            shell_complete=COMPANY_NAMES,
            help="Only notes asked or stressed at company C.",
        ),
        click.option(
            "--category",
            "-k",
            "categories",
            multiple=True,
            metavar="K",
            shell_complete=CATEGORY_NAMES,
            help="Only notes of category K.",
        ),
        click.option(
            "--difficulty",
            "-d",
            "difficulties",
            multiple=True,
            type=click.Choice(DIFFICULTIES),
            help="Only notes of this difficulty.",
        ),
        click.option(
            "--tag",
            "-t",
            "tags",
            multiple=True,
            metavar="T",
            shell_complete=TAG_NAMES,
            help="Only notes with tag T.",
        ),
        click.option(
            "--where",
            default="",
            metavar="EXPR",
            shell_complete=EXPRESSIONS,
            help=(
                "Only notes that match, as in Anki's search: company:netflix -category:behavioral "
                "(tag:ranking or difficulty:hard). Also core:yes, importance:high, kind: and id:, "
                "* for any letters, and words of the question."
            ),
        ),
    ]
    return _add(command, options)


def laying_out(command: F) -> F:
    """Add the options that say how the PDF is laid out."""
    options = [
        PAPER,
        click.option(
            "--detail",
            default="short",
            type=click.Choice(DETAILS),
            show_default=True,
            help="How much of each note the PDF prints.",
        ),
        click.option(
            "--pages",
            default=None,
            type=click.IntRange(1, 50),
            metavar="N",
            help="Fill exactly N pages with the most important notes; only with --detail brief.",
        ),
        click.option(
            "--landscape", is_flag=True, help="Print the PDF in landscape format, for the wall."
        ),
        click.option("--large", is_flag=True, help="Print the PDF in large type."),
    ]
    return _add(command, options)


def take_options(values: dict[str, Any]) -> Options:
    """Take the printing options out of all the values that a command received."""
    names = ("paper", "detail", "pages", "landscape", "large")
    taken = {name: values.pop(name) for name in names}
    options = Options(**{**taken, "pages": taken["pages"] or 0})
    if options.detail == "brief" and options.large:
        raise click.UsageError(
            "--large does not work with --detail brief (--pages chooses the type size)"
        )
    if options.pages and options.detail != "brief":
        raise click.UsageError("--pages works only with --detail brief")
    return options


def take_work(jobs: int, *, no_cache: bool, ends: bool = False) -> Work:
    """Say how the work is done: with how many processes, with which cache, and what follows it."""
    from deckpress.pipeline.build import Work
    from deckpress.pipeline.cache import cache_folder

    return Work(jobs, None if no_cache else cache_folder(), ends=ends)


def _add(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command
