"""Send the closest unit."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.dispatch.sending import Rule, Sending
from sim.seams import FreeUnit, Need, View


@dataclass(frozen=True, kw_only=True)
class Closest(Sending):
    """To each need, in turn, goes the unit with the least travel time; see Sending."""

    def choose(self, view: View, need: Need, over: Rule | None) -> Iterator[tuple[FreeUnit, float]]:
        """Return the units by travel time."""
        return view.candidates(need, over)
