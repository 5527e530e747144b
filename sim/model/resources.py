"""Units, the kinds they are of, and the command centre that sends them."""

from dataclasses import dataclass
from typing import Literal

from sim.model.distributions import Constant, Distribution

NO_TIME = Constant(0.0)


@dataclass(frozen=True)
class UnitKind:
    """What all units of one kind share.

    ``mode`` names the speeds they travel at. ``turnout`` runs from notified to wheels rolling,
    ``access`` from arrival to work begun (or the patient reached). Only a kind that ``transports``
    takes patients to hospital, where ``handover`` is the time until it is free again. Each trip's
    time is multiplied by a lognormal of median 1 and log standard deviation ``trip_sigma``.
    """

    name: str
    title: str
    mode: str
    turnout: Distribution
    access: Distribution
    trip_sigma: float = 0.0
    transports: bool = False
    handover: Distribution = NO_TIME


@dataclass(frozen=True)
class Unit:
    """One vehicle with its crew. ``kind`` indexes the fleet's kinds, ``base`` the place's sites."""

    name: str
    kind: int
    base: int


@dataclass(frozen=True)
class Fleet:
    """All units. ``available`` says when a unit can be sent again: on clearing, or back in quarters."""

    kinds: tuple[UnitKind, ...]
    units: tuple[Unit, ...]
    available: Literal["clearing", "in_quarters"] = "clearing"
    firefighters: int | None = None


@dataclass(frozen=True)
class CommandCentre:
    """Where calls are taken.

    ``call_takers`` of None never keep a caller waiting. ``pick_up`` is the ring time of a free
    call-taker; ``alerting`` runs from the decision to the station's knowing of it. When none is free,
    at most ``queue_limit`` requests for units of a kind wait, and others are turned away; None lets
    all wait.
    """

    call_takers: int | None
    pick_up_s: float
    alerting_s: float
    queue_limit: int | None = None
