"""The command `push`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, LOCKED, OUT, QUIET, SOURCE, selecting
from deckpress.decks.selection import Selection
from deckpress.pipeline.anki_connect import USUAL_URL, AnkiConnect
from deckpress.pipeline.push import Push, carry_out, prepare_push


@click.command("push")
@SOURCE
@OUT
@selecting
@click.option("--standalone", is_flag=True, help="A deck of its own, apart from the full deck.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Set back the texts that you edited; your versions go to My notes.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--url", default=USUAL_URL, show_default=True, help="Where AnkiConnect is, on this machine."
)
@click.option(
    "--key", default="", envvar="ANKICONNECT_KEY", help="The add-on's key, if it has one."
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
    """Bring the deck into the Anki that is running; all that is yours stays.

    Needs Anki's add-on AnkiConnect (2055492159). What would happen is said first.
    """
    if as_json and not (yes or dry_run):
        raise click.UsageError("--json goes with --yes or --dry-run: it asks nothing")
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
            click.confirm("Bring this into Anki?", abort=True)
        carry_out(anki, push)
    if as_json:
        console.dump(_push_as_json(push, done=done))
    elif done and push and not quiet:
        console.say(f"done; what changed is as it was in {push.journal}")


def _describe(push: Push) -> list[str]:
    plan = push.plan
    lines = []
    if push.resumed:
        lines.append("the last push ended before it was done; this one goes on")
    parts: Sequence[tuple[str, Sequence[str]]] = (
        ("new", plan.added),
        ("new text", plan.changed),
        ("taken out", plan.retired),
        ("set back, your text goes to your own field", plan.overwritten),
        ("edited by you, left alone (--overwrite sets them back)", plan.edited),
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
        lines.append(f"tags set right: {console.count(len(tagged), 'note')}")
    if push.held_back:
        lines.append(
            f"'{push.foreign[0]}' has fields or cards that are not the deck's, and Anki would "
            "empty yours: import the package in Anki's own window, with 'Merge note types' off"
        )
    lines += [f"'{name}' has a style of your own: it stays" for name in push.unstyled]
    return lines if push else [*lines, "Anki has all of it"]


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
