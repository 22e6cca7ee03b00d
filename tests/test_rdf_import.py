"""RDF in our terms: what goes out comes in again, what is not ours is counted, what harms stops."""

import json
import time
from pathlib import Path

import pytest
from conftest import PARTNERSHIPS, SHIPPED
from testham import write_tables

from api.faults import errors_of
from graph.build import build_dataset, dataset_of
from graph.errors import InputError
from graph.exports import export
from graph.imports.imported import Left
from graph.imports.mapping import read_mapping
from graph.imports.merge import tables_of
from graph.imports.rdf import CONTEXT_IRI, read_rdf
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.sandbox import read_safely
from ontology.namespaces import FP, ID
from ontology.schema import Schema

ENDINGS = {
    "turtle": "ttl",
    "trig": "trig",
    "n-quads": "nq",
    "json-ld": "jsonld",
    "rdf-xml": "rdf",
}


@pytest.fixture(scope="module")
def exported(
    release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Path]:
    """Each shipped partnership in each format."""
    root = tmp_path_factory.mktemp("exported")
    found = {}
    for form, ending in ENDINGS.items():
        for slug in SHIPPED:
            path = root / f"{slug}.{ending}"
            export(release, schema, form, path, [slug])
            found[form, slug] = path
    return found


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("slug", SHIPPED)
def test_exports_read_back_to_the_same_rows(
    form: str,
    slug: str,
    exported: dict[tuple[str, str], Path],
    graph: PropertyGraph,
    schema: Schema,
) -> None:
    found = read_rdf(exported[form, slug], "", schema)
    assert (found.problems, found.left) == ((), ())
    assert found.tables.slug == slug
    wanted = {(r.table, r.id): r.cells for r in tables_of(graph, schema, slug).rows}
    assert {(r.table, r.id): r.cells for r in found.tables.rows} == wanted


def test_they_build_the_same_release(exported: dict[tuple[str, str], Path], schema: Schema) -> None:
    wanted = build_dataset([PARTNERSHIPS / "slough"], schema)
    for form in ("rdf-xml", "json-ld"):
        found = read_rdf(exported[form, "slough"], "slough", schema)
        assert dataset_of([found.tables], found.problems, schema) == wanted


