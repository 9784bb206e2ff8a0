"""The drill schedules as the package `fsrs` does: every review of random histories, in Chromium."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from playwright.sync_api import Browser, Page

from deckpress.reading.template_files import templates_folder

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
STEP = (timedelta(minutes=10),)
REPLAY = """
histories => histories.map(history => {
  let card;
  return history.map(([rating, now]) => (card = schedule(card, rating, now)));
})
"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    """Return a page that has only the script of the scheduler."""
    script = (templates_folder() / "sheet/schedule.js").read_text(encoding="utf-8")
    opened = chromium.new_page()
    opened.add_script_tag(content=script)
    return opened


def invent_histories(count: int) -> list[list[tuple[int, datetime]]]:
    """Invent histories: ratings in seconds, on time, late by days or by years."""
    dice = random.Random(7)
    histories = []
    for _ in range(count):
        now, history = START, []
        for _ in range(dice.randint(1, 25)):
            history.append((dice.choices((1, 2, 3, 4), (3, 2, 5, 1))[0], now))
            days = dice.choice(
                (0, 0, 1, dice.uniform(0, 3), dice.uniform(1, 60), dice.uniform(9, 900))
            )
            now += timedelta(days=days, seconds=dice.randint(1, 3000))
        histories.append(history)
    return histories


def milliseconds(time: datetime) -> int:
    """Return a time as JavaScript counts it."""
    return round(time.timestamp() * 1000)


def test_every_review_is_what_the_package_makes_of_it(page: Page) -> None:
    """State, stability, difficulty and the time a card is due, of 300 histories."""
    histories = [
        [(rating, time.replace(microsecond=0)) for rating, time in history]
        for history in invent_histories(300)
    ]
    replayed = page.evaluate(
        REPLAY, [[[rating, milliseconds(time)] for rating, time in h] for h in histories]
    )
    scheduler = Scheduler(learning_steps=STEP, relearning_steps=STEP, enable_fuzzing=False)
    seen = set()
    for history, ours in zip(histories, replayed, strict=True):
        card = Card(card_id=1)
        for (rating, time), mine in zip(history, ours, strict=True):
            card, _ = scheduler.review_card(card, Rating(rating), time)
            assert mine["s"] == pytest.approx(card.stability, rel=1e-9)
            assert mine["d"] == pytest.approx(card.difficulty, rel=1e-9)
            assert mine["state"] == card.state.value
            assert mine["due"] == milliseconds(card.due)
            assert (mine["last"], mine["rating"]) == (milliseconds(time), rating)
            seen.add((card.state.value, rating))
    assert seen == {(1, 1), (1, 2), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2)}


def test_the_comparison_sees_a_wrong_weight(page: Page) -> None:
    """With another weight of the package, the first interval differs."""
    (mine,) = page.evaluate(REPLAY, [[[3, milliseconds(START)]]])
    weights = list(Scheduler().parameters)
    weights[2] += 0.001
    card, _ = Scheduler(weights, enable_fuzzing=False).review_card(
        Card(card_id=1), Rating.Good, START
    )
    assert mine[0]["s"] != pytest.approx(card.stability, rel=1e-9)
