"""What requests share: the store, the schema, and the choices a question takes, read with care."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import QueryParams

from api.errors import NotFoundError as NotFoundError
from api.errors import ParameterError, RequestError
from api.paging import whole_number
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.additions import Addition
from queries.ask import Answer, ask, find_question, partnerships
from queries.asked import Partnership, QuestionError
from queries.catalogue import GIVEN, Parameter, Question, catalogue

MOST_PARTNERSHIPS, MOST_VALUES, LONGEST_VALUE = 400, 50, 200
"""How many partnerships, how many other values of one parameter, and how long each may be."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def get_store(request: Request) -> Store:
    """The store that the application was made with."""
    store: Store = request.app.state.store
    return store


def get_schema(request: Request) -> Schema:
    """The schema that the application was made with."""
    schema: Schema = request.app.state.schema
    return schema


StoreDep = Annotated[Store, Depends(get_store)]
SchemaDep = Annotated[Schema, Depends(get_schema)]


@dataclass(frozen=True, slots=True)
class Choices:
    """The dials of a question, as they were chosen; empty ones choose nothing."""

    slugs: tuple[str, ...]
    as_of: datetime.date | None
    without: tuple[str, ...]
    given: Mapping[str, tuple[str, ...]]


def read_day(given: str) -> datetime.date | None:
    """A day from an address, None where it is empty. Raises ParameterError for anything else."""
    if not given:
        return None
    try:
        return datetime.date.fromisoformat(given if _DAY.fullmatch(given) else "")
    except ValueError:
        raise ParameterError("as_of", "write year, month and day, such as 2013-04-01.") from None


_OWN = {p.name: p for question in catalogue().values() for p in question.own}
"""The parameters that questions take besides the dials of all questions."""
PAGING = ("limit", "cursor")
_KNOWN = frozenset({"partnership", "as_of", "without", *_OWN, *PAGING})


def read_choices(query: QueryParams, question: Question) -> Choices:
    """The choices in an address, for one question.

    Empty ones are none: forms send them. A link may hand on what another question was asked with;
    only this one's own is heard. A name that no question knows is refused: a misspelt one would
    silently change nothing.

    Raises RequestError where a value is not of the right form, or there are too many.
    """
    own = [p.name for p in question.own]
    if any(name not in _KNOWN for name in query):
        takes = ", ".join(["partnership", "as_of", "without", *own, *PAGING])
        raise RequestError(f"There is a parameter that no question takes. Known here: {takes}.")
    days = query.getlist("as_of") or [""]
    given = {p.name: _own(query, p) for p in _OWN.values()}
    return Choices(
        slugs=_given(query, "partnership", MOST_PARTNERSHIPS),
        as_of=read_day(days[-1]),
        without=_given(query, "without", MOST_VALUES),
        given={name: given[name] for name in own if given[name]},
    )


def _own(query: QueryParams, parameter: Parameter) -> tuple[str, ...]:
    values = _given(query, parameter.name, MOST_VALUES)
    if parameter.type == "integer":
        for value in values:
            whole_number(parameter.name, value, GIVEN[parameter.name])
    return values


def _given(query: QueryParams, name: str, most: int) -> tuple[str, ...]:
    values: Sequence[str] = query.getlist(name)
    if len(values) > most:
        raise ParameterError(name, f"give at most {most} values.")
    if any(len(value) > LONGEST_VALUE for value in values):
        raise ParameterError(name, f"a value has at most {LONGEST_VALUE} characters.")
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))


def question_in(name: str) -> Question:
    """The question that an address names. Raises NotFoundError where there is none."""
    try:
        return find_question(name)
    except QuestionError as error:
        raise NotFoundError("There is no such question. All are listed at /questions.") from error


def answer_to(
    store: Store, question: Question, choices: Choices, additions: Sequence[Addition] = ()
) -> Answer:
    """The answer to a question with the choices made."""
    return ask(
        store,
        question,
        slugs=choices.slugs,
        as_of=choices.as_of,
        without=choices.without,
        given=choices.given,
        additions=additions,
    )


def partnership_in(store: Store, slug: str) -> Partnership:
    """The partnership that an address names."""
    for partnership in partnerships(store):
        if partnership.slug == slug:
            return partnership
    raise NotFoundError("There is no such partnership. The start page lists all.")


def day_shown(partnership: Partnership, given: str = "") -> datetime.date:
    """The day a page shows: the one given, or that of the partnership's newest source."""
    day = read_day(given) or partnership.newest
    if day == datetime.date.max:
        raise QuestionError("No source of this partnership has a date. Choose a day to show.")
    return day
