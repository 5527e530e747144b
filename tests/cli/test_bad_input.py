"""Bad input: what is wrong is told in words, with exit code 2, and nothing is written."""

import re
from pathlib import Path

import pytest
from console import here, tocsin

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
        ["fleet.units", "none with rescue, which is asked for by road_crash (I, II, III, IV)"],
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
        ["targets.fire_circle.clock.stop", "a clock after start"],
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
    "Chinese without quotes": (
        ["+closures.x={roads: [环城路], at: 3 d}"],
        ["closures.x", "quotes around words", "['环城路']"],
    ),
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
    "a roster with a gap": (
        [
            "++centre.call_takers={day: {count: 3, start: 8 h, end: 20 h}, "
            "night: {count: 2, start: 20 h, end: 8 h, days: [weekdays, saturday]}}"
        ],
        [
            "centre.call_takers",
            "without a gap",
            "nobody is on duty from sunday 20 h to monday 8 h",
            "the override",
        ],
    ),
    "centres that do not fit together": (
        [
            "centre=separate",
            "+centre.separate.police.misdialled={fier: 10 %}",
            "centre.separate.ambulance.types=[structure_fire]",
            "++centre.call_takers=3",
        ],
        [
            *(
                "centre.separate.police.misdialled.fier",
                "'fier'",
                'another of separate; did you mean "fire"?',
            ),
            *("centre.separate.ambulance.types", "'structure_fire'", "a type that fire does not take too"),
            *("centre.call_takers", "in each of separate, and not beside it"),
        ],
    ),
    "a type that no centre takes": (
        ["centre=separate", "+centre.separate.police.types=[flood]"],
        ["centre.separate", "none that takes calls about road_crash", "one centre without types"],
    ),
    "two centres for the rest": (
        ["centre=separate", "~centre.separate.fire.types"],
        ["centre.separate", "none in police and fire", "types in all but one"],
    ),
    "an unknown type at a centre": (
        ["centre=separate", "+centre.separate.fire.types=[structure_fir]"],
        ["centre.separate.fire.types.0", 'a known incident type; did you mean "structure_fire"?'],
    ),
    "too many misdial": (
        [
            "centre=separate",
            "centre.separate.fire.misdialled.police=80 %",
            "+centre.separate.fire.misdialled.ambulance=30 %",
        ],
        ["centre.separate.fire.misdialled", "110.", "at most 100 %"],
    ),
    "callers who dial again at once": (
        ["centre=separate", "centre.hang_up={patience: 0 s, redial: 0 s}"],
        ["centre.hang_up", "at least 1 s on average"],
    ),
    "callers who dial again without end": (
        ["centre=separate", "incident.medical_emergency.rate=20000 per 1000 people per year"],
        ["centre.separate.ambulance.call_takers", "2 on average, for calls that keep", "without end"],
    ),
    "nuisance calls by the site": (
        ["+centre.nuisance={rate: 3 per site per year, handling: 1 min}"],
        ["centre.nuisance", "a rate for people, land or the whole place"],
    ),
    "duplicates of what there is not": (
        ["+centre.duplicates={by_type: {fire: 2}, delay: 1 min, handling: 30}"],
        ["centre.duplicates.by_type.fire", "a known incident type", "centre.duplicates.handling", "its unit"],
    ),
    "a delay of a zone without unit": (
        ["+place.report_delays={forest: 20, wood: 20 min}"],
        ["place.report_delays.forest", "20", "a time with its unit", "place.report_delays.wood", "'forest'"],
    ),
    "a level of command that is none": (
        ["++centre.command={V: 5 min, I: 5}"],
        ["centre.command.V", "'I', 'II', 'III' or 'IV'", "centre.command.I", "a time with its unit"],
    ),
    "a shift without unit or day": (
        ["++centre.call_takers={day: {count: 0, start: 8, days: [mondays]}}"],
        [
            *("centre.call_takers.day.count", "centre.call_takers.day.start", "such as '15 h'"),
            *("centre.call_takers.day.days.0", "'mondays'", "'monday'"),
        ],
    ),
    "a target that stops at a moment of the call": (
        ["targets.fire_circle.clock.start=reported", "targets.fire_circle.clock.stop=classified"],
        ["targets.fire_circle.clock.stop", "'classified'", "a clock of units, such as arrived"],
    ),
    "a target without a measure": (["+targets.mine={foo: 1}"], ["targets.mine", "a mapping with measure"]),
    "a bad date": (["start=yesterday"], ["start", "'yesterday'", "date"]),
}

REAL = {
    "misspelt key",
    "misspelt group option",
    "wrong type",
    "unknown unit kind in a response card",
    "a station outside the area",
    "a plug-in that does not exist",
    "an option that a plug-in does not have",
    "an unknown confidence",
    "an override that cannot be read",
    "a sweep",
    "an experiment that is not there",
    "a section that is null",
    "no source of incidents",
    "a name that leaves the folder",
    "too many incidents",
    "a roster with a gap",
    "centres that do not fit together",
}
"""A case of each kind, in a process of its own; the others in this one."""


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    overrides, words = BAD[name]
    found = (tocsin if name in REAL else here)("run", *overrides, cwd=tmp_path)
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


