"""SVG figures: drawings only, which reach for nothing outside themselves and run nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from deckpress.text.problem import Location, Problem

_ENCODING = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
# A backslash hides words from any search, and no honest style sheet of a figure needs one.
_STYLE = re.compile(
    r"@import|@namespace|\\|image-set\(|src\(|url\(\s*+['\"]?\s*+(?!#|data:image/)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)(?:px|pt|mm|cm|in|em|ex|pc|%)?$"
)
_MOST_UNITS = 100_000
_URL = re.compile(r"url\(\s*+['\"]?\s*+(?!#|data:image/)", re.IGNORECASE)
_SCRIPT = re.compile(r"[\s\x00-\x20]*(?:java|vb)script\s*:", re.IGNORECASE)


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
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        return Problem(
            Location(),
            f"'{name}' says it is {encoding[1]}",
            "save it as UTF-8",
            rule="unreadable-svg",
        )
    if "<!ENTITY" in text:
        return Problem(
            Location(), f"'{name}' declares entities", "save it as plain SVG", rule="unsafe-svg"
        )
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
    if tree.tag != "{http://www.w3.org/2000/svg}svg":
        return Problem(
            Location(),
            f"'{name}' is not SVG",
            'its root is <svg xmlns="http://www.w3.org/2000/svg">',
            rule="unreadable-svg",
        )
    if fault := _judge_size(tree):
        hint = "give it a width and a height, or a viewBox, above 0"
        return Problem(Location(), f"'{name}' {fault}", hint, rule="unreadable-svg")
    for element in tree.iter():
        fault = _judge(element)
        if fault:
            return Problem(
                Location(), f"'{name}' {fault}", "a figure only draws", rule="unsafe-svg"
            )
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
    tag = _local(str(element.tag))
    if tag in ("script", "foreignobject", "iframe"):
        return f"holds <{tag}>"
    if tag == "style" and _STYLE.search("".join(element.itertext())):
        return "reaches outside itself: <style>"
    for key, value in element.attrib.items():
        attribute = _local(key)
        remote = attribute == "href" and not value.startswith(("#", "data:image/"))
        style = (_STYLE if attribute == "style" else _URL).search(value)
        moves = attribute == "attributename" and re.search(r"(?i)(?:^|:)(?:href$|on)", value)
        if (
            attribute.startswith("on")
            or attribute == "base"
            or remote
            or style
            or moves
            or _SCRIPT.match(value)
        ):
            return f"reaches outside itself: {attribute}=..."
    return ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
