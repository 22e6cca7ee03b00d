"""Who may do what in the staff application: every route, every role, and what gets by nobody."""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access import Actor, Role, audit, needs
from api.access.access import local_path
from api.access.gate import SAFE, rule_of
from api.access.keys import FILE, KeyFileError, Keys
from api.access.log import MOST_UNKNOWN, ChangedLogError, lines
from api.access.rates import caller_address, networks
from api.access.sessions import COOKIE, Sessions
from api.cli import app as commands
from api.settings import Settings
from api.staff import PLAIN_RULES, create_staff_app
from graph.errors import FingerpostError
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema

BASE = "https://staff.example.org"
NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
OPEN = {
    "GET /sign-in",
    "GET /sign-in/start",
    "GET /sign-in/answer",
    "POST /sign-out",
    "GET /health",
}
"""What anybody may ask for. Whatever is added here says to everybody what it answers."""
CHANGES = {
    # Sent and worked out: nothing is kept of it.
    "POST /invest": Role.READER,
    "POST /invest/compared": Role.READER,
    "POST /what-if": Role.READER,
    "POST /what-if/table": Role.READER,
    "POST /imports/{kind}": Role.EDITOR,
    "POST /checks/links": Role.EDITOR,
    "POST /checks/{ref}/withdraw": Role.EDITOR,
    "POST /answers/accept": Role.EDITOR,
    "POST /answers/{ref}/refuse": Role.EDITOR,
    "POST /corrections/{name}/seen": Role.EDITOR,
    "POST /corrections/{name}/withhold": Role.PUBLISHER,
    "POST /draft/discard": Role.EDITOR,
    "POST /draft/publish": Role.PUBLISHER,
    "POST /releases/load": Role.PUBLISHER,
    "POST /releases/{name}/rollback": Role.PUBLISHER,
}
"""The least role for whatever is no mere reading, said here a second time, so that none slips."""


@dataclass
class Clock:
    """A clock that tests set."""

    time: datetime.datetime = NOON

    def __call__(self) -> datetime.datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings_of(home: Path, **more: object) -> Settings:
    given: dict[str, object] = {"staff_url": BASE, "rate_requests": "100000/minute", **more}
    return Settings(home=home, **given)  # type: ignore[arg-type]


def app_of(home: Path, schema: Schema, clock: Clock, **more: object) -> FastAPI:
    """The staff application over an empty store: whoever gets by the gate is told 503."""
    return create_staff_app(EmbeddedStore(home / "store"), schema, settings_of(home, **more), clock)


@pytest.fixture
def keys(tmp_path: Path) -> dict[Role | None, dict[str, str]]:
    """The headers that each role sends; None is nobody."""
    kept = Keys(tmp_path / FILE)
    made = {role: kept.add(f"the {role.word}", role, NOON.date()) for role in Role}
    return {None: {}, **{role: {"authorization": f"Bearer {key}"} for role, key in made.items()}}


Headers = dict[Role | None, dict[str, str]]


@pytest.fixture
def app(tmp_path: Path, schema: Schema, clock: Clock, keys: Headers) -> FastAPI:
    return app_of(tmp_path, schema, clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def operations(app: FastAPI) -> dict[str, object]:
    """Every method and path that the application answers, with its route."""
    found: dict[str, object] = {}
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or {"GET"}):
            found[f"{method} {context.path}"] = context
    return found


def filled(path: str) -> str:
    """A path with something in place of its parameters."""
    parts = [
        "x" + part.partition("}")[2] if part.startswith("{") else part for part in path.split("/")
    ]
    return "/".join(parts)


# ---------------------------------------------------------------- every route


def test_every_route_has_a_rule(app: FastAPI) -> None:
    without = [name for name, r in operations(app).items() if rule_of(r, PLAIN_RULES) is None]
    assert not without, f"add dependencies=[needs(Role.…)] to the router of {without}"


def test_what_is_open_is_known(app: FastAPI) -> None:
    found = {
        name
        for name, route in operations(app).items()
        if (rule := rule_of(route, PLAIN_RULES)) and rule.least is None
    }
    assert found - {"GET /static"} == OPEN


