"""What has come to an incident: those who hold the scene go once it is all that the card asks for."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

from sim.engine.clock import UNITS, Bell, Clock, Story
from sim.model.resources import Card

if TYPE_CHECKING:
    from sim.engine.case import Case


class Gathering:
    """The amounts of resources that have arrived at an incident, whether they are still there or not.

    ``turned_away`` is what will not come because the queue was full, by row and resource.
    """

    def __init__(self, clock: Clock, turned_away: Mapping[tuple[int, int], float]) -> None:
        self._clock, self._turned_away = clock, turned_away
        self._come: dict[int, float] = {}
        self._complete = Bell()

    def arrived(self, case: "Case", offers: Card) -> None:
        """Count what a unit has brought."""
        for r, amount in offers:
            self._come[r] = self._come.get(r, 0.0) + amount
        self.look(case)

    def look(self, case: "Case") -> None:
        """Let those go who hold the scene, if all has come that is asked for by now."""
        if self._is_complete(case):
            self._complete.ring(self._clock)

    def hold(
        self, case: "Case", unit: int, done_s: float, most_s: float
    ) -> Generator[float | Bell, None, float]:
        """Have a unit whose own work is done at a moment stay; returns when it goes, to it.

        That is when all has come that is asked for, or after so long.
        """
        until_s = done_s + most_s
        yield done_s
        if not self._is_complete(case):
            self._clock.tell(self._ring(until_s), UNITS + unit)
        while not self._is_complete(case) and self._clock.now < until_s:
            yield self._complete
        return float(self._clock.now)

    def _is_complete(self, case: "Case") -> bool:
        if case.scene is not None and case.scene.out_s <= self._clock.now:
            return True
        expected = ((r, amount - self._turned_away.get((case.row, r), 0.0)) for r, amount in case.asked)
        return all(self._come.get(r, 0.0) >= amount - 1e-9 for r, amount in expected)

    def _ring(self, at_s: float) -> Story:
        yield at_s
        self._complete.ring(self._clock)
