"""Origin-destination tables: what is read, what is looked up, and what is wrong."""

import pickle
import tracemalloc
from collections.abc import Mapping
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import points, stations, world

import sim
from sim.model.closures import Closure
from sim.rng import Streams
from sim.seams import TravelTimes

SPOTS = {"a": (0.0, 0.0), "b": (3000.0, 0.0), "c": (3000.0, 4000.0)}
MINUTES = np.array([[0.0, 5.0, 9.0], [6.0, 0.0, 4.0], [np.inf, 4.5, 0.0]])
"""Not symmetric; nothing leads from c to a."""


def square(names: str = "abc", times: np.ndarray = MINUTES) -> str:
    rows = [",".join([name, *(f"{t:g}" for t in row)]) for name, row in zip(names, times, strict=True)]
    return "\n".join([",".join(["", *names]), *rows]) + "\n"


def long(heading: str = "unit (min)") -> str:
    rows = [f"{a},{b},{MINUTES[i, j]:g}" for i, a in enumerate("abc") for j, b in enumerate("abc")]
    return "\n".join([f"from,to,{heading}", *rows]).replace("inf", "") + "\n"


def build(folder: Path, modes: Mapping[str, Any], **more: Any) -> TravelTimes:
    travel = {"use": "sim.travel.matrix.Matrix", "modes": modes, **more}
    zones = {name: {**spot, "people": 1} for name, spot in points(SPOTS).items()}
    mapping = world(travel=travel, place__zones=zones, place__sites=stations({"s": (0.0, 0.0)}))
    return sim.build(mapping, folders=[folder]).scenario.travel


def wrong(folder: Path, modes: Mapping[str, Any], **more: Any) -> str:
    with pytest.raises(sim.ConfigError) as error:
        build(folder, modes, **more)
    return str(error.value)


def table(travel: TravelTimes, mode: str = "unit") -> np.ndarray:
    at = np.array(list(SPOTS.values()))
    return travel.seconds(at, at, at_s=0.0, mode=mode)


def in_every_form(folder: Path) -> dict[str, dict[str, Any]]:
    (folder / "square.csv").write_text(square())
    (folder / "shuffled.csv").write_text("#,note\n;b;a;c\nc;4.5;inf;0\na;5;0;9\nb;0;6;4\n")
    (folder / "long.csv").write_text(long())
    (folder / "chinese.csv").write_text(long("unit（分钟）").replace("from,to", "起点,终点"), "gb18030")
    rows = [(a, b, MINUTES[i, j] * 60) for i, a in enumerate("abc") for j, b in enumerate("abc")]
    frame = pd.DataFrame(rows, columns=["from", "to", "unit_s"]).replace(inf, np.nan)
    frame.to_parquet(folder / "long.parquet")
    np.savez(folder / "arrays.npz", names=np.array(list("abc")), unit=MINUTES)
    return {
        "square.csv": {"unit": "min"},
        "shuffled.csv": {"unit": "min"},
        "long.csv": {},
        "chinese.csv": {},
        "long.parquet": {},
        "arrays.npz": {"unit": "min"},
    }


def test_every_form_says_the_same(tmp_path: Path) -> None:
    for file, more in in_every_form(tmp_path).items():
        travel = build(tmp_path, {"unit": {"file": file, **more}})
        assert (table(travel) == MINUTES * 60).all(), file


def test_modes_are_columns_or_shares_of_another(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(long("unit (min)"))
    slow, slower = {"of": "unit", "factor": 1.42}, {"of": "slow", "factor": 2.0}
    modes = {"unit": {"file": "long.csv"}, "slow": slow, "slower": slower}
    travel = build(tmp_path, modes)
    assert list(travel.modes) == ["unit", "slow", "slower"]
    assert (table(travel, "slow") == MINUTES * 60 * 1.42).all()
    assert table(travel, "slower") == pytest.approx(MINUTES * 60 * 2.84)


def test_points_are_at_their_nearest_node(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(square())
    travel = build(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}})
    assert travel.between((100.0, -900.0), (2500.0, 800.0), at_s=0.0, mode="unit") == 300
    assert travel.between((100.0, -900.0), (300.0, 50.0), at_s=0.0, mode="unit") == 0
    on_foot = build(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}}, off_road="1 m/s")
    assert on_foot.between((0.0, -90.0), (3000.0, 10.0), at_s=0.0, mode="unit") == 90 + 300 + 10
    assert on_foot.between((0.0, -90.0), (0.0, 50.0), at_s=0.0, mode="unit") == 140
    rng = np.random.default_rng(1)
    a, b = rng.uniform(-1e3, 5e3, (20, 2)), rng.uniform(-1e3, 5e3, (30, 2))
    for each in (travel, on_foot):
        found = each.seconds(a, b, at_s=0.0, mode="unit")
        one_by_one = [[each.between(tuple(p), tuple(q), at_s=0.0, mode="unit") for q in b] for p in a]
        assert (found == one_by_one).all()


