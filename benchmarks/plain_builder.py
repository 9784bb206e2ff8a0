"""The least that makes a package of a folder of cards with the same libraries: the yardstick.

Run it: `python benchmarks/plain_builder.py FOLDER FILE.apkg`. It reads front matter, renders
Markdown with coloured code, and hands all to genanki: no checks, no places, no ledger, no ids that
last, no sheet.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import genanki
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def _colour(code: str, language: str, _: str) -> str:
    return highlight(code, get_lexer_by_name(language or "text"), _FORMATTER)


def _formula(latex: str, options: dict[str, bool]) -> str:
    return f"\\[{latex}\\]" if options.get("display_mode") else f"\\({latex}\\)"


def main(root: Path, out: Path) -> None:
    """Write the package."""
    md = MarkdownIt("commonmark", {"highlight": _colour}).enable(["table", "strikethrough"])
    md.use(footnote_plugin).use(deflist_plugin).use(attrs_plugin)
    md.use(dollarmath_plugin, renderer=_formula)
    names = ("Question", "Answer", "Sources", "Id")
    basic = genanki.Model(
        1_700_000_001,
        "Plain",
        fields=[{"name": name} for name in names],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{Answer}}{{Sources}}"}],
    )
    cloze = genanki.Model(
        1_700_000_002,
        "Plain cloze",
        fields=[{"name": name} for name in names],
        templates=[{"name": "Card", "qfmt": "{{cloze:Answer}}", "afmt": "{{cloze:Answer}}"}],
        model_type=genanki.Model.CLOZE,
    )
    decks: dict[str, genanki.Deck] = {}
    for path in sorted(root.rglob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        facts = yaml.safe_load(front)
        question, _, answer = body.strip().partition("\n")
        html = md.render(answer)
        fields = [
            md.renderInline(question.removeprefix("# ")),
            html,
            "".join(f'<a href="{s["url"]}">{s["title"]}</a>' for s in facts["sources"]),
            path.stem,
        ]
        name = path.parent.name
        deck = decks.setdefault(name, genanki.Deck(1_800_000_000 + len(decks), f"Plain::{name}"))
        model = cloze if re.search(r"\{\{c\d+::", html) else basic
        tags = [*facts["tags"], f"difficulty::{facts['difficulty']}"]
        deck.add_note(genanki.Note(model, fields, tags=tags, guid=genanki.guid_for(path.stem)))
    genanki.Package(list(decks.values())).write_to_file(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
