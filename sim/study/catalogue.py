"""All studies below a folder of results: what there is, and SQL over the tables of any of them."""

import errno
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.model.code import code_hash
from sim.model.hints import did_you_mean
from sim.study import store
from sim.study import tables as stored

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from sim.study.swept import SweepResults

_LOG = logging.getLogger("tocsin")

Read = TypeVar("Read")
Named = TypeVar("Named", "Entry", "SweepResults", "Entry | SweepResults")

MOST_TOLD = 4
"""As many studies are named where a name may mean any of them."""


class UnknownStudyError(LookupError):
    """There is no such study, or there are several."""


class QueryError(ValueError):
    """SQL that DuckDB does not understand, or cannot carry out."""


@dataclass(frozen=True)
class Entry:
    """A study on disk, by its manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def state(self) -> str:
        """How it ended: complete, incomplete (some failed), interrupted, failed; or running, or killed."""
        told = str(self.manifest.get("state", ""))
        if told != "running" or store.is_claimed(self.path):
            return told
        since = str(_entry(self.path / "manifest.json").manifest.get("state", ""))  # it may have ended
        return "killed" if since == "running" else since

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called: its folder, its name, its hash."""
        return self.path.name, str(self.manifest.get("name")), str(self.manifest.get("fingerprint"))

    @property
    def finished(self) -> int:
        """How many replications are there."""
        return len(self.manifest.get("finished", ()) or stored.finished(self.path))

    @property
    def replications(self) -> int:
        """How many were asked for."""
        return int(self.manifest.get("replications", 0))

    @property
    def stale(self) -> bool:
        """Whether another version of the code made it."""
        return self.manifest.get("source_hash") != code_hash()


@dataclass(frozen=True)
class Catalogue:
    """The studies below ``root``."""

    root: Path

    @cached_property
    def entries(self) -> list[Entry]:
        """All studies that can be read, the latest first."""
        found = [entry for path in self.root.glob("*/manifest.json") if (entry := _readable(_entry, path))]
        return sorted(found, key=lambda entry: str(entry.manifest.get("written", "")), reverse=True)

    @cached_property
    def sweeps(self) -> "dict[str, SweepResults]":
        """The sweeps that can be read, by the names of their folders."""
        from sim.study.swept import FILE, load_sweep

        files = sorted(self.root.glob(f"*/{FILE}"))
        found = [sweep for path in files if (sweep := _readable(lambda each: load_sweep(each.parent), path))]
        return {sweep.path.name: sweep for sweep in found}

    def sweep(self, name: str) -> "SweepResults | None":
        """Return the sweep that a name means, None for none; see ``meant``."""
        return _meant(name, list(self.sweeps.values()))

    def meant(self, name: str) -> "Entry | SweepResults":
        """Return the study or the sweep that a name, the start of its hash, or its folder means.

        Of several of one name it is the latest. Raises UnknownStudyError for none, and for several hashes
        that start so.
        """
        known: list[Entry | SweepResults] = [*self.entries, *self.sweeps.values()]
        if (found := _meant(name, known)) is None:
            raise self._unknown(name)
        return found

    def find(self, name: str) -> Entry:
        """Return the study that a name means; see ``meant``."""
        if (found := _meant(name, self.entries)) is None:
            raise self._unknown(name)
        return found

    def all_of(self, name: str) -> list[Entry]:
        """Return the studies of a sweep, or the one that a name means; see ``meant``."""
        found = self.meant(name)
        if isinstance(found, Entry):
            return [found]
        mine = {point.study for point in found.points}
        return [entry for entry in self.entries if entry.path.name in mine]

    def _unknown(self, name: str) -> UnknownStudyError:
        known = [entry.path.name for entry in self.entries]
        return UnknownStudyError(f"no study {name!r} below {self.root}{did_you_mean(name, known)}")

    def clean(self, entries: Sequence[Entry]) -> None:
        """Remove studies for good, and sweeps of which nothing is left then.

        Raises BusyError, before anything is removed, where one is running.
        """
        if running := [entry.path.name for entry in entries if store.is_claimed(entry.path)]:
            raise store.BusyError(f"running: {', '.join(running)}")
        for entry in entries:
            shutil.rmtree(entry.path)
        gone = {entry.path.name for entry in entries}
        for each in self.sweeps.values():
            mine = {point.study for point in each.points if point.study}
            if mine & gone and not any((self.root / study).exists() for study in mine):
                shutil.rmtree(each.path)


def _entry(path: Path) -> Entry:
    manifest = json.loads(path.read_text("utf-8"))
    manifest["fingerprint"]
    return Entry(path.parent, manifest)


def _readable(read: Callable[[Path], Read], path: Path) -> Read | None:
    """Return what is read of a file; None, with a warning, for one that is damaged, or not ours."""
    try:
        return read(path)
    except (OSError, ValueError, LookupError, TypeError) as error:
        _LOG.warning("tocsin: %s is left out: it is damaged, or of another program (%r)", path, error)
        return None


