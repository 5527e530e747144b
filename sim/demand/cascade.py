"""Chains of secondary events: what incidents of any source set off, by the laws of their types."""

from dataclasses import dataclass, replace

import numpy as np

from sim.demand.births import Births
from sim.demand.marks import mark
from sim.demand.where import Stream, around, within_zones
from sim.model.chain import Around, Count, Damage, Ignitions, Omori, Spawn, Steady
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import IncidentType
from sim.rng import Streams
from sim.seams import IncidentSource


@dataclass(frozen=True)
class Cascade(IncidentSource):
    """Children of the types' ``spawns``, and theirs, until no more are born before the horizon.

    Raises ValueError when the chains would never end: when the largest eigenvalue of the matrix of mean
    offspring is 1 or more.
    """

    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]

    def __post_init__(self) -> None:
        matrix = self.offspring()
        ratio = float(np.abs(np.linalg.eigvals(matrix)).max())
        if ratio >= 1 - 1e-9:
            looping = [self.types[i].name for i in np.flatnonzero(_on_a_cycle(matrix))]
            raise ValueError(
                f"expected chains that end: {', '.join(looping)} would set off {ratio:.3g} of "
                "themselves for each one on average, and it must be less than 1 (see spawns)"
            )

    def following(self, parents: Incidents, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the children of these incidents; see IncidentSource."""
        parts = []
        for i, kind in enumerate(self.types):
            rows = np.flatnonzero(parents.type == i)
            for child, law in kind.spawns if len(rows) else ():
                named = streams.below(kind.name, self.types[child].name)
                parts.append(self._children(parents, rows, kind, child, law, streams, named, horizon_s))
        return Incidents.merge(parts) if parts else Incidents.none()

    def _children(
        self,
        parents: Incidents,
        rows: IntArray,
        kind: IncidentType,
        child: int,
        law: Spawn,
        streams: Streams,
        named: Streams,
        horizon_s: float,
    ) -> Incidents:
        """Return the children of one law; those of one earthquake share its shaking."""
        if isinstance(law, Around):
            owner, after_s = _moments(law, parents.magnitude[rows], named)
            points = np.stack([parents.x_m, parents.y_m], axis=1)[rows[owner]]
            distance = law.distance.draw(named("distance"), len(owner))
            points = points + around(distance, named) if distance.any() else points
            zones = parents.zone[rows[owner]] if not distance.any() else self.place.zones_at(points)
        else:
            deviate = streams(kind.name, "shaking").standard_normal(len(rows))
            owner, zones = self._shaken(parents, rows, kind, law, deviate, named)
            after_s, points = np.zeros(len(owner)), within_zones(zones, self.place, named)
        at_s = parents.occurred_s[rows[owner]] + after_s + law.delay.draw(named("delay"), len(owner))
        kept = np.flatnonzero(at_s < horizon_s)
        kept = kept[np.argsort(at_s[kept], kind="stable")]
        births = Births(at_s[kept], zones[kept], points[kept, 0], points[kept, 1])
        marked = mark(births, child, self.types[child], self.place, self.fleet, named)
        return replace(marked, parent=parents.number[rows[owner[kept]]])

    def _shaken(
        self,
        parents: Incidents,
        rows: IntArray,
        kind: IncidentType,
        law: Spawn,
        deviate: FloatArray,
        stream: Stream,
    ) -> tuple[IntArray, IntArray]:
        """Return each child's parent (index into ``rows``) and zone, Poisson in every zone."""
        rates = np.stack(
            [
                self._rates(kind, law, parents.magnitude[row], parents.x_m[row], parents.y_m[row], z)
                for row, z in zip(rows.tolist(), deviate.tolist(), strict=True)
            ]
        )
        counts = stream("count").poisson(rates)
        owner, zones = np.nonzero(counts)
        times = counts[owner, zones]
        return np.repeat(owner, times), np.repeat(zones, times)

    def _rates(
        self, kind: IncidentType, law: Spawn, magnitude: float, x_m: float, y_m: float, deviate: float
    ) -> FloatArray:
        """Return the expected children in each zone of one earthquake, shape (zones,)."""
        assert kind.shaking is not None
        place = self.place
        distance = np.hypot(place.centres[:, 0] - x_m, place.centres[:, 1] - y_m)
        pga_g = kind.shaking.pga_g(np.array(magnitude), distance, np.array(deviate))
        if isinstance(law, Ignitions):
            return place.people * law.per_person(pga_g)
        assert isinstance(law, Damage)
        eligible = np.array([not law.zone_kinds or zone.kind in law.zone_kinds for zone in place.zones])
        return np.asarray(place.people * eligible * law.per_person_at(kind.shaking.intensity(pga_g)))

    def offspring(self) -> FloatArray:
        """Return the mean number of children by the types of parent and child, shape (types, types)."""
        matrix = np.zeros((len(self.types), len(self.types)))
        x_m, y_m = np.average(self.place.centres, axis=0)
        for i, kind in enumerate(self.types):
            for child, law in kind.spawns:
                if isinstance(law, Around):
                    matrix[i, child] += law.expected_over(kind.magnitudes)
                elif kind.magnitudes is not None:
                    many = kind.magnitudes.quantiles(200).tolist()
                    rates = [self._rates(kind, law, m, x_m, y_m, z).sum() for m in many for z in (-1, 0, 1)]
                    matrix[i, child] += float(np.mean(rates))
        return np.minimum(matrix, 1e9)


def _moments(law: Around, magnitudes: FloatArray, stream: Streams) -> tuple[IntArray, FloatArray]:
    """Return each child's parent (index into ``magnitudes``) and its moment in seconds after it."""
    n = len(magnitudes)
    if isinstance(law, Count) and law.at_most_one:
        counts = (stream("count").random(n) < law.mean).astype(np.int64)
    else:
        counts = stream("count").poisson([law.expected(m) for m in magnitudes.tolist()])
    owner = np.repeat(np.arange(n), counts)
    match law:
        case Omori():
            return owner, law.delays_s(stream("moment").random(len(owner)))
        case Steady():
            return owner, law.lasting_s * stream("moment").random(len(owner))
    return owner, np.zeros(len(owner))


def _on_a_cycle(matrix: FloatArray) -> FloatArray:
    """Return which types come back to themselves through their offspring, shape (types,)."""
    reach = (matrix > 0).astype(float)
    for _ in range(len(matrix)):
        reach = np.minimum(1.0, reach + reach @ reach)
    return np.asarray(np.diag(reach) > 0)
