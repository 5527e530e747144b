"""What a number may be: between two bounds, around a value, or one of several."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.config.schema.base import Strict
from sim.model.units import parts_of

Bound = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)] | str
_NUMBERS = (int, float)
_FORMS = (
    ("start", "to"),
    ("start", "to", "log"),
    ("start", "to", "likely"),
    ("choices",),
    ("median", "factor"),
    ("mean", "sd"),
)
"""What goes together."""
_EXPECTED = "expected from and to (with log or likely), median and factor, mean and sd, or choices"


def _bound(description: str, example: str, **named: Any) -> Any:
    return Field(description=description, examples=[example], **named)


class OverConfig(Strict):
    """Where one key may be: from ``from`` to ``to``, both included, around a value, or one of ``choices``.

    Numbers are written like the value itself: ``2`` and ``6`` give whole numbers, ``0.5`` and ``2.0`` any
    number, ``60 s`` and ``90 s`` texts with that unit. Between bounds all is equally likely, with ``log`` all
    logarithms; or chances fall off evenly from ``likely`` to both (triangular). Around a value it is
    normal, with ``mean`` and standard deviation ``sd``, or lognormal, with ``median`` and a ``factor``: 19
    of 20 values lie between the median divided by it and multiplied by it.
    """

    start: Annotated[Bound | None, _bound("the least value", "60 s", alias="from")] = None
    to: Annotated[Bound | None, _bound("the greatest value", "90 s")] = None
    log: Annotated[bool, Field(description="whether to spread evenly over the logarithms")] = False
    likely: Annotated[Bound | None, _bound("the likeliest value between them", "70 s")] = None
    median: Annotated[Bound | None, _bound("the median of a lognormal distribution", "74 s")] = None
    factor: Annotated[
        float | None, Field(gt=1, description="19 of 20 are within so many times the median", examples=[1.5])
    ] = None
    mean: Annotated[Bound | None, _bound("the mean of a normal distribution", "74 s")] = None
    sd: Annotated[Bound | None, _bound("its standard deviation", "5 s")] = None
    choices: Annotated[
        list[Any] | None, Field(min_length=1, description="the values to choose from, in place of bounds")
    ] = None

    @property
    def numbers(self) -> dict[str, float]:
        """The bounds and the like as numbers, all in ``unit``, by the names of their fields."""
        return {name: _size(bound)[0] for name, bound in self._given.items()}

    @property
    def unit(self) -> str:
        """The unit of all its bounds; "" for none."""
        return next((_size(bound)[1] for bound in self._given.values()), "")

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        return isinstance(self.start, int) and isinstance(self.to, int) and self.likely is None

    @property
    def _given(self) -> dict[str, Bound]:
        found = {name: getattr(self, name) for name in ("start", "to", "likely", "median", "mean", "sd")}
        return {name: bound for name, bound in found.items() if bound is not None}

    @model_validator(mode="after")
    def _fits(self) -> "OverConfig":
        told = self.model_fields_set - {"log"} | ({"log"} if self.log else set())
        if not any(told == set(form) for form in _FORMS):
            raise ValueError(_EXPECTED)
        if self.choices is not None:
            return self
        if len({_size(bound)[1] for bound in self._given.values()}) > 1:
            raise ValueError("expected all numbers in the same unit, such as 60 s and 90 s")
        self._in_order(self.numbers)
        return self

    def _in_order(self, found: dict[str, float]) -> None:
        if self.start is not None:
            least, most = found["start"], found["to"]
            if not least < most:
                raise ValueError("expected a from below to")
            if not least <= found.get("likely", least) <= most:
                raise ValueError("expected a likely value between from and to")
        if (self.log and found["start"] <= 0) or (self.factor and found["median"] <= 0):
            raise ValueError(f"expected a {'from' if self.log else 'median'} above 0")
        if self.sd is not None and found["sd"] <= 0:
            raise ValueError("expected an sd above 0")


def _size(bound: object) -> tuple[float, str]:
    """Return a bound as a number and its unit. Raises ValueError when it is neither number nor quantity."""
    found = (float(bound), "") if isinstance(bound, _NUMBERS) else parts_of(str(bound))
    if found is None:
        raise ValueError("expected numbers as bounds, such as 2, or with a unit, such as 60 s")
    return found


def _listed(value: Any) -> Any:
    """Read a list as choices."""
    return {"choices": value} if isinstance(value, list) else value


Over = Annotated[OverConfig, BeforeValidator(_listed, json_schema_input_type=OverConfig | list[Any])]
