"""The command that checks a feed of Open Referral UK, ours or anybody's.

What a feed sends is read in a process of its own, with limits (see graph/sandbox.py).
"""

import datetime
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.common import day_of, say
from graph.errors import FingerpostError, InputError
from graph.imports.making import is_url
from graph.oruk.check import check_folder, check_recorded
from graph.oruk.crawl import crawl
from graph.oruk.findings import Report, Verdict
from graph.oruk.report import as_json, as_text
from graph.release import write_whole
from graph.sandbox import Limits, read_safely
from visualise.feed_check import page

app = typer.Typer()

_LIMITS = Limits(cpu_seconds=120, wall_seconds=300)
"""A national feed has tens of thousands of records, and each is looked at closely."""
_NOT_COMPLIANT, _UNREADABLE = 1, 2


class Form(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"
    html = "html"


_WRITERS = {Form.text: as_text, Form.json: as_json, Form.html: page}


@app.command("check-oruk")
def check_oruk(
    source: Annotated[
        str, typer.Argument(help="The address of a feed (https://…), or a folder of its files.")
    ],
    form: Annotated[Form, typer.Option("--format", help="text, json or html.")] = Form.text,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; else standard output.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Ask for every page and every record, not for a few.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", help="The day from which dates are judged; else today.")
    ] = None,
) -> None:
    """Check a feed against Open Referral UK 3.0: schema, pages, headers, parameters, empty fields.

    Ends with 0 for a feed that is compliant, 1 for one that is not, 2 for what cannot be read.
    """
    try:
        # How old a date is needs a day; this is one of the few places where a clock is read.
        day = day_of(on) or datetime.datetime.now(datetime.UTC).date()
        report = _checked(source, every, day)
        text = _WRITERS[form](report)
        if out is None:
            sys.stdout.write(text)
        else:
            write_whole(out, text.encode())
            say(f"Wrote {out}: {report.verdict.value}.")
    except FingerpostError as error:
        problems = error.problems if isinstance(error, InputError) else (error,)
        say("\n".join(map(str, problems)))
        raise typer.Exit(_UNREADABLE) from error
    except OSError as error:
        say(f"{error.strerror or 'It cannot be read or written'}. Try another place.")
        raise typer.Exit(_UNREADABLE) from error
    if report.verdict is Verdict.failed:
        raise typer.Exit(_NOT_COMPLIANT)


def _checked(source: str, every: bool, day: datetime.date) -> Report:
    if is_url(source):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            crawl(source, folder, every, say)
            return read_safely(check_recorded, folder, day, limits=_LIMITS, progress=say)
    folder = Path(source)
    if not folder.is_dir():
        raise FingerpostError(
            "This is neither a folder nor an address of the web. Give a feed's address, such as "
            "https://example.org/api, or the folder that its files are in."
        )
    return read_safely(check_folder, folder, day, limits=_LIMITS, progress=say)
