"""Shifts by hours and weekdays, and that they leave no gap."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from sim.config.schema.base import Strict
from sim.model.roster import WEEK_S, Roster, Shift, Span
from sim.model.units import DAY_S, HOUR_S, TimeOfDay

MOST = 10_000

DayWord = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekdays", "weekends"
]
WEEKDAYS: tuple[str, ...] = get_args(DayWord)[:7]
DAYS = {day: (i,) for i, day in enumerate(WEEKDAYS)} | {"weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6)}
"""What a word for days stands for, Monday being 0."""

Days = Annotated[list[DayWord], Field(min_length=1)]


class HoursConfig(Strict):
    """From ``start`` to ``end``, times of day, on all days or those named.

    One that ends at or before its start goes on to the next day, and belongs to the day on which it starts.
    """

    start: TimeOfDay = 0.0
    end: TimeOfDay = DAY_S
    days: Days = ["weekdays", "weekends"]

    @model_validator(mode="after")
    def _on_a_day(self) -> "HoursConfig":
        if self.start == DAY_S:
            raise ValueError("expected a start before 24 h; midnight is 0 h of the next day")
        return self

    def shift_of(self, count: int) -> Shift:
        """Return the shift of so many people."""
        weekdays = sorted({day for word in self.days for day in DAYS[word]})
        length = self.end - self.start
        return Shift(count, self.start, length if length > 0 else length + DAY_S, tuple(weekdays))


class ShiftConfig(HoursConfig):
    """So many people during these hours."""

    count: Annotated[int, Field(strict=True, ge=1, le=MOST)]

    @property
    def shift(self) -> Shift:
        """The shift as a noun."""
        return self.shift_of(self.count)


def roster(shifts: Mapping[str, ShiftConfig]) -> Roster:
    """Return shifts as a noun."""
    return Roster(tuple(each.shift for each in shifts.values()))


def _number_or_shifts(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Accept a whole number, or shifts of which some are on duty at every moment of the week."""
    if not isinstance(value, Mapping):
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST:
            return value
        reason = f"expected a whole number from 1 to {MOST}, null, or shifts by name"
        raise PydanticCustomError("roster", "{reason}", {"reason": reason})
    shifts = handler(value)
    if gaps := roster(shifts).gaps:
        told = "; ".join(map(_told, gaps[:3])) + ("; ..." if len(gaps) > 3 else "")
        raise ValueError(f"expected shifts without a gap, but nobody is on duty {told}")
    return shifts


def _told(gap: Span) -> str:
    """Say when a gap is, in words such as "from saturday 20 h to sunday 8 h"."""
    begin, end = gap
    return f"from {_moment(begin)} to {_moment(end)}" if end - begin < WEEK_S else "all week"


def _moment(at_s: float) -> str:
    day, left_s = divmod(at_s % WEEK_S, DAY_S)
    return f"{WEEKDAYS[int(day)]} {left_s / HOUR_S:.6g} h"


NumberOrShifts = Annotated[
    dict[str, ShiftConfig],
    WrapValidator(
        _number_or_shifts,
        json_schema_input_type=Annotated[int, Field(ge=1, le=MOST)] | dict[str, ShiftConfig],
    ),
]
"""People on duty: a number all the time (kept as it is), or shifts by name."""
