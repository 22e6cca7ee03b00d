"""The form on every entry: something is wrong with it, it is unsafe, or it should not be here.

It asks for no contact and takes none. What is sent is put into the letterbox with its day, and with
nothing of who sent it. Where its limit is reached everybody is told so alike: to tell callers apart
would mean to remember them.
"""

from typing import Any, cast

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.access.rates import Windows
from api.asking_once.letterbox import Letterbox
from api.asking_once.reports import WHAT, Report, What, is_kept, written_report
from api.directory.pages import Frame, render
from api.directory.routes import FormDep, Visit, VisitDep, problem
from api.directory.wishes import N_
from api.directory.words import languages, words
from api.errors import RequestError
from api.guard import OURS, site_of
from queries.directory.directory import Entry, Wish

MOST: str = "60/hour"
"""How many reports are taken, of everybody together."""
TEXTS = {
    "unsafe": N_("It could put someone in danger"),
    "take-down": N_("It should not be on this site"),
    "closed": N_("It has closed"),
    "wrong": N_("Something is wrong"),
}
"""What can be said to be wrong, as the form asks for it."""
_WHAT = N_("Choose what is wrong")
_TEXT = N_(
    "Leave out names, phone numbers, email addresses and addresses. We did not keep the text"
)
_FULL = N_("We cannot take this now. Try again later")

_pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Reports:
    """Where reports are put, and how many are taken."""

    def __init__(self, letterbox: Letterbox) -> None:
        """Put reports into a letterbox."""
        self._letterbox = letterbox
        self._limit = Windows(MOST)

    def take(self, report: Report) -> None:
        """Keep a report. Raises RequestError where no more are taken now."""
        self._limit.count("")
        self._letterbox.report(written_report(report))


@_pages.get("/service/{slug}/{mark}/tell-us")
def ask(slug: str, mark: str, visit: VisitDep) -> HTMLResponse:
    """What is wrong?"""
    entry = _entry(visit, slug, mark)
    return problem(visit, 404) if entry is None else _page(visit, entry, "tell_us.html")


@_pages.post("/service/{slug}/{mark}/tell-us")
def take(slug: str, mark: str, request: Request, visit: VisitDep, form: FormDep) -> HTMLResponse:
    """Take what was said, or ask again; nothing that is refused is repeated."""
    entry = _entry(visit, slug, mark)
    if entry is None or (site_of(request.scope) or "none") not in OURS:
        return problem(visit, 404)
    what = next(iter(form.get("what", ())), "")
    text = " ".join(next(iter(form.get("text", ())), "").split())
    faults = {}
    if what not in WHAT:
        faults["what"] = _WHAT
    if not is_kept(text):
        faults["text"] = _TEXT
    if not faults:
        report = Report(entry.id, entry.name, cast(What, what), text, visit.today)
        try:
            request.app.state.reports.take(report)
        except RequestError as error:
            return _page(visit, entry, "tell_us.html", {"what": _FULL}, error.status, what)
        return _page(visit, entry, "told_us.html")
    return _page(visit, entry, "tell_us.html", faults, 422, what if what in WHAT else "")


def _entry(visit: Visit, slug: str, mark: str) -> Entry | None:
    identifier = visit.marks.get(f"{slug}/{mark}")
    is_shown = slug in {place.slug for place in visit.places}
    if identifier is None or not is_shown or visit.directory is None:
        return None
    return visit.directory.entry(identifier, None, visit.today)


def _page(
    visit: Visit,
    entry: Entry,
    template: str,
    faults: dict[str, str] | None = None,
    status: int = 200,
    chosen: str = "",
) -> HTMLResponse:
    concerned = tuple(place for place in visit.places if place.slug == entry.slug)
    wish = Wish(partnerships=(entry.slug,))
    lines = visit.directory.helplines(wish) if visit.directory else ()
    told = {name: visit.words.text(text) for name, text in (faults or {}).items()}
    context: dict[str, Any] = {
        "entry": entry,
        "faults": told,
        "fault_list": [{"text": text, "href": f"#{name}"} for name, text in told.items()],
        "kinds": [
            {"value": key, "text": visit.words.text(text), "checked": key == chosen}
            for key, text in TEXTS.items()
        ],
    }
    return render(template, Frame(visit.words, visit.here, concerned, lines), status, **context)


def _routes() -> APIRouter:
    """The form in every language that has a catalogue."""
    whole = APIRouter()
    for code in languages():
        whole.include_router(_pages, prefix=words(code).prefix)
    return whole


router = _routes()
