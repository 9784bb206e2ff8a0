"""What companies ask: the parts of their decks, the evidence, summaries and pages.

A collection goes in; values that outputs print come out. Nothing here writes HTML, Typst or files.
"""
