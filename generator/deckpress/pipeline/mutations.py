"""Small changes to Python code, each of which the tests of a card should notice."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.And: "and", ast.Or: "or",
}  # fmt: skip

Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """Code with one change: where (line from 1), what the change is, and the whole code."""

    line: int
    change: str
    code: str


def mutate(code: str, most: int, seed: str) -> tuple[Mutant, ...]:
    """Make mutants of code.

    Args:
        code: Python source; code that cannot be parsed has no mutants.
        most: how many are wanted; they are drawn at random when more can be made.
        seed: what the draw depends on, so that it is the same at every run.

    Returns:
        Mutants in the order of their lines. Docstrings, type annotations, the texts of exceptions,
        imports, what is printed and functions without code are left alone, for no test should
        depend on them.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return ()
    sites = list(_sites(tree))
    chosen = random.Random(seed).sample(range(len(sites)), min(most, len(sites)))
    mutants = []
    for index in sorted(chosen):
        changed = copy.deepcopy(tree)
        line, what, change = list(_sites(changed))[index]
        change(changed)
        mutants.append(Mutant(line, what, ast.unparse(ast.fix_missing_locations(changed))))
    return tuple(mutants)


def _sites(tree: ast.Module) -> Iterator[tuple[int, str, Change]]:
    """Yield every place that can be changed: its line, the change in words, and how to make it."""
    for node in _worth_changing(tree):
        match node:
            case ast.BinOp() | ast.AugAssign():
                yield from _swap(node, node.op, node.lineno)
            case ast.BoolOp():
                yield from _swap(node, node.op, node.lineno)
            case ast.Compare():
                for index, operator in enumerate(node.ops):
                    yield from _swap_comparison(node, index, operator)
            case ast.UnaryOp(op=ast.USub() | ast.Not()):
                sign = "-" if isinstance(node.op, ast.USub) else "not"
                yield node.lineno, f"'{sign}' removed", _replace(node, node.operand)
            case ast.Constant(value=bool() as value):
                yield node.lineno, f"{value} turned", _set(node, "value", not value)
            case ast.Constant(value=int() as value):
                yield node.lineno, f"{value} made {value + 1}", _set(node, "value", value + 1)
            case ast.Constant(value=float() as value):
                new = value * 2 + 0.5
                yield node.lineno, f"{value} made {new}", _set(node, "value", new)
            case ast.If() | ast.While():
                test = ast.UnaryOp(ast.Not(), node.test)
                yield node.lineno, "the condition negated", _set(node, "test", test)
            case ast.Return(value=ast.expr()):
                none = ast.Constant(None)
                yield node.lineno, "None returned", _set(node, "value", none)
            case ast.Assign() | ast.Expr() if not _is_text(node):
                yield node.lineno, "the line removed", _take_away(node)
            case ast.AugAssign():
                yield node.lineno, "the line removed", _take_away(node)


def _worth_changing(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        children = value if isinstance(value, list) else [value]
        for child in children:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.Import | ast.ImportFrom | ast.Raise | ast.JoinedStr):
                continue
            if isinstance(child, ast.Assert) or _is_stub(child) or _is_print(child):
                continue
            yield child
            yield from _worth_changing(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_stub(node: ast.AST) -> bool:
    """Is it a function without code, as a question shows it for its signature?"""
    return isinstance(node, ast.FunctionDef) and all(map(_is_text, node.body))


def _is_print(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
    return False


def _swap(node: ast.AST, operator: ast.AST, line: int) -> Iterator[tuple[int, str, Change]]:
    new = _OPERATORS.get(type(operator))
    if new:
        what = f"'{_SIGNS[type(operator)]}' made '{_SIGNS[new]}'"
        yield line, what, _set(node, "op", new())


def _swap_comparison(
    node: ast.Compare, index: int, operator: ast.cmpop
) -> Iterator[tuple[int, str, Change]]:
    new = _OPERATORS.get(type(operator))
    if new:
        ops = [*node.ops[:index], new(), *node.ops[index + 1 :]]
        what = f"'{_SIGNS[type(operator)]}' made '{_SIGNS[new]}'"
        yield node.lineno, what, _set(node, "ops", ops)


def _set(node: ast.AST, name: str, value: object) -> Change:
    return lambda tree: setattr(node, name, value)


def _replace(node: ast.AST, other: ast.AST) -> Change:
    class Put(ast.NodeTransformer):
        def visit(self, here: ast.AST) -> ast.AST:
            return other if here is node else super().generic_visit(here)

    return lambda tree: setattr(tree, "body", _bodies(Put(), tree))


def _bodies(transformer: ast.NodeTransformer, tree: ast.AST) -> Sequence[ast.AST]:
    changed: ast.Module = transformer.visit(tree)
    return changed.body


def _take_away(node: ast.AST) -> Change:
    return _replace(node, ast.Pass())
