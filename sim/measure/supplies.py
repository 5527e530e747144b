"""What incidents use up on scene."""

import numpy as np

from sim.measure.tables import Tables, column, words
from sim.scenario import Scenario


def used(tables: Tables, scenario: Scenario) -> dict[str, float]:
    """Return how much of each supply was used, in the units that its name says.

    By every incident that a unit has arrived at, as much as its level says, after the warm-up.
    """
    x = tables.incidents
    kind, level = words(x, "type").codes, words(x, "level").codes
    counted = ~np.isnan(column(x, "arrived_s")) & (column(x, "occurred_s") >= scenario.warmup_s)
    found: dict[str, float] = {}
    for i, each in enumerate(scenario.types):
        for j, meaning in enumerate(each.levels):
            for name, amount in meaning.supplies:
                times = int((counted & (kind == i) & (level == j)).sum())
                found[name] = found.get(name, 0.0) + amount * times
    return found
