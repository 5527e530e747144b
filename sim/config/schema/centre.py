"""The command centre: who takes calls, who calls beside the first, and how long each step takes."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Count, LevelName, Slug, Strict, TypeName
from sim.config.schema.roster import NumberOrShifts
from sim.model.distributions import Constant, Distribution
from sim.model.rates import Rate
from sim.model.units import Seconds, Share

Mean = Annotated[float, Field(strict=True, ge=0, le=1000)]

LEAST_S = 1.0
"""Callers who hang up and dial again take at least so long for it on average, or a run would not end."""


class NuisanceConfig(Strict):
    """Calls about nothing, at a steady rate for the people, the land, or the whole place."""

    rate: Rate
    handling: Distribution

    @model_validator(mode="after")
    def _countable(self) -> "NuisanceConfig":
        if self.rate.per in ("site", "length"):
            raise BelowError.at(
                "rate", expected="a rate for people, land or the whole place, such as 20 per day"
            )
        return self


class HangUpConfig(Strict):
    """Callers wait for a call-taker for their ``patience``; who reports an incident dials again later."""

    patience: Distribution
    redial: Distribution

    @model_validator(mode="after")
    def _time_goes_by(self) -> "HangUpConfig":
        if self.patience.mean_s + self.redial.mean_s < LEAST_S:
            raise ValueError(f"expected patience and redial to take at least {LEAST_S:g} s on average")
        return self


class DuplicatesConfig(Strict):
    """Further calls about an incident: ``mean`` of them, or as ``by_type``, each ``delay`` after its report.

    ``handling`` is that of a call about what is known already.
    """

    mean: Mean = 0.0
    by_type: dict[TypeName, Mean] = {}
    delay: Distribution
    handling: Distribution


class AnsweringPointConfig(Strict):
    """A centre that takes the calls to a number of its own, about some types; without ``types``, all others.

    Of the callers whom it should get, shares as in ``misdialled`` dial another one first.
    """

    title: str = ""
    types: Annotated[list[TypeName], Field(min_length=1)] | None = None
    call_takers: NumberOrShifts | None = None
    pick_up: Seconds | None = None
    misdialled: dict[str, Share] = {}
    nuisance: NuisanceConfig | None = None


class CentreConfig(Strict):
    """The command centre, joint or ``separate``.

    ``call_takers`` are a number all the time, or shifts by name; null never keep a caller waiting.
    A call to the wrong one of separate centres is answered, and passed on after ``transfer``.
    ``command`` is how long the level of command takes to decide, once a call is classified as of a level;
    none where nothing is said.
    """

    call_takers: NumberOrShifts | None = None
    pick_up: Seconds = 0.0
    alerting: Seconds = 0.0
    queue_limit: Count | None = None
    command: dict[LevelName, Distribution] = {}
    separate: dict[Slug, AnsweringPointConfig] = {}
    transfer: Distribution = Constant(0.0)
    hang_up: HangUpConfig | None = None
    duplicates: DuplicatesConfig | None = None
    nuisance: NuisanceConfig | None = None
