"""Decision regions of one unpruned tree and of a random forest on the same two moons.

120 training points of scikit-learn's two moons with noise 0.3; the tree is grown until its leaves
are pure, the forest averages 300 such trees (bootstrap rows, one of the two features tried per
split). The accuracies are measured on 20,000 fresh points. The boundary is where the predicted
class changes on a fine grid.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from sklearn.datasets import make_moons
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from style import BLUE, INK, PAPER, RED, new_figure, plain_ticks, save, tint

ROWS, NOISE = 120, 0.3
SPAN = ((-1.8, 2.8), (-1.4, 1.9))
STEP = 0.03

Model = DecisionTreeClassifier | RandomForestClassifier


def corners(outline: np.ndarray) -> np.ndarray:
    """Drop the vertices of a closed outline that lie on the line between their neighbours."""
    points = outline[:-1]
    ahead = np.roll(points, -1, axis=0) - points
    behind = points - np.roll(points, 1, axis=0)
    turns = np.abs(ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0]) > 1e-9
    return np.vstack([points[turns], points[turns][:1]])


def region(axes: Axes, model: Model) -> None:
    """Tint the region of class 1 and outline it."""
    x = np.arange(*SPAN[0], STEP)
    y = np.arange(*SPAN[1], STEP)
    across, up = np.meshgrid(x, y)
    places = np.column_stack([across.ravel(), up.ravel()])
    positive = model.predict(places).reshape(across.shape).astype(float)
    found = axes.contourf(x, y, positive, levels=[0.5, 1.5]).get_paths()[0]
    axes.collections[-1].remove()
    outline = Path.make_compound_path(*(Path(corners(p), closed=True) for p in found.to_polygons()))
    axes.add_patch(PathPatch(outline, facecolor=tint(RED, 0.2), edgecolor=INK, linewidth=1.0))


def draw() -> Figure:
    """Draw the regions of the tree and of the forest side by side."""
    points, labels = make_moons(ROWS, noise=NOISE, random_state=1)
    fresh, truth = make_moons(20_000, noise=NOISE, random_state=2)
    models: tuple[tuple[str, Model], ...] = (
        ("one deep tree", DecisionTreeClassifier(random_state=0)),
        ("forest of 300", RandomForestClassifier(300, max_features=1, random_state=0)),
    )
    figure = new_figure(2.5)
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, (name, model) in zip(panels, models, strict=True):
        model.fit(points, labels)
        region(axes, model)
        for label, marker, colour, fill in ((0, "o", BLUE, BLUE), (1, "s", RED, PAPER)):
            x, y = points[labels == label].T
            axes.plot(x, y, marker, color=colour, markerfacecolor=fill, markersize=3.6)
        axes.set(xlim=SPAN[0], ylim=SPAN[1], aspect="equal")
        axes.set_title(name, fontsize=10, fontweight="bold")
        seen, new = model.score(points, labels), model.score(fresh, truth)
        axes.set_xlabel(f"training {seen:.1%}\nnew data {new:.1%}")
        axes.spines[["top", "right"]].set_visible(True)
        plain_ticks(axes, (), ())
    return figure


if __name__ == "__main__":
    save(draw(), "tree-vs-forest")
