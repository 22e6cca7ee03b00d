"""Rendering of the directory's pages: one frame, the design system's macros, and plain helpers.

Text is always escaped by the templates. What is marked as safe here is put together from escaped
parts only.
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from api.directory.wishes import N_, Asked
from api.directory.words import Words, languages, words
from queries.directory.directory import (
    Choices,
    ContactPoint,
    Entry,
    GroupLine,
    HelplineEntry,
    Named,
    Place,
)

EXIT_TO = "https://www.bbc.co.uk/weather"
"""Where "Exit this page" leads: the neutral page that the design system proposes."""
_LONG = 220
_MACROS = "govuk_frontend_jinja"
_KINDS = {
    "telephone": N_("Phone"),
    "textphone": N_("Textphone"),
    "text message": N_("Text message"),
    "e-mail": N_("Email"),
    "web page": N_("Website"),
    "web chat": N_("Chat online"),
    "video relay": N_("Sign language call"),
}
_SCHEMES = {"telephone": "tel:", "textphone": "tel:", "text message": "sms:", "e-mail": "mailto:"}
_DAYS = {
    "Mo": N_("Monday"),
    "Tu": N_("Tuesday"),
    "We": N_("Wednesday"),
    "Th": N_("Thursday"),
    "Fr": N_("Friday"),
    "Sa": N_("Saturday"),
    "Su": N_("Sunday"),
}
_ASK_FIRST = N_("ask first")
_STRENGTHS = {
    "led by and for": N_("run by and for them"),
    "specialist": N_("made for them"),
    "adapted": N_("changed to suit them"),
    "under-served": N_("not well served"),
    "excluded": N_("cannot use it"),
    "can be served": _ASK_FIRST,
}
_ASK = re.compile(r"(: ask|\. Ask( [^.]+)?)\.$")
"""The end of a reason that tells to ask."""
_ASKING = {
    "self": N_("I need help myself"),
    "other": N_("I support someone else"),
    "behaviour": N_("I hurt or frighten someone, and I want to stop"),
}
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has around it: its language and path, whom it speaks of, the lines."""

    words: Words
    here: str
    concerned: tuple[Place, ...]
    helplines: tuple[HelplineEntry, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be said above a page: that records are historical, or that they are invented."""

    kind: str
    names: str
    ends: tuple[tuple[str, int | None], ...] = ()
    """Of historical records: places, and the year in which their records end, if it is known."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One part of a search, and how it is taken away; `remove` is empty where it cannot be."""

    label: str
    remove: str


_env = Environment(
    loader=ChoiceLoader(
        [
            PrefixLoader({_MACROS: PackageLoader(_MACROS)}),
            FileSystemLoader(Path(__file__).parent.parent / "templates"),
        ]
    ),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _filter(function: _F) -> _F:
    _env.filters[function.__name__] = function
    return function


def render(template: str, frame: Frame, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the directory as an answer."""
    return HTMLResponse(page(template, frame, **context), status)


def page(template: str, frame: Frame, **context: Any) -> str:
    """A page of the directory. What `context` gives stands before what every page has."""
    spoken = frame.words
    asked = context.get("asked")
    here = "/find" if frame.here.startswith("/service/") else frame.here
    built = {
        "words": spoken,
        "t": spoken.shown,
        "url": lambda path: f"{spoken.prefix}/{path}",
        "asset": lambda name: f"/static/{name}",
        "data_url": "/data",
        "others": [words(code) for code in languages() if code != spoken.code],
        "in_language": lambda other: f"{other.prefix}{here}",
        **_leaving(spoken),
        "notices": notices(frame.concerned),
        "told_day": told_day(
            spoken, frame.concerned, asked.day if isinstance(asked, Asked) else None
        ),
        "helplines": frame.helplines,
        "service_url": lambda entry: service_url(spoken, entry),
        "faults": {},
    }
    if isinstance(asked, Asked):
        built |= _questions(spoken, asked, context)
    return _env.get_template(f"directory/{template}").render({**built, **context})


def plain_page(template: str, **context: Any) -> str:
    """A template of the directory without the frame of its pages."""
    return _env.get_template(f"directory/{template}").render(context)


def exit_button(spoken: Words) -> Markup:
    """The button to leave at once, for public pages that have another frame."""
    return Markup(_env.get_template("directory/_exit.html").render(_leaving(spoken)))  # noqa: S704 - a template's


def _leaving(spoken: Words) -> dict[str, Any]:
    """What the template of "Exit this page" speaks with."""
    return {
        "_": spoken.text,
        "exit_to": EXIT_TO,
        "exit_label": Markup('<span class="govuk-visually-hidden">{}</span> {}').format(
            spoken.text("Emergency"), spoken.text("Exit this page")
        ),
    }


def notices(concerned: Iterable[Place]) -> list[Notice]:
    """What must be said of the places that a page speaks of."""
    places = list(concerned)
    told = [
        Notice("historical", ", ".join(p.name for p in places if p.historical), _ends(places)),
        Notice("invented", ", ".join(p.name for p in places if p.fictional)),
    ]
    return [notice for notice in told if notice.names]


def told_day(spoken: Words, concerned: Iterable[Place], asked: datetime.date | None) -> str:
    """The day whose records a page shows: the one asked for, or the newest of historical places.

    Empty where nothing is historical. Places with different days are named beside theirs.
    """
    days: dict[datetime.date, list[str]] = {}
    for place in concerned:
        day = asked or place.newest
        if place.historical and day:
            days.setdefault(day, []).append(place.name)
    if len(days) == 1:
        return spoken.day(next(iter(days)))
    told = (f"{spoken.day(day)} ({', '.join(names)})" for day, names in sorted(days.items()))
    return "; ".join(told)


def _ends(places: Iterable[Place]) -> tuple[tuple[str, int | None], ...]:
    """The historical places by the year in which their records end."""
    found: dict[int | None, list[str]] = {}
    for place in places:
        if place.historical:
            found.setdefault(place.newest.year if place.newest else None, []).append(place.name)
    return tuple((", ".join(names), year) for year, names in found.items())


def service_url(spoken: Words, entry: Entry) -> str:
    """The address of a service's page; it says nothing of what the service is."""
    return f"{spoken.prefix}/service/{entry.slug}/{mark_of(entry.id)}"


def mark_of(identifier: str) -> str:
    """What stands for a service in an address: always the same, and it says nothing."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:12]


def _questions(spoken: Words, asked: Asked, context: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates of the questions call."""
    choices: Choices | None = context["choices"]
    counts: Mapping[str, Mapping[str, int]] = context["counts"]
    wish = asked.wish
    one = {
        "languages": wish.language,
        "risks": wish.risk,
        "areas": next(iter(wish.areas), ""),
    }

    def options(name: str) -> list[dict[str, Any]]:
        items = []
        offered: Sequence[Named] = getattr(choices, name) if choices else ()
        for choice in sorted(offered, key=lambda c: spoken.rank(c.name)):
            number = counts.get(name, {}).get(choice.id)
            label = spoken.term(choice.name)
            text = f"{label} ({number})" if number is not None else label
            items.append({"value": choice.id, "text": text})
        return items

    def fault(name: str) -> dict[str, str] | None:
        text = asked.faults.get(name)
        return {"text": spoken.text(text)} if text else None

    first = {"value": "", "text": spoken.text("Choose")}
    return {
        "options": options,
        "fault": fault,
        "chosen": one.get,
        "fault_list": [
            {"text": spoken.text(text), "href": f"#{'day-day' if name == 'day' else name}"}
            for name, text in asked.faults.items()
        ],
        "place_items": [first, *({"value": p.slug, "text": p.name} for p in context["places"])],
        "day_items": _day_items(spoken, asked),
        "filters": _filters(spoken, asked, choices, context["places"]),
    }


def _day_items(spoken: Words, asked: Asked) -> list[dict[str, str]]:
    names = (("day", N_("Day"), 2), ("month", N_("Month"), 2), ("year", N_("Year"), 4))
    wrong = " govuk-input--error" if "day" in asked.faults else ""
    return [
        {
            "name": name,
            "label": spoken.text(label),
            "value": value,
            "classes": f"govuk-input--width-{width}{wrong}",
        }
        for (name, label, width), value in zip(names, asked.day_parts, strict=True)
    ]


def _filters(
    spoken: Words, asked: Asked, choices: Choices | None, places: Sequence[Place]
) -> list[Filter]:
    """The parts of a search in words. Where help is looked for can be changed, not taken away."""
    wish = asked.wish
    found = [Filter(p.name, "") for p in places if p.slug == asked.place]
    if wish.postcode_district:
        # With no area chosen, the district alone says where.
        remove = f"district={wish.postcode_district}" if asked.place else ""
        found.append(Filter(wish.postcode_district, remove))
    given = {
        "needs": wish.needs,
        "groups": wish.groups,
        "areas": wish.areas,
        "languages": (wish.language,),
        "risks": (wish.risk,),
    }
    for name, values in given.items():
        names = {c.id: c.name for c in getattr(choices, name)} if choices else {}
        found += [Filter(spoken.term(names[v]), f"{name}={v}") for v in values if v in names]
    if wish.asking in _ASKING:
        found.append(Filter(spoken.text(_ASKING[wish.asking]), f"asking={wish.asking}"))
    if wish.words:
        found.append(Filter(f"“{wish.words}”", f"words={wish.words}"))
    if asked.day:
        found.append(Filter(spoken.day(asked.day), "day="))
    return found


def _spoken(context: Context) -> Words:
    found: Words = context["words"]
    return found


@_filter
def dial(number: str) -> str:
    """A telephone number as a link wants it."""
    return re.sub(r"[^0-9+]", "", number)


@_filter
def shortened(text: str) -> str:
    """The beginning of a long text, to the end of a word."""
    if len(text) <= _LONG:
        return text
    return text[:_LONG].rsplit(" ", 1)[0].rstrip(",;:") + " …"


@_filter
def capital(text: str) -> str:
    """A text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]


@_filter
def listed(values: Iterable[str] | str) -> str:
    """Several texts as one."""
    return values if isinstance(values, str) else "; ".join(values)


@_filter
@pass_context
def term(context: Context, name: str) -> str:
    """The plain word for a term of the records."""
    return _spoken(context).term(name)


@_filter
def kind_name(kind: str) -> str:
    """What a kind of contact is called on a page."""
    return _KINDS.get(kind, kind)


@_filter
@pass_context
def hours(context: Context, given: Sequence[str]) -> str:
    """Opening hours as people say them: schema.org's `Mo-Fr 09:00-17:00` without its code."""
    return opening(_spoken(context), given)


def opening(spoken: Words, given: Iterable[str]) -> str:
    """Opening hours in a language's words."""
    return "; ".join(_opening(spoken, one) for one in given)


def _opening(spoken: Words, given: str) -> str:
    if given == "24/7":
        return spoken.text("Day and night, every day")
    until = f" {spoken.text('to')} "
    days, _, times = given.partition(" ")
    named = re.sub(
        "[A-Z][a-z]", lambda m: spoken.text(_DAYS.get(m[0], m[0])), days.replace(",", ", ")
    ).replace("-", until)
    return f"{named}, {times.replace('-', until)}" if times else named


@_filter
@pass_context
def line_facts(context: Context, line: HelplineEntry) -> str:
    """What else is known of a national line: cost, hours, when it was checked."""
    return about_line(_spoken(context), line)


def about_line(spoken: Words, line: HelplineEntry) -> str:
    """Cost, hours and last check of a national line in a language's words."""
    told = [spoken.text(line.fees) if line.fees else "", opening(spoken, line.hours)]
    if line.checked:
        told.append(spoken.text("Checked %(day)s", day=spoken.day(line.checked)))
    else:
        told.append(spoken.text("We do not know when this was last checked"))
    return ". ".join(one for one in told if one)


def not_asking(reasons: Iterable[str]) -> tuple[str, ...]:
    """Reasons without their advice to ask, for services of old records."""
    return tuple(_ASK.sub(".", reason) for reason in reasons)


@_filter
@pass_context
def group_lines(
    context: Context, groups: Iterable[GroupLine], is_historical: bool = False
) -> Markup:
    """Whom a service is for, each with how closely it is made for them and its condition."""
    texts = group_texts(_spoken(context), groups, is_historical)
    lines = [Markup("<li>{}</li>").format(text) for text in texts]
    if not lines:
        return Markup()
    return Markup('<ul class="govuk-list">{}</ul>').format(Markup().join(lines))


def group_texts(
    spoken: Words, groups: Iterable[GroupLine], is_historical: bool = False
) -> list[str]:
    """Whom a service is for, a text for each group."""
    texts = []
    for group in groups:
        strength = _STRENGTHS.get(group.strength, "")
        if is_historical and strength == _ASK_FIRST:
            strength = ""
        told = [spoken.text(strength) if strength else "", group.condition]
        beside = "; ".join(one for one in told if one)
        texts.append(spoken.term(group.name) + (f" ({beside})" if beside else ""))
    return texts


@_filter
def contact_link(contact: ContactPoint) -> Markup:
    """A contact as a link: to ring, to write or to read. Only known kinds become links."""
    scheme = _SCHEMES.get(contact.kind, "")
    if scheme in ("tel:", "sms:"):
        target = scheme + dial(contact.value)
    elif scheme:
        target = scheme + contact.value
    elif contact.value.startswith("https://"):
        target = contact.value
    else:
        return Markup("{}").format(contact.value)
    return Markup('<a class="govuk-link" href="{}" rel="nofollow noreferrer">{}</a>').format(
        target, contact.value
    )
