"""Results on disk: `<name>-<fingerprint>/` with the config, a manifest, and Parquet tables.

A folder holds one study. Files are written under a temporary name and then renamed, so that none is
ever half there; rewriting a folder writes the same tables, because its name tells config and code.
"""

import json
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.config.fingerprint import code_hash
from sim.measure.tables import Table, Tables, Words
from sim.scenario import Study

SCHEMA_VERSION = 3
TABLES = ("incidents", "responses", "unmet")
OPTIONAL = ("calls", "moves")
"""Tables of every replication, and those that only some configs have, written before the others."""


def folder_of(study: Study, root: Path) -> Path:
    """Return the folder of a study's results."""
    return root / f"{study.scenario.name}-{study.fingerprint}"


def write_tables(folder: Path, replication: int, tables: Tables) -> None:
    """Write the tables of one replication."""
    for name in (*OPTIONAL, *TABLES):
        content = getattr(tables, name)
        if not content:
            continue
        columns = {key: _to_arrow(col) for key, col in content.items()}
        table = pa.table(columns)
        _atomically(table_file(folder, name, replication), partial(pq.write_table, table, compression="zstd"))


def table_file(folder: Path, table: str, replication: int) -> Path:
    """Return the Parquet file of one table of one replication."""
    return folder / table / f"{replication:05d}.parquet"


def read_tables(folder: Path, replication: int) -> Tables:
    """Read the tables of one replication back."""
    files = {name: table_file(folder, name, replication) for name in (*TABLES, *OPTIONAL)}
    there = {name: file for name, file in files.items() if name in TABLES or file.exists()}
    return Tables(**{name: _columns(pq.read_table(file)) for name, file in there.items()})


def _columns(table: pa.Table) -> Table:
    names, chunks = table.column_names, table.columns
    return {name: _from_arrow(chunk.combine_chunks()) for name, chunk in zip(names, chunks, strict=True)}


def finished(folder: Path) -> list[int]:
    """Return the replications whose tables are all there."""
    sets = [{int(file.stem) for file in (folder / name).glob("[0-9]*.parquet")} for name in TABLES]
    return sorted(set.intersection(*sets))


def write_config(folder: Path, mapping: Mapping[str, Any]) -> None:
    """Write the composed config, with its provenance, as YAML."""
    import yaml

    text = yaml.safe_dump(dict(mapping), allow_unicode=True, sort_keys=False)
    _atomically(folder / "config.yaml", lambda path: path.write_text(text, encoding="utf-8"))


def inputs_of(folder: Path) -> Path:
    """Return where results keep the files that their config names."""
    return folder / "inputs"


def keep_inputs(folder: Path, files: Sequence[str]) -> None:
    """Copy the files that a config names, so that results can be read when these are gone."""
    for file in map(Path, files):
        target = inputs_of(folder) / file.name
        if not target.exists():
            _atomically(target, partial(shutil.copyfile, file))


def write_manifest(folder: Path, study: Study, **facts: Any) -> None:
    """Write what made these results, and ``facts`` about the run."""
    libraries = ("tocsin", "simpy", "hydra-core", "numpy", "scipy", "pandas", "pyarrow")
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "name": study.scenario.name,
        "fingerprint": study.fingerprint,
        "source_hash": code_hash(),
        "seed": study.seed,
        "replications": study.replications,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in libraries},
        **facts,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    _atomically(folder / "manifest.json", lambda path: path.write_text(text, encoding="utf-8"))


def _atomically(path: Path, write: Any) -> None:
    """Have ``write`` fill a temporary file in the same folder, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _to_arrow(column: Any) -> pa.Array:
    if isinstance(column, Words):
        missing = column.codes < 0
        codes = pa.array(np.where(missing, 0, column.codes), pa.int32(), mask=missing)
        return pa.DictionaryArray.from_arrays(codes, pa.array(column.known, pa.string()))
    return pa.array(column)


def _from_arrow(column: Any) -> Any:
    if isinstance(column, pa.DictionaryArray):
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        return Words(codes, tuple(column.dictionary.to_pylist()))
    return column.to_numpy(zero_copy_only=False)


def sweep(folder: Path) -> None:
    """Remove the temporary files of processes that are gone."""
    for path in folder.rglob(".*.tmp"):
        try:
            os.kill(int(path.suffixes[-2].lstrip(".")), 0)
        except (ProcessLookupError, ValueError, IndexError):
            path.unlink(missing_ok=True)
        except PermissionError:
            continue


def read_config(folder: Path) -> dict[str, Any]:
    """Read the composed config. Raises FileNotFoundError when the folder holds no results."""
    import yaml

    config: dict[str, Any] = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    return config


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest. Raises FileNotFoundError when the folder holds no results."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest
