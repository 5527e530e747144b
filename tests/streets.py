"""A lattice of streets over a place, as the two tables that a road network is read from."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.model.place import Place


def write_streets(folder: Path, place: Place, step_m: float = 1000.0, shape: int = 3) -> list[str]:
    """Write streets every ``step_m`` over a place and return the overrides that have units drive on them.

    Every third one is a secondary road, the others residential; each block has ``shape`` nodes that only give
    it its shape. Streets are called by their line, as ``row 3`` and ``column 7``.
    """
    low, high = place.centres.min(axis=0) - step_m, place.centres.max(axis=0) + step_m
    nx, ny = (int(n) for n in np.ceil((high - low) / step_m) + 1)
    nodes, arcs = ["id,x,y"], ["from,to,class,name"]

    def node(name: str, x: float, y: float) -> str:
        nodes.append(f"{name},{low[0] + x * step_m:.1f},{low[1] + y * step_m:.1f}")
        return name

    corners = {(i, j): node(f"{i}-{j}", i, j) for i in range(nx) for j in range(ny)}
    for (i, j), corner in corners.items():
        for di, dj, line in ((1, 0, f"row {j}"), (0, 1, f"column {i}")):
            other = corners.get((i + di, j + dj))
            if other is None:
                continue
            kind = "secondary" if int(line.split()[1]) % 3 == 0 else "residential"
            parts = np.linspace(0, 1, shape + 2)[1:-1].tolist()
            between = [node(f"{corner}>{other}.{k}", i + di * p, j + dj * p) for k, p in enumerate(parts)]
            arcs += [f"{a},{b},{kind},{line}" for a, b in pairwise([corner, *between, other])]
    (folder / "nodes.csv").write_text("\n".join(nodes), encoding="utf-8")
    (folder / "arcs.csv").write_text("\n".join(arcs), encoding="utf-8")
    return ["travel=roads", f"travel.nodes={folder / 'nodes.csv'}", f"travel.arcs={folder / 'arcs.csv'}"]
