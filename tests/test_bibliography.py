"""Works that cards cite by key: read from both forms, shown at claims, listed under the sources."""

from __future__ import annotations

import json

import pytest

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources
from deckpress import SourceError, load
from pdf_reader import Pdf

BIB = r"""
@inproceedings{vaswani2017,
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob},
  title = {{Attention} Is All You Need},
  booktitle = {NeurIPS},
  year = {2017},
  eprint = {1706.03762},
}
@book{mueller,
  editor = {M{\"u}ller, Jos\'e and von Neumann, John},
  title = {Bounds \& Proofs},
  edition = {2},
  publisher = {MIT Press},
  date = {2019-05-03},
  doi = {https://doi.org/10.1000/x1},
}
"""
YAML = """\
references:
  - id: bishop2006
    type: book
    title: Pattern Recognition and Machine Learning
    author: [{family: Bishop, given: Christopher}]
    issued: {year: 2006}
    URL: https://example.org/prml
  - id: team
    title: A Report
    author: [{literal: The Team}]
    issued: {date-parts: [[2024, 5]]}
"""


def citations(sources: Sources, identity: str = "a") -> list[tuple[str, str]]:
    """Return titles and addresses of what a note leans on."""
    notes = {note.id: note for note in load(sources.root).collection.notes}
    return [(citation.title, citation.url) for citation in notes[identity].citations]


def mistakes(sources: Sources) -> list[str]:
    """Return the mistakes of a deck as lines."""
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    return [str(problem).removeprefix("cards/") for problem in caught.value.problems]


def test_both_forms_are_read(sources: Sources) -> None:
    """Authors, year, title, edition, venue and address come from BibTeX and from CSL-YAML."""
    sources.write("bibliography.bib", BIB)
    sources.write("bibliography.yaml", YAML)
    sources.write(
        "one/a.md",
        '---\nsources: [vaswani2017, "mueller, ch. 3", "bishop2006 sec. 1.2", team]\n---\n# A?\n\nx\n',
    )
    assert citations(sources) == [
        (
            "Vaswani et al. (2017): Attention Is All You Need. NeurIPS",
            "https://arxiv.org/abs/1706.03762",
        ),
        (
            "Müller, von Neumann (2019): Bounds & Proofs, 2nd ed. MIT Press, ch. 3",
            "https://doi.org/10.1000/x1",
        ),
        (
            "Bishop (2006): Pattern Recognition and Machine Learning, sec. 1.2",
            "https://example.org/prml",
        ),
        ("The Team (2024): A Report", ""),
    ]


def test_a_claim_cites(sources: Sources, anki: RealAnki) -> None:
    """Anki, HTML and PDF show author and year at the claim, and the work under the sources."""
    sources.write("bibliography.bib", BIB)
    sources.write(
        "one/a.md",
        "# A? {#a}\n\nHeads differ [@vaswani2017, sec. 3.2; @mueller].\n\n# B? {#b}\n\n"
        "A [link][@x] and `[@code]` stay.\n\n[@x]: https://example.org\n",
    )
    shown = "[Vaswani et al. 2017, sec. 3.2; Müller and von Neumann 2019]"
    assert [title for title, _ in citations(sources)] == [
        "Vaswani et al. (2017): Attention Is All You Need. NeurIPS, sec. 3.2",
        "Müller, von Neumann (2019): Bounds & Proofs, 2nd ed. MIT Press",
    ]
    anki.load(sources.build())
    answer = anki.show(anki.note("a").cards()[0]).answer
    assert f'<span class="cite">{shown}</span>' in answer
    assert "Attention Is All You Need" in answer
    assert "[@code]" in anki.note("b")["Answer"]
    assert f'<span class="cite">{shown}</span>' in sources.build(formats=["html"]).read_text()
    assert "[Vaswanietal.2017,sec.3.2;" in Pdf(sources.build(formats=["pdf"])).text


def test_a_heading_has_sources_of_its_own(sources: Sources) -> None:
    """It overrides front matter; a work that nobody could open is said to be so."""
    sources.write("bibliography.bib", BIB)
    sources.write(
        "one/a.md",
        "---\nsources: [vaswani2017]\nunread: [mueller]\n---\n# A? {#a}\n\nx\n\n"
        '# B? {#b sources="mueller, p. 4; vaswani2017"}\n\ny [@mueller, p. 9].\n',
    )
    assert [title for title, _ in citations(sources)] == [
        "Vaswani et al. (2017): Attention Is All You Need. NeurIPS"
    ]
    assert [title for title, _ in citations(sources, "b")] == [
        "Müller, von Neumann (2019): Bounds & Proofs, 2nd ed. MIT Press, p. 4 (not looked up)",
        "Vaswani et al. (2017): Attention Is All You Need. NeurIPS",
    ]


