"""Which notes a deck holds: selections, their language, and decks ready for export.

A release and a selection go in, a `Deck` comes out. A deck holds no option of any exporter.
"""
