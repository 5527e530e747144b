"""Tasks that raise, hang or kill their worker; runs that are killed, go on, meet, or find the disk full."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from faults import faulty, first_time, murderous, unspeakable

import sim
from sim.study import store
from sim.study.backends import Local, Serial
from sim.study.results import Outcome
from sim.study.tasks import Failure, Task

QUICK = ("horizon=20 d", "incident=[structure_fire]")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


def ended(backend: Local | Serial, numbers: list[int], do: Callable[[Task], Outcome]) -> dict[int, object]:
    with closing(backend.carry_out([Task("nowhere", n) for n in numbers], do)) as stream:
        return {task.replication: how for task, how in stream}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process by a POSIX signal")
def test_a_task_that_raises_hangs_or_kills_its_worker_leaves_the_others_alone() -> None:
    found = ended(Local(workers=2, time_limit_s=3, retries=1), list(range(12)), faulty)
    failures = {n: each for n, each in found.items() if isinstance(each, Failure)}
    assert sorted(found) == list(range(12))
    assert {n: each.how for n, each in failures.items()} == {1: "raised", 2: "worker died", 3: "timed out"}
    assert (failures[1].raised, failures[1].error) == ("ValueError", "one is odd")
    assert "in faulty" in failures[1].traceback


def test_alone_a_task_that_raises_leaves_the_others_alone() -> None:
    found = ended(Serial(), [0, 1, 4], faulty)
    assert isinstance(found[1], Failure)
    assert [isinstance(found[n], Outcome) for n in (0, 4)] == [True, True]


@pytest.mark.slow
def test_what_fails_once_is_tried_again(tmp_path: Path) -> None:
    with closing(Local(2).carry_out([Task(str(tmp_path), n) for n in range(3)], first_time)) as stream:
        assert all(isinstance(how, Outcome) for _, how in stream)
    for mark in tmp_path.iterdir():
        mark.unlink()
    with closing(Local(2, retries=0).carry_out([Task(str(tmp_path), 0)], first_time)) as stream:
        assert [type(how) for _, how in stream] == [Failure]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills processes by a POSIX signal")
def test_a_worker_that_is_killed_at_any_moment_keeps_nobody_from_going_on() -> None:
    found = ended(Local(2), list(range(1_500)), murderous)
    assert sorted(found) == list(range(1_500))
    assert all(isinstance(each, Outcome) for each in found.values())


@pytest.mark.slow
def test_an_outcome_that_cannot_be_handed_back_is_a_failure() -> None:
    found = ended(Local(1, retries=0), [0, 1], unspeakable)
    assert [each.how for each in found.values() if isinstance(each, Failure)] == ["raised"] * 2
    assert all("pickle" in str(each) for each in found.values())


def test_workers_that_never_begin_are_not_hired_for_ever(tmp_path: Path) -> None:
    (tmp_path / "unguarded.py").write_text(
        "import sim\nsim.run(sim.prepare('horizon=1 d', 'replications=2', 'workers=2'))\n"
    )
    found = subprocess.run([sys.executable, "unguarded.py"], cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode != 0
    assert "no worker process stays alive" in found.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills processes by a POSIX signal")
def test_a_run_whose_workers_and_then_itself_are_killed_goes_on_to_the_same_results(tmp_path: Path) -> None:
    overrides = ("horizon=60 d", "replications=24")
    whole = sim.run(sim.prepare(*overrides, "workers=1"), results=tmp_path / "undisturbed")
    command = [sys.executable, "-m", "sim.cli", "run", *overrides, "workers=2", "--no-plots"]
    command += ["--results", str(tmp_path / "killed")]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    parts = tmp_path / "killed" / whole.path.name / "parts"

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 120
        while len(list(parts.glob("*.arrow"))) < count:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)

    wait_for(2)
    workers = [each for each in psutil.Process(process.pid).children() if "spawn_main" in str(each.cmdline())]
    workers[0].kill()
    wait_for(6)
    process.kill()
    process.wait()
    done = len(list(parts.glob("*.arrow")))
    assert done < 24
    assert len(sim.load(parts.parent).outcomes) == done
    told: list[int] = []
    again = sim.run(
        sim.prepare(*overrides, "workers=2"),
        results=tmp_path / "killed",
        progress=lambda done, failed: told.append(done),
    )
    assert told[0] >= done
    assert again.complete
    assert digests(again.path) == digests(whole.path)
    assert [each.summary() for each in again.verdicts] == [each.summary() for each in whole.verdicts]


def test_what_is_there_is_not_done_again(tmp_path: Path) -> None:
    study = sim.prepare(*QUICK, "replications=2", "workers=1")
    first = sim.run(study, results=tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in first.path.glob("*.parquet")}
    second = sim.run(study, results=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in second.path.glob("*.parquet")} == stamps
    assert [each.summary() for each in second.verdicts] == [each.summary() for each in first.verdicts]


def test_two_runs_never_share_a_folder(tmp_path: Path) -> None:
    study = sim.prepare(*QUICK, "replications=1")
    with (
        store.claimed(store.folder_of(study, tmp_path)),
        pytest.raises(store.BusyError, match="another run is writing"),
    ):
        sim.run(study, results=tmp_path)
    assert sim.run(study, results=tmp_path).complete


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_is_full_stops_the_run_and_leaves_it_fit_to_go_on(tmp_path: Path, workers: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, resource.RLIM_INFINITY))

    command = [sys.executable, "-m", "sim.cli", "run", "horizon=60 d", "replications=3", f"workers={workers}"]
    command += ["--no-plots", "--results", str(tmp_path)]
    found = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True)
    assert found.returncode == 1
    assert "cannot write results: File too large" in found.stderr
    assert "Traceback" not in found.stderr
    assert not list(tmp_path.rglob("*.tmp"))
    (folder,) = tmp_path.iterdir()
    assert store.read_manifest(folder)["state"] == "failed"
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_failures_are_told_with_their_traceback_and_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "faulty.py").write_text(
        "from dataclasses import dataclass\n"
        "from sim.seams import IncidentSource\n"
        "@dataclass(frozen=True)\n"
        "class Faulty(IncidentSource):\n"
        "    def incidents(self, streams, *, horizon_s):\n"
        "        raise ValueError('boom')\n"
    )
    command = [sys.executable, "-m", "sim.cli", "run", "--config-dir", ".", "+demand.odd.use=faulty.Faulty"]
    found = subprocess.run(
        [*command, *QUICK, "replications=2", "workers=1"], cwd=tmp_path, capture_output=True, text=True
    )
    assert found.returncode == 3
    assert "2 of 2 replications failed; replication 0 raised ValueError: boom" in found.stderr
    (told,) = (tmp_path / "results").glob("*/failures.jsonl")
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    assert [line["replication"] for line in lines] == [0, 1]
    assert all("in incidents" in line["traceback"] for line in lines)
    (kept,) = (tmp_path / "results").iterdir()
    assert [each.raised for each in sim.load(kept).failures] == ["ValueError", "ValueError"]
