"""What the readers of road networks share: nodes in metres, and pieces of road that become arcs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.earth import LatLon, project
from sim.sheets import Fault
from sim.travel.roads.roads import Ints
from sim.travel.roads.survey import Survey

FAR_M = 1_000_000.0
"""How far from a place's origin a node counts as a mistake."""

NEAR = f"a node within {FAR_M / 1000:,.0f} km of the place; are latitude and longitude swapped?"


@dataclass(frozen=True, eq=False)
class Nodes:
    """Nodes in metres, shape (nodes,); see Survey."""

    names: tuple[str, ...]
    x_m: FloatArray
    y_m: FloatArray
    access: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Segments:
    """Pieces of road (n,) between nodes (indices), and whether one may go from start to end, and back.

    ``classes`` and ``labels`` hold texts. A length of NaN is the straight distance. ``seconds`` are times
    by mode, the same both ways.
    """

    start: Ints
    end: Ints
    length_m: FloatArray
    classes: NDArray[Any]
    labels: NDArray[Any]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    seconds: Mapping[str, FloatArray] = field(default_factory=dict)

    def straight_m(self, nodes: Nodes) -> FloatArray:
        """Return the straight distances between their ends."""
        dx, dy = (axis[self.end] - axis[self.start] for axis in (nodes.x_m, nodes.y_m))
        return np.asarray(np.hypot(dx, dy))


def surveyed(nodes: Nodes, roads: Segments) -> Survey:
    """Return a network of arcs. A piece of road from a node to itself leads nowhere and is left out."""
    somewhere = roads.start != roads.end
    there, back = (np.flatnonzero(way & somewhere) for way in (roads.forward, roads.backward))
    both = np.concatenate([there, back])
    length_m = np.where(np.isnan(roads.length_m), roads.straight_m(nodes), roads.length_m)
    return Survey(
        names=nodes.names,
        x_m=nodes.x_m,
        y_m=nodes.y_m,
        access=nodes.access,
        start=np.concatenate([roads.start[there], roads.end[back]]),
        end=np.concatenate([roads.end[there], roads.start[back]]),
        length_m=length_m[both],
        classes=roads.classes[both],
        labels=roads.labels[both],
        seconds={mode: seconds[both] for mode, seconds in roads.seconds.items()},
    )


def far(x_m: FloatArray, y_m: FloatArray) -> NDArray[np.bool_]:
    """Return which nodes are farther from the place's origin than `FAR_M`."""
    return np.asarray(np.hypot(x_m, y_m) > FAR_M)


def projected(
    file: str, names: Sequence[str], lat: FloatArray, lon: FloatArray, origin: LatLon | None
) -> tuple[FloatArray, FloatArray, list[Fault]]:
    """Return nodes in metres, and what is wrong with their degrees."""
    if origin is None:
        expected = "a place with an origin in degrees; this one is in metres"
        return lat, lon, [Fault(file, "nodes in degrees", expected)]
    x_m, y_m = project(lat, lon, origin)
    right = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ~far(x_m, y_m)
    faults = [
        Fault(f"{file}, node {names[i]}", f"lat {lat[i]:g}, lon {lon[i]:g}", NEAR)
        for i in np.flatnonzero(~right).tolist()
    ]
    return x_m, y_m, faults


def told(error: Exception) -> str:
    """Return what a library says of a file that it cannot read, on one line."""
    return " ".join(str(error).split()) or type(error).__name__
