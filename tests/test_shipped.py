"""What is shipped: every YAML runs, every number says where it comes from, the facts are the sources'."""

import csv
from pathlib import Path

import pytest
from worlds import ROOT, SHARED

import sim
from sim.compose import choices, compose
from sim.config import CONFIDENCES, split
from sim.report.text import SETTINGS, is_number

CONFIGS = ROOT / "configs"
GROUPS = {group: options for group, options in choices().items() if group != "experiment"}


def overrides_for(group: str, option: str) -> list[str]:
    return [f"incident=[{option}]"] if group == "incident" else [f"{group}={option}"]


@pytest.mark.parametrize(("group", "option"), [(g, o) for g, options in GROUPS.items() for o in options])
def test_every_option_composes_validates_and_runs(group: str, option: str) -> None:
    scenario = sim.prepare("horizon=5 d", *overrides_for(group, option)).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    incidents, _ = tables.frames()
    rare = group == "incident" and scenario.types[0].rate_per_s * scenario.horizon_s < 10
    assert rare or incidents.reported_s.notna().any()  # see test_hazards for the rare ones


@pytest.mark.parametrize("name", choices("experiment")["experiment"])
def test_every_experiment_runs(name: str) -> None:
    scenario = sim.prepare("horizon=5 d", f"experiment={name}").scenario
    log = sim.simulate(scenario)
    assert len(log.missions)


def test_every_number_that_is_not_a_setting_says_how_sure_it_is() -> None:
    sourced = split(compose().mapping)
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


def rows(name: str) -> list[dict[str, str]]:
    path = SHARED / "data" / "china" / name
    if not path.exists():
        pytest.skip(f"the reference data {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_zhoucun_towns_are_the_sources() -> None:
    sourced = split(compose().mapping)
    towns = sourced.plain["place"]["towns"]
    facts = {row["name_zh"]: row for row in rows("zhoucun_towns.csv")}
    assert len(towns) == len(facts) == 10
    for key, town in towns.items():
        row = facts[town["title"].split()[0]]
        assert (town["lat"], town["lon"]) == (float(row["lat"]), float(row["lon"]))
        assert town["people"] == int(row["population"])
        assert (town["kind"] == "urban") == (row["kind"] == "subdistrict")
        assert sourced.of(("place", "towns", key, "people")).confidence == row["pop_confidence"]
        assert sourced.of(("place", "towns", key, "lat")).confidence == row["coord_confidence"]


def test_zhoucun_hospitals_and_area_are_the_sources() -> None:
    place = split(compose().mapping).plain["place"]
    known = {(float(r["lat"]), float(r["lon"])) for r in rows("hospitals.csv") if r["place"] == "zhoucun"}
    ours = {(site["lat"], site["lon"]) for site in place["sites"].values() if site["kind"] == "hospital"}
    assert known <= ours
    (county,) = (row for row in rows("counties.csv") if row["place"] == "zhoucun")
    assert place["zoning"]["area"] == f"{county['area_km2_stated']} km2"


def test_zhoucun_has_what_its_plan_states() -> None:
    scenario = sim.prepare().scenario
    engines = [u for u in scenario.fleet.units if scenario.fleet.kinds[u.kind].name == "engine"]
    assert len(scenario.place.stations) == 5
    assert len(engines) == 17
    assert scenario.fleet.firefighters == 128
    plan = SHARED / "plans" / "zhoucun_14th_fyp.txt"
    if not plan.exists():
        pytest.skip("the plan's text is not beside this checkout")
    text = plan.read_text(encoding="utf-8")
    stated = ("执勤消防站5个", "执勤消防车17辆", "消防指战员128人")
    for words in (*stated, "5分钟灭火救援圈", "2小时紧急医学救援"):
        assert words in text


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
