"""The district in plain SimPy, as most people write it: a process per incident, a Resource per station."""

from math import hypot

import district as d
import numpy as np
import simpy

Row = tuple[int, int, float, float, float, float, float]


def run(incidents: int, seed: int = 1) -> list[Row]:
    """Simulate and return a row an incident: zone, station, and its moments in seconds."""
    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    stations = [simpy.Resource(env, capacity=2) for _ in d.stations()]
    speed = d.SPEED_KMH / 3.6
    travel = [[hypot(x - sx, y - sy) * 1000 / speed for sx, sy in d.stations()] for x, y in d.zones()]
    log: list[Row] = []

    def incident(zone: int):
        called = env.now
        times = travel[zone]
        idle = [i for i, station in enumerate(stations) if station.count + len(station.queue) < 2]
        chosen = min(idle or range(len(stations)), key=times.__getitem__)
        with stations[chosen].request() as unit:
            yield unit
            assigned = env.now
            yield env.timeout(rng.lognormal(np.log(d.TURNOUT_MEDIAN_S), d.TURNOUT_SIGMA))
            enroute = env.now
            yield env.timeout(times[chosen] * rng.lognormal(0, d.NOISE_SIGMA))
            arrived = env.now
            yield env.timeout(rng.lognormal(np.log(d.SCENE_MEDIAN_MIN * 60), d.SCENE_SIGMA))
            cleared = env.now
            yield env.timeout(times[chosen] * rng.lognormal(0, d.NOISE_SIGMA))
            log.append((zone, chosen, called, assigned, enroute, arrived, cleared))

    def source():
        for _ in range(incidents):
            yield env.timeout(rng.exponential(3600 / d.RATE_PER_HOUR))
            env.process(incident(int(rng.integers(len(travel)))))

    env.process(source())
    env.run()
    return log
