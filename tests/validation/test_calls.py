"""Queueing theory at the command centre: Erlang C at each number, and Erlang A for callers who hang up.

Sources: Erlang's C formula; Palm (1957) for the queue whose customers leave (Erlang A), here by the balance
of births and deaths. Tolerances are four standard errors over replications. Where callers are as patient as
calls are long, the number in the system is Poisson.
"""

from math import exp, factorial
from typing import Any

import numpy as np
import pytest
from worlds import call, world

import sim
from sim.measure.tables import frame

HOUR = 3600.0
AN_HOUR = {"dist": "exponential", "mean": "1 h"}


def replicate(mapping: dict[str, Any], replications: int) -> list[tuple[Any, Any]]:
    scenario = sim.build(mapping).scenario
    logs = (sim.simulate(scenario, seed=11, replication=i) for i in range(replications))
    tables = (sim.tabulate(log, scenario) for log in logs)
    return [(each.frames()[0], frame(each.calls)) for each in tables]


def agree(values: list[float], truth: float) -> None:
    mean, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(mean - truth) <= 4 * error, f"{mean:.5f} +- {error:.5f} against {truth}"
    assert error < 0.05 * truth, f"too few runs to tell: {error:.5f} of {truth}"


@pytest.mark.slow
def test_each_of_separate_centres_is_an_erlang_c_queue() -> None:
    """Three call-takers with 1.5 calls an hour, and five with 3; see VALIDATION, case 3."""
    types = {
        name: call(f"{rate} per hour", "1 s", handling=AN_HOUR)
        for name, rate in (("fire", 1.5), ("other", 3))
    }
    centres = {"police": {"call_takers": 5}, "fire": {"call_takers": 3, "types": ["fire"]}}
    runs = replicate(
        world(
            horizon="8000 h",
            fleet__units={"s": {"unit": 50}},
            incident=types,
            centre={"separate": centres},
        ),
        12,
    )
    for name, delayed, wait_h in (("fire", 0.236842, 0.157895), ("other", 0.236152, 0.118076)):
        mine = [x[(x.type == name) & (x.reported_s > 200 * HOUR)] for x, _ in runs]
        waits = [(each.answered_s - each.reported_s) / HOUR for each in mine]
        agree([(wait > 0).mean() for wait in waits], delayed)
        agree([wait.mean() for wait in waits], wait_h)


def erlang_a(servers: int, load: float, patience: float) -> tuple[float, float]:
    """The chances that a caller must wait, and hangs up: patience in calls' mean lengths."""
    weights = [1.0]
    for n in range(1, 200):
        weights.append(weights[-1] * load / (min(n, servers) + max(n - servers, 0) / patience))
    chances = np.array(weights) / sum(weights)
    queue = np.maximum(np.arange(200) - servers, 0) @ chances
    return float(chances[servers:].sum()), float(queue / patience / load)


def test_callers_as_patient_as_calls_are_long_are_poisson_in_number() -> None:
    poisson = [exp(-2.5) * 2.5**n / factorial(n) for n in range(60)]
    wait, leave = erlang_a(3, 2.5, 1.0)
    assert wait == pytest.approx(sum(poisson[3:]))
    assert leave == pytest.approx(sum((n - 3) * p for n, p in enumerate(poisson) if n > 3) / 2.5)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "patience"), [(3, 2.5, 1.0), (3, 2.5, 0.25), (2, 3.0, 0.5)])
def test_callers_who_hang_up_are_an_erlang_a_queue(servers: int, load: float, patience: float) -> None:
    """Nuisance calls alone, which do not dial again; the third case has more calls than takers can answer."""
    runs = replicate(
        world(
            horizon="6000 h",
            incident={"call": call("0 per hour")},
            centre={
                "call_takers": {"all": {"count": servers}},
                "nuisance": {"rate": f"{load} per hour", "handling": AN_HOUR},
                "hang_up": {
                    "patience": {"dist": "exponential", "mean": f"{patience} h"},
                    "redial": "1 min",
                },
            },
        ),
        12,
    )
    told = [calls[(calls.came_s > 100 * HOUR) & (calls.fate != "waiting")] for _, calls in runs]
    wait, leave = erlang_a(servers, load, patience)
    agree([(each.fate == "hung up").mean() for each in told], leave)
    begun = [each.answered_s.fillna(each.ended_s) for each in told]
    agree([(at > each.came_s).mean() for at, each in zip(begun, told, strict=True)], wait)
