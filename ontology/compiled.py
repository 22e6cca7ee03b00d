"""The shapes, compiled once to checks over columns.

Only what the shapes use is understood. Anything else of SHACL in them is an error here and never
passed over, so that no rule can be written that nobody checks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node as Term

from ontology.checks import (
    Check,
    Each,
    Either,
    Every,
    Has,
    Least,
    Most,
    Never,
    NotAbove,
    OfProperty,
    Rule,
    Told,
)
from ontology.judging import AnyOf, Judged, OfKind, Test
from ontology.literals import has_datatype, is_at_least, is_at_most, matches
from ontology.namespaces import FP, SHAPES, TERMS
from ontology.schema import SchemaError, turtle
from ontology.terms import words_of

Shapes = Mapping[str, Check]
"""By the token of a class: what is asked of its records."""
_SAYS_NOTHING = {
    *(SH[name] for name in ("order", "name", "description", "message", "severity", "path")),
    *(SH.targetClass, RDF.type),
}
"""Of a shape, but no constraint."""
_CONSTRAINTS = {
    *(SH[name] for name in ("property", "node", "or", "not", "class", "datatype", "pattern")),
    *(SH[name] for name in ("minCount", "maxCount", "minInclusive", "maxInclusive")),
    *(SH[name] for name in ("lessThanOrEquals", "hasValue")),
}
_OF_ALL_VALUES = {"minCount", "maxCount", "hasValue", "lessThanOrEquals"}
"""What is asked of the values of a property together; all else is asked of each."""
_VALUES = {SH.NodeShape, SH.PropertyShape, SH.Violation, SH.Warning, SH.Info}
"""What SHACL itself names that may be said of a shape."""
_PLAIN = Graph()
"""Its prefixes are those that data have."""


@lru_cache(maxsize=1)
def default_shapes() -> Shapes:
    """The project's own shapes, compiled."""
    return compiled(turtle(SHAPES), turtle(TERMS))


def compiled(shapes: Graph, axioms: Graph) -> Shapes:
    """Some shapes, compiled; `axioms` say which classes lie below which.

    Raises SchemaError at whatever of SHACL is not understood here.
    """
    _refuse_the_unknown(shapes)
    reader = _Reader(shapes, axioms)
    asked: dict[str, list[Check]] = {}
    for shape, target in sorted(shapes.subject_objects(SH.targetClass)):
        check = reader.of_record(shape)
        for kind in sorted(reader.below(target)):
            asked.setdefault(kind, []).append(check)
    return {kind: Every(tuple(checks)) for kind, checks in asked.items()}