def test_nodes_of_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(square("123"))
    (tmp_path / "nodes.csv").write_text("id,x (km),y (km),street\n1,0,0,x\n2,3,0,\n3,3,4,\n4,9,9,\n")
    travel = build(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}}, nodes="nodes.csv")
    assert (table(travel) == MINUTES * 60).all()
    (tmp_path / "nodes.csv").write_text("id,x,y\n1,0,zero\n2,3000,0\n2,0,0\n")
    told = wrong(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}}, nodes="nodes.csv")
    assert "nodes.csv, row 2, column y" in told
    assert "nodes.csv, row 4, column name" in told


def test_on_its_way_a_unit_turns_at_the_nearest_node(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(square())
    travel = build(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}})
    route = travel.route(SPOTS["a"], SPOTS["b"], at_s=0.0, mode="unit")
    assert route.at(0.4) == (1200.0, 0.0)
    assert route.turn(0.4) == (SPOTS["a"], pytest.approx(120))  # 1.2 km back at 3 km in 5 min
    assert route.turn(0.75) == (SPOTS["b"], pytest.approx(75))
    assert route.turn(0.0) == (SPOTS["a"], 0.0)
    lost = travel.route(SPOTS["c"], SPOTS["a"], at_s=0.0, mode="unit").turn(0.5)
    assert lost[1] == 0


