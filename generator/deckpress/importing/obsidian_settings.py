"""What Obsidian's spaced-repetition plugin takes for a card: its settings file, and its holes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from deckpress.importing.limits import damaged
from deckpress.text.problem import CallError
from deckpress.text.suggestions import suggest

SETTINGS_FILE = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
"""Where a vault keeps them."""

_HIGHLIGHT, _BOLD, _CURLY = (
    f"{mark}[123;;]answer[;;hint]{end}" for mark, end in (("==", "=="), ("**", "**"), ("{{", "}}"))
)
_NAMES = {
    "singleLineCardSeparator": "line",
    "singleLineReversedCardSeparator": "line_reversed",
    "multilineCardSeparator": "lines",
    "multilineReversedCardSeparator": "lines_reversed",
    "multilineCardEndMarker": "end",
    "flashcardTags": "tags",
    "flashcardTagsToIgnore": "ignored_tags",
    "noteFoldersToIgnore": "ignored_folders",
    "convertFoldersToDecks": "folders",
    "clozePatterns": "holes",
    "showContextInCards": "context",
}
_HOLES = {
    "convertHighlightsToClozes": _HIGHLIGHT,
    "convertBoldTextToClozes": _BOLD,
    "convertCurlyBracketsToClozes": _CURLY,
}
KEYS = (*_NAMES, *_HOLES)
"""The settings that are read, as the plugin calls them."""


@dataclass(frozen=True, slots=True)
class ObsidianSettings:
    """What divides the sides of a card, what hides, what marks a note with cards.

    An empty separator divides nothing. `tags` are without their `#`. `holes` are patterns such as
    `==[123;;]answer[;;hint]==`. `folders` says that decks are the folders, whatever the tags;
    `context` that the plugin shows the headings above a card with it.
    """

    line: str = "::"
    line_reversed: str = ":::"
    lines: str = "?"
    lines_reversed: str = "??"
    end: str = ""
    tags: tuple[str, ...] = ("flashcards",)
    ignored_tags: tuple[str, ...] = ()
    ignored_folders: tuple[str, ...] = ("**/*.excalidraw.md",)
    folders: bool = False
    holes: tuple[str, ...] = (_HIGHLIGHT,)
    context: bool = True


def find_settings(path: Path) -> Path | None:
    """Find the plugin's settings in the vault that a folder or a file is, or lies in."""
    here = path.resolve()
    for folder in (here, *here.parents):
        if (folder / ".obsidian").is_dir():
            found = folder / SETTINGS_FILE
            return found if found.is_file() and not found.is_symlink() else None
    return None


def read_settings(path: Path | None, given: Iterable[str] = ()) -> ObsidianSettings:
    """Read the settings of the plugin.

    Args:
        path: its file, if the vault has one.
        given: settings that hold instead, each KEY=VALUE; of a list, each adds a value.

    Returns:
        The settings; what nobody says is as the plugin has it at first.

    Raises:
        SourceError: the file is none of the plugin's.
        CallError: a setting that is given is none, or none of its values.
    """
    settings = ObsidianSettings()
    if path:
        try:
            told = json.loads(path.read_text(encoding="utf-8-sig"))
            told = told.get("settings", told)
            settings = _apply(settings, dict(told))
        except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or error
            hint = f"give them with --obsidian KEY=VALUE, and move the file away ({reason})"
            raise damaged(path, "these settings cannot be read", hint) from error
    own: dict[str, object] = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if key not in KEYS or not sign:
            raise CallError(
                f"--obsidian {pair}: no setting '{key}' ({suggest(key, KEYS)})"
                if sign
                else f"--obsidian {pair}: write KEY=VALUE, such as {KEYS[0]}=;;"
            )
        before = own.get(key)
        if _is_list(key):
            own[key] = [*(before if isinstance(before, list) else []), value]
        elif _is_switch(key):
            if value.lower() not in ("true", "false"):
                raise CallError(f"--obsidian {pair}: true or false")
            own[key] = value.lower() == "true"
        else:
            own[key] = value
    return _apply(settings, own)


def _is_list(key: str) -> bool:
    return isinstance(getattr(ObsidianSettings(), _NAMES.get(key, "line")), tuple)


def _is_switch(key: str) -> bool:
    return key in _HOLES or isinstance(getattr(ObsidianSettings(), _NAMES[key]), bool)


