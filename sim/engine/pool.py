"""The free units of one kind."""

from sim.engine.crew import Crew


class Pool:
    """The free units of one kind, at their bases or on their way home; ``crews`` are all of the kind."""

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
            self.at_base[crew.base_position].append(crew)
        else:
            self.homeward.append(crew)

    def take(self, crew: Crew) -> None:
        """Give a unit out."""
        crew.free = False
        self.count -= 1
        there = self.homeward if crew in self.homeward else self.at_base[crew.base_position]
        there.remove(crew)

    def send_off(self, crew: Crew) -> None:
        """Have a free unit be on the road, on its way to another base."""
        if crew not in self.homeward:
            self.at_base[crew.base_position].remove(crew)
            self.homeward.append(crew)

    def settle(self, now_s: float) -> None:
        """Move the units that have reached quarters from the road to their bases."""
        for crew in [crew for crew in self.homeward if crew.home_s <= now_s]:
            self.homeward.remove(crew)
            self.at_base[crew.base_position].append(crew)
