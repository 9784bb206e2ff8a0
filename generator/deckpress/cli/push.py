"""The command `push`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, LOCKED, OUT, QUIET, SOURCE, selecting
from deckpress.pipeline.anki_address import USUAL_URL

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.pipeline.push import Push


@click.command("push")
@SOURCE
@OUT
@selecting
@click.option("--standalone", is_flag=True, help="Make a separate deck, with progress of its own.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Also replace texts that you edited; your versions go to My notes.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--url",
    default=USUAL_URL,
    show_default=True,
    metavar="URL",
    help="The address of AnkiConnect on this machine.",
)
@click.option(
    "--key",
    default="",
    envvar="ANKICONNECT_KEY",
    metavar="KEY",
    help="The add-on's key, if it has one.",
)
@LOCKED
@JSON
@QUIET
def command(
    source: Path,
    out: Path,
    standalone: bool,
    overwrite: bool,
    dry_run: bool,
    yes: bool,
    url: str,
    key: str,
    locked: bool,
    as_json: bool,
    quiet: bool,
    **wanted: Any,
) -> None:
    """Update the deck in the running Anki.

    Everything that is yours stays. Needs Anki's add-on AnkiConnect (2055492159). It first shows
    what would happen.
    """
    from deckpress.decks.selection import Selection
    from deckpress.pipeline.anki_connect import AnkiConnect
    from deckpress.pipeline.push import carry_out, prepare_push

    if as_json and not (yes or dry_run):
        raise click.UsageError("--json needs --yes or --dry-run, because it cannot ask")
    anki = AnkiConnect(url, key)
    with console.progress("reading cards", quiet=quiet or as_json) as report:
        push = prepare_push(
            anki,
            source,
            out,
            selection=Selection(**wanted),
            standalone=standalone,
            locked=locked,
            overwrite=overwrite,
            report=report,
        )
    if not quiet and not as_json:
        for line in _describe(push):
            console.say(line)
    done = not dry_run
    if done:
        if push and not yes:
            click.confirm("Apply these changes in Anki?", abort=True)
        carry_out(anki, push)
    if as_json:
        console.dump(_push_as_json(push, done=done))
    elif done and push and not quiet:
        console.say(f"done; the previous texts are in {push.journal}")


def _describe(push: Push) -> list[str]:
    plan = push.plan
    lines = []
    if push.resumed:
        lines.append("the last push was interrupted; this one continues it")
    parts: Sequence[tuple[str, Sequence[str]]] = (
        ("new", plan.added),
        ("new text", plan.changed),
        ("taken out", plan.retired),
        ("replaced, your text goes to your own field", plan.overwritten),
        ("edited by you, left alone (--overwrite replaces them)", plan.edited),
        ("new look", [look.name for look in push.looks]),
        ("figures and sounds", push.media),
        ("new, but not sent", push.held_back),
    )
    lines += [
        f"{name}: {len(ids)} ({', '.join(ids[:8])}{', ...' if len(ids) > 8 else ''})"
        for name, ids in parts
        if ids
    ]
    tagged = {*sum(plan.add_tags.values(), ()), *sum(plan.remove_tags.values(), ())}
    if tagged:
        lines.append(f"tags updated: {console.count(len(tagged), 'note')}")
    if push.held_back:
        lines.append(
            f"'{push.foreign[0]}' has fields or cards that are not the deck's, and Anki would "
            "empty them: import the package in Anki's own window, with 'Merge note types' off"
        )
    lines += [f"'{name}' has a style of your own, which stays" for name in push.unstyled]
    return lines if push else [*lines, "Anki is up to date"]


def _push_as_json(push: Push, *, done: bool) -> dict[str, object]:
    plan = push.plan
    return {
        "done": done,
        "added": plan.added,
        "changed": plan.changed,
        "retired": plan.retired,
        "edited": plan.edited,
        "overwritten": plan.overwritten,
        "held_back": push.held_back,
        "looks": [look.name for look in push.looks],
        "media": push.media,
        "add_tags": dict(plan.add_tags),
        "remove_tags": dict(plan.remove_tags),
    }
