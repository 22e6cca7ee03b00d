"""Imports over HTTP: a file is sent, read in a process of its own, and becomes the draft.

Nothing here is live before somebody publishes it (see `api/routes/releases.py`). Feeds are taken as
files only: a server that fetches an address which a visitor names can be made to ask other servers
in its own network (server-side request forgery). The command line fetches feeds.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from api.access import ActorDep, Role, audit, needs
from api.deps import SchemaDep
from api.desk import Desk, DeskDep
from api.errors import ConflictError, NotFoundError, ParameterError
from api.faults import Problem, prefers_page, problem_details
from api.negotiation import HTML, JSON, XLSX, negotiated
from api.openapi import faults
from api.release_pages import names_in
from api.routes.pages import page
from api.uploads import MULTIPART, Upload, closing, read_upload
from graph import drafts, importing
from graph.errors import FingerpostError, InputError
from graph.errors import Problem as TableProblem
from graph.ids import LOCAL
from graph.imports.mapping import write_mapping
from graph.imports.plan.review import write_draft
from graph.sandbox import read_safely
from graph.sources.reading import WORKBOOK
from graph.sources.workbook import write_workbook
from ontology.schema import Schema

router = APIRouter(dependencies=[needs(Role.EDITOR)], tags=["Imports and releases"])

Kind = Literal["workbook", "plan", "openreferral", "grants", "contracts", "rdf"]
KINDS: dict[Kind, tuple[str, str]] = {
    "workbook": (
        "A workbook",
        "The form filled in (.xlsx), or a sheet of your own (.xlsx, .csv) with a mapping. Without "
        "a mapping one is proposed to you.",
    ),
    "plan": (
        "An action plan",
        "A document (.docx, .pdf, .html, .txt, .md). You get a workbook to look through, with what "
        "is unsure in yellow; import that afterwards.",
    ),
    "openreferral": (
        "An Open Referral feed",
        "Saved as a JSON file. An address is not fetched from here.",
    ),
    "grants": ("Grants (360Giving)", "Who pays whom, how much, until when: .json, .csv or .xlsx."),
    "contracts": ("Contracts (OCDS)", "A release or record package: .json."),
    "rdf": ("RDF in our terms", "Turtle, JSON-LD, RDF/XML, N-Quads or TriG."),
}
"""What can be imported: its title, and what is to be sent."""
MOST_TOLD = 500
"""The most problems that are listed in one answer; their number is always told."""
_FILES = ("file", "mapping")
_MARKED = "marked.tmp"
_TOML = "application/toml"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the source that was not kept."""

    what: str
    times: int
    why: str


@dataclass(frozen=True, slots=True)
class DraftMade:
    """The draft that an import has made; nothing of it is live yet."""

    draft: str
    summary: list[str]
    moved_days: list[str]
    conflicts: list[str]
    left_out: list[LeftOut]


@dataclass(frozen=True, slots=True)
class MappingProposed:
    """How the columns of a sheet could become ours: fetch it, correct it, and send both."""

    mapping: str
    advice: str


@dataclass(frozen=True, slots=True)
class UnderwayNow:
    """What is being done now."""

    what: str
    since: str
    told: str


