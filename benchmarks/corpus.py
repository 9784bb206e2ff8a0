"""Makes a folder of cards of any size, the same each time: `python benchmarks/corpus.py 1000 F`.

One file a card, some 900 bytes each: front matter, a question, a short answer, a list, words. Every
third card holds Python code, every fourth a formula, every tenth is a cloze note; with companies,
each is asked about in a part of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

CATEGORIES = ("basics", "models", "training", "serving", "metrics", "data", "systems", "people")
COMPANIES = 20
_WORDS = tuple(
    """
    model data loss gradient batch layer weight feature label split test error rate bias
    variance tree forest boost margin kernel cluster center distance norm score rank query item
    user click view log event stream batch cache shard replica queue worker node graph path edge
    prior posterior sample estimate bound limit mean median spread trend season lag window drift
    shift alarm metric threshold recall precision curve area point line slope plane space basis
    vector matrix tensor shape axis
    """.split()  # noqa: SIM905  # a list of quoted words is harder to read
)
_CODE = '''
```python
def {name}(values: list[float], rate: float = 0.{number}) -> float:
    """Return the {word} of the values, each weighed by its place."""
    total = 0.0
    for index, value in enumerate(values, start={number}):
        total += value * rate**index
    return total / max(len(values), 1)
```
'''
_FORMULA = r"""
$$
L(\theta_{%d}) = -\frac{1}{n} \sum_{i=1}^{n} \left[
y_i \log \hat{y}_i + (1 - y_i) \log (1 - \hat{y}_i)
\right] + \lambda_{%d} \lVert \theta \rVert^2
$$
"""


def _sentence(random: Random, least: int, most: int) -> str:
    words = random.choices(_WORDS, k=random.randint(least, most))
    at = random.randrange(len(words))
    words[at] = random.choice(("*{}*", "**{}**", "`{}`", "{}")).format(words[at])
    return " ".join(words).capitalize() + "."


def write_card(number: int, *, companies: bool = False) -> str:
    """Write a card: a function of its number."""
    random = Random(number)
    tags = ", ".join(sorted(set(random.choices(_WORDS, k=2))))
    lines = ["---", f"difficulty: {random.choice(('easy', 'medium', 'hard'))}", f"tags: [{tags}]"]
    if companies:
        slugs = sorted({f"company-{random.randrange(COMPANIES)}" for _ in range(2)})
        lines.append(f"companies: [{', '.join(slugs)}]")
    lines += [
        "sources:",
        f"  - title: A survey of {tags}",
        f"    url: https://example.org/{number}",
    ]
    word = random.choice(_WORDS)
    question = f"# What does the {word} of case {number} say of {random.choice(_WORDS)}?"
    lines += ["---", "", question, ""]
    if number % 10 == 9:
        hidden = random.choice(_WORDS)
        lines.append(f"The {word} grows with the {{{{c1::{hidden}}}}} and {{{{c2::its {word}}}}}.")
    else:
        lines.append(_sentence(random, 12, 20))
    lines += ["", *(f"- {_sentence(random, 6, 10)}" for _ in range(3)), ""]
    if number % 4 == 0:
        lines.append(_FORMULA % (number, number % 7))
    if number % 3 == 0:
        name = f"{word}_{number}"
        lines.append(_CODE.format(name=name, word=word, number=number % 9 + 1))
    while sum(map(len, lines)) < 800:
        lines += ["", _sentence(random, 12, 24)]
    return "\n".join(lines) + "\n"


def write_corpus(folder: Path, notes: int, *, companies: bool = False) -> None:
    """Write a folder of cards.

    Args:
        folder: where; made when missing.
        notes: how many.
        companies: whether cards name companies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    categories = "".join(f"  - {{slug: {c}, name: {c.capitalize()}}}\n" for c in CATEGORIES)
    head = f"title: Corpus\nslug: corpus\ncategories:\n{categories}"
    (folder / "deck.yaml").write_text(head, encoding="utf-8")
    for category in CATEGORIES:
        (folder / category).mkdir(exist_ok=True)
    for number in range(notes):
        path = folder / CATEGORIES[number % len(CATEGORIES)] / f"card-{number:06}.md"
        path.write_text(write_card(number, companies=companies), encoding="utf-8")


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a folder of cards.")
    parser.add_argument("notes", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--companies", action="store_true")
    asked = parser.parse_args()
    write_corpus(asked.folder, asked.notes, companies=asked.companies)


if __name__ == "__main__":
    main()
