"""Tables on disk: an Arrow file a replication while a study runs, a Parquet file a table once it is done.

A part is quickly written; a Parquet file is small and quickly read. Files are written under a temporary name
and then renamed, so that none is ever half there. ``tables.json`` says which replications the Parquet files
hold, and is written after them: without it they are what an interrupted try has left.
"""

import errno
import json
import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.measure.columns import Table, Words
from sim.measure.dictionary import DICTIONARY
from sim.measure.tables import Tables

TABLES = tuple(DICTIONARY)
"""The tables of a replication; those after ``unmet`` only where a config has any."""

PARTS, INDEX = "parts", "tables.json"
ROWS = 1 << 17
"""Rows of a Parquet row group, at least: whole replications."""


class DiskError(OSError):
    """Results cannot be written."""


def damaged(folder: Path) -> DiskError:
    """Return what to raise where tables cannot be read."""
    told = "its tables are damaged; remove the folder to have it done again"
    return DiskError(errno.EIO, told, str(folder))


Raw = dict[str, pa.Table]
"""The tables of a replication by their names, as Arrow has them, with a column ``replication``."""


def write_part(folder: Path, replication: int, tables: Tables) -> None:
    """Write the tables of one replication."""

    def write(path: Path) -> None:
        with pa.OSFile(str(path), "wb") as file:
            for name in TABLES:
                if content := getattr(tables, name):
                    table = _to_arrow(content, replication).replace_schema_metadata({"table": name})
                    with pa.ipc.new_stream(file, table.schema) as stream:
                        stream.write_table(table)

    atomically(folder / PARTS / f"{replication:06d}.arrow", write)


def finished(folder: Path) -> list[int]:
    """Return the replications whose tables are there."""
    return sorted({*_index(folder)["replications"], *_parts(folder)})


def read_all(folder: Path) -> Iterator[tuple[int, Tables]]:
    """Yield each replication that is there, in order, with its tables; few are in memory at a time."""
    for replication, raw in _read(folder):
        yield replication, Tables(**{name: _from_arrow(table) for name, table in raw.items()})


def gathered(folder: Path, table: str) -> Path | None:
    """Return the Parquet file of a table, None where there is none yet."""
    return folder / f"{table}.parquet" if table in _index(folder)["rows"] else None


def ungathered(folder: Path, table: str) -> pa.Table | None:
    """Return a table of the replications that are in no Parquet file yet; None for none."""
    read = (_read_part(path) for _, path in sorted(_parts(folder).items()))
    found = [raw[table] for raw in read if table in raw]
    return pa.concat_tables(found).unify_dictionaries() if found else None


def wait_for(folder: Path, replications: Collection[int], within_s: float = 90.0) -> None:
    """Wait until replications are seen that workers elsewhere have written. Raises DiskError.

    A network file system may show a new file to another machine as late as a minute afterwards.
    """
    begun = time.monotonic()
    while missing := set(replications) - set(finished(folder)):
        if time.monotonic() - begun > within_s:
            told = f"{len(missing)} replications are written, but not seen on {machine()}"
            raise DiskError(errno.ESTALE, told, str(folder / PARTS))
        time.sleep(0.5)


def drop_from(folder: Path, first: int) -> None:
    """Remove the parts of a replication and those after it, which were begun and then not needed."""
    for replication, path in _parts(folder).items():
        if replication >= first:
            path.unlink(missing_ok=True)


def compact(folder: Path) -> None:
    """Gather all that is there in one Parquet file a table, in order, and drop the parts."""
    parts = _parts(folder)
    if not parts:
        return
    index: dict[str, Any] = {"replications": [], "rows": {}}
    files = _Files(folder)
    try:
        for replication, raw in _read(folder):
            index["replications"].append(replication)
            for name, table in raw.items():
                index["rows"].setdefault(name, []).append(table.num_rows)
                files.add(name, table)
        files.close()
    finally:
        files.clean_up()
    text = json.dumps(index)
    atomically(folder / INDEX, lambda path: path.write_text(text, encoding="utf-8"))
    for path in parts.values():
        path.unlink()
    with suppress(OSError):  # a worker of a run that was killed may still have written there
        (folder / PARTS).rmdir()


