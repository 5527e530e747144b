"""Incidents of a record: history, or a test with answers known beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.demand.given import Rows, World, complete
from sim.demand.moments import zone_faults
from sim.demand.rows import Reader
from sim.model.calendar import Calendar
from sim.model.columns import LENGTH, TIME, Headings, chunks
from sim.model.files import InputFile
from sim.model.incidents import Incidents
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import IncidentType
from sim.model.units import duration
from sim.rng import Streams
from sim.seams import IncidentSource
from sim.sheets import Fault, FileError, short

_TIMES = ("call_handling", "scene", "handover")
_REPORTS = ("level", "priority", "magnitude", "reported_as", "casualties")
_MARKS = (*_REPORTS, *_TIMES, "transport", "hospital", "needs")

HEADINGS = Headings(
    known=("id", "at", "type", "x", "y", "lat", "lon", "zone", *_MARKS),
    needed=("at", "type"),
    units={**dict.fromkeys((*_TIMES, "at"), TIME), **dict.fromkeys(("x", "y"), LENGTH)},
    stated=_TIMES,
    pairs=(("x", "y"), ("lat", "lon")),
)
"""The columns of a record."""


@dataclass(frozen=True)
class Trace(IncidentSource):
    """The incidents of a CSV or Parquet file, the same in every replication.

    Columns ``at`` (ISO 8601, or seconds since the start) and ``type``; ``x`` and ``y`` in metres, ``lat``
    and ``lon``, or ``zone``; and any of ``id``, ``level``, ``priority``, ``magnitude``, ``reported_as``
    (a type), ``casualties``, ``call_handling_s``, ``scene_s``, ``transport``, ``hospital``, ``handover_s``
    and ``needs`` ("engine:2; ambulance:1"). ``at`` is the moment of the call. Marks that are given are used
    as they are, those that are absent are drawn, for the rows of a type in their order, whatever their ids: a
    row that is put in leaves those above as they are, and shifts the draws of those below. Raises FileError
    with everything that is wrong with the file.
    """

    file: InputFile
    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]
    calendar: Calendar

    def __post_init__(self) -> None:
        _ = self._read  # what is wrong with the file is known at once

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the rows, which every process reads for itself."""
        return {name: value for name, value in self.__dict__.items() if name != "_read"}

    @property
    def ids(self) -> tuple[str, ...]:
        """What the file calls its incidents, by their number; empty without such a column."""
        return self._read[1]

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents before the horizon; see IncidentSource."""
        rows = self._read[0]
        kept = np.flatnonzero(rows.at_s < horizon_s)
        found = complete(rows.at(kept), self._world, streams, prompt=True)
        return replace(found, number=kept[found.number])

    def notes(self, *, horizon_s: float) -> Iterator[str]:
        """Tell how many rows the run is too short for."""
        at_s = self._read[0].at_s
        if late := int((at_s >= horizon_s).sum()):
            what = f"{late:,} of {len(at_s):,} rows of {short(self.file)}"
            yield f"{what} lie after the horizon ({duration(horizon_s)}) and are left out"

    @property
    def _world(self) -> World:
        return World(self.place, self.fleet, self.types)

    @cached_property
    def _read(self) -> tuple[Rows, tuple[str, ...]]:
        """The rows and their ids."""
        name = str(short(self.file))
        reader = Reader(self._world, self.calendar)
        parts, ids, numbers, faults = [], [], [], []
        for chunk in chunks(self.file, HEADINGS):
            parts.append(reader.rows(chunk))
            ids += chunk.texts("id").tolist() if "id" in chunk.columns else []
            numbers += chunk.rows
            faults += chunk.faults
        faults += zone_faults(reader.zones)
        faults += _duplicates(ids, numbers, name)
        if not parts or not sum(map(len, parts)):
            faults.append(Fault(name, "no rows", "at least one incident"))
        if faults:
            raise FileError(faults)
        return Rows.joined(parts), tuple(ids)


def _duplicates(ids: list[str], rows: list[int], file: str) -> list[Fault]:
    """Return the faults of ids that stand in several of the rows; those left empty do not count."""
    seen: dict[str, int] = {}
    faults = []
    for row, each in zip(rows, ids, strict=False):
        if each and seen.setdefault(each, row) != row:
            faults.append(
                Fault(f"{file}, row {row}, column id", repr(each), f"an id not in row {seen[each]}")
            )
    return faults
