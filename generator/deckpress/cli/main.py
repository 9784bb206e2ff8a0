"""The group of commands, and what can go wrong outside the program, as exit codes."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckpress import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Looking for plugins of pydantic, which the program wants none of, reads every package installed.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# Python looks for cycles after every 700 values; what it reads and makes at the start holds none.
gc.set_threshold(200_000, 20, 50)
# At its end, it would look for them among all the values of a run.
atexit.register(gc.freeze)

COMMANDS = {
    "build": "Build the deck, its sheets and exports, or a part of it.",
    "cache": "Show where the cache is and how large it is, or clear it.",
    "check": "List every mistake in the cards, and advice; write nothing, except with --fix.",
    "companies": "List the companies, or show what is known about one.",
    "completion": "Print the code that lets a shell complete commands, options and names.",
    "diff": "Compare two states of a deck, or write release notes.",
    "fonts": "List the characters that the PDF's fonts lack, and how to get a font for them.",
    "import": "Turn an existing deck into card files.",
    "init": "Start a deck of your own, on any subject, in a folder.",
    "list": "List the notes, or those that you select.",
    "lsp": "Serve an editor: mistakes as you type, completion, quick fixes.",
    "merge-lock": "Merge two versions of deck.lock, as git's merge driver.",
    "new": "Write the file of a new card, and open it in your editor.",
    "preview": "Show the cards in your browser, and every change as you save it.",
    "print-cards": "Make paper flashcards, to print and cut.",
    "push": "Update the deck in the running Anki.",
    "stats": "Count the notes, and measure the short answers.",
    "verify": "Run the Python code on the cards, with the hidden tests.",
}
"""The commands with what they do in a line; each is read from its own file when it is called."""

_COMPLETE = "_DECKPRESS_COMPLETE"
"""What a shell sets to ask for completions."""

_FILES = {"import": "import_"}
"""Commands whose file has another name, for theirs is a word of Python."""


class Group(click.Group):
    """Reads commands on demand, and turns failures into messages and exit codes."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Read a command's file, and return the command."""
        if name not in COMMANDS:
            return None
        module = import_module(f"deckpress.cli.{_FILES.get(name, name.replace('-', '_'))}")
        command: click.Command = module.command
        return command

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the names of the commands without reading their files."""
        from click.shell_completion import CompletionItem

        found = [(name, said) for name, said in COMMANDS.items() if name.startswith(incomplete)]
        named = [CompletionItem(name, help=said) for name, said in found]
        return [*named, *click.Command.shell_complete(self, context, incomplete)]

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without reading their files."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, context: click.Context) -> Any:
        """Run a command; exit with 1 for mistakes in the sources, 2 for one in the call."""
        from deckpress.cli import console
        from deckpress.text.problem import CallError, SourceError

        try:
            return super().invoke(context)
        except SourceError as error:
            console.show_problems(error.problems)
            if error.advice:
                console.complain(console.advice_line(len(error.advice)))
            context.exit(1)
        except CallError as error:
            from deckpress.decks.where_expression import WhereError

            if isinstance(error, WhereError):
                console.complain_at(error.said, error.expression, error.column)
            else:
                console.complain(str(error))
            context.exit(2)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; click itself exits quietly when its output is closed."""
        extra.setdefault("complete_var", _COMPLETE)
        if _COMPLETE in os.environ:
            from deckpress.cli.shell_words import unescape_quoted

            for name in {"COMP_WORDS", "COMP_CWORD"} & set(os.environ):
                os.environ[name] = unescape_quoted(os.environ[name])
        if os.environ.get("SOURCE_DATE_EPOCH") == "":
            del os.environ["SOURCE_DATE_EPOCH"]  # fontTools would take it for a number
        try:
            return super().main(*args, **extra)
        except Exception as error:
            if not isinstance(error, (OSError, *_database_errors())):
                raise
            from deckpress.cli import console

            console.complain(f"failed: {error}")
            typed = extra.get("args") or (args[0] if args else None) or sys.argv[1:]
            name = next((word for word in typed if word in COMMANDS), "")
            command = self.get_command(click.Context(self), name)
            movable = command and any("--out" in each.opts for each in command.params)
            if hint := _way_out(error, " with --out" if movable else ""):
                same = "outputs and ledger are unchanged" if movable else "nothing was written"
                console.complain(f"{same}; to go on, {hint}")
            sys.exit(3)


def _way_out(error: Exception, how: str) -> str:
    """Say what to do when a disk takes or gives nothing; `how` is with what to write elsewhere."""
    reason, path = getattr(error, "errno", None), getattr(error, "filename", None)
    # Unlike Path.exists, it takes a folder that is closed to this user for one without cards.
    beside_cards = isinstance(path, str) and os.access(Path(path).with_name("deck.yaml"), os.F_OK)
    full = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
    if reason in full or isinstance(error, _database_errors()):
        if beside_cards:
            return "free some space for deck.lock, or copy the folder of cards to a larger disk"
        return f"free some space, write elsewhere{how}, or set TMPDIR to a larger disk"
    if reason == errno.ENOMEM:
        return "end other programs, or build a part of the deck"
    if reason in {errno.EACCES, errno.EPERM} and isinstance(path, str):
        place = Path(path)
        # Of a folder that nobody may look into, it is not known whether anything was to be read.
        for folder in reversed(place.parents):
            if os.access(folder, os.F_OK) and not os.access(folder, os.X_OK):
                elsewhere = f", or write elsewhere{how}" if how else ""
                return f"allow this user to open the folder '{folder}'{elsewhere}"
        if os.access(place, os.F_OK) and not os.access(place, os.R_OK):
            return "allow this user to read it"
    if reason in {errno.EROFS, errno.EACCES, errno.EPERM}:
        if beside_cards:
            return (
                "allow this user to write there, for deck.lock lies with the cards, or build a "
                "copy of the folder of cards" + (" (--out moves only the outputs)" if how else "")
            )
        return f"allow this user to write there, or write elsewhere{how}"
    return ""


def _database_errors() -> tuple[type[Exception], ...]:
    """Return what SQLite raises when the disk is full, if anyone has asked for SQLite."""
    module = sys.modules.get("sqlite3")
    return (module.OperationalError,) if module else ()


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deckpress")
def main() -> None:
    """Turn a folder of Markdown cards into an Anki deck.

    SOURCE is the folder of cards, by default "cards". Exit codes: 0 success; 1 mistakes in the
    sources, which are all listed, and nothing is written; 2 wrong usage; 3 the machine lacks
    something, such as disk space, and nothing is written.

    \b
    A first deck:
      deckpress init my-deck        makes a folder with a card of every kind
      cd my-deck
      deckpress new "Question?"     writes a card; fill it in
      deckpress check               lists mistakes, at their lines, with hints
      deckpress preview             shows the cards as Anki does, in your browser
      deckpress build               then open build/my-deck.apkg with Anki

    Other formats (a table, JSON, one Markdown book): deckpress build --help.
    """