class _Files:
    """Parquet files that are written table by table, whole replications to a row group."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, list[pa.Table]] = {}
        self._rows: Counter[str] = Counter()
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, table: pa.Table) -> None:
        self._waiting.setdefault(name, []).append(table)
        self._rows[name] += table.num_rows
        if self._rows[name] >= ROWS:
            self._write(name)

    def close(self) -> None:
        """Write what still waits, and give the files their names."""
        for name in self._waiting:
            self._write(name)
            self._writers[name].close()
        for name in self._writers:
            self._temporary(name).replace(self._folder / f"{name}.parquet")

    def clean_up(self) -> None:
        for name, writer in self._writers.items():
            writer.close()
            self._temporary(name).unlink(missing_ok=True)

    def _write(self, name: str) -> None:
        if waiting := self._waiting[name]:
            table = pa.concat_tables(waiting).unify_dictionaries().combine_chunks()
            if name not in self._writers:
                target, schema = self._temporary(name), _described(name, table.schema)
                self._writers[name] = pq.ParquetWriter(target, schema, compression="zstd")
            table = table.cast(self._writers[name].schema)
            self._writers[name].write_table(table, row_group_size=max(1, table.num_rows))
            waiting.clear()
            self._rows[name] = 0

    def _temporary(self, name: str) -> Path:
        return temporary(self._folder / f"{name}.parquet")


def _described(name: str, schema: pa.Schema) -> pa.Schema:
    """Return the schema of a table with what each column means, for those who open the file elsewhere."""
    meanings = DICTIONARY[name].columns
    return pa.schema([each.with_metadata({"description": meanings[each.name]}) for each in schema])


def _read(folder: Path) -> Iterator[tuple[int, Raw]]:
    """Yield each replication that is there, in order."""
    index, parts = _index(folder), _parts(folder)
    rows: Mapping[str, Sequence[int]] = index["rows"]
    kept = {name: _slices(folder / f"{name}.parquet", counts) for name, counts in rows.items()}
    for replication in sorted({*index["replications"], *parts}):
        if replication in index["replications"]:
            yield replication, {name: next(tables) for name, tables in kept.items()}
        else:
            yield replication, _read_part(parts[replication])


def _slices(path: Path, counts: Sequence[int]) -> Iterator[pa.Table]:
    """Yield a Parquet file's rows, so many at a time."""
    with pq.ParquetFile(path) as file:
        group, at, table = 0, 0, None
        for count in counts:
            while count and (table is None or at == table.num_rows):
                table, group, at = file.read_row_group(group), group + 1, 0
            if table is None:
                table = file.read_row_group(0).slice(0, 0) if file.num_row_groups else file.read()
            yield table.slice(at, count)
            at += count


def _read_part(path: Path) -> Raw:
    found: Raw = {}
    with pa.memory_map(str(path)) as file:
        while file.tell() < file.size():
            table = pa.ipc.open_stream(file).read_all()
            found[table.schema.metadata[b"table"].decode()] = table.replace_schema_metadata(None)
    return found


def _index(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"replications": [], "rows": {}}
    except ValueError:
        raise damaged(folder) from None
    return found


def _parts(folder: Path) -> dict[int, Path]:
    """Return the parts by replication, but for those that were gathered already."""
    kept = set(_index(folder)["replications"])
    found = {int(path.stem): path for path in (folder / PARTS).glob("[0-9]*.arrow")}
    return {replication: path for replication, path in found.items() if replication not in kept}


def temporary(path: Path) -> Path:
    """Return the name under which this process writes a file before it gets its own."""
    return path.with_name(f".{path.name}.{os.getpid()}@{machine()}.tmp")


def machine() -> str:
    """Return the name of this machine, without dots."""
    return platform.node().partition(".")[0]


def atomically(path: Path, write: Callable[[Path], Any]) -> None:
    """Have ``write`` fill a temporary file in the same folder, then rename it. Raises DiskError."""
    aside = temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(aside)
        aside.replace(path)
    except OSError as error:
        raise DiskError(error.errno, f"cannot write results: {error.strerror}", str(path)) from None
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _to_arrow(content: Table, replication: int) -> pa.Table:
    columns = {name: _column(column) for name, column in content.items()}
    rows = len(next(iter(columns.values())))
    return pa.table({"replication": _array(np.full(rows, replication, np.int32)), **columns})


def _column(column: Any) -> pa.Array:
    if isinstance(column, Words):
        missing = column.codes < 0
        codes = _array(np.where(missing, 0, column.codes).astype(np.int32), missing)
        return pa.DictionaryArray.from_arrays(codes, _strings(column.known))
    return _array(np.asarray(column))


def _strings(words: Sequence[str]) -> pa.Array:
    """Return words as Arrow has them, see ``_array``."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))


def _array(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return numbers or truth values as Arrow has them; pyarrow.array would import pandas for it."""
    bits = values.dtype == np.bool_
    data = np.packbits(values, bitorder="little") if bits else np.ascontiguousarray(values)
    valid = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(data)])


def _from_arrow(table: pa.Table) -> Table:
    columns = zip(table.column_names, table.columns, strict=True)
    return {name: _plain(chunk.combine_chunks()) for name, chunk in columns if name != "replication"}


def _plain(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    if isinstance(column, pa.DictionaryArray):
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        return Words(codes, tuple(column.dictionary.to_pylist()))
    return column.to_numpy(zero_copy_only=False)
