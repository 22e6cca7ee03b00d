"""What a list of the feed can be asked, as Open Referral UK 3.0 and HSDS 3 name it.

A value that is not of the documented form is refused, and so is a parameter given twice that takes
one value: a filter that is silently not applied would look like an answer. Nothing that was sent is
repeated.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from api.errors import ParameterError
from api.open.postcodes import FORM
from api.open.records import DAYS, Choice

MOST = 500
"""The most records of a page."""
MOST_PAGES = 1_000_000
USUAL = 50
"""How many records a page has unless it is said."""
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
_MANY = ("search", "taxonomy_term_id", "taxonomy_id", "organization_id", "parent_id", "day")
_DAYS = {
    name: day
    for day, names in zip(
        DAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
    for name in (day, names, names.lower(), day.lower())
}


def _exact(form: str, read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A reader of text of one form; pydantic alone would take `1.0` and `yes` as well."""
    pattern = re.compile(form)

    def strict(given: Any) -> Any:
        if isinstance(given, str):
            if not (given.isascii() and pattern.fullmatch(given)):
                raise ValueError("not of the documented form")
            return read(given)
        return given

    return strict


def _moment(given: Any) -> datetime:
    if not isinstance(given, str) or not re.match(r"\d{4}-\d{2}-\d{2}(?:$|[Tt])", given):
        raise ValueError("not of the documented form")
    found = datetime.fromisoformat(given.upper())
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_Number = BeforeValidator(_exact(r"[+-]?[0-9]{1,9}", int))
_Decimal = BeforeValidator(_exact(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", float))
_Yes = BeforeValidator(_exact("true|false", lambda text: text == "true"))
_Moment = PlainValidator(_moment)
_Id = Annotated[str, Query(max_length=100)]
_Day = Annotated[
    str,
    PlainValidator(lambda given: _DAYS[given] if given in _DAYS else _refuse()),
    WithJsonSchema({"type": "string", "enum": list(_DAYS)}),
]


def _refuse() -> str:
    raise ValueError("not of the documented form")


PageNumber = Annotated[
    int,
    _Number,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_PAGES}),
    Query(ge=1, le=MOST_PAGES, description="The page, from 1."),
]
PerPage = Annotated[
    int,
    _Number,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST}),
    Query(ge=1, le=MOST, description=f"Records of a page, {MOST} at most."),
]
Search = Annotated[
    list[Annotated[str, Query(max_length=200)]],
    Query(
        max_length=10,
        description="Words that a record's names, description or terms begin with, whatever their "
        "accents and case. All words of one value must be there; given twice, either will do.",
    ),
]
TermIds = Annotated[
    list[_Id], Query(max_length=50, description="Records with one of these taxonomy terms.")
]
TaxonomyIds = Annotated[
    list[_Id], Query(max_length=50, description="Records with any term of one of these taxonomies.")
]
OrganizationIds = Annotated[
    list[_Id],
    Query(max_length=50, description="Services that one of these organisations provides."),
]
ParentIds = Annotated[
    list[_Id], Query(max_length=50, description="Terms directly below one of these terms.")
]
Form = Annotated[
    Literal["json", "ndjson"],
    Query(description="`ndjson`: all records, one a line, without pages.", alias="format"),
]
Full = Annotated[
    bool, _Yes, Query(description="Records in full; otherwise their one-to-one fields alone.")
]
Minimal = Annotated[
    bool,
    _Yes,
    Query(description="Only `id`, and `modified_date` where it is known; all on one page."),
]
Since = Annotated[
    datetime | None,
    _Moment,
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Query(
        description="Records changed at that moment or later, and those whose last change is "
        "nowhere dated."
    ),
]
Age = Annotated[
    float | None, _Decimal, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 150})
]
Time = Annotated[str | None, WithJsonSchema({"type": "string", "pattern": _TIME})]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list: which records, in which form, and which page of them."""

    choice: Choice
    page: int = 1
    per_page: int | None = USUAL
    form: str = "json"
    shape: str = "brief"
    """`brief`, `full` or `minimal`."""
    postcode: str = ""
    proximity: float | None = None


def once(request: Request) -> None:
    """Refuse a parameter given twice that takes one value. Raises ParameterError."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in dict.fromkeys(names):
        if name not in _MANY and names.count(name) > 1 and name in _KNOWN:
            raise ParameterError(name, "give one value.")


