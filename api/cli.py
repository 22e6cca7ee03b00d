"""The command line: build, load, ask, explain, compare, demo and serve."""

import typer

from api.commands import asking, data, importing, serving

app = typer.Typer(
    name="fingerpost",
    help="Partnership services as a graph: what is funded, who is reached, what is missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for part in (data, importing, asking, serving):
    app.add_typer(part.app)


def main() -> None:
    """Run the command line."""
    app()
