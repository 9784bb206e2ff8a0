"""The command `cache`."""

from __future__ import annotations

import click

from deckpress.cli import console
from deckpress.pipeline.cache import cache_folder, cache_size, clear_cache


@click.group("cache", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Say where the cache is and how large, or clear it.

    It holds what was read and made before. Nothing depends on it but the time that builds take;
    DECKPRESS_CACHE names another folder for it.
    """
    if context.invoked_subcommand is None:
        folder = cache_folder()
        console.say(f"{folder}: {console.size(cache_size(folder))}")


@command.command("clear")
def clear() -> None:
    """Delete all that is remembered of earlier builds."""
    console.say(f"cleared {console.size(clear_cache(cache_folder()))}")