@dataclass(frozen=True, slots=True)
class ImportsState:
    """What can be imported, what is under way, and the draft that there is."""

    kinds: list[str]
    underway: UnderwayNow | None
    draft: str | None
    most_rows: int
    most_bytes: int


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent, saved: who sent it, its files and its fields."""

    kind: Kind
    path: Path
    mapping: Path | None
    slug: str
    who: str


_TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "mapping": {
                            "type": "string",
                            "format": "binary",
                            "description": "For a sheet of your own: how its columns are ours.",
                        },
                        "partnership": {
                            "type": "string",
                            "pattern": LOCAL.pattern,
                            "description": "The partnership that it belongs to. A workbook in our "
                            "form needs none where its file is named by it.",
                        },
                    },
                }
            }
        },
    }
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "No draft: a workbook to look through (a plan), or a proposed mapping.",
        "model": MappingProposed,
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}, HTML: {}},
    },
    201: {"description": "The draft is made.", "model": DraftMade},
    303: {"description": "The draft is made; a browser is shown it."},
    **faults(400, 409, 413, 415, 422),
}


# ---------------------------------------------------------------- what is there


@router.get(
    "/imports",
    response_model=ImportsState,
    responses={200: {"content": {HTML: {}}}},
    summary="What can be imported, and how far an import is",
)
def imports_page(request: Request, desk: DeskDep, schema: SchemaDep) -> Response:
    """The forms to send a file with; as JSON what is under way and what the limits are."""
    underway = desk.underway
    now = (
        UnderwayNow(underway.what, underway.since.isoformat(), underway.told) if underway else None
    )
    draft = drafts.draft_release(desk.home)
    if negotiated(request, (HTML, JSON)) == JSON:
        name = draft.name if draft else None
        return JSONResponse(
            asdict(ImportsState(list(KINDS), now, name, desk.most_rows, desk.most_bytes))
        )
    return page(
        "import.html",
        kinds=KINDS,
        partnerships=_partnerships(desk, schema),
        underway=now,
        draft=draft,
        most_rows=desk.most_rows,
        most_mb=desk.most_bytes // 1024**2,
    )


def _partnerships(desk: Desk, schema: Schema) -> list[tuple[str, str]]:
    """The partnerships that are live, by slug, and what each is called."""
    live = importing.live_graph(desk.home, schema)
    return sorted(names_in(live).items(), key=lambda one: one[1].casefold())


@router.get("/imports/workbook/{slug}", include_in_schema=False, response_class=Response)
def workbook(
    slug: Annotated[str, InPath(pattern=f"^{LOCAL.pattern}$", max_length=100)],
    desk: DeskDep,
    schema: SchemaDep,
) -> Response:
    """All there is of a partnership as a workbook in our form, to be changed and sent back."""
    live = importing.live_graph(desk.home, schema)
    if live is None or slug not in names_in(live):
        raise NotFoundError("There is no such partnership. The page /imports lists all.")
    with desk.scratch() as folder:
        path = folder / f"{slug}{WORKBOOK}"
        write_workbook(live, schema, slug, path)
        headers = {"Content-Disposition": f'attachment; filename="{path.name}"'}
        return Response(path.read_bytes(), media_type=XLSX, headers=headers)


@router.get(
    "/imports/files/{token}",
    response_class=FileResponse,
    responses=faults(404),
    summary="Fetch what an import has put aside for you",
)
def fetch(
    token: Annotated[str, InPath(max_length=64)], desk: DeskDep, actor: ActorDep
) -> FileResponse:
    """A workbook with its problems marked, or a proposed mapping: for an hour, and for you only."""
    held = desk.held(token, _whose(actor.how, actor.name))
    if held is None:
        raise NotFoundError("There is no such file. It waits for an hour: import again.")
    return FileResponse(held.path, media_type=held.media_type, filename=held.name)


def _whose(how: str, name: str) -> str:
    return f"{how}:{name}"


# ---------------------------------------------------------------- importing


@router.post(
    "/imports/{kind}",
    status_code=201,
    response_model=None,
    responses=_ANSWERS,
    openapi_extra=_TAKES,
    summary="Import a file into a draft",
)
async def import_file(
    kind: Kind, request: Request, desk: DeskDep, schema: SchemaDep, actor: ActorDep
) -> Response:
    """Read a file, join it with what is live, validate all of it, and keep it as the draft.

    Nothing becomes live. A plan gives a workbook to look through and no draft; so does a sheet of
    one's own without a mapping: it gets one proposed. A feed is sent as a file; no address is
    fetched.
    """
    desk.refuse_while_acting()
    upload = await read_upload(request, desk.most_bytes, _FILES)
    with closing(upload):
        return await run_in_threadpool(
            _import, kind, upload, request, desk, schema, actor.name, actor.how
        )


def _import(
    kind: Kind,
    upload: Upload,
    request: Request,
    desk: Desk,
    schema: Schema,
    name: str,
    how: str,
) -> Response:
    with desk.acting(f"import {kind}") as tell, desk.scratch() as folder:
        path = upload.save("file", folder)
        if path is None:
            raise ParameterError("file", "choose a file.")
        slug = upload.fields.get("partnership", "")
        if slug and not LOCAL.fullmatch(slug):
            raise ParameterError(
                "partnership", "lower-case letters, digits and hyphens, such as dudley."
            )
        sent = _Sent(kind, path, upload.save("mapping", folder), slug, _whose(how, name))
        # What a partnership is called is told by the form, whatever a browser calls the file.
        audit(request, "import", kind=kind, partnership=slug or None, sha256=_digest(path))
        by = importing.acting(name, desk.now())
        try:
            return _work(sent, by, request, desk, schema, tell)
        except InputError as error:
            return _refusal(error, sent, request, desk)
        except drafts.ChangedError as error:
            raise ConflictError(str(error)) from error
        except importing.UnknownPartnershipError as error:
            raise ParameterError("partnership", error.told) from error


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _work(
    sent: _Sent,
    by: drafts.By,
    request: Request,
    desk: Desk,
    schema: Schema,
    tell: Callable[[str], None],
) -> Response:
    if sent.kind != "workbook" and not sent.slug:
        raise ParameterError("partnership", "name the partnership that it belongs to.")
    if sent.kind == "plan":
        return _plan(sent, desk, schema, tell)
    if sent.kind != "workbook":
        reader = importing.READERS[sent.kind]
        read = read_safely(reader, sent.path, sent.slug, schema, progress=tell)
        made = importing.make_draft(
            read, [sent.path], by, desk.home, schema, most_rows=desk.most_rows, progress=tell
        )
    elif sent.mapping is None and importing.is_form(sent.path, schema):
        # A workbook is read as the partnership that it is named by.
        path = sent.path
        if sent.slug:
            path = path.rename(path.with_name(f"{sent.slug}{WORKBOOK}"))
        made = importing.make_draft(
            importing.read_form(path, schema, tell),
            [path],
            by,
            desk.home,
            schema,
            whole=True,
            most_rows=desk.most_rows,
            progress=tell,
        )
    elif not sent.slug:
        raise ParameterError(
            "partnership",
            "this is not in the form of the template: name the partnership that it belongs to.",
        )
    elif sent.mapping is None:
        return _proposal(sent, request, desk, schema, tell)
    else:
        read, mapping = importing.read_own_sheet(sent.path, sent.mapping, sent.slug, schema, tell)
        made = importing.make_draft(
            read,
            [sent.path, sent.mapping],
            by,
            desk.home,
            schema,
            mapping=mapping,
            most_rows=desk.most_rows,
            progress=tell,
        )
    return _made(made, request)


def _made(made: importing.Drafted, request: Request) -> Response:
    if prefers_page(request):
        return RedirectResponse("/draft", 303)
    told = DraftMade(
        draft=made.release.name,
        summary=list(made.changes.summary),
        moved_days=list(made.changes.moved_days),
        conflicts=list(made.conflicts),
        left_out=[LeftOut(one.what, one.times, one.why) for one in made.left],
    )
    return JSONResponse(asdict(told), 201, {"Location": "/draft"})


def _plan(sent: _Sent, desk: Desk, schema: Schema, tell: Callable[[str], None]) -> Response:
    """The plan as a workbook, at once: there is nothing to publish before it was looked through."""
    draft, known = importing.plan_drafted(sent.path, sent.slug, desk.home, schema, tell)
    out = sent.path.with_name(f"{sent.slug}{WORKBOOK}")
    write_draft(draft, schema, out, known)
    headers = {"Content-Disposition": f'attachment; filename="{out.name}"'}
    return Response(out.read_bytes(), media_type=XLSX, headers=headers)


def _proposal(
    sent: _Sent, request: Request, desk: Desk, schema: Schema, tell: Callable[[str], None]
) -> Response:
    mapping = importing.proposed_mapping(sent.path, sent.slug, desk.home, schema, tell)
    token = desk.hold(
        "mapping.toml", _TOML, sent.who, lambda path: write_mapping(mapping, path, schema)
    )
    told = MappingProposed(
        f"/imports/files/{token}",
        "This sheet is not in the form of the template. Correct the proposed mapping, then send "
        "the sheet again together with it.",
    )
    if prefers_page(request):
        return page("import_told.html", title="A mapping is proposed", proposed=told, problem=None)
    return JSONResponse(asdict(told))


# ---------------------------------------------------------------- problems


def _refusal(error: InputError, sent: _Sent, request: Request, desk: Desk) -> Response:
    """Every problem with its place and what to do, and the workbook with its problems marked.

    No value is repeated, for it may be what must not be told: the place says enough.
    """
    count = len(error.problems)
    counted = "1 problem" if count == 1 else f"{count:,} problems"
    shown = "" if count <= MOST_TOLD else f" The first {MOST_TOLD} are listed."
    problem = Problem(
        422,
        f"{counted} in the file; nothing was changed.{shown}",
        [_told(one) for one in error.problems[:MOST_TOLD]],
    )
    marked = _marked(error.problems, sent, desk)
    answer: Response
    if prefers_page(request):
        answer = page(
            "import_told.html",
            title="The file cannot be used as it is",
            proposed=None,
            problem=problem,
            marked=marked,
        )
        answer.status_code = 422
    else:
        answer = problem_details(problem)
        if marked:
            answer.headers["Link"] = f'<{marked}>; rel="related"; title="marked"'
    answer.headers["Vary"] = "Accept"
    return answer


def _told(problem: TableProblem) -> dict[str, object]:
    file, _, sheet = problem.file.partition(", sheet ")
    return {
        "file": file,
        "sheet": sheet,
        "row": problem.row,
        "column": problem.column,
        "expected": problem.expected,
        "advice": problem.advice,
    }


def _marked(problems: Sequence[TableProblem], sent: _Sent, desk: Desk) -> str | None:
    """The address of the workbook with its problems marked; None where there is none to mark."""
    for path in sorted(sent.path.parent.glob(f"*{WORKBOOK}")):
        # A workbook that cannot be opened cannot be marked either; its problems are told all the
        # same.
        with suppress(FingerpostError):
            copies = importing.marked_copies(problems, [path], lambda p: p.with_name(_MARKED))
            for copy, _ in copies:
                return f"/imports/files/{desk.hold(path.name, XLSX, sent.who, copy.rename)}"
    return None
