"""Rows of times keep within the memory that they are given, and no more are worked out than are needed."""

import numpy as np
import pytest
from networks import network, paths_of

from sim.travel.roads.graph import NEVER, Graph
from sim.travel.roads.paths import Paths
from sim.travel.roads.rows import Rows

SIDE = 20
N = SIDE * SIDE


def lattice() -> list[tuple[int, int, int]]:
    rng = np.random.default_rng(1)
    pairs = [(i * SIDE + j, (i + 1) * SIDE + j) for i in range(SIDE - 1) for j in range(SIDE)]
    pairs += [(i * SIDE + j, i * SIDE + j + 1) for i in range(SIDE) for j in range(SIDE - 1)]
    return [(a, b, int(rng.integers(1, 9) * 1000)) for u, v in pairs for a, b in ((u, v), (v, u))]


ARCS = lattice()
MIDDLE = {i for i, (u, _, _) in enumerate(ARCS) if 5 <= u // SIDE < 10 and 5 <= u % SIDE < 10}


def paths(most_bytes: float) -> Paths:
    return paths_of(network(N, ARCS), most_bytes=most_bytes)


def held(run: Paths) -> int:
    """Return the bytes of all rows that paths keep."""
    return sum(row.nbytes for rows in (run._table._rows, run._around) for row in rows._kept.values())


def test_those_used_least_recently_go_first() -> None:
    asked: list[int] = []

    def work_out(junction: int) -> np.ndarray:
        asked.append(junction)
        return np.full(5, junction)

    rows = Rows(work_out, 3)
    for junction in (1, 2, 3, 1):
        assert rows.row(junction)[0] == junction
    assert sorted(rows.at_hand) == [1, 2, 3]
    for junction in (4, 1, 3, 2):
        assert rows.row(junction)[0] == junction
    assert asked == [1, 2, 3, 4, 2]
    assert not rows.at_hand
    assert len(rows) == 3


@pytest.mark.parametrize("most_bytes", [100_000.0, 4.0 * N * N + 100_000.0])
def test_memory_is_a_limit(most_bytes: float) -> None:
    base = paths(most_bytes)
    for _ in range(2):
        run = base.fresh()
        for closed in (set(), MIDDLE):
            run.close(closed)
            for u in range(N):
                way = run.way(u, (u + 7) % N)
                assert way.ticks == NEVER or way.spot(1.0)
                whole = base._table._whole
                assert held(run) <= most_bytes - (0 if whole is None else whole.nbytes)


def test_row_by_row_a_closure_costs_a_row_for_each_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    run, whole = paths(100_000.0).fresh(), paths(1e9).fresh()
    searched: list[int] = []
    real = Graph.rows
    for each in (run, whole):
        each.close(MIDDLE)
    monkeypatch.setattr(Graph, "rows", lambda self, some: searched.extend(some) or real(self, some))
    found = [(run.ticks(u, N - 5), run.way(u, N - 5).ticks) for u in range(5, N, 40)]
    assert len(searched) == len(found)
    assert [ticks for ticks, _ in found] == [whole.ticks(u, N - 5) for u in range(5, N, 40)]
