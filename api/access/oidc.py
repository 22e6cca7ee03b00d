"""Signing in with an identity provider: OpenID Connect, code flow with PKCE, state and nonce.

What it says of a person stays here but for two things: a role, and the claim that the log names
them by, which is the provider's own pseudonym (`sub`) unless the settings name another. No token is
kept. Standards: OpenID Connect Core 1.0 (3.1) and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer
in the answer), RFC 9700 (best practice).
"""

import datetime
import hmac
import json
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access.roles import Actor, Role
from api.access.rules import DeniedError
from api.errors import UnavailableError
from graph.errors import FingerpostError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can make. `none` and shared secrets (HS…) are refused."""
MINUTES = 10
"""How long somebody may take to sign in at the provider."""
_LEEWAY = 60
_TIMEOUT = httpx.Timeout(5.0)
_SECONDS = 15.0
_LARGEST = 1 << 20
MOST_PENDING = 1_000
"""How many sign-ins may be begun and not finished."""
_KEPT = datetime.timedelta(hours=1)
_AGAIN = datetime.timedelta(minutes=1)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_log = logging.getLogger(__name__)

Json = Mapping[str, Any]


class SignInError(DeniedError):
    """A sign-in that is refused: it is not the one that was begun here, or what came is invalid."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows this application as, and how its claims are read."""

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    scope: str
    roles_claim: str
    roles: Mapping[str, Role]
    name_claim: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: what its answer must match, and where the person wanted to go."""

    state: str
    nonce: str
    verifier: str
    to: str
    when: datetime.datetime
    address: str


@dataclass(slots=True)
class _Fetched:
    """Something of the provider's, and when it was fetched."""

    value: Json = field(default_factory=dict)
    when: datetime.datetime | None = None


