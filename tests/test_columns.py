"""Frames straight from a release against the slow, obvious way over its nodes and edges.

Both must give the same tables, type by type and row by row; where lines are made by hand, the rows
are written out here too.
"""

import datetime
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graph import columns
from graph.column_readers import Numbers, measured, reader, text_of
from graph.columns import frames_of
from graph.errors import ReleaseError
from graph.frames import FROM, TO, Ends, Frames, columns_of, frames_of_graph
from graph.release import Release, blocks_of, read_graph
from ontology.namespaces import BASE, FP, ID
from ontology.schema import Property, Schema

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
Make = Callable[..., Release]


def same(found: Frames, expected: Frames) -> None:
    """Compare table by table and column by column, so that a failure names the one that differs."""
    assert found.release == expected.release
    assert list(found.nodes) == list(expected.nodes)
    assert list(found.edges) == list(expected.edges)
    assert found.blocks.keys() == expected.blocks.keys()
    for name, table in [*found.nodes.items(), *found.edges.items()]:
        other = expected.nodes[name] if isinstance(name, str) else expected.edges[name]
        assert table.schema == other.schema, name
        for key in table.column_names:
            assert table[key].to_pylist() == other[key].to_pylist(), (name, key)


@pytest.fixture
def lines(schema: Schema) -> dict[str, list[str]]:
    """A source, two areas, an agency, a fund and an award of 'here', as (what, lines)."""
    source = f"<{ID}here/source/report>"

    def record(kind: str, local: str, **values: str | list[str]) -> list[str]:
        subject = f"<{ID}here/{local}>"
        said = [f"{TYPE} <{FP}{kind}>"]
        klass = schema.classes[kind]
        for key, value in {"source": source, **values}.items():
            if any(p.key == key for p in klass.columns):
                values_of = [value] if isinstance(value, str) else value
                said += [f"<{klass.property(key).iri}> {one}" for one in values_of]
        return [f"{subject} {s} {source} ." for s in said]

    return {
        "source": record("Source", "source/report", date='"2012-05"'),
        "partnership": record("Partnership", "partnership/here", area=f"<{ID}here/area/town>"),
        "town": record("Area", "area/town", within=f"<{ID}here/area/county>"),
        "county": record("Area", "area/county"),
        "agency": record(
            "Agency",
            "agency/one",
            name=r'"A \"b\" \\n\u00e9 c"',
            also_called=['"abc"', '"abc d"', '"ab"'],
            area=[f"<{ID}here/area/town>", f"<{ID}here/area/county>"],
            benchmark='"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
            as_of='"2011"',
        ),
        "hyphen": record("Agency", "agency/one-more", name='"Zoë\U0001f600"@en'),
        "service": record("Service", "service/s", area=f"<{ID}here/area/county>"),
        "fund": record("Fund", "fund/f"),
        "award": record(
            "Award",
            "award/a",
            fund=f"<{ID}here/fund/f>",
            pays_for=f"<{ID}here/service/s>",
            amount='"0012.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
            status=f"<{ID}shared/award-status/secured>",
            period='"../2013-03"',
        ),
    }


@pytest.fixture
def make(schema: Schema, tmp_path: Path, lines: dict[str, list[str]]) -> Make:
    """Write a release of the lines, without some and with others."""

    def written(*more: str, without: str = "", version: str = schema.version) -> Release:
        kept = [
            one for group in lines.values() for one in group if not (without and without in one)
        ]
        stated = f'<{BASE}ontology> <http://www.w3.org/2002/07/owl#versionInfo> "{version}" .'
        content = "".join(f"{one}\n" for one in sorted({*kept, *more, stated})).encode()
        name = hashlib.sha256(content).hexdigest()[:16]
        path = tmp_path / f"{name}.nq"
        path.write_bytes(content)
        return Release(name, path)

    return written


def row(table: pa.Table, key: str) -> dict[str, Any]:
    """The row of an id, without what is empty."""
    (found,) = [r for r in table.to_pylist() if r["id"] == key]
    return {k: v for k, v in found.items() if v not in (None, [])}


# ---------------------------------------------------------------- against the slow way


def test_the_shipped_release_has_the_same_frames_both_ways(
    release: Release, schema: Schema
) -> None:
    found = frames_of(release, schema)
    same(found, frames_of_graph(read_graph(release, schema), schema))
    assert found.node_count > 1000
    assert found.edge_count > 1000


@pytest.mark.parametrize("lines_at_once", [1, 400])
def test_lines_that_are_read_in_pieces_have_the_same_frames(
    release: Release, schema: Schema, monkeypatch: pytest.MonkeyPatch, lines_at_once: int
) -> None:
    whole = frames_of(release, schema)
    monkeypatch.setattr(columns, "_LINES", lines_at_once)
    found = frames_of(release, schema)
    same(found, whole)
    assert found.blocks == whole.blocks


