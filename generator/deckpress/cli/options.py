"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from deckpress.exporters.options import DETAILS, PAPERS, Options
from deckpress.model.note import DIFFICULTIES
from deckpress.pipeline.build import Work
from deckpress.pipeline.cache import cache_folder

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
            return super().convert(value, param, context)
        except click.BadParameter as error:
            if Path(value).exists():
                raise
            hint = "`deckpress init` begins a deck; SOURCE is the folder that holds deck.yaml"
            if Path("deck.yaml").exists():
                hint = "deck.yaml is in this folder, which is called '.'"
            message = f"{error.message.rstrip('.')} ({hint})."
            raise click.BadParameter(message, context, param) from error


def _complete(names: Callable[[Path], Iterable[str]]) -> Callable[..., list[str]]:
    """Complete the names that a folder of cards gives; none where it has a mistake."""

    def complete(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
        root = Path(context.params.get("source") or "cards")
        return sorted(name for name in names(root) if name.startswith(begun))

    return complete


def _company_names(root: Path) -> list[str]:
    from deckpress.schema.deck_files import CompaniesFile
    from deckpress.schema.from_file import read_shape

    read = read_shape(CompaniesFile, root / "companies.yaml").value
    return [name for one in read.companies for name in (one.slug, *one.aliases)] if read else []


def _category_names(root: Path) -> list[str]:
    from deckpress.reading.deck_file import DECK_FILE
    from deckpress.schema.deck_files import DeckFile
    from deckpress.schema.from_file import read_shape

    read = read_shape(DeckFile, root / DECK_FILE).value
    return [category.slug for category in read.categories] if read else []


COMPANY_NAMES = _complete(_company_names)
CATEGORY_NAMES = _complete(_category_names)

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
            "--tag", "-t", "tags", multiple=True, metavar="T", help="Only notes with tag T."
        ),
        click.option(
            "--where",
            default="",
            metavar="EXPR",
            help=(
                "Only notes that match, as in Anki's search: company:netflix -category:behavioral "
                "(tag:ranking or difficulty:hard)"
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


def take_work(jobs: int, *, no_cache: bool) -> Work:
    """Say how the work is done: with how many processes, and with which cache."""
    return Work(jobs, None if no_cache else cache_folder())


def _add(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command
