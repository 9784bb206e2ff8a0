"""A folder of cards to a collection without mistakes, or to all of its mistakes.

`card_file` reads one file as a function of its bytes; `note` checks the drafts against the deck;
`folder` meets the disk. Nothing here knows an output.
"""
