"""Training and validation loss against epochs, with the point where early stopping would stop.

A real fit: logistic regression by full-batch gradient descent on 80 rows with 40 features, of
which 5 matter, and validated on 2000 further rows of the same kind. The loss is the mean
cross-entropy. The training loss keeps falling; the validation loss has a minimum.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say

EPOCHS = 120
FEATURES, RELEVANT = 40, 5
STEP = 0.2


def sample(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows whose label depends, with noise, on the first features only."""
    features = rng.normal(size=(rows, FEATURES))
    chance = 1 / (1 + np.exp(-features[:, :RELEVANT].sum(axis=1)))
    return features, (rng.random(rows) < chance).astype(float)


def cross_entropy(weights: np.ndarray, features: np.ndarray, labels: np.ndarray) -> float:
    """Compute the mean negative log-likelihood of the labels."""
    logits = features @ weights
    return float(np.mean(np.logaddexp(0, logits) - labels * logits))


def fit() -> np.ndarray:
    """Return the training and the validation loss after each epoch, as two rows."""
    rng = np.random.default_rng(4)
    train, validation = sample(rng, 80), sample(rng, 2000)
    features, labels = train
    weights = np.zeros(FEATURES)
    losses = []
    for _ in range(EPOCHS + 1):
        losses.append((cross_entropy(weights, *train), cross_entropy(weights, *validation)))
        error = 1 / (1 + np.exp(-features @ weights)) - labels
        weights -= STEP * features.T @ error / len(labels)
    return np.array(losses).T


def draw() -> Figure:
    """Draw both losses and mark the epoch of the least validation loss."""
    training, validation = fit()
    best = int(validation.argmin())
    shown = np.unique(np.r_[0:best, best : EPOCHS + 1 : 3])
    figure = new_figure(2.9)
    axes = figure.add_subplot()
    axes.axvline(best, color=GREY, linewidth=0.8)
    axes.plot(shown, training[shown], color=BLUE, linestyle=DASHED)
    axes.plot(shown, validation[shown], color=RED)
    axes.plot(best, validation[best], "o", color=RED, markersize=7)
    axes.set(xlabel="epoch", ylabel="loss (cross-entropy)", xlim=(0, EPOCHS), ylim=(0, 0.8))
    plain_ticks(axes, range(0, EPOCHS + 1, 20), (0, 0.2, 0.4, 0.6, 0.8))
    say(axes, (78, 0.61), "validation", RED)
    say(axes, (70, 0.14), "training", BLUE)
    say(axes, (best + 2, 0.45), f"stop here: epoch {best}", INK, backed=True)
    return figure


if __name__ == "__main__":
    save(draw(), "learning-curves")
