"""The compiled shapes find what pyshacl finds, and what the shapes are written to find.

A run has FINGERPOST_TRIES mutants (see `mutants.py`); 1,000 take less than a minute.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable

import pytest
from by_pyshacl import validate
from mutants import TYPE, Statement, World, mutant, world_of
from rdflib import RDFS, XSD, Graph

from graph.release import Release
from ontology.columns import read_columns
from ontology.compiled import Shapes, compiled, default_shapes
from ontology.namespaces import BASE, EDTF, FP, ID, SHAPES, TERMS
from ontology.schema import SchemaError, turtle
from ontology.terms import term_of
from ontology.violations import (
    Violation,
    in_blocks,
    kinds_of,
    violations,
    violations_among,
)

TRIES = int(os.environ.get("FINGERPOST_TRIES", "120"))
AT_ONCE = 20
HOME = f"<{ID}t>"
PREFIXES = """
@prefix fp: <https://fingerpost.example/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def _lines(statements: Iterable[Statement], home: str = HOME) -> list[str]:
    return sorted(f"{' '.join(statement)} {home} ." for statement in statements)


def _slowly(statements: Iterable[Statement], shapes: Graph | None = None) -> list[Violation]:
    data = Graph().parse(data="".join(f"{' '.join(s)} .\n" for s in statements), format="nt")
    for triple in turtle(TERMS).triples((None, RDFS.subClassOf, None)):
        data.add(triple)
    return validate(data, shapes)


@pytest.fixture(scope="module")
def lines(release: Release) -> list[str]:
    """The shipped release, line by line."""
    return release.path.read_text(encoding="utf-8").split("\n")[:-1]


@pytest.fixture(scope="module")
def world(lines: list[str]) -> World:
    """Its records."""
    return world_of(lines)


@pytest.fixture(scope="module")
def codes(world: World) -> set[Statement]:
    """Of every code, what it is; no shape judges it."""
    types = {s for said in world.said.values() for s in said if s[1] == TYPE}
    return {s for s in types if s[2] not in default_shapes()}


# ---------------------------------------------------------------- the same as pyshacl


def _mutants(world: World, codes: set[Statement], seeds: Iterable[int]) -> set[Statement]:
    classes = sorted(kind for kind in world.by_class if kind in default_shapes())
    return codes.union(*(mutant(world, classes, seed) for seed in seeds))


