"""Traces: what is given is used to the last bit, what is absent is drawn, what is wrong is told."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, world

import sim
from sim.engine.run import draw
from sim.measure.notes import notes

HEAD = "id,at,type,x,y"


def history(**changes: Any) -> dict[str, Any]:
    """A square of 20 km with a hospital, and the calls of history.csv."""
    mapping = world(
        horizon="48 h",
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "20 km", "people": 1}},
        place__sites__h={"kind": "hospital", "x": "1 km", "y": "0 m"},
        place__sites__far={"kind": "hospital", "x": "9 km", "y": "0 m"},
        demand={"history": {"use": "sim.demand.trace.Trace", "file": "history.csv"}},
        **changes,
    )
    mapping["fleet"]["kinds"]["unit"] |= {
        "transports": True,
        "handover": {"dist": "exponential", "mean": "9 min"},
    }
    mapping["fleet"]["kinds"]["other"] = {"mode": "unit", "turnout": "0 s", "access": "0 s"}
    mapping["fleet"]["units"]["s"]["other"] = 1
    mapping["incident"]["fire"] = call()
    return mapping


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*lines: str, encoding: str = "utf-8") -> None:
    Path("history.csv").write_text("\n".join(lines) + "\n", encoding=encoding)


def told(*lines: str, **changes: Any) -> list[tuple[str, str, str]]:
    """Where, what and what was expected, of every problem with these lines."""
    write(*lines)
    with pytest.raises(sim.ConfigError) as error:
        sim.build(history(**changes))
    return [(p.where, p.found, p.expected) for p in error.value.problems]


def test_marks_that_are_given_are_used_to_the_last_bit() -> None:
    write(
        f"{HEAD},level,priority,call_handling_s,scene_s,transport,hospital,handover_s,needs",
        "a,100.123456789,call,1234.5678901,-2,IV,7,0.1,600.3,yes,far,12.7,unit:1",
        "b,50,fire,0,0,4,1,0,1,no,,,unit:1;other:1",
    )
    scenario = sim.build(history()).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    assert incidents.id.tolist() == ["b", "a"]
    a = incidents.iloc[1]
    assert (a.occurred_s, a.reported_s, a.x_m, a.y_m) == (100.123456789, 100.123456789, 1234.5678901, -2)
    assert (a.level, a.priority, a.classified_s) == ("IV", 7, 100.123456789 + 0.1)
    (trip,) = responses[responses.incident == 1].itertuples()
    assert trip.hospital == "far"
    assert trip.left_scene_s == trip.at_work_s + 600.3
    assert trip.transferred_s == trip.at_destination_s + 12.7
    b = responses[responses.incident == 0]
    assert sorted(b.kind) == ["other", "unit"]
    assert b.hospital.isna().all()
    assert (b.left_scene_s - b.at_work_s == 1).all()


def test_marks_that_are_absent_are_drawn_anew_in_each_replication() -> None:
    write(f"{HEAD},scene_s", *(f"{i},{i},call,0,0,{'5' if i % 2 else ''}" for i in range(400)))
    scenario = sim.build(history()).scenario
    one, two = (draw(scenario, 1, replication) for replication in range(2))
    given = np.arange(400) % 2 == 1
    assert (one.scene_s[given] == 5).all()
    assert (two.scene_s[given] == 5).all()
    assert (one.scene_s[~given] != two.scene_s[~given]).all()
    assert abs(one.scene_s[~given].mean() - 3600) < 4 * 3600 / np.sqrt(200)
    assert np.array_equal(one.scene_s, draw(scenario, 1, 0).scene_s)


def test_a_row_that_is_put_in_leaves_those_above_as_they_were() -> None:
    lines = [f"{i},{i},call,0,0" for i in range(20)]
    write(HEAD, *lines)
    before = draw(sim.build(history()).scenario, 1, 0)
    write(HEAD, *lines[:10], "new,9.5,call,0,0", *lines[10:])
    after = draw(sim.build(history()).scenario, 1, 0)
    assert np.array_equal(before.scene_s[:10], after.scene_s[:10])
    assert (before.scene_s[10:] != after.scene_s[11:]).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_chinese_headers_units_and_any_encoding(encoding: str, delimiter: str) -> None:
    lines = [
        "编号,报警时间,事件类型,x（km）,y（km）,等级,现场时长(分)",
        "甲,2022-01-04 06:30,call,1.5,0,IV,10",
    ]
    write(*(line.replace(",", delimiter) for line in lines), encoding=encoding)
    found = draw(sim.build(history()).scenario, 1, 0)
    assert (found.occurred_s[0], found.x_m[0], found.scene_s[0]) == (30.5 * 3600, 1500, 600)


def test_a_zone_alone_spreads_over_it_and_no_place_goes_where_the_type_does() -> None:
    write("at,type,zone", *("10,call,z" for _ in range(500)))
    found = draw(sim.build(history()).scenario, 1, 0)
    assert np.ptp(found.x_m) > 15_000
    write("at,type", *("10,call" for _ in range(500)))
    found = draw(sim.build(history()).scenario, 1, 0)
    assert np.ptp(found.y_m) > 15_000


def test_degrees_are_projected_as_the_place_is() -> None:
    zones = {"z": {"lat": 36.0, "lon": 117.0, "side": "20 km", "people": 1}}
    sites = {"s": {"kind": "fire_station", "lat": 36.0, "lon": 117.0}}
    mapping = history()
    mapping["place"] |= {"zones": zones, "sites": sites}
    write("at,type,纬度,经度", "10,call,36.05,117.0")
    found = draw(sim.build(mapping).scenario, 1, 0)
    assert found.y_m[0] == pytest.approx(0.05 * 110_985, rel=1e-3)  # a degree of latitude at 36° N
    write("at,type,lat,lon", "10,call,117.0,36.05")
    with pytest.raises(sim.ConfigError, match=r"row 2, column lat"):
        sim.build(mapping)
    mapping["place"]["zones"]["z"] |= {"lat": 36.0, "lon": 17.0}
    mapping["place"]["sites"]["s"] |= {"lat": 36.0, "lon": 17.0}
    write("at,type,lat,lon", "10,call,17.0,36.05")
    with pytest.raises(sim.ConfigError, match="are lat and lon swapped"):
        sim.build(mapping)


def test_rows_after_the_horizon_are_noted() -> None:
    write("at,type", *(f"{at},call" for at in (0, 172799, 172800, 9e9)))
    scenario = sim.build(history()).scenario
    assert len(draw(scenario, 1, 0)) == 2
    told = "history: 2 of 4 rows of history.csv lie after the horizon (2 d) and are left out"
    assert notes(scenario) == [told]


def test_parquet_holds_the_same(here: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "at": pd.to_datetime(["2022-01-03 01:00", "2022-01-03 02:00"]),
            "type": ["call", "fire"],
            "x": [10.0, 20.0],
            "y": [0.0, 0.0],
            "level": ["IV", None],
            "scene_s": [12.5, np.nan],
        }
    )
    frame.to_parquet(here / "history.parquet")
    mapping = history()
    mapping["demand"]["history"]["file"] = "history.parquet"
    found = draw(sim.build(mapping).scenario, 1, 0)
    assert found.occurred_s.tolist() == [3600.0, 7200.0]
    assert found.scene_s[0] == 12.5
    assert found.scene_s[1] > 0


BAD = {
    "an unknown column": ([f"{HEAD},colour", "a,1,call,0,0,red"], "row 1, column colour", "lon/经度"),
    "a misspelt Chinese column": (
        [f"{HEAD},接警时", "a,1,call,0,0,red"],
        "row 1, column 接警时",
        'did you mean "接警时间"?',
    ),
    "no type": (["id,at", "a,1"], "row 1", "the columns at and type"),
    "x without y": (["at,type,x", "1,call,0"], "row 1", "both, or neither"),
    "a column twice": (["at,type,time", "1,call,2"], "row 1, column time", "one column for at"),
    "no unit": (
        ["at,type,scene", "1,call,2"],
        "row 1, column scene",
        "such as scene_s",
    ),
    "an unknown type": ([HEAD, "a,1,cal,0,0"], "row 2, column type", 'did you mean "call"?'),
    "not a number": ([HEAD, "a,1,call,0,0", "b,2,call,zero,0"], "row 3, column x", "a number"),
    "NaN": ([f"{HEAD},scene_s", "a,1,call,0,0,nan"], "row 2, column scene", "a number of at least 0"),
    "infinite": ([f"{HEAD},scene_s", "a,1,call,0,0,inf"], "row 2, column scene", "a number of at least 0"),
    "negative": ([f"{HEAD},scene_s", "a,1,call,0,0,-5"], "row 2, column scene", "a number of at least 0"),
    "before the start": ([HEAD, "a,2021-12-31 10:00,call,0,0"], "row 2, column at", "2022-01-03"),
    "no time at all": ([HEAD, "a,soon,call,0,0"], "row 2, column at", "a time such as"),
    "an empty time": ([HEAD, "a,1,call,0,0", "b,,call,0,0"], "row 3, column at", "a value"),
    "mixed time zones": (
        [HEAD, "a,2022-01-03T01:00+08:00,call,0,0", "b,2022-01-03T01:00Z,call,0,0"],
        "history.csv",
        "times in one time zone",
    ),
    "an id twice": ([HEAD, "a,1,call,0,0", "a,2,call,0,0"], "row 3, column id", "an id not in row 2"),
    "an unknown hospital": ([f"{HEAD},hospital", "a,1,call,0,0,fur"], "column hospital", '"far"'),
    "an unknown level": ([f"{HEAD},level", "a,1,call,0,0,V"], "row 2, column level", "a known level"),
    "a magnitude of what has none": (
        [f"{HEAD},magnitude", "a,1,call,0,0,5.5"],
        "row 2, column magnitude",
        "this type has none",
    ),
    "neither yes nor no": (
        [f"{HEAD},transport", "a,1,call,0,0,maybe"],
        "row 2, column transport",
        "yes or no",
    ),
    "an unknown unit": ([f"{HEAD},needs", "a,1,call,0,0,unti:1"], "row 2, column needs", '"unit"'),
    "no count": ([f"{HEAD},needs", "a,1,call,0,0,unit"], "row 2, column needs", "such as engine:2"),
    "a unit without a time": ([f"{HEAD},needs", "a,1,call,0,0,other:1"], "row 2, column needs", "scene_s"),
    "far away": ([HEAD, "a,1,call,90000,0"], "row 2, column x", "a point in the area"),
    "an unknown zone": (["at,type,zone", "1,call,zz"], "row 2, column zone", '"z"'),
    "no rows": ([HEAD], "history.csv", "at least one incident"),
    "ragged": ([HEAD, "a,1,call,0,0,9,9"], "row 2", "no cells beyond the header"),
}


@pytest.mark.parametrize(("lines", "where", "expected"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_told_with_file_row_and_column(lines: list[str], where: str, expected: str) -> None:
    ((place, found, wanted),) = told(*lines)
    assert place.startswith("history.csv")
    assert where in place
    assert expected in wanted
    assert found


def test_a_file_is_named_with_its_folder(here: Path) -> None:
    (here / "past").mkdir()
    mapping = history()
    mapping["demand"]["history"]["file"] = "past/history.csv"
    for content in (
        f"{HEAD}\na,1,cal,0,0\n",
        f"{HEAD},colour\n",
        f"{HEAD}\na,1,call,0,0,9\n",
        f'{HEAD}\n"a\n',
    ):
        (here / "past" / "history.csv").write_text(content)
        with pytest.raises(sim.ConfigError) as error:
            sim.build(mapping)
        assert {p.where.partition(", ")[0] for p in error.value.problems} == {
            str(Path("past", "history.csv"))
        }


def test_all_mistakes_are_told_at_once_and_a_flood_is_cut_short() -> None:
    lines = [HEAD, *(f"{i},{i},nonsense,0,0" for i in range(1000)), "x,-1,call,bad,0"]
    found = told(*lines)
    assert len(found) == 21
    assert "more like these" in found[-1][1]


def test_bytes_that_are_no_text_and_a_file_that_is_not_there() -> None:
    Path("history.csv").write_bytes(b"at,type\n1,\xff\xfe\x00")
    with pytest.raises(sim.ConfigError, match=r"history\.csv"):
        sim.build(history())
    Path("history.csv").unlink()
    Path("histori.csv").write_text("at,type\n1,call\n")
    with pytest.raises(sim.ConfigError, match=r'did you mean "histori\.csv"'):
        sim.build(history())


def test_a_changed_file_is_another_study() -> None:
    write(HEAD, "a,1,call,0,0")
    one = sim.build(history()).fingerprint
    write(HEAD, "a,2,call,0,0")
    assert sim.build(history()).fingerprint != one


def test_a_trace_and_random_incidents_mix_and_do_not_share_their_marks() -> None:
    write(HEAD, *(f"{i},{i * 300},call,0,0" for i in range(100)))
    mapping = history()
    mapping["demand"]["poisson"] = {"use": "sim.demand.poisson.Poisson"}
    scenario = sim.build(mapping).scenario
    found = draw(scenario, 1, 0)
    from_trace, random = found.scene_s[found.source == 0], found.scene_s[found.source == 1]
    assert len(from_trace) == 100
    assert len(random) > 20
    assert not set(from_trace) & set(random)


BIG = """
import json, resource, sys, time
import sim
sys.path.insert(0, {tests!r})
from worlds import world
from sim.engine.run import draw
from sim.measure.notes import notes
mapping = world(
    horizon="1000 d",
    place__zones={{"z": {{"x": "0 m", "y": "0 m", "side": "20 km", "people": 1}}}},
    demand={{"history": {{"use": "sim.demand.trace.Trace", "file": "history.csv"}}}},
)
scenario = sim.build(mapping).scenario
incidents = draw(scenario, 1, 0)
print(json.dumps({{"n": len(incidents), "kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}}))
"""


@pytest.mark.slow
def test_a_million_rows_are_read_within_a_gigabyte(here: Path) -> None:
    n = 1_000_000
    frame = pd.DataFrame({"id": np.arange(n), "at": np.arange(n) * 80.0, "type": "call", "x": 1.5, "y": 2.5})
    frame["scene_s"] = 60.0
    frame.to_csv(here / "history.csv", index=False)
    code = BIG.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    found = json.loads(done.stdout)
    assert found["n"] == n
    assert found["kb"] < 1e6
