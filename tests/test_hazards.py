"""Every shipped type of incident happens where its sites are, is answered, and ends."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from places.everywhere import LENGTH_KM, LINES, SITES, everywhere

import sim
from sim.compose import choices
from sim.config import split
from sim.config.provenance import CONFIDENCES
from sim.model.rates import Rate
from sim.report.text import is_number
from sim.rng import Streams
from sim.scenario import Scenario

TYPES = choices("incident")["incident"]
YEAR_S = 365 * 86400.0
FOREST_M2, LAND_M2 = 8 * 5 * 4e6, 1600e6


@cache
def composed() -> dict[str, Any]:
    everything = f"incident=[{','.join(TYPES)}]"
    return everywhere(everything, "demand=cascade", "weather=shandong", "horizon=730 d")


def plain_types() -> dict[str, Any]:
    types: dict[str, Any] = split(composed()).plain["incident"]
    return types


CHILDREN = {parent: set(each.get("spawns", {})) for parent, each in plain_types().items()}
RATED = [name for name, each in plain_types().items() if "rate" in each]


def with_offspring(name: str) -> set[str]:
    found: set[str] = set()
    new = {name}
    while new:
        found |= new
        new = set().union(*(CHILDREN[each] for each in new)) - found
    return found


def only(name: str, rate: str, **changes: Any) -> dict[str, Any]:
    """The county with one type at this rate for the whole place, and what it sets off.

    Every day is like any other, so that the number is Poisson.
    """
    mapping = composed()
    kept = {each: dict(mapping["incident"][each]) for each in TYPES if each in with_offspring(name)}
    kept[name].pop("overdispersion", None)
    for each in kept.keys() - {name}:
        kept[each].pop("rate", None)
    return {
        **mapping,
        "incident": kept,
        "weather": {},
        "place": {**mapping["place"], "rates": {name: rate}},
        **changes,
    }


def happened(mapping: dict[str, Any]) -> tuple[Scenario, pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping, other_types=TYPES).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario, seed=1), scenario).frames()
    return scenario, incidents, responses


@pytest.mark.parametrize("name", RATED)
def test_a_type_happens_is_answered_and_ends(name: str) -> None:
    scenario, incidents, responses = happened(only(name, "40 per year"))
    mine = incidents[incidents.type == name]
    assert 40 < len(mine) < 130
    settled = mine[mine.reported_s < scenario.horizon_s - 30 * 86400]
    assert (settled.units_needed > 0).all()
    assert (settled.units_sent > 0).mean() > 0.97
    assert settled.out_s.notna().mean() > 0.97
    assert (settled.arrived_s.dropna() >= settled.reported_s[settled.arrived_s.notna()]).all()
    kind = next(each for each in scenario.types if each.name == name)
    if any(level.task for level in kind.levels):
        assert settled.controlled_s.notna().mean() > 0.97
        assert settled.escaped.mean() < 0.1
        ended = settled.dropna(subset=["controlled_s"])
        assert (ended.out_s.fillna(np.inf) >= ended.controlled_s).all()
    assert set(responses.kind) <= {each.name for each in scenario.fleet.kinds}


@pytest.mark.parametrize("name", [name for name in RATED if CHILDREN[name]])
def test_children_have_the_parents_that_spawn_them(name: str) -> None:
    _, incidents, _ = happened(only(name, "300 per year"))
    children = incidents[incidents.parent.notna()]
    assert len(children)
    parents = incidents.loc[children.parent.astype(int)]
    for child, parent in set(zip(children.type, parents.type, strict=True)):
        assert child in CHILDREN[parent]
    assert (children.occurred_s.to_numpy() >= parents.occurred_s.to_numpy()).all()
    strangers = incidents[incidents.parent.isna()]
    assert set(strangers.type) == {name}
    if name == "earthquake":
        assert CHILDREN[name] <= set(children.type)
        assert not any(parents.type[children.type.to_numpy() == "aftershock"] == "aftershock")


def extent(where: dict[str, Any], rate: Rate) -> float:
    """What a rate is to be multiplied with in the county, counted by hand."""
    place = composed()["place"]
    zones = where.get("zones", ["built_up", "rural", "forest"])
    return {
        "person": float(sum(z["people"] for z in place["zones"].values() if z["kind"] in zones)),
        "area": FOREST_M2 if zones == ["forest"] else LAND_M2 - FOREST_M2 * ("forest" not in zones),
        "site": float(sum(SITES.get(kind, 0) for kind in where.get("sites", []))),
        "length": 1000 * LENGTH_KM * sum(kind in LINES for kind in where.get("along", [])),
        "place": 1.0,
    }[rate.per]


def test_expected_numbers_are_rate_times_extent() -> None:
    scenario = sim.build(composed(), other_types=TYPES).scenario
    for kind in scenario.types:
        written = plain_types()[kind.name]
        if "rate" not in written:
            assert kind.rate_per_s == 0
            continue
        rate = Rate.parse(written["rate"])
        assert kind.rate_per_s == pytest.approx(rate.value * extent(written.get("where", {}), rate))
        assert kind.rate_per_s > 0, kind.name


@pytest.mark.parametrize(
    ("name", "season"),
    [
        ("forest_fire", (11, 12, 1, 2, 3, 4, 5)),
        ("flood", (6, 7, 8, 9)),
        ("waterlogging", (6, 7, 8, 9)),
        ("landslide", (6, 7, 8, 9)),
        ("heating_outage", (11, 12, 1, 2, 3)),
    ],
)
def test_season_and_weather_keep_the_yearly_mean(name: str, season: tuple[int, ...]) -> None:
    """Within four standard errors over years, which weather makes very unlike each other."""
    years = 200
    mapping = only(name, "40 per year", horizon=f"{365 * years} d", weather=composed()["weather"])
    scenario = sim.build(mapping, other_types=TYPES).scenario
    born = scenario.sources[0][1].incidents(Streams(1, 0), horizon_s=years * YEAR_S)
    by_year = np.bincount((born.occurred_s // YEAR_S).astype(int), minlength=years)
    error = by_year.std(ddof=1) / np.sqrt(years)
    assert abs(by_year.mean() - 40) <= 4 * error < 0.2 * 40
    months = scenario.calendar.months(born.occurred_s) + 1
    assert np.isin(months, season).mean() > 0.8


def test_an_earthquake_shakes_as_the_laws_say() -> None:
    """Joyner & Boore (1981) at magnitude 6.5, 10 km away, worked out by hand; GB/T 17742-2020 of it."""
    kinds = {kind.name: kind for kind in sim.build(composed(), other_types=TYPES).scenario.types}
    for name in ("earthquake", "aftershock"):
        law = kinds[name].shaking
        assert law is not None
        pga_g = law.pga_g(np.array(6.5), np.array(10_000.0), np.array(0.0))
        assert pga_g == pytest.approx(0.2979, rel=1e-3)
        assert law.intensity(pga_g) == pytest.approx(8.07, abs=0.01)
        assert law.sigma == 0.26


def test_aftershocks_are_as_many_as_reasenberg_and_jones_foresee() -> None:
    """10^(-1.67 + 0.91 x 2) times the integral of (t + 0.05)^-1.08 over a year, for magnitude 6 over 4."""
    kinds = {kind.name: kind for kind in sim.build(composed(), other_types=TYPES).scenario.types}
    names = list(kinds)
    law = dict(kinds["earthquake"].spawns)[names.index("aftershock")]
    days = np.linspace(0, 365, 4_000_001)
    rate = (days + 0.05) ** -1.08
    integral = ((rate[1:] + rate[:-1]) / 2 * np.diff(days)).sum()
    assert law.expected(6.0) == pytest.approx(10**0.15 * integral, rel=1e-3)  # type: ignore[attr-defined]
    magnitudes = kinds["aftershock"].magnitudes
    assert magnitudes is not None
    assert magnitudes.least == law.least  # type: ignore[attr-defined]


def test_forest_fires_are_as_large_as_in_china() -> None:
    """Some 10 ha on average, most contained within hours and out within a day, few escaped."""
    _, fires, _ = happened(only("forest_fire", "30 per year", horizon="7300 d"))
    fires = fires[fires.out_s.notna()]
    assert 3 < fires.burnt_m2.mean() / 1e4 < 30
    assert ((fires.controlled_s - fires.reported_s) / 3600).median() < 4
    assert ((fires.out_s - fires.reported_s) < 86400).mean() > 0.95
    assert fires.escaped.mean() < 0.03


@pytest.mark.parametrize("section", [("incident", name) for name in TYPES] + [("weather", "kinds")])
def test_every_number_says_how_sure_it_is(section: tuple[str, str]) -> None:
    group, name = section
    provenance = {key: composed()[group].get(key) for key in ("confidence", "source") if group == "weather"}
    sourced = split({group: {**provenance, name: composed()[group][name]}})
    for path, value in sourced.leaves().items():
        if is_number(value):
            said = sourced.of(path)
            assert said.confidence in CONFIDENCES, path
            assert said.source or said.confidence == "assumed", path
