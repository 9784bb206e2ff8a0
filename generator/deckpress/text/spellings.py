"""How a deck spells the words of its ids and tags, which have neither capitals nor spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

_WORD = re.compile(r"[A-Z]/[A-Z]\b|\w+(?:-\w+)*")
_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")
_INSIDE = re.compile(r"\w,? $")


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
    counts: Counter[str] = Counter()
    pairs: set[str] = set()
    for text in texts:
        pairs.update(re.findall(r"(?=\b(\w+ \w+)\b)", text.lower()))
        for found in _WORD.finditer(text):
            word = _PLURAL.sub("", found[0])
            if word[1:] == word[1:].lower() and not _INSIDE.search(text[: found.start()]):
                word = word.lower() if "-" in word else ""
            counts[word] += 1
    spelled: dict[str, str] = {}
    plain = {word for word in counts if word == word.lower() and "-" not in word}
    for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        key = word.replace("/", "").lower()
        if key not in plain and word.replace("-", " ") not in pairs:
            spelled.setdefault(key, word)
    return MappingProxyType(spelled)
