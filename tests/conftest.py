"""What the tests share: small decks in temporary folders, and the real Anki."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anki_collection import RealAnki
from deckpress import build
from deckpress.anki.ledger import seal
from real_deck import RealDeck

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DECK_YAML = """\
title: Small Deck
slug: small
description: A deck for tests.
categories:
  - {slug: one, name: One}
  - {slug: two, name: Two}
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what is, into tests/cases")


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what commands remember apart from the user's own cache, and from other tests'."""
    monkeypatch.setenv("DECKPRESS_CACHE", str(tmp_path_factory.mktemp("cache")))


class Sources:
    """A folder of cards that a test writes and builds."""

    def __init__(self, folder: Path) -> None:
        """Make an empty deck in the folder."""
        self.folder = folder
        self.root = Path("cards")
        self.write("deck.yaml", DECK_YAML)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the deck."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def edit_ledger(self, edit: Callable[[str], str]) -> None:
        """Edit the ledger as by hand, its last line left out, and give it one that fits again."""
        text = (self.root / "deck.lock").read_text(encoding="utf-8")
        self.write("deck.lock", seal(edit(text[: text[:-1].rindex("\n") + 1])))

    def build(self, **options: object) -> Path:
        """Build the deck, by default as a package, and return the output's path."""
        options.setdefault("formats", ["apkg"])
        done = build(self.root, self.folder / "build", **options)  # type: ignore[arg-type]
        return done.outputs[0].path


@pytest.fixture(scope="session")
def real_deck(tmp_path_factory: pytest.TempPathFactory) -> RealDeck:
    """Return the deck of this repository; all processes that run tests have one folder for it."""
    base = tmp_path_factory.getbasetemp()
    return RealDeck((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "real")


@pytest.fixture(scope="session")
def _browser() -> Iterator[Browser]:
    from browser import start_chromium

    with start_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def chromium(_browser: Browser) -> Iterator[Browser]:
    """Return the browser of all tests; what is open in it is closed after each module."""
    yield _browser
    for context in _browser.contexts:
        context.close()


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """Return an empty deck; the working directory is its folder."""
    monkeypatch.chdir(tmp_path)
    return Sources(tmp_path)


@pytest.fixture(autouse=True, scope="session")
def _born_the_same() -> Iterator[None]:
    """Give new decks the namespace of their slug: what is made by chance differs every time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deckpress.pipeline.load.new_namespace", lambda slug: slug)
        yield


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that sets the time of the next builds, in seconds since 1970."""
    return lambda seconds: monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds))


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[RealAnki]:
    """Return an empty collection of the real Anki."""
    collection = RealAnki(tmp_path / "anki")
    yield collection
    collection.close()


@pytest.fixture
def write_all(sources: Sources) -> Callable[[Mapping[str, str]], Sources]:
    """Return a function that writes several files of the deck."""

    def write(files: Mapping[str, str]) -> Sources:
        for name, content in files.items():
            sources.write(name, content)
        return sources

    return write
