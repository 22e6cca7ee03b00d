"""The command that writes the board paper of a partnership."""

import datetime
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.common import StoreOption, day_of, opened_store, say, step
from api.settings import Settings
from graph.errors import FingerpostError
from graph.for_publication import for_publication
from graph.release import write_whole
from graph.stores.protocol import Store
from ontology.schema import default_schema
from visualise.paper.forms import Form, file_name, written

if TYPE_CHECKING:
    from visualise.paper.model import Paper

app = typer.Typer()


class Versions(StrEnum):
    """Which versions are written."""

    open = "open"
    exempt = "exempt"
    both = "both"


@app.command("report")
def report_command(
    partnership: Annotated[str, typer.Argument(help="A partnership's folder name.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The day it speaks of; the newest source's if absent."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="A thing imagined ended; may be repeated."),
    ] = None,
    version: Annotated[
        Versions,
        typer.Option("--version", help="open: for publication; exempt: for the board alone."),
    ] = Versions.both,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Forms: html,pdf,docx,xlsx. All if absent."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="The folder to write to; made where it is missing.")
    ] = Path(),
    fonts: Annotated[
        list[Path] | None,
        typer.Option("--fonts", help="A folder with more typefaces for the PDF.", file_okay=False),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Write the board paper of a partnership: PDF, Word, one HTML file, and a workbook.

    The open version may be published with an agenda. The exempt one names what is at risk and is
    for the board alone.
    """
    with opened_store(store) as opened:
        forms, day = _forms(only or []), day_of(as_of)
        out.mkdir(parents=True, exist_ok=True)
        for paper in _papers(opened, partnership, day, version, without or []):
            made = dict(_files(paper, partnership, forms, bool(without), fonts or []))
            for name, content in made.items():
                write_whole(out / name, content)
                say(f"{out / name}: {len(content) / 1_000_000:.1f} MB, {paper.version}")
    say("Next: read them before they go to anybody; docs/board-paper.md says what to look at.")


def _papers(
    store: Store, slug: str, day: datetime.date | None, version: Versions, without: list[str]
) -> Iterator["Paper"]:
    from visualise.paper.content import paper

    if version is not Versions.exempt:
        with (
            step("working out what the open version says"),
            for_publication(Settings().home, store, default_schema()) as opened,
        ):
            found = paper(opened, slug, day, "open", without)
        yield found
    if version is not Versions.open:
        with step("working out what the exempt version says"):
            found = paper(store, slug, day, "exempt", without)
        yield found


def _files(
    paper: "Paper", slug: str, forms: tuple[Form, ...], imagined: bool, fonts: list[Path]
) -> Iterator[tuple[str, bytes]]:
    for form in forms:
        name = file_name(slug, paper.day, paper.version, form, imagined)
        with step(f"making {name}"):
            made = written(paper, form, fonts)
        if made.missing:
            say(
                f"{name} has an empty box for {len(made.missing)} letters of which no typeface is "
                f"there: {' '.join(made.missing)}. Give a folder with one that has them: --fonts"
            )
        yield name, made.content


def _forms(given: list[str]) -> tuple[Form, ...]:
    """The forms that are wanted, with commas between them or one by one.

    Raises FingerpostError for what is no form.
    """
    wanted = {word.strip().lower() for one in given for word in one.split(",") if word.strip()}
    unknown = sorted(wanted - set(Form))
    if unknown:
        known = ", ".join(Form)
        raise FingerpostError(f'There is no form "{unknown[0]}". Choose among: {known}')
    return tuple(form for form in Form if not wanted or form in wanted)