def test_an_override_that_cannot_be_merged_hides_nothing_else(tmp_path: Path) -> None:
    found = here("check", "fleet.units=[1,2]", "+seed=3", "bogus=1", "replications=x", cwd=tmp_path)
    assert found.returncode == 2
    assert "4 problems in the config:" in found.stderr


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
    found = (here if content else tocsin)("run", *mine, "fleet=zhoucun", "targets=zhoucun", cwd=empty)
    assert found.returncode == 2, found.stderr
    assert "Traceback" not in found.stderr
    for word in words:
        assert word in found.stderr
    assert not list(empty.iterdir())


@pytest.mark.parametrize("content", [b"overrides: [a\n", b"\xff\xfe", b"title: no overrides\n"])
def test_an_unreadable_experiment_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "experiment" / "mine.yaml"
    file.parent.mkdir()
    file.write_bytes(content)
    found = here("check", "--config-dir", ".", "experiment=mine", cwd=tmp_path)
    assert found.returncode == 2
    assert "mine.yaml" in found.stderr
    assert "Traceback" not in found.stderr
    assert "experiment=mine" in here("list", "--config-dir", ".", cwd=tmp_path).stdout


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
    run = tocsin if word == "SystemExit" else here
    found = run("run", "--config-dir", ".", "dispatch.use=broken.Mine", cwd=tmp_path)
    assert found.returncode == 2
    assert "dispatch.use" in found.stderr
    assert word in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()


def test_the_mistakes_of_a_drill_are_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "mine" / "demand" / "drill.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "drill:\n"
        "  use: sim.demand.timeline.Timeline\n"
        "  injects:\n"
        "    - {at: 9 h, type: structure_fire, site: centrl}\n"
        "    - {at: 9 h, type: structure_fire, casualties: -1}\n"
        "    - at: 10 h\n"
        "      type: road_crsh\n"
        "    - {at: noon, type: road_crash}\n"
    )
    found = tocsin("check", "--config-dir", "mine", "demand=drill", cwd=tmp_path)
    assert found.returncode == 2
    for key, line in (("0.site", 4), ("1.casualties", 5), ("2.type", 7), ("3.at", 8)):
        (told,) = (part for part in found.stderr.split("\n  demand.drill.injects.") if part.startswith(key))
        assert f"in        {Path('mine', 'demand', 'drill.yaml')}, line {line}" in told


def test_what_does_not_go_together_in_a_type_is_told_at_once_and_where(tmp_path: Path) -> None:
    (tmp_path / "mine" / "incident").mkdir(parents=True)
    (tmp_path / "mine" / "incident" / "leak.yaml").write_text(
        "leak:\n"
        "  rate: 3 per site per year\n"
        "  detection: 1 min\n  reporting: 1 min\n  handling: 60 s\n"
        "  work: {times: {fire: 10 min}}\n"
        "  levels:\n"
        "    III: {priority: 2, needs: {fire: 2}}\n"
        "    IV:\n"
        "      probability: 90 %\n      priority: 3\n      needs: {fire: 1}\n"
        "      becomes:\n"
        "        found: {II: 7 %}\n"
        "        late: {after: 20 min, level: IV}\n",
        encoding="utf-8",
    )
    found = here("check", "--config-dir", "mine", "incident=[structure_fire,leak]", cwd=tmp_path)
    assert found.returncode == 2
    told = re.findall(
        r"incident\.leak\.([\w.]+)\n +found +(.*)\n.*\n +in +.*leak.yaml, line (\d+)", found.stderr
    )
    assert told == [
        ("levels.III.probability", "nothing", "8"),
        ("levels.IV.becomes.found.II", "'7 %'", "14"),
        ("levels.IV.becomes.late.level", "'IV'", "15"),
        ("size_up", "nothing", "1"),
        ("where.sites", "nothing", "1"),
    ]


def test_what_a_plug_in_says_of_lists_that_nobody_wrote_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "mine" / "demand").mkdir(parents=True)
    (tmp_path / "mine" / "even.py").write_text(
        "from dataclasses import dataclass\n"
        "from sim.demand.poisson import Poisson\n"
        "from sim.sheets import Fault, FileError\n\n\n"
        "@dataclass(frozen=True)\n"
        "class Even(Poisson):\n"
        "    weights: list[int]\n\n"
        "    def __post_init__(self):\n"
        "        odd = [i for i, each in enumerate(self.weights) if each % 2]\n"
        "        faults = [Fault('', 'odd', 'even', ('weights', str(i))) for i in odd]\n"
        "        raise FileError([*faults, Fault('', 'x', 'a sum', ('weights', 'sum'))])\n"
    )
    (tmp_path / "mine" / "demand" / "even.yaml").write_text("even: {use: even.Even, weights: [x, 2, 3]}\n")
    found = here("check", "--config-dir", "mine", "demand=even", cwd=tmp_path)
    assert found.returncode == 2
    assert re.findall(r"demand\.even\.(\S+)", found.stderr) == ["weights.0", "weights.2"]
