"""Random small counties that use all that dispatch and command know, as mappings that sim.build takes."""

from typing import Any

from hypothesis import strategies as st
from worlds import world

import sim

DAY = {"start": "8 h", "end": "20 h"}
WEEKDAYS = {"start": "6 h", "end": "6 h", "days": ["weekdays"]}
NIGHT = {"start": "20 h", "end": "8 h"}
MORNING = {"start": "8 h", "end": "12 h"}


def lognormal(median: str) -> dict[str, Any]:
    return {"dist": "lognormal", "median": median, "sigma": 0.8}


duties = st.builds(
    lambda hours, on_call: {"hours": hours} | on_call,
    st.sampled_from(
        [{"a": DAY}, {"a": WEEKDAYS}, {"a": NIGHT}, {"a": DAY, "b": NIGHT}, {"a": NIGHT, "b": MORNING}]
    ),
    st.sampled_from([{}, {}, {"on_call": "15 min"}]),
)


@st.composite
def counties(draw: st.DrawFn) -> dict[str, Any]:
    """Engines, vans that may be the city's or volunteers', and ambulances; two types of incident."""
    spots = {
        name: f"{draw(st.integers(0, 2))} km" for name in ("z0", "z1", "z2", "z3", "s0", "s1", "s2", "h")
    }

    def at(name: str, i: int) -> dict[str, Any]:
        return {"x": f"{2 * i} km", "y": spots[name]}

    county = world(
        horizon="30 h",
        place={
            "name": "county",
            "zones": {f"z{i}": at(f"z{i}", i) | {"people": 1 + i, "side": "2 km"} for i in range(4)},
            "sites": {
                **{f"s{i}": {"kind": "fire_station"} | at(f"s{i}", i) for i in range(3)},
                "h0": {"kind": "hospital"} | at("h", 2),
            },
        },
        fleet=draw(fleets()),
        incident=draw(types()),
        centre={
            "call_takers": draw(st.sampled_from([None, 1])),
            "alerting": "15 s",
            "queue_limit": draw(st.sampled_from([None, None, 0, 3])),
            "command": draw(st.sampled_from([{}, {"IV": "1 min"}])),
        },
        travel={
            "use": "sim.travel.planar.Planar",
            "speeds": {"unit": {"built_up": {"day": "40 km/h", "night": "50 km/h"}}},
            "acceleration": "0.4 m/s2",
        },
        dispatch=draw(policies),
        move_up=draw(moves),
        closures={f"c{i}": each for i, each in enumerate(draw(closures))},
    )
    county["dispatch"]["whole"] &= _fills_its_cards(county)
    return county


def _fills_its_cards(county: dict[str, Any]) -> bool:
    """Whether whole cards are no problem: the fleet can fill each of them."""
    try:
        sim.build(county)
    except sim.ConfigError:
        return False
    return True


@st.composite
def fleets(draw: st.DrawFn) -> dict[str, Any]:
    """Each base has a unit; s1 may be a neighbour's, who keeps one of each kind, and s2 the city's."""
    common = {"mode": "unit", "turnout": lognormal("1 min"), "access": "30 s", "trip_sigma": 0.3}
    kinds: dict[str, Any] = {
        "engine": {"capabilities": ["fire"], "crew": draw(st.sampled_from([1, 6])), "equipment": {"pump": 1}},
        "van": {"capabilities": ["fire"], "crew": 3, "equipment": {"pump": 2}},
        "ambulance": {"transports": True, "handover": "10 min"},
    }
    if holds := draw(st.sampled_from([None, None, "10 min", "3 h"])):
        kinds["van"]["holds"] = holds
    for kind in kinds.values():
        kind |= common
        if draw(st.booleans()):
            kind["attendance"] = {"share": "80 %", "again": draw(st.sampled_from(["5 min", "2 h"]))}
        if draw(st.booleans()):
            kind["breakdown"] = {"chance": "15 %", "repair": draw(st.sampled_from(["1 min", "3 h"]))}
    number, units = st.sampled_from([0, 0, 1, 2]), {}
    for site, least in LEAST.items():
        units[site] = {kind: {"count": least.get(kind, 0) + draw(number)} for kind in kinds}
        for each in units[site].values():
            if site != "s0" and draw(st.booleans()):
                each["duty"] = draw(duties)
    forces = draw(
        st.sampled_from([{}, {"neighbour": NEIGHBOUR}, {"neighbour": NEIGHBOUR, "city": draw(cities)}])
    )
    available = draw(st.sampled_from(["clearing", "in_quarters"]))
    return {"kinds": kinds, "units": units, "forces": forces, "available": available}


LEAST = {
    "s0": {"engine": 2, "ambulance": 2},
    "s1": {"engine": 2, "van": 2, "ambulance": 2},
    "s2": {"van": 1},
    "h0": {"van": 1},
}

NEIGHBOUR = {"bases": ["s1"], "reserve": 1}

