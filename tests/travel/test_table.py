"""Shortest times kept on disk: read again, and never trusted when something is wrong with them."""

from errno import ENOSPC
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from sim.travel.roads.graph import Graph
from sim.travel.roads.table import Table, table


def ring(n: int = 40) -> Graph:
    here = np.arange(n)
    return Graph(n, here, (here + 1) % n, here + 1)


def rows(found: Table) -> np.ndarray:
    return np.array([found.row(i) for i in range(found.graph.n)])


def test_a_kept_table_is_the_same_and_not_worked_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rows(table(ring(), most_bytes=1e9, folder=tmp_path))
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".json", ".npy"]
    monkeypatch.setattr(Graph, "rows", None)
    again = rows(table(ring(), most_bytes=1e9, folder=tmp_path))
    assert (first == again).all()


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "other", "zip", "npz", "no checksum", "text"])
def test_a_corrupt_table_is_made_anew(tmp_path: Path, harm: str) -> None:
    expected = rows(table(ring(), most_bytes=1e9, folder=tmp_path))
    (file,), (told,) = tmp_path.glob("*.npy"), tmp_path.glob("*.json")
    whole = file.read_bytes()
    if harm == "flip":
        file.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    elif harm == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "other":
        np.save(file, np.zeros((3, 3), np.uint32))
    elif harm == "zip":
        file.write_bytes(b"PK\x03\x04" + bytes(60))
    elif harm == "npz":
        np.savez(file.with_suffix(".npz"), a=np.zeros(3))
        file.with_suffix(".npz").rename(file)
    elif harm == "no checksum":
        told.unlink()
    else:
        told.write_text("[]")
    for _ in range(2):
        assert (rows(table(ring(), most_bytes=1e9, folder=tmp_path)) == expected).all()
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = table(ring(), most_bytes=1e9, folder=blocked / "below")
    assert found.row(0)[3] == 6


def test_another_graph_is_not_taken_for_one_that_was_kept(tmp_path: Path) -> None:
    table(ring(), most_bytes=1e9, folder=tmp_path)
    there = Graph(40, np.arange(40), (np.arange(40) + 1) % 40, np.full(40, 5))
    assert table(there, most_bytes=1e9, folder=tmp_path).row(0)[3] == 15
    assert len(list(tmp_path.glob("*.npy"))) == 2


def test_a_full_disk_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: IO[bytes], *_: object, **__: object) -> None:
        file.write(b"x" * 1000)
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    assert table(ring(), most_bytes=1e9, folder=tmp_path).row(0)[3] == 6
    assert not list(tmp_path.iterdir())


def test_rows_are_the_same_where_the_table_is_too_large_and_few_are_kept(tmp_path: Path) -> None:
    whole = table(ring(), most_bytes=1e9, folder=None)
    some = table(ring(), most_bytes=2 * 8 * 40 * 3, folder=tmp_path)
    assert (rows(whole) == rows(some)).all()
    assert len(some._rows) == 3
    assert not list(tmp_path.iterdir())
