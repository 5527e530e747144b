"""Shanting is what its plan and the reference data say."""

from reference import check_area, check_hospitals, check_sources, check_targets, check_towns, plan, shipped

TARGETS = {
    "emergency medical rescue in major disasters": ["medical_2h"],
    "basic livelihood of disaster victims secured": ["livelihood"],
    "forest area burnt per year, of all forest": ["forest_burnt_2025", "forest_burnt_2030"],
    "blocked roads reopened within 24 h": ["roads"],
    "temporary comms for key users within 24 h of an outage": ["communications"],
    "public-health medical stock (class I)": ["health_stock"],
    "emergency medical rescue stock (class II)": ["rescue_stock"],
    "relief stock for evacuees": ["relief_response"],
    "routine protective stock of medical institutions": ["protective_stock"],
    "acute infectious outbreaks handled by the book on site": ["outbreaks"],
    "large gatherings handled effectively": ["gatherings"],
    "deaths by fire per 100,000 people and year": ["fire_deaths"],
    "deaths by natural disaster per million people and year": ["disaster_deaths"],
    "direct disaster loss, of GDP": ["losses_2025", "losses_2030"],
    "drills": ["drills"],
}
"""The targets of each row of the digest."""

TABLE = {
    "消防救援队伍": (1, 30),
    "市级森林消防救援队伍": (1, 50),
    "区级森林消防救援队伍": (1, 30),
    "基干民兵森林消防救援队伍": (1, 31),
    "翼云涉氨泄露应急救援志愿服务队": (1, 5),
    "区突发公共事件医疗卫生救援应急队伍、区突发公共卫生事件应急救援队伍": (2, 61),
    "枣庄市翼云热力有限公司应急救援队": (1, 12),
    "山亭区自来水公司应急救援队": (1, 12),
    "山亭区路通市政工程有限公司应急救援队伍": (1, 31),
    "山东长乐集团民生燃气有限公司抢险组": (1, 5),
    "山亭区供电部应急救援队": (1, 16),
    "山亭区交通运输综合执法大队抢险队": (1, 35),
    "各镇街森林消防队": (10, 361),
    "西集镇防汛抗旱防台风救援队": (1, 30),
    "桑村镇防汛抗旱防台风救援队": (1, 30),
    "徐庄镇防汛抗旱防台风救援队": (1, 10),
}
"""Table 1 of the plan: teams and people by row."""

TOWNS = ("dianzi", "xiji", "sangcun", "beizhuang", "chengtou", "xuzhuang", "shuiquan", "fengmao", "fucheng")

UNITS = {
    "市级森林消防救援队伍": [("city_forest_team", "forest_team")],
    "区级森林消防救援队伍": [("district_forest_team", "forest_team")],
    "基干民兵森林消防救援队伍": [("militia", "militia_team")],
    "翼云涉氨泄露应急救援志愿服务队": [("ammonia", "hazmat_team")],
    "区突发公共事件医疗卫生救援应急队伍、区突发公共卫生事件应急救援队伍": [
        ("people", "medical_team"),
        ("cdc", "disease_team"),
    ],
    "枣庄市翼云热力有限公司应急救援队": [("heating", "utility_team")],
    "山亭区自来水公司应急救援队": [("water", "utility_team")],
    "山亭区路通市政工程有限公司应急救援队伍": [("roads", "road_team")],
    "山东长乐集团民生燃气有限公司抢险组": [("gas", "utility_team")],
    "山亭区供电部应急救援队": [("power", "utility_team")],
    "山亭区交通运输综合执法大队抢险队": [("traffic", "traffic_team")],
    "各镇街森林消防队": [
        ("shancheng_team", "part_time_forest_team"),
        *((f"{town}_brigade", "part_time_forest_team") for town in TOWNS),
    ],
    "西集镇防汛抗旱防台风救援队": [("xiji_brigade", "flood_team")],
    "桑村镇防汛抗旱防台风救援队": [("sangcun_brigade", "flood_team")],
    "徐庄镇防汛抗旱防台风救援队": [("xuzhuang_brigade", "flood_team")],
}
"""Our units for each row of the table but the first, the fire brigade, which is spread over engines."""


def sites(kind: str) -> dict[str, dict[str, object]]:
    everything = shipped("shanting").plain["place"]["sites"]
    return {name: site for name, site in everything.items() if site["kind"] == kind}


def test_towns_are_the_sources() -> None:
    check_towns("shanting")


