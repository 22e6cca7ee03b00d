"""The command that hands the directory out: pages, booklets, tables, feeds and fragments."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import PartnershipOption, mendable, say, step
from api.directory_out.fragment import DEEPEST
from api.directory_out.publish import Medium, Wanted, publish
from api.published import Published
from api.settings import Settings
from graph.errors import FingerpostError
from ontology.schema import default_schema

app = typer.Typer()


@app.command("publish-directory")
def publish_directory(
    out: Annotated[Path, typer.Argument(help="A new folder, or one of an earlier export.")],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", help="The day by which contacts are fresh or withheld; today if absent."
        ),
    ] = None,
    partnership: PartnershipOption = None,
    only: Annotated[
        list[Medium] | None,
        typer.Option("--only", help="One of the media; may be repeated. All if absent."),
    ] = None,
    heading: Annotated[
        int,
        typer.Option(
            "--heading", min=1, max=DEEPEST, help="The level of the fragment's first heading."
        ),
    ] = 2,
    fonts: Annotated[
        list[Path] | None,
        typer.Option("--fonts", help="A folder with more typefaces for booklets.", file_okay=False),
    ] = None,
) -> None:
    """Write the public directory as files: pages, booklets to print, CSV, a feed, HTML fragments.

    The pages work from a memory stick. It is all of the public release, and replaces what an
    earlier export put into the folder.
    """
    settings = Settings()
    with mendable():
        day = _day(on) or settings.on or datetime.date.today()
        given = tuple(partnership or filter(None, map(str.strip, settings.directory.split(","))))
        wanted = Wanted(given, frozenset(only or Medium), heading, tuple(fonts or ()))
        snapshot = Published(settings.home, default_schema()).snapshot()
        with step(f"writing the directory of {day} to {out}"):
            done = publish(snapshot, out, day, wanted, lambda what: say(f"  {what}"))
    say(f"{done.files} files, of the public release {snapshot.release}.")
    for slug, until in done.until.items():
        say(f"  {slug}: do not use after {until}")
    for remark in done.remarks:
        say(remark)
    if Medium.site in wanted.media:
        say(f"Next: open {out / 'index.html'}")


def _day(given: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(given) if given else None
    except ValueError:
        raise FingerpostError(
            "That is no day. Write the year, month and day: --on 2026-11-22"
        ) from None
