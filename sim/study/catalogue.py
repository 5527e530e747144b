"""All studies below a folder of results: what there is, and SQL over the tables of any of them."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.model.code import code_hash
from sim.model.hints import did_you_mean
from sim.study import store
from sim.study import tables as stored

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from sim.study.swept import SweepResults


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
        return "killed" if told == "running" and not store.is_claimed(self.path) else told

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
        """All studies, the latest first."""
        found = [Entry(path.parent, json.loads(path.read_text("utf-8"))) for path in self._manifests()]
        return sorted(found, key=lambda entry: str(entry.manifest.get("written", "")), reverse=True)

    def _manifests(self) -> Iterator[Path]:
        yield from self.root.glob("*/manifest.json")

    @cached_property
    def sweeps(self) -> "dict[str, SweepResults]":
        """The sweeps, by the names of their folders."""
        from sim.study.swept import FILE, load_sweep

        return {path.parent.name: load_sweep(path.parent) for path in sorted(self.root.glob(f"*/{FILE}"))}

    def sweep(self, name: str) -> "SweepResults | None":
        """Return the sweep that the name of its folder, the start of its hash, or its path means."""
        called = Path(name).name
        named = (found for each, found in self.sweeps.items() if called in (each, each.rpartition("-")[2]))
        hashed = (found for each, found in self.sweeps.items() if each.rpartition("-")[2].startswith(called))
        return next(named, None) or next(hashed, None)

    def all_of(self, name: str) -> list[Entry]:
        """Return the studies of a sweep, or the one that a name means. Raises UnknownStudyError for none."""
        found = self.sweep(name)
        if found is None:
            return [self.find(name)]
        mine = {point.study for point in found.points}
        return [entry for entry in self.entries if entry.path.name in mine]

    def find(self, name: str) -> Entry:
        """Return the study that a name, the start of its hash, or a path means.

        Of several of one name it is the latest. Raises UnknownStudyError for none.
        """
        by_path = [entry for entry in self.entries if entry.path.resolve() == Path(name).resolve()]
        named = [entry for entry in self.entries if name in (entry.path.name, entry.manifest.get("name"))]
        hashed = [entry for entry in self.entries if str(entry.manifest["fingerprint"]).startswith(name)]
        for found in (by_path, named, hashed):
            if found:
                return found[0]
        known = [entry.path.name for entry in self.entries]
        raise UnknownStudyError(f"no study {name!r} below {self.root}{did_you_mean(name, known)}")

    def clean(self, entries: Sequence[Entry]) -> None:
        """Remove studies for good. Raises BusyError, before anything is removed, where one is running."""
        if running := [entry.path.name for entry in entries if store.is_claimed(entry.path)]:
            raise store.BusyError(f"running: {', '.join(running)}")
        for entry in entries:
            shutil.rmtree(entry.path)


def ask(sql: str, entries: Sequence[Entry]) -> "pd.DataFrame":
    """Return what SQL finds in the tables of some studies; see ``connect``. Raises QueryError."""
    import duckdb
    import pandas as pd

    try:
        found = connect(entries).sql(sql)
        frame: pd.DataFrame = pd.DataFrame() if found is None else found.df()
    except duckdb.Error as error:
        raise QueryError(str(error)) from None
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


def export(entry: Entry, folder: Path) -> Iterator[Path]:
    """Write the tables of a study as CSV files to a folder, and yield each file."""
    connection = connect([entry])
    folder.mkdir(parents=True, exist_ok=True)
    for table in _views(connection):
        connection.table(table).write_csv(str(folder / f"{table}.csv"))
        yield folder / f"{table}.csv"


def connect(entries: Sequence[Entry]) -> "duckdb.DuckDBPyConnection":
    """Return a DuckDB connection with a view of each table over some studies.

    The views ``incidents``, ``responses``, ``unmet``, ``calls`` and ``moves`` have a column ``study``, the
    name of its folder, and ``replication``; ``studies`` has a row a study. Of a study that runs, or was
    interrupted, what is there by now.
    """
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
