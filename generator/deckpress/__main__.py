"""Run the command line: `python -m deckpress`."""

from deckpress.cli import main

main()
