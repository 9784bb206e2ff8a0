"""How a deck spells the words of its ids and tags, which have neither capitals nor spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

_WORD = re.compile(r"[A-Z]/[A-Z]\b|\w+(?:-\w+)*")
_INSIDE = re.compile(rf"(?:(?<=\w )|(?<=\w, ))(?:{_WORD.pattern})")
"""A word before which its sentence has begun."""

_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")


def spell_words(words: Sequence[str], spellings: Mapping[str, str]) -> str:
    """Join words with spaces as the deck spells them, such as `k-means` and `KL divergence`."""
    left, found = list(words), []
    while left:
        for size in range(min(3, len(left)), 0, -1):
            whole = "-".join(left[:size])
            if whole in spellings or size == 1:
                found.append(spellings.get(whole, whole))
                del left[:size]
                break
    return " ".join(found)


@lru_cache(maxsize=4)
def spelled_words(texts: tuple[str, ...]) -> Mapping[str, str]:
    """Return the words of texts that have capitals or dashes, by their lower case.

    A word that begins a sentence may have its capital from there; of `CNNs` the one is a `CNN`;
    `A/B` is found as `ab`; what stands as two words elsewhere needs no dash. Where words are
    spelled in several ways, the most frequent counts. All decks of a run ask for the same words.
    """
    whole = "\n".join(texts)
    inside = Counter(_INSIDE.findall(whole))
    counts: Counter[str] = Counter()
    for found, times in Counter(_WORD.findall(whole)).items():
        word = _PLURAL.sub("", found)
        beginning = times - inside[found]
        if beginning and word[1:] == word[1:].lower():
            counts[word.lower() if "-" in word else ""] += beginning
            times -= beginning
        if times:
            counts[word] += times
    small = whole.lower()
    spelled: dict[str, str] = {}
    plain = {word for word in counts if word == word.lower() and "-" not in word}
    for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        key = word.replace("/", "").lower()
        if key not in plain and not _is_two_words(word, small):
            spelled.setdefault(key, word)
    return MappingProxyType(spelled)


def _is_two_words(word: str, text: str) -> bool:
    """Say whether a word with one dash stands with a blank in its place in a text."""
    if word.count("-") != 1:
        return False
    apart = word.replace("-", " ")
    at = text.find(apart)
    while at >= 0:
        around = text[max(at - 1, 0) : at] + text[at + len(apart) : at + len(apart) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return True
        at = text.find(apart, at + 1)
    return False
