"""Gradient norm by layer at initialization: sigmoid with Xavier against ReLU with He weights.

Computed, not sketched: 20 dense layers of 100 units, weights normal with variance 1/100 for
sigmoid (Xavier, 2 / (in + out)) and 2/100 for ReLU (He), biases zero, 128 standard normal inputs.
A random linear output and the squared error against random targets give the loss; shown is the
Frobenius norm of its gradient with respect to each layer's weight matrix, divided by that of
layer 20, as the geometric mean over 20 networks.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter
from shapes import power
from style import BLUE, PAPER, RED, THIN, new_figure, save, say

LAYERS, UNITS, BATCH, NETWORKS = 20, 100, 128, 20


def norms(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Run one random network forwards and backwards; return a gradient norm per layer."""
    variance = {"sigmoid": 1, "relu": 2}[kind] / UNITS
    weights = rng.normal(0, np.sqrt(variance), (LAYERS, UNITS, UNITS))
    activations = [rng.normal(size=(BATCH, UNITS))]
    for matrix in weights:
        before = activations[-1] @ matrix
        after = 1 / (1 + np.exp(-before)) if kind == "sigmoid" else np.maximum(before, 0)
        activations.append(after)
    out = rng.normal(0, np.sqrt(1 / UNITS), UNITS)
    error = activations[-1] @ out - rng.normal(size=BATCH)
    delta = np.outer(error, out) / BATCH
    found = np.empty(LAYERS)
    for layer in reversed(range(LAYERS)):
        after = activations[layer + 1]
        delta = delta * (after * (1 - after) if kind == "sigmoid" else after > 0)
        found[layer] = np.linalg.norm(activations[layer].T @ delta)
        delta = delta @ weights[layer].T
    return found


def mean_norms(kind: str) -> np.ndarray:
    """Average over networks on a log scale, in units of the last layer."""
    rng = np.random.default_rng(2)
    logs = np.mean([np.log(norms(kind, rng)) for _ in range(NETWORKS)], axis=0)
    return np.asarray(np.exp(logs - logs[-1]))


def draw() -> Figure:
    """Draw both curves over the layers, from the input at the left to the output."""
    layers = np.arange(1, LAYERS + 1)
    sigmoid, relu = mean_norms("sigmoid"), mean_norms("relu")
    figure = new_figure(3.1)
    axes = figure.add_subplot(yscale="log")
    axes.plot(layers, relu, "s-", color=BLUE, markersize=4.5)
    axes.plot(layers, sigmoid, "o--", color=RED, markerfacecolor=PAPER, markersize=4.5)
    axes.set(xlabel="layer (1 = next to the input)", ylabel="gradient norm, layer 20 = 1")
    axes.set(xlim=(0.4, 20.6), ylim=(sigmoid.min() / 10, 90))
    axes.minorticks_off()
    axes.xaxis.set_major_locator(FixedLocator([1, 5, 10, 15, 20]))
    axes.yaxis.set_major_locator(FixedLocator([10.0**power for power in range(-12, 1, 3)]))
    label = FuncFormatter(lambda value, _: power(round(np.log10(value))))
    axes.yaxis.set_major_formatter(label)
    axes.tick_params(length=3.0, width=THIN)
    say(axes, (1, 12), "ReLU, He init", BLUE)
    say(axes, (9.5, 1e-8), "sigmoid, Xavier init", RED)
    exponent = int(np.floor(np.log10(sigmoid[0])))
    first = f"{sigmoid[0] / 10.0**exponent:.0f}·{power(exponent)}"
    say(axes, (1.8, sigmoid[0]), first, RED)
    return figure


if __name__ == "__main__":
    save(draw(), "vanishing-gradients")
