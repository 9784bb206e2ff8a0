"""Tags as people write them: levels, capitals, numbers; asked for as Anki asks for them."""

from __future__ import annotations

from anki_collection import RealAnki
from conftest import Sources
from deckpress import Selection, load, select


def test_tags_reach_anki_and_selections(sources: Sources, anki: RealAnki) -> None:
    """Levels nest in Anki; capitals and levels do not matter to a selection."""
    sources.write("one/a.md", "---\ntags: [Net::tcp_ip, 2024, no]\n---\n# A?\n\nx\n")
    sources.write("one/b.md", "---\ntags: [net]\n---\n# B?\n\nx\n")
    anki.load(sources.build())
    assert {tag for tag in anki.note("a").tags if tag.startswith("topic")} == {
        "topic::2024", "topic::Net::tcp_ip", "topic::no",
    }  # fmt: skip
    assert len(anki.collection.find_notes("tag:topic::net")) == 2
    release = load(sources.root)
    for selection, ids in (
        (Selection(tags=("net",)), ["a", "b"]),
        (Selection(tags=("NET::TCP_IP",)), ["a"]),
        (Selection(where="tag:net::*"), ["a"]),
        (Selection(where="tag:2024"), ["a"]),
    ):
        deck = select(release, selection)
        assert [note.id for note in deck.notes] == ids
        assert ":" not in deck.name
    assert [problem.rule for problem in release.advice] == []
