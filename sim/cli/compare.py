"""The command about two studies."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.commands import DEFAULT, AsJson, app
from sim.cli.results import One, Root


@app.command()
def compare(
    a: One,
    b: One,
    percentile: Annotated[
        float, typer.Option(help="Which percentile of the times, such as 90.", min=1, max=99.9)
    ] = 90.0,
    as_json: AsJson = False,
    root: Root = DEFAULT,
) -> None:
    """Say what B has more than A, pairing the replications of two studies that met the same days."""
    from sim.report.compare import say_comparison
    from sim.study.catalogue import Catalogue
    from sim.study.comparing import compare as compared
    from sim.study.results import load

    catalogue = Catalogue(Path(root))
    one, other = (load(catalogue.find(name).path) for name in (a, b))
    found = compared(one, other, share=percentile / 100)
    if not as_json:
        say_comparison(found)
        return
    told = {
        "a": str(one.path),
        "b": str(other.path),
        "replications": found.replications,
        "confidence_level": found.confidence_level,
        "notes": found.notes,
        "differences": [row.summary() for row in found.rows],
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)
