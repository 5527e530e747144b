"""Sweeps: which points there are, in which order, and what is said of those that cannot be."""

import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.compose import Sweep, choices, points
from sim.compose.axes import Reader
from sim.compose.blocks import latest
from sim.compose.folders import folders_of
from sim.compose.point import Point
from sim.compose.trials import trials_of


def read(*overrides: str, folder: Path | None = None) -> tuple[list[dict[str, Any]], Reader]:
    """The labels of the points of overrides, not tried, and the reader with its problems."""
    reader = Reader(folders_of(folder), folder)
    return [point.labels for point in _points(reader, overrides)], reader


def _points(reader: Reader, overrides: tuple[str, ...]) -> list[Point]:
    found: list[Point] = [Point((), frozenset())]
    for block in reader.blocks(overrides):
        swept = frozenset(block.keys if block.swept else ())
        found = [Point((*p.settings, *row), p.swept | swept) for p in found for row in block.rows]
    return found


def test_the_product_is_in_the_order_written_the_last_axis_fastest() -> None:
    labels, _ = read("fleet.engines_per_station=2,3", "horizon=5 d", "seed=range(3)")
    engines, seed = "fleet.engines_per_station", "seed"
    assert labels == [{engines: e, seed: s} for e in (2, 3) for s in (0, 1, 2)]


SWEEPS = {
    "seed=1,2,3": [1, 2, 3],
    "seed=choice(3,1)": [3, 1],
    "seed=range(4)": [0, 1, 2, 3],
    "seed=range(1,10,3)": [1, 4, 7],
    "seed=range(3,0,-1)": [3, 2, 1],
    "seed=sort(3,1,2)": [1, 2, 3],
    "seed=sort(3,1,2,reverse=true)": [3, 2, 1],
    "seed=null,1": [None, 1],
    "horizon=5 d,10 d": ["5 d", "10 d"],
    "start='2022-01-01','2022-07-01'": ["2022-01-01", "2022-07-01"],
    "incident=[structure_fire],[road_crash]": ["[structure_fire]", "[road_crash]"],
    "fleet.kinds.engine.turnout.sigma=range(0,1,0.25)": [0.0, 0.25, 0.5, 0.75],
    "place=glob(*)": choices("place")["place"],
    "place=glob([z*,s*])": ["shanting", "zhoucun"],
    "place=glob(*,exclude=[z*,s*,h*])": ["lianyungang", "wenshang"],
    "experiment=turnout_60s,sixth_station": ["turnout_60s", "sixth_station"],
    "+centre.queue_limit=3,4": [3, 4],
}


@pytest.mark.parametrize(("text", "expected"), SWEEPS.items(), ids=SWEEPS)
def test_hydras_sweeps_have_hydras_values(text: str, expected: list[Any]) -> None:
    labels, reader = read(text)
    assert reader.problems == []
    key = text.partition("=")[0].lstrip("+")
    assert labels == [{key: value} for value in expected]


def test_a_shuffled_sweep_has_the_same_values() -> None:
    labels, _ = read("seed=shuffle(range(20))")
    assert sorted(point["seed"] for point in labels) == [*range(20)]


def test_the_last_to_speak_of_a_key_has_its_way(tmp_path: Path) -> None:
    experiment(tmp_path, "grid: {seed: [1, 2], horizon: [5 d, 6 d]}\noverrides: [replications=2]")
    labels, reader = read("experiment=mine", "seed=7", "replications=3,4", folder=tmp_path)
    assert labels == [{"horizon": h, "replications": r} for h in ("5 d", "6 d") for r in (3, 4)]
    told = [
        point.overrides for point in _points(reader, ("seed=1", "+x.y={a: 1}", "+x.y={b: 2}", "seed=3,4"))
    ]
    assert told == [("+x.y={a: 1}", "+x.y={b: 2}", f"seed={seed}") for seed in (3, 4)]
    assert latest([]) == []


def experiment(folder: Path, text: str) -> None:
    (folder / "experiment").mkdir(exist_ok=True)
    (folder / "experiment" / "mine.yaml").write_text(f"title: Mine\n{text}\n", encoding="utf-8")


def test_an_experiment_is_its_grid_times_its_points_times_its_design(tmp_path: Path) -> None:
    experiment(
        tmp_path,
        """
grid: {fleet.engines_per_station: [2, 3], seed: "range(1,3)"}
points: [{horizon: 5 d, warmup: 1 d}, {horizon: 9 d}]
design: {kind: latin_hypercube, points: 2, over: {weather: [shandong]}}
""",
    )
    labels, _ = read("experiment=mine", "replications=1,2", folder=tmp_path)
    rows = ({"horizon": "5 d", "warmup": "1 d"}, {"horizon": "9 d"})
    assert labels == [
        {"fleet.engines_per_station": e, "seed": s, **row, "weather": "shandong", "replications": r}
        for e in (2, 3)
        for s in (1, 2)
        for row in rows
        for _ in range(2)
        for r in (1, 2)
    ]


