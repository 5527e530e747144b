"""The command centre: who takes calls, who calls beside the first, and how long each step takes."""

from dataclasses import dataclass

from sim.model.distributions import Distribution
from sim.model.resources import NO_TIME
from sim.model.roster import Roster

Staff = int | Roster | None
"""Call-takers: a number all the time, by shifts, or None for as many as it takes."""


@dataclass(frozen=True)
class Nuisance:
    """Calls about nothing, which keep call-takers busy and send nobody: ``rate_per_s`` at all hours."""

    rate_per_s: float
    handling: Distribution


@dataclass(frozen=True)
class AnsweringPoint:
    """Where calls to one number are taken: all of them, or those to 110, 119 or 120.

    ``types`` index the scenario's incident types that it handles. ``misdialled`` has, for each answering
    point, the chance that a caller whom this one should get dials that one first. ``pick_up_s`` is the ring
    time of a free call-taker.
    """

    name: str
    title: str
    call_takers: Staff
    pick_up_s: float
    types: tuple[int, ...]
    misdialled: tuple[float, ...] = ()
    nuisance: Nuisance | None = None


@dataclass(frozen=True)
class HangUp:
    """Callers wait for a call-taker no longer than their ``patience``, and dial again after ``redial``."""

    patience: Distribution
    redial: Distribution


@dataclass(frozen=True)
class Duplicates:
    """Further calls about an incident: a Poisson number, its mean by type, each ``delay`` after the report.

    ``handling`` is that of a call about what is known already.
    """

    means: tuple[float, ...]
    delay: Distribution
    handling: Distribution


@dataclass(frozen=True)
class CommandCentre:
    """Where calls are taken, and units are sent from.

    ``call_takers`` of None never keep a caller waiting. ``pick_up`` is the ring time of a free
    call-taker; ``alerting`` runs from the decision to the station's knowing of it. When none is free,
    at most ``queue_limit`` requests for units of a kind wait, and others are turned away; None lets
    all wait. ``command`` is, for the levels I to IV, how long the level of command takes to decide once
    a call is classified.

    ``points`` are told where there is more to calls than one for each incident to one number; else there
    are none, and it is ``call_takers`` who answer. A call to the wrong one is passed on after ``transfer``.
    """

    call_takers: Staff
    pick_up_s: float
    alerting_s: float
    queue_limit: int | None = None
    command: tuple[Distribution, Distribution, Distribution, Distribution] = (NO_TIME,) * 4
    points: tuple[AnsweringPoint, ...] = ()
    transfer: Distribution = NO_TIME
    hang_up: HangUp | None = None
    duplicates: Duplicates | None = None

    def ring_s(self, kind: int) -> float:
        """Return the ring time of a free call-taker to a call about a type of incident."""
        return next((point.pick_up_s for point in self.points if kind in point.types), self.pick_up_s)
