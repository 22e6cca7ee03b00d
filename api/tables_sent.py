"""Small tables that come with a request: read apart from everything, their mistakes told in place.

They belong to the one request and are kept nowhere. What stands in them is not repeated where
something is wrong with it.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from api.errors import RequestError
from api.faults import errors_of
from api.uploads import Upload
from graph.confidential import contact_in, hidden_in
from graph.errors import InputError
from graph.sandbox import read_safely

MOST_BYTES = 64 * 1024
"""Of a table that is sent."""
MOST_OPTIONS = 200
"""The most options of one request: a choice is exact, and so may take longer the more there are."""
MOST_POUNDS = 1_000_000_000
Result = TypeVar("Result")


def read_table(
    reader: Callable[[Path], tuple[Result, ...]], name: str, table: bytes
) -> tuple[Result, ...]:
    """What a reader makes of a table, read in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(table)
        return read_safely(reader, path)


@contextmanager
def mendable(columns: Collection[str]) -> Iterator[None]:
    """Tell the problems of a table by row and column; what stands there is not repeated."""
    try:
        yield
    except InputError as error:
        raise RequestError(
            "The table cannot be used as it is; nothing was worked out.",
            errors=[_discreet(told, columns) for told in errors_of(error)],
        ) from None


def _discreet(told: dict[str, object], columns: Collection[str]) -> dict[str, object]:
    """A problem of a table without the sender's own texts: headers that are none of ours, and ids.

    Advice about what an option requires or excludes lists the ids of the other options.
    """
    if told["column"] in ("requires", "excludes"):
        return {**told, "advice": "Write the ids of other options of the table."}
    return told if told["column"] in columns else {**told, "column": ""}


# ---------------------------------------------------------------- on pages


def table_in(upload: Upload, name: str) -> bytes:
    """A table of a form: the file that was chosen, or else what was written into its field."""
    file = upload.files.get(f"{name}-file")
    if file is not None:
        return file.file.read()
    return _with_commas(upload.fields.get(name, "")).encode()


def _with_commas(text: str) -> str:
    """A table as CSV, also where it was copied from a spreadsheet, with tabs between its cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" not in lines.partition("\n")[0]:
        return lines
    written = io.StringIO()
    rows = csv.reader(io.StringIO(lines), delimiter="\t")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def shown_again(table: bytes) -> str:
    """A table as its form shows it to be mended; nothing where it holds what must not be told."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    lines = text.replace("\r", "").split("\n")
    return "" if any(hidden_in(line) or contact_in(line) for line in lines) else text
