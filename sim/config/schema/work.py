"""The ``work`` primitive: how long units are busy on scene, each for itself or all together."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Capability, Positive, Strict
from sim.model.distributions import Constant, Distribution, Speeds
from sim.model.units import HeatGrowth, HeatPerArea, PositiveSeconds, Power, Speed, SquareMetres

PROMPT = Constant(0.0)
"""No time at all."""


class TaskConfig(Strict):
    """A task that the units on scene work on together until it is under control.

    ``mop_up`` follows, then all leave. What is not under control ends by itself ``burn_out`` after it
    began, where that is given.
    """

    mop_up: Distribution = PROMPT
    burn_out: Distribution | None = None


class GrowingConfig(TaskConfig):
    """A task that may outgrow those who work on it."""

    @model_validator(mode="after")
    def _ends(self) -> "GrowingConfig":
        if self.burn_out is None:
            raise BelowError.at("burn_out", expected="a time after which what nobody masters ends by itself")
        return self


class AmountConfig(TaskConfig):
    """An amount of work, in hours of one unit (or person) of rate 1."""

    law: Literal["amount"]
    amount: Distribution
    rates: Annotated[dict[Capability, Positive], Field(min_length=1)]
    per: Literal["unit", "person"] = "unit"


class LinearConfig(GrowingConfig):
    """An amount of work that grows by ``growth`` hours an hour from the beginning on.

    It escapes when what is left to do exceeds ``escape``.
    """

    law: Literal["linear"]
    amount: Distribution = PROMPT
    growth: Positive
    rates: Annotated[dict[Capability, Positive], Field(min_length=1)]
    per: Literal["unit", "person"] = "unit"
    escape: PositiveSeconds | None = None


class SquaredConfig(GrowingConfig):
    """A t² fire: heat grows as ``growth`` t² up to ``peak``; in control once cooled by as much."""

    law: Literal["t_squared"]
    growth: Literal["slow", "medium", "fast", "ultra_fast"] | HeatGrowth
    peak: Power
    rates: Annotated[dict[Capability, Power], Field(min_length=1)]
    per: Literal["unit", "person"] = "unit"
    heat_per_area: HeatPerArea
    escape: Power | None = None


class WildlandConfig(GrowingConfig):
    """An elliptical wildland fire, in control once as much line is built as its edge is long."""

    law: Literal["wildland"]
    speed: Speeds
    length_to_width: Annotated[float, Field(strict=True, ge=1, le=20)]
    rates: Annotated[dict[Capability, Speed], Field(min_length=1)]
    per: Literal["unit", "person"] = "unit"
    escape: SquareMetres | None = None
    most: SquareMetres | None = None


Task = Annotated[AmountConfig | LinearConfig | SquaredConfig | WildlandConfig, Field(discriminator="law")]


class WorkConfig(Strict):
    """Times on scene by unit kind or capability, each from the unit's own arrival, and a common task.

    A unit with a rate in the task stays until the task is done, any other for its own time.
    """

    times: dict[Capability, Distribution] = {}
    task: Task | None = None
