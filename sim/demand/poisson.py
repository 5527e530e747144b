"""Incidents as non-homogeneous Poisson processes, one for each type."""

from dataclasses import dataclass

import numpy as np

from sim.demand.marks import Births, mark
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IncidentType
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.rng import Streams
from sim.seams import IncidentSource


@dataclass(frozen=True)
class Poisson(IncidentSource):
    """Each type at its own rate and profile, spread over the zones by people or by land.

    Times come by thinning (Lewis & Shedler 1979): points at the highest rate, each kept with the
    chance that the profile gives its moment. Within a zone places are uniform over its square.
    """

    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]
    weekday: int

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that occur in [0, horizon_s); see IncidentSource."""
        return Incidents.merge(
            [
                mark(self._births(kind, streams, horizon_s), index, kind, self.fleet, streams)
                for index, kind in enumerate(self.types)
            ]
        )

    def _births(self, kind: IncidentType, streams: Streams, horizon_s: float) -> Births:
        def stream(purpose: str) -> np.random.Generator:
            return streams("poisson", kind.name, purpose)

        most = kind.profile.most
        n = stream("count").poisson(kind.rate_per_s * most * horizon_s)
        at_s = np.sort(stream("times").uniform(0, horizon_s, n))
        if most > 1:
            kept = stream("thinning").random(n) * most < kind.profile.factor(at_s, self.weekday)
            at_s = at_s[kept]
        n = len(at_s)
        chances = np.cumsum(self.zone_weights(kind))
        zone = np.searchsorted(chances / chances[-1], stream("zone").random(n), side="right")
        offset = (stream("place").random((n, 2)) - 0.5) * np.sqrt(self.place.area_m2[zone])[:, None]
        where = self.place.centres[zone] + offset
        return Births(at_s, zone, where[:, 0], where[:, 1])

    def zone_weights(self, kind: IncidentType) -> FloatArray:
        """Return each zone's share of the type's rate, up to a factor, shape (zones,)."""
        weights = self.place.people if kind.by == "people" else self.place.area_m2
        eligible = [zone.kind in kind.zone_kinds for zone in self.place.zones]
        return np.asarray(weights * np.array(eligible))
