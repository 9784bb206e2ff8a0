"""The formats a deck is written in: a deck and options go in, the bytes of a file come out.

A format is a file here and a line in `EXPORTERS`. Nothing here reads the folder of cards or writes
a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from deckpress.exporters import apkg, json, markdown_book
from deckpress.exporters.exporter import Exporter
from deckpress.exporters.html import page
from deckpress.exporters.pdf import cards, sheet

EXPORTERS: Mapping[str, Exporter] = {
    "apkg": Exporter(apkg.export, ".apkg"),
    "html": Exporter(page.export, ".html"),
    "pdf": Exporter(sheet.export, ".pdf", lambda options: options.sheet_variant),
    "cards": Exporter(cards.export, "-cards.pdf"),
    "json": Exporter(json.export, ".json"),
    "md": Exporter(markdown_book.export, ".md"),
}
"""Every format by the name it is asked for."""

USUAL = ("apkg", "html", "pdf")
"""The formats of a build that names none."""
