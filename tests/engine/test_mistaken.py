"""Incidents that are reported as of another type, until the first unit has sized them up, by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.measure.breakdown import CAUSES
from sim.measure.columns import frame
from sim.measure.notes import notes
from sim.measure.orders import count_orders, in_words
from sim.measure.tallies import tally_all

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
AT_ONCE = {"mode": "unit", "turnout": "0 s", "access": "0 s"}


def level(priority: int, **needs: int) -> dict[str, Any]:
    return {"probability": "100 %", "priority": priority, "needs": needs}


def types(share: str = "100 %", **fire: Any) -> dict[str, Any]:
    """Fires, for two engines, that are taken for rubbish, for a truck; each has times of its own."""
    real = call(levels={"III": level(1, engine=2)}, size_up="60 s") | {
        "work": {"times": {"engine": "1000 s"}}
    }
    rubbish = call(levels={"IV": level(3, truck=1)}) | {"work": {"times": {"truck": "300 s"}}}
    del rubbish["rate"]
    return {"fire": real | {"reported_as": {"rubbish": share}} | fire, "rubbish": rubbish}


def county(incident: dict[str, Any], **changes: Any) -> sim.Scenario:
    """Engines and a truck 1 km from the only fire, at 0 s."""
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (1000, 0)}),
        "fleet__kinds": {"engine": AT_ONCE, "truck": AT_ONCE, "unit": AT_ONCE},
        "fleet__units": {"s": {"engine": 3, "truck": 2}},
        "fleet__available": "clearing",
        "incident": incident,
        "travel__speeds": SPEED,
        "demand": {
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "injects": [{"at": "0 s", "type": "fire", "x": "0 m", "y": "0 m"}],
            }
        },
    }
    return sim.build(world(**usual | changes)).scenario


def answer(incident: dict[str, Any], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = county(incident, **changes)
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def test_what_it_is_taken_for_goes_first_and_what_it_is_follows() -> None:
    """The truck is there at 100 s, and a minute later it is known to be a fire; the truck does its work."""
    incidents, found = answer(types())
    told = incidents.iloc[0]
    assert (told.type, told.level, told.reported_type, told.priority) == ("fire", "III", "rubbish", 3)
    assert (told.found_level, told.found_s) == ("III", 160)
    assert found[["unit", "assigned_s", "left_scene_s"]].values.tolist() == [
        ["s/engine-1", 160, 160 + 100 + 1000],
        ["s/engine-2", 160, 160 + 100 + 1000],
        ["s/truck-1", 0, 400],
    ]


def test_what_was_sent_in_vain_turns_back() -> None:
    """Two trucks are sent, one from 5 km away: it is not there yet when it is known to be a fire."""
    incident = types()
    incident["rubbish"]["levels"]["IV"]["needs"] = {"truck": 2}
    _, found = answer(
        incident,
        place__sites=stations({"s": (1000, 0), "t": (5000, 0)}),
        fleet__units={"s": {"engine": 2, "truck": 1}, "t": {"truck": 1}},
    )
    assert found[found.unit == "t/truck-1"][["cause", "cleared_s"]].values.tolist() == [["not needed", 160]]


def test_units_that_both_take_work_by_what_it_is() -> None:
    incident = types()
    incident["rubbish"]["levels"]["IV"]["needs"] = {"engine": 1}
    incident["rubbish"]["work"]["times"] = {"engine": "300 s"}
    _, found = answer(incident)
    assert found[["unit", "assigned_s", "left_scene_s"]].values.tolist() == [
        ["s/engine-1", 0, 1100],
        ["s/engine-2", 160, 1260],
    ]


def test_what_is_taken_for_something_lighter_waits_longer() -> None:
    """The only truck is out; the fire, taken for rubbish, waits behind what is reported later and graver."""
    incident = types(reported_as={"rubbish": "100 %"})
    grave = call(levels={"IV": level(2, truck=1)}) | {"work": {"times": {"truck": "300 s"}}}
    injects = [
        {"at": f"{s} s", "type": kind, "x": "1 km", "y": "0 m"}
        for s, kind in ((0, "grave"), (10, "fire"), (20, "grave"))
    ]
    incidents, found = answer(
        incident | {"grave": grave},
        fleet__units={"s": {"engine": 3, "truck": 1}},
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": injects}},
    )
    assert incidents.assigned_s.tolist() == [0, 600, 300]
    assert found[found.kind == "engine"].assigned_s.tolist() == [660, 660]


def test_the_share_is_as_said_and_others_are_as_without_it() -> None:
    """Of 2,000 fires a fifth is mistaken; the marks of all others, and of the engines, are the same."""
    rate = {"rate": "2000 per year"}
    changes: dict[str, Any] = {"horizon": "365 d", "demand": {"p": {"use": "sim.demand.poisson.Poisson"}}}
    with_, without = (
        sim.simulate(county(types("20 %", **rate, **more), **changes)).incidents
        for more in ({}, {"reported_as": {}})
    )
    mistaken = with_.taken_for != with_.type
    assert mistaken.mean() == pytest.approx(0.2, abs=0.03)
    assert np.array_equal(with_.occurred_s, without.occurred_s)
    first, other = (x.scene_s[x.first_slot[:-1]] for x in (with_, without))
    assert np.array_equal(first, other)


@pytest.mark.parametrize(
    ("fire", "told"),
    [
        ({"reported_as": {"rubish": "1 %"}}, 'a known incident type; did you mean "rubbish"'),
        ({"reported_as": {"fire": "1 %"}}, "another type of incident"),
        ({"reported_as": {"haze": "1 %"}}, "somebody is sent, who finds out"),
        ({"reported_as": {"rubbish": "101 %"}}, "at most 100 %"),
        ({"size_up": None}, "how long it takes to find out, because of reported_as"),
    ],
)
def test_what_cannot_be_mistaken_for_is_told(fire: dict[str, Any], told: str) -> None:
    incident = types(**fire)
    incident["haze"] = incident["rubbish"] | {"levels": {"IV": level(3)}}
    with pytest.raises(sim.ConfigError, match=told):
        county(incident)


def test_who_is_sent_later_goes_by_the_urgency_that_is_known_then() -> None:
    """To rubbish at 5 m/s: the truck is there at 200 s, and it is known at 260 s. A truck sent before from
    5 km away goes on as it was sent, the engine sent then at 10 m/s."""
    incident = types()
    incident["rubbish"]["levels"]["IV"] |= {"needs": {"truck": 2}, "urgency": "routine"}
    incident["fire"]["levels"]["III"]["needs"] = {"engine": 1, "truck": 2}
    incident["fire"]["work"]["times"]["truck"] = "300 s"
    mode = {"mode": {"urgent": "unit", "routine": "slow"}}
    _, found = answer(
        incident,
        place__sites=stations({"s": (1000, 0), "t": (5000, 0)}),
        fleet__kinds={"engine": AT_ONCE | mode, "truck": AT_ONCE | mode},
        fleet__units={"s": {"engine": 2, "truck": 1}, "t": {"truck": 1}},
        travel__speeds=SPEED | {"slow": {"built_up": {"day": "5 m/s", "night": "5 m/s"}}},
    )
    assert found[["unit", "assigned_s", "arrived_s"]].values.tolist() == [
        ["s/engine-1", 260, 360],
        ["s/truck-1", 0, 200],
        ["t/truck-1", 0, 1000],
    ]


def test_a_patient_goes_by_the_urgency_that_is_known_at_the_scene() -> None:
    """Told as routine, found to be urgent after 60 s at the scene; the hospital is 2 km away."""
    ill = call(levels={"III": level(1, van=1), "IV": level(3, van=1)}, size_up="60 s", transport="100 %")
    ill["work"] = {"times": {"van": "300 s"}}
    ill["levels"]["III"]["probability"] = "0 %"
    ill["levels"]["IV"] |= {"urgency": "routine", "becomes": {"found": {"III": "100 %"}}}
    sites = stations({"s": (1000, 0)}) | {"h": {"kind": "hospital", "x": "-2000 m", "y": "0 m"}}
    mode = {"mode": {"urgent": "unit", "routine": "slow"}, "transports": True, "handover": "0 s"}
    _, found = answer(
        {"fire": ill},
        place__sites=sites,
        fleet__kinds={"van": AT_ONCE | mode},
        fleet__units={"s": {"van": 1}},
        travel__speeds=SPEED | {"slow": {"built_up": {"day": "5 m/s", "night": "5 m/s"}}},
    )
    assert found[["arrived_s", "left_scene_s", "at_destination_s"]].values.tolist() == [[200, 500, 700]]


def drill(*injects: dict[str, Any]) -> dict[str, Any]:
    usual = {"type": "fire", "x": "0 m", "y": "0 m"}
    return {"drill": {"use": "sim.demand.timeline.Timeline", "injects": [usual | each for each in injects]}}


def test_a_drill_says_what_is_reported() -> None:
    told = ["rubbish", "fire", "fire", "rubbish"]
    injects = [{"at": f"{2 * i} h", "reported_as": each} for i, each in enumerate(told)]
    for share in ("0 %", "50 %"):
        incidents, _ = answer(types(share), demand=drill(*injects))
        assert incidents.reported_type.tolist() == told
    with pytest.raises(sim.ConfigError, match="fire or rubbish, by incident"):
        answer(types(), demand=drill({"at": "0 s", "reported_as": "haze"}))


def test_a_task_that_escapes_unseen_raises_it_at_the_size_up() -> None:
    """It escapes after 100 s, and is found at 160 s to be of the level that this makes it."""
    incident = types()
    incident["fire"]["levels"] = {
        "I": level(1, engine=3) | {"probability": "0 %"},
        "III": level(1, engine=1) | {"becomes": {"escapes": "I"}},
    }
    task = {"law": "linear", "growth": 1, "escape": "100 s", "burn_out": "2 h", "rates": {"engine": 0.1}}
    incident["fire"]["work"] = {"task": task, "times": {"truck": "300 s"}}
    incidents, found = answer(incident)
    assert (incidents.found_level.tolist(), incidents.found_s.tolist()) == (["I"], [160])
    assert found.assigned_s.tolist() == [160, 160, 160, 0]


def test_calls_are_handled_and_decided_on_as_what_they_are_taken_for() -> None:
    """Rubbish goes to a centre of its own, takes 30 s there, and at its level nobody has to decide."""
    incident = types()
    incident["rubbish"]["handling"], incident["fire"]["handling"] = "30 s", "90 s"
    lines = {name: {"types": [name], "call_takers": {"all": {"count": 1}}} for name in ("rubbish", "fire")}
    centre = {"separate": lines, "command": {"III": "10 min"}, "pick_up": "0 s"}
    injects = [{"at": "0 h", "reported_as": "rubbish"}, {"at": "3 h", "reported_as": "fire"}]
    scenario = county(incident, centre=centre, demand=drill(*injects))
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    found = tables.frames()[0]
    assert (found.classified_s - found.reported_s).tolist() == [30, 90]
    assert (found.decided_s - found.classified_s).tolist() == [0, 600]
    assert frame(tables.calls).centre.tolist() == ["rubbish", "fire"]


def test_targets_count_them_as_what_they_are_and_say_why_they_were_late() -> None:
    """The first engine is there after 260 s: of that, being mistaken took 160 s."""
    aim = {"measure": "response", "clock": {"start": "reported", "stop": "arrived"}, "share": "90 %"}
    aim |= {"types": ["fire"], "units": ["engine"], "confidence_level": "95 %"}
    limits = {"at_once": "80 s", "soon": "200 s", "late": "300 s"}
    scenario = county(types(), targets={name: aim | {"limit": limit} for name, limit in limits.items()})
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    tallies = tally_all(tables, scenario)
    why = {name: [CAUSES[i] for i in np.flatnonzero(each.causes)] for name, each in tallies.items()}
    assert why == {"at_once": ["too far"], "soon": ["mistaken"], "late": []}
    assert {name: (each.n, each.hits) for name, each in tallies.items()} == {
        "at_once": (1, 0), "soon": (1, 0), "late": (1, 1),
    }  # fmt: skip
    counts = count_orders(tables.incidents, tables.responses, tables.moves)
    assert in_words(counts)[-1] == "incidents reported as another type: 1, 1 of them found out"


AIM = {
    "measure": "response", "clock": {"start": "reported", "stop": "arrived"}, "share": "90 %",
    "types": ["fire"], "units": ["engine"], "confidence_level": "95 %",
}  # fmt: skip


def missed(incident: dict[str, Any], limit: str = "200 s", **changes: Any) -> tuple[int, list[str]]:
    """How many fires a target on engines counts, and why those were missed that were."""
    scenario = county(incident, targets={"aim": AIM | {"limit": limit}}, **changes)
    found = tally_all(sim.tabulate(sim.simulate(scenario), scenario), scenario)["aim"]
    return found.n, [CAUSES[i] for i in np.flatnonzero(found.causes)]


def test_a_fire_that_nobody_finds_out_is_a_miss() -> None:
    """No truck comes: none is there, the queue is full, or the run ends too soon."""
    away = types()
    away["busy"] = call(levels={"IV": level(1, truck=1)}) | {"work": {"times": {"truck": "24 h"}}}
    injects = [{"at": "0 s", "type": "busy"}, {"at": "10 s"}]
    one = {"s": {"engine": 2, "truck": 1}}
    assert missed(away, fleet__units=one, demand=drill(*injects)) == (1, ["mistaken"])
    full = {"centre": {"queue_limit": 0}, "fleet__units": one, "demand": drill(*injects)}
    assert missed(away, **full) == (1, ["mistaken"])
    assert missed(types(), limit="100 s", horizon="150 s") == (1, ["mistaken"])
    assert missed(types("0 %"), limit="300 s") == (1, [])


def test_why_it_was_late_does_not_depend_on_what_it_becomes_after_that() -> None:
    """The only engine is sent at 160 s, and at 1,360 s the other has not come, which raises the fire."""
    grave = level(1, engine=2) | {"becomes": {"late": {"after": "20 min", "level": "II"}}}
    levels = {"III": grave, "II": level(1, engine=4) | {"probability": "0 %"}}
    incident = types(levels=levels, work={"times": {"engine": "5000 s"}})
    assert missed(incident, fleet__units={"s": {"engine": 1, "truck": 1}}) == (1, ["mistaken"])


def test_an_escape_before_the_size_up_counts_whatever_was_reported() -> None:
    """Reported at level IV, which does not know escapes, and found to be III, which does."""
    incident = types()
    incident["fire"]["levels"] = {
        "II": level(1, engine=3) | {"probability": "0 %"},
        "III": level(1, engine=2) | {"probability": "0 %", "becomes": {"escapes": "II"}},
        "IV": level(1, engine=1) | {"becomes": {"found": {"III": "100 %"}}},
    }
    task = {"law": "linear", "growth": 1, "escape": "100 s", "burn_out": "2 h", "rates": {"engine": 0.1}}
    incident["fire"]["work"] = {"task": task, "times": {"truck": "300 s"}}
    for told in ("fire", "rubbish"):
        incidents, _ = answer(incident, demand=drill({"at": "0 s", "reported_as": told}))
        assert (incidents.found_level.tolist(), incidents.found_s.tolist()) == (["II"], [160])


def test_a_kind_that_only_the_other_type_sends_has_a_time_there_or_here() -> None:
    incident = types()
    incident["rubbish"]["work"] = {"task": {"law": "amount", "amount": "600 s", "rates": {"truck": 1}}}
    with pytest.raises(sim.ConfigError, match=r"fire.work.times.truck\n.*\n.*which rubbish \(IV\) sends"):
        county(incident)
    incident["fire"]["levels"]["I"] = level(1, engine=2) | {
        "probability": "0 %",
        "work": {"times": {"truck": "9 s"}},
    }
    with pytest.raises(sim.ConfigError, match=r"fire\.work\.times\.truck"):
        county(incident)


def test_a_type_that_is_not_there_is_noted() -> None:
    mapping = world(incident=types(), fleet__kinds={"engine": AT_ONCE, "truck": AT_ONCE, "unit": AT_ONCE})
    mapping["fleet"]["units"] = {"s": {"engine": 1, "truck": 1}}
    mapping["incident"]["fire"]["reported_as"] = {"rubbish": "1 %", "haze": "1 %"}
    scenario = sim.build(mapping, other_types=["haze"]).scenario
    assert "no fire is reported as haze, not simulated here" in notes(scenario)


def test_who_is_relieved_goes_itself_by_what_is_known_by_then() -> None:
    """On its way to rubbish, 3.5 km off at 300 s, and at 5 m/s; the one that comes free then would take 600 s
    from 6 km at 10 m/s, and relieves it, which then takes 350 s itself, and relieves the other."""
    incident = types()
    incident["rubbish"]["levels"]["IV"] |= {"needs": {"truck": 2}, "urgency": "routine"}
    incident["fire"]["levels"]["III"]["needs"] = {"truck": 2}
    incident["fire"]["work"]["times"]["truck"] = "1000 s"
    incident["busy"] = call(levels={"IV": level(1, truck=1)}) | {"work": {"times": {"truck": "300 s"}}}
    _, found = answer(
        incident,
        place__sites=stations({"s": (1000, 0), "t": (5000, 0), "u": (6000, 0)}),
        fleet__kinds={"truck": AT_ONCE | {"mode": {"urgent": "unit", "routine": "slow"}}, "engine": AT_ONCE},
        fleet__units={"s": {"truck": 1}, "t": {"truck": 1}, "u": {"truck": 1, "engine": 1}},
        fleet__forces={"city": {"bases": ["s"]}},
        travel__speeds=SPEED | {"slow": {"built_up": {"day": "5 m/s", "night": "5 m/s"}}},
        dispatch={"use": "sim.dispatch.closest.Closest", "relieve_by": "1 s"},
        demand=drill({"at": "0 s", "type": "busy", "x": "6 km"}, {"at": "0 s"}),
    )
    told = found[found.assigned_s == 300]
    told = told.sort_values("unit").assign(relieved=told.cause.isin(["relieved"]))
    assert told[["unit", "expected_s", "relieved"]].values.tolist() == [
        ["t/truck-1", 350, False],
        ["u/truck-1", 600, True],
    ]


def test_what_is_foreseen_goes_by_what_was_reported() -> None:
    """Fires are handled and decided on as the rubbish that they are taken for."""
    quick = types()
    quick["fire"]["handling"], quick["rubbish"]["handling"] = "600 s", "10 s"
    assert missed(quick) == (1, ["mistaken"])
    slow = types()
    slow["fire"]["handling"], slow["rubbish"]["handling"] = "10 s", "600 s"
    slow["rubbish"] |= {"levels": {"IV": level(3, engine=1)}, "work": {"times": {"engine": "300 s"}}}
    assert missed(slow, limit="300 s") == (1, ["too far"])
    late = types()
    late["rubbish"] |= {"levels": {"IV": level(3, engine=1)}, "work": {"times": {"engine": "300 s"}}}
    assert missed(late, limit="300 s", centre__command={"IV": "600 s"}) == (1, ["too far"])


def test_a_clock_that_only_starts_with_a_unit_is_none_where_none_was_sent() -> None:
    away = types()
    away["busy"] = call(levels={"IV": level(1, truck=1)}) | {"work": {"times": {"truck": "24 h"}}}
    one = {"s": {"engine": 2, "truck": 1}}
    aim = AIM | {"limit": "5 s", "clock": {"start": "enroute", "stop": "arrived"}}
    injects = [{"at": "0 s", "type": "busy"}, {"at": "10 s"}]
    scenario = county(away, fleet__units=one, demand=drill(*injects), targets={"aim": aim})
    tally_all(sim.tabulate(sim.simulate(scenario), scenario), scenario)  # no warning, which would be an error
