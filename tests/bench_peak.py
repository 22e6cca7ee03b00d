"""The whole road once, in a process of its own: how long each step takes, and the most memory.

    python tests/bench_peak.py [partnerships]

Tables are made as they are needed, as a folder of tables is read, and are not kept. Memory is the
most that the process held.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from graph.build import dataset_of
from graph.columns import frames_of
from graph.release import Release, write_release
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships
from ontology.schema import default_schema

COUNT, SEED = 333, 1
T = TypeVar("T")
Road = dict[str, Any]


def road_of(count: int) -> Road:
    """What `main` tells of so many partnerships, worked out in another process."""
    command = [sys.executable, __file__, str(count), "--json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found: Road = json.loads(told.stdout)
    print(", ".join(f"{key} {value}" for key, value in found.items()), flush=True)
    return found


def _peak() -> float:
    """The most memory so far, in gigabytes; the system's own figure knows of the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (one for one in status.read_text().split("\n") if one.startswith("VmHWM:"))
        return int(line.split()[1]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(count: int, tell: Callable[[str], None]) -> Road:
    """Go the whole road: tables, release, rows, store, answer."""
    schema, found = default_schema(), Road(partnerships=count)

    def step(name: str, work: Callable[[], T]) -> T:
        begun = perf_counter()
        done = work()
        found[name] = round(perf_counter() - begun, 2)
        found["peak_gb"] = round(_peak(), 2)
        tell(f"{name:22} {found[name]:8.1f} s   {found['peak_gb']:6.2f} GB")
        return done

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        def released() -> Release:
            # The tables are invented meanwhile: that is a fifth of the time.
            return write_release(dataset_of(partnerships(count, SEED), [], schema), home)

        release = step("tables to release", released)
        found["megabytes"] = round(release.path.stat().st_size / 1e6)
        frames = step("release to rows", lambda: frames_of(release, schema))
        found |= {"nodes": frames.node_count, "relationships": frames.edge_count}
        with closing(EmbeddedStore(home / "store")) as store:
            step("load", lambda: store.replace(frames, schema))
            ask = "MATCH (s:Service) RETURN count(s) AS found ORDER BY found"
            step("first answer", lambda: store.read(ask, {}))
    tell(", ".join(f"{key} {value}" for key, value in found.items()))
    return found


if __name__ == "__main__":
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    if "--json" in sys.argv:
        print(json.dumps(main(how_many, lambda _: None)))
    else:
        main(how_many, lambda line: print(line, flush=True))
