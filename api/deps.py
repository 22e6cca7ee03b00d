"""What requests share: the store, the schema, and the choices a question takes, read with care."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from graph.errors import FingerpostError
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import Answer, ask, find_question, partnerships
from queries.asked import Partnership, QuestionError
from queries.catalogue import catalogue

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_Short = Annotated[str, Query(max_length=200)]


class NotFoundError(FingerpostError):
    """An address names something that does not exist."""


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
    """A day from a form's field, None where it is empty. Raises QuestionError for anything else."""
    text = given.strip()
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise QuestionError(
            "That is no day. Write year, month and day, such as 2013-04-01."
        ) from None


def get_choices(
    request: Request,
    partnership: Annotated[
        list[_Short], Query(max_length=400, description="Partnerships; all where none is named.")
    ] = [],  # noqa: B006 - FastAPI copies defaults
    as_of: Annotated[
        str, Query(max_length=20, description="The day asked about; each newest source's if empty.")
    ] = "",
    without: Annotated[
        list[_Short], Query(max_length=50, description="Things imagined lost, by id.")
    ] = [],  # noqa: B006
) -> Choices:
    """The choices in an address."""
    own = {name: _given(request.query_params.getlist(name)) for name in _OWN}
    given = {name: values for name, values in own.items() if values}
    if any(len(v) > 200 for values in given.values() for v in values):
        raise QuestionError("That is too long to be the name of anything on record.")
    return Choices(_given(partnership), read_day(as_of), _given(without), given)


_OWN = sorted({p.name for question in catalogue().values() for p in question.own})
"""The parameters that questions take besides the dials of all questions."""
ChoicesDep = Annotated[Choices, Depends(get_choices)]


def _given(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))


def answer_to(store: Store, name: str, choices: Choices) -> Answer:
    """The answer to the question that an address names, with the choices made."""
    try:
        question = find_question(name)
    except QuestionError as error:
        raise NotFoundError("There is no such question. The start page lists all.") from error
    # A link may hand on what another question was asked with: only this one's own is heard.
    own = {p.name for p in question.own}
    return ask(
        store,
        question,
        slugs=choices.slugs,
        as_of=choices.as_of,
        without=choices.without,
        given={name: values for name, values in choices.given.items() if name in own},
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
