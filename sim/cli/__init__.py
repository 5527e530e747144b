"""The command line."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from sim.cli.commands import app
from sim.cli.compare import compare
from sim.cli.results import results
from sim.cli.select import select
from sim.cli.sensitivity import sensitivity
from sim.cli.sweep import sweep

__all__ = ["app", "compare", "main", "results", "select", "sensitivity", "sweep"]

app.add_typer(results, name="results")


def main() -> NoReturn:
    """Run the command line.

    Exit code 0 when it ran, 2 for a bad config or usage, 3 when some tasks failed, 1 for anything else.
    """
    sys.exit(_guarded(app))


TYPER_INTERRUPTED = 130
"""What Typer makes of Ctrl-C."""


def _guarded(command: Callable[[], None]) -> int:
    """Run a command and turn what went wrong into words on stderr and an exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        command()
    except SystemExit as stop:
        if stop.code == TYPER_INTERRUPTED:
            print("tocsin: interrupted; finished replications are kept", file=sys.stderr)
            return 1
        return stop.code if isinstance(stop.code, int) else 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    from sim.config import ConfigError
    from sim.engine import PolicyError
    from sim.study.backends import BackendError
    from sim.study.catalogue import QueryError, UnknownStudyError
    from sim.study.comparing import ComparisonError
    from sim.study.costs import SelectionError
    from sim.study.runner import WorkerError
    from sim.study.store import SchemaError

    print(f"tocsin: {error}", file=sys.stderr)
    usage = (
        *(ConfigError, BackendError, ComparisonError, QueryError),
        *(SchemaError, SelectionError, UnknownStudyError),
    )
    if isinstance(error, usage):
        return 2
    if not isinstance(error, OSError | PolicyError | WorkerError):
        import traceback

        traceback.print_exception(error)
    return 1
