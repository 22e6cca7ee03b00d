"""Keys for programs: made, listed, removed and recognised.

A key is `fp_`, the id that it is listed by, and 256 random bits. It is shown once; the file
keeps its SHA-256. A slow hash (Argon2, bcrypt) protects secrets that people choose and others
guess; nobody guesses 256 random bits, however fast the hash is, and a slow one would let anybody
keep the server busy by sending keys. (NIST SP 800-63B, 5.1.2.2, says the same: a look-up secret
of 112 bits or more is hashed, and only one of fewer bits needs a salt and a slow hash.)
"""

import contextlib
import datetime
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from api.access.roles import Actor, Role
from graph.chain import locked
from graph.errors import FingerpostError

FILE = "keys.jsonl"
DAYS = 365
_KEY = re.compile(r"fp_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z0-9][a-z0-9 .-]{0,59}")
_NOBODY = hashlib.sha256(b"").hexdigest()


class KeyFileError(FingerpostError):
    """The file of keys cannot be used, or a key cannot be made or removed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: whose it is, what it may do, until when, and the hash of it."""

    id: str
    name: str
    role: Role
    made: datetime.date
    expires: datetime.date
    sha256: str

    def is_live(self, today: datetime.date) -> bool:
        """Whether it still opens anything; it does on its last day."""
        return today <= self.expires


class Keys:
    """The keys of one file, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """The keys of a path; there need not be a file yet."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, Key] = {}

    def exist(self) -> bool:
        """Whether keys are in use: a file from which the last was removed still says so."""
        return self._path.exists()

    def all(self) -> list[Key]:
        """Every key, by name. Raises KeyFileError if the file is damaged or open to others."""
        self._read_again()
        return sorted(self._keys.values(), key=lambda key: (key.name, key.id))

    def find(self, sent: str, today: datetime.date) -> Actor | None:
        """Whose key was sent, or None where it is nobody's or has expired."""
        self._read_again()
        match = _KEY.fullmatch(sent)
        key = self._keys.get(match[1]) if match else None
        expected = key.sha256 if key else _NOBODY
        same = hmac.compare_digest(_hashed(sent), expected)
        if key is None or not same or not key.is_live(today):
            return None
        return Actor(key.name, key.role, "key")

    def add(self, name: str, role: Role, today: datetime.date, days: int = DAYS) -> str:
        """Make a key and return it: it cannot be shown again.

        Raises KeyFileError if the name is not of the right form.
        """
        check_name(name)
        with self._locked():
            kept = self.all()
            identifier = secrets.token_hex(4)
            while identifier in self._keys:
                identifier = secrets.token_hex(4)
            sent = f"fp_{identifier}_{secrets.token_urlsafe(32)}"
            expires = today + datetime.timedelta(days=days)
            self._write([*kept, Key(identifier, name, role, today, expires, _hashed(sent))])
        return sent

    def get(self, identifier: str) -> Key:
        """The key of an id. Raises KeyFileError where there is none."""
        self._read_again()
        if identifier not in self._keys:
            raise KeyFileError("There is no such key. See their ids: fingerpost key list")
        return self._keys[identifier]

    def remove(self, identifier: str) -> None:
        """Remove a key by its id. Raises KeyFileError where there is none."""
        with self._locked():
            gone = self.get(identifier)
            self._write([key for key in self.all() if key != gone])

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Only one process changes the keys at a time."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("ab") as file, locked(file):
            yield

    def _read_again(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._keys = None, {}
            return
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise KeyFileError(
                f"Others may write to {FILE}, so no key in it is trusted. Let only its owner: "
                f"chmod 600 {FILE}"
            )
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen == self._seen:
            return
        lines = self._path.read_text(encoding="utf-8").splitlines()
        keys = [_read(line, number) for number, line in enumerate(lines, start=1)]
        self._keys = {key.id: key for key in keys}
        self._seen = seen

    def _write(self, keys: list[Key]) -> None:
        """Replace the file as a whole, for its owner alone."""
        partial = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            for key in keys:
                body = asdict(key) | {
                    "role": key.role.word,
                    "made": key.made.isoformat(),
                    "expires": key.expires.isoformat(),
                }
                file.write(json.dumps(body) + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)
        self._seen = None


def check_name(name: str) -> None:
    """Raises KeyFileError for a name that is not of the right form."""
    if not _NAME.fullmatch(name):
        raise KeyFileError(
            "A key is named for a post or a system, not for a person: lower-case letters, "
            "digits, spaces, dots and hyphens, 60 at most, such as commissioning-report."
        )


def _hashed(sent: str) -> str:
    return hashlib.sha256(sent.encode("utf-8", "replace")).hexdigest()


def _read(line: str, number: int) -> Key:
    try:
        body = json.loads(line)
        return Key(
            id=body["id"],
            name=body["name"],
            role=Role.of(body["role"]),
            made=datetime.date.fromisoformat(body["made"]),
            expires=datetime.date.fromisoformat(body["expires"]),
            sha256=body["sha256"],
        )
    except (ValueError, KeyError, TypeError):
        raise KeyFileError(
            f"Line {number} of {FILE} is damaged, so no key is trusted. Put the file back from a "
            "backup, or remove that line."
        ) from None
