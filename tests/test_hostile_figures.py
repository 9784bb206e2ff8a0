"""A figure only draws: hostile SVG is refused, and what is taken asks for nothing when opened alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from playwright.sync_api import Browser, Page

from conftest import Sources
from deckpress.reading.svg import find_svg_fault
from deckpress.text.problem import SourceError
from hostile_figures import HONEST, HOSTILE
from test_attacks import Watched

REPOSITORY = Path(__file__).parents[1]

NAMES = (
    "fill", "stroke", "filter", "mask", "clip-path", "cursor", "marker-end", "style", "class", "href",
    "xlink:href", "src", "data", "to", "from", "values", "by", "begin", "onclick", "onload", "ONLOAD",
    "attributeName", "xml:base", "ping", "target", "content", "background", "transform", "font-family",
)  # fmt: skip
TAGS = (
    "rect",
    "a",
    "use",
    "image",
    "set",
    "animate",
    "text",
    "style",
    "feImage",
    "mpath",
    "script",
)
VALUES = (
    "http://attack.invalid/x", "//attack.invalid/x", "url(http://attack.invalid/x)", "x.png",
    "url( 'http://attack.invalid/x#a' )", "URL(//attack.invalid/x)", "u\\72l(http://attack.invalid/x)",
    "url(\\68ttp://attack.invalid/x)", "javascript:window.hit=1", " java\nscript:window.hit=1",
    "#;javascript:window.hit=1", "data:text/html,<script>1</script>", "data:image/svg+xml,<svg/>",
    "fill:url(http://attack.invalid/x)", "background:image-set('http://attack.invalid/x' 1x)",
    "@import 'http://attack.invalid/x'", "window.hit=1", "href", "xlink:href", "onclick", "style",
    "url(#a) url(http://attack.invalid/x)", "#a", "url(#a)", "0;url=http://attack.invalid/x", "none",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_figures_are_refused(name: str) -> None:
    """Each for what it does beside drawing."""
    fault = find_svg_fault("a.svg", HOSTILE[name].encode())
    assert fault is not None
    assert fault.rule in ("unsafe-svg", "unreadable-svg")


def test_honest_figures_are_taken() -> None:
    """So are all of this deck."""
    for text in HONEST.values():
        assert find_svg_fault("a.svg", text.encode()) is None, text
    figures = [*(REPOSITORY / "cards/media").glob("*.svg")]
    assert len(figures) >= 60
    assert [path.name for path in figures if find_svg_fault(path.name, path.read_bytes())] == []


def test_a_hostile_figure_is_told_at_its_card(sources: Sources) -> None:
    """Nothing is built, and the card that shows it is named."""
    sources.write("one/a.svg", HOSTILE["refresh-of-html"])
    sources.write("one/a.md", "# A? {#a}\n\n![x](a.svg)\n")
    with pytest.raises(SourceError, match=r"one/a\.md:3:1: 'a\.svg' holds <meta>"):
        sources.build()
    assert not (sources.folder / "build").exists()


def taken() -> Iterator[str]:
    """Yield drawings that are taken, of every value in every attribute of every element."""
    for value in VALUES:
        kept = []
        for tag in TAGS:
            for name in NAMES:
                more = ' attributeName="fill"' if tag in ("set", "animate") else ""
                more = "" if name == "attributeName" else more
                inside = (
                    f"<{tag} {name}={quoteattr(value)}{more}>{'' if tag == 'set' else 'x'}</{tag}>"
                )
                if find_svg_fault("a.svg", draw(inside).encode()) is None:
                    kept.append(inside)
            inside = f"<{tag}>{value.replace('<', '&lt;')}</{tag}>"
            if find_svg_fault("a.svg", draw(inside).encode()) is None:
                kept.append(inside)
        yield draw("\n".join(kept))


def draw(inside: str) -> str:
    """Write a drawing."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="90" height="90"><rect id="a" width="9" height="9"/>{inside}</svg>'
    )


def test_what_is_taken_asks_for_nothing(tmp_path: Path, chromium: Browser) -> None:
    """Opened alone, and in a page: no script, no request, also after clicks."""
    drawings = [*HONEST.values(), *taken()]
    with chromium.new_context() as browser:
        page = browser.new_page()
        watched = Watched(page)
        for number, text in enumerate(drawings):
            path = tmp_path / f"{number}.svg"
            path.write_text(text, encoding="utf-8")
            page.goto(path.as_uri())
            click_all(page)
            assert page.evaluate("window.hit") is None, text
        shown = "".join(f'<img src="{number}.svg">' for number in range(len(drawings)))
        (tmp_path / "page.html").write_text(shown + "".join(drawings), encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        watched.page.wait_for_timeout(300)
        own = ("file:", "data:")
        outside = [url for url in watched.seen if not url.startswith(own)]
        files = {
            url.rpartition("/")[2].partition("#")[0] for url in watched.seen if url[:5] == "file:"
        }
        assert outside == []
        assert files == {*(f"{number}.svg" for number in range(len(drawings))), "page.html"}


def click_all(page: Page) -> None:
    """Click every link, as a script would."""
    page.evaluate(
        "[...document.querySelectorAll('a')].forEach(e => e.dispatchEvent(new MouseEvent('click')))"
    )


def test_the_corpus_bites(tmp_path: Path, chromium: Browser) -> None:
    """Without the refusal, these would run or ask: a test of the test."""
    bites = ("script", "script-of-html", "event-root", "image", "image-of-html", "style-import",
             "mask-escaped", "video-of-html")  # fmt: skip
    with chromium.new_context() as browser:
        for name in bites:
            page = browser.new_page()
            watched = Watched(page)
            path = tmp_path / f"{name}.svg"
            path.write_text(HOSTILE[name], encoding="utf-8")
            page.goto(path.as_uri())
            page.wait_for_timeout(200)
            asked = [url for url in watched.seen if "attack.invalid" in url]
            assert asked or page.evaluate("window.hit") == 1, name
            page.close()
