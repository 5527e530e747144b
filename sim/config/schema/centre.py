"""The command centre: who takes calls, and how long each step takes."""

from sim.config.schema.base import Count, LevelName, Strict
from sim.config.schema.roster import NumberOrShifts
from sim.model.distributions import Distribution
from sim.model.units import Seconds


class CentreConfig(Strict):
    """The command centre.

    ``call_takers`` are a number all the time, or shifts by name; null never keep a caller waiting.
    ``command`` is how long the level of command takes to decide, once a call is classified as of a level;
    none where nothing is said.
    """

    call_takers: NumberOrShifts | None = None
    pick_up: Seconds = 0.0
    alerting: Seconds = 0.0
    queue_limit: Count | None = None
    command: dict[LevelName, Distribution] = {}
