"""The free units of one kind."""

from bisect import insort
from operator import attrgetter

from sim.engine.crew import Crew


class Pool:
    """The free units of one kind; ``crews`` are all of the kind.

    ``at_base`` are those in quarters, for each base, who has been there longest first; ``homeward`` those on
    their way there, in the order of the fleet.
    """

    def __init__(self, bases: int) -> None:
        self.crews: list[Crew] = []
        self.at_base: list[list[Crew]] = [[] for _ in range(bases)]
        self.homeward: list[Crew] = []
        self.count = 0

    def put(self, crew: Crew, now_s: float) -> None:
        """Take in a unit that has come free."""
        crew.free = True
        self.count += 1
        if crew.home_s <= now_s:
            self._station(crew)
        else:
            insort(self.homeward, crew, key=_number)

    def take(self, crew: Crew) -> None:
        """Give a unit out."""
        crew.free = False
        self.count -= 1
        on_road = self.homeward and crew in self.homeward
        (self.homeward if on_road else self.at_base[crew.base_position]).remove(crew)

    def send_off(self, crew: Crew) -> None:
        """Have a free unit be on the road, on its way to another base."""
        if crew not in self.homeward:
            self.at_base[crew.base_position].remove(crew)
            insort(self.homeward, crew, key=_number)

    def settle(self, now_s: float) -> None:
        """Move the units that have reached quarters from the road to their bases."""
        for crew in [crew for crew in self.homeward if crew.home_s <= now_s]:
            self.homeward.remove(crew)
            self._station(crew)

    def _station(self, crew: Crew) -> None:
        """Have a crew be at its base, mostly after those who are there already."""
        there = self.at_base[crew.base_position]
        if there and there[-1].home_s >= crew.home_s:
            insort(there, crew, key=_since)
        else:
            there.append(crew)


_number = attrgetter("index")


def _since(crew: Crew) -> tuple[float, int]:
    return crew.home_s, crew.index
