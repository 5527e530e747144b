"""Move each unit that comes free to where it adds most to the coverage that is expected."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.dispatch.move_up import MoveUp
from sim.model.distributions import FloatArray
from sim.model.units import Seconds, Share
from sim.seams import Move, Policy, View, Ways


@dataclass(frozen=True, kw_only=True)
class Dmexclp(MoveUp):
    """Each unit that comes free goes to the station where it adds most to the expected coverage.

    A zone counts by its people. A free unit covers it from a station at most ``within`` of travel away. Each
    unit is taken to be ``busy`` that share of its time, so that the k-th one adds (1 - busy) * busy^(k - 1).
    Where two stations are worth as much, the earlier of the place goes. Units on their way to a station count
    there. Source: Jagtenberg, Bhulai and van der Mei, "An efficient heuristic for real-time ambulance
    redeployment", Operations Research for Health Care 4 (2015).
    """

    within: Seconds
    busy: Share

    @property
    def hears(self) -> Collection[str]:
        """Units that come free."""
        return ("freed",)

    def begin(self, ways: Ways) -> "_Coverage":
        """Return the policy with what each station covers; roads that close later do not change it."""
        weights = np.array([zone.people for zone in self.place.zones], float)
        seconds = ways.seconds(self.numbers[0], self.sites, self.place.centres)
        patterns, group = np.unique(seconds <= self.within, axis=1, return_inverse=True)
        worth = np.bincount(group.ravel(), weights, patterns.shape[1]) * (1 - self.busy)
        return _Coverage(self, patterns.astype(float), np.asarray(worth, float), self.busy)

    def decide(self, view: View) -> Iterator[Move]:
        """Do nothing: only what ``begin`` returns decides."""
        return iter(())


@dataclass(frozen=True)
class _Coverage(Policy):
    """Which of the stations ``covers`` which group of zones, and what these are ``worth``.

    Shapes (stations, groups) and (groups,). Zones that the same stations cover are one group.
    """

    of: Dmexclp
    covers: FloatArray
    worth: FloatArray
    busy: float

    @property
    def hears(self) -> Collection[str]:
        """Units that come free."""
        return self.of.hears

    @property
    def moves(self) -> bool:
        """It moves units."""
        return True

    def decide(self, view: View) -> Iterator[Move]:
        """Yield where the unit goes that has just come free, if it is not sent anywhere."""
        freed = view.freed
        if freed is None or not freed.free or not self.of.moves_unit(freed):
            return
        standing = np.zeros(len(self.of.sites))
        for unit, site in self.of.free(view):
            if unit is not freed and site in self._place_of:
                standing[self._place_of[site]] += 1
        gains = self.covers @ (self.worth * self.busy ** (standing @ self.covers))
        yield Move(freed, self.of.sites[int(np.argmax(gains))])

    @cached_property
    def _place_of(self) -> dict[int, int]:
        return {site: i for i, site in enumerate(self.of.sites)}
