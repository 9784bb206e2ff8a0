"""What an editor asks of a deck that is being written: mistakes, completions, fixes, places.

A text that is not saved yet and a position in it go in, plain values come out. Nothing here knows
the protocol by which an editor talks, prints, or writes a file.
"""
