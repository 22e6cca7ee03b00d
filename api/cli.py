"""The command line: build, load, ask, explain, demo and serve.

Answers go to standard output, progress and errors to standard error. A mistake that a user can mend
ends with exit code 1 and says what to do next; it is never a traceback.
"""

import datetime
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api import telling
from api.formats import as_csv, as_json, text
from api.settings import Settings, open_store
from graph.accounting import account
from graph.build import build_dataset
from graph.errors import FingerpostError, ReleaseError
from graph.exports import FORMATS, export
from graph.ids import partnership_of
from graph.model import PropertyGraph
from graph.release import current_release, read_graph, write_release
from graph.sources.reading import partnerships_in
from graph.sources.workbook import write_template, write_workbook
from graph.stores.protocol import Store
from ontology.schema import default_schema, ontology
from queries.ask import Answer, ask, fact, find_question, partnerships
from queries.asked import Partnership
from queries.catalogue import catalogue
from queries.records import find_record

app = typer.Typer(
    name="fingerpost",
    help="Partnership services as a graph: what is funded, who is reached, what is missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


WORKBOOK = "workbook"


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"


StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="embedded, or the address of a Neo4j server (bolt://, neo4j://)."),
]
PartnershipOption = Annotated[
    list[str] | None,
    typer.Option(
        "--partnership", help="A partnership's folder name; may be repeated. All if absent."
    ),
]


def _out() -> Console:
    width = None if os.isatty(1) else int(os.environ.get("COLUMNS", "120"))
    return Console(width=width, highlight=False, soft_wrap=False)


def _say(message: str) -> None:
    Console(stderr=True, highlight=False).print(Text(message), soft_wrap=True)


@contextmanager
def _step(message: str) -> Iterator[None]:
    """Tell what is being done and how long it took."""
    started = monotonic()
    _say(f"· {message} …")
    yield
    _say(f"  done in {monotonic() - started:.1f} s")


@contextmanager
def _mendable() -> Iterator[None]:
    try:
        yield
    except FingerpostError as error:
        _say(str(error))
        raise typer.Exit(1) from error
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        _say(f"{error.strerror or 'It cannot be read or written'}:{where}. Try another place.")
        raise typer.Exit(1) from error


@contextmanager
def _opened(address: str | None) -> Iterator[Store]:
    with _mendable():
        store = open_store(Settings(), address)
        try:
            yield store
        finally:
            store.close()


@app.command()
def build(
    partnership: PartnershipOption = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", help="The folder that holds a folder a partnership.")
    ] = None,
) -> None:
    """Read and validate the tables and write a release; nothing changes if anything is wrong."""
    with _mendable():
        _build(Settings(), partnership or [], tables)


def _build(settings: Settings, slugs: list[str], tables: Path | None = None) -> None:
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
    with _step("building"):
        dataset = build_dataset(chosen, default_schema(), lambda what: _say(f"  {what}"))
        release = write_release(dataset, settings.home)
    names = ", ".join(slug for slug in known if not slugs or slug in slugs)
    _say(f"Release {release.name} holds {names}. Next: fingerpost load")


@app.command()
def load(store: StoreOption = None) -> None:
    """Put the current release into a store. Loading the same release again changes nothing."""
    with _opened(store) as opened:
        _load(Settings(), opened)


def _load(settings: Settings, store: Store) -> None:
    release = current_release(settings.home)
    schema = default_schema()
    with _step(f"loading release {release.name}"):
        graph = read_graph(release, schema)
        changed = store.replace(graph, schema)
    what = f"{len(graph.nodes)} nodes and {len(graph.edges)} relationships"
    _say(f"Loaded {what}." if changed else f"The store holds it already ({what}).")


@app.command("ask")
def ask_command(
    question: Annotated[
        str | None,
        typer.Argument(help="Its name, such as funding.unfunded. All are listed if absent."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The day asked about, 2013-04-01; else each newest source's."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", help="Imagine it lost, such as dudley/agency/chadd; may be repeated."
        ),
    ] = None,
    partnership: PartnershipOption = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="A parameter of the question, such as months=6; may be repeated."
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", help="How to write the answer.")
    ] = Format.table,
    store: StoreOption = None,
) -> None:
    """Answer a question, or list the questions."""
    if question is None:
        _list_questions()
        return
    with _opened(store) as opened:
        answer = ask(
            opened,
            find_question(question),
            slugs=partnership or (),
            as_of=_date(as_of),
            without=without or (),
            given=_given(given or []),
        )
        if format is Format.json:
            typer.echo(as_json(answer), nl=False)
        elif format is Format.csv:
            typer.echo(as_csv(answer), nl=False)
        else:
            _out().print(telling.table(answer))