def _refuse_the_unknown(shapes: Graph) -> None:
    for subject, predicate, value in shapes:
        if _is_shacl(predicate) and predicate not in _CONSTRAINTS | _SAYS_NOTHING:
            raise SchemaError(f"{predicate} is not understood (at {subject})")
        if (predicate == RDF.type or _is_shacl(value)) and value not in _VALUES:
            raise SchemaError(f"{value} is not understood (at {subject})")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one graph of shapes."""

    shapes: Graph
    axioms: Graph

    def below(self, target: Term) -> frozenset[str]:
        """The tokens of a class and of all that lie below it."""
        return frozenset(f"<{k}>" for k in self.axioms.transitive_subjects(RDFS.subClassOf, target))

    # ------------------------------------------------------------ of records

    def of_record(self, shape: Term) -> Check:
        """What a node shape asks of a record."""
        return Every(tuple(self._record_check(shape, *said) for said in self._constraints(shape)))

    def _record_check(self, shape: Term, name: str, value: Term) -> Check:
        match name:
            case "property":
                return self._of_property(value)
            case "node":
                return self.of_record(value)
            case "or":
                choices = tuple(self.of_record(choice) for choice in self._list(value))
                return Either(self._told(shape, name, value), choices)
            case "not":
                return Never(self._told(shape, name, value), self.of_record(value))
        raise SchemaError(f"sh:{name} is not understood of a whole record (at {shape})")

    # ------------------------------------------------------------ of the values of a property

    def _of_property(self, shape: Term) -> OfProperty:
        path = self._one(shape, SH.path)
        if not isinstance(path, URIRef):
            raise SchemaError(f"a path is one property, and not {path} (at {shape})")
        said = self._constraints(shape)
        rules = tuple(self._rule(shape, *one) for one in said)
        wanted = any(isinstance(rule, Least | Has) for rule in rules)
        return OfProperty(f"<{path}>", rules, wanted)

    def _rule(self, shape: Term, name: str, value: Term) -> Rule:
        if name not in _OF_ALL_VALUES:
            test = self._test(shape, name, value)
            return Each(test, self._told(shape, name, value))
        told = self._told(shape, name, value)
        match name:
            case "minCount":
                return Least(told, _whole(value))
            case "maxCount":
                return Most(told, _whole(value))
            case "hasValue" if isinstance(value, URIRef):
                return Has(told, f"<{value}>")
            case "lessThanOrEquals":
                return NotAbove(f"<{value}>", told)
        raise SchemaError(f"sh:{name} {value} is not understood (at {shape})")

    # ------------------------------------------------------------ of single values

    def _test(self, shape: Term, name: str, value: Term) -> Test:
        match name:
            case "class":
                return OfKind(self.below(value))
            case "datatype":
                return _typed(value)
            case "pattern":
                return Judged(matches(re.compile(str(value))))
            case "minInclusive" if isinstance(value, Literal):
                return Judged(is_at_least(value))
            case "maxInclusive" if isinstance(value, Literal):
                return Judged(is_at_most(value))
            case "or":
                return _any_of([self._of_value(choice) for choice in self._list(value)])
        raise SchemaError(f"sh:{name} {value} is not understood of a value (at {shape})")

    def _of_value(self, shape: Term) -> tuple[Test, ...]:
        return tuple(self._test(shape, *said) for said in self._constraints(shape))

    # ------------------------------------------------------------ of the graph

    def _constraints(self, shape: Term) -> list[tuple[str, Term]]:
        """What a shape says but for its annotations; each but `sh:property` and `sh:node` once."""
        said = sorted(
            (_name(p), o) for p, o in self.shapes.predicate_objects(shape) if p in _CONSTRAINTS
        )
        for name in {name for name, _ in said} - {"property", "node"}:
            self._one(shape, SH[name])
        if not said:
            raise SchemaError(f"{shape} is not a shape that asks for anything")
        return said

    def _one(self, shape: Term, predicate: Term) -> Term | None:
        found = list(self.shapes.objects(shape, predicate))
        if len(found) > 1:
            raise SchemaError(f"{predicate} is said twice (at {shape})")
        return found[0] if found else None

    def _list(self, head: Term) -> list[Term]:
        found = list(Collection(self.shapes, head))
        if not found:
            raise SchemaError(f"a list of choices is empty (at {head})")
        return found

    def _told(self, shape: Term, name: str, value: Term) -> Told:
        path = self._one(shape, SH.path) or self._one(shape, FP.column)
        severity = self._one(shape, SH.severity) or SH.Violation
        message = self._one(shape, SH.message)
        return Told(
            component=f"{name[0].upper()}{name[1:]}ConstraintComponent",
            path=path if isinstance(path, URIRef) else None,
            severity=_name(severity),
            words=self._words(name, path, value) if message is None else _fixed(str(message)),
        )

    def _words(
        self, name: str, path: Term | None, value: Term
    ) -> Callable[[URIRef, Term | None], str]:
        """Words for a shape that has no message of its own: those that pyshacl would find."""
        asked, of = words_of(value, self.shapes), words_of(path, self.shapes)
        if name == "or":
            asked = " , ".join(words_of(choice, self.shapes) for choice in self._list(value))
        text = {
            "class": f"Value does not have class {asked}",
            "datatype": f"Value is not Literal with datatype {asked}",
            "pattern": f"Value does not match pattern '{value}'",
            "minInclusive": f"Value is not >= {asked}",
            "maxInclusive": f"Value is not <= {asked}",
            "minCount": f"Less than {value} values on <FOCUS>->{of}",
            "maxCount": f"More than {value} values on <FOCUS>->{of}",
            "hasValue": f"Node <FOCUS>->{of} does not contain a value in the set: ['{asked}']",
            "lessThanOrEquals": f"Value of <FOCUS>->{asked} < <VALUE>",
            "or": f"Node <VALUE> must conform to one or more shapes in {asked}",
            "not": f"Node <VALUE> must not conform to shape {asked}",
        }[name]
        return _filled(text)


def _is_shacl(term: Term) -> bool:
    return isinstance(term, URIRef) and term.startswith(str(SH))


def _name(term: Term) -> str:
    return str(term).removeprefix(str(SH))


def _fixed(text: str) -> Callable[[URIRef, Term | None], str]:
    return lambda focus, value: text


def _filled(text: str) -> Callable[[URIRef, Term | None], str]:
    def words(focus: URIRef, value: Term | None) -> str:
        meant = {"<FOCUS>": focus, "<VALUE>": value}
        return re.sub("<FOCUS>|<VALUE>", lambda found: words_of(meant[found[0]], _PLAIN), text)

    return words


def _whole(value: Term) -> int:
    if isinstance(value, Literal) and value.datatype == XSD.integer and int(value) >= 0:
        return int(value)
    raise SchemaError(f"a count is a whole number, and not {value}")


def _typed(datatype: Term) -> Test:
    """Text says by its last character what it is; only then no value needs to be read."""
    holds = has_datatype(datatype)
    if datatype == XSD.string:
        return Judged(holds, surely={'"'}.issuperset)
    if datatype == RDF.langString:
        return Judged(holds, surely={'"', ">"}.isdisjoint)
    return Judged(holds)


def _any_of(choices: list[tuple[Test, ...]]) -> Test:
    """One test for a choice of classes, which is what choices mostly are."""
    kinds: set[str | None] = set()
    for tests in choices:
        if len(tests) > 1 or not isinstance(tests[0], OfKind):
            return AnyOf(tuple(choices))
        kinds |= tests[0].kinds
    return OfKind(frozenset(kinds))