@pytest.mark.parametrize("batch", range(-(-TRIES // AT_ONCE)))
def test_mutants_break_what_pyshacl_says_they_break(
    world: World, codes: set[Statement], batch: int
) -> None:
    statements = _mutants(world, codes, range(batch * AT_ONCE, (batch + 1) * AT_ONCE))
    wanted, found = _slowly(statements), violations(_lines(statements))
    assert (Counter(found) - Counter(wanted), Counter(wanted) - Counter(found)) == ({}, {})
    assert found == wanted
    assert len({v.focus for v in found}) > AT_ONCE / 3


def test_mutants_break_every_kind_of_constraint(world: World, codes: set[Statement]) -> None:
    lines = _lines(_mutants(world, codes, range(120)))
    found = violations(lines)
    assert {v.component.removesuffix("ConstraintComponent") for v in found} == {
        *("Class", "Datatype", "MinCount", "MaxCount", "Pattern", "MinInclusive", "MaxInclusive"),
        *("LessThanOrEquals", "Or"),  # hasValue, not, node and property are told by those
    }
    kinds = kinds_of(lines)
    judged = {kinds[f"<{v.focus}>"] for v in found}
    assert len(judged) > 25


def test_the_shipped_release_breaks_nothing(lines: list[str], world: World) -> None:
    assert violations(lines) == []
    others = re.compile(rf"<{ID}(?!example/|shared/)")
    own = [said for subject, said in world.said.items() if not others.match(subject)]
    assert len(own) > len(world.said) / 10
    assert _slowly(s for said in own for s in said) == []


# ---------------------------------------------------------------- what the shapes say


def _fp(name: str) -> str:
    return f"<{FP[name]}>"


def _id(local: str) -> str:
    return f"<{ID[local]}>"


def _typed(text: str, kind: str) -> str:
    return f'"{text}"^^<{EDTF.EDTF if kind == "edtf" else XSD[kind]}>'


def _record(cls: str, local: str, /, **values: str) -> set[Statement]:
    subject = _id(f"t/{local}")
    return {(subject, TYPE, _fp(cls))} | {(subject, _fp(p), v) for p, v in values.items()}


_SAID = {"source": _id("t/source/s"), "place": '"paragraph 1"', "basis": _fp("stated")}
SOUND: frozenset[Statement] = frozenset(
    _record(
        "Source",
        "source/s",
        title='"Report"',
        kind=_id("shared/source-kind/report"),
        sourceDate=_typed("2013-03", "edtf"),
    )
    | _record("Area", "area/r", name='"Testham"', onsCode='"E08000027"', **_SAID)
    | _record("Agency", "agency/a", name='"Council"', possiblySameAs=_id("t/body/b"), **_SAID)
    | _record("Body", "body/b", name='"Board"', **_SAID)
    | _record("Post", "post/p", name='"Adviser"', holders=_typed("1", "integer"), **_SAID)
    | _record(
        "Service",
        "service/x",
        name='"Refuge"',
        standing=_id("shared/standing/operating"),
        minimumAge=_typed("16", "integer"),
        maximumAge=_typed("18", "integer"),
        **_SAID,
    )
    | _record(
        "Contact",
        "contact/c",
        contactOf=_id("t/service/x"),
        kind=_id("shared/contact-kind/telephone"),
        contactValue='"01632 960123"',
        **_SAID,
    )
    | _record("Venue", "venue/v", name='"Hall"', venueOf=_id("t/service/x"), **_SAID)
    | _record("Venue", "venue/v", kind=_id("shared/venue-kind/physical"))
    | _record("Venue", "venue/v", latitude=_typed("52.5", "decimal"))
    | _record(
        "Helpline",
        "helpline/h",
        name='"Line"',
        description='"For everybody."',
        telephone='"01632 960124"',
        nation=_id("shared/nation/england"),
        page='"A page."',
    )
)
"""One record of some classes, with no more than they need."""


def _changed(local: str, /, **values: str) -> set[Statement]:
    """The sound records, with other values of one: each text holds none, one or several."""
    subject = _id(f"t/{local}")
    gone = {_fp(name) for name in values}
    kept = {s for s in SOUND if s[0] != subject or s[1] not in gone}
    return kept | {
        (subject, _fp(name), token)
        for name, text in values.items()
        for token in text.split(" | ")
        if token
    }


LEAVING = _id("shared/post-state/leaving")
BREACHES = [
    # the record, what it says instead, and what is told: property, constraint, value
    ("agency/a", {"name": ""}, [("name", "MinCount", "")]),
    ("agency/a", {"name": '"One" | "Two"'}, [("name", "MaxCount", "")]),
    (
        "agency/a",
        {"name": '"One" | "One"@en'},
        [("name", "MaxCount", ""), ("name", "Datatype", "One")],
    ),
    ("agency/a", {"name": f"{_fp('stated')}"}, [("name", "Datatype", str(FP.stated))]),
    ("agency/a", {"area": _id("t/area/none")}, [("area", "Class", str(ID["t/area/none"]))]),
    ("agency/a", {"area": _id("t/agency/a")}, [("area", "Class", str(ID["t/agency/a"]))]),
    ("agency/a", {"area": '"Testham"'}, [("area", "Class", "Testham")]),
    (
        "agency/a",
        {"possiblySameAs": _id("t/area/r")},
        [("possiblySameAs", "Or", str(ID["t/area/r"]))],
    ),
    ("agency/a", {"benchmark": _typed("0", "boolean")}, []),
    # rdflib writes a truth value that is none as false, in both checkers.
    ("agency/a", {"benchmark": _typed("no", "boolean")}, [("benchmark", "Datatype", "false")]),
    ("agency/a", {"benchmark": '"true"'}, [("benchmark", "Datatype", "true")]),
    ("agency/a", {"basis": _fp("inferred")}, [("ground", "Or", str(ID["t/agency/a"]))]),
    ("agency/a", {"basis": _fp("inferred"), "ground": '"It follows."'}, []),
    (
        "agency/a",
        {"confirmedOn": _typed("2013-02-30", "date")},
        [("confirmedOn", "Datatype", "2013-02-30")],
    ),
    ("agency/a", {"asOf": '"2013"'}, [("asOf", "Datatype", "2013")]),
    ("area/r", {"onsCode": '"e08000027"'}, [("onsCode", "Pattern", "e08000027")]),
    ("area/r", {"onsCode": '"\\u004508000027"'}, []),
    ("area/r", {"within": _id("t/area/r")}, []),
    ("post/p", {"holders": _typed("0", "integer")}, [("holders", "MinInclusive", "0")]),
    ("post/p", {"holders": _typed("01", "integer")}, []),
    ("post/p", {"holders": f"{_typed('1', 'integer')} | {_typed('01', 'integer')}"}, []),
    ("post/p", {"postState": LEAVING}, [("visibility", "Or", str(ID["t/post/p"]))]),
    ("post/p", {"postState": LEAVING, "holders": _typed("2", "integer")}, []),
    ("post/p", {"postState": LEAVING, "visibility": _id("shared/visibility/staff")}, []),
    (
        "service/x",
        {"minimumAge": _typed("19", "integer")},
        [("minimumAge", "LessThanOrEquals", "19")],
    ),
    (
        "service/x",
        {"minimumAge": '"16"'},
        [
            ("minimumAge", kind, "16")
            for kind in ("Datatype", "MinInclusive", "MaxInclusive", "LessThanOrEquals")
        ],
    ),
    (
        "service/x",
        {"maximumAge": _typed("121", "integer")},
        [("maximumAge", "MaxInclusive", "121")],
    ),
    (
        "service/x",
        {"minimumAge": _typed("121", "integer"), "maximumAge": ""},
        [("minimumAge", "MaxInclusive", "121")],
    ),
    (
        "contact/c",
        {"contactValue": '"help@service.example"'},
        [("contactValue", "Or", str(ID["t/contact/c"]))],
    ),
    (
        "contact/c",
        {"contactValue": '"help@service.example"', "kind": _id("shared/contact-kind/e-mail")},
        [],
    ),
    ("venue/v", {"latitude": _typed("48.99", "decimal")}, [("latitude", "MinInclusive", "48.99")]),
    ("venue/v", {"latitude": _typed("61.01", "decimal")}, [("latitude", "MaxInclusive", "61.01")]),
    ("helpline/h", {"telephone": ""}, [("telephone", "Or", str(ID["t/helpline/h"]))]),
    ("helpline/h", {"telephone": "", "webPage": '"https://line.example"'}, []),
    (
        "source/s",
        {"sourceDate": "", "title": ""},
        [("sourceDate", "MinCount", ""), ("title", "MinCount", "")],
    ),
]


@pytest.mark.parametrize(("local", "values", "told"), BREACHES)
def test_a_breach_is_told_where_it_is(
    codes: set[Statement], local: str, values: dict[str, str], told: list[tuple[str, str, str]]
) -> None:
    statements = codes | _changed(local, **values)
    found = violations(_lines(statements))
    seen = [(v.path, v.component.removesuffix("ConstraintComponent"), v.value) for v in found]
    assert seen == sorted((FP[name], kind, value) for name, kind, value in told)
    assert {v.focus for v in found} <= {ID[f"t/{local}"]}
    assert found == _slowly(statements)


def test_sound_records_are_sound(codes: set[Statement]) -> None:
    assert violations(_lines(codes | SOUND)) == []
    gone = [(v.path, v.focus) for v in violations(_lines(SOUND))]
    assert (FP.basis, ID["t/agency/a"]) in gone  # Without the codes, no word is a word.


MESSAGES = [
    ("area/r", {"onsCode": '"x"'}, "An ONS code is a letter and eight digits, such as E08000027."),
    ("post/p", {"holders": _typed("0", "integer")}, "Value is not >= Literal("),
    ("agency/a", {"area": '"x"'}, "Value does not have class fp:Area"),
    ("agency/a", {"asOf": '"x"'}, "Value is not Literal with datatype edtf:EDTF"),
    ("agency/a", {"possiblySameAs": '"x"'}, "[ sh:class fp:Agency ] , [ sh:class fp:Body ]"),
    ("agency/a", {"name": ""}, f"Less than 1 values on <{ID['t/agency/a']}>->fp:name"),
    ("agency/a", {"basis": _fp("contested")}, "A fact that is inferred or contested needs"),
]


@pytest.mark.parametrize(("local", "values", "words"), MESSAGES)
def test_a_breach_has_words(
    codes: set[Statement], local: str, values: dict[str, str], words: str
) -> None:
    (found,) = violations(_lines(codes | _changed(local, **values)))
    assert words in found.message


INCOMPARABLE = [
    (
        "service/x",
        {"minimumAge": _typed("x", "integer")},
        {"Datatype", "MinInclusive", "MaxInclusive", "LessThanOrEquals"},
    ),
    ("venue/v", {"latitude": _typed("NaN", "decimal")}, {"MinInclusive", "MaxInclusive"}),
]


@pytest.mark.parametrize(("local", "values", "told"), INCOMPARABLE)
def test_what_cannot_be_compared_is_a_breach(
    codes: set[Statement], local: str, values: dict[str, str], told: set[str]
) -> None:
    """Here pyshacl stops with an error of Python's."""
    found = violations(_lines(codes | _changed(local, **values)))
    assert {v.component.removesuffix("ConstraintComponent") for v in found} == told


# ---------------------------------------------------------------- lines, blocks and graphs


def test_what_is_said_in_two_graphs_is_said_once(codes: set[Statement]) -> None:
    twice = sorted({*_lines(codes | SOUND), *_lines(SOUND, f"<{ID['t/source/s']}>")})
    assert violations(twice) == []
    assert not any(TYPE in records.columns for records in read_columns(twice).values())
    broken = codes | _changed("area/r", onsCode='"x"')
    twice = sorted({*_lines(broken), *_lines(broken, f"<{ID['t/source/s']}>")})
    assert violations(twice) == violations(_lines(broken)) == _slowly(broken)


def test_a_record_of_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="two types"):
        violations(_lines({*SOUND, (_id("t/area/r"), TYPE, _fp("Agency"))}))


def test_what_has_no_class_is_not_judged(codes: set[Statement]) -> None:
    untyped = {s for s in SOUND if s[1:] != (TYPE, _fp("Helpline"))} - {
        (_id("t/helpline/h"), _fp("telephone"), '"01632 960124"')
    }
    assert violations(_lines(codes | untyped)) == _slowly(codes | untyped) == []


def test_a_text_that_looks_like_a_statement_is_none(codes: set[Statement]) -> None:
    text = f'"{_id("t/area/none")} {TYPE} {_fp("Area")}"'
    found = violations(
        _lines(codes | _changed("agency/a", description=text, area=_id("t/area/none")))
    )
    assert [v.path for v in found] == [FP.area]
    assert kinds_of([f"{_id('t/area/none')} {_fp('name')} {text} {HOME} ."]) == {}


@pytest.mark.parametrize("about", [1, 2, 7, 10_000])
def test_no_record_stands_in_two_blocks(codes: set[Statement], about: int) -> None:
    lines = _lines(codes | _changed("post/p", name="", holders=_typed("0", "integer")))
    blocks = list(in_blocks(lines, about))
    assert [line for block in blocks for line in block] == lines
    subjects = [{line.split(" ")[0] for line in block} for block in blocks]
    assert sum(map(len, subjects)) == len(set().union(*subjects))
    assert all(len(block) >= about for block in blocks[:-1])
    kinds = kinds_of(lines)
    apart = [v for block in blocks for v in violations_among(read_columns(block), kinds)]
    assert sorted(apart, key=lambda v: v.component) == sorted(
        violations(lines), key=lambda v: v.component
    )
    assert len(apart) == 2


def test_a_partnership_is_judged_by_itself_with_what_it_refers_to(lines: list[str]) -> None:
    own = [line for line in lines if line.startswith(f"<{ID}dudley/")]
    assert violations_among(read_columns(own), kinds_of(lines)) == []
    lost = violations_among(read_columns(own), kinds_of(own))
    assert lost
    assert {v.component for v in lost} <= {"ClassConstraintComponent", "OrConstraintComponent"}


# ---------------------------------------------------------------- other shapes


def _shapes(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def _both(text: str, statements: set[Statement]) -> list[Violation]:
    shapes = _shapes(text)
    found = violations(_lines(statements), compiled(shapes, turtle(TERMS)))
    assert found == _slowly(statements, shapes)
    return found


def _told(found: list[Violation]) -> set[tuple[str, str]]:
    return {
        (str(v.focus).rsplit("/", 1)[1], v.component.removesuffix("ConstraintComponent"))
        for v in found
    }


_MANY = (
    _record("Agency", "agency/none")
    | _record("Agency", "agency/one", name='"a"')
    | _record("Agency", "agency/long", name='"ab"')
    | _record("Agency", "agency/two", name='"a"')
    | _record("Agency", "agency/two", name='"b"')
    | _record("Agency", "agency/same", name=_typed("1", "integer"))
    | _record("Agency", "agency/same", name=_typed("01", "integer"))
)


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("sh:minCount 2", {(n, "MinCount") for n in ("none", "one", "long", "same")}),
        ("sh:maxCount 0", {(n, "MaxCount") for n in ("one", "two", "long", "same")}),
        ("sh:minCount 0", set()),
        (
            "sh:hasValue fp:stated",
            {(n, "HasValue") for n in ("none", "one", "two", "long", "same")},
        ),
        ('sh:or ( [ sh:datatype xsd:integer ] [ sh:pattern "a" ] )', {("two", "Or")}),
        (
            'sh:or ( [ sh:datatype xsd:string ; sh:pattern "b" ] )',
            {("one", "Or"), ("two", "Or"), ("same", "Or")},
        ),
        ("sh:lessThanOrEquals fp:name", {("two", "LessThanOrEquals")}),
    ],
)
def test_rules_that_the_shapes_do_not_yet_have(constraint: str, told: set[tuple[str, str]]) -> None:
    found = _both(
        f"[] a sh:NodeShape ; sh:targetClass fp:Agency ; "
        f"sh:property [ sh:path fp:name ; {constraint} ] .",
        set(_MANY),
    )
    assert _told(found) == told


def test_a_choice_may_ask_for_more_than_a_class() -> None:
    shape = """
    [] a sh:NodeShape ; sh:targetClass fp:Agency ; sh:property [ sh:path fp:partOf ;
        sh:or ( [ sh:class fp:Agency ; sh:pattern "good$" ] [ sh:class fp:Body ] ) ] .
    """
    statements = (
        _record("Agency", "agency/good", partOf=_id("t/body/b"))
        | _record("Agency", "agency/a", partOf=_id("t/agency/good"))
        | _record("Agency", "agency/b", partOf=_id("t/agency/a"))
        | _record("Body", "body/b")
    )
    assert _told(_both(shape, statements)) == {("b", "Or")}


def test_nothing_may_be_said_where_none_is_the_most() -> None:
    shape = """
    [] a sh:NodeShape ; sh:targetClass fp:Agency ; sh:property [ sh:path fp:name ; sh:maxCount 0 ] .
    """
    assert _told(_both(shape, _record("Agency", "agency/one", name='"a"'))) == {("one", "MaxCount")}


def test_severity_and_classes_below_and_a_rule_told_by_itself() -> None:
    shape = """
    fp:S a sh:NodeShape ; sh:targetClass fp:Relation ; sh:severity sh:Warning ; fp:column fp:note ;
        sh:not [ sh:property [ sh:path fp:name ; sh:minCount 1 ] ] ; sh:message "No name here." .
    """
    statements = _record("Award", "award/w", name='"x"') | _record("Agency", "agency/a", name='"x"')
    (found,) = _both(shape, statements)
    assert (found.focus, found.path, found.severity) == (ID["t/award/w"], FP.note, "Warning")
    assert (found.component, found.message) == ("NotConstraintComponent", "No name here.")


_TARGET = "fp:S a sh:NodeShape ; sh:targetClass fp:Agency ;"


@pytest.mark.parametrize(
    "text",
    [
        f"{_TARGET} sh:closed true .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:nodeKind sh:Literal ] .",
        f'{_TARGET} sh:property [ sh:path fp:name ; sh:pattern "a" ; sh:flags "i" ] .',
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:in ( 1 2 ) ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:datatype xsd:float ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:hasValue 1 ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:minCount 1 , 2 ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:minCount 1.5 ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:minCount -1 ] .",
        f"{_TARGET} sh:property [ sh:path fp:name ; sh:node fp:T ] .",
        f'{_TARGET} sh:property [ sh:path fp:name ; sh:minCount 1 ; sh:message "a" , "b" ] .',
        f"{_TARGET} sh:property [ sh:path [ sh:inversePath fp:name ] ; sh:minCount 1 ] .",
        f"{_TARGET} sh:property [ sh:path ( fp:name fp:alias ) ; sh:minCount 1 ] .",
        f"{_TARGET} sh:class fp:Agency .",
        f"{_TARGET} sh:or () .",
        f"{_TARGET} sh:deactivated true .",
        f'{_TARGET} sh:sparql [ sh:select "SELECT $this WHERE {{}}" ] .',
        f"{_TARGET} sh:node fp:Nowhere .",
        "fp:S a sh:NodeShape ; sh:targetSubjectsOf fp:name ; sh:property [ sh:path fp:name ] .",
        "fp:S a sh:NodeShape , <http://www.w3.org/2000/01/rdf-schema#Class> .",
        "fp:S a sh:NodeShape ; sh:lessThan fp:name .",
    ],
)
def test_what_is_not_understood_is_an_error_and_never_passed_over(text: str) -> None:
    with pytest.raises(SchemaError):
        compiled(_shapes(text), turtle(TERMS))


def test_every_target_and_property_of_the_shapes_is_compiled() -> None:
    shapes: Shapes = default_shapes()
    targets = turtle(SHAPES).query("SELECT DISTINCT ?c { [] sh:targetClass ?c }")
    assert {f"<{row[0]}>" for row in targets} <= set(shapes)  # type: ignore[index]
    assert f"<{BASE}ontology#Code>" not in shapes


@pytest.mark.parametrize("token", ['"open', "_:blank", '"x"@', '"x"^^y', "x"])
def test_a_token_that_is_no_term_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        term_of(token)
