"""Measures what the documents state of road networks: Auckland's, and closures in Shanting.

    uv run python benchmarks/roads.py

Auckland's data must lie beside the checkout, as for the tests. Ratios count; single absolute times say as
much of the machine as of the code.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "validation")]

import numpy as np  # noqa: E402
import test_auckland  # noqa: E402
from streets import write_streets  # noqa: E402

import sim  # noqa: E402
from sim.model.closures import Closure  # noqa: E402
from sim.rng import Streams  # noqa: E402

CLOSURES, RADIUS = 100, "1 km"


def clocked(run: object, *arguments: object, **named: object) -> tuple[float, object]:
    """Return the CPU seconds of a call, and what it returned."""
    begun = time.process_time()
    found = run(*arguments, **named)  # type: ignore[operator]
    return time.process_time() - begun, found


def auckland(folder: Path) -> None:
    """Print loading, look-ups, a closure, and the trace from end to end."""
    config = test_auckland.config(folder, "trace_rep1.csv")
    for name in ("first load", "load with the table kept"):
        begun = time.perf_counter()
        scenario = sim.build(config, folders=[folder]).scenario
        print(f"Auckland, {name}: {time.perf_counter() - begun:.1f} s")
    taking = config | {"dispatch": {"use": "sim.dispatch.closest.Closest", "preempts": {1: [2, 3]}}}
    pre_empting = sim.build(taking, folders=[folder]).scenario
    for what, each in (("", scenario), (", with pre-emption", pre_empting)):
        runs = [clocked(sim.simulate, each)[0] for _ in range(7)]
        least, usual, most = (4220 / took_s for took_s in (max(runs), median(runs), min(runs)))
        print(f"  its trace of 4,220 calls{what}: {usual:,.0f} calls/s ({least:,.0f} to {most:,.0f})")
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at the peak")
    travel, sites = scenario.travel, [(site.x_m, site.y_m) for site in scenario.place.sites]
    log = sim.simulate(scenario)
    scenes = list(zip(log.incidents.x_m.tolist(), log.incidents.y_m.tolist(), strict=True))

    def look_up() -> None:
        for scene in scenes:
            travel.between(sites[0], scene, at_s=0.0, mode="siren")

    look_up()
    print(f"  a time from a station: {min(clocked(look_up)[0] for _ in range(5)) / len(scenes) * 1e6:.2f} us")
    some, middle = np.array(scenes[:1024]), tuple(np.median(np.array(scenes), axis=0).tolist())
    for radius_m in (200.0, 3000.0):
        run = travel.begin(Streams(1, 0), horizon_s=1.0)

        def close(run: object = run, radius_m: float = radius_m) -> None:
            run.close(Closure("c", at=middle, radius_m=radius_m))  # type: ignore[attr-defined]
            for mode in ("siren", "regular"):
                run.seconds(np.array(sites), some, at_s=0.0, mode=mode)  # type: ignore[attr-defined]

        print(f"  closing {radius_m:g} m around, and 2 x 18 x 1,024 times: {clocked(close)[0]:.2f} s")


def shanting(folder: Path) -> None:
    """Print what 100 closures add to a year, on a plane and on a lattice of streets."""
    place = sim.prepare("place=shanting").scenario.place
    rng = np.random.default_rng(1)
    closed = []
    for i in range(CLOSURES):
        zone = place.zones[rng.integers(len(place.zones))]
        lat, lon = 35.0928 + zone.y_m / 111_000, 117.4508 + zone.x_m / 91_000
        at, lasting = rng.uniform(0, 8700), rng.uniform(2, 48)
        where = f"within: {RADIUS}, lat: {lat:.5f}, lon: {lon:.5f}"
        closed.append(f"+closures.c{i}={{{where}, at: {at:.2f} h, lasting: {lasting:.2f} h}}")
    for name, roads in (("a plane", []), ("streets", write_streets(folder, place))):
        open_, shut = (sim.prepare("place=shanting", *roads, *more).scenario for more in ([], closed))
        pairs = [(clocked(sim.simulate, open_)[0], clocked(sim.simulate, shut)[0]) for _ in range(5)]
        ratio, year_s = median(b / a for a, b in pairs), median(a for a, _ in pairs)
        print(f"Shanting on {name}: a year {year_s:.2f} s, with closures {ratio:.2f} times that")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOCSIN_CACHE"] = str(Path(folder) / "cache")
        auckland(Path(folder))
        shanting(Path(folder))


if __name__ == "__main__":
    main()
