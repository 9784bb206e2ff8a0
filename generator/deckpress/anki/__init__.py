"""Notes as Anki holds them, and the ledger that lets them be updated.

A note and what it names go in; fields, tags, cards, GUIDs and times come out. Nothing here writes a
package or touches the disk.
"""
