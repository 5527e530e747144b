"""What a study is the result of: its config, the files it names, and the code that computes it."""

import ast
import inspect
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from sim.config.plugins import PlugIn
from sim.config.problems import ConfigError, Problem, short
from sim.model.code import code_hash
from sim.sheets import find

_PACKAGE = FilePath(__file__).parents[1]

_FIRST: WeakKeyDictionary[type, dict[FilePath, str]] = WeakKeyDictionary()
"""The hashes of plug-ins' files when this process first used them."""


def fingerprint(
    plain: Mapping[str, Any], plugins: Collection[type] = (), inputs: Sequence[FilePath] = ()
) -> str:
    """Return a short hash of a config, without provenance and ``workers``, and of what computes it.

    That is the files that it names, tocsin's code, the modules which define the plug-ins and those beside
    them that they import, and NumPy's version.
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
    """Return what a fingerprint tells of that which computes a config: code, NumPy, plug-ins and files.

    Raises ConfigError for a plug-in whose code has changed since this process imported it.
    """
    marks: dict[FilePath, str] = {}
    for plugin in plugins:
        if (file := _source_file(plugin)) is not None:
            own = {found: _hash(found) for found in sources_of(file)}
            _refuse_changed(plugin, own)
            marks |= own
    data = [*(marks[file] for file in sorted(marks)), *map(_hash, inputs)]
    return "\n".join([code_hash(), np.__version__, *data])


def _hash(file: FilePath) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _refuse_changed(plugin: type, marks: Mapping[FilePath, str]) -> None:
    """Raise ConfigError where files are others than when this process first used the class they make."""
    first = _FIRST.setdefault(plugin, dict(marks))
    if changed := [file for file, mark in marks.items() if first.setdefault(file, mark) != mark]:
        expected = "a new Python process, or notebook kernel: this one has imported it as it was before"
        raise ConfigError([Problem((), f"{short(file)}, which has changed", expected) for file in changed])


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


def sources_of(file: FilePath) -> set[FilePath]:
    """Return a module's file, and those that it imports, and they, from beside it or its package.

    Of a package that is installed it is the module alone: what else it imports may be all that is.
    """
    if "site-packages" in file.parts:
        return {file}
    top = next(folder for folder in file.parents if not (folder / "__init__.py").exists())
    found: set[FilePath] = set()
    waiting = [file]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            paths = [folder / name for name in _imported(each) for folder in {top, each.parent}]
            files = [file for path in paths for file in (path.with_suffix(".py"), path / "__init__.py")]
            waiting += [file for file in files if file.is_file()]
    return found


def _imported(file: FilePath) -> Iterator[str]:
    """Yield what a module may import, as paths: of ``from a.b import c`` a, a/b and a/b/c."""
    with suppress(SyntaxError, ValueError):  # of a file that cannot be imported either
        yield from _names(ast.parse(file.read_bytes()))


def _names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        dotted = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        for name in dotted:
            within = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
            parts = f"{within}{name}".split(".")
            yield from ("/".join(parts[:n]) for n in range(1, len(parts) + 1))


def _source_file(plugin: type) -> FilePath | None:
    """Return the file that defines a class; None for tocsin's own, and for one typed into a notebook."""
    try:
        file = FilePath(inspect.getsourcefile(plugin) or "").absolute()
    except (TypeError, OSError):
        return None
    return file if file.is_file() and not file.is_relative_to(_PACKAGE) else None
