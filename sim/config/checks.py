"""What can only be seen to be wrong when sections of a config are put side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.config import boundaries, centre, forces, occurrences, scenery
from sim.config.points import origin_of
from sim.config.problems import Problem, did_you_mean, shown
from sim.config.schema.centre import CentreConfig
from sim.config.schema.fleet import FleetConfig
from sim.config.schema.incident import IncidentConfig
from sim.config.schema.place import PlaceConfig
from sim.model.chain import Omori
from sim.model.place import Place
from sim.model.resources import Ask, Fleet
from sim.model.types import LEVELS, IncidentType, Level
from sim.seams import IncidentSource, TravelTimes

SECTIONS = {"units": "needs", "crew": "crew", "equipment": "equipment"}
"""Where a level asks for each measure of a resource."""


@dataclass(frozen=True)
class Sections:
    """The sections of a config that are well formed; None, or left out, where one is not."""

    place: PlaceConfig | None
    fleet: FleetConfig | None
    incident: Mapping[str, IncidentConfig]
    horizon_s: float
    centre: CentreConfig | None = None

    @cached_property
    def zoned(self) -> Place:
        """The place, where its section is well formed. Raises ValueError when it cannot be zoned."""
        if self.place is None:
            raise ValueError("expected a place")
        return scenery.place(self.place)


MOST_INCIDENTS = 2e7
"""In one replication and of one type; a few hundred bytes each."""


def problems(sections: Sections) -> list[Problem]:
    """Return what is wrong between the sections that are well formed each by itself."""
    config, fleet_config, incidents = sections.place, sections.fleet, sections.incident
    if config is None:
        return []
    if unfit := boundaries.problems(config, origin_of(config)):
        return unfit
    try:
        place = sections.zoned
    except ValueError as error:
        return [Problem(("place", "zoning"), "", str(error).removeprefix("expected "))]
    found = [*_outside(place), *_points_without_land(incidents, place), *_mistaken(incidents)]
    if fleet_config is None or any(site not in config.sites for site in fleet_config.units):
        return found
    found += forces.outside(fleet_config, config, place)
    if unfit := list(forces.faults(fleet_config, config)):
        return found + unfit
    fleet = scenery.fleet(fleet_config, config, incidents)
    types = occurrences.types(incidents, config.rates, place, fleet)
    found += _too_many(types, sections.horizon_s) + _magnitudes(types)
    found += [*_unseen(types), *_understaffed(fleet)]
    answered = [kind for kind in types if kind.where or not incidents[kind.name].rate]
    found += [*_unbrought(answered, fleet), *forces.kept_back(fleet)]
    found += centre.problems(sections.centre, place, types) if sections.centre else []
    for kind in answered:
        found += _timeless(kind, fleet) + _timeless_as_told(kind, fleet)
    return found + [p for kind in types for p in _no_hospital(kind, fleet, place)]


def _outside(place: Place) -> Iterator[Problem]:
    """Yield the sites that lie outside the area."""
    for site in place.sites:
        gap = place.gap_m((site.x_m, site.y_m))
        if gap > boundaries.EDGE_M:
            path = ("place", "sites", site.name)
            yield Problem(path, f"a point {gap / 1000:.1f} km from any zone", "a point in the area")


def _points_without_land(incidents: Mapping[str, IncidentConfig], place: Place) -> Iterator[Problem]:
    """Yield the types that go by land although their zones are points."""
    for name, each in incidents.items():
        chosen = [zone for zone in place.zones if zone.kind in (each.where.zones or occurrences.LAND)]
        if each.where.by == "area" and chosen and not any(zone.side_m for zone in chosen):
            path = ("incident", name, "where", "by")
            yield Problem(path, "'area'", "'people', because these zones are points")


def _mistaken(incidents: Mapping[str, IncidentConfig]) -> Iterator[Problem]:
    """Yield the types that are said to be reported as themselves."""
    for name, each in incidents.items():
        if name in each.reported_as:
            yield Problem(("incident", name, "reported_as"), repr(name), "another type of incident")


def _unseen(types: Sequence[IncidentType]) -> Iterator[Problem]:
    """Yield the levels that types are taken for to which nobody is sent, who would find out what it is."""
    for kind in types:
        for told in kind.reported_as:
            at = {told.kind.counterpart(i) for i, level in enumerate(kind.levels) if level.defined}
            for alone in sorted(level for level in at if not told.kind.levels[level].card):
                found = f"level {LEVELS[alone]} of {told.kind.name}, which asks for nothing at once"
                expected = "a level to which somebody is sent, who finds out what it is"
                yield Problem(("incident", kind.name, "reported_as", told.kind.name), found, expected)


def _too_many(types: tuple[IncidentType, ...], horizon_s: float) -> list[Problem]:
    """Return the types that would fill a replication with more incidents than memory holds."""
    return [
        Problem(("incident", kind.name), f"{n:.3g} incidents a replication", f"at most {MOST_INCIDENTS:.0e}")
        for kind in types
        if (n := kind.rate_per_s * horizon_s) > MOST_INCIDENTS
    ]


def _unbrought(types: Sequence[IncidentType], fleet: Fleet) -> Iterator[Problem]:
    """Yield each resource that cards ask for and no unit brings, with all that ask for it."""
    askers: dict[int, list[tuple[str, str, float]]] = {}
    for kind in types:
        for level, meaning in _levels(kind):
            for r, amount in (*meaning.card, *meaning.later):
                if not fleet.slots([Ask(r, amount)], LEVELS.index(level) + 1):
                    askers.setdefault(r, []).append((kind.name, level, amount))
    for r, asked in askers.items():
        name, measure = fleet.resources[r]
        if len(asked) == 1:
            ((who, level, amount),) = asked
            path = ("incident", who, "levels", level, SECTIONS[measure], name)
            bringer = "a unit" if measure == "units" else f"a unit with {measure}"
            comes = f" and comes to level {level}, by fleet.forces" if fleet.least[r] else ""
            yield Problem(path, f"{amount:g}", f"{bringer} in fleet.units that brings it{comes}")
            continue
        names = dict.fromkeys(who for who, _, _ in asked)
        told = (f"{who} ({', '.join(level for by, level, _ in asked if by == who)})" for who in names)
        what = name if measure == "units" else f"{measure} {name}"
        comes = " and comes to these levels, by fleet.forces" if fleet.least[r] else ""
        found = f"none with {what}, which is asked for by {'; '.join(told)}"
        yield Problem(
            ("fleet", "units"), found, f"a unit that brings it{comes}, or cards that do not ask for it"
        )


def _timeless(kind: IncidentType, fleet: Fleet) -> list[Problem]:
    """Return the units that a type's cards can send and for which no time on scene is known."""
    found = []
    for level, meaning in _levels(kind):
        for k, _ in meaning.slots:
            if meaning.task and meaning.task.rates[k] and meaning.task.per == "person":
                found += _crewless(kind.name, k, fleet)
            elif not meaning.keeps(k):
                path, name = ("incident", kind.name, "work", "times"), fleet.kinds[k].name
                found.append(Problem((*path, name), "nothing", _why(name, level)))
    return list(dict.fromkeys(found))


