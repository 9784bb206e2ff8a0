"""SVG figures: drawings only, which reach for nothing outside themselves and run nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from deckpress.text.characters import MOST_MARKS, heaped_marks
from deckpress.text.problem import Location, Problem

_SVG = "http://www.w3.org/2000/svg"
_W3C = "http://www.w3.org/"
_DATA = (f"{_W3C}1999/02/22-rdf-syntax-ns#", f"{_W3C}2000/01/rdf-schema#")
"""Of the languages of the W3C, those that no browser acts on; its others are HTML, MathML, XSLT."""
_NAMED = (f"{_W3C}1999/xlink", f"{_W3C}XML/1998/namespace", *_DATA)

_DRAWS = """
    svg g defs symbol use switch a title desc metadata style view path rect circle ellipse line
    polyline polygon text tspan textpath tref image marker pattern mask clippath lineargradient
    radialgradient meshgradient meshrow meshpatch hatch hatchpath stop solidcolor filter feblend
    fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting
    fedisplacementmap fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr
    fegaussianblur feimage femerge femergenode femorphology feoffset fepointlight
    fespecularlighting fespotlight fetile feturbulence animate animatecolor animatemotion
    animatetransform mpath set font font-face font-face-src font-face-name glyph missing-glyph
    hkern vkern
    """
"""All elements of SVG that draw, move or describe what is drawn; the others run or embed."""
_ELEMENTS = frozenset(_DRAWS.split())
_REFERRING = ("use", "textpath", "tref", "pattern", "lineargradient", "radialgradient", "feimage")
"""What is drawn again where another element is named by `href`; links and movements name only."""

_ENCODING = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[|<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)")
_RASTER = r"data:image/(?:png|jpe?g|gif|webp)[;,]"
_INSIDE = re.compile(rf"#|{_RASTER}")
# A backslash hides words from any search, and no honest style sheet of a figure needs one.
_STYLE = re.compile(
    rf"@import|@namespace|\\|image-set\(|src\(|url\(\s*+['\"]?+\s*+(?!#|{_RASTER})",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)(?:px|pt|mm|cm|in|em|ex|pc|%)?$"
)
_MOST_UNITS = 100_000
_MOST_LEVELS, _MOST_DRAWN, _MOST_ROUNDS = 200, 250_000, 60
"""How deep elements may stand in each other; how many may be drawn, counted as often as others
refer to them; how long a chain of such references may be."""
_URL = re.compile(rf"url\(\s*+['\"]?+\s*+(?!#|{_RASTER})|\\[^(]*\(|\([^(]*\\", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^)'\"\s]+)", re.IGNORECASE)
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""Characters that no PDF can say."""

_MOVED = re.compile(r"(?!on|href$|style$|class$)[A-Za-z][A-Za-z-]*", re.IGNORECASE)
"""What may be moved by an animation: a property that is drawn."""
_SCRIPT = re.compile(r"(?:java|vb)script:", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\x00-\x20]+")


