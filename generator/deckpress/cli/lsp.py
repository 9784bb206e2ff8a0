"""The command `lsp`."""

from __future__ import annotations

import click

from deckpress.cli.options import JOBS, NO_CACHE, take_work


@click.command("lsp")
@click.option(
    "--stdio", is_flag=True, help="Use standard input and output (this is always the case)."
)
@JOBS
@NO_CACHE
def command(stdio: bool, jobs: int, no_cache: bool) -> None:
    """Serve an editor: mistakes as you type, completion, quick fixes.

    A language server, over standard input and output. Editors start it.
    """
    from deckpress.cli.language_server import serve

    work = take_work(jobs, no_cache=no_cache)
    serve(jobs=work.jobs, cache=work.cache)
