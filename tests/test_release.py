"""Releases: the same bytes from the same tables, a name from the content, and what is refused."""

import csv
import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.columns import frames_of
from graph.errors import ReleaseError
from graph.release import (
    FOLDER,
    Release,
    current_release,
    private_folder,
    read_graph,
    read_quads,
    write_release,
    write_whole,
)
from graph.stores.embedded import EmbeddedStore
from ontology.namespaces import BASE
from ontology.schema import Schema

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"


@pytest.fixture
def testham(tmp_path: Path, schema: Schema) -> bytes:
    return b"".join(build_dataset([write_tables(tmp_path / "tables")], schema))


def test_two_builds_are_the_same_bytes(tmp_path: Path, schema: Schema) -> None:
    first, second = (
        write_release(build_dataset([PARTNERSHIPS / "southend"], schema), tmp_path / name)
        for name in ("one", "two")
    )
    assert first.name == second.name
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize("slug", ["luton", "example"])
def test_the_order_of_rows_columns_and_folders_does_not_matter(
    tmp_path: Path, schema: Schema, slug: str
) -> None:
    copy = tmp_path / slug
    copy.mkdir()
    order = random.Random(slug)  # noqa: S311
    for path in (PARTNERSHIPS / slug).glob("*.*"):
        if path.suffix != ".csv":
            (copy / path.name).write_bytes(path.read_bytes())
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        order.shuffle(rows)
        columns = order.sample(range(len(header)), len(header))
        with (copy / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row[c] for c in columns] for row in [header, *rows])
    tiny = write_tables(tmp_path)
    shuffled = build_dataset([tiny, copy], schema)
    assert shuffled == build_dataset([PARTNERSHIPS / slug, tiny], schema)


def test_a_release_is_sorted_quads_named_by_their_hash(tmp_path: Path, testham: bytes) -> None:
    release = write_release(testham, tmp_path)
    content = release.path.read_bytes()
    lines = content.decode().splitlines()
    assert lines == sorted(set(lines))
    assert release.name == hashlib.sha256(content).hexdigest()[:16]
    assert release.path.name == f"{release.name}.nq"
    assert not [line for line in lines if "_:" in line], "no blank nodes: they have no fixed name"


def test_writing_the_same_again_changes_nothing(tmp_path: Path, testham: bytes) -> None:
    release = write_release(testham, tmp_path)
    before = release.path.stat()
    assert write_release(testham, tmp_path) == release
    assert release.path.stat().st_mtime_ns == before.st_mtime_ns
    assert {p.name for p in release.path.parent.iterdir()} == {"current", release.path.name}


def test_a_change_of_a_cell_is_another_release_beside_the_old_one(
    tmp_path: Path, schema: Schema, testham: bytes
) -> None:
    old = write_release(testham, tmp_path)
    awards = TABLES["awards"].replace("30000", "30001")
    folder = write_tables(tmp_path / "changed", awards=awards)
    new = write_release(build_dataset([folder], schema), tmp_path)
    assert new.name != old.name
    assert current_release(tmp_path) == new
    assert old.path.exists()


def test_a_release_is_written_by_the_clock_of_nothing(testham: bytes) -> None:
    assert str(Path.cwd()) not in testham.decode()


def test_without_a_pointer_the_next_step_is_to_build(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no release yet.*fingerpost build"):
        current_release(tmp_path)


def test_a_pointer_to_a_file_that_is_gone_is_told(tmp_path: Path, testham: bytes) -> None:
    release = write_release(testham, tmp_path)
    release.path.unlink()
    with pytest.raises(ReleaseError, match=f"{release.name} is missing.*fingerpost build"):
        current_release(tmp_path)


def test_a_damaged_release_is_refused(tmp_path: Path, schema: Schema, testham: bytes) -> None:
    release = write_release(testham, tmp_path)
    content = release.path.read_bytes()
    for damaged in (content[:-1], content.replace(b"30000", b"30001"), b"", content + b"\n"):
        release.path.write_bytes(damaged)
        with pytest.raises(ReleaseError, match=r"damaged.*fingerpost build"):
            read_graph(release, schema)
    # Building again mends it.
    assert write_release(testham, tmp_path) == release
    assert list(read_quads(release))


@pytest.mark.parametrize("versions", [[], ["0.9.0"], ["1.0.0", "2.0.0"]])
def test_a_release_of_another_ontology_is_refused_with_both_versions(
    tmp_path: Path, schema: Schema, testham: bytes, versions: list[str]
) -> None:
    lines = [line for line in testham.decode().splitlines(True) if str(OWL.versionInfo) not in line]
    lines += [
        f'<{BASE}ontology> <{OWL.versionInfo}> "{version}" <{BASE}ontology/codes> .\n'
        for version in versions
    ]
    release = write_release("".join(sorted(lines)).encode(), tmp_path)
    with pytest.raises(ReleaseError, match="Build it again from the tables") as error:
        read_graph(release, schema)
    assert schema.version in str(error.value)
    assert ", ".join(versions) in str(error.value)
    assert versions or "no version" in str(error.value)


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def open_umask() -> Iterator[None]:
    """As most accounts have it: what asks for no mode is there for all to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_other_accounts_read_neither_releases_nor_store(
    tmp_path: Path, schema: Schema, testham: bytes
) -> None:
    home = tmp_path / "srv" / "home"
    release = write_release(testham, home)
    store = EmbeddedStore(home / "store")
    store.replace(frames_of(release, schema), schema)
    store.close()
    folders = [home.parent, home, home / FOLDER, home / "store"]
    assert {mode(folder) for folder in folders} == {0o700}
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".nq", ".lbug"}
    assert {mode(path) for path in files} == {0o600}


@pytest.mark.usefixtures("open_umask")
def test_folders_that_stood_open_are_shut(tmp_path: Path, schema: Schema, testham: bytes) -> None:
    for name in (FOLDER, "store"):
        (tmp_path / name).mkdir()
    release = write_release(testham, tmp_path)
    EmbeddedStore(tmp_path / "store").replace(frames_of(release, schema), schema)
    assert mode(tmp_path / FOLDER) == mode(tmp_path / "store") == 0o700


@pytest.mark.usefixtures("open_umask")
def test_a_folder_that_was_given_to_a_group_stays_the_groups(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    folder.chmod(0o2755)
    private_folder(folder)
    (folder / "part").mkdir(mode=0o750)
    for path in (folder / "file", folder / "part" / "file"):
        write_whole(path, b"for the group")
        assert mode(path) == 0o640
    assert folder.stat().st_mode & 0o7777 == 0o2750
    # A group that may not enter the folder is not meant.
    folder.chmod(0o2700)
    write_whole(folder / "another", b"not for the group")
    assert mode(folder / "another") == 0o600


def test_an_export_is_as_open_as_the_folder_chosen_for_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write_whole(tmp_path / "export.ttl", b"for a web server, perhaps")
    assert mode(tmp_path / "export.ttl") == 0o644


def test_a_file_that_is_written_anew_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    assert mode(path) == 0o600
    path.chmod(0o664)
    write_whole(path, b"new")
    assert mode(path) == 0o664


def test_the_graph_of_a_release_bears_its_name(
    tmp_path: Path, schema: Schema, testham: bytes
) -> None:
    release = write_release(testham, tmp_path)
    assert read_graph(release, schema).release == release.name
    assert read_graph(Release(release.name, release.path), schema) == read_graph(release, schema)
