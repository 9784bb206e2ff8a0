"""Code on paper: signatures without docstrings, lines that matter, breaks where they do not hurt."""

from __future__ import annotations

from conftest import Sources
from deckpress import EXPORTERS
from deckpress.decks.release import select
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.key_lines import join_lines, signatures
from deckpress.pipeline.load import load
from deckpress.tree.node import Node
from pdf_reader import Pdf

NOTE = """\
---
category: one
---
# Write the mean. {#mean .coding}

```python
import numpy as np


def mean(values, weights=None):
    \"\"\"Say a lot about it.\"\"\"
    ...
```

---

Sum and divide.

```python
import numpy as np


def mean(values, weights=None):
    \"\"\"Say a lot about it.\"\"\"
    if not len(values):
        raise ValueError("none")
    # a remark
    total = np.dot(values, weights)
    return total / np.sum(weights)
```
"""


def made(sources: Sources, detail: str = "short") -> str:
    """Return the text of the sheet."""
    return Pdf(EXPORTERS["pdf"](select(load(sources.root)), Options(detail=detail))).text


def test_signature_and_key_lines(sources: Sources) -> None:
    """The short sheet shows what is asked for and how it is done, the full one everything."""
    sources.write("one/a.md", NOTE)
    text = made(sources)
    assert "defmean(values,weights=None):" in text
    assert "total=np.dot(values,weights)" in text
    assert "returntotal/np.sum(weights)" in text
    for words in ("Sayalot", "aremark", "raise", "import"):
        assert words not in text
        assert words in made(sources, "full")


def test_stressed_lines_are_the_key(sources: Sources) -> None:
    """Where the author stressed lines, those are shown."""
    head, _, code = NOTE.rpartition("```python\n")
    sources.write("one/a.md", head + '```python hl_lines="8"\n' + code)
    text = made(sources)
    assert "total=np.dot" in text.replace("aremark", "") or "aremark" in text
    assert "returntotal" not in text


def test_the_end_of_code_is_whole_statements(sources: Sources) -> None:
    """What is kept of long code begins with a statement, and not with the tail of a block."""
    head, _, _ = NOTE.rpartition("```python\n")
    lines = [f"step_{n} = {n}" for n in range(3)]
    body = "\n".join(f"    {line}" for line in lines)
    code = (
        "def mean(values):\n    for value in values:\n        if value:\n            break\n"
        f"    best = choose(\n        values,\n        key=len,\n    )\n{body}\n"
        "    five = 5\n    six = 6\n    return best\n"
    )
    sources.write("one/a.md", f"{head}```python\n{code}```\n")
    text = made(sources)
    assert "break" not in text
    assert "best=choose(values,key=len)" in text.replace("↪", "")
    assert "returnbest" in text


def test_statements_in_brackets_are_on_one_line() -> None:
    """It means the same, and what has a comment or a text over lines stays."""
    joined = {
        "f(\n    a,\n    b=(\n        1,\n    ),\n)": "f(a, b=(1,))",
        "x = (\n    a\n    + b\n).mean()": "x = (a + b).mean()",
        "f(\n    a,  # the first\n)": "f(\n    a,  # the first\n)",
        'f("""\na\n""",\n    b)': 'f("""\na\n""",\n    b)',
        "f(\n  broken": "f(\n  broken",
    }
    assert {text: join_lines(text) for text in joined} == joined


def test_paper_cards_have_code_behind(sources: Sources) -> None:
    """The back of a coding card has the lines that matter."""
    sources.write("one/a.md", NOTE)
    pages = Pdf(EXPORTERS["cards"](select(load(sources.root)))).pages
    assert "np.sum(weights)" in pages[1]
    assert "np.sum(weights)" not in pages[0]


def test_what_is_no_definition_stays() -> None:
    """Code that cannot be parsed or defines nothing is left as it is."""
    for text in ("def broken(:\n    ...", 'x = 1\n"""not a docstring"""\n', "SELECT 1"):
        block = Node("code_block", text=text, attrs=(("language", "python"),))
        assert signatures([block]) == (block,)


def test_wrapped_lines_keep_names_whole(sources: Sources) -> None:
    """A line of code goes on below behind a space or bracket, not within a name."""
    names = [f"argument_number_{n}_of_many" for n in range(9)]
    call = f"value=function_with_a_name({','.join(names)})"
    sources.write(
        "one/a.md", f"---\ncategory: one\n---\n# Q? {{#q}}\n\nx\n\n```python\n{call}\n```\n"
    )
    page = Pdf(EXPORTERS["pdf"](select(load(sources.root)), Options(detail="full"))).pages[0]
    for name in (*names, "function_with_a_name"):
        assert name in page