def test_what_changes_anything_has_the_rule_that_is_meant(app: FastAPI) -> None:
    found = {
        name: rule.least
        for name, route in operations(app).items()
        if name.split()[0] not in SAFE and (rule := rule_of(route, PLAIN_RULES)) and rule.least
    }
    assert found == CHANGES


def test_the_description_knows_every_operation_of_data(app: FastAPI) -> None:
    told = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert told <= set(operations(app))


def test_each_role_gets_by_where_it_may_and_nowhere_else(
    app: FastAPI, client: TestClient, keys: Headers
) -> None:
    for name, route in operations(app).items():
        method, path = name.split(" ", 1)
        rule = rule_of(route, PLAIN_RULES)
        assert rule
        for role, headers in keys.items():
            answer = client.request(
                method, filled(path), headers=headers | {"sec-fetch-site": "none"}
            )
            told = f"{name} as {role}: {answer.status_code}"
            if rule.least is None or (role is not None and role >= rule.least):
                assert answer.status_code not in (401, 403), told
            elif role is None:
                assert answer.status_code == 401, told
            else:
                assert answer.status_code == 403, told


def test_a_route_without_a_rule_is_refused_to_everybody(
    app: FastAPI, client: TestClient, keys: Headers
) -> None:
    @app.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    for headers in keys.values():
        answer = client.get("/forgotten", headers=headers)
        assert answer.status_code == 403
        assert "secret" not in answer.text
    assert "GET /forgotten" in [
        name for name, r in operations(app).items() if rule_of(r, PLAIN_RULES) is None
    ]


def test_a_route_without_a_rule_is_refused_on_ones_own_machine_too(
    tmp_path: Path, schema: Schema, clock: Clock
) -> None:
    app = app_of(tmp_path, schema, clock)
    app.add_api_route("/forgotten", lambda: "secret")
    with TestClient(app, base_url="http://localhost") as local:
        assert local.get("/forgotten").status_code == 403
        assert local.get("/account.json").json() == {
            "name": "local",
            "role": "publisher",
            "how": "local",
        }


def test_of_two_rules_the_one_that_asks_more_holds(
    app: FastAPI, client: TestClient, keys: Headers
) -> None:
    app.add_api_route("/both", lambda: "x", dependencies=[needs(Role.EDITOR), needs(Role.READER)])
    assert client.get("/both", headers=keys[Role.READER]).status_code == 403
    assert client.get("/both", headers=keys[Role.EDITOR]).status_code == 200


def test_a_page_that_is_nowhere_is_404_to_all(client: TestClient, keys: Headers) -> None:
    for headers in keys.values():
        assert client.get("/nowhere", headers=headers).status_code == 404
        assert client.delete("/account.json", headers=headers).status_code == 405


# ---------------------------------------------------------------- keys


def test_a_program_without_a_key_is_told_how(client: TestClient) -> None:
    answer = client.get("/account.json", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_person_gets_a_page(client: TestClient) -> None:
    answer = client.get("/partnerships/dudley", headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert "<h1>Sign in first</h1>" in answer.text
    assert "with a key only" in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer fp_00000000_" + "a" * 43,
        "Bearer fp_",
        "Basic dXNlcjpwYXNz",
        "Bearer \u00e9",
        "Bearer " + "x" * 5_000,
    ],
)
def test_what_is_no_key_opens_nothing(client: TestClient, sent: str) -> None:
    answer = client.get("/account.json", headers={"authorization": sent.encode("latin-1")})
    assert answer.status_code == 401
    assert sent[7:] not in answer.text or len(sent) < 8


def test_another_secret_under_a_known_id_opens_nothing(client: TestClient, keys: Headers) -> None:
    right = keys[Role.READER]["authorization"]
    assert client.get("/account.json", headers={"authorization": right}).status_code == 200
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    assert client.get("/account.json", headers={"authorization": wrong}).status_code == 401


def test_a_key_in_an_address_opens_nothing(client: TestClient, keys: Headers) -> None:
    key = keys[Role.PUBLISHER]["authorization"].split()[1]
    assert client.get(f"/account.json?key={key}&access_token={key}").status_code == 401


