"""What the shapes of all files are made of: slugs, texts, dates, tags, addresses."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_IN_TAGS = re.compile(r"""[\s:,;"'()\[\]{}*\\<>]""")
SLUG = r"^[a-z0-9][a-z0-9-]*$"


def _iso_date(text: str) -> str:
    try:
        # Python reads weeks and dates without dashes as well.
        if not _DATE.fullmatch(text):
            raise ValueError
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date is written 2026-11-22") from None
    return text


def _year_or_date(text: str) -> str:
    """Accept a year, a month or a day, as the source gives it."""
    if len(text) == 4 and text.isdecimal():
        return text
    return text if len(text) == 7 and _iso_date(text + "-01") else _iso_date(text)


LONGEST_ADDRESS = 8_000
"""Bytes that an address to link to has at most: what a PDF takes."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Categories of characters that are not seen, or cannot be written."""
_NOT_IN_ADDRESSES = re.compile(r'[\s"<>]')


def _holds_unseen(text: str) -> bool:
    # Python finds all of them, and some more, at once.
    return not text.isprintable() and any(unicodedata.category(c) in _UNSEEN for c in text)


def _tag(text: str) -> str:
    # Anki splits tags at spaces and nests them at "::"; the rest means something to its search.
    levels = text.split("::")
    if not all(levels) or _NOT_IN_TAGS.search(text.replace("::", "")):
        raise ValueError("a tag has no spaces, commas, quotes, brackets or stars; levels are a::b")
    if _holds_unseen(text):
        raise ValueError("a tag contains letters, digits and visible characters")
    return text


def is_tag(text: str) -> bool:
    """Say whether a card may have a text as a tag."""
    try:
        return bool(_tag(text))
    except ValueError:
        return False


def _address(text: str) -> str:
    odd = _NOT_IN_ADDRESSES.search(text) or _holds_unseen(text)
    if not text.startswith(("https://", "http://", "mailto:")) or odd:
        raise ValueError("an address starts with https://, and contains no spaces or quotes")
    if len(text.encode()) > LONGEST_ADDRESS:
        raise ValueError(f"an address has at most {LONGEST_ADDRESS:,} characters")
    return text


def address_fault(text: str) -> str:
    """Say why a text is no address to link to; empty when it is one."""
    try:
        _address(text)
    except ValueError as error:
        return str(error)
    return ""


def _deck_name(text: str) -> str:
    # "::" would nest the deck, and so would a colon that meets the two of its neighbour; Anki
    # matches decks by name, so it must be exact and stable, and keeps "Default" for itself.
    odd = '"' in text or any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)
    if odd or "::" in text or not text or text != text.strip().strip(":"):
        raise ValueError("a deck's name has no '::', no quotes and no colons or spaces at its ends")
    if text.lower() == "default":
        raise ValueError("Anki has a deck of this name that is its own; choose another")
    return text


def deck_name_fault(text: str) -> str:
    """Say why a deck cannot be called so; empty when it can."""
    try:
        _deck_name(text)
    except ValueError as error:
        return str(error)
    return ""


def _category_name(text: str) -> str:
    """Accept a name for each level of a nested deck."""
    for part in text.split("::"):
        _deck_name(part)
    return text


def _words(value: object) -> object:
    """Accept "a, b" where a list is meant: heading attributes have no other way to say it."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
"""The tag of a language, such as `en`, `zh-Hant` or `pt-BR`."""

Text = Annotated[str, StringConstraints(min_length=1)]
Date = Annotated[str, AfterValidator(_iso_date)]
LooseDate = Annotated[str, AfterValidator(_year_or_date)]
Tag = Annotated[str, AfterValidator(_tag)]
Tags = Annotated[
    list[Tag],
    # Editors read `3`, `1.10` and `no` as what they are in YAML; here they stay words.
    BeforeValidator(_words, json_schema_input_type=list[Tag | float | bool] | str),
]
Slugs = Annotated[list[Slug], BeforeValidator(_words, json_schema_input_type=list[Slug] | str)]
Keys = Annotated[list[Text], BeforeValidator(_words, json_schema_input_type=list[Text] | str)]
"""Keys of the bibliography."""

Address = Annotated[str, AfterValidator(_address)]
DeckName = Annotated[str, AfterValidator(_deck_name)]
CategoryName = Annotated[str, AfterValidator(_category_name)]
"""The name of a category; `::` in it nests decks, as in Anki."""

Grade = Literal["A", "B", "C"]


class Shape(BaseModel):
    """A mapping in a YAML file; keys that are not declared are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LateShape(Shape):
    """A shape that is built when it is first asked for, for few runs do."""

    model_config = ConfigDict(defer_build=True)
