"""What holds for any command centre; and a second exchange, written with queues and events, as a witness."""

from collections import deque
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import call, world

import sim
from sim.demand.callers import Callers, Moods, callers
from sim.engine.run import draw
from sim.measure.tables import frame
from sim.rng import Streams

HOURS = 40.0
FACTS = ("wait", "came_s", "answered_s", "ended_s")
laws = st.sampled_from(["30 s", "4 min", {"dist": "exponential", "mean": "3 min"}])
staff = st.integers(1, 3)
DAY, NIGHT = {"count": 3, "start": "7 h", "end": "19 h"}, {"count": 1, "start": "19 h", "end": "7 h"}
WEEKEND = {"count": 1, "start": "22 h", "end": "3 h", "days": ["weekends"]}
rosters = st.sampled_from([{"day": DAY, "night": NIGHT}, {"all": {"count": 1}, "more": WEEKEND}])


@st.composite
def worlds(draw: st.DrawFn, staff: Any = staff) -> dict[str, Any]:
    """A random centre of one to three numbers, for two types of incident."""
    names = ["police", "fire", "medical"][: draw(st.integers(1, 3))]
    nuisance = st.none() | st.builds(lambda law: {"rate": "6 per hour", "handling": law}, laws)

    def point(i: int) -> dict[str, Any]:
        others = [name for name in names if name != names[i]]
        shares = draw(st.sampled_from([0, 20, 50])) if others else 0
        own = {"call_takers": draw(staff), "pick_up": draw(st.sampled_from(["0 s", "10 s"]))}
        own |= {"types": [names[i]]} if i else {}
        return own | {"misdialled": dict.fromkeys(others, f"{shares} %"), "nuisance": draw(nuisance)}

    centre: dict[str, Any] = {"separate": {name: point(i) for i, name in enumerate(names)}}
    centre["transfer"] = draw(laws)
    if draw(st.booleans()):
        centre["hang_up"] = {"patience": draw(laws), "redial": draw(laws)}
    if draw(st.booleans()):
        centre["duplicates"] = {"mean": 1.5, "delay": draw(laws), "handling": draw(laws)}
    handling = {"dist": "exponential", "mean": f"{draw(st.sampled_from([1, 5]))} min"}
    types = {name: call("5 per hour", "1 s", handling=handling) for name in ("fire", "medical")}
    return world(horizon=f"{HOURS} h", incident=types, centre=centre)


def run(mapping: dict[str, Any]) -> tuple[sim.Scenario, pd.DataFrame, pd.DataFrame]:
    with suppress(sim.ConfigError):  # too few call-takers for callers who dial again without end
        return _run(sim.build(mapping).scenario)
    mapping["centre"].pop("hang_up")
    return _run(sim.build(mapping).scenario)


def _run(scenario: sim.Scenario) -> tuple[sim.Scenario, pd.DataFrame, pd.DataFrame]:
    tables = sim.tabulate(sim.simulate(scenario, seed=7), scenario)
    return scenario, tables.frames()[0], frame(tables.calls)


every_centre = settings(max_examples=40, deadline=None)


@every_centre
@given(worlds(staff | rosters))
def test_no_taker_does_two_calls_at_once_and_each_number_answers_in_order(mapping: dict[str, Any]) -> None:
    scenario, _, told = run(mapping)
    answered = told[told.answered_s.notna()]
    for point in scenario.centre.points:
        here = answered[answered.centre == point.name].sort_values(["came_s", "answered_s"], kind="stable")
        assert (np.diff(here.answered_s) >= 0).all()
        assert (here.answered_s >= here.came_s + point.pick_up_s).all()
        for _, mine in here.groupby("taker"):
            begun = mine.answered_s.to_numpy() - point.pick_up_s
            done = mine.ended_s.fillna(scenario.horizon_s).to_numpy()
            assert (done[:-1] <= begun[1:] + 1e-6).all()


