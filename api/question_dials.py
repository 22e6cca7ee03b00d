"""The fields of a question's form: what there is to choose from, by name and in groups.

Lists are those of a browser (`select` with `optgroup`), so that nothing has to be typed and no id
is read. Where there is too much to choose from, a partnership is to be chosen first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.deps import Choices
from graph.ids import partnership_of
from graph.stores.protocol import Store
from ontology.namespaces import SHARED
from queries.ask import Answer, fact
from queries.asked import Partnership
from queries.catalogue import GIVEN, Parameter

MOST_LISTED = 1_500
"""The most things of one list; more are neither loaded nor looked through with ease."""
KINDS = {
    "agency": "Agencies",
    "body": "Boards and forums",
    "fund": "Funds",
    "post": "Posts",
    "service": "Services",
}
_BEGINNINGS = ("agency", "body", "post", "service")
"""Where a person can be: a fund is no place to begin."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what is sent, and what is read."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Options:
    """Things to choose from under one heading."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a question in its form: a number up to `most`, or one or more of `lists`."""

    name: str
    label: str
    about: str
    most: int = 0
    number: int = 0
    lists: tuple[Options, ...] = ()
    chosen: tuple[str, ...] = ()


_LABELS = {
    "months": "Months",
    "group": "Client group",
    "need": "Need",
    "start": "Where the person is now",
}


def fields_of(store: Store, answer: Answer) -> list[Field]:
    """The question's own parameters as fields of its form, as they were set."""
    return [_field(store, answer, parameter) for parameter in answer.question.own]


def _field(store: Store, answer: Answer, parameter: Parameter) -> Field:
    name = parameter.name
    label = _LABELS.get(name, name.replace("_", " ").capitalize())
    if parameter.type == "integer":
        return Field(name, label, parameter.about, GIVEN[name], answer.given.numbers[name])
    chosen = answer.given.chosen[name]
    if parameter.type == "things":
        lists = _things(store, answer.partnerships, _BEGINNINGS, ())
    else:
        lists = _terms(store, answer.partnerships, parameter.type)
    return Field(name, label, parameter.about, lists=lists, chosen=chosen)


def things_that_can_end(
    store: Store, about: Sequence[Partnership], choices: Choices
) -> tuple[Options, ...]:
    """What can be imagined ended beside what already is; nothing where that would be too much."""
    return _things(store, about, tuple(KINDS), choices.without)


def _things(
    store: Store, about: Sequence[Partnership], kinds: Sequence[str], without: Sequence[str]
) -> tuple[Options, ...]:
    """Things by kind, of one partnership after the other."""
    slugs = [p.slug for p in about]
    rows = [r for r in fact(store, "things") if partnership_of(r["thing"]) in slugs]
    if len(rows) > MOST_LISTED:
        return ()
    found = []
    for partnership in about:
        for kind in kinds:
            begins = f"{partnership.slug}/{kind}/"
            options = _sorted(
                Option(r["thing"], str(r["name"]))
                for r in rows
                if r["thing"].startswith(begins) and r["thing"] not in without
            )
            title = KINDS[kind] if len(about) == 1 else f"{partnership.name}: {KINDS[kind].lower()}"
            found.append(Options(title, options))
    return tuple(one for one in found if one.options)


def _terms(store: Store, about: Sequence[Partnership], facts: str) -> tuple[Options, ...]:
    """Client groups or needs: those that all share, then those of each partnership."""
    owners = [(SHARED, "Used everywhere"), *((p.slug, f"Only in {p.name}") for p in about)]
    rows = fact(store, facts)
    found = [
        Options(
            title,
            _sorted(
                Option(r["term"], str(r["name"])) for r in rows if partnership_of(r["term"]) == slug
            ),
        )
        for slug, title in owners
    ]
    return tuple(one for one in found if one.options)


def _sorted(options: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda o: (o.name.casefold(), o.value)))
