"""Files of lines that are only ever appended to, each holding the hash of the one before it.

A line that was changed, taken out or put in is noticed by whoever reads the file. A file that lost
its last lines is not: note the hash of the last one elsewhere to notice that as well. A line is
whole and on the disk before `append` returns; one that a killed process left unfinished counts as
never written.
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

START = "0" * 64
"""What stands for the hash of the line before the first."""
_BLOCK = 1 << 16


class BrokenChainError(Exception):
    """A line does not follow from the one before it; `line` counts from 1, 0 is the last."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


def append(path: Path, body: Mapping[str, Any]) -> str:
    """Add a line, whole and on the disk when this returns, and return its hash.

    Only the last line is read, so this costs the same however long the file is; who needs more
    reads all of it first (see `read`). Processes take turns. The file is made for its owner alone.
    Raises BrokenChainError if the last line is damaged, OSError if the file cannot be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file, locked(file):
        last, whole = _last_line(file)
        linked = {**body, "previous": _checked(last)[1] if last else START}
        digest = _hash(linked)
        line = json.dumps(linked | {"hash": digest}, ensure_ascii=False, sort_keys=True) + "\n"
        file.truncate(whole)
        file.seek(whole)
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return digest


def read(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Every line as it was given to `append`, with its hash, oldest first.

    Raises BrokenChainError at the first line that does not follow from the one before it.
    """
    if not path.exists():
        return
    before = START
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                body, digest = _checked(line)
                if body.pop("previous") != before:
                    raise BrokenChainError(number)
            except (BrokenChainError, KeyError):
                raise BrokenChainError(number) from None
            before = digest
            yield body, digest


@contextlib.contextmanager
def locked(file: BinaryIO) -> Iterator[None]:
    """Only one process goes on; the lock of one that is killed is free at once."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
    yield


def _checked(line: bytes) -> tuple[dict[str, Any], str]:
    """The content of a line, with `previous`, and its hash, which it must have."""
    try:
        body = json.loads(line)
        digest = body.pop("hash")
        if digest == _hash(body):
            return body, digest
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise BrokenChainError(0)


def _last_line(file: BinaryIO) -> tuple[bytes, int]:
    """The last whole line, empty where there is none, and where whole lines end."""
    end = file.seek(0, os.SEEK_END)
    tail = b""
    while end > 0 and tail.count(b"\n") < 2:
        start = max(0, end - _BLOCK)
        file.seek(start)
        tail = file.read(end - start) + tail
        end = start
    whole = tail.rfind(b"\n") + 1
    begins = tail.rfind(b"\n", 0, max(whole - 1, 0)) + 1
    return tail[begins:whole], end + whole


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
