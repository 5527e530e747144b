"""What is said on stdout, to a terminal or to a pipe."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType

WIDTH = 120
"""Characters a line, at least, where nobody reads along: no row is to be folded."""


def show(what: RenderableType, width: int = WIDTH) -> None:
    """Print on stdout; in a pipe at least so wide, and without padding."""
    console = Console()
    if console.is_terminal:
        console.print(what)
        return
    console = Console(width=max(console.width, width))
    with console.capture() as printed:
        console.print(what)
    print("\n".join(line.rstrip() for line in printed.get().splitlines()))


def aligned(rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Yield rows as lines with their columns one below the other, some to the right.

    For thousands of rows, which take rich's tables seconds.
    """
    kept = list(rows)
    widths = [max(map(cell_len, column)) for column in zip(*kept, strict=True)]
    for row in kept:
        spaces = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            gap + cell if i in right else cell + gap
            for i, (cell, gap) in enumerate(zip(row, spaces, strict=True))
        ]
        yield "  ".join(cells).rstrip()
