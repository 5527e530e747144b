"""Lianyungang: towns and counties are the data's, figures the plan's, targets those of the digest."""

import pytest
from reference import (
    Row,
    check_figures,
    check_hospitals,
    check_towns,
    plan,
    promised,
    rows,
    scenario,
    shipped,
)

PLACE = "lianyungang"

DISTRICTS = {
    "haizhou": "海州区",
    "lianyun": "连云区",
    "ganyu": "赣榆区",
    "donghai": "东海县",
    "guanyun": "灌云县",
    "guannan": "灌南县",
}
ZONE_OF_THE_CITY = "连云港经济技术开发区"  # counted with Lianyun District by counties.csv
SEATS = {"青口镇", "伊山镇", "新安镇"}

PROMISED = {  # our target: its row in the digest, and what the plan states
    "disaster_deaths": ("deaths by natural disaster per million people and year", 0.5),
    "people_hit": ("people hit by disaster per 100,000 and year", 5000),
    "disaster_loss": ("direct disaster loss, of GDP", "0.5 %"),
    "drills": ("drills", None),
}
INDICATORS = {  # further rows of the plan's own table
    "accidents": "15 %",
    "accident_deaths": "15 %",
    "accident_deaths_of_gdp": "35 %",
    "workplace_deaths": "20 %",
}


def test_towns_are_the_sources() -> None:
    def urban(row: Row) -> bool:
        big = row["kind"] == "subdistrict" and int(row["population"]) >= 20_000
        return big or row["name_zh"] in SEATS

    check_towns(PLACE, urban)
    facts = {row["name_zh"]: row for row in rows("lianyungang_towns.csv")}
    assert len(facts) == 109
    for key, town in shipped(PLACE).plain["place"]["towns"].items():
        row = facts[town["title"].split()[0]]
        county = "连云区" if row["county"] == ZONE_OF_THE_CITY else row["county"]
        assert DISTRICTS[town["district"]] == county, key
        if row["coord_confidence"] == "approx":
            assert shipped(PLACE).of(("place", "towns", key, "lat")).source == row["coord_source"], key


def test_districts_people_and_area_are_the_counties() -> None:
    place = shipped(PLACE).plain["place"]
    assert {key: title.split()[0] for key, title in place["districts"].items()} == DISTRICTS
    counties = {row["name_zh"]: row for row in rows("counties.csv", PLACE)}
    for key, name in DISTRICTS.items():
        people = sum(town["people"] for town in place["towns"].values() if town["district"] == key)
        assert people == pytest.approx(int(counties[name]["population_2020"]), rel=0.002), key
    stated = [row["area_km2_stated"] or row["area_km2_polygon"] for row in counties.values()]
    assert place["zoning"]["area"] == f"{sum(map(float, stated)):.2f} km2"
    zones = scenario(PLACE).place.zones
    assert sum(zone.side_m**2 for zone in zones) / 1e6 == pytest.approx(7561.38, abs=6.25)
    assert sum(zone.people for zone in zones) == pytest.approx(4_600_200)
    assert {zone.district for zone in zones} == set(DISTRICTS)
    assert len(zones) < 3000


def test_hospitals_are_the_sources() -> None:
    check_hospitals(PLACE, by_name=False)
    assert len(rows("hospitals.csv", PLACE)) == 7


def test_units_by_the_published_counts() -> None:
    here = scenario(PLACE)
    counts = [here.fleet.kinds[unit.kind].name for unit in here.fleet.units]
    assert counts.count("township_engine") == len(here.place.sites_of("township_fire_station")) == 61
    assert counts.count("ambulance") == round(4_599_360 / 50_000)
    assert {"hazmat_team", "sea_team", "spill_team", "volunteer_team", "forest_team", "flood_team"} <= {
        *counts
    }
    published = {(row["scope"], row["metric"]): row["value"] for row in rows("fire_facts.csv")}
    assert published["Lianyungang", "townships_with_small_water_tender_and_full_time_brigade"] == "61"
    facts = shipped(PLACE).plain["place"]["facts"]
    assert facts["vehicle_turnouts_2012"] == int(published["Lianyungang", "vehicle_turnouts"])
    assert facts["people_turned_out_2012"] == int(published["Lianyungang", "personnel_turnouts"])


def test_place_has_what_its_plan_states() -> None:
    place, plain = scenario(PLACE).place, shipped(PLACE).plain["place"]
    assert len(place.sites_of("chemical_firm")) == 55
    assert len(place.sites_of("depot")) == 5
    lengths = {line.name: line.length_m for line in place.lines}
    assert lengths["coast"] == 211_590
    assert lengths["seawall"] == 144_000
    assert {"xinyi_river", "xinshu_river"} <= {line.name for line in place.lines if line.kind == "river"}
    mu_m2 = 10_000 / 15
    forest = sum(zone.side_m**2 for zone in place.zones if zone.kind == "forest")
    assert plain["zoning"]["forest"]["area"] == f"{365_000 * mu_m2 / 1e6:.2f} km2"
    assert forest == pytest.approx(365_000 * mu_m2, rel=0.02)
    assert [each["title"].split()[0] for each in plain["neighbours"].values()] == [
        "徐州",
        "宿迁",
        "淮安",
        "盐城",
    ]
    text = plan("lianyungang_14th_fyp.txt")
    for words in (
        "企业55家",
        "港口危险货物储量近90万立方米",
        "罐区储量约700万立方米",
        "将突破1000万立方米",
        "车辆超过4000辆",
        "沿海海岸线211.59公里,海堤144公里",
        "36.5万亩山林",
        "新沂河、新沭河泄洪通道",
        "1个市级库4个县区级库",
        "徐州、宿迁、淮安、盐城",
        "重型化工消防站",
        "同援危险化学品道路救援队、蓝天救援队",
        "1辆以上移动指挥车",
        "示范社区27个",
    ):
        assert words in text, words


def test_every_target_of_the_digest_and_of_the_plans_table_is_there() -> None:
    targets = shipped(PLACE).plain["targets"]
    assert all(targets[name]["measure"] == "declared" for name in {**PROMISED, **INDICATORS})
    for name, stated in {**{k: v for k, (_, v) in PROMISED.items()}, **INDICATORS}.items():
        if stated is not None:
            (figure,) = targets[name]["states"].values()
            assert figure == stated, name
    check_figures(PLACE)
    # What the plan does not promise says so.
    for name in targets.keys() - PROMISED.keys() - INDICATORS.keys():
        assert "not in Lianyungang's plan" in targets[name]["clause"]


def test_the_digest_and_the_plan_have_no_other_targets() -> None:
    assert promised(PLACE) == {row for row, _ in PROMISED.values()}
    text = plan("lianyungang_14th_fyp.txt")
    for words in (
        "生产安全事故起数降幅15%约束性",
        "生产安全事故死亡人数降幅15%约束性",
        "单位国内生产总值生产安全事故死亡率降幅35%约束性",
        "工矿商贸就业人员十万人生产安全事故死亡率降幅20%约束性",
        "占国内生产总值的比例0.5%预期性",
        "因自然灾害死亡率0.5预期性",
        "年均每十万人受灾人次5000预期性",
        "无脚本“双盲”演练",
    ):
        assert words in text, words