def test_a_key_opens_until_its_last_day(client: TestClient, keys: Headers, clock: Clock) -> None:
    headers = keys[Role.READER]
    clock.time = NOON + datetime.timedelta(days=365)
    assert client.get("/account.json", headers=headers).status_code == 200
    clock.time = NOON + datetime.timedelta(days=366)
    assert client.get("/account.json", headers=headers).status_code == 401


def test_a_removed_key_opens_nothing_and_the_door_stays_shut(
    client: TestClient, keys: Headers, tmp_path: Path
) -> None:
    assert client.get("/account.json", headers=keys[Role.READER]).status_code == 200
    kept = Keys(tmp_path / FILE)
    for key in kept.all():
        kept.remove(key.id)
    assert client.get("/account.json", headers=keys[Role.READER]).status_code == 401
    assert client.get("/account.json").status_code == 401


def test_the_first_key_shuts_the_door_of_what_runs_already(
    tmp_path: Path, schema: Schema, clock: Clock
) -> None:
    with TestClient(app_of(tmp_path, schema, clock), base_url="http://localhost") as local:
        assert local.get("/account.json").status_code == 200
        made = Keys(tmp_path / FILE).add("report", Role.READER, NOON.date())
        assert local.get("/account.json").status_code == 401
        told = local.get("/account.json", headers={"authorization": f"bearer {made}"}).json()
        assert told == {"name": "report", "role": "reader", "how": "key"}
        # Once shut it is not opened by taking the file away.
        (tmp_path / FILE).unlink()
        assert local.get("/account.json").status_code == 401


def test_the_file_holds_no_secret_and_is_its_owners(tmp_path: Path, keys: Headers) -> None:
    path = tmp_path / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    for headers in keys.values():
        if headers:
            assert headers["authorization"].rsplit("_", 1)[1] not in path.read_text()


@pytest.mark.parametrize("harm", ["damage", "writable"])
def test_a_file_of_keys_that_cannot_be_trusted_opens_nothing(
    client: TestClient, keys: Headers, tmp_path: Path, harm: str
) -> None:
    path = tmp_path / FILE
    if harm == "damage":
        path.write_text(path.read_text() + '{"id": "x"}\n')
    else:
        assert client.get("/account.json", headers=keys[Role.READER]).status_code == 200
        path.chmod(0o620)
    answer = client.get("/account.json", headers=keys[Role.READER])
    assert answer.status_code == 503
    assert FILE not in answer.text


@pytest.mark.parametrize("name", ["", "Jane Smith", "jane@example.org", "x" * 61, "-a", "a\nb"])
def test_a_key_is_named_for_a_post_or_a_system(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyFileError, match="not for a person"):
        Keys(tmp_path / FILE).add(name, Role.READER, NOON.date())
    assert not (tmp_path / FILE).exists()


def test_the_commands_make_list_and_remove_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINGERPOST_HOME", str(tmp_path))
    run = CliRunner()
    made = run.invoke(commands, ["key", "add", "board-report", "--role", "editor", "--days", "30"])
    assert made.exit_code == 0
    sent = made.stdout.strip()
    today = datetime.datetime.now(datetime.UTC).date()
    assert Keys(tmp_path / FILE).find(sent, today) == Actor("board-report", Role.EDITOR, "key")
    listed = run.invoke(commands, ["key", "list"]).stdout
    assert "board-report" in listed and "editor" in listed
    assert sent.rsplit("_", 1)[1] not in listed
    assert run.invoke(commands, ["key", "add", "x", "--role", "king"]).exit_code == 1
    assert run.invoke(commands, ["key", "remove", "00000000"]).exit_code == 1
    assert run.invoke(commands, ["key", "remove", sent[3:11]]).exit_code == 0
    assert Keys(tmp_path / FILE).all() == []
    acts = [line.act for line, _ in lines(tmp_path / "audit.jsonl")]
    assert acts == ["add key", "remove key"]


# ---------------------------------------------------------------- whose request it is


@pytest.fixture
def cookie(app: FastAPI) -> dict[str, str]:
    number = app.state.access.sessions.begin(Actor("a1b2", Role.PUBLISHER, "browser"))
    return {"cookie": f"{COOKIE}={number}"}


