"""What is checked of an Office file before any library opens it: it may come from anybody.

Such a file is a zip of XML parts. A small one can unpack to gigabytes, and a document type
declaration in a part can make the parser expand or fetch. Neither is needed by any honest file.
"""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

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


def too_large(path: Path) -> Problem | None:
    """Why a file, or all files of a folder, are not even opened, or None: too large, or absent."""
    try:
        files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
        size = sum(file.stat().st_size for file in files)
        strange = any(not file.is_file() for file in files) or (
            path.is_dir() and any(p.is_symlink() for p in path.rglob("*"))
        )
    except OSError as error:
        advice = f"Check its name and whether you may read it ({error.strerror})."
        return Problem(path.name, 0, "", "", "the file to be there", advice)
    if strange:
        advice = "Copy the file itself there: pipes, devices and links are not read."
        return Problem(path.name, 0, "", "", "a file", advice)
    if size > MAX_BYTES:
        expected = f"at most {MAX_BYTES // 1024**2} MB, and it has {size // 1024**2} MB"
        advice = "Split it, or leave out what is not needed, and import it again."
        return Problem(path.name, 0, "", "", expected, advice)
    return None


def archive_problem(content: bytes, file: str) -> Problem | None:
    """Why an Office file may not be opened, or None."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            return _size_problem(parts, file) or _type_problem(archive, parts, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        kind, ending, _ = _kind(file)
        advice = f"Save it as {ending}, without a password, and try again."
        return Problem(file, 0, "", "", f"a {kind} that can be opened", advice)


def _kind(file: str) -> tuple[str, str, str]:
    """What a file is called, its ending, and how to be rid of what is not wanted in it."""
    if file.lower().endswith(".docx"):
        return "document", ".docx", "Copy its text and tables into a new document and save that."
    return "workbook", ".xlsx", "Copy the rows into a new template and save that."


def _size_problem(parts: list[zipfile.ZipInfo], file: str) -> Problem | None:
    advice = _kind(file)[2]
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
            advice = _kind(file)[2]
            return Problem(file, 0, "", "", "no document type declaration inside it", advice)
    return None
