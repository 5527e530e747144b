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
    what = combined(range(len(types)), [1, 4], spots, palette, [1, 4, 4], SIZE_UP, [False, False, True])
    call = st.tuples(st.sampled_from([0, 1, 2, 4, 10, 20]), what)
    cards: list[Card] = []
    columns: dict[str, list[Any]] = {name: [] for name in (*ROWS, *SLOTS)}
    first_slot, now_s = [0], 0.0
    n = draw(st.integers(1, 25))
    for gap, (chosen, level, (x, y), (handling, step, *usual), other, size_up_s, mistaken) in draw(
        st.lists(call, min_size=n, max_size=n)
    ):
        now_s += 30.0 * gap
        others = types[chosen].reported_as if mistaken else ()
        told = others[0].type if others else chosen
        meaning = types[told].levels[level - 1]
        found = other if types[chosen].levels[level - 1].becomes.found[other - 1] else level
        known = chosen, level, meaning.priority, min(int(x // SIDE_M), 2)
        _add(columns, ROWS, (now_s, now_s, now_s, handling, *known, x, y, found, size_up_s, told))
        cards.append(meaning.card)
        slots = _most(types) if others else _slots(types[chosen], level, found)
        for number, kind in enumerate(slots):
            _add(columns, SLOTS, _slot(kind, usual, number * step, len(place.hospitals)))
        first_slot.append(first_slot[-1] + len(slots))
    whole = {"type", "level", "priority", "zone", "found", "kind", "hospital", "taken_for"}
    arrays = {name: np.array(column, np.int64 if name in whole else None) for name, column in columns.items()}
    distinct = tuple(dict.fromkeys(cards))
    card = np.array([distinct.index(each) for each in cards])
    return Incidents(**arrays, first_slot=np.array(first_slot), cards=distinct, card=card)


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
    "found",
    "size_up_s",
    "taken_for",
)
SLOTS = (
    "kind", "turnout_s", "noise_out", "access_s", "scene_s", "transport", "noise_hospital", "handover_s",
    "noise_home", "hospital",
)  # fmt: skip

SIZE_UP = [30.0, 60.0, 300.0]
SCENE = [0.0, 60.0, 300.0, 600.0, 1200.0]

marks = combined(
    BRIEF, [0.0, 30.0, 60.0], BRIEF, NOISE, BRIEF, SCENE, [False, True], NOISE, BRIEF, NOISE, [-1, -1, 0, 1]
)


def _slots(kind: IncidentType, level: int, found: int) -> list[int]:
    """Return the kinds of all units that an incident may come to take, those of its own level first."""
    units: list[int] = []
    for of in (level - 1, *kind.may_become(level - 1, found - 1)):
        for unit_kind, most in kind.levels[of].slots:
            units += [unit_kind] * (most - units.count(unit_kind))
    return units


def _most(types: Sequence[IncidentType]) -> list[int]:
    """Return the kinds of all units that any level of any type may come to take."""
    units: list[int] = []
    for unit_kind, most in (slot for kind in types for level in kind.levels for slot in level.slots):
        units += [unit_kind] * (most - units.count(unit_kind))
    return units


def _slot(kind: int, usual: list[Any], more_s: float, hospitals: int) -> tuple[Any, ...]:
    turnout, out, access, scene, transport, to_hospital, handover, home, given = usual
    given = given if given < hospitals else -1
    way = transport and hospitals > 0, to_hospital, handover + more_s
    return kind, turnout, out, access, scene + more_s, *way, home, given


def _add(columns: dict[str, list[Any]], names: tuple[str, ...], values: tuple[Any, ...]) -> None:
    for name, value in zip(names, values, strict=True):
        columns[name].append(value)
