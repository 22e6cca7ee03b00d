"""Cells read by the schema: all that is wrong is told at once, each with its place."""

import dataclasses
from pathlib import Path

import pytest
from rdflib import PROV, RDF, Dataset, Literal, URIRef
from testham import ABOUT, TABLES, write_tables

from graph.build import build_dataset
from graph.errors import InputError, Problem
from ontology.namespaces import FP, ID
from ontology.schema import Schema


def problems_of(folder: Path, schema: Schema) -> list[Problem]:
    """What a build of one folder refuses it for."""
    with pytest.raises(InputError) as refused:
        build_dataset([folder], schema)
    return list(refused.value.problems)


def with_award(**cells: str) -> str:
    """The awards with one more row, cells as given."""
    row = {
        "id": "second",
        "fund": "grant",
        "pays for": "advice",
        "status": "secured",
        "source": "report",
        "place": "paragraph 1",
        "basis": "stated",
    } | {key.replace("_", " "): cell for key, cell in cells.items()}
    return f"{','.join(row)}\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n"


# ---------------------------------------------------------------- what is wrong


WRONG = {
    # column: cell, what is expected, what to do
    "status": ("secure", "one of: secured, at risk,", 'Did you mean "secured"?'),
    "fund": ("grnat", "an id in funds", 'Did you mean "grant"?'),
    "pays for": ("zzz", "an id in services or posts or training", "Add it to services or posts"),
    "amount": ("thirty", "a number", "Write digits only, such as 30000."),
    "period": ("2012/13", "a date as EDTF", "2012-04/2013-03 for a period"),
    "confirmed on": ("2013-03", "a day", "Write it as 2013-03-31."),
    "source": ("the report", "an id in sources", 'Did you mean "report"?'),
    "basis": ("sated", "one of: stated, inferred, contested", 'Did you mean "stated"?'),
    "risk": ("high; low", "one of:", ""),
}


@pytest.mark.parametrize("column", WRONG)
def test_a_wrong_cell_is_told_with_value_expectation_and_advice(
    tmp_path: Path, schema: Schema, column: str
) -> None:
    cell, expected, advice = WRONG[column]
    awards = with_award(**{column: cell})
    found = problems_of(write_tables(tmp_path, awards=awards), schema)
    place = [p for p in found if p.column == column]
    assert len(place) == 1
    assert (place[0].file, place[0].row, place[0].value) == ("testham/awards.csv", 2, cell)
    assert expected in place[0].expected
    assert advice in place[0].advice
    assert len(found) == 1, "one slip is one problem"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, schema: Schema) -> None:
    cells = {column: cell for column, (cell, _, _) in WRONG.items() if column != "basis"}
    folder = write_tables(
        tmp_path,
        awards=with_award(**cells),
        agencies=TABLES["agencies"] + "benchmark,Elsewhere,,no sector,report,paragraph 1,stated\n",
        cats="id,name\n",
        posts="id,name,holders,source,place,basis\na,A,1.5,report,paragraph 1,stated\n",
    )
    found = problems_of(folder, schema)
    assert {(p.file, p.column) for p in found} == {
        *(("testham/awards.csv", column) for column in cells),
        ("testham/agencies.csv", "sector"),
        ("testham/cats.csv", ""),
        ("testham/posts.csv", "holders"),
    }
    assert found == sorted(found)
    shown = str(InputError(found))
    assert f"{len(found)} problems in the tables; nothing was changed." in shown
    for problem in found:
        assert str(problem) in shown


def test_problems_of_several_partnerships_are_told_together(tmp_path: Path, schema: Schema) -> None:
    wrong = TABLES["funds"].replace("council", "concil")
    folders = [write_tables(tmp_path, slug=slug, funds=wrong) for slug in ("one", "two")]
    with pytest.raises(InputError) as refused:
        build_dataset(folders, schema)
    assert [p.file for p in refused.value.problems] == ["one/funds.csv", "two/funds.csv"]


@pytest.mark.parametrize("table", ["awards", "provisions", "services", "gaps"])
def test_a_missing_value_is_told_with_its_column(
    tmp_path: Path, schema: Schema, table: str
) -> None:
    for prop in schema.by_table(table).columns:
        header, row = TABLES[table].splitlines()[:2]
        columns = header.split(",")
        if not prop.required or prop.header not in columns:
            continue
        cells = row.split(",")
        cells[columns.index(prop.header)] = ""
        text = f"{header}\n{','.join(cells)}\n"
        folder = write_tables(tmp_path / prop.key, **{table: text})
        found = [p for p in problems_of(folder, schema) if p.file == f"testham/{table}.csv"]
        assert (2, prop.header, "a value") in [(p.row, p.column, p.expected) for p in found]


