"""A home with a public release of the shipped partnerships, and the public application over it."""

import datetime
import hashlib
import re
from pathlib import Path

from conftest import PARTNERSHIPS
from fastapi.testclient import TestClient
from rdflib import RDF

from api.public import create_public_app
from api.published import Published
from graph.build import build_dataset
from graph.public import PUBLIC, write_public
from graph.release import CURRENT, FOLDER, Release, current_release, write_release
from ontology.namespaces import FP, ID
from ontology.schema import Schema

TODAY = datetime.date(2026, 11, 22)
"""A day on which some of the invented contacts are fresh, and some too old."""


def public_home(home: Path, release: Release, schema: Schema) -> Path:
    """A home that holds a release as the current one, and the public one made of it."""
    folder = home / FOLDER
    folder.mkdir(parents=True)
    (folder / release.path.name).write_bytes(release.path.read_bytes())
    (folder / "current").write_text(f"{release.name}\n")
    write_public(home, schema)
    return home


def public_client(
    home: Path, schema: Schema, day: datetime.date = TODAY, postcodes: Path | None = None
) -> TestClient:
    """A client of the public application on a day."""
    app = create_public_app(Published(home, schema, postcodes), today=lambda: day)
    return TestClient(app, base_url="https://fingerpost.example")


class PublicCopies:
    """A public release of many partnerships, each a copy of the invented one under its own slug."""

    def __init__(self, home: Path, schema: Schema) -> None:
        """Make the one that is copied below `home`."""
        self._home, self._schema = home / PUBLIC, schema
        one = write_release(build_dataset([PARTNERSHIPS / "example"], schema), home)
        public_home(home / "one", one, schema)
        self._lines = current_release(home / "one" / PUBLIC).path.read_text().splitlines()

    def write(self, services: int) -> int:
        """Write copies until there are so many services; returns how many there are."""
        kind = f"<{RDF.type}> <{FP.Service}>"
        each = sum(kind in line for line in self._lines)
        copies = -(-services // each)
        own = f"{ID}example/"
        lines = set()
        for number in range(copies):
            lines |= {line.replace(own, f"{ID}p{number}/") for line in self._lines}
        renamed = (re.sub(r"/partnership/example>", "/partnership/copy>", line) for line in lines)
        content = "".join(sorted(f"{line}\n" for line in renamed)).encode()
        name = hashlib.sha256(content).hexdigest()[:16]
        folder = self._home / FOLDER
        folder.mkdir(parents=True)
        (folder / f"{name}.nq").write_bytes(content)
        (folder / CURRENT).write_text(f"{name}\n")
        return each * copies
