"""A study as its folder has it."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.config import build, split
from sim.scenario import Study
from sim.study import store


def read_study(folder: Path) -> Study:
    """Return the study whose results are in a folder.

    Raises FileNotFoundError when there are none, ConfigError when their config no longer fits this version.
    """
    manifest, config = store.read_manifest(folder), store.read_config(folder)
    if (plugins := manifest.get("plugin_folder")) and plugins not in sys.path:
        sys.path.insert(0, plugins)
    folders = [store.inputs_of(folder), *(Path(each) for each in manifest.get("folders", ()))]
    study = build(config, other_types=named_types(config), folders=folders)
    return replace(study, fingerprint=manifest["fingerprint"])


def named_types(config: Mapping[str, Any]) -> list[str]:
    """Return the incident types that a config names beside those that it holds."""
    plain = split(config).plain
    by_target = [target.get("types") or () for target in (plain.get("targets") or {}).values()]
    by_parent = [kind.get("spawns") or () for kind in (plain.get("incident") or {}).values()]
    by_centre = [point.get("types") or () for point in (plain["centre"].get("separate") or {}).values()]
    by_centre.append((plain["centre"].get("duplicates") or {}).get("by_type") or ())
    named = (*by_target, *by_parent, *by_centre, plain["place"].get("rates") or ())
    return [name for names in named for name in names]
