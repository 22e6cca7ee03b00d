"""The pages of signing in and out, and what one may do."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access.access import ANSWER, Access, local_path
from api.access.oidc import MINUTES, SignIn
from api.access.roles import Role
from api.access.rules import ACTOR, ActorDep, needs, open_to_all
from api.access.sessions import COOKIE
from api.errors import NotFoundError, RequestError
from api.routes.pages import page

router = APIRouter()
TICKET = "__Host-fingerpost-sign-in"
To = Annotated[str, Query(max_length=2_000, description="The page to go on to.")]


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, as what, and how they came in."""

    name: str
    role: str
    how: str


@router.get(
    "/sign-in", response_class=HTMLResponse, include_in_schema=False, dependencies=[open_to_all]
)
def sign_in_page(request: Request, to: To = "/") -> HTMLResponse:
    """What signing in does, and the way to the identity provider."""
    return page("sign_in.html", to=local_path(to), can_sign_in=_access(request).sign_in is not None)


@router.get(
    "/sign-in/start",
    response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[open_to_all],
)
def start(request: Request, to: To = "/") -> Response:
    """Send a browser to the identity provider, with a ticket that it must bring back."""
    access = _access(request)
    provider = _provider(access)
    access.rates.failures.count(f"begin {access.address(request)}")
    url, ticket = provider.begin(local_path(to), access.address(request))
    answer = RedirectResponse(url, 303)
    # Lax: the way back is a link of another site's; it is read at that one address only.
    answer.set_cookie(
        TICKET, ticket, max_age=MINUTES * 60, secure=True, httponly=True, samesite="lax"
    )
    return answer


@router.get(
    ANSWER, response_class=HTMLResponse, include_in_schema=False, dependencies=[open_to_all]
)
def answered(request: Request) -> Response:
    """Let in whom the identity provider sends back; any session before it ends.

    What follows is a page, and no redirect: a redirect would still count as the other site's, and
    the browser would hold back the new cookie.
    """
    access = _access(request)
    provider = _provider(access)
    try:
        actor, to = provider.finish(
            request.cookies.get(TICKET, ""), dict(request.query_params.items())
        )
    except RequestError as error:
        access.log.refuse(None, "sign in", type(error).__name__)
        access.rates.failures.count(access.address(request))
        raise
    access.log.append(actor, "sign in", {})
    number = access.sessions.begin(actor, before=request.cookies.get(COOKIE))
    answer = page("signed_in.html", to=to)
    answer.set_cookie(COOKIE, number, secure=True, httponly=True, samesite="strict")
    answer.delete_cookie(TICKET, secure=True, httponly=True, samesite="lax")
    return answer


@router.post(
    "/sign-out", response_class=HTMLResponse, include_in_schema=False, dependencies=[open_to_all]
)
def sign_out(request: Request) -> HTMLResponse:
    """End the session."""
    access = _access(request)
    number = request.cookies.get(COOKIE)
    if number:
        access.log.append(request.scope.get(ACTOR), "sign out", {})
        access.sessions.end(number)
    answer = page("signed_out.html")
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
    return answer


@router.get(
    "/account",
    response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[needs(Role.READER)],
)
def account_page(actor: ActorDep) -> HTMLResponse:
    """Who one is here, what one may do, and the way out."""
    return page("account.html", actor=actor, roles=list(Role))


@router.get("/account.json", dependencies=[needs(Role.READER)])
def account(actor: ActorDep) -> Account:
    """Who asks, as what, and how they came in."""
    return Account(actor.name, actor.role.word, actor.how)


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


def _provider(access: Access) -> SignIn:
    if access.sign_in is None:
        raise NotFoundError("Nobody signs in here with a browser: there is no identity provider.")
    return access.sign_in
