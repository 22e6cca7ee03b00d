"""Questions that begin with "if": what changes with what is lost or added, and options compared.

What is added, and what money could be spent on, are small tables that a program sends. They are
read in a process of their own (graph/sandbox.py), belong to one request, and are kept nowhere.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import HTMLResponse, Response

from api.access import Role, needs
from api.answering import answered
from api.deps import (
    LONGEST_VALUE,
    MOST_VALUES,
    StoreDep,
    answer_to,
    read_choices,
    read_day,
)
from api.errors import ParameterError, TooLargeError, UnsupportedError
from api.negotiation import CSV, JSON, XLSX, negotiated
from api.openapi import faults
from api.question_forms import (
    DAY,
    description_of,
    parameters_of,
    responses_of,
    rows_of,
)
from api.routes.questions import operation, written_as
from api.tables_sent import MOST_BYTES, MOST_OPTIONS, MOST_POUNDS, mendable, read_table
from api.uploads import MULTIPART, closing, read_upload
from queries.additions import COLUMNS, read_additions
from queries.catalogue import catalogue

router = APIRouter(dependencies=[needs(Role.READER)], tags=["Scenarios"])
_WHAT_IF = catalogue()["resilience.what_if"]
_FORMS = (JSON, CSV, XLSX)
_COLUMNS = ", ".join(COLUMNS)

router.add_api_route(
    "/what-if",
    operation(_WHAT_IF),
    operation_id="what_if",
    summary="What changes if things were lost",
    description=description_of(_WHAT_IF),
    response_class=HTMLResponse,
    responses={
        **responses_of(rows_of(_WHAT_IF)),
        304: {"description": "The client has this answer already"},
        **faults(406, 410, 422),
    },
    openapi_extra={"parameters": parameters_of(_WHAT_IF)},
)


@router.post(
    "/what-if",
    operation_id="what_if_with",
    summary="What changes if things were lost or added",
    response_class=Response,
    responses={
        **responses_of(rows_of(_WHAT_IF), _FORMS),
        **faults(406, 413, 415, 422),
    },
    openapi_extra={
        "parameters": parameters_of(_WHAT_IF, pages=False),
        "requestBody": {
            "required": True,
            "description": f"What is added: a table with the columns {_COLUMNS}; at most 64 kB.",
            "content": {CSV: {"schema": {"type": "string"}}},
        },
    },
)
async def what_if_with(request: Request, store: StoreDep) -> Response:
    """What a scenario changes: things lost (`without`) and things added, in a table sent as CSV.

    No release is touched, and the table is not kept.
    """
    form = negotiated(request, _FORMS)
    table = await _table_of(request)

    def work() -> Response:
        choices = read_choices(request.query_params, _WHAT_IF)
        with mendable(COLUMNS):
            additions = read_table(read_additions, "additions.csv", table)
            return written_as(answer_to(store, _WHAT_IF, choices, additions), form)

    found = await answered(request, work)
    found.headers["Vary"] = "Accept"
    return found


# ---------------------------------------------------------------- options within a budget

_PLACES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["group", "need", "area", "state", "weight", "records"],
        "properties": {
            "group": {"type": "string"},
            "group_name": {"type": "string"},
            "need": {"type": "string"},
            "need_name": {"type": "string"},
            "area": {"type": "string"},
            "area_name": {"type": "string"},
            "state": {"type": "string"},
            "weight": {"type": "number"},
            "records": {"type": "array", "items": {"type": "string"}},
        },
    },
}
_CHOICE = {
    "type": ["object", "null"],
    "required": ["options", "cost", "weight_closed", "weight_open", "closed", "open"],
    "properties": {
        "options": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["option", "name", "cost"],
                "properties": {
                    "option": {"type": "string"},
                    "name": {"type": "string"},
                    "cost": {"type": "integer"},
                },
            },
        },
        "cost": {"type": "integer"},
        "weight_closed": {"type": "number"},
        "weight_open": {"type": "number"},
        "closed": _PLACES,
        "open": _PLACES,
        "left_with_nothing": {"type": "array", "items": {"type": "string"}},
        "by_characteristic": {"type": "array", "items": {"type": "object"}},
    },
}
_COMPARED = {
    "type": "object",
    "required": ["budget", "note", "chosen", "runner_up", "out_of_reach", "conflict", "least"],
    "additionalProperties": False,
    "properties": {
        "budget": {"type": "integer"},
        "note": {"type": "string", "description": "What must be said beside the comparison."},
        "chosen": _CHOICE,
        "runner_up": _CHOICE,
        "out_of_reach": {"type": "array", "items": {"type": "string"}},
        "conflict": {"type": "array", "items": {"type": "string"}},
        "least": {"type": ["integer", "null"]},
    },
}
_TABLE = {"type": "string", "format": "binary"}


@router.post(
    "/invest",
    operation_id="invest",
    summary="Options compared within a budget",
    response_class=Response,
    responses={
        200: {
            "description": "What closes most weighted need, the next best, and what stays open",
            "content": {JSON: {"schema": _COMPARED}, CSV: {"schema": {"type": "string"}}},
        },
        **faults(400, 406, 413, 415, 422),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                MULTIPART: {
                    "schema": {
                        "type": "object",
                        "required": ["options"],
                        "properties": {"options": _TABLE, "weights": _TABLE},
                    },
                    "encoding": {"options": {"contentType": CSV}, "weights": {"contentType": CSV}},
                }
            },
        },
    },
)
async def invest(
    request: Request,
    store: StoreDep,
    partnership: Annotated[str, Query(max_length=LONGEST_VALUE, description="Its folder's name.")],
    budget: Annotated[int, Query(ge=0, le=MOST_POUNDS, description="Pounds that can be spent.")],
    as_of: Annotated[str, Query(description="The day asked about."), WithJsonSchema(DAY)] = "",
    without: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_VALUE)]],
        Query(max_length=MOST_VALUES, description="A thing imagined lost; may be repeated."),
    ] = [],  # noqa: B006 - FastAPI copies defaults
    allow_nothing: Annotated[
        bool, Query(description="Knowingly allow that a group with nothing stays with nothing.")
    ] = False,
) -> Response:
    """Which options together close most weighted need within a budget, exactly.

    The tables `options` and `weights` (every cell weighs 1 without it) are those of
    docs/scenarios.md. They belong to this one request and are kept nowhere.
    """
    form = negotiated(request, (JSON, CSV))
    with closing(await read_upload(request, MOST_BYTES, ("options", "weights"))) as upload:
        tables = {name: file.file.read() for name, file in upload.files.items()}
    if "options" not in tables:
        raise ParameterError("options", "send a table with the options.")

    def work() -> Response:
        # The solver takes most of a second to import, and no other address needs it.
        from api.comparing import written
        from queries import invest

        columns = {*invest.OPTION_COLUMNS, *invest.WEIGHT_COLUMNS}
        with mendable(columns):
            weights = tables.get("weights")
            options = read_table(invest.read_options, "options.csv", tables["options"])
            if len(options) > MOST_OPTIONS:
                raise ParameterError(
                    "options", f"at most {MOST_OPTIONS}; the command line compares more."
                )
            compared = invest.options_compared(
                store,
                partnership,
                options,
                read_table(invest.read_weights, "weights.csv", weights) if weights else (),
                budget,
                as_of=read_day(as_of),
                without=[one for one in without if one.strip()],
                allow_nothing=allow_nothing,
            )
        kind = "json" if form == JSON else "csv"
        return Response(written(compared, kind), media_type=form)

    found = await answered(request, work)
    found.headers["Vary"] = "Accept"
    return found


# ---------------------------------------------------------------- tables that are sent


async def _table_of(request: Request) -> bytes:
    """The table in the body of a request. Raises UnsupportedError or TooLargeError."""
    given, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "') or "utf-8"
    if given.strip() != CSV or charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedError(f"Send a table as {CSV}, in UTF-8.")
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > MOST_BYTES:
            raise TooLargeError(f"A table has at most {MOST_BYTES:,} bytes.")
    return bytes(found)