@pytest.fixture
def changed(app: FastAPI) -> list[str]:
    """What a route that changes something was asked to do."""
    done: list[str] = []

    def change(request: Request) -> str:
        audit(request, "change", release="0123456789abcdef")
        done.append("changed")
        return "done"

    app.add_api_route("/change", change, methods=["POST"], dependencies=[needs(Role.EDITOR)])
    return done


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": BASE}, 403),
        ({"sec-fetch-site": "same-origin, cross-site"}, 403),
        ({"sec-fetch-site": ""}, 403),
        ({"origin": BASE}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://staff.example.org"}, 403),
        ({"origin": BASE + ".evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({}, 403),
    ],
)
def test_a_change_is_asked_for_by_our_own_pages(
    client: TestClient,
    cookie: dict[str, str],
    changed: list[str],
    headers: dict[str, str],
    status: int,
) -> None:
    assert client.post("/change", headers=cookie | headers).status_code == status
    assert bool(changed) == (status == 200)


def test_a_key_needs_no_origin(client: TestClient, keys: Headers, changed: list[str]) -> None:
    assert client.post("/change", headers=keys[Role.EDITOR]).status_code == 200
    evil = keys[Role.EDITOR] | {"host": "evil.example"}
    assert client.post("/change", headers=evil).status_code == 421
    assert changed == ["changed"]


def test_at_this_machine_programs_may_and_other_sites_may_not(
    tmp_path: Path, schema: Schema, clock: Clock
) -> None:
    app = app_of(tmp_path, schema, clock)
    app.add_api_route("/x", lambda: "x", methods=["POST"], dependencies=[needs(Role.EDITOR)])
    with TestClient(app, base_url="http://localhost:8000") as local:
        assert local.post("/x").status_code == 200
        assert local.post("/x", headers={"origin": "http://localhost:8000"}).status_code == 200
        assert local.post("/x", headers={"origin": "http://localhost:9999"}).status_code == 403
        assert local.post("/x", headers={"origin": "null"}).status_code == 403
        assert local.post("/x", headers={"sec-fetch-site": "cross-site"}).status_code == 403
        # Where nobody signs in, no other name is answered to, whatever the settings name.
        assert local.get("/account.json", headers={"host": "staff.example.org"}).status_code == 421


@pytest.mark.parametrize(
    "passed_on",
    [
        "X-Forwarded-For",
        "x-forwarded-proto",
        "X-Forwarded-Anything",
        "Forwarded",
        "Via",
        "X-Real-IP",
    ],
)
def test_where_nobody_signs_in_a_proxy_is_no_local_publisher(
    tmp_path: Path, schema: Schema, clock: Clock, passed_on: str
) -> None:
    with TestClient(app_of(tmp_path, schema, clock), base_url="http://localhost:8000") as local:
        assert local.get("/account.json").status_code == 200
        answer = local.get("/account.json", headers={passed_on: "192.0.2.1"})
        assert answer.status_code == 403
        assert local.post("/sign-out", headers={passed_on: ""}).status_code == 403
    assert [line.who for line, _ in lines(tmp_path / "audit.jsonl")] == [""]


def test_behind_a_proxy_whoever_has_a_key_is_let_in(client: TestClient, keys: Headers) -> None:
    own = keys[Role.READER] | {"x-forwarded-for": "192.0.2.1", "via": "1.1 proxy"}
    assert client.get("/account.json", headers=own).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("staff.example.org", 401), ("second.example.org:443", 401), ("evil.example", 421)],
)
def test_names_that_it_answers_to(
    tmp_path: Path, schema: Schema, clock: Clock, keys: Headers, host: str, status: int
) -> None:
    app = app_of(tmp_path, schema, clock, staff_hosts="second.example.org, third.example.org")
    with TestClient(app, base_url=BASE) as client:
        assert client.get("/account.json", headers={"host": host}).status_code == status