def test_one_of_several_partnerships_is_chosen(
    release: Release, schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "all.ttl"
    export(release, schema, "turtle", path, ["slough", "luton"])
    (problem,) = read_rdf(path, "", schema).problems
    assert problem.advice == "It holds: luton, slough. Name one of them."
    (problem,) = read_rdf(path, "atlantis", schema).problems
    assert problem.expected == "the partnership atlantis"
    found = read_rdf(path, "luton", schema)
    assert not found.problems
    assert [left.what for left in found.left] == ["statements about other partnerships"]


# ---------------------------------------------------------------- other people's RDF

TURTLE = f"""\
@prefix fp: <{FP}> .
@prefix t: <{ID}testham/> .
@prefix s: <{ID}shared/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> .
<{ID}testham/source/feed> a fp:Source ; fp:title "Feed" ;
    fp:kind <{ID}shared/source-kind/register> ; fp:sourceDate "2013-02" .
<{ID}testham/service/hope> a fp:Service, schema:Service ; fp:name "Hope" ;
    fp:standing <{ID}shared/standing/operating> ; fp:source <{ID}testham/source/feed> ;
    fp:place "service 1" ; fp:basis fp:stated ;
    fp:area <{ID}testham/area/testham> ; schema:telephone "withheld" ; fp:name2 "x" .
<{ID}testham/award/a> a fp:Award ; fp:fund <{ID}testham/fund/grant> ;
    fp:pays <{ID}testham/service/hope> ; fp:amount 3.50E4 ;
    fp:status <{ID}shared/award-status/secured> ; fp:source <{ID}testham/source/feed> ;
    fp:place "award 1" ; fp:basis fp:stated .
<https://council.example/x> a schema:Thing ; schema:name "X" .
[] schema:name "nobody" .
<{ID}shared/need/new> fp:note "not ours to change" .
"""


def read(tmp_path: Path, schema: Schema, text: str | bytes, name: str = "feed.ttl") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [str(problem) for problem in read_rdf(path, "", schema).problems]


def test_what_is_not_in_our_terms_is_counted(schema: Schema, tmp_path: Path) -> None:
    (tmp_path / "feed.ttl").write_text(TURTLE)
    found = read_rdf(tmp_path / "feed.ttl", "", schema)
    assert not found.problems
    rows = {row.id: row.cells for row in found.tables.rows}
    assert rows["hope"]["area"] == "area/testham", "not in the file: it may be live"
    assert rows["a"]["amount"] == "35000"
    assert rows["a"]["pays_for"] == "hope"
    no_place = "the tables have no place for it"
    assert found.left == (
        Left("classes of other vocabularies", 1, no_place),
        Left(
            "statements about other things",
            3,
            "their addresses do not begin like those of our records",
        ),
        Left("statements about shared terms", 1, "shared terms are the project's own"),
        Left(f"statements with words of {FP}", 1, no_place),
        Left("statements with words of https://schema.org/", 1, no_place),
    )


def test_it_is_validated_like_everything_else(schema: Schema, tmp_path: Path) -> None:
    text = TURTLE.replace('"Hope"', '"Hope, ring 01632 960123"').replace("3.50E4", '"a lot"')
    (tmp_path / "feed.ttl").write_text(text)
    found = read_rdf(tmp_path / "feed.ttl", "", schema)
    with pytest.raises(InputError) as error:
        dataset_of([found.tables], found.problems, schema)
    said = str(error.value)
    assert 'feed.ttl, award/a, column "amount" has "a lot"; expected a number' in said
    assert 'feed.ttl, service/hope, column "name": expected no telephone number' in said
    assert 'feed.ttl, service/hope, column "area" has "area/testham"; expected an id' in said
    assert "01632" not in said


def test_wrong_addresses_are_told_with_their_record(schema: Schema, tmp_path: Path) -> None:
    text = (
        TURTLE.replace("standing/operating", "standing/running")
        .replace("testham/fund/grant", "dudley/fund/grant")
        .replace("a fp:Award", "a fp:Reach")
        .replace('fp:place "service 1"', 'fp:place "service 1; and 2" ; fp:closed "2013", "2014"')
        .replace("service/hope> a", "service/Hope!> a")
        + f"<{ID}testham/lease/a> a fp:Award ."
    )
    said = read(tmp_path, schema, text)
    for wanted in (
        'feed.ttl, service/Hope!, column "id" has "Hope!"; expected lower-case letters',
        'column "standing" has "https://fingerpost.example/id/shared/standing/running"; expected '
        "the address of one of: operating, planned",
        'award/a, column "fund" has "https://fingerpost.example/id/dudley/fund/grant"; expected '
        "the address of a record of this partnership",
        'award/a, column "rdf:type": expected the class of its address, ',
        'column "place": expected no semicolon',
        'column "closed": expected one value',
        "lease/a: expected an address of one of our classes (action, agency,",
    ):
        assert [line for line in said if wanted in line], wanted


@pytest.mark.parametrize("name", ["feed.owl", "feed.txt", "feed"])
def test_other_endings_are_told(schema: Schema, tmp_path: Path, name: str) -> None:
    assert "expected a file of RDF (.ttl, .nt" in read(tmp_path, schema, TURTLE, name)[0]


def test_a_mistake_is_told_with_its_line(schema: Schema, tmp_path: Path) -> None:
    (said,) = read(tmp_path, schema, TURTLE.replace("fp:title", "xx:title"))
    assert said == (
        "feed.ttl, row 6: expected Turtle in UTF-8. Mend what cannot be read in line 6 at column "
        "67, or save it anew from the program that made it."
    )
    (said,) = read(tmp_path, schema, "", "empty.ttl")
    assert "Records have addresses such as https://fingerpost.example/id/" in said


CANARY = "ZQCANARY77"
BROKEN = {
    "word.ttl": f"<http://a> <http://b> {CANARY} .",
    "prefix.ttl": f"{CANARY}:a <http://b> 1 .",
    "address.nt": f"<{CANARY}> <http://b> <http://c> .",
    "language.nq": f'<http://a> <http://b> "x"@{CANARY}_ .',
    "list.trig": f"<http://g> {{ <http://a> <http://b> ({CANARY} }}",
    "address.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="{CANARY}"/></rdf:RDF>'
    ),
    "entity.rdf": f"<a>&{CANARY};</a>",
    "tag.rdf": f"<{CANARY}></a>",
    "term.jsonld": f'{{"@context": {{"a": "{CANARY}:"}}, "@id": "{CANARY}", "a": {CANARY}}}',
    "keyword.jsonld": f'{{"@context": {{"@{CANARY}": 1, "{CANARY}": []}}, "{CANARY}": 1}}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_not_repeated(name: str, schema: Schema, tmp_path: Path) -> None:
    (said,) = read(tmp_path, schema, BROKEN[name], name)
    assert CANARY not in said
    assert said.startswith(name)


def test_a_key_of_a_mapping_is_not_its_place(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(f'[file]\n{CANARY} = "x"\n')
    with pytest.raises(InputError) as error:
        read_mapping(path, schema)
    assert CANARY not in str(errors_of(error.value))


# ---------------------------------------------------------------- hostile files


def jsonld(context: object) -> str:
    return json.dumps(
        {"@context": context, "@id": f"{ID}testham/service/x", "@type": str(FP.Service)}
    )


@pytest.mark.parametrize(
    "context",
    [
        "https://schema.org/",
        "file:///etc/passwd",
        "context.jsonld",
        ["https://evil.example/c", {}],
        {"@import": "https://evil.example/c"},
        {"@import": CONTEXT_IRI},
        {"part": {"@id": "fp:part", "@context": "https://evil.example/c"}},
    ],
)
def test_a_context_from_elsewhere_is_refused(
    context: object, schema: Schema, tmp_path: Path
) -> None:
    (said,) = read(tmp_path, schema, jsonld(context), "feed.jsonld")
    assert "expected a context that stands in the file" in said
    assert said.endswith("nothing is ever fetched.")


def test_our_own_context_may_be_named(
    exported: dict[tuple[str, str], Path], schema: Schema, tmp_path: Path
) -> None:
    document = json.loads(exported["json-ld", "luton"].read_text())
    for context in (CONTEXT_IRI, [CONTEXT_IRI, {"x": "https://x.example/"}]):
        path = tmp_path / "luton.json"
        path.write_text(json.dumps(document | {"@context": context}))
        found = read_rdf(path, "", schema)
        assert not found.problems
        assert found.tables.rows == tuple(
            row.__class__(row.table, row.file.replace(".jsonld", ".json"), 0, row.id, row.cells)
            for row in read_rdf(exported["json-ld", "luton"], "", schema).tables.rows
        )


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(9))
    + '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'rdf:about="http://a"><x xmlns="http://b/">&a8;&f;</x></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused(
    encoding: str, schema: Schema, tmp_path: Path
) -> None:
    began = time.monotonic()
    (said,) = read(tmp_path, schema, BOMB.encode(encoding), "feed.rdf")
    assert "expected no document type declaration" in said
    assert time.monotonic() - began < 1


HOSTILE = {
    "deep.ttl": b"<http://a> <http://b> "
    + b"[<http://c> " * 100_000
    + b"1"
    + b"]" * 100_000
    + b".",
    "lists.trig": b"<http://a> <http://b> " + b"(" * 300_000,
    "deep.jsonld": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "arrays.jsonld": b"[" * 100_000 + b"]" * 100_000,
    "twice.jsonld": b'{"@id": "a", "@id": "b"}',
    "deep.rdf": b"<a>" * 200_000,
    "entity.rdf": b"<a>&unknown;</a>",
    "empty.rdf": b"",
    "cut.rdf": b'<?xml version="1.0" encoding="x-none"?><a/>',
    "latin.ttl": b'<http://a> <http://b> "caf\xe9" .',
    "wide.ttl": TURTLE.encode("utf-16"),
    "wide.jsonld": jsonld({}).encode("utf-16"),
    "zeros.nq": bytes(10_000),
    "zip.ttl": b"PK\x03\x04",
    "surrogate.jsonld": b'{"@id": "\\ud800"}',
    "number.jsonld": b'{"http://a": 1e999999999}',
    "path.ttl": f"<{ID}../../etc/passwd> a <{FP}Service> .".encode(),
    "named.nt": (
        f"<{ID}..%2F..%2Fetc/need/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{FP}Need> ."
    ).encode(),
    "traversal.nq": f'<{ID}..%2F..%2Fetc/service/x> <{FP}name> "x" .\n'.encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_told_and_nothing_else(name: str, schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    began = time.monotonic()
    found = read_safely(read_rdf, path, "", schema)
    assert time.monotonic() - began < 15
    assert found.problems
    assert found.tables.rows == ()
    for problem in found.problems:
        assert str(problem).startswith(name)
        assert problem.advice.endswith(".")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_huge_file_is_refused_unread(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "huge.nq"
    with path.open("wb") as file:
        file.truncate(500 * 1024**2)
    (problem,) = read_rdf(path, "", schema).problems
    assert "at most 100 MB, and it has 500 MB" in problem.expected
    (problem,) = read_rdf(tmp_path / "none.nq", "", schema).problems
    assert problem.expected == "the file to be there"


def test_no_harm_is_done_to_what_is_live(schema: Schema, tmp_path: Path) -> None:
    live = write_release(build_dataset([write_tables(tmp_path)], schema), tmp_path)
    before = {p: p.read_bytes() for p in live.path.parent.iterdir()}
    for name, content in HOSTILE.items():
        read(tmp_path, schema, content, name)
    assert {p: p.read_bytes() for p in live.path.parent.iterdir()} == before
    assert read_graph(live, schema).release == live.name
