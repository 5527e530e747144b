"""The options that say where tasks are done."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sim.study.backends import Backend

Name = StrEnum("Name", ["local", "serial", "dask", "ray", "slurm"])


def _seconds(text: str) -> float:
    from sim.model.units import TIME, Unit

    try:
        return Unit("a duration", "10 min", TIME, positive=True).parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


LENGTH: dict[str, Any] = {"parser": _seconds, "metavar": "DURATION"}
PANEL = "Where it runs (the results are the same everywhere)"


def _option(help: str, **more: Any) -> Any:
    return typer.Option(help=help, rich_help_panel=PANEL, show_default=False, **more)


def _options(
    backend: Annotated[
        Name | None,
        _option(
            "Processes of this machine (local; the key workers says how many), one (serial), or a cluster."
        ),
    ] = None,
    address: Annotated[
        str | None, _option("The scheduler of dask, such as tcp://127.0.0.1:8786, or the head of ray.")
    ] = None,
    time_limit: Annotated[
        float | None,
        _option('The longest that a replication may take, such as "10 min".', **LENGTH),
    ] = None,
    retries: Annotated[
        int | None, _option("How often a replication that fails is tried again; else once.", min=0)
    ] = None,
    partition: Annotated[str | None, _option("The partition of slurm.")] = None,
    job_time: Annotated[
        float | None,
        _option('The longest that a job of slurm may take; else "1 h".', **LENGTH),
    ] = None,
    chunk: Annotated[int | None, _option("Replications to a job of slurm; else 20.", min=1)] = None,
    sbatch: Annotated[
        list[str] | None,
        _option(
            "What else slurm is to be told, such as account=me; as often as need be.", metavar="KEY=VALUE"
        ),
    ] = None,
) -> None:
    """Have the options of every command that runs tasks."""


OPTIONS = inspect.signature(_options).parameters
FIELDS = {"time_limit": "time_limit_s", "job_time": "job_time_s"}
"""What an option is called in Python, where that is not its own name."""

Make = Callable[[int | None], "Backend | None"]
"""Makes a backend for a study's number of workers; None where the study chooses itself."""


def runs_tasks(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say where tasks are done, as its one argument ``backend``."""
    own = [each for name, each in inspect.signature(command).parameters.items() if name != "backend"]

    @wraps(command)
    def with_options(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in OPTIONS}
        command(**given, backend=_maker(**chosen))

    parameters = [*own, *OPTIONS.values()]
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def _maker(backend: Name | None, **options: Any) -> Make:
    """Return what makes the backend that the options choose. Raises BadParameter for one it does not take."""
    from sim.study.backends import BACKENDS

    given = {name: value for name, value in options.items() if value not in (None, [])}
    if backend is None and not given:
        return lambda workers: None
    name = backend or Name.local
    kind = BACKENDS[name]
    taken = {each.name for each in fields(kind)}
    for option in given:
        if FIELDS.get(option, option) not in taken:
            raise typer.BadParameter(f"--backend {name} does not take it", param_hint=_spelt(option))
    settings = {FIELDS.get(option, option): value for option, value in given.items()}
    if "workers" not in taken:
        return lambda workers: kind(**settings)
    return lambda workers: kind(**settings | {"workers": workers})


def _spelt(option: str) -> str:
    return "--" + option.replace("_", "-")
