"""The command `fonts`."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, SOURCE
from deckpress.exporters.pdf.boxes import count_boxes, count_scripts
from deckpress.pipeline.load import load

_SHOWN = 40
"""How many characters of a script are listed."""

_NOTO = {
    "Han": "Noto Sans CJK SC (simplified), TC (traditional), JP or KR",
    "Hiragana": "Noto Sans CJK JP",
    "Katakana": "Noto Sans CJK JP",
    "Hangul": "Noto Sans CJK KR",
    "CJK Symbols and Punctuation": "the Noto Sans CJK of the language",
    "Halfwidth and Fullwidth Forms": "the Noto Sans CJK of the language",
    "Emoji": "Noto Color Emoji",
}


@click.command("fonts")
@SOURCE
@JSON
def command(source: Path, as_json: bool) -> None:
    """List the characters that no font of the PDF has, and how to get a font for them."""
    collection = load(source).collection
    scripts = count_scripts(count_boxes(collection, collection.notes))
    used = collection.theme.fonts["print-text"]
    if as_json:
        console.dump({"fonts": list(used), "missing": scripts})
        return
    console.say(f"fonts (the first that has a character prints it): {', '.join(used)}")
    if not scripts:
        console.say("they have every character in the deck")
        return
    for name, found in scripts.items():
        signs = sorted(found, key=lambda each: (-found[each], each))
        shown = " ".join(signs[:_SHOWN]) + (" ..." if len(signs) > _SHOWN else "")
        times = console.count(sum(found.values()), "time")
        console.say(f"{name}: {console.count(len(signs), 'character')}, {times}: {shown}")
        console.say(f"  a font that has them: {_NOTO.get(name, _family(name))}")
    console.say(
        "Get one from https://fonts.google.com/noto or your system's packages (Debian: "
        "fonts-noto-cjk, fonts-noto-color-emoji, fonts-noto-core), and name it in deck.yaml:"
    )
    console.say("fonts:")
    console.say(
        "  - fonts/NotoSansSC-Regular.ttf  # a file in the deck's folder: the same anywhere"
    )
    console.say("  - Noto Sans CJK SC  # or a family that is installed on this machine")


def _family(script: str) -> str:
    return f"one for {script}" if " " in script else f"Noto Sans {script}"
