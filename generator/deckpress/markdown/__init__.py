"""Markdown to trees: a text goes in, nodes and the mistakes at their places come out.

`parser` is the only door to markdown-it-py. Everything is a function of the text: no disk, no
categories, companies or figures.
"""
