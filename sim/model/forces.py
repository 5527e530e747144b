"""Forces: whose units they are, and when and how these come."""

from dataclasses import dataclass
from typing import Literal

from sim.model.distributions import Constant, Distribution

NOW = Constant(0.0)
"""No time at all."""

ORDINARY = 4
"""The level of ordinary incidents."""


@dataclass(frozen=True)
class Force:
    """Units that come as one: the county's brigade, the city's, a neighbour's, a militia.

    They only come to incidents of the level ``from_level`` (1 to 4) or graver; of each kind so many as the
    ``reserve`` stay at each base. They leave the base ``mobilisation`` later than others would, go to the
    point of ``staging`` first (metres), stay there for ``marshalling``, and then go on. From a common task
    they leave when it is ``out``, or once it is ``controlled`` and others stay.
    """

    name: str = ""
    title: str = ""
    from_level: int = ORDINARY
    reserve: int = 0
    mobilisation: Distribution = NOW
    staging: tuple[float, float] | None = None
    marshalling: Distribution = NOW
    release: Literal["controlled", "out"] = "out"

    @property
    def at_once(self) -> bool:
        """Whether its units come to all incidents, and straight."""
        return self.from_level == ORDINARY and self.straight

    @property
    def straight(self) -> bool:
        """Whether its units neither mobilise nor stage."""
        return self.mobilisation == NOW and self.staging is None


OWN = Force()
"""That of all units of which nothing else is said."""