def test_signing_out_ends_the_session(client: TestClient, cookie: dict[str, str]) -> None:
    own = {"sec-fetch-site": "same-origin"}
    assert client.get("/account.json", headers=cookie).json()["how"] == "browser"
    assert client.post("/sign-out", headers=cookie).status_code == 403
    answer = client.post("/sign-out", headers=cookie | own)
    assert answer.status_code == 200
    assert f'{COOKIE}="";' in answer.headers["set-cookie"]
    assert client.get("/account.json", headers=cookie).status_code == 401


def test_a_session_ends_when_unused_and_after_a_day(clock: Clock) -> None:
    hour = datetime.timedelta(hours=1)
    sessions = Sessions(hour, 3 * hour, clock)
    someone = Actor("a1b2", Role.READER, "browser")
    unused, used = sessions.begin(someone), sessions.begin(someone)
    for minutes in (59, 118, 177):
        clock.time = NOON + datetime.timedelta(minutes=minutes)
        assert sessions.find(used) == someone
    assert sessions.find(unused) is None
    clock.time = NOON + 3 * hour
    assert sessions.find(used) is None
    assert sessions.find("") is None


def test_a_new_session_has_a_new_number_and_ends_the_old(clock: Clock) -> None:
    sessions = Sessions(datetime.timedelta(hours=1), datetime.timedelta(hours=9), clock)
    someone = Actor("a1b2", Role.READER, "browser")
    first = sessions.begin(someone)
    second = sessions.begin(someone, before=first)
    assert first != second
    assert sessions.find(first) is None
    assert sessions.find(second) == someone


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/questions?x=1", "/questions?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_going_on_stays_here(given: str, kept: str) -> None:
    assert local_path(given) == kept


# ---------------------------------------------------------------- too much


def test_a_caller_who_asks_too_often_is_told_when(
    tmp_path: Path, schema: Schema, clock: Clock, keys: Headers
) -> None:
    app = app_of(tmp_path, schema, clock, rate_requests="3/hour")
    with TestClient(app, base_url=BASE) as client:
        headers = keys[Role.READER] | {"accept": "application/json"}
        got = [client.get("/account.json", headers=headers).status_code for _ in range(4)]
        assert got == [200, 200, 200, 429]
        answer = client.get("/account.json", headers=headers)
        assert 3500 < int(answer.headers["retry-after"]) <= 3600
        assert answer.headers["content-type"] == "application/problem+json"
        # Another key, and those who are not known, have limits of their own.
        assert client.get("/account.json", headers=keys[Role.EDITOR]).status_code == 200
        assert client.get("/account.json").status_code == 401
        # What a client says of where it comes from gives it no new limit.
        for n in range(5):
            last = client.get("/account.json", headers={"x-forwarded-for": f"192.0.2.{n}"})
        assert last.status_code == 429


def test_guessing_is_slowed_down_and_locks_nobody_out(
    tmp_path: Path, schema: Schema, clock: Clock, keys: Headers
) -> None:
    app = app_of(tmp_path, schema, clock, rate_failures="3/hour")
    with TestClient(app, base_url=BASE) as client:
        guess = {"authorization": "Bearer fp_00000000_" + "a" * 43}
        got = [client.get("/account.json", headers=guess).status_code for _ in range(5)]
        assert got == [401, 401, 401, 429, 429]
        assert client.get("/account.json", headers=keys[Role.READER]).status_code == 200


def test_whoever_is_at_this_machine_is_not_limited(
    tmp_path: Path, schema: Schema, clock: Clock
) -> None:
    app = app_of(tmp_path, schema, clock, rate_requests="1/hour")
    with TestClient(app, base_url="http://localhost") as local:
        assert {local.get("/account.json").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", "192.0.2.1", "", "203.0.113.9"),
        ("10.0.0.5", "192.0.2.1", "", "10.0.0.5"),
        ("10.0.0.5", "192.0.2.1", "10.0.0.0/24", "192.0.2.1"),
        ("10.0.0.5", "1.1.1.1, 192.0.2.1", "10.0.0.0/24", "192.0.2.1"),
        ("10.0.0.5", "1.1.1.1, 192.0.2.1, 10.0.0.7", "10.0.0.0/24", "192.0.2.1"),
        ("203.0.113.9", "192.0.2.1", "10.0.0.0/24", "203.0.113.9"),
        ("10.0.0.5", "nonsense", "10.0.0.0/24", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.0/24", "10.0.0.5"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
        ("::1", "2001:db8::9", "::1", "2001:db8::/64"),
        ("::1", "::ffff:9.9.9.9", "::1", "9.9.9.9"),
        ("::ffff:9.9.9.9", "", "", "9.9.9.9"),
        ("::ffff:10.0.0.5", "1.1.1.1, ::ffff:192.0.2.1", "10.0.0.0/24", "192.0.2.1"),
    ],
)
def test_where_a_caller_is_taken_to_be(
    peer: str, forwarded: str, proxies: str, expected: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"client": (peer, 1234), "headers": headers}
    assert caller_address(scope, networks(proxies.split(","))) == expected


