"""Answers against golden ones, written by hand from the documents.

A golden item names the columns it speaks of by its rows; the answer's other columns follow from the
records. `leaving_out` are rows that are too many to list, by column and values.
"""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from api.formats import plain
from graph.stores.protocol import Store
from queries.ask import Answer, ask, find_question
from queries.asked import Row
from queries.catalogue import catalogue

GOLDEN = Path(__file__).parent / "golden"
PARTNERSHIPS = {"dudley", "luton", "slough", "southend"}
WITHOUT_GOLDEN = {
    "compare.coverage": "follows from the four matrices",
    "compare.service_types": "follows from the records of four partnerships",
    "evidence.inferred": "lists bases, which are ours and no document's",
    "resilience.what_if": "is empty where nothing is lost, which its own tests check",
}


def _items() -> list[Any]:
    return [
        pytest.param(path.stem, item, id=f"{path.stem}-{item['partnership']}-{number}")
        for path in sorted(GOLDEN.glob("*.json"))
        for number, item in enumerate(json.loads(path.read_text(encoding="utf-8")))
    ]


def _value(value: Any) -> Any:
    """A value as JSON knows it; the order of a list is not what a golden answer is about."""
    made = plain(value)
    return tuple(sorted(map(str, made))) if isinstance(made, list) else made


def _is_left_out(row: Row, item: dict[str, Any]) -> bool:
    # The groups that only other partnerships name depend on what else is loaded.
    left = {"section": ["never named here"], **item.get("leaving_out", {})}
    return any(row.get(column) in values for column, values in left.items())


def _answer(store: Store, name: str, item: dict[str, Any]) -> Answer:
    return ask(
        store,
        find_question(name),
        slugs=[item["partnership"]],
        as_of=datetime.date.fromisoformat(item["as_of"]),
        given=item.get("given", {}),
    )


@pytest.mark.parametrize(("name", "item"), _items())
def test_answer_is_what_the_documents_say(store: Store, name: str, item: dict[str, Any]) -> None:
    rows = [r for r in _answer(store, name, item).rows if not _is_left_out(r, item)]
    columns = sorted({column for row in item["rows"] for column in row})
    if not columns:
        assert rows == []
    ours = {tuple(_value(row[c]) for c in columns) for row in rows}
    golden = {tuple(_value(row.get(c)) for c in columns) for row in item["rows"]}
    assert ours - golden == set(), "answers that the documents do not give"
    assert golden - ours == set(), "answers that the documents give and we do not"
    for never in item.get("never", ()):
        assert never["value"] not in {plain(r[never["column"]]) for r in rows}, never


@pytest.mark.parametrize(
    ("name", "item"),
    [p for p in _items() if isinstance(p.values[1], dict) and "given" in p.values[1]],
)
def test_the_same_with_its_parameters_on_neo4j(
    store: Store, neo4j_store: Store, name: str, item: dict[str, Any]
) -> None:
    # Without parameters, tests/test_answers.py compares the stores.
    assert _answer(neo4j_store, name, item).rows == _answer(store, name, item).rows


def test_every_question_has_a_golden_answer_for_every_partnership() -> None:
    for name in catalogue():
        path = GOLDEN / f"{name}.json"
        assert path.exists() != (name in WITHOUT_GOLDEN), name
        if path.exists():
            items = json.loads(path.read_text(encoding="utf-8"))
            told = {item["partnership"] for item in items}
            # Dudley has far too many pairs to find by hand; brute force checks those.
            assert told == PARTNERSHIPS - ({"dudley"} if name == "resilience.pairs" else set()), (
                name
            )
