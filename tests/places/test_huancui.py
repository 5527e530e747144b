"""Huancui: its towns and hospitals are the sources', and all that its plan promises is there."""

from reference import (
    check_figures,
    check_hospitals,
    check_targets,
    check_towns,
    plan,
    rows,
    scenario,
    shipped,
)

PLACE = "huancui"

ROWS = {
    "emergency medical rescue in major disasters": ["medical_2h"],
    "basic livelihood of disaster victims secured": ["livelihood_12h"],
    "forest fires put out within 24 h": ["forest_24h"],
    "forest area burnt per year, of all forest": ["forest_burnt_2025", "forest_burnt_2030"],
    "blocked roads reopened within 24 h": ["roads_24h"],
    "temporary comms for key users within 24 h of an outage": ["comms_24h"],
    "aviation rescue, whole area within an 80 km flight radius": ["aviation_80km"],
    "public-health medical stock (class I)": ["health_stock"],
    "relief stock for evacuees": ["relief_stock"],
    "routine protective stock of medical institutions": ["routine_stock"],
    "food reserve": ["food_15d"],
    "effective shelter area per resident": ["shelter_area"],
    "public-health warnings answered": ["health_warnings"],
    "acute infectious outbreaks handled by the book on site": ["outbreaks_by_the_book"],
    "large gatherings handled effectively": ["gatherings"],
    "deaths by fire per 100,000 people and year": ["fire_deaths"],
    "deaths by natural disaster per million people and year": ["disaster_deaths"],
    "direct disaster loss, of GDP": ["loss_2025", "loss_2030"],
    "drills": ["drills"],
}
"""Each row of the digest, and the targets that stand for it."""

STATED = {
    "medical_2h": "2小时紧急医学救援",
    "livelihood_12h": "12小时内受灾人员基本生活",
    "forest_24h": "森林火灾24小时扑灭率达95%以上",
    "forest_burnt_2025": "森林火灾年均受害率控制在0.45‰以内",
    "forest_burnt_2030": "森林火灾年均受害率控制在0.25‰以内",
    "roads_24h": "阻断道路24小时内应急抢通能力明显增强",
    "comms_24h": "公网通信中断24小时内临时应急重点保障率达100%",
    "aviation_80km": "航空救援80公里飞行半径全覆盖",
    "health_stock": "按日均消耗上限不少于1个月储备",
    "routine_stock": "按日均消耗上限不少于1个月储备",
    "relief_stock": "满足启动二级以上响应人员紧急转移安置需要",
    "food_15d": "不低于15天市场供应量",
    "shelter_area": "人均有效避难场所面积不低于2.5平方米",
    "health_warnings": "预警信息响应率达95%以上",
    "outbreaks_by_the_book": "突发急性传染病现场规范处置率达98%以上",
    "gatherings": "大规模群体性聚集事件有效处置率达100%",
    "fire_deaths": "年度10万人口火灾死亡率低于0.25",
    "disaster_deaths": "年均每百万人口因灾死亡率控制在0.5以内",
    "loss_2025": "占全区GDP比例控制在1%以内",
    "loss_2030": "占全区GDP比例控制在0.8%以内",
    "drills": "全区综合性演练每年不少于4次",
}
"""The plan's words for each target."""


def test_towns_are_the_sources() -> None:
    check_towns(PLACE)


def test_hospitals_are_the_sources() -> None:
    check_hospitals(PLACE)


def test_the_area_leaves_out_the_development_zones() -> None:
    sourced = shipped(PLACE)
    place = sourced.plain["place"]
    (county,) = rows("counties.csv", PLACE)
    assert "excludes the three development zones" in county["pop_source"]
    assert place["facts"]["stated_area"] == f"{county['area_km2_stated']} km2"
    area = float(place["zoning"]["area"].removesuffix(" km2"))
    assert area < float(county["area_km2_stated"])
    assert sourced.of(("place", "zoning", "area")).confidence == "estimated"
    assert 1000 < int(county["population_2020"]) / area < 1600


def test_every_target_of_the_digest_is_there() -> None:
    check_targets(PLACE, ROWS)
    check_figures(PLACE)


def test_targets_are_the_plans() -> None:
    targets = shipped(PLACE).plain["targets"]
    text = plan("huancui_2021_2030.txt")
    assert set(STATED) == set(targets)
    for name, target in targets.items():
        assert STATED[name] in text, name
        assert target["clause"].startswith("Huancui plan 2021-2030, ")


def test_figures_of_targets_are_exact() -> None:
    targets = shipped(PLACE).plain["targets"]
    assert targets["medical_2h"]["limit"] == "2 h"
    assert (targets["forest_24h"]["limit"], targets["forest_24h"]["share"]) == ("24 h", "95 %")
    assert targets["forest_burnt_2025"]["share"] == "0.45 ‰"
    assert targets["forest_burnt_2030"]["share"] == "0.25 ‰"
    assert (targets["aviation_80km"]["radius"], targets["aviation_80km"]["share"]) == ("80 km", "100 %")


def test_teams_are_the_plans() -> None:
    text = plan("huancui_2021_2030.txt")
    for words in (
        "不少于50人的区级森林消防队伍",
        "2-3支区级道路运输应急保障队伍",
        "1-2支区级交通工程抢险救援队伍",
    ):
        assert words in text
    fleet = scenario(PLACE).fleet
    crews: dict[str, list[int]] = {}
    for unit in fleet.units:
        crews.setdefault(fleet.kinds[unit.kind].name, []).append(unit.crew)
    assert crews["forest_team"] == [50]
    assert 2 <= len(crews["traffic_team"]) <= 3
    assert 1 <= len(crews["road_team"]) <= 2
    assert {"sea_team", "spill_team"} <= set(crews)
    assert len(crews["ambulance"]) == round(446193 / 50000)
