"""A setting: one override of a point, and what it sets, so that it need not be parsed for every point."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from hydra.core.override_parser.types import Override, OverrideType, Quote, QuotedString

from sim.compose.overrides import PROVENANCE, is_choice, parts_of
from sim.config.provenance import Path

Label = str | int | float | bool | None

_WORD = re.compile(r"(?!(?:null|true|false|nan|inf)\Z)[A-Za-z_][A-Za-z0-9_.-]*", re.IGNORECASE)
_QUANTITY = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?: [A-Za-z0-9_/%]+)* [A-Za-z_/%][A-Za-z0-9_/%]*")
_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True, eq=False)
class Setting:
    """One override, compared by identity: ``text`` is all of it, ``key`` the part before the ``=``.

    ``chooses`` says that it chooses files of a group; ``plain``, that it gives a key which is there a value
    without any structure.
    """

    text: str
    key: str
    value: Any
    chooses: bool
    plain: bool

    @cached_property
    def name(self) -> str:
        """The key without the signs of Hydra's grammar."""
        return self.key.lstrip("+~")

    @cached_property
    def path(self) -> Path:
        """The path that it sets."""
        return parts_of(self.name)

    @property
    def label(self) -> Label:
        """The value, as text where it is a list or a mapping."""
        return self.value if isinstance(self.value, _SCALARS) else self.text.partition("=")[2]


def settings_of(parsed: Override, values: Sequence[Any], folders: Sequence[FilePath]) -> list[Setting]:
    """Return a setting of the override's key for each of some values, as Hydra's parser or YAML has them."""
    key = parsed.get_key_element()
    chooses = is_choice(key, folders) or parsed.key_or_group == "experiment"
    last = parts_of(parsed.key_or_group)[-1:]
    settable = parsed.type == OverrideType.CHANGE and not chooses and last not in {(w,) for w in _SAYING}
    found = []
    for each in values:
        value = Override._convert_value(each)
        text = key if parsed.is_delete() and value is None else f"{key}={written(each)}"
        found.append(Setting(text, key, value, chooses, settable and _is_plain(value)))
    return found


_SAYING = ("use", *PROVENANCE)
"""Last parts of keys that mean more than a value."""


def written(value: Any) -> str:
    """Return a value in Hydra's grammar, which reads it as the same value."""
    if isinstance(value, str):
        bare = _WORD.fullmatch(value) or _QUANTITY.fullmatch(value)
        return value if bare else QuotedString(value, Quote.single).with_quotes()
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{key}: {written(below)}' for key, below in value.items())}}}"
    return str(Override._get_value_element_as_str(value))


def _is_plain(value: Any) -> bool:
    """Whether a value is a scalar, or a list of them, that Hydra takes as it is."""
    if isinstance(value, list):
        return all(_is_plain(each) and not isinstance(each, list) for each in value)
    if isinstance(value, str):
        return not ({"$", "\\"} & {*value} or value == "???")
    return isinstance(value, _SCALARS)
