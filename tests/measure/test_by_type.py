"""How each type was answered: counted by hand, and beside pandas on a stored study."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from worlds import SPEED, by_hand, call, stations, world

import sim
from sim.measure.by_type import TypeSummary, by_type, tally_types
from sim.model.units import YEAR_S


def summaries(scenario: sim.Scenario, *tables: sim.Tables) -> dict[str, TypeSummary]:
    found = by_type(scenario, [tally_types(each, scenario) for each in tables])
    return {each.name: each for each in found}


def test_first_units_and_whole_cards_of_calls_made_by_hand() -> None:
    """The near unit comes after 200 s, the far one after 240 s, the third call waits 990 s for the near."""
    scenario, tables = by_hand([0.0, 5.0, 10.0])
    (found,) = summaries(scenario, tables).values()
    assert (found.n, found.reached, found.completed, found.unmet) == (3, 3, 3, 0)
    assert found.first_median_s == found.whole_median_s == pytest.approx(240)
    assert found.first_p90_s == pytest.approx(240 + 0.8 * (1190 - 240))
    assert found.per_year == pytest.approx(3 * YEAR_S / 7200)


def test_a_whole_card_takes_as_long_as_its_last_unit() -> None:
    mapping = world(
        horizon="400 h",
        place__sites=stations({"near": (1000, 0), "far": (0, -2000)}),
        fleet__units={"near": {"unit": 1}, "far": {"unit": 1}},
        travel__speeds=SPEED,
        incident={"call": call("0.1 per hour", "1 min"), "never": call("0 per hour")},
    )
    mapping["incident"]["call"]["levels"]["IV"]["needs"]["unit"] = 2
    scenario = sim.build(mapping).scenario
    found = summaries(scenario, sim.tabulate(sim.simulate(scenario), scenario))
    assert list(found) == ["call"]
    assert found["call"].first_median_s == pytest.approx(100)
    assert found["call"].whole_median_s == found["call"].whole_p90_s == pytest.approx(200)


@pytest.mark.parametrize(
    ("at", "changes", "unmet"),
    [
        ([0.0, 5.0, 10.0], {"centre__queue_limit": 0}, 1),
        ([7000.0, 7010.0, 7020.0], {}, 1),
        ([0.0, 1.0], {"centre": {"call_takers": 1, "pick_up": "90 min"}}, 1),
    ],
    ids=["turned away", "waiting at the horizon", "not yet understood at the horizon"],
)
def test_cards_that_are_not_met(at: list[float], changes: dict[str, object], unmet: int) -> None:
    scenario, tables = by_hand(at, **changes)
    (found,) = summaries(scenario, tables).values()
    assert (found.n, found.unmet) == (len(at), unmet)
    assert found.completed <= found.n - unmet


def test_nothing_reached_is_none_in_json_and_the_warm_up_is_left_out() -> None:
    scenario, tables = by_hand([0.0, 7100.0], warmup="1 h")
    (found,) = summaries(scenario, tables).values()
    assert (found.n, found.reached, found.unmet) == (1, 0, 0)
    assert found.per_year == pytest.approx(YEAR_S / 3600)
    assert found.summary()["first_median_s"] is None
    assert summaries(*by_hand([])) == {}


def test_replications_are_pooled_as_pandas_does_it(tmp_path: Path) -> None:
    results = sim.run(sim.prepare("horizon=20 d", "replications=3", "workers=1"), results=tmp_path)
    told = pd.DataFrame(results.by_type).set_index("name")
    x = results.incidents
    for name, clock in (("first", x.arrived_s), ("whole", x.assembled_s)):
        grouped = (clock - x.reported_s).groupby(x.type, observed=True)
        for column, q in ((f"{name}_median_s", 0.5), (f"{name}_p90_s", 0.9)):
            expected = grouped.quantile(q)
            assert np.allclose(told[column], expected[told.index], rtol=1e-6, equal_nan=True)
    assert told.n.to_dict() == x.type.value_counts()[told.index].to_dict()
    assert told.n.sum() == results.incidents_total
    again = sim.load(results.path)
    assert [each.summary() for each in again.by_type] == [each.summary() for each in results.by_type]
