"""Measures questions to results: a percentile over 50 million rows, and a list of 1,000 studies.

    uv run python benchmarks/store.py            # about three minutes, 13 GB of disk
    uv run python benchmarks/store.py --quick    # 2 million rows, 100 studies

Whole commands, as a user starts them. This process imports nothing large: a command's peak of memory is at
least that of the process which starts it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MILLION = ("horizon=2900 d", "replications=19")
"""Zhoucun for so long has about a million incidents, in 271 zones."""

SQL = "SELECT study, zone, quantile_cont(arrived_s - reported_s, 0.9) AS p90_s FROM incidents GROUP BY ALL"


def copies(of: Path, root: Path, count: int, only: tuple[str, ...] = ()) -> Path:
    """Write so many studies alike, each with a fingerprint of its own; of ``only`` some files."""
    for i in range(count):
        folder = root / f"zhoucun-{i:012x}"
        folder.mkdir(parents=True)
        for file in of.iterdir():
            if file.is_file() and (not only or file.name in only):
                shutil.copy(file, folder)
        manifest = folder / "manifest.json"
        told = json.loads(manifest.read_text(encoding="utf-8")) | {"fingerprint": f"{i:012x}"}
        manifest.write_text(json.dumps(told), encoding="utf-8")
    return root


def command(*words: str) -> tuple[float, float, str]:
    """Run a command; return its seconds, its peak of memory in GB, and what it printed."""
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "sim.cli", *words], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - begun, used.ru_maxrss / 1e6, printed


def main() -> None:
    """Print seconds and memory of both questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    many, listed = (2, 100) if parser.parse_args().quick else (50, 1000)
    with tempfile.TemporaryDirectory() as folder:
        answer = command("run", *MILLION, "--no-plots", "--json", "--results", folder)[2]
        told, root = json.loads(answer), Path(folder)
        asked = copies(Path(told["results"]), root / "rows", many)
        rows = many * told["incidents"]
        for _ in range(2):
            took_s, peak_gb, printed = command("results", "query", SQL, "--results", str(asked))
            groups = len(printed.splitlines()) - 1
            print(f"P90 of {groups:,} zones in {rows:,} rows: {took_s:.1f} s, {peak_gb:.2f} GB")
        shutil.rmtree(asked)
        few = ("manifest.json", "tables.json", "config.yaml")
        found = copies(Path(told["results"]), root / "list", listed, few)
        for _ in range(3):
            took_s, peak_gb, _printed = command("results", "list", "--results", str(found))
            print(f"{listed:,} studies listed: {took_s:.2f} s, {peak_gb:.2f} GB")


if __name__ == "__main__":
    main()
