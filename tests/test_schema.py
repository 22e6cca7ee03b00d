"""The ontology as the form: all has its words, and a new column is a change of shapes and data."""

from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.frames import frames_of_graph
from graph.ids import LOCAL
from graph.release import read_graph, write_release
from graph.sources.folder import write_folder
from graph.stores.embedded import EmbeddedStore, ddl
from ontology.namespaces import CODES, FP, ID, TERMS
from ontology.schema import (
    Class,
    Property,
    Schema,
    SchemaError,
    ontology,
    read_schema,
    shared_terms,
)

OWN_TERMS = Graph().parse(TERMS, format="turtle")
CLASSES = list(read_schema(ontology()))
COLUMNS = [(klass, prop) for klass in CLASSES for prop in klass.properties]


def named(value: object) -> str:
    return value.name if isinstance(value, Class) else getattr(value, "key", "")


# ---------------------------------------------------------------- everything has its words


@pytest.mark.parametrize("klass", CLASSES, ids=named)
def test_every_class_has_words_and_a_table(klass: Class) -> None:
    assert klass.label
    assert klass.help.endswith(".")
    assert LOCAL.fullmatch(klass.table.replace("_", "-"))
    assert LOCAL.fullmatch(klass.slug)
    assert (klass.iri, RDF.type, None) in ontology()


@pytest.mark.parametrize(("klass", "prop"), COLUMNS, ids=named)
def test_every_column_has_a_header_and_help_and_its_term_a_definition(
    klass: Class, prop: Property
) -> None:
    assert prop.header == prop.header.strip()
    assert prop.help.endswith((".", ")"))
    assert prop.key.isidentifier()
    if str(prop.iri).startswith(str(FP)):
        assert OWN_TERMS.value(prop.iri, RDFS.label)
        assert OWN_TERMS.value(prop.iri, SKOS.definition)
    assert prop.order, "a column has its place"


def test_orders_tables_and_headers_are_distinct(schema: Schema) -> None:
    assert len({c.order for c in schema}) == len({c.table for c in schema}) == len([*schema])
    for klass in schema:
        assert len({p.order for p in klass.properties}) == len(klass.properties), klass.name
        assert len({p.header.lower() for p in klass.properties}) == len(klass.properties)


def test_references_lead_to_classes_and_codes_to_words(schema: Schema) -> None:
    for klass, prop in COLUMNS:
        for target in prop.targets:
            assert target in (schema.codes if prop.type == "code" else schema.classes), klass.name
        if prop.type == "reference":
            ends = [schema.classes[target].ends for target in prop.targets]
            assert not any(ends), "a reference leads to nodes"


@pytest.mark.parametrize("name", sorted(read_schema(ontology()).codes))
def test_every_closed_list_has_words_in_their_places(schema: Schema, name: str) -> None:
    words = schema.codes[name]
    assert words
    for word in words:
        assert word.label
        assert word.definition.endswith(".")
    # A list of two schemes, such as risk to a victim and from a perpetrator, has ranks in each.
    places = [(word.label.partition("(")[2], word.rank) for word in words]
    assert len(set(places)) == len(places)
    assert len({word.label.lower() for word in words}) == len(words)


def test_shared_terms_are_whole() -> None:
    codes = Graph().parse(CODES, format="turtle")
    for name in ("ClientGroup", "Need", "ServiceType"):
        terms = set(codes.subjects(RDF.type, FP[name]))
        assert terms
        for term in terms:
            assert codes.value(term, SKOS.prefLabel)
            assert codes.value(term, SKOS.definition)
            for broader in codes.objects(term, FP.broader):
                assert broader in terms, f"{term} falls under {broader}, which is not there"
                assert term not in codes.transitive_objects(broader, FP.broader), f"circle: {term}"
        known = shared_terms(ontology(), name)
        labels = [
            str(label).lower()
            for term in terms
            for label in (codes.value(term, SKOS.prefLabel), *codes.objects(term, SKOS.altLabel))
        ]
        assert len(labels) == len(set(labels)), "one word, one term"
        assert set(known.values()) == {str(t).rsplit("/", 1)[1] for t in terms}