def _apply(settings: ObsidianSettings, told: Mapping[str, object]) -> ObsidianSettings:
    """Return settings with those that are told, each of the type that it has."""
    changes: dict[str, object] = {}
    for key, name in _NAMES.items():
        value = told.get(key)
        if value is None:
            continue
        if _is_list(key):
            values = value if isinstance(value, list) else str(value).split("\n")
            texts = [str(text).strip() for text in values]
            if "ags" in key:
                texts = [text.lstrip("#").strip("/") for text in texts]
            changes[name] = tuple(text for text in texts if text)
        elif _is_switch(key):
            changes[name] = value is True
        elif isinstance(value, str):
            changes[name] = value.strip()
        else:
            raise TypeError(f"'{key}' is no text")
    if "holes" not in changes and told.keys() & _HOLES.keys():
        on = {key: pattern in settings.holes for key, pattern in _HOLES.items()}
        on |= {key: told[key] is True for key in _HOLES if key in told}
        others = [pattern for pattern in settings.holes if pattern not in _HOLES.values()]
        changes["holes"] = (*(_HOLES[key] for key, wanted in on.items() if wanted), *others)
    # Each value got the type of its field above, by its name, which the type checker cannot follow.
    return replace(settings, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole in a text: where it lies, what it hides, its hint.

    `group` is its number, a series of the letters a, h, s (asked, hidden, shown: one for each
    card), or empty.
    """

    start: int
    end: int
    answer: tuple[int, int]
    hint: tuple[int, int] | None
    group: str


@dataclass(frozen=True)
class HolePatterns:
    """The patterns of a vault's holes, compiled: numbered ones, series, and plain ones."""

    patterns: tuple[str, ...]
    kinds: tuple[tuple[re.Pattern[str], ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Compile the patterns."""
        made = tuple(
            tuple(filter(None, (_compile(pattern, group) for pattern in self.patterns)))
            for group in (r"\d+", "[ash]+", "")
        )
        object.__setattr__(self, "kinds", made)

    def find(self, text: str) -> list[Hole]:
        """Find the holes of a text: as in the plugin, all of one kind, and numbered ones first."""
        for compiled in self.kinds:
            found = sorted(
                (hole for pattern in compiled for hole in _find(pattern, text)),
                key=lambda hole: (hole.start, -hole.end),
            )
            apart: list[Hole] = []
            end = 0
            for hole in found:
                if hole.start >= end:
                    apart.append(hole)
                end = max(end, hole.end)
            if apart:
                return apart
        return []


def _find(pattern: re.Pattern[str], text: str) -> Iterator[Hole]:
    for match in pattern.finditer(text):
        groups = match.groupdict()
        told = next((name for name in ("hint", "note") if groups.get(name)), "")
        hint = match.span(told) if told else None
        group = groups.get("group") or ""
        yield Hole(match.start(), match.end(), match.span("answer"), hint, group)


_PIECE = re.compile(r"\[((?:\\+[\[\]]|[^\[\]\\]|\\)*)\]")


def _compile(pattern: str, group: str) -> re.Pattern[str] | None:
    """Make an expression of a pattern; None if it says nothing of an answer."""
    out: list[str] = []
    seen = {"hint": 0, "number": 0}
    start = 0
    for piece in _PIECE.finditer(pattern):
        inner = re.sub(r"\\+([\[\]])", r"\1", piece[1])
        if "hint" in inner:
            seen["hint"] += 1
            before, _, after = inner.partition("hint")
            written = f"(?:{re.escape(before)}(?P<hint>[^\\n]+?){re.escape(after)})?"
        elif number := re.search(r"\d+", inner):
            seen["number"] += 1
            before, after = inner[: number.start()], inner[number.end() :]
            written = f"{re.escape(before)}(?P<group>{group}){re.escape(after)}" if group else ""
        else:
            continue
        out += [re.escape(re.sub(r"\\+([\[\]])", r"\1", pattern[start : piece.start()])), written]
        start = piece.end()
    out.append(re.escape(pattern[start:]))
    whole = "".join(out)
    # What stands twice, or hides all of a line, is no pattern of the plugin's.
    if max(seen.values()) > 1 or not _PIECE.sub("", pattern).replace("answer", "").strip():
        return None
    if whole.count("answer") != 1 or (group and "(?P<group>" not in whole):
        return None
    # A hint that Obsidian writes as a footnote behind the hole, as older settings had it.
    footnote = r"(?:\^\[(?P<note>[^\]\n]*)\])?" if pattern.endswith("==") else ""
    answer = r"(?P<answer>[^\n=](?:[^\n]*?[^\n=])??)" if "==" in pattern else r"(?P<answer>[^\n]+?)"
    return re.compile(whole.replace("answer", answer) + footnote)