def _meant(name: str, known: "Sequence[Named]") -> "Named | None":
    """Return the first that is in a folder, or has a name; else the only one whose hash starts so."""
    for each in known:
        if each.path.resolve() == Path(name).resolve():
            return each
    for each in known:
        if name in each.names:
            return each
    hashed = [each for each in known if name and each.names[-1].startswith(name)]
    if len(hashed) > 1:
        told = ", ".join(sorted(each.path.name for each in hashed)[:MOST_TOLD])
        raise UnknownStudyError(f"{name!r} starts the hashes of {told}; expected more of one of them")
    return hashed[0] if hashed else None


def ask(sql: str, entries: Sequence[Entry]) -> "pd.DataFrame":
    """Return what SQL finds in the tables of some studies; see ``connect``. Raises QueryError."""
    import pandas as pd

    if not sql.strip(" \n\t;"):
        raise QueryError("expected SQL, such as SELECT count(*) FROM incidents")
    if not entries:
        raise QueryError("no studies to query yet; try: tocsin run")
    with _asking():
        found = connect(entries).sql(sql)
        frame: pd.DataFrame = pd.DataFrame() if found is None else found.df()
    return frame


def relation(entry: Entry, table: str) -> "duckdb.DuckDBPyRelation":
    """Return a table of a study, lazily; see ``Results.lazy``. Raises ValueError where it has none."""
    connection = connect([entry])
    there = _views(connection)
    if table not in there:
        raise ValueError(f"{entry.path.name} has no table {table!r}{did_you_mean(table, there)}")
    return connection.table(table)


def _views(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """Return the tables that there are, in the order of the data dictionary."""
    known = {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    return [name for name in stored.TABLES if name in known]


@contextmanager
def _asking() -> Iterator[None]:
    """Raise QueryError for what DuckDB says."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise QueryError(str(error)) from None


def export(entry: Entry, folder: Path) -> Iterator[Path]:
    """Write the tables of a study as CSV files to a folder, and yield each file.

    Raises DiskError where they cannot be written.
    """
    with _asking():
        connection = connect([entry])
        there = _views(connection)
    for table in there:
        file = folder / f"{table}.csv"
        stored.atomically(file, partial(_write_csv, connection.table(table)))
        yield file


def _write_csv(table: "duckdb.DuckDBPyRelation", file: Path) -> None:
    import duckdb

    try:
        table.write_csv(str(file))
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error)) from None


def connect(entries: Sequence[Entry]) -> "duckdb.DuckDBPyConnection":
    """Return a DuckDB connection with a view of each table over some studies.

    The views ``incidents``, ``responses``, ``unmet``, ``calls`` and ``moves`` have a column ``study``, the
    name of its folder, and ``replication``; ``studies`` has a row a study. Of a study that runs, or was
    interrupted, what is there by now.
    """
    try:
        return _connect(entries)
    except FileNotFoundError:  # a run that gathers its tables just now takes parts away that were there
        return _connect(entries)


def _connect(entries: Sequence[Entry]) -> "duckdb.DuckDBPyConnection":
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    _view_of_studies(connection, entries)
    for name in stored.TABLES:
        parts = [_source(connection, entry, name) for entry in entries]
        if known := [part for part in parts if part]:
            connection.execute(f"CREATE VIEW {name} AS {' UNION ALL BY NAME '.join(known)}")
    return connection


def _view_of_studies(connection: Any, entries: Sequence[Entry]) -> None:
    import pyarrow as pa

    rows = [
        {
            "study": entry.path.name,
            "name": entry.manifest.get("name"),
            "seed": entry.manifest.get("seed"),
            "replications": entry.replications,
            "finished": entry.finished,
            "state": entry.state,
            "written": entry.manifest.get("written"),
            **{f"label_{key}": str(value) for key, value in entry.manifest.get("labels", {}).items()},
        }
        for entry in entries
    ]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    connection.register("studies", pa.table({key: [row.get(key) for row in rows] for key in keys}))


def _source(connection: Any, entry: Entry, table: str) -> str:
    """Return a SELECT of one table of one study; nothing where it has none."""
    label = entry.path.name.replace("'", "''")
    chosen = []
    if (file := stored.gathered(entry.path, table)) is not None:
        path = str(file).replace("'", "''")
        chosen.append(f"SELECT '{label}' AS study, * FROM read_parquet('{path}')")
    if (parts := stored.ungathered(entry.path, table)) is not None:
        name = f"parts_{abs(hash((entry.path, table)))}"
        connection.register(name, parts)
        chosen.append(f"SELECT '{label}' AS study, * FROM {name}")
    return " UNION ALL BY NAME ".join(chosen)
