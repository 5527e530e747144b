"""Backends beside processes of this machine: workers that hang and die, runs that are killed and go on."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from faults import faulty, first_time
from worlds import ROOT

import sim
from sim.study.backends import BackendError, Dask, Local, Ray, Slurm, WorkerError, Workers
from sim.study.backends.backend import Stream
from sim.study.results import Outcome
from sim.study.tasks import Failure, Task

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kills processes by POSIX signals"),
    pytest.mark.filterwarnings("default"),  # those of other people's libraries
]
NAMES = ("dask", "ray", "slurm")
EXTRAS = {"dask": "distributed", "ray": "ray", "slurm": "submitit"}
KINDS: dict[str, Callable[..., Workers]] = {
    "dask": Dask,
    "ray": Ray,
    "slurm": partial(Slurm, cluster="local", chunk=3),
}
SPELT = {"dask": "Dask(workers=2)", "ray": "Ray(workers=2)", "slurm": "Slurm(2, chunk=2, cluster='local')"}


def needed(name: str) -> None:
    """Skip a test whose extra is not there."""
    if find_spec(EXTRAS[name]) is None:
        pytest.skip(f"needs the extra {name}")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    needed(request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers import the work that fails."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))


@pytest.fixture(autouse=True)
def _results_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the disk of one machine; submitit waits 15 s for a result that a file system may be slow to show."""
    if find_spec("submitit") is not None:
        monkeypatch.setattr("submitit.core.core.Job._results_timeout_s", 1)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    family = psutil.Process().children(recursive=True)
    left = psutil.wait_procs([each for each in family if not is_tracker(each)], timeout=20)[1]
    assert not left


def is_tracker(process: psutil.Process) -> bool:
    """Whether a process is Python's own, that stays until its parent ends."""
    try:
        return "resource_tracker" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


def ended(backend: Workers, folder: Path, numbers: range, do: Callable[[Task], Outcome]) -> dict[int, object]:
    tasks = [Task(str(folder / "study"), n) for n in numbers]
    with closing(backend.carry_out(tasks, do)) as stream:
        return {task.replication: how for task, how in stream}


def check_faults(found: dict[int, object]) -> None:
    failures = {n: each for n, each in found.items() if isinstance(each, Failure)}
    assert sorted(found) == list(range(6))
    assert {n: each.how for n, each in failures.items()} == {1: "raised", 2: "worker died", 3: "timed out"}
    assert (failures[1].raised, failures[1].error) == ("ValueError", "one is odd")
    assert "in faulty" in failures[1].traceback


def test_a_task_that_raises_hangs_or_kills_its_worker_leaves_the_others_alone(
    name: str, tmp_path: Path
) -> None:
    check_faults(ended(KINDS[name](workers=2, time_limit_s=3), tmp_path, range(6), faulty))


