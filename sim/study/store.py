"""Results on disk: `<name>-<fingerprint>/` with the config, a manifest, the inputs, and tables.

A folder holds one study; its name tells config and code, so that what is there need not be done again.
"""

import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from sim.model.code import code_hash
from sim.sheets import find
from sim.study.tables import DiskError, atomically, machine
from sim.study.tasks import Failure, Task

if TYPE_CHECKING:
    from sim.scenario import Study

SCHEMA_VERSION = 4
FAILURES = "failures.jsonl"

LOOK_S = 0.2
"""Who only looks whether a folder is claimed has its lock for less than this."""


class SchemaError(ValueError):
    """Results that another version of tocsin wrote in another way."""


def folder_of(study: "Study", root: Path) -> Path:
    """Return the folder of a study's results."""
    return root / f"{study.scenario.name}-{study.fingerprint}"


def write_config(folder: Path, mapping: Mapping[str, Any]) -> None:
    """Write the composed config, with its provenance, as YAML."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # six times as quick, where PyYAML has it
    text: str = yaml.dump(dict(mapping), Dumper=dumper, allow_unicode=True, sort_keys=False)
    atomically(folder / "config.yaml", lambda path: path.write_text(text, encoding="utf-8"))


def inputs_of(folder: Path) -> Path:
    """Return where results keep the files that their config names."""
    return folder / "inputs"


def keep_inputs(folder: Path, study: "Study") -> None:
    """Copy the files that a config names, to the same names, so that results can be read without them."""
    if not study.files:
        return
    from sim.config import split  # all that builds studies, which those who list them do without

    above = [Path(each) for each in study.folders]
    texts = _texts(split(study.config).plain)
    named = {found.resolve(): text for text in texts if (found := find(text, above))}
    for file in map(Path, study.files):
        name = Path(named.get(file, file.name))
        target = inputs_of(folder) / (file.name if name.is_absolute() or ".." in name.parts else name)
        if not target.exists():
            atomically(target, partial(shutil.copyfile, file))


def _texts(node: Any) -> Iterator[str]:
    """Yield all texts of a config."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping | list):
        for below in node.values() if isinstance(node, Mapping) else node:
            yield from _texts(below)


def write_manifest(folder: Path, study: "Study", **facts: Any) -> None:
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
    atomically(folder / "manifest.json", lambda path: path.write_text(text, encoding="utf-8"))


def sweep(folder: Path) -> None:
    """Remove the temporary files of processes that are gone, or were on other machines."""
    for path in folder.rglob(".*.tmp"):
        if not _is_written(path):
            path.unlink(missing_ok=True)


def _is_written(temporary: Path) -> bool:
    """Whether the process that a temporary file is named after is here, and still there."""
    process, _, elsewhere = temporary.suffixes[-2].lstrip(".").partition("@")
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        pass
    return elsewhere == machine()


class BusyError(OSError):
    """Another run writes to the folder."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep a folder of results to this run, however that ends.

    Raises BusyError while another has it, DiskError where nobody can write.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=LOOK_S, poll_interval=LOOK_S / 20)
    except Timeout:
        raise BusyError(f"another run is writing {folder}; wait for it, or stop it first") from None
    except OSError as error:
        raise DiskError(error.errno, f"cannot write results: {error.strerror}", str(folder)) from None
    try:
        yield
    finally:
        lock.release()


def is_claimed(folder: Path) -> bool:
    """Whether a run writes to a folder now."""
    if not (folder / ".lock").exists():
        return False
    try:
        with FileLock(folder / ".lock", timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def write_failures(folder: Path, failures: Sequence[Failure]) -> None:
    """Write a line of JSON for each task that failed; no file for none."""
    path = folder / FAILURES
    told = [{**failure.task._asdict(), **failure._asdict()} for failure in failures]
    lines = [json.dumps({key: each[key] for key in each if key != "task"}) for each in told]
    if lines:
        atomically(path, lambda aside: aside.write_text("\n".join([*lines, ""]), encoding="utf-8"))
    else:
        path.unlink(missing_ok=True)


def read_failures(folder: Path) -> list[Failure]:
    """Read the tasks that failed."""
    path = folder / FAILURES
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    told = map(json.loads, lines)
    return [Failure(Task(each.pop("folder"), each.pop("replication")), **each) for each in told]


def read_config(folder: Path) -> dict[str, Any]:
    """Read the composed config. Raises FileNotFoundError when the folder holds no results."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # eight times as quick, where PyYAML has it
    config: dict[str, Any] = yaml.load((folder / "config.yaml").read_text(encoding="utf-8"), Loader=loader)
    return config


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest.

    Raises FileNotFoundError when the folder holds no results, SchemaError when another version wrote them.
    """
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if (found := manifest.get("schema_version")) != SCHEMA_VERSION:
        raise SchemaError(f"{folder}: results of schema {found}, and this tocsin reads {SCHEMA_VERSION}")
    return manifest
