"""Colours, sizes and fonts as CSS custom properties."""

from __future__ import annotations

import re

from deckpress.model.templates import Palette, Theme


def colour_properties(palette: Palette, *, dark: bool) -> str:
    """Return the colours of one mode as CSS declarations of custom properties."""
    named = {**palette.papers, **palette.inks, **palette.lines}
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in named.items())


def measure_properties(theme: Theme) -> str:
    """Return sizes and fonts as CSS declarations: --size-<name> and --font-<name>."""
    sizes = [f"--size-{name}: {size};" for name, size in theme.sizes.items()]
    # What CSS calls by a word of its own, such as sans-serif, must not be quoted.
    fonts = [
        f"--font-{name}: "
        + ", ".join(f if re.fullmatch(r"-?[a-z-]+", f) else f'"{f}"' for f in families)
        + ";"
        for name, families in theme.fonts.items()
    ]
    return " ".join([*sizes, *fonts])
