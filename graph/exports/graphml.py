"""GraphML for Gephi, yEd, Cytoscape and networkx: the property graph, with plain values only."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO

import networkx as nx

from graph.exports.rdf import xml_text
from graph.model import PropertyGraph, Value
from graph.sources.names import SEPARATOR


def graphml(graph: PropertyGraph) -> bytes:
    """Nodes with their `label` and edges with their `type`, each edge with an id of its own."""
    drawn = nx.MultiDiGraph(release=graph.release)
    for node in graph.nodes:
        drawn.add_node(node.id, label=node.label, **_plain(node.properties))
    for edge in graph.edges:
        key = edge.id or f"{edge.start[1]} {edge.type} {edge.end[1]}"
        drawn.add_edge(
            edge.start[1], edge.end[1], key=key, type=edge.type, **_plain(edge.properties)
        )
    content = BytesIO()
    nx.write_graphml_xml(drawn, content)
    return content.getvalue()


def _plain(columns: Mapping[str, Value]) -> dict[str, str | int | float | bool]:
    # These names are those of the node or edge itself.
    plain = {k: _value(v) for k, v in columns.items() if v is not None and v != ()}
    for name in ("label", "type", "key"):
        if name in plain:
            plain[f"{name}_"] = plain.pop(name)
    return plain


def _value(value: Value) -> str | int | float | bool:
    if isinstance(value, tuple):
        return xml_text(SEPARATOR.join(value))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return value
    return xml_text(str(value))
