"""A bar on stderr that tells how far a study is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.study.runner import Progress as Told


@contextmanager
def bar(title: str, total: Callable[[], int]) -> Iterator[Told | None]:
    """Show a bar of so many tasks: how many are done, a second, and failed, and the time left.

    Where stderr is no terminal there is none, and ``total`` is not asked for.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    rate = TextColumn("{task.fields[rate]}")
    console = Console(stderr=True)
    with Progress(*columns, rate, TimeRemainingColumn(), console=console, transient=True) as shown:
        task = shown.add_task(title, total=total(), rate="")

        def tell(done: int, failed: int) -> None:
            speed = shown.tasks[0].speed
            words = f"{speed:.3g}/s" if speed else ""
            if failed:
                words += f" [red]{failed} failed[/red]"
            shown.update(task, completed=done + failed, rate=words)

        yield tell
