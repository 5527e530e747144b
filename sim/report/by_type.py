"""The table of incident types: how often, how soon somebody is there, and what never came."""

from rich.console import Group, RenderableType
from rich.text import Text

from sim.measure.by_type import TypeSummary
from sim.model.units import YEAR_S, duration
from sim.report.cells import percent, table_of
from sim.study.results import Results

TELLING = 0.001
"""A share of unmet cards below this is told as a number alone: the run cuts a few short at its end."""


def type_table(results: Results) -> RenderableType:
    """Return the table, with the incidents of a year where the run is that long."""
    scenario = results.study.scenario
    whole_years = scenario.horizon_s - scenario.warmup_s >= YEAR_S
    yearly = ["\nA year"] if whole_years else []
    first, whole = ("First unit\nmedian", "\n9 in 10"), ("Whole card\nmedian", "\n9 in 10")
    table = table_of("\nType", "\nn", *yearly, *first, *whole, "\nCard unmet")
    table.columns[0].no_wrap = False
    for each in results.by_type:
        table.add_row(Text(each.title), *_cells(each, whole_years))
    parts: list[RenderableType] = [Text("By type of incident: from the report until on scene", "bold"), table]
    if any(each.unmet > TELLING * each.n for each in results.by_type):
        parts.append(Text("Times are over those that were reached by the horizon.", "dim"))
    return Group(*parts)


def _cells(each: TypeSummary, whole_years: bool) -> list[str]:
    """Return the numbers of a row."""
    rate = f"{each.per_year:,.0f}" if each.per_year >= 100 else f"{each.per_year:.3g}"
    times = (each.first_median_s, each.first_p90_s, each.whole_median_s, each.whole_p90_s)
    share = f" ({percent(each.unmet / each.n)})" if each.unmet > TELLING * each.n else ""
    return [f"{each.n:,}", *([rate] if whole_years else []), *map(duration, times), f"{each.unmet:,}{share}"]
