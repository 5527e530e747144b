"""Tables kept on disk between runs: trusted only where their checksum is right."""

import json
import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 2
"""What the names of files begin with: another number where their meaning has changed."""


def name_of(digest: str) -> str:
    """Return the name of the file of the graph with such a hash."""
    return f"{FORMAT}-{digest}.npy"


def read(file: Path, n: int) -> NDArray[Any] | None:
    """Return a table (n, n) that was kept, its pages shared by all processes that read it; else None.

    It was not, whatever is wrong with the file: it is made anew then.
    """
    try:
        told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        whole: Any = np.lib.format.open_memmap(file, mode="r")
        whole_numbers = whole.dtype in (np.uint32, np.int64)
        sound = whole.shape == (n, n) and whole_numbers and told["sha256"] == _checksum(whole)
    except Exception:
        return None
    return np.asarray(whole) if sound else None


def write(whole: NDArray[Any], file: Path) -> NDArray[Any]:
    """Write a table aside and rename it; return it as it was kept, or as it is where that fails."""
    told = json.dumps({"sha256": _checksum(whole)}).encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _aside(file, lambda out: np.save(out, whole, allow_pickle=False))
        _aside(file.with_suffix(".json"), lambda out: out.write(told))
    except OSError:
        return whole
    kept = read(file, len(whole))
    return whole if kept is None else kept


def _aside(file: Path, write_to: Callable[[IO[bytes]], object]) -> None:
    """Write a file under another name and rename it; what was written of it is removed where that fails."""
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as out:
        try:
            write_to(out)
            out.close()
            os.replace(out.name, file)
        except BaseException:
            out.close()
            Path(out.name).unlink(missing_ok=True)
            raise


def _checksum(whole: NDArray[Any]) -> str:
    return sha256(np.ascontiguousarray(whole).data).hexdigest()