def test_hospitals_and_area_are_the_sources() -> None:
    check_hospitals("shanting", by_name=False)
    check_area("shanting")


def test_every_target_of_the_digest_is_here() -> None:
    check_targets("shanting", TARGETS)
    check_sources("shanting")


def test_teams_are_those_of_table_1() -> None:
    units = shipped("shanting").plain["fleet"]["units"]
    found = {
        row: (
            sum(units[base][kind]["count"] for base, kind in ours),
            sum(units[base][kind]["count"] * units[base][kind]["crew"] for base, kind in ours),
        )
        for row, ours in UNITS.items()
    }
    engines = [base["engine"] for base in units.values() if "engine" in base]
    found["消防救援队伍"] = (1, sum(engine["count"] * engine["crew"] for engine in engines))
    assert found == TABLE


def test_table_1_adds_up_as_the_plan_says_and_as_it_does_not() -> None:
    """The people are the 749 stated; the teams of the rows are 26, though the plan's total says 25."""
    plain = shipped("shanting").plain
    assert sum(people for _, people in TABLE.values()) == plain["place"]["facts"]["team_members"] == 749
    assert sum(teams for teams, _ in TABLE.values()) == 26
    assert plain["place"]["facts"]["teams"] == 25
    assert plain["fleet"]["firefighters"] == TABLE["消防救援队伍"][1]
    table = plan("shanting_2020_2030.txt").split("表 1 ")[1].split("（2）专家队伍方面")[0]
    cells = table.split()
    for row, (teams, people) in {**TABLE, "总计": (25, 749)}.items():
        at = cells.index(row)
        assert cells[at + 1 : at + 3] == [str(teams), str(people)], row


def test_units_beside_table_1_are_few_and_known() -> None:
    units = shipped("shanting").plain["fleet"]["units"]
    listed = {pair for ours in UNITS.values() for pair in ours}
    others = [(base, kind) for base, stood in units.items() for kind in stood if (base, kind) not in listed]
    assert {kind for _, kind in others} == {
        "engine",
        "township_engine",
        "ambulance",
        "part_time_forest_team",
        "volunteer_team",
    }
    assert len([base for base, kind in others if kind == "part_time_forest_team"]) == 5
    assert all(base.endswith("_farm") for base, kind in others if kind == "part_time_forest_team")


def test_stations_and_farms_are_as_many_as_the_plan_states() -> None:
    units = shipped("shanting").plain["fleet"]["units"]
    assert len(sites("fire_station")) == 2
    assert len(sites("township_fire_station")) == 9
    assert all("township_engine" in units[base] for base in sites("township_fire_station"))
    assert len(sites("forest_farm")) == 5
    text = plan("shanting_2020_2030.txt")
    for words in (
        "仅有城市消防站2个",
        "乡镇政府专职消防队9个",
        "5处国有林场",
        "198人的兼职森林消防救援大队，设立17个森林消防中队",
        "与市级森林消防大队50人共同入住国有徐庄林场护林员培训中心",
    ):
        assert words in text


def test_helipad_and_shelter_are_the_plans() -> None:
    sourced = shipped("shanting")
    ((name, helipad),) = sites("helipad").items()
    assert helipad["lat"] == round(35 + 5 / 60 + 36 / 3600, 5)
    assert helipad["lon"] == round(117 + 25 / 60 + 23 / 3600, 5)
    assert sourced.of(("place", "sites", name, "lat")).confidence == "exact"
    ((name, shelter),) = sites("shelter").items()
    assert (shelter["area"], shelter["capacity"]) == ("100000 m2", 40_000)
    assert sourced.of(("place", "sites", name, "capacity")).confidence == "exact"
    assert sourced.of(("place", "sites", name, "lat")).confidence == "assumed"
    text = plan("shanting_2020_2030.txt")
    assert "北纬35°5'36”，东经117°25'23”" in text
    assert "有效利用面积10万平方米，最多可容纳4万人居住" in text


