"""The catalogue: what a question's file must say, and how a wrong one is told."""

import re
from pathlib import Path

import pytest

from graph.stores.embedded import ddl
from ontology.schema import Schema
from queries.ask import ANSWERS
from queries.catalogue import CatalogueError, catalogue, fact_files, read_question

DIALS = """\
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
"""
GOOD = f"""\
//+ title = "Agencies"
//+ question = "Which agencies are there?"
{DIALS}//+ returns = ["agency", "evidence"]
MATCH (g:Agency)
WHERE g.partnership IN $partnerships AND NOT g.id IN $without
RETURN g.partnership AS partnership, g.id AS agency, {{record: g.id}} AS evidence
ORDER BY agency
"""


def write(tmp_path: Path, text: str, theme: str = "theme") -> Path:
    path = tmp_path / theme / "question.cypher"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, text: str, theme: str = "theme") -> str:
    with pytest.raises(CatalogueError) as error:
        read_question(write(tmp_path, text, theme))
    message = str(error.value)
    assert message.startswith(f"{theme}/question.cypher: ")
    return message


def test_a_question_is_read_from_its_file(tmp_path: Path) -> None:
    question = read_question(write(tmp_path, GOOD))
    assert (question.name, question.theme) == ("theme.question", "theme")
    assert (question.title, question.question) == ("Agencies", "Which agencies are there?")
    assert question.reads == ("partnership", "agency", "evidence")
    assert question.returns == ("agency", "evidence")
    assert [p.name for p in question.parameters] == ["partnerships", "as_of", "without"]
    assert question.cypher.startswith("MATCH")
    assert "//+" not in question.cypher


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("$without", "$witout", 8, "uses $witout and does not declare it"),
        (
            '//+ returns = ["a',
            '//+ params.extra = { type = "date", about = "x" }\n//+ returns = ["a',
            6,
            "declares extra and does not use it",
        ),
        (' = ["agency", "evidence"]', ' = ["agency", "proof"]', 9, "returns ['partnership',"),
        ("AS agency,", "AS agent,", 9, "returns ['partnership', 'agent'"),
        ('//+ title = "Agencies"\n', "", 1, "the header lacks title"),
        ('//+ title = "Agencies"', '//+ title = "x"\n//+ titel = "x"', 2, "there is no key titel"),
        ("ORDER BY agency\n", "", 1, "ORDER BY is missing"),
        ("MATCH (g:Agency)\n", "MATCH (g:Agency)\nSET g.name = ''\n", 8, "a question only reads"),
        ("MATCH (g:Agency)\n", "\n\nMATCH (g:Agency)\nDELETE g\n", 10, "a question only reads"),
        ("g.id AS agency", "g AS agency", 9, "never a whole node"),
        ('//+ returns = ["a', '//+ shows = ["nothing"]\n//+ returns = ["a', 6, "not returned"),
        ('//+ returns = ["a', '//+ sections = "nothing"\n//+ returns = ["a', 6, "not returned"),
        ('//+ returns = ["a', '//+ facts = ["nothing"]\n//+ returns = ["a', 6, "no file facts/no"),
        ('["agency", "evidence"]', '"agency"', 6, "returns is a list of texts"),
        ('type = "date"', 'type = "day"', 4, "the parameter as_of needs an about and a type of"),
        ('{ type = "date", about = "the day asked about" }', '"date"', 4, "the parameter as_of"),
        (DIALS.splitlines(keepends=True)[1], "", 1, "takes partnerships, as_of and without"),
    ],
    ids=lambda value: value[:40].replace("\n", " ") if isinstance(value, str) else "",
)
def test_a_file_whose_header_and_query_disagree_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    message = refused(tmp_path, GOOD.replace(old, new, 1))
    assert words in message
    told = next(part for part in message.split(": ", 1)[1].split("; ") if words in part)
    assert told.startswith(f"line {line}: ")


def test_a_header_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    assert "not TOML" in refused(tmp_path, GOOD.replace('"Agencies"', "Agencies"))


def test_a_query_may_only_return_other_columns_than_it_reads_for_an_algorithm(
    tmp_path: Path,
) -> None:
    reads = '//+ reads = ["partnership", "agency", "proof"]\n//+ returns'
    text = GOOD.replace("//+ returns", reads).replace("AS evidence", "AS proof")
    assert "only an algorithm" in refused(tmp_path, text)
    answer = '//+ answer = "unfunded"\n//+ returns'
    assert read_question(write(tmp_path, text.replace("//+ returns", answer))).answer == "unfunded"


def test_a_fact_declares_what_it_uses_and_no_dials(tmp_path: Path) -> None:
    fact = GOOD.replace("g.partnership AS partnership, ", "")
    assert "declares as_of and does not use it" in refused(tmp_path, fact, "facts")
    fact = fact.replace(DIALS.splitlines(keepends=True)[1], "")
    assert read_question(write(tmp_path, fact, "facts")).reads == ("agency", "evidence")


# ---------------------------------------------------------------- what ships


def test_every_question_takes_the_dials_and_has_words() -> None:
    assert catalogue()
    for question in catalogue().values():
        assert {p.name for p in question.parameters} >= {"partnerships", "as_of", "without"}
        assert question.question.endswith("?")
        assert not question.title.endswith(".")
        assert all(caveat.endswith(".") for caveat in question.caveats)
        assert all(parameter.about for parameter in question.parameters)
        assert question.returns[-1] == "evidence", "every row names the records behind it"
        assert "evidence" not in question.shows, "places stand beside every row anyway"


def test_every_algorithm_and_every_fact_is_there_and_used() -> None:
    named = {q.answer for q in catalogue().values() if q.answer}
    assert named == set(ANSWERS)
    for question in catalogue().values():
        assert set(question.facts) <= fact_files().keys()
        assert question.answer or not question.facts


def test_labels_relationships_and_columns_of_the_queries_are_the_ontologys(
    schema: Schema,
) -> None:
    """The stores say so too, but one of them answers nothing where a name is misspelt."""
    names = set(re.findall(r"`(\w+)`", "\n".join(ddl(schema))))
    for question in [*catalogue().values(), *fact_files().values()]:
        text = re.sub(r"//[^\n]*|'[^'\n]*'", "", question.cypher)
        labels = {
            name
            for found in re.findall(r"[(\[]\s*\w*\s*:([\w|]+)", text)
            for name in found.split("|")
        }
        assert labels <= names, question.name
        assert set(re.findall(r"\b[a-z]+\.(\w+)", text)) <= names | {"id"}, question.name
