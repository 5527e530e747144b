"""Which incidents a target is over: those of a population, and those that ask for its units."""

import numpy as np
from numpy.typing import NDArray

from sim.measure.rare import mistaken
from sim.measure.tables import Tables, column, words
from sim.model.targets import Population
from sim.model.types import LEVELS
from sim.scenario import Scenario


def counted(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents belong to a population, after the warm-up."""
    incidents = tables.incidents
    found: NDArray[np.bool_] = column(incidents, "occurred_s") >= scenario.warmup_s
    if over.types:
        found &= words(incidents, "type").isin(over.types)
    if over.levels:
        found &= words(incidents, "level").isin(tuple(LEVELS[level - 1] for level in over.levels))
    if over.zone_kinds:
        found &= words(incidents, "zone_kind").isin(over.zone_kinds)
    return found


def _useful(scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which of the fleet's resources units of the population's kinds bring, shape (resources,)."""
    fleet = scenario.fleet
    kinds = {k for k, kind in enumerate(fleet.kinds) if not over.units or kind.name in over.units}
    return np.array([bool(kinds & set(least)) for least in fleet.least])


def asked(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents ask, by their type and level, for units of the population's kinds."""
    useful = _useful(scenario, over)
    table = np.array(
        [[any(useful[r] for r, _ in level.card) for level in each.levels] for each in scenario.types]
    )
    return np.asarray(table[words(tables.incidents, "type").codes, words(tables.incidents, "level").codes])


def lacking(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents did not get all that units of the population's kinds could have brought."""
    resource, measure = words(tables.unmet, "resource"), words(tables.unmet, "measure")
    resources = zip(scenario.fleet.resources, _useful(scenario, over).tolist(), strict=True)
    useful = {(each.name, each.measure) for each, brought in resources if brought}
    codes = zip(resource.codes.tolist(), measure.codes.tolist(), strict=True)
    relevant = np.array([(resource.known[r], measure.known[m]) in useful for r, m in codes], np.bool_)
    found = np.zeros(len(column(tables.incidents, "incident")), np.bool_)
    found[column(tables.unmet, "incident")[relevant]] = True
    return found


def unheard(tables: Tables) -> NDArray[np.bool_]:
    """Return of which incidents nobody has known what they are: not decided on, or mistaken to the end."""
    incidents = tables.incidents
    found: NDArray[np.bool_] = np.isnan(column(incidents, "decided_s"))
    if (wrong := mistaken(incidents)).any():
        found |= wrong & np.isnan(column(incidents, "known_s"))
    return found


def attended(tables: Tables, scenario: Scenario) -> NDArray[np.bool_]:
    """Return which incidents somebody came to who can work on their common task; all of those without one."""
    tasks = [[level.task for level in kind.levels] for kind in scenario.types]
    kinds = range(len(scenario.fleet.kinds))
    able = np.array([[[t is None or t.rates[k] > 0 for k in kinds] for t in levels] for levels in tasks])
    incidents, responses = tables.incidents, tables.responses
    of_type, of_level = (words(incidents, name).codes for name in ("type", "level"))
    found = np.array([[t is None for t in levels] for levels in tasks])[of_type, of_level]
    came = ~np.isnan(column(responses, "arrived_s"))
    owner, kind = column(responses, "incident")[came], words(responses, "kind").codes[came]
    found[owner[able[of_type[owner], of_level[owner], kind]]] = True
    return np.asarray(found)
