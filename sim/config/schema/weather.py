"""Kinds of day that some types of incident depend on."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Strict
from sim.model.units import Share


class WeatherConfig(Strict):
    """Shares of each month's days (January on) by kind of weather; the other days are like any.

    ``persistence`` is the chance that a day keeps the weather of the day before.
    """

    kinds: dict[str, Annotated[list[Share], Field(min_length=12, max_length=12)]] = {}
    persistence: Share = 0.0

    @model_validator(mode="after")
    def _add_up(self) -> "WeatherConfig":
        for month, shares in enumerate(zip(*self.kinds.values(), strict=True), start=1):
            if sum(shares) > 1 + 1e-9:
                raise BelowError.at("kinds", expected=f"shares of month {month} that add up to at most 100 %")
        if self.persistence == 1:
            raise BelowError.at("persistence", expected="less than 100 %, or the weather never changes")
        return self
