"""Queue disciplines other than the usual one, by priority and then in order of report."""

from dataclasses import dataclass

from sim.model.units import PositiveSeconds
from sim.seams import Incident, QueueDiscipline


@dataclass(frozen=True)
class FirstCome(QueueDiscipline):
    """First come, first served, whatever the priority."""

    def key(self, incident: Incident) -> float:
        """Return when it was reported."""
        return incident.reported_s


@dataclass(frozen=True, kw_only=True)
class Ageing(QueueDiscipline):
    """By priority, but each ``step`` of waiting is worth as much as one priority more.

    So an incident of priority 3 goes before one of priority 1 that was reported two steps later, and nobody
    waits for ever. Source: the delay-dependent priorities of Kleinrock, "Queueing Systems", vol. 2 (1976),
    3.7, with one slope for all.
    """

    step: PositiveSeconds

    def key(self, incident: Incident) -> float:
        """Return when it would have been reported to be as far ahead with priority 0."""
        return incident.reported_s + incident.priority * self.step
