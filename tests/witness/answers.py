"""What the witness and the product say, side by side."""

from collections.abc import Iterator
from math import inf, isnan, nan
from typing import Any

import numpy as np
from witness.loop import World
from witness.nouns import Case, Mission

import sim
from sim.model.log import CAUSES
from sim.model.targets import UNIT_CLOCKS

PLAIN = ("incident", "slot", "from_base", "expected_s", "nearest_s")
MOMENTS = tuple(f"{clock}_s" for clock in UNIT_CLOCKS)

Row = dict[str, Any]


def of_witness(world: World) -> tuple[list[Row], list[Row]]:
    """Return a row for each incident, and one for each mission, by incident and order of assignment."""
    missions = sorted(world.missions, key=_order)
    return [_case(world, case) for case in world.cases], [_mission(world, each) for each in missions]


def _order(mission: Mission) -> tuple[int, float, int, int]:
    return mission.case.row, mission.moments["assigned"], mission.slot, mission.car.index


def _mission(world: World, mission: Mission) -> Row:
    moments = {f"{clock}_s": mission.moments.get(clock, nan) for clock in UNIT_CLOCKS}
    return {
        "incident": mission.case.row,
        "slot": mission.slot - int(world.incidents.first_slot[mission.case.row]),
        "unit": mission.car.index,
        "cause": mission.cause,
        "from_base": mission.from_base,
        "hospital": -1 if mission.hospital is None else mission.hospital,
        "expected_s": mission.expected_s,
        "nearest_s": mission.nearest_s,
        **moments,
    }


def _case(world: World, case: Case) -> Row:
    came = [mission for mission in case.missions if not mission.cause]
    lacking = {r: case.lacking(r) for r in case.lacks}
    complete = case.heard and not lacking and not case.turned_away

    def first(clock: str) -> float:
        return min((m.moments[clock] for m in case.missions if clock in m.moments), default=nan)

    def last(clock: str) -> float:
        told = [m.moments.get(clock, inf) for m in came]
        return max(told, default=nan) if complete and inf not in told else nan

    horizon_s = world.scenario.horizon_s
    return {
        "answered_s": case.answered_s if case.answered_s < horizon_s else nan,
        "classified_s": case.classified_s if case.classified_s < horizon_s else nan,
        **{f"{clock}_s": first(clock) for clock in ("assigned", "notified", "enroute", "arrived")},
        "assembled_s": last("arrived"),
        "out_s": last("left_scene"),
        "cleared_s": last("cleared"),
        "units_sent": len(came),
        "waiting": lacking,
        "turned away": case.turned_away,
        "cut_off": case.cut_off,
        "found_level": 0 if isnan(case.found_s) else case.taken_for,
        "found_s": case.found_s,
    }


def of_product(scenario: sim.Scenario) -> tuple[list[Row], list[Row]]:
    """Return the same of sim.simulate and sim.tabulate."""
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    return list(_product_cases(tables, scenario)), sorted(_product_missions(tables), key=_product_order)


def _product_order(row: Row) -> tuple[Any, ...]:
    return row["incident"], row["assigned_s"], row["slot"], row["unit"]


def _product_missions(tables: sim.Tables) -> Iterator[Row]:
    found = tables.responses
    unit, cause, hospital = (found[name].codes.tolist() for name in ("unit", "cause", "hospital"))
    for i in range(len(unit)):
        plain = {name: found[name][i].item() for name in (*PLAIN, *MOMENTS)}
        yield plain | {
            "unit": unit[i],
            "cause": CAUSES[cause[i]] if cause[i] >= 0 else "",
            "hospital": hospital[i],
        }


def _product_cases(tables: sim.Tables, scenario: sim.Scenario) -> Iterator[Row]:
    found, unmet, known = tables.incidents, tables.unmet, scenario.fleet.resources
    fates: dict[int, dict[str, dict[int, float]]] = {}
    for i, row in enumerate(unmet["incident"].tolist()):
        name = unmet["resource"].known[unmet["resource"].codes[i]]
        measure = unmet["measure"].known[unmet["measure"].codes[i]]
        resource = next(r for r, each in enumerate(known) if each == (name, measure))
        fate = unmet["fate"].known[unmet["fate"].codes[i]]
        fates.setdefault(row, {}).setdefault(fate, {})[resource] = unmet["amount"][i].item()
    names = (
        "answered",
        "classified",
        "assigned",
        "notified",
        "enroute",
        "arrived",
        "assembled",
        "out",
        "cleared",
    )
    for i in range(len(found["answered_s"])):
        mine = fates.get(i, {})
        yield {
            **{f"{name}_s": found[f"{name}_s"][i].item() for name in names},
            "units_sent": found["units_sent"][i].item(),
            "waiting": mine.get("waiting", {}),
            "turned away": mine.get("turned away", {}),
            "cut_off": bool(found["cut_off"][i]),
            "found_level": int(found["found_level"].codes[i]) + 1,
            "found_s": found["found_s"][i].item(),
        }


def differences(product: list[Row], witness: list[Row], what: str) -> Iterator[str]:
    """Yield where the two disagree, in words."""
    if len(product) != len(witness):
        yield f"{len(product)} {what} by the product, {len(witness)} by the witness"
    for i, (one, other) in enumerate(zip(product, witness, strict=False)):
        for name in one:
            if not same(one[name], other[name]):
                yield f"{what} {i}: {name} {one[name]} by the product, {other[name]} by the witness"


def same(one: Any, other: Any) -> bool:
    """Whether two values agree; moments in seconds to 1e-6."""
    if isinstance(one, float):
        return bool(np.isclose(one, other, rtol=0, atol=1e-6, equal_nan=True))
    return bool(one == other)