def test_closed_nodes_zones_and_circles_until_the_last_is_reopened(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(square())
    built = build(tmp_path, {"unit": {"file": "t.csv", "unit": "min"}})
    travel = built.begin(Streams(1, 0), horizon_s=1.0)
    shut = [
        Closure("n", nodes=("b",)),
        Closure("z", zones=(1,)),
        Closure("o", at=(3000.0, 500.0), radius_m=500.0),
    ]
    for closure in shut:
        travel.close(closure)
    cut = np.isinf(table(travel))
    assert cut[1].all()
    assert cut[:, 1].all()
    assert cut.sum() == 6  # and from c to a, as ever
    assert travel.between(SPOTS["a"], SPOTS["b"], at_s=0.0, mode="unit") == inf
    assert (table(built) == MINUTES * 60).all()
    assert (table(built.begin(Streams(1, 0), horizon_s=1.0)) == MINUTES * 60).all()
    assert (table(pickle.loads(pickle.dumps(travel))) == table(travel)).all()
    for closure in shut:
        assert np.isinf(table(travel)[0, 1])
        travel.reopen(closure)
    assert (table(travel) == MINUTES * 60).all()
    with pytest.raises(ValueError, match="expected a known node, not d"):
        travel.close(Closure("d", nodes=("d",)))


BAD = {
    "not square": (",a,b,c\na,0,1,2\nb,1,0\nc,1,2,0\n", ["t.csv, row 3", "2 times", "3, one a column"]),
    "no row for a column": (",a,b,c\na,0,1,2\nb,1,0,3\n", ["no row 'c'", "one, as there is a column"]),
    "no column for a row": (",a,b\na,0,1\nb,1,0\nc,1,2\n", ["no column 'c'"]),
    "twice": (
        ",a,b,b\na,0,1,2\nb,1,0,3\nb,1,2,0\n",
        ["t.csv, row 1", "'b'", "labels that are all different"],
    ),
    "not a number": (
        ",a,b\na,0,x\nb,nan,0\n",
        ["row 2, column b", "'x'", "row 3, column a", "'nan'", "a time, or inf"],
    ),
    "negative": (",a,b\na,0,-1\nb,1,0\n", ["t.csv, a to b", "-1", "a time of at least 0"]),
    "diagonal": (",a,b\na,3,1\nb,1,0\n", ["t.csv, a to a", "3", "0, from a place to itself"]),
    "unknown label": (",a,zed\na,0,1\nzed,1,0\n", ["'zed'", "a zone or site of the place"]),
    "long, a pair missing": (
        "from,to,unit_min\na,b,1\nb,a,1\na,c,2\n",
        ["no row from b to c", "no row from c to a", "one for each pair"],
    ),
    "long, a pair twice": (
        "from,to,unit_min\na,b,1\nb,a,1\na,b,2\n",
        ["row 4", "a to b again", "each pair once"],
    ),
    "long, no number": ("from,to,unit_min\na,b,1\nb,a,soon\n", ["row 3, column unit_min", "'soon'"]),
    "long, two faults": ("from,to,unit_s\na,b,-1\n", ["no row from b to a", "-1", "at least 0"]),
    "long, no such column": ("from,to,unti_min\na,b,1\n", ["no column unit"]),
    "long, no unit": ("from,to,unit\na,b,1\nb,a,1\n", ["times without a unit", "unit: s or min or h"]),
    "a quote that has no end": (',a,b\na,"0,1\n', ["t.csv, row 2", "quotes"]),
}


@pytest.mark.parametrize("case", BAD)
def test_everything_wrong_with_a_table_is_told(tmp_path: Path, case: str) -> None:
    text, words = BAD[case]
    (tmp_path / "t.csv").write_text(text)
    unit = {} if case.startswith("long") else {"unit": "min"}
    told = wrong(tmp_path, {"unit": {"file": "t.csv", **unit}})
    for word in words:
        assert word in told, told


def test_everything_wrong_with_modes_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(square())
    (tmp_path / "two.csv").write_text(",a,b\na,0,1\nb,1,0\n")
    good = {"file": "t.csv", "unit": "min"}
    assert 'did you mean "t.csv"?' in wrong(tmp_path, {"unit": {"file": "tt.csv", "unit": "min"}})
    assert "expected  either file, or of with a factor" in wrong(tmp_path, {"unit": {**good, "of": "unit"}})
    assert 'did you mean "unit"?' in wrong(tmp_path, {"unit": good, "slow": {"of": "unti"}})
    assert "a mode with a file in the end" in wrong(
        tmp_path, {"unit": good, "x": {"of": "y"}, "y": {"of": "x"}}
    )
    assert "c in one of them" in wrong(tmp_path, {"unit": good, "slow": {"file": "two.csv", "unit": "s"}})
    assert "expected  the tables of at least one mode" in wrong(tmp_path, {})
    assert "a mode of travel (known: siren)" in wrong(tmp_path, {"siren": good})
    assert "zone c is 4.0 km from the nearest node" in wrong(
        tmp_path, {"unit": {"file": "two.csv", "unit": "s"}}, snap="3 km"
    )
    np.savez(tmp_path / "bad.npz", names=np.array(["a", "b"]), unit=np.zeros((2, 3)))
    assert "unit of shape (2, 3)" in wrong(tmp_path, {"unit": {"file": "bad.npz", "unit": "s"}})
    (tmp_path / "no.npz").write_text("not one")
    assert "an NPZ file" in wrong(tmp_path, {"unit": {"file": "no.npz", "unit": "s"}})


def test_what_a_long_table_of_many_labels_lacks_is_told_without_a_table_of_all_pairs(tmp_path: Path) -> None:
    rows = "".join(f"a{i},b{i},60\n" for i in range(3000))
    (tmp_path / "t.csv").write_text("from,to,unit_s\n" + rows)
    tracemalloc.start()
    told = wrong(tmp_path, {"unit": {"file": "t.csv"}})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "no row from a0 to a1" in told
    assert peak < 6000**2  # of 8 bytes each in the table


def test_a_large_table_is_read_without_its_cells_one_by_one(tmp_path: Path) -> None:
    n, rng = 600, np.random.default_rng(3)
    times = np.round(rng.uniform(1, 4000, (n, n)), 2)
    np.fill_diagonal(times, 0)
    times[5, 7] = inf
    names = [f"n{i}" for i in range(n)]
    rows = [f"{name}," + ",".join(map(str, row)) for name, row in zip(names, times.tolist(), strict=True)]
    (tmp_path / "t.csv").write_text("\n".join(["," + ",".join(names), *rows]))
    spots = [f"n{i},{10 * i},{0}" for i in range(n)]
    (tmp_path / "nodes.csv").write_text("\n".join(["name,x,y", *spots]))
    travel = build(tmp_path, {"unit": {"file": "t.csv", "unit": "s"}}, nodes="nodes.csv")
    at = np.array([(10.0 * i, 0.0) for i in range(n)])
    assert (travel.seconds(at, at, at_s=0.0, mode="unit") == times).all()
    (tmp_path / "t.csv").write_text("\n".join(["," + ",".join(names), "n0,5", *rows[1:]]))
    told = wrong(tmp_path, {"unit": {"file": "t.csv", "unit": "s"}}, nodes="nodes.csv")
    assert "1 times\n    expected  600, one a column\n" in told
    assert "t.csv, row 2" in told
    assert "1 problem " in told
    (tmp_path / "t.csv").write_text("\n".join(["," + ",".join(names), *rows]).replace("inf", "?"))
    assert "t.csv, row 7, column n7" in wrong(
        tmp_path, {"unit": {"file": "t.csv", "unit": "s"}}, nodes="nodes.csv"
    )
