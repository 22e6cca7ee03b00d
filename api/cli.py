"""The command line: build, load, ask, explain, compare, demo, serve, and who may do what."""

import typer

from api.commands import (
    access,
    asking,
    checking,
    data,
    directory,
    importing,
    mapping,
    reporting,
    serving,
    trying,
)

app = typer.Typer(
    name="fingerpost",
    help="Partnership services as a graph: what is funded, who is reached, what is missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for part in (
    data,
    importing,
    asking,
    checking,
    directory,
    mapping,
    reporting,
    serving,
    access,
    trying,
):
    app.add_typer(part.app)


def main() -> None:
    """Run the command line."""
    app()
