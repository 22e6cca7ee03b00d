"""What the application says of itself: its OpenAPI description, and a page to read and try it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse
from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]

from api.access import Role, needs
from api.routes.pages import page
from queries.glossary import themes

router = APIRouter(dependencies=[needs(Role.READER)])
TAGS = (
    {"name": "Catalogue", "description": "All questions, and why an answer says what it says."},
    *({"name": theme.title, "description": theme.about} for theme in themes()),
    {"name": "Scenarios", "description": "What changes if things were lost or added."},
    {"name": "Records", "description": "What is on record, as data."},
    {
        "name": "Imports and releases",
        "description": "From a file to a draft, and from a draft to what is live.",
    },
    {
        "name": "Imports and releases",
        "description": "A file becomes a draft, a draft the live release; each can be looked at.",
    },
)
"""The groups of operations, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """An operation as the page lists it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str], ...]
    forms: tuple[str, ...]


@router.get("/openapi.json", include_in_schema=False, response_class=JSONResponse)
def openapi(request: Request) -> JSONResponse:
    """The description of every operation that answers with data (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


@router.get("/api", include_in_schema=False, response_class=HTMLResponse)
def documentation(request: Request) -> HTMLResponse:
    """The operations to read; where scripts run, to try as well."""
    described: dict[str, Any] = request.app.openapi()
    return page("api.html", title=described["info"]["title"], chapters=operations_of(described))


@router.get("/api/swagger-ui.css", include_in_schema=False)
def swagger_styles() -> FileResponse:
    """The style sheet of Swagger UI, from this machine."""
    return FileResponse(swagger_ui_path / "swagger-ui.css", media_type="text/css")


@router.get("/api/swagger-ui.js", include_in_schema=False)
def swagger_script() -> FileResponse:
    """The script of Swagger UI, from this machine."""
    return FileResponse(swagger_ui_path / "swagger-ui-bundle.js", media_type="text/javascript")


def operations_of(described: dict[str, Any]) -> list[tuple[str, str, list[Told]]]:
    """The operations of an OpenAPI description by tag: its name, what it is about, and they."""
    about = {tag["name"]: tag.get("description", "") for tag in described.get("tags", ())}
    found: dict[str, list[Told]] = {name: [] for name in about}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation.get("tags", ["Other"])[0], []).append(
                _told(method, path, operation)
            )
    return [(name, about.get(name, ""), told) for name, told in found.items() if told]


def _told(method: str, path: str, operation: dict[str, Any]) -> Told:
    good = (r for status, r in operation["responses"].items() if status.startswith("2"))
    return Told(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", path),
        description=operation.get("description", "").split("\n\n")[0],
        parameters=tuple(
            (p["name"], p.get("description", "")) for p in operation.get("parameters", ())
        ),
        forms=tuple(dict.fromkeys(form for r in good for form in r.get("content", {}))),
    )
