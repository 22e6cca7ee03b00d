"""What is the same in the next release is not read again; what comes of it is the same."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from test_columns import same
from test_stores import contents, wanted
from test_stores import same as same_rows

from graph import columns, digests
from graph.build import dataset_of
from graph.columns import frames_of
from graph.errors import ReleaseError
from graph.importing import load
from graph.kept_frames import keep_frames, kept_frames
from graph.release import Release, read_graph, write_release
from graph.sources.rows import Tables
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships
from ontology.namespaces import ID
from ontology.schema import Schema

Made = Callable[..., Release]


@pytest.fixture(scope="module")
def tables() -> list[Tables]:
    """Two neighbours whose names begin alike, between two others."""
    made = list(partnerships(4, seed=3))
    return [replace(t, slug=slug) for t, slug in zip(made, ["ab", "ab-c", "abc", "z"], strict=True)]


@pytest.fixture
def made(schema: Schema, tmp_path: Path) -> Made:
    def release(tables: Sequence[Tables]) -> Release:
        return write_release(dataset_of(tables, [], schema), tmp_path)

    return release


def with_name(tables: Tables, name: str) -> Tables:
    """The partnership with its first service called otherwise."""
    at = next(n for n, row in enumerate(tables.rows) if row.table == "services")
    row = tables.rows[at]
    changed = replace(row, cells={**row.cells, "name": name})
    return replace(tables, rows=(*tables.rows[:at], changed, *tables.rows[at + 1 :]))


def rewritten(release: Release, folder: Path, old: str, new: str) -> Release:
    lines = release.path.read_text().replace(old, new).split("\n")[:-1]
    return write_release("".join(f"{one}\n" for one in sorted(lines)).encode(), folder)


def read_lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that are read from now on."""
    found: list[str] = []
    read = columns.read_columns

    def spy(lines: Sequence[str]) -> object:
        found.extend(lines)
        return read(lines)

    monkeypatch.setattr(columns, "read_columns", spy)
    return found


def slugs_of(lines: Sequence[str]) -> set[str]:
    return {line.removeprefix(f"<{ID}").split("/", 1)[0] for line in lines}


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("ab ab-c abc z", "ab ab-c! abc z", {"ab-c"}),
        ("ab ab-c abc z", "ab! ab-c abc z!", {"ab", "z"}),
        ("ab ab-c abc z", "ab! ab-c! abc z", {"ab", "ab-c"}),
        ("ab ab-c abc z", "ab abc z", set()),
        ("ab abc z", "ab ab-c abc z", {"ab-c"}),
        ("ab-c abc", "ab ab-c abc z", {"ab", "z"}),
        ("ab", "z", {"z"}),
        ("ab z", "ab z", set()),
    ],
)
def test_what_is_kept_gives_the_same_frames_and_is_not_read(
    tables: list[Tables],
    made: Made,
    schema: Schema,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    read: set[str],
) -> None:
    by_slug = {t.slug: t for t in tables}
    by_slug |= {f"{t.slug}!": with_name(t, "Another name") for t in tables}
    kept = frames_of(made([by_slug[slug] for slug in before.split()]), schema)
    release = made([by_slug[slug] for slug in after.split()])
    whole = frames_of(release, schema)
    lines = read_lines(monkeypatch)
    found = frames_of(release, schema, kept)
    same(found, whole)
    assert found.blocks == whole.blocks
    assert slugs_of(lines) == read | {"shared"}


