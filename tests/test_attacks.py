"""No string of a card, whatever its place, runs a script or asks the network, in Anki or in a browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from anki_collection import RealAnki
from attacks import PLACES, STRINGS
from conftest import DECK_YAML, Sources
from deckpress import build, load
from test_fuzz import ROUNDS, SVG, read

STEP = 1 if ROUNDS >= 10 else 13
"""All strings are tried by `make fuzz`; the tests take every thirteenth."""

DANGEROUS = """() => [...document.querySelectorAll("*")].flatMap(e => [
    ...[...e.attributes].filter(a => /^on/i.test(a.name)
        || /^[\\s\\x00-\\x20]*(java|vb)script:/i.test(a.value)).map(a => e.tagName + " " + a.name),
    ...(/^(IFRAME|OBJECT|EMBED|BASE)$/.test(e.tagName) ? [e.tagName] : []),
    ...(e.closest("article, .card") && /^(SCRIPT|LINK|META|FORM)$/.test(e.tagName) ? [e.tagName] : []),
])"""


class Watched:
    """A page that notes down what it asks for and what pops up."""

    def __init__(self, page: Page) -> None:
        """Watch a page."""
        self.page = page
        self.seen: list[str] = []
        page.on("request", lambda request: self.seen.append(request.url))
        page.on("dialog", lambda dialog: self.seen.append("a dialog"))

    def expect_nothing(self) -> None:
        """Hold the page against what no card may do."""
        self.page.wait_for_timeout(500)
        own = ("file:", "data:", "about:", "blob:")
        assert [url for url in self.seen if not url.startswith(own)] == []
        assert self.page.evaluate("window.hit") is None
        assert self.page.evaluate(DANGEROUS) == []


def write_attacks(sources: Sources) -> int:
    """Put every string into every place, a card file each; return how many."""
    sources.write("one/a.svg", SVG)
    count = 0
    for number, text in enumerate(STRINGS[::STEP]):
        for place, card in PLACES.items():
            written = card.format(text, f"{number}-{place}", json.dumps(text))
            sources.write(f"one/n{number}-{place}.md", written)
            count += 1
    return count


def test_no_string_runs_or_asks(sources: Sources, anki: RealAnki, chromium: Browser) -> None:
    """Refused or shown as text; the rest of this corpus would be a script on a learner's machine."""
    assert len(STRINGS) == 400
    written = write_attacks(sources)
    release = read(sources.root)
    assert release is not None
    assert len(release.notes) > written // 4
    done = build(sources.root, sources.folder / "out", formats=["apkg", "html", "pdf"])
    package, sheet, pdf = (output.path for output in done.outputs)
    assert not any(
        word in pdf.read_bytes() for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
    )
    anki.load(package)
    cards = [anki.collection.get_card(card) for card in anki.collection.find_cards("")]
    shown = [anki.show(card) for card in cards]
    html = "".join(f'<div class="card">{one.question}{one.answer}</div>' for one in shown)
    with chromium.new_context() as browser:
        watched = Watched(browser.new_page())
        watched.page.goto(sheet.as_uri())
        watched.expect_nothing()
        watched = Watched(browser.new_page())
        page = sources.folder / "cards.html"
        page.write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
        watched.page.goto(page.as_uri())
        watched.expect_nothing()


def test_no_string_of_a_deck_s_own_files_runs(sources: Sources, chromium: Browser) -> None:
    """Nor do names of decks and companies, which stand in heads, filters and indexes."""
    texts = STRINGS[:: 40 if STEP > 1 else 5]
    sources.write("one/a.md", "---\ncompanies: [c0]\n---\n# A? {#a}\n\nx\n")
    companies = [{"slug": f"c{n}", "name": text} for n, text in enumerate(texts)]
    sources.write("companies.yaml", json.dumps({"companies": companies}))
    deck = DECK_YAML.replace("A deck for tests.", json.dumps(" ".join(texts)))
    sources.write("deck.yaml", deck.replace("Small Deck", json.dumps("<script>window.hit=1//")))
    done = build(sources.root, sources.folder / "out", formats=["html"])
    with chromium.new_context() as browser:
        watched = Watched(browser.new_page())
        watched.page.goto(done.outputs[0].path.as_uri())
        watched.expect_nothing()


def test_killed_builds_leave_whole_files(sources: Sources) -> None:
    """Whenever a build is killed, outputs and ledger are old or new, and the next one sweeps."""
    command = [sys.executable, "-m", "deckpress", "build", "--format", "apkg,html", "--no-cache"]
    out = sources.folder / "build"
    sources.write("one/a.md", "# A? {#a}\n\n0\n")
    start = time.monotonic()
    subprocess.run(command, cwd=sources.folder, check=True, capture_output=True)
    whole = time.monotonic() - start
    tries = 100 if ROUNDS >= 10 else 4
    for number in range(1, tries + 1):
        sources.write("one/a.md", f"# A? {{#a}}\n\n{number}\n")
        process = subprocess.Popen(
            command, cwd=sources.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (0.3 + 0.8 * number / tries))
        process.send_signal(signal.SIGKILL)
        process.wait()
        load(sources.root)
        assert zipfile.ZipFile(out / "small.apkg").testzip() is None
        assert (out / "small.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    subprocess.run(command, cwd=sources.folder, check=True, capture_output=True)
    assert not [*out.glob(".deckpress-*"), *sources.root.glob(".deckpress-*")]
    load(sources.root, locked=True)


def test_two_builds_at_once(sources: Sources) -> None:
    """Both end well, and what they leave is what one would."""
    for name in "abc":
        sources.write(f"one/{name}.md", f"# {name}? {{#{name}}}\n\nx\n")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}
    command = [sys.executable, "-m", "deckpress", "build", "--format", "apkg,html"]

    def files() -> dict[str, bytes]:
        paths: list[Path] = [*(sources.folder / "build").iterdir(), sources.root / "deck.lock"]
        return {path.name: path.read_bytes() for path in paths}

    sources.build()  # draws the namespace
    both = [
        subprocess.Popen(command, cwd=sources.folder, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait() for process in both] == [0, 0]
    together = files()
    subprocess.run(command, cwd=sources.folder, env=environment, check=True, capture_output=True)
    assert files() == together
