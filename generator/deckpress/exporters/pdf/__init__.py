"""The sheet and paper cards as PDF, set by Typst.

A deck and options go in, bytes come out; `typeset` gives Typst all that it reads.
"""