def test_lines_made_by_hand_have_the_same_frames_both_ways(make: Make, schema: Schema) -> None:
    for more in [(), (f'<{ID}here/fund/f> <{FP}note> "x" <{ID}here/source/report> .',)]:
        made = make(*more)
        same(frames_of(made, schema), frames_of_graph(read_graph(made, schema), schema))


# ---------------------------------------------------------------- what the rows hold


def test_a_record_becomes_a_row_with_what_follows_from_it(make: Make, schema: Schema) -> None:
    frames = frames_of(make(), schema)
    agencies = frames.nodes["Agency"]
    assert agencies["id"].to_pylist() == ["here/agency/one", "here/agency/one-more"]
    assert row(agencies, "here/agency/one") == {
        "id": "here/agency/one",
        "partnership": "here",
        "name": 'A "b" \\né c',
        "also_called": ["ab", "abc", "abc d"],
        "benchmark": True,
        "source": "here/source/report",
        "as_of": "2011",
        "as_of_first": datetime.date(2011, 1, 1),
        "as_of_last": datetime.date(2011, 12, 31),
        "known_on": datetime.date(2011, 12, 31),
    }
    assert row(agencies, "here/agency/one-more")["known_on"] == datetime.date(2012, 5, 31)
    assert row(frames.nodes["Source"], "here/source/report")["records"] == 7
    assert row(frames.nodes["Service"], "here/service/s")["whereabouts"] == "wider"


def test_a_record_with_two_ends_becomes_an_edge(make: Make, schema: Schema) -> None:
    frames = frames_of(make(), schema)
    award = row(frames.edges[Ends("AWARD", "Fund", "Service")], "here/award/a")
    assert award == {
        FROM: "here/fund/f",
        TO: "here/service/s",
        "id": "here/award/a",
        "partnership": "here",
        "amount": 12.5,
        "status": "secured",
        "period": "../2013-03",
        "period_last": datetime.date(2013, 3, 31),
        "live_from": datetime.date(2012, 5, 31),
        "live_until": datetime.date(2013, 3, 31),
        "undated": False,
        "source": "here/source/report",
        "known_on": datetime.date(2012, 5, 31),
    }
    served = frames.edges[Ends("HAS_AREA", "Agency", "Area")]
    assert served[TO].to_pylist() == ["here/area/county", "here/area/town"]


def test_what_two_sources_say_is_there_once(make: Make, schema: Schema) -> None:
    """The same statement in another graph, and a second value where one is meant: the first."""
    other = f"<{ID}here/source/other>"
    said = [
        f'<{ID}here/agency/one> <{schema.classes["Agency"].property("also_called").iri}> "abc"',
        f"<{ID}here/agency/one> <{schema.classes['Agency'].property('area').iri}> "
        f"<{ID}here/area/town>",
        f'<{ID}here/agency/one> <{schema.classes["Agency"].property("name").iri}> "0 first"',
        f"<{ID}here/award/a> <{schema.classes['Award'].property('amount').iri}> "
        '"9"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    ]
    made = make(*(f"{one} {other} ." for one in said))
    frames = frames_of(made, schema)
    same(frames, frames_of_graph(read_graph(made, schema), schema))
    agency = row(frames.nodes["Agency"], "here/agency/one")
    assert agency["also_called"] == ["ab", "abc", "abc d"]
    assert agency["name"] == "0 first"
    assert len(frames.edges[Ends("HAS_AREA", "Agency", "Area")]) == 2
    assert row(frames.edges[Ends("AWARD", "Fund", "Service")], "here/award/a")["amount"] == 9.0


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("<https://x/y>", "https://x/y"),
        ('"plain"', "plain"),
        ('""', ""),
        ('"a\\"b"@en-GB', 'a"b'),
        ('"\\t\\b\\n\\r\\f\\\\n\\\'"', "\t\b\n\r\f\\n'"),
        ('"\\u00e9\\U0001F600"^^<http://x#\\u0022>', "é\U0001f600"),
        ('"line\u2028and\x0cfeed"', "line\u2028and\x0cfeed"),
    ],
)
def test_tokens_are_read_with_their_escapes(token: str, text: str) -> None:
    assert text_of(token) == text


def test_lists_of_numbers_are_in_the_order_of_numbers(schema: Schema) -> None:
    age = schema.classes["Service"].property("minimum_age")
    several = Property(**{f: getattr(age, f) for f in age.__slots__} | {"many": True})
    values = reader(several, {}, Numbers())(['"10"^^<x>', '"9"^^<x>', '"010"^^<x>'])
    assert values.to_pylist() == ["10", "9", "10"]
    assert measured(several, values).to_pylist() == [10, 9, 10]


