"""What all sections share: strict mappings, and names that must be known."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from sim.config.problems import did_you_mean


def _known(what: str) -> AfterValidator:
    """Accept only names that the config itself declares, handed over as validation context."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(what)
        if known is not None and name not in known:
            raise ValueError(f"expected a known {what}{did_you_mean(name, known)}")
        return name

    return AfterValidator(check)


def _slug(name: str) -> str:
    """Accept only what can name a folder on every system."""
    if not re.fullmatch(r"\w[\w.-]{0,79}", name):
        raise ValueError("expected a name of at most 80 letters, digits, and . _ - after the first")
    return name


UnitKindName = Annotated[str, _known("unit kind")]
SiteName = Annotated[str, _known("station or hospital")]
TypeName = Annotated[str, _known("incident type")]
ClockName = Annotated[str, _known("clock")]
LevelName = Literal["I", "II", "III", "IV"]
ZoneKindName = Literal["built_up", "rural"]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Slug = Annotated[str, AfterValidator(_slug)]
Sigma = Annotated[float, Field(strict=True, ge=0, le=3)]
Positive = Annotated[float, Field(strict=True, gt=0, le=1e9)]


class Strict(BaseModel):
    """A mapping that accepts no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
