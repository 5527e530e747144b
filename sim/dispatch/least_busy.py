"""Send the unit that has been sent least, among those that are about as close."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from sim.dispatch.sending import Rule, Sending
from sim.model.units import Seconds
from sim.seams import FreeUnit, Need, View


@dataclass(frozen=True, kw_only=True)
class LeastBusy(Sending):
    """Of the units that are at most ``within`` later than the closest, the one that was sent least goes."""

    within: Seconds

    def choose(self, view: View, need: Need, over: Rule | None) -> Iterator[tuple[FreeUnit, float]]:
        """Yield those that are about as close by how often they were sent, and then the others."""
        latest = inf
        close: list[tuple[FreeUnit, float]] = []
        others = view.candidates(need, over)
        for found in others:
            if found[1] > latest:
                yield from sorted(close, key=_orders)
                yield found
                yield from others
                return
            if not close:
                latest = found[1] + self.within
            close.append(found)
        yield from sorted(close, key=_orders)


def _orders(found: tuple[FreeUnit, float]) -> tuple[int, float]:
    return found[0].orders, found[1]
