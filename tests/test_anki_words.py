"""Words that do not come from Markdown: nothing in them is a command to Anki."""

from __future__ import annotations

from conftest import DECK_YAML, Sources
from deckpress import load

LIVE = r"[sound:a.mp3] [latex]x[/latex] [$]x[/$] \(x\) \[y\] end\ "
HARMLESS = (
    r"&#91;sound:a.mp3] &#91;latex]x&#91;/latex] &#91;$]x&#91;/$] "
    r"<span>\</span>(x<span>\</span>) <span>\</span>[y<span>\</span>] end"
)


def test_titles_names_and_addresses_are_words(sources: Sources) -> None:
    """A source, a company, a category and the question of a retired note play and draw nothing."""
    live = LIVE.replace(" end\\ ", " end")
    sources.write("deck.yaml", DECK_YAML.replace("name: One", f"name: '{live}'"))
    sources.write("companies.yaml", f"companies:\n  - {{slug: acme, name: '{live}', facts: "
                  "[{key: k, kind: asked, source: s, says: x}]}\n")  # fmt: skip
    sources.write("sources.yaml", "sources:\n  s: {title: S, grade: A}\n")
    sources.write(
        "one/a.md",
        f"---\ncompanies: {{acme: k}}\nsources:\n  - title: '{live}'\n"
        f"    url: 'https://e.org/\\(x\\)[sound:a]'\n---\n# A?\n\nx\n",
    )
    release = load(sources.root)
    (note,) = release.notes.values()
    names = [field.name for field in release.collection.note_types["standard"].fields]
    fields = dict(zip(names, note.fields, strict=True))
    assert fields["Sources"] == (
        '<ul><li><a href="https://e.org/&#92;(x&#92;)&#91;sound:a]">' + HARMLESS + "</a></li></ul>"
    )
    assert HARMLESS in fields["Companies"]
    assert fields["Category"] == HARMLESS


def test_a_retired_note_is_words(sources: Sources) -> None:
    """What is left of a note, and what it says of its heir, shows the questions as they were."""
    sources.write("one/a.md", "# A `[sound:a.mp3] \\(x\\)`?\n\nx\n")
    sources.write("one/b.md", "# B?\n\nx\n")
    sources.build()
    (sources.root / "one/a.md").unlink()
    sources.write("one/b.md", "# B `[sound:b.mp3] \\(y\\)`? {#b replaces=a}\n\nx\n")
    (stone,) = load(sources.root).reconciled.tombstones
    text = "\n".join(stone.fields)
    assert r"A &#91;sound:a.mp3] <span>\</span>(x<span>\</span>)?" in text
    assert r"B &#91;sound:b.mp3] <span>\</span>(y<span>\</span>)?" in text
    assert "[sound:" not in text
