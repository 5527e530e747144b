"""The district as a bare event loop on heapq: the floor that any engine in plain Python stands on."""

from heapq import heappop, heappush
from math import hypot

import district as d
import numpy as np
import pandas as pd

COLUMNS = (
    "zone",
    "station",
    "reported_s",
    "assigned_s",
    "enroute_s",
    "arrived_s",
    "cleared_s",
    "in_quarters_s",
)


def run(incidents: int, seed: int = 1) -> pd.DataFrame:
    """Simulate and return a row an incident: zone, station, and its moments in seconds."""
    rng = np.random.default_rng(seed)
    speed = d.SPEED_KMH / 3.6
    travel = [[hypot(x - sx, y - sy) * 1000 / speed for sx, sy in d.stations()] for x, y in d.zones()]
    order = [sorted(range(len(times)), key=times.__getitem__) for times in travel]
    marks = zip(
        np.cumsum(rng.exponential(3600 / d.RATE_PER_HOUR, incidents)).tolist(),
        rng.integers(len(travel), size=incidents).tolist(),
        rng.lognormal(np.log(d.TURNOUT_MEDIAN_S), d.TURNOUT_SIGMA, incidents).tolist(),
        rng.lognormal(0, d.NOISE_SIGMA, incidents).tolist(),
        rng.lognormal(np.log(d.SCENE_MEDIAN_MIN * 60), d.SCENE_SIGMA, incidents).tolist(),
        rng.lognormal(0, d.NOISE_SIGMA, incidents).tolist(),
        strict=True,
    )
    idle = [2] * len(d.stations())
    back: list[tuple[float, int]] = []
    waiting: list[tuple[float, ...]] = []
    rows: list[tuple[float, ...]] = []

    def send(mark: tuple[float, ...], station: int, now_s: float) -> None:
        reported_s, zone, turnout_s, noise_out, scene_s, noise_home = mark
        times = travel[int(zone)]
        enroute_s = now_s + turnout_s
        arrived_s = enroute_s + times[station] * noise_out
        cleared_s = arrived_s + scene_s
        home_s = cleared_s + times[station] * noise_home
        rows.append((zone, station, reported_s, now_s, enroute_s, arrived_s, cleared_s, home_s))
        idle[station] -= 1
        heappush(back, (home_s, station))

    def come_back() -> None:
        home_s, station = heappop(back)
        idle[station] += 1
        if waiting:
            send(waiting.pop(0), station, home_s)

    for mark in marks:
        while back and back[0][0] <= mark[0]:
            come_back()
        station = next((s for s in order[mark[1]] if idle[s]), None)
        if station is None:
            waiting.append(mark)
        else:
            send(mark, station, mark[0])
    while back:
        come_back()
    return pd.DataFrame(np.array(rows), columns=COLUMNS)
