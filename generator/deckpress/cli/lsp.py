"""The command `lsp`."""

from __future__ import annotations

import click

from deckpress.cli.options import JOBS, NO_CACHE, take_work


@click.command("lsp")
@click.option(
    "--stdio", is_flag=True, help="Talk over standard input and output, as it always does."
)
@JOBS
@NO_CACHE
def command(stdio: bool, jobs: int, no_cache: bool) -> None:
    """Answer an editor as a language server, over standard input and output.

    It is started by editors: mistakes are underlined while you type, and names are completed.
    """
    from deckpress.cli.language_server import serve

    work = take_work(jobs, no_cache=no_cache)
    serve(jobs=work.jobs, cache=work.cache)
