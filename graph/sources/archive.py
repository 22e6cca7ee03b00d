"""What is checked of an Office file before any library opens it: it may come from anybody.

Such a file is a zip of XML parts. A small one can unpack to gigabytes, and a document type
declaration in a part can make the parser expand or fetch. Neither is needed by any honest file.
"""

import zipfile
import zlib
from io import BytesIO

from graph.errors import Problem

MAX_BYTES = 100 * 1024 * 1024
"""Of the file, and of all its parts together when unpacked."""
MAX_PARTS = 2_000
MAX_RATIO = 100
SMALL = 1024 * 1024
"""A part up to this size may compress better than the ratio: rows of blank cells do."""

_DOCTYPE = "<!DOCTYPE"
_DOCTYPES = tuple(_DOCTYPE.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
"""The encodings that XML parsers know without being told."""


def archive_problem(content: bytes, file: str) -> Problem | None:
    """Why an Office file may not be opened, or None."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            return _size_problem(parts, file) or _type_problem(archive, parts, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        advice = "Save it as .xlsx, without a password, and try again."
        return Problem(file, 0, "", "", "a workbook that can be opened", advice)


def _size_problem(parts: list[zipfile.ZipInfo], file: str) -> Problem | None:
    advice = "Copy the rows into a new template and save that."
    if len(parts) > MAX_PARTS:
        return Problem(file, 0, "", "", f"at most {MAX_PARTS} parts inside it", advice)
    if sum(part.file_size for part in parts) > MAX_BYTES:
        expected = f"at most {MAX_BYTES // 1024**2} MB when unpacked"
        return Problem(file, 0, "", "", expected, advice)
    for part in parts:
        if part.file_size > max(SMALL, part.compress_size * MAX_RATIO):
            expected = f"parts that unpack to at most {MAX_RATIO} times their size"
            return Problem(file, 0, "", "", expected, advice)
    return None


def _type_problem(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], file: str
) -> Problem | None:
    # Every part, whatever its name: the file itself decides which of them are read as XML.
    for part in parts:
        if any(mark in archive.read(part) for mark in _DOCTYPES):
            advice = "Copy the rows into a new template and save that."
            return Problem(file, 0, "", "", "no document type declaration inside it", advice)
    return None
