"""When and where incidents are born, before all that is drawn for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.incidents import IntArray

Stream = Callable[..., np.random.Generator]


@dataclass(frozen=True, eq=False)
class Births:
    """When and where incidents of one type occur, shapes (n,): seconds, zone index, metres.

    ``given`` holds columns of Incidents that are known, NaN where they are not; ``prompt`` says that
    each is reported as it occurs.
    """

    occurred_s: FloatArray
    zone: IntArray
    x_m: FloatArray
    y_m: FloatArray
    given: Mapping[str, FloatArray] = field(default_factory=dict)
    prompt: bool = False

    def __len__(self) -> int:
        return len(self.occurred_s)
