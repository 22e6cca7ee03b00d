"""The competency questions of the ontology (ontology/competency.toml), asked of both stores."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from graph.stores.protocol import Store
from queries.ask import ask, find_question

QUESTIONS = tomllib.loads(
    (Path(__file__).parent.parent / "ontology" / "competency.toml").read_text()
)["question"]


def _holds(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(row[column] == value for column, value in wanted.items())


@pytest.mark.parametrize("asked", QUESTIONS, ids=[q["asks"] for q in QUESTIONS])
def test_the_catalogue_answers_it(any_store: Store, asked: dict[str, Any]) -> None:
    rows = ask(
        any_store,
        find_question(asked["name"]),
        slugs=[asked["partnership"]],
        as_of=asked["as_of"],
    ).rows
    for wanted in asked["rows"]:
        assert any(_holds(row, wanted) for row in rows), wanted
    for never in asked.get("never", ()):
        assert not any(_holds(row, never) for row in rows), never
    if not asked["rows"]:
        assert rows == ()
