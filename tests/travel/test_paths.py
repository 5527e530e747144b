"""Shortest times and ways against an independent library, on random networks with closures."""

from itertools import pairwise
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Arc, network, paths_of

from sim.travel.roads.graph import NEVER
from sim.travel.roads.paths import Paths
from sim.travel.roads.roads import NO_WAY, ticks_of
from sim.travel.roads.way import Along, AnyWay, Nowhere, Piece, Way


@st.composite
def roads_with_chains(draw: st.DrawFn) -> tuple[int, list[Arc]]:
    """A random network whose roads are chains of several nodes, one-way, two-way, parallel, or rings."""
    junctions = draw(st.integers(2, 7))
    n, arcs = junctions, []
    for _ in range(draw(st.integers(1, 12))):
        a, b = draw(st.integers(0, junctions - 1)), draw(st.integers(0, junctions - 1))
        between = draw(st.integers(0, 3))
        way = [a, *range(n, n + between), b]
        n += between
        both = draw(st.booleans())
        for i, (u, v) in enumerate(pairwise(way)):
            arcs.append((u, v, draw(st.integers(1, 20))))
            if both and not (i and draw(st.integers(0, 9)) == 0):
                arcs.append((v, u, draw(st.integers(1, 20))))
    return n, arcs


def reference(n: int, arcs: list[Arc], closed: set[int]) -> np.ndarray:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from((u, v, {"weight": w}) for i, (u, v, w) in enumerate(arcs) if i not in closed)
    found = np.full((n, n), inf)
    for u, lengths in nx.all_pairs_dijkstra_path_length(graph):
        for v, length in lengths.items():
            found[u, v] = length
    return found


def assert_equal(paths: Paths, n: int, arcs: list[Arc], closed: set[int]) -> None:
    """Times in columns and one by one are those of the reference, and each way is as long as its time."""
    expected = reference(n, arcs, closed)
    everywhere = np.arange(n)
    touched = {u for u, v, _ in arcs if u != v} | {v for u, v, _ in arcs if u != v}
    for u in touched:
        found = paths.ticks_to(u, everywhere)
        for v in touched:
            assert found[v] == expected[u, v]
            assert paths.ticks(u, v) == (NEVER if expected[u, v] == inf else expected[u, v])
            check_way(paths, u, v, expected[u, v], arcs, closed)
        if not closed:
            back = paths.ticks_from(everywhere, u)
            assert [back[v] for v in touched] == [expected[v, u] for v in touched]


def pieces(way: AnyWay) -> list[Piece]:
    """Return all pieces of a way, the first one first."""
    assert isinstance(way, Way | Along)
    found = way.pieces(0.0)
    for piece in found:
        assert way.under_way(piece.since) == piece
    assert way.under_way(way.ticks) == found[0]
    return found[::-1]


def check_way(paths: Paths, u: int, v: int, length: float, arcs: list[Arc], closed: set[int]) -> None:
    way = paths.way(u, v)
    if length == inf or u == v:
        assert way == Nowhere(NEVER if length == inf else 0)
        return
    node, since = u, 0
    assert way.ticks == length
    for piece in pieces(way):
        assert piece.since == since
        for place in range(piece.first, piece.last):
            arc = piece.stretch.arcs[place]
            assert arc not in closed
            assert arcs[arc][:2] == (node, piece.stretch.nodes[place + 1])
            node, since = arcs[arc][1], since + arcs[arc][2]
    assert (node, since) == (v, length)


@settings(max_examples=60, deadline=None)
@given(roads_with_chains(), st.data())
def test_times_and_ways_are_those_of_networkx_whatever_is_closed(
    drawn: tuple[int, list[Arc]], data: st.DataObject
) -> None:
    n, arcs = drawn
    roads = network(n, arcs)
    for most_bytes in (1e9, 1.0):  # the whole table, and row by row
        paths = paths_of(roads, most_bytes=most_bytes)
        assert_equal(paths, n, arcs, set())
        run = paths.fresh()
        for _ in range(2):
            closed = set(data.draw(st.lists(st.integers(0, len(arcs) - 1), max_size=4)))
            run.close(closed)
            assert_equal(run, n, arcs, closed)
        assert_equal(paths, n, arcs, set())
        run.close(())
        assert_equal(run, n, arcs, set())


def test_a_closed_road_that_no_way_uses_leaves_all_rows_alone() -> None:
    paths = paths_of(network(4, [(0, 1, 5), (1, 2, 5), (0, 2, 11), (2, 3, 1), (3, 0, 1), (1, 3, 9)])).fresh()
    paths.close({2})
    assert [paths.ticks(u, v) for u, v in ((0, 2), (3, 2), (1, 0))] == [10, 11, 7]
    assert not len(paths._around)  # nothing was worked out anew


def test_a_mode_may_be_banned_from_roads() -> None:
    roads = network(4, [(0, 1, 5), (1, 2, NO_WAY), (1, 3, 7), (3, 2, 7)])
    paths = paths_of(roads)
    assert paths.ticks(0, 2) == 19
    assert paths.ticks(2, 0) == NEVER


DAY = 86400 * 2**16
WAYS_OF_DAYS = [
    (0, 1, DAY),
    (1, 0, DAY),
    (1, 2, DAY),
    (2, 1, DAY),
    (2, 0, 1),
    (2, 3, 5),
    (3, 2, 5),
    (0, 3, 9),
]


@pytest.mark.parametrize("most_bytes", [1e9, 4 * 4.0**2, 1.0])
def test_ways_may_take_days(most_bytes: float) -> None:
    """With the whole table, with a table that would not fit, and row by row."""
    paths = paths_of(network(4, WAYS_OF_DAYS), most_bytes=most_bytes)
    assert_equal(paths, 4, WAYS_OF_DAYS, set())


def test_a_detour_may_take_longer_than_any_way_with_all_roads_open() -> None:
    """A hub in the middle of a ring of 12 that takes 27 hours on its half."""
    around, n = 2**30, 13
    arcs = [(i, (i + 1) % 12, around) for i in range(12)] + [((i + 1) % 12, i, around) for i in range(12)]
    arcs += [arc for i in range(12) for arc in ((i, 12, 10), (12, i, 10))]
    paths = paths_of(network(n, arcs))
    assert paths._table.row(0).itemsize == 4
    run = paths.fresh()
    for closed in (set(range(24, 48)), set(range(24, 46)), set()):
        run.close(closed)
        assert_equal(run, n, arcs, closed)


def test_times_that_cannot_be_added_up_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="less than 4,355 years together"):
        ticks_of(np.full(3, 1e11))


def test_a_junction_may_have_hundreds_of_roads() -> None:
    """A hub with 300 spokes; going round it takes longer."""
    n = 301
    arcs = [arc for i in range(1, n) for arc in ((0, i, 10), (i, 0, 10))]
    arcs += [(i, i + 1, 15) for i in range(1, n - 1)]
    paths = paths_of(network(n, arcs))
    assert [piece.stretch.nodes for piece in pieces(paths.way(0, 290))] == [[0, 290]]