def test_every_link_of_the_codes_leads_somewhere() -> None:
    """What stands in the object of a triple below our base is declared as something."""
    graph = ontology()
    for subject, _, value in graph:
        if isinstance(value, URIRef) and str(value).startswith((str(ID), str(FP))):
            assert (value, RDF.type, None) in graph, f"{subject} speaks of {value}"


def test_a_relationship_is_named_unlike_every_label(schema: Schema) -> None:
    """One store keeps labels and types in one name space, whatever their case."""
    labels = {c.name.lower() for c in schema.nodes}
    types = [r.type.lower() for r in schema.relationships]
    assert not labels & set(types)
    assert len(types) == len(set(types))


# ---------------------------------------------------------------- a new column


WITH_A_COLUMN = """
fp:opensAt a owl:DatatypeProperty ; rdfs:label "opens at" ; skos:definition "When its door opens." .
fp:friend a owl:ObjectProperty ; rdfs:label "friend" ; skos:definition "Who stands by it." .
fp:ServiceShape sh:property
    [ sh:order 50 ; sh:path fp:opensAt ; sh:datatype xsd:string ; sh:maxCount 1 ] ,
    [ sh:order 51 ; sh:path fp:friend ; sh:class fp:Agency ] .
fp:AwardShape sh:property [ sh:order 50 ; sh:path fp:opensAt ; sh:datatype xsd:integer ; sh:maxCount 1 ] .
"""  # noqa: E501
WITH_A_CLASS = """
fp:Cat a owl:Class ; rdfs:label "cat" ; rdfs:subClassOf fp:Record ; skos:definition "An animal." .
fp:Keeping a owl:Class ; rdfs:label "keeping" ; rdfs:subClassOf fp:Relation ; skos:definition "Whose it is." .
fp:CatShape a sh:NodeShape ; sh:targetClass fp:Cat ; sh:node fp:RecordShape ; fp:table "cats" ; sh:order 900 ;
    sh:property [ sh:order 1 ; sh:path fp:name ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] .
fp:KeepingShape a sh:NodeShape ; sh:targetClass fp:Keeping ; sh:node fp:RecordShape ; fp:table "keepings" ;
    sh:order 901 ; fp:edge [ fp:edgeFrom fp:provider ; fp:edgeTo fp:keeps ] ;
    sh:property
        [ sh:order 1 ; sh:path fp:provider ; sh:name "keeper" ; sh:class fp:Agency ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:order 2 ; sh:path fp:keeps ; sh:class fp:Cat ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:order 3 ; sh:path fp:asked ; sh:datatype edtf:EDTF ; sh:maxCount 1 ] .
fp:keeps a owl:ObjectProperty ; rdfs:label "keeps" ; skos:definition "The cat." .
fp:asked a owl:DatatypeProperty ; rdfs:label "since" ; skos:definition "From when." .
"""  # noqa: E501
PREFIXES = """
@prefix fp: <https://fingerpost.example/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""


def extended(turtle: str) -> Schema:
    """The project's schema with some Turtle added to its shapes and terms."""
    graph = Graph()
    for triple in ontology():
        graph.add(triple)
    return read_schema(graph.parse(data=PREFIXES + turtle, format="turtle"))


