"""What an output format is: how a deck is written, and what its file is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deckpress.exporters.options import Options

UPDATE_ENDING = "-update.csv"
"""The ending of the file of texts, which the package names in its description."""

if TYPE_CHECKING:  # the command line names formats without reading what they are made of
    from deckpress.decks.deck import Deck
    from deckpress.model.collection import Writing


def _no_variant(options: Options) -> str:
    """Name nothing: the output is the same whatever the options are."""
    return ""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format; called with a deck and options, it returns the bytes of the file.

    `module` is the file in this folder that does so, read when it is needed: its `export` writes,
    its `writings` says in what ways it has notes written. `ending` is what the file's name ends in,
    behind the deck's name; `variant` tells files of different options apart by name.
    """

    module: str
    ending: str
    variant: Callable[[Options], str] = _no_variant

    def __call__(self, deck: Deck, options: Options = Options()) -> bytes:  # noqa: B008  # frozen
        """Write a deck.

        Args:
            deck: the deck.
            options: how it is printed; what the format has no use for is passed over.

        Returns:
            The bytes of the file, the same for the same deck and options.

        Raises:
            SourceError: cards that the output cannot be made with.
            TemplateError: a template is at fault.
            TypesetError: another template is.
        """
        from deckpress.exporters.unsettable import export_or_blame

        return export_or_blame(self._module.export, self.ending, deck, options)

    def writings(self, options: Options) -> tuple[Writing[Any], ...]:
        """Return the ways in which the format has notes written, beside that for Anki."""
        found: tuple[Writing[Any], ...] = self._module.writings(options)
        return found

    @property
    def _module(self) -> Any:
        return import_module(f"deckpress.exporters.{self.module}")

    def file_name(self, deck: Deck, options: Options = Options()) -> str:  # noqa: B008  # frozen
        """Return the name of the file that holds the output."""
        return f"{deck.name}{self.variant(options)}{self.ending}"
