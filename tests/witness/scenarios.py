"""Random small worlds, and the same incidents with the same marks for the product and the witness."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st
from witness.draws import SIDE_M, calls, combined, spot

from sim.dispatch.closest import Closest
from sim.model.calendar import Calendar
from sim.model.centre import CommandCentre
from sim.model.closures import Closure
from sim.model.distributions import Constant
from sim.model.incidents import Incidents
from sim.model.place import HOSPITAL, Place, Site, Zone
from sim.model.resources import Ask, Card, Fleet, Modes, Resource, Unit, UnitKind
from sim.model.types import IncidentType, Level, Profile
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
    level = st.builds(_level, combined([1, 2, 3], ["urgent", "routine", "green"]), draw_cards(fleet))
    kinds = [_type(f"t{i}", [draw(level), draw(level)]) for i in range(draw(st.integers(1, 2)))]
    incidents = draw(calls(place, fleet, tuple(kinds)))
    return Scenario(
        name="random",
        place=place,
        fleet=fleet,
        types=tuple(kinds),
        centre=draw(centres),
        travel=draw(travels(place)),
        policy=draw(policies),
        sources=(("given", Given(incidents)),),
        targets=(),
        calendar=Calendar(date(2022, 1, 3)),
        horizon_s=draw(st.sampled_from([7200.0, 1e6])),
        closures=tuple(sorted(draw(st.lists(closures, max_size=3)), key=lambda c: c.from_s)),
    )


centres = combined([None, None, 1, 2], [0.0, 5.0], [0.0, 15.0], [None, None, None, 0, 1, 2]).map(
    lambda chosen: CommandCentre(*chosen)
)


policies = combined(
    [{}, {1: [3]}, {1: [2, 3]}, {1: [2, 3], 2: [3]}, {2: [3]}],
    [False, False, True],
    [None, None, 1.0, 60.0, 150.0],
).map(lambda chosen: Closest(preempts=chosen[0], whole=chosen[1], relieve_by=chosen[2]))


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Three zones in a row, two to four stations, none to two hospitals."""
    zones = tuple(
        Zone(f"z{i}", "town", "built_up", SIDE_M * (i + 0.5), SIDE_M * 0.5, SIDE_M, 100.0) for i in range(3)
    )
    stations = [Site(f"s{i}", "", *draw(spot)) for i in range(draw(st.integers(2, 4)))]
    levels = st.sampled_from([(1, 2, 3, 4), (1, 2, 3, 4), (4,)])
    hospitals = [
        Site(f"h{i}", "", *draw(spot), draw(levels), HOSPITAL) for i in range(draw(st.integers(0, 2)))
    ]
    return Place("random", "", zones, (*stations, *hospitals))


@st.composite
def fleets(draw: st.DrawFn, place: Place) -> Fleet:
    """One or two kinds, one to eight units."""
    modes = [Modes.of("fast"), Modes.of("fast", "slow"), Modes.of("fast", "slow", "slow", "fast")]
    kind = combined(modes, [(), ("both",)], [{}, {"pump": 1.0}, {"pump": 2.0}])
    chosen = draw(st.lists(kind, min_size=1, max_size=2))
    kinds = tuple(
        UnitKind(f"k{i}", "", mode, NEVER, NEVER, 0.0, True, NEVER, able, carries)
        for i, (mode, able, carries) in enumerate(chosen)
    )
    unit = combined(range(len(kinds)), range(len(place.stations)), range(1, 5))
    n = draw(st.integers(1, 8))
    units = tuple(Unit(f"u{i}", *each) for i, each in enumerate(draw(st.lists(unit, min_size=n, max_size=n))))
    resources = (
        *(Resource(kind.name) for kind in kinds),
        Resource("both"),
        *(Resource(kind.name, "crew") for kind in kinds),
        Resource("pump", "equipment"),
    )
    return Fleet(kinds, units, draw(st.sampled_from(["clearing", "in_quarters"])), None, resources)


def draw_cards(fleet: Fleet) -> st.SearchStrategy[Card]:
    """A card of one to three lines, of what some unit can bring."""
    able = [r for r in range(len(fleet.resources)) if fleet.least[r]]
    line = st.builds(Ask, st.sampled_from(able), st.integers(1, 3).map(float))
    return st.lists(line, min_size=1, max_size=3, unique_by=lambda ask: ask.resource).map(tuple)


def _level(chosen: tuple[Any, ...], card: Card) -> Level:
    priority, urgency = chosen
    return Level(0.5, priority, card, (), (None,), urgency=urgency)


def _type(name: str, levels: list[Level]) -> IncidentType:
    none = Level(0.0, 1, (), (), ())
    profile = Profile()
    return IncidentType(name, "", 0.0, None, profile, NEVER, NEVER, NEVER, (levels[0], none, none, levels[1]))


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
