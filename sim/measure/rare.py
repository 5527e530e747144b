"""Columns of the table of incidents that only some configs have."""

import numpy as np
from numpy.typing import NDArray

from sim.measure.columns import Table, Words, column, words
from sim.model.incidents import Incidents
from sim.model.log import Log
from sim.scenario import Scenario


def rare(log: Log, incidents: Table, scenario: Scenario) -> Table:
    """Return what incidents were reported as, how many they hurt, and their ids, where any have these.

    ``incidents`` are the columns that all configs have.
    """
    x = log.incidents
    return {**_mistaken(log, incidents, scenario), **_hurt(x, scenario), **_ids(x, scenario)}


def mistaken(incidents: Table) -> NDArray[np.bool_]:
    """Return which incidents were reported as another type than their own."""
    told = words(incidents, "reported_type" if "reported_type" in incidents else "type")
    return np.asarray(told.codes != words(incidents, "type").codes)


def _mistaken(log: Log, incidents: Table, scenario: Scenario) -> Table:
    """Return as what types incidents were reported, and when those of other types were found out.

    That is when the first unit has sized them up, unless they were over by then. Nothing where none is ever
    mistaken for another.
    """
    if not any(kind.reported_as for kind in scenario.types):
        return {}
    x, names = log.incidents, tuple(kind.name for kind in scenario.types)
    known_s = column(incidents, "arrived_s") + x.size_up_s
    over = (known_s >= log.horizon_s) | (log.outcomes.out_s <= known_s) | (x.taken_for == x.type)
    told = Words(x.taken_for.astype(np.int32), names)
    return {"reported_type": told, "known_s": np.where(over, np.nan, known_s)}


def _hurt(x: Incidents, scenario: Scenario) -> Table:
    """Return how many people each incident hurts; nothing where that decides nothing."""
    if not any(kind.counts_casualties for kind in scenario.types):
        return {}
    return {"casualties": np.where(x.casualties < 0, np.nan, x.casualties)}


def _ids(x: Incidents, scenario: Scenario) -> Table:
    """Return the column of the ids that traces call their incidents by; none without a trace."""
    by_source = [tuple(getattr(source, "ids", ())) for _, source in scenario.sources]
    if not any(by_source):
        return {}
    codes, offset = np.full(len(x), -1, np.int32), 0
    for i, ids in enumerate(by_source):
        mine = (x.source == i) & (x.parent < 0) & (x.number < len(ids))
        codes[mine] = offset + x.number[mine]
        offset += len(ids)
    return {"id": Words(codes, tuple(name for ids in by_source for name in ids))}
