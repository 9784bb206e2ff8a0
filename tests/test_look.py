"""How cards look: contrast by day and night, nothing wider than the page, folders that are data."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from deckpress.reading.template_files import templates_folder
from deckpress.reading.templates import read_templates

LOOK = read_templates(templates_folder())
CSS = LOOK.note_types["standard"].css


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 of a colour such as #0550ae."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of WCAG 2.2 of two colours."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", LOOK.theme.palette.inks)
def test_every_ink_is_readable_on_every_paper(ink: str, mode: int) -> None:
    """AA wants 4.5 to 1 for text."""
    for name, paper in LOOK.theme.palette.papers.items():
        assert contrast(LOOK.theme.palette.inks[ink][mode], paper[mode]) >= 4.5, name


def test_kinds_and_difficulties_share_no_ink() -> None:
    """A colour says one thing; all outputs take it from the palette."""
    inks = LOOK.theme.palette.inks
    # Rows of word pairs have no bar to colour.
    framed = [name for name, kind in LOOK.kinds.items() if not kind.compact]
    kinds = [f"kind-{name}" for name in framed if f"kind-{name}" in inks]
    told = ["accent", "easy", "medium", "hard", *kinds]
    assert len(kinds) == len(framed) - 1
    assert len({inks[name] for name in told}) == len(told)


def test_cards_take_all_colours_from_the_palette() -> None:
    """What the style sheet uses is set, and nothing is set that no one uses."""
    used = set(re.findall(r"var\(--([a-z-]+)\)", CSS))
    palette = LOOK.theme.palette
    assert used == {*palette.papers, *palette.inks, *palette.lines}


def test_wide_things_scroll_in_their_own_box() -> None:
    """Code, tables and formulas never make the page scroll sideways."""
    for selector in (".highlight", ".table, .formula"):
        rule = CSS[CSS.index(f"\n{selector} {{") :]
        assert "overflow-x: auto" in rule[: rule.index("}")]


def test_a_new_kind_is_a_folder(tmp_path: Path) -> None:
    """A kind needs a folder and no Python."""
    folder = tmp_path / "look"
    shutil.copytree(templates_folder(), folder)
    (folder / "notes/proof").mkdir()
    (folder / "notes/proof/kind.yaml").write_text("note_type: standard\nsections: [Hint, Sketch]\n")
    (folder / "notes/proof/style.css").write_text(".kind-proof { font-style: italic; }\n")
    look = read_templates(folder)
    assert look.problems == ()
    assert look.kinds["proof"].sections == ("Hint", "Sketch")
    assert ".kind-proof" in look.note_types["standard"].css


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("notes/basic/kind.yaml", "standard", "standart", "unknown note type 'standart'"),
        (
            "notes/cloze/kind.yaml",
            "cloze: yes",
            "cloze: no",
            "a cloze kind needs a cloze note type",
        ),
        ("notes/design/kind.yaml", "steps", "stepps", "unknown key 'stepps'"),
        ("note_types/standard/note_type.yaml", "when: reversed", "when: reverse", "unknown field"),
    ],
)
def test_mistakes_in_templates_have_a_place(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    """An author of templates is told path, line and column, too."""
    folder = tmp_path / "look"
    shutil.copytree(templates_folder(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    found = [str(problem) for problem in read_templates(folder).problems]
    assert any(message in line and re.search(r":\d+:\d+: ", line) for line in found)
