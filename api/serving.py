"""Running the two applications, each in a process of its own: they share code and never data.

The staff application runs in this process. The public one runs in another, so that what is
confidential is never in its memory; it ends when this one ends, however that happens.
"""

import contextlib
import datetime
import errno
import logging
import multiprocessing
import multiprocessing.connection
import os
import socket
import threading
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.access import Access
from api.access.rates import Network, Windows, caller_address, networks
from api.errors import TooManyError
from api.faults import Problem, problem_details
from api.place import Address
from api.settings import Settings
from api.slow_clients import ImpatientProtocol
from graph.errors import FingerpostError
from ontology.schema import default_schema

_log = logging.getLogger(__name__)
_START_SECONDS = 60.0
_STOP_SECONDS = 10


def listen(address: Address) -> socket.socket:
    """A socket that listens there. Raises FingerpostError where that is not possible."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise FingerpostError(_why_not(address, error)) from None


def _why_not(address: Address, error: Exception) -> str:
    number = getattr(error, "errno", None)
    another = f"Choose another: {address.port_option} {min(address.port + 10, 65535)}"
    if number == errno.EADDRINUSE:
        return f"Port {address.port} is in use. {another}"
    if number == errno.EACCES:
        return f"Port {address.port} is for the system's own programs. {another}"
    return (
        f"This machine cannot listen at {address.host}. Give an address that it has: "
        f"{address.host_option} 127.0.0.1"
    )


def check_staff_place(address: Address, access: Access) -> None:
    """Raises FingerpostError where the staff application would be open to others as it is.

    An address over TLS means that a proxy stands before it: others reach it then, wherever it
    listens itself.
    """
    is_proxied = access.url.startswith("https://")
    if is_proxied and not access.is_required():
        raise FingerpostError(
            "FINGERPOST_STAFF_URL says that a proxy leads others to the staff application, and "
            "nobody would have to sign in. Make a key first (fingerpost key add NAME --role "
            "reader), set up an identity provider, or unset it: docs/serving.md"
        )
    if is_proxied and not access.proxies:
        _log.warning(
            "FINGERPOST_PROXIES names no proxy, so all who come through one count as one caller: "
            "one who asks too often, or guesses, shuts out the others. See docs/serving.md"
        )
    if address.is_loopback:
        return
    if not access.is_required():
        raise FingerpostError(
            f"At {address.host} others could reach the staff application, and nobody would have to "
            "sign in. Make a key first (fingerpost key add NAME --role reader) or set up an "
            "identity provider: docs/serving.md"
        )
    if not is_proxied:
        raise FingerpostError(
            "Others reach the staff application over TLS only. Put a proxy before it, and set "
            "FINGERPOST_STAFF_URL to the address that it has there: docs/serving.md"
        )


def server_of(app: FastAPI) -> uvicorn.Server:
    """A server that logs no addresses and no requests, and believes no header about them.

    It answers as many connections at once as the settings say, and waits for no slow ones.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            http=ImpatientProtocol,
            limit_concurrency=Settings().connections,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )


def run(server: uvicorn.Server, listening: socket.socket) -> None:
    """Serve until told to stop."""
    with contextlib.suppress(KeyboardInterrupt), listening:
        server.run(sockets=[listening])


def public_app(settings: Settings) -> FastAPI:
    """The public application over the public release below the home."""
    from api.asking_once.letterbox import FOLDER, Letterbox
    from api.public import create_public_app
    from api.published import Published

    published = Published(settings.home, default_schema(), settings.postcodes)
    on = settings.on
    app = create_public_app(
        published,
        today=(lambda: on) if on else _today,
        licence=settings.licence,
        places=[slug.strip() for slug in settings.directory.split(",") if slug.strip()],
        letterbox=Letterbox(settings.home / FOLDER),
        counts_searches=settings.count_searches,
    )
    if settings.public_rate:
        limit, proxies = Windows(settings.public_rate), networks(settings.proxies.split(","))
        # The innermost, so that a refusal leaves with the headers of all answers.
        app.user_middleware.append(Middleware(Throttle, limit=limit, proxies=proxies))
    return app


class Throttle:
    """Refuses addresses that ask too often, as a problem; remembers none beyond its window."""

    def __init__(self, app: ASGIApp, limit: Windows, proxies: tuple[Network, ...]) -> None:
        """Stand before an ASGI application."""
        self._app = app
        self._limit = limit
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            try:
                self._limit.count(caller_address(scope, self._proxies))
            except TooManyError as error:
                answer = problem_details(Problem(error.status, str(error)))
                answer.headers.update(error.headers)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


@contextlib.contextmanager
def public_beside(address: Address, staff: uvicorn.Server | None = None) -> Iterator[None]:
    """Run the public application in a process of its own, meanwhile; both end together.

    Raises FingerpostError if it cannot begin, or where it has ended by itself.
    """
    # A new interpreter: a fork would take along whatever this process has in memory.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_public_process, args=(address, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        told = ours.recv() if ours.poll(_START_SECONDS) else "It did not begin in time."
    except EOFError:
        told = "It ended while beginning."
    if told:
        _stop(process)
        raise FingerpostError(f"The public application cannot be served. {told}")
    is_stopping = threading.Event()

    def watch() -> None:
        process.join()
        if staff is not None and not is_stopping.is_set():
            staff.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
        # On Ctrl-C both get the signal: it is no fault of the public one to be first.
        has_failed = process.exitcode not in (None, 0)
    finally:
        is_stopping.set()
        ours.close()
        _stop(process)
    if has_failed:
        raise FingerpostError(
            "The public application has ended by itself, so both were stopped. Start them again: "
            "fingerpost serve"
        )


def _stop(process: multiprocessing.process.BaseProcess) -> None:
    if process.is_alive():
        process.terminate()
    process.join(_STOP_SECONDS + 5)
    if process.is_alive():
        process.kill()
        process.join()


def _public_process(address: Address, parent: multiprocessing.connection.Connection) -> None:
    """The public application's own process."""
    try:
        listening = listen(address)
        server = server_of(public_app(Settings()))
    except FingerpostError as error:
        parent.send(str(error))
        return
    threading.Thread(target=_end_with, args=(parent, server), daemon=True).start()
    parent.send("")
    run(server, listening)


def _end_with(parent: multiprocessing.connection.Connection, server: uvicorn.Server) -> None:
    """Stop when the other end is closed, as it is when the parent has ended, even if killed."""
    with contextlib.suppress(EOFError, OSError):
        parent.recv()
    server.should_exit = True
    threading.Event().wait(_STOP_SECONDS + 5)
    os._exit(1)
