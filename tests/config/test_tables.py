"""Tables in a config, as a planner's spreadsheet writes them."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import GROUPS, TOWNS, expanded, problem, rows, spot

from sim.config.tables import Expanded, expand
from sim.sheets import Form, canonical, form_of, read_rows


def test_towns_are_rows_by_name_with_numbers_as_numbers(tmp_path: Path) -> None:
    header = "name,title,kind,lat,lon,x,y,people,district\n"
    written = f'{header}dajie,大街 Dajie,urban,36.8,117,,,"33,300",周村\nwest,,rural,,,-1.2 km,500米,1e3,\n'
    assert rows(tmp_path, "towns", written) == {
        "dajie": {
            "title": "大街 Dajie",
            "kind": "urban",
            "lat": 36.8,
            "lon": 117.0,
            "people": 33300,
            "district": "周村",
        },
        "west": {"kind": "rural", "x": "-1.2 km", "y": "500 m", "people": 1000},
    }


def test_zones_have_kinds_and_sides(tmp_path: Path) -> None:
    written = "name,kind,people,side,x,y\na,built_up,7.5,500 m,0 m,0 m\nb,林地,1,,1 km,\n湖,水域,1,,,\n"
    found = rows(tmp_path, "zones", written)
    assert found["a"] == {"kind": "built_up", "people": 7.5, "side": "500 m", "x": "0 m", "y": "0 m"}
    assert (found["b"]["kind"], found["湖"]["kind"]) == ("forest", "water")


@pytest.mark.parametrize("written", ["I;II", "I、II", "I II", "Ⅰ，Ⅱ", "i / ii", "I,II"])
def test_sites_accept_levels(written: str, tmp_path: Path) -> None:
    content = f'name,kind,lat,lon,accepts,capacity,area (km2)\nh,Hospital,1,2,"{written}","1,200",3\n'
    assert rows(tmp_path, "sites", content)["h"] == {
        "kind": "hospital",
        "lat": 1.0,
        "lon": 2.0,
        "accepts": ["I", "II"],
        "capacity": 1200,
        "area": "3 km2",
    }


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("消防站", "fire_station"),
        ("医院", "hospital"),
        ("物资库", "depot"),
        ("停机坪", "helipad"),
        ("避难场所", "shelter"),
        ("Fire Station", "fire_station"),
        ("blood bank", "blood_bank"),
    ],
)
def test_kinds_of_site_are_free_words(written: str, kind: str, tmp_path: Path) -> None:
    assert rows(tmp_path, "sites", f"name,kind\ns,{written}\n") == {"s": {"kind": kind}}


def test_units_are_counts_by_base_and_kind(tmp_path: Path) -> None:
    assert rows(tmp_path, "units", "base,kind,count\nwest,engine,3\nwest,ladder,2.0\neast,engine,1\n") == {
        "west": {"engine": 3, "ladder": 2},
        "east": {"engine": 1},
    }


def test_units_may_say_their_crew_and_their_source(tmp_path: Path) -> None:
    written = (
        "驻地,车辆类型,数量,编制,来源,可信度\nw,engine,3,6,名册,精确\nw,ladder,1,,,\ne,engine,2,,图,近似\n"
    )
    assert rows(tmp_path, "units", written) == {
        "w": {
            "engine": {"count": 3, "crew": 6, "source": "名册", "confidence": "exact"},
            "ladder": 1,
        },
        "e": {"engine": {"value": 2, "source": "图", "confidence": "approx"}},
    }


def test_rates_are_texts_by_type(tmp_path: Path) -> None:
    written = "类型,率,备注\nfire,0.7 per 1000 people per year,\nrescue,0.2 per 1000 people per year,手册\n"
    assert rows(tmp_path, "rates", written) == {
        "fire": "0.7 per 1000 people per year",
        "rescue": {"value": "0.2 per 1000 people per year", "note": "手册"},
    }
    for heading in ("发生率（每千人每年）", "rate (per 1000 people per year)"):
        assert rows(tmp_path, "rates", f"type,{heading}\nfire,0.7\n") == {
            "fire": "0.7 per 1000 people per year"
        }


def test_provenance_stands_in_rows_and_beside_the_file(tmp_path: Path) -> None:
    written = "name,kind,people,source,confidence,note\na,rural,5,census,Exact,\nb,rural,6,,估算,a guess\n"
    assert rows(tmp_path, "towns", written, source="the plan", confidence="approx") == {
        "source": "the plan",
        "confidence": "approx",
        "a": {"kind": "rural", "people": 5, "source": "census", "confidence": "exact"},
        "b": {"kind": "rural", "people": 6, "confidence": "estimated", "note": "a guess"},
    }


def test_a_file_named_by_an_override_is_not_what_the_old_source_speaks_of(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(TOWNS + "a,rural,1,2,3\n")
    named = {"value": "mine.csv", "source": "the override", "confidence": "assumed"}
    section = {"file": named, "source": "census", "confidence": "exact", "note": "old"}
    towns = expand({"place": {"towns": section}}, [tmp_path]).mapping["place"]["towns"]
    assert towns["source"] == "the override"
    assert towns["confidence"] == "assumed"
    assert "note" not in towns
    assert set(towns) == {"source", "confidence", "a"}


def test_what_is_written_beside_the_file_goes_before_its_rows(tmp_path: Path) -> None:
    patch = {"people": {"value": 9, "source": "me"}}
    found = expanded(tmp_path, "towns", TOWNS + "a,rural,1,2,3\n", a=patch, b={"kind": "urban"})
    towns = found.mapping["place"]["towns"]
    assert towns["a"] == {"kind": "rural", "lat": 1.0, "lon": 2.0, **patch}
    assert towns["b"] == {"kind": "urban"}
    assert found.locate(("place", "towns", "a", "people")) == ""
    assert found.locate(("place", "towns", "b", "kind")) == ""
    assert found.locate(("place", "towns", "a", "lat")).endswith("towns.csv, row 2, column lat")
    counts = rows(tmp_path, "units", "base,kind,count,source\nw,engine,3,list\n", w={"engine": 5})
    assert counts == {"w": {"engine": 5}}


def test_other_sections_stay_and_the_given_mapping_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TOWNS + "a,rural,1,2,3\n")
    mapping = {"seed": 1, "place": {"name": "p", "towns": {"file": "t.csv"}, "zones": {"z": {}}}}
    found = expand(mapping, [tmp_path]).mapping
    assert mapping["place"] == {"name": "p", "towns": {"file": "t.csv"}, "zones": {"z": {}}}
    assert (found["seed"], found["place"]["name"], found["place"]["zones"]) == (1, "p", {"z": {}})
    assert list(found["place"]["towns"]) == ["a"]
    for plain in ({}, {"place": None}, {"place": {"towns": {"a": {"file": 1}}}}, {"fleet": [1]}):
        assert expand(plain, [tmp_path]) == Expanded(plain, {}, (), frozenset())


def test_the_first_folder_with_the_file_is_taken(tmp_path: Path) -> None:
    for name, people in (("mine", 1), ("theirs", 2)):
        (tmp_path / name / "place").mkdir(parents=True)
        (tmp_path / name / "t.csv").write_text(TOWNS + f"a,rural,1,2,{people}\n")
    (tmp_path / "mine" / "place" / "below.csv").write_text(TOWNS + "a,rural,1,2,3\n")
    folders = [tmp_path / "none", tmp_path / "mine", tmp_path / "theirs"]
    for name, people in (("t.csv", 1), ("below.csv", 3), (str(tmp_path / "theirs" / "t.csv"), 2)):
        found = expand({"place": {"towns": {"file": name}}}, folders)
        assert found.mapping["place"]["towns"]["a"]["people"] == people


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("name", ("name", None)),
        (" NAME ", ("name", None)),
        ("名称", ("name", None)),
        ("Latitude", ("lat", None)),
        ("lng", ("lon", None)),
        ("Population", ("people", None)),
        ("人口（人）", ("people", None)),
        ("纬度 (°)", ("lat", None)),
        ("x_m", ("x", "m")),
        ("x (m)", ("x", "m")),
        ("X（米）", ("x", "m")),
        ("x m", ("x", "m")),
        ("side (km)", ("side", "km")),
        ("边长（公里）", ("side", "km")),
        ("area_km2", ("area", "km2")),
        ("面积(km²)", ("area", "km2")),
        ("面积\n（平方公里）", ("area", "km2")),
        ("面积 ㎡", ("area", "m2")),
        ("side (feet)", ("side", "feet")),
        ("Unit Kind", ("unit_kind", None)),
        ("colour (m)", ("colour", "m")),
        ("", ("", None)),
    ],
)
def test_headings_in_two_languages_may_say_units(heading: str, meaning: tuple[str, str | None]) -> None:
    known = ["name", "people", "lat", "lon", "x", "side", "area"]
    assert canonical(heading, known) == meaning


def test_a_word_for_several_columns_means_the_one_that_is_known() -> None:
    assert canonical("类型", ["name", "kind"]) == ("kind", None)
    assert canonical("类型", ["type", "rate"]) == ("type", None)
    assert canonical("reported (min)", ["reported"]) == ("reported", "min")


NAMES = st.text('abcXYZ周村北郊_- 镇’;,\t"', min_size=1, max_size=8).map(str.strip).filter(bool)
ENGLISH = ("Name", "Title", "Kind", "Latitude", "lng", "x (m)", "Population", "Confidence")
CHINESE = ("名称", "标题", "类型", "纬度", "经度", "x（米）", "人口", "可信度")
KINDS = {"urban": ("urban", "街道"), "rural": ("Rural", "镇")}
SURE = {"exact": ("exact", "精确"), "assumed": ("Assumed", "假定")}
TOWN = st.fixed_dictionaries(
    {
        "title": NAMES,
        "kind": st.sampled_from(list(KINDS)),
        "lat": st.floats(-90, 90),
        "lon": st.floats(-180, 180),
        "x": st.integers(-(10**6), 10**6),
        "people": st.integers(0, 10**9),
        "confidence": st.sampled_from(list(SURE)),
    }
)


def as_cells(name: str, town: dict[str, Any], chinese: bool) -> list[str]:
    kind, sure = KINDS[town["kind"]][chinese], SURE[town["confidence"]][chinese]
    return [
        *(name, town["title"], kind, repr(town["lat"]), repr(town["lon"])),
        *(str(town["x"]), f"{town['people']:,}", sure),
    ]


@settings(deadline=None)
@given(
    towns=st.dictionaries(NAMES, TOWN, min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from(",;\t"),
    chinese=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    order=st.permutations(range(len(ENGLISH))),
)
def test_a_table_says_the_same_in_every_encoding_delimiter_and_language(
    towns: dict[str, Any],
    encoding: str,
    delimiter: str,
    chinese: bool,
    end: str,
    order: Sequence[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    header = CHINESE if chinese else ENGLISH
    for row in (header, *(as_cells(name, town, chinese) for name, town in towns.items())):
        writer.writerow([row[i] for i in order])
    expected = {name: town | {"x": f"{town['x']} m"} for name, town in towns.items()}
    assert rows(folder, "towns", text.getvalue().encode(encoding)) == expected


@settings(deadline=None)
@given(section=st.sampled_from(sorted(GROUPS)), content=st.binary(max_size=60) | st.text(max_size=60))
def test_no_file_raises(section: str, content: str | bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for head in (b"", b"name,kind,people,x_m,accepts\n", b"base,kind,count,crew\n"):
        found = expanded(tmp_path_factory.getbasetemp(), section, head + data)
        group = found.mapping[GROUPS[section]]
        assert found.problems or group[section]


def test_empty_and_commented_rows_are_skipped_but_counted(tmp_path: Path) -> None:
    above = "# A starter file; fill it in,,,,\n\n"
    written = above + TOWNS + '"# two\nlines",,\n,,,,\n#x\na,rural,1,2,many\n'
    found = problem(tmp_path, "towns", written)
    assert spot(found) == "towns.csv, row 7, column people"


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    written = 'name,title,kind,people\r\na,"two\r\nlines",rural,1\r\nb,,rural,many\r\n'
    assert spot(problem(tmp_path, "towns", written)) == "towns.csv, row 3, column people"


def test_every_path_knows_its_cell(tmp_path: Path) -> None:
    found = expanded(tmp_path, "towns", "名称,类型,人口,来源\na,镇,5,census\n")
    said = {path: where.rpartition("/")[2] for path, where in found.where.items()}
    assert said == {
        ("place", "towns", "a"): "towns.csv, row 2",
        ("place", "towns", "a", "kind"): "towns.csv, row 2, column 类型",
        ("place", "towns", "a", "people"): "towns.csv, row 2, column 人口",
        ("place", "towns", "a", "source"): "towns.csv, row 2, column 来源",
    }
    assert (
        found.locate(("place", "towns", "a", "people", "0")) == found.where["place", "towns", "a", "people"]
    )
    assert found.locate(("place", "towns", "a", "lat")) == found.where["place", "towns", "a"]
    assert found.locate(("place", "towns")) == found.locate(()) == ""
    units = expanded(tmp_path, "units", "base,kind,count,crew\nw,engine,1,\nw,ladder,1,4\n")
    at = ("fleet", "units", "w")
    assert units.locate(at).endswith("units.csv, row 2, column base")
    assert units.locate((*at, "engine")).endswith("units.csv, row 2, columns kind and count")
    assert units.locate((*at, "ladder")).endswith("units.csv, row 3")
    assert units.locate((*at, "ladder", "crew")).endswith("units.csv, row 3, column crew")


def test_a_path_is_shown_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    found = problem(tmp_path / "mine", "towns", TOWNS + "a,rural,1,2,many\n")
    assert found.where == str(Path("mine", "towns.csv")) + ", row 2, column people"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_form_of_a_file_is_found(encoding: str, delimiter: str, tmp_path: Path) -> None:
    file = tmp_path / "any.csv"
    cells = [["名称", "x (m)", "a,b;c\td"], ["甲", "1", ""]]
    with file.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines, delimiter=delimiter).writerows(cells)
    assert form_of(file) == Form({"utf-8": "utf-8-sig"}.get(encoding, encoding), delimiter)
    assert list(read_rows(file)) == [(1, cells[0]), (2, cells[1])]
