"""Everything that decides who may use the staff application, made from the settings once.

Where neither keys nor an identity provider are set up, whoever is at this machine acts as the
publisher `local`; `fingerpost serve` then binds to this machine alone.
"""

import datetime
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response
from starlette.types import Scope

from api.access import keys as key_file
from api.access import log as log_file
from api.access.keys import KeyFileError, Keys
from api.access.log import Log
from api.access.oidc import Client, SignIn
from api.access.rates import Network, Rates, Windows, caller_address, networks
from api.access.roles import Actor, Role
from api.access.rules import DeniedError, UnknownCallerError
from api.access.sessions import COOKIE, Sessions
from api.errors import UnavailableError
from api.faults import prefers_page
from api.guard import LOOPBACK, header, host_of
from api.routes.pages import page
from api.settings import Settings
from graph.errors import FingerpostError

LOCAL = Actor("local", Role.PUBLISHER, "local")
ANSWER = "/sign-in/answer"
"""Where the identity provider sends people back to."""
_PASSED_ON = frozenset({b"forwarded", b"via", b"x-real-ip"})
Clock = Callable[[], datetime.datetime]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Access:
    """Keys, sessions, sign-ins, limits and the log of one staff application."""

    keys: Keys
    sessions: Sessions
    sign_in: SignIn | None
    rates: Rates
    log: Log
    proxies: tuple[Network, ...]
    hosts: frozenset[str]
    url: str
    now: Clock
    _was_required: bool = False

    @classmethod
    def of(cls, settings: Settings, now: Clock) -> "Access":
        """What the settings say. Raises FingerpostError where they do not fit together."""
        url = _staff_url(settings)
        client = _client(settings, url)
        more = frozenset(name.strip().lower() for name in settings.staff_hosts.split(","))
        named = (more | {(urlsplit(url).hostname or "")}) - {""}
        keys = Keys(settings.home / key_file.FILE)
        has_lock = client is not None or keys.exist()
        return cls(
            keys=keys,
            sessions=Sessions(
                datetime.timedelta(minutes=settings.session_idle_minutes),
                datetime.timedelta(hours=settings.session_hours),
                now,
            ),
            sign_in=SignIn(client, now) if client else None,
            rates=Rates(Windows(settings.rate_requests), Windows(settings.rate_failures)),
            log=Log(log_path(settings), now),
            proxies=networks(settings.proxies.split(",")),
            # Where nobody signs in, no other name than this machine's is answered to.
            hosts=LOOPBACK | named if has_lock else LOOPBACK,
            url=url,
            now=now,
        )

    def is_required(self) -> bool:
        """Whether one has to sign in or send a key; once it is so, it stays so."""
        if not self._was_required:
            self._was_required = self.sign_in is not None or self.keys.exist()
        return self._was_required

    def recognise(self, request: Request) -> Actor | None:
        """Who makes a request, or None where nobody knows.

        Raises UnknownCallerError for a key that does not open, TooManyError, UnavailableError, and
        DeniedError where nobody signs in and the request came through a proxy: whoever sent it
        need not be at this machine.
        """
        if not self.is_required():
            if _is_passed_on(request.scope):
                raise DeniedError(
                    "Nobody signs in here, so this answers this machine alone and no proxy. "
                    "Whoever runs this makes a key first: fingerpost key add NAME --role reader"
                )
            return LOCAL
        address = self.address(request)
        sent = header(request.scope, b"authorization")
        if sent is not None:
            return self._by_key(sent, address)
        number = request.cookies.get(COOKIE)
        actor = self.sessions.find(number) if number else None
        self.rates.requests.count(f"browser {actor.name}" if actor else f"address {address}")
        return actor

    def _by_key(self, sent: str, address: str) -> Actor:
        scheme, _, key = sent.partition(" ")
        try:
            actor = self.keys.find(key.strip(), self.now().date())
        except KeyFileError as error:
            _log.error("%s", error)
            raise UnavailableError("No key can be checked now. Tell whoever runs this.") from None
        if scheme.lower() != "bearer" or actor is None:
            self.rates.failures.count(address)
            raise UnknownCallerError("That key is not known here, or has expired.")
        self.rates.requests.count("key " + hashlib.sha256(key.strip().encode()).hexdigest())
        return actor

    def address(self, request: Request) -> str:
        """The address that a request comes from."""
        return caller_address(request.scope, self.proxies)

    def origins(self, request: Request) -> frozenset[str]:
        """The origins that our own pages have, as the request reached us."""
        host = (header(request.scope, b"host") or "").lower()
        scheme = "http" if host_of(request.scope) in LOOPBACK else "https"
        return frozenset({f"{scheme}://{host}", self.url} - {""})

    def takes_from_elsewhere(self, scope: Scope) -> bool:
        """Whether a request of another site's page is answered: a provider sending people back."""
        is_back = scope["method"] == "GET" and scope["path"] == ANSWER
        return is_back and self.sign_in is not None

    def tell(self, request: Request, error: FingerpostError) -> Response:
        """A refusal: for people who are not signed in the page where they can, else the problem."""
        handlers = request.app.exception_handlers
        answer: Response = handlers[FingerpostError](request, error)
        if not isinstance(error, UnknownCallerError) or not prefers_page(request):
            return answer
        to = local_path(request.url.path) if request.method == "GET" else "/"
        shown = page("sign_in.html", to=to, can_sign_in=self.sign_in is not None)
        shown.status_code = error.status
        shown.headers.update(error.headers)
        return shown


