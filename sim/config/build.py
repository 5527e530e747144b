"""The strict build: a plain mapping becomes a frozen Study, or an error that lists every problem."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from sim.config import checks, closures, occurrences, policies, promises, scenery, travel, uncertain
from sim.config.centre import centre, faults
from sim.config.fingerprint import files_of, fingerprint, makers
from sim.config.names import declared
from sim.config.partial import of_plugins, sections_of
from sim.config.plugins import PlugIn, plug_in
from sim.config.problems import ConfigError, Locate, Problem, did_you_mean, from_pydantic, shown
from sim.config.provenance import CONFIDENCES, Sourced, split
from sim.config.schema import Config
from sim.config.schema.place import PlaceConfig
from sim.config.tables import expand
from sim.dispatch.chain import Chain
from sim.model.calendar import Calendar
from sim.model.place import Place
from sim.model.rates import Rate
from sim.scenario import Scenario, Study
from sim.seams import IncidentSource, Policy, QueueDiscipline, TravelTimes


def build(
    mapping: Mapping[str, Any],
    locate: Locate | None = None,
    other_types: Collection[str] = (),
    folders: Sequence[FilePath] = (),
) -> Study:
    """Return the study that a composed config describes.

    ``locate`` says in which file and line a path was written. ``other_types`` are incident types that
    a target may name although the config leaves them out. ``folders`` are where the tables lie that the
    config names, by default the working folder. Raises ConfigError with all problems.
    """
    tables = expand(mapping, list(folders) or [FilePath.cwd()])
    sourced = split(tables.mapping)
    problems = [*tables.problems, *_confidence_problems(sourced), *uncertain.inputs(sourced)[1]]
    context: dict[str, Any] = dict(declared(sourced.plain, tables.torn))
    context["incident type"] |= set(other_types)
    context["folders"] = list(folders) or [FilePath.cwd()]
    plugins = _plugins(sourced.plain, problems, context)
    try:
        config = Config.model_validate(sourced.plain, context=context)
    except ValidationError as error:
        problems += [p for p in from_pydantic(error, Config) if not tables.spoilt(p.path)]
    sections = sections_of(sourced.plain, context, tables.torn)
    problems += faults(sections.centre) if sections.centre else []
    problems += checks.problems(sections)
    if problems:
        problems += of_plugins(sections, sourced.plain, plugins)
    else:
        scenario = _scenario(config, sections.zoned, plugins, sourced, problems)
        if scenario is not None:
            return _study(config, scenario, plugins, sourced, tables.mapping, context["folders"])
    whence: Locate = locate or (lambda path: "")
    raise ConfigError(
        [replace(p, where=p.where or tables.locate(p.path) or whence(p.path)) for p in problems]
    )


def _study(
    config: Config,
    scenario: Scenario,
    plugins: Mapping[str, PlugIn | None],
    sourced: Sourced,
    mapping: Mapping[str, Any],
    folders: Sequence[FilePath],
) -> Study:
    """Return the study of a scenario, with the mark and the files of what it was made of."""
    made = [plugin for plugin in plugins.values() if plugin]
    files = files_of(sourced.plain, made, folders)
    return Study(
        scenario,
        config.seed,
        config.until.most if config.until else config.replications,
        config.workers,
        fingerprint(sourced.plain, {plugin.cls for plugin in made}, files),
        config=mapping,
        folders=tuple(map(str, folders)),
        files=tuple(map(str, files)),
        until=promises.until(config.until) if config.until else None,
    )


def makers_of(mapping: Mapping[str, Any], folders: Sequence[FilePath]) -> str:
    """Return what computes a config, as its fingerprint tells it. Raises ConfigError for its plug-ins."""
    tables = expand(mapping, folders)
    plain = split(tables.mapping).plain
    context = {**declared(plain, tables.torn), "folders": list(folders)}
    problems: list[Problem] = []
    made = [plugin for plugin in _plugins(plain, problems, context).values() if plugin]
    if problems:
        raise ConfigError(problems)
    return makers({plugin.cls for plugin in made}, files_of(plain, made, folders))


def _confidence_problems(sourced: Sourced) -> list[Problem]:
    return [
        Problem((*path, "confidence"), shown(said.confidence), f"one of {', '.join(CONFIDENCES)}{hint}")
        for path, said in sourced.by_path.items()
        if said.confidence is not None and said.confidence not in CONFIDENCES
        for hint in [did_you_mean(said.confidence, CONFIDENCES).partition(" (")[0]]
    ]


def _plugins(
    plain: Mapping[str, Any], problems: list[Problem], context: Mapping[str, Any]
) -> dict[str, PlugIn | None]:
    """Return the plug-ins by their place in the config, adding what is wrong with each."""
    nodes: list[tuple[tuple[str, ...], Any, type[Any]]] = [
        (("travel",), plain.get("travel"), TravelTimes),
        (("air",), plain.get("air") or None, TravelTimes),
        (("dispatch",), plain.get("dispatch"), Policy),
        (("move_up",), plain.get("move_up") or None, Policy),
        (("queue",), plain.get("queue") or None, QueueDiscipline),
    ]
    demand = plain.get("demand")
    if isinstance(demand, Mapping):
        nodes += [(("demand", str(name)), node, IncidentSource) for name, node in demand.items()]
    return {
        ".".join(path): plug_in(node, seam, path, problems, context)
        for path, node, seam in nodes
        if isinstance(node, Mapping)
    }


def rates_of(place: PlaceConfig, sourced: Sourced) -> dict[str, Rate]:
    """Return a place's own rates of incident types, but for those whose type's rate is overridden."""

    def overridden(*path: str) -> bool:
        return (sourced.of(path).source or "").startswith("the override")

    return {
        name: rate
        for name, rate in place.rates.items()
        if overridden("place", "rates", name) or not overridden("incident", name, "rate")
    }


def _scenario(
    config: Config,
    place: Place,
    plugins: Mapping[str, PlugIn | None],
    sourced: Sourced,
    problems: list[Problem],
) -> Scenario | None:
    """Put the checked parts together; None, with problems added, when they do not fit."""
    fleet = scenery.fleet(config.fleet, config.place, config.incident)
    types = occurrences.types(config.incident, rates_of(config.place, sourced), place, fleet)
    calendar, weather = Calendar(config.start), scenery.weather(config.weather)
    given = {"place": place, "fleet": fleet, "types": types, "calendar": calendar, "weather": weather}
    made = {path: plugin.make(given, problems) for path, plugin in plugins.items() if plugin}
    if not problems:
        ways = made["travel"], made.get("air"), config.traffic
        by_all = travel.provider(*ways, calendar, weather, problems)
        problems += checks.mode_problems(fleet, by_all) if not problems else []
        problems += checks.idle_sources({name: made[f"demand.{name}"] for name in config.demand})
        problems += policies.unheard({name: made[name] for name in ("dispatch", "move_up") if name in made})
        problems += policies.never_filled(plugins["dispatch"], types, fleet)
    closed = closures.closures(config.closures, place, calendar, problems)
    if not problems:
        problems += closures.problems_on(by_all, config.closures, closed, config.horizon)
    if problems:
        return None
    return Scenario(
        name=config.name or config.place.name,
        place=place,
        fleet=fleet,
        types=types,
        centre=centre(config.centre, place, types),
        travel=by_all,
        policy=Chain((made["dispatch"], made["move_up"])) if "move_up" in made else made["dispatch"],
        sources=tuple((name, made[f"demand.{name}"]) for name in config.demand),
        targets=promises.targets(config.targets),
        calendar=calendar,
        horizon_s=config.horizon,
        warmup_s=config.warmup,
        closures=closed,
        queue=made.get("queue"),
    )
