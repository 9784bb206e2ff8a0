"""The nouns of a deck as frozen values: note, company, templates, collection.

Reading makes them and every other floor takes them. They hold no behavior: no disk, no rendering.
"""