def test_a_body_that_is_too_large_is_refused(client: TestClient, keys: Headers) -> None:
    own = keys[Role.READER] | {"accept": "application/json"}
    assert client.post("/sign-out", content=b"x" * 65_537, headers=own).status_code == 413
    assert client.post("/sign-out", content=b"x" * 65_536, headers=own).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate_requests": "many"},
        {"rate_failures": ""},
        {"proxies": "10.0.0.0/99"},
        {"staff_url": "http://staff.example.org"},
        {"staff_url": "https://staff.example.org/path"},
        {"oidc_issuer": "https://id.example.org"},
        {
            "oidc_issuer": "http://id.example.org",
            "oidc_client_id": "x",
            "oidc_roles": "a=reader",
        },
        {
            "oidc_issuer": "https://id.example.org",
            "oidc_client_id": "x",
            "oidc_roles": "a=king",
        },
    ],
)
def test_settings_that_do_not_fit_are_told(
    tmp_path: Path, schema: Schema, clock: Clock, wrong: dict[str, str]
) -> None:
    with pytest.raises(FingerpostError):
        app_of(tmp_path, schema, clock, **wrong)


# ---------------------------------------------------------------- the log


def test_an_act_is_in_the_log_before_it_is_done(
    client: TestClient, cookie: dict[str, str], changed: list[str], tmp_path: Path
) -> None:
    client.post("/change", headers=cookie | {"sec-fetch-site": "same-origin"})
    [(line, _)] = lines(tmp_path / "audit.jsonl")
    assert (line.who, line.role, line.how) == ("a1b2", "publisher", "browser")
    assert (line.act, line.facts) == ("change", {"release": "0123456789abcdef"})
    assert line.when == "2026-11-22T12:00:00+00:00"
    assert (tmp_path / "audit.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_logged_is_not_done(
    client: TestClient, keys: Headers, changed: list[str], tmp_path: Path
) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    answer = client.post("/change", headers=keys[Role.EDITOR])
    assert answer.status_code == 503
    assert "audit.jsonl" not in answer.text
    assert not changed


def test_refused_attempts_at_changes_are_in_the_log(
    client: TestClient, keys: Headers, changed: list[str], tmp_path: Path
) -> None:
    client.post("/change", headers=keys[Role.READER])
    client.post("/change?secret=1")
    client.get("/questions")
    found = [(line.who, line.act, line.refused) for line, _ in lines(tmp_path / "audit.jsonl")]
    assert found == [
        ("the reader", "POST /change", "DeniedError"),
        ("", "POST /change", "UnknownCallerError"),
    ]


def test_what_comes_too_often_does_not_fill_the_log(
    tmp_path: Path, schema: Schema, clock: Clock, keys: Headers
) -> None:
    app = app_of(tmp_path, schema, clock, rate_requests="3/hour")
    with TestClient(app, base_url=BASE) as client:
        got = [client.post("/draft/discard").status_code for _ in range(20)]
        assert got == [401] * 3 + [429] * 17
        headers = keys[Role.READER]
        got = [client.post("/draft/discard", headers=headers).status_code for _ in range(20)]
        assert got == [403] * 3 + [429] * 17
    found = [line.refused for line, _ in lines(tmp_path / "audit.jsonl")]
    assert found == ["UnknownCallerError"] * 3 + ["DeniedError"] * 3


