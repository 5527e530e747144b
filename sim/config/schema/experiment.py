"""What an experiment says: one study, or a sweep over many."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from sim.config.schema.base import Strict
from sim.model.units import parts_of

Bound = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)] | str
_NUMBERS = (int, float)


class OverConfig(Strict):
    """Where a design may put one key: from ``from`` to ``to``, both of them included, or one of ``choices``.

    Bounds are written like the value itself: ``2`` and ``6`` give whole numbers, ``0.5`` and ``2.0`` any
    number, ``60 s`` and ``90 s`` texts with that unit. ``log`` spreads evenly over the logarithms.
    """

    start: Annotated[Bound | None, Field(alias="from", description="the least value", examples=["60 s"])] = (
        None
    )
    to: Annotated[Bound | None, Field(description="the greatest value", examples=["90 s"])] = None
    log: Annotated[bool, Field(description="whether to spread evenly over the logarithms")] = False
    choices: Annotated[
        list[Any] | None, Field(min_length=1, description="the values to choose from, in place of bounds")
    ] = None

    @property
    def bounds(self) -> tuple[float, float, str]:
        """The bounds as numbers, and the unit of both; "" for none."""
        (least, unit), (most, _) = _size(self.start), _size(self.to)
        return least, most, unit

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        return isinstance(self.start, int) and isinstance(self.to, int)

    @model_validator(mode="after")
    def _fits(self) -> "OverConfig":
        if self.choices is not None:
            if self.start is not None or self.to is not None or self.log:
                raise ValueError("expected from and to, or choices, not both")
            return self
        if self.start is None or self.to is None:
            raise ValueError("expected from and to, or a list of choices")
        if _size(self.start)[1] != _size(self.to)[1]:
            raise ValueError("expected from and to in the same unit, such as 60 s and 90 s")
        least, most, _ = self.bounds
        if not least < most:
            raise ValueError("expected a from below to")
        if self.log and least <= 0:
            raise ValueError("expected a from above 0, for log")
        return self


def _size(bound: object) -> tuple[float, str]:
    """Return a bound as a number and its unit. Raises ValueError when it is neither number nor quantity."""
    found = (float(bound), "") if isinstance(bound, _NUMBERS) else parts_of(str(bound))
    if found is None:
        raise ValueError("expected numbers as from and to, such as 2, or with a unit, such as 60 s")
    return found


def _listed(value: Any) -> Any:
    """Read a list as choices."""
    return {"choices": value} if isinstance(value, list) else value


Over = Annotated[OverConfig, BeforeValidator(_listed, json_schema_input_type=OverConfig | list[Any])]


class DesignConfig(Strict):
    """Points spread evenly over a space of many keys, where a grid would take too many.

    A Latin hypercube has each of ``points`` equal slices of every key's range exactly once; Sobol's
    sequence fills the space evenly, best with a power of two. The same ``seed`` gives the same points.
    """

    kind: Literal["latin_hypercube", "sobol"]
    points: Annotated[int, Field(strict=True, ge=1, le=100_000, description="how many points")]
    seed: Annotated[int, Field(strict=True, ge=0, description="which of all such designs")] = 1
    over: Annotated[
        dict[str, Over],
        Field(
            min_length=1,
            description="the range or the choices of each key",
            examples=[{"fleet.kinds.engine.turnout.median": {"from": "60 s", "to": "90 s"}}],
        ),
    ]


_PARTS = ("overrides", "grid", "points", "design")


class ExperimentConfig(Strict):
    """A question: overrides that belong together, in Hydra's grammar, and what to sweep beside them.

    What is swept is a ``grid`` (every combination, the last key fastest), ``points`` (one by one) or a
    ``design``; with several of them, every combination of theirs, in this order.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in _PARTS]})

    title: Annotated[str, Field(description="the question in a line")] = ""
    overrides: Annotated[
        list[str],
        Field(
            description="what holds at every point",
            examples=[["fleet.kinds.engine.turnout.median=60 s"]],
        ),
    ] = []
    grid: Annotated[
        dict[str, Annotated[list[Any], Field(min_length=1)] | str],
        Field(
            description="the values of each key: a list, or a sweep of Hydra's such as range(1,6)",
            examples=[{"fleet.engines_per_station": [2, 3, 4], "seed": "range(1,4)"}],
        ),
    ] = {}
    points: Annotated[
        list[Annotated[dict[str, Any], Field(min_length=1)]],
        Field(
            description="the points one by one, each a mapping of keys to values",
            examples=[[{"seed": 1, "horizon": "30 d"}, {"seed": 2, "horizon": "60 d"}]],
        ),
    ] = []
    design: Annotated[
        DesignConfig | None, Field(description="points spread evenly over many keys' ranges")
    ] = None

    @property
    def swept(self) -> list[str]:
        """The keys that it sweeps, in order; none where it is one study."""
        rows = [key for row in self.points for key in row]
        return list(dict.fromkeys([*self.grid, *rows, *(self.design.over if self.design else ())]))

    @model_validator(mode="after")
    def _says_something(self) -> "ExperimentConfig":
        if not (self.model_fields_set - {"title"}):
            raise ValueError("expected overrides, grid, points or design")
        return self
