"""The log of what was done and attempted: append-only, each line chained to the one before.

A line is on the disk before what it tells of is done: an act that cannot be logged is not done. It
holds who, in which role, how they came in, when, and what: names of releases and hashes of files,
never contents, nor what was asked. See `graph/chain.py` for what the chain shows.
"""

import datetime
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from fastapi import Request

from api.access.roles import Actor
from api.access.rules import ACTOR
from api.errors import RequestError
from graph import chain
from graph.confidential import contact_in, without_hidden
from graph.errors import FingerpostError

FILE = "audit.jsonl"
_LONGEST = 200
_HASH = re.compile(r"[0-9a-f]{16}|[0-9a-f]{64}")
"""Names of releases and hashes of files, in which telephone numbers would be seen."""
_NOT_REPEATED = "(not repeated)"
MOST_UNKNOWN = 10
"""How many refused attempts of people whom nobody knows are told in a minute, one by one."""
_log = logging.getLogger(__name__)

Fact = str | int | None


class LogError(RequestError):
    """The log cannot be written, so nothing is done."""

    status: ClassVar[int] = 503


class ChangedLogError(FingerpostError):
    """The log has been changed since it was written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; `refused` says why where it was an attempt only."""

    when: str
    who: str
    role: str
    how: str
    act: str
    refused: str
    facts: Mapping[str, Fact]


class Log:
    """The log in one file; several processes may append to it."""

    def __init__(self, path: Path, now: Callable[[], datetime.datetime]) -> None:
        """The log of a path; `now` is the clock."""
        self._path = path
        self._now = now
        self._minute = ""
        self._logged = 0
        self._untold = 0
        self._lock = threading.Lock()

    def append(
        self, actor: Actor | None, act: str, facts: Mapping[str, Fact], refused: str = ""
    ) -> None:
        """Add a line. Raises LogError where it cannot be written."""
        body = {
            "when": self._now().astimezone(datetime.UTC).isoformat(timespec="seconds"),
            "who": without_hidden(actor.name) if actor else "",
            "role": actor.role.word if actor else "",
            "how": actor.how if actor else "",
            "act": _told(act),
            "refused": refused,
            "facts": {name: _told(fact) for name, fact in facts.items()},
        }
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            chain.append(self._path, body)
        except (OSError, chain.BrokenChainError) as error:
            _log.error("the audit log cannot be written: %s", error)
            raise LogError(
                "Nothing was done, since the log of what is done cannot be written. Whoever runs "
                "this finds out why with: fingerpost audit --check"
            ) from error

    def refuse(self, actor: Actor | None, act: str, why: str) -> None:
        """Add a line about an attempt that is refused anyway, whether or not it can be written.

        Of those whom nobody knows, `MOST_UNKNOWN` a minute are told, and the next line says how
        many were not: nobody fills the disk from outside.
        """
        untold = 0 if actor else self._passed_over()
        if untold is None:
            return
        try:
            self.append(actor, act, {"not_told_before": untold} if untold else {}, why)
        except LogError:
            _log.error("a refused attempt is not in the audit log")

    def _passed_over(self) -> int | None:
        """How many attempts were not told before this one; None where it is not told either."""
        minute = self._now().isoformat(timespec="minutes")
        with self._lock:
            if minute != self._minute:
                self._minute, self._logged = minute, 0
            if self._logged >= MOST_UNKNOWN:
                self._untold += 1
                return None
            self._logged += 1
            untold, self._untold = self._untold, 0
            return untold


def lines(path: Path) -> Iterator[tuple[Line, str]]:
    """Every line with its hash, oldest first. Raises ChangedLogError at the first changed one."""
    try:
        for body, digest in chain.read(path):
            yield Line(**body), digest
    except chain.BrokenChainError as error:
        raise ChangedLogError(
            f"The log has been changed: line {error.line} of {path.name} does not follow from the "
            "one before it. Keep the file as it is for whoever looks into it, and compare it with "
            "a backup."
        ) from None


def audit(request: Request, act: str, **facts: Fact) -> None:
    """Write to the log that who makes the request is about to do something; call it before.

    Facts are names of releases, of partnerships, and hashes of files: never contents, nor what
    was asked. Raises LogError where the log cannot be written: then do nothing.
    """
    actor: Any = request.scope.get(ACTOR)
    request.app.state.access.log.append(actor, act, facts)


def _told(fact: Any) -> Any:
    """A fact as the log may keep it for good: short, and none that holds a contact."""
    if not isinstance(fact, str) or _HASH.fullmatch(fact):
        return fact
    plain = without_hidden(fact)
    if len(plain) > _LONGEST or contact_in(plain.replace("_", " ")):
        return _NOT_REPEATED
    return plain
