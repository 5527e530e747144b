"""When a study has said enough, as it is written."""

from typing import Annotated

from pydantic import Field

from sim.config.schema.base import Strict, TargetName
from sim.model.units import PositiveShare

Replications = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class UntilConfig(Strict):
    """Replications go on until each target is decided, or known to ``precision``, or ``most`` are there.

    They are looked at from the ``least``-th on, for all targets or those that are named.
    """

    precision: PositiveShare | None = None
    most: Replications = 1000
    least: Replications = 10
    targets: list[TargetName] = []