def _timeless_as_told(kind: IncidentType, fleet: Fleet) -> list[Problem]:
    """Return the units without a time on scene that are only sent because a type is taken for another."""
    found, own = [], [level for level in kind.levels if level.defined]
    for told in kind.reported_as:
        for level, meaning in _levels(told.kind):
            for k, _ in meaning.slots:
                if meaning.times[k] is None and not all(each.keeps(k) for each in own):
                    path, name = ("incident", kind.name, "work", "times"), fleet.kinds[k].name
                    expected = f"a time on scene for {name}, which {told.kind.name} ({level}) sends to it"
                    found.append(Problem((*path, name), "nothing", expected))
    return list(dict.fromkeys(found))


def _understaffed(fleet: Fleet) -> list[Problem]:
    """Return the units that have too few people in all of their shifts."""
    found = []
    for unit in fleet.units:
        minimum, most = unit.minimum(fleet.kinds[unit.kind].minimum_crew), max(unit.crews)
        if most < minimum:
            base = unit.name.rpartition("/")[0]
            path = ("fleet", "units", base, fleet.kinds[unit.kind].name)
            expected = f"a crew of at least {minimum}, the minimum crew, in some shift"
            found.append(Problem(path, f"a crew of {most}", expected))
    return list(dict.fromkeys(found))


