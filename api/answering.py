"""Answers worked out beside the server's own loop, so many at once, each in so much time.

An answer that takes too long is refused; its thread ends by itself and holds its place until then,
so that slow questions asked again and again never fill the machine.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from fastapi import Request

from api.errors import UnavailableError
from api.settings import Settings

Result = TypeVar("Result")


class Answering:
    """Threads for answers: at most `at_once`, each request waiting at most `seconds`.

    No more than `waiting` requests wait for a thread, where it is given; it is asked from one loop.
    """

    def __init__(self, seconds: float, at_once: int, waiting: int | None = None) -> None:
        self.seconds = seconds
        self._most = None if waiting is None else at_once + waiting
        self._open: list[Future[Any]] = []
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="answer")

    async def within(self, work: Callable[[], Result]) -> Result:
        """What a piece of work returns.

        Raises UnavailableError where it takes too long, or too many wait already.
        """
        working = self._begun(work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(working), self.seconds)
        except TimeoutError:
            raise UnavailableError(
                f"This takes longer than {self.seconds:g} seconds here. Ask about one partnership "
                "or choose more narrowly; or ask again in a while."
            ) from None

    def _begun(self, work: Callable[[], Result]) -> Future[Result]:
        if self._most is None:
            return self._pool.submit(work)
        self._open = [one for one in self._open if not one.done()]
        if len(self._open) >= self._most:
            raise UnavailableError("Others wait for the same already. Ask again in a while.")
        self._open.append(self._pool.submit(work))
        return self._open[-1]


async def answered(request: Request, work: Callable[[], Result]) -> Result:
    """Work done in the threads of the application that a request came to."""
    answering: Answering | None = getattr(request.app.state, "answering", None)
    if answering is None:
        settings: Settings = request.app.state.settings
        answering = Answering(settings.answer_seconds, settings.answers_at_once)
        request.app.state.answering = answering
    return await answering.within(work)
