"""The options of a study that goes on until it has said enough."""

from typing import Annotated

import typer

UntilDecided = Annotated[
    bool,
    typer.Option("--until-decided", help="As many replications as it takes to decide every target."),
]
Precision = Annotated[
    str | None,
    typer.Option(help="With --until-decided: or to know its share so well, such as 1% (half the interval)."),
]
Most = Annotated[int | None, typer.Option(min=1, help="With --until-decided: the most replications (1000).")]


def until_override(decided: bool, precision: str | None, most: int | None) -> list[str]:
    """Return the override that the options are short for. Raises BadParameter for those that stand alone."""
    told = {"precision": precision, "most": most}
    given = {name: value for name, value in told.items() if value is not None}
    if not decided:
        if given:
            raise typer.BadParameter(f"--{next(iter(given))} goes with --until-decided")
        return []
    words = [f"{name}: {_quoted(value)}" for name, value in given.items()]
    return [f"until={{{', '.join(words) or 'most: 1000'}}}"]


def _quoted(value: str | int) -> str:
    """Return a value as Hydra's grammar takes it."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "\\'") + "'"
