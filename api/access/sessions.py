"""Sessions of browsers, kept here: the cookie is a random number and says nothing.

They are in memory: a restart signs everybody out. A session ends when it was not used for a while
and, used or not, after a working day (OWASP, Session Management).
"""

import datetime
import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from api.access.roles import Actor

COOKIE = "__Host-fingerpost"
"""The prefix has browsers take it from a secure page only, for this host and every path (RFC
6265bis, 4.1.3.2), so that no neighbouring site can set it."""
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, since when, and when they last asked for something."""

    actor: Actor
    began: datetime.datetime
    used: datetime.datetime


class Sessions:
    """Every session of one process. The hash of its number is kept, not the number."""

    def __init__(
        self,
        idle: datetime.timedelta,
        longest: datetime.timedelta,
        now: Callable[[], datetime.datetime],
    ) -> None:
        """Sessions that end after `idle` without a request, and after `longest` in any case."""
        self._idle = idle
        self._longest = longest
        self._now = now
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, actor: Actor, before: str | None = None) -> str:
        """Begin a session under a new number and return that; the one before it ends.

        A new number at every sign-in is what makes a number planted beforehand worthless.
        """
        number = secrets.token_urlsafe(32)
        now = self._now()
        with self._lock:
            if before:
                self._sessions.pop(_hashed(before), None)
            if len(self._sessions) >= _MOST:
                self._sweep(now)
            self._sessions[_hashed(number)] = Session(actor, now, now)
        return number

    def find(self, number: str) -> Actor | None:
        """Who is signed in under a number, or None; being asked for keeps a session alive."""
        now = self._now()
        with self._lock:
            session = self._sessions.get(_hashed(number))
            if session is None:
                return None
            if self._is_over(session, now):
                del self._sessions[_hashed(number)]
                return None
            self._sessions[_hashed(number)] = replace(session, used=now)
            return session.actor

    def end(self, number: str) -> None:
        """End a session; ending one that is over changes nothing."""
        with self._lock:
            self._sessions.pop(_hashed(number), None)

    def _is_over(self, session: Session, now: datetime.datetime) -> bool:
        return now - session.used >= self._idle or now - session.began >= self._longest

    def _sweep(self, now: datetime.datetime) -> None:
        """Make room: drop what is over, and if that is not enough what was used least recently."""
        live = [(s.used, key) for key, s in self._sessions.items() if not self._is_over(s, now)]
        kept = sorted(live, reverse=True)[: _MOST - 1]
        self._sessions = {key: self._sessions[key] for _, key in kept}


def _hashed(number: str) -> str:
    return hashlib.sha256(number.encode("utf-8", "replace")).hexdigest()
