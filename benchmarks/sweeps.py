"""Measures what the documents state of sweeps: how long points take to compose and to fingerprint.

    uv run python benchmarks/sweeps.py

Seconds are of the processor, in one process; Hydra alone is measured beside it on a few points.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sim.compose import Sweep, points, prepare

N = 10_000
GRID = ("fleet.engines_per_station=range(2,7)", "horizon=5 d,6 d", f"seed=range({N // 10})")
PLACES = ("place=glob(*)", "dispatch=closest,preempting", f"seed=range({N // 10})")
DESIGN = f"""
title: Six keys at once
design:
  kind: latin_hypercube
  points: {N}
  over:
    fleet.kinds.engine.turnout.median: {{from: 50 s, to: 90 s}}
    fleet.kinds.engine.turnout.sigma: {{from: 0.2, to: 0.6}}
    incident.structure_fire.handling.median: {{from: 40 s, to: 80 s}}
    travel.detour: {{from: 1.2, to: 1.5}}
    fleet.engines_per_station: {{from: 2, to: 6}}
    seed: {{from: 1, to: 1000000}}
"""


def clocked(run: Callable[[], object]) -> float:
    """Return the seconds of the processor that a call takes."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def measure(name: str, sweep: Callable[[], Sweep]) -> None:
    """Print what making, composing and fingerprinting a sweep takes."""
    made: list[Sweep] = []
    reading = clocked(lambda: made.append(sweep()))
    (found,) = made
    composing = clocked(lambda: [found.compose(point).written for point in found.points])
    printing = clocked(lambda: [found.fingerprint(point) for point in found.points])
    print(
        f"{name}: {len(found.points):,} points read and tried in {reading:.1f} s, "
        f"composed in {composing:.2f} s, fingerprinted in {printing:.2f} s"
    )


def main() -> None:
    grid = points(*GRID)
    hydra = clocked(lambda: [prepare(*point.overrides) for point in grid.points[:5]]) / 5
    quick = clocked(lambda: [grid.prepare(point) for point in grid.points[:5]]) / 5
    print(f"a study: {hydra * 1000:.0f} ms by Hydra, {quick * 1000:.0f} ms as a point of a sweep")
    measure("a grid", lambda: points(*GRID))
    measure("five places and two policies", lambda: points(*PLACES))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "experiment").mkdir()
        (Path(folder) / "experiment" / "six.yaml").write_text(DESIGN, encoding="utf-8")
        measure("a design of six keys", lambda: points("experiment=six", config_dir=folder))


if __name__ == "__main__":
    main()
