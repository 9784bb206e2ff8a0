"""Trees as HTML and as Typst markup, and the engines that finish both.

Nodes and what an output does its own way go in, text comes out. `jinja` and `typesetter` are the
doors to Jinja and Typst. Nothing here knows Anki, the sheet or a deck.
"""
