"""Readers of files from outside run in a process of their own, with limits.

Whatever a file makes its reader do, this process goes on and nothing of it is changed: the child
gets so much memory and processor time and no more, no network, and none of our settings. Arguments
and results go as JSON, by the types that the reader declares; nothing that comes back is run.

    imported = read_safely(read_rdf, path, slug, schema)

A reader is a function of a module, with type hints. An argument that is a Schema stands for the
project's own, one that is Progress for a way to tell what is being done. Beside what the reader
raises itself, InputError comes where it took too much, took too long or could not be read.

On Linux all limits hold. Elsewhere those that the system has, and always the limit of time.
"""

import ctypes
import importlib
import inspect
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, TypeVar, get_type_hints

from pydantic import TypeAdapter

from graph.errors import FingerpostError, InputError, Problem
from graph.sources.archive import too_large
from ontology.schema import Schema, default_schema

Progress = Callable[[str], None]
Result = TypeVar("Result")

_MB = 1024 * 1024
_RESULT_BYTES = 256 * _MB
"""The most that a child may send back."""
_TOO_MUCH = b"{}"
"""Stands for what comes after that."""
_BEAT = 3.0
"""Seconds after which a wait is told."""
_SPLIT_FILE = "Split it, or leave out what is not needed, and import it again."
_NEW_NET, _NEW_USER = 0x40000000, 0x10000000
"""Flags of unshare(2): namespaces of the network and of users."""
_PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "TEMP", "TMP")
"""All that a child sees of the environment: settings may hold passwords."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may take: memory in MB, and seconds of processor and of waiting."""

    memory_mb: int = 1024
    cpu_seconds: int = 10
    wall_seconds: int = 60
    written_mb: int = 100


def read_safely(
    reader: Callable[..., Result],
    *arguments: object,
    limits: Limits = Limits(),
    progress: Progress = lambda _: None,
) -> Result:
    """What a reader returns, run in a process of its own.

    Raises InputError, naming the first path among the arguments, where the file is too large, or
    its reader took too much memory or time or could not finish; and whatever FingerpostError the
    reader raised.
    """
    bound = inspect.signature(reader).bind(*arguments).arguments
    paths = [value for value in bound.values() if isinstance(value, Path)]
    name = paths[0].name if paths else reader.__name__
    # What is too large is refused before anything of it is read.
    too_much = [found for path in paths if path.exists() and (found := too_large(path))]
    if too_much:
        raise InputError(too_much)
    hints = get_type_hints(reader)
    request = {
        "reader": [reader.__module__, reader.__qualname__],
        "arguments": {
            key: TypeAdapter(hints[key]).dump_python(value, mode="json")
            for key, value in bound.items()
            if hints[key] not in (Schema, Progress)
        },
        "limits": asdict(limits),
    }
    answer = _ask_child(json.dumps(request).encode(), limits, name, progress)
    for note in answer.get("notes", ()):
        progress(note)
    if "problems" in answer:
        raise InputError(TypeAdapter(list[Problem]).validate_python(answer["problems"]))
    if "told" in answer:
        raise FingerpostError(answer["told"])
    if "failed" in answer:
        raise _failure(name, answer["failed"], limits)
    result: Result = TypeAdapter(hints["return"]).validate_python(answer["result"])
    return result


_FAILURES: Mapping[str, tuple[str, str]] = {
    "memory": ("a file that can be read in {memory} MB: it took too much memory", _SPLIT_FILE),
    "time": ("a file that can be read in time: it took too long", _SPLIT_FILE),
    "result": ("a file that holds less: too much came of it", _SPLIT_FILE),
    "died": (
        "a file that can be read: its reader stopped",
        "Open it in the program that it is from, save it again and import that.",
    ),
}


def _failure(name: str, how: str, limits: Limits) -> InputError:
    kind, _, detail = how.partition(" ")
    expected, advice = _FAILURES.get(kind, _FAILURES["died"])
    expected = expected.format(memory=limits.memory_mb)
    expected += f" ({detail})" if detail else ""
    return InputError([Problem(name, 0, "", "", expected, advice)])


# ---------------------------------------------------------------- the parent


