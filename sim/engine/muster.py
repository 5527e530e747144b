"""How long forces take to mobilise, and at their staging points, for each incident."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.distributions import Distribution, FloatArray
from sim.model.forces import NOW, Force
from sim.model.incidents import Incidents
from sim.rng import Streams
from sim.scenario import Scenario


@dataclass(frozen=True)
class Muster:
    """How long a force takes for each incident to mobilise, and to marshal, in seconds, shapes (n,)."""

    mobilisation_s: Sequence[float]
    marshalling_s: Sequence[float]


def musters(x: Incidents, scenario: Scenario, streams: Streams) -> dict[str, Muster]:
    """Return the marks of the forces that mobilise or stage, by their names."""
    called = [force for force in scenario.fleet.forces if not force.straight]
    return {force.name: muster(force, x, scenario, streams) for force in called}


def muster(force: Force, x: Incidents, scenario: Scenario, streams: Streams) -> Muster:
    """Return the marks of a force, one for all of its units at an incident: they are called as one.

    They are drawn from streams named by the force, the source and the type of incident, in the order in
    which the source numbers them: whatever else there is, the same incident finds the same force as quick.
    """
    own = streams.below("force", force.name)

    def drawn(law: Distribution, mark: str) -> list[float]:
        found: FloatArray = np.zeros(len(x))
        for (i, source), (j, kind) in _pairs(scenario) if law != NOW else ():
            here = np.flatnonzero((x.source == i) & (x.type == j))
            here = here[np.argsort(x.number[here], kind="stable")]
            found[here] = law.draw(own(mark, source, kind), len(here))
        return list(found.tolist())

    return Muster(drawn(force.mobilisation, "mobilisation"), drawn(force.marshalling, "marshalling"))


def _pairs(scenario: Scenario) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    """Return each source beside each type, with their names."""
    sources = [(i, name) for i, (name, _) in enumerate(scenario.sources)]
    return [(source, (j, kind.name)) for source in sources for j, kind in enumerate(scenario.types)]
