"""The command `fonts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, SOURCE

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

_CJK = (
    ("Noto Sans CJK JP", "JP", {"Hiragana", "Katakana"}),
    ("Noto Sans CJK KR", "KR", {"Hangul"}),
    ("Noto Sans CJK SC", "SC", {"Han", "CJK Symbols and Punctuation"}),
)
"""Families, what the names of their files hold, and the scripts that only they have."""


@click.command("fonts")
@SOURCE
@JSON
def command(source: Path, as_json: bool) -> None:
    """List the characters that the PDF's fonts lack, and how to get a font for them."""
    from deckpress.exporters.pdf.boxes import count_scripts, count_unfit
    from deckpress.pipeline.load import load

    collection = load(source).collection
    unfit = count_unfit(collection, collection.notes)
    missing, typed = count_scripts(unfit.boxes), count_scripts(unfit.typed)
    used = collection.theme.fonts["print-text"]
    if as_json:
        console.dump({"fonts": list(used), "missing": missing, "typewriter": typed})
        return
    console.say(f"fonts (the first that has a character prints it): {', '.join(used)}")
    if not missing:
        console.say("they have every character in the deck")
    _show_scripts(missing)
    if typed:
        console.say(
            "only the font for code has these letters, and prints them as a typewriter would:"
        )
    _show_scripts(typed)
    if not missing and not typed:
        return
    console.say(
        "Get one from https://fonts.google.com/noto or your system's packages (Debian: "
        "fonts-noto-cjk, fonts-noto-color-emoji, fonts-noto-core), and name it in deck.yaml:"
    )
    console.say("fonts:")
    family, file = _example({**missing, **typed})
    console.say(f"  - fonts/{file}  # a file in the deck's folder: the same anywhere")
    console.say(f"  - {family}  # or a family that is installed on this machine")


def _show_scripts(scripts: Mapping[str, Mapping[str, int]]) -> None:
    for name, found in scripts.items():
        signs = sorted(found, key=lambda each: (-found[each], each))
        shown = " ".join(signs[:_SHOWN]) + (" ..." if len(signs) > _SHOWN else "")
        times = console.count(sum(found.values()), "time")
        console.say(f"{name}: {console.count(len(signs), 'character')}, {times}: {shown}")
        console.say(f"  a font that has them: {_NOTO.get(name, _family(name))}")


def _example(scripts: Iterable[str]) -> tuple[str, str]:
    """Return the family of a font for one of the scripts, and the name of its file."""
    wanted = set(scripts)
    for family, end, served in _CJK:
        if wanted & served:
            return family, f"NotoSans{end}-Regular.ttf"
    named = [name for name in scripts if " " not in name]
    if named == ["Emoji"] or not named:
        return "Noto Color Emoji", "NotoColorEmoji.ttf"
    family = _family(next(name for name in named if name != "Emoji"))
    return family, f"{family.replace(' ', '')}-Regular.ttf"


def _family(script: str) -> str:
    return f"one for {script}" if " " in script else f"Noto Sans {script}"
