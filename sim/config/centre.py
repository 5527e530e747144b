"""The checked section of the command centre becomes a noun, where it fits the incidents."""

from collections.abc import Iterator, Sequence

from sim.config.problems import Problem, did_you_mean, shown
from sim.config.provenance import Path
from sim.config.schema.centre import AnsweringPointConfig, CentreConfig, NuisanceConfig
from sim.config.schema.roster import ShiftConfig, roster
from sim.model.centre import (
    AnsweringPoint,
    CommandCentre,
    Duplicates,
    HangUp,
    Nuisance,
    Staff,
)
from sim.model.place import Place
from sim.model.resources import NO_TIME
from sim.model.roster import Roster
from sim.model.types import LEVELS, IncidentType

JOINT = "centre"
"""What the one answering point of a joint centre is called."""


def centre(config: CentreConfig, place: Place, types: Sequence[IncidentType]) -> CommandCentre:
    """Return the command centre."""
    one, two, three, four = (config.command.get(level, NO_TIME) for level in LEVELS)  # type: ignore[call-overload]
    again = config.duplicates
    means = tuple(again.by_type.get(kind.name, again.mean) for kind in types) if again else ()
    return CommandCentre(
        call_takers=_staff(config.call_takers),
        pick_up_s=config.pick_up,
        alerting_s=config.alerting,
        queue_limit=config.queue_limit,
        command=(one, two, three, four),
        points=_points(config, place, types),
        transfer=config.transfer,
        hang_up=HangUp(config.hang_up.patience, config.hang_up.redial) if config.hang_up else None,
        duplicates=Duplicates(means, again.delay, again.handling) if again else None,
    )


def _staff(config: int | dict[str, ShiftConfig] | None) -> Staff:
    return roster(config) if isinstance(config, dict) else config


def _points(config: CentreConfig, place: Place, types: Sequence[IncidentType]) -> tuple[AnsweringPoint, ...]:
    """Return the answering points; none where each incident is one call to one number."""
    if not (config.separate or config.hang_up or config.duplicates or config.nuisance):
        return ()
    numbers = config.separate or {
        JOINT: AnsweringPointConfig(call_takers=config.call_takers, nuisance=config.nuisance)
    }
    named = {kind for point in numbers.values() for kind in point.types or ()}
    return tuple(
        AnsweringPoint(
            name=name,
            title=point.title or name,
            call_takers=_staff(point.call_takers),
            pick_up_s=config.pick_up if point.pick_up is None else point.pick_up,
            types=tuple(
                i
                for i, kind in enumerate(types)
                if (kind.name not in named if point.types is None else kind.name in point.types)
            ),
            misdialled=tuple(point.misdialled.get(other, 0.0) for other in numbers),
            nuisance=_nuisance(point.nuisance, place) if point.nuisance else None,
        )
        for name, point in numbers.items()
    )


def _nuisance(config: NuisanceConfig, place: Place) -> Nuisance:
    extent = {"person": float(place.people.sum()), "area": float(place.area_m2.sum()), "place": 1.0}
    return Nuisance(config.rate.value * extent[config.rate.per], config.handling)


def faults(config: CentreConfig) -> Iterator[Problem]:
    """Yield what is wrong between separate centres, and beside them."""
    owner: dict[str, str] = {}
    rest: list[str] = []
    for name in ("call_takers", "nuisance"):
        if config.separate and getattr(config, name) is not None:
            yield Problem(("centre", name), "", f"{name} in each of separate, and not beside it")
    for name, point in config.separate.items():
        path = ("centre", "separate", name)
        rest += [name] if point.types is None else []
        for kind in point.types or ():
            if owner.setdefault(kind, name) != name:
                yield Problem((*path, "types"), shown(kind), f"a type that {owner[kind]} does not take too")
        yield from _misdialled(path, point, [each for each in config.separate if each != name])
    if len(rest) > 1:
        found = f"none in {' and '.join(rest)}"
        yield Problem(("centre", "separate"), found, "types in all but one, which takes all others")


def _misdialled(path: Path, point: AnsweringPointConfig, others: Sequence[str]) -> Iterator[Problem]:
    for other in point.misdialled:
        if other not in others:
            hint = did_you_mean(other, others)
            yield Problem((*path, "misdialled", other), shown(other), f"another of separate{hint}")
    if (total := sum(point.misdialled.values())) > 1 + 1e-9:
        yield Problem((*path, "misdialled"), f"{total:.6%} in all", "shares of at most 100 % in all")


def problems(config: CentreConfig, place: Place, types: Sequence[IncidentType]) -> Iterator[Problem]:
    """Yield what does not fit: incidents whose calls nobody takes, and calls that never get through."""
    made = centre(config, place, types)
    taken = {i for point in made.points for i in point.types}
    missing = [kind.name for i, kind in enumerate(types) if i not in taken]
    if config.separate and missing:
        expected = "each type in the types of one centre, or one centre without types for all others"
        yield Problem(("centre", "separate"), f"none that takes calls about {', '.join(missing)}", expected)
        return
    for point in made.points if made.hang_up else ():
        load, able = _load(point, types), _number(point.call_takers)
        if able is not None and load >= able:
            path = ("centre", "separate", point.name) if config.separate else ("centre",)
            found = f"{able:.3g} on average, for calls that keep {load:.3g} of them busy"
            yield Problem((*path, "call_takers"), found, "more, or callers would dial again without end")


def _number(staff: Staff) -> float | None:
    return staff.mean if isinstance(staff, Roster) else staff


def _load(point: AnsweringPoint, types: Sequence[IncidentType]) -> float:
    """Return how many call-takers those keep busy who dial again and again until they are answered."""
    return sum(types[i].rate_per_s * (types[i].handling.mean_s + point.pick_up_s) for i in point.types)