def test_what_fails_once_is_tried_again(name: str, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    found = ended(KINDS[name](workers=2), tmp_path, range(3), first_time)
    assert [type(how) for how in found.values()] == [Outcome] * 3
    found = ended(KINDS[name](workers=2, retries=0), tmp_path, range(3, 4), first_time)
    assert [type(how) for how in found.values()] == [Failure]


def test_all_backends_write_the_same_bytes(name: str, tmp_path: Path) -> None:
    few = ("horizon=10 d", "incident=[structure_fire]", "replications=3", "fleet.engines_per_station=2,3")
    here = sim.sweep(*few, "workers=1", results=tmp_path / "here")
    there = sim.sweep(*few, results=tmp_path / "there", backend=KINDS[name](workers=2))
    assert there.complete
    for point in here.points:
        assert digests(tmp_path / "here" / point.study) == digests(tmp_path / "there" / point.study)
    assert [vars(point) for point in here.points] == [vars(point) for point in there.points]


def test_a_folder_that_workers_do_not_see_is_told(name: str, tmp_path: Path) -> None:
    """As on another machine: the study is not where the task says."""
    from sim.study.work import perform

    with pytest.raises(WorkerError, match=r"does not see .*study: results must lie on a file system"):
        ended(KINDS[name](workers=1), tmp_path, range(2), perform)


def wait_for(parts: Path, count: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 180
    while len(list(parts.glob("*.arrow"))) < count:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


LONG = ("horizon=30 d", "replications=16")
WORKER = {"dask": "spawn_main", "ray": "ray::", "slurm": "submitit.core._submit"}


def test_a_run_whose_worker_and_then_itself_are_killed_goes_on_to_the_same_results(
    name: str, tmp_path: Path
) -> None:
    whole = sim.run(sim.prepare(*LONG, "workers=1"), results=tmp_path / "undisturbed")
    parts = tmp_path / "killed" / whole.path.name / "parts"
    script = tmp_path / "script.py"
    script.write_text(
        "import sim\nfrom sim.study.backends import *\n"
        "if __name__ == '__main__':\n"
        f"    found = sim.run(sim.prepare(*{LONG}), results='killed', backend={SPELT[name]})\n"
        "    assert found.complete\n"
    )
    command = [sys.executable, str(script)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, process_group=0)
    wait_for(parts, 2, process)
    kill_a_worker(process.pid, WORKER[name])
    wait_for(parts, 8, process)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    psutil.wait_procs(family, timeout=60)
    assert 8 <= len(sim.load(parts.parent).outcomes) < 16
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert digests(parts.parent) == digests(whole.path)


def kill_a_worker(parent: int, mark: str) -> None:
    """Kill one process that does tasks, below another."""
    children = psutil.Process(parent).children(recursive=True)
    workers = [each for each in children if mark in " ".join(each.cmdline())]
    max(workers, key=lambda each: each.cpu_times().user).kill()


@contextmanager
def a_scheduler(folder: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler of Dask and two workers, each in a process of its own, as the guide has them."""
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker"]
    file = folder / "scheduler.json"
    told = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    begun = [subprocess.Popen([*scheduler, *told], cwd=folder, stderr=subprocess.DEVNULL)]
    try:
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        told = [address, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
        for _ in range(2):
            begun.append(subprocess.Popen([*worker, *told], cwd=folder, stderr=subprocess.DEVNULL))
        yield address, [psutil.Process(each.pid) for each in begun[1:]]
    finally:
        family = [psutil.Process(each.pid) for each in reversed(begun)]
        for each in [child for parent in family for child in (parent, *parent.children(recursive=True))]:
            each.kill()
        for process in begun:
            process.wait()


def test_a_dask_scheduler_of_ones_own(tmp_path: Path) -> None:
    needed("dask")
    whole = sim.run(sim.prepare(*LONG, "workers=1"), results=tmp_path / "undisturbed")
    parts = tmp_path / "killed" / whole.path.name / "parts"
    with a_scheduler(tmp_path) as (address, workers):
        command = [sys.executable, "-m", "sim.cli", "run", *LONG, "--no-plots", "--results", "killed"]
        command += ["--backend", "dask", "--address", address]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        wait_for(parts, 2, process)
        kill_a_worker(workers[0].pid, "spawn_main")
        wait_for(parts, 8, process)
        process.kill()
        process.communicate()
        assert len(sim.load(parts.parent).outcomes) < 16
        again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
        assert digests(parts.parent) == digests(whole.path)
    with pytest.raises(WorkerError, match=f"no Dask scheduler answers at {address}"):
        ended(Dask(address=address), tmp_path, range(1), faulty)


def begun(name: str, folder: Path) -> "closing[Stream]":
    """A cluster started here that does a task; ended by leaving it."""
    needed(name)
    (folder / "study").mkdir()
    tasks = [Task(str(folder / "study"), n) for n in range(4)]
    stream = KINDS[name](workers=1).carry_out(tasks, first_time)
    next(stream)
    return closing(stream)


def test_a_dask_cluster_started_here_listens_to_this_machine_alone(tmp_path: Path) -> None:
    with begun("dask", tmp_path):
        family = [psutil.Process(), *psutil.Process().children(recursive=True)]
        found = [socket for each in family for socket in each.net_connections("inet")]
    assert {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_a_ray_cluster_started_here_lets_nobody_in_without_its_token(tmp_path: Path) -> None:
    with begun("ray", tmp_path):
        import ray

        address = ray.get_runtime_context().gcs_address
        code = f"import ray; ray.init(address={address!r}); print('let in')"
        told = os.environ | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64}
        found = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True)
    assert found.returncode == 1
    assert "Failed to connect" in found.stderr


def test_a_setting_that_cannot_be_meant_is_refused() -> None:
    for make in (
        lambda: Local(0),
        lambda: Dask(time_limit_s=0),
        lambda: Dask(workers=2, address="tcp://127.0.0.1:8786"),
        lambda: Ray(retries=-1),
        lambda: Slurm(chunk=0),
        lambda: Slurm(sbatch=("account",)),
    ):
        with pytest.raises(BackendError, match="expected"):
            make()


@pytest.mark.skipif(shutil.which("srun") is not None, reason="SLURM is here")
def test_without_slurm_it_is_told() -> None:
    needed("slurm")
    with pytest.raises(BackendError, match="there is no SLURM on this machine"):
        ended(Slurm(), Path(), range(1), faulty)
