"""Random small worlds, and the same incidents with the same marks for the product and the witness."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from hypothesis import strategies as st
from witness.draws import SIDE_M, calls, combined, spot

from sim.dispatch.closest import Closest
from sim.dispatch.preference import Preference
from sim.model.calendar import Calendar
from sim.model.centre import CommandCentre
from sim.model.closures import Closure
from sim.model.distributions import Constant
from sim.model.duty import Hours
from sim.model.forces import OWN, Force
from sim.model.incidents import Incidents
from sim.model.place import HOSPITAL, Place, Site, Zone
from sim.model.resources import Ask, Card, Fleet, Modes, Resource, Unit, UnitKind
from sim.model.roster import Roster, Shift
from sim.model.types import Becomes, IncidentType, Late, Level, Mistaken, Profile
from sim.model.units import DAY_S
from sim.rng import Streams
from sim.scenario import Scenario
from sim.seams import IncidentSource
from sim.travel.planar import Planar

NEVER = Constant(0.0)


@dataclass(frozen=True)
class Given(IncidentSource):
    """Incidents that are given."""

    rows: Incidents

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        return self.rows


@st.composite
def worlds(draw: st.DrawFn) -> Scenario:
    """A small world with all that the witness knows, and its incidents."""
    place = draw(places())
    fleet = draw(fleets(place))
    kinds = [draw(types(f"t{i}", fleet)) for i in range(draw(st.integers(1, 2)))]
    if len(kinds) > 1 and draw(st.booleans()):
        kinds[0] = replace(kinds[0], reported_as=(Mistaken(1, kinds[1], 0.5),))
    incidents = draw(calls(place, fleet, tuple(kinds)))
    return Scenario(
        name="random",
        place=place,
        fleet=fleet,
        types=tuple(kinds),
        centre=draw(centres),
        travel=draw(travels(place)),
        policy=draw(policies(place, fleet)),
        sources=(("given", Given(incidents)),),
        targets=(),
        calendar=Calendar(date(2022, 1, 3)),
        horizon_s=draw(st.sampled_from([7200.3, 1e6])),  # at that very moment nothing happens
        closures=tuple(sorted(draw(st.lists(closures, max_size=3)), key=lambda c: c.from_s)),
    )


centres = combined([None, None, 1, 2], [0.0, 5.0], [0.0, 15.0], [None, None, None, 0, 1, 2]).map(
    lambda chosen: CommandCentre(*chosen)
)


@st.composite
def policies(draw: st.DrawFn, place: Place, fleet: Fleet) -> Closest | Preference:
    """The closest, or lists of bases and units for two of the zones, or all."""
    preempts, whole, relieve_by, others = draw(rules)
    options = {"preempts": preempts, "whole": whole, "relieve_by": relieve_by}
    if others is None:
        return Closest(**options)
    names = [unit.name for unit in fleet.units] + sorted(
        {place.sites[unit.base].name for unit in fleet.units}
    )
    order = st.lists(st.sampled_from(names), max_size=4)
    zones = {zone.name: draw(order) for zone in place.zones[: 3 if others == "none" else 2]}
    return Preference(place=place, fleet=fleet, zones=zones, others=others, **options)


rules = combined(
    [{}, {1: [3]}, {1: [2, 3]}, {1: [2, 3], 2: [3]}, {2: [3]}],
    [False, False, True],
    [None, None, 1.0, 60.0, 150.0],
    [None, None, "closest", "none"],
)

spans = combined(
    [30.0 * i for i in range(0, 300, 7)] + [DAY_S - 3600], [600.0, 1800.0, 3600.0, 7200.0], [range(7), (0, 1)]
)


def hours(crew: int) -> st.SearchStrategy[Hours | None]:
    """One to three shifts of a crew, which may be on call at other hours; or always."""
    on_call = st.sampled_from([None, None, 45.0])
    return st.none() | st.builds(partial(_hours, crew), st.lists(spans, min_size=1, max_size=3), on_call)


def _hours(crew: int, chosen: list[tuple[Any, ...]], on_call_s: float | None) -> Hours:
    shifts = tuple(Shift(crew, start_s, length_s, tuple(days)) for start_s, length_s, days in chosen)
    return Hours(Roster(shifts), on_call_s, tuple(map(str, range(len(shifts)))))


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Three zones in a row, two to four stations, none to two hospitals."""
    zones = tuple(
        Zone(f"z{i}", "town", "built_up", SIDE_M * (i + 0.5), SIDE_M * 0.5, SIDE_M, 100.0) for i in range(3)
    )
    stations = [Site(f"s{i}", "", *draw(spot)) for i in range(draw(st.integers(2, 4)))]
    levels, number = st.sampled_from([(1, 2, 3, 4), (1, 2, 3, 4), (4,), (1,)]), st.sampled_from([0, 1, 2, 3])
    hospitals = [Site(f"h{i}", "", *draw(spot), draw(levels), HOSPITAL) for i in range(draw(number))]
    return Place("random", "", zones, (*stations, *hospitals))