@every_centre
@given(worlds(staff | rosters))
def test_no_caller_is_lost_and_every_incident_is_classified_once(mapping: dict[str, Any]) -> None:
    scenario, incidents, told = run(mapping)
    known = incidents[incidents.reported_s.notna()]
    firsts = told[told.caller == "first"]
    assert sorted(firsts.incident[firsts.wait == 1].astype(int)) == sorted(known.incident)
    for row, mine in firsts.groupby("incident"):
        fates = mine.sort_values("wait").fate.astype(str).tolist()
        assert set(fates[:-1]) <= {"hung up", "transferred"}
        assert fates.count("transferred") <= 1
        redialled = fates[-1] in ("hung up", "transferred")
        last = mine.sort_values("wait").ended_s.iloc[-1]
        assert not redialled or np.isnan(last) or last <= scenario.horizon_s
        assert incidents.hang_ups[row] >= fates.count("hung up")
    heard = told[told.fate == "handled"].dropna(subset=["incident"])
    first_heard = heard.groupby("incident").answered_s.min()
    classified = known.classified_s.dropna()
    assert set(classified.index) <= set(first_heard.index.astype(int))
    spans = classified - first_heard.reindex(classified.index)
    x = draw(scenario, 7, 0)
    assert np.allclose(spans, x.handling_s[classified.index])
    picked = told.dropna(subset=["incident"]).groupby("incident").answered_s.min().dropna()
    assert np.array_equal(picked, known.answered_s.dropna())
    others = told[told.caller != "first"]
    assert (others.wait <= 2).all()
    assert int((told.wait == 1).sum()) == len(known) + int((others.wait == 1).sum())
    assert incidents.duplicates.sum() == ((told.caller == "duplicate") & (told.wait == 1)).sum()


def witnessed(who: Callers, scenario: sim.Scenario, handling_s: np.ndarray) -> list[tuple[float, ...]]:
    """The same calls through waiting lines, one event after the other, without looking ahead.

    Who comes to a number in the same moment as others comes in the order of having come to the one before;
    who dials for the first time comes ahead of them. Returns (kind, number, wait, came, answered or nothing,
    ended) of each wait that is over.
    """
    points, horizon_s = scenario.centre.points, scenario.horizon_s
    moods = Moods(scenario.centre.hang_up, Streams(7, 0).below("centre")) if scenario.centre.hang_up else None
    turn, met, events, told, heard = count(), count(len(who)), [], [], set()
    lines: list[deque[Any]] = [deque() for _ in points]
    free = [point.call_takers for point in points]

    def mood(what: str, i: int, wait: int) -> float:
        return moods.of(what, int(who.kind[i]), int(who.number[i]), wait) if moods else float("inf")

    def serve(at: int, now_s: float) -> None:
        while free[at] and lines[at]:
            i, wait, came_s, rank = lines[at].popleft()
            free[at] -= 1
            answered_s = now_s + points[at].pick_up_s
            if at != who.point[i]:
                end_s = answered_s + who.transfer_s[i]
                heappush(events, (end_s, 1, rank, "come", (i, wait + 1, int(who.point[i]))))
            else:
                row = int(who.incident[i])
                own = row >= 0 and row not in heard
                heard.add(row)
                end_s = answered_s + (handling_s[row] if own else who.handling_s[i])
            heappush(events, (end_s, 0, next(turn), "done", at))
            told.append((who.kind[i], who.number[i], wait, came_s, answered_s, end_s))

    for i in range(len(who)):
        heappush(events, (float(who.came_s[i]), 1, i, "come", (i, 1, int(who.dialled[i]))))
    while events and events[0][0] < horizon_s:
        now_s, _, _, what, about = heappop(events)
        if what == "done":
            free[about] += 1
            serve(about, now_s)
        elif what == "come":
            i, wait, at = about
            mine = (i, wait, now_s, next(met))
            lines[at].append(mine)
            serve(at, now_s)
            if mine in lines[at]:
                heappush(events, (now_s + mood("patience", i, wait), 2, next(turn), "tired", (at, mine)))
        elif about[1] in lines[about[0]]:
            at, (i, wait, came_s, rank) = about
            lines[at].remove((i, wait, came_s, rank))
            told.append((who.kind[i], who.number[i], wait, came_s, float("nan"), now_s))
            if who.kind[i] == 0:
                redial_s = now_s + mood("redial", i, wait)
                heappush(events, (redial_s, 1, rank, "come", (i, wait + 1, at)))
    return told


@every_centre
@given(worlds())
def test_a_plain_loop_of_events_with_waiting_lines_says_the_same(mapping: dict[str, Any]) -> None:
    scenario, _, told = run(mapping)
    x, streams = draw(scenario, 7, 0), Streams(7, 0).below("centre")
    who = callers(x, scenario.centre, scenario.types, streams, scenario.horizon_s)
    theirs = np.array(witnessed(who, scenario, x.handling_s)).reshape(-1, 6)
    theirs[theirs[:, 5] >= scenario.horizon_s, 5] = np.nan
    theirs = theirs[(theirs[:, 4] < scenario.horizon_s) | ~np.isnan(theirs[:, 5])]
    ours = told[told.fate != "waiting"]
    ours = np.stack([ours.caller.cat.codes, *(ours[name] for name in FACTS)], axis=1)
    theirs = np.delete(theirs, 1, axis=1)
    ours, theirs = (each[np.lexsort(each.T[::-1])] for each in (ours, theirs))
    assert np.allclose(ours, theirs, rtol=0, atol=1e-6, equal_nan=True)
