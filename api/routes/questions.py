"""The questions: each an operation made from its header, answered as page, JSON, CSV or workbook.

`GET /questions/NAME` answers in the form that the Accept header prefers. The addresses ending in
`.json`, `.csv` and `.xlsx` are links of pages: the same answers, saved under neutral names.
"""

import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response

from api.access import Role, needs
from api.answering import answered
from api.basket import basket_of, pairs_of, query_of
from api.deps import (
    Choices,
    SchemaDep,
    StoreDep,
    answer_to,
    question_in,
    read_choices,
)
from api.errors import NotFoundError, ParameterError
from api.etag import REVALIDATED, data_etag, has_it, not_modified
from api.formats import as_csv, as_json, as_xlsx, plain, rows_as_json, text
from api.negotiation import CSV, HTML, JSON, XLSX, negotiated
from api.openapi import faults
from api.paging import next_link, paged, read_limit
from api.question_forms import (
    FORMS,
    description_of,
    parameters_of,
    responses_of,
    rows_of,
)
from api.question_page import Place, asked_with, question_page
from api.routes.pages import chapters, page, record_url
from api.what_if_page import what_if_page
from graph.errors import StoreError
from graph.stores.protocol import NOTHING_HELD, Store
from ontology.schema import Schema
from queries.ask import Answer
from queries.catalogue import BOARD, EDITOR, GIVEN, Question, catalogue
from queries.explain import chain_of
from queries.glossary import columns, themes, types

router = APIRouter(dependencies=[needs(Role.READER)])
Operation = Callable[..., Coroutine[Any, Any, Response]]
_TRIES = 3
_LONGEST_CURSOR = 200
_PAGES = {"resilience.what_if": what_if_page}
"""The questions whose answers have a page of their own."""
_ENDINGS = {JSON: "json", CSV: "csv", XLSX: "xlsx"}
THEMES = {theme.name: theme.title for theme in themes()}
"""The headings of themes, which group the operations."""


# ---------------------------------------------------------------- one question


def answer_in(request: Request, store: Store, question: Question, form: str) -> Response:
    """The answer to a question with the choices of an address, in a form.

    A client that names the answer which it has gets 304, before anything is worked out.
    """
    choices = read_choices(request.query_params, question)
    limit, cursor = _place(request)
    if form == HTML:
        shown = _PAGES.get(question.name, question_page)
        return shown(store, answer_to(store, question, choices), choices, Place(limit, cursor))
    for _ in range(_TRIES):
        release = store.release()
        if release is None:
            raise StoreError(NOTHING_HELD)
        etag = data_etag(request, release, form)
        if has_it(request, etag):
            return not_modified(etag)
        answer = answer_to(store, question, choices)
        # Otherwise another release was loaded meanwhile, and the answer is of that one.
        if store.release() == release:
            told = _page_of(request, answer, choices, limit, cursor, release)
            written = told if form == JSON else written_as(answer, form)
            written.headers["ETag"] = etag
            return written
    raise StoreError("The store is being loaded again and again. Ask once more in a while.")


def _place(request: Request) -> tuple[int | None, str | None]:
    """The limit and the cursor of an address."""
    cursor = request.query_params.get("cursor")
    if cursor is not None and len(cursor) > _LONGEST_CURSOR:
        raise ParameterError("cursor", "it is damaged. Begin again without it.")
    return read_limit(request.query_params.get("limit")), cursor


def _page_of(
    request: Request,
    answer: Answer,
    choices: Choices,
    limit: int | None,
    cursor: str | None,
    release: str,
) -> Response:
    """The rows of an answer at a cursor as JSON, and where the next ones are."""
    asked = asked_with(answer.question, choices)
    found = paged(answer.rows, limit, cursor, release, asked)
    headers = {"X-Total-Count": str(found.total)}
    if found.next is not None:
        headers["Link"] = next_link(request, found.next)
    return Response(rows_as_json(found.items), media_type=JSON, headers=headers)


