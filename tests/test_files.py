"""Files as they should not be: empty, foreign, unreadable; each is a mistake at its place."""

from __future__ import annotations

import pytest

from conftest import Sources
from deckpress import prepare
from deckpress.problem import SourceError

NO_QUESTION = "no question here (a note begins with # and it)"
NOT_UTF8 = "this is not UTF-8 (save the file as UTF-8)"
NOTE = "# Q? {#q}\n\nA.\n"


def mistakes(sources: Sources) -> list[str]:
    """Return the mistakes of a deck, a line each."""
    with pytest.raises(SourceError) as caught:
        prepare(sources.root)
    return [str(problem).removeprefix("cards/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"\xef\xbb\xbf", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"\n\n\n", f"one/a.md:1:1: {NO_QUESTION}"),
        (b"---\ntags: [a]\n---\n", f"one/a.md:1:1: {NO_QUESTION}"),
        ("# Q {#q}\n\né\n".encode("latin-1"), f"one/a.md:3:1: {NOT_UTF8}"),
        (NOTE.encode("utf-16"), f"one/a.md:1:1: {NOT_UTF8}"),
    ],
    ids=["empty", "mark", "newlines", "front matter", "latin-1", "utf-16"],
)
def test_a_file_without_a_question(sources: Sources, content: bytes, line: str) -> None:
    """One mistake says what there is to say."""
    sources.write("one/a.md", content)
    assert mistakes(sources) == [line]


@pytest.mark.parametrize("escape", [r"\x1f", r"\0", r"\ue010", r"\ud800"])
def test_characters_that_escapes_bring_in(sources: Sources, escape: str) -> None:
    """YAML can say what its text may not hold: a mistake at the value, or at the key."""
    front = f'---\ntags: [a]\nsources:\n  - title: "a{escape}"\n---\n'
    sources.write("one/a.md", front + NOTE)
    assert [line.partition(" (")[0] for line in mistakes(sources)] == [
        f"one/a.md:4:12: the character U+{int(escape[1:].strip('xu'), 16):04X} cannot stand in a card"
    ]
    sources.write("one/a.md", f'---\n"a{escape}": b\n---\n{NOTE}')
    assert mistakes(sources)[0].startswith("one/a.md:2:1: the character U+")


@pytest.mark.parametrize(
    "text",
    [r'a: "\UFFFFFFFF"', r'a: "\U00110000"', f"%YAML {'9' * 5000}.1\n--- a"],
)
def test_numbers_that_yaml_cannot_hold(sources: Sources, text: str) -> None:
    """What trips the reader of YAML is the author's mistake."""
    sources.write("one/a.md", NOTE)
    sources.write("companies.yaml", text)
    (line,) = mistakes(sources)
    assert line.startswith("companies.yaml:1:")