def test_of_people_whom_nobody_knows_few_attempts_are_told_and_the_rest_counted(
    client: TestClient, keys: Headers, clock: Clock, tmp_path: Path
) -> None:
    for _ in range(MOST_UNKNOWN + 25):
        client.post("/draft/discard")
    # Whoever is known is told of all the same.
    client.post("/draft/discard", headers=keys[Role.READER])
    path = tmp_path / "audit.jsonl"
    assert [line.who for line, _ in lines(path)] == [""] * MOST_UNKNOWN + ["the reader"]
    for expected in ({"not_told_before": 25}, {}):
        clock.time += datetime.timedelta(minutes=1)
        client.post("/draft/discard")
        assert list(lines(path))[-1][0].facts == expected


def test_no_method_of_the_callers_own_making_is_in_the_log(
    client: TestClient, tmp_path: Path
) -> None:
    wrong = {"authorization": "Bearer fp_00000000_wrong"}
    client.request("PUBLISHED-BY-ALICE", "/draft/publish", headers=wrong)
    client.request("DELETE", "/draft/publish", headers=wrong)
    acts = [line.act for line, _ in lines(tmp_path / "audit.jsonl")]
    assert acts == ["another method no such address", "DELETE no such address"]


def test_the_log_keeps_no_contact_and_nothing_long(app: FastAPI, tmp_path: Path) -> None:
    facts = {"a": "call 01234 567890", "b": "x" * 300, "c": "plain", "d": 3}
    app.state.access.log.append(None, "test", facts)
    [(line, _)] = lines(tmp_path / "audit.jsonl")
    assert line.facts == {"a": "(not repeated)", "b": "(not repeated)", "c": "plain", "d": 3}


@pytest.mark.parametrize("harm", ["change", "remove", "swap", "insert", "rehash"])
def test_a_log_that_was_changed_is_noticed(app: FastAPI, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "audit.jsonl"
    for number in range(4):
        app.state.access.log.append(None, f"act {number}", {})
    assert len(list(lines(path))) == 4
    text = path.read_text().splitlines(keepends=True)
    if harm == "change":
        text[1] = text[1].replace("act 1", "act 9")
    elif harm == "remove":
        del text[1]
    elif harm == "swap":
        text[1], text[2] = text[2], text[1]
    elif harm == "insert":
        text.insert(2, text[1])
    else:
        body = json.loads(text[1]) | {"act": "act 9"}
        body["hash"] = "0" * 64
        text[1] = json.dumps(body) + "\n"
    path.write_text("".join(text))
    with pytest.raises(ChangedLogError, match=r"line [23]"):
        list(lines(path))


def test_an_unfinished_line_counts_as_never_written(app: FastAPI, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    app.state.access.log.append(None, "first", {})
    with path.open("a") as file:
        file.write('{"act": "killed')
    app.state.access.log.append(None, "second", {})
    assert [line.act for line, _ in lines(path)] == ["first", "second"]


def test_a_log_that_lost_its_end_is_noticed_by_its_hash(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINGERPOST_HOME", str(tmp_path))
    path = tmp_path / "audit.jsonl"
    for number in range(3):
        app.state.access.log.append(None, f"act {number}", {})
    digest = list(lines(path))[-1][1]
    run = CliRunner()
    told = run.invoke(commands, ["audit", "--check", "--expect", digest])
    assert told.exit_code == 0
    assert "3 lines" in told.output and digest in told.output
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    assert run.invoke(commands, ["audit", "--check"]).exit_code == 0
    assert run.invoke(commands, ["audit", "--check", "--expect", digest]).exit_code == 1
    path.write_text(path.read_text().replace("act 0", "act 7"))
    assert run.invoke(commands, ["audit"]).exit_code == 1


def test_a_long_log_is_appended_to_as_fast_as_a_short_one(app: FastAPI, tmp_path: Path) -> None:
    """Lines longer than what is read at once from the end, too."""
    log = app.state.access.log
    for number in range(3):
        log.append(None, "long", {f"f{n}": "x" * 150 for n in range(700 + number)})
    log.append(None, "short", {})
    assert len(list(lines(tmp_path / "audit.jsonl"))) == 4
