"""The provider that a study travels by: that of ``travel``, through the traffic, beside that of ``air``."""

from collections.abc import Iterator

from sim.config.problems import Problem, did_you_mean, shown
from sim.config.schema.traffic import FlowConfig, ModeConfig, TrafficConfig
from sim.model.calendar import Calendar
from sim.model.weather import Weather
from sim.seams import TravelTimes
from sim.travel.by_mode import ByMode
from sim.travel.traffic import Flow, Traffic

ALL_DAY = [1.0] * 24


def provider(
    ground: TravelTimes,
    air: TravelTimes | None,
    traffic: TrafficConfig,
    calendar: Calendar,
    weather: Weather,
    problems: list[Problem],
) -> TravelTimes:
    """Return one provider of all, adding what does not fit; ``ground`` itself where there is nothing else."""
    found = list(_unknown(traffic, ground))
    problems += found
    if not traffic.says_nothing and not found:
        ground = Traffic(ground, calendar, weather, _flows(traffic, ground))
    if air is None:
        return ground
    try:
        return ByMode.of(ground, air)
    except ValueError as error:
        problems.append(Problem(("air",), "", str(error).removeprefix("expected ")))
        return ground


def _unknown(traffic: TrafficConfig, ground: TravelTimes) -> Iterator[Problem]:
    """Yield the modes that nothing is known of, and those of others that travel does not have."""
    for name, mode in traffic.modes.items():
        path = ("traffic", "modes", name)
        if mode.of is None and name not in ground.modes:
            yield Problem(path, "nothing", f"of, or a mode of travel{did_you_mean(name, ground.modes)}")
        elif mode.of is not None and mode.of not in ground.modes:
            hint = did_you_mean(mode.of, ground.modes)
            yield Problem((*path, "of"), shown(mode.of), f"a mode of travel{hint}")
        elif mode.of is not None and name in ground.modes:
            yield Problem(
                (*path, "of"), shown(mode.of), f"a name that travel does not have, or no of: {name}"
            )


def _flows(traffic: TrafficConfig, ground: TravelTimes) -> dict[str, Flow]:
    modes = dict.fromkeys(ground.modes, ModeConfig()) | traffic.modes
    return {name: _flow(name, mode, traffic) for name, mode in modes.items()}


def _flow(name: str, mode: ModeConfig, general: FlowConfig) -> Flow:
    by_hour = general if mode.weekdays is None else mode
    weekdays = by_hour.weekdays or ALL_DAY
    weekends = by_hour.weekends or weekdays
    weather = general.weather if mode.weather is None else mode.weather
    return Flow(mode.of or name, (tuple(weekdays), tuple(weekends)), weather or {}, mode.speed)
