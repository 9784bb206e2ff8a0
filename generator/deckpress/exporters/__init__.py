"""The formats a deck is written in: a deck and options go in, the bytes of a file come out.

A format is a file here and a line in `EXPORTERS`. Nothing here reads the folder of cards or writes
a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from deckpress.exporters.exporter import UPDATE_ENDING, Exporter

EXPORTERS: Mapping[str, Exporter] = {
    "apkg": Exporter("apkg", ".apkg"),
    "update": Exporter("update", UPDATE_ENDING),
    "html": Exporter("html.page", ".html"),
    "pdf": Exporter("pdf.sheet", ".pdf", lambda options: options.sheet_variant),
    "cards": Exporter("pdf.cards", "-cards.pdf"),
    "csv": Exporter("csv", ".csv"),
    "tsv": Exporter("tsv", ".tsv"),
    "json": Exporter("json", ".json"),
    "md": Exporter("markdown_book", ".md"),
}
"""Every format by the name it is asked for."""

USUAL = ("apkg", "update", "html", "pdf")
"""The formats of a build that names none."""
