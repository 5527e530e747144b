"""Whatever the shifts, rests, servicing, breakdowns and closures: who is out of service is not sent."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.measure.tables import Tables, frame

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
HOURS = {
    "day": {"start": "8 h", "end": "20 h", "crew": 5},
    "night": {"start": "20 h", "end": "8 h", "days": ["weekdays"], "crew": 3},
    "extra": {"start": "18 h", "end": "23 h", "days": ["weekends"], "crew": 4},
}
REST_S, SERVICE_S = 2 * 3600.0, 3 * 3600.0
CLOSURE = {"at": "30 h", "until": "34 h", "within": "4 km", "x": "10 km", "y": "0 m"}


def busy_world(seed: int, **duty: Any) -> dict[str, Any]:
    kind = {
        "mode": "unit",
        "turnout": "60 s",
        "access": "0 s",
        "minimum_crew": 3,
        "crew": 4,
        "servicing": {"every": "31 h", "lasting": "3 h"},
        "breakdown": {"chance": "3 %", "repair": "2 h"},
        "duty": {"hours": HOURS, "max_work": "5 h", "rest": "2 h", "absence": "10 %"} | duty,
    }
    return world(
        seed=seed,
        horizon="600 h",
        place__zones={"z": {"x": "10 km", "y": "0 m", "side": "20 km", "people": 1}},
        place__sites=stations({"s": (0, 0), "t": (20_000, 0)}),
        fleet__kinds={"unit": kind},
        fleet__units={"s": {"unit": 2}, "t": {"unit": 2}},
        fleet__available="clearing" if seed % 2 else "in_quarters",
        incident__call=call("2 per hour"),
        travel__speeds=SPEED,
        closures={"flood": CLOSURE},
        move_up={"use": "sim.dispatch.compliance.Compliance", "kinds": ["unit"], "priority": ["t", "s"]},
    )


@pytest.mark.parametrize("duty", [{}, {"at_end": "hand_over", "hand_over": "20 min"}, {"on_call": "10 min"}])
@pytest.mark.parametrize("seed", range(4))
def test_who_is_out_of_service_is_not_sent_and_rests_as_long_as_is_said(
    seed: int, duty: dict[str, Any]
) -> None:
    scenario = sim.build(busy_world(seed, **duty)).scenario
    tables = sim.tabulate(sim.simulate(scenario, seed=seed), scenario)
    out, responses = frame(tables.out_of_service), frame(tables.responses)
    assert len(responses) > 500
    assert {"change of shift", "understaffed", "resting", "servicing", "broken down"} <= set(out.reason)
    out["until_s"] = out.until_s.fillna(np.inf)
    for unit, spells in out.groupby("unit", observed=True):
        sent_s = responses.assigned_s[responses.unit == unit].to_numpy()
        for spell in spells.itertuples():
            assert not ((sent_s > spell.from_s) & (sent_s < spell.until_s)).any(), spell
        for _, same in spells.groupby("reason", observed=True):
            ordered = same.sort_values("from_s")
            assert (ordered.from_s.to_numpy()[1:] >= ordered.until_s.to_numpy()[:-1]).all()
    assert_long_enough(out, responses, "servicing", SERVICE_S)
    shifts = frame(tables.shifts)
    assert (shifts.relieved_s.fillna(np.inf) >= shifts.ends_s).all()


def assert_long_enough(out: pd.DataFrame, responses: pd.DataFrame, reason: str, least_s: float) -> None:
    """A stay begins in quarters, after whatever the unit was at."""
    for spell in out[(out.reason == reason) & (out.until_s < np.inf)].itertuples():
        mine = responses[(responses.unit == spell.unit) & (responses.assigned_s < spell.until_s)]
        back_s = np.nanmax([spell.from_s, mine.in_quarters_s.max()])
        assert spell.until_s == pytest.approx(max(spell.from_s, back_s) + least_s) or moved(spell)


def moved(spell: Any) -> bool:
    """Whether a unit was on its way to another base, without a mission, when it was due."""
    return spell.until_s > spell.from_s + SERVICE_S


@pytest.mark.parametrize("seed", range(2))
def test_the_same_seed_tells_the_same(seed: int) -> None:
    def told() -> Tables:
        scenario = sim.build(busy_world(seed)).scenario
        return sim.tabulate(sim.simulate(scenario, seed=seed), scenario)

    one, other = told(), told()
    for name in ("responses", "shifts", "out_of_service"):
        pd.testing.assert_frame_equal(frame(getattr(one, name)), frame(getattr(other, name)))
