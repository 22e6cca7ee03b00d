"""One record as a page: what is said of it, where that is said, and what it is linked with."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.access import Role, needs
from api.basket import Basket, basket_of, can_end
from api.deps import NotFoundError, SchemaDep, StoreDep, read_choices
from api.formats import text
from api.routes.pages import page, record_url, written
from graph.ids import partnership_of
from graph.stores.protocol import Store
from ontology.schema import Property, Schema
from queries.ask import fact, partnerships
from queries.asked import Partnership, QuestionError
from queries.catalogue import catalogue
from queries.money import last_funder, money
from queries.records import Link, Record, find_record
from visualise.map.chart import money_flag, money_in_words

router = APIRouter(dependencies=[needs(Role.READER)])
_WHAT_IF = catalogue()["resilience.what_if"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said of a record: in words, or as links to other records."""

    label: str
    help: str
    text: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as a row: in which way, to what of which kind, and the record that says so."""

    way: str
    facts: str
    toward: bool
    name: str
    kind: str
    url: str
    record: str | None


@dataclass(frozen=True, slots=True)
class Funding:
    """How a service or post is paid for on a day, in words."""

    section: str
    flag: str
    words: str
    until: str | None
    last_funder: str | None
    day: str


@router.get("/services/{slug}/{local}", response_class=HTMLResponse, include_in_schema=False)
def service_page(
    slug: str, local: str, request: Request, store: StoreDep, schema: SchemaDep
) -> HTMLResponse:
    """A service, with its money, its evidence and its links."""
    return _shown(request, store, schema, f"{slug}/service/{local}")


@router.get(
    "/records/{slug}/{class_slug}/{local}", response_class=HTMLResponse, include_in_schema=False
)
def record_page(
    slug: str,
    class_slug: str,
    local: str,
    request: Request,
    store: StoreDep,
    schema: SchemaDep,
) -> HTMLResponse:
    """A record of any class."""
    return _shown(request, store, schema, f"{slug}/{class_slug}/{local}")


def _shown(request: Request, store: Store, schema: Schema, identifier: str) -> HTMLResponse:
    try:
        record = find_record(store, schema, identifier)
    except QuestionError as error:
        raise NotFoundError("There is no such record.") from error
    known = partnerships(store)
    slug = partnership_of(record.id)
    own = next((p for p in known if p.slug == slug), None)
    # What is imagined ended elsewhere is handed on through records, and shown on them.
    basket = basket_of(store, request.url.path, read_choices(request.query_params, _WHAT_IF))
    return page(
        "record.html",
        # A shared term belongs to none: what is linked with it may be of any of them.
        about=(own,) if own else known,
        record=record,
        partnership=own,
        basket=basket,
        ended=_ended(basket, own, record.id),
        facts=[_fact(store, schema, p, v) for p, v in record.columns if p.key not in _APART],
        staff=any(p.key == "visibility" and v == "staff" for p, v in record.columns),
        # What has a record of its own, such as an award, says more than a mention.
        links=[_linked(schema, k) for k in sorted(record.links, key=lambda k: not k.record_id)],
        funding=_funding(store, own, record) if own else None,
    )


def _ended(basket: Basket, partnership: Partnership | None, identifier: str) -> str | None:
    """The address that shows what changes if this ended; None where that cannot be imagined."""
    if partnership is None or not can_end(identifier):
        return None
    return basket.of(partnership.slug).add(identifier)


_APART = frozenset({"name", "title", "visibility", "whereabouts"})


def _fact(store: Store, schema: Schema, prop: Property, value: Any) -> Fact:
    if prop.type == "reference":
        identifiers = value if isinstance(value, list | tuple) else [value]
        others = tuple((_name(store, schema, i), record_url(i)) for i in identifiers)
        return Fact(prop.header, prop.help, "", others)
    shown = written(value) if hasattr(value, "isoformat") else text(value)
    return Fact(prop.header, prop.help, shown)


def _name(store: Store, schema: Schema, identifier: str) -> str:
    try:
        return find_record(store, schema, identifier).name
    except QuestionError:
        return identifier


def _linked(schema: Schema, link: Link) -> Linked:
    kind = schema.by_slug(link.other_id.split("/")[1]).label
    # Some records have no name of their own; their kind says more to a reader than their id.
    name = link.other_name if link.other_name != link.other_id else kind
    return Linked(
        way=link.header,
        facts=link.facts,
        toward=link.direction == "out",
        name=name,
        kind=kind,
        url=record_url(link.other_id),
        record=record_url(link.record_id) if link.record_id else None,
    )


def _funding(store: Store, partnership: Partnership, record: Record) -> Funding | None:
    """How a service or post is paid for on the day of its partnership's newest source."""
    if record.klass.slug not in ("service", "post"):
        return None
    awards = fact(store, "awards", [partnership.slug])
    state = money([a for a in awards if a["subject"] == record.id], partnership.newest)
    flag, _ = money_flag(state, partnership.newest)
    return Funding(
        section=state.section,
        flag=flag,
        words=money_in_words(state),
        until=written(state.until) if state.until else None,
        last_funder=last_funder(state.awards),
        day=written(partnership.newest),
    )
