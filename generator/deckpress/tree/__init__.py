"""The tree that Markdown is read into and every output is written from.

Nodes are frozen values; cloze markers, holes and coloured code are read off them. Nothing here
parses Markdown or writes an output.
"""
