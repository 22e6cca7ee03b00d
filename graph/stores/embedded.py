"""The embedded store: a Ladybug database file, built anew for each release and then read-only.

A database file is a disposable build and never changed in place: killing a writer can leave a file
that does not open again. So a build goes to a new file, is checkpointed, closed and synced, and
then a pointer file is swapped. Columns are loaded from Arrow, never row by row.
"""

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

import ladybug
import pyarrow as pa

from graph.errors import StoreError
from graph.frames import Frames, columns_of
from graph.release import mode_below, private_folder, write_whole
from graph.stores.held import Held
from graph.stores.protocol import NOTHING_HELD, Parameters, Rows
from ontology.schema import Schema

T = TypeVar("T")

_BUFFER_POOL = 768 * 1024 * 1024
"""Bytes of page cache; the library's own default is 80% of the machine's memory."""
_AT_ONCE = 2
"""How many queries run at once. One over small data takes up to 256 MB of the cache: with more of
them some fail for want of memory."""
_FULL = "buffer pool is full"
_TIMEOUT_MS = 30_000
_POINTER = "current"

_DDL = {
    "string": "STRING",
    "strings": "STRING[]",
    "integer": "INT64",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


class EmbeddedStore:
    """A store in a folder of this machine; connections are one a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / _POINTER
        self._database: ladybug.Database | None = None
        self._name: str | None = None
        self._held = Held(None)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._alone = threading.Lock()

    def release(self) -> str | None:
        """The name of the release that the pointer names, if its file is there."""
        seen = None
        while True:
            try:
                name = self._pointer.read_bytes().decode().strip()
            except FileNotFoundError:
                return None
            if (self._folder / f"{name}.lbug").exists():
                return name
            if name == seen:
                return None
            # The file may have gone because the pointer has just moved: look at it once more.
            seen = name

    def replace(self, frames: Frames, schema: Schema) -> bool:
        """Build a database file for the frames and make it the one that is read."""
        if self.release() == frames.release:
            return False
        private_folder(self._folder)
        partial = self._folder / f".{frames.release}.{os.getpid()}.lbug"
        self._forget(partial)
        _build(partial, frames, schema)
        partial.chmod(mode_below(self._folder))
        partial.replace(self._folder / f"{frames.release}.lbug")
        # Threads that read the old file are left to it: the next read sees that the name changed.
        write_whole(self._folder / _POINTER, f"{frames.release}\n".encode())
        for old in self._folder.glob("*.lbug"):
            if old.stem != frames.release:
                self._forget(old)
        return True

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        """The rows of a query; StoreError if nothing is loaded or the query fails.

        Where there was no memory for it beside others, it is run once more alone.
        """
        return self._asked(cypher, parameters, _rows)

    def columns(self, cypher: str, parameters: Parameters) -> Any:
        """The answer of a query as a table of Arrow, as `read` gives rows: for the whole country.

        Algorithms take columns of numbers (`offset(id(x))`) as they lie here, without a row of
        Python for each.
        """
        return self._asked(cypher, parameters, lambda result: result.get_as_arrow(-1))

    def held(self) -> Held:
        """What is kept of the release that is read now. Nobody may change what it gives."""
        self._connection()
        return self._held

    def _asked(self, cypher: str, parameters: Parameters, take: Callable[[Any], T]) -> T:
        try:
            with self._turns:
                return self._read(cypher, parameters, take)
        except StoreError as error:
            if _FULL not in str(error):
                raise
        with self._alone, ExitStack() as turns:
            for _ in range(_AT_ONCE):
                turns.enter_context(self._turns)
            return self._read(cypher, parameters, take)

    def _read(self, cypher: str, parameters: Parameters, take: Callable[[Any], T]) -> T:
        connection = self._connection()
        try:
            result = connection.execute(cypher, dict(parameters))
            if isinstance(result, list):
                raise StoreError("The embedded store answers one statement at a time.")
            found = take(result)
            result.close()
        except RuntimeError as error:
            self._local.connection = None
            raise StoreError(f"The embedded store cannot answer: {error}") from error
        return found

    def close(self) -> None:
        """Close the database; a later read opens it again."""
        with self._lock:
            self._local = threading.local()
            if self._database is not None:
                self._database.close()
            self._database = None
            self._name = None
            self._held = Held(None)

    def _connection(self) -> ladybug.Connection:
        name = self.release()
        if name is None:
            raise StoreError(NOTHING_HELD)
        with self._lock:
            if self._database is None or self._name != name:
                # Threads that still read the old file keep their connection until they ask again.
                self._local = threading.local()
                self._database, self._name = self._open(name)
                self._held = self._room(self._name)
        connection: ladybug.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = ladybug.Connection(self._database, num_threads=1)
            connection.set_query_timeout(_TIMEOUT_MS)
            self._local.connection = connection
        return connection

    def _room(self, name: str) -> Held:
        """Room for what is kept of a release, until another database is opened."""
        room = Held(name, lambda: self._held is room)
        return room

    def _open(self, name: str) -> tuple[ladybug.Database, str]:
        """The database of a release, or of the one that took its place while it was opened."""
        path = self._folder / f"{name}.lbug"
        try:
            opened = ladybug.Database(path, read_only=True, buffer_pool_size=_BUFFER_POOL)
        except RuntimeError as error:
            current = self.release()
            if current is not None and current != name:
                return self._open(current)
            raise StoreError(
                f"The embedded store cannot open {path}: {error}. It is a copy of the "
                "release: remove the file and load again: fingerpost load"
            ) from error
        return opened, name

    @staticmethod
    def _forget(path: Path) -> None:
        for part in path.parent.glob(f"{path.name}*"):
            with suppress(PermissionError):  # Windows keeps a file that somebody still reads.
                part.unlink()


def _rows(result: Any) -> Rows:
    names = result.get_column_names()
    return [dict(zip(names, row, strict=True)) for row in result]


def _build(path: Path, frames: Frames, schema: Schema) -> None:
    # One checkpoint at the end: left alone there is one after each of some hundred tables.
    # So all that is loaded stays in the page cache until then.
    pool = _BUFFER_POOL + 2 * frames.bytes
    database = ladybug.Database(path, buffer_pool_size=pool, auto_checkpoint=False)
    connection = ladybug.Connection(database)
    try:
        for statement in ddl(schema):
            connection.execute(statement)
        for label, table in frames.nodes.items():
            connection.execute(f"COPY `{label}` FROM $rows", {"rows": _filled(table)})
        for ends, table in frames.edges.items():
            options = f"(from='{ends.start}', to='{ends.end}')"
            rows = {"rows": _filled(table)}
            connection.execute(f"COPY `{ends.type}` FROM $rows {options}", rows)
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
        database.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _filled(table: pa.Table) -> pa.Table:
    """The table without batches of no rows: the library stops at one, and says nothing of it."""
    batches = [batch for batch in table.to_batches() if len(batch)]
    return pa.Table.from_batches(batches, table.schema)


def ddl(schema: Schema) -> list[str]:
    """The statements that create every table of the schema. Names come from the ontology alone."""
    statements = []
    for node in schema.nodes:
        columns = ", ".join(f"`{k}` {_DDL[t]}" for k, t in columns_of(schema, node.name))
        statements.append(f"CREATE NODE TABLE `{node.name}`({columns}, PRIMARY KEY(`id`))")
    for relationship in schema.relationships:
        parts = [f"FROM `{a}` TO `{b}`" for a, b in relationship.pairs]
        if relationship.record is not None:
            own = columns_of(schema, relationship.record.name)
            parts += [f"`{key}` {_DDL[kind]}" for key, kind in own]
        statements.append(f"CREATE REL TABLE `{relationship.type}`({', '.join(parts)})")
    return statements
