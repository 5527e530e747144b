"""When a study has said enough."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decided:
    """Replications go on, in order, until every target is settled, or ``most`` are there.

    A target is settled when its verdict is met or missed, or when the half-width of its interval is at most
    ``precision`` (a share, such as 0.01; None for no such end). Looked at after each replication, from the
    ``least``-th on. ``targets`` names those that count, all without any; one of which nothing was counted
    yet, and one that is not modelled, hold nothing up.
    """

    precision: float | None = None
    most: int = 1000
    least: int = 10
    targets: tuple[str, ...] = ()
