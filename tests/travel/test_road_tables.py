from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from auckland import MODES, calls, hospitals, stations, write_auckland

from sim.model.earth import project
from sim.sheets import Fault, FileError
from sim.travel.roads.survey import Survey
from sim.travel.roads.tables import read_tables

ORIGIN = (36.8, 117.86)

NODES = "id,x,y\na,0,0\nb,300,400\nc,1000,0\n"
ARCS = "from,to\na,b\nb,c\n"


@pytest.fixture
def read(tmp_path):
    """A function that writes two tables, texts or bytes, and reads them."""

    def tables(nodes=NODES, arcs=ARCS, origin=None) -> Survey:
        files = tmp_path / "nodes.csv", tmp_path / "arcs.csv"
        for file, content in zip(files, (nodes, arcs), strict=True):
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tables(*files, origin)

    return tables


@pytest.fixture
def faults(read):
    """A function that returns all that is wrong with two tables."""

    def told(*tables, **options) -> tuple[Fault, ...]:
        with pytest.raises(FileError) as error:
            read(*tables, **options)
        return error.value.faults

    return told


def arcs_of(survey: Survey) -> dict[tuple[str, str], int]:
    """Return the arcs by the names of their ends."""
    ends = zip(survey.start, survey.end, strict=True)
    return {(survey.names[a], survey.names[b]): i for i, (a, b) in enumerate(ends)}


