"""What other dialects of Markdown write, read as it is meant there; a file for each kind of it.

Rules of the parser, which `markdown.parser` puts in their places: its state goes in, tokens come
out. Nothing here knows the tree or an output; what cannot be read is left for `faults` to tell.
"""