def test_forest_stock_is_the_plans() -> None:
    depots = sites("forest_depot")
    assert len(depots) == 1 + 1 + 15
    (stock,) = [site["stock"] for site in depots.values() if "stock" in site]
    assert stock == {
        "command_cars": 7,
        "crew_trucks": 9,
        "blowers": 293,
        "backpack_pumps": 30,
        "pumps_in_series": 18,
        "beaters": 406,
        "fire_suits": 239,
        "fire_bombs": "19 boxes",
        "chain_saws": 35,
        "radio_stations": 8,
        "walkie_talkies": 29,
        "oil_drums": 36,
    }
    text = plan("shanting_2020_2030.txt")
    assert "市级储备库1处；区（市）级储备库1处，镇（街、场）储备室（点）15个" in text
    assert "指挥车7辆、运兵车9辆" in text
    assert "风力灭火机293台、背负式水枪30、串联水泵18台，二号三号工具406件" in text
    assert "防火服239套、防火弹19箱、油锯35把、电台8部、对讲机29部、油桶36个" in text


def test_other_depots_are_the_plans() -> None:
    assert set(sites("flood_depot")) == {f"{name}_depot" for name in sites("reservoir")}
    assert len(sites("reservoir")) == 3
    assert sites("depot")["medical_depot"]["stock"]["kept_by_the_firm"] == "2200000 yuan"  # type: ignore[index]
    text = plan("shanting_2020_2030.txt")
    for words in (
        "大型水库2座（岩马、庄里），中型水库1座（石嘴子）",
        "两座大型水库和一座中型水库已按标准化管理要求，完成防汛灾害防御物资仓库",
        "远大医药公司为我区储备了220万元的应急物资",
    ):
        assert words in text


def test_hazards_are_what_the_plan_states() -> None:
    place = shipped("shanting").plain["place"]
    counts = {name: group["count"] for name, group in place["scattered"].items()}
    assert counts["ammonia_plants"] == 21
    assert counts["key_fire_units"] == 71
    assert (counts["small_reservoirs_1"], counts["small_reservoirs_2"]) == (12, 44)
    # The 53 firms are a producer of hazardous chemicals, another chemical producer, and 51 petrol stations.
    assert len(sites("chemical_firm")) + counts["chemical_producer"] + counts["petrol_stations"] == 53
    lengths = {
        name: float(line["length"].removesuffix(" km"))
        for name, line in place["lines"].items()
        if line["kind"] == "pipeline"
    }
    assert round(lengths["jining_trunk"] + lengths["jining_branch"], 2) == 49.05
    assert lengths["luwan"] == 19.5
    assert lengths["gangzao_north"] + lengths["gangzao_south"] == 13
    assert place["zoning"]["forest"] == {"area": "463000 mu"}
    assert (place["facts"]["people"], place["facts"]["people_resident"]) == (537_400, 482_500)
    text = plan("shanting_2020_2030.txt")
    for words in (
        "危险化学品从业单位53家，其中危险化学品生产企业1家",
        "一般化工生产企业1家（正常运营），加油站51家",
        "涉氨制冷企业21家",
        "消防安全重点单位71家",
        "全长49.05公里（临沂作业区冀宁干线17.05公里、临沂支线32公里）",
        "共19.5公里",
        "11.5公里，合计13公里",
        "小(一)型水库12座，小（二）型水库44座",
        "林地面积达到46.3万亩",
        "新台高速、S83高速公路穿境而过",
        "总人口53.74万人，常住人口 48.25 万人",
        "建成区面积达到13.5平方公里，城市常住人口达到12万人",
    ):
        assert words in text


def test_promises_are_what_the_plan_states() -> None:
    targets = shipped("shanting").plain["targets"]
    assert targets["medical_2h"]["limit"] == "2 h"
    assert targets["forest_burnt_2025"]["share"] == "0.45 ‰"
    assert targets["forest_burnt_2030"]["share"] == "0.25 ‰"
    assert targets["livelihood"]["states"] == {"within": "12 h"}
    assert targets["health_stock"]["states"] == {"people": 2000, "lasting": "1 month"}
    assert targets["rescue_stock"]["states"] == {"people": 4000, "lasting": "10 d"}
    text = plan("shanting_2020_2030.txt")
    for words in (
        "重大灾害事故实现2小时紧急医学救援",
        "森林火灾年均受害率控制在0.25‰以内",
        "森林火灾年均受害率控制在0.45‰以内",
        "12小时之内受灾人员基本生活得到有效救助",
        "保障2000人1个月医疗救治的规模",
        "保障4000人10天紧急医学救援的规模",
        "满足启动二级以上响应",
        "按日均消耗上限不少于1个月储备",
        "现场规范处置率达98%以上",
        "占全市GDP比例控制在0.8%以内",
        "占全区GDP比例控制在1%以内",
        "至少每半年进行一次应急演练",
    ):
        assert words in text