def log_path(settings: Settings) -> Path:
    """Where the log of the settings is."""
    return settings.home / log_file.FILE


def local_path(given: str) -> str:
    """A path of ours to go on to; the start page where what is given leads elsewhere.

    Browsers read a backslash as a slash, and two slashes as the beginning of another site's name.
    """
    is_ours = given.startswith("/") and not given.startswith(("//", "/\\"))
    return given if is_ours and given.isprintable() and "\\" not in given else "/"


def _is_passed_on(scope: Scope) -> bool:
    """Whether a header tells of a proxy (RFC 9110, 7.6.3; RFC 7239; what proxies add besides)."""
    return any(
        name in _PASSED_ON or name.startswith(b"x-forwarded-") for name, _ in scope["headers"]
    )


def _staff_url(settings: Settings) -> str:
    url = settings.staff_url.rstrip("/").lower()
    if not url:
        return ""
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and f"{parts.hostname}" in LOOPBACK
    if not parts.hostname or parts.path or parts.query or not (parts.scheme == "https" or is_here):
        raise FingerpostError(
            "FINGERPOST_STAFF_URL is the address of the staff application without a path, and "
            "over TLS, since its cookies are kept for secure pages: https://fp.example.org"
        )
    return url


def _client(settings: Settings, url: str) -> Client | None:
    """The client that the settings describe, or None where they name no identity provider."""
    needed = {
        "FINGERPOST_OIDC_ISSUER": settings.oidc_issuer,
        "FINGERPOST_OIDC_CLIENT_ID": settings.oidc_client_id,
        "FINGERPOST_OIDC_ROLES": settings.oidc_roles,
        "FINGERPOST_STAFF_URL": url,
    }
    if not settings.oidc_issuer and not settings.oidc_client_id:
        return None
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise FingerpostError(
            f"To sign in with an identity provider, set {', '.join(missing)} too. "
            "See docs/serving.md"
        )
    secret = settings.oidc_client_secret
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        redirect_uri=url + ANSWER,
        scope=settings.oidc_scopes,
        roles_claim=settings.oidc_roles_claim,
        roles=_roles(settings.oidc_roles),
        name_claim=settings.oidc_name_claim,
    )


def _roles(given: str) -> dict[str, Role]:
    """The role of each value of a claim, from `value=role` with commas between."""
    found: dict[str, Role] = {}
    for one in filter(None, map(str.strip, given.split(","))):
        value, _, word = one.rpartition("=")
        try:
            found[value.strip()] = Role.of(word.strip())
        except ValueError:
            found.clear()
            break
    if not found or "" in found:
        raise FingerpostError(
            "FINGERPOST_OIDC_ROLES says which value gives which role (reader, editor, publisher), "
            "such as: fp-read=reader, fp-edit=editor, fp-publish=publisher"
        )
    return found
