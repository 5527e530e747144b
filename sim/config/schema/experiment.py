"""What an experiment says: one study, or a sweep over many."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from sim.config.schema.base import Strict
from sim.config.schema.uncertain import Over


class DesignConfig(Strict):
    """Points spread evenly over a space of many keys, where a grid would take too many.

    A Latin hypercube has each of ``points`` equal slices of every key's range exactly once; Sobol's
    sequence fills the space evenly, best with a power of two. Two more kinds tell what each of k keys does,
    and have further points for each of their ``points``: Morris's k, which differ from it in one key by half
    of its range; Saltelli's k + 1, for Sobol indices. The same ``seed`` gives the same points.
    """

    kind: Literal["latin_hypercube", "sobol", "morris", "saltelli"]
    points: Annotated[int, Field(strict=True, ge=1, le=100_000, description="how many points")]
    seed: Annotated[int, Field(strict=True, ge=0, description="which of all such designs")] = 1
    over: Annotated[
        dict[str, Over] | None,
        Field(
            min_length=1,
            description="what each key may be; by default all numbers that are said to be uncertain",
            examples=[{"fleet.kinds.engine.turnout.median": {"from": "60 s", "to": "90 s"}}],
        ),
    ] = None

    @property
    def keys(self) -> list[str]:
        """The keys that it spreads over, as far as it names them."""
        return list(self.over or ())


_PARTS = ("overrides", "grid", "points", "design")


class ExperimentConfig(Strict):
    """A question: overrides that belong together, in Hydra's grammar, and what to sweep beside them.

    What is swept is a ``grid`` (every combination, the last key fastest), ``points`` (one by one) or a
    ``design``; with several of them, every combination of theirs, in this order.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in _PARTS]})

    title: Annotated[str, Field(description="the question in a line")] = ""
    overrides: Annotated[
        list[str],
        Field(
            description="what holds at every point",
            examples=[["fleet.kinds.engine.turnout.median=60 s"]],
        ),
    ] = []
    grid: Annotated[
        dict[str, Annotated[list[Any], Field(min_length=1)] | str],
        Field(
            description="the values of each key: a list, or a sweep of Hydra's such as range(1,6)",
            examples=[{"fleet.engines_per_station": [2, 3, 4], "seed": "range(1,4)"}],
        ),
    ] = {}
    points: Annotated[
        list[Annotated[dict[str, Any], Field(min_length=1)]],
        Field(
            description="the points one by one, each a mapping of keys to values",
            examples=[[{"seed": 1, "horizon": "30 d"}, {"seed": 2, "horizon": "60 d"}]],
        ),
    ] = []
    design: Annotated[
        DesignConfig | None, Field(description="points spread evenly over many keys' ranges")
    ] = None

    @property
    def swept(self) -> list[str]:
        """The keys that it sweeps, in order; none where it is one study."""
        rows = [key for row in self.points for key in row]
        over = (self.design.keys or ["what is uncertain"]) if self.design else []
        return list(dict.fromkeys([*self.grid, *rows, *over]))

    @model_validator(mode="after")
    def _says_something(self) -> "ExperimentConfig":
        if not (self.model_fields_set - {"title"}):
            raise ValueError("expected overrides, grid, points or design")
        return self