def _crewless(name: str, kind: int, fleet: Fleet) -> list[Problem]:
    """Return the units of a kind that come without people to a task that people work on."""
    least = fleet.kinds[kind].minimum_crew
    empty = [unit.name for unit in fleet.units if unit.kind == kind and unit.fewest(least) == 0]
    path = ("fleet", "kinds", fleet.kinds[kind].name, "crew")
    expected = f"people, because those of {name}'s task work by the person"
    return [Problem(path, f"0 in {empty[0]}", expected)] if empty else []


def _magnitudes(types: tuple[IncidentType, ...]) -> list[Problem]:
    """Return what does not fit about magnitudes: of levels, and of aftershocks."""
    found = []
    for kind in types:
        path = ("incident", kind.name)
        least = [(level, lv.magnitude) for level, lv in _levels(kind) if lv.defined and kind.magnitudes]
        if kind.magnitudes and [m for _, m in least] != sorted((m for _, m in least), reverse=True):
            found.append(
                Problem((*path, "levels"), "magnitudes out of order", "the greatest for the gravest level")
            )
        if kind.magnitudes and least and least[-1][1] > kind.magnitudes.least:
            low = ("levels", least[-1][0], "magnitude")
            found.append(
                Problem(
                    (*path, *low), f"{least[-1][1]:g}", f"at most magnitude.least, {kind.magnitudes.least:g}"
                )
            )
        for child, law in kind.spawns:
            theirs = types[child].magnitudes
            if isinstance(law, Omori) and (theirs is None or theirs.least != law.least):
                where = (*path, "spawns", types[child].name, "least")
                found.append(Problem(where, f"{law.least:g}", f"the magnitude.least of {types[child].name}"))
    return found


def _why(unit_kind: str, level: str) -> str:
    return f"a time on scene for {unit_kind} (or a capability of it), which level {level} can send"


def _levels(kind: IncidentType) -> Iterator[tuple[str, Level]]:
    """Yield the levels of a type by name."""
    yield from zip(LEVELS, kind.levels, strict=True)


def _no_hospital(kind: IncidentType, fleet: Fleet, place: Place) -> list[Problem]:
    """Return the levels whose patients no hospital accepts."""
    accepted = {level for site in place.hospitals for level in site.accepts}
    return [
        Problem(
            ("incident", kind.name, "levels", level),
            "patients to transport",
            f"a hospital that accepts {level}",
        )
        for i, (level, meaning) in enumerate(_levels(kind), start=1)
        if i not in accepted
        and meaning.transport
        and any(fleet.kinds[k].transports for k, _ in meaning.slots)
    ]


def mode_problems(units: Fleet, travel: TravelTimes) -> list[Problem]:
    """Return the modes of unit kinds that the travel provider does not know."""
    return [
        Problem(("fleet", "kinds", kind.name, "mode"), shown(mode), f"a mode of travel{hint}")
        for kind in units.kinds
        for mode in dict.fromkeys(kind.modes)
        if mode and mode not in travel.modes
        for hint in [did_you_mean(mode, travel.modes)]
    ]


def idle_sources(sources: Mapping[str, IncidentSource]) -> list[Problem]:
    """Return that nothing would ever happen: every source only follows the incidents of others."""
    if any(type(source).incidents is not IncidentSource.incidents for source in sources.values()):
        return []
    names = ", ".join(map(repr, sources))
    return [Problem(("demand",), f"only {names}", "a source that has incidents of its own, such as poisson")]
