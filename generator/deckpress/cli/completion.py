"""The command `completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from deckpress.cli import console

SHELLS = ("bash", "zsh", "fish")
_HOW = {
    "bash": "echo 'eval \"$(deckpress completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(deckpress completion zsh)\"' >> ~/.zshrc",
    "fish": "deckpress completion fish > ~/.config/fish/completions/deckpress.fish",
}


@click.command(
    "completion",
    epilog="\b\n" + "\n".join(f"{shell}: {how}" for shell, how in _HOW.items()),
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the code that lets a shell complete commands and options."""
    from deckpress.cli.main import main

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    source = kind(main, {}, "deckpress", "_DECKPRESS_COMPLETE")
    # Without click's own look for the version of bash, which starts it.
    console.write(source.source_template % source.source_vars())
