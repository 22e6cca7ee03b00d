"""Signing in with an identity provider: a real one, small and on this machine, and what it forges.

The provider checks what a real one checks (redirect address, PKCE, the client's secret, one use of
a code); the tests play the browser between it and the application.
"""

import base64
import datetime
import hashlib
import hmac
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.access.log import lines
from api.access.oidc import MOST_PENDING, SignInError
from api.access.sessions import COOKIE
from api.settings import Settings
from api.staff import create_staff_app, utc_now
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema

BASE = "https://staff.example.org"
CLIENT, SECRET = "fingerpost", "a secret : of % the & client"
ELSEWHERE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
Claims = dict[str, Any]


@dataclass
class Provider:
    """An identity provider, and the ways in which a test has it misbehave."""

    issuer: str = ""
    base: str = BASE
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: Claims = field(default_factory=dict)
    forge: Callable[["Provider", Claims], str] | None = None
    about: Claims = field(default_factory=dict)
    is_down: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def token(self, claims: Claims) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def noted(request: Request, go_on: Any) -> Response:
            self.asked.append(request.url.path)
            if self.is_down:
                return Response("down", 503)
            answer: Response = await go_on(request)
            return answer

        @app.get("/.well-known/openid-configuration")
        def about() -> Claims:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            } | self.about

        @app.get("/jwks")
        def jwks() -> Claims:
            own = self.key.as_dict(private=False)
            return {"keys": [own, {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}]}

        @app.get("/authorise")
        def authorise(request: Request) -> Response:
            given = dict(request.query_params)
            assert given["client_id"] == CLIENT
            assert given["response_type"] == "code"
            assert given["redirect_uri"] == f"{self.base}/sign-in/answer"
            assert given["code_challenge_method"] == "S256"
            assert len(given["nonce"]) >= 43 and len(given["state"]) >= 43
            code = secrets.token_urlsafe(8)
            self.codes[code] = given
            back = {"code": code, "state": given["state"], "iss": self.issuer}
            return RedirectResponse(f"{given['redirect_uri']}?{urlencode(back)}", 303)

        @app.post("/token")
        async def token(request: Request) -> Response:
            form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            begun = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                begun is None
                or request.headers.get("authorization") != f"Basic {basic}"
                or form["redirect_uri"] != begun["redirect_uri"]
                or challenge != begun["code_challenge"]
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
            now = int(time.time())
            claims = {
                "iss": self.issuer,
                "aud": CLIENT,
                "sub": "a1b2c3",
                "iat": now,
                "exp": now + 300,
                "nonce": begun["nonce"],
                "roles": ["fp-edit", "staff"],
                "email": "someone@example.org",
            } | self.claims
            claims = {k: v for k, v in claims.items() if v is not None}
            made = self.forge(self, claims) if self.forge else self.token(claims)
            return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": made})

        return app


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(found.app(), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield found
        server.should_exit = True
        thread.join()


@pytest.fixture
def staff(provider: Provider, tmp_path: Path, schema: Schema) -> FastAPI:
    return staff_of(provider, tmp_path, schema)


def staff_of(provider: Provider, home: Path, schema: Schema, **more: Any) -> FastAPI:
    given = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_roles": "fp-read=reader, fp-edit=editor, fp-publish=publisher",
        "staff_url": provider.base,
        "rate_failures": "1000/minute",
        **more,
    }
    clock = given.pop("clock", utc_now)
    return create_staff_app(
        EmbeddedStore(home / "store"), schema, Settings(home=home, **given), clock
    )


@pytest.fixture
def browser(staff: FastAPI) -> Iterator[TestClient]:
    with TestClient(staff, base_url=BASE, follow_redirects=False) as found:
        yield found


def begin(browser: TestClient, to: str = "/account") -> str:
    """Begin to sign in; the address that the provider sends the browser back to."""
    begun = browser.get("/sign-in/start", params={"to": to})
    assert begun.status_code == 303
    with httpx.Client(trust_env=False) as http:
        return http.get(begun.headers["location"]).headers["location"]


def come_back(browser: TestClient, location: str) -> httpx.Response:
    path = location.removeprefix(BASE)
    return browser.get(path, headers=ELSEWHERE | {"accept": "text/html"})


