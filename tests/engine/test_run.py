"""Determinism, common random numbers, plug-ins, and the log that must not change unnoticed."""

import csv
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from simpy import Environment
from worlds import stations, world

import sim
from sim.engine.clock import Clock
from sim.engine.run import draw
from sim.model.log import MISSION_FIELDS

SLOT_COLUMNS = (
    "kind",
    "turnout_s",
    "noise_out",
    "access_s",
    "scene_s",
    "transport",
    "noise_hospital",
    "handover_s",
    "noise_home",
)
GOLDEN = Path(__file__).parents[1] / "golden" / "zhoucun_first_missions.csv"


@pytest.fixture(scope="module")
def zhoucun() -> sim.Scenario:
    return sim.prepare("horizon=20 d").scenario


def test_the_same_seed_and_replication_give_the_same_log(zhoucun: sim.Scenario) -> None:
    first, again, other = (sim.simulate(zhoucun, seed=4, replication=i) for i in (2, 2, 3))
    assert first.missions.tobytes() == again.missions.tobytes()
    assert first.missions.tobytes() != other.missions.tobytes()


@pytest.mark.parametrize(
    "overrides",
    [
        ["+place.sites.new={kind: fire_station, lat: 36.82, lon: 117.853}", "+fleet.units.new={engine: 2}"],
        ["fleet.units.central.engine=1"],
        ["centre.call_takers=1"],
        ["travel.detour=1.5"],
    ],
    ids=["a station more", "fewer engines", "fewer call-takers", "slower roads"],
)
def test_common_random_numbers(zhoucun: sim.Scenario, overrides: list[str]) -> None:
    """Another fleet meets the same days: every mark of every incident is unchanged."""
    other = sim.prepare("horizon=20 d", *overrides).scenario
    ours, theirs = draw(zhoucun, 1, 0), draw(other, 1, 0)
    for field in fields(ours):
        before, after = getattr(ours, field.name), getattr(theirs, field.name)
        assert before == after if field.name == "cards" else np.array_equal(before, after), field.name


def test_a_longer_response_card_keeps_the_marks_of_all_units_it_had() -> None:
    ours, theirs = (
        draw(sim.prepare("horizon=300 d", f"incident.structure_fire.levels.IV.needs.fire={n}").scenario, 1, 0)
        for n in (2, 4)
    )
    assert np.array_equal(ours.occurred_s, theirs.occurred_s)
    longer = (ours.type == 0) & (ours.level == 4)
    more = np.diff(theirs.first_slot) - np.diff(ours.first_slot)
    assert (more[longer] >= 2).all()
    assert (more[~longer] == 0).all()
    for row in range(len(ours)):
        before, after = (slice(x.first_slot[row], x.first_slot[row + 1]) for x in (ours, theirs))
        for kind in set(ours.kind[before].tolist()):
            mine = np.flatnonzero(ours.kind[before] == kind) + before.start
            same = (np.flatnonzero(theirs.kind[after] == kind) + after.start)[: len(mine)]
            for field in SLOT_COLUMNS:
                assert np.array_equal(getattr(ours, field)[mine], getattr(theirs, field)[same]), (field, row)


def test_the_size_of_the_card_does_not_bring_the_first_unit_sooner() -> None:
    """Five engines at one station that all hear one alarm and drive one way."""
    firsts = []
    for n in (1, 5):
        mapping = world(
            horizon="2000 h", fleet__units={"s": {"unit": 5}}, incident__call__rate="0.1 per hour"
        )
        mapping["incident"]["call"]["levels"]["IV"]["needs"]["unit"] = n
        mapping["incident"]["call"]["work"] = {"times": {"unit": "1 min"}}
        mapping["fleet"]["kinds"]["unit"] |= {
            "turnout": {"dist": "lognormal", "median": "74 s", "sigma": 0.42},
            "trip_sigma": 0.34,
        }
        scenario = sim.build(mapping).scenario
        incidents, _ = sim.tabulate(sim.simulate(scenario), scenario).frames()
        firsts.append((incidents.arrived_s - incidents.notified_s).to_numpy())
    assert np.array_equal(*firsts)


def test_the_first_missions_are_as_they_were(zhoucun: sim.Scenario) -> None:
    """Golden: guards against unnoticed change, and stands for no truth. To renew it, delete the file."""
    log = sim.simulate(zhoucun, seed=1)
    rows = [[f"{value:.3f}" for value in row] for row in log.missions[:60]]
    if not GOLDEN.exists():
        with GOLDEN.open("w", newline="") as file:
            csv.writer(file).writerows([MISSION_FIELDS, *rows])
        pytest.fail("wrote a new golden file; look at it and run again")
    with GOLDEN.open(newline="") as file:
        header, *kept = csv.reader(file)
    assert header == list(MISSION_FIELDS)
    assert rows == kept


def test_a_policy_of_ones_own_with_an_option() -> None:
    sites = {"near": (0.0, 0.0), "far": (1500.0, 0.0)}
    mapping = world(
        place__sites=stations(sites),
        fleet__units={name: {"unit": 1} for name in sites},
        dispatch={"use": "plugins.Farthest", "within": "1 min"},
    )
    scenario = sim.build(mapping).scenario
    _, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    assert responses.base.iloc[0] == "far"
    within = replace(scenario, policy=replace(scenario.policy, within=0.01))  # type: ignore[type-var]
    _, responses = sim.tabulate(sim.simulate(within), within).frames()
    assert set(responses.base) == {"near"}


def test_a_unit_on_its_way_home_is_sent_from_where_it_is() -> None:
    """Two incidents by hand: the second comes while the unit drives home from the first."""
    mapping = world(
        horizon="2 h",
        place__zones={"z": {"x": "10 km", "y": "0 m", "people": 1}},
        place__sites=stations({"s": (0, 0)}),
        fleet__available="clearing",
        travel={
            "use": "sim.travel.planar.Planar",
            "speeds": {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        },
        place__zones__z__side="20 km",
        demand={"fixed": {"use": "plugins.ByHand", "at": [0.0, 1900.0]}},
    )
    scenario = sim.build(mapping).scenario
    _, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    first, second = responses.itertuples()
    assert (first.arrived_s, first.cleared_s) == (1000.0, 1600.0)
    assert np.isnan(first.in_quarters_s)
    assert not second.from_base
    assert second.expected_s == pytest.approx(300.0)
    assert (second.arrived_s, second.in_quarters_s) == pytest.approx((2200.0, 3800.0))


def test_stories_hit_their_moments_to_the_last_bit_and_mix_with_simpy_processes() -> None:
    clock, heard = Clock(), []
    moments = [0.1 * i for i in range(1, 50)]

    def story():
        for moment in moments:
            yield moment
            heard.append(clock.now)

    def process(env: Environment):
        yield env.timeout(0.25)
        heard.append(-1)

    clock.tell(story())
    clock.process(process(clock))
    clock.run(until=3.0)
    assert heard[:4] == [0.1, 0.2, -1, 0.1 * 3]
    assert [moment for moment in heard if moment > 0] == [m for m in moments if m < 3.0]
