"""The names of what lies in a folder of cards, for those who need no more of it."""

from __future__ import annotations

DECK_FILE = "deck.yaml"
COMPANIES_FILE = "companies.yaml"
LEDGER_NAME = "deck.lock"
TEMPLATES_NAME = "templates"
"""The folder that holds the deck's own templates, and no cards."""

MOST_LEDGER = 100_000_000
"""The largest ledger that is read, in bytes: some hundred thousand notes."""
