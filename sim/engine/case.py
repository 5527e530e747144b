"""Incidents as the engine meets them: one at a time, with travel times worked out in batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.engine.command import Command
from sim.engine.gathering import Gathering
from sim.engine.scene import Scene
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.resources import Card, Modes, Resource
from sim.seams import TravelTimes

BATCH = 256
AFTER_A_CHANGE = 32
"""Incidents at a time, and as many where roads have changed since the first of them."""

Turn = tuple[Any, int]
"""What sorts those that wait: the key of the queue discipline, by default the priority; then the row."""

Row = TypeVar("Row", bound=tuple[Any, ...])

Reach = tuple[list[int], list[float]]
"""Base positions from near to far, and the expected seconds from each base."""


class Bases:
    """Where the units of one kind have their bases, and the modes they travel in.

    The first ``own`` are their own, and others those that they may be moved to.
    """

    def __init__(self, own: Sequence[int], others: Sequence[int], points: FloatArray, modes: Modes) -> None:
        self.sites, self.own = [*own, *others], len(own)
        self.position = {site: i for i, site in enumerate(self.sites)}
        self.points = points[self.sites]
        self.modes = modes


class Batch:
    """The reach of each of some incidents when it is classified, worked out once it is asked for.

    By kind and mode; incidents that are gone to in another mode are worked out with the others.
    """

    def __init__(self, travel: TravelTimes, bases: Sequence[Bases], points: FloatArray, at_s: FloatArray):
        self._travel, self._bases, self._points, self._at_s = travel, bases, points, at_s
        self._tables: dict[tuple[int, str], list[Reach | None]] = {}
        self._changes, self._span = 0, len(points)

    def now(self, way: tuple[int, str], i: int, changes: int) -> Reach:
        """Return the reach of the i-th incident by a kind and mode, after so many changes of the roads.

        It is worked out with that of others to come: few of them where roads change, and all may be in vain.
        """
        if changes != self._changes:
            self._tables, self._changes, self._span = {}, changes, AFTER_A_CHANGE
        table = self._tables.get(way)
        return (table and table[i]) or self._with_others(way, i)

    def _with_others(self, way: tuple[int, str], i: int) -> Reach:
        """Work out the reach of the i-th incident, and of those that come next."""
        table = self._tables.setdefault(way, [None] * len(self._points))
        some = slice(i, i + self._span) if self._span < len(self._points) else slice(0, None)
        table[some] = self._work_out(way, self._points[some], self._at_s[some])
        found = table[i]
        assert found is not None
        return found

    def at(self, way: tuple[int, str], i: int, at_s: float) -> Reach:
        """Return the reach of the i-th incident by a kind and mode at another moment."""
        return self._work_out(way, self._points[i : i + 1], at_s)[0]

    def _work_out(self, way: tuple[int, str], points: FloatArray, at_s: float | FloatArray) -> list[Reach]:
        kind, mode = way
        seconds = self._travel.seconds(self._bases[kind].points, points, at_s=at_s, mode=mode).T
        order = np.argsort(seconds, axis=1, kind="stable")
        return list(zip(order.tolist(), seconds.tolist(), strict=True))


class SlotMarks(NamedTuple):
    """A unit that a response card asks for, with its marks; see Incidents."""

    slot: int
    kind: int
    turnout_s: float
    noise_out: float
    access_s: float
    scene_s: float
    transport: bool
    noise_hospital: float
    handover_s: float
    noise_home: float
    hospital: int


class Case(NamedTuple):
    """One open incident: what a policy sees of it, what it still lacks, and its marks.

    ``lacking`` holds the amount of each resource; ``asks`` the resources of the card, one for each unit
    where units are asked for, or None where people or equipment are. ``scene`` is its common task.
    ``decided_s`` is when units may be sent: classified, and decided on by the level of command.
    ``first_type``, ``first_level``, ``first_priority`` and ``first_haste`` are those of its report; see
    ``type`` and so on. ``sent`` is what each unit that was sent brings, ``gathering`` what has
    come, where units hold a scene until all has.
    """

    row: int
    first_type: int
    first_level: int
    first_priority: int
    zone: int
    x_m: float
    y_m: float
    reported_s: float
    decided_s: float
    lacking: dict[int, float]
    asks: tuple[int, ...] | None
    slots: list[SlotMarks]
    batch: Batch
    place_in_batch: int
    scene: Scene | None
    card: Card
    sent: list[Card]
    first_haste: int
    command: Command | None
    gathering: Gathering | None

    def __repr__(self) -> str:
        return f"incident {self.row}"

    @property
    def asked(self) -> Iterable[tuple[int, float]]:
        """The amount of each resource that is asked for by now."""
        return self.card if self.command is None else self.command.asked.items()

    @property
    def type(self) -> int:
        """The type that it is taken for now."""
        return self.first_type if self.command is None else self.command.type

    @property
    def level(self) -> int:
        """The level that it is taken to be of now, 1 to 4."""
        return self.first_level if self.command is None else self.command.level

    @property
    def priority(self) -> int:
        """Its priority by the level that it is taken to be of now."""
        return self.first_priority if self.command is None else self.command.priority

    @property
    def haste(self) -> int:
        """By which of their Modes units travel that are sent now."""
        return self.first_haste if self.command is None else self.command.haste

    @property
    def urgency(self) -> tuple[int, int]:
        """What the most urgent has least of: its priority, then its place in order of report."""
        return self.priority, self.row

    def brought(self, resource: int) -> float:
        """Return how much of a resource the units bring that were sent."""
        return sum(amount for offers in self.sent for r, amount in offers if r == resource)

    def can_spare(self, offers: Card) -> bool:
        """Whether the others that were sent bring all that is asked for, without one that brings this."""
        asked = dict(self.asked)
        return all(
            self.brought(r) - amount >= asked[r] - 1e-9 for r, amount in offers if amount and r in asked
        )

    def serve(self, kind: int, offers: Card) -> SlotMarks | None:
        """Take what a unit brings off what is lacking; return the slot that it fills, None without need."""
        lacking, useful = self.lacking, False
        for r, amount in offers:
            if r in lacking:
                useful = True
                lacking[r] -= amount
                if lacking[r] <= 1e-9:
                    del lacking[r]
        if useful:
            slots = self.slots
            for slot in slots:
                if slot.kind == kind:
                    slots.remove(slot)
                    return slot
        return None


@dataclass(frozen=True)
class Circumstances:
    """What turns the rows of ``incidents`` into cases; ``scene`` gives a row's common task, if any.

    ``command`` gives who is in command, where what is asked for may change; ``gathering`` what counts who has
    come, where that matters.
    ``decided_s`` is when units may be sent to each; see Case.
    ``haste`` is the index into Modes of each, as it is reported, shape (n,).
    """

    incidents: Incidents
    decided_s: FloatArray
    travel: TravelTimes
    bases: Sequence[Bases]
    resources: Sequence[Resource]
    scene: Callable[[int], Scene | None] | None
    haste: IntArray
    command: Callable[[int], Command | None] | None
    gathering: Callable[[int], Gathering] | None


def cases(given: Circumstances) -> Iterator[Case]:
    """Yield every incident in order of report, made in batches, so that few are alive at a time."""
    x, decided_s = given.incidents, given.decided_s
    asks = [_asks(card, given.resources) for card in x.cards]
    lacking = [dict(card) for card in x.cards]
    for start in range(0, len(x), BATCH):
        stop = min(start + BATCH, len(x))
        rows, first, last = slice(start, stop), int(x.first_slot[start]), int(x.first_slot[stop])
        points = np.stack([x.x_m[rows], x.y_m[rows]], axis=1)
        slots = list(_rows(SlotMarks, range(first, last), *_slot_columns(x, first, last)))
        ends = (x.first_slot[start : stop + 1] - first).tolist()
        marks = (x.taken_for, x.level, x.priority, x.zone, x.x_m, x.y_m, x.reported_s, decided_s)
        cards = x.card[rows].tolist()
        yield from _rows(
            Case,
            range(start, stop),
            *(column[rows].tolist() for column in marks),
            [lacking[card].copy() for card in cards],
            [asks[card] for card in cards],
            [slots[i:j] for i, j in pairwise(ends)],
            [Batch(given.travel, given.bases, points, decided_s[rows])] * (stop - start),
            range(stop - start),
            _each(given.scene, start, stop),
            [x.cards[card] for card in cards],
            [[] for _ in cards],
            given.haste[rows].tolist(),
            _each(given.command, start, stop),
            _each(given.gathering, start, stop),
        )


def _each(make: Callable[[int], Any] | None, start: int, stop: int) -> list[Any]:
    """Return what is made of each row, None for each where nothing is."""
    return [None] * (stop - start) if make is None else [make(i) for i in range(start, stop)]


def _asks(card: Card, resources: Sequence[Resource]) -> tuple[int, ...] | None:
    """Return a card's resources, one for each unit; None when it asks for people or equipment."""
    if any(resources[r].measure != "units" for r, _ in card):
        return None
    return tuple(r for r, amount in card for _ in range(round(amount)))


def _slot_columns(x: Incidents, first: int, last: int) -> list[list[Any]]:
    return [getattr(x, name)[first:last].tolist() for name in SlotMarks._fields[1:]]


def _rows(kind: type[Row], *columns: Sequence[Any]) -> Iterator[Row]:
    """Yield named tuples of a kind from its columns, without a Python call for each."""
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=True))
