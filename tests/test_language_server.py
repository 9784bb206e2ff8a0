"""The language server, over the pipes that an editor has: no editor, a scripted client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import DECK_YAML, Sources
from deckpress.editor.context import context_at
from lsp_client import LspClient

FILES = {
    "companies.yaml": "companies:\n"
    "  - slug: meta\n    name: Meta\n    aliases: [facebook]\n"
    "    facts:\n      - {key: asked-1, kind: asked, source: guide, says: Why ranking}\n"
    "    emphasis:\n      - {tags: [ranking], source: guide, says: Ranking matters.}\n",
    "sources.yaml": "sources:\n  guide: {title: A guide, grade: A, site: example.org}\n",
    "bibliography.yaml": "references:\n  - id: vaswani2017\n    type: book\n    title: Attention\n"
    "    author: [{family: Vaswani, given: A.}]\n    issued: {date-parts: [[2017]]}\n",
    "coverage/list.yaml": "title: A list\nitems:\n  - {id: item-1, type: concept, topic: Ranking}\n",
    "one/pic.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "media/shared.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
    "one/a.md": "---\ndifficulty: easy\ntags: [ranking, Gpu]\ncompanies: {meta: asked-1}\n"
    "covers: [item-1]\nsources: [vaswani2017]\n---\n"
    "# What is *ranking*? {#ranking}\n\nThe short answer, 😀 $x$.\n\nMore [@vaswani2017, p. 3].\n\n"
    "![a dot](pic.svg)\n\n# Second? {#second .reversed}\n\nAnother.\n",
    "two/b.md": "# Third? {#third tags=gpu-x}\n\nText.\n",
}


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck with everything that a card can name."""
    for name, text in FILES.items():
        sources.write(name, text)
    return sources


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LspClient]:
    """Return a client whose server has that deck, for the tests that leave the disk alone."""
    folder = tmp_path_factory.mktemp("deck")
    for name, text in {**FILES, "deck.yaml": DECK_YAML}.items():
        path = folder / "cards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    opened = LspClient(folder)
    yield opened
    assert "Traceback" not in opened.close()


@pytest.fixture
def client(shared: LspClient) -> Iterator[LspClient]:
    """Return that client; what a test has opened is closed behind it."""
    assert [uri for uri, problems in shared.problems.items() if problems] == []
    yield shared
    shared.close_all()


@pytest.fixture
def own(deck: Sources) -> Iterator[LspClient]:
    """Return a client of the test's own, for a deck whose files it writes."""
    opened = LspClient(deck.folder)
    yield opened
    assert "Traceback" not in opened.close()