def test_experiments_with_sweeps_combine(tmp_path: Path) -> None:
    experiment(tmp_path, "grid: {horizon: [5 d, 6 d]}")
    labels, reader = read("experiment=[engines_grid,mine]", folder=tmp_path)
    assert len(labels) == 3 * 3 * 2
    assert reader.titles == ["Engines per station in Zhoucun", "Mine"]


def test_a_study_is_not_made_of_an_experiment_that_sweeps() -> None:
    with pytest.raises(sim.ConfigError, match=r"engines_grid.*sweeps fleet\.engines_per_station, seed"):
        sim.prepare("experiment=engines_grid")


@pytest.fixture(scope="module")
def grid() -> Sweep:
    return points("experiment=engines_grid", "horizon=5 d", "workers=1")


def test_the_shipped_grid_is_engines_by_seeds(grid: Sweep) -> None:
    assert grid.axes == {"fleet.engines_per_station": (2, 3, 4), "seed": (1, 2, 3)}
    assert grid.title == "Engines per station in Zhoucun"
    assert [tuple(point.labels.values()) for point in grid.points] == [
        (e, s) for e in (2, 3, 4) for s in (1, 2, 3)
    ]
    told = ("place=zhoucun", "fleet.engines_per_station=2", "seed=1", "horizon=5 d", "workers=1")
    assert grid.points[0].overrides == told


def test_a_point_is_the_study_of_its_overrides(grid: Sweep) -> None:
    point = grid.points[5]
    study, expected = grid.prepare(point), sim.prepare(*point.overrides)
    assert study == expected
    assert study.config == expected.config
    assert grid.fingerprint(point) == expected.fingerprint
    assert (study.seed, study.scenario.horizon_s) == (3, 5 * 86400)
    fleet = study.scenario.fleet
    engines = Counter(unit.base for unit in fleet.units if fleet.kinds[unit.kind].name == "engine")
    assert {*engines.values()} == {3}


def test_points_have_fingerprints_of_their_own(grid: Sweep) -> None:
    assert len({grid.fingerprint(point) for point in grid.points}) == 9


def test_ten_thousand_points_take_less_than_twenty_seconds() -> None:
    sweep = points("fleet.engines_per_station=range(2,7)", "horizon=5 d,6 d", "seed=range(1000)")
    begun = time.process_time()
    prints = {sweep.fingerprint(point) for point in sweep.points if sweep.compose(point)}
    assert time.process_time() - begun < 20
    assert len(prints) == 10_000


WRONG = {
    "an interval": (["seed=interval(1,3)"], ["seed", "interval(1,3)", "a design"]),
    "an empty range": (["seed=range(0)"], ["seed", "at least one value"]),
    "a step of nothing": (["seed=range(0,3,0)"], ["seed", "at least one value"]),
    "an endless range": (["seed=range(0,10000000000)"], ["seed", "at most 1,000,000 values"]),
    "a shuffled endless range": (["seed=shuffle(range(10000000000))"], ["at most 1,000,000 values"]),
    "no such group for a glob": (["fleets=glob(*)"], ["fleets", "at least one value"]),
    "what cannot be parsed": (["seed=[1,2", "horizon=5 d,6 d"], ["seed=[1,2"]),
    "an experiment that is not there": (["experiment=engine_grid"], ['did you mean "engines_grid"']),
    "too many points": (["seed=range(2000)", "replications=range(1,2000)"], ["3,998,000 points"]),
    "an unknown key and wrong values": (
        ["fleet.engine_per_station=2,3", "horizon=5 d,soon", "place.sites.west.lat=36.8,120"],
        [
            *("'fleet.engine_per_station=2'", "'fleet.engine_per_station=3'", "engines_per_station"),
            *("'horizon=soon'", "'place.sites.west.lat=120'"),
        ],
    ),
    "an unknown choice": (["dispatch=closest,nearest"], ["nearest", "one of its options"]),
}


