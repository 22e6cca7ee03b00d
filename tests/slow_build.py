"""Building the slow, obvious way: an rdflib Dataset, statement by statement, and its serialiser.

It stands beside graph/build.py as its oracle, in tests and in `make bench`, and takes tables that
hold no mistake.
"""

from collections.abc import Iterable
from decimal import Decimal

from rdflib import OWL, PROV, RDF, XSD, Dataset, Literal, URIRef
from rdflib.term import Node

from graph.ids import record_id
from graph.sources.names import Names
from graph.sources.rows import Tables
from ontology.namespaces import BASE, EDTF, FP, ID
from ontology.schema import Property, Schema, shared


def content_by_rdflib(partnerships: Iterable[Tables], schema: Schema) -> bytes:
    """The content of a release of some tables."""
    dataset = Dataset(default_union=False)
    codes = dataset.graph(URIRef(BASE + "ontology/codes"))
    codes += shared()
    codes.add((URIRef(BASE + "ontology"), OWL.versionInfo, Literal(schema.version)))
    for tables in partnerships:
        add(dataset, tables, schema)
    lines = {line for line in dataset.serialize(format="nquads").split("\n") if line}
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def add(dataset: Dataset, tables: Tables, schema: Schema) -> None:
    own: dict[str, set[str]] = {}
    for row in tables.rows:
        own.setdefault(schema.by_table(row.table).name, set()).add(row.id)
    ids = {name: frozenset(found) for name, found in own.items()}
    names = Names(tables.slug, schema, ids, labels={})
    for row in tables.rows:
        klass = schema.by_table(row.table)
        iri = ID[record_id(tables.slug, klass.slug, row.id)]
        triples = [(iri, RDF.type, klass.iri)]
        for prop in klass.columns:
            cell = row.cells.get(prop.key, "")
            parts = [p.strip() for p in cell.split(";")] if prop.many else [cell]
            triples += [(iri, prop.iri, term(part, prop, names, schema)) for part in parts if part]
        source = next((o for _, p, o in triples if p == FP.source), None)
        if source is not None:
            triples.append((iri, PROV.hadPrimarySource, source))
        graph = dataset.graph(source or ID[tables.slug])
        for triple in triples:
            graph.add(triple)


def term(text: str, prop: Property, names: Names, schema: Schema) -> Node:
    match prop.type:
        case "reference":
            (found,) = names.meaning(text, prop.targets)
            return ID[found]
        case "code":
            words = schema.codes[prop.targets[0]]
            return next(w.iri for w in words if w.label.lower() == text.lower())
        case "boolean":
            return Literal(text.lower() in ("true", "yes"))
        case "integer":
            return Literal(int(text))
        case "decimal":
            number = Decimal(text.removeprefix("£").replace(",", "")).normalize()
            return Literal(f"{number:f}", datatype=XSD.decimal)
        case "edtf":
            return Literal(text, datatype=EDTF.EDTF)
        case "date":
            return Literal(text, datatype=XSD.date)
        case "text":
            return Literal(text, lang="en")
        case _:
            return Literal(text)