class SignIn:
    """Sign-ins with one provider."""

    def __init__(self, client: Client, now: Callable[[], datetime.datetime]) -> None:
        """Nothing is fetched before somebody signs in. Raises FingerpostError if not over TLS."""
        _check_url(client.issuer)
        self._client = client
        self._now = now
        self._begun: dict[str, Begun] = {}
        self._about = _Fetched()
        self._keys = _Fetched()
        self._lock = threading.Lock()

    def begin(self, to: str, address: str) -> tuple[str, str]:
        """Where to send a browser, and the ticket that it must bring back in a cookie.

        `address` is where it comes from: one address that begins very many loses its own.
        Raises UnavailableError if the provider does not answer.
        """
        about = self._discovered()
        begun = Begun(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            to=to,
            when=self._now(),
            address=address,
        )
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._drop_old()
            self._begun[ticket] = begun
            self._drop_of_the_busiest()
        url = prepare_grant_uri(
            about["authorization_endpoint"],
            client_id=self._client.client_id,
            response_type="code",
            redirect_uri=self._client.redirect_uri,
            scope=self._client.scope,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return url, ticket

    def finish(self, ticket: str, answer: Mapping[str, str]) -> tuple[Actor, str]:
        """Who has signed in, and where they wanted to go. A ticket is good for one attempt.

        Raises SignInError if the answer is not that to the ticket or its token is invalid,
        DeniedError if the person has no role here, UnavailableError if the provider fails.
        """
        with self._lock:
            self._drop_old()
            begun = self._begun.pop(ticket, None)
        if begun is None or not hmac.compare_digest(
            begun.state.encode(), answer.get("state", "").encode()
        ):
            raise SignInError("This sign-in was not begun here, or too long ago. Begin again.")
        if answer.get("iss", self._client.issuer) != self._client.issuer:
            raise SignInError("This answer is from another identity provider. Begin again.")
        if "error" in answer or not answer.get("code"):
            raise SignInError("The identity provider has not let you in. Begin again, or ask it.")
        claims = self._claims(answer["code"], begun)
        return self._actor(claims), begun.to

    def _claims(self, code: str, begun: Begun) -> Json:
        client, about = self._client, self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "client_id": client.client_id,
            "code_verifier": begun.verifier,
        }
        secret = client.client_secret
        tokens = self._fetch(
            "POST",
            about["token_endpoint"],
            data=form,
            auth=httpx.BasicAuth(client.client_id, secret) if secret else None,
        )
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignInError("The identity provider sent no identity. Begin again.")
        try:
            return self._checked(token, begun, tokens.get("access_token"))
        except (JoseError, ValueError, TypeError) as error:
            _log.warning("an identity token is refused: %s", type(error).__name__)
            raise SignInError("What the identity provider sent is not valid here.") from None

    def _checked(self, token: str, begun: Begun, access_token: object) -> Json:
        """The claims of a token whose signature, issuer, audience, times and nonce are right."""
        try:
            decoded = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys since they were fetched.
            decoded = jwt.decode(token, self._key_set(again=True), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self._client.issuer},
                "aud": {"essential": True, "value": self._client.client_id},
                "nonce": {"essential": True, "value": begun.nonce},
            },
            {
                "nonce": begun.nonce,
                "client_id": self._client.client_id,
                "access_token": access_token,
            },
        )
        claims.validate(now=int(self._now().timestamp()), leeway=_LEEWAY)
        return dict(claims)

    def _actor(self, claims: Json) -> Actor:
        given = _at(claims, self._client.roles_claim)
        values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        known = self._client.roles
        roles = [known[value] for value in values if isinstance(value, str) and value in known]
        if not roles:
            raise DeniedError(
                "You have signed in, and nobody has given you a role here. Ask whoever runs this."
            )
        name = _at(claims, self._client.name_claim)
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise SignInError("The identity provider did not send what you are named by here.")
        return Actor(name.strip()[:120], max(roles), "browser")

    # ------------------------------------------------------------ what the provider says of itself

    def _discovered(self) -> Json:
        """What the provider says of itself (Discovery 1.0, 4.3: it must name the same issuer)."""
        now = self._now()
        if self._about.when is None or now - self._about.when > _KEPT:
            url = self._client.issuer.rstrip("/") + "/.well-known/openid-configuration"
            about = self._fetch("GET", url)
            if about.get("issuer") != self._client.issuer:
                _log.error("the identity provider names another issuer than FINGERPOST_OIDC_ISSUER")
                raise _unavailable()
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                try:
                    _check_url(about.get(name))
                except FingerpostError:
                    _log.error("the identity provider's %s cannot be used", name)
                    raise _unavailable() from None
            self._about = _Fetched(about, now)
        return self._about.value

    def _key_set(self, *, again: bool = False) -> KeySet:
        now, fetched = self._now(), self._keys.when
        limit = _AGAIN if again else _KEPT
        if fetched is None or now - fetched > limit:
            self._keys = _Fetched(self._fetch("GET", self._discovered()["jwks_uri"]), now)
        keys = [
            key
            for key in self._keys.value.get("keys", ())
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use") != "enc"
        ]
        return KeySet.import_key_set({"keys": keys})

    def _fetch(self, method: str, url: str, **how: Any) -> Json:
        """A JSON object of the provider's. Raises UnavailableError, SignInError if it says no."""
        late = time.monotonic() + _SECONDS
        # What the environment names as a proxy of the web is no way to this machine itself.
        is_elsewhere = urlsplit(url).hostname not in _LOOPBACK
        try:
            with (
                httpx.Client(timeout=_TIMEOUT, trust_env=is_elsewhere) as http,
                http.stream(method, url, headers={"Accept": "application/json"}, **how) as answer,
            ):
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > _LARGEST or time.monotonic() > late:
                        raise _unavailable()
            if method == "POST" and 400 <= answer.status_code < 500:
                _log.warning("the identity provider refuses a code: status %s", answer.status_code)
                raise SignInError("The identity provider does not confirm this sign-in.")
            answer.raise_for_status()
            found = json.loads(content)
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("the identity provider cannot be used: %s", type(error).__name__)
            raise _unavailable() from None
        if not isinstance(found, dict):
            raise _unavailable()
        return found

    def _drop_old(self) -> None:
        limit = self._now() - datetime.timedelta(minutes=MINUTES)
        self._begun = {t: b for t, b in self._begun.items() if b.when > limit}

    def _drop_of_the_busiest(self) -> None:
        """Where too many are begun, drop the oldest of the address that has begun most."""
        while len(self._begun) > MOST_PENDING:
            [(busiest, _)] = Counter(b.address for b in self._begun.values()).most_common(1)
            del self._begun[next(t for t, b in self._begun.items() if b.address == busiest)]


def _unavailable() -> UnavailableError:
    return UnavailableError(
        "The identity provider does not answer as it should, so nobody can sign in now. Try again "
        "in a while; whoever runs this finds the reason in the log."
    )


def _check_url(url: object) -> None:
    """Raises FingerpostError for an address that is not over TLS, unless it is this machine's."""
    parts = urlsplit(url if isinstance(url, str) else "")
    is_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise FingerpostError(
            "The identity provider's address must begin with https://. See FINGERPOST_OIDC_ISSUER."
        )


def _at(claims: Json, path: str) -> object:
    """A claim by its name, or by a path with dots where it lies in another."""
    if path in claims:
        return claims[path]
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found