@pytest.mark.parametrize(("overrides", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_at_once(overrides: list[str], words: list[str]) -> None:
    with pytest.raises(sim.ConfigError) as caught:
        points(*overrides)
    told = str(caught.value)
    assert all(word in told for word in words), told
    assert len(set(caught.value.problems)) == len(caught.value.problems)


WRONG_FILES = {
    "a misspelt key": ("grids: {seed: [1]}", ("experiment", "grids")),
    "nothing": ("", ("experiment",)),
    "an empty axis": ("grid: {seed: []}", ("experiment", "grid", "seed")),
    "a number for an axis": ("grid: {seed: 3}", ("experiment", "grid", "seed")),
    "an unknown design": (
        "design: {kind: sobel, points: 4, over: {seed: [1]}}",
        ("experiment", "design", "kind"),
    ),
    "no points": ("design: {kind: sobol, points: 0, over: {seed: [1]}}", ("experiment", "design", "points")),
    "no range": ("design: {kind: sobol, points: 4, over: {}}", ("experiment", "design", "over")),
}
OVERS = {
    "half a range": ("{from: 60 s}", "from and to"),
    "two units": ("{from: 60 s, to: 2 min}", "the same unit"),
    "the wrong way round": ("{from: 90 s, to: 60 s}", "below"),
    "a logarithm of nothing": ("{from: 0, to: 3, log: true}", "above 0"),
    "words": ("{from: slow, to: quick}", "numbers"),
    "both": ("{from: 1, to: 2, choices: [1]}", "or choices"),
}


@pytest.mark.parametrize(("text", "path"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_wrong_experiment_is_told_by_its_path(text: str, path: tuple[str, ...], tmp_path: Path) -> None:
    experiment(tmp_path, text)
    _, reader = read("experiment=mine", "seed=1,2", folder=tmp_path)
    assert {problem.path[: len(path)] for problem in reader.problems} == {path}
    assert all("mine.yaml" in problem.where for problem in reader.problems)


@pytest.mark.parametrize(("over", "words"), OVERS.values(), ids=OVERS)
def test_a_wrong_range_is_told_by_its_path(over: str, words: str, tmp_path: Path) -> None:
    experiment(tmp_path, f"design: {{kind: sobol, points: 4, over: {{seed: {over}}}}}")
    _, reader = read("experiment=mine", folder=tmp_path)
    (problem,) = reader.problems
    assert problem.path == ("experiment", "design", "over", "seed")
    assert words in problem.expected


def test_what_is_tried_has_every_choice_and_the_ends_of_every_range() -> None:
    _, reader = read()
    overrides = (
        "place=zhoucun,shanting",
        "seed=range(5)",
        "horizon=9 d,10 d,80 h,90 h",
        "fleet.available=a,b",
    )
    tried = [point.labels for point in trials_of(_points(reader, overrides))]
    assert {point["place"] for point in tried} == {"zhoucun", "shanting"}
    assert {point["seed"] for point in tried if point["place"] == "zhoucun"} >= {0, 4}
    assert {point["horizon"] for point in tried} == {"9 d", "10 d", "80 h", "90 h"}
    assert {point["fleet.available"] for point in tried} == {"a", "b"}
    assert len(tried) == 1 + (2 - 1) + (4 - 1) + (2 - 1) + (2 - 1)


KEYS = st.sampled_from(
    ["seed", "place", "horizon", "fleet.kinds.engine.crew", "nope", "+x.y", "~seed", "a..b", "", "experiment"]
)
VALUES = st.one_of(
    st.sampled_from(
        ["1,2", "range(3)", "interval(0,1)", "glob(*)", "[1],[2]", "{a: 1},2", "shuffle(a,b)", "${seed},1"]
    ),
    st.text(st.sampled_from([*"1a,()[]{}'\"$.=- *"]), max_size=8),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(KEYS, VALUES), max_size=3))
def test_whatever_is_written_is_read_or_told(written: list[tuple[str, str]]) -> None:
    texts = [f"{key}={value}" for key, value in written]
    labels, reader = read(*texts)
    assert labels or reader.problems


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(KEYS, VALUES), min_size=1, max_size=2))
def test_whatever_is_swept_is_a_sweep_or_told(written: list[tuple[str, str]]) -> None:
    with suppress(sim.ConfigError):
        assert points(*(f"{key}={value}" for key, value in written)).points


@pytest.mark.parametrize("override", ["hydra.mode=RUN", "+hydra.nope=1", "hydra/launcher=joblib"])
def test_hydras_own_settings_are_refused(override: str) -> None:
    with pytest.raises(sim.ConfigError, match="settings of Hydra's own do nothing here"):
        points(override)
    with pytest.raises(sim.ConfigError, match="settings of Hydra's own do nothing here"):
        sim.prepare(override)