@app.command("what-if")
def what_if_command(
    without: Annotated[
        list[str], typer.Option("--without", help="What is imagined lost; may be repeated.")
    ],
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day asked about.")] = None,
    partnership: PartnershipOption = None,
    format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
    store: StoreOption = None,
) -> None:
    """Tell what changes if things were lost: the question resilience.what_if, by its short name."""
    ask_command("resilience.what_if", as_of, without, partnership, None, format, store)


def _given(pairs: list[str]) -> dict[str, list[str]]:
    """Parameters as they are written, name=value; a name may come again."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise FingerpostError(f'"{pair}" sets nothing. Write name=value: --set months=6')
        found.setdefault(name.strip(), []).append(value)
    return found


def _date(given: str | None) -> datetime.date | None:
    if given is None:
        return None
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise FingerpostError(
            f'"{given}" is no day. Write the year, month and day: --as-of 2013-04-01'
        ) from None


def _list_questions() -> None:
    out = _out()
    theme = None
    for question in catalogue().values():
        if question.theme != theme:
            theme = question.theme
            out.print(Text(f"\n{theme.capitalize()}", style="bold"))
        out.print(Text(f"  {question.name}", style="bold"))
        out.print(Text(f"      {question.question}"))
    out.print(Text("\nAsk one: fingerpost ask funding.unfunded --as-of 2013-04-01"))


@app.command()
def explain(
    record: Annotated[
        str, typer.Argument(help="Its id as in an answer, such as dudley/service/idva.")
    ],
    store: StoreOption = None,
) -> None:
    """Show a record: what is said of it, where that is said, and what it is linked with."""
    with _opened(store) as opened:
        found = find_record(opened, default_schema(), record)
    out = _out()
    out.print(Text(f"{found.name} ({found.klass.label})", style="bold"))
    out.print(Text(found.id, style="dim"))
    shown = Table(show_header=False, box=None, pad_edge=False)
    for prop, value in found.columns:
        shown.add_row(Text(prop.header, style="bold"), Text(text(value)))
    out.print(shown)
    out.print(Text(f"\nSource: {found.source_title or 'the shared terms of the ontology'}"))
    if found.locators:
        out.print(Text(f"Where: {', '.join(found.locators)}"))
    if found.basis:
        out.print(Text(f"Basis: {found.basis}" + (f" – {found.ground}" if found.ground else "")))
    if found.other_side:
        out.print(Text(f"Otherwise: {', '.join(found.other_side)}"))
    if found.links:
        out.print(Text("\nLinked with", style="bold"))
    for link in found.links:
        arrow = "→" if link.direction == "out" else "←"
        record_id = f"  [{link.record_id}]" if link.record_id else ""
        facts = f" – {link.facts}" if link.facts else ""
        told = f"{link.header}: {link.other_name} ({link.other_id}){facts}{record_id}"
        out.print(Text(f"  {arrow} {told}"))


@app.command("account")
def account_command(
    partnership: Annotated[str, typer.Argument(help="A partnership's folder name.")],
    place: Annotated[
        str | None,
        typer.Option("--place", help='Only places with this in their name: "paragraph 26".'),
    ] = None,
) -> None:
    """List every place of a partnership's sources: the records drawn from it, or why none."""
    with _mendable():
        graph = read_graph(current_release(Settings().home), default_schema())
    places = account(graph, partnership)
    if not places:
        listed = sorted({partnership_of(n.id) for n in graph.nodes if n.label == "SourcePart"})
        _say(
            f'No places of "{partnership}" are listed. They are of: {", ".join(listed) or "none"}.'
        )
        raise typer.Exit(1)
    out = _out()
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
    _say(
        f"{len(places)} places: {total} with records, {len(places) - total} with a reason for none."
    )


@app.command()
def template(
    out: Annotated[Path, typer.Argument(help="The workbook to write.")] = Path("template.xlsx"),
) -> None:
    """Write the empty form as a workbook: drop-downs, help on each header, an example row."""
    with _mendable():
        try:
            example = read_graph(current_release(Settings().home), default_schema())
        except ReleaseError:
            example = None  # Without a release the examples are made from the shapes.
        write_template(default_schema(), out, example)
    _say(
        f"Wrote {out}. Save it as <partnership>.xlsx in a folder of its own, fill it in, "
        "then: fingerpost build --tables THAT_FOLDER"
    )


