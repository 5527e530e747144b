"""The answer of a run in words and small tables."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.config import CONFIDENCES, split
from sim.measure.notes import notes_on
from sim.measure.orders import in_words
from sim.measure.targets import NOT_MODELLED, Breakdown, Verdict
from sim.model.targets import BurntTarget, CoverageTarget, DeclaredTarget, RadiusTarget
from sim.model.units import duration
from sim.report.by_type import type_table
from sim.report.cells import COLOURS, counted, interval, percent, permille, table_of
from sim.report.printing import show
from sim.scenario import Study
from sim.study.results import Results
from sim.study.sequential import stopped

_COLOURS = COLOURS | {NOT_MODELLED: "dim"}


def say(results: Results) -> None:
    """Print the answer on stdout."""
    show(answer(results))


def answer(results: Results) -> RenderableType:
    """Return what a run says: its verdicts, where the time goes, and how much of its input is assumed."""
    parts: list[RenderableType] = [_head(results), Text(), _verdicts(results.verdicts)]
    static = [v.target for v in results.verdicts if isinstance(v.target, CoverageTarget)]
    if static:
        turnouts = " or ".join(sorted({duration(target.turnout_s) for target in static}))
        parts.append(Text(f"Static: every unit at its base, turnout {turnouts}, travel as expected.", "dim"))
    if results.by_type:
        parts += [Text(), type_table(results)]
    for verdict in results.verdicts:
        if verdict.breakdown and verdict.n:
            parts += [Text(), _breakdown(verdict, verdict.breakdown)]
    parts += [*_declared(results.verdicts), Text(), *_foot(results)]
    return Group(*parts)


def _head(results: Results) -> Text:
    scenario = results.study.scenario
    kinds = [
        f"{count} x {kind.title.lower()}"
        for i, kind in enumerate(scenario.fleet.kinds)
        if (count := sum(unit.kind == i for unit in scenario.fleet.units))
    ]
    people = f"{sum(zone.people for zone in scenario.place.zones):,.0f} people"
    stations = counted(len(scenario.place.stations), "station")
    crew = [f"{scenario.fleet.firefighters} firefighters"] if scenario.fleet.firefighters else []
    incidents, replications = (
        counted(results.incidents_total, "incident"),
        counted(len(results.outcomes), "replication"),
    )
    ran = f"{incidents} in {replications} of {duration(scenario.horizon_s)}, {results.wall_s:.1f} s"
    text = Text.assemble(
        (scenario.place.title, "bold"), ": ", ", ".join([people, stations, *kinds, *crew]), "\n", ran
    )
    for line, style in _told(results):
        text.append(f"\n{line}", style)
    return text


def _told(results: Results) -> Iterator[tuple[str, str]]:
    """Yield what else there is to say of a run, a line each, and its style."""
    if supplies := _supplies(results):
        yield f"used on scene in a replication: {supplies}", "dim"
    if results.study.until:
        yield _stopped(results)
    elif not results.complete:
        yield f"interrupted: {results.study.replications} replications were asked for", "yellow"
    yield from ((f"note: {note}", "yellow") for note in notes_on(results.study, results.verdicts))
    if calls := results.calls_total:
        yield _calls(calls), "dim"
    yield from ((line, "dim") for line in in_words(results.orders_total))
    yield from ((line, "dim") for line in _service(results))
    if n := results.waiting:
        yield f"{counted(n, 'unit')} {_were(n)} still waited for at the horizon", "yellow"
    if n := results.cut_off:
        yield f"{counted(n, 'incident')} could not be reached for a time (cut off)", "yellow"
    if n := results.turned_away:
        yield f"{counted(n, 'request')} for a unit {_were(n)} turned away", "yellow"


def _stopped(results: Results) -> tuple[str, str]:
    """Return why a study that goes on until enough is said has stopped, and the style."""
    told: dict[str, Any] = stopped(results)
    if not results.complete:
        return f"interrupted: at most {told['most']:,} replications were asked for", "yellow"
    of = f"{told['replications']:,} of at most {told['most']:,} replications"
    if told["not_settled"]:
        return f"undecided after {of}: {', '.join(told['not_settled'])}", "yellow"
    return f"decided after {of}; the intervals hold wherever it stops", "dim"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def _supplies(results: Results) -> str:
    """Return the mean use of each supply in a replication, in words."""
    names = dict.fromkeys(name for outcome in results.outcomes for name in outcome.supplies)
    means = [(name, np.mean([outcome.supplies[name] for outcome in results.outcomes])) for name in names]
    return ", ".join(f"{name} {mean:,.4g}" for name, mean in means)


def _calls(counts: Mapping[str, int]) -> str:
    """Return how many called, about what, and what happened to them on the way, in words."""
    told = {name: f"{n:,}" for name, n in counts.items()}
    about = f"{told['duplicates']} duplicates, {told['nuisance']} nuisance"
    return f"{told['calls']} callers: {about}; {told['transfers']} transferred, {told['hang_ups']} hung up"


def _service(results: Results) -> Iterator[str]:
    """Yield which share of the time units were in service, and how much overtime there was, by kind."""
    counts = results.service_total
    titles = {kind.name: kind.title.lower() for kind in results.study.scenario.fleet.kinds}
    if counts:
        told = ", ".join(f"{titles[name]} {percent(each.share)}" for name, each in counts.items())
        yield f"in service, of the time: {told}"
    hours = {name: h for name, each in counts.items() if (h := each.overtime_h) is not None}
    if hours:
        yield f"overtime a year: {', '.join(f'{titles[name]} {h:,.4g} h' for name, h in hours.items())}"


def _verdicts(verdicts: tuple[Verdict, ...]) -> RenderableType:
    tested = [each for each in verdicts if each.verdict != NOT_MODELLED]
    if not verdicts:
        return Text("No targets in this config.")
    table = table_of("Target", "Limit", "Share", "Interval", "Required", "n", "Verdict")
    table.columns[0].no_wrap, table.columns[-1].justify = False, "left"
    for each in tested:
        table.add_row(Text(each.target.title), *_cells(each), _judgement(each))
    return table


def _declared(verdicts: tuple[Verdict, ...]) -> list[RenderableType]:
    """Return the promises that cannot be tested yet, by what they wait for."""
    by_reason: dict[str, list[str]] = {}
    for verdict in verdicts:
        if isinstance(verdict.target, DeclaredTarget):
            by_reason.setdefault(verdict.target.waits_for, []).append(verdict.target.title)
    if not by_reason:
        return []
    table = Table.grid(padding=(0, 1, 0, 2))
    for why, titles in by_reason.items():
        table.add_row(Text(f"{why}:", "dim"), Text(", ".join(titles), "dim"))
    return [Text(), Text("Promised, but not modelled yet:", "dim"), table]


def _cells(verdict: Verdict) -> tuple[str, str, str, str, str]:
    """Return limit, share, interval, what is required, and over how many."""
    share, bounds = percent(verdict.share), interval(verdict.lower, verdict.upper)
    match verdict.target:
        case CoverageTarget(limit_s=limit_s, share=required):
            return duration(limit_s), share, "static", percent(required), f"{verdict.n:,} zones"
        case RadiusTarget(radius_m=radius_m, share=required):
            return f"{radius_m / 1000:g} km", share, "static", percent(required), f"{verdict.n:,} zones"
        case BurntTarget(share=allowed):
            most = f"<= {permille(allowed)}"
            low, high = permille(verdict.lower).removesuffix(" ‰"), permille(verdict.upper)
            bounds = "-" if high == "-" else f"{low} - {high}"
            return "a year", permille(verdict.share), bounds, most, f"{verdict.n:,}"
        case DeclaredTarget():
            return "-", "-", "-", "-", "-"
        case target:
            return duration(target.limit_s), share, bounds, percent(target.share), f"{verdict.n:,}"


def _judgement(verdict: Verdict) -> Text:
    return Text(verdict.verdict if verdict.n else "none counted", _COLOURS[verdict.verdict])


def _breakdown(verdict: Verdict, breakdown: Breakdown) -> RenderableType:
    share_missed = 1 - verdict.share
    of = " (first unit to arrive)" if getattr(verdict.target, "of", "") == "first" else ""
    heading = Text(f"Where the time goes: {verdict.target.title}{of}", "bold")
    table = table_of("Stage", "Mean of all", *(["Mean of missed"] if share_missed else []))
    columns = (breakdown.stages, breakdown.in_clock, breakdown.mean_s, breakdown.missed_mean_s)
    for name, in_clock, mean_s, missed_s in zip(*columns, strict=True):
        if name == "command" and not mean_s:
            continue  # no level of command takes time to decide
        cells = [duration(mean_s), *([duration(missed_s)] if share_missed else [])]
        table.add_row(name if in_clock else f"({name})", *cells, style="" if in_clock else "dim")
    parts: list[RenderableType] = [heading, table]
    if not all(breakdown.in_clock):
        parts.append(Text("In brackets: before the target's clock starts.", "dim"))
    if not share_missed:
        return Group(*parts)
    told = ", ".join(f"{name} {percent(share)}" for name, share in breakdown.causes if share)
    because = f" because: {told}" if told else ""
    parts.append(Text(f"Missed ({percent(share_missed)} of {verdict.n:,}){because}"))
    return Group(*parts)


def _foot(results: Results) -> list[RenderableType]:
    return [
        Text(confidence_line(results.study)),
        Text(f"Results: {results.path}", no_wrap=True, overflow="ignore"),
    ]


def confidence_line(study: Study) -> str:
    """Return in one line how sure the numbers of the input are."""
    sourced = split(study.config)
    counts = dict.fromkeys((*CONFIDENCES, "unlabelled"), 0)
    for path, value in sourced.leaves().items():
        if is_number(value) and path[0] not in SETTINGS:
            counts[sourced.of(path).confidence or "unlabelled"] += 1
    total = max(1, sum(counts.values()))
    told = ", ".join(f"{_share(n / total)} {name}" for name, n in counts.items() if n)
    line = f"Input: {total} numbers, {told} (see them with: tocsin show)"
    if unsure := len(sourced.uncertain):
        line += f"; of {unsure} it is said what else they may be (tocsin sweep --uncertain morris)"
    return line


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "under 1%"


SETTINGS = ("replications", "until", "seed", "horizon", "warmup", "start", "workers", "name", "closures")
"""Choices of the person who runs a study, which need no source; so are the roads that are closed in it."""


def is_number(value: object) -> bool:
    """Whether a value of the config is a number, with or without a unit, or a list of numbers."""
    if isinstance(value, list):
        return bool(value) and all(is_number(item) for item in value)
    if isinstance(value, bool) or value is None:
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit())
