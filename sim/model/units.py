"""Numbers with units: "5 min", "41 km/h", "90 %", "0.6 per 1000 people per year".

Configs carry units, the program SI. A number without its unit is refused, so that nobody has to
guess. Use the annotated names (`Seconds`, `Metres`, ...) as type hints in a plug-in.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0
YEAR_S = 365 * DAY_S

Scales = tuple[tuple[str, Fraction], ...]

_MIN, _HOUR, _DAY, _YEAR = Fraction(60), Fraction(3600), Fraction(86400), Fraction(365 * 86400)
_ONE = Fraction(1)
TIME: Scales = (("s", _ONE), ("min", _MIN), ("h", _HOUR), ("d", _DAY), ("year", _YEAR))
LENGTH: Scales = (("m", _ONE), ("km", Fraction(1000)))
_DIGITS = r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_QUANTITY = re.compile(rf"\s*([-+]?{_DIGITS})\s*(\S.*?)?\s*")


@dataclass(frozen=True)
class Unit:
    """How one kind of quantity is written: its name, an example, and the units it accepts.

    ``scales`` maps each unit's spelling to its size in SI; without any, it is a plain number. ``least``
    and ``most`` bound the value, in SI; ``positive`` refuses ``least`` itself.
    """

    quantity: str
    example: str
    scales: Scales
    positive: bool = False
    least: float = 0.0
    most: float = math.inf

    def parse(self, value: object) -> float:
        """Return ``value`` in SI units.

        Raises ValueError, saying what was expected, when it is not text with a known unit (not a number,
        where there are no units), or out of range.
        """
        try:
            number = self._read(value)
        except OverflowError:
            raise ValueError(f"expected {self.quantity} of a finite size") from None
        return self.check(number)

    def check(self, number: float) -> float:
        """Return a number in SI units as it is. Raises ValueError when it is out of range."""
        if self.least <= number <= self.most and not (self.positive and number == self.least):
            return number
        raise ValueError(f"expected {self.quantity}{self._range()}")

    def _read(self, value: object) -> float:
        """Return ``value`` in SI units, of any size; see parse."""
        if not self.scales:
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise ValueError(f"expected {self.quantity}{self._range()}, such as {self.example}")
            return float(value)
        match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
        scale = dict(self.scales).get(match[2] or "") if match else None
        if match is None or scale is None:
            raise ValueError(f"expected {self._words()}")
        return float(Fraction(match[1].replace(",", "")) * scale)

    def _words(self) -> str:
        """Say in words what is written, where there are units."""
        units = ", ".join(unit for unit, _ in self.scales)
        return f"{self.quantity} with its unit ({units}), such as {self.example!r}"

    def _range(self) -> str:
        """Say in words which values are accepted."""
        unit, scale = self.scales[0] if self.scales else ("", _ONE)
        least, most = (f"{bound / float(scale):g} {unit}".rstrip() for bound in (self.least, self.most))
        words = [] if math.isinf(self.least) else [f"{'above' if self.positive else 'of at least'} {least}"]
        words += [] if math.isinf(self.most) else [f"at most {most}"]
        return " ".join(["", " and ".join(words)]) if words else ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read the quantity wherever a type hint names it."""

        def read(value: object) -> float:
            try:
                return self.parse(value)
            except ValueError as error:
                raise PydanticCustomError("quantity", "{reason}", {"reason": str(error)}) from None

        return core_schema.no_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell editors what may be written."""
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what may be written; of a text's range it knows no more than the sign."""
        title = {"title": self.quantity.partition(" ")[2]}
        if not self.scales:
            bounds = {
                "exclusiveMinimum" if self.positive else "minimum": self.least,
                "maximum": self.most,
            }
            finite = {key: bound for key, bound in bounds.items() if math.isfinite(bound)}
            return title | {"type": "number", "description": f"{self.quantity}{self._range()}"} | finite
        units = "|".join(re.sub(r"([\\^$.|?*+(){}\[\]])", r"\\\1", unit) for unit, _ in self.scales)
        sign = "[-+]?" if self.least < 0 else r"\+?(?=[\d.,]*[1-9])" if self.positive else r"\+?"
        return title | {
            "type": "string",
            "description": self._words() + (self._range() and f",{self._range()}"),
            "examples": [self.example],
            "pattern": rf"^\s*{sign}{_DIGITS}\s*(?:{units})\s*$",
        }


def parts_of(text: str) -> tuple[float, str] | None:
    """Return a text such as "5 min" as a number and its unit, whatever that is; None for other texts."""
    match = _QUANTITY.fullmatch(text)
    number = float(match[1].replace(",", "")) if match and match[2] else math.inf
    return (number, match[2]) if match and math.isfinite(number) else None