def test_a_new_column_and_class_are_a_change_of_shapes_and_data_alone(tmp_path: Path) -> None:
    schema = extended(WITH_A_COLUMN + WITH_A_CLASS)
    header, first, *rest = TABLES["services"].splitlines()
    services = [f"{header},opens at,friend", f"{first},nine,charity; council", *rest]
    folder = write_tables(
        tmp_path,
        services="\n".join(services) + "\n",
        awards=TABLES["awards"].replace("basis", "basis,opens at").replace("stated", "stated,9"),
        cats="id,name,source,place,basis\ntom,Tom,report,paragraph 1,stated\n",
        keepings="id,keeper,keeps,since,source,place,basis\n"
        "tom-charity,charity,tom,2012-05,report,paragraph 1,stated\n",
    )
    dataset = build_dataset([folder], schema)
    graph = read_graph(write_release(dataset, tmp_path / "home"), schema)
    store = EmbeddedStore(tmp_path / "store")
    store.replace(frames_of_graph(graph, schema), schema)
    assert store.read(
        "MATCH (f:Fund)-[a:AWARD]->(s:Service)-[:FRIEND]->(g:Agency) "
        "RETURN s.opens_at AS service, a.opens_at AS award, g.id AS friend ORDER BY friend",
        {},
    ) == [
        {"service": "nine", "award": 9, "friend": "testham/agency/charity"},
        {"service": "nine", "award": 9, "friend": "testham/agency/council"},
    ]
    (cat,) = store.read(
        "MATCH (g:Agency)-[k:KEEPING]->(c:Cat) "
        "RETURN c.name AS name, k.since_last AS since, g.name AS keeper ORDER BY name",
        {},
    )
    assert (cat["name"], str(cat["since"]), cat["keeper"]) == ("Tom", "2012-05-31", "Testham Haven")
    store.close()
    # And out into tables again.
    write_folder(graph, schema, "testham", tmp_path / "again" / "testham")
    written = (tmp_path / "again" / "testham" / "services.csv").read_text(encoding="utf-8")
    assert "opens at" in written.splitlines()[0]
    assert "charity; council" in written or "agency/charity; agency/council" in written


def test_a_column_without_a_new_term_takes_its_words_from_the_shape() -> None:
    schema = extended(
        "fp:FundShape sh:property [ sh:order 50 ; sh:path fp:wait ; sh:name 'Queue (days)' ; "
        "sh:description 'How long.' ; sh:datatype xsd:integer ; sh:maxCount 1 ] ."
    )
    prop = schema.classes["Fund"].property("queue_days_")
    assert (prop.header, prop.help, prop.type) == ("Queue (days)", "How long.", "integer")


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        (
            "fp:FundShape sh:property [ sh:path fp:nothing ; sh:datatype xsd:string ] .",
            "neither sh:",
        ),
        (
            "fp:FundShape sh:property [ sh:path fp:wait ; sh:datatype xsd:float ] .",
            "neither a known",
        ),
        ("fp:FundShape sh:property [ sh:path fp:wait ] .", "neither a known sh:datatype"),
        (
            "fp:FundShape sh:property [ sh:path [ ] ; sh:datatype xsd:string ] .",
            "no simple sh:path",
        ),
        (
            "fp:FundShape sh:property "
            "[ sh:path fp:wait ; sh:name 'name' ; sh:datatype xsd:string ] .",
            "two columns of Fund have the same header",
        ),
        ("fp:XShape fp:table 'x' .", "no sh:targetClass"),
        ("fp:FundShape fp:edge [ fp:edgeFrom fp:name ; fp:edgeTo fp:wait ] .", "fp:edge of Fund"),
    ],
)
def test_shapes_that_do_not_fit_together_are_told(turtle: str, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        extended(turtle)


def test_a_class_and_a_reference_of_the_same_name_are_told() -> None:
    schema = extended(
        "fp:FundShape sh:property [ sh:order 50 ; sh:path fp:wait ; sh:name 'award' ; "
        "sh:class fp:Service ] ."
    )
    with pytest.raises(SchemaError, match="AWARD is both a class and a reference"):
        _ = schema.relationships


def test_every_class_and_relationship_gets_a_table_in_the_embedded_store(schema: Schema) -> None:
    statements = "\n".join(ddl(schema))
    for klass in schema.nodes:
        assert f"CREATE NODE TABLE `{klass.name}`(" in statements
    for relationship in schema.relationships:
        assert f"CREATE REL TABLE `{relationship.type}`(" in statements


def test_lookups_that_find_nothing_say_so(schema: Schema) -> None:
    for wrong in (
        lambda: schema.by_table("cats"),
        lambda: schema.by_slug("cat"),
        lambda: schema.classes["Fund"].property("cat"),
    ):
        with pytest.raises(KeyError):
            wrong()
    assert schema.by_slug("client-group").name == "ClientGroup"
    assert schema.by_table("client_groups").name == "ClientGroup"