def test_an_inferred_fact_needs_its_ground(tmp_path: Path, schema: Schema) -> None:
    for basis in ("inferred", "contested"):
        folder = write_tables(tmp_path / basis, awards=with_award(basis=basis))
        (problem,) = problems_of(folder, schema)
        assert (problem.file, problem.row, problem.column) == ("testham/awards.csv", 2, "ground")
        assert "inferred or contested needs its ground" in problem.expected
    awards = with_award(basis="inferred", ground="From the row above.")
    build_dataset([write_tables(tmp_path / "with", awards=awards)], schema)


def test_an_unknown_place_is_told_with_the_nearest(tmp_path: Path, schema: Schema) -> None:
    awards = with_award(place="paragraph 1; paragraf 2; footnote", other_side="paragraph 3")
    found = problems_of(write_tables(tmp_path, awards=awards), schema)
    assert [(p.column, p.value) for p in found] == [
        ("other side", "paragraph 3"),
        ("place", "footnote"),
        ("place", "paragraf 2"),
    ]
    assert found[2].advice == 'Did you mean "paragraph 2"?'
    assert found[1].advice == "Add it to source_parts.csv, or correct it."


def test_places_are_checked_however_the_source_is_written(tmp_path: Path, schema: Schema) -> None:
    awards = with_award(source="source/report", place="nowhere")
    (problem,) = problems_of(write_tables(tmp_path, awards=awards), schema)
    assert (problem.column, problem.value) == ("place", "nowhere")


def test_places_of_a_source_without_parts_are_free(tmp_path: Path, schema: Schema) -> None:
    awards = with_award(place="page 7")
    build_dataset([write_tables(tmp_path, awards=awards, source_parts=None)], schema)


def test_counts_that_differ_are_told_both_ways(tmp_path: Path, schema: Schema) -> None:
    counts = {name: len(text.splitlines()) - 1 for name, text in TABLES.items()}
    wrong = {**counts, "agencies": 3, "training": 1}
    del wrong["funds"]
    lines = "\n".join(f"{name} = {count}" for name, count in wrong.items())
    about = f"{ABOUT}\n[counts]\n{lines}\n"
    found = problems_of(write_tables(tmp_path / "wrong", about=about), schema)
    assert [(p.column, p.expected) for p in found] == [
        ("counts.agencies", "3 rows in agencies, and 2 are there"),
        ("counts.funds", "0 rows in funds, and 1 are there"),
        ("counts.training", "1 rows in training, and 0 are there"),
    ]
    lines = "\n".join(f"{name} = {count}" for name, count in counts.items())
    about = f"{ABOUT}\n[counts]\n{lines}\n"
    build_dataset([write_tables(tmp_path / "right", about=about)], schema)


def test_a_duplicate_or_bad_id_is_one_problem(tmp_path: Path, schema: Schema) -> None:
    row = "A,,voluntary,report,paragraph 1,stated"
    agencies = TABLES["agencies"] + f"charity,{row}\nThe Big One,{row}\n,{row}\n,{row}\n"
    found = problems_of(write_tables(tmp_path, agencies=agencies), schema)
    assert [(p.row, p.column, p.value) for p in found] == [
        (4, "id", "charity"),
        (5, "id", "The Big One"),
        (6, "id", ""),
        (7, "id", ""),
    ]


def test_a_missing_partnership_toml_is_told_and_not_more_than_it_causes(
    tmp_path: Path, schema: Schema
) -> None:
    folder = write_tables(tmp_path)
    (folder / "partnership.toml").unlink()
    found = problems_of(folder, schema)
    assert ("testham/partnership.toml", "the file to be there") in [
        (p.file, p.expected) for p in found
    ]
    assert {p.column for p in found} <= {"", "source"}


@pytest.mark.parametrize("number", ["1,5", "1e9", "1e999999999", "1_000", "NaN", "inf", "٣", "--1"])
def test_a_number_is_digits_and_nothing_that_could_mean_another(
    tmp_path: Path, schema: Schema, number: str
) -> None:
    (problem,) = problems_of(write_tables(tmp_path, awards=with_award(amount=number)), schema)
    assert (problem.column, problem.expected) == ("amount", "a number")


