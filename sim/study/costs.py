"""What a point of a sweep costs, as a formula of the values that tell it from the others."""

import ast
import operator
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from sim.model.hints import did_you_mean

_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class SelectionError(ValueError):
    """What is to be selected, or by what, is not to be understood or not there."""


def cost(formula: str, labels: Mapping[str, Any]) -> float:
    """Return the value of a formula of numbers, swept keys, + - * / and brackets, in whatever unit it has.

    Such as ``fleet.engines_per_station * 1.2 + 3``. Raises SelectionError for anything else, a key that is
    not swept, and a value that is not a number.
    """
    try:
        found = _value(ast.parse(formula.strip(), mode="eval").body, labels)
    except (SyntaxError, RecursionError, MemoryError):
        raise SelectionError(f"the cost {formula!r}: expected numbers, swept keys, + - * / ()") from None
    except ZeroDivisionError:
        raise SelectionError(f"the cost {formula!r} divides by 0") from None
    if not isfinite(found):
        raise SelectionError(f"the cost {formula!r} is {found}; expected a finite number")
    return found


def _value(node: ast.expr, labels: Mapping[str, Any]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return _SIGNS[type(op)](_value(left, labels), _value(right, labels))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, labels)
        case ast.Name() | ast.Attribute():
            return _label(ast.unparse(node), labels)
    raise SelectionError(f"the cost has {ast.unparse(node)!r}; expected numbers, swept keys, + - * / ()")


def _label(name: str, labels: Mapping[str, Any]) -> float:
    if name not in labels:
        hint = did_you_mean(name, list(labels))
        raise SelectionError(f"the cost names {name!r}; expected a swept key{hint}")
    if isinstance(labels[name], bool) or not isinstance(labels[name], int | float):
        raise SelectionError(f"the cost names {name!r}, which is {labels[name]!r}; expected a number")
    return float(labels[name])
