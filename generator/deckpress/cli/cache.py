"""The command `cache`."""

from __future__ import annotations

import click

from deckpress.cli import console


@click.group("cache", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show where the cache is and how large it is, or clear it.

    It holds the results of earlier builds. Without it, builds only take longer;
    DECKPRESS_CACHE names another folder for it.
    """
    from deckpress.pipeline.cache import cache_folder, cache_size

    if context.invoked_subcommand is None:
        folder = cache_folder()
        console.say(f"{folder}: {console.size(cache_size(folder))}")


@command.command("clear")
def clear() -> None:
    """Delete everything in the cache."""
    from deckpress.pipeline.cache import cache_folder, clear_cache

    console.say(f"cleared {console.size(clear_cache(cache_folder()))}")
