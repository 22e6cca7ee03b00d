"""The form in which a provider answers what it is asked, at an address that nobody can guess.

The token in the address is all the authority there is: nobody signs in, no cookie is set, and a
page elsewhere that could send the form would have to know it. To look at the form does not use the
token up, since programs that check mails open links; an answer does. A token that was never given,
one that is used and one that has expired get the very same page.

It stands in the public application since reports about entries must be taken there anyway (see
`api/directory/reports.py`): one door that writes, into one folder, and not two.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from api.access.rates import Windows
from api.asking_once.answers import REASONS, prefilled, read_sent, written_answer
from api.asking_once.forms import read_form
from api.asking_once.letterbox import Letterbox, digest_of
from api.asking_once.packets import ROOM, UNITS, Packet
from api.asking_once.revision import quarter_before
from api.open.pages import open_page

PER_TOKEN, UNKNOWN = "60/hour", "300/hour"
"""How often one link is opened, and how often all unknown ones together."""
MOST_BYTES, MOST_FIELDS = 200_000, 3_000
"""The largest form."""

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Token = Annotated[str, InPath(max_length=200)]


class Doorkeeper:
    """The letterbox, and how often it is asked."""

    def __init__(self, letterbox: Letterbox) -> None:
        """Keep the door of a letterbox."""
        self.letterbox = letterbox
        self._known, self._unknown = Windows(PER_TOKEN), Windows(UNKNOWN)

    def found(self, token: str, request: Request) -> tuple[str, Packet] | None:
        """What the holder of a token is asked. Raises TooManyError."""
        asked = self.letterbox.asked(token, request.app.state.today())
        if asked is None:
            self._unknown.count("")
        else:
            self._known.count(digest_of(token))
        return asked


@router.get("/check/{token}")
def form_page(token: Token, request: Request) -> HTMLResponse:
    """The form, filled in with what is on record."""
    asked = _keeper(request).found(token, request)
    return _gone() if asked is None else _form(asked[1], prefilled(asked[1]), {}, request)


@router.post("/check/{token}")
async def answer(token: Token, request: Request) -> HTMLResponse:
    """Take the answer, or show what is wrong with it; nothing that is refused is repeated."""
    fields = await read_form(request, MOST_BYTES, MOST_FIELDS)
    return await run_in_threadpool(_answered, token, fields, request)


def _answered(token: str, fields: Mapping[str, Sequence[str]], request: Request) -> HTMLResponse:
    keeper = _keeper(request)
    asked = keeper.found(token, request)
    if asked is None:
        return _gone()
    digest, packet = asked
    sent = read_sent(packet, fields, request.app.state.today())
    if sent.faults:
        kept = {name: values for name, values in fields.items() if name not in sent.faults}
        return _form(packet, kept, sent.faults, request)
    if not keeper.letterbox.answer(digest, written_answer(sent.answer)):
        return _gone()
    return open_page("open/check_done.html", (), provider=packet.provider)


def _form(
    packet: Packet,
    fields: Mapping[str, Sequence[str]],
    faults: Mapping[str, str],
    request: Request,
) -> HTMLResponse:
    shown = open_page(
        "open/check.html",
        (),
        packet=packet,
        fields=fields,
        faults=faults,
        room=ROOM,
        units=UNITS,
        reasons=REASONS,
        quarter=quarter_before(request.app.state.today())[1],
    )
    shown.status_code = 422 if faults else 200
    return shown


def _gone() -> HTMLResponse:
    shown = open_page("open/check_gone.html", ())
    shown.status_code = 404
    return shown


def _keeper(request: Request) -> Doorkeeper:
    keeper: Doorkeeper = request.app.state.doorkeeper
    return keeper
