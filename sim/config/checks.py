"""What can only be seen to be wrong when sections of a config are put side by side."""

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np

from sim.config import scenery
from sim.config.problems import Problem, did_you_mean, shown
from sim.config.schema.fleet import FleetConfig
from sim.config.schema.incident import IncidentConfig
from sim.config.schema.place import PlaceConfig
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.seams import TravelTimes

Incidents = Mapping[str, IncidentConfig]


class Sections(NamedTuple):
    """The sections of a config that are well formed; None, or left out, where one is not."""

    place: PlaceConfig | None
    fleet: FleetConfig | None
    incident: Incidents
    horizon_s: float


EDGE_M = 2000.0
"""How far outside every zone a station or hospital may lie before it counts as a mistake."""


MOST_INCIDENTS = 2e7
"""In one replication and of one type; a few hundred bytes each."""


def problems(sections: Sections) -> list[Problem]:
    """Return what is wrong between the sections that are well formed each by itself."""
    config, fleet, incidents, _ = sections
    found: list[Problem] = []
    if config is not None:
        try:
            place = scenery.place(config)
        except ValueError as error:
            return [Problem(("place", "zoning"), "", str(error).removeprefix("expected "))]
        found += _outside(place) + _nowhere(incidents, place) + _too_many(sections, place)
    if fleet is not None:
        found += _never_sent(incidents, fleet)
    if config is not None and fleet is not None:
        found += _no_hospital(incidents, fleet, config)
    return found


def _outside(place: Place) -> list[Problem]:
    """Return the stations and hospitals that lie outside the area."""
    reach = place.area_m2**0.5 * sqrt(0.5)
    return [
        Problem(
            ("place", group, site.name), f"a point {gap / 1000:.1f} km from any zone", "a point in the area"
        )
        for group, sites in (("stations", place.stations), ("hospitals", place.hospitals))
        for site in sites
        for gap in [float((np.hypot(*(place.centres - (site.x_m, site.y_m)).T) - reach).min())]
        if gap > EDGE_M
    ]


def _never_sent(incidents: Incidents, fleet: FleetConfig) -> list[Problem]:
    """Return the lines of response cards that ask for a kind of which the fleet has no unit."""
    owned = {kind for counts in fleet.units.values() for kind, n in counts.items() if n}
    if fleet.engines_per_station == 0:
        owned.discard("engine")
    return [
        Problem(
            ("incident", name, "levels", level, "card", kind), str(n), "a kind with a unit in fleet.units"
        )
        for name, each in incidents.items()
        for level, meaning in each.levels.items()
        for kind, n in meaning.card.items()
        if n and kind not in owned
    ]


def _nowhere(incidents: Incidents, place: Place) -> list[Problem]:
    """Return the types that happen in kinds of zone which the place lacks."""
    kinds = {zone.kind for zone in place.zones}
    return [
        Problem(("incident", name, "where", "zones"), shown(each.where.zones), "a kind of zone the place has")
        for name, each in incidents.items()
        if not kinds & set(each.where.zones)
    ] + [
        Problem(("incident", name, "where", "by"), "'area'", "'people', because these zones are points")
        for name, each in incidents.items()
        if each.where.by == "area"
        and not any(zone.side_m for zone in place.zones if zone.kind in each.where.zones)
    ]


def _too_many(sections: Sections, place: Place) -> list[Problem]:
    """Return the types that would fill a replication with more incidents than memory holds."""
    people = float(place.people.sum())
    expected = {
        name: ((each.rate or 0.0) * people + (each.total_rate or 0.0)) * sections.horizon_s
        for name, each in sections.incident.items()
    }
    return [
        Problem(("incident", name), f"{n:.3g} incidents a replication", f"at most {MOST_INCIDENTS:.0e}")
        for name, n in expected.items()
        if n > MOST_INCIDENTS
    ]


def _no_hospital(incidents: Incidents, fleet: FleetConfig, place: PlaceConfig) -> list[Problem]:
    """Return the levels whose patients no hospital accepts."""
    accepted = {level for site in place.hospitals.values() for level in site.accepts}
    moving = {name for name, kind in fleet.kinds.items() if kind.transports}
    return [
        Problem(
            ("incident", name, "levels", level), "patients to transport", f"a hospital that accepts {level}"
        )
        for name, each in incidents.items()
        for level, meaning in each.levels.items()
        if level not in accepted
        and (each.transport if meaning.transport is None else meaning.transport)
        and any(n and kind in moving for kind, n in meaning.card.items())
    ]


def mode_problems(units: Fleet, travel: TravelTimes) -> list[Problem]:
    """Return the unit kinds whose mode the travel provider does not know."""
    return [
        Problem(("fleet", "kinds", kind.name, "mode"), shown(kind.mode), f"a mode of travel{hint}")
        for kind in units.kinds
        if kind.mode not in travel.modes
        for hint in [did_you_mean(kind.mode, travel.modes)]
    ]