@pytest.mark.parametrize(
    ("number", "read"),
    [("30000", "30000"), ("£30,000", "30000"), ("1,234,567.50", "1234567.5"), ("0", "0")],
)
def test_a_number_as_people_write_it(
    tmp_path: Path, schema: Schema, number: str, read: str
) -> None:
    dataset = built(tmp_path, schema, awards=with_award(amount=number))
    amount = next(dataset.quads((ID["testham/award/second"], FP.amount, None, None)))[2]
    assert str(amount) == read


def test_a_rule_of_the_shapes_is_told_in_its_words(tmp_path: Path, schema: Schema) -> None:
    folder = write_tables(
        tmp_path,
        awards=with_award(amount="-5"),
        areas=TABLES["areas"]
        .replace("id,name", "id,ONS code,name")
        .replace("testham,", "testham,E123,", 1)
        .replace("testshire,T", "testshire,,T")
        .replace("east,T", "east,,T")
        .replace("farham,F", "farham,,F"),
    )
    found = {p.column: p for p in problems_of(folder, schema)}
    assert set(found) == {"amount", "ONS code"}
    assert found["ONS code"].expected.startswith("An ONS code is a letter and eight digits")
    assert found["ONS code"].value == "E123"


# ---------------------------------------------------------------- contacts


CONTACTS = ("a.person@council.example", "01632 960 123", "TE5 7HH")


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_contact_is_refused_and_never_repeated(
    tmp_path: Path, schema: Schema, contact: str
) -> None:
    """Not in free text, and not where it is wrong for another reason too."""
    folder = write_tables(
        tmp_path,
        about=ABOUT + f'note = "Ask {contact}"\n',
        gaps=TABLES["gaps"].replace("LGBT victims are not reached", f"Ring {contact} about it"),
        awards=with_award(fund=contact, status=contact, period=contact, place=contact),
        agencies=TABLES["agencies"] + f"{contact},A,,voluntary,report,paragraph 1,stated\n",
        posts=f"id,name,{contact}\na,A,b\n",
    )
    with pytest.raises(InputError) as refused:
        build_dataset([folder], schema)
    problems = refused.value.problems
    assert contact not in str(refused.value)
    assert contact not in repr(problems)
    told = {(p.file, p.row, p.column) for p in problems}
    assert {
        ("testham/partnership.toml", 1, "note"),
        ("testham/gaps.csv", 2, "name"),
        ("testham/awards.csv", 2, "fund"),
        ("testham/awards.csv", 2, "status"),
        ("testham/awards.csv", 2, "period"),
        ("testham/awards.csv", 2, "place"),
        ("testham/agencies.csv", 4, "id"),
        ("testham/posts.csv", 1, ""),
    } <= told


# Written by number: an editor would not show them, nor a reader see them.
HIDDEN = (0x0B, 0x0C, 0x1B, 0x85, 0x2028, 0x202E)


@pytest.mark.parametrize("hidden", HIDDEN, ids=hex)
def test_a_character_nobody_sees_is_refused_and_not_repeated(
    tmp_path: Path, schema: Schema, hidden: int
) -> None:
    name = f"LGBT victims are not{chr(hidden)}reached"
    gaps = TABLES["gaps"].replace("LGBT victims are not reached", name)
    folder = write_tables(tmp_path, gaps=gaps)
    with pytest.raises(InputError) as refused:
        build_dataset([folder], schema)
    assert chr(hidden) not in str(refused.value)
    assert ("testham/gaps.csv", 2, "name") in {
        (p.file, p.row, p.column) for p in refused.value.problems
    }


def test_an_id_may_not_be_a_contact(tmp_path: Path, schema: Schema) -> None:
    agencies = TABLES["agencies"] + "ring-01632960123,A,,voluntary,report,paragraph 1,stated\n"
    with pytest.raises(InputError) as refused:
        build_dataset([write_tables(tmp_path, agencies=agencies)], schema)
    assert "01632960123" not in str(refused.value)


# ---------------------------------------------------------------- what is right


def parsed(content: list[bytes]) -> Dataset:
    found = Dataset()
    found.parse(data=b"".join(content), format="nquads")
    return found


def built(tmp_path: Path, schema: Schema, **tables: str) -> Dataset:
    return parsed(build_dataset([write_tables(tmp_path, **tables)], schema))


def values(dataset: Dataset, subject: str, path: URIRef) -> set[str]:
    """What a record has for a property, each as a short identifier."""
    found = dataset.quads((ID[subject], path, None, None))
    return {str(value).removeprefix(str(ID)) for _, _, value, _ in found}


