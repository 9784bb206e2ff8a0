"""The formats a deck is written in: each a function of the finished deck."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deckpress.deck import Deck
from deckpress.exporters import apkg, html, pdf

EXPORTERS: Mapping[str, Callable[[Deck], bytes]] = {
    "apkg": apkg.export,
    "html": html.export,
    "pdf": pdf.export,
}
"""Format (and ending of the file) to its exporter."""