def test_where_what_is_shared_changed_everything_is_read(
    tables: list[Tables],
    made: Made,
    schema: Schema,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    release = made(tables)
    changed = rewritten(release, tmp_path, '"Housing', '"Home')
    kept = frames_of(release, schema)
    whole = frames_of(changed, schema)
    lines = read_lines(monkeypatch)
    same(frames_of(changed, schema, kept), whole)
    assert slugs_of(lines) == {"ab", "ab-c", "abc", "z", "shared"}


def test_what_follows_from_records_of_others_is_seen(
    tables: list[Tables], made: Made, schema: Schema, tmp_path: Path
) -> None:
    """Services of z are drawn from a source of ab, whose date changes; z's own lines do not."""
    own, other = f" <{ID}z/source/register>", f" <{ID}ab/source/register>"
    open_one = rewritten(made(tables), tmp_path, own, other)
    date = schema.classes["Source"].property("date").iri
    (line,) = [
        one
        for one in open_one.path.read_text().split("\n")
        if one.startswith(f"<{ID}ab/source/register> <{date}>")
    ]
    later = rewritten(open_one, tmp_path, line, line.replace('"20', '"19'))
    kept, whole = frames_of(open_one, schema), frames_of(later, schema)
    found = frames_of(later, schema, kept)
    same(found, whole)
    assert found.blocks == whole.blocks
    assert kept.blocks["z"] != whole.blocks["z"]


def test_a_partnership_that_begins_to_refer_to_another_is_read_with_it(
    tables: list[Tables], made: Made, schema: Schema, tmp_path: Path
) -> None:
    release = made(tables)
    kept = frames_of(release, schema)
    own, other = f" <{ID}z/source/register>", f" <{ID}ab/source/register>"
    changed = rewritten(release, tmp_path, own, other)
    same(frames_of(changed, schema, kept), frames_of(changed, schema))


def test_what_leads_to_nothing_is_told_as_ever(
    tables: list[Tables], made: Made, schema: Schema, tmp_path: Path
) -> None:
    release = made(tables)
    kept = frames_of(release, schema)
    broken = rewritten(release, tmp_path, f"\n<{ID}z/area/home> <", f"\n<{ID}z/area/x> <")
    with pytest.raises(ReleaseError, match="z/area/home, which the release does not hold"):
        frames_of(broken, schema, kept)


def test_another_program_reads_everything_again(
    tables: list[Tables], made: Made, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = made(tables)
    kept = frames_of(release, schema)
    monkeypatch.setattr(digests, "digest_of", lambda *_: "another")
    lines = read_lines(monkeypatch)
    same(frames_of(release, schema, kept), kept)
    assert slugs_of(lines) == {"ab", "ab-c", "abc", "z", "shared"}


# ---------------------------------------------------------------- on disk


def test_frames_are_kept_as_they_were(
    tables: list[Tables], made: Made, schema: Schema, tmp_path: Path
) -> None:
    frames = frames_of(made(tables), schema)
    keep_frames(frames, tmp_path)
    found = kept_frames(tmp_path)
    assert found is not None
    same(found, frames)
    assert found.blocks == frames.blocks


@pytest.mark.parametrize("damage", [b"", b"no arrow", None, "half"])
def test_a_file_that_is_gone_or_damaged_is_none(
    tables: list[Tables], made: Made, schema: Schema, tmp_path: Path, damage: bytes | str | None
) -> None:
    keep_frames(frames_of(made(tables[:1]), schema), tmp_path)
    path = tmp_path / "frames.arrow"
    content = path.read_bytes()
    path.unlink()
    if damage is not None:
        path.write_bytes(content[: len(content) // 2] if isinstance(damage, str) else damage)
    assert kept_frames(tmp_path) is None


def test_a_second_load_reads_what_changed_and_the_store_holds_the_new_release(
    tables: list[Tables],
    made: Made,
    schema: Schema,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made(tables)
    with closing(EmbeddedStore(tmp_path / "store")) as store:
        load(tmp_path, schema, store)
        release = made([tables[0], with_name(tables[1], "Another name"), tables[3]])
        lines = read_lines(monkeypatch)
        told = load(tmp_path, schema, store)
        assert slugs_of(lines) == {"ab-c", "shared"}
        monkeypatch.undo()
        graph = read_graph(release, schema)
        same_rows(contents(store, schema, graph), wanted(graph))
        assert (told.nodes, told.edges) == (len(graph.nodes), len(graph.edges))
        found = kept_frames(tmp_path)
        assert found is not None and found.release == release.name
