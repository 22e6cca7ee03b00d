"""Commands that show: the demonstration, and the pages on this machine."""

import contextlib
import datetime
import os
import sys
import threading
import webbrowser
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from api import telling
from api.commands.common import StoreOption, mendable, opened_store, out_console, say
from api.commands.data import build_release, load_release
from api.place import Address
from api.settings import Settings
from graph.release import CURRENT, FOLDER
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.ask import Answer, ask, fact, find_question, partnerships
from queries.asked import Partnership

app = typer.Typer()
LOCALHOST = "127.0.0.1"


class Only(StrEnum):
    """One of the two applications."""

    public = "public"
    staff = "staff"


@app.command()
def demo(
    serve_it: Annotated[bool, typer.Option("--serve", help="Open the pages afterwards.")] = False,
    port: Annotated[int, typer.Option(help="The port of the pages.", min=1, max=65535)] = 8000,
) -> None:
    """Build and load what ships with the project, and tell three answers for four partnerships."""
    settings = Settings()
    with opened_store("embedded") as store:
        build_release(settings, [])
        load_release(settings, store)
        out = out_console()
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
        with mendable():
            _open_soon(f"http://127.0.0.1:{port}/partnerships/dudley/map")
            _serve("embedded", Address(LOCALHOST, port), None)


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
    only: Annotated[Only | None, typer.Option(help="Serve one of the two alone.")] = None,
    host: Annotated[str, typer.Option(help="Where the staff application listens.")] = LOCALHOST,
    port: Annotated[int, typer.Option(help="Its port.", min=1, max=65535)] = 8000,
    public_host: Annotated[str, typer.Option(help="Where the public one listens.")] = LOCALHOST,
    public_port: Annotated[int, typer.Option(help="Its port.", min=1, max=65535)] = 8001,
) -> None:
    """Serve the staff application (answers, records, map) and the public one (open data).

    Both listen on this machine alone unless told otherwise; see docs/serving.md.
    """
    public = Address(public_host, public_port, "--public-host", "--public-port")
    with mendable():
        if only is Only.public:
            _serve_public(public)
        else:
            _serve(store, Address(host, port), public if only is None else None)


def _serve_public(address: Address) -> None:
    from api.serving import listen, public_app, run, server_of

    listening = listen(address)
    server = server_of(public_app(Settings()))
    _say_public(address)
    run(server, listening)


def _serve(store: str | None, staff: Address, public: Address | None) -> None:
    """Serve the staff application, and the public one beside it where an address is given."""
    from api.serving import check_staff_place, listen, public_beside, run, server_of
    from api.staff import create_staff_app

    with opened_store(store) as opened, contextlib.ExitStack() as beside:
        app = create_staff_app(opened, default_schema(), Settings())
        check_staff_place(staff, app.state.access)
        names = [p.slug for p in partnerships(opened)]
        listening, server = listen(staff), server_of(app)
        if public is not None:
            beside.enter_context(public_beside(public, server))
        asked = "asks for a key or to sign in" if app.state.access.is_required() else "no sign-in"
        say(f"Staff pages: {staff.url}   ({asked}; stop with Ctrl-C)")
        for name in names:
            say(f"  map: {staff.url}partnerships/{name}/map")
        if public is not None:
            _say_public(public)
        run(server, listening)


def _say_public(address: Address) -> None:
    say(f"Public pages: {address.url}   (only what is for publication)")
    if not (Settings().home / "public" / FOLDER / CURRENT).exists():
        say("  There is no public release yet, so they answer nothing. Make one: fingerpost build")
