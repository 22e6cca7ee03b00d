"""Bodies of requests that change something: files as a form sends them, and a few short fields.

A body is read as it comes and refused as soon as it is too large; what its headers say of its size
is not relied on. Names of files are the sender's own words: only a plain form of them is kept.
"""

import json
import re
import shutil
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import normalize
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.errors import ParameterError, RequestError, TooLargeError, UnsupportedError
from graph.confidential import contact_in

MULTIPART, FORM, JSON = (
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/json",
)
_MOST_FIELD_BYTES = 16 * 1024
_PLAIN = re.compile(r"[^\w .()+-]+")
_LONGEST_NAME = 80


class MalformedError(RequestError):
    """The body is not of the form that its Content-Type says."""

    status = 400


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form sent: its fields, and its files by the name of their field."""

    fields: Mapping[str, str]
    files: Mapping[str, UploadFile]

    def save(self, name: str, folder: Path) -> Path | None:
        """Write a file into a folder of its own there, by its plain name; None where none came."""
        file = self.files.get(name)
        if file is None:
            return None
        path = folder / name / plain_name(file.filename or "")
        path.parent.mkdir(mode=0o700)
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        return path


def plain_name(given: str) -> str:
    """The name of a file without folders and strange characters; a contact in it is left out.

    >>> plain_name("C:\\\\lists\\\\Services 2026.XLSX"), plain_name("../../etc/passwd")
    ('Services 2026.xlsx', 'passwd')
    """
    name = PurePosixPath(normalize("NFC", given).replace("\\", "/")).name
    stem, dot, ending = name.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,10}", ending):
        stem, dot, ending = name, "", ""
    stem = _PLAIN.sub("_", stem).strip(" .")[:_LONGEST_NAME]
    if not stem or contact_in(stem.replace("_", " ")):
        stem = "upload"
    return f"{stem}{dot}{ending.lower()}"


async def read_upload(
    request: Request,
    most_bytes: int,
    files: tuple[str, ...],
    most_field_bytes: int = _MOST_FIELD_BYTES,
) -> Upload:
    """The fields and files of a form; a table may also be written into a field.

    A file that was not chosen comes without a name and is none.

    Raises UnsupportedError for a body of another type, TooLargeError for one that is too large,
    MalformedError for one that cannot be read or holds other files.
    """
    if _media_type(request) != MULTIPART:
        raise UnsupportedError(f"Send the file as a form does: {MULTIPART}.")
    parser = MultiPartParser(
        request.headers,
        _counted(request, most_bytes),
        max_files=len(files),
        max_fields=8,
        max_part_size=most_field_bytes,
    )
    try:
        items = (await parser.parse()).multi_items()
    except (MultiPartException, ClientDisconnect, ValueError):
        raise MalformedError("The form cannot be read. Send it again.") from None
    texts = {name: value.strip() for name, value in items if isinstance(value, str)}
    sent = {name: value for name, value in items if isinstance(value, UploadFile)}
    for file in (f for f in sent.values() if not f.filename):
        file.file.close()
    upload = Upload(texts, {n: f for n, f in sent.items() if f.filename})
    if sent.keys() - set(files):
        close(upload)
        raise MalformedError(f"The fields for files are {', '.join(files)}.")
    return upload


def close(upload: Upload) -> None:
    """Remove what was kept of the files of a form while it was read."""
    for file in upload.files.values():
        file.file.close()


@contextmanager
def closing(upload: Upload) -> Iterator[Upload]:
    """Use a form's files, and remove them afterwards."""
    try:
        yield upload
    finally:
        close(upload)


async def read_fields(request: Request) -> Mapping[str, str]:
    """The fields of a small body: a plain form, or JSON whose values are texts.

    Raises UnsupportedError for a body of another type, TooLargeError and MalformedError.
    """
    kind = _media_type(request)
    if kind not in (FORM, JSON):
        raise UnsupportedError(f"Send the fields as {JSON} or {FORM}.")
    body = b"".join([chunk async for chunk in _counted(request, _MOST_FIELD_BYTES)])
    try:
        text = body.decode("utf-8")
        pairs = json.loads(text) if kind == JSON else dict(parse_qsl(text, max_num_fields=20))
    except (ValueError, RecursionError):
        raise MalformedError("The body cannot be read. Check how it is written.") from None
    if not isinstance(pairs, dict) or not all(isinstance(v, str) for v in pairs.values()):
        raise MalformedError("The body is an object whose values are texts.")
    return pairs


def field_of(fields: Mapping[str, str], name: str, form: re.Pattern[str], expected: str) -> str:
    """A field of a body. Raises ParameterError where it is missing or of another form."""
    value = fields.get(name, "")
    if not form.fullmatch(value):
        raise ParameterError(name, expected)
    return value


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes. Raises TooLargeError as soon as it is."""
    left = most
    async for chunk in request.stream():
        left -= len(chunk)
        if left < 0:
            size = f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB"
            raise TooLargeError(f"That is too large: at most {size} are read here.")
        yield chunk
