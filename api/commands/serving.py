"""Commands that show: the demonstration, and the pages on this machine."""

import datetime
import os
import socket
import sys
import threading
import webbrowser
from typing import Annotated

import typer
from rich.text import Text

from api import telling
from api.commands.common import StoreOption, mendable, opened_store, out_console, say
from api.commands.data import build_release, load_release
from api.settings import Settings
from graph.errors import FingerpostError
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.ask import Answer, ask, fact, find_question, partnerships
from queries.asked import Partnership

app = typer.Typer()


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
    with mendable():
        _serve(store, port)


def _serve(address: str | None, port: int) -> None:
    import uvicorn

    from api.staff import create_staff_app

    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise FingerpostError(f"Port {port} is in use. Choose another: --port {port + 1}")
    with opened_store(address) as opened:
        names = [p.slug for p in partnerships(opened)]
        say(f"Pages: http://127.0.0.1:{port}/   (stop with Ctrl-C)")
        for name in names:
            say(f"  map: http://127.0.0.1:{port}/partnerships/{name}/map")
        # Loopback only: these pages show what staff may see, and there is no sign-in yet.
        uvicorn.run(
            create_staff_app(opened, default_schema()),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
        )
