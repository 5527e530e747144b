"""Zhoucun is what its plan and the reference data say."""

from reference import check_area, check_hospitals, check_sources, check_targets, check_towns, plan, shipped

TARGETS = {
    "fire response circle in the built-up area": ["fire_circle", "fire_circle_people", "fire_circle_area"],
    "emergency medical rescue in major disasters": ["medical_2h"],
    "basic livelihood of disaster victims secured": ["livelihood"],
    "forest fires put out within 24 h": ["forest_24h"],
    "forest area burnt per year, of all forest": ["forest_burnt"],
    "blocked roads reopened within 24 h": ["roads"],
    "temporary comms for key users within 24 h of an outage": ["communications"],
    "public-health medical stock (class I)": ["health_stock"],
    "emergency medical rescue stock (class II)": ["rescue_stock"],
    "relief stock for evacuees": ["relief_stock", "relief_response"],
    "routine protective stock of medical institutions": ["protective_stock"],
    "food reserve": ["grain", "market_food"],
    "effective shelter area per resident": ["shelter_area"],
    "reports of incidents made in time": ["reports"],
    "warnings reach the public": ["warnings"],
    "public-health warnings answered": ["health_warnings"],
    "acute infectious outbreaks handled by the book on site": ["outbreaks"],
    "quarantine rooms in reserve": ["quarantine"],
    "large gatherings handled effectively": ["gatherings"],
    "deaths by fire per 100,000 people and year": ["fire_deaths"],
    "deaths by natural disaster per million people and year": ["disaster_deaths"],
    "direct disaster loss, of GDP": ["losses"],
}
"""The targets of each row of the digest."""


def test_towns_are_the_sources() -> None:
    check_towns("zhoucun")


def test_hospitals_and_area_are_the_sources() -> None:
    check_hospitals("zhoucun", by_name=False)
    check_area("zhoucun")


def test_every_target_of_the_digest_is_here() -> None:
    check_targets("zhoucun", TARGETS)
    check_sources("zhoucun")


def test_fleet_is_what_the_plan_states() -> None:
    plain = shipped("zhoucun").plain
    stations = {name for name, site in plain["place"]["sites"].items() if site["kind"] == "fire_station"}
    units = plain["fleet"]["units"]
    assert len(stations) == 5
    assert sum(base.get("engine", 0) for base in units.values()) == 17
    assert plain["fleet"]["firefighters"] == 128
    assert units["forest_team"]["forest_team"] == {"count": 1, "crew": 30}
    assert units["roads"] == {"road_team": 1, "traffic_team": 1}
    assert units["mine_team"] == {"mine_team": 1}
    text = plan("zhoucun_14th_fyp.txt")
    for words in (
        "执勤消防站5个",
        "执勤消防车17辆",
        "消防指战员128人",
        "四家非煤矿山建成区级非煤矿山兼职应急救援队伍",
        "不少于30人的区级森林消防队伍",
        "1支交通工程抢险救援队伍和1支综合应急保障车队",
        "每个镇（街道）至少建成一个应急消防救援站",
    ):
        assert words in text


def test_hazards_are_what_the_plan_states() -> None:
    place = shipped("zhoucun").plain["place"]
    assert {name: group["count"] for name, group in place["scattered"].items()} == {
        "chemical_firms": 138,
        "hazard_sources": 30,
        "mines": 4,
        "reservoirs": 4,
        "ponds": 50,
        "low_spots": 5,
        "slopes": 9,
    }
    assert place["scattered"]["mines"]["towns"] == ["wangcun"]
    assert place["lines"]["pipelines"]["length"] == "37.815 km"
    assert place["zoning"]["forest"] == {"area": "8000 mu"}
    text = plan("zhoucun_14th_fyp.txt")
    for words in (
        "危化品生产使用储存经营企业138家，危化品运输车190台，危化品重大危险源30个",
        "4家非煤矿山，全部集中在王村镇",
        "油气输送管道37.815公里",
        "水库4个、塘坝50余个，骨干河流5条，城区河道15.6公里，城区重要低洼易涝点5处",
        "山林面积8000余亩",
        "地质灾害隐患点9处",
    ):
        assert words in text


def test_promises_are_what_the_plan_states() -> None:
    targets = shipped("zhoucun").plain["targets"]
    assert targets["fire_circle"]["limit"] == "5 min"
    assert targets["medical_2h"]["limit"] == "2 h"
    assert (targets["forest_24h"]["limit"], targets["forest_24h"]["share"]) == ("24 h", "95 %")
    assert targets["forest_burnt"]["share"] == "0.45 ‰"
    assert targets["livelihood"]["states"] == {"within": "10 h"}
    text = plan("zhoucun_14th_fyp.txt")
    for words in (
        "5分钟灭火救援圈",
        "2小时紧急医学救援",
        "森林火灾24小时扑灭率达95%以上",
        "森林火灾年均受害率控制在0.45‰以内",
        "10小时内受灾人员基本生活得到有效救助",
        "阻断道路24小时内应急抢通能力明显增强",
        "公网通信中断24小时内临时应急重点保障率达100%",
        "0.5-0.7万集中转移安置人口15天",
        "保障1500-3000人1个月救治规模",
        "保障1500-3000人7-10天救治规模",
        "13500吨以上",
        "不低于15天市场供应量",
        "不低于2.5平方米",
        "公众覆盖率达到92%以上",
        "储备房间不少于400个",
    ):
        assert words in text
