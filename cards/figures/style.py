"""The one look of all figures: palette, sizes, drawing functions, and `save`.

Figures are drawn for white paper, 4.6 inches wide, and shown about 340 px wide on a phone, so no
text is set below 10 pt. Every line differs from its neighbours by more than its colour: by dash,
marker or a label beside it. Letters become outlines of DejaVu Sans, which matplotlib brings
along, so a figure looks the same in every viewer, needs no font and may be inlined in a page.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter

MEDIA = Path(__file__).resolve().parent.parent / "media"

BLUE = "#0550ae"
RED = "#a0144f"
GREEN = "#0a5c36"
ORANGE = "#8a4b00"
VIOLET = "#6639ba"
GREY = "#57606a"
INK = "#1f2328"
PAPER = "#ffffff"

WIDTH = 4.6  # inches; 340 px on a phone
TEXT_SIZE = 10.0  # points; about 10 px on a phone
THIN = 0.8
THICK = 1.8

MINUS = "\N{MINUS SIGN}"
PRIME = "\N{PRIME}"

DASHED = (0, (5, 2.2))
DOTTED = (0, (1.2, 1.8))
DASH_DOT = (0, (6, 2, 1.2, 2))

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
REFERENCE = re.compile(r"(?<=^#)[^)]+(?=$)|(?<=url\(#)[^)]+(?=\))")
ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", HREF[1:-5])

Point = tuple[float, float]
Dash = str | tuple[float, Sequence[float]]

matplotlib.rcdefaults()  # a reader's own matplotlibrc must not change the figures
matplotlib.rcParams.update(
    {
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.labelpad": 3.0,
        "axes.labelsize": TEXT_SIZE,
        "axes.linewidth": THIN,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.facecolor": PAPER,
        "font.family": "DejaVu Sans",
        "font.size": TEXT_SIZE,
        "hatch.linewidth": 0.7,
        "lines.linewidth": THICK,
        "lines.markersize": 5.0,
        "svg.fonttype": "path",
        "svg.hashsalt": "cards",
        "text.color": INK,
        "xtick.color": GREY,
        "xtick.labelcolor": INK,
        "xtick.labelsize": TEXT_SIZE,
        "ytick.color": GREY,
        "ytick.labelcolor": INK,
        "ytick.labelsize": TEXT_SIZE,
    }
)


def tint(colour: str, share: float = 0.14) -> str:
    """Mix a share of the colour into white: a pale fill that black text still reads on."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - channel)):02x}" for channel in channels)


def new_figure(height: float) -> Figure:
    """Start a plot of the common width; its axes are fitted to their labels when saved."""
    layout = ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04)
    return Figure(figsize=(WIDTH, height), layout=layout)


def new_diagram(height: float) -> tuple[Figure, Axes]:
    """Start a drawing of boxes and arrows: no axes, one unit is one inch, y grows upwards."""
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, WIDTH), ylim=(0.0, height))
    axes.set_axis_off()
    return figure, axes


def say(axes: Axes, at: Point, text: str, colour: str = INK, **options: Any) -> Text:
    """Write a label with its left middle at a point; `backed` wipes the lines behind it."""
    if options.pop("backed", False):
        options["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}
    look: dict[str, Any] = {"ha": "left", "va": "center", "linespacing": 1.15}
    return axes.text(*at, text, color=colour, **(look | options))


def box(axes: Axes, centre: Point, size: Point, text: str, **look: Any) -> None:
    """Draw a rounded box about its centre, a text in its middle; grey unless `look` differs."""
    corner = (centre[0] - size[0] / 2, centre[1] - size[1] / 2)
    shape = "round,pad=0,rounding_size=0.06"
    colour = look.get("edgecolor", GREY)
    usual = {"edgecolor": colour, "facecolor": tint(colour), "linewidth": 1.1}
    axes.add_patch(FancyBboxPatch(corner, *size, boxstyle=shape, **(usual | look)))
    say(axes, centre, text, ha="center")


def arrow(axes: Axes, start: Point, end: Point, colour: str = GREY, **options: Any) -> None:
    """Draw an arrow between two points; `ends` is its head, `dash` its line, `bend` its curve."""
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": options.get("ends", "-|>") + ",head_width=0.22,head_length=0.4",
            "color": colour,
            "connectionstyle": options.get("bend", "arc3"),
            "linestyle": options.get("dash", "-"),
            "linewidth": 1.2,
            "mutation_scale": 12.0,
            "shrinkA": 0.0,
            "shrinkB": 0.0,
        },
    )