cities = st.builds(
    lambda level, staging: (
        {"bases": ["s2"], "from_level": level, "mobilisation": lognormal("3 min")} | staging
    ),
    st.sampled_from(["III", "I"]),
    st.sampled_from([{}, {"staging": "s0", "marshalling": "1 min"}]),
)


@st.composite
def asks(draw: st.DrawFn, least: int = 0) -> dict[str, Any]:
    """Units, people and equipment, each a few or none."""
    number = st.sampled_from([0, 0, 1, 2])
    needs = {"fire": max(least, draw(number)), "ambulance": draw(number)}
    return {"needs": needs, "crew": _some("fire", 4 * draw(number)), "equipment": _some("pump", draw(number))}


def _some(name: str, amount: int) -> dict[str, Any]:
    return {name: amount} if amount else {}


@st.composite
def types(draw: st.DrawFn) -> dict[str, Any]:
    """A type without a common task and one with, each of which may be reported as the other."""
    kinds = {"first": draw(incidents(task=False)), "second": draw(incidents(task=True))}
    for name, other in (("first", "second"), ("second", "first")):
        if share := draw(st.sampled_from([None, None, "30 %"])):
            kinds[name]["reported_as"] = {other: share}
    return kinds


@st.composite
def incidents(draw: st.DrawFn, task: bool) -> dict[str, Any]:
    """Three levels; what is reported as IV or III may be found otherwise, or raised."""
    work: dict[str, Any] = {"times": dict.fromkeys(("engine", "van", "ambulance"), lognormal("15 min"))}
    shares = st.sampled_from([{}, {"III": "30 %"}, {"III": "20 %", "I": "20 %"}])
    becomes = {"IV": {"found": draw(shares)}, "III": {"found": draw(st.sampled_from([{}, {"IV": "50 %"}]))}}
    if hurt := draw(st.sampled_from([{}, {}, {3: "III", 6: "I"}])):
        becomes["IV"]["casualties"] = hurt
    if draw(st.booleans()):
        becomes["IV"]["late"] = {"after": "20 min", "level": draw(st.sampled_from(["III", "I"]))}
    if task:
        law = {"law": "linear", "amount": lognormal("15 min"), "growth": 0.4, "escape": "30 min"}
        work["task"] = law | {"burn_out": "3 h", "rates": {"engine": 1, "van": 2}}
        becomes["III"]["escapes"] = "I"
    priorities = [draw(st.integers(1, 3)) for _ in range(2)]
    return {
        "rate": f"{draw(st.sampled_from([0.3, 0.6, 1.2]))} per hour",
        "detection": {"dist": "exponential", "mean": "2 min"},
        "reporting": "0 s",
        "handling": draw(st.sampled_from(["0 s", "2 min"])),
        "size_up": draw(st.sampled_from(["0 s", "90 s", lognormal("5 min")])),
        "work": work,
        "transport": "50 %",
        "casualties": {"mean": 3, "dispersion": 0.5},
        "levels": {
            "IV": {"probability": "60 %", "priority": priorities[0], "becomes": becomes["IV"]}
            | draw(asks(least=1))
            | {"later": draw(asks())},
            "III": {"probability": "30 %", "priority": priorities[1], "becomes": becomes["III"]}
            | draw(asks(least=1)),
            "I": {"probability": "10 %", "priority": 1} | draw(asks(least=2)) | {"later": draw(asks())},
        },
    }  # fmt: skip


def _policy(
    use: dict[str, Any], preempts: dict[int, list[int]], whole: bool, relief: str | None
) -> dict[str, Any]:
    return use | {"preempts": preempts, "whole": whole} | ({"relieve_by": relief} if relief else {})


LISTS = {"z0": ["s1", "s0"], "z1": ["s0/engine-2", "h0"], "z3": ["s2"]}

policies = st.builds(
    _policy,
    st.sampled_from(
        [
            {"use": "sim.dispatch.closest.Closest"},
            {"use": "sim.dispatch.least_busy.LeastBusy", "within": "2 min"},
            {"use": "sim.dispatch.preference.Preference", "zones": LISTS},
        ]
    ),
    st.sampled_from([{}, {1: [2, 3]}, {1: [3], 2: [3]}]),
    st.sampled_from([False, False, True]),
    st.sampled_from([None, "30 s", "3 min"]),
)

moves = st.sampled_from(
    [
        None,
        {"use": "sim.dispatch.dmexclp.Dmexclp", "kinds": ["ambulance"], "within": "3 min", "busy": "40 %"},
        {"use": "sim.dispatch.compliance.Compliance", "kinds": ["engine"], "priority": ["s1", "s2", "s0"]},
    ]
)

closures = st.lists(
    st.builds(
        lambda where, at, lasting: where | {"at": f"{at} min", "lasting": f"{lasting} min"},
        st.one_of(
            st.sampled_from([{"zones": ["z1"]}, {"zones": ["z2", "z3"]}]),
            st.builds(lambda x: {"x": f"{x} km", "y": "1 km", "within": "900 m"}, st.integers(0, 6)),
        ),
        st.integers(0, 2400),
        st.integers(1, 600),
    ),
    max_size=3,
)