def test_without_more_said_roads_are_straight_and_lead_both_ways(read) -> None:
    """Sides of 500 m and of 806.2 m (700, 400); by hand."""
    survey = read()
    assert survey.names == ("a", "b", "c")
    assert survey.x_m.tolist() == [0, 300, 1000]
    assert survey.y_m.tolist() == [0, 400, 0]
    assert survey.access.all()
    arcs = arcs_of(survey)
    assert set(arcs) == {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")}
    assert survey.length_m[arcs["a", "b"]] == survey.length_m[arcs["b", "a"]] == 500
    assert survey.length_m[arcs["c", "b"]] == pytest.approx(np.sqrt(700**2 + 400**2))
    assert set(survey.classes) == set(survey.labels) == {""}
    assert survey.seconds == {}


def test_everything_that_a_row_may_say(read) -> None:
    survey = read(
        "id,x (km),y_m,access\na,0,0,No\nb,0.3,400,yes\nc,1,0,\n",
        "from,to,length (km),class,oneway,name,Ambulance_s,foot (min)\n"
        "a,b,0.6,primary,yes,Ring;B 2,36,\n"
        "b,c,0.9,track,-1,,,15\n"
        "a,c,,,no,,90,20\n",
    )
    arcs = arcs_of(survey)
    assert survey.access.tolist() == [False, True, True]
    assert set(arcs) == {("a", "b"), ("c", "b"), ("a", "c"), ("c", "a")}
    ab, cb, ca = (arcs[pair] for pair in (("a", "b"), ("c", "b"), ("c", "a")))
    assert survey.length_m[[ab, cb, ca]].tolist() == [600, 900, 1000]
    assert survey.classes[[ab, cb, ca]].tolist() == ["primary", "track", ""]
    assert survey.labels[[ab, cb, ca]].tolist() == ["Ring;B 2", "", ""]
    assert set(survey.seconds) == {"ambulance", "foot"}
    np.testing.assert_array_equal(survey.seconds["ambulance"][[ab, cb, ca]], [36, np.nan, 90])
    np.testing.assert_array_equal(survey.seconds["foot"][[ab, cb, ca]], [np.nan, 900, 1200])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_headings_may_be_chinese(read, encoding: str) -> None:
    survey = read(
        "编号,纬度,经度,可离开\n一,36.8,117.86,是\n二,36.81,117.86,否\n".encode(encoding),
        "起点,终点,长度（公里）,等级,单行,路名\n一,二,1.2,主干路,是,张周路\n".encode(encoding),
        origin=ORIGIN,
    )
    assert survey.names == ("一", "二")
    assert (survey.x_m[1], survey.y_m[1]) == pytest.approx(project(36.81, 117.86, ORIGIN))
    assert survey.access.tolist() == [True, False]
    assert survey.length_m.tolist() == [1200]
    assert survey.classes.tolist() == ["主干路"]
    assert survey.labels.tolist() == ["张周路"]


def test_parquet_is_the_same_as_csv(read, tmp_path) -> None:
    nodes = pd.DataFrame(
        {"id": [1, 2, 3], "x": [0, 300, 1000], "y": [0, 400, 0], "access": [True, False, True]}
    )
    arcs = pd.DataFrame({"from": [1, 2], "to": [2, 3], "oneway": [True, False], "engine_s": [40.0, np.nan]})
    files = tmp_path / "nodes.parquet", tmp_path / "arcs.parquet"
    nodes.to_parquet(files[0])
    arcs.to_parquet(files[1])
    one, other = read_tables(*files, None), read(nodes.to_csv(index=False), arcs.to_csv(index=False))
    assert one.names == other.names == ("1", "2", "3")
    for name in ("x_m", "y_m", "access", "start", "end", "length_m", "classes", "labels"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    np.testing.assert_array_equal(one.seconds["engine"], other.seconds["engine"])


def test_arcs_from_a_node_to_itself_are_left_out(read) -> None:
    survey = read(NODES, "from,to,length\na,a,50\na,b,500\n")
    assert set(arcs_of(survey)) == {("a", "b"), ("b", "a")}


WRONG = {
    "an unknown node": (
        NODES,
        "from,to\na,b\nb,d\n",
        "arcs.csv, row 3, column to: 'd', expected the id of a node",
    ),
    "no node": (NODES, "from,to\n,b\n", "arcs.csv, row 2, column from: '', expected the id of a node"),
    "a node twice": (
        NODES + "a,5,5\n",
        ARCS,
        "nodes.csv, row 5, column id: 'a', expected an id not in row 2",
    ),
    "no id": (NODES + ",5,5\n", ARCS, "nodes.csv, row 5, column id: '', expected a value"),
    "no coordinate": (NODES + "d,,5\n", ARCS, "nodes.csv, row 5, column x: '', expected a value"),
    "no number": (NODES + "d,NaN,5\n", ARCS, "nodes.csv, row 5, column x: 'NaN', expected a number"),
    "no column id": ("x,y\n0,0\n", ARCS, "nodes.csv, row 1: no column id, expected the columns id"),
    "x alone": ("id,x\na,0\n", ARCS, "nodes.csv, row 1: x without y, expected both, or neither"),
    "nowhere": ("id\na\n", "from,to\na,a\n", "nodes.csv, row 1: no coordinates, expected x and y in metres"),
    "no column to": (NODES, "from\na\n", "arcs.csv, row 1: no column to, expected the columns from and to"),
    "a misspelt column": (
        NODES,
        "from,to,lenth\na,b,1\n",
        "arcs.csv, row 1, column lenth: 'lenth', expected a",
    ),
    "not a unit of it": (NODES, "from,to,length_s\na,b,1\n", "'length_s', expected m, km in the heading"),
    "a column twice": (NODES, "from,to,e_s,e (min)\na,b,9,9\n", "'e (min)', expected one column for e_s"),
    "a length of 0": (
        NODES,
        "from,to,length\na,b,0\n",
        "row 2, column length: '0', expected a number above 0",
    ),
    "a length below 0": (NODES, "from,to,length\na,b,-5\n", "column length: '-5', expected a number above 0"),
    "a length of NaN": (NODES, "from,to,length\na,b,nan\n", "row 2, column length: 'nan', expected a number"),
    "a time below 0": (NODES, "from,to,e_s\na,b,-1\n", "column e_s: '-1', expected a number of at least 0"),
    "perhaps": (NODES, "from,to,oneway\na,b,perhaps\n", "oneway: 'perhaps', expected yes, no or -1"),
    "perhaps access": (
        "id,x,y,access\na,0,0,2\n",
        "from,to\na,a\n",
        "column access: '2', expected yes or no",
    ),
    "no arcs": (NODES, "from,to\n", "arcs.csv: no arcs, expected at least one"),
    "only arcs to themselves": (
        NODES,
        "from,to\na,a\n",
        "arcs.csv: no arcs, expected at least one, between two",
    ),
    "km": (NODES, "from,to,length\na,b,0.6\n", "column length: lengths 0.0012 times the straight distances"),
    "minutes": (NODES, "from,to,length,e_s\na,b,600,0.6\n", "column e_s: 3,600 km/h on average"),
    "degrees without an origin": (
        "id,lat,lon\na,3,1\n",
        "from,to\na,a\n",
        "row 1: lat and lon, expected x and y",
    ),
    "other bytes": (b"\xff\xfe\x00", ARCS, "nodes.csv: other bytes than text, expected text in UTF-8"),
}

WRONG_IN_DEGREES = {
    "degrees as metres": (
        "x,y\na,117.86,36.8\n",
        ORIGIN,
        "row 1: x and y in degrees, expected metres, or columns",
    ),
    "both": (
        "x,y,lat,lon\na,0,0,36.8,117.86\n",
        ORIGIN,
        "row 1: x, y, lat and lon, expected x and y in metres",
    ),
    "swapped": (
        "lat,lon\na,117.86,36.8\n",
        ORIGIN,
        "column lat: '117.86', expected a number of at least -90",
    ),
    "swapped in Europe": (
        "lat,lon\na,11.55,50\n",
        (50.0, 11.55),
        "column lat: '11.55', expected a node within",
    ),
    "far away": (
        "x,y\na,500000,4000000\n",
        ORIGIN,
        "column x: '500000', expected metres from the place's origin",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(faults, name: str) -> None:
    nodes, arcs, text = WRONG[name]
    told = [str(FileError([fault])) for fault in faults(nodes, arcs)]
    assert len([each for each in told if text in each]) == 1, told


@pytest.mark.parametrize("name", WRONG_IN_DEGREES)
def test_wrong_coordinates_are_told(faults, name: str) -> None:
    nodes, origin, text = WRONG_IN_DEGREES[name]
    told = faults(f"id,{nodes}", "from,to\na,a\n", origin=origin)
    assert text in str(FileError(told[:1]))


def test_faults_of_both_tables_are_told_at_once(faults) -> None:
    told = faults("id,x,y\na,0,zero\nb,9,9\n", "from,to,length,speed\na,b,1,1\n")
    where = [Path(f.where).name for f in told]
    assert where == ["nodes.csv, row 2, column y", "arcs.csv, row 1, column speed"]


def test_of_many_faults_the_first_are_told(faults) -> None:
    told = faults(NODES, "from,to\n" + "a,nowhere\n" * 50_000)
    assert len(told) == 21
    assert told[-1].found == "49,980 more like these"


def test_a_file_that_is_not_there_or_not_parquet(tmp_path) -> None:
    nodes, arcs = tmp_path / "nodes.csv", tmp_path / "arcs.parquet"
    arcs.write_text("from,to\n")
    with pytest.raises(FileError) as error:
        read_tables(nodes, arcs, None)
    assert [Path(f.where).name for f in error.value.faults] == ["nodes.csv", "arcs.parquet"]


def test_auckland(tmp_path) -> None:
    """JEMSS's Auckland: sizes, speeds (91 and 47 km/h with sirens, 64 and 33 without), nearest nodes."""
    survey = read_tables(*write_auckland(tmp_path), None)
    assert len(survey.names) == 54_370
    assert len(survey.start) == 90_638
    assert survey.access.sum() == 46_860
    assert set(survey.seconds) == set(MODES)
    assert survey.length_m[:2] == pytest.approx([61.28823812938525, 21.188625968174942])
    assert survey.seconds["siren"][:2] == pytest.approx([2.4245898, 1.6229585], rel=1e-6)
    for mode, speeds in (("siren", {47, 91}), ("regular", {33, 64})):
        assert set(np.round(3.6 * survey.length_m / survey.seconds[mode])) == speeds
    trace = calls("trace_rep1.csv")
    leave = np.flatnonzero(survey.access)
    for call in trace.iloc[:50].itertuples():
        nearest = leave[np.hypot(survey.x_m[leave] - call.x, survey.y_m[leave] - call.y).argmin()]
        assert survey.names[nearest] == str(call.nearestNode)
    assert trace.arrivalTime.is_monotonic_increasing
    assert (trace.dispatchDelay - 50).abs().max() < 1e-6
    assert (len(stations()), len(hospitals()), len(trace)) == (14, 4, 4220)


def test_lengths_and_times_that_cannot_be_right_are_told_with_their_rows(faults) -> None:
    nodes = "id,x,y\na,0,0\nb,4000,0\nc,8000,0\nd,9000,0\n"
    arcs = (
        "from,to,length (km),e_s\na,b,4.1,200\nb,c,4,40\nb,d,4.2,900\nc,d,1001,90000\nc,d,1,0.2\na,d,9,360\n"
    )
    told = [str(FileError([fault])) for fault in faults(nodes, arcs)]
    assert told == [
        "arcs.csv, row 4, column length: 4.2 km, expected at least the 5 km of the straight line between "
        "its nodes",
        "arcs.csv, row 5, column length: 1,001 km, expected at most 1,000 km",
        "arcs.csv, row 3, column e_s: 40 s for 4 km, expected a time that makes at most 300 km/h",
        "arcs.csv, row 6, column e_s: 0.2 s for 1 km, expected a time that makes at most 300 km/h",
    ]


def test_of_many_rows_that_are_too_short_the_first_are_told_and_how_many_more(faults) -> None:
    arcs = "from,to,length\n" + "a,c,1000\n" * 90 + "a,b,5\n" * 9 + "a,nowhere,1\n"
    told = faults("id,x,y\na,0,0\nb,3000,0\nc,1000,0\n", arcs)
    assert [fault.found for fault in told] == ["0.005 km"] * 5 + ["4 more like these", "'nowhere'"]


def test_roundings_are_no_faults(read) -> None:
    nodes = "id,x,y\na,0,0\nb,140,0\nc,900,0\n"
    survey = read(nodes, "from,to,length (km),e (min)\na,b,0.1,0\nb,c,0.7,1\n")
    assert survey.length_m.tolist() == pytest.approx([100, 700, 100, 700])


def test_a_length_that_is_hardly_right_is_a_doubt(read) -> None:
    survey = read(NODES, "from,to,length (km)\na,b,40\nb,c,1\na,c,50\n")
    (doubt,) = survey.doubts
    assert doubt == "arcs.csv, row 2: 40.0 km of road between nodes that are 0.5 km apart (and 1 other)"


def test_an_unknown_column_hides_nothing_in_the_rows(faults) -> None:
    told = faults("id,x,y,hight\na,0,0,5\nb,zero,9,5\n", "from,to,speed,length\na,c,9,1\nb,a,9,-1\n")
    where = [Path(fault.where).name for fault in told]
    assert where == [
        "nodes.csv, row 1, column hight",
        "nodes.csv, row 3, column x",
        "arcs.csv, row 1, column speed",
        "arcs.csv, row 2, column to",
        "arcs.csv, row 3, column length",
    ]
