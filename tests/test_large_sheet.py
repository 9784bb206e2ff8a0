"""Sheets and paper cards that are too large to be set as a whole are set in parts and joined."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import Sources
from deckpress import EXPORTERS
from deckpress.decks.deck import Deck
from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters.options import Options
from deckpress.exporters.pdf import cards, sheet
from deckpress.exporters.pdf.parts import Limits
from deckpress.markup import typeset_apart
from deckpress.markup.typeset_apart import Source, at_once, pdf_apart, side_by_side
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.pipeline.load import load
from deckpress.text.problem import SourceError
from deckpress.text.processes import fresh_python
from pdf_reader import Pdf, squeeze
from real_deck import RealDeck

CARDS = """\
---
category: {category}
difficulty: easy
tags: [{tag}]
companies: [meta]
sources: [{{title: Book, url: 'https://example.org/{n}'}}]
---

# What is said in {n}? {{#q{n}}}

It is {n}, {words}.

| Head | Other |
|---|---|
| cell{n} | $x^{{{n}}}$ |

![picture {n}](tall.svg)
"""
PLAIN = "#set document(title: [x])\nx\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="9" height="9"/></svg>'


@pytest.fixture
def deck(sources: Sources) -> Deck:
    """Return a deck of two categories, whose questions, tables and figures fill some pages."""
    sources.write("companies.yaml", "companies:\n  - {slug: meta, name: Meta}\n")
    sources.write("tall.svg", SVG)
    for n in range(1, 41):
        given = {"category": "one" if n <= 25 else "two", "tag": f"t{n % 3}", "n": n}
        sources.write(f"q{n:02}.md", CARDS.format(words="word " * 60, **given))
    return select(load(sources.root))


def in_parts(deck: Deck, detail: str = "full", *, part: int = 20_000, **options: Any) -> Pdf:
    """Return the sheet of a deck, set in parts of so many characters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "LIMITS", Limits(whole=1, part=part))
        return Pdf(EXPORTERS["pdf"](deck, Options(detail=detail, **options)))


@pytest.fixture
def whole(deck: Deck) -> Pdf:
    """Return its sheet, set as a whole."""
    return Pdf(EXPORTERS["pdf"](deck, Options(detail="full")))


@pytest.fixture
def parts(deck: Deck) -> Pdf:
    """Return its sheet, set in parts."""
    return in_parts(deck)


def test_parts_say_what_the_whole_says(whole: Pdf, parts: Pdf) -> None:
    """Words, outline, tags, alternatives, links and fonts are those of the sheet set as a whole."""
    assert len(parts.pages) > len(whole.pages) > 2
    assert parts.outline == whole.outline
    assert parts.alternatives == whole.alternatives
    assert parts.tags == whole.tags >= {"/TOC", "/TOCI", "/Reference"}
    assert parts.links == whole.links
    assert parts.inner_links == whole.inner_links
    assert parts.fonts == whole.fonts
    said, others = ({*" ".join(made.pages).split()} for made in (parts, whole))
    assert all(re.fullmatch(r"[\d–]+", word) for word in others - said)  # pages, ranges of notes


def test_pages_are_numbered_through(parts: Pdf) -> None:
    """Every page has its number, and in its head the section and the notes that begin on it."""
    total = len(parts.pages)
    for number, page in enumerate(parts.pages, 1):
        assert f"{number} / {total}" in page
        if number > 1:
            assert squeeze(page).startswith("SmallDeck")
            assert any(name in page[:60] for name in ("One", "Two", "Index"))
    assert any("One (continued)" in page for page in parts.pages)


def places_of_links(made: Pdf) -> Iterator[tuple[int, str, int]]:
    """Yield the page (from 0) and the name of each link to a named place, and where it leads."""
    named = made.reader.named_destinations
    for number, page in enumerate(made.reader.pages):
        for annotation in page.get("/Annots", []):
            action = annotation.get_object().get("/A", {})
            if action.get("/S") == "/GoTo":
                name = next(n for n, d in named.items() if d.dest_array == action["/D"])
                target = made.reader.get_destination_page_number(named[name])
                assert target is not None
                yield number, name, target


