"""Incidents as non-homogeneous Poisson processes, one for each type."""

from dataclasses import dataclass

import numpy as np

from sim.demand.births import Births
from sim.demand.marks import mark
from sim.demand.where import scatter
from sim.model.calendar import Calendar
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import IncidentType
from sim.model.units import DAY_S
from sim.model.weather import Weather
from sim.rng import Streams
from sim.seams import IncidentSource


@dataclass(frozen=True)
class Poisson(IncidentSource):
    """Each type at its own rate and profile, spread over zones, sites or lines.

    Times come by thinning (Lewis & Shedler 1979): points at the highest rate, each kept with the
    chance that the profile gives its moment. Weather, and the gamma of an over-dispersed type, multiply
    the rate of whole blocks of time. Within a zone places are uniform over its square.
    """

    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]
    calendar: Calendar
    weather: Weather

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that occur in [0, horizon_s); see IncidentSource."""
        return Incidents.merge(
            [
                mark(self._births(kind, streams, horizon_s), index, kind, self.place, self.fleet, streams)
                for index, kind in enumerate(self.types)
            ]
        )

    def _births(self, kind: IncidentType, streams: Streams, horizon_s: float) -> Births:
        def stream(purpose: str) -> np.random.Generator:
            return streams("births", kind.name, purpose)

        if kind.where is None or kind.rate_per_s == 0:
            nothing = np.zeros(0)
            return Births(nothing, nothing.astype(np.int64), nothing, nothing)
        most = kind.profile.most
        edges_s, factors = self._blocks(kind, streams, horizon_s)
        counts = stream("count").poisson(kind.rate_per_s * most * np.diff(edges_s) * factors)
        n = int(counts.sum())
        if len(counts) == 1:
            at_s = np.sort(stream("times").uniform(0, horizon_s, n))
        else:
            start_s, length_s = np.repeat(edges_s[:-1], counts), np.repeat(np.diff(edges_s), counts)
            at_s = np.sort(start_s + length_s * stream("times").random(n))
        if most > 1:
            kept = stream("thinning").random(n) * most < kind.profile.factor(at_s, self.calendar)
            at_s = at_s[kept]
        zone, where = scatter(kind.where, self.place, stream, len(at_s))
        return Births(at_s, zone, where[:, 0], where[:, 1])

    def _blocks(
        self, kind: IncidentType, streams: Streams, horizon_s: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the edges (k + 1,) of blocks of time and what multiplies the rate in each (k,)."""
        edges_s = np.array([0.0, horizon_s])
        over, by_weather = kind.overdispersion, bool(set(kind.profile.weather) & set(self.weather.kinds))
        steps_s = [DAY_S] * by_weather + ([over.block_s] if over else [])
        for step_s in steps_s:
            edges_s = np.union1d(edges_s, np.arange(0, horizon_s, step_s))
        middle_s, factors = (edges_s[:-1] + edges_s[1:]) / 2, np.ones(len(edges_s) - 1)
        if by_weather:
            days = self.weather.days(streams, self.calendar, horizon_s)
            by_kind = self.weather.factors(kind.profile.weather, np.array(kind.profile.monthly))
            factors = factors * by_kind[days[(middle_s // DAY_S).astype(np.int64)]]
        if over:
            shape = over.deviation**-2
            draws = streams("births", kind.name, "gamma").gamma(
                shape, 1 / shape, int(np.ceil(horizon_s / over.block_s))
            )
            factors = factors * draws[(middle_s // over.block_s).astype(np.int64)]
        return edges_s, factors