def said(problems: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    """Return rule, line, start and end of problems."""
    return [
        (p["code"], p["range"]["start"]["line"], p["range"]["start"]["character"], p["range"]["end"]["character"])
        for p in problems
    ]  # fmt: skip


def test_mistakes_while_typing(client: LspClient) -> None:
    """Text that is not saved is underlined, mistakes and advice; mending it takes the line away."""
    assert client.open("cards/one/a.md") == []
    problems = client.type("cards/one/a.md", 9, 23, "\\nope")
    assert said(problems) == [("unreadable-formula", 9, 23, 28)]
    assert (problems[0]["severity"], problems[0]["source"]) == (1, "deckpress")
    problems = client.type("cards/one/a.md", 9, 0, "==")
    assert said(problems) == [("unclosed-mark", 9, 0, 2), ("unreadable-formula", 9, 25, 30)]
    assert [each["severity"] for each in problems] == [2, 1]
    client.type("cards/one/a.md", 9, 0, "", over=2)
    assert client.type("cards/one/a.md", 9, 23, "", over=5) == []
    assert "nope" not in (client.folder / "cards/one/a.md").read_text(encoding="utf-8")
    assert said(client.type("cards/one/a.md", 1, 12, "x")) == [("unknown-value", 1, 0, 10)]


def test_what_only_two_files_show(client: LspClient) -> None:
    """An id, a question, a tag of another file: told while typing, in each file that is at fault."""
    assert client.open("cards/two/b.md") == []
    problems = client.type("cards/two/b.md", 0, 11, "second", over=5)
    assert said(problems) == [("id-twice", 0, 0, 29)]
    assert problems[0]["message"].startswith("the id 'second' is taken by cards/one/a.md:16:1")
    assert client.type("cards/two/b.md", 0, 11, "third", over=6) == []
    assert said(client.type("cards/two/b.md", 0, 22, "gpu", over=5)) == [("tag-capitals", 0, 0, 26)]
    assert said(client.type("cards/two/b.md", 0, 2, "Second", over=5)) == [
        ("question-twice", 0, 0, 27),
        ("tag-capitals", 0, 0, 27),
    ]
    client.close_all()
    assert client.settle("cards/two/b.md") == []


def test_the_other_file_is_told(client: LspClient) -> None:
    """The file that comes later in reading order is at fault, also when the earlier one is typed."""
    client.open("cards/one/a.md")
    client.type("cards/one/a.md", 15, 12, "third", over=6)
    assert said(client.settle("cards/two/b.md")) == [("id-twice", 0, 0, 28)]
    client.type("cards/one/a.md", 15, 12, "second", over=5)
    assert client.settle("cards/two/b.md") == []


def test_saving_tells_the_rest(own: LspClient, deck: Sources) -> None:
    """What the deck as a whole and its ledger mind is told when something is saved."""
    deck.build()
    own.tell("workspace/didChangeWatchedFiles", changes=[{"uri": own.uri("cards/deck.lock"), "type": 1}])  # fmt: skip
    own.open("cards/two/b.md")
    own.type("cards/two/b.md", 0, 0, "# Third {#third}\n\n{{c1::Text}}.\n", over=99)
    assert said(own.save("cards/two/b.md")) == [("note-type-changed", 0, 0, 16)]
    own.type("cards/two/b.md", 0, 0, "\n")
    assert said(own.problems[own.uri("cards/two/b.md")]) == [("note-type-changed", 1, 0, 16)]
    own.type("cards/two/b.md", 1, 15, " replaces=x")
    own.save("cards/two/b.md")
    told = said(own.problems[own.uri("cards/two/b.md")])
    assert [rule for rule, *_ in told] == ["note-type-changed", "unknown-retired"]
    own.open("cards/one/a.md")
    own.type("cards/one/a.md", 4, 0, "", over=99)
    own.save("cards/one/a.md")
    assert said(own.problems[own.uri("cards/coverage/list.yaml")])[0][0] == "uncovered-item"


def test_files_beside_the_cards(own: LspClient, deck: Sources) -> None:
    """The shape of YAML files is held to while typing; a changed category is known at once."""
    assert own.open("cards/deck.yaml") == []
    assert said(own.type("cards/deck.yaml", 0, 5, "s")) == [("unknown-key", 0, 0, 6)]
    (fix,) = own.actions("cards/deck.yaml", 0)
    assert own.apply("cards/deck.yaml", fix).startswith("title: Small Deck\n")
    assert own.type("cards/deck.yaml", 0, 5, "", over=1) == []
    own.type("cards/deck.yaml", 5, 11, "three", over=3)
    own.save("cards/deck.yaml")
    assert said(own.problems[own.uri("cards/two/b.md")])[0][0] == "unknown-category"


def test_files_made_and_deleted(own: LspClient, deck: Sources) -> None:
    """What another program does to the folder is taken in."""
    path = deck.write("two/c.md", "# Second? {#c}\n\nText.\n")
    changes = [{"uri": path.resolve().as_uri(), "type": 1}]
    own.tell("workspace/didChangeWatchedFiles", changes=changes)
    own.settle("cards/two/c.md")
    assert said(own.problems[own.uri("cards/two/c.md")]) == [("question-twice", 0, 0, 14)]
    path.unlink()
    own.tell("workspace/didChangeWatchedFiles", changes=[{"uri": changes[0]["uri"], "type": 3}])
    own.settle("cards/two/c.md")
    assert own.problems[own.uri("cards/two/c.md")] == []


COMPLETIONS = [
    ("---\n|\n---\n", ["category", "tags", "difficulty"], []),
    ("---\ndif|\n---\n", ["difficulty"], ["tags"]),
    ("---\ndifficulty: |\n---\n", ["easy", "medium", "hard"], ["tags"]),
    ("---\ncategory: t|\n---\n", ["two"], ["one"]),
    ("---\ntags: [x, ra|]\n---\n", ["ranking"], ["Gpu"]),
    ("---\ntags:\n  - G|\n---\n", ["Gpu", "gpu-x"], ["ranking"]),
    ("---\ncompanies: [m|]\n---\n", ["meta"], []),
    ("---\ncompanies:\n  m|\n---\n", ["meta"], []),
    ("---\ncompanies:\n  meta: |\n---\n", ["asked-1"], ["meta"]),
    ("---\ncompanies: {meta: a|}\n---\n", ["asked-1"], ["meta"]),
    ("---\nsources: [va|]\n---\n", ["vaswani2017"], []),
    ("---\ncovers: [|]\n---\n", ["item-1"], []),
    ("---\nkind: re|\n---\n", ["reversed"], ["basic"]),
    ("# A brand new card {#|\n", ["a-brand-new-card"], []),
    ("# A {#x .c|}\n", [".cloze", ".coding"], [".basic"]),
    ("# A {#x dif|}\n", ["difficulty="], ["tags="]),
    ("# A {#x difficulty=|}\n", ["easy"], ["ranking"]),
    ("# A {#x tags=one,ra|}\n", ["ranking"], ["Gpu"]),
    ("# A {#x}\n\nText [@v|]\n", ["vaswani2017"], []),
    ("# A {#x}\n\n![alt](|)\n", ["pic.svg", "shared.svg"], []),
    ("# A {#x}\n\n![alt](p|)\n", ["pic.svg"], ["shared.svg"]),
    ("# A {#x}\n\n```pyt|\n", ["python"], ["rust"]),
    ("# A {#x}\n\n## P|\n", ["Pitfalls"], ["Hint"]),
    ("# A {#x}\n\n<!-- allow: no-l|\n", ["no-list"], ["no-table"]),
    ("# A {#x}\n\n```python\n# [@v|\n```\n", [], ["vaswani2017"]),
    ("# A {#x}\n\nPlain wor|\n", [], ["vaswani2017", "ranking"]),
]


def test_completion(client: LspClient) -> None:
    """At every place what can stand there is proposed, and nothing that cannot."""
    for number, (text, wanted, unwanted) in enumerate(COMPLETIONS):
        name = f"cards/one/new-{number}.md"
        before = text[: text.index("|")]
        client.open(name, text.replace("|", "", 1))
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        words = client.words(name, line, column)
        assert (text, set(wanted) - set(words)) == (text, set())
        assert (text, set(unwanted) & set(words)) == (text, set())


def test_completion_beside_the_cards(client: LspClient) -> None:
    """Ids in `core`, sources of facts, tags and categories of emphasis; titles are shown."""
    client.open("cards/deck.yaml")
    client.type("cards/deck.yaml", 6, 0, "core: [se")
    assert client.words("cards/deck.yaml", 6, 9) == ["second"]
    client.open("cards/companies.yaml")
    client.type("cards/companies.yaml", 7, 0, "      - {tags: [rank], source: gu")
    found = client.at("completion", "cards/companies.yaml", 7, 33)["items"]
    assert [(item["label"], item["detail"]) for item in found] == [("guide", "A guide")]
    edit = found[0]["textEdit"]
    assert (edit["newText"], edit["range"]["start"]["character"]) == ("guide", 31)
    assert "ranking" in client.words("cards/companies.yaml", 7, 20)
    client.open("cards/one/a.md")
    (item,) = client.at("completion", "cards/one/a.md", 5, 15)["items"]
    assert item["detail"].startswith("“")
    assert "Attention" in item["detail"]


def test_quick_fixes(client: LspClient) -> None:
    """A mistake whose hint says what to write offers to write it, the likeliest first."""
    cases = [
        ("# A {#a difficulty=esy}\n\nText.\n", 0, ["# A {#a difficulty=easy}\n\nText.\n"]),
        ("# A {#a}\n\n😀 and [@vaswani2016].\n", 2, ["# A {#a}\n\n😀 and [@vaswani2017].\n"]),
        ("# A {#a}\n\n$\\bm x$ \n", 2, ["# A {#a}\n\n$\\boldsymbol x$ \n"]),
        ("# A {#a}\n\nA __dunder__ b.\n", 2, ["# A {#a}\n\nA `__dunder__` b.\n", "# A {#a}\n\nA **dunder** b.\n", "# A {#a}\n\nA __dunder__ b. <!-- allow: double-underscore -->\n"]),
        ("# A {#a}\n\nText:\n2. b\n", 3, ["# A {#a}\n\nText:\n\n2. b\n", "# A {#a}\n\nText:\n2. b <!-- allow: no-list -->\n"]),
        ("# Alone?\n\nA.\n\n# Both?\n\nB.\n", 4, ["# Alone?\n\nA.\n\n# Both? {#both}\n\nB.\n"]),
        ("# A {#a}\n\n```python\nx = 1\n", 2, ["# A {#a}\n\n```python\nx = 1\n```\n"]),
    ]  # fmt: skip
    for number, (text, line, wanted) in enumerate(cases):
        name = f"cards/one/case-{number}.md"
        assert client.open(name, text)
        actions = client.actions(name, line, "quickfix")
        assert (text, [client.apply(name, action) for action in actions]) == (text, wanted)
        assert [action["isPreferred"] for action in actions] == [True] + [False] * (len(wanted) - 1)
        assert all(action["diagnostics"][0]["code"] for action in actions)


def test_advice_can_be_allowed_in_place(client: LspClient) -> None:
    """What its action writes takes the advice away, and brings nothing else."""
    for number, (text, line) in enumerate(
        [
            ("# A ==b? {#a}\n\nText.\n", 0),
            ("# A {#a}\n\nText ==b.\n", 2),
            ("# A {#a}\n\nText.\n\n| a ==b |\n|---|\n| c |\n", 4),
            ("# A {#a}\n\n- a ==b\n- c\n", 2),
        ]
    ):
        name, text = f"cards/one/allow-{number}.md", text.replace("A", f"Allowed {number}")
        text = text.replace("{#a}", f"{{#allowed-{number}}}")
        (problem,) = client.open(name, text)
        (action,) = [a for a in client.actions(name, line) if a["title"].startswith("allow")]
        assert action["title"] == f"allow {problem['code']} here"
        assert client.open(name, client.apply(name, action)) == []


def test_letters_typed_at_once_are_read_together(client: LspClient) -> None:
    """What is asked in between is answered for the text as it is by then; the last one is told."""
    name = "cards/one/a.md"
    assert client.open(name) == []
    for letter in reversed("\\nope"):
        client.type(name, 9, 23, letter, wait=False)
    hover = client.at("hover", name, 9, 24)
    assert "unknown command '\\nope'" in hover["contents"]["value"]
    assert said(client.problems[client.uri(name)]) == [("unreadable-formula", 9, 23, 28)]
    for _ in range(5):
        client.type(name, 9, 23, "", over=1, wait=False)
    assert client.wait(name) == []


def test_all_safe_fixes_at_once(client: LspClient) -> None:
    """On demand, such as on saving, what `check --fix` would mend is mended."""
    text = (
        "---\nDifficulty: easy\n---\n# Alone?\n\nA.\n\n# Both? {.re-versed}\n\n```pyhton\nx\n```\n"
    )
    client.open("cards/one/x.md", text)
    (action,) = client.actions("cards/one/x.md", 0, "source.fixAll")
    after = client.apply("cards/one/x.md", action)
    assert after.startswith("---\ndifficulty: easy\n---\n# Alone?")
    assert "pyhton" in after


def test_no_id_is_written_twice(client: LspClient) -> None:
    """Two questions that make the same id get different ones, when both are fixed at once."""
    client.open("cards/one/y.md", "# Alone?\n\nYes.\n\n# Alone!\n\nNo.\n")
    (action,) = client.actions("cards/one/y.md", 0, "source.fixAll")
    after = client.apply("cards/one/y.md", action)
    assert "# Alone? {#alone}\n" in after
    assert "# Alone! {#alone-2}\n" in after


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_what_ends_no_line(client: LspClient, sign: str) -> None:
    """Characters that Python takes for ends of lines shift neither places nor what is typed."""
    client.open("cards/one/z.md", f"# Z? {{#z}}\n\n`a{sign}b` x\n\nThis $\\frac$ [@nobody].\n")
    problems = client.type("cards/one/z.md", 4, 5, "==here ")
    assert [one[1] for one in said(problems) if one[0] == "unclosed-mark"] == [4]
    assert client.at("hover", "cards/one/z.md", 4, 6)["range"]["start"]["line"] == 4


def test_hover(client: LspClient) -> None:
    """A heading and an id show the card; a work, a company, a tag what they are; a problem why."""
    client.open("cards/one/a.md")

    def text(line: int, column: int, name: str = "cards/one/a.md") -> str:
        found = client.at("hover", name, line, column)
        return found["contents"]["value"] if found else ""

    card = text(7, 10)
    assert card.startswith("**What is ranking?**\n\nThe short answer, 😀")
    assert card.endswith("`ranking` · basic · one · easy · Gpu · ranking")
    assert "Attention" in text(11, 10)
    assert text(3, 13) == "**Meta**"
    assert text(3, 20) == "Why ranking"
    assert text(2, 9) == "the tag `ranking`: 2 notes"
    assert text(4, 11) == "Ranking"
    assert text(11, 1) == ""
    client.type("cards/one/a.md", 9, 23, "\\nope")
    assert "**unreadable-formula**: A formula is not LaTeX that can be shown." in text(9, 25)
    client.open("cards/deck.yaml")
    client.type("cards/deck.yaml", 6, 0, "core: [second]")
    assert text(6, 9, "cards/deck.yaml").startswith("**Second?**\n\nAnother.")


def test_definitions_and_symbols(client: LspClient) -> None:
    """From a key to where it is described, from an id to its note, from a figure to its file."""
    client.open("cards/one/a.md")

    def target(line: int, column: int, name: str = "cards/one/a.md") -> tuple[str, int]:
        found = client.at("definition", name, line, column)
        return (found["uri"].removeprefix(client.uri("cards/")), found["range"]["start"]["line"]) if found else ("", 0)  # fmt: skip

    assert target(5, 14) == ("bibliography.yaml", 1)
    assert target(11, 10) == ("bibliography.yaml", 1)
    assert target(13, 12) == ("one/pic.svg", 0)
    assert target(3, 13) == ("companies.yaml", 1)
    assert target(4, 11) == ("coverage/list.yaml", 2)
    assert target(9, 4) == ("", 0)
    client.open("cards/deck.yaml")
    client.type("cards/deck.yaml", 6, 0, "core: [third]")
    assert target(6, 9, "cards/deck.yaml") == ("two/b.md", 0)
    client.open("cards/companies.yaml")
    assert target(5, 45, "cards/companies.yaml") == ("sources.yaml", 1)
    found = client.ask("textDocument/documentSymbol", textDocument={"uri": client.uri("cards/one/a.md")})  # fmt: skip
    lines = [(s["name"], s["detail"], s["range"]["start"]["line"], s["range"]["end"]["line"]) for s in found]  # fmt: skip
    assert lines == [("What is ranking?", "ranking", 7, 14), ("Second?", "second", 15, 18)]


def test_columns_are_the_editor_s(deck: Sources) -> None:
    """By default an editor counts UTF-16; one that asks for UTF-32 gets characters."""
    text = "# A {#a}\n\n😀😀 $\\nope$\n"
    for encodings, column in (([], 6), (["utf-32"], 4)):
        general = {"general": {"positionEncodings": encodings}} if encodings else {}
        client = LspClient(deck.folder, **general)
        assert said(client.open("cards/one/x.md", text)) == [("unreadable-formula", 2, column, column + 5)]  # fmt: skip
        client.close()


def test_a_deck_that_lies_elsewhere(deck: Sources, tmp_path: Path) -> None:
    """The deck of a file is the nearest folder above it with a deck.yaml; other files have none."""
    watching = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    client = LspClient(tmp_path.parent, workspace=watching)
    name = f"{tmp_path.name}/cards/two/b.md"
    assert client.open(name) == []
    assert said(client.type(name, 2, 0, "$\\nope$ ")) == [("unreadable-formula", 2, 1, 6)]
    client.tell("textDocument/didOpen", textDocument={"uri": client.uri("x.md"), "languageId": "markdown", "version": 1, "text": "# A {"})  # fmt: skip
    assert client.words("x.md", 0, 5) == []
    (asked,) = client.asked
    assert asked["method"] == "client/registerCapability"
    client.close()


def test_windows_line_ends(client: LspClient) -> None:
    """A text with CRLF has its mistakes in the same places."""
    text = "# A {#a}\r\n\r\nText\r\n\r\n$\\nope$\r\n"
    assert said(client.open("cards/one/x.md", text)) == [("unreadable-formula", 4, 1, 6)]


@pytest.mark.parametrize(
    ("text", "region", "keys"),
    [
        ("---\na:\n  - b: |\n---\n", "front matter", ("a", "b")),
        ("---\na:\n- |\n---\n", "front matter", ("a",)),
        ("---\na: {b: |}\n---\n", "front matter", ("a", "b")),
        ("---\na: 1\n---\n|\n", "body", ()),
        ("---\na: [|\n", "front matter", ("a",)),
        ("# A {#b c=|", "heading", ("c",)),
        ("# A {#b} |", "body", ()),
        ("```\n|", "code", ()),
        ("```\nx\n```\n|", "body", ()),
        ("````\n```\n|", "code", ()),
    ],
)
def test_where_a_position_is(text: str, region: str, keys: tuple[str, ...]) -> None:
    """Front matter, headings, code and words are told apart, also where something is unfinished."""
    before = text[: text.index("|")]
    lines = text.replace("|", "", 1).split("\n")
    offset = len(before) - before.rfind("\n") - 1
    at = context_at(lines, before.count("\n"), offset, card=True)
    assert (at.region, at.keys) == (region, keys)


def test_help_reads_nothing_of_it(sources: Sources) -> None:
    """Neither --help nor another command imports the server or its libraries."""
    import subprocess
    import sys

    for arguments in (["--help"], ["lsp", "--help"]):
        code = (
            "import sys\n"
            f"sys.argv[1:] = {arguments!r}\n"
            "from deckpress.cli.main import main\n"
            "try:\n    main()\nfinally:\n"
            "    assert not {m for m in sys.modules if m.split('.')[0] in ('pygls', 'lsprotocol', 'cattrs')}\n"
            "    assert not {m for m in sys.modules if m.startswith('deckpress.editor')}\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
