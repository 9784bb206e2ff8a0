"""`deckpress check --fix`: ids are written where they are missing, and nothing else changes."""

from __future__ import annotations

from conftest import Sources
from deckpress import load
from program import run


def test_ids_are_written_into_the_file_and_nothing_else(sources: Sources) -> None:
    """Made of the question, free, in line with attributes and comments; line ends stay."""
    text = (
        "# What is a *model*, and why?\r\n\r\nA.\r\n\r\n"
        "# What is a model, and why? ##\r\n\r\nX.\r\n\r\n---\r\n\r\nB.\r\n\r\n"
        "# Code {.coding tags=x}\r\n\r\nC.\r\n\r\n"
        "# 心肌梗死 <!-- allow: no-list -->\r\n\r\nD.\r\n\r\n"
        "# Given {#mine}\r\n\r\nE.\r\n\r\n```\r\n# no question\r\n```\r\n"
    )
    path = sources.write("one/card.md", "\ufeff---\r\ntags: [t]\r\n---\r\n" + text)
    sources.write("one/Big Name.md", "# Alone?\n\nA.\n")
    sources.write("one/code.md", "# Another?\n\nA.\n")
    deck = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", deck + "allow: [missing-glyphs]\n")
    done = run(sources.folder, "check", "--fix")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "cards/one/Big Name.md:1:1: wrote {#alone}",
        "cards/one/card.md:4:1: wrote {#what-is-a-model-and-why}",
        "cards/one/card.md:8:1: wrote {#what-is-a-model-and-why-2}",
        "cards/one/card.md:16:1: wrote {#code-2}",
        "cards/one/card.md:20:1: wrote {#card-3f371dbe}",
    ]
    wanted = text.replace("and why?\r\n", "and why? {#what-is-a-model-and-why}\r\n")
    wanted = wanted.replace("and why? ##", "and why? {#what-is-a-model-and-why-2}")
    wanted = wanted.replace("{.coding", "{#code-2 .coding")
    wanted = wanted.replace("死 <!--", "死 {#card-3f371dbe} <!--")
    assert path.read_bytes().decode() == "\ufeff---\r\ntags: [t]\r\n---\r\n" + wanted
    assert len(load(sources.root).notes) == 7
    assert run(sources.folder, "check", "--fix").stderr == ""
    assert not (sources.root / "deck.lock").exists()


def test_an_id_of_the_past_is_not_used_again(sources: Sources) -> None:
    """What the ledger holds is taken, also by cards that are gone; `build` writes no ids."""
    sources.write("one/card.md", "# What? {#what}\n\nA.\n\n# Other? {#other}\n\nB.\n")
    sources.build()
    sources.write("one/card.md", "# What?\n\nA.\n\n# Other? {#other}\n\nB.\n")
    assert run(sources.folder, "build").returncode == 1
    assert "{#what" not in (sources.root / "one/card.md").read_text(encoding="utf-8")
    assert run(sources.folder, "check", "--fix").returncode == 0
    assert "# What? {#what-2}" in (sources.root / "one/card.md").read_text(encoding="utf-8")


def test_lines_of_questions_get_ids(sources: Sources) -> None:
    """A file of Q: and A: lines keeps its form."""
    path = sources.write("one/card.md", "Q: Why?\nA: So.\n\nQ: Who?\nA: She.\n")
    assert run(sources.folder, "check", "--fix").returncode == 0
    assert path.read_text(encoding="utf-8") == (
        "Q: Why? {#why}\nA: So.\n\nQ: Who? {#who}\nA: She.\n"
    )
    assert list(load(sources.root).notes) == ["why", "who"]


def test_what_cannot_be_read_is_not_missed_too(sources: Sources) -> None:
    """An id may be in braces that cannot be read; notes without any are still told."""
    sources.write(
        "one/card.md", "# What? {#what}\n\nA.\n\n# Who? {#who difficulty=}\n\nB.\n\n# Why?\n\nC.\n"
    )
    told = run(sources.folder, "check").stderr
    assert [line.rpartition("[")[2] for line in told.splitlines() if "card.md:" in line] == [
        "unreadable-attributes]",
        "missing-id]",
    ]
