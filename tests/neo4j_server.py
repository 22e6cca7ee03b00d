"""A real Neo4j Community server on loopback, without Docker, for tests and for trying things out.

Holds: finding Java and Maven, fetching the server's jars once into a cache, writing a small
configuration, starting the server in a temporary home, waiting until Bolt answers, stopping it.
Leaves out: passwords (authentication is off, and only loopback is bound), HTTP, anything that
lasts (the home is removed at the end), and every statement of the store itself. For a server to
keep, use ``compose.yaml``.

In a test::

    with running_server() as uri:
        ...

By hand: ``python tests/neo4j_server.py``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from xml.etree import ElementTree

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

POM = Path(__file__).with_name("neo4j_pom.xml")
DEFAULT_CACHE = Path(__file__).resolve().parent.parent / ".cache" / "neo4j"
CACHE_VARIABLE = "FINGERPOST_NEO4J_HOME"

OLDEST_JAVA = 17
START_LIMIT_S = 120.0
STOP_LIMIT_S = 30.0
POLL_S = 0.25
TAIL_LINES = 40
PROGRESS_EVERY = 50
INTERRUPTED = 130  # the shells' code for a command that Ctrl-C ended

# In full: the short name would have Maven ask about other plugins first, and blur its errors.
COPY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin"
ENTRY_POINT = "org.neo4j.server.CommunityEntryPoint"
HEAP = ("-Xms256m", "-Xmx1g")
# Neo4j reaches into these packages by reflection; closed, it still runs, but by slower ways round
# and with warnings in its log.
OPENED_PACKAGES = ("java.nio", "java.io", "java.lang", "sun.nio.ch")

# Strict validation is Neo4j's default, so a misspelt setting stops the server and is noticed.
# The transaction log is not preallocated: it would take 256 MB of disk for each database.
# The two waits are what Bolt's network threads get on closing; left alone they make every stop
# last ten seconds, and here nobody is still connected. They are internal settings of Neo4j:
# where a later version drops them the server will say so on starting, and they can just go.
CONFIGURATION = """\
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=64m
db.tx_log.preallocate=false
internal.server.bolt.connection_shutdown_wait_time=0s
internal.server.bolt.thread_pool_shutdown_wait_time=0s
"""


class Neo4jUnavailable(RuntimeError):
    """No server can be had here; the message says what is missing and what to do."""


def neo4j_version() -> str:
    """Return the Neo4j version the pom names."""
    version = ElementTree.parse(POM).findtext("properties/neo4j.version")
    if not version:
        raise Neo4jUnavailable(f"{POM.name} has no property neo4j.version: restore it")
    return version


def jar_folder() -> Path:
    """Return where the jars of this version are, or will be, kept."""
    cache = Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_CACHE)
    return cache.expanduser().resolve() / neo4j_version() / "lib"


def find_java() -> str:
    """Return the path of a Java that is new enough."""
    wanted = f"Java {OLDEST_JAVA} or newer"
    java = shutil.which("java")
    if java is None:
        raise Neo4jUnavailable(f"no 'java' on PATH: install {wanted} and put it on PATH")
    shown = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', shown)
    if found is None:
        raise Neo4jUnavailable(f"{java} does not tell its version: install {wanted}")
    if int(found[1]) < OLDEST_JAVA:
        raise Neo4jUnavailable(f"{java} is Java {found[1]}: put {wanted} first on PATH")
    return java


def find_maven() -> str:
    """Return the path of Maven."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Neo4jUnavailable(
            "no 'mvn' on PATH, and the Neo4j jars are not in the cache: install Maven, "
            f"or set {CACHE_VARIABLE} to a cache that holds {neo4j_version()}/lib"
        )
    return maven


def fetch_jars() -> Path:
    """Return the folder of jars, filling it first if it is not there yet."""
    folder = jar_folder()
    if folder.is_dir():
        return folder
    maven = find_maven()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder named lib is always whole: the jars arrive under another name, then move in one step.
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder.parent) as temporary:
        arriving = Path(temporary) / "lib"
        _copy_jars(maven, arriving)
        _move_into_place(arriving, folder)
    return folder


def _move_into_place(arriving: Path, folder: Path) -> None:
    """Rename the fetched jars; where another process was quicker, keep what it fetched."""
    try:
        arriving.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _copy_jars(maven: str, folder: Path) -> None:
    """Let Maven download the jars and copy them to the folder, telling its progress."""
    # The update flag makes Maven try again what an earlier, broken download failed to get.
    command = [maven, "--batch-mode", "--update-snapshots", "--file", str(POM)]
    command += [f"{COPY_PLUGIN}:copy-dependencies", "-DincludeScope=runtime"]
    command += [f"-DoutputDirectory={folder}"]
    _tell(f"fetching the jars of Neo4j {neo4j_version()} with Maven: once, some minutes")
    began = time.monotonic()
    code, lines = _run_telling_downloads(command)
    if code != 0:
        errors = [line for line in lines if "[ERROR]" in line] or lines
        raise Neo4jUnavailable(
            "Maven could not fetch the Neo4j jars (is its registry within reach?):\n"
            + _tail(errors)
        )
    jars = list(folder.glob("*.jar"))
    megabytes = sum(jar.stat().st_size for jar in jars) / 1e6
    _tell(f"fetched {len(jars)} jars, {megabytes:.0f} MB, {time.monotonic() - began:.0f} s")


