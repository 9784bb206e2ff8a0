"""Formulas: LaTeX goes in, Typst math or a mistake with its place comes out.

`gate` says whether Anki, the HTML sheet and the PDF all set a formula alike; `formula` writes it.
Nothing here draws.
"""
