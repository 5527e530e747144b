"""The commands about one study."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.backends import Make, runs_tasks
from sim.cli.until import Most, Precision, UntilDecided, until_override

if TYPE_CHECKING:
    from sim.study.results import Results

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Does an emergency plan meet its targets? Try: tocsin run",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("tocsin"))
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Does an emergency plan meet its targets? Try: tocsin run."""
    if sys.stderr.isatty():
        import logging

        log = logging.getLogger("tocsin")
        log.addHandler(logging.StreamHandler())
        log.setLevel(logging.INFO)


Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        help="Hydra overrides, such as place=zhoucun replications=100 fleet.engines_per_station=2"
    ),
]
ConfigDir = Annotated[
    Path | None, typer.Option("--config-dir", help="A folder of your own configs, before the shipped ones.")
]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Below = Annotated[Path, typer.Option(help="The folder that results go below.")]
DEFAULT = Path("results")


@app.command()
@runs_tasks
def run(
    overrides: Overrides = None,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
    results: Below = DEFAULT,
    plots: Annotated[bool, typer.Option(help="Write the figures.")] = True,
    until_decided: UntilDecided = False,
    precision: Precision = None,
    most: Most = None,
    *,
    backend: Make,
) -> None:
    """Run a study and say which targets are met, how sure that is, and where the time goes."""
    rule = until_override(until_decided, precision, most)
    found = _run([*(overrides or []), *rule], config_dir, results, backend)
    if as_json:
        print(json.dumps(summary(found), ensure_ascii=False), flush=True)
    elif found.outcomes:
        from sim.report.text import say

        say(found)
    if plots and found.outcomes:
        from sim.report.plots import write_all

        write_all(found)
    if found.failures:
        _tell_failures(found)
        raise typer.Exit(FAILED)


FAILED = 3
"""The exit code when some tasks failed."""


def _tell_failures(found: "Results") -> None:
    first = found.failures[0]
    print(first.traceback, end="", file=sys.stderr)
    several = f"{len(found.failures)} of {found.stop or found.study.replications} replications failed"
    why = f"raised {first.raised}: {first.error}" if first.raised else f"{first.how}: {first.error}"
    print(f"tocsin: {several}; replication {first.task.replication} {why}", file=sys.stderr)
    print(f"see {found.path / 'failures.jsonl'}; the same command tries them again", file=sys.stderr)


def summary(results: "Results") -> dict[str, Any]:
    """Return what ``run --json`` prints."""
    from sim.measure.notes import notes_on
    from sim.study.sequential import stopped

    service = {name: each.summary() for name, each in results.service_total.items()}
    return {
        "results": str(results.path),
        "replications": len(results.outcomes),
        "incidents": results.incidents_total,
        "wall_s": round(results.wall_s, 3),
        "targets": [verdict.summary() for verdict in results.verdicts],
        "types": [each.summary() for each in results.by_type],
        "notes": notes_on(results.study, results.verdicts),
        **({"calls": results.calls_total} if results.calls_total else {}),
        **({"orders": results.orders_total} if results.orders_total else {}),
        **({"until": stopped(results)} if results.study.until else {}),
        **({"failed": len(results.failures)} if results.failures else {}),
        **({"service": service} if service else {}),
    }


@app.command()
def show(overrides: Overrides = None, config_dir: ConfigDir = None) -> None:
    """Print the composed config, each value with its confidence and source."""
    from sim.compose import compose
    from sim.report.config import listing

    listing(compose(*(overrides or []), config_dir=config_dir))


@app.command()
def check(overrides: Overrides = None, config_dir: ConfigDir = None) -> None:
    """Validate a config without running it."""
    from sim.compose import prepare
    from sim.measure.notes import notes_on, read

    study = prepare(*(overrides or []), config_dir=config_dir)
    runs = f"{study.replications} replication{'s' if study.replications > 1 else ''}"
    runs = f"at most {runs}" if study.until else runs
    print(f"{study.scenario.name}: the config is right ({runs}, seed {study.seed})")
    for line in read(study.scenario):
        print(line)
    for note in notes_on(study):
        print(f"note: {note}")


@app.command("list")
def list_(
    group: Annotated[str, typer.Argument(help="A config group, such as place; all of them without it.")] = "",
    config_dir: ConfigDir = None,
) -> None:
    """List the config groups and what there is to choose in each."""
    from sim.compose import choices

    for name, options in choices(group, config_dir).items():
        for option in options:
            print(option if group else f"{name}={option}")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, such as mycounty.")],
    name: Annotated[str, typer.Option(help="What to call the place, if not as the folder.")] = "",
) -> None:
    """Write a starter for a place of your own: tables to fill in, complete enough to run."""
    from sim.compose.starter import write_starter

    called = name or folder.resolve().name
    for file in write_starter(folder, called):
        print(file)
    print(f"\nNext: tocsin check --config-dir {folder} place={called}")
    print(f"      tocsin run   --config-dir {folder} place={called}")
    print(f"      tocsin schema {folder}, and your editor completes and checks these files")


@app.command()
def schema(
    folder: Annotated[Path, typer.Argument(help="The folder of configs that your editor opens.")] = Path("."),
) -> None:
    """Write JSON Schemas, with which editors complete and check the configs in a folder."""
    from sim.config.editors import FOLDER, SETTINGS, write_schemas

    written = write_schemas(folder)
    print(f"{folder / FOLDER}: a schema each for {', '.join(written.groups)}")
    if written.in_use:
        print(f"{folder / SETTINGS}: VS Code uses them, with the extension YAML (redhat.vscode-yaml)")
    else:
        print(f"{folder / SETTINGS}: yours, and left as it is; for VS Code, add\n{written.settings}", end="")
    print("Other editors want a line at the top of a file, such as this one in place/*.yaml:")
    print(f"# yaml-language-server: $schema=../{FOLDER}/place.json")


def _run(overrides: list[str], config_dir: Path | None, results: Path, backend: Make) -> "Results":
    from sim.compose import prepare
    from sim.report.progress import bar
    from sim.study.runner import run as run_study

    study = prepare(*overrides, config_dir=config_dir)
    doing = backend(study.workers)
    with bar(study.scenario.place.title, lambda: study.replications) as progress:
        return run_study(study, results=results, progress=progress, backend=doing)
