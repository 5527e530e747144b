"""A road network as files have it, before any mode of travel has its times."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.travel.roads.roads import Ints


@dataclass(frozen=True, eq=False)
class Survey:
    """Nodes in metres (nodes,) and directed arcs (arcs,), a two-way road being two.

    ``classes`` are the classes of road (OpenStreetMap's ``highway``, or whatever a table says; "" for
    none), ``labels`` what the roads are called ("" for none), by which they can be closed. ``seconds``
    are times of the arcs that the file itself gives, by mode; NaN where the mode may not go. ``cut`` is how
    many ways lack nodes, as at the edge of an extract; ``doubts`` are what is hardly right, in words.
    """

    names: tuple[str, ...]
    x_m: FloatArray
    y_m: FloatArray
    access: NDArray[np.bool_]
    start: Ints
    end: Ints
    length_m: FloatArray
    classes: NDArray[np.str_]
    labels: NDArray[np.str_]
    seconds: Mapping[str, FloatArray] = field(default_factory=dict)
    cut: int = 0
    doubts: tuple[str, ...] = ()