def duration(seconds: float) -> str:
    """Return a duration as people say it: "82 s", "4.5 min", "2 h 05 min", "3.5 d"; a dash for NaN."""
    if math.isnan(seconds):
        return "-"
    if seconds < 10:
        return f"{seconds:.2g} s"
    if _small(seconds, MINUTE_S):
        return f"{seconds:.0f} s"
    if _small(seconds, HOUR_S):
        minutes = seconds / MINUTE_S
        return f"{minutes:g} min" if seconds % 3 == 0 else f"{minutes:.1f} min"
    if _small(seconds, DAY_S):
        hours, left = divmod(round(seconds / MINUTE_S), 60)
        return f"{hours} h {left:02d} min" if left else f"{hours} h"
    return f"{seconds / DAY_S:.3g} d" if seconds < 2 * YEAR_S else f"{seconds / YEAR_S:.4g} years"


def _small(seconds: float, unit_s: float) -> bool:
    """Whether a duration is better told in a smaller unit: less than two of these and not just one."""
    return seconds < 2 * unit_s and seconds != unit_s


_SPEED: Scales = (("m/s", _ONE), ("km/h", Fraction(5, 18)), ("m/min", Fraction(1, 60)), ("m/h", 1 / _HOUR))
_PERCENT: Scales = (("%", Fraction(1, 100)), ("‰", Fraction(1, 1000)))

Number = Annotated[float, Unit("a number", "3", (), least=-math.inf)]
Seconds = Annotated[float, Unit("a time", "5 min", TIME)]
PositiveSeconds = Annotated[float, Unit("a time", "5 min", TIME, positive=True)]
Metres = Annotated[float, Unit("a length", "500 m", LENGTH)]
PositiveMetres = Annotated[float, Unit("a length", "500 m", LENGTH, positive=True)]
Coordinate = Annotated[float, Unit("a coordinate", "1.2 km", LENGTH, least=-math.inf)]
SquareMetres = Annotated[
    float,
    Unit(
        "an area",
        "22 km2",
        (("m2", _ONE), ("km2", Fraction(10**6)), ("ha", Fraction(10**4)), ("mu", Fraction(2000, 3))),
        positive=True,
    ),
]
Speed = Annotated[float, Unit("a speed", "41 km/h", _SPEED, positive=True)]
Acceleration = Annotated[float, Unit("an acceleration", "0.4 m/s2", (("m/s2", _ONE),), positive=True)]
Share = Annotated[float, Unit("a share", "90 %", _PERCENT, most=1.0)]
PositiveShare = Annotated[float, Unit("a share", "1 %", _PERCENT, positive=True, most=1.0)]
ConfidenceLevel = Annotated[float, Unit("a confidence level", "95 %", _PERCENT, positive=True, most=0.9999)]
Density = Annotated[
    float, Unit("a density", "8,900 people/km2", (("people/km2", Fraction(1, 10**6)),), positive=True)
]
TimeOfDay = Annotated[float, Unit("a time of day", "15 h", (("h", _HOUR),), most=DAY_S)]
Memory = Annotated[
    float,
    Unit("an amount of memory", "1 GB", (("MB", Fraction(10**6)), ("GB", Fraction(10**9))), positive=True),
]
TimeZone = Annotated[
    float, Unit("a time ahead of UTC", "8 h", (("h", _HOUR),), least=-12 * HOUR_S, most=14 * HOUR_S)
]
SpeedFactor = Annotated[float, Unit("a share of the speed", "80 %", _PERCENT, positive=True, most=10.0)]
Power = Annotated[
    float, Unit("a power", "2 MW", (("kW", Fraction(1000)), ("MW", Fraction(10**6))), positive=True)
]
HeatPerArea = Annotated[
    float,
    Unit(
        "a heat per area",
        "250 kW/m2",
        (("kW/m2", Fraction(1000)), ("MW/m2", Fraction(10**6))),
        positive=True,
    ),
]
HeatGrowth = Annotated[
    float, Unit("a growth of heat", "0.0469 kW/s2", (("kW/s2", Fraction(1000)),), positive=True)
]

PER_PERSON: Scales = tuple(
    (f"per {n} people per year", 1 / (n * _YEAR)) for n in (1000, 10_000, 100_000, 1_000_000)
)
PER_AREA: Scales = tuple(
    (f"per {n}km2 per year", 1 / (size * 10**6 * _YEAR))
    for n, size in (("", 1), ("100 ", 100), ("1000 ", 1000), ("100000 ", 10**5))
)
PER_SITE: Scales = tuple(
    (f"per {n}{word} per year", 1 / (size * _YEAR))
    for n, size, word in (("", 1, "site"), ("100 ", 100, "sites"), ("1000 ", 1000, "sites"))
)
PER_LENGTH: Scales = tuple(
    (f"per {n}km per year", 1 / (size * 1000 * _YEAR))
    for n, size in (("", 1), ("100 ", 100), ("1000 ", 1000))
)
PER_TIME: Scales = (("per hour", 1 / _HOUR), ("per day", 1 / _DAY), ("per year", 1 / _YEAR))

PerTime = Annotated[float, Unit("a rate", "1.5 per hour", PER_TIME)]
