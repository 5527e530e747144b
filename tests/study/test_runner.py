import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

import sim
from sim.study import store
from sim.study.tables import TABLES

SHORT = ("horizon=30 d", "replications=4")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def summaries(results: sim.Results) -> list[dict[str, object]]:
    return [verdict.summary() for verdict in results.verdicts]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    return sim.run(sim.prepare(*SHORT, "workers=1"), results=tmp_path_factory.mktemp("one"))


def test_one_worker_and_two_write_the_same_bytes(results: sim.Results, tmp_path: Path) -> None:
    two = sim.run(sim.prepare(*SHORT, "workers=2"), results=tmp_path)
    assert two.path.name == results.path.name
    assert digests(two.path) == digests(results.path)
    assert len(digests(two.path)) == 3
    assert summaries(two) == summaries(results)


def test_what_was_written_is_read_back_and_judged_alike(results: sim.Results) -> None:
    again = sim.load(results.path)
    assert summaries(again) == summaries(results)
    assert again.incidents_total == results.incidents_total == len(results.incidents)
    for name in TABLES[:3]:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(results, name))


def test_frames_hold_all_replications(results: sim.Results) -> None:
    incidents, responses = results.incidents, results.responses
    assert sorted(incidents.replication.unique()) == [0, 1, 2, 3]
    counted = responses.groupby(["replication", "incident"]).size()
    needed = incidents.set_index(["replication", "incident"]).units_sent
    assert (counted == needed[needed > 0]).all()


def test_a_stored_log_can_be_judged_against_another_target(results: sim.Results) -> None:
    (easy,) = (v for v in results.verdicts if v.target.name == "fire_circle")
    fields = vars(easy.target) | {"limit_s": 1200.0}
    (verdict,) = results.judge(type(easy.target)(**fields))
    assert verdict.n == easy.n
    assert verdict.share > easy.share


def test_the_manifest_tells_what_made_the_results(results: sim.Results) -> None:
    manifest = store.read_manifest(results.path)
    assert manifest["state"] == "complete"
    assert manifest["finished"] == [0, 1, 2, 3]
    assert manifest["seed"] == 1
    assert manifest["fingerprint"] in results.path.name
    assert {"simpy", "numpy", "tocsin"} <= manifest["versions"].keys()
    assert not list(results.path.rglob("*.tmp"))


def test_the_fingerprint_follows_what_matters() -> None:
    def mark(*overrides: str) -> str:
        return sim.prepare(*overrides).fingerprint

    assert mark() == mark("workers=2") == mark("workers=1")
    assert len({mark(), mark("seed=2"), mark("replications=3"), mark("travel.detour=1.4")}) == 4


def test_the_share_is_all_hits_over_all_counts(results: sim.Results) -> None:
    by_name = {v.target.name: v for v in results.verdicts}
    circle = by_name["fire_circle"]
    hits = np.array([o.tallies["fire_circle"].hits for o in results.outcomes])
    counts = np.array([o.tallies["fire_circle"].n for o in results.outcomes])
    assert circle.share == hits.sum() / counts.sum()
    assert circle.lower < circle.share < circle.upper


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal to a process group")
@pytest.mark.parametrize(
    ("workers", "sent"), [(1, signal.SIGINT), (2, signal.SIGINT), (2, signal.SIGTERM)], ids=str
)
def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(
    tmp_path: Path, workers: int, sent: signal.Signals
) -> None:
    command = [
        sys.executable,
        "-m",
        "sim.cli",
        "run",
        "horizon=90 d",
        "replications=400",
        f"workers={workers}",
    ]
    process = subprocess.Popen(
        [*command, "--results", str(tmp_path)], start_new_session=True, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while len(list(tmp_path.rglob("parts/*.arrow"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    children = psutil.Process(process.pid).children(recursive=True)
    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # as a terminal does
    else:
        process.send_signal(sent)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.strip().splitlines() == ["tocsin: interrupted; finished replications are kept"]
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    (folder,) = tmp_path.iterdir()
    assert store.read_manifest(folder)["state"] == "interrupted"
    assert not list(folder.rglob("*.tmp"))
    kept = sim.load(folder)
    assert not kept.complete
    assert 3 <= len(kept.outcomes) < 400
    assert kept.incidents_total == len(kept.incidents)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
def test_workers_leave_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli", "run", "horizon=90 d", "replications=400", "workers=2"]
    process = subprocess.Popen([*command, "--results", str(tmp_path)], start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.rglob("parts/*.arrow")) and time.monotonic() < deadline:
        time.sleep(0.1)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait(timeout=10)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    (folder,) = tmp_path.iterdir()
    assert sim.load(folder).incidents_total > 0


def test_the_fingerprint_follows_the_code_of_ones_own_plug_ins(tmp_path: Path) -> None:
    code = (
        "from dataclasses import dataclass\n"
        "from sim.dispatch.closest import Closest\n"
        "@dataclass(frozen=True)\n"
        "class Mine(Closest):\n"
        "    pass\n"
    )
    (tmp_path / "own_policy.py").write_text(code)
    mark = sim.prepare("dispatch.use=own_policy.Mine", config_dir=tmp_path).fingerprint
    assert sim.prepare("dispatch.use=own_policy.Mine", config_dir=tmp_path).fingerprint == mark
    (tmp_path / "own_policy.py").write_text(code + "# changed\n")
    with pytest.raises(sim.ConfigError, match=r"own_policy.py, which has changed\n +expected +a new Python"):
        sim.prepare("dispatch.use=own_policy.Mine", config_dir=tmp_path)
    del sys.modules["own_policy"]  # as in a new process
    assert sim.prepare("dispatch.use=own_policy.Mine", config_dir=tmp_path).fingerprint != mark


def test_results_say_what_they_are_in_a_line(results: sim.Results) -> None:
    assert len(repr(results)) < 300
    assert "4 of 4 replications" in repr(results)
    assert "prepare" in dir(sim)


def test_a_study_with_overridden_targets_is_read_back(tmp_path: Path) -> None:
    chosen = ("incident=[structure_fire]", "targets.fire_circle.types=[structure_fire,vegetation_fire]")
    ran = sim.run(sim.prepare("horizon=20 d", "replications=2", "workers=1", *chosen), results=tmp_path)
    assert summaries(sim.load(ran.path)) == summaries(ran)
