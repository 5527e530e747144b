"""What an experiment says."""

from typing import Annotated

from pydantic import Field

from sim.config.schema.base import Strict


class ExperimentConfig(Strict):
    """A question: overrides that belong together, in Hydra's grammar."""

    title: str = ""
    overrides: Annotated[list[str], Field(examples=[["fleet.kinds.engine.turnout.median=60 s"]])]
