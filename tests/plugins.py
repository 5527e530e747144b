"""Plug-ins as a user would write them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.demand.poisson import Poisson
from sim.model.incidents import Incidents
from sim.model.place import Place
from sim.model.units import Seconds
from sim.rng import Streams
from sim.seams import (
    FreeUnit,
    Incident,
    IncidentSource,
    Order,
    Policy,
    QueueDiscipline,
    Recall,
    View,
)


class _Memory:
    unit: FreeUnit | None = None


@dataclass(frozen=True)
class Stubborn(Policy):
    """Always sends the unit it sent first, busy or not."""

    memory = _Memory()

    def decide(self, view: View) -> Iterator[Order]:
        for need in view.needs:
            first = next(view.candidates(need), None)
            self.memory.unit = first[0] if first else self.memory.unit
            assert self.memory.unit is not None
            yield Order(self.memory.unit, need.incident)


@dataclass(frozen=True)
class Farthest(Policy):
    """Sends the farthest unit within a limit: a policy with an option of its own."""

    within: Seconds = 3600.0

    def decide(self, view: View) -> list[Order]:
        orders, sent = [], set()
        for need in view.needs:
            near = [u for u, s in view.candidates(need) if s <= self.within and u.index not in sent]
            if near:
                orders.append(Order(near[-1], need.incident))
                sent.add(near[-1].index)
        return orders


@dataclass(frozen=True)
class ByHand(IncidentSource):
    """Incidents at given moments in the middle of the first zone, ten minutes on scene, without noise."""

    place: Place
    at: list[float]

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        n = len(self.at)
        at, zeros, ones = np.array(self.at), np.zeros(n), np.ones(n)
        whole = np.zeros(n, np.int64)
        x, y = self.place.centres[0]
        return Incidents(
            occurred_s=at, detected_s=at, reported_s=at, handling_s=zeros, type=whole, level=whole + 4,
            priority=whole + 1, zone=whole, x_m=zeros + x, y_m=zeros + y, first_slot=np.arange(n + 1),
            kind=whole, turnout_s=zeros, noise_out=ones, access_s=zeros, scene_s=zeros + 600,
            transport=whole > 0, noise_hospital=ones, handover_s=zeros, noise_home=ones,
        )  # fmt: skip


@dataclass(frozen=True)
class Patients(IncidentSource):
    """Incidents of level II at (0, 0), every mark different; see test_mission."""

    at: list[float]

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        n = len(self.at)
        at, ones, whole = np.array(self.at), np.ones(n), np.zeros(n, np.int64)
        return Incidents(
            occurred_s=at, detected_s=at + 10, reported_s=at + 30, handling_s=40 * ones, type=whole,
            level=whole + 2, priority=whole + 1, zone=whole, x_m=0 * ones, y_m=0 * ones,
            first_slot=np.arange(n + 1), kind=whole, turnout_s=70 * ones, noise_out=1.1 * ones,
            access_s=20 * ones, scene_s=500 * ones, transport=whole == 0, noise_hospital=1.2 * ones,
            handover_s=600 * ones, noise_home=0.9 * ones,
        )  # fmt: skip


@dataclass(frozen=True)
class TakesAsUrgent(Policy):
    """Takes any unit that is on its way, whatever for."""

    def decide(self, view: View) -> Iterator[Order]:
        for need in view.needs:
            for unit, _ in view.candidates(need, lambda incident: True):
                yield Order(unit, need.incident)
                break


@dataclass(frozen=True)
class TakesAtWork(Stubborn):
    """Sends the unit it sent first, also where it is at work."""

    memory = _Memory()


@dataclass(frozen=True)
class RecallsAtWork(Policy):
    """Recalls the unit it sent first, where none is free."""

    memory = _Memory()

    def decide(self, view: View) -> Iterator[Order | Recall]:
        for need in view.needs:
            first = next(view.candidates(need), None)
            if first is None:
                assert self.memory.unit is not None
                yield Recall(self.memory.unit)
                return
            self.memory.unit = first[0]
            yield Order(first[0], need.incident)


@dataclass(frozen=True)
class LastCome(QueueDiscipline):
    """Last come, first served; but a priority may go before all."""

    first: int = 0

    def key(self, incident: Incident) -> tuple[float, ...]:
        return incident.priority != self.first, -incident.reported_s


@dataclass(frozen=True)
class BadKey(QueueDiscipline):
    """Says when, and not whose turn it is; or fails."""

    fails: bool = False

    def key(self, incident: Incident) -> float:
        if self.fails:
            raise ValueError("no idea")
        return "soon"  # type: ignore[return-value]


@dataclass(frozen=True)
class Hopeful(Farthest):
    """Hopes to hear of what nobody tells."""

    @property
    def hears(self) -> tuple[str, ...]:
        return ("rumours",)


@dataclass(frozen=True)
class FailsAtTimes(Poisson):
    """Fails in one replication of five or so."""

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        if streams("luck").random() < 0.2:
            raise ValueError("bad luck")
        return super().incidents(streams, horizon_s=horizon_s)
