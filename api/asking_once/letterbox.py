"""The letterbox between the two applications: a folder that the public one may read and fill.

It holds what providers are asked (`asked`), what they answered (`answers`), what visitors said is
wrong (`reports`) and the months' counts (`counts`), each a small file for its owner alone. What is
asked is found by the hash of a token of 256 bits; the token itself is in the link only. A file is
whole or not there, and an answer is put in once.
"""

import datetime
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from api.asking_once.packets import Packet, read_packet, written_packet
from api.errors import UnavailableError

FOLDER: Final = "letterbox"
"""Its folder below the home."""
MOST_BYTES: Final = 256 * 1024
"""The largest file that is put in."""
MOST_REPORTS: Final = 500
"""So many reports may wait; more are not taken, so that nobody fills the disk."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME: Final = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9]{4}-[0-9]{2}")
_ASKED, _ANSWERS, _REPORTS, _COUNTS = "asked", "answers", "reports", "counts"


def new_token() -> str:
    """A token that cannot be guessed: 256 bits from the system's source of random numbers."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What stands for a token wherever it is kept; it does not lead back to the token."""
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()


class Letterbox:
    """The folder; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        """A letterbox in a folder, which need not be there yet."""
        self._folder = folder

    # ------------------------------------------------------------ what is asked

    def ask(self, digest: str, packet: Packet) -> None:
        """Put in what a provider is asked."""
        _put(self._of(_ASKED), digest, written_packet(packet))

    def asked(self, token: str, today: datetime.date) -> tuple[str, Packet] | None:
        """What the holder of a token is asked, with its hash.

        None for every token that leads nowhere: never given, used, withdrawn or expired. It is
        looked up by its hash, so that the time it takes tells nothing of a token that is there.
        """
        if not _TOKEN.fullmatch(token):
            return None
        digest = digest_of(token)
        content = _read(self._of(_ASKED), digest)
        packet = read_packet(content) if content is not None else None
        if packet is None or packet.until < today or self.is_answered(digest):
            return None
        return digest, packet

    def withdraw(self, digest: str) -> None:
        """Take out what was asked: its link leads nowhere from now on."""
        _take(self._of(_ASKED), digest)

    # ------------------------------------------------------------ answers

    def answer(self, digest: str, content: bytes) -> bool:
        """Put an answer in; false where there is one already. What was asked is then taken out."""
        is_first = _put(self._of(_ANSWERS), digest, content)
        if is_first:
            self.withdraw(digest)
        return is_first

    def is_answered(self, digest: str) -> bool:
        """Whether there is an answer to what was asked."""
        return (self._of(_ANSWERS) / f"{digest}.json").exists()

    def answer_of(self, digest: str) -> bytes | None:
        """An answer, None where there is none."""
        return _read(self._of(_ANSWERS), digest)

    def remove_answer(self, digest: str) -> None:
        """Take an answer out, after what was asked: its link must not lead anywhere again."""
        _take(self._of(_ANSWERS), digest)

    # ------------------------------------------------------------ what is said to be wrong

    def report(self, content: bytes) -> None:
        """Put a report in. Raises UnavailableError where too many wait to be looked at."""
        if sum(1 for _ in _names(self._of(_REPORTS))) >= MOST_REPORTS:
            raise UnavailableError("No more can be taken now. Try again another day.", 3600)
        _put(self._of(_REPORTS), secrets.token_hex(16), content)

    def reports(self) -> Iterator[tuple[str, bytes]]:
        """Every report with its name."""
        folder = self._of(_REPORTS)
        for name in sorted(_names(folder)):
            content = _read(folder, name)
            if content is not None:
                yield name, content

    def remove_report(self, name: str) -> None:
        """Take a report out."""
        _take(self._of(_REPORTS), name)

    # ------------------------------------------------------------ counts

    def add_counts(self, month: str, content: bytes) -> None:
        """Put a month's counts in; those of a month are never changed."""
        _put(self._of(_COUNTS), month, content)

    def counts(self) -> Iterator[tuple[str, bytes]]:
        """Every month's counts, the oldest first."""
        folder = self._of(_COUNTS)
        for name in sorted(_names(folder)):
            content = _read(folder, name)
            if content is not None:
                yield name, content

    def _of(self, part: str) -> Path:
        return self._folder / part


def _put(folder: Path, name: str, content: bytes) -> bool:
    """Write a whole file for its owner alone, unless there is one of that name: then false."""
    if not _NAME.fullmatch(name) or len(content) > MOST_BYTES:
        raise ValueError("not a file of the letterbox")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link is made only where no file of that name is: of two at once one is the first.
        os.link(partial, folder / f"{name}.json")
    except FileExistsError:
        return False
    finally:
        partial.unlink()
    return True


def _read(folder: Path, name: str) -> bytes | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return (folder / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None


def _take(folder: Path, name: str) -> None:
    if _NAME.fullmatch(name):
        with suppress(FileNotFoundError):
            (folder / f"{name}.json").unlink()


def _names(folder: Path) -> Iterator[str]:
    return (path.stem for path in folder.glob("*.json") if _NAME.fullmatch(path.stem))
