"""The checked section of the command centre becomes a noun."""

from sim.config.schema.centre import CentreConfig
from sim.config.schema.roster import roster
from sim.model.resources import NO_TIME, CommandCentre
from sim.model.types import LEVELS


def centre(config: CentreConfig) -> CommandCentre:
    """Return the command centre."""
    staff = config.call_takers
    one, two, three, four = (config.command.get(level, NO_TIME) for level in LEVELS)  # type: ignore[call-overload]
    return CommandCentre(
        call_takers=roster(staff) if isinstance(staff, dict) else staff,
        pick_up_s=config.pick_up,
        alerting_s=config.alerting,
        queue_limit=config.queue_limit,
        command=(one, two, three, four),
    )
