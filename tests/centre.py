"""Calls at given moments, for tests of the command centre: one zone, more units than it takes."""

from typing import Any

import pandas as pd
from worlds import call, world

import sim


def calls(*at: str, handling: str = "10 min", kind: str = "call") -> list[dict[str, str]]:
    """Injects of a drill, each a call at a moment such as ``07:58``."""
    return [{"at": each, "type": kind, "zone": "z", "call_handling": handling} for each in at]


def taken(injects: list[dict[str, str]], types: dict[str, Any] | None = None, **centre: Any) -> sim.Tables:
    """The tables of a drill on Monday the 3rd of January 2022."""
    mapping = world(
        horizon="7 d",
        fleet__units={"s": {"unit": 50}},
        incident=types or {"call": call("0 per hour", "1 min")},
        centre=centre,
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": injects}},
    )
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario)


def clock(moments: Any) -> list[str]:
    """Moments as times of day, "" for none."""
    return ["" if pd.isna(at) else f"{int(at // 3600) % 24:02d}:{int(at % 3600 // 60):02d}" for at in moments]