def _ask_child(request: bytes, limits: Limits, name: str, progress: Progress) -> dict[str, Any]:
    environment = {key: os.environ[key] for key in _PASSED if key in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    # One arena and no threads: what a library reserves and never uses counts as memory too.
    environment |= {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as complaints, tempfile.TemporaryDirectory() as scratch:
        environment["TMPDIR"] = scratch
        child = subprocess.Popen(
            [sys.executable, "-m", "graph.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
        )
        try:
            return _conversation(child, request, limits, name, progress, complaints)
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _conversation(
    child: subprocess.Popen[bytes],
    request: bytes,
    limits: Limits,
    name: str,
    progress: Progress,
    complaints: IO[bytes],
) -> dict[str, Any]:
    messages: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_listen, args=(child, request, messages), daemon=True).start()
    began = time.monotonic()
    while True:
        waited = time.monotonic() - began
        if waited > limits.wall_seconds:
            raise _failure(name, f"time {limits.wall_seconds} seconds", limits)
        try:
            line = messages.get(timeout=min(_BEAT, limits.wall_seconds - waited + 0.01))
        except queue.Empty:
            progress(f"still reading {name}, {time.monotonic() - began:.0f} s")
            continue
        if line is None:
            raise _failure(name, _how_it_died(child.wait(), complaints), limits)
        if line is _TOO_MUCH:
            raise _failure(name, "result", limits)
        answer: dict[str, Any] = json.loads(line)
        if "progress" not in answer:
            return answer
        progress(answer["progress"])


def _listen(
    child: subprocess.Popen[bytes], request: bytes, messages: queue.Queue[bytes | None]
) -> None:
    """Hands the request over and the child's lines on; None after the last."""
    with suppress(OSError, ValueError):
        if child.stdin is not None and child.stdout is not None:
            child.stdin.write(request)
            child.stdin.close()
            left = _RESULT_BYTES
            while left > 0 and (line := child.stdout.readline(left)):
                left -= len(line)
                messages.put(line if left > 0 else _TOO_MUCH)
    messages.put(None)


def _how_it_died(code: int, complaints: IO[bytes]) -> str:
    if code == -getattr(signal, "SIGXCPU", 0):
        return "time"
    complaints.seek(0)
    said = complaints.read(100_000).lower()
    if b"memory" in said or b"bad_alloc" in said:
        return "memory"
    return "died"


# ---------------------------------------------------------------- the child


def _main() -> None:
    """Reads one request from standard input, and answers it on what was standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not stand among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    request = json.loads(sys.stdin.buffer.read())
    limits = Limits(**request["limits"])
    notes = list(_without_network())

    def say(message: Mapping[str, Any]) -> None:
        answers.write(json.dumps(message).encode() + b"\n")
        answers.flush()

    try:
        answer = _answered(request, limits, notes, say)
    except InputError as error:
        answer = {"problems": [asdict(problem) for problem in error.problems]}
    except FingerpostError as error:
        answer = {"told": str(error)}
    except MemoryError:
        answer = {"failed": "memory"}
    except RecursionError:
        answer = {"failed": "died it is nested too deeply"}
    except Exception as error:  # whatever a strange file makes a library raise
        answer = {"failed": f"died {type(error).__name__}"}
    say(answer | {"notes": notes})


def _answered(
    request: Mapping[str, Any],
    limits: Limits,
    notes: list[str],
    say: Callable[[Mapping[str, Any]], None],
) -> dict[str, Any]:
    module, name = request["reader"]
    reader = getattr(importlib.import_module(module), name)
    hints = get_type_hints(reader)
    given: dict[str, Any] = {
        key: TypeAdapter(hints[key]).validate_python(value)
        for key, value in request["arguments"].items()
    }
    for key, hint in hints.items():
        if hint is Schema:
            given[key] = default_schema()
        elif hint == Progress:
            given[key] = lambda message: say({"progress": message})
    result = TypeAdapter(hints["return"])
    # Only now: what our own modules take to load is not the file's.
    notes += _limited(limits)
    return {"result": result.dump_python(reader(**given), mode="json")}


def _limited(limits: Limits) -> Iterator[str]:
    """Sets the limits, and tells which of them the system does not have."""
    if sys.platform == "win32":
        yield "Only time is limited here: this system has no other limits for a process."
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    wanted: Sequence[tuple[int, int, int, str]] = (
        (resource.RLIMIT_AS, limits.memory_mb * _MB, 0, "memory"),
        # At the first limit the system says why it stops a process, at the second it only does.
        (resource.RLIMIT_CPU, seconds, 1, "processor time"),
        (resource.RLIMIT_FSIZE, limits.written_mb * _MB, 0, "the size of files"),
        (resource.RLIMIT_CORE, 0, 0, "memory dumps"),
    )
    for kind, most, grace, what in wanted:
        try:
            resource.setrlimit(kind, (most, most + grace))
        except (ValueError, OSError):
            yield f"This system does not limit {what}."


def _without_network() -> Iterator[str]:
    """Takes the network away: by a namespace where the kernel permits it, and in Python anyway."""
    if not _unshared():
        yield "The network is blocked in the reader only: this system permits no namespace for it."
    sys.addaudithook(_refuse_network)


def _unshared() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        # With rights of its own the first keeps those; without, only the second is permitted.
        return any(libc.unshare(flags) == 0 for flags in (_NEW_NET, _NEW_NET | _NEW_USER))
    except (OSError, AttributeError):
        return False


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it cannot be taken away again."""
    if event.startswith(("socket.", "urllib.", "http.client", "ftplib", "smtplib")):
        raise PermissionError("a reader has no network")
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.system"):
        raise PermissionError("a reader starts no other program")


if __name__ == "__main__":
    _main()