def acts(home: Path) -> list[tuple[str, str, str]]:
    return [(line.who, line.act, line.refused) for line, _ in lines(home / "audit.jsonl")]


# ---------------------------------------------------------------- the way in


def test_somebody_signs_in_and_out(browser: TestClient, tmp_path: Path) -> None:
    page = browser.get("/questions", headers={"accept": "text/html"})
    assert page.status_code == 401
    assert 'href="/sign-in/start?to=/questions"' in page.text
    answer = come_back(browser, begin(browser))
    assert answer.status_code == 200
    assert 'content="0; url=/account"' in answer.text
    told = browser.get("/account.json").json()
    assert told == {"name": "a1b2c3", "role": "editor", "how": "browser"}
    out = browser.post("/sign-out", headers={"sec-fetch-site": "same-origin"})
    assert out.status_code == 200
    assert browser.get("/account.json").status_code == 401
    assert acts(tmp_path) == [("a1b2c3", "sign in", ""), ("a1b2c3", "sign out", "")]
    assert "someone@example.org" not in (tmp_path / "audit.jsonl").read_text()


def test_the_cookies_are_kept_for_this_host_and_from_scripts(browser: TestClient) -> None:
    begun = browser.get("/sign-in/start").headers["set-cookie"]
    assert begun.startswith("__Host-fingerpost-sign-in=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in begun
    made = come_back(browser, begin(browser)).headers.get_list("set-cookie")
    [session] = [c for c in made if c.startswith(f"{COOKIE}=")]
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=strict"):
        assert part in session
    assert "Domain" not in session and "xpires" not in session and "Max-Age" not in session
    assert any(c.startswith('__Host-fingerpost-sign-in="";') for c in made)


def test_the_session_has_a_new_number_after_signing_in(browser: TestClient) -> None:
    """Session fixation: a number that was planted, or had before, is worthless afterwards."""
    browser.cookies.set(COOKIE, "planted", domain="staff.example.org", path="/")
    come_back(browser, begin(browser))
    first = browser.cookies.get(COOKIE)
    assert first and first != "planted" and len(first) == 43
    come_back(browser, begin(browser))
    second = browser.cookies.get(COOKIE)
    assert second and second != first
    browser.cookies.clear()
    for number in ("planted", first):
        told = browser.get("/account.json", headers={"cookie": f"{COOKIE}={number}"})
        assert told.status_code == 401


def test_roles_come_from_the_claim_that_is_named(
    provider: Provider, tmp_path: Path, schema: Schema
) -> None:
    provider.claims = {"realm": {"groups": "fp-publish"}, "post": "commissioner"}
    more = {"oidc_roles_claim": "realm.groups", "oidc_name_claim": "post"}
    app = staff_of(provider, tmp_path, schema, **more)
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        come_back(browser, begin(browser))
        told = browser.get("/account.json").json()
    assert told == {"name": "commissioner", "role": "publisher", "how": "browser"}


@pytest.mark.parametrize("roles", [None, [], ["staff"], "staff", {"fp-edit": True}, [["fp-edit"]]])
def test_without_a_role_nobody_is_let_in(
    browser: TestClient, provider: Provider, tmp_path: Path, roles: object
) -> None:
    provider.claims = {"roles": roles}
    answer = come_back(browser, begin(browser))
    assert answer.status_code == 403
    assert "nobody has given you a role" in answer.text
    assert COOKIE not in browser.cookies
    assert acts(tmp_path) == [("", "sign in", "DeniedError")]


def test_new_keys_of_the_provider_are_fetched(
    provider: Provider, tmp_path: Path, schema: Schema
) -> None:
    later = [utc_now()]
    app = staff_of(provider, tmp_path, schema, clock=lambda: later[0])
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        assert come_back(browser, begin(browser)).status_code == 200
        provider.key = RSAKey.generate_key(2048, {"kid": "two"})
        later[0] += datetime.timedelta(seconds=61)
        provider.claims = {"exp": int(time.time()) + 600}
        assert come_back(browser, begin(browser)).status_code == 200
        # They are not fetched again and again for tokens that nobody's key has signed.
        before = provider.asked.count("/jwks")
        provider.forge = lambda p, c: jwt.encode(
            {"alg": "RS256", "kid": "three"}, c, RSAKey.generate_key(2048)
        )
        for _ in range(3):
            assert come_back(browser, begin(browser)).status_code == 403
        assert provider.asked.count("/jwks") == before


# ---------------------------------------------------------------- forged and stolen


def _of_another_key(provider: Provider, claims: Claims) -> str:
    other = RSAKey.generate_key(2048, {"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, other)


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _unsigned(provider: Provider, claims: Claims) -> str:
    head = _part(b'{"alg":"none"}')
    return f"{head}.{provider.token(claims).split('.')[1]}."


def _with_the_public_key_as_secret(provider: Provider, claims: Claims) -> str:
    """What everybody knows, taken for a secret that only two know."""
    head = _part(b'{"alg":"HS256","kid":"one"}')
    signed = f"{head}.{provider.token(claims).split('.')[1]}"
    seal = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{_part(seal)}"


def _with_the_shared_key(provider: Provider, claims: Claims) -> str:
    shared = OctKey.import_key(b"secret")
    return jwt.encode({"alg": "HS256", "kid": "shared"}, claims, shared, algorithms=["HS256"])


def _changed_afterwards(provider: Provider, claims: Claims) -> str:
    head, _, seal = provider.token(claims).split(".")
    body = provider.token(claims | {"roles": ["fp-publish"]}).split(".")[1]
    return f"{head}.{body}.{seal}"


@pytest.mark.parametrize(
    "forge",
    [
        _of_another_key,
        _unsigned,
        _with_the_public_key_as_secret,
        _with_the_shared_key,
        _changed_afterwards,
        lambda p, c: "nonsense",
        lambda p, c: "",
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    browser: TestClient, provider: Provider, forge: Callable[[Provider, Claims], str]
) -> None:
    provider.forge = forge
    answer = come_back(browser, begin(browser))
    assert answer.status_code == 403
    assert COOKIE not in browser.cookies


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": "another", "azp": CLIENT},
        {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": NOW - 3600},
        {"exp": None},
        {"iat": NOW + 3600, "exp": NOW + 7200},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"sub": "a\nb"},
        {"at_hash": "wrong"},
    ],
)
def test_a_token_for_another_time_place_or_sign_in_is_refused(
    browser: TestClient, provider: Provider, claims: Claims
) -> None:
    provider.claims = claims
    assert come_back(browser, begin(browser)).status_code == 403
    assert COOKIE not in browser.cookies


def test_an_answer_with_another_state_is_refused_and_the_ticket_is_used_up(
    browser: TestClient, provider: Provider, tmp_path: Path
) -> None:
    location = begin(browser)
    state = parse_qs(urlsplit(location).query)["state"][0]
    assert come_back(browser, location.replace(state, "x" * 43)).status_code == 403
    assert come_back(browser, location).status_code == 403
    assert "/token" not in provider.asked
    assert acts(tmp_path) == [("", "sign in", "SignInError")] * 2


def test_an_answer_in_another_browser_is_refused(browser: TestClient, staff: FastAPI) -> None:
    """Login CSRF: nobody is signed in by a link that somebody else began."""
    location = begin(browser)
    with TestClient(staff, base_url=BASE, follow_redirects=False) as other:
        assert come_back(other, location).status_code == 403
        begin(other)
        assert come_back(other, location).status_code == 403


def test_an_answer_is_good_once(browser: TestClient) -> None:
    location = begin(browser)
    ticket = browser.cookies.get("__Host-fingerpost-sign-in")
    assert come_back(browser, location).status_code == 200
    browser.cookies.set(
        "__Host-fingerpost-sign-in", ticket or "", domain="staff.example.org", path="/"
    )
    assert come_back(browser, location).status_code == 403


def test_an_answer_after_ten_minutes_is_refused(
    provider: Provider, tmp_path: Path, schema: Schema
) -> None:
    later = [utc_now()]
    app = staff_of(provider, tmp_path, schema, clock=lambda: later[0])
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        location = begin(browser)
        later[0] += datetime.timedelta(minutes=10)
        assert come_back(browser, location).status_code == 403


def test_an_answer_of_another_provider_is_refused(browser: TestClient) -> None:
    location = begin(browser)
    parts = parse_qs(urlsplit(location).query)
    changed = {"code": parts["code"][0], "state": parts["state"][0], "iss": "https://evil.example"}
    assert come_back(browser, f"/sign-in/answer?{urlencode(changed)}").status_code == 403


def test_a_refusal_of_the_provider_is_told_without_its_words(browser: TestClient) -> None:
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    given = {"error": "access_denied", "error_description": "<b>words</b>", "state": state}
    answer = come_back(browser, f"/sign-in/answer?{urlencode(given)}")
    assert answer.status_code == 403
    assert "words" not in answer.text and "access_denied" not in answer.text


@pytest.mark.parametrize("wrong", ["code", "secret"])
def test_a_code_that_the_provider_does_not_know_is_refused(
    browser: TestClient, provider: Provider, wrong: str
) -> None:
    location = begin(browser)
    provider.codes.clear() if wrong == "code" else provider.codes[
        next(iter(provider.codes))
    ].update(code_challenge="another")
    assert come_back(browser, location).status_code == 403


def test_only_the_way_back_is_open_to_other_sites(browser: TestClient) -> None:
    for path in ("/", "/sign-in", "/sign-in/start", "/account"):
        assert browser.get(path, headers=ELSEWHERE).status_code == 403
    assert browser.post("/sign-in/answer", headers=ELSEWHERE).status_code == 403


def test_where_one_goes_on_to_stays_here(browser: TestClient) -> None:
    answer = come_back(browser, begin(browser, "//evil.example/"))
    assert "evil" not in answer.text
    assert 'content="0; url=/"' in answer.text


# ---------------------------------------------------------------- a provider that fails


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_says_what_cannot_be_is_not_used(
    browser: TestClient, provider: Provider, about: Claims
) -> None:
    provider.about = about
    assert browser.get("/sign-in/start").status_code == 503


def test_a_provider_that_is_down_is_told(browser: TestClient, provider: Provider) -> None:
    provider.is_down = True
    answer = browser.get("/sign-in/start", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert "identity provider does not answer" in answer.text
    assert "retry-after" in answer.headers
    assert provider.issuer not in answer.text
    provider.is_down = False
    location = begin(browser)
    provider.is_down = True
    assert come_back(browser, location).status_code == 503
    # Who is signed in already stays so, and the pages go on answering.
    assert browser.get("/health").status_code == 503
    assert browser.get("/sign-in").status_code == 200


def test_nothing_is_asked_of_the_provider_before_somebody_signs_in(
    browser: TestClient, provider: Provider
) -> None:
    browser.get("/sign-in")
    assert provider.asked == []


def test_beginning_to_sign_in_is_limited(
    provider: Provider, tmp_path: Path, schema: Schema
) -> None:
    app = staff_of(provider, tmp_path, schema, rate_failures="2/hour")
    with TestClient(app, base_url=BASE, follow_redirects=False) as browser:
        got = [browser.get("/sign-in/start").status_code for _ in range(3)]
    assert got == [303, 303, 429]


def test_one_address_that_begins_very_many_ends_nobody_elses(
    provider: Provider, tmp_path: Path, schema: Schema
) -> None:
    app = staff_of(provider, tmp_path, schema, rate_failures="100000/minute", proxies="10.0.0.5")
    signing_in = app.state.access.sign_in
    with TestClient(
        app, base_url=BASE, follow_redirects=False, client=("10.0.0.5", 1234)
    ) as browser:
        browser.headers["x-forwarded-for"] = "192.0.2.1"
        location = begin(browser)
        _, first = signing_in.begin("/", "192.0.2.2")
        last = [signing_in.begin("/", "192.0.2.2")[1] for _ in range(MOST_PENDING + 5)][-1]
        assert come_back(browser, location).status_code == 200
    with pytest.raises(SignInError, match="too long ago"):
        signing_in.finish(first, {})
    assert len(signing_in._begun) == MOST_PENDING - 1
    assert last in signing_in._begun
