"""Markup is made by builders alone: elements of HTML and SVG, and the literals of Typst."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst

from attacks import STRINGS
from deckpress.markup.elements import (
    Html,
    attributes,
    element,
    html,
    join,
    put_attributes,
    quoted,
    shape,
    substitute,
    text,
    void,
)
from deckpress.math.typst_code import arguments, call, define, document, in_math, length, name
from deckpress.math.typst_code import join as join_typst
from test_floors import PACKAGE, modules

WRITING = (
    "anki", "cli", "companies", "decks", "editor", "exporters", "markup", "math", "model",
    "pipeline", "preview",
)  # fmt: skip
"""The floors that write outputs; `importing` writes Markdown, which is read as an author's is."""
BUILDERS = ("markup.elements", "math.typst_code")
AUTHOR_S_OWN = ("editor.quick_fixes", "editor.line_fixes", "editor.block_fixes")
"""Write Markdown into the author's cards, which is read as an author's is."""
ANKI_S_OWN = "anki.drawing"
"""Draws what Anki draws, letter by letter: there, what a field holds is HTML."""

TRUSTED = {
    "markup.jinja": "what a template made, which escapes values itself",
    "markup.html": "code as Pygments colours it",
    "anki.fields": "entities that stand for signs, as constants",
    "anki.note": "an entity that stands for a backslash",
    "anki.push_plan": "fields as Anki has them",
    "exporters.html.company_index": "colours, held against a pattern when they are read",
    "exporters.html.page": "style, script and words of the sheet, each escaped for its place",
    "preview.formulas": "a card as Anki draws it",
}
"""Who calls something HTML that no element made, and what it is."""

OTHERWISE = {("exporters.apkg", "<\0>"): "an address in Markdown, which Anki renders and cleans"}
"""What looks like markup and is none."""

_MARKUP = re.compile(
    r"</?[A-Za-z][\w-]*(?=[\s/>]|$)|</?\0|<[!?/]|[\w-]=\"(?=\0|$)"
    r"|#[a-z\0][\w-]*[\[(]|^#(?:let|show|set|import)\b"
)
_JOINING = ("format", "join", "replace", "sub", "format_map", "substitute")


