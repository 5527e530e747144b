"""The district in plain SimPy, as most people write it: a process per incident, a Resource per station."""

from math import hypot, log
from typing import Any

import district as d
import numpy as np
import pandas as pd
import simpy


def run(incidents: int, seed: int = 1) -> pd.DataFrame:
    """Simulate and return a row an incident: zone, station, and its moments in seconds."""
    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    stations = [simpy.Resource(env, capacity=2) for _ in d.stations()]
    speed = d.SPEED_KMH / 3.6
    travel = [[hypot(x - sx, y - sy) * 1000 / speed for sx, sy in d.stations()] for x, y in d.zones()]
    turnout_mu, scene_mu = log(d.TURNOUT_MEDIAN_S), log(d.SCENE_MEDIAN_MIN * 60)
    rows: list[dict[str, Any]] = []

    def incident(zone: int):
        row = {"zone": zone, "reported_s": env.now}
        times = travel[zone]
        idle = [i for i, station in enumerate(stations) if station.count + len(station.queue) < 2]
        row["station"] = chosen = min(idle or range(len(stations)), key=times.__getitem__)
        with stations[chosen].request() as unit:
            yield unit
            row["assigned_s"] = env.now
            yield env.timeout(rng.lognormal(turnout_mu, d.TURNOUT_SIGMA))
            row["enroute_s"] = env.now
            yield env.timeout(times[chosen] * rng.lognormal(0, d.NOISE_SIGMA))
            row["arrived_s"] = env.now
            yield env.timeout(rng.lognormal(scene_mu, d.SCENE_SIGMA))
            row["cleared_s"] = env.now
            yield env.timeout(times[chosen] * rng.lognormal(0, d.NOISE_SIGMA))
            row["in_quarters_s"] = env.now
        rows.append(row)

    def source():
        for _ in range(incidents):
            yield env.timeout(rng.exponential(3600 / d.RATE_PER_HOUR))
            env.process(incident(int(rng.integers(len(travel)))))

    env.process(source())
    env.run()
    return pd.DataFrame(rows)
