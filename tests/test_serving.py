"""Serving both applications: in processes of their own, on this machine alone unless it is safe."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.access import Role
from api.access.access import Access
from api.access.keys import FILE, Keys
from api.place import Address
from api.serving import check_staff_place, listen, public_app, run, server_of
from api.settings import Settings
from api.slow_clients import ImpatientProtocol
from api.staff import utc_now
from graph.errors import FingerpostError
from graph.frames import frames_of_graph
from graph.model import PropertyGraph
from graph.release import CURRENT, FOLDER, Release
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema

SECONDS = 60
COMMAND = Path(sys.executable).with_name("fingerpost")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must be refused
DOCS = Path(__file__).parent.parent / "docs" / "serving.md"


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FINGERPOST_")}
    return kept | {"FINGERPOST_HOME": str(home)} | more


@pytest.fixture(scope="module")
def home(
    release: Release,
    graph: PropertyGraph,
    schema: Schema,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A home with a release that is loaded, and a public one beside it."""
    from graph.public import write_public

    home = tmp_path_factory.mktemp("served")
    (home / FOLDER).mkdir()
    (home / FOLDER / release.path.name).write_bytes(release.path.read_bytes())
    (home / FOLDER / CURRENT).write_text(f"{release.name}\n")
    store = EmbeddedStore(home / "store")
    store.replace(frames_of_graph(graph, schema), schema)
    store.close()
    write_public(home, schema)
    return home


@dataclass
class Served:
    """A running `fingerpost serve`, and where its applications are."""

    process: subprocess.Popen[str]
    staff: int
    public: int

    def get(self, port: int, path: str, **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False, timeout=SECONDS) as http:
            return http.get(f"http://127.0.0.1:{port}{path}", headers=headers)

    def answers(self, port: int) -> bool:
        try:
            return self.get(port, "/health").status_code == 200
        except httpx.HTTPError:
            return False

    def wait(self, *ports: int) -> None:
        until = time.monotonic() + SECONDS
        while not all(self.answers(port) for port in ports):
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.1)

    def gone(self, *ports: int) -> bool:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if not any(self.answers(port) for port in ports):
                return True
            time.sleep(0.1)
        return False


Serve = Callable[..., Served]


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    started: list[subprocess.Popen[str]] = []

    def begin(*options: str, **more: str) -> Served:
        staff, public = free_ports(2)
        ports = ["--port", str(staff), "--public-port", str(public)]
        process = subprocess.Popen(
            [COMMAND, "serve", *ports, *options],
            env=environment(home, **more),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return Served(process, staff, public)

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)