def pieces(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts that values are put into or beside, a zero for each value, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
            if "\0" in texts:
                yield node.lineno, "".join(map(str, texts))
        if not isinstance(node, ast.expr):
            continue
        sides: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            sides = [node.left, node.right]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            sides = [node.func.value, *node.args] if node.func.attr in _JOINING else []
        for side in sides:
            if isinstance(side, ast.Constant) and isinstance(side.value, str):
                yield node.lineno, side.value


def faults(package: Path) -> list[str]:
    """Say where markup is made past the builders."""
    found = []
    for module, path in modules(package):
        writing = module.partition(".")[0] in WRITING and not module.startswith(ANKI_S_OWN)
        if not writing or module in (*BUILDERS, *AUTHOR_S_OWN):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [
            f"{module}:{number} {written!r}"
            for number, written in pieces(tree)
            if _MARKUP.search(written) and (module, written) not in OTHERWISE
        ]
        for node in ast.walk(tree):
            called = (
                node.func.id
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                else ""
            )
            if called in ("html", "Html") and module not in TRUSTED:
                found.append(f"{module}:{node.lineno} says what is HTML")  # type: ignore[attr-defined]
            if called in ("Code", "Markup", "Math", "Arguments"):
                found.append(f"{module}:{node.lineno} says what is Typst")  # type: ignore[attr-defined]
    return found


def test_markup_is_made_by_the_builders() -> None:
    """No f-string and no joining of texts writes a tag, an attribute or a call of Typst."""
    assert faults(PACKAGE) == []


@pytest.mark.parametrize(
    "line",
    [
        'def f(x): return f"<b>{x}</b>"',
        "def f(x): return '<a href=\"' + x + '\">'",
        'def f(x): return "<li>%s</li>" % x',
        'def f(x): return "</td><td>".join(x)',
        'def f(x): return "<p>{}</p>".format(x)',
        'def f(x, y): return f"<{x}>{y}"',
        "def f(x): return f'title=\"{x}\"'",
        'def f(x): return f"#link({x});"',
        'def f(x): return f"#{x}[a];"',
        'def f(x): return "#strong[" + x + "]"',
        'def f(x): return f"#let a = {x}"',
        'from deckpress.markup.elements import html\ndef f(x): return html(x)',
        'from deckpress.math.typst_code import Code\ndef f(x): return Code(x)',
    ],
)  # fmt: skip
def test_planted_markup_is_found(tmp_path: Path, line: str) -> None:
    """Whoever goes past the builders is told."""
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks/deck.py").write_text(f"{line}\n", encoding="utf-8")
    assert len(faults(tmp_path)) == 1


def test_only_those_who_need_to_say_what_is_html() -> None:
    """The list of those has nobody too many."""
    for module, path in modules(PACKAGE):
        if module in TRUSTED and module != "anki.note":
            assert re.search(r"\bhtml\(", path.read_text(encoding="utf-8")), module


@pytest.mark.parametrize("words", [words for words in STRINGS[::7] if "\t" not in words])
def test_no_value_leaves_its_place_in_html(words: str) -> None:
    """Whatever is given as text or as an attribute's value is read back as that."""
    made = element("p", words, element("b", words), open=True, title=words, data_x=quoted(words))
    # Attributes without a value are no XML.
    read = ElementTree.fromstring(str(made).replace(" open", ' open=""', 1))
    assert (read.text, read[0].text) == (words, words)
    assert dict(read.attrib) == {"title": words, "data-x": words, "open": ""}
    read = ElementTree.fromstring(f"<p>{shape('use', href=words)}</p>")
    assert read[0].get("href") == words
    put = put_attributes(element("p", "x"), 2, lang=words)
    assert ElementTree.fromstring(put).get("lang") == words
    assert ElementTree.fromstring(f"<p {attributes(lang=words)}/>").get("lang") == words
    assert ElementTree.fromstring(f"<p>{join([words, 'x'], words)}</p>").text == f"{words}{words}x"
    swapped = substitute(re.compile("x"), lambda match: words, html("<p>x</p>"))
    assert ElementTree.fromstring(swapped).text == words


def test_html_stays_and_text_does_not() -> None:
    """What an element made goes into the next as it is; to join it with text makes text of it."""
    bold = element("b", "a & b")
    assert element("p", bold, " & c") == "<p><b>a &amp; b</b> &amp; c</p>"
    assert type(element("p", bold)) is Html
    assert element("p", f"{bold}") == "<p>&lt;b&gt;a &amp;amp; b&lt;/b&gt;</p>"
    assert text(bold) is bold
    assert void("img", src="a", alt="", title=None, hidden=False) == '<img src="a" alt="">'
    assert element("p", title=html('a &amp; "b"')) == '<p title="a &amp; &quot;b&quot;"></p>'


@pytest.mark.parametrize("word", ["a b", "a>", 'x="', "", "1a", "a/b", "å"])
def test_names_are_names(word: str) -> None:
    """Nothing that comes from a card can be the name of an element, an attribute or a function."""
    with pytest.raises(ValueError, match="name"):
        element(word)
    with pytest.raises(ValueError, match="name"):
        void("img", **{word: "x"})
    with pytest.raises(ValueError, match="name"):
        call(word)
    with pytest.raises(ValueError, match="name"):
        name(word)


def test_no_value_leaves_its_place_in_typst() -> None:
    """Words are strings of Typst wherever they stand: in markup, in code, in formulas."""
    hostile = [
        *STRINGS[::20],
        '"',
        "\\",
        '\\"',
        "#panic()",
        "$",
        "]",
        ")",
        "*/",
        "//",
        "\n\x00\x9f",
    ]
    parts = [call("strong", body=join_typst([words, call("link", words, body=join_typst([words]))]))
             for words in hostile]  # fmt: skip
    told = call(
        "metadata", [*hostile, {words: words for words in hostile}, (hostile[0], True, None, 1)]
    )
    formulas = [call("f", in_math("op", words)) for words in hostile]
    source = (
        define("given", hostile)
        + "#let f(body) = body\n#let sheet(title: none, body) = [#metadata(title)<title>#body]\n"
        + document((), "sheet", arguments(title=hostile[0]), (*parts, *formulas, told))
        + "#metadata(given)<given>\n"
    )
    wanted = (("<given>", hostile), ("<title>", hostile[0]))
    for label, value in wanted:
        found = typst.Compiler(source.encode()).query(label, field="value")
        assert json.loads(found) == [value]


@pytest.mark.parametrize("words", ["1em; #panic()", "auto", "1 em", "-1pt", "1e9pt", ""])
def test_lengths_are_lengths(words: str) -> None:
    """A theme's length is one, or there is no source."""
    with pytest.raises(ValueError, match="length"):
        length(words)
