"""Moments as people write them: seconds since the start, or dates and times of day."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.calendar import Calendar
from sim.model.columns import Chunk
from sim.model.distributions import FloatArray
from sim.model.units import Seconds, Unit
from sim.sheets import Fault

if TYPE_CHECKING:
    import pandas as pd

OFFSET = r"(Z|[+-]\d\d:?\d\d)$"
"""The time zone at the end of an ISO 8601 time."""

_TIME_OF_DAY = re.compile(r"(\d?\d):(\d\d)(?::(\d\d))?")


def seconds_of(chunk: Chunk, calendar: Calendar, zones: dict[str, str]) -> FloatArray:
    """Return the moments of a chunk's rows in seconds since the start, NaN for those that are wrong.

    A column holds either seconds or ISO 8601 times, all in one time zone or in none: its clock is taken
    as the place's. ``zones`` keeps the time zones seen so far and where.
    """
    import pandas as pd

    column = chunk.columns["at"]
    if pd.api.types.is_datetime64_any_dtype(column):
        zones.setdefault(str(column.dt.tz or "none"), chunk.where(0, "at"))
        naive = column.dt.tz_localize(None) if column.dt.tz is not None else column
        return _from_start(chunk, naive, calendar)
    if pd.api.types.is_numeric_dtype(column):
        return chunk.numbers("at", least=0.0)
    texts = chunk.texts("at")
    said = texts[texts != ""]
    if len(said) and pd.to_numeric(said.iloc[:1], errors="coerce").notna().all():
        return chunk.numbers("at", least=0.0)
    offset = texts.str.extract(OFFSET, expand=False).fillna("none").where(texts.str.contains(":"), "none")
    for zone in offset[texts != ""].unique().tolist():
        zones.setdefault(zone, chunk.where(int((offset == zone).to_numpy().argmax()), "at"))
    moments = pd.to_datetime(
        texts.str.replace(OFFSET, "", regex=True).where(offset != "none", texts),
        format="ISO8601",
        errors="coerce",
    )
    wrong = (moments.isna() & (texts != "")).to_numpy()
    chunk.fault(wrong, "at", "seconds since the start, or a time such as 2022-01-31 09:30")
    return _from_start(chunk, moments, calendar)


def _from_start(chunk: Chunk, moments: "pd.Series[Any]", calendar: Calendar) -> FloatArray:
    """Return seconds since the start, NaN for none; tell those before it."""
    found = _since(moments, calendar)
    early = found < 0
    chunk.fault(
        early, "at", f"a time from the start on, {calendar.start.isoformat()} (set start to another date)"
    )
    return np.where(early, np.nan, found)


def zone_faults(zones: dict[str, str]) -> list[Fault]:
    """Return the fault of times in several time zones, if they are."""
    if len(zones) < 2:
        return []
    (first, where), (second, other) = list(zones.items())[:2]
    told = f"the time zones {first} and {second} ({where} and {other})"
    return [Fault(where.partition(",")[0], told, "times in one time zone")]


def _since(moments: "pd.Series[Any]", calendar: Calendar) -> FloatArray:
    start = np.datetime64(calendar.start, "us")
    passed = moments.to_numpy("datetime64[us]") - start
    return np.where(np.isnat(passed), np.nan, passed.astype(np.int64) / 1e6)


def moment_s(text: str, calendar: Calendar) -> float:
    """Return the seconds since the start of "9 h", "09:10" (of the first day) or "2022-01-03 09:10".

    Raises ValueError saying what was expected.
    """
    if match := _TIME_OF_DAY.fullmatch(text.strip()):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if hours < 24 and minutes < 60 and seconds < 60:
            return hours * 3600.0 + minutes * 60 + seconds
    if re.match(r"\d{4}-", text):
        try:
            begun = datetime.combine(calendar.start, datetime.min.time())
            passed = datetime.fromisoformat(text) - begun
        except (ValueError, TypeError):
            passed = timedelta(days=-1)
        if passed.days >= 0:
            return passed.total_seconds()
        raise ValueError(f"expected a local time from {calendar.start.isoformat()} on")
    unit = next(each for each in Seconds.__metadata__ if isinstance(each, Unit))  # type: ignore[attr-defined]
    try:
        return unit.parse(text)
    except ValueError as error:
        raise ValueError(f"{error}, or a moment such as '09:10' or '{calendar.start} 09:10'") from None
