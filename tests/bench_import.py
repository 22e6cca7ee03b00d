"""The importer of neo4j-admin, which fills a database while no server runs: a floor for loading.

Holds: frames as the files it reads, and running it. The importer is among the server's jars.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from neo4j_server import fetch_jars, find_java
from pyarrow import csv

from graph.frames import Frames

_KINDS = {
    pa.int64(): "long",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.list_(pa.string()): "string[]",
}
_BETWEEN = "\x1f"


def write_import(frames: Frames, folder: Path) -> list[str]:
    """Write the frames as CSV; return what the importer is told of the files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = []
    for label, table in frames.nodes.items():
        path = _write(table, ["id:ID", *_heads(table, 1)], folder / f"{label}.csv")
        told.append(f"--nodes={label}={path}")
    for ends, table in frames.edges.items():
        path = folder / f"{ends.type}-{ends.start}-{ends.end}.csv"
        _write(table, [":START_ID", ":END_ID", *_heads(table, 2)], path)
        told.append(f"--relationships={ends.type}={path}")
    return told


def imported(files: Sequence[str], home: Path) -> None:
    """Import into a home of its own, which is emptied first."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "conf").mkdir(parents=True)
    command = [find_java(), "-Xmx1g", "-cp", f"{fetch_jars()}{os.sep}*", "org.neo4j.cli.AdminTool"]
    # The database is named first: after a list of files it would be taken for one more.
    command += ["database", "import", "full", "neo4j", "--array-delimiter=U+001F", *files]
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    found = subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    if found.returncode != 0 or "IMPORT DONE" not in found.stdout:
        raise RuntimeError(f"neo4j-admin could not import:\n{found.stdout}\n{found.stderr}")


def _heads(table: pa.Table, first: int) -> list[str]:
    fields = list(table.schema)[first:]
    return [f"{one.name}:{_KINDS.get(one.type, 'string')}" for one in fields]


def _write(table: pa.Table, heads: Sequence[str], path: Path) -> Path:
    columns = [
        pc.binary_join(column, _BETWEEN) if pa.types.is_list(column.type) else column
        for column in table.columns
    ]
    csv.write_csv(pa.table(columns, names=heads), path)
    return path