def test_every_record_stands_in_the_graph_of_its_source(tmp_path: Path, schema: Schema) -> None:
    dataset = built(tmp_path, schema)
    source = ID["testham/source/report"]
    records = [*dataset.quads((None, FP.source, source, None))]
    assert len(records) > 10
    for record, _, _, graph in records:
        assert graph == source
        primary = [*dataset.quads((record, PROV.hadPrimarySource, None, None))]
        assert primary == [(record, PROV.hadPrimarySource, source, source)]
    for record in {record for record, _, _, _ in records}:
        assert len([*dataset.quads((record, RDF.type, None, None))]) == 1


def test_a_reference_finds_own_ids_shared_names_aliases_and_ids(
    tmp_path: Path, schema: Schema
) -> None:
    cells = ("Male victims", "men", "male victims", "client-group/men", "Men who are victims")
    for number, cell in enumerate(cells):
        reaches = TABLES["reaches"].replace("All residents", cell)
        try:
            dataset = built(tmp_path / str(number), schema, reaches=reaches)
        except InputError:
            assert cell == "Men who are victims", "no name of it"
            continue
        found = values(dataset, "testham/reach/advice-all", FP.reaches)
        assert found == {"shared/client-group/men"}


def test_an_id_in_two_tables_is_asked_for_with_its_class(tmp_path: Path, schema: Schema) -> None:
    posts = TABLES["posts"].replace("adviser", "refuge", 1)
    wrong = write_tables(tmp_path / "wrong", posts=posts)
    (problem,) = problems_of(wrong, schema)
    assert (problem.file, problem.column, problem.value) == (
        "testham/awards.csv",
        "pays for",
        "refuge",
    )
    assert problem.advice == "Write one of: service/refuge, post/refuge."
    awards = TABLES["awards"].replace(",refuge,", ",post/refuge,")
    dataset = built(tmp_path / "right", schema, posts=posts, awards=awards)
    assert values(dataset, "testham/award/grant-refuge", FP.pays) == {"testham/post/refuge"}


def test_words_are_known_in_any_case(tmp_path: Path, schema: Schema) -> None:
    dataset = built(tmp_path, schema, awards=with_award(status="Secured", basis="STATED"))
    assert values(dataset, "testham/award/second", FP.basis) == {str(FP.stated)}


def test_an_empty_cell_says_nothing(tmp_path: Path, schema: Schema) -> None:
    dataset = built(tmp_path, schema, awards=with_award(amount="", period="  ", risk=""))
    said = {p for _, p, _, _ in dataset.quads((ID["testham/award/second"], None, None, None))}
    assert not said & {FP.amount, FP.period, FP.risk}


def test_the_release_says_its_ontology_and_holds_the_codes(tmp_path: Path, schema: Schema) -> None:
    dataset = built(tmp_path, schema)
    codes = dataset.graph(URIRef("https://fingerpost.example/ontology/codes"))
    for words in schema.codes.values():
        for word in words:
            assert (word.iri, RDF.type, None) in codes
    versions = [o for _, p, o, _ in dataset.quads() if str(p).endswith("#versionInfo")]
    assert versions == [Literal(schema.version)]


def test_two_partnerships_never_mix(tmp_path: Path, schema: Schema) -> None:
    folders = [write_tables(tmp_path, slug=slug) for slug in ("one", "two")]
    dataset = parsed(build_dataset(folders, schema))
    for subject, _, value, _ in dataset.quads():
        slugs = {str(t).removeprefix(str(ID)).split("/")[0] for t in (subject, value)}
        assert not {"one", "two"} <= slugs


def test_a_partnership_cannot_refer_into_another(tmp_path: Path, schema: Schema) -> None:
    one = write_tables(tmp_path, slug="one")
    funds = TABLES["funds"].replace("council", "one/agency/council")
    two = write_tables(tmp_path, slug="two", funds=funds)
    with pytest.raises(InputError) as refused:
        build_dataset([one, two], schema)
    (problem,) = refused.value.problems
    assert (problem.file, problem.column) == ("two/funds.csv", "held by")


def test_a_problem_is_frozen_and_reads_as_one_sentence() -> None:
    problem = Problem("a/b.csv", 2, "name", "x" * 200, "y", "Do z.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.row = 3  # type: ignore[misc]
    assert str(problem).startswith('a/b.csv, row 2, column "name" has "xxx')
    assert len(str(problem)) < 150
