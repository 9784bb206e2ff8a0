"""Run the command line: `python -m deckpress`."""

from deckpress.cli.main import main

main()
