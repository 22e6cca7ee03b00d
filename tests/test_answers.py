"""What must hold of every answer in the catalogue, whatever the question.

That both stores give the same answers is asked in tests/test_stores.py.
"""

from typing import Any

import pytest

from graph.stores.protocol import Store
from queries.ask import Answer, ask, find_question
from queries.catalogue import BOARD, EDITOR, catalogue
from queries.glossary import columns, themes

QUESTIONS = sorted(catalogue())
SILENT = {"not recorded", "never named here", "not in force on this day"}


def asked(store: Store, name: str, **dials: Any) -> Answer:
    return ask(store, find_question(name), **dials)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_row_rests_on_records_with_their_places(store: Store, name: str) -> None:
    for row in asked(store, name).rows:
        if not row["evidence"]:
            # Only what says that nothing is recorded, or that no law asks, may rest on no record.
            assert SILENT & {v for v in row.values() if isinstance(v, str)}, row
        for proof in row["evidence"]:
            assert proof["title"] and proof["basis"], proof


@pytest.mark.parametrize("name", QUESTIONS)
def test_losing_what_nothing_hangs_on_changes_no_other_row(store: Store, name: str) -> None:
    """A fund that has paid for nothing in the other four partnerships changes nothing there."""
    lost = "southend/agency/essex-police"
    others = ["dudley", "luton", "slough"]
    plain = asked(store, name, slugs=others).rows
    assert asked(store, name, slugs=others, without=[lost]).rows == plain


def test_every_question_and_column_and_theme_is_explained() -> None:
    known = catalogue().values()
    returned = {"partnership", "as_of"}.union(*(q.returns for q in known))
    assert sorted(returned - columns().keys()) == [], "columns that the glossary does not explain"
    assert sorted(columns().keys() - returned) == [], "columns that no question returns"
    assert [t.name for t in themes()] == list(dict.fromkeys(q.theme for q in known))
    for question in known:
        assert question.question.endswith("?") and question.title[0].isupper(), question.name
        assert all(p.about for p in question.parameters), question.name
    titles = [q.title for q in known]
    assert len(titles) == len(set(titles)), "two questions of one title"


def test_what_a_board_rarely_asks_is_for_editors() -> None:
    editors = {q.name for q in catalogue().values() if q.audience == EDITOR}
    assert editors == {
        "evidence.inferred",
        "evidence.probably_the_same",
        "pathways.circles",
        "resilience.pairs",
    }
    assert all(q.audience in (BOARD, EDITOR) for q in catalogue().values())