# ---------------------------------------------------------------- blocks and digests


def test_blocks_are_the_lines_of_each_partnership(release: Release, schema: Schema) -> None:
    with blocks_of(release, schema) as blocks:
        found = dict(blocks)
    content = release.path.read_text().split("\n")
    slugs = {m[1] for line in content if (m := re.match(rf"<{ID}([^/]+)/", line))}
    assert set(found) == slugs
    for slug, block in found.items():
        lines = [one for one in content if one.startswith(f"<{ID}{slug}/")]
        assert block.decode() == "".join(f"{one}\n" for one in lines)


def test_a_digest_changes_where_the_rows_do_and_nowhere_else(
    release: Release, schema: Schema, tmp_path: Path
) -> None:
    changed = _rewritten(release, tmp_path, f"<{ID}luton/agency/", "Luton", "Lutton")
    before, after = frames_of(release, schema).blocks, frames_of(changed, schema).blocks
    assert {slug for slug in before if before[slug] != after[slug]} == {"luton"}


def test_a_digest_tells_what_follows_from_records_of_others(make: Make, schema: Schema) -> None:
    """A service elsewhere is known on the day of a source of 'here': its own lines stay."""
    klass, service = schema.classes["Service"], f"<{ID}there/service/s>"
    elsewhere = [
        f"{service} {TYPE} <{FP}Service> <{ID}x> .",
        f"{service} <{klass.property('source').iri}> <{ID}here/source/report> <{ID}x> .",
    ]
    date = schema.classes["Source"].property("date").iri
    later = f'<{ID}here/source/report> <{date}> "2012-09" <{ID}x> .'
    before = frames_of(make(*elsewhere), schema)
    after = frames_of(make(*elsewhere, later, without='"2012-05"'), schema)
    assert row(after.nodes["Service"], "there/service/s")["known_on"] == datetime.date(2012, 9, 30)
    assert before.blocks["there"] != after.blocks["there"]


def _rewritten(release: Release, folder: Path, where: str, old: str, new: str) -> Release:
    lines = release.path.read_text().split("\n")[:-1]
    lines = [one.replace(old, new) if one.startswith(where) else one for one in lines]
    content = "".join(f"{one}\n" for one in sorted(lines)).encode()
    name = hashlib.sha256(content).hexdigest()[:16]
    (folder / f"{name}.nq").write_bytes(content)
    return Release(name, folder / f"{name}.nq")


# ---------------------------------------------------------------- what is refused


def test_a_damaged_release_is_refused(make: Make, schema: Schema) -> None:
    made = make()
    made.path.write_bytes(made.path.read_bytes() + b"\n")
    with pytest.raises(ReleaseError, match="damaged"):
        frames_of(made, schema)
    made.path.write_bytes(b"")
    with pytest.raises(ReleaseError, match="damaged"):
        frames_of(made, schema)


def test_another_version_of_the_ontology_is_refused(make: Make, schema: Schema) -> None:
    with pytest.raises(ReleaseError, match=r"the ontology 0\.1"):
        frames_of(make(version="0.1"), schema)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("/area/county> <http://www.w3.org/1999", "refers to here/area/county, which"),
        ("/service/s> <http://www.w3.org/1999", "here/award/a refers to here/service/s, which"),
        ("<{pays_for}>", "here/award/a does not have its two ends"),
    ],
)
def test_what_leads_to_nothing_is_refused_both_ways(
    make: Make, schema: Schema, gone: str, message: str
) -> None:
    pays_for = schema.classes["Award"].property("pays_for").iri
    made = make(without=gone.replace("{pays_for}", str(pays_for)))
    with pytest.raises(ReleaseError, match=message):
        read_graph(made, schema)
    with pytest.raises(ReleaseError, match=message):
        frames_of(made, schema)


def test_a_second_end_is_refused(make: Make, schema: Schema) -> None:
    fund = schema.classes["Award"].property("fund").iri
    second = f"<{ID}here/award/a> <{fund}> <{ID}here/agency/one> <{ID}x> ."
    with pytest.raises(ReleaseError, match="two ends"):
        frames_of(make(second), schema)


def test_a_record_of_two_classes_is_refused(make: Make, schema: Schema) -> None:
    second = f"<{ID}here/agency/one> {TYPE} <{FP}Body> <{ID}x> ."
    with pytest.raises(ReleaseError, match="two types"):
        frames_of(make(second), schema)


def test_every_label_has_the_columns_of_the_schema(release: Release, schema: Schema) -> None:
    frames = frames_of(release, schema)
    for label, table in frames.nodes.items():
        assert table.column_names == [key for key, _ in columns_of(schema, label)]
