"""What is shipped: every YAML runs, every number says where it comes from, the facts are the sources'."""

from pathlib import Path

import pytest
from reference import rows
from streets import write_streets
from worlds import ROOT

import sim
from sim.compose import choices, compose, points
from sim.config import CONFIDENCES, split
from sim.report.text import SETTINGS, is_number

CONFIGS = ROOT / "configs"
GROUPS = {group: options for group, options in choices().items() if group != "experiment"}


def overrides_for(group: str, option: str, folder: Path) -> list[str]:
    if (group, option) == ("travel", "roads"):
        return write_streets(folder, sim.prepare().scenario.place)
    return [f"incident=[{option}]"] if group == "incident" else [f"{group}={option}"]


OPTIONS = [(g, o) for g, options in GROUPS.items() for o in options if g not in ("fleet", "targets")]
"""Every file that ships; a place comes with its fleet and its targets."""


def test_every_place_has_its_fleet_and_its_targets() -> None:
    assert GROUPS["place"] == GROUPS["fleet"] == GROUPS["targets"]
    assert len(GROUPS["place"]) == 5


@pytest.mark.parametrize(("group", "option"), OPTIONS)
def test_every_option_composes_validates_and_runs(group: str, option: str, tmp_path: Path) -> None:
    scenario = sim.prepare("horizon=5 d", *overrides_for(group, option, tmp_path)).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    incidents, _ = tables.frames()
    rare = group == "incident" and scenario.types[0].rate_per_s * scenario.horizon_s < 10
    assert rare or incidents.reported_s.notna().any()  # see test_hazards for the rare ones


@pytest.mark.parametrize("name", choices("experiment")["experiment"])
def test_every_experiment_runs(name: str) -> None:
    sweep = points("horizon=5 d", f"experiment={name}")
    log = sim.simulate(sweep.prepare(sweep.points[0]).scenario)
    assert len(log.missions)


@pytest.mark.parametrize("place", GROUPS["place"])
def test_every_number_that_is_not_a_setting_says_how_sure_it_is(place: str) -> None:
    sourced = split(compose(f"place={place}").mapping)
    numbers = {path: value for path, value in sourced.leaves().items() if is_number(value)}
    unlabelled = [
        ".".join(path)
        for path in numbers
        if path[0] not in SETTINGS and sourced.of(path).confidence not in CONFIDENCES
    ]
    assert unlabelled == []
    unsourced = [
        ".".join(path)
        for path in numbers
        if sourced.of(path).confidence not in ("assumed", None) and not sourced.of(path).source
    ]
    assert unsourced == []
    assert len(numbers) > 150


def test_call_rates_are_those_published() -> None:
    """Zaozhuang 2022 for about 3.85 million people; rescues and assistance split as in China 2023."""
    facts = {
        (r["scope"], r["year"], r["metric"]): float(r["value"])
        for r in rows("fire_facts.csv")
        if r["metric"] != "note"
    }
    people = 3.85e6
    calls = facts["Zaozhuang", "2022", "calls_handled_by_fire_rescue"]
    fires = facts["Zaozhuang", "2022", "fires"]
    open_air = fires * facts["Zaozhuang", "2022", "fires_open_air_share_pct"] / 100
    rescue, help_ = (facts["China", "2023", f"{name}_calls"] for name in ("rescue", "social_assistance"))
    expected = {
        "structure_fire": fires - open_air,
        "vegetation_fire": open_air,
        "road_crash": (calls - fires) * rescue / (rescue + help_),
        "special_service": (calls - fires) * help_ / (rescue + help_),
    }
    year = 365 * 86400
    scenario = sim.prepare().scenario
    here = sum(zone.people for zone in scenario.place.zones)
    for kind in scenario.types:
        if kind.name in expected:
            rate = kind.rate_per_s * year / here
            assert rate == pytest.approx(expected[kind.name] / people, rel=0.005), kind.name


def test_no_file_names_this_machine() -> None:
    for path in [*CONFIGS.rglob("*.yaml"), *(ROOT / "sim").rglob("*.py")]:
        text = Path(path).read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "/tmp/" not in text
