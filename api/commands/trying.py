"""Commands for trials: invented partnerships, as many as wanted."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from api.commands.common import mendable, say
from graph.errors import FingerpostError
from graph.sources.folder import write_tables
from graph.synth import partnerships
from ontology.schema import default_schema

app = typer.Typer()
_MOST = 100_000
"""The names of folders have five digits."""


@app.command()
def synth(
    out: Annotated[Path, typer.Option("--out", help="An empty or new folder.")],
    number: Annotated[int, typer.Option("--partnerships", min=1, max=_MOST, help="How many.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same tables.")] = 1,
) -> None:
    """Write tables of invented partnerships, to try out many: build them with build --tables."""
    with mendable():
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise FingerpostError(f"{out} is no empty folder. Name an empty or a new one: --out")
        with Progress(transient=True) as progress:
            made = progress.track(partnerships(number, seed), total=number, description="writing")
            for tables in made:
                write_tables(tables, default_schema(), out / tables.slug)
    say(f"{number} invented partnerships are in {out}. Next: fingerpost build --tables {out}")
