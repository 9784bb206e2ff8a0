"""How time grows with hostile text, family by family: `python benchmarks/hostile_growth.py [name ...]`.

Each family is tried at a quarter, a half and all of what its reader takes, each in a process of its
own: so a crash is seen, and what hangs is ended. Time that grows with the square is sixteenfold.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import genanki

from deckpress import load
from deckpress.anki.drawing.cloze import show_holes
from deckpress.anki.drawing.template import CardTemplateError, read_template
from deckpress.anki.ledger import read_ledger, seal
from deckpress.decks.where_expression import WhereError, read_where
from deckpress.editor.desk import Desk
from deckpress.editor.quick_fixes import quick_fixes, safe_edits
from deckpress.importing.html.text import convert_html
from deckpress.importing.markdown_text import convert_markdown
from deckpress.importing.obsidian import read_obsidian
from deckpress.importing.obsidian_settings import ObsidianSettings
from deckpress.math.gate import find_fault
from deckpress.pipeline.import_deck import ImportOptions, import_deck
from deckpress.reading.bibliography import read_bibliography
from deckpress.reading.svg import find_svg_fault
from deckpress.text.fixes import apply_replacements, split_lines
from deckpress.text.problem import CallError, SourceError
from deckpress.text.source_text import decode_source
from deckpress.text.table import read_table
from deckpress.text.word_difference import compare_words
from deckpress.text.yaml import read_yaml

LONGEST = 60.0
"""Seconds of computing after which a try is ended."""

DECK = "title: D\nslug: d\ncategories: [{slug: one, name: One}]\n"


def read_cards(text: str) -> None:
    """Load a deck of one file."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "cards"
        (root / "one").mkdir(parents=True)
        (root / "deck.yaml").write_text(DECK, encoding="utf-8")
        (root / "one/a.md").write_text(text, encoding="utf-8", errors="surrogatepass")
        with suppress(SourceError):
            load(root, jobs=1)


def read_note(body: str) -> None:
    """Load a deck of one note."""
    read_cards(f"# Q {{#q}}\n\n{body}\n")


def read_question(words: str) -> None:
    """Load a deck of a note with a long question."""
    read_cards(f"# {words} {{#q}}\n\nx\n")


def read_front(text: str) -> None:
    """Load a deck of a note with this front matter."""
    read_cards(f"---\n{text}\n---\n# Q {{#q}}\n\nx\n")


def read_works(text: str) -> None:
    """Read a bibliography."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "bibliography.bib").write_text(text, encoding="utf-8")
        read_bibliography(Path(name))


def read_deck(files: Mapping[str, str], deck: str = DECK) -> None:
    """Load a deck of these files."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "cards"
        (root / "one").mkdir(parents=True)
        for path, text in {"deck.yaml": deck, **files}.items():
            (root / path).write_text(text, encoding="utf-8")
        with suppress(SourceError):
            load(root, jobs=1)


def read_cited(text: str) -> None:
    """Load a deck with works in CSL-YAML, and cards that cite others."""
    works, _, cited = text.partition("\f")
    card = f"# Q {{#q}}\n\nx {cited}\n"
    read_deck({"bibliography.yaml": f"references:\n{works}", "one/a.md": card})


def read_companies(text: str) -> None:
    """Load a deck with companies, their sources, and cards that name them."""
    companies, sources, card = (*text.split("\f"), "", "")[:3]
    card = card or "# Q {#q}\n\nx\n"
    files = {"companies.yaml": f"companies:\n{companies}", "one/a.md": card}
    read_deck(files | ({"sources.yaml": f"sources:\n{sources}"} if sources else {}))


def take(name: str, data: str | bytes, **options: object) -> None:
    """Import a deck from a file."""
    with tempfile.TemporaryDirectory() as folder, suppress(SourceError, CallError):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
        read = path.parent if path.suffix == ".md" else path
        import_deck(read, Path(folder) / "out", ImportOptions(**options))  # type: ignore[arg-type]


