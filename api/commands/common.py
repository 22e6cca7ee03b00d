"""What the commands of the command line share: options, progress, and mistakes told kindly.

Answers go to standard output, progress and errors to standard error. A mistake that a user can mend
ends with exit code 1 and says what to do next; it is never a traceback.
"""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.settings import Settings, open_store
from graph.errors import FingerpostError
from graph.stores.protocol import Store


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


def out_console() -> Console:
    """Where answers are written; as wide as the terminal, or as COLUMNS says."""
    width = None if os.isatty(1) else int(os.environ.get("COLUMNS", "120"))
    return Console(width=width, highlight=False, soft_wrap=False)


def say(message: str) -> None:
    """Tell progress or a mistake on standard error."""
    Console(stderr=True, highlight=False).print(Text(message), soft_wrap=True)


@contextmanager
def step(message: str) -> Iterator[None]:
    """Tell what is being done and how long it took."""
    started = monotonic()
    say(f"· {message} …")
    yield
    say(f"  done in {monotonic() - started:.1f} s")


@contextmanager
def mendable() -> Iterator[None]:
    """Turn what a user can mend into a message and exit code 1."""
    try:
        yield
    except FingerpostError as error:
        say(str(error))
        raise typer.Exit(1) from error
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        say(f"{error.strerror or 'It cannot be read or written'}:{where}. Try another place.")
        raise typer.Exit(1) from error


@contextmanager
def opened_store(address: str | None) -> Iterator[Store]:
    """A store that is closed afterwards; its mistakes are told kindly."""
    with mendable():
        store = open_store(Settings(), address)
        try:
            yield store
        finally:
            store.close()


def day_of(given: str | None) -> datetime.date | None:
    """A day as it is written on the command line, or None.

    Raises FingerpostError for anything else.
    """
    if given is None:
        return None
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise FingerpostError(
            f'"{given}" is no day. Write the year, month and day: --as-of 2013-04-01'
        ) from None