def test_contents_and_index_lead_to_other_parts(parts: Pdf) -> None:
    """A link to another part leads to the page of the section or note that it names."""
    found = list(places_of_links(parts))
    contents = {name: target for page, name, target in found if page == 0}
    assert contents.keys() == {"section-1", "section-2"}
    last = len(parts.pages) - 1
    assert "Two" in parts.pages[contents["section-1"]]
    assert contents["section-2"] == last
    first = squeeze(parts.pages[0])
    assert f"Two{contents['section-1'] + 1}" in first.replace(".", "")
    index = {name: target for page, name, target in found if page == last}
    assert len(index) > 20
    for name, target in index.items():
        assert f"What is said in {name.removeprefix('card-')}?" in parts.pages[target]


def leaves(tree: Any, key: str) -> Iterator[tuple[Any, Any]]:
    """Yield the entries of a name or number tree, in order."""
    flat = tree.get_object().get(key, [])
    yield from zip(flat[::2], flat[1::2], strict=True)
    for kid in tree.get_object().get("/Kids", []):
        yield from leaves(kid, key)


def test_tags_belong_to_their_pages(parts: Pdf) -> None:
    """Content and links of each page are in the tree of tags; heads of tables are known by name."""
    tree = parts.root["/StructTreeRoot"]
    owners = dict(leaves(tree["/ParentTree"], "/Nums"))
    links = 0
    for page in parts.reader.pages:
        elements = [element.get_object() for element in owners[page["/StructParents"]].get_object()]
        assert all(element["/Type"] == "/StructElem" for element in elements)
        for link in page.get("/Annots", []):
            held = owners[link.get_object()["/StructParent"]].get_object()["/K"]
            assert link.idnum in [
                kid.get_object().raw_get("/Obj").idnum for kid in held if not isinstance(kid, int)
            ]
            links += 1
    assert links > 40
    assert tree["/ParentTreeNextKey"] == max(owners) + 1
    ids = list(leaves(tree["/IDTree"], "/Names"))
    known = {name: element.get_object() for name, element in ids}
    assert list(known) == sorted(name for name, _ in ids)
    assert all(element["/ID"] == name for name, element in known.items())
    headers = [
        name
        for element in parts._structure(tree)
        for attributes in element.get("/A", [])
        for name in attributes.get_object().get("/Headers", [])
    ]
    assert len(headers) >= 40
    assert set(headers) <= known.keys()


