"""The preview: a deck that is kept open as a page in its author's browser, on this machine only.

A folder of cards goes in; what comes out is served to one browser and written nowhere. Nothing of
another folder may leave by it, and nothing may change the deck.
"""
