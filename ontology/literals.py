"""What shapes ask of a literal: its type, its bounds, its text.

The answers are pyshacl's, down to what it makes of ill-typed values: two checkers that differ in
the rarest case are two meanings of the shapes. Where it stops with an error of Python's (a bound
of a decimal that is NaN), the value is one that cannot be compared.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.term import Node as Term

from ontology.namespaces import EDTF
from ontology.schema import SchemaError

_PYTHON: Mapping[Term, type] = {
    XSD.string: str,
    RDF.langString: str,
    XSD.integer: int,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: datetime.date,
    EDTF.EDTF: object,
}
"""What a value of a datatype is. Nobody here knows more of EDTF than its name."""


def has_datatype(datatype: Term) -> Callable[[Term], bool]:
    """Whether a value is a well-typed literal of a datatype."""
    if datatype not in _PYTHON:
        raise SchemaError(f"the datatype {datatype} is not understood")
    wanted = _PYTHON[datatype]

    def holds(value: Term) -> bool:
        return (
            isinstance(value, Literal)
            and _datatype(value) == datatype
            and not value.ill_typed
            and isinstance(value.value, wanted)
        )

    return holds


def matches(pattern: re.Pattern[str]) -> Callable[[Term], bool]:
    """Whether the text of a value has a pattern in it."""
    return lambda value: pattern.search(str(value)) is not None


def is_at_least(bound: Literal) -> Callable[[Term], bool]:
    """Whether a value can be compared with a bound and is not below it."""
    return lambda value: _order(value, bound) in ("equal", "above")


def is_at_most(bound: Literal) -> Callable[[Term], bool]:
    """Whether a value can be compared with a bound and is not above it."""
    return lambda value: _order(value, bound) in ("equal", "below")


def _datatype(value: Literal) -> URIRef:
    return RDF.langString if value.language else value.datatype or XSD.string


def _order(value: Term, bound: Literal) -> str:
    """On which side of a bound a value lies, or nothing where they cannot be compared."""
    if not isinstance(value, Literal):
        return ""
    if isinstance(value.value, str) != isinstance(bound.value, str):
        return ""
    try:
        if value.eq(bound):
            return "equal"
        # Other types are ordered by their names; of a time, pyshacl asks its value.
        is_time = type(value.value) in (datetime.datetime, datetime.time)
        above = value.value > bound.value if is_time else value > bound
    except (TypeError, ArithmeticError):
        return ""
    return "above" if above else "below"
