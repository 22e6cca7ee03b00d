"""The command that writes the map of a partnership as one file, to be opened without a network."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import StoreOption, day_of, opened_store, say, step
from graph.errors import FingerpostError

app = typer.Typer()


@app.command("map")
def map_command(
    partnership: Annotated[str, typer.Argument(help="A partnership's folder name.")],
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The day shown first; the newest source's if absent."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="A thing imagined ended at first; may be repeated."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Write the map of a partnership as one HTML file: it needs no server and no network.

    It is for staff: it may show what is not for publication.
    """
    from api.deps import day_shown, partnership_in
    from api.map_data import known_things
    from api.map_facts import read_map
    from api.map_file import map_file

    with opened_store(store) as opened:
        about = partnership_in(opened, partnership)
        day = day_shown(about, day.isoformat() if (day := day_of(as_of)) else "")
        rows = read_map(opened, partnership)
        lost = known_things(rows, without or ())
        with step(f"drawing the map of {about.name} for {day} and what would fall with each thing"):
            body = map_file(about, rows, day, lost)
        if out.suffix.lower() not in (".html", ".htm"):
            raise FingerpostError(f"{out.name} would be no page. Give it a name ending in .html")
        out.write_bytes(body)
    say(f"{out}: {len(body) / 1_000_000:.1f} MB, for staff. Next: open it in a browser.")
