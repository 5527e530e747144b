"""Send the closest free unit."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.seams import Order, Policy, View


@dataclass(frozen=True)
class Closest(Policy):
    """To each need, most urgent first, goes the free unit of its kind with the least travel time."""

    def decide(self, view: View) -> Iterator[Order]:
        """Yield an order for each need that a free unit can serve."""
        for need in view.needs:
            for unit, _seconds in view.candidates(need):
                yield Order(unit, need.incident)
                break
