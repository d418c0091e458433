"""Conditions and points as a table's cell holds them: arithmetic on named numbers, and no more.

A cell is data and may come from anywhere, so it is not given to ``eval``: it is parsed, each part
is compared with the short list below, and the rest is refused.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from centralasia.language import _

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_PARTS = (
    *(ast.Constant, ast.Name, ast.Load, ast.BinOp, ast.Compare, ast.BoolOp, ast.And, ast.Or),
    *(ast.UnaryOp, ast.Not, ast.USub, *_ARITHMETIC, *_COMPARISONS),
)


Tree = float | str | list[Any]
"""A number, a name, or what is done and with what."""
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
    ast.Not: "not",
    ast.USub: "-",
}


class Expression:
    """An expression over named numbers, read and checked.

    Parameters
    ----------
    text : str
        Numbers, names, ``+ - * /``, comparisons, ``and``, ``or``, ``not`` and brackets.

    Attributes
    ----------
    names : frozenset of str
        The names that it needs.

    Raises
    ------
    ValueError
        If it holds anything else; the message shows what.

    Examples
    --------
    >>> Expression("6 - (rent - 20) / 20").value({"rent": 60})
    4.0
    >>> Expression("kept and not 0 < paid <= 10").value({"kept": 1, "paid": 20})
    1.0
    """

    def __init__(self, text: str) -> None:
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError(_("{text!r} is no expression").format(text=text)) from None
        for node in ast.walk(self._tree):
            if not isinstance(node, _PARTS) or (
                isinstance(node, ast.Constant) and type(node.value) not in (int, float)
            ):
                shown = ast.unparse(node) or type(node).__name__
                raise ValueError(
                    _(
                        "{part!r} in {text!r} is no number, name, sum, difference, product, "
                        "quotient, comparison, and, or or not"
                    ).format(part=shown, text=text)
                )
        self.names = frozenset(
            node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)
        )

    def value(self, values: Mapping[str, float]) -> float:
        """Return its value; true is 1 and false is 0.

        Raises
        ------
        KeyError
            If a name has no value.
        ZeroDivisionError
            If it divides by zero.
        """
        return float(_value(self._tree, values))

    def as_data(self) -> Tree:
        """Return it as a page without Python works it out: ``play.js`` reads this.

        Examples
        --------
        >>> Expression("6 - (rent - 20) / 20").as_data()
        ['-', 6, ['/', ['-', 'rent', 20], 20]]
        >>> Expression("kept and not 0 < paid <= 10").as_data()
        ['and', 'kept', ['not', ['compare', 0, '<', 'paid', '<=', 10]]]
        """
        return _data(self._tree)


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _value(part, values)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_value(part, values)
        case ast.BinOp(left=left, op=act, right=right):
            return _ARITHMETIC[type(act)](_value(left, values), _value(right, values))
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(_value(part, values) for part in parts)
        case ast.Compare(left=left, ops=acts, comparators=others):
            sides = [_value(part, values) for part in (left, *others)]
            pairs = zip(acts, sides, sides[1:], strict=False)
            return all(_COMPARISONS[type(act)](a, b) for act, a, b in pairs)
    raise TypeError(f"No value for {ast.dump(node)}.")


def _data(node: ast.expr) -> Tree:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(op=act, operand=part):
            return [_SIGNS[type(act)], _data(part)]
        case ast.BinOp(left=left, op=act, right=right):
            return [_SIGNS[type(act)], _data(left), _data(right)]
        case ast.BoolOp(op=act, values=parts):
            return [_SIGNS[type(act)], *map(_data, parts)]
        case ast.Compare(left=left, ops=acts, comparators=others):
            pairs = zip(acts, others, strict=True)
            steps = [part for act, other in pairs for part in (_SIGNS[type(act)], _data(other))]
            return ["compare", _data(left), *steps]
    raise TypeError(f"No data for {ast.dump(node)}.")
