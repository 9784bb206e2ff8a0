"""The sheet as one HTML file: `note` writes a note, `page` the whole.

A deck and options go in, bytes come out; nothing is read from the disk.
"""
