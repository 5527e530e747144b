"""Response cards that ask for more than there is."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.model.resources import Fleet
from sim.model.types import LEVELS, IncidentType


class TooLarge(NamedTuple):
    """A resource of which a level asks for more, ``now`` and ``later`` together, than can ever come to it."""

    type: str
    level: str
    resource: int
    now: float
    later: float
    most: float


def too_large(types: Sequence[IncidentType], fleet: Fleet) -> Iterator[TooLarge]:
    """Yield what can never be filled of the cards of types that happen here, or seem to; see Fleet.most."""
    told = {other.kind.name for kind in types if kind.where for other in kind.reported_as}
    for kind in types:
        happens = kind.where or kind.name in told
        for name, level, most in zip(LEVELS, kind.levels, fleet.most, strict=True):
            now, later = dict(level.card), dict(level.later)
            for r, amount in level.whole.items() if happens else ():
                if amount > most.get(r, 0.0) + 1e-9:
                    amounts = now.get(r, 0.0), later.get(r, 0.0), most.get(r, 0.0)
                    yield TooLarge(kind.name, name, r, *amounts)
