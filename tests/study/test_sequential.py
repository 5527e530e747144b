"""Studies that go on until they have said enough."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from console import here, tocsin
from worlds import call, world

import sim
from sim.study import store
from sim.study.backends import Local, Serial
from sim.study.sequential import stopped

ONE_IN_TWO = {
    "one": {
        "measure": "response",
        "clock": {"start": "reported", "stop": "arrived"},
        "limit": "1 s",
        "share": "20 %",
        "confidence_level": "95 %",
    }
}
"""A call an hour, an hour each, one unit, no queue: by Erlang half are lost, the others served at once."""


def lossy(**changes: Any) -> sim.Study:
    told = {"centre__queue_limit": 0, "horizon": "200 h", "replications": 3, "workers": 1, **changes}
    return sim.build(world(incident__call=call(), targets=ONE_IN_TWO, **told))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    return sim.run(lossy(), until=sim.Decided(most=300), results=tmp_path_factory.mktemp("decided"))


def test_a_study_stops_as_soon_as_its_target_is_decided(decided: sim.Results) -> None:
    (verdict,) = decided.verdicts
    assert verdict.verdict == "met"
    assert verdict.lower >= 0.2
    assert decided.complete
    assert 10 <= len(decided.outcomes) < 50
    told = stopped(decided)
    assert told["saved"] == 300 - len(decided.outcomes)
    assert told["not_settled"] == []


def test_one_replication_less_would_not_have_decided_it(decided: sim.Results, tmp_path: Path) -> None:
    most = len(decided.outcomes) - 1
    fewer = sim.run(lossy(), until=sim.Decided(most=most), results=tmp_path)
    assert len(fewer.outcomes) == most
    if most > 10:
        assert fewer.verdicts[0].verdict == "undecided"


def test_precision_ends_what_is_not_decided(tmp_path: Path) -> None:
    close = {"one": {**ONE_IN_TWO["one"], "share": "50 %"}}
    rule = sim.Decided(precision=0.05, most=300)
    found = sim.run(
        sim.build(world(centre__queue_limit=0, horizon="200 h", targets=close, workers=1)),
        until=rule,
        results=tmp_path,
    )
    (verdict,) = found.verdicts
    assert verdict.verdict == "undecided"
    assert (verdict.upper - verdict.lower) / 2 <= 0.05
    assert len(found.outcomes) < 300


def test_however_it_is_run_it_stops_at_the_same_replication(decided: sim.Results, tmp_path: Path) -> None:
    for backend in (Serial(), Local(workers=3)):
        again = sim.run(
            lossy(), until=sim.Decided(most=300), results=tmp_path / type(backend).__name__, backend=backend
        )
        assert again.path.name == decided.path.name
        assert digests(again.path) == digests(decided.path)
        assert not list(again.path.rglob("*.tmp"))


def test_a_stopped_one_goes_on_to_the_same_results(decided: sim.Results, tmp_path: Path) -> None:
    def stop(done: int, failed: int) -> None:
        if done >= 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.run(lossy(), until=sim.Decided(most=300), results=tmp_path, progress=stop)
    half = sim.load(tmp_path / decided.path.name)
    assert (half.complete, half.stop, len(half.outcomes)) == (False, None, 7)
    again = sim.run(lossy(), until=sim.Decided(most=300), results=tmp_path)
    assert digests(again.path) == digests(decided.path)


def test_it_is_read_back_with_the_same_intervals(decided: sim.Results) -> None:
    again = sim.load(decided.path)
    assert [v.summary() for v in again.verdicts] == [v.summary() for v in decided.verdicts]
    assert (again.stop, again.complete) == (decided.stop, True)
    assert [v.summary() for v in again.judge(again.verdicts[0].target)] == [again.verdicts[0].summary()]
    manifest = store.read_manifest(decided.path)
    assert (manifest["replications"], manifest["until"]["most"]) == (decided.stop, 300)


def test_the_rule_is_in_the_fingerprint_and_the_number_of_replications_is_not() -> None:
    def mark(*overrides: str) -> str:
        return sim.prepare(*overrides).fingerprint

    rule = "until={most: 50}"
    assert mark(rule) == mark(rule, "replications=7")
    assert len({mark(), mark(rule), mark("until={most: 60}"), mark("until={most: 50, precision: 1 %}")}) == 4
    chosen = sim.points(rule, "replications=3,4", "seed=1,2")
    assert [chosen.fingerprint(p) for p in chosen.points] == [
        chosen.prepare(p).fingerprint for p in chosen.points
    ]


def test_replications_that_fail_hold_up_nothing_and_are_told(tmp_path: Path) -> None:
    study = lossy(demand={"poisson": {"use": "plugins.FailsAtTimes"}})
    found = sim.run(study, until=sim.Decided(most=60), results=tmp_path)
    assert found.failures
    assert not found.complete
    assert len(found.outcomes) + len(found.failures) == found.stop
    assert found.verdicts[0].verdict == "met"
    again = sim.load(found.path)
    assert (again.stop, len(again.outcomes)) == (found.stop, len(found.outcomes))


QUICK = ("horizon=20 d", "incident=[structure_fire]", "workers=1")


def test_the_command_line_says_when_it_stopped(tmp_path: Path) -> None:
    words = [*QUICK, "targets.fire_circle.share=20 %", "--until-decided", "--most", "40"]
    found = here("run", *words, "--no-plots", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "decided after " in found.stdout
    assert " of at most 40 replications; the intervals hold wherever it stops" in found.stdout
    told = json.loads(here("run", *words, "--json", "--no-plots", cwd=tmp_path).stdout)
    assert told["until"] == {
        "most": 40,
        "replications": told["replications"],
        "saved": 40 - told["replications"],
        "not_settled": [],
    }
    assert len(list((tmp_path / "results").iterdir())) == 1
    few = here("run", *words[:-1], "2", "--no-plots", cwd=tmp_path)
    assert "undecided after 2 of at most 2 replications: fire_circle" in few.stdout


def test_a_sweep_decides_each_point(tmp_path: Path) -> None:
    words = [*QUICK[:2], "workers=2", "targets.fire_circle.share=20 %,99 %"]
    found = tocsin("sweep", *words, "--until-decided", "--most", "60", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    low, high = json.loads(found.stdout)["points"]
    verdicts = [t["verdict"] for p in (low, high) for t in p["targets"] if t["name"] == "fire_circle"]
    assert verdicts == ["met", "missed"]
    for point in (low, high):
        assert point["state"] == "complete"
        assert 10 <= point["finished"] < 60
        assert point["finished"] == point["replications"]
        assert sim.load(tmp_path / "results" / point["study"]).complete


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--most", "40"], "--most goes with --until-decided"),
        (["--precision", "1%"], "--precision goes with --until-decided"),
        (["--until-decided", "--precision", "1"], "expected  a share with its unit"),
        (["--until-decided", "--most", "0"], "Invalid value for '--most'"),
        (["until={targets: [fire_circl]}"], "fire_circle"),
    ],
)
def test_a_wrong_rule_is_told(words: list[str], told: str, tmp_path: Path) -> None:
    found = here("run", *QUICK, *words, cwd=tmp_path)
    assert found.returncode == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()
