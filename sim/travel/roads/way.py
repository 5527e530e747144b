"""The way of a trip over the stretches of a network, and how far along it a unit is."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.travel.roads.chains import Stretch
from sim.travel.roads.stretches import Link, Stretches


class Piece(NamedTuple):
    """A stretch (with its index) of a way, begun after so many ticks, from one place on it to another."""

    since: int
    s: int
    stretch: Stretch
    first: int
    last: int

    def passed(self, ticks: float) -> list[int]:
        """Return its nodes that are passed after so many ticks of the way."""
        along = ticks - self.since + self.stretch.at[self.first]
        return self.stretch.nodes[self.first : min(self.last + 1, bisect_right(self.stretch.at, along))]

    def spot(self, ticks: float) -> tuple[Stretch, int, float]:
        """Return the stretch, the place there after so many ticks of the way, and the share to the next."""
        stretch = self.stretch
        along = ticks - self.since + stretch.at[self.first]
        place = min(max(self.first, bisect_right(stretch.at, along) - 1), self.last - 1)
        span = stretch.at[place + 1] - stretch.at[place]
        share = min(1.0, max(0.0, (along - stretch.at[place]) / span))
        return stretch, place, share


class Way:
    """A way of so many ``ticks`` that leads somewhere, followed from its end as far back as it is asked for.

    ``_back`` are the stretches between junctions that have been followed, and ``_later`` the ticks, negative,
    at which each of them ends. Between its ``leave`` and its ``enter`` the times of a row from the junction
    where it leaves add up. Of several ways that take equally long it is always the same one, and leads over
    no stretch in ``breaks``.
    """

    __slots__ = ("_back", "_breaks", "_enter", "_fixed", "_later", "_leave", "_row", "ticks")

    def __init__(
        self,
        ticks: int,
        row: memoryview,
        ends: tuple[Link, Link],
        fixed: Stretches,
        breaks: Mapping[int, object],
    ) -> None:
        self.ticks, self._row, (self._leave, self._enter) = ticks, row, ends
        self._fixed, self._breaks = fixed, breaks
        self._back: list[int] = []
        self._later: list[int] = []

    def spot(self, ticks: float) -> tuple[Stretch, int, float]:
        """Return the stretch and the place there after so many ticks, and the share to the next place."""
        return self.under_way(ticks).spot(ticks)

    def under_way(self, ticks: float) -> Piece:
        """Return the piece that is under way after so many ticks."""
        ticks, enter = self._within(ticks), self._enter
        if self._leave.ticks > ticks:
            return self._first()
        if count := self._follow(ticks):
            return self._whole(self._back[count - 1])
        since = self._leave.ticks + self._row[enter.junction]
        return Piece(since, enter.stretch, self._fixed.all[enter.stretch], 0, enter.place)

    def pieces(self, ticks: float) -> list[Piece]:
        """Return the pieces from its end back to the one under way after so many ticks."""
        ticks, enter = self._within(ticks), self._enter
        found = [self._whole(s) for s in self._back[: self._follow(ticks)]]
        if enter.stretch >= 0:
            since = self._leave.ticks + self._row[enter.junction]
            found.insert(0, Piece(since, enter.stretch, self._fixed.all[enter.stretch], 0, enter.place))
        return [*found, self._first()] if self._leave.ticks > ticks else found

    def _within(self, ticks: float) -> float:
        return min(max(0.0, ticks), self.ticks - 0.5)

    def _first(self) -> Piece:
        stretch = self._fixed.all[self._leave.stretch]
        return Piece(0, self._leave.stretch, stretch, self._leave.place, len(stretch.at) - 1)

    def _whole(self, s: int) -> Piece:
        stretch = self._fixed.all[s]
        return Piece(self._leave.ticks + self._row[stretch.start], s, stretch, 0, len(stretch.at) - 1)

    def _follow(self, ticks: float) -> int:
        """Follow the way back to the stretch that is under way; return how many between junctions that is."""
        ticks -= self._leave.ticks
        if not self._later or -self._later[-1] > ticks:
            self._further_back(ticks)
        return bisect_left(self._later, -ticks)

    def _further_back(self, ticks: float) -> None:
        """Follow the way from where it has been followed to, one stretch after the other."""
        row, breaks, arrivals, a = self._row, self._breaks, self._fixed.arrivals, self._leave.junction
        back, later = self._back, self._later
        b = self._fixed.all[back[-1]].start if back else self._enter.junction
        while b != a and (at := row[b]) > ticks:
            for start, span, s in arrivals[b]:
                if row[start] + span == at and s not in breaks:
                    break
            else:
                raise AssertionError("times that do not add up")
            later.append(-at)
            back.append(s)
            b = start


class Along(Piece):
    """A way along one stretch."""

    @property
    def ticks(self) -> int:
        """What it takes."""
        return self.stretch.at[self.last] - self.stretch.at[self.first]

    def under_way(self, ticks: float) -> Piece:
        """Return itself."""
        return self

    def pieces(self, ticks: float) -> list[Piece]:
        """Return itself, alone."""
        return [self]


class Nowhere(NamedTuple):
    """No way, or none from a node to itself."""

    ticks: int

    def spot(self, ticks: float) -> tuple[Stretch, int, float]:
        """Raise ValueError: nobody is anywhere on it."""
        raise ValueError("expected a way that leads somewhere")


AnyWay = Way | Along | Nowhere


def ahead(way: Way | Along, ticks: float) -> tuple[int, int, int]:
    """Return the next node after so many ticks, its place on its stretch, and the ticks when it is there."""
    piece = way.under_way(ticks)
    stretch, place, along = piece.spot(ticks)
    place += along > 0
    return stretch.nodes[place], place, piece.since + stretch.at[place] - stretch.at[piece.first]


def uses(pieces: Sequence[Piece], closed: Mapping[int, Sequence[int]]) -> bool:
    """Whether pieces lead over a closed arc: by stretch, their places on it."""
    return any(piece.first <= place < piece.last for piece in pieces for place in closed.get(piece.s, ()))
