"""The pages of questions that begin with "if", where tables are sent by a form.

Programs send the same tables to the addresses in scenarios.py. Here the answer is the page again,
with what came of the table or what is wrong in it; or a file to keep.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from api.access import Role, needs
from api.answering import answered
from api.deps import Choices, StoreDep, answer_to, partnership_in, read_choices
from api.errors import ParameterError, RequestError
from api.faults import Problem
from api.negotiation import CSV, JSON, XLSX
from api.question_page import Place
from api.routes.questions import written_as
from api.tables_sent import (
    MOST_BYTES,
    MOST_OPTIONS,
    MOST_POUNDS,
    mendable,
    read_table,
    shown_again,
    table_in,
)
from api.uploads import Upload, closing, read_upload
from api.what_if_page import WITH_TABLE, what_if_page, what_if_refused
from graph.stores.protocol import Store
from queries.additions import COLUMNS, read_additions
from queries.ask import partnerships
from queries.asked import QuestionError
from queries.catalogue import catalogue
from queries.tables import number_in

if TYPE_CHECKING:
    from api.invest_page import Wish
    from queries.invest import Comparison

router = APIRouter(dependencies=[needs(Role.READER)], include_in_schema=False)
_WHAT_IF = catalogue()["resilience.what_if"]
_KEPT = {"csv": CSV, "xlsx": XLSX}
_MOST_FORM = 3 * MOST_BYTES
_NOTHING = "The table is empty: write or paste its rows, or choose a file."


async def _form(request: Request, *tables: str) -> tuple[Upload, dict[str, bytes]]:
    """The fields of a form, and its tables by name. Raises RequestError."""
    files = tuple(f"{name}-file" for name in tables)
    with closing(await read_upload(request, _MOST_FORM, files, MOST_BYTES)) as upload:
        return upload, {name: table_in(upload, name) for name in tables}


def _problem(error: RequestError | QuestionError) -> Problem:
    if isinstance(error, RequestError):
        return Problem(error.status, str(error), error.errors)
    return Problem(422, error.told)


# ---------------------------------------------------------------- what if something were added


@router.post(WITH_TABLE, response_class=HTMLResponse)
async def what_if_with_table(request: Request, store: StoreDep) -> Response:
    """What changes with what is lost and with what a table adds, as a page or as a file."""
    upload, tables = await _form(request, "table")
    table, form = tables["table"], upload.fields.get("as", "")
    choices = read_choices(request.query_params, _WHAT_IF)
    return await answered(request, lambda: _with_table(store, choices, table, form))


def _with_table(store: Store, choices: Choices, table: bytes, form: str) -> Response:
    try:
        if not table.strip():
            raise RequestError(_NOTHING)
        with mendable(COLUMNS):
            additions = read_table(read_additions, "additions.csv", table)
            answer = answer_to(store, _WHAT_IF, choices, additions)
    except RequestError as error:
        return what_if_refused(store, choices, shown_again(table), _problem(error))
    if form in _KEPT:
        return written_as(answer, _KEPT[form])
    text = table.decode("utf-8-sig")
    return what_if_page(store, answer, choices, Place(None, None), text, additions)


# ---------------------------------------------------------------- options compared


@router.get("/invest", response_class=HTMLResponse)
async def invest_form(
    request: Request,
    store: StoreDep,
    example: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The form in which options are compared; with an example to start from if that is asked."""
    # The solver takes most of a second to import, and no other page needs it.
    from api import invest_page

    pairs = [(n, v) for n, v in request.query_params.multi_items() if n != "example"]
    choices = read_choices(QueryParams(pairs), _WHAT_IF)

    def work() -> Response:
        known = partnerships(store)
        only = (known[0].slug,) if len(known) == 1 else ()
        chosen = replace(choices, slugs=choices.slugs or only)
        wish = invest_page.Wish(chosen)
        if example and chosen.slugs:
            partnership = partnership_in(store, chosen.slugs[0])
            wish = invest_page.Wish(chosen, *invest_page.example(store, partnership, chosen))
        return invest_page.invest_page(store, wish, is_example=bool(wish.options))

    return await answered(request, work)


@router.post("/invest/compared", response_class=HTMLResponse)
async def invest_compared(request: Request, store: StoreDep) -> Response:
    """Options compared, as a page or as a file."""
    upload, tables = await _form(request, "options", "weights")
    choices = read_choices(request.query_params, _WHAT_IF)
    return await answered(request, lambda: _compared(store, choices, upload.fields, tables))


def _compared(
    store: Store, choices: Choices, fields: Mapping[str, str], tables: Mapping[str, bytes]
) -> Response:
    from api.comparing import written
    from api.invest_page import Wish, invest_page

    wish = Wish(
        choices,
        budget=fields.get("budget", ""),
        options=shown_again(tables["options"]),
        weights=shown_again(tables["weights"]),
        allow_nothing=fields.get("allow_nothing") == "yes",
    )
    try:
        compared = _comparison(store, wish, tables)
    except (RequestError, QuestionError) as error:
        return invest_page(store, wish, problem=_problem(error))
    form = fields.get("as", "")
    if form not in ("csv", "json"):
        return invest_page(store, wish, compared)
    headers = {"Content-Disposition": f'attachment; filename="options.{form}"'}
    kind = f"{CSV}; charset=utf-8" if form == "csv" else JSON
    return Response(written(compared, form), media_type=kind, headers=headers)


def _comparison(store: Store, wish: "Wish", tables: Mapping[str, bytes]) -> "Comparison":
    from queries import invest

    if not wish.choices.slugs:
        raise ParameterError("partnership", "choose the partnership that the money is for.")
    if not tables["options"].strip():
        raise ParameterError("options", _NOTHING)
    budget = _pounds(wish.budget)
    with mendable({*invest.OPTION_COLUMNS, *invest.WEIGHT_COLUMNS}):
        options = read_table(invest.read_options, "options.csv", tables["options"])
        weights = tables["weights"]
        if len(options) > MOST_OPTIONS:
            raise ParameterError(
                "options", f"at most {MOST_OPTIONS}; the command line compares more."
            )
        return invest.options_compared(
            store,
            wish.choices.slugs[0],
            options,
            read_table(invest.read_weights, "weights.csv", weights) if weights.strip() else (),
            budget,
            as_of=wish.choices.as_of,
            without=wish.choices.without,
            allow_nothing=wish.allow_nothing,
        )


def _pounds(given: str) -> int:
    digits = number_in(given)
    if digits is None or not digits.isdigit() or int(digits) > MOST_POUNDS:
        raise ParameterError("budget", f"whole pounds, from 0 to {MOST_POUNDS:,}.")
    return int(digits)
