// When a card comes back: FSRS-6 by its published formulas and weights, for a recall of 90 %.
// One step of ten minutes to learn, and to learn again what was forgotten.
const schedule = (() => {
  "use strict";
  const W = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835,
    0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
  ];
  const DAY = 864e5, STEP = 6e5, LONGEST = 36500;
  const FACTOR = 0.9 ** (-1 / W[20]) - 1;
  const [LEARNING, REVIEW, RELEARNING] = [1, 2, 3], [AGAIN, HARD, GOOD, EASY] = [1, 2, 3, 4];
  const { exp, floor, max, min, round } = Math;

  const within = (low, value, high) => max(low, min(value, high));
  const startingDifficulty = rating => W[4] - exp(W[5] * (rating - 1)) + 1;
  const nextDifficulty = (d, rating) => {
    const moved = d - W[6] * (rating - GOOD) * (10 - d) / 9;
    return within(1, W[7] * startingDifficulty(EASY) + (1 - W[7]) * moved, 10);
  };
  const recall = (days, s) => (1 + FACTOR * days / s) ** -W[20];
  const sameDay = (s, rating) => {
    const growth = exp(W[17] * (rating - GOOD + W[18])) * s ** -W[19];
    return s * (rating > AGAIN ? max(growth, 1) : growth);
  };
  const forgotten = (d, s, r) => min(
    W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * exp((1 - r) * W[14]),
    s / exp(W[17] * W[18]));
  const recalled = (d, s, r, rating) => s * (1 + exp(W[8]) * (11 - d) * s ** -W[9]
    * (exp((1 - r) * W[10]) - 1) * (rating === HARD ? W[15] : 1) * (rating === EASY ? W[16] : 1));

  // `card` is what the last call returned, nothing the first time; times are in milliseconds.
  return (card, rating, now) => {
    let s = W[rating - 1], d = within(1, startingDifficulty(rating), 10);
    if (card) {
      const days = max(0, floor((now - card.last) / DAY)), r = recall(days, card.s);
      s = days < 1 ? sameDay(card.s, rating)
        : rating === AGAIN ? forgotten(card.d, card.s, r) : recalled(card.d, card.s, r, rating);
      s = max(s, 0.001);
      d = nextDifficulty(card.d, rating);
    }
    const learns = !card || card.state !== REVIEW;
    const state = rating > HARD || rating === HARD && !learns ? REVIEW
      : card && card.state !== LEARNING ? RELEARNING : LEARNING;
    const wait = state === REVIEW ? within(1, round(s), LONGEST) * DAY
      : rating === HARD ? 1.5 * STEP : STEP;
    return { state, s, d, last: now, due: now + wait, rating };
  };
})();
