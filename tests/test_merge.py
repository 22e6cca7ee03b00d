"""An import joined with what is live: what is replaced, what stays, and what is told."""

from pathlib import Path

import pytest
from testham import write_tables

from graph.build import build_dataset, dataset_of
from graph.errors import InputError
from graph.imports.imported import Imported
from graph.imports.merge import Merged, merge, tables_of
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.sources.rows import Row, Tables
from ontology.schema import Schema

FEED = {"source": "feed", "place": "services/1", "basis": "stated"}
AGENCIES = """\
id,name,org-id,source,place,basis
council,Testham Council,GB-LAE-TES,report,paragraph 1,stated
charity,Testham Haven,GB-CHC-1234567,report,paragraph 1; paragraph 2,stated
"""


@pytest.fixture(scope="module")
def live(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> PropertyGraph:
    """Testham, whose agencies have org-ids, and another partnership beside it."""
    root = tmp_path_factory.mktemp("live")
    tables = [write_tables(root, agencies=AGENCIES), write_tables(root, "otherham")]
    return read_graph(write_release(build_dataset(tables, schema), root), schema)


def imported(*rows: tuple[str, str, dict[str, str]], slug: str = "testham") -> Imported:
    source = {"title": "The feed", "kind": "register", "date": "2013-02-01"}
    first = ("sources", "feed", source)
    return Imported(
        Tables(
            slug,
            tuple(
                Row(table, "feed.json", number, identifier, cells)
                for number, (table, identifier, cells) in enumerate([first, *rows], start=1)
            ),
            None,
        )
    )


def service(name: str, **cells: str) -> dict[str, str]:
    return {"name": name, "standing": "operating", **FEED, **cells}


def released(merged: Merged, schema: Schema, home: Path) -> Release:
    return write_release(dataset_of(merged.partnerships, (), schema), home)


def rows(merged: Merged, table: str, slug: str = "testham") -> dict[str, dict[str, str]]:
    (tables,) = (t for t in merged.partnerships if t.slug == slug)
    return {row.id: dict(row.cells) for row in tables.rows if row.table == table}


def test_tables_of_a_graph_build_the_same_release(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    tables = [tables_of(live, schema, slug) for slug in ("otherham", "testham")]
    release = write_release(dataset_of(tables, (), schema), tmp_path)
    assert release.name == live.release


def test_what_is_imported_is_added_and_all_else_stays(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    before = tables_of(live, schema, "testham")
    merged = merge(imported(("services", "hope", service("Hope", area="testham"))), live, schema)
    assert not merged.conflicts
    assert set(rows(merged, "services")) == {"refuge", "advice", "far", "hope"}
    graph = read_graph(released(merged, schema, tmp_path), schema)
    after = tables_of(graph, schema, "testham")
    assert len(after.rows) == len(before.rows) + 2
    assert tables_of(graph, schema, "otherham") == tables_of(live, schema, "otherham")


def test_importing_twice_changes_nothing(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    new = imported(
        ("agencies", "haven-9", {"name": "HAVEN", "org_id": "GB-CHC-1234567", **FEED}),
        ("services", "refuge", service("A house of that name")),
        ("provisions", "p9", {"agency": "haven-9", "role": "hosts", "service": "refuge", **FEED}),
    )
    first = merge(new, live, schema)
    once = read_graph(released(first, schema, tmp_path), schema)
    again = merge(new, once, schema)
    assert released(again, schema, tmp_path).name == once.release
    assert again.conflicts == first.conflicts


def test_a_later_state_of_a_source_replaces_the_earlier_one(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    new = imported(("services", "hope", service("Hope")), ("services", "joy", service("Joy")))
    first = read_graph(released(merge(new, live, schema), schema, tmp_path), schema)
    later = imported(("services", "joy", service("Joy and more")))
    merged = merge(later, first, schema)
    assert set(rows(merged, "services")) == {"refuge", "advice", "far", "joy"}
    assert rows(merged, "services")["joy"]["name"] == "Joy and more"


def test_agencies_with_the_same_org_id_are_one(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    merged = merge(
        imported(
            (
                "agencies",
                "org-7",
                {"name": "Haven Ltd", "org_id": "gb-chc-1234567", "sector": "voluntary", **FEED},
            ),
            ("agencies", "org-8", {"name": "Haven again", "org_id": "GB-CHC-1234567", **FEED}),
            ("posts", "worker", {"name": "Worker", "agency": "org-7", **FEED}),
            ("provisions", "p1", {"agency": "org-8", "role": "hosts", "service": "hope", **FEED}),
            ("services", "hope", service("Hope")),
        ),
        live,
        schema,
    )
    assert set(rows(merged, "agencies")) == {"council", "charity"}
    assert rows(merged, "agencies")["charity"]["name"] == "Testham Haven"
    assert rows(merged, "posts")["worker"]["agency"] == "agency/charity"
    assert rows(merged, "provisions")["p1"]["agency"] == "agency/charity"
    told = [c.words for c in merged.conflicts]
    assert 'the import says name "Haven Ltd", and "Testham Haven" stays' in told
    assert 'the import also says sector "voluntary", which is not taken over' in told
    released(merged, schema, tmp_path)


def test_agencies_of_the_same_name_are_not_one(live: PropertyGraph, schema: Schema) -> None:
    merged = merge(imported(("agencies", "haven", {"name": "Testham Haven", **FEED})), live, schema)
    assert set(rows(merged, "agencies")) == {"council", "charity", "haven"}


def test_equal_ids_of_different_sources_are_told_and_stay_apart(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    merged = merge(
        imported(
            ("services", "refuge", service("Another refuge")),
            ("services", "refuge-feed", service("A third")),
            ("agencies", "charity", {"name": "Charity shop", **FEED}),
            (
                "provisions",
                "p1",
                {"agency": "charity", "role": "hosts", "service": "refuge", **FEED},
            ),
        ),
        live,
        schema,
    )
    services = rows(merged, "services")
    assert services["refuge"]["name"] == "Haven refuge"
    assert services["refuge-feed-2"]["name"] == "Another refuge"
    assert services["refuge-feed-2"]["possibly_the_same_as"] == "service/refuge"
    assert rows(merged, "provisions")["p1"] == {
        "agency": "agency/charity-feed",
        "role": "hosts",
        "service": "service/refuge-feed-2",
        **FEED,
    }
    assert [(c.table, c.id) for c in merged.conflicts] == [
        ("agencies", "charity"),
        ("services", "refuge"),
    ]
    released(merged, schema, tmp_path)


def test_a_record_that_others_cite_stays_when_its_source_drops_it(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    new = imported(
        ("agencies", "roof", {"name": "Roof", **FEED}),
        ("agencies", "door", {"name": "Door", "part_of": "roof", **FEED}),
        ("agencies", "wall", {"name": "Wall", **FEED}),
    )
    first = read_graph(released(merge(new, live, schema), schema, tmp_path), schema)
    paper = {"source": "paper", "place": "page 1", "basis": "stated"}
    other = Imported(
        Tables(
            "testham",
            (
                Row(
                    "sources",
                    "paper",
                    1,
                    "paper",
                    {"title": "A paper", "kind": "report", "date": "2013"},
                ),
                Row("posts", "paper", 2, "clerk", {"name": "Clerk", "agency": "door", **paper}),
            ),
            None,
        )
    )
    second = read_graph(released(merge(other, first, schema), schema, tmp_path), schema)
    merged = merge(imported(), second, schema)
    assert set(rows(merged, "agencies")) == {"council", "charity", "roof", "door"}
    assert [c.id for c in merged.conflicts] == ["door", "roof"]
    assert "posts/clerk refers to it, so it stays" in merged.conflicts[0].words
    released(merged, schema, tmp_path)


def test_a_source_that_is_another_under_the_same_id_is_told(
    live: PropertyGraph, schema: Schema
) -> None:
    row = Row("sources", "f", 1, "report", {"title": "Else", "kind": "report", "date": "2013"})
    merged = merge(Imported(Tables("testham", (row,), None)), live, schema)
    (conflict, *_) = [c for c in merged.conflicts if c.table == "sources"]
    assert 'was called "Report on services" and is now "Else"; its 20 records' in conflict.words


def test_a_whole_partnership_replaces_what_is_live_of_it(
    live: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    folder = write_tables(tmp_path, gaps=None)
    new = read_graph(write_release(build_dataset([folder], schema), tmp_path), schema)
    tables = tables_of(new, schema, "testham")
    merged = merge(Imported(tables), live, schema, whole=True)
    assert not rows(merged, "gaps")
    assert rows(merged, "gaps", "otherham")
    assert [t.slug for t in merged.partnerships] == ["otherham", "testham"]


def test_the_first_import_of_all_is_all_there_is(schema: Schema, live: PropertyGraph) -> None:
    new = imported(("services", "hope", service("Hope")), slug="newham")
    assert merge(new, None, schema) == Merged((new.tables,), ())
    assert [t.slug for t in merge(new, live, schema).partnerships] == [
        "newham",
        "otherham",
        "testham",
    ]


def test_what_is_wrong_in_an_import_is_found_on_the_same_road(
    live: PropertyGraph, schema: Schema
) -> None:
    merged = merge(imported(("services", "hope", service("Hope", standing="runs"))), live, schema)
    with pytest.raises(InputError, match=r'feed\.json, row 2, column "standing" has "runs"'):
        dataset_of(merged.partnerships, (), schema)


def test_reading_and_import_problems_come_together(schema: Schema, tmp_path: Path) -> None:
    folder = write_tables(tmp_path, agencies="id,name,wrong\na,A,1\n")
    with pytest.raises(InputError) as error:
        build_dataset([folder], schema)
    told = {p.column for p in error.value.problems}
    assert {"wrong", "source", "held by"} <= told


def test_the_live_release_is_untouched_by_a_merge(live: PropertyGraph, schema: Schema) -> None:
    before = dataset_of([tables_of(live, schema, "testham")], (), schema)
    merge(imported(("services", "refuge", service("Other"))), live, schema)
    assert dataset_of([tables_of(live, schema, "testham")], (), schema) == before


def test_what_may_not_be_told_is_not_repeated_in_a_conflict(
    live: PropertyGraph, schema: Schema
) -> None:
    """Conflicts are kept in the history for good."""
    told = {**FEED, "name": "Haven", "org_id": "GB-CHC-1234567"}
    secret = {**told, "description": "Ring 07700 900123 at 12 Acacia Road"}
    merged = merge(imported(("agencies", "a", secret)), live, schema)
    words = " ".join(map(str, merged.conflicts))
    assert "not repeated here" in words and "900123" not in words and "Acacia" not in words
    staff = {**told, "description": "Moves in May", "visibility": "staff"}
    merged = merge(imported(("agencies", "a", staff)), live, schema)
    assert "May" not in " ".join(map(str, merged.conflicts))


def test_what_an_import_says_is_for_staff_only_is_so_from_now_on(
    live: PropertyGraph, schema: Schema
) -> None:
    hidden = {**FEED, "name": "Haven", "org_id": "GB-CHC-1234567", "visibility": "staff"}
    agencies = rows(merge(imported(("agencies", "a", hidden)), live, schema), "agencies")
    assert agencies["charity"]["visibility"] == "staff"
    assert "visibility" not in agencies["council"]
