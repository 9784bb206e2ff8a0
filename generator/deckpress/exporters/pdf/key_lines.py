"""Which lines of code are printed: signatures without docstrings, and the lines that matter."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator

from deckpress.model.note import Content, Note
from deckpress.tree.node import Node, has_code_holes, is_hidden_test, stressed_lines

MOST_LINES = 8
"""The most lines of an answer's code on a sheet of short answers and on a paper card."""

_PYTHON = ("python", "py", "python3", "")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_LONE = re.compile(r"(?:^|[^\w)\]])\([^,()]*,$")
"""The end of a tuple of one, whose comma makes it one."""
_INDENT = re.compile(r" *")


def asks_for_code(note: Note, content: Content) -> bool:
    """Say whether a note asks for code: by its kind, or for it shows some with its question."""
    return note.kind == "coding" or any(node.kind == "code_block" for node in content.front)


def signatures(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Take docstrings, imports and gaps out of Python code that defines something.

    What cannot be parsed, or defines nothing, stays as it is.
    """
    return tuple(_signature(node) if _is_python(node) else node for node in nodes)


def key_lines(content: Content) -> tuple[Node, ...]:
    """Return the lines that matter of the first code of an answer, as a block, if there is any.

    They are those that the author stressed (`hl_lines`). Where none are, imports, docstrings,
    guards and comments are left out, and of what remains the end is kept, where the result is:
    whole statements, none of which is the tail of a block.
    """
    blocks = (*content.answer, *content.details)
    code = next((n for n in blocks if n.kind == "code_block" and not is_hidden_test(n)), None)
    if code is None or code in content.answer or has_code_holes(code):
        return ()
    stressed = stressed_lines(code)
    if not stressed and _is_python(code):
        code = _plain(code, join_lines(code.text))
    lines = code.text.split("\n")
    if stressed:
        kept = sorted(stressed)
    else:
        dropped = _dispensable(code) if _is_python(code) else set()
        kept = [n for n, line in enumerate(lines, 1) if line.strip() and n not in dropped]
        kept = kept[_start(code, lines, kept) :]
    return (_plain(code, "\n".join(_elide(lines, kept))),) if kept else ()


def _start(code: Node, lines: list[str], kept: list[int]) -> int:
    """Say from which of the kept lines on the end is kept."""
    first = max(0, len(kept) - MOST_LINES)
    tree = _parse(code.text) if _is_python(code) and first else None
    if tree is None:
        return first
    begins = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    margins = [len(lines[number - 1]) - len(lines[number - 1].lstrip()) for number in kept]
    whole = [at for at in range(first, len(kept)) if kept[at] in begins]
    # A line that stands deeper than the next ends what began before it.
    whole = [at for at in whole if margins[at] <= min(margins[at : at + 2])]
    level = [at for at in whole if margins[at] == min(margins[at:])]
    if level and len(kept) - level[0] >= MOST_LINES // 2:
        return level[0]
    return whole[0] if whole else first


def join_lines(text: str) -> str:
    """Write each statement of Python code that is spread over lines in brackets on one line.

    Lines with a comment stay as they are, and so does what is no Python.
    """
    if _parse(text) is None:
        return text
    lines = text.split("\n")
    joined: set[int] = set()
    spread: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or "\n" in token.string.strip("\n"):
            spread.append(0)
        elif token.type == tokenize.NL and token.line.strip():
            spread.append(token.start[0])
        elif token.type == tokenize.NEWLINE:
            if 0 not in spread:
                joined.update(spread)
            spread = []
    found = [lines[0]]
    for number, line in enumerate(lines[1:], 1):
        if number not in joined:
            found.append(line)
            continue
        before, rest = found[-1].rstrip(), line.strip()
        if rest[:1] in tuple(")]}") and not _LONE.search(before):
            before = before.removesuffix(",")
        tight = before[-1:] in tuple("([{") or rest[:1] in tuple(")]}.")
        found[-1] = before + ("" if tight else " ") + rest
    return "\n".join(found)


def _elide(lines: list[str], kept: list[int]) -> Iterator[str]:
    """Yield lines as far to the left as they can be, dots where the first were left out."""
    texts = [lines[number - 1] for number in kept]
    margin = min(len(_INDENT.match(text)[0]) for text in texts)  # type: ignore[index]  # it matches any text
    before = 0
    for number, text in zip(kept, texts, strict=True):
        left_out = [line for line in lines[before : number - 1] if line.strip()]
        if left_out and before == 0 and margin:
            yield "..."
        yield text[margin:]
        before = number


def _is_python(node: Node) -> bool:
    language = (node.get("language") or "").lower()
    return node.kind == "code_block" and language in _PYTHON and not has_code_holes(node)


def _parse(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _signature(node: Node) -> Node:
    tree = _parse(node.text)
    if tree is None or not any(isinstance(part, _DOCUMENTED) for part in tree.body):
        return node
    dropped = _docstrings(tree)
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            dropped.update(_lines_of(statement))
    lines = [line for n, line in enumerate(node.text.split("\n"), 1) if n not in dropped]
    text = join_lines(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))
    return node if text == node.text else _plain(node, text)


def _plain(node: Node, text: str) -> Node:
    """Return a block with another text; stressed lines are no longer where they were."""
    attrs = tuple(pair for pair in node.attrs if pair[0] != "lines")
    return node._replace(text=text, attrs=attrs)


def _lines_of(statement: ast.stmt) -> range:
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _docstrings(tree: ast.AST) -> set[int]:
    """Return the numbers of the lines of docstrings that are not all of what they document."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and len(node.body) > 1 and _is_text(node.body[0]):
            found.update(_lines_of(node.body[0]))
    return found


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _dispensable(node: Node) -> set[int]:
    tree = _parse(node.text)
    if tree is None:
        return set()
    found = _docstrings(tree)
    for statement in ast.walk(tree):
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Assert)) or _is_guard(statement):
            found.update(_lines_of(statement))  # type: ignore[arg-type]  # a statement, by the line above
    comments = (n for n, line in enumerate(node.text.split("\n"), 1) if line.lstrip()[:1] == "#")
    return found | set(comments)


def _is_guard(statement: ast.AST) -> bool:
    return (
        isinstance(statement, ast.If)
        and not statement.orelse
        and len(statement.body) == 1
        and isinstance(statement.body[0], ast.Raise)
    )
