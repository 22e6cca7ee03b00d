"""Exports: what goes out is what the release holds, read back by two parsers, and no more."""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from conftest import PARTNERSHIPS, SHIPPED
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset, Graph

from graph.build import build_dataset
from graph.errors import FingerpostError
from graph.exports import FORMATS, export
from graph.exports.jsonld import jsonld
from graph.exports.rdf import rdfxml
from graph.exports.turtle import trig, turtle
from graph.model import PropertyGraph
from graph.release import Release, nquads, read_quads, write_release
from ontology.namespaces import FP, ID
from ontology.schema import Schema

WITH_GRAPHS = {
    "n-quads": (ox.RdfFormat.N_QUADS, "nquads"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "json-ld": (ox.RdfFormat.JSON_LD, "json-ld"),
}
WITHOUT_GRAPHS = {
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "rdf-xml": (ox.RdfFormat.RDF_XML, "xml"),
}


@pytest.fixture(scope="module")
def slough(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Release:
    dataset = build_dataset([PARTNERSHIPS / "slough"], schema)
    return write_release(dataset, tmp_path_factory.mktemp("slough"))


def triples(quads: set[ox.Quad]) -> set[ox.Triple]:
    return {quad.triple for quad in quads}


@pytest.mark.parametrize("form", WITH_GRAPHS)
def test_formats_with_graphs_hold_the_same_statements(
    form: str, release: Release, slough: Release, schema: Schema, tmp_path: Path
) -> None:
    fast, slow = WITH_GRAPHS[form]
    assert export(release, schema, form, tmp_path / "all") == ()
    assert set(ox.parse((tmp_path / "all").read_bytes(), format=fast)) == set(read_quads(release))
    export(slough, schema, form, tmp_path / "one")
    dataset = Dataset(default_union=False)
    dataset.parse(tmp_path / "one", format=slow)
    lines = {line for line in dataset.serialize(format="nquads").splitlines(True) if line.strip()}
    assert "".join(sorted(lines)).encode() == slough.path.read_bytes()


@pytest.mark.parametrize("form", WITHOUT_GRAPHS)
def test_formats_without_graphs_hold_the_same_triples(
    form: str, release: Release, slough: Release, schema: Schema, tmp_path: Path
) -> None:
    fast, slow = WITHOUT_GRAPHS[form]
    lost = export(release, schema, form, tmp_path / "all")
    assert [sentence for sentence in lost if "named graph" in sentence]
    found = set(ox.parse((tmp_path / "all").read_bytes(), format=fast))
    assert triples(found) == triples(set(read_quads(release)))
    export(slough, schema, form, tmp_path / "one")
    parsed = Graph().parse(tmp_path / "one", format=slow).serialize(format="nt")
    assert triples(set(ox.parse(parsed, format=ox.RdfFormat.N_TRIPLES))) == triples(
        set(read_quads(slough))
    )


@pytest.mark.parametrize("form", FORMATS)
def test_exports_are_the_same_bytes_twice(
    form: str, slough: Release, schema: Schema, tmp_path: Path
) -> None:
    written = []
    for name in ("first", "second"):
        export(slough, schema, form, tmp_path / name / "out")
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        written.append([(p.relative_to(tmp_path / name), p.read_bytes()) for p in files])
    assert written[0]
    assert written[0] == written[1]


@pytest.mark.parametrize("form", FORMATS)
def test_one_partnership_can_be_exported_alone(
    form: str, release: Release, schema: Schema, tmp_path: Path
) -> None:
    export(release, schema, form, tmp_path / "out", ["slough"])
    content = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"slough" in content.lower()
    for other in sorted(set(SHIPPED) - {"slough"}):
        assert f"{ID}{other}".encode() not in content
        assert f'"{other}/'.encode() not in content
        assert not (tmp_path / "out" / other).exists()


def test_turtle_can_be_read_by_a_person(slough: Release, schema: Schema, tmp_path: Path) -> None:
    export(slough, schema, "turtle", tmp_path / "out.ttl")
    text = (tmp_path / "out.ttl").read_text(encoding="utf-8")
    assert "@prefix slough-service: <https://fingerpost.example/id/slough/service/> ." in text
    headings = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith("# ---")]
    tables = [klass.table for klass in schema]
    assert [h for h in headings if h in tables] == [t for t in tables if t in headings]
    assert " ;  # Slough" in text


def test_json_ld_has_its_context_in_it_and_fetches_nothing(
    slough: Release, schema: Schema, tmp_path: Path
) -> None:
    export(slough, schema, "json-ld", tmp_path / "out.jsonld")
    document = json.loads((tmp_path / "out.jsonld").read_text(encoding="utf-8"))
    alone = json.loads((tmp_path / "context.jsonld").read_text(encoding="utf-8"))
    assert document["@context"] == alone["@context"]
    assert isinstance(document["@context"], dict)
    assert "@import" not in document["@context"]
    home = next(g for g in document["@graph"] if g["@id"] == "slough")
    partnership = next(r for r in home["@graph"] if r.get("@type") == ["Partnership"])
    assert partnership["@id"] == "slough/partnership/slough"
    assert partnership["historical"] is True
    records = [r for g in document["@graph"] for r in g["@graph"]]
    service = next(r for r in records if r.get("@type") == ["Service"])
    assert isinstance(service["place"], list)
    assert service["basis"] == "fp:stated"


def test_context_follows_the_schema(slough: Release, schema: Schema, tmp_path: Path) -> None:
    export(slough, schema, "json-ld", tmp_path / "out.jsonld")
    context = json.loads((tmp_path / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    meant = {
        (d["@id"], d.get("@type", "@language" if "@language" in d else ""))
        for name, d in context.items()
        if isinstance(d, dict)
    }
    for klass in schema:
        assert context[klass.name] == f"fp:{klass.name}"
        for prop in klass.columns:
            iri = str(prop.iri).replace(str(FP), "fp:")
            assert any(
                found == iri or str(prop.iri).endswith(found.split(":")[1]) for found, _ in meant
            )
            if prop.type in ("code", "reference"):
                assert (iri, "@id") in meant


def test_graphml_reads_back_with_all_nodes_and_edges(
    release: Release, graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    lost = export(release, schema, "graphml", tmp_path / "out.graphml")
    assert any("joined" in sentence for sentence in lost)
    read = nx.read_graphml(tmp_path / "out.graphml", force_multigraph=True)
    assert read.is_directed()
    assert set(read.nodes) == {node.id for node in graph.nodes}
    assert read.number_of_edges() == len(graph.edges)
    assert sorted(d["type"] for *_, d in read.edges(data=True)) == sorted(
        e.type for e in graph.edges
    )
    service = read.nodes["example/service/kestrelgate-refuge"]
    assert service["label"] == "Service"
    assert service["opened_first"] == "1998-01-01"
    assert "tier_" not in service
    awards = [d for *_, d in read.edges(data=True) if d.get("id") == "example/award/aw-refuge"]
    assert awards[0]["amount"] == 412000.0


@pytest.mark.parametrize("slug", SHIPPED)
def test_csv_reads_back_to_the_same_release(slug: str, schema: Schema, tmp_path: Path) -> None:
    first = write_release(build_dataset([PARTNERSHIPS / slug], schema), tmp_path)
    export(first, schema, "csv", tmp_path / "out")
    again = write_release(build_dataset([tmp_path / "out" / slug], schema), tmp_path)
    assert again.name == first.name


ODD = ["=1+1", "'=1", "''@x", "-99", "-3.3", "+44 or so", "@here", "- dash", "'quoted'", "plain"]


def test_csv_has_no_live_formula_and_comes_back(
    slough: Release, schema: Schema, tmp_path: Path
) -> None:
    names = iter(ODD)
    quads = [_renamed(quad, names) for quad in read_quads(slough)]
    content = nquads(quads)
    name = hashlib.sha256(content).hexdigest()[:16]
    changed = Release(name, tmp_path / f"{name}.nq")
    changed.path.write_bytes(content)
    export(changed, schema, "csv", tmp_path / "out")
    with (tmp_path / "out/slough/services.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["name"] for row in csv.DictReader(file)]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "- "))]
    assert {"'=1+1", "''=1", "-99", "'quoted'"} <= set(cells)
    again = write_release(build_dataset([tmp_path / "out/slough"], schema), tmp_path)
    assert again.path.read_bytes() == content


def _renamed(quad: ox.Quad, names: Iterator[str]) -> ox.Quad:
    subject = str(quad.subject.value) if isinstance(quad.subject, ox.NamedNode) else ""
    if quad.predicate.value == str(FP.name) and "/slough/service/" in subject:
        name = next(names, "another")
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(name), quad.graph_name)
    return quad


# ---------------------------------------------------------------- laws


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(["", "en", "cy"]),
)
def test_any_text_survives(schema: Schema, text: str, language: str) -> None:
    literal = ox.Literal(text, language=language) if language else ox.Literal(text)
    graph = ox.NamedNode(str(ID["x/source/s"]))
    quads = [
        ox.Quad(ox.NamedNode(str(ID["x/service/s"])), ox.NamedNode(str(FP.name)), literal, graph),
        ox.Quad(ox.NamedNode(str(ID["x/need/9-n"])), ox.NamedNode(str(FP["rank"])), literal, graph),
    ]
    assert set(ox.parse(trig(quads, schema), format=ox.RdfFormat.TRIG)) == set(quads)
    assert set(ox.parse(jsonld(quads, schema), format=ox.RdfFormat.JSON_LD)) == set(quads)
    assert set(ox.parse(nquads(quads), format=ox.RdfFormat.N_QUADS)) == set(quads)
    found = set(ox.parse(turtle(quads, schema), format=ox.RdfFormat.TURTLE))
    assert triples(found) == triples(set(quads))


def test_control_characters_are_blanks_in_xml_and_it_says_so() -> None:
    subject, predicate = ox.NamedNode(str(ID["x/service/s"])), ox.NamedNode(str(FP.name))
    document, lost = rdfxml([ox.Quad(subject, predicate, ox.Literal("a\x0bb"))])
    (quad,) = ox.parse(document, format=ox.RdfFormat.RDF_XML)
    assert quad.object == ox.Literal("a b")
    assert len(lost) == 1


# ---------------------------------------------------------------- mistakes


def test_unknown_formats_and_partnerships_are_named(
    slough: Release, schema: Schema, tmp_path: Path
) -> None:
    with pytest.raises(FingerpostError, match="turtle, trig"):
        export(slough, schema, "docx", tmp_path / "out")
    with pytest.raises(FingerpostError, match="It has: slough"):
        export(slough, schema, "turtle", tmp_path / "out", ["dudley"])
    assert not list(tmp_path.iterdir())
