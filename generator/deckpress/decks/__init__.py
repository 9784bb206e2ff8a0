"""Which notes a deck holds: selections, their language, decks ready for export, comparisons.

A release and a selection go in, a `Deck` comes out. A deck holds no option of any exporter. Of two
states of a deck comes what differs, and of that release notes.
"""
