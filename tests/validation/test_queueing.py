"""Answers of queueing theory, reproduced by the product: its config, its engine, its measures.

Sources: Erlang's B and C formulas; Cobham, "Priority assignment in waiting line problems", Operations
Research 2 (1954); Kaufman, "Blocking in a shared resource environment", IEEE Transactions on Communications
29 (1981). The three-server city is in test_three_servers.py.
"""

from math import exp
from typing import Any

import pytest
from replicated import HOUR, agree, replicate, settled
from worlds import call, stations, world

ERLANG = [  # servers, offered load, B, C, mean wait in services
    (3, 1.5, 0.134328, 0.236842, 0.157895),
    (5, 3.0, 0.110054, 0.236152, 0.118076),
    (10, 8.0, 0.121661, 0.409180, 0.204590),
    (20, 15.0, 0.045593, 0.160429, 0.160429 / 5),
]


def servers_of(number: int, load: float, hours: float, **changes: Any) -> dict[str, Any]:
    """Half of the units at a station that nobody prefers; none is nearer than another to speak of."""
    far = number // 2
    usual = {
        "place__sites": stations({"s": (0, 0), "t": (10, 0)}),
        "fleet__units": {"s": {"unit": far}, "t": {"unit": number - far}},
        "dispatch": {
            "use": "sim.dispatch.preference.Preference",
            "zones": {"z": ["t", "s"]},
            "others": "none",
        },
        "incident": {"call": call(f"{load} per hour")},
    }
    return world(horizon=f"{hours} h", **usual | changes)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "blocked"), [(c, a, b) for c, a, b, _, _ in ERLANG])
def test_case_3_erlang_b(servers: int, load: float, blocked: float) -> None:
    runs = replicate(servers_of(servers, load, 12_000 / load, centre__queue_limit=0), 12)
    agree([settled(incidents).units_turned_away.mean() for incidents, _ in runs], blocked)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "delayed", "wait_h"), [(c, a, d, w) for c, a, _, d, w in ERLANG])
def test_case_3_erlang_c_and_the_tail_of_the_wait(
    servers: int, load: float, delayed: float, wait_h: float
) -> None:
    runs = replicate(servers_of(servers, load, 24_000 / load), 16)
    waits = [((i := settled(incidents)).assigned_s - i.reported_s) / HOUR for incidents, _ in runs]
    agree([(wait > 0).mean() for wait in waits], delayed)
    agree([wait.mean() for wait in waits], wait_h)
    t = 0.5 / (servers - load)
    agree([(wait > t).mean() for wait in waits], delayed * exp(-0.5))


@pytest.mark.slow
def test_call_takers_are_an_erlang_c_queue_too() -> None:
    """Three call-takers, 1.5 calls an hour, an exponential hour of handling each."""
    runs = replicate(
        world(
            horizon="8000 h",
            centre={"call_takers": 3},
            fleet__units={"s": {"unit": 50}},
            incident={"call": call("1.5 per hour", "1 s", handling={"dist": "exponential", "mean": "1 h"})},
        ),
        16,
    )
    waits = [((i := settled(incidents)).answered_s - i.reported_s) / HOUR for incidents, _ in runs]
    agree([(wait > 0).mean() for wait in waits], 0.236842)
    agree([wait.mean() for wait in waits], 0.157895)


def test_the_urgent_wait_less_as_cobham_says() -> None:
    """Three units, 0.75 calls of either priority an hour: C / (3 (1 - s1) (1 - s1 - s2)), s = 1/4 each."""
    other = call("0.75 per hour")
    other["levels"]["IV"]["priority"] = 2
    types = {"first": call("0.75 per hour"), "second": other}
    runs = replicate(servers_of(3, 1.5, 4000, incident=types), 16)
    for name, wait_h in (("first", 0.236842 / 3 / 0.75), ("second", 0.236842 / 3 / 0.75 / 0.5)):
        theirs = [settled(incidents[incidents.type == name]) for incidents, _ in runs]
        agree([(each.assigned_s - each.reported_s).mean() / HOUR for each in theirs], wait_h)


def kaufman(servers: int, loads: dict[int, float]) -> dict[int, float]:
    """The share of calls turned away that need so many servers at once, by Kaufman's recursion."""
    q = [1.0]
    for j in range(1, servers + 1):
        q.append(sum(load * b * q[j - b] for b, load in loads.items() if b <= j) / j)
    return {b: sum(q[servers - b + 1 :]) / sum(q) for b in loads}


@pytest.mark.parametrize("served", ["1 h", {"dist": "exponential", "mean": "1 h"}])
def test_cards_that_go_whole_or_not_at_all_are_turned_away_as_kaufman_says(
    served: Any,
) -> None:
    """Five units; calls that need one, 1.5 an hour, and two together, 0.8. With single ones it is B(5, 3)."""
    assert kaufman(5, {1: 3.0})[1] == pytest.approx(0.110054, abs=1e-6)
    double = call("0.8 per hour", "1 h")
    double["levels"]["IV"]["needs"] = {"unit": 2}
    whole = {"use": "sim.dispatch.preference.Preference", "zones": {"z": ["t", "s"]}, "whole": True}
    types = {"single": call("1.5 per hour", served), "double": double}
    mapping = servers_of(5, 0, 3000, incident=types, dispatch=whole, centre__queue_limit=0)
    runs = [settled(incidents) for incidents, _ in replicate(mapping, 12)]
    for (units, blocked), name in zip(
        kaufman(5, {1: 1.5, 2: 0.8}).items(), ("single", "double"), strict=True
    ):
        found = [run[run.type == name] for run in runs]
        agree([(each.units_turned_away == units).mean() for each in found], blocked)
        assert all(set(each.units_turned_away) <= {0, units} for each in found)
