"""Measures every speed and memory figure that the documents state, side by side on this machine.

    uv run python benchmarks/run.py            # about four minutes
    uv run python benchmarks/run.py --quick    # a smaller work, for a first look

Prints medians. Ratios count; single absolute times say as much of the machine as of the code.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import district
import loop
import peer

import sim
from sim.rng import Streams


def tocsin(incidents: int) -> int:
    """Run tocsin on the district, tables and frames included; return the number of incidents."""
    scenario = district.study(incidents).scenario
    tables = sim.tabulate(sim.simulate(scenario, seed=1), scenario)
    found, _ = tables.frames()
    return len(found)


RUNS: dict[str, Callable[[int], int]] = {
    "plain SimPy": lambda n: len(peer.run(n)),
    "tocsin": tocsin,
    "heapq loop": lambda n: len(loop.run(n)),
}


def rates(incidents: int, rounds: int) -> dict[str, list[float]]:
    """Return incidents a CPU second of each, in turn, for so many rounds."""
    found: dict[str, list[float]] = {name: [] for name in RUNS}
    for run in RUNS.values():
        run(2000)
    for _ in range(rounds):
        for name, run in RUNS.items():
            begun = time.process_time()
            n = run(incidents)
            found[name].append(n / (time.process_time() - begun))
    return found


def speed(incidents: int, rounds: int) -> None:
    """Print the incidents a second and the ratios, taken round by round."""
    found = rates(incidents, rounds)
    print(f"District dispatch, {incidents:,} incidents, one process, {rounds} rounds in turn:")
    for name, values in found.items():
        ratios = [v / p for v, p in zip(values, found["plain SimPy"], strict=True)]
        print(
            f"  {name:12} {median(values):>9,.0f} incidents/s   {median(ratios):5.2f} of plain SimPy"
            f"   ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    gap = [q / t for q, t in zip(found["heapq loop"], found["tocsin"], strict=True)]
    print(f"  the heapq loop is {median(gap):.2f} times tocsin")


def growth(sizes: list[int]) -> None:
    """Print time and peak memory against the number of incidents, each in a process of its own.

    Before this process has grown: a child's peak is never told as less than its parent's.
    """
    print("Growth, each size in a fresh process:")
    base = child(100)["peak_kb"]
    for n in sizes:
        found = child(n)
        print(
            f"  {n:>9,} incidents: {found['cpu_s'] / n * 1e6:6.2f} us and "
            f"{(found['peak_kb'] - base) * 1024 / n:6.0f} bytes of peak memory an incident"
        )


def incidents(n: int) -> None:
    """Print what it takes to draw so many incidents, and to write as many to a record and read them."""
    for work, told in (("draw", "drawn"), ("read", "written to a record and read from it")):
        found = child(n, work)
        print(f"{n:,} incidents {told}: {found['cpu_s']:.2f} s, {found['peak_kb'] / 1e6:.2f} GB at the peak")


def draw(n: int) -> int:
    """Draw the district's incidents from its source."""
    scenario = district.study(n).scenario
    ((name, source),) = scenario.sources
    return len(source.incidents(Streams(1, 0).below(name), horizon_s=scenario.horizon_s))


def read(n: int) -> int:
    """Write so many incidents to a record, a CSV file of seven columns, and read them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.csv"
        with file.open("w", encoding="utf-8") as rows:
            rows.write("id,at,type,x,y,level,scene_s\n")
            rows.writelines(f"{i},{i * 240.5},call,{i % 40000},{i % 39999},IV,{i % 3600}\n" for i in range(n))
        mapping = district.config(n) | {
            "demand": {"history": {"use": "sim.demand.trace.Trace", "file": str(file)}}
        }
        scenario = sim.build(mapping).scenario
        ((name, source),) = scenario.sources
        found = source.incidents(Streams(1, 0).below(name), horizon_s=scenario.horizon_s)
    return len(found)


WORKS: dict[str, Callable[[int], int]] = {"district": tocsin, "draw": draw, "read": read}


def child(n: int, work: str = "district") -> dict[str, float]:
    """Do a work in a fresh process and return its CPU seconds and peak memory."""
    words = [sys.executable, __file__, "--child", str(n), "--work", work]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(found.stdout)
    return told


def measure_child(n: int, work: str) -> None:
    """Print as JSON what one size of a work costs this process."""
    WORKS[work](100)
    begun = time.process_time()
    WORKS[work](n)
    cpu_s = time.process_time() - begun
    print(json.dumps({"cpu_s": cpu_s, "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


def commands() -> None:
    """Print how long the command line takes."""
    with tempfile.TemporaryDirectory() as folder:
        for words, rounds in ((["--help"], 5), (["check"], 3), (["run"], 3)):
            times = []
            for _ in range(rounds):
                begun = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "sim.cli", *words], cwd=folder, capture_output=True, check=True
                )
                times.append(time.perf_counter() - begun)
            print(f"  tocsin {' '.join(words):8} {median(times):6.2f} s")


def main() -> None:
    """Measure everything, or one size for the parent process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.child:
        measure_child(told.child, told.work)
        return
    growth([10_000, 100_000] if told.quick else [10_000, 100_000, 1_000_000])
    incidents(100_000 if told.quick else 1_000_000)
    speed(*((20_000, 3) if told.quick else (100_000, 7)))
    print("Whole commands:")
    commands()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
