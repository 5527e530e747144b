"""Where tasks are done, chosen on the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.study.backends import BackendError, Slurm
from sim.study.tasks import Task

QUICK = ("horizon=5 d", "incident=[structure_fire]", "replications=2", "workers=1")


def tocsin(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["run", "sweep"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--backend", "serial", "--retries", "2"], "--backend serial does not take it"),
        (["--partition", "short"], "--backend local does not take it"),
        (["--time-limit", "10"], "expected a duration with its unit"),
        (["--time-limit", "0 s"], "expected a duration above 0 s"),
        (["--backend", "slrum"], "slrum"),
        (["--backend", "dask", "--address", "tcp://127.0.0.1:8786", "workers=2"], "workers: expected none"),
        (["--backend", "slurm", "--sbatch", "account"], "sbatch: expected a key and a value"),
        (["--backend", "slurm", "--job-time", "5 s"], "job_time_s: expected at least 60 s"),
    ],
)
def test_an_option_that_cannot_be_meant_is_told(
    command: str, options: list[str], told: str, tmp_path: Path
) -> None:
    found = tocsin(command, *options, cwd=tmp_path)
    assert found.returncode == 2, found.stderr
    words = " ".join(found.stderr.replace("│", " ").split())
    assert told in words
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()


def test_where_it_runs_is_no_part_of_a_study(tmp_path: Path) -> None:
    for options in (["--backend", "serial"], ["--time-limit", "5 min", "--retries", "0"], []):
        found = tocsin("run", *QUICK, *options, "--no-plots", cwd=tmp_path)
        assert found.returncode == 0, found.stderr
    assert len(list((tmp_path / "results").iterdir())) == 1


def test_a_replication_that_takes_too_long_is_told(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import time\nfrom dataclasses import dataclass\nfrom sim.seams import IncidentSource\n"
        "@dataclass(frozen=True)\n"
        "class Slow(IncidentSource):\n"
        "    def incidents(self, streams, *, horizon_s):\n"
        "        time.sleep(600)\n"
    )
    slow = ("--config-dir", ".", "+demand.slow.use=slow.Slow", "replications=1")
    found = tocsin("run", *QUICK, *slow, "--time-limit", "2 s", "--retries", "0", cwd=tmp_path)
    assert found.returncode == 3
    assert "replication 0 timed out: it took longer than its time limit" in found.stderr


def test_an_extra_that_is_missing_is_told_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "submitit", None)
    with pytest.raises(BackendError, match=r"the extra slurm for submitit: pip install 'tocsin\[slurm\]'"):
        next(Slurm().carry_out([Task(str(tmp_path / "study"), 0)], lambda task: pytest.fail("not done")))


def test_backends_are_part_of_the_public_names() -> None:
    assert sim.Slurm is Slurm
    assert sim.Local(workers=2, time_limit_s=600).workers == 2
