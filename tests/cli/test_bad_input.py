"""The real command line in a subprocess, as a new user meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

QUICK = ("horizon=20 d", "replications=2", "workers=1")


def tocsin(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "100"} | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_run_answers_the_question(tmp_path: Path) -> None:
    found = tocsin("run", *QUICK, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    for words in (
        "Zhoucun District: 407,000 people, 5 stations, 17 x fire engine",
        "128 firefighters",
        "not modelled yet:\n",
        "Fire circle, simulated",
        "Where the time goes",
        "turnout",
        "Missed (",
        "assumed",
        "Results: ",
    ):
        assert words in found.stdout
    (folder,) = (tmp_path / "results").iterdir()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "config.yaml",
        "manifest.json",
        "coverage.png",
        "response_times.png",
        *(f"{table}/{i:05d}.parquet" for table in ("incidents", "responses", "unmet") for i in range(2)),
    }
    for name in ("coverage.png", "response_times.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_json_is_one_object_with_the_promised_keys(tmp_path: Path) -> None:
    found = tocsin("run", *QUICK, "--json", cwd=tmp_path)
    told = json.loads(found.stdout)
    assert list(told) == ["results", "replications", "incidents", "wall_s", "targets"]
    assert (tmp_path / "results" / Path(told["results"]).name).is_dir()
    assert told["replications"] == 2
    assert told["incidents"] > 300
    names = [target["name"] for target in told["targets"]]
    assert names[:4] == ["fire_circle", "fire_circle_people", "fire_circle_area", "medical_2h"]
    for target in told["targets"]:
        assert set(target) == {"name", "share", "lower", "upper", "required", "verdict", "n"}
        assert target["verdict"] in ("met", "missed", "undecided", "not modelled yet")


def test_show_prints_every_value_with_its_confidence(tmp_path: Path) -> None:
    found = tocsin("show", "seed=7", "fleet.units.west.engine=2", cwd=tmp_path)
    rows = dict(line.split("\t", 1) for line in found.stdout.splitlines())
    assert rows["place.zoning.area"].startswith("307.29 km2\tpublished\texact\tstated area")
    assert rows["place.sites.west.lat"].startswith("36.806\tassumed\tassumed\t")
    assert rows["fleet.units.west.engine"] == "2\tassumed\tassumed\tthe override fleet.units.west.engine=2"
    assert rows["fleet.units.north.engine"].startswith("3\tassumed\tassumed\t")
    assert rows["seed"] == "7\t\t\tthe override seed=7"


def test_check_validates_and_writes_nothing(tmp_path: Path) -> None:
    found = tocsin("check", "seed=3", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "zhoucun: the config is right (30 replications, seed 3)" in found.stdout
    assert not list(tmp_path.iterdir())


def test_list_names_groups_and_options(tmp_path: Path) -> None:
    assert "place=zhoucun" in tocsin("list", cwd=tmp_path).stdout.splitlines()
    assert {"shanting", "zhoucun"} <= set(tocsin("list", "place", cwd=tmp_path).stdout.splitlines())
    wrong = tocsin("list", "plce", cwd=tmp_path)
    assert wrong.returncode == 2
    assert 'did you mean "place"?' in wrong.stderr


BAD = {
    "misspelt key": (["replicatons=3"], ["replicatons", 'did you mean "replications"?']),
    "misspelt key, added": (
        ["+centre.call_taker=3"],
        ["centre.call_taker", 'no such key; did you mean "call_takers"?', "the override"],
    ),
    "misspelt group option": (["place=zoucun"], ["'zoucun'", 'did you mean "zhoucun"?']),
    "wrong type": (["replications=many"], ["replications", "'many'", "integer"]),
    "no unit": (
        ["horizon=365"],
        ["horizon", "365", "a time with its unit (s, min, h, d, year), such as '5 min'"],
    ),
    "negative rate": (
        ["incident.road_crash.rate=-1 per 1000 people per year"],
        ["incident.road_crash.rate", "'-1 per 1000 people per year'", "at least 0"],
    ),
    "unknown unit kind in a response card": (
        ["+incident.road_crash.levels.IV.needs.engin=1"],
        [
            "incident.road_crash.levels.IV.needs.engin",
            'a known unit kind or capability; did you mean "engine"?',
        ],
    ),
    "a kind without units in a response card": (
        ["fleet.engines_per_station=0"],
        ["incident.road_crash.levels.IV.needs.rescue", "a unit in fleet.units that brings it"],
    ),
    "a zone without people": (
        ["place.towns.yongan.people=0"],
        ["place.towns.yongan.people", "0", "greater than 0"],
    ),
    "a station outside the area": (
        ["place.sites.west.lat=38.5"],
        ["place.sites.west", "km from any zone", "a point in the area", "the override"],
    ),
    "a target on an unknown clock": (
        ["targets.fire_circle.clock.stop=arived"],
        ["targets.fire_circle.clock.stop", 'a known clock; did you mean "arrived"?'],
    ),
    "a clock that runs backwards": (
        ["targets.fire_circle.clock.stop=reported"],
        ["targets.fire_circle.clock", "stop to come after start"],
    ),
    "probabilities that do not add up": (
        ["incident.special_service.levels.IV.probability=90 %"],
        ["incident.special_service", "100 %"],
    ),
    "units based nowhere": (["+fleet.units.wset.engine=1"], ["fleet.units.wset", 'did you mean "west"?']),
    "a plug-in that does not exist": (
        ["dispatch.use=sim.dispatch.closest.Closet"],
        ["dispatch.use", "a class in the module sim.dispatch.closest"],
    ),
    "a plug-in of the wrong kind": (
        ["dispatch.use=sim.travel.planar.Planar"],
        ["dispatch.use", "subclasses sim.seams.Policy"],
    ),
    "an option that a plug-in does not have": (
        ["+travel.detuor=2"],
        ["travel.detuor", 'no such key; did you mean "detour"?'],
    ),
    "an unknown confidence": (
        ["travel.detour.confidence=sure"],
        ["travel.detour.confidence", "'sure'", "exact, approx, estimated, assumed"],
    ),
    "an override that cannot be read": (["place.sites=={"], ["overrides such as"]),
    "a sweep": (["seed=1,2"], ["seed=1,2"]),
    "an experiment that is not there": (
        ["experiment=sixth"],
        ["experiment", "sixth_station"],
    ),
    "an empty horizon": (["horizon=0 s"], ["horizon", "above 0 s"]),
    "a section that is null": (["place=null"], ["overrides such as"]),
    "no source of incidents": (["~demand.poisson", "~demand.cascade"], ["demand"]),
    "only a source that follows others": (["~demand.poisson"], ["demand", "'cascade'", "a source that"]),
    "a group option in a list": (
        ["incident=[structur_fire]"],
        ["'structur_fire'", 'did you mean "structure_fire"?'],
    ),
    "a name that leaves the folder": (["+name=../../evil"], ["name", "'../../evil'"]),
    "not a number": (["travel.detour=nan"], ["travel.detour"]),
    "infinite": (["fleet.kinds.engine.trip_sigma=inf"], ["fleet.kinds.engine.trip_sigma"]),
    "a truth value for a count": (["replications=true"], ["replications", "True", "integer"]),
    "a billion engines": (["fleet.units.central.engine=1000000000"], ["fleet.units.central.engine", "10000"]),
    "too many cells": (["place.zoning.cell=1 m"], ["place.zoning", "cells"]),
    "too many incidents": (
        ["incident.road_crash.rate=1e9 per 1000 people per year"],
        ["incident.road_crash", "incidents a replication"],
    ),
    "a certainty of all or nothing": (
        ["targets.fire_circle.confidence_level=100 %"],
        ["targets.fire_circle.confidence_level", "at most 99.99 %"],
    ),
    "an unknown distribution": (
        ["fleet.kinds.engine.turnout.dist=lognorm"],
        ["fleet.kinds.engine.turnout.dist", "'lognorm'", 'did you mean "lognormal"?'],
    ),
    "a misspelt parameter of a distribution": (
        ["+fleet.kinds.engine.turnout.mx=5 min"],
        ["fleet.kinds.engine.turnout.mx", "'5 min'", 'did you mean "max"?', "the override"],
    ),
    "an unknown measure": (
        ["targets.fire_circle.measure=respons"],
        ["targets.fire_circle.measure", 'did you mean "response"?'],
    ),
    "a plug-in without a module": (["travel.use=.Planar"], ["travel.use", "'.Planar'"]),
    "a mapping replaced by a list": (["fleet.units=[1,2]"], ["'fleet.units=[1,2]'"]),
    "a billion call-takers": (["centre.call_takers=1000000000"], ["centre.call_takers", "10000"]),
    "a target without a measure": (["+targets.mine={foo: 1}"], ["targets.mine", "a mapping with measure"]),
    "a bad date": (["start=yesterday"], ["start", "'yesterday'", "date"]),
}


@pytest.mark.parametrize(("overrides", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_and_nothing_is_written(
    overrides: list[str], words: list[str], tmp_path: Path
) -> None:
    found = tocsin("run", *overrides, cwd=tmp_path)
    assert found.returncode == 2, found.stdout + found.stderr
    assert found.stdout == ""
    assert "Traceback" not in found.stderr
    for word in words:
        assert word in found.stderr
    assert not list(tmp_path.iterdir())


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    chosen = ("misspelt key", "wrong type", "negative rate", "unknown unit kind in a response card")
    chosen += ("a station outside the area", "a target on an unknown clock", "an unknown confidence")
    found = tocsin("check", *(BAD[name][0][0] for name in chosen), cwd=tmp_path)
    assert found.returncode == 2
    assert "7 problems in the config:" in found.stderr
    for name in chosen:
        assert BAD[name][1][0] in found.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name: [mine\n", ["readable YAML", "mine.yaml, line"]),
        ("name: Zhōucūn".encode("utf-16"), ["mine.yaml"]),
        (None, ["mine"]),
    ],
    ids=["broken YAML", "another encoding", "a folder"],
)
def test_an_unreadable_file_is_named(content: bytes | None, words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "configs" / "place" / "mine.yaml"
    file.parent.mkdir(parents=True)
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    empty = tmp_path / "empty"
    empty.mkdir()
    mine = ["--config-dir", str(tmp_path / "configs"), "place=mine"]
    found = tocsin("run", *mine, "fleet=zhoucun", "targets=zhoucun", cwd=empty)
    assert found.returncode == 2, found.stderr
    assert "Traceback" not in found.stderr
    for word in words:
        assert word in found.stderr
    assert not list(empty.iterdir())


def test_ones_own_incident_type_and_policy_are_a_yaml_and_a_python_file(tmp_path: Path) -> None:
    (tmp_path / "incident").mkdir()
    (tmp_path / "dispatch").mkdir()
    (tmp_path / "incident" / "lift_rescue.yaml").write_text(
        "lift_rescue:\n"
        "  rate: 0.1 per 1000 people per year\n"
        "  detection: 1 min\n"
        "  reporting: 1 min\n"
        "  handling: {dist: exponential, mean: 1 min}\n"
        "  work: {times: {engine: 20 min}}\n"
        "  levels: {IV: {probability: 100 %, priority: 4, needs: {engine: 1}}}\n"
    )
    (tmp_path / "dispatch" / "second.yaml").write_text("use: second_closest.SecondClosest\n")
    (tmp_path / "second_closest.py").write_text(
        "from dataclasses import dataclass\n"
        "from sim.seams import Order, Policy\n\n\n"
        "@dataclass(frozen=True)\n"
        "class SecondClosest(Policy):\n"
        "    def decide(self, view):\n"
        "        for need in view.needs:\n"
        "            near = [unit for unit, _ in view.candidates(need)][:2]\n"
        "            if near:\n"
        "                yield Order(near[-1], need.incident)\n"
    )
    words = ["run", "--config-dir", ".", *QUICK[:2], "dispatch=second", "workers=2", "--json"]
    found = tocsin(*words, "incident=[structure_fire,lift_rescue]", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["incidents"] > 10
    again = sim.load(told["results"])
    assert [verdict.summary() for verdict in again.verdicts] == told["targets"]


def test_an_override_that_cannot_be_merged_hides_nothing_else(tmp_path: Path) -> None:
    found = tocsin("check", "fleet.units=[1,2]", "+seed=3", "bogus=1", "replications=x", cwd=tmp_path)
    assert found.returncode == 2
    assert "4 problems in the config:" in found.stderr


def provenance(tmp_path: Path, *overrides: str) -> dict[str, list[str]]:
    lines = tocsin("show", *overrides, cwd=tmp_path).stdout.splitlines()
    return {key: [value, *rest] for key, value, _, *rest in (line.split("\t") for line in lines)}


def test_an_override_speaks_for_what_it_sets_and_nothing_else(tmp_path: Path) -> None:
    nested = "fleet.kinds.engine={turnout: {median: 60 s}}"
    rows = provenance(tmp_path, nested, "fleet.units={west: {engine: 4}}")
    assert rows["fleet.kinds.engine.turnout.median"] == ["60 s", "assumed", f"the override {nested}"]
    assert rows["fleet.kinds.engine.turnout.sigma"][1] == "estimated"
    assert rows["fleet.units.west.engine"][2] == "the override fleet.units={west: {engine: 4}}"
    assert rows["fleet.units.north.engine"][2].startswith("17 engines")
    item = "incident.road_crash.profile.weekly.value.0=2"
    twice = provenance(tmp_path, "fleet.units.west.engine=2", "fleet.units={west: {engine: 4}}", item)
    assert twice["fleet.units.west.engine"][2] == "the override fleet.units={west: {engine: 4}}"
    assert twice["incident.road_crash.profile.weekly"][2] == f"the override {item}"


BROKEN = {
    "an exit": ("import sys\nsys.exit(0)\n", "SystemExit"),
    "a syntax error": ("def decide(:\n", "SyntaxError"),
    "an error when imported": ("1 / 0\n", "ZeroDivisionError"),
    "no decide": (
        "from dataclasses import dataclass\nfrom sim.seams import Policy\n"
        "@dataclass(frozen=True)\nclass Mine(Policy):\n    pass\n",
        "a dataclass that subclasses sim.seams.Policy",
    ),
}


@pytest.mark.parametrize(("code", "word"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_plug_in_is_a_problem_of_the_config(code: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(code)
    found = tocsin("run", "--config-dir", ".", "dispatch.use=broken.Mine", cwd=tmp_path)
    assert found.returncode == 2
    assert "dispatch.use" in found.stderr
    assert word in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("body", ["return None", "return [5]"])
def test_a_policy_that_does_not_give_orders_is_told_so(body: str, tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        "from dataclasses import dataclass\nfrom sim.seams import Policy\n"
        f"@dataclass(frozen=True)\nclass Odd(Policy):\n    def decide(self, view):\n        {body}\n"
    )
    found = tocsin("run", "--config-dir", ".", "dispatch.use=odd.Odd", *QUICK, cwd=tmp_path)
    assert found.returncode == 1
    assert "Odd.decide gave" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("content", [b"overrides: [a\n", b"\xff\xfe", b"title: no overrides\n"])
def test_an_unreadable_experiment_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "experiment" / "mine.yaml"
    file.parent.mkdir()
    file.write_bytes(content)
    found = tocsin("check", "--config-dir", ".", "experiment=mine", cwd=tmp_path)
    assert found.returncode == 2
    assert "mine.yaml" in found.stderr
    assert "Traceback" not in found.stderr
    assert "experiment=mine" in tocsin("list", "--config-dir", ".", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "overrides", [["targets.fire_circle.limit=1 min"], ["fleet.engines_per_station=1"], ["targets={}"]]
)
def test_slow_and_odd_systems_are_answered_and_plotted_too(overrides: list[str], tmp_path: Path) -> None:
    found = tocsin("run", *QUICK, *overrides, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert len(list(tmp_path.rglob("*.png"))) == 2


def test_what_looks_unintended_is_noted(tmp_path: Path) -> None:
    idle = "+place.sites.mine={kind: fire_station, title: Mine, lat: 36.815, lon: 117.85}"
    found = tocsin("check", idle, "incident=[structure_fire,medical_emergency]", cwd=tmp_path)
    assert "note: the station Mine has no units" in found.stdout
    assert "note: Fire circle, simulated names vegetation_fire, not simulated here" in found.stdout


def test_two_experiments_combine(tmp_path: Path) -> None:
    found = tocsin("show", "experiment=[sixth_station,turnout_60s]", cwd=tmp_path)
    assert "place.sites.northwest.lat" in found.stdout
    assert "fleet.kinds.engine.turnout.median\t60 s\tassumed\tassumed" in found.stdout


def test_version(tmp_path: Path) -> None:
    found = tocsin("--version", cwd=tmp_path)
    assert found.stdout.strip()[0].isdigit()


def test_a_results_folder_that_cannot_be_written_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file, not a folder")
    found = tocsin("run", *QUICK, cwd=tmp_path)
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert "results" in found.stderr


def test_help_is_quick_because_it_imports_little(tmp_path: Path) -> None:
    heavy = "hydra|pandas|scipy|numpy|matplotlib|simpy|pyarrow|pydantic"
    code = f"import sys, sim.cli\nprint([m for m in '{heavy}'.split('|') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert found.stdout.strip() == "[]"
