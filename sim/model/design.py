"""What the points of a design are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Design:
    """Points of which the first ``rows`` are spread evenly, over what the ``inputs`` (keys) may be.

    After them a design of ``kind`` saltelli has as many more, for B, and both have as many for each input,
    in turn, that differ from the first in it alone: for morris by half of its range, up (1) or down (-1) by
    ``signs``, of shape (inputs, rows).
    """

    kind: str
    inputs: tuple[str, ...]
    rows: int
    signs: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Design":
        """Return the design of which JSON told all fields."""
        return cls(told["kind"], tuple(told["inputs"]), told["rows"], tuple(map(tuple, told["signs"])))
