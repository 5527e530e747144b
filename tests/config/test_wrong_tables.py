"""What is wrong with a table is told with its file, row and column, all at once."""

import sys
from pathlib import Path

import pytest
from sheets import TOWNS, expanded, problem, rows, spot

from sim.config.tables import expand
from sim.sheets import UnreadableError, form_of

BAD_CELLS = {
    "a word for a number": ("a,rural,1,2,many", "people", "'many'", "a number"),
    "not a number": ("a,rural,1,2,NaN", "people", "'NaN'", "a number"),
    "infinite": ("a,rural,1,2,inf", "people", "'inf'", "a number"),
    "too large": ("a,rural,1,2,1e999", "people", "'1e999'", "a number"),
    "endless": (f"a,rural,1,2,{'9' * 5000}", "people", "'999", "a number"),
    "a comma in the wrong place": ('a,rural,1,2,"3,30"', "people", "'3,30'", "a number"),
    "a decimal comma in degrees": ('a,rural,"36,804",2,3', "lat", "'36,804'", "36.804"),
    "a formula's error": ("a,#REF!,1,2,3", "kind", "'#REF!'", "not a formula's error"),
    "nothing where a value is needed": ("a,,1,2,3", "kind", "nothing", "a value"),
    "a short row": ("a,rural,1", "people", "nothing", "a value"),
}


@pytest.mark.parametrize(("row", "column", "found", "expected"), BAD_CELLS.values(), ids=BAD_CELLS.keys())
def test_a_bad_cell_is_named_and_its_row_left_out(
    row: str, column: str, found: str, expected: str, tmp_path: Path
) -> None:
    all_found = expanded(tmp_path, "towns", f"{TOWNS}good,urban,1,2,3\n{row}\n")
    (told,) = all_found.problems
    assert told.path == ("place", "towns", "a", column)
    assert told.found.startswith(found)
    assert expected in told.expected
    assert spot(told) == f"towns.csv, row 3, column {column}"
    assert list(all_found.mapping["place"]["towns"]) == ["good"]


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("", "nothing", "a value"),
        ("north.west", "'north.west'", "without a dot"),
        ("NaN", "'NaN'", "other than nan"),
        ("source", "'source'", "other than nan"),
        ("#N/A", "'#N/A'", "not a formula's error"),
    ],
)
def test_a_name_that_cannot_be_a_key(name: str, found: str, expected: str, tmp_path: Path) -> None:
    all_found = expanded(tmp_path, "towns", f"{TOWNS}{name},urban,1,2,3\n北郊,urban,1,2,3\n")
    (told,) = all_found.problems
    assert (told.path, told.found, spot(told)) == (("place", "towns"), found, "towns.csv, row 2, column name")
    assert expected in told.expected
    assert list(all_found.mapping["place"]["towns"]) == ["北郊"]


@pytest.mark.parametrize("count", ["2.5", "two", "nan"])
def test_a_count_is_whole(count: str, tmp_path: Path) -> None:
    told = problem(tmp_path, "units", f"base,kind,count\nw,engine,{count}\n")
    assert (told.path, told.found) == (("fleet", "units", "w", "engine", "count"), repr(count))


def test_a_cell_below_a_unit_is_a_bare_number(tmp_path: Path) -> None:
    told = problem(tmp_path, "zones", "name,people,side (km)\nz,1,500 m\n")
    assert (told.found, told.expected) == ("'500 m'", "a number without a unit, because the heading says km")
    assert rows(tmp_path, "zones", 'name,people,side_m\nz,1,"1,200"\n')["z"]["side"] == "1,200 m"


def test_a_name_twice_is_told_with_both_rows(tmp_path: Path) -> None:
    found = expanded(tmp_path, "towns", TOWNS + "a,rural,1,2,3\nb,rural,1,2,3\na,urban,1,2,4\n")
    (told,) = found.problems
    assert (told.path, told.found) == (("place", "towns", "a"), "rows 2 and 4 for a")
    assert spot(told) == "towns.csv, row 4"
    assert found.mapping["place"]["towns"]["a"]["people"] == 3
    units = problem(tmp_path, "units", "base,kind,count\nw,engine,1\nw,ladder,1\nw,engine,2\n")
    assert units.found == "rows 2 and 4 for w and engine"


def test_a_cell_beyond_the_header_is_told(tmp_path: Path) -> None:
    told = problem(tmp_path, "towns", TOWNS + "a,rural,1,2,33,300\n")
    assert (told.path, told.found) == (("place", "towns", "a"), "'300'")
    assert spot(told) == "towns.csv, row 2, column 6"
    assert rows(tmp_path, "towns", "name,,kind,people,\na,,rural,1,,\n") == {
        "a": {"kind": "rural", "people": 1}
    }


