"""Answers on both stores against golden ones, written by hand from the documents."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from api.formats import plain
from graph.stores.protocol import Store
from queries.ask import ask, find_question

GOLDEN = Path(__file__).parent / "golden"
COMPARED = {
    "funding.unfunded": ("service", "section", "last_funder", "ended"),
    "coverage.uncovered": ("group", "need", "area", "state"),
    "resilience.single_points_of_failure": (
        "thing", "group", "need", "area", "strength", "basis",
    ),
}  # fmt: skip


def _items() -> list[Any]:
    return [
        pytest.param(name, item, id=f"{name}-{item['partnership']}-{item['as_of']}")
        for name in COMPARED
        for item in json.loads((GOLDEN / f"{name}.json").read_text())
    ]


@pytest.mark.parametrize(("name", "item"), _items())
def test_answer_is_what_the_documents_say(
    any_store: Store, name: str, item: dict[str, Any]
) -> None:
    day = datetime.date.fromisoformat(item["as_of"])
    answer = ask(any_store, find_question(name), slugs=[item["partnership"]], as_of=day)
    # The groups that only other partnerships name depend on what else is loaded.
    rows = [r for r in answer.rows if r.get("section") != "never named here"]
    ours = {tuple(plain(r[c]) for c in COMPARED[name]) for r in rows}
    golden = {tuple(r.get(c) for c in COMPARED[name]) for r in item["rows"]}
    assert ours - golden == set(), "answers that the documents do not give"
    assert golden - ours == set(), "answers that the documents give and we do not"
    for never in item.get("never", ()):
        assert never["value"] not in {plain(r[never["column"]]) for r in rows}, never


@pytest.mark.parametrize("name", COMPARED)
def test_every_row_names_records_with_their_places(store: Store, name: str) -> None:
    for row in ask(store, find_question(name)).rows:
        silent = row.get("section") == "never named here"
        assert bool(row["evidence"]) != silent, row
        for record in row["evidence"]:
            assert record["locator"] and record["title"], record
