"""The ``shaking`` and ``spawns`` primitives: what an incident sets off elsewhere and later."""

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Strict, ZoneKindName
from sim.model.distributions import Constant, Distribution, Lengths
from sim.model.units import PerTime, PositiveMetres, PositiveSeconds, SquareMetres

Number = Annotated[float, Field(strict=True)]
PROMPT = HERE = Constant(0.0)


class MagnitudeConfig(Strict):
    """Magnitudes by Gutenberg and Richter: a share of 10^(-b (m - least)) is above m, up to ``most``."""

    b: Annotated[float, Field(strict=True, gt=0, le=3)]
    least: Annotated[float, Field(strict=True, ge=0, le=9.5)]
    most: Annotated[float, Field(strict=True, ge=0, le=9.5)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "MagnitudeConfig":
        if self.most is not None and self.most <= self.least:
            raise BelowError.at("most", expected="more than least")
        return self


class AttenuationConfig(Strict):
    """log10 PGA[g] = c0 + c1 M - log10 r - c2 r, with r = sqrt(distance² + near²) in km.

    ``sigma`` is the standard deviation of log10 PGA from one earthquake to the next.
    """

    c0: Number
    c1: Number
    c2: Number
    near: PositiveMetres
    sigma: Annotated[float, Field(strict=True, ge=0, le=2)] = 0.0


class ShakingConfig(Strict):
    """How the ground shakes around the epicentre, and the intensity a + b log10(PGA in m/s²)."""

    attenuation: AttenuationConfig
    intensity_a: Number
    intensity_b: Number


class SpawnConfig(Strict):
    """Children come ``delay`` after their moment, each ``distance`` away from the parent."""

    delay: Distribution = PROMPT


class Scattered(SpawnConfig):
    """Children that happen around the parent, in a direction at random."""

    distance: Lengths = HERE


class CountSpawn(Scattered):
    """A Poisson number of children with this mean, or one child with this chance."""

    law: Literal["count"]
    mean: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    chance: Annotated[float, Field(strict=True, gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "CountSpawn":
        if (self.mean is None) == (self.chance is None):
            raise ValueError("expected either mean or chance")
        return self


class ConstantSpawn(Scattered):
    """Children at a constant rate for a time."""

    law: Literal["constant"]
    rate: PerTime
    lasting: PositiveSeconds


class OmoriSpawn(Scattered):
    """Aftershocks of magnitude ``least`` and above, a day: 10^(a + b (M - least)) (t + c)^-p.

    Reasenberg and Jones (1989), t in days after a main shock of magnitude M; for ``lasting``.
    """

    law: Literal["omori"]
    a: Number
    b: Annotated[float, Field(strict=True, gt=0, le=3)]
    p: Annotated[float, Field(strict=True, gt=0, le=3)]
    c: PositiveSeconds
    least: Annotated[float, Field(strict=True, ge=0, le=9.5)]
    lasting: PositiveSeconds


class IgnitionSpawn(SpawnConfig):
    """Fires by shaking: ``quadratic`` PGA² + ``linear`` PGA per 10⁶ square feet of floor, PGA in g.

    ``floor_area`` is that of one person.
    """

    law: Literal["ignitions"]
    quadratic: Number
    linear: Number
    floor_area: SquareMetres


Degree = Literal["V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


def degree(word: Degree) -> float:
    """Return a degree of intensity as a number, 5 to 12."""
    return 5.0 + get_args(Degree).index(word)


class DamageSpawn(SpawnConfig):
    """Children by shaking: so many for 1000 people where the intensity is at least so much."""

    law: Literal["damage"]
    per_1000_people: Annotated[
        dict[Degree, Annotated[float, Field(strict=True, ge=0, le=1000)]], Field(min_length=1)
    ]
    zones: list[ZoneKindName] = []


Spawn = Annotated[
    CountSpawn | ConstantSpawn | OmoriSpawn | IgnitionSpawn | DamageSpawn, Field(discriminator="law")
]
