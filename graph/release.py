"""Releases: sorted N-Quads named by the hash of their content, and the pointer to the current one.

A release is a function of its inputs: the same tables give the same bytes and so the same name.
Writing goes to a new file first; the pointer moves last, so that a reader has the old release or
the new one.
"""

import contextlib
import hashlib
import mmap
import os
import stat
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox
from rdflib import OWL

from graph.errors import ReleaseError
from graph.model import PropertyGraph
from graph.project import project
from ontology.namespaces import BASE, ID
from ontology.schema import Schema

FOLDER = "releases"
"""Where releases are kept, below the home."""
CURRENT = "current"
"""The pointer to the current release."""
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has it, and would change line ends.
_VERSION = ox.NamedNode(str(OWL.versionInfo))
_ONTOLOGY = ox.NamedNode(f"{BASE}ontology")
_RECORD = f"<{ID}".encode()
"""How a line about a record of ours begins."""


Content: TypeAlias = bytes | Sequence[bytes]
"""What a release holds: sorted N-Quads, whole or in blocks that follow each other."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is on disk: its name (a hash) and its file."""

    name: str
    path: Path


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Sorted N-Quads, one a line: the form of a release itself."""
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def name_of(content: Content) -> str:
    """The name of a release with some content: the beginning of its hash."""
    digest = hashlib.sha256()
    for block in _pieces(content):
        digest.update(block)
    return digest.hexdigest()[:16]


def _pieces(content: bytes | Iterable[bytes]) -> Iterable[bytes]:
    return [content] if isinstance(content, bytes) else content


def keep_release(content: Content, home: Path) -> Release:
    """Write content as a release below `home`, without making it the current one."""
    name = name_of(content)
    folder = home / FOLDER
    private_folder(folder)
    path = folder / f"{name}.nq"
    if not path.exists() or not _holds(path, name):
        write_whole(path, content)
    return Release(name, path)


def _holds(path: Path, name: str) -> bool:
    """Whether a file still has the content that it is named by."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(name)


def write_release(content: Content, home: Path) -> Release:
    """Write content as a release below `home` and make it the current one."""
    release = keep_release(content, home)
    write_whole(home / FOLDER / CURRENT, f"{release.name}\n".encode())
    return release


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file so that a reader finds the old content or the new one, never a part.

    A new file is as open as its folder (see `mode_below`); one that was there keeps its mode.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(_pieces(content))
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else mode_below(path.parent))
    partial.replace(path)


def mode_below(folder: Path) -> int:
    """The mode of a new file: others may read it where they may read its folder.

    So what is below `private_folder` is its owner's alone, and an export is as open as the folder
    that somebody chose for it.
    """
    return 0o600 | (stat.S_IMODE(folder.stat().st_mode) & 0o044)


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone.

    One that was there is shut to others; its group stays where it was given to one on purpose, by
    the set-group-ID bit (`chmod g+s`), and another account's folder stays as it is.
    """
    if not folder.is_dir():
        for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
    given = stat.S_IMODE(folder.stat().st_mode)
    open_to = 0o007 if given & stat.S_ISGID else 0o077
    if given & open_to:
        with contextlib.suppress(PermissionError):
            folder.chmod(given & ~open_to)


def current_release(home: Path) -> Release:
    """The current release below `home`.

    Raises ReleaseError if there is none.
    """
    folder = home / FOLDER
    try:
        name = (folder / CURRENT).read_text().strip()
    except FileNotFoundError:
        raise ReleaseError(
            "There is no release yet. Build one from the tables first: fingerpost build"
        ) from None
    path = folder / f"{name}.nq"
    if not path.exists():
        raise ReleaseError(f"The release {name} is missing. Build it again: fingerpost build")
    return Release(name, path)


def read_quads(release: Release) -> Iterator[ox.Quad]:
    """The quads of a release, whose content must still have the hash it is named by."""
    content = release.path.read_bytes()
    if name_of(content) != release.name:
        raise _damaged(release)
    yield from ox.parse(content, format=ox.RdfFormat.N_QUADS)


@contextlib.contextmanager
def blocks_of(release: Release, schema: Schema) -> Iterator[Mapping[str, bytes]]:
    """The lines of each partnership's records, which stand together, by its slug.

    They are looked up where the file lies: only one block at a time is in memory. Raises
    ReleaseError if the release is damaged or was built with another version of the ontology.
    """
    if not _holds(release.path, release.name):
        raise _damaged(release)
    with release.path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:  # Nothing can be mapped of a file that is empty.
            _refuse_version((), release, schema)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            begin, end = _lines_with(content, f"<{_ONTOLOGY.value}> <{_VERSION.value}> ".encode())
            stated = ox.parse(content[begin:end], format=ox.RdfFormat.N_QUADS)
            _refuse_version((quad.object for quad in stated), release, schema)
            ranges = dict(_ranges(content))
        yield _Blocks(file, ranges)


@dataclass(frozen=True, slots=True)
class _Blocks(Mapping[str, bytes]):
    """The blocks of a file, each read when it is asked for: pages of a map would stay in memory."""

    file: BinaryIO
    ranges: Mapping[str, tuple[int, int]]

    def __getitem__(self, slug: str) -> bytes:
        begin, end = self.ranges[slug]
        self.file.seek(begin)
        return self.file.read(end - begin)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ranges)

    def __len__(self) -> int:
        return len(self.ranges)


def _ranges(content: mmap.mmap) -> Iterator[tuple[str, tuple[int, int]]]:
    begin, end = _lines_with(content, _RECORD)
    while begin < end:
        prefix = content[begin : content.find(b"/", begin + len(_RECORD)) + 1]
        _, after = _lines_with(content, prefix, begin)
        yield prefix[len(_RECORD) : -1].decode(), (begin, after)
        begin = after


def _lines_with(content: mmap.mmap, prefix: bytes, begin: int = 0) -> tuple[int, int]:
    """Where the lines with a prefix begin and end, found by halving: all lines are sorted."""

    def prefix_at(place: int) -> bytes:
        start = content.rfind(b"\n", 0, place) + 1
        return content[start : start + len(prefix)]

    places = range(len(content))
    begin = bisect_left(places, prefix, begin, key=prefix_at)
    return begin, bisect_right(places, prefix, begin, key=prefix_at)


def _damaged(release: Release) -> ReleaseError:
    return ReleaseError(
        f"The release {release.name} is damaged: its content does not match its name. "
        "Build it again: fingerpost build"
    )


def read_graph(release: Release, schema: Schema) -> PropertyGraph:
    """The property graph of a release.

    Raises ReleaseError if it is damaged or was built with another version of the ontology.
    """
    quads = ontology_of(read_quads(release), release, schema)
    return project(quads, schema, release.name)


def ontology_of(quads: Iterable[ox.Quad], release: Release, schema: Schema) -> list[ox.Quad]:
    """The quads of a release, if they were built with the ontology of this program.

    Raises ReleaseError if it was built with another version.
    """
    read = list(quads)
    stated = (q.object for q in read if q.predicate == _VERSION and q.subject == _ONTOLOGY)
    _refuse_version(stated, release, schema)
    return read


def _refuse_version(stated: Iterable[object], release: Release, schema: Schema) -> None:
    versions = [term.value for term in stated if isinstance(term, ox.Literal)]
    if versions != [schema.version]:
        found = ", ".join(versions) or "no version"
        raise ReleaseError(
            f"The release {release.name} was built with the ontology {found}, and this program has "
            f"{schema.version}. Build it again from the tables: fingerpost build"
        )