@app.command("export")
def export_command(
    form: Annotated[str, typer.Argument(help=", ".join([*FORMATS, WORKBOOK]))],
    out: Annotated[Path, typer.Argument(help="The file to write; for csv a folder.")],
    partnership: PartnershipOption = None,
) -> None:
    """Write the current release in another format, and say what the format cannot carry."""
    slugs = partnership or []
    with _mendable():
        release, schema = current_release(Settings().home), default_schema()
        graph = read_graph(release, schema)
        hidden = _staff_only(graph, slugs)
        if form == WORKBOOK:
            if len(slugs) != 1:
                raise FingerpostError("A workbook holds one partnership: name it by --partnership.")
            write_workbook(graph, schema, slugs[0], out)
            lost: tuple[str, ...] = ()
        else:
            lost = export(release, schema, form, out, slugs)
    for sentence in lost:
        _say(f"Not in {form}: {sentence}")
    _say(f"Wrote {out}.")
    if hidden:
        _say(f"{hidden} of its records are for staff only: do not publish it as it is.")


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

    with _mendable():
        schema = default_schema()
        graph = read_graph(current_release(Settings().home), schema)
        with _step(f"writing the reference pages to {out}"):
            written = write_reference(schema, ontology(), graph, out)
    _say(f"{len(written)} files. Open {out / 'index.html'}")


@app.command()
def demo(
    serve_it: Annotated[bool, typer.Option("--serve", help="Open the pages afterwards.")] = False,
    port: Annotated[int, typer.Option(help="The port of the pages.", min=1, max=65535)] = 8000,
) -> None:
    """Build and load what ships with the project, and tell three answers for four partnerships."""
    settings = Settings()
    with _opened("embedded") as store:
        _build(settings, [])
        _load(settings, store)
        out = _out()
        real = [p for p in partnerships(store) if not p.fictional]
        for partnership in real:
            own = _told(store, partnership, partnership.newest)
            title = f"{partnership.name}, {telling.day(partnership.newest)}"
            out.print(
                Text(
                    f"\n{title} (the last day its newest source speaks for)", style="bold underline"
                )
            )
            telling.tell(out, own, None)
            for day in _days_after(store, partnership):
                title = f"{partnership.name}, {telling.day(day)}"
                out.print(
                    Text(
                        f"\n{title} (the day after recorded money ends: what is new)", style="bold"
                    )
                )
                telling.tell(out, _told(store, partnership, day), own)
    out.print(
        Text(
            "\nThese four describe 2010 to 2014: history, and no way to get help today (in an "
            "emergency call 999).\nA fifth, invented partnership of today is loaded too: "
            "fingerpost ask funding.unfunded --partnership example\n"
            f"The map: fingerpost demo --serve, then http://127.0.0.1:{port}/partnerships/dudley/map"
        )
    )
    if serve_it:
        with _mendable():
            _open_soon(f"http://127.0.0.1:{port}/partnerships/dudley/map")
            _serve("embedded", port)


def _open_soon(url: str) -> None:
    """Open a page in the person's browser once it is served, where a person and a screen are."""
    has_screen = sys.platform in ("win32", "darwin") or "DISPLAY" in os.environ
    if sys.stdout.isatty() and has_screen:
        timer = threading.Timer(2.0, webbrowser.open, [url])
        timer.daemon = True
        timer.start()


def _days_after(store: Store, partnership: Partnership) -> list[datetime.date]:
    """The days after recorded money ends, later than the partnership's own date."""
    awards = fact(store, "awards", [partnership.slug])
    ends = {a["live_until"] for a in awards if a["live_until"] and not a["undated"]}
    return sorted(e + datetime.timedelta(days=1) for e in ends if e >= partnership.newest)


def _told(store: Store, partnership: Partnership, day: datetime.date) -> telling.Told:
    def answer(name: str) -> Answer:
        return ask(store, find_question(name), slugs=[partnership.slug], as_of=day)

    return telling.Told(
        money=answer("funding.unfunded"),
        ending=answer("funding.ending"),
        uncovered=answer("coverage.uncovered"),
        single_points=answer("resilience.single_points_of_failure"),
    )


@app.command()
def serve(
    store: StoreOption = None,
    port: Annotated[int, typer.Option(help="The port here.", min=1, max=65535)] = 8000,
) -> None:
    """Show the answers, the records and the map as pages, to this machine only."""
    with _mendable():
        _serve(store, port)


def _serve(address: str | None, port: int) -> None:
    import uvicorn

    from api.app import create_app

    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise FingerpostError(f"Port {port} is in use. Choose another: --port {port + 1}")
    with _opened(address) as opened:
        names = [p.slug for p in partnerships(opened)]
        _say(f"Pages: http://127.0.0.1:{port}/   (stop with Ctrl-C)")
        for name in names:
            _say(f"  map: http://127.0.0.1:{port}/partnerships/{name}/map")
        # Loopback only: these pages show what staff may see, and there is no sign-in yet.
        uvicorn.run(
            create_app(opened, default_schema()),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
        )


def main() -> None:
    """Run the command line."""
    app()
