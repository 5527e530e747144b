"""Whose turn it is, of those that wait."""

from collections.abc import Callable
from math import isnan
from numbers import Real
from operator import attrgetter
from typing import Any

from sim.engine.asking import PolicyError, in_words
from sim.engine.case import Case, Turn
from sim.seams import QueueDiscipline


def turn_of(discipline: QueueDiscipline | None) -> Callable[[Case], Turn]:
    """Return what tells an incident's turn, by default its urgency.

    That raises PolicyError where the discipline fails, or gives what cannot be sorted.
    """
    if discipline is None:
        return attrgetter("urgency")

    def asked(case: Case) -> str:
        return f"{type(discipline).__name__}.key of incident {case.row}, reported at {case.reported_s:.1f} s,"

    def turn(case: Case) -> Turn:
        try:
            key = discipline.key(case)
        except Exception as error:
            raise PolicyError(f"{asked(case)} raises {in_words(error)}") from error
        parts: tuple[Any, ...] = key if isinstance(key, tuple) else (key,)
        if not all(isinstance(part, Real) and not isnan(part) for part in parts):
            raise PolicyError(f"{asked(case)} gave {key!r}, not a number or a tuple of numbers")
        return parts, case.row

    return turn
