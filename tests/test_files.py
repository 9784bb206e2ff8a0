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
