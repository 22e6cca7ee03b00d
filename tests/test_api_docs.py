"""The examples of docs/api.md are run: real curl against a real server."""

import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.staff import create_staff_app
from graph.stores.protocol import Store
from ontology.schema import Schema

GUIDE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
WRITTEN = "http://127.0.0.1:8000"
EXAMPLES = re.findall(r"```sh\n(curl .*?)\n# (\d{3}): ?(.*?)\n```", GUIDE, re.S)
TABLES = re.findall(r"```csv (\S+)\n(.*?)```", GUIDE, re.S)


@pytest.fixture(scope="module")
def address(store: Store, schema: Schema) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_staff_app(store, schema)
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_every_example_is_found() -> None:
    assert len(EXAMPLES) == GUIDE.count("```sh") > 8


@pytest.mark.parametrize(("command", "status", "part"), EXAMPLES)
def test_an_example_does_what_is_written(
    address: str, tmp_path: Path, command: str, status: str, part: str
) -> None:
    if shutil.which("curl") is None:
        pytest.fail("The examples need curl: apt-get install curl")
    for name, table in TABLES:
        (tmp_path / name).write_text(table, encoding="utf-8")
    words = shlex.split(command.replace("\\\n", " ").replace(WRITTEN, address))
    ran = subprocess.run(
        [*words, "--silent", "--show-error", "--max-time", "60", "--write-out", "\n%{http_code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, found = ran.stdout.rpartition("\n")
    assert found == status, body
    assert part in body