def test_every_mistake_at_its_place(sources: Sources) -> None:
    """Unknown keys get a suggestion; entries that cannot be read are told at their lines."""
    sources.write(
        "bibliography.bib",
        "@book{a, title={A}}\n@book{a, title={B}}\n@book{none, year=2000}\n@book{open, title={x}\n",
    )
    sources.write("bibliography.yaml", "references:\n  - {id: a, title: A}\n  - {id: b}\n")
    sources.write(
        "one/a.md", "---\nsources: [b0, '?']\n---\n# A?\n\nx [@aa, p. 1] y\n\n# B? {#b}\n\nz\n"
    )
    found = mistakes(sources)
    assert "one/a.md:6:3: the bibliography has no 'aa' (did you mean 'a'?)" in found
    assert "one/a.md:2:11: the bibliography has no 'b0' (one of: a; or describe it there)" in found
    assert any(line.startswith("one/a.md:2:15: '?' cannot be read as a source") for line in found)
    assert "bibliography.bib:2:1: this entry cannot be read: Duplicate entry key 'a'" in found
    assert "bibliography.bib:3:1: 'none' has no title" in found
    assert any(line.startswith("bibliography.bib:4:1: this entry cannot be read") for line in found)
    assert "bibliography.yaml:3:5: the key 'title' is missing" in found


def test_unknown_works_beside_another_mistake(sources: Sources) -> None:
    """They are told at once, and what front matter names in it, whatever headings name."""
    sources.write("bibliography.bib", "@book{a, title={A}}\n")
    sources.write(
        "one/a.md",
        "---\ndifficulty: eazy\nsources: [b0]\nunread: [b1]\n---\n# A? {#a sources=b2}\n\nx\n",
    )
    hint = "(one of: a; or describe it there)"
    assert mistakes(sources) == [
        "one/a.md:2:1: unknown difficulty 'eazy' (did you mean 'easy'?)",
        f"one/a.md:4:1: the bibliography has no 'b1' {hint}",
        f"one/a.md:6:1: the bibliography has no 'b2' {hint}",
    ]


BAD_ADDRESSES = {
    "javascript:alert(1)": "an address starts with https://",
    "data:text/html,x": "an address starts with https://",
    "www.example.org": "an address starts with https://",
    'https://e.org/"onclick="x': "contains no spaces or quotes",
    "https://e.org/a b": "contains no spaces or quotes",
    "https://e.org/\u202egro.live": "contains no spaces or quotes",
    "https://e.org/" + "a" * 8_000: "at most 8,000 characters",
}


@pytest.mark.parametrize("address", BAD_ADDRESSES)
@pytest.mark.parametrize("name", ["bibliography.bib", "bibliography.yaml", "card", "homepage"])
def test_what_a_source_links_to(sources: Sources, name: str, address: str) -> None:
    """Whoever gives an address, a card links to it only if it is one of the web."""
    cited = "k"
    if name == "bibliography.bib":
        sources.write(name, f"@book{{k,\n title = {{T}},\n url = {{{address}}}\n}}\n")
    elif name == "bibliography.yaml":
        sources.write(name, f"references:\n- {{id: k, title: T, URL: {json.dumps(address)}}}\n")
    elif name == "homepage":
        sources.write("deck.yaml", f"{DECK_YAML}homepage: {json.dumps(address)}\n")
    else:
        cited = f"{{title: T, url: {json.dumps(address)}}}"
    text = f"---\nsources: [{cited}]\n---\n# A? {{#a}}\n\nx\n"
    sources.write("one/a.md", text if name != "homepage" else "# A? {#a}\n\nx\n")
    assert any(BAD_ADDRESSES[address] in line for line in mistakes(sources))


def test_the_address_of_a_doi(sources: Sources) -> None:
    """Signs that no address holds are written as one writes them there, in both forms."""
    doi = '10.1002/(SICI)1096(199608)100:4<455::AID-A>3.0.CO;2-9 "x'
    sources.write(
        "bibliography.bib", f"@book{{a,\n title={{T}},\n doi={{https://doi.org/{doi}}}}}\n"
    )
    sources.write("bibliography.yaml", f"references:\n- {{id: b, title: U, DOI: '{doi}'}}\n")
    sources.write("one/a.md", "---\nsources: [a, b]\n---\n# A? {#a}\n\nx\n")
    address = "https://doi.org/10.1002/(SICI)1096(199608)100:4%3C455::AID-A%3E3.0.CO;2-9%20%22x"
    assert citations(sources) == [("T", address), ("U", address)]


def test_without_a_bibliography_they_are_words(sources: Sources) -> None:
    """Nothing is lost in a deck that writes such brackets for another reason."""
    sources.write("one/a.md", "# A? {#a}\n\nPing [@ada, today].\n")
    assert "Ping [@ada, today]." in load(sources.root).notes["a"].fields[2]
    sources.write("one/a.md", "---\nsources: [ada]\n---\n# A? {#a}\n\nPing.\n")
    assert "one/a.md:2:11: there is no bibliography to find 'ada' in" in mistakes(sources)[0]


def test_works_that_nothing_cites(sources: Sources) -> None:
    """They are advice at their lines, and fail nothing."""
    sources.write("bibliography.bib", BIB)
    sources.write("one/a.md", "# A? {#a}\n\nHeads differ [@vaswani2017, sec. 3.2].\n")
    (advice,) = load(sources.root).advice
    assert str(advice).startswith("cards/bibliography.bib:9:1: advice: nothing cites 'mueller'")