_KNOWN = frozenset(
    {
        "page", "per_page", "format", "full", "full_service", "minimal", "modified_after",
        "minimum_age", "maximum_age", "start_time", "end_time", "postcode", "proximity",
        "top_only",
    }
)  # fmt: skip


def pages_asked(
    request: Request,
    search: Search = [],  # noqa: B006 - FastAPI copies defaults
    page: PageNumber = 1,
    per_page: PerPage = USUAL,
    form: Form = "json",
) -> Asked:
    """What a list of taxonomies can be asked."""
    once(request)
    return Asked(Choice(search=_filled(search)), page, per_page, form)


def terms_asked(
    request: Request,
    search: Search = [],  # noqa: B006
    taxonomy_id: TaxonomyIds = [],  # noqa: B006
    parent_id: ParentIds = [],  # noqa: B006
    top_only: Annotated[bool, _Yes, Query(description="Terms that none is above.")] = False,
    page: PageNumber = 1,
    per_page: PerPage = USUAL,
    form: Form = "json",
) -> Asked:
    """What the list of terms can be asked."""
    once(request)
    choice = Choice(
        search=_filled(search),
        taxonomy_id=frozenset(taxonomy_id),
        parent_id=frozenset(parent_id),
        top_only=top_only,
    )
    return Asked(choice, page, per_page, form)


def organizations_asked(
    request: Request,
    search: Search = [],  # noqa: B006
    full: Full = False,
    full_service: Annotated[
        bool, _Yes, Query(description="As `full`: in full, with the services in full.")
    ] = False,
    page: PageNumber = 1,
    per_page: PerPage = USUAL,
    form: Form = "json",
) -> Asked:
    """What the list of organisations can be asked."""
    once(request)
    shape = "full" if full or full_service else "brief"
    return Asked(Choice(search=_filled(search)), page, per_page, form, shape)


def services_asked(
    request: Request,
    search: Search = [],  # noqa: B006
    taxonomy_term_id: TermIds = [],  # noqa: B006
    taxonomy_id: TaxonomyIds = [],  # noqa: B006
    organization_id: OrganizationIds = [],  # noqa: B006
    minimum_age: Annotated[
        Age, Query(ge=0, le=150, description="Services whose lowest age is this or higher.")
    ] = None,
    maximum_age: Annotated[
        Age, Query(ge=0, le=150, description="Services whose highest age is this or lower.")
    ] = None,
    day: Annotated[
        list[_Day], Query(max_length=14, description="Services open on one of these days.")
    ] = [],  # noqa: B006
    start_time: Annotated[
        Time, Query(pattern=_TIME, description="Services that open at this time or later.")
    ] = None,
    end_time: Annotated[
        Time, Query(pattern=_TIME, description="Services that close at this time or earlier.")
    ] = None,
    modified_after: Since = None,
    minimal: Minimal = False,
    full: Full = False,
    page: PageNumber = 1,
    per_page: PerPage = USUAL,
    form: Form = "json",
) -> Asked:
    """What the list of services can be asked."""
    once(request)
    choice = Choice(
        search=_filled(search),
        taxonomy_term_id=frozenset(taxonomy_term_id),
        taxonomy_id=frozenset(taxonomy_id),
        organization_id=frozenset(organization_id),
        minimum_age=minimum_age,
        maximum_age=maximum_age,
        days=frozenset(day),
        start_time=(start_time or "")[:5],
        end_time=(end_time or "")[:5],
        modified_after=modified_after,
    )
    shape = "minimal" if minimal else "full" if full else "brief"
    size = None if minimal and "per_page" not in request.query_params else per_page
    return Asked(choice, page, size, form, shape)


def places_asked(
    services: Annotated[Asked, Depends(services_asked)],
    postcode: Annotated[
        str | None,
        WithJsonSchema({"type": "string", "pattern": FORM, "maxLength": 20}),
        Query(
            pattern=FORM,
            max_length=20,
            description="A whole postcode: services whose area, where one is recorded, takes it "
            "in; with `proximity`, those near it instead.",
        ),
    ] = None,
    proximity: Annotated[
        float | None,
        _Decimal,
        WithJsonSchema({"type": "number", "minimum": 1, "maximum": 500_000}),
        Query(ge=1, le=500_000, description="How many metres from the postcode; nearest first."),
    ] = None,
) -> Asked:
    """What the list of services at locations can be asked."""
    return Asked(
        services.choice,
        services.page,
        services.per_page,
        services.form,
        services.shape,
        postcode or "",
        proximity,
    )


def _filled(texts: list[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())
