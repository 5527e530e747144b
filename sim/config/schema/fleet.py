"""Units, and their kinds."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import (
    Count,
    LevelName,
    Located,
    Positive,
    Sigma,
    SiteName,
    Slug,
    Strict,
    UnitKindName,
)
from sim.config.schema.roster import HoursConfig
from sim.model.distributions import Constant, Distribution
from sim.model.units import PositiveSeconds, Seconds, Share


class ModesConfig(Strict):
    """The modes of travel of a kind by urgency, as urgent where nothing else is said.

    Home it goes as routine, to hospital as it came, where nothing else is said.
    """

    urgent: str
    routine: str | None = None
    green: str | None = None
    home: str | None = None
    hospital: str | None = None


def _bare_mode(value: Any) -> Any:
    """Read a bare word as the mode of all trips."""
    return {"urgent": value} if isinstance(value, str) else value


class DutyHoursConfig(HoursConfig):
    """A shift: these hours, with a ``crew`` of so many where it is not the unit's."""

    crew: Count | None = None


class DutyConfig(Strict):
    """When a crew is on duty: ``hours`` by name.

    At other hours it is ``on_call``, and then takes so much longer to turn out; without that it is not to be
    had. Who is out at the end of a shift finishes first, and the next shift waits at the base; or hands over
    to it where the unit is, which takes ``hand_over``. A crew that has been on missions for ``max_work``
    takes a ``rest`` at its base. Each member of a shift is missing with a chance of ``absence``.
    """

    hours: Annotated[dict[str, DutyHoursConfig], Field(min_length=1)]
    on_call: PositiveSeconds | None = None
    at_end: Literal["finish", "hand_over"] = "finish"
    hand_over: Seconds | None = None
    max_work: PositiveSeconds | None = None
    rest: PositiveSeconds | None = None
    absence: Share = 0.0

    @model_validator(mode="after")
    def _both(self) -> "DutyConfig":
        if self.hand_over is not None and self.at_end != "hand_over":
            raise BelowError.at("at_end", expected="hand_over, because hand_over says how long it takes")
        if (self.max_work is None) != (self.rest is None):
            missing, other = ("rest", "max_work") if self.rest is None else ("max_work", "rest")
            raise BelowError.at(missing, expected=f"a time beside {other}")
        return self


class ServicingConfig(Strict):
    """A vehicle is serviced ``every`` so often at its base, ``lasting`` so long, when it is free."""

    every: PositiveSeconds
    lasting: PositiveSeconds

    @model_validator(mode="after")
    def _in_time(self) -> "ServicingConfig":
        if self.lasting >= self.every:
            raise BelowError.at("lasting", expected="less than the time from one servicing to the next")
        return self


class AttendanceConfig(Strict):
    """The ``share`` of calls to which a crew comes; else it is not asked ``again`` for so long."""

    share: Share
    again: PositiveSeconds


class BreakdownConfig(Strict):
    """The ``chance`` that a unit breaks down on its way; it is then out for ``repair``."""

    chance: Share
    repair: PositiveSeconds


class UnitKindConfig(Strict):
    """A kind of unit.

    Its name is a capability of it; ``capabilities`` are others. ``crew`` is how many people come with
    it, ``equipment`` what and how much it carries. ``duty`` is that of all its crews, but for those of a
    base that say another. With fewer people than ``minimum_crew`` it is not sent. One that ``holds`` the
    scene stays when its own work is done until all has come that the card asks for, so long at most.
    """

    title: str = ""
    mode: Annotated[ModesConfig, BeforeValidator(_bare_mode, json_schema_input_type=ModesConfig | str)]
    turnout: Distribution
    access: Distribution
    trip_sigma: Sigma = 0.0
    transports: bool = False
    handover: Distribution | None = None
    crew: Count = 0
    capabilities: list[str] = []
    equipment: dict[str, Positive] = {}
    duty: DutyConfig | None = None
    attendance: AttendanceConfig | None = None
    breakdown: BreakdownConfig | None = None
    minimum_crew: Count = 0
    servicing: ServicingConfig | None = None
    holds: PositiveSeconds | None = None

    @model_validator(mode="after")
    def _handover(self) -> "UnitKindConfig":
        if self.transports and self.handover is None:
            raise BelowError.at("handover", expected="the time at hospital, because it transports")
        return self


class UnitsConfig(Strict):
    """How many units of a kind stand at a base; ``crew`` where it is not the kind's."""

    count: Count
    crew: Count | None = None
    duty: DutyConfig | None = None


def _bare_count(value: Any) -> Any:
    """Read a bare number as a count."""
    return {"count": value} if not isinstance(value, dict) else value


BareOrUnits = Annotated[UnitsConfig, BeforeValidator(_bare_count, json_schema_input_type=UnitsConfig | Count)]


class StagingConfig(Located):
    """Where units gather before they go on: a ``site`` of the place, or any point."""

    site: SiteName | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "StagingConfig":
        named = (self.lat, self.lon, self.x, self.y) == (None,) * 4 if self.site else self.is_point
        if not named:
            raise ValueError("expected a site, or else a point by lat and lon, or by x and y")
        return self


def _bare_site(value: Any) -> Any:
    """Read a bare word as a site."""
    return {"site": value} if isinstance(value, str) else value


class ForceConfig(Strict):
    """Whose the units of some ``bases`` are: the city's, a neighbour's, a militia's; all others are our own.

    They come to incidents of ``from_level`` or graver; of each kind so many as the ``reserve`` stay at each
    base, as a neighbour keeps some for itself. A force takes its ``mobilisation`` until its crews begin to
    turn out. It goes to the ``staging`` point first, and on after the ``marshalling`` there. Its units leave
    a common task when that is ``out``, or once it is ``controlled`` and others stay to see to the rest.
    """

    title: str = ""
    bases: Annotated[list[SiteName], Field(min_length=1)]
    from_level: LevelName = "IV"
    reserve: Count = 0
    mobilisation: Distribution = Constant(0.0)
    staging: (
        Annotated[StagingConfig, BeforeValidator(_bare_site, json_schema_input_type=StagingConfig | SiteName)]
        | None
    ) = None
    marshalling: Distribution = Constant(0.0)
    release: Literal["controlled", "out"] = "out"


class FleetConfig(Strict):
    """Units by base and kind, and the ``forces`` that those of some bases belong to."""

    kinds: dict[str, UnitKindConfig]
    units: dict[SiteName, dict[UnitKindName, BareOrUnits]]
    forces: dict[Slug, ForceConfig] = {}
    engines_per_station: Count | None = None
    available: Literal["clearing", "in_quarters"] = "clearing"
    firefighters: Count | None = None
