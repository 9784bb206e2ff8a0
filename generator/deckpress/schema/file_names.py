"""The names of what lies in a folder of cards, for those who need no more of it."""

from __future__ import annotations

DECK_FILE = "deck.yaml"
COMPANIES_FILE = "companies.yaml"
LEDGER_NAME = "deck.lock"
TEMPLATES_NAME = "templates"
"""The folder that holds the deck's own templates, and no cards."""

DRAWN_NAME = "figures"
"""The folder of the scripts that draw figures, and of what they read."""

COVERAGE_NAME = "coverage"
"""The folder of the lists of questions that a deck is held against."""

MEDIA_NAME = "media"
"""The folder of the figures that cards of any folder show, and that scripts draw."""

MOST_LEDGER = 100_000_000
"""The largest ledger that is read, in bytes: some hundred thousand notes."""