def test_same_bytes_twice(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet in parts is the same bytes each time, however many are set at once."""
    monkeypatch.setattr(sheet, "LIMITS", Limits(whole=1, part=20_000))
    once = EXPORTERS["pdf"](deck)
    monkeypatch.setattr(typeset_apart, "MOST", 1)
    assert EXPORTERS["pdf"](deck) == once


def test_page_of_a_company_leads_to_its_cards(real_deck: RealDeck) -> None:
    """The page of a company, on the first page, links to cards in other parts; nothing is lost."""
    deck = select(real_deck.release, Selection(companies=("netflix",)))
    whole, parts = Pdf(EXPORTERS["pdf"](deck)), in_parts(deck, "short", part=6_000)
    assert parts.inner_links == whole.inner_links
    assert parts.alternatives == whole.alternatives
    assert parts.outline == whole.outline
    assert any(page == 0 and name.startswith("card-") for page, name, _ in places_of_links(parts))


@pytest.mark.parametrize("options", [{"landscape": True}, {"paper": "letter"}, {"large": True}])
def test_variants(deck: Deck, options: dict[str, Any]) -> None:
    """Numbers stand where the variants of the sheet have them."""
    whole = Pdf(EXPORTERS["pdf"](deck, Options(detail="full", **options)))
    parts = in_parts(deck, **options)
    assert parts.sizes == whole.sizes
    of_whole = whole.places(1)[f"2 / {len(whole.pages)}"]
    number = parts.places(1)[f"2 / {len(parts.pages)}"]
    assert number[1] == pytest.approx(of_whole[1], abs=0.1)


def test_word_pairs_in_parts(sources: Sources) -> None:
    """Rows are in no outline, but links lead to them; signs that no font has stand in contents."""
    facts = "facts: [{key: words, kind: asked, source: talk, says: Words}]"
    sources.write("companies.yaml", f"companies:\n  - {{slug: meta, name: Meta, {facts}}}\n")
    sources.write("sources.yaml", "sources:\n  talk: {title: Talk, grade: A, date: '2025'}\n")
    names = "  - {slug: one, name: One}\n  - {slug: two, name: Two \U000130a7}\n"
    sources.write("deck.yaml", f"title: Small Deck\nslug: small\ncategories:\n{names}")
    front = "---\ncompanies: {meta: words}\n---\n"
    rows = "".join(f"| w{n} | front {n} | back {n} |\n" for n in range(60))
    table = "# Words {.pairs}\n\n| key | A | B |\n|-|-|-|\n"
    sources.write("one/a.md", f"{front}# First? {{#first}}\n\nIt is.\n")
    sources.write("one/b.md", front + table + rows)
    sources.write("one/c.md", f"{front}# Behind? {{#behind}}\n\nIt is.\n")
    sources.write("two/d.md", f"{front}# Last? {{#last}}\n\nIt is.\n")
    deck = select(load(sources.root), Selection(companies=("meta",)))
    whole = Pdf(EXPORTERS["pdf"](deck, Options(detail="full")))
    parts = in_parts(deck, part=1_500)
    assert len(parts.pages) > 2
    assert parts.outline == whole.outline
    assert parts.inner_links == whole.inner_links > 60
    places = {name: target for page, name, target in places_of_links(parts) if page == 0}
    numbers = [int(name.removeprefix("card-")) for name in places if name.startswith("card-")]
    linked = [number - 2 for number in numbers if 2 <= number <= 61]
    assert len(linked) > 20
    for n in linked:
        assert f"front {n} " in squeeze_lines(parts.pages[places[f"card-{n + 2}"]])


def squeeze_lines(text: str) -> str:
    """Return a text on one line, words apart."""
    return " ".join(text.split()) + " "


def test_outline_counts_what_it_shows(parts: Pdf) -> None:
    """Each entry of the outline, and the outline itself, counts the entries that are open in it."""

    def count(entry: Any) -> int:
        shown = 0
        child = entry.get("/First")
        while child is not None:
            inner = count(child.get_object())
            assert abs(child.get_object().get("/Count", 0)) == inner
            shown += 1 + (inner if child.get_object().get("/Count", 0) > 0 else 0)
            child = child.get_object().get("/Next")
        return shown

    outlines = parts.root["/Outlines"].get_object()
    assert outlines["/Count"] == count(outlines)


def test_own_template_need_not_know_of_parts(
    sources: Sources, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deck with a `sheet.typ` of its own is set as a whole."""
    own = Path(sheet.__file__).parents[4] / "templates/sheet/sheet.typ"
    sources.write(
        "templates/sheet/sheet.typ", own.read_bytes().replace(b'#import "/part.typ"', b"//")
    )
    monkeypatch.setattr(sheet, "LIMITS", Limits(whole=1, part=20_000))
    own_deck = select(load(sources.root))
    assert own_deck.collection.theme.own
    monkeypatch.setattr(sheet, "pdf_apart", None)
    with pytest.raises(TypesetError, match="sheet-part"):
        EXPORTERS["pdf"](own_deck)


def test_paper_cards_in_parts(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper cards in parts have all fronts and backs, each back behind its front."""
    monkeypatch.setattr(cards, "LIMITS", Limits(whole=1, part=10_000))
    made = Pdf(EXPORTERS["cards"](deck))
    fronts, backs = made.pages[::2], made.pages[1::2]
    assert len(fronts) == len(backs) > 5
    for n in range(1, 41):
        (front,) = (at for at, page in enumerate(fronts) if f"What is said in {n}?" in page)
        assert f"It is {n}," in " ".join(backs[front].split())


def test_refused_part_names_its_card(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Typst refuses in another process is refused as in this one."""
    bad = Source("#panic([no])", {}, {}, 0)
    with pytest.raises(TypesetError, match="panicked") as refused:
        pdf_apart(bad)
    with pytest.raises(TypesetError) as here:
        Typesetter({}).pdf(bad.text, {}, date=0)
    assert str(refused.value) == str(here.value)


def test_refused_parts_name_their_cards(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cards that Typst refuses, whichever parts they are in, are named at their places."""
    for n in range(1, 9):
        sources.write(f"one/q{n}.md", f"# Question {n}? {{#q{n}}}\n\nWord {n}.\n")
    deck = select(load(sources.root))
    write = deck.collection.write

    def write_badly(collection: Any, writing: Any, notes: Any) -> Any:
        written = dict(write(writing, notes))
        for id_ in {"q3", "q7"} & written.keys():
            written[id_] = type(written[id_])(f'{written[id_]}, answer: panic("no")')
        return written

    monkeypatch.setattr(type(deck.collection), "write", write_badly)
    monkeypatch.setattr(sheet, "LIMITS", Limits(whole=500, part=200))
    with pytest.raises(SourceError) as refused:
        EXPORTERS["pdf"](deck, Options(detail="questions"))
    told = [(problem.where.path, problem.message) for problem in refused.value.problems]
    assert [path.rpartition("/")[2] for path, _ in told] == ["q3.md", "q7.md"]
    assert all("panicked" in message for _, message in told)


def test_killed_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that the system ends, as for lack of memory, is a message."""
    shell = tmp_path / "python"
    shell.write_text("#!/bin/sh\nkill -9 $$\n")
    shell.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(shell))
    with pytest.raises(OSError, match="lack of memory"):
        pdf_apart(Source("x", {}, {}, 0))


ENDLESS = "#for a in range(9000) [#for b in range(9000) [#for c in range(9000) [x]]]"
"""What takes Typst as long as anyone waits."""

RUN = f"""\
import signal, sys
from deckpress.markup.typeset_apart import Source, pdf_apart, side_by_side
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
source = Source("{ENDLESS}", {{}}, {{}}, 0)
if sys.argv[1] == "one":
    pdf_apart(source)
side_by_side(pdf_apart, [source] * 4)
"""


def processes_of(folder: Path) -> list[int]:
    """Return the processes that work in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").resolve() == folder:
                found.append(int(entry.name))
    return found


def wait_until(true: Callable[[], bool], seconds: float = 300) -> bool:
    """Wait until something is true; say whether it became so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are listed in /proc")
@pytest.mark.parametrize("how", ["one", "several"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_program(tmp_path: Path, how: str, end: int) -> None:
    """However the program ends, the processes that it began end with it, and leave no files."""
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    work.mkdir()
    temporary.mkdir()
    program = subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, how],
        cwd=work,
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.DEVNULL,
    )
    try:
        least = 1 if how == "one" else at_once()
        assert wait_until(lambda: len(list(temporary.rglob("files"))) >= least)
        program.send_signal(end)
        assert program.wait(timeout=300)
        assert wait_until(lambda: not processes_of(work))
    finally:
        program.kill()
        program.wait()
    assert not [path for path in temporary.rglob("*") if path.is_file()]
    if end == signal.SIGINT:
        assert not list(temporary.iterdir())


def test_one_that_fails_ends_the_others() -> None:
    """Where one document fails, nobody waits for the others."""
    sources = [Source("#panic([no])", {}, {}, 0), *[Source(ENDLESS, {}, {}, 0)] * 3]
    with pytest.raises(TypesetError, match="panicked"):
        side_by_side(pdf_apart, sources)


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the other process finds no room for is the failure of a disk here, too."""
    source = Source(PLAIN, {"large.bin": bytes(300_000)}, {}, 0)
    script = tmp_path / "python"
    script.write_text(f"#!/bin/bash\nulimit -f 100\ntrap '' XFSZ\nexec {sys.executable} \"$@\"\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    with pytest.raises(OSError, match="too large") as failed:
        pdf_apart(source)
    assert failed.value.errno == errno.EFBIG


def test_without_a_python_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that holds Python inside it, and has no path to run, sets documents itself."""
    monkeypatch.setattr("sys.executable", None)
    assert pdf_apart(Source(PLAIN, {}, {}, 0)).startswith(b"%PDF-")


def test_no_module_of_the_author_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the author's folder that is named like a library is not taken for it."""
    for name in ("typst", "json", "subprocess", "pygments"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert pdf_apart(Source(PLAIN, {}, {}, 0)).startswith(b"%PDF-")
    command = fresh_python("deckpress.tree.code", "answer_lines")
    done = subprocess.run(command, input=b'["x = 1", "python"]\n', capture_output=True, check=True)
    assert b"Token.Name" in done.stdout


def test_modules_are_found_where_this_process_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was told only in its own code where deckpress lies need not tell again."""
    code = "import sys; sys.path[:] = {}; import test_large_sheet as t; "
    path = [*sys.path, str(Path(__file__).parent)]
    code = code.format(path) + "print(t.pdf_apart(t.Source(t.PLAIN, {}, {}, 0))[:5])"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"b'%PDF-'"


def test_faults_of_our_own_show() -> None:
    """A fault of the program in another process ends in a traceback here."""
    with pytest.raises(RuntimeError, match="AttributeError"):
        pdf_apart(Source(None, {}, {}, 0))  # type: ignore[arg-type]
