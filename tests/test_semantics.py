"""docs/semantics.md is true: each rule's example is asked of both stores."""

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from graph.stores.protocol import Store
from queries.additions import read_additions
from queries.ask import ask, find_question
from queries.asked import Row
from queries.invest import options_compared, read_options, read_weights

PAGE = Path(__file__).parent.parent / "docs" / "semantics.md"
_RULE = re.compile(r"^### (.+)$", re.M)
_BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)


def _rules() -> dict[str, str]:
    """The text below each rule's heading."""
    parts = _RULE.split(PAGE.read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _examples() -> list[Any]:
    return [
        pytest.param(tomllib.loads(block), id=f"{rule}-{number}")
        for rule, text in _rules().items()
        for number, block in enumerate(_BLOCK.findall(text), 1)
    ]


def _holds(row: Row, wanted: dict[str, Any]) -> bool:
    # TOML has no null: an empty value is written "none".
    return all(row[column] == (None if v == "none" else v) for column, v in wanted.items())


def test_every_rule_has_an_example() -> None:
    rules = _rules()
    assert len(rules) > 25
    assert [rule for rule, text in rules.items() if not _BLOCK.search(text)] == []


def test_every_rule_names_a_home_that_exists() -> None:
    root = PAGE.parent.parent
    named = re.findall(r"`((?:queries|graph|ontology|tests)/[\w./]+)`", PAGE.read_text())
    assert named
    assert [path for path in named if not (root / path).exists()] == []


@pytest.mark.parametrize("example", _examples())
def test_the_example_holds(any_store: Store, example: dict[str, Any]) -> None:
    rows = ask(
        any_store,
        find_question(example["ask"]),
        slugs=[example["partnership"]],
        as_of=example.get("as_of"),
        without=example.get("without", ()),
        given=example.get("set", {}),
    ).rows
    assert not example.get("empty") or rows == ()
    for wanted in example.get("has", ()):
        assert any(_holds(row, wanted) for row in rows), wanted
    for never in example.get("has_not", ()):
        assert not any(_holds(row, never) for row in rows), never
    column = example.get("once")
    if column:
        found = [row[column] for row in rows]
        assert len(found) == len(set(found))
    assert {"has", "has_not", "empty"} & example.keys()


# ---------------------------------------------------------------- docs/scenarios.md

SCENARIOS = PAGE.parent / "scenarios.md"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """The tables that the page shows, as files."""
    found = re.findall(r"^```csv (\S+)\n(.*?)^```$", SCENARIOS.read_text(), re.M | re.S)
    for name, text in found:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert {name for name, _ in found} == {"additions.csv", "options.csv", "weights.csv"}
    return tmp_path


def test_the_additions_that_the_page_shows_can_be_asked_with(store: Store, tables: Path) -> None:
    answer = ask(
        store,
        find_question("resilience.what_if"),
        slugs=["dudley"],
        as_of=datetime.date(2013, 4, 1),
        additions=read_additions(tables / "additions.csv"),
    )
    told = " ".join(str(row["because"]) for row in answer.rows)
    assert all(f"additions.csv, row {number}" in told for number in (2, 3, 4, 5))


def test_the_options_that_the_page_shows_can_be_compared(store: Store, tables: Path) -> None:
    options, weights = read_options(tables / "options.csv"), read_weights(tables / "weights.csv")
    compared = options_compared(store, "dudley", options, weights, 60000)
    assert compared.chosen is not None
    # The unit is beyond the budget; the other two reach groups for which nothing is recorded.
    assert {option.id for option in compared.chosen.options} == {"lgbt", "nrpf"}