def children(process: subprocess.Popen[str]) -> dict[int, str]:
    """The processes that a process has started, and what they were started as."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if folder.name.isdigit() and parent == process.pid:
                found[int(folder.name)] = (folder / "cmdline").read_text()
        except (OSError, ValueError, IndexError):
            continue
    return found


def test_both_are_served_apart_and_end_together(serve: Serve, home: Path) -> None:
    served = serve()
    served.wait(served.staff, served.public)
    assert served.get(served.staff, "/records/dudley/source/report").status_code == 200
    assert served.get(served.public, "/account.json").status_code == 404
    # The public one has nothing of the full store or release open.
    [public] = [pid for pid, command in children(served.process).items() if "spawn_main" in command]
    opened = {str(one.resolve()) for one in Path(f"/proc/{public}/fd").iterdir()}
    mapped = Path(f"/proc/{public}/maps").read_text()
    assert not [one for one in opened if one.startswith(str(home / "store"))]
    assert str(home / "store") not in mapped
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(SECONDS) == 0
    assert served.gone(served.staff, served.public)
    told = served.process.stderr.read() if served.process.stderr else ""
    assert f"http://127.0.0.1:{served.staff}/" in told
    assert f"http://127.0.0.1:{served.public}/" in told
    assert "Traceback" not in told


def test_the_public_one_ends_where_the_staff_one_is_killed(serve: Serve) -> None:
    served = serve()
    served.wait(served.staff, served.public)
    served.process.kill()
    assert served.gone(served.public)


def test_the_staff_one_ends_where_the_public_one_fails(serve: Serve) -> None:
    served = serve()
    served.wait(served.staff, served.public)
    for pid, command in children(served.process).items():
        if "spawn_main" in command:
            os.kill(pid, signal.SIGKILL)
    assert served.process.wait(SECONDS) == 1
    told = served.process.stderr.read() if served.process.stderr else ""
    assert "has ended by itself" in told


@pytest.mark.parametrize("only", ["staff", "public"])
def test_one_alone(serve: Serve, only: str) -> None:
    served = serve("--only", only)
    here, there = (
        (served.staff, served.public) if only == "staff" else (served.public, served.staff)
    )
    served.wait(here)
    assert not served.answers(there)
    served.process.terminate()
    served.process.wait(SECONDS)


@pytest.mark.parametrize("which", ["staff", "public"])
def test_a_port_that_is_taken_is_told(serve: Serve, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        option = "--port" if which == "staff" else "--public-port"
        served = serve(option, str(port))
        assert served.process.wait(SECONDS) == 1
        told = served.process.stderr.read() if served.process.stderr else ""
    assert f"Port {port} is in use. Choose another: {option}" in told
    assert "Traceback" not in told


def test_others_do_not_reach_the_staff_application_unless_they_must_sign_in(serve: Serve) -> None:
    served = serve("--host", EVERYWHERE)
    assert served.process.wait(SECONDS) == 1
    told = served.process.stderr.read() if served.process.stderr else ""
    assert "nobody would have to sign in" in told


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "10.1.2.3", "example.org", ""])
def test_the_place_of_the_staff_application(tmp_path: Path, host: str) -> None:
    def access(**given: str) -> Access:
        return Access.of(Settings(home=tmp_path, **given), utc_now)  # type: ignore[arg-type]

    place, url = Address(host, 8000), "https://fp.example.org"
    with pytest.raises(FingerpostError, match="nobody would have to sign in"):
        check_staff_place(place, access(staff_url=url))
    Keys(tmp_path / FILE).add("report", Role.READER, utc_now().date())
    with pytest.raises(FingerpostError, match="over TLS only"):
        check_staff_place(place, access())
    with pytest.raises(FingerpostError, match="over TLS only"):
        check_staff_place(place, access(staff_url="http://localhost:8000"))
    check_staff_place(place, access(staff_url=url))


@pytest.mark.parametrize("host", [EVERYWHERE, "127.0.0.1", "::1"])
def test_a_proxy_leads_nobody_in_where_nobody_signs_in(tmp_path: Path, host: str) -> None:
    settings = Settings(home=tmp_path, staff_url="https://fp.example.org")
    with pytest.raises(FingerpostError, match="nobody would have to sign in"):
        check_staff_place(Address(host, 8000), Access.of(settings, utc_now))
    Keys(tmp_path / FILE).add("report", Role.READER, utc_now().date())
    check_staff_place(Address(host, 8000), Access.of(settings, utc_now))


@pytest.mark.parametrize("proxies", ["", "127.0.0.1"])
def test_a_proxy_that_is_not_named_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, proxies: str
) -> None:
    Keys(tmp_path / FILE).add("report", Role.READER, utc_now().date())
    for url in ("https://fp.example.org", ""):
        settings = Settings(home=tmp_path, staff_url=url, proxies=proxies)
        check_staff_place(Address("127.0.0.1", 8000), Access.of(settings, utc_now))
    warned = [one for one in caplog.messages if "FINGERPOST_PROXIES names no proxy" in one]
    assert len(warned) == (0 if proxies else 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_this_machine_needs_nothing(tmp_path: Path, host: str) -> None:
    check_staff_place(Address(host, 8000), Access.of(Settings(home=tmp_path), utc_now))


def test_an_address_that_this_machine_has_not_is_told() -> None:
    with pytest.raises(FingerpostError, match=r"cannot listen at 192\.0\.2\.1"):
        listen(Address("192.0.2.1", 0))


def test_the_public_application_may_be_limited(home: Path) -> None:
    app = public_app(Settings(home=home, public_rate="2/hour"))
    with TestClient(app) as client:
        path = "/openreferral/"
        assert [client.get(path).status_code for _ in range(2)] == [200, 200]
        refused = client.get(path, headers={"x-forwarded-for": "192.0.2.7"})
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["access-control-allow-origin"] == "*"


@contextlib.contextmanager
def answering(monkeypatch: pytest.MonkeyPatch, look_seconds: float = 0.2) -> Iterator[int]:
    """The port of a small application, served as ours are; looked at often."""
    monkeypatch.setattr(ImpatientProtocol, "look_seconds", look_seconds)
    app = FastAPI()

    @app.post("/")
    async def size(request: Request) -> int:
        return len(await request.body())

    @app.get("/long")
    async def long() -> str:
        await asyncio.sleep(3 * look_seconds)
        return "done"

    server = server_of(app)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=run, args=(server, listening), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(SECONDS)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST / HTTP/1.1\r\nhost: localhost\r\n",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000\r\n\r\nabc",
    ],
)
def test_whoever_does_not_send_on_is_let_go(monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    with (
        answering(monkeypatch) as port,
        socket.create_connection(("127.0.0.1", port), timeout=5) as client,
    ):
        client.sendall(begun)
        assert client.recv(100) == b"", "closed, where it would have waited for ever"


def test_whoever_sends_on_or_waits_for_us_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        answering(monkeypatch, 0.5) as port,
        httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{port}") as http,
    ):

        def slowly() -> Iterator[bytes]:
            for _ in range(32):
                time.sleep(0.05)
                yield b"x" * 500

        assert http.post("/", content=slowly()).json() == 16_000
        assert http.get("/long").json() == "done"


def test_a_connection_that_asks_little_and_often_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        answering(monkeypatch, 0.5) as port,
        socket.create_connection(("127.0.0.1", port), timeout=5) as client,
    ):
        for _ in range(12):
            client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"\r\n\r\n0"):
                received = client.recv(1000)
                assert received, "closed"
                answer += received
            time.sleep(0.15)


def test_so_many_connections_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINGERPOST_CONNECTIONS", "10")
    with contextlib.ExitStack() as held, answering(monkeypatch, 5) as port:
        for _ in range(10):
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        with httpx.Client(trust_env=False) as http:
            assert http.post(f"http://127.0.0.1:{port}/").status_code == 503


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `FINGERPOST_(\w+)` \| (.+?) \| (.+) \|$", DOCS.read_text(), re.M)
    documented = {name.lower(): default for name, default, _ in rows}
    fields = Settings.model_fields
    assert set(documented) == set(fields)
    for name, default in documented.items():
        found = fields[name].default
        if isinstance(found, Path) or found in (None, ""):
            assert "`" not in default or "beside the code" in default, f"{name} has no such default"
        else:
            assert default == f"`{found}`", name
