"""Wenshang: its towns and hospitals are the sources', and all that its plan promises is there."""

from reference import (
    check_area,
    check_figures,
    check_hospitals,
    check_targets,
    check_towns,
    plan,
    scenario,
    shipped,
)

PLACE = "wenshang"

ROWS = {
    "basic livelihood of disaster victims secured": ["livelihood_12h"],
    "forest fires put out within 24 h": ["forest_24h"],
    "blocked roads reopened within 24 h": ["roads_reopened"],
    "temporary comms for key users within 24 h of an outage": ["comms_24h"],
    "relief stock for evacuees": ["relief_stock"],
    "deaths by fire per 100,000 people and year": ["fire_deaths"],
    "direct disaster loss, of GDP": ["loss"],
}
"""Each row of the digest, and the targets that stand for it."""

STATED = {
    "livelihood_12h": "12小时之内受灾群众初步救助率达100%",
    "forest_24h": "森林火灾24小时扑灭率达到95％以上",
    "roads_reopened": "阻断道路的抢险抢通能力明显增强",
    "comms_24h": "公网通信中断24小时内临时应急重点保障率达100%",
    "relief_stock": "5千集中转移安置人口15天基本生活",
    "fire_deaths": "年度10万人口火灾死亡率低于0.2。",
    "loss": "占全市生产总值的比例控制在1%以内",
}
"""The plan's words for each target."""


def test_towns_are_the_sources() -> None:
    check_towns(PLACE)


def test_hospitals_are_the_sources() -> None:
    check_hospitals(PLACE)


def test_the_area_is_the_stated_one() -> None:
    check_area(PLACE)
    assert shipped(PLACE).of(("place", "zoning", "area")).confidence == "exact"


def test_every_target_of_the_digest_is_there() -> None:
    check_targets(PLACE, ROWS)
    check_figures(PLACE)


def test_targets_are_the_plans() -> None:
    targets = shipped(PLACE).plain["targets"]
    text = plan("wenshang_14th_fyp.txt")
    assert set(STATED) == set(targets)
    for name, target in targets.items():
        assert STATED[name] in text, name
        assert target["clause"].startswith("Wenshang 14th five-year plan, ")


def test_figures_of_targets_are_exact() -> None:
    targets = shipped(PLACE).plain["targets"]
    assert (targets["forest_24h"]["limit"], targets["forest_24h"]["share"]) == ("24 h", "95 %")
    assert targets["relief_stock"]["states"] == {"people": 5000, "days": 15}
    assert targets["livelihood_12h"]["states"] == {"limit": "12 h", "share": "100 %"}
    assert targets["comms_24h"]["states"] == {"limit": "24 h", "share": "100 %"}


def test_sites_and_teams_are_the_plans() -> None:
    text = plan("wenshang_14th_fyp.txt")
    stated = (
        "乡镇（街道）30人的应急救援队伍",
        "1—2支本级防汛抗旱专业队伍",
        "1个消防救援队伍",
        "化工园区特勤站建成",
    )
    for words in (*stated, "仓储面积不低于2000平方米"):
        assert words in text
    here = scenario(PLACE)
    assert len(here.place.stations) == 2
    assert len(here.place.sites_of("township_fire_station")) == 15
    sites = shipped(PLACE).plain["place"]["sites"]
    assert sites["county_store"]["area"] == sites["flood_store"]["area"] == "2000 m2"
    crews: dict[str, list[int]] = {}
    for unit in here.fleet.units:
        crews.setdefault(here.fleet.kinds[unit.kind].name, []).append(unit.crew)
    assert crews["rescue_team"] == [30] * 15
    assert 1 <= len(crews["flood_team"]) <= 2
    assert len(crews["forest_team"]) == 1
    assert len(crews["ambulance"]) == round(687544 / 50000)
