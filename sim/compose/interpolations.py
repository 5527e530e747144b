"""Which values of a config depend on others, by Hydra's ``${...}``."""

import re
from collections.abc import Iterator
from typing import Any

from sim.config.provenance import Path

_SIMPLE = re.compile(r"\$\{\s*([A-Za-z_][\w.]*)\s*\}")


def tied(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each text with an interpolation, and what it refers to.

    That is () where it is not plain to see: of a relative, a nested, or a computed one.
    """
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        yield from tied(value, (*path, str(key)))
    if isinstance(node, str) and "${" in node:
        yield path
        yield from (tuple(name.split(".")) for name in _SIMPLE.findall(node))
        if "${" in _SIMPLE.sub("", node):
            yield ()