def take_package(text: str) -> None:
    """Import a package with a note a line: question, answer, tags, deck, parted by tabs."""
    with tempfile.TemporaryDirectory() as folder:
        model = genanki.Model(1, "Basic", [{"name": "Front"}, {"name": "Back"}], [
            {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Front}}<hr id=answer>{{Back}}"}
        ])  # fmt: skip
        decks: dict[str, genanki.Deck] = {}
        for line in text.split("\n"):
            front, back, tags, deck = (*line.split("\t"), "", "", "")[:4]
            note = genanki.Note(model, [front or "q", back or "a"], tags=tags.split(), guid=front)
            decks.setdefault(deck, genanki.Deck(len(decks) + 2, deck or "D")).add_note(note)
        path = Path(folder) / "a.apkg"
        genanki.Package(list(decks.values())).write_to_file(path)
        with suppress(SourceError, CallError):
            import_deck(path, Path(folder) / "out")


def take_vault(text: str) -> None:
    """Import notes of Obsidian; a form feed begins another file."""
    with tempfile.TemporaryDirectory() as name, suppress(SourceError, CallError):
        vault = Path(name) / "vault"
        (vault / ".obsidian").mkdir(parents=True)
        for number, part in enumerate(text.split("\f")):
            (vault / f"n{number}.md").write_text(f"#flashcards\n{part}", encoding="utf-8")
        import_deck(vault, Path(name) / "out")


def type_text(text: str) -> None:
    """Type a text in an editor, and ask for all fixes of all its problems."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "cards"
        (root / "one").mkdir(parents=True)
        (root / "deck.yaml").write_text(DECK, encoding="utf-8")
        (root / "one/a.md").write_text("# Q {#q}\n\nx\n", encoding="utf-8")
        desk = Desk(root, jobs=1)
        desk.open()
        (path,) = desk.deck.files
        desk.change(path, text)
        desk.check()
        lines = split_lines(text)
        for fix in quick_fixes(desk, desk.problems_of(path), lines)[:100]:
            apply_replacements(text, fix.edits)
        apply_replacements(text, safe_edits(desk, path, lines))


def read_svg(inside: str) -> None:
    """Judge a drawing."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'
    find_svg_fault("a.svg", text.encode())


def read_notes(text: str) -> None:
    """Read notes of Obsidian."""
    for note in read_obsidian({"a.md": f"#flashcards\n{text}"}, "T", ObsidianSettings()).notes:
        for field in note.fields:
            convert_markdown(field)


def ask(expression: str) -> None:
    """Read an expression of `--where`."""
    with suppress(WhereError):
        read_where(expression, {"tag": ["a"]})