def _run_telling_downloads(command: list[str]) -> tuple[int, list[str]]:
    """Run Maven, tell now and then how many files have come, and return its code and lines."""
    lines: list[str] = []
    downloads = 0
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                lines.append(line.rstrip())
                downloads += "Downloaded from" in line
                if "Downloaded from" in line and downloads % PROGRESS_EVERY == 0:
                    _tell(f"  {downloads} files downloaded")
            return process.wait(), lines
        finally:
            _stop(process)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Let one process at a time through, by a file that is made and removed."""
    lock = Path(tempfile.gettempdir()) / f"{name}.{os.getppid()}.lock"
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)
    try:
        yield
    finally:
        lock.unlink()


@contextmanager
def running_server(plugins: Sequence[Path] = ()) -> Iterator[str]:
    """Yield the Bolt URI of a fresh, empty server; stop it and remove its home at the end."""
    with _server(plugins) as (uri, _):
        yield uri


@contextmanager
def _server(plugins: Sequence[Path] = ()) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the Bolt URI together with the process behind it."""
    java = find_java()
    jars = fetch_jars()
    with tempfile.TemporaryDirectory(prefix="fingerpost-neo4j-") as temporary:
        home = Path(temporary)
        port = _free_port()
        _write_configuration(home, port)
        for jar in plugins:
            (home / "plugins").mkdir(exist_ok=True)
            shutil.copy(jar, home / "plugins")
        process = _start(java, jars, home)
        try:
            uri = f"bolt://127.0.0.1:{port}"
            _wait_until_ready(uri, process, home)
            yield uri, process
        finally:
            _stop(process)


def _free_port() -> int:
    """Return a loopback port nobody has just now; the server takes it a moment later."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _write_configuration(home: Path, port: int) -> None:
    """Write the server's configuration into its home."""
    folder = home / "conf"
    folder.mkdir()
    (folder / "neo4j.conf").write_text(CONFIGURATION.format(port=port), encoding="utf-8")


def _start(java: str, jars: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start the server, its output going to a log in its home."""
    command = [java, *HEAP]
    command += [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED_PACKAGES]
    command += ["-cp", f"{jars}{os.sep}*", ENTRY_POINT]
    command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    # Console mode: otherwise the log goes to a file only, and a failed start would look silent.
    command.append("--console-mode")
    # In the caller's process group, so that closing the terminal ends the server too.
    with _console_log(home).open("wb") as log:
        return subprocess.Popen(
            command, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def _console_log(home: Path) -> Path:
    """Return the file that takes the server's output."""
    return home / "console.log"


def _wait_until_ready(uri: str, process: subprocess.Popen[bytes], home: Path) -> None:
    """Return once Bolt answers; raise with the log's tail when the server dies or is too slow."""
    deadline = time.monotonic() + START_LIMIT_S
    # Short limits, so that one attempt cannot use up the whole time.
    with GraphDatabase.driver(
        uri, auth=None, connection_timeout=5, connection_acquisition_timeout=10
    ) as driver:
        while not _answers(driver):
            if process.poll() is not None:
                raise _failure(f"Neo4j ended with code {process.returncode} on starting", home)
            if time.monotonic() > deadline:
                raise _failure(f"Neo4j did not answer within {START_LIMIT_S:.0f} s", home)
            time.sleep(POLL_S)


def _answers(driver: Driver) -> bool:
    """Tell whether the server takes a statement over Bolt."""
    try:
        driver.verify_connectivity()
    except (DriverError, Neo4jError):
        return False
    return True


def _failure(what: str, home: Path) -> Neo4jUnavailable:
    """Return the error for a server that did not come up, with the end of its log."""
    log = _console_log(home).read_text(encoding="utf-8", errors="replace")
    return Neo4jUnavailable(f"{what}; the end of its log:\n{_tail(log.splitlines())}")


def _tail(lines: list[str]) -> str:
    """Return the last lines as one text."""
    return "\n".join(lines[-TAIL_LINES:])


def _stop(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Ask the process to end, wait, and kill it if it will not; harmless where it has ended."""
    try:
        process.terminate()
        process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        _tell("the process did not end when asked: killing it")
    finally:
        # Reached by a second Ctrl-C during the wait as well, so no process is left behind.
        process.kill()
        process.wait()


def _tell(message: str) -> None:
    """Tell the person at the terminal; standard output is kept for the URI."""
    print(message, file=sys.stderr, flush=True)


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    """Turn a signal into the exception that unwinds through every clean-up."""
    raise KeyboardInterrupt


def _serve() -> int:
    """Run a server until a signal comes, or until it ends by itself."""
    with _server() as (uri, process):
        print(uri, flush=True)
        _tell(f"Neo4j {neo4j_version()} is ready, empty and without a password. Use it with")
        _tell(f"  fingerpost load --store {uri}")
        _tell("Ctrl-C stops it and removes its data.")
        code = process.wait()
    _tell(f"Neo4j ended by itself with code {code}")
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Fetch if needed, start a server, say how to use it, and stop it on Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="Run a throw-away Neo4j server on loopback.")
    parser.add_argument("--fetch-only", action="store_true", help="fill the cache of jars, no more")
    fetch_only = parser.parse_args(arguments).fetch_only
    # Both by hand: Python leaves SIGINT ignored when a shell starts it in the background.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if not fetch_only:
            return _serve()
        print(fetch_jars())
        return 0
    except Neo4jUnavailable as error:
        _tell(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        _tell("stopped")
        return INTERRUPTED if fetch_only else 0


if __name__ == "__main__":
    sys.exit(main())
