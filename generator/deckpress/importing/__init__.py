"""Decks that exist already, as card files.

The bytes of somebody's deck go in: a package of Anki, a text export, a table, Obsidian notes, a
list of headings. Card files with their ids, GUIDs and figures come out, and of every note what
could not be carried. Nothing here writes to the disk or trusts what it reads: sizes, names and
times have bounds.
"""
