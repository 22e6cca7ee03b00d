"""The page that says what changes if things ended, or others were added: what falls, and for whom.

It shows the answer to `resilience.what_if`. What is added comes as a table with one request; the
page hands it on to its own downloads and keeps it nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import HTMLResponse

from api.basket import WHAT_CHANGES, basket_of, pairs_of, query_of
from api.deps import Choices
from api.faults import Problem
from api.question_dials import things_that_can_end
from api.question_page import Place, told
from api.routes.pages import first_questions, page
from graph.stores.protocol import Store
from queries.additions import COLUMNS, NEW_SERVICE, Addition
from queries.ask import Answer, partnerships
from queries.asked import Partnership
from queries.scenario import CHANGES, GAINS, HANGS, LEFT_WITH_NOTHING, STRONGER, WEAKER

WITH_TABLE = "/what-if/table"
"""Where the page sends a table of what is added."""
_FOR_WHOM = (LEFT_WITH_NOTHING, WEAKER, HANGS, GAINS, STRONGER)


@dataclass(frozen=True, slots=True)
class Affected:
    """A client group, and the needs for which something changes, by the kind of change."""

    name: str
    needs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class InShort:
    """What changes for one partnership: how many of what kind, and for whom."""

    partnership: Partnership
    counts: tuple[tuple[str, int], ...]
    kinds: tuple[str, ...]
    groups: tuple[Affected, ...]


def what_if_page(
    store: Store,
    answer: Answer,
    choices: Choices,
    place: Place,
    table: str = "",
    added: Sequence[Addition] = (),
) -> HTMLResponse:
    """What changes with what is lost, and with what a table adds."""
    basket = basket_of(store, WHAT_CHANGES, choices)
    new = frozenset(one.thing for one in added if one.change == NEW_SERVICE)
    # What a table adds belongs to this request alone: its rows have no address to lead on by.
    shown = told(store, answer, choices, place, basket, None if added else WHAT_CHANGES, new)
    return page(
        "what_if.html",
        about=answer.partnerships,
        in_short=_in_short(answer),
        **_form(store, answer.partnerships, choices),
        question=answer.question,
        basket=basket,
        first=first_questions(),
        table=table,
        added=len(added),
        problem=None,
        query=query_of(pairs_of(choices)),
        **shown,
    )


def what_if_refused(store: Store, choices: Choices, table: str, problem: Problem) -> HTMLResponse:
    """The form again, with what is wrong in the table by row and column."""
    about = [p for p in partnerships(store) if p.slug in choices.slugs] or partnerships(store)
    shown = page(
        "what_if.html",
        about=about,
        in_short=(),
        **_form(store, about, choices),
        question=None,
        basket=basket_of(store, WHAT_CHANGES, choices),
        first=first_questions(),
        table=table,
        added=0,
        problem=problem,
        query=query_of(pairs_of(choices)),
        total=0,
        parts=(),
        summary=None,
        shown=None,
    )
    shown.status_code = problem.status
    return shown


def _form(store: Store, about: Sequence[Partnership], choices: Choices) -> dict[str, object]:
    return {
        "choices": choices,
        "known": partnerships(store),
        "can_end": things_that_can_end(store, about, choices),
        "columns": COLUMNS,
    }


def _in_short(answer: Answer) -> tuple[InShort, ...]:
    found = []
    for partnership in answer.partnerships:
        rows = [r for r in answer.rows if r["partnership"] == partnership.slug]
        counts = [(kind, sum(r["change"] == kind for r in rows)) for kind in CHANGES]
        kinds = tuple(k for k in _FOR_WHOM if any(r["change"] == k for r in rows))
        names = sorted({r["group_name"] for r in rows if r["change"] in kinds and r["group_name"]})
        groups = tuple(
            Affected(
                name,
                tuple(
                    tuple(
                        sorted(
                            {
                                r["need_name"] or "any need"
                                for r in rows
                                if r["group_name"] == name and r["change"] == kind
                            }
                        )
                    )
                    for kind in kinds
                ),
            )
            for name in names
        )
        if rows:
            told_counts = tuple((k, n) for k, n in counts if n)
            found.append(InShort(partnership, told_counts, kinds, groups))
    return tuple(found)
