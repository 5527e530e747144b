"""What a study is the result of: its config, the files it names, and the code that computes it."""

import inspect
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from sim.config.plugins import PlugIn
from sim.model.code import code_hash
from sim.sheets import find


def fingerprint(
    plain: Mapping[str, Any], plugins: Collection[type] = (), inputs: Sequence[FilePath] = ()
) -> str:
    """Return a short hash of a config, without provenance and ``workers``, and of what computes it.

    That is the files that it names, tocsin's code, the modules which define the plug-ins, and NumPy's
    version.
    """
    return digest(text_of(plain), makers(plugins, inputs))


def text_of(plain: Mapping[str, Any]) -> str:
    """Return what a fingerprint tells of a config: all of it but ``workers``, by sorted keys.

    And but for the number of replications, where a rule says ``until`` when they go on.
    """
    beside = {"workers", "replications"} if isinstance(plain.get("until"), Mapping) else {"workers"}
    told = {key: value for key, value in plain.items() if key not in beside}
    return dumps(told)


def dumps(value: Any) -> str:
    """Return a value of a config as JSON, the way fingerprints have it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def makers(plugins: Collection[type], inputs: Sequence[FilePath]) -> str:
    """Return what a fingerprint tells of that which computes a config: code, NumPy, plug-ins and files."""
    files = sorted({str(file) for plugin in plugins if (file := _source_file(plugin))})
    sources = [FilePath(file).read_text(encoding="utf-8") for file in files]
    data = [sha256(file.read_bytes()).hexdigest() for file in inputs]
    return "\n".join([code_hash(), np.__version__, *sources, *data])


def digest(text: str, makers: str) -> str:
    """Return the fingerprint of a config's text and its makers."""
    return sha256(f"{text}\n{makers}".encode()).hexdigest()[:12]


def files_of(plain: Any, plugins: Sequence[PlugIn], folders: Sequence[FilePath]) -> list[FilePath]:
    """Return the files that a config names: by the key ``file``, or as an input of a plug-in."""
    named = [found for name in _named(plain) if (found := find(name, folders))]
    inputs = [value for plugin in plugins for value in plugin.options.values() if isinstance(value, FilePath)]
    return list(dict.fromkeys(file.resolve() for file in (*named, *inputs) if file.is_file()))


def _named(node: Any) -> Iterator[str]:
    """Yield the texts under the key ``file``, in the order of the config."""
    below = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        if key == "file" and isinstance(value, str):
            yield value
        yield from _named(value)


def _source_file(plugin: type) -> str | None:
    """Return the file that defines a class; None for one typed into a notebook."""
    try:
        return inspect.getsourcefile(plugin)
    except (TypeError, OSError):
        return None