def fill(template: str) -> None:
    """Read a template of Anki."""
    with suppress(CardTemplateError):
        read_template(template)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: what it is called with, and how many characters it takes at the most."""

    read: Callable[[str], object]
    most: int
    families: Mapping[str, Callable[[int], str]]


def count(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Make a text of so many characters out of a piece in which `~` becomes a number."""
    width = len(piece) + 3
    return lambda size: (
        before + "".join(piece.replace("~", str(n)) for n in range(size // width)) + after
    )


def repeat(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Make a text of so many characters, or a little fewer, out of a piece."""
    return lambda size: before + piece * (size // len(piece)) + after


NOTE, FILE = 49_000, 4_900_000

READERS: Mapping[str, Reader] = {
    "formula": Reader(
        lambda text: find_fault(text, display=True),
        9_900,
        {
            r"open \{": lambda size: r"\{" * (size * 32 // 9_900),
            r")x before open (": lambda size: ")x" + "(" * (size * 32 // 9_900),
            r"x\frac": repeat(r"x\frac"),
            r"x\frac, 8,000": lambda size: r"x\frac" * (size * 8_000 // 9_900),
            r"open \lbrace in }": lambda size: r"\lbrace x)" * (size * 32 // 9_900),
            r"\left. alone": lambda size: r"\left." * (size * 32 // 9_900),
            "open angles": lambda size: r"\langle" * (size * 32 // 9_900),
            "open [ in (": lambda size: "([" * (size * 16 // 9_900),
            "bars": repeat("|x"),
            "middle bars": lambda size: r"\left(" + r"x\middle|" * (size // 9) + r"\right)",
            "primes": repeat("'"),
            "scripts": repeat("x_a^b"),
            "rows": repeat(r"a&b\\", r"\begin{matrix}", r"\end{matrix}"),
            "cells": repeat("a&", r"\begin{matrix}", r"\end{matrix}"),
            "texts": repeat(r"\text{a}"),
            "spaces": repeat(" ", "x", "y"),
            "letters": repeat("x"),
            "digits": repeat("1"),
            r"\begin": repeat(r"\begin{"),
            "percent": repeat("%"),
            "dots": repeat("..."),
        },
    ),
    "note": Reader(
        read_note,
        NOTE,
        {
            "<!--": repeat("<!--"),
            "<!-- a line each": repeat("<!--\n\n"),
            "<!-- in words": repeat("x <!-- "),
            r"\$": repeat(r"\$"),
            r"$ with \$": repeat(r"\$", "$"),
            "dollars": repeat("$ "),
            "double dollars": repeat("$$ "),
            "prices": repeat("$5 "),
            "{{ with spaces": repeat(" ", "{{"),
            "{{ and spaces, often": repeat("{{" + " " * 200),
            "{{c1::": repeat("{{c1::"),
            "{{c1::a}}": repeat("{{c1::a}} "),
            "}}": repeat("}}", "{{c1::"),
            "hints": repeat("::", "{{c1::", "}}"),
            "formulas in a hint": repeat("\\(", "{{c1::a::", "}}"),
            "backticks in a hint": lambda size: "{{c1::a::" + "`" * (size // 2) + "a" * (size // 2) + "}}",
            "stars": repeat("*"),
            "a**a": repeat("a**"),
            "_a": repeat("_a "),
            "~~": repeat("~~a"),
            "==": repeat("==a "),
            "%%": repeat("%%"),
            "backticks": lambda size: "".join("`" * n + " " for n in range(1, int((2 * size) ** 0.5))),
            "backticks alone": repeat("`a"),
            "brackets": lambda size: "[" * (size * 3_900 // NOTE),
            "links": repeat("[a](b) "),
            "open links": lambda size: "[a](" * (size * 3_900 // NOTE),
            "images": lambda size: "![a](b" * (size * 3_900 // NOTE),
            "footnotes": lambda size: "[^a]" * (size * 3_900 // NOTE),
            "definitions": lambda size: "".join(f"[^a{n}]: x\n\n" for n in range(size * 3_900 // NOTE)),
            "references": lambda size: "".join(f"[a{n}]: x\n\n" for n in range(size * 3_900 // NOTE)),
            "citations": lambda size: "[@a]" * (size * 3_900 // NOTE),
            "<": repeat("<"),
            "<a": repeat("<a "),
            "<b>": repeat("<b>"),
            "attributes": repeat('a="b" ', "<b ", ">"),
            "&amp;": repeat("&amp;"),
            "quotes": repeat("> "),
            "quotes, lines": repeat("> a\n"),
            "lists": repeat("- "),
            "items": repeat("- a\n"),
            "numbers": repeat("1. a\n"),
            "table bars": repeat("|", "|a|\n|-|\n"),
            "table rows": repeat("|a|\n", "|a|\n|-|\n"),
            "table heads": lambda size: "|a" * (size // 4) + "|\n" + "|-" * (size // 4) + "|\n",
            "fences": repeat("```\na\n```\n"),
            "open fences": repeat("~~~\n> ```\n"),
            r"\[": lambda size: "\\[\n" * (size * 3_900 // NOTE),
            r"\(": repeat(r"\("),
            r"\begin": repeat("\\begin{a}\n"),
            "braces": repeat("{a=b "),
            "empty lines": repeat("\n\n"),
            "spaces": repeat(" ", "a", "b"),
            "tabs": repeat("\t", "a", "b"),
            "backslashes": repeat("\\"),
            "words": repeat("word "),
            "one word": repeat("a"),
            "lines": repeat("a\n"),
            "hard breaks": repeat("a\\\n"),
            "headings": repeat("## a\n\n"),
            "rules": repeat("***\n\n"),
            "wide characters": repeat("字**"),
            "marks on a letter": repeat("\u0301", "e"),
            "lines before terms": repeat("a\n: b\n\n"),
            "details": repeat("<details>\n\n"),
            "callouts": repeat("> [!note]\n"),
            "comments": repeat("<!-- allow: x -->\n"),
        },
    ),
    "question": Reader(
        read_question,
        4_900,
        {"braces": repeat("{"), "attributes": repeat("{.a "), "classes": repeat(".a ", "{", "}"), "words": repeat("a ")},
    ),
    "file": Reader(
        read_cards,
        FILE // 100,
        {
            "questions": lambda size: "".join(f"# Q{n} {{#q{n}}}\n\nx\n\n" for n in range(size // 20)),
            "Q: lines": repeat("Q: a\nA: b\n\n"),
            "--- lines": repeat("---\n"),
            "<!-- lines": repeat("<!--\n", "# Q {#q}\n\n"),
            "control characters": repeat("\x01"),
            "control characters, lines": repeat("\x01\n"),
            "half pairs": repeat("\u0080 "),
            "words before a question": repeat("a "),
            "same ids": repeat("# Q {#q}\n\nx\n\n"),
        },
    ),
    "text": Reader(
        lambda text: decode_source(text.encode(), "a"),
        FILE,
        {"control characters": repeat("\x01"), "one a line": repeat("\x01\n"), "line ends": repeat("\r"), "marks on a letter": repeat("\u0301\u0327", "e")},
    ),
    "front matter": Reader(
        read_front,
        FILE // 10,
        {
            "tags": lambda size: "tags: [" + "a, " * (size // 3) + "b]",
            "keys": lambda size: "".join(f"k{n}: x\n" for n in range(size // 9)),
            "sources": lambda size: "sources:\n" + "- {title: a}\n" * (size // 13),
            "companies": lambda size: "companies: [" + ", ".join(f"c{n}" for n in range(size // 9)) + "]",
        },
    ),
    "YAML": Reader(
        lambda text: read_yaml(text, "a"),
        FILE // 10,
        {
            "brackets": repeat("["),
            "keys": lambda size: "".join(f"k{n}: x\n" for n in range(size // 9)),
            "open quote": repeat("a\n", 'a: "'),
            "percent": repeat("%a\n"),
            "colons": repeat("a: ", "a: "),
            "anchors": repeat("&a "),
            "spaces": repeat(" ", "a:", "b"),
            "same key": repeat("a: b\n"),
        },
    ),
    "table": Reader(
        lambda text: read_table(text, "a.csv"),
        FILE // 5,
        {"commas": repeat(","), "open quotes": repeat('"a\n'), "quotes": repeat('""', '"'), "rows": repeat("a,b\n"), "spaces": repeat(" ", "a", ",b"), "behind quotes": repeat('"a" b,')},
    ),
    "ledger": Reader(
        lambda text: read_ledger(text, "a", 10**10),
        95_000_000,
        {
            "junk, two million lines": lambda size: "junk\n" * (size * 2_000_000 // 95_000_000),
            "conflict marks": lambda size: "<<<<<<< a\n" * (size // 200),
            "whole conflicts": lambda size: "<<<<<<< a\n=======\n>>>>>>> b\n" * (size // 500),
            "empty lines": lambda size: "\n" * (size // 20),
            "brackets": lambda size: "[" * (size // 20),
            "same id": lambda size: seal('{"deckpress": 4, "namespace": "a", "decks": {}}\n' + '{"id": "a"}\n' * (size // 500)),
        },
    ),
    "SVG": Reader(
        read_svg,
        FILE // 10,
        {
            "url( with spaces": lambda size: f"<style>{'url(' + ' ' * size}</style>",
            "url( often": lambda size: f"<style>{('url(' + ' ' * 99) * (size // 103)}</style>",
            "elements": repeat("<g/>"),
            "nested": lambda size: "<g>" * (size // 70) + "</g>" * (size // 70),
            "attributes": lambda size: "<g " + " ".join(f'a{n}="b"' for n in range(size // 10)) + "/>",
            "style": lambda size: f'<g style="{"a:b;" * (size // 4)}"/>',
            "path": lambda size: f'<path d="{"M0 0" * (size // 4)}"/>',
            "script with spaces": lambda size: f'<a href="#{" " * size}java"/>',
            "encoding": lambda size: "<?xml " * (size // 6),
            "comments": repeat("<!-- -->"),
        },
    ),
    "bibliography": Reader(
        read_works,
        FILE // 50,
        {"@": repeat("@a{"), "entries": lambda size: "".join(f"@book{{k{n}, title={{T}}}}\n" for n in range(size // 22)), "braces": lambda size: "@book{k, title={" + "{" * (size // 2) + "}" * (size // 2) + "}}", "authors": lambda size: "@book{k, title={T}, author={" + "A and " * (size // 6) + "B}}", "strings": repeat('@string{a="b"}\n'), "LaTeX": lambda size: "@book{k, title={" + r"\'e" * (size // 3) + "}}"},
    ),
    "bibliography in YAML": Reader(
        read_cited,
        FILE // 50,
        {"works": count("- {id: k~, title: T}\n"), "same key": repeat("- {id: k, title: T}\n"), "authors": repeat("{family: A}, ", "- {id: k, title: T, author: [", "]}"), "dates": lambda size: "- {id: k, title: T, issued: " + "[" * (size // 9_000) + "]" * (size // 9_000) + "}", "others cited": lambda size: count("- {id: key~, title: T}\n")(size // 4) + "\f" + count("[@other~] ")(min(size // 4, 30_000)), "cited": lambda size: count("- {id: k~, title: T}\n")(size // 4) + "\f" + count("[@k~] ")(min(size // 4, 30_000))},
    ),
    "companies": Reader(
        read_companies,
        FILE // 25,
        {"companies": count("- {slug: c~, name: C~}\n"), "same name": repeat("- {slug: c, name: C}\n"), "aliases": count("a~, ", "- {slug: c, name: C, aliases: [", "]}"), "facts": lambda size: count("{key: f~, kind: asked, says: x, source: s}, ", "- {slug: c, name: C, facts: [", "]}")(size) + "\fs: {title: S, grade: A, site: e.org}".replace("\f", "\f  "), "rounds": lambda size: repeat("{source: s, says: x}, ", "- {slug: c, name: C, rounds: [", "]}")(size) + "\f  s: {title: S, grade: A, site: e.org}", "sources": lambda size: "- {slug: c, name: C}\f" + count("  s~: {title: S, grade: A, site: e.org}\n")(size), "unknown sources": lambda size: count("{key: f~, kind: asked, says: x, source: x~}, ", "- {slug: c, name: C, facts: [", "]}")(size // 4) + "\f" + count("  s~: {title: S, grade: A, site: e.org}\n")(size // 4), "named by cards": lambda size: count("- {slug: c~, name: C~}\n")(size // 4) + "\f\f" + count("---\ncompanies: [~]\n---\n# Q {#q}\n\nx\n".replace("~", ", ".join(f"other{n}" for n in range(min(size // 200, 500)))))(99)},
    ),
    "packages": Reader(
        take_package,
        FILE // 300,
        {"notes": count("q~\ta\n"), "same question": repeat("q\ta\n"), "one field": repeat("<b>a</b> ", "q\t"), "tags": count("t~::a ", "q\ta\t"), "decks": count("q~\ta\t\tD~\n"), "nested decks": lambda size: "q\ta\t\t" + "D::" * (size // 500) + "E", "sounds": count("[sound:a~.mp3]", "q\t"), "pictures": count("<img src='a~.png'>", "q\t"), "near questions": count("what is the word number ~\ta\n")},
    ),
    "tables to import": Reader(
        lambda text: take("a.csv", text),
        FILE // 300,
        {"rows": count("q~,a\n"), "same row": repeat("q,a\n"), "columns": repeat("a,"), "wide rows": lambda size: ("a," * 200 + "b\n") * (size // 402), "open quotes": repeat('"a\n'), "quotes": repeat('""', '"'), "one cell": repeat("<b>a</b>", "q,"), "names": count("name~,"), "tabs": repeat("a\tb\n"), "semicolons": repeat("a;b\n"), "comments": repeat("#separator:tab\n"), "holes": repeat("{{c1::a}} ", "q,"), "empty": repeat(",\n"), "same front": count("q,a~\n")},
    ),
    "vaults": Reader(
        take_vault,
        FILE // 300,
        {"cards": count("q~::a\n"), "same card": repeat("q::a\n"), "files": lambda size: "\f".join(f"q{n}::a" for n in range(size // 60)), "tags": count("#flashcards/t~ "), "blocks": count("q~\n?\na\n\n"), "headings": count("# H~\n\nq~::a\n\n"), "links": count("q~::[[n~]]\n"), "pictures": count("q~::![[a~.png]]\n")},
    ),
    "editor": Reader(
        type_text,
        FILE // 300,
        {"notes without ids": count("# Q~?\n\nx\n\n"), "same question": repeat("# Q?\n\nx\n\n"), "same id": count("# Q~? {#q}\n\nx\n\n"), "links": lambda size: "# Q {#q}\n\n" + "[[a]] " * (min(size, NOTE) // 6), "links, lines": count("# Q~ {#q~}\n\n[[a]]\n\n"), "boxes": count("# Q~ {#q~}\n\n:::\na\n\n"), "footnotes": count("# Q~ {#q~}\n\na[^x~]\n\n"), "tables": count("# Q~ {#q~}\n\n|a|b|\n|c|d|\n\n"), "holes": lambda size: "# Q {#q}\n\n" + "{{c1::a {{c2::b}} " * (min(size, NOTE) // 20), "tags": count("# Q~ {#q~}\n\n#tag~\n\n"), "kinds": count("# Q~ {#q~ .kind~}\n\nx\n\n")},
    ),
    "where": Reader(
        ask,
        200_000,
        {"words": repeat("a "), "brackets": repeat("("), "minus": repeat("-"), "or": repeat("a or "), "open quote": repeat(" ", '"'), "stars": lambda size: "tag:" + "*a" * (size // 2), "spaces": repeat(" ", "a", "b")},
    ),
    "imported HTML": Reader(
        convert_html,
        100_000,
        {
            r"\(": repeat(r"\("), r"\[": repeat(r"\["), "[latex]": repeat("[latex]"), "<anki-mathjax": repeat("<anki-mathjax "),
            "<pre>": repeat("<pre>"), "<code>": repeat("<code>a "), "<": repeat("<"), "&": repeat("&amp"),
            "{{c1::": repeat("{{c1::a"), "<br>": repeat("<br> "), "<b>": repeat("<b>"), "<div>": repeat("<div>a"), "<!--": repeat("<!--"),
            "[sound:": repeat("[sound:a"), "spaces": repeat(" ", "a", "b"), "rows": repeat("<table><tr><td>"), "backslashes": repeat("\\"), "words": repeat("a "), "items": repeat("<li>a"), "stars": repeat("*"), "<br> with &nbsp;": repeat("&nbsp; ", "<br>"),
        },
    ),
    "imported HTML with holes": Reader(
        lambda text: convert_html(text, cloze=True),
        100_000,
        {"{{c1::": repeat("{{c1::a"), "{{c1::}}": repeat("{{c1::a}} "), "nested": lambda size: "{{c1::" * (size // 8) + "}}" * (size // 8), "in code": repeat("<code>{{c1::a}}</code>")},
    ),
    "imported Markdown": Reader(
        convert_markdown,
        200_000,
        {
            "backticks": repeat("`a"), "fences": repeat("```\na\n"), "dollars": repeat("$a"), "$$": repeat("$$"), "![[": repeat("![["), "[[": repeat("[[a"), "![": repeat("![a]("), "[": repeat("[a](b"), "<": repeat("<a "),
            "==": repeat("==a"), "%%": repeat("%%a"), "definitions": repeat("[a]: b\n"), "[a][b": repeat("[a]["), "spaces": repeat(" ", "a", "^b"), "callouts": repeat("> [!note] a\n"), "- - -": repeat("- "), "tabs": repeat("\t", "", "x"), "image with spaces": repeat(" ", "![a](b"), "definition with spaces": repeat(" ", "[a]:"),
        },
    ),
    "Obsidian": Reader(
        read_notes,
        200_000,
        {"::": repeat("a::b\n"), "lines": repeat("a\n"), "?": repeat("a\n?\nb\n\n"), "==": repeat("==a== "), "open ==": repeat("==a "), "#": repeat("#a "), "headings": repeat("# a\n"), "fences": repeat("```\n"), "<!--": repeat("<!--"), "{{": repeat("{{a ")},
    ),
    "Anki's template": Reader(
        fill, 200_000, {"{{": repeat("{{"), "{{a": repeat("{{a "), "{{#a}}": repeat("{{#a}}"), "<!--": repeat("<!--"), "{{a}}": repeat("{{a}}"), "filters": repeat("a:", "{{", "b}}"), "other braces": repeat("{{=<% %>=}}")}
    ),
    "Anki's holes": Reader(
        lambda text: show_holes(text, 1, asked=True),
        200_000,
        {"{{c1::": repeat("{{c1::"), "{{c1::a}}": repeat("{{c1::a}}"), "}}": repeat("}}"), r"\(": repeat(r"\(", "{{c1::a}}"), "areas": repeat(":a=b", "{{c1::image-occlusion:rect", "}}"), "areas, open": repeat(":a", "{{c1::image-occlusion:rect", "}}"), "backslashes": repeat("\\", "{{c1::image-occlusion:rect:a=", "}}"), "numbers": lambda size: "{{c" + "1," * (size // 2) + "::a}}", "digits": lambda size: "{{c" + "1" * (size // 50) + "::a}}"},
    ),
    "compared texts": Reader(
        lambda text: compare_words(text, text[::-1]),
        100_000,
        {"same words": repeat("a b "), "other words": lambda size: " ".join(map(str, range(size // 6))), "one word": repeat("ab"), "lines": repeat("a\n")},
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Try:
    """How long a text took, in seconds of computing, and why it came to no end (or empty)."""

    seconds: float
    ended: str = ""


def try_text(read: Callable[[str], object], text: str, longest: float = LONGEST) -> Try:
    """Read a text in a process of its own."""
    child = os.fork()
    if not child:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(longest) + 1, int(longest) + 1))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            read(text)
            status = 0
        finally:
            os._exit(status)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    if os.WIFSIGNALED(status):
        late = seconds >= longest
        return Try(seconds, f"over {longest:g} s" if late else f"signal {os.WTERMSIG(status)}")
    return Try(seconds, "a traceback" if os.WEXITSTATUS(status) else "")


FLOOR, STEEP = 1.0, 9.0
"""What takes less than a second is not asked how it grows; fourfold text may take ninefold time."""


def main() -> None:
    """Print a line for each family; exit with 1 where one crashes, hangs or grows too fast."""
    asked = set(sys.argv[1:])
    bad = count = 0
    slowest = 0.0
    print("| reader | text | characters | s at a quarter | at a half | at all | growth |")
    print("|---|---|--:|--:|--:|--:|--:|", flush=True)
    for name, reader in READERS.items():
        if asked and name not in asked:
            continue
        read_nothing = try_text(reader.read, "x").seconds
        for family, make in reader.families.items():
            texts = [make(reader.most // part) for part in (4, 2, 1)]
            tries = [try_text(reader.read, text) for text in texts]
            first, *_, last = (max(one.seconds - read_nothing, 0.001) for one in tries)
            ended = next((one.ended for one in tries if one.ended), "")
            steep = last > FLOOR and last / first > STEEP
            bad += bool(ended or steep)
            count += 1
            slowest = max(slowest, last)
            growth = ended or (f"{last / first:.1f}" if last > FLOOR else "")
            row = (name, family, f"{len(texts[-1]):,}", *(f"{one.seconds:.2f}" for one in tries))
            cells = (cell.replace("|", "\\|") for cell in (*row, growth))
            print(f"| {' | '.join(cells)} |{'  <--' if ended or steep else ''}", flush=True)
    print(f"\n{count} families, the slowest {slowest:.1f} s, {bad} that grow too fast or end badly")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
