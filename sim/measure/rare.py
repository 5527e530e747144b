"""Columns of the table of incidents that only some configs have."""

import numpy as np

from sim.measure.columns import Table, Words
from sim.model.incidents import Incidents
from sim.scenario import Scenario


def rare(x: Incidents, scenario: Scenario) -> Table:
    """Return what incidents were reported as, how many they hurt, and their ids, where any have these."""
    return {**_mistaken(x, scenario), **_hurt(x, scenario), **_ids(x, scenario)}


def _mistaken(x: Incidents, scenario: Scenario) -> Table:
    """Return the types that incidents were reported as; nothing where none is ever mistaken for another."""
    if not any(kind.reported_as for kind in scenario.types):
        return {}
    return {"reported_type": Words(x.taken_for.astype(np.int32), tuple(kind.name for kind in scenario.types))}


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
