"""What holds in every log, whatever the numbers."""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import world

import sim
from sim.model.targets import UNIT_CLOCKS

kinds = st.sampled_from(["unit", "other"])
counts = st.integers(0, 2)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A random small county: two kinds of unit, three stations, two hospitals, two types of incident."""
    lognormal = {"dist": "lognormal", "median": "10 min", "sigma": 0.8}
    fleet = {site: {"unit": draw(counts), "other": draw(counts)} for site in ("s0", "s1", "s2", "h0")}
    fleet["s0"] = {"unit": 1 + fleet["s0"]["unit"], "other": 1 + fleet["s0"]["other"]}

    def kind(transports: bool) -> dict[str, Any]:
        return {
            "mode": "unit",
            "turnout": lognormal | {"median": "1 min"},
            "access": "30 s",
            "trip_sigma": draw(st.sampled_from([0.0, 0.3])),
            "transports": transports,
            "handover": "10 min",
        }

    def incident(priority: int) -> dict[str, Any]:
        card = {"unit": draw(counts), "other": draw(counts)}
        return {
            "rate": f"{draw(st.sampled_from([0.5, 2, 6]))} per hour",
            "detection": {"dist": "exponential", "mean": "2 min"},
            "reporting": "0 s",
            "handling": draw(st.sampled_from(["0 s", "2 min"])),
            "work": {"times": {"unit": lognormal, "other": lognormal}},
            "transport": "50 %",
            "levels": {
                "IV": {"probability": "80 %", "priority": priority, "needs": {"unit": 1} | card},
                "I": {"probability": "20 %", "priority": 1, "needs": {"unit": 3, "other": 2}},
            },
        }

    def site(i: int) -> dict[str, Any]:
        return {"x": f"{2 * i} km", "y": f"{draw(st.integers(0, 2))} km"}

    return world(
        horizon="30 h",
        place={
            "name": "county",
            "zones": {f"z{i}": site(i) | {"people": 1 + i, "side": "2 km"} for i in range(4)},
            "sites": {
                **{f"s{i}": {"kind": "fire_station"} | site(i) for i in range(3)},
                "h0": {"kind": "hospital", "accepts": ["II", "III", "IV"]} | site(1),
                "h1": {"kind": "hospital"} | site(2),
            },
        },
        fleet={
            "kinds": {"unit": kind(False), "other": kind(True)},
            "units": fleet,
            "available": draw(st.sampled_from(["clearing", "in_quarters"])),
        },
        incident={"ordinary": incident(draw(st.integers(1, 3))), "other": incident(2)},
        centre={
            "call_takers": draw(st.sampled_from([None, 1])),
            "alerting": "15 s",
            "queue_limit": draw(st.sampled_from([None, 0, 2])),
        },
        travel={
            "use": "sim.travel.planar.Planar",
            "speeds": {"unit": {"built_up": {"day": "40 km/h", "night": "50 km/h"}}},
            "acceleration": "0.4 m/s2",
        },
    )


def run(mapping: dict[str, Any]) -> tuple[sim.Scenario, pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping).scenario
    return scenario, *sim.tabulate(sim.simulate(scenario, seed=3), scenario).frames()


every_world = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@every_world
@given(worlds())
def test_timestamps_never_run_backwards_nor_past_the_horizon(mapping: dict[str, Any]) -> None:
    scenario, incidents, responses = run(mapping)
    calls = incidents[["occurred_s", "detected_s", "reported_s", "answered_s", "classified_s"]]
    missions = responses[[f"{clock}_s" for clock in UNIT_CLOCKS]]
    for table in (calls, missions):
        known = table.ffill(axis=1).to_numpy()
        assert (np.diff(known, axis=1) >= 0).all()
        assert not (table.to_numpy() > scenario.horizon_s).any()


@every_world
@given(worlds())
def test_a_unit_does_one_thing_at_a_time(mapping: dict[str, Any]) -> None:
    _, _, responses = run(mapping)
    free = "cleared_s" if mapping["fleet"]["available"] == "clearing" else "in_quarters_s"
    for _, missions in responses.sort_values("assigned_s").groupby("unit", observed=True):
        freed, assigned = missions[free].to_numpy()[:-1], missions["assigned_s"].to_numpy()[1:]
        assert (freed <= assigned).all()
        redirected = missions["in_quarters_s"].isna().to_numpy()[:-1]
        assert (redirected == ~missions["from_base"].to_numpy()[1:]).all()


@every_world
@given(worlds())
def test_no_unit_that_an_incident_needs_is_lost(mapping: dict[str, Any]) -> None:
    scenario, incidents, responses = run(mapping)
    assert not responses.duplicated(["incident", "slot"]).any()
    waiting = incidents.units_needed - incidents.units_sent - incidents.units_turned_away
    assert (waiting >= 0).all()
    if mapping["centre"]["queue_limit"] is None:
        assert (incidents.units_turned_away == 0).all()
    else:
        unheard = incidents.classified_s.isna()
        assert waiting[~unheard].sum() <= mapping["centre"]["queue_limit"] * len(scenario.fleet.kinds)
    done = incidents.cleared_s.notna()
    assert (waiting[done] == 0).all()


@every_world
@given(worlds())
def test_nobody_waits_while_a_unit_is_free_and_the_most_urgent_goes_first(mapping: dict[str, Any]) -> None:
    """A request that waited was served the moment its unit came free, before all less urgent ones."""
    _, incidents, responses = run(mapping)
    free = "cleared_s" if mapping["fleet"]["available"] == "clearing" else "in_quarters_s"
    responses = responses.merge(incidents[["incident", "priority", "classified_s"]], on="incident")
    freed = defaultdict(set)
    for unit, moment in zip(responses.unit, responses[free], strict=True):
        freed[unit].add(moment)
    waited = responses[responses.assigned_s > responses.classified_s]
    for unit, moment in zip(waited.unit, waited.assigned_s, strict=True):
        assert moment in freed[unit]
    for _, queue in responses.groupby("kind", observed=True):
        classified, assigned = queue.classified_s.to_numpy(), queue.assigned_s.to_numpy()
        priority, incident = queue.priority.to_numpy(), queue.incident.to_numpy()
        for i in np.flatnonzero(assigned > classified):
            over = (classified < assigned[i]) & (assigned > assigned[i])
            later = (priority[over] == priority[i]) & (incident[over] >= incident[i])
            assert ((priority[over] > priority[i]) | later).all()


@every_world
@given(worlds())
def test_the_closest_free_unit_goes(mapping: dict[str, Any]) -> None:
    """Against a plain recount of who was at base, for every mission that did not wait."""
    scenario, incidents, responses = run(mapping)
    free = "cleared_s" if mapping["fleet"]["available"] == "clearing" else "in_quarters_s"
    sites = scenario.place.sites
    units = [
        (unit.name, scenario.fleet.kinds[unit.kind].name, sites[unit.base]) for unit in scenario.fleet.units
    ]
    names, start, end = (responses[column].to_numpy() for column in ("unit", "assigned_s", free))
    sent = set(zip(names, start, strict=True))
    at_once = responses.merge(incidents[["incident", "classified_s", "x_m", "y_m"]], on="incident")
    for row in at_once[at_once.assigned_s == at_once.classified_s].itertuples():
        back = (end < row.assigned_s) & (free == "in_quarters_s")
        engaged = set(names[(start < row.assigned_s) & ~back])
        for unit, kind, site in units:
            if kind == row.kind and unit not in engaged and (unit, row.assigned_s) not in sent:
                drive = scenario.travel.between(
                    (site.x_m, site.y_m), (row.x_m, row.y_m), at_s=row.assigned_s, mode="unit"
                )
                assert row.expected_s <= drive
        assert row.nearest_s <= row.expected_s or not row.from_base


@every_world
@given(worlds())
def test_patients_go_to_a_suitable_hospital_and_only_with_those_who_transport(
    mapping: dict[str, Any],
) -> None:
    _, incidents, responses = run(mapping)
    moved = responses[responses.hospital.notna()]
    assert (moved.kind == "other").all()
    levels = incidents.level.iloc[moved.incident]
    assert not ((moved.hospital == "h0").to_numpy() & (levels == "I").to_numpy()).any()
    assert (responses.transferred_s.notna() <= responses.hospital.notna()).all()


def test_more_units_never_raise_the_mean_wait_without_travel() -> None:
    waits = []
    for units in (2, 3, 4):
        _, incidents, _ = run(
            world(
                horizon="2000 h",
                fleet__units={"s": {"unit": units}},
                incident__call__rate="1.6 per hour",
            )
        )
        waits.append((incidents.assigned_s - incidents.reported_s).mean())
    assert waits == sorted(waits, reverse=True)


def test_a_policy_that_orders_a_busy_unit_stops_the_run_and_says_so() -> None:
    mapping = world(dispatch={"use": "plugins.Stubborn"})
    with pytest.raises(sim.PolicyError, match=r"incident \d+ at [\d.]+ s: unit s/unit-1 was .* not free"):
        sim.simulate(sim.build(mapping).scenario, seed=1)
