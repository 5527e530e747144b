"""The checked forces of a fleet become nouns, where they fit its bases and the place."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sim.config import boundaries
from sim.config.points import origin_of, point
from sim.config.problems import Problem, shown
from sim.config.schema.fleet import FleetConfig, StagingConfig
from sim.config.schema.place import PlaceConfig
from sim.model.forces import NOW, Force
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import LEVELS


def forces(config: FleetConfig, place: PlaceConfig) -> Mapping[str, Force]:
    """Return the forces by name."""
    return {
        name: Force(
            name=name,
            title=each.title or name,
            from_level=LEVELS.index(each.from_level) + 1,
            reserve=each.reserve,
            mobilisation=each.mobilisation,
            staging=_point(each.staging, place) if each.staging else None,
            marshalling=each.marshalling,
            release=each.release,
        )
        for name, each in config.forces.items()
    }


def _point(config: StagingConfig, place: PlaceConfig) -> tuple[float, float]:
    return point(config if config.site is None else place.sites[config.site], origin_of(place))


def faults(config: FleetConfig, place: PlaceConfig) -> Iterator[Problem]:
    """Yield what is wrong between forces, and with what they stand beside."""
    owner: dict[str, str] = {}
    for name, each in config.forces.items():
        path = ("fleet", "forces", name)
        for base in each.bases:
            if base not in config.units:
                yield Problem((*path, "bases"), shown(base), "a base with units in fleet.units")
            if owner.setdefault(base, name) != name:
                yield Problem((*path, "bases"), shown(base), f"a base that is not {owner[base]}'s too")
        if each.marshalling != NOW and each.staging is None:
            yield Problem((*path, "marshalling"), "no staging beside it", "a staging point where that is")
        spot = each.staging
        if spot and spot.lat is not None and origin_of(place) is None:
            yield Problem((*path, "staging"), "lat and lon", "x and y, because the place is in metres")


def outside(config: FleetConfig, place_config: PlaceConfig, place: Place) -> Iterator[Problem]:
    """Yield the staging points that lie outside the area."""
    for name, each in config.forces.items():
        spot = each.staging
        if spot is not None and spot.site is None:
            gap = place.gap_m(_point(spot, place_config))
            if gap > boundaries.EDGE_M:
                path = ("fleet", "forces", name, "staging")
                yield Problem(path, f"a point {gap / 1000:.1f} km from any zone", "a point in the area")


def kept_back(fleet: Fleet) -> Iterator[Problem]:
    """Yield the reserves that keep all units of a force at their bases, at any time."""
    at = Counter((unit.force.name, unit.kind, unit.base) for unit in fleet.units)
    for force in fleet.forces:
        most = max((n for (name, _, _), n in at.items() if name == force.name), default=0)
        if 0 < most <= force.reserve:
            expected = f"less than the {most} of a kind at its largest base, or nobody is ever sent"
            yield Problem(("fleet", "forces", force.name, "reserve"), f"{force.reserve}", expected)
