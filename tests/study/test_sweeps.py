"""Sweeps: each point is its own study, and a sweep goes on where it was stopped."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.study import store
from sim.study.backends import Local, Serial
from sim.study.backends.backend import Perform, Stream
from sim.study.catalogue import Catalogue
from sim.study.costs import SelectionError
from sim.study.sweeps import run_sweep, total_of
from sim.study.tasks import Task

FEW = ("horizon=10 d", "incident=[structure_fire,medical_emergency]", "replications=2", "workers=1")
FOUR = (*FEW, "fleet.engines_per_station=2,3", "seed=1,2")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


class Counting(Serial):
    """Counts the tasks that it does."""

    done = 0

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        for each in super().carry_out(tasks, perform):
            object.__setattr__(self, "done", self.done + 1)
            yield each


def labels(found: sim.SweepResults) -> list[tuple[object, ...]]:
    return [tuple(point.labels.values()) for point in found.points]


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> sim.SweepResults:
    return sim.sweep(*FOUR, results=tmp_path_factory.mktemp("four"))


def test_every_point_is_the_study_of_its_overrides(four: sim.SweepResults, tmp_path: Path) -> None:
    assert labels(four) == [(2, 1), (2, 2), (3, 1), (3, 2)]
    assert four.complete
    for point in four.points:
        engines, seed = point.labels.values()
        alone = sim.run(
            sim.prepare(*FEW, f"fleet.engines_per_station={engines}", f"seed={seed}"), results=tmp_path
        )
        assert alone.path.name == point.study
        assert digests(alone.path) == digests(four.path.parent / point.study)
        assert [verdict.summary() for verdict in alone.verdicts] == point.targets


def test_all_backends_write_the_same_bytes(four: sim.SweepResults, tmp_path: Path) -> None:
    for name, backend in (("serial", Serial()), ("local", Local(workers=2))):
        again = sim.sweep(*FOUR, results=tmp_path / name, backend=backend)
        assert [vars(point) for point in again.points] == [vars(point) for point in four.points]
        assert digests(tmp_path / name) == digests(four.path.parent)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_sweep_that_is_stopped_goes_on_to_the_same_results(
    four: sim.SweepResults, tmp_path: Path, after: int
) -> None:
    def stop(done: int, failed: int) -> None:
        if done >= after:
            raise KeyboardInterrupt

    chosen = sim.points(*FOUR)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(chosen, results=tmp_path, progress=stop)
    partial = sim.load_sweep(tmp_path / four.path.name)
    assert sum(point.finished for point in partial.points) == after
    assert {point.state for point in partial.points} <= {"complete", "interrupted", "waiting"}
    counting = Counting()
    whole = sim.sweep(*FOUR, results=tmp_path, backend=counting)
    assert counting.done == 8 - after
    assert [vars(point) for point in whole.points] == [vars(point) for point in four.points]
    assert digests(tmp_path) == digests(four.path.parent)


def test_a_sweep_is_read_back(four: sim.SweepResults) -> None:
    assert sim.load_sweep(four.path) == four


def test_two_spellings_of_one_study_run_once(tmp_path: Path) -> None:
    found = sim.sweep(*FEW, "workers=1,2", results=tmp_path, backend=Serial())
    assert len({point.study for point in found.points}) == 1
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1
    assert labels(found) == [(1,), (2,)]
    assert [point.state for point in found.points] == ["complete", "complete"]
    assert found.points[0].targets == found.points[1].targets != []
    assert found.finished == 2


def test_the_same_sweep_does_not_run_twice_at_once(four: sim.SweepResults) -> None:
    before = (four.path / "sweep.json").read_bytes()
    with store.claimed(four.path), pytest.raises(store.BusyError, match="another run is writing"):
        sim.sweep(*FOUR, results=four.path.parent)
    assert (four.path / "sweep.json").read_bytes() == before


def test_a_study_of_a_sweep_that_was_removed_is_told(tmp_path: Path) -> None:
    found = sim.sweep(*FEW, "seed=1,2", results=tmp_path)
    catalogue = Catalogue(tmp_path)
    catalogue.clean([catalogue.find(found.points[1].study)])
    with pytest.raises(SelectionError, match=f"{found.points[1].study} was removed; the same sweep does it"):
        sim.cheapest(found, "seed")
    catalogue = Catalogue(tmp_path)
    catalogue.clean(catalogue.all_of(found.path.name))
    assert not list(tmp_path.iterdir()), "nothing is left of the sweep"


FAULTY = (
    "from dataclasses import dataclass\n"
    "from sim.seams import IncidentSource\n"
    "@dataclass(frozen=True)\n"
    "class Faulty(IncidentSource):\n"
    "    when: bool = False\n"
    "    def incidents(self, streams, *, horizon_s):\n"
    "        if self.when:\n"
    "            raise ValueError('boom')\n"
    "        return super().incidents(streams, horizon_s=horizon_s)\n"
)


def tocsin(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def faulty(folder: Path) -> Sequence[str]:
    (folder / "faulty.py").write_text(FAULTY)
    return (*FEW, "--config-dir", ".", "+demand.odd={use: faulty.Faulty, when: false}")


def test_a_point_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    found = tocsin("sweep", *faulty(tmp_path), "demand.odd.when=false,true", "--json", cwd=tmp_path)
    assert found.returncode == 3, found.stderr
    good, bad = json.loads(found.stdout)["points"]
    assert (good["state"], good["finished"], good["failed"]) == ("complete", 2, 0)
    assert (bad["state"], bad["finished"], bad["failed"]) == ("incomplete", 0, 2)
    assert "2 failed; the same command tries them again" in found.stderr
    lines = (tmp_path / "results" / bad["study"] / "failures.jsonl").read_text().splitlines()
    assert [json.loads(line)["error"] for line in lines] == ["boom", "boom"]


def test_a_point_whose_folder_another_run_has_is_left_out_and_told(tmp_path: Path) -> None:
    study = sim.prepare(*FEW, "seed=2")
    with store.claimed(store.folder_of(study, tmp_path)):
        found = sim.sweep(*FEW, "seed=1,2,3", results=tmp_path)
    assert [point.state for point in found.points] == ["complete", "busy", "complete"]
    assert "another run is writing" in found.points[1].error
    assert found.failed == 1


def test_csv_has_a_row_for_each_point_and_target(four: sim.SweepResults, tmp_path: Path) -> None:
    found = tocsin("sweep", *FOUR, "--csv", "--results", str(four.path.parent), cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    (tmp_path / "rows.csv").write_text(found.stdout)
    rows = pd.read_csv(tmp_path / "rows.csv")
    mine = rows[rows.target == "fire_circle"].set_index(["fleet.engines_per_station", "seed"])
    for point in four.points:
        (target,) = (each for each in point.targets if each["name"] == "fire_circle")
        assert mine.loc[tuple(point.labels.values()), "share"] == pytest.approx(target["share"])


def test_what_is_wrong_is_told_before_anything_runs(tmp_path: Path) -> None:
    found = tocsin("sweep", "fleet.engines_per_station=2,-3", "seed=1,x", cwd=tmp_path)
    assert found.returncode == 2
    assert "fleet.engines_per_station=-3" in found.stderr
    assert "seed=x" in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()


def test_the_number_of_replications_is_known_beforehand() -> None:
    assert total_of(sim.points(*FOUR)) == 8
    assert total_of(sim.points(*FEW, "replications=1,5")) == 6


def test_a_sweep_is_listed_shown_and_asked_about_as_a_whole(four: sim.SweepResults, tmp_path: Path) -> None:
    root = ("--results", str(four.path.parent))
    listed = tocsin("results", "list", *root, cwd=tmp_path).stdout.splitlines()
    assert listed[1].split()[:4] == [four.path.name, "4", "of", "4"]
    shown = tocsin("results", "show", four.path.name.rpartition("-")[2], *root, cwd=tmp_path).stdout
    assert "4 points, 8 replications" in shown
    sql = "SELECT count(DISTINCT study) n, count(DISTINCT replication) r FROM incidents"
    asked = tocsin("results", "query", sql, four.path.name, "--csv", *root, cwd=tmp_path).stdout
    assert asked.splitlines() == ["n,r", "4,2"]
