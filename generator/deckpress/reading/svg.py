"""SVG figures: drawings only, which reach for nothing outside themselves and run nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from deckpress.text.problem import Location, Problem

_ENCODING = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
# A backslash hides words from any search, and no honest style sheet of a figure needs one.
_STYLE = re.compile(
    r"@import|@namespace|\\|image-set\(|src\(|url\(\s*['\"]?\s*(?![\s'\"]|#|data:image/)",
    re.IGNORECASE,
)
_URL = re.compile(r"url\(\s*['\"]?\s*(?![\s'\"]|#|data:image/)", re.IGNORECASE)
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
    for element in tree.iter():
        fault = _judge(element)
        if fault:
            return Problem(
                Location(), f"'{name}' {fault}", "a figure only draws", rule="unsafe-svg"
            )
    return None


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
