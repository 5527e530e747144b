"""Random incidents with all their marks, in whole numbers, so that there are ties."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.model.incidents import Incidents
from sim.model.place import Place
from sim.model.resources import Card, Fleet
from sim.model.types import IncidentType

SIDE_M = 1000
"""All zones are squares in a row of this side."""


def combined(*choices: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One of each of some choices, drawn as one number, which is quicker than one by one."""

    def chosen(number: int) -> tuple[Any, ...]:
        found = []
        for options in choices:
            number, i = divmod(number, len(options))
            found.append(options[i])
        return tuple(found)

    return st.integers(0, prod(map(len, choices)) - 1).map(chosen)


HUNDREDS = [100.0 * i for i in range(31)]
NOISE = [1.0, 1.0, 0.5, 1.5]
BRIEF = [0.0, 0.0, 30.0, 60.0, 90.0]

spot = combined(HUNDREDS, HUNDREDS[:11])


@st.composite
def calls(draw: st.DrawFn, place: Place, fleet: Fleet, types: tuple[IncidentType, ...]) -> Incidents:
    """One to 25 incidents in order of report, often at one moment."""
    palette = draw(st.lists(marks, min_size=1, max_size=4))
    spots = draw(st.lists(spot, min_size=1, max_size=6))
    call = st.tuples(
        st.sampled_from([0, 1, 2, 4, 10, 20]), combined(range(len(types)), [1, 4], spots, palette)
    )
    cards: list[Card] = []
    columns: dict[str, list[Any]] = {name: [] for name in (*ROWS, *SLOTS)}
    first_slot, now_s = [0], 0.0
    n = draw(st.integers(1, 25))
    for gap, (chosen, level, (x, y), (handling, step, *usual)) in draw(
        st.lists(call, min_size=n, max_size=n)
    ):
        now_s += 30.0 * gap
        meaning = types[chosen].levels[level - 1]
        row = (now_s, now_s, now_s, handling, chosen, level, meaning.priority, min(int(x // SIDE_M), 2), x, y)
        _add(columns, ROWS, row)
        cards.append(meaning.card)
        slots = [kind for kind, n in fleet.slots(meaning.card) for _ in range(n)]
        for number, kind in enumerate(slots):
            _add(columns, SLOTS, _slot(kind, usual, number * step, len(place.hospitals)))
        first_slot.append(first_slot[-1] + len(slots))
    whole = {"type", "level", "priority", "zone", "kind", "hospital"}
    arrays = {name: np.array(column, np.int64 if name in whole else None) for name, column in columns.items()}
    known = tuple(dict.fromkeys(cards))
    return Incidents(
        **arrays, first_slot=np.array(first_slot), cards=known, card=np.array([known.index(c) for c in cards])
    )


ROWS = (
    "occurred_s",
    "detected_s",
    "reported_s",
    "handling_s",
    "type",
    "level",
    "priority",
    "zone",
    "x_m",
    "y_m",
)
SLOTS = (
    "kind", "turnout_s", "noise_out", "access_s", "scene_s", "transport", "noise_hospital", "handover_s",
    "noise_home", "hospital",
)  # fmt: skip

SCENE = [0.0, 60.0, 300.0, 600.0, 1200.0]

marks = combined(
    BRIEF, [0.0, 30.0, 60.0], BRIEF, NOISE, BRIEF, SCENE, [False, True], NOISE, BRIEF, NOISE, [-1, -1, 0, 1]
)


def _slot(kind: int, usual: list[Any], more_s: float, hospitals: int) -> tuple[Any, ...]:
    turnout, out, access, scene, transport, to_hospital, handover, home, given = usual
    given = given if given < hospitals else -1
    way = transport and hospitals > 0, to_hospital, handover + more_s
    return kind, turnout, out, access, scene + more_s, *way, home, given


def _add(columns: dict[str, list[Any]], names: tuple[str, ...], values: tuple[Any, ...]) -> None:
    for name, value in zip(names, values, strict=True):
        columns[name].append(value)
