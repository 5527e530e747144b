"""Road networks: nodes and arcs, their junctions, and shortest paths between these."""

from sim.travel.roads.roads import TICK_S, Roads

__all__ = ["TICK_S", "Roads"]