BAD_HEADERS = {
    "an unknown column": ("name,kind,people,latt", "'latt'", 'did you mean "lat"?', "column latt"),
    "a column far from all": ("name,kind,people,zq", "'zq'", "known: confidence/可信度, dis", "column zq"),
    "Chinese far from all": ("name,kind,people,维度", "'维度'", "lat/纬度", "column 维度"),
    "Chinese misspelt": ("name,kind,纬度数,people", "'纬度数'", 'did you mean "纬度"?', "column 纬度数"),
    "the same twice": ("name,kind,people,人口", "'人口'", "the column people says", "column 人口"),
    "no key": ("title,kind,people", "no column name", "a column name", ""),
    "no column that each row needs": ("name,kind", "no column people", "a column people", ""),
    "another kind of unit": ("name,kind,people,x (km2)", "'x (km2)'", "units m, km", "column x (km2)"),
    "a unit of nothing": ("name,kind,people_m", "'people_m'", "without a unit", "column people_m"),
}


@pytest.mark.parametrize(
    ("header", "found", "expected", "column"), BAD_HEADERS.values(), ids=BAD_HEADERS.keys()
)
def test_a_bad_header_is_told_once_and_no_row_is_kept(
    header: str, found: str, expected: str, column: str, tmp_path: Path
) -> None:
    row = ",".join(["a", "rural", "1", "2"][: len(header.split(","))])
    all_found = expanded(tmp_path, "towns", f"{header}\n{row}\n")
    (told,) = all_found.problems
    assert (told.path, told.found) == (("place", "towns"), found)
    assert expected in told.expected
    assert spot(told) == ", ".join(filter(None, ["towns.csv, row 1", column]))
    assert all_found.mapping["place"]["towns"] == {}
    assert all_found.torn == {("place", "towns")}


@pytest.mark.parametrize(
    ("content", "found", "expected", "where"),
    [
        (b"", "an empty file", "a header, and at least one row", "towns.csv"),
        (b"\n,,,\n# nothing yet\n", "an empty file", "a header, and at least one row", "towns.csv"),
        (b"name,kind,people\n", "no rows", "at least one row", "towns.csv"),
        (
            "名称,类型".encode("utf-16") + b"x",
            "other bytes than text",
            "text in UTF-8, GB18030 or UTF-16",
            "towns.csv",
        ),
        (b"name,kind\0", "other bytes than text", "text in UTF-8, GB18030 or UTF-16", "towns.csv"),
        (
            b'name,kind,people\na,rural,1\nb,"rural,1\n',
            "unexpected end",
            "quotes are closed",
            "towns.csv, row 3",
        ),
    ],
    ids=["empty", "comments alone", "a header alone", "UTF-16", "a null character", "an open quote"],
)
def test_a_file_that_is_not_a_table(
    content: bytes, found: str, expected: str, where: str, tmp_path: Path
) -> None:
    told = problem(tmp_path, "towns", content)
    assert told.path == ("place", "towns")
    assert found in told.found
    assert expected in told.expected
    assert spot(told) == where


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("town.csv", 'did you mean "towns.csv"?'),
        ("towns.xlsx", "a file ending in .csv"),
        ("folder.csv", "a file in"),
        ("a" * 300 + ".csv", "a file in"),
        ("a" * 300 + "/b.csv", "a file in"),
        ("\0.csv", "a file in"),
    ],
)
def test_a_file_that_is_not_there(name: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text(TOWNS)
    (tmp_path / "folder.csv").mkdir()
    found = expand({"place": {"towns": {"file": name, "source": "s"}}}, [tmp_path, tmp_path / "none"])
    (told,) = found.problems
    assert told.path == ("place", "towns", "file")
    assert told.found == repr(name)
    assert expected in told.expected
    assert found.mapping == {"place": {"towns": {"source": "s"}}}


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that nobody can read")
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").symlink_to("/proc/self/mem")
    (told,) = expand({"place": {"towns": {"file": "towns.csv"}}}, [tmp_path]).problems
    assert told.expected == "a file that can be read"
    with pytest.raises(UnreadableError, match="a file that can be read"):
        form_of(tmp_path / "none.csv")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TOWNS + "a,,1,x,many\nb.c,rural,1,2,few\n")
    (tmp_path / "u.csv").write_text("base,kind,count,colour\nw,engine,many,red\n")
    mapping = {
        "place": {"towns": {"file": "t.csv"}, "sites": {"file": "s.csv"}},
        "fleet": {"units": {"file": "u.csv"}},
    }
    found = expand(mapping, [tmp_path])
    assert [each.path for each in found.problems] == [
        *(("place", "towns", "a", column) for column in ("kind", "lon", "people")),
        *(("place", "towns"), ("place", "towns")),
        ("place", "sites", "file"),
        ("fleet", "units"),
        ("fleet", "units", "w", "engine", "count"),
    ]
    assert found.mapping == {"place": {"towns": {}, "sites": {}}, "fleet": {"units": {}}}
    assert [found.spoilt(path) for path in ((), ("place",), ("place", "towns"), ("place", "zones"))] == [
        *(False, True, True, False)
    ]