@st.composite
def fleets(draw: st.DrawFn, place: Place) -> Fleet:
    """One or two kinds, one to eight units."""
    modes = [Modes.of("fast"), Modes.of("fast", "slow"), Modes.of("fast", "slow", "slow", "fast")]
    pumps = [{}, {"pump": 1.0}, {"pump": 2.0}]
    kind = combined(modes, [(), ("both",)], pumps, [0.0, 0.0, 0.0, 600.0, 7200.0])
    chosen = draw(st.lists(kind, min_size=1, max_size=2))
    kinds = tuple(
        UnitKind(f"k{i}", "", mode, NEVER, NEVER, 0.0, True, NEVER, able, carries, holds_s=holds_s)
        for i, (mode, able, carries, holds_s) in enumerate(chosen)
    )
    unit = combined(range(len(kinds)), range(len(place.stations)), range(1, 5))
    n = draw(st.integers(1, 8))
    owners = draw(st.lists(draw(owned), min_size=len(place.stations), max_size=len(place.stations)))
    units = tuple(
        Unit(f"u{i}", *each, draw(hours(each[2])), owners[each[1]])
        for i, each in enumerate(draw(st.lists(unit, min_size=n, max_size=n)))
    )
    resources = (
        *(Resource(kind.name) for kind in kinds),
        Resource("both"),
        *(Resource(kind.name, "crew") for kind in kinds),
        Resource("pump", "equipment"),
    )
    available = draw(st.sampled_from(["clearing", "in_quarters"]))
    forces = tuple(dict.fromkeys(force for force in owners if force != OWN))
    return Fleet(kinds, units, available, None, resources, forces)


FORCES = [
    Force(f"f{level}{n}{end}", "", level, n, release=end)
    for level, n, end in product((1, 3, 4), (0, 1, 2), ("out", "controlled"))
]
owned = st.sampled_from([st.just(OWN), st.sampled_from([OWN] * len(FORCES) + FORCES)])
"""Whose the units of each base are: our own, or half of them of forces."""


def draw_cards(fleet: Fleet, level: int) -> st.SearchStrategy[Card]:
    """A card of one to three lines, of what some unit can bring to a level, if any can; else to level I."""
    known = range(len(fleet.resources))
    able = [r for r in known if fleet.slots([Ask(r, 1.0)], level)] or [r for r in known if fleet.least[r]]
    line = st.builds(Ask, st.sampled_from(able), st.integers(1, 3).map(float))
    return st.lists(line, min_size=1, max_size=3, unique_by=lambda ask: ask.resource).map(tuple)


@st.composite
def types(draw: st.DrawFn, name: str, fleet: Fleet) -> IncidentType:
    """A type with an ordinary and a grave level; some are found to be of the other one, or are raised."""
    none = Level(0.0, 1, (), (), ())
    grave_found, found, late_s = draw(rumours)
    late = None if late_s is None else Late(late_s, 0)
    levels = []
    for level, becomes in ((1, Becomes(found=grave_found)), (4, Becomes(found, late=late))):
        cards, (priority, urgency, has_later) = draw_cards(fleet, level), draw(meanings)
        card, later = draw(cards), draw(cards) if has_later else ()
        slots = fleet.slots((*card, *later), level)
        more = {"urgency": urgency, "later": later, "becomes": becomes}
        levels.append(Level(0.5, priority, card, slots, (None,), **more))
    by_level = (levels[0], none, none, levels[1])
    return IncidentType(name, "", 0.0, None, Profile(), NEVER, NEVER, NEVER, by_level)


meanings = combined([1, 2, 3], ["urgent", "routine", "green"], [False, False, False, True])

SURE, MAYBE_GRAVE, MAYBE_ORDINARY = (0.0, 0.0, 0.0, 0.0), (0.5, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.5)

rumours = combined([SURE, MAYBE_ORDINARY], [SURE, MAYBE_GRAVE], [None, None, 60.0, 300.0, 900.0])


@st.composite
def travels(draw: st.DrawFn, place: Place) -> Planar:
    night, (fast, slow), metric, acceleration = draw(
        combined([1.0, 1.0, 0.5], [(10.0, 5.0), (8.0, 8.0)], ["euclidean", "manhattan"], [None, None, 0.4])
    )
    speeds = {
        mode: {"built_up": {"day": mps, "night": mps * night}}
        for mode, mps in (("fast", fast), ("slow", slow))
    }
    return Planar(
        place,
        speeds,
        metric=metric,
        acceleration=acceleration,
        day_from=3600.0 if night != 1.0 else 6 * 3600.0,
        day_to=5400.0 if night != 1.0 else 22 * 3600.0,
    )


def _closure(chosen: tuple[Any, ...], at: tuple[float, float]) -> Closure:
    from_s, lasting_s, radius_m, zones, circle = chosen
    name = f"{from_s} {lasting_s} {radius_m} {zones} {at}"
    return Closure(
        name, from_s, from_s + lasting_s, zones=zones, at=at if circle else None, radius_m=radius_m
    )


closures = st.builds(
    _closure,
    combined(
        [30.0 * i for i in range(80)], [30.0 * i for i in range(1, 60)], [300.0, 800.0, 0.0],
        [(0,), (2,), (0, 1), ()], [False, True],
    ),
    spot,
)  # fmt: skip
