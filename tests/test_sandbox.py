"""Readers in a process of their own: what they may not take, and what comes back of it."""

import ctypes
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from testham import write_tables

from graph.errors import FingerpostError, InputError, Problem
from graph.imports.imported import Imported, Left
from graph.sandbox import Limits, Progress, read_safely
from graph.sources.folder import read_folder
from graph.sources.rows import Row, Tables
from graph.sources.workbook import read_workbook
from ontology.schema import Schema, default_schema

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere a process has fewer limits"
)

# ---------------------------------------------------------------- readers, run in the child


def honest(path: Path, words: Mapping[str, tuple[int, ...]], schema: Schema) -> Imported:
    print("noise on standard output")
    row = Row("services", path.name, 7, schema.version, {"name": "\u2028 “A”\n"})
    left = Left("what", sum(words["a"]), "why")
    return Imported(Tables("x", (row,), None), (left,), [Problem("f", 1, "c", "", "e", "a")])


def greedy(path: Path) -> str:
    return str(len([bytearray(200_000_000) for _ in range(20)]))


def busy(path: Path) -> str:
    while True:
        pass


def asleep(path: Path) -> str:
    time.sleep(600)
    return ""


def slow(path: Path, tell: Progress) -> str:
    tell("half way")
    time.sleep(3.6)
    return "done"


def dead(path: Path) -> str:
    os._exit(3)


def broken(path: Path) -> str:
    return ctypes.string_at(0).decode()


def deep(path: Path) -> str:
    return deep(path)


def wrong(path: Path) -> str:
    raise InputError([Problem(path.name, 3, "name", "x", "a name", "Write one.")])


def told(path: Path) -> str:
    raise FingerpostError("No. Do something else.")


def odd(path: Path) -> str:
    raise KeyError("a secret of the file")


def calls(port: int) -> list[str]:
    """What happens to each way out: Python's sockets, C's sockets, another program."""
    found = []
    for way in (_python, _plain_c, _program):
        try:
            found.append(way(port))
        except OSError as error:
            found.append(type(error).__name__)
    return found


def _python(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=3):
        return "through"


def _plain_c(port: int) -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    address = b"\x02\x00" + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    sock = libc.socket(2, 1, 0)
    return "through" if libc.connect(sock, address, len(address)) == 0 else "refused"


def _program(port: int) -> str:
    return subprocess.run(["true"], check=True).args[0]


def surroundings(path: Path) -> dict[str, str]:
    return dict(os.environ)


def limits_seen(path: Path) -> list[int]:
    return [resource.getrlimit(k)[0] for k in (resource.RLIMIT_AS, resource.RLIMIT_CORE)]


def writes(path: Path) -> int:
    with path.open("wb") as file:
        for _ in range(300):
            file.write(bytes(1024 * 1024))
    return 1


# ---------------------------------------------------------------- tests


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"")
    return path


def failing(*arguments: object, **settings: int) -> str:
    with pytest.raises(InputError) as error:
        read_safely(*arguments, limits=Limits(**settings))  # type: ignore[arg-type]
    (problem,) = error.value.problems
    assert problem.file == "list.xlsx"
    assert problem.advice.endswith(".")
    return problem.expected


def test_what_a_reader_returns_comes_back_as_it_was(file: Path, schema: Schema) -> None:
    given = {"a": (1, 2)}
    assert read_safely(honest, file, given, schema) == honest(file, given, default_schema())


def test_our_readers_give_the_same_in_the_child(schema: Schema, tmp_path: Path) -> None:
    folder = write_tables(tmp_path)
    assert read_safely(read_folder, folder, schema) == read_folder(folder, schema)
    (tmp_path / "x.xlsx").write_bytes(b"PK no workbook")
    found = read_safely(read_workbook, tmp_path / "x.xlsx", schema)
    assert found == read_workbook(tmp_path / "x.xlsx", schema)
    assert found[1]


def test_too_much_memory_is_told(file: Path) -> None:
    assert "took too much memory" in failing(greedy, file)
    assert "200 MB: it took too much memory" in failing(greedy, file, memory_mb=200)


def test_too_much_time_is_told(file: Path) -> None:
    began = time.monotonic()
    assert "took too long" in failing(busy, file, cpu_seconds=1)
    assert "took too long (1 seconds)" in failing(asleep, file, wall_seconds=1)
    assert time.monotonic() - began < 15


def test_a_reader_that_dies_is_told(file: Path) -> None:
    for reader in (dead, broken):
        assert failing(reader, file) == "a file that can be read: its reader stopped"
    assert "nested too deeply" in failing(deep, file)
    said = failing(odd, file)
    assert "KeyError" in said
    assert "secret" not in said


def test_what_a_reader_says_is_said(file: Path) -> None:
    assert failing(wrong, file) == "a name"
    with pytest.raises(FingerpostError, match="Do something else"):
        read_safely(told, file)


def test_there_is_no_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        notes: list[str] = []
        found = read_safely(calls, server.getsockname()[1], progress=notes.append)
        assert (found[0], found[2]) == ("PermissionError", "PermissionError")
        if not notes:  # the kernel permits a namespace: then nothing at all leaves
            assert found[1] == "refused"
            with pytest.raises(BlockingIOError):
                server.accept()


def test_settings_and_passwords_stay_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINGERPOST_NEO4J_PASSWORD", "hush")
    seen = read_safely(surroundings, file)
    assert "hush" not in repr(seen)
    assert not [key for key in seen if key.startswith("FINGERPOST")]


def test_the_limits_hold_in_the_child(file: Path) -> None:
    assert read_safely(limits_seen, file) == [1024**3, 0]
    assert "its reader stopped" in failing(writes, file, written_mb=10)
    assert file.stat().st_size <= 10 * 1024**2


def test_waiting_is_told(file: Path) -> None:
    said: list[str] = []
    assert read_safely(slow, file, print, progress=said.append) == "done"
    assert "half way" in said
    assert [s for s in said if s.startswith("still reading list.xlsx, ")]


def test_a_file_of_500_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with path.open("wb") as file:
        file.truncate(500 * 1024**2)
    began = time.monotonic()
    assert failing(honest, path, {"a": (1,)}, default_schema()) == (
        "at most 100 MB, and it has 500 MB"
    )
    assert time.monotonic() - began < 0.5
    folder = tmp_path / "list.xlsx-folder"
    folder.mkdir()
    path.rename(folder / "services.csv")
    with pytest.raises(InputError, match="it has 500 MB"):
        read_safely(read_folder, folder, default_schema())


def children() -> set[str]:
    """The processes that this one has started and that are still there, also those that died."""
    listed = Path("/proc/self/task").glob("*/children")
    return {pid for file in listed for pid in file.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists them so")
def test_nothing_is_left_behind(file: Path) -> None:
    before = children()
    for reader in (dead, greedy):
        with pytest.raises(InputError):
            read_safely(reader, file)
    assert children() <= before
