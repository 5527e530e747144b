"""The command line for tests: as a user starts it, or, quicker, by what it calls in this process."""

import os
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from sim import cli

Told = subprocess.CompletedProcess[str]

WIDTH = "100"


def tocsin(*words: str, cwd: Path | None = None, **env: str) -> Told:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        cwd=cwd,
        env=os.environ | {"COLUMNS": WIDTH} | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def here(*words: str, cwd: Path | None = None) -> Told:
    """Run a command as ``sim.cli.main`` does, in this process, which forgets plug-ins of a folder again."""
    out, err = StringIO(), StringIO()
    on_term = signal.getsignal(signal.SIGTERM)
    try:
        with chdir(cwd or Path.cwd()), pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", WIDTH)
            patch.setattr(sys, "path", [*sys.path])
            with redirect_stdout(out), redirect_stderr(err):
                code = cli._guarded(lambda: cli.app(list(words), prog_name="tocsin"))
    finally:
        signal.signal(signal.SIGTERM, on_term)
        for name, module in list(sys.modules.items()):
            if cwd and Path(getattr(module, "__file__", None) or "/").is_relative_to(cwd):
                del sys.modules[name]
    return Told(["tocsin", *words], code, out.getvalue(), err.getvalue())