def written_as(answer: Answer, form: str) -> Response:
    """A whole answer in a form for programs and spreadsheets."""
    if form == JSON:
        return Response(as_json(answer), media_type=JSON)
    # A neutral name: what is saved on a shared computer tells nothing.
    headers = {"Content-Disposition": f'attachment; filename="answer.{_ENDINGS[form]}"'}
    if form == CSV:
        return Response(as_csv(answer), media_type=f"{CSV}; charset=utf-8", headers=headers)
    return Response(as_xlsx(answer), media_type=XLSX, headers=headers)


def operation(question: Question) -> Operation:
    """The function that answers a question in the form that a client prefers."""

    async def answer(request: Request, store: StoreDep) -> Response:
        form = negotiated(request, FORMS)
        found = await answered(request, lambda: answer_in(request, store, question, form))
        found.headers["Vary"] = "Accept"
        if form != HTML:
            found.headers["Cache-Control"] = REVALIDATED
        return found

    return answer


for _question in catalogue().values():
    router.add_api_route(
        f"/questions/{_question.name}",
        operation(_question),
        operation_id=_question.name.replace(".", "_"),
        tags=[THEMES[_question.theme]],
        summary=_question.title,
        description=description_of(_question),
        response_class=HTMLResponse,
        responses={
            **responses_of(rows_of(_question)),
            304: {"description": "The client has this answer already"},
            **faults(406, 410, 422),
        },
        openapi_extra={"parameters": parameters_of(_question)},
    )


# ---------------------------------------------------------------- all questions

_LISTED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "title", "question", "theme", "caveats", "parameters", "columns"],
        "properties": {
            "name": {"type": "string"},
            "title": {"type": "string"},
            "question": {"type": "string"},
            "theme": {"type": "string"},
            "audience": {"enum": [BOARD, EDITOR]},
            "caveats": {"type": "array", "items": {"type": "string"}},
            "empty": {"type": "string", "description": "What an answer without rows says."},
            "parameters": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type", "about"],
                    "properties": {
                        "name": {"type": "string"},
                        "type": {"type": "string"},
                        "about": {"type": "string"},
                        "default": {"type": "integer"},
                        "maximum": {"type": "integer"},
                    },
                },
            },
            "columns": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type", "about"],
                    "properties": {
                        "name": {"type": "string"},
                        "type": {"enum": sorted(set(types().values()))},
                        "about": {"type": "string"},
                    },
                },
            },
        },
    },
}


@router.get(
    "/questions",
    operation_id="questions",
    tags=["Catalogue"],
    summary="All questions",
    response_class=HTMLResponse,
    responses={
        200: {
            "description": "The catalogue, theme by theme",
            "content": {HTML: {"schema": {"type": "string"}}, JSON: {"schema": _LISTED}},
        },
        **faults(406),
    },
)
def contents(request: Request, store: StoreDep) -> Response:
    """Every question with what it takes and answers, theme by theme; as a page or as JSON.

    What is imagined ended is handed on to the questions.
    """
    if negotiated(request, (HTML, JSON)) == HTML:
        choices = read_choices(request.query_params, catalogue()["resilience.what_if"])
        shown: Response = page(
            "questions.html",
            chapters=chapters(BOARD),
            editors=chapters(EDITOR),
            basket=basket_of(store, "/questions", choices),
        )
    else:
        told = [_listed(question) for question in catalogue().values()]
        shown = Response(json.dumps(told, ensure_ascii=False, indent=2) + "\n", media_type=JSON)
    shown.headers["Vary"] = "Accept"
    return shown


def _listed(question: Question) -> dict[str, Any]:
    parameters = []
    for parameter in question.parameters:
        # In an address a partnership is named once for each.
        name = "partnership" if parameter.name == "partnerships" else parameter.name
        told: dict[str, Any] = {"name": name, "type": parameter.type, "about": parameter.about}
        if parameter.type == "integer":
            told |= {"default": parameter.default, "maximum": GIVEN[parameter.name]}
        parameters.append(told)
    return {
        "name": question.name,
        "title": question.title,
        "question": question.question,
        "theme": THEMES[question.theme],
        "audience": question.audience,
        "caveats": list(question.caveats),
        "empty": question.empty,
        "parameters": parameters,
        "columns": [
            {"name": c, "type": types()[c], "about": columns()[c]}
            for c in ("partnership", "as_of", *question.returns)
        ],
    }


