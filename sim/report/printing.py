"""What is said on stdout, to a terminal or to a pipe."""

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
