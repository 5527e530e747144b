"""Small road networks by their arcs, and paths on them."""

import numpy as np

from sim.travel.roads.chains import chains
from sim.travel.roads.paths import Paths
from sim.travel.roads.roads import Roads
from sim.travel.roads.stretches import Stretches
from sim.travel.roads.table import table

Arc = tuple[int, int, int]
"""Start, end and ticks."""


def network(n: int, arcs: list[Arc]) -> Roads:
    start, end, ticks = (np.array(column, np.int64) for column in zip(*arcs, strict=True))
    zeros = np.zeros(n)
    return Roads(zeros, zeros, np.ones(n, bool), start, end, {"car": ticks})


def paths_of(roads: Roads, *, most_bytes: float = 1e9) -> Paths:
    found = Stretches(chains(roads, "car"))
    return Paths(found, table(found.graph(), most_bytes=most_bytes, folder=None))
