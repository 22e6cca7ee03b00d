"""Commands about data: build, load, account for sources, hand out the form, export, describe."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.commands.common import (
    PartnershipOption,
    StoreOption,
    day_of,
    mendable,
    opened_store,
    out_console,
    say,
    step,
)
from api.settings import Settings
from graph import importing
from graph.accounting import account
from graph.build import build_dataset
from graph.errors import FingerpostError, ReleaseError
from graph.exports import ALWAYS_PUBLIC, FORMATS, export
from graph.ids import partnership_of
from graph.model import PropertyGraph
from graph.public import public_graph, write_public
from graph.release import current_release, read_graph, write_release
from graph.sources.reading import partnerships_in
from graph.sources.workbook import write_template, write_workbook
from graph.stores.protocol import Store
from ontology.schema import default_schema, ontology

app = typer.Typer()
WORKBOOK = "workbook"


@app.command()
def build(
    partnership: PartnershipOption = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", help="The folder that holds a folder a partnership.")
    ] = None,
) -> None:
    """Read and validate the tables and write a release; nothing changes if anything is wrong."""
    with mendable():
        build_release(Settings(), partnership or [], tables)


def build_release(settings: Settings, slugs: list[str], tables: Path | None = None) -> None:
    """Build some partnerships (all, if none is named) of a folder into the current release."""
    root = tables or settings.partnerships
    known = partnerships_in(root)
    if not known:
        raise FingerpostError(
            f"{root} holds no partnership: a folder with a partnership.toml, or a workbook. "
            "Name the folder that holds them with --tables."
        )
    missing = sorted(set(slugs) - known.keys())
    if missing:
        raise FingerpostError(
            f"There is no partnership {', '.join(missing)} in {root}. "
            f"There are: {', '.join(known)}."
        )
    chosen = [path for slug, path in known.items() if not slugs or slug in slugs]
    with step("building"):
        dataset = build_dataset(chosen, default_schema(), lambda what: say(f"  {what}"))
        release = write_release(dataset, settings.home)
        write_public(settings.home, default_schema())
    names = ", ".join(slug for slug in known if not slugs or slug in slugs)
    say(f"Release {release.name} holds {names}. Next: fingerpost load")


@app.command()
def load(store: StoreOption = None) -> None:
    """Put the current release into a store. Loading the same release again changes nothing."""
    with opened_store(store) as opened:
        load_release(Settings(), opened)


def load_release(settings: Settings, store: Store) -> None:
    """Put the current release into a store, and say what was put there."""
    release = current_release(settings.home)
    with step(f"loading release {release.name}"):
        loaded = importing.load(settings.home, default_schema(), store)
    what = f"{loaded.nodes} nodes and {loaded.edges} relationships"
    say(f"Loaded {what}." if loaded.is_new else f"The store holds it already ({what}).")


@app.command("account")
def account_command(
    partnership: Annotated[str, typer.Argument(help="A partnership's folder name.")],
    place: Annotated[
        str | None,
        typer.Option("--place", help='Only places with this in their name: "paragraph 26".'),
    ] = None,
) -> None:
    """List every place of a partnership's sources: the records drawn from it, or why none."""
    with mendable():
        graph = read_graph(current_release(Settings().home), default_schema())
    places = account(graph, partnership)
    if not places:
        listed = sorted({partnership_of(n.id) for n in graph.nodes if n.label == "SourcePart"})
        say(f'No places of "{partnership}" are listed. They are of: {", ".join(listed) or "none"}.')
        raise typer.Exit(1)
    out = out_console()
    for found in places:
        if place is not None and place.lower() not in found.name.lower():
            continue
        lines = f"  (lines {found.lines})" if found.lines else ""
        out.print(Text(f"{found.name}{lines}", style="bold"))
        if found.reason:
            repeated = f" {found.repeats}" if found.repeats else ""
            out.print(Text(f"    no record: {found.reason}{repeated}"))
        if found.damage:
            out.print(Text(f"    damage: {found.damage}", style="dim"))
        for record in found.records:
            out.print(Text(f"    {record}"))
    total = sum(bool(p.records) for p in places)
    say(
        f"{len(places)} places: {total} with records, {len(places) - total} with a reason for none."
    )


@app.command()
def template(
    out: Annotated[Path, typer.Argument(help="The workbook to write.")] = Path("template.xlsx"),
) -> None:
    """Write the empty form as a workbook: drop-downs, help on each header, an example row."""
    with mendable():
        try:
            example = read_graph(current_release(Settings().home), default_schema())
        except ReleaseError:
            example = None  # Without a release the examples are made from the shapes.
        write_template(default_schema(), out, example)
    say(
        f"Wrote {out}. Save it as <partnership>.xlsx in a folder of its own, fill it in, "
        "then: fingerpost build --tables THAT_FOLDER"
    )


@app.command("export")
def export_command(
    form: Annotated[str, typer.Argument(help=", ".join([*FORMATS, WORKBOOK]))],
    out: Annotated[Path, typer.Argument(help="The file to write; for csv a folder.")],
    partnership: PartnershipOption = None,
    public: Annotated[
        bool, typer.Option("--public", help="Only what anybody may read. open-referral always is.")
    ] = False,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            help="The day it is made for. open-referral has only contacts checked in the 180 days "
            "before it, and none without it.",
        ),
    ] = None,
) -> None:
    """Write the current release in another format, and say what the format cannot carry."""
    slugs = partnership or []
    with mendable():
        day = day_of(on)
        release, schema = current_release(Settings().home), default_schema()
        is_public = public or form in ALWAYS_PUBLIC
        graph = public_graph(release, schema) if is_public else read_graph(release, schema)
        hidden = 0 if is_public else _staff_only(graph, slugs)
        if form == WORKBOOK:
            if len(slugs) != 1:
                raise FingerpostError("A workbook holds one partnership: name it by --partnership.")
            write_workbook(graph, schema, slugs[0], out)
            lost: tuple[str, ...] = ()
        else:
            lost = export(release, schema, form, out, slugs, public=public, on=day)
    for sentence in lost:
        say(f"Not in {form}: {sentence}")
    say(f"Wrote {out}.")
    if day and form == "open-referral":
        say(f"Its contacts are those of {day}: make it again on each day that it is served.")
    if hidden:
        say(f"{hidden} of its records are for staff only: do not publish it as it is.")


def _staff_only(graph: PropertyGraph, slugs: list[str]) -> int:
    """How many records are not for publication."""
    columns = [n.properties for n in graph.nodes]
    columns += [e.properties for e in graph.edges if e.id is not None]
    return sum(
        found.get("visibility") == "staff" and (not slugs or found.get("partnership") in slugs)
        for found in columns
    )


@app.command()
def reference(
    out: Annotated[Path, typer.Argument(help="The folder to write the pages into.")],
) -> None:
    """Write pages that describe every class, column and code, with a picture of the model."""
    from visualise.reference import write_reference

    with mendable():
        schema = default_schema()
        graph = read_graph(current_release(Settings().home), schema)
        with step(f"writing the reference pages to {out}"):
            written = write_reference(schema, ontology(), graph, out)
    say(f"{len(written)} files. Open {out / 'index.html'}")