def plain_ticks(axes: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    """Place ticks at the given values only and write these without needless zeros."""
    for axis, places in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_major_locator(FixedLocator(list(places)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", MINUS)))
        axis.set_tick_params(length=3.0, width=THIN)


def save(figure: Figure, name: str, folder: Path = MEDIA) -> Path:
    """Write the figure as `<folder>/<name>.svg`; the same drawing gives the same bytes."""
    raw = io.StringIO()
    figure.savefig(raw, format="svg", metadata={"Date": None})
    target = folder / f"{name}.svg"
    target.write_text(tidy(raw.getvalue(), name), encoding="utf-8", newline="\n")
    return target


def tidy(svg: str, name: str) -> str:
    """Keep of matplotlib's SVG what draws: no comments, metadata, style sheet or empty groups.

    Coordinates are rounded to 1/100 pt, which also hides the last bits in which processors
    differ. Names in use are numbered and begin with a mark of the figure's own, so that several
    figures can be inlined in one page.
    """
    root = ElementTree.fromstring(svg)  # drops the DOCTYPE and the comments
    root.set("stroke-linejoin", "round")  # all that the style sheet said
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {SVG + "metadata", SVG + "style"}:
                parent.remove(child)
    rename(root, "f" + hashlib.sha256(name.encode()).hexdigest()[:4])
    for element in root.iter():
        shorten(element)
    flatten(root)
    ElementTree.indent(root, "")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def rename(root: Element, mark: str) -> None:
    """Renumber the ids that are referred to, and drop all others."""
    values = (value for element in root.iter() for value in element.attrib.values())
    wanted = {found for value in values for found in REFERENCE.findall(value)}
    numbers: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", "")
        if old in wanted:
            element.set("id", numbers.setdefault(old, f"{mark}-{len(numbers) + 1}"))
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, REFERENCE.sub(lambda found: numbers.get(found[0], found[0]), value))


def shorten(element: Element) -> None:
    """Round an element's coordinates and write its shifts and styles in few characters."""
    for key in ("d", "x", "y", "width", "height"):
        if key in element.attrib and element.tag != SVG + "svg":
            element.set(key, rounded(" ".join(element.attrib[key].split())))
    if "style" in element.attrib:
        element.set("style", re.sub(r"([:;]) ", r"\1", element.attrib["style"]))
    shift = element.attrib.get("transform", "")
    if element.tag == SVG + "use" and (found := re.fullmatch(r"translate\((\S+) 0\)", shift)):
        del element.attrib["transform"]
        element.set("x", rounded(found[1]))
    elif shift:
        place = re.sub(r"(?<=translate\()[^)]*", lambda found: rounded(found[0]), shift)
        element.set("transform", place)


def flatten(parent: Element) -> None:
    """Write a style that all children of a group share once; dissolve groups that say nothing."""
    for child in list(parent):
        flatten(child)
    styles = {child.get("style", "") for child in parent}
    if parent.tag == SVG + "g" and not parent.get("style") and len(parent) > 1 == len(styles):
        parent.set("style", styles.pop())
        for child in parent:
            child.attrib.pop("style", None)
    children: list[Element] = []
    for child in parent:
        if len(child) == 1 and set(child.attrib) == {"style"} and not child[0].get("style"):
            child[0].set("style", child.attrib.pop("style"))
        if len(child) or child.tag not in {SVG + "g", SVG + "defs"}:
            bare = child.tag == SVG + "g" and not any(child.attrib.values())
            children.extend(child if bare else [child])
    parent[:] = children


def rounded(numbers: str) -> str:
    """Round every decimal in a text to two places, without trailing zeros."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda found: short(float(found[0])), numbers)


def short(value: float) -> str:
    """Write a number with at most two decimals, and never as minus zero."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
