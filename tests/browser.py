"""A real Chromium for the tests of the HTML sheet."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

LAID_OUT = """() => {
    const found = document.querySelector("#_found"), shown = document.querySelector("#_results");
    return found.hidden || found.closest(".drilling")
        || shown.childElementCount >= Math.min(100, parseInt(document.querySelector("#_count").textContent));
}"""
"""What was found is laid out a few notes at a time."""


@contextmanager
def start_chromium() -> Iterator[Browser]:
    """Start the Chromium of the system; a test without one is skipped, but fails in CI."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def open_profile(chromium: Browser, folder: Path, sheet: Path) -> Iterator[BrowserContext]:
    """Start a Chromium that keeps what pages store in a folder, as a reader's does.

    The contexts of a browser that tests share are private ones, and under load those lose it: about
    one in forty was empty when its page was loaded again. In a profile that was just made, what is
    stored at once was lost by one in thirty: two pages wait here until one sees what the other stores.
    """
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path=_find_chromium(),
        args=list(FLAGS),
        viewport={"width": 1280, "height": 900},
        offline=True,
    )
    one, other = context.new_page(), context.new_page()
    end = time.monotonic() + 30
    seen = None
    while seen != "yes":
        assert time.monotonic() < end, "this Chromium stores nothing"
        for page in (one, other):
            page.goto(sheet.as_uri())
        one.evaluate("localStorage.stores = 'yes'")
        one.wait_for_timeout(200)
        seen = other.evaluate("localStorage.stores")
    one.close()
    other.close()
    yield context
    context.close()


def _find_chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "these tests need Chromium: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path


class Sheet:
    """A sheet open in a browser; `requests` and `complaints` are what must stay as it is."""

    def __init__(self, page: Page, path: Path) -> None:
        """Prepare to open the sheet at `path`."""
        self.page, self.address = page, path.as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, fragment: str = "") -> Sheet:
        """Load the sheet, at a fragment of its address."""
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        return self

    def reload(self) -> Sheet:
        """Load the sheet again, where it stands.

        From one address to another, Chromium goes on in another process, which may look at what is
        stored before the first has handed it over.
        """
        self.page.reload()
        return self

    def wait(self, condition: str) -> None:
        """Wait until an expression is true; the page's own policy forbids the browser's way."""
        end = time.monotonic() + 30
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, condition
            self.page.wait_for_timeout(50)

    def ids(self) -> list[str]:
        """Return the ids of the notes that are shown."""
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('article.note')].filter(n => n.checkVisibility())"
            ".map(n => n.id)"
        )
        return found

    def text(self, selector: str) -> str:
        """Return the text of the first element, as it is shown once it is on the screen."""
        found = self.page.locator(selector).first
        if not (text := found.inner_text()):
            # Far from the screen nothing is laid out.
            found.evaluate(
                "el => { el.scrollIntoView({block: 'nearest'});"
                " return new Promise(done => requestAnimationFrame(() => setTimeout(done))); }"
            )
            text = found.inner_text()
        return text

    def shows(self, selector: str) -> bool:
        """Say whether the first element is visible."""
        return self.page.locator(selector).first.is_visible()

    def search(self, words: str) -> list[str]:
        """Search, and return the ids that are left."""
        self.page.fill("[name=q]", words)
        self.page.wait_for_function(LAID_OUT)
        return self.ids()

    def choose(self, name: str, value: str) -> list[str]:
        """Set a filter, and return the ids that are left."""
        self.page.select_option(f"select[name={name}]", value)
        # Address and numbers follow when the notes have been shown.
        self.run("new Promise(done => setTimeout(done, 60))")
        return self.ids()

    def run(self, script: str) -> Any:
        """Return the value of a script."""
        return self.page.evaluate(script)
