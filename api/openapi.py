"""What both applications say of themselves in OpenAPI: one form for problems, one way to describe.

FastAPI writes the operations. Here its own form of a mistake, which would repeat what was sent, is
replaced by problem details, and every operation names the faults that it can answer with.

The description is one of OpenAPI 3.0.3, which tools of offices read too, and the Swagger UI that is
packaged for Python; FastAPI writes 3.1.0, and `older` says the same in the words of 3.0.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.faults import TITLES
from api.negotiation import HTML, PROBLEM

Schema = dict[str, Any]
PROBLEM_SCHEMA: Schema = {
    "title": "Problem",
    "description": "What is wrong with a request (RFC 9457). Nothing that was sent is repeated.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong and what to do next."},
        "errors": {
            "type": "array",
            "description": "What is wrong one by one: a parameter, or a place in a table.",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "file": {"type": "string"},
                    "row": {"type": "integer", "description": "The row of headers is row 1."},
                    "column": {"type": "string"},
                    "expected": {"type": "string"},
                    "advice": {"type": "string"},
                },
            },
        },
    },
}
ALWAYS = (401, 403, 429, 500, 503)
"""The faults that any address of the staff application can answer with."""
_HEADERS: Mapping[int, Mapping[str, Schema]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    405: {"Allow": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "string"}, "description": "In how many seconds."}},
    503: {"Retry-After": {"schema": {"type": "string"}, "description": "In how many seconds."}},
}
_FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for the faults it can answer with besides those of all routes."""
    return {status: {"description": TITLES.get(status, "A problem")} for status in statuses}


def describe(
    app: FastAPI,
    *,
    tags: Sequence[Mapping[str, str]] = (),
    schemas: Mapping[str, Schema] | None = None,
    always: Sequence[int] = ALWAYS,
    pages: bool = True,
) -> None:
    """Have an application describe itself: `tags` in their order, `schemas` beside FastAPI's.

    `always` are the faults that every operation can answer with; `pages` says whether a client that
    prefers HTML gets them as a page.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=[dict(tag) for tag in tags],
            )
            own = found.setdefault("components", {}).setdefault("schemas", {})
            for name in _FASTAPIS_OWN:
                own.pop(name, None)
            own.update(schemas or {}, Problem=PROBLEM_SCHEMA)
            listed = [o for methods in found.get("paths", {}).values() for o in methods.values()]
            for operation in listed:
                _tell_faults(operation, always)
            statuses = {s for operation in listed for s in _faulty(operation["responses"])}
            found["components"]["responses"] = {
                f"Problem{status}": _problem(int(status), pages) for status in sorted(statuses)
            }
            app.openapi_schema = {**older(found), "openapi": "3.0.3"}
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _tell_faults(operation: dict[str, Any], always: Sequence[int]) -> None:
    """Every fault of an operation, as it is described once for all of them."""
    responses = operation["responses"]
    for number in always:
        responses.setdefault(str(number), {})
    if not operation.get("parameters") and "requestBody" not in operation:
        responses.pop("422", None)
    for status in _faulty(responses):
        if "content" not in responses[status] or status == "422":
            responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(responses.items()))


def _faulty(responses: Mapping[str, Any]) -> list[str]:
    return [s for s in responses if s.isdigit() and int(s) >= HTTPStatus.BAD_REQUEST]


def _problem(status: int, pages: bool) -> dict[str, Any]:
    """The answer with which a fault of a status is told."""
    content: dict[str, Any] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if pages:
        content[HTML] = {"schema": {"type": "string"}}
    told = {"description": TITLES.get(status, HTTPStatus(status).phrase), "content": content}
    return {**told, "headers": dict(_HEADERS[status])} if status in _HEADERS else told


# ---------------------------------------------------------------- OpenAPI 3.0


def older(described: Any) -> Any:
    """A description in the words of OpenAPI 3.0: what may be null, limits, references, files."""
    if isinstance(described, list):
        return [older(item) for item in described]
    if not isinstance(described, dict):
        return described
    found = {key: older(value) for key, value in described.items()}
    for rewrite in (_nullable, _exclusive, _constant, _file, _reference):
        found = rewrite(found)
    return found


def _nullable(schema: Schema) -> Schema:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        others = [kind for kind in kinds if kind != "null"]
        schema = {k: v for k, v in schema.items() if k != "type"}
        several = {"anyOf": [{"type": kind} for kind in others]}
        one: Schema = {"type": others[0]} if len(others) == 1 else several
        return {**schema, **one, **({"nullable": True} if "null" in kinds else {})}
    for union in ("anyOf", "oneOf"):
        forms = schema.get(union)
        if isinstance(forms, list) and {"type": "null"} in forms:
            others = [form for form in forms if form != {"type": "null"}]
            rest = {k: v for k, v in schema.items() if k != union}
            if len(others) == 1 and "$ref" not in others[0]:
                return {**others[0], **rest, "nullable": True}
            return {**rest, union: [{**form, "nullable": True} for form in others]}
    return schema


def _exclusive(schema: Schema) -> Schema:
    for bound in ("Minimum", "Maximum"):
        limit = schema.get(f"exclusive{bound}")
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            schema = {**schema, bound.lower(): limit, f"exclusive{bound}": True}
    return schema


def _constant(schema: Schema) -> Schema:
    if isinstance(schema.get("const"), str | int | float):
        return {**{k: v for k, v in schema.items() if k != "const"}, "enum": [schema["const"]]}
    return schema


def _file(schema: Schema) -> Schema:
    if schema.get("type") == "string" and "contentMediaType" in schema:
        rest = {k: v for k, v in schema.items() if k != "contentMediaType"}
        return {**rest, "format": "binary"}
    return schema


def _reference(schema: Schema) -> Schema:
    """In 3.0 nothing that stands beside a reference is heard."""
    if isinstance(schema.get("$ref"), str) and len(schema) > 1:
        rest = {k: v for k, v in schema.items() if k != "$ref"}
        return {**rest, "allOf": [{"$ref": schema["$ref"]}]}
    return schema
