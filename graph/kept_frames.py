"""The frames of the release that was loaded last, kept on disk: the next one reads what changed.

They are a disposable copy, mapped and not read: whatever is wrong with the file, frames are made
from the release instead. They hold what the release holds and are its owner's alone, as it is.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph.frames import Ends, Frames
from graph.release import write_whole

_FILE = "frames.arrow"
_ABOUT = b"fingerpost"
"""The key of what is told of a table, in the metadata of its schema."""


def keep_frames(frames: Frames, home: Path) -> None:
    """Keep frames below `home`, in place of those that were kept."""
    write_whole(home / _FILE, _streams(frames))


def kept_frames(home: Path) -> Frames | None:
    """The frames that are kept below `home`, or None where there are none that can be used."""
    try:
        return _read(home / _FILE)
    except (OSError, pa.ArrowException, ValueError, KeyError):
        return None


def _streams(frames: Frames) -> Iterator[Any]:
    """A buffer for each table, with what it holds in its metadata; the first tells of the whole."""
    head = {"release": frames.release, "blocks": dict(frames.blocks)}
    yield _stream(pa.table({}), head)
    for label, table in frames.nodes.items():
        yield _stream(table, {"label": label})
    for ends, table in frames.edges.items():
        yield _stream(table, {"ends": [ends.type, ends.start, ends.end]})


def _stream(table: pa.Table, about: dict[str, Any]) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    told = table.replace_schema_metadata({_ABOUT: json.dumps(about)})
    with pa.ipc.new_stream(sink, told.schema) as writer:
        writer.write_table(told)
    return sink.getvalue()


def _read(path: Path) -> Frames:
    nodes: dict[str, pa.Table] = {}
    edges: dict[Ends, pa.Table] = {}
    with pa.memory_map(str(path)) as source:
        head, _ = _next(source)
        while source.tell() < source.size():
            about, table = _next(source)
            if "label" in about:
                nodes[about["label"]] = table
            else:
                edges[Ends(*about["ends"])] = table
    return Frames(head["release"], nodes, edges, head["blocks"])


def _next(source: Any) -> tuple[dict[str, Any], pa.Table]:
    table = pa.ipc.open_stream(source).read_all()
    return json.loads(table.schema.metadata[_ABOUT]), table.replace_schema_metadata(None)
