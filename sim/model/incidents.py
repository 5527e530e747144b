"""The incidents of one replication as columns, with all their random marks."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.resources import Ask, Card

IntArray = NDArray[np.int64]

UNSAID: Any = None
"""A column that the source leaves out."""


@dataclass(frozen=True, eq=False)
class Incidents:
    """The incidents of one replication, in order of report.

    Incident columns have shape (n,): times in seconds since the start, place in metres, ``type``
    and ``zone`` as indices, ``level`` 1 to 4. What an incident asks for is ``cards[card]``; each unit
    that the card can take is a *slot*. Slot columns have shape (m,), those of incident i are
    ``first_slot[i]:first_slot[i + 1]``. ``noise_*`` multiply the expected travel times out, to
    hospital, and home; ``hospital`` is the one that is given, -1 for the nearest.

    ``source`` and ``number`` name an incident, ``parent`` is the number of the one that set it off, -1
    for none. ``found`` is the level that it turns out to be of, ``size_up_s`` after the first unit is there;
    inf where it is, and stays, what it was reported as, with its card. ``taken_for`` is the type that it is
    reported as, its own unless it is mistaken for another; ``casualties`` how many it hurts, -1 where that
    decides nothing. ``effort``, ``mop_up_s`` and ``burn_out_s`` belong to its level's task, if any. A source
    may leave out whatever has a default here; without cards each slot asks for one unit of its kind.
    """

    occurred_s: FloatArray
    detected_s: FloatArray
    reported_s: FloatArray
    handling_s: FloatArray
    type: IntArray
    level: IntArray
    priority: IntArray
    zone: IntArray
    x_m: FloatArray
    y_m: FloatArray
    first_slot: IntArray
    kind: IntArray
    turnout_s: FloatArray
    noise_out: FloatArray
    access_s: FloatArray
    scene_s: FloatArray
    transport: NDArray[np.bool_]
    noise_hospital: FloatArray
    handover_s: FloatArray
    noise_home: FloatArray
    hospital: IntArray = UNSAID
    magnitude: FloatArray = UNSAID
    effort: FloatArray = UNSAID
    mop_up_s: FloatArray = UNSAID
    burn_out_s: FloatArray = UNSAID
    source: IntArray = UNSAID
    number: IntArray = UNSAID
    parent: IntArray = UNSAID
    found: IntArray = UNSAID
    size_up_s: FloatArray = UNSAID
    taken_for: IntArray = UNSAID
    casualties: IntArray = UNSAID
    card: IntArray = UNSAID
    cards: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        n, m = len(self.occurred_s), len(self.kind)
        if self.card is UNSAID:
            cards, card = _cards_of(self.first_slot, self.kind)
            object.__setattr__(self, "cards", cards)
            object.__setattr__(self, "card", card)
        for name in ("magnitude", "effort", "mop_up_s", "size_up_s"):
            self._default(name, n, 0.0)
        for name, usual in (("found", self.level), ("taken_for", self.type)):
            if getattr(self, name) is UNSAID:
                object.__setattr__(self, name, usual)
        self._default("source", n, 0)
        self._default("parent", n, -1)
        self._default("casualties", n, -1)
        self._default("burn_out_s", n, np.inf)
        self._default("hospital", m, -1)
        if self.number is UNSAID:
            object.__setattr__(self, "number", np.arange(n))

    def _default(self, name: str, n: int, value: float) -> None:
        """Fill a column that the source has left out."""
        if getattr(self, name) is UNSAID:
            object.__setattr__(self, name, np.full(n, value))

    def __len__(self) -> int:
        return len(self.occurred_s)

    @classmethod
    def none(cls) -> "Incidents":
        """Return no incidents."""
        numbers, indices = np.zeros(0), np.zeros(0, np.int64)
        whole = {"type", "level", "priority", "zone", "kind"}
        columns: dict[str, Any] = {f.name: indices if f.name in whole else numbers for f in fields(cls)[:20]}
        return cls(**columns | {"first_slot": np.zeros(1, np.int64), "transport": numbers > 0})

    @classmethod
    def merge(cls, parts: Sequence["Incidents"]) -> "Incidents":
        """Return the incidents of all parts in order of report; ties keep the order of the parts."""
        if len(parts) == 1 and np.all(np.diff(parts[0].reported_s) >= 0):
            return parts[0]
        cards, cards_of = _shared(parts)
        columns: dict[str, NDArray[Any]] = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in (*INCIDENT_COLUMNS, *SLOT_COLUMNS)
            if name != "card"
        }
        columns["card"] = np.concatenate([new[part.card] for part, new in zip(parts, cards_of, strict=True)])
        slots = np.concatenate([np.diff(part.first_slot) for part in parts])
        order = np.argsort(columns["reported_s"], kind="stable")
        starts = np.cumsum(slots) - slots
        counts = slots[order]
        first_slot = np.concatenate([[0], np.cumsum(counts)])
        by_slot = np.repeat(starts[order] - first_slot[:-1], counts) + np.arange(counts.sum())
        cut = {name: col[by_slot if name in SLOT_COLUMNS else order] for name, col in columns.items()}
        return cls(first_slot=first_slot, cards=cards, **cut)

    def of_source(self, source: int) -> "Incidents":
        """Return the same incidents as those of a source."""
        return replace(self, source=np.full(len(self), source))


SLOT_COLUMNS = (
    "kind",
    "turnout_s",
    "noise_out",
    "access_s",
    "scene_s",
    "transport",
    "noise_hospital",
    "handover_s",
    "noise_home",
    "hospital",
)
"""Names of the columns with one row a slot."""

INCIDENT_COLUMNS = tuple(
    f.name for f in fields(Incidents) if f.name not in (*SLOT_COLUMNS, "first_slot", "cards")
)
"""Names of the columns with one row an incident."""


def _shared(parts: Sequence[Incidents]) -> tuple[tuple[Card, ...], list[IntArray]]:
    """Return the cards of all parts, each once, and for each part its cards' indices among them."""
    known: dict[Card, int] = {}
    indices = [
        np.array([known.setdefault(card, len(known)) for card in part.cards], np.int64) for part in parts
    ]
    return tuple(known), indices


def _cards_of(first_slot: IntArray, kind: IntArray) -> tuple[tuple[Card, ...], IntArray]:
    """Return the cards that ask for one unit of its kind for each slot, and the card of each incident."""
    known: dict[Card, int] = {}
    kinds = kind.tolist()
    card = []
    for start, stop in pairwise(first_slot.tolist()):
        counts: dict[int, int] = {}
        for each in kinds[start:stop]:
            counts[each] = counts.get(each, 0) + 1
        asks = tuple(Ask(each, float(count)) for each, count in counts.items())
        card.append(known.setdefault(asks, len(known)))
    return tuple(known), np.array(card, np.int64)
