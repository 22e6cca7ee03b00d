"""Validation of records against the shapes, by pyshacl at its safe defaults.

The slow and obvious way: what `ontology/violations.py` finds must be what is found here.
"""

from pyshacl import validate as pyshacl_validate
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node as Term

from ontology.namespaces import FP, SHAPES
from ontology.schema import turtle
from ontology.violations import Violation, in_order


def validate(data: Graph, shapes: Graph | None = None) -> list[Violation]:
    """Every violation of the shapes in `data`, sorted; an empty list where there is none.

    `data` must hold the codes and the subclass axioms beside the records. The shapes are the
    project's own unless given; they never come from outside.
    """
    if shapes is None:
        shapes = turtle(SHAPES)
    conforms, results, _ = pyshacl_validate(
        data, shacl_graph=shapes, advanced=False, js=False, do_owl_imports=False, inplace=True
    )
    if conforms or not isinstance(results, Graph):
        return []
    # A result with details only says that another shape is violated; the details are results too.
    return in_order(
        _violation(results, r, shapes)
        for r in results.subjects(RDF.type, SH.ValidationResult)
        if (r, SH.detail, None) not in results
    )


def _violation(results: Graph, result: Term, shapes: Graph) -> Violation:
    def value(predicate: URIRef) -> Term | None:
        return results.value(result, predicate)

    path = value(SH.resultPath) or shapes.value(value(SH.sourceShape), FP.column)
    shown = value(SH.value)  # Compared with None: a literal that is 0 or false counts as nothing.
    return Violation(
        focus=URIRef(str(value(SH.focusNode))),
        path=path if isinstance(path, URIRef) else None,
        component=str(value(SH.sourceConstraintComponent)).rsplit("#", 1)[-1],
        value="" if shown is None else str(shown),
        message=str(value(SH.resultMessage) or ""),
        severity=str(value(SH.resultSeverity)).rsplit("#", 1)[-1],
    )