# ---------------------------------------------------------------- why an answer says so

_EXPLAINED = {
    "type": "object",
    "required": ["question", "number", "of", "row", "rests_on"],
    "additionalProperties": False,
    "properties": {
        "question": {"type": "string"},
        "number": {"type": "integer", "minimum": 1},
        "of": {"type": "integer", "description": "How many rows the answer has."},
        "row": {
            "type": "object",
            "required": ["partnership", "as_of"],
            "description": "The row, as the question's own operation answers it.",
        },
        "rests_on": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["record", "kind", "words", "where"],
                "additionalProperties": False,
                "properties": {
                    "record": {"type": "string"},
                    "kind": {"type": "string"},
                    "words": {"type": "string", "description": "What the record says."},
                    "where": {"type": "string", "description": "Where that is said."},
                },
            },
        },
    },
}
_MOST_ROWS = 1_000_000


@router.get(
    "/questions/{name}/explain/{row}",
    operation_id="explain",
    tags=["Catalogue"],
    summary="Why a row of an answer says what it says",
    response_class=HTMLResponse,
    responses={
        200: {
            "description": "The row, and the records that it rests on",
            "content": {HTML: {"schema": {"type": "string"}}, JSON: {"schema": _EXPLAINED}},
        },
        **faults(404, 406, 422),
    },
    openapi_extra={"parameters": parameters_of(catalogue()["pathways.profile"], pages=False)},
)
async def explain(
    name: Annotated[str, Path(max_length=100, description="The question's name.")],
    row: Annotated[
        int, Path(ge=1, le=_MOST_ROWS, description="Which row of the answer, counted from 1.")
    ],
    request: Request,
    store: StoreDep,
    schema: SchemaDep,
) -> Response:
    """A row and the records behind it, each in words with its place.

    It takes the parameters of the question, which must be those of the answer that is explained.
    """
    form = negotiated(request, (HTML, JSON))
    found = await answered(request, lambda: _explained(request, store, schema, name, row, form))
    found.headers["Vary"] = "Accept"
    return found


def _explained(
    request: Request, store: Store, schema: Schema, name: str, number: int, form: str
) -> Response:
    question = question_in(name)
    choices = read_choices(request.query_params, question)
    answer = answer_to(store, question, choices)
    if number > len(answer.rows):
        raise NotFoundError("The answer has no such row. Its rows are counted from 1.")
    row = answer.rows[number - 1]
    reasons = chain_of(store, schema, row)
    if form == JSON:
        told = {
            "question": question.name,
            "number": number,
            "of": len(answer.rows),
            "row": plain(row),
            "rests_on": [asdict(reason) for reason in reasons],
        }
        return Response(json.dumps(told, ensure_ascii=False, indent=2) + "\n", media_type=JSON)
    basket = basket_of(store, request.url.path, choices)
    return page(
        "explain.html",
        about=[p for p in answer.partnerships if p.slug == row["partnership"]],
        question=question,
        number=number,
        total=len(answer.rows),
        basket=basket,
        query=query_of(pairs_of(choices)),
        shown=[(c.removesuffix("_name").replace("_", " "), text(row[c])) for c in question.shows],
        reasons=[(reason, record_url(reason.record) + basket.keep) for reason in reasons],
    )


# ---------------------------------------------------------------- links of pages


def _linked(form: str) -> Operation:
    async def answer(name: str, request: Request, store: StoreDep) -> Response:
        question = question_in(name)
        return await answered(request, lambda: answer_in(request, store, question, form))

    return answer


for _form, _ending in _ENDINGS.items():
    router.add_api_route(
        f"/questions/{{name}}.{_ending}",
        _linked(_form),
        include_in_schema=False,
        response_class=Response,
    )


@router.get("/questions/{name}", include_in_schema=False, response_class=HTMLResponse)
def unknown(name: str) -> Response:
    """The questions that there are have addresses of their own: this is none of them."""
    question_in(name)
    raise NotFoundError("There is no such question. All are listed at /questions.")
