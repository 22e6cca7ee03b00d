"""Connections that owe a request and do not send it: closed, so that nobody holds them all open.

The server waits for ever for the rest of a request. As Apache's mod_reqtimeout does, this asks for
a least rate: whoever sends less than `LEAST` bytes a second for one look and the next is let go.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOK_SECONDS = 10.0
"""How often a connection is looked at: a slow one is closed after one to two of these."""
LEAST = 500
"""Bytes a second: a form is there at once, and a large upload over the slowest line is faster."""


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that waits only for those who keep on sending."""

    look_seconds = LOOK_SECONDS
    _look: asyncio.TimerHandle | None = None
    _received = 0
    _seen: object = None

    def connection_made(self, transport: Any) -> None:
        """Begin to look at a new connection."""
        super().connection_made(transport)
        self._seen = self.cycle
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._received += len(data)
        super().data_received(data)

    def _look_later(self) -> None:
        self._look = self.loop.call_later(self.look_seconds, self._close_if_slow)

    def _close_if_slow(self) -> None:
        if self._owes() and self._received < LEAST * self.look_seconds:
            self.transport.close()
            return
        self._seen, self._received = self.cycle, 0
        self._look_later()

    def _owes(self) -> bool:
        """Whether the rest of the same request as at the last look is still to come.

        Not where it is we who keep the client waiting: for a turn, or for leave to send a body.
        """
        is_ours_to_move = self.flow.read_paused or self.conn.they_are_waiting_for_100_continue
        is_open = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        return is_open and self.cycle is self._seen and not is_ours_to_move