def find_svg_fault(name: str, data: bytes) -> Problem | None:
    """Say why a file is no figure.

    Args:
        name: the file's name.
        data: its bytes.

    Returns:
        The first mistake, or None.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Problem(
            Location(), f"'{name}' is not UTF-8", "save it as plain SVG", rule="unreadable-svg"
        )
    if heaped_marks(text):
        message = f"'{name}' has a letter with more than {MOST_MARKS} accents or other marks"
        return Problem(Location(), message, "delete most of them", rule="unreadable-svg")
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        return Problem(
            Location(),
            f"'{name}' says it is {encoding[1]}",
            "save it as UTF-8",
            rule="unreadable-svg",
        )
    if _SUBSET.search(text):
        message = f"'{name}' declares entities or attributes of its own"
        return Problem(Location(), message, "save it as plain SVG", rule="unsafe-svg")
    if "<?xml-stylesheet" in text:
        return Problem(
            Location(),
            f"'{name}' reaches outside itself: <?xml-stylesheet",
            "put the style into it",
            rule="unsafe-svg",
        )
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return Problem(
            Location(), f"'{name}' is not well-formed SVG: {error}", "", rule="unreadable-svg"
        )
    if tree.tag != f"{{{_SVG}}}svg":
        return Problem(
            Location(),
            f"'{name}' is not SVG",
            'its root is <svg xmlns="http://www.w3.org/2000/svg">',
            rule="unreadable-svg",
        )
    if fault := _judge_size(tree):
        hint = "give it a width and a height, or a viewBox, above 0"
        return Problem(Location(), f"'{name}' {fault}", hint, rule="unreadable-svg")
    faults = filter(None, map(_judge, tree.iter()))
    if fault := next(faults, "") or _judge_growth(tree):
        return Problem(Location(), f"'{name}' {fault}", "a figure only draws", rule="unsafe-svg")
    return None


def _judge_size(tree: ElementTree.Element) -> str:
    """Say what is wrong with the size of a drawing; without one it takes what it gets."""
    for side in ("width", "height"):
        given = tree.get(side, "").strip()
        match = _LENGTH.match(given)
        if given and (not match or not 0 < float(match[1]) < _MOST_UNITS):
            return f"has the {side} '{given[:20]}'"
    box = tree.get("viewBox", "").replace(",", " ").split()
    if box:
        numbers = [_LENGTH.fullmatch(part) for part in box]
        whole = len(box) == 4 and all(numbers)
        if not whole or not all(0 < float(part) < _MOST_UNITS for part in box[2:]):
            return f"has the viewBox '{' '.join(box)[:30]}'"
    return ""


def _judge(element: ElementTree.Element) -> str:
    """Say what an element does beside drawing."""
    space, tag = _divide(str(element.tag))
    own = space == _SVG
    if (own and tag not in _ELEMENTS) or (
        not own and space.startswith(_W3C) and space not in _DATA
    ):
        return f"holds <{tag}>"
    for words in (element.text, element.tail, *element.attrib.values()):
        if words and not words.isascii() and (found := _UNPRINTED.search(words)):
            return f"holds the character U+{ord(found[0]):04X}"
    if tag == "style" and _STYLE.search("".join(element.itertext())):
        return "reaches outside itself: <style>"
    for key, value in element.attrib.items():
        space, attribute = _divide(key)
        if attribute == "href" and own:
            pictured = tag in ("image", "feimage")
            wrong = not (_INSIDE.match(value) if pictured else value.startswith("#"))
        elif attribute == "attributename":
            wrong = not _MOVED.fullmatch(value)
        elif space:
            wrong = attribute == "base" or (space.startswith(_W3C) and space not in _NAMED)
        elif attribute == "style":
            wrong = bool(_STYLE.search(value))
        else:
            runs = attribute.startswith("on") or attribute in ("ping", "base")
            wrong = runs or ("(" in value and bool(_URL.search(value)))
        if wrong or (":" in value and _SCRIPT.search(_BLANKS.sub("", value))):
            return f"reaches outside itself: {attribute}=..."
    return ""


def _judge_growth(tree: ElementTree.Element) -> str:
    """Say whether drawing would take for ever, for elements are drawn that refer to others."""
    sizes: dict[str, int] = {}
    refers: dict[str, list[str]] = {}
    open_: list[str] = [""]
    levels = [(tree, 0)]
    # Goes down without calling itself: a hostile drawing is deeper than Python.
    while levels:
        element, level = levels.pop()
        if level > _MOST_LEVELS:
            return f"has elements {_MOST_LEVELS} deep in each other"
        open_ = [*open_[: level + 1], element.get("id", "")]
        held = {name for name in open_ if name} | {""}
        calls = [value for value in element.attrib.values() if "(" in value]
        found = [name for value in calls for name in _REFERENCE.findall(value)]
        if _divide(str(element.tag))[1] in _REFERRING:
            named = (value for key, value in element.attrib.items() if _divide(key)[1] == "href")
            found += [value[1:] for value in named if value.startswith("#")]
        for name in held:
            sizes[name] = sizes.get(name, 0) + 1
            if found:
                refers.setdefault(name, []).extend(found)
        levels += [(child, level + 1) for child in element]
    drawn = sizes
    for _ in range(_MOST_ROUNDS):
        grown = {
            name: size + sum(drawn.get(other, 0) for other in refers.get(name, ()))
            for name, size in sizes.items()
        }
        if max(grown.values()) > _MOST_DRAWN:
            return f"draws more than {_MOST_DRAWN:,} elements"
        if grown == drawn:
            return ""
        drawn = grown
    return "has elements that refer to each other without end"


def _divide(name: str) -> tuple[str, str]:
    """Return the language that a name belongs to, if any, and the name in small letters."""
    space, _, own = name.rpartition("}")
    return space[1:], own.lower()
