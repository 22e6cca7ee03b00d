"""Releases: sorted N-Quads named by the hash of their content, and the pointer to the current one.

A release is a function of its inputs: the same tables give the same bytes and so the same name.
Writing goes to a new file first; the pointer moves last, so that a reader has the old release or
the new one.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import OWL, Dataset

from graph.errors import ReleaseError
from graph.model import PropertyGraph
from graph.project import project
from ontology.namespaces import BASE
from ontology.schema import Schema

FOLDER = "releases"
"""Where releases are kept, below the home."""
CURRENT = "current"
"""The pointer to the current release."""
_VERSION = ox.NamedNode(str(OWL.versionInfo))
_ONTOLOGY = ox.NamedNode(f"{BASE}ontology")


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is on disk: its name (a hash) and its file."""

    name: str
    path: Path


def quads_of(dataset: Dataset) -> bytes:
    """The dataset as sorted N-Quads, one a line, without blank nodes."""
    lines = {line for line in dataset.serialize(format="nquads").split("\n") if line}
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Sorted N-Quads, one a line: the form of a release itself."""
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def name_of(content: bytes) -> str:
    """The name of a release with some content: the beginning of its hash."""
    return hashlib.sha256(content).hexdigest()[:16]


def keep_release(dataset: Dataset, home: Path) -> Release:
    """Write a dataset as a release below `home`, without making it the current one."""
    content = quads_of(dataset)
    name = name_of(content)
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.nq"
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)
    return Release(name, path)


def write_release(dataset: Dataset, home: Path) -> Release:
    """Write a dataset as a release below `home` and make it the current one."""
    release = keep_release(dataset, home)
    write_whole(home / FOLDER / CURRENT, f"{release.name}\n".encode())
    return release


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old content or the new one, never a part."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


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
        raise ReleaseError(
            f"The release {release.name} is damaged: its content does not match its name. "
            "Build it again: fingerpost build"
        )
    yield from ox.parse(content, format=ox.RdfFormat.N_QUADS)


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
    versions = [
        quad.object.value
        for quad in read
        if quad.predicate == _VERSION
        and quad.subject == _ONTOLOGY
        and isinstance(quad.object, ox.Literal)
    ]
    if versions != [schema.version]:
        found = ", ".join(versions) or "no version"
        raise ReleaseError(
            f"The release {release.name} was built with the ontology {found}, and this program has "
            f"{schema.version}. Build it again from the tables: fingerpost build"
        )
    return read
