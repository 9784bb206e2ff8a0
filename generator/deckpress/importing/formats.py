"""What decks can be imported from, and what says how: names for those who need no more of it."""

from __future__ import annotations

FORMATS = ("auto", "anki", "text", "obsidian", "headings")
MAP_NAME = "import.yaml"
"""The file that says which field of a note type becomes which part of a card."""
