"""The examples of the CommonMark spec say what they say in markdown-it, are refused, or differ on purpose."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString
from markdown_it import MarkdownIt

from deckpress.markdown.outline import read_outline
from deckpress.markdown.parser import read_markdown
from deckpress.markup.elements import Html, element, void
from deckpress.markup.elements import text as words
from deckpress.markup.html import Target, write_html
from deckpress.model.words import Words
from deckpress.tree.node import Node

EXAMPLES = Path(__file__).parent / "cases/commonmark.txt"
BLOCKS = frozenset(
    {"blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"}
    | {"table", "td", "tr", "ul"}
)

MARKDOWN_IT = MarkdownIt("commonmark")

LEAST_EQUAL = 545
"""How many of them must not be lost to rules that refuse what other dialects mean."""

ON_PURPOSE: dict[str, tuple[int, ...]] = {
    "a table is laid out as those of Markdown, in a box as wide as the page": (149, 160, 192),
    "<del> is struck out as ~~ is": (168, 169),
    "<div> has no look here, so its words are paragraphs": (187, 190),
    "an image without a description has an empty one": (477,),
}
"""Why an example is shown otherwise than by markdown-it, though no mistake is told."""


def read_examples() -> list[str]:
    """Return the Markdown of the examples, the first at 0."""
    text = EXAMPLES.read_bytes().decode("utf-8")
    return [part.replace("→", "\t") for part in re.split(r"^==== \d+\n", text, flags=re.M)[1:]]


def show_image(node: Node) -> Html:
    """Write an image as markdown-it does."""
    return void("img", src=node.get("src"), alt=node.text, title=node.get("title") or None)


TARGET = Target(
    text=words,
    formula=lambda pieces, display: element("x-formula"),
    image=show_image,
    player=lambda node, alone: element("x-player"),
    hole=lambda number, hint, inner: element("x-hole"),
    cloze=False,
    words=Words(),
)


def _strip(text: NavigableString) -> str:
    """Return what a reader sees of a text: no space at the edges of blocks."""
    shown = re.sub(r"[ \t]*\n[ \t]*", "\n", str(text))
    before, after = (getattr(n, "name", "") for n in (text.previous_sibling, text.next_sibling))
    if text.previous_sibling is None or before in BLOCKS:
        shown = shown.lstrip("\n ")
    if text.next_sibling is None or after in BLOCKS:
        shown = shown.rstrip("\n ")
    return shown


def bare(html: str) -> str:
    """Bring HTML to what it says, whoever wrote it.

    Left out are colours and language of code, the box around it, comments, and how an address is
    written: ours stays as its author wrote it, for Anki looks files up by their plain names. An
    image alone is a figure, whose title is its caption.
    """
    soup = BeautifulSoup(re.sub(r"<!--+>|<!--.*?-->", "", html, flags=re.S), "html.parser")
    for box in soup.find_all("div", class_="highlight"):
        box.unwrap()
    for caption in soup.find_all("figcaption"):
        caption.decompose()
    for figure in soup.find_all("figure"):
        figure.name = "p"
    for code in soup.find_all("code"):
        text = code.get_text()
        code.attrs, code.string = {}, text.rstrip("\n") if code.find_parent("pre") else text
    for tag in soup.find_all(href=True) + soup.find_all(src=True):
        name = "href" if tag.has_attr("href") else "src"
        tag[name] = MARKDOWN_IT.normalizeLink(str(tag[name]))
    written: list[str] = []

    def write(parent: Tag, pre: bool) -> None:
        for child in parent.children:
            if isinstance(child, Tag):
                attrs = "".join(f" {key}={value}" for key, value in sorted(child.attrs.items()))
                written.append(f"<{child.name}{attrs}>")
                write(child, pre or child.name == "pre")
                written.append(f"</{child.name}>")
            elif isinstance(child, NavigableString) and not isinstance(child, Comment):
                written.append(str(child) if pre else _strip(child))

    write(soup, False)
    return "".join(written)


def judge(text: str) -> str:
    """Say what becomes of Markdown: equal, refused, told (advice), or what is shown for what."""
    read = read_markdown(text, "a.md")
    told = [*read.problems, *read_outline(text, "a.md").problems]
    if any(problem.severity == "mistake" for problem in told):
        return "refused"
    ours, theirs = (bare(h) for h in (write_html(read.nodes, TARGET), MARKDOWN_IT.render(text)))
    if ours == theirs:
        return "equal"
    return "told" if told else f"{ours!r} for {theirs!r}"


def test_the_examples() -> None:
    """What none of them may do is say something else without a word."""
    found = {number: judge(text) for number, text in enumerate(read_examples(), 1)}
    usual = ("equal", "refused", "told")
    counts = Counter(each if each in usual else "on purpose" for each in found.values())
    purposes = {number: why for why, numbers in ON_PURPOSE.items() for number in numbers}
    unlike = {number: each for number, each in found.items() if each not in usual}
    assert {number: each for number, each in unlike.items() if number not in purposes} == {}
    assert sorted(purposes) == sorted(unlike)
    assert counts["equal"] >= LEAST_EQUAL, counts
