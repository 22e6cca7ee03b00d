"""A provider's answer: read from a form, checked, and kept as a small file.

Every question may be left out. Texts are refused where they hold a contact or marks that nobody
sees; what is refused is never repeated. Posts are named, never people.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from babel import Locale
from pydantic import TypeAdapter, ValidationError

from api.asking_once.packets import ROOM, UNITS, AskedContact, AskedService, Packet
from graph.confidential import contact_in, hidden_in, is_persons_mailbox
from graph.exports.openreferral import language_name

Form = Mapping[str, Sequence[str]]
Opening = Literal["", "yes", "no", "closing"]
Paid = Literal["", "right", "until", "ended"]
Still = Literal["", "right", "changed", "gone"]

REASONS: Final = (
    "no place was free",
    "another kind of help was needed",
    "from outside the area",
    "needs could not be met",
    "not known",
)
"""Why referrals are refused, as the form offers it."""
LONGEST_TEXT, LONGEST_LINE, MOST_COUNT = 2_000, 160, 99_999
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame)\b\.?\s", re.IGNORECASE)
_HOURS = re.compile(
    r"24/7|(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))?(,(Mo|Tu|We|Th|Fr|Sa|Su)"
    r"(-(Mo|Tu|We|Th|Fr|Sa|Su))?)* ([01][0-9]|2[0-3]):[0-5][0-9]-"
    r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
)
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,17}[0-9]")
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PAGE = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[^\s@]*)?")
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    **dict.fromkeys(
        ("telephone", "textphone", "text message"), (_NUMBER, "a number: digits and blanks")
    ),
    "e-mail": (_MAILBOX, "the mailbox of a team, such as help@service.example"),
    **dict.fromkeys(
        ("web page", "web chat", "video relay"), (_PAGE, "an address that begins with https://")
    ),
}
"""By kind of contact: its form (as in ontology/shapes.ttl), and what a person is told of it."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGNED: Final = ("bfi", "isg")


@dataclass(frozen=True, slots=True)
class MoneyAnswer:
    """Whether money is as recorded, is there until another day, or has ended."""

    state: Paid = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Whether a contact (or a place, which is never changed here) is right."""

    state: Still = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What is said of one service; empty where nothing is said."""

    opening: Opening = ""
    closing: datetime.date | None = None
    availability: tuple[str, ...] = ()
    wait: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    unit: str = ""
    places: int | None = None
    free: int | None = None
    refused: int | None = None
    reasons: tuple[str, ...] = ()
    money: tuple[MoneyAnswer, ...] = ()
    other_money_until: datetime.date | None = None
    contacts: tuple[ContactAnswer, ...] = ()
    venues: tuple[ContactAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered on a day; `post` is who answered, `comment` for staff alone."""

    on: datetime.date
    post: str
    comment: str
    services: tuple[ServiceAnswer, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was read: the answer, and by field what is wrong with it."""

    answer: Answer
    faults: Mapping[str, str]


_ANSWER = TypeAdapter(Answer)


def written_answer(answer: Answer) -> bytes:
    """An answer as JSON."""
    return _ANSWER.dump_json(answer)


def read_answer(content: bytes) -> Answer | None:
    """An answer from JSON; None where it is none."""
    try:
        return _ANSWER.validate_json(content)
    except ValidationError:
        return None


# ---------------------------------------------------------------- the form


def prefilled(packet: Packet) -> dict[str, list[str]]:
    """The fields of the form as they are before anybody changed them."""
    form: dict[str, list[str]] = {}
    for number, service in enumerate(packet.services):
        own = {
            "availability": [word for word in service.availability if word in ROOM],
            "wait": [service.wait],
            "hours": [service.hours],
            "languages": [", ".join(service.languages)],
            "unit": [service.unit],
            "places": [service.places],
        }
        form |= {f"s{number}-{name}": values for name, values in own.items() if any(values)}
    return form


def read_sent(packet: Packet, form: Form, today: datetime.date) -> Sent:
    """The answer in a form, and what is wrong with it, field by field."""
    fields = _Fields(form)
    post = fields.line("post")
    if post not in packet.posts:
        post = fields.post("post-other")
    services = tuple(
        _service(fields, f"s{number}-", service) for number, service in enumerate(packet.services)
    )
    comment = fields.text("comment", LONGEST_TEXT)
    return Sent(Answer(today, post, comment, services), fields.faults)


def unchanged(packet: Packet) -> tuple[ServiceAnswer, ...]:
    """What the form says where nobody changed anything: to tell what was changed."""
    return read_sent(packet, prefilled(packet), datetime.date.min).answer.services


def _service(fields: "_Fields", at: str, service: AskedService) -> ServiceAnswer:
    opening = fields.choice(f"{at}open", ("yes", "no", "closing"))
    closing = fields.day(f"{at}closing")
    if opening == "closing" and closing is None:
        fields.wrong(f"{at}closing", "Say on which day it closes.")
    if closing is not None and opening not in ("no", "closing"):
        fields.wrong(f"{at}open", "Say whether it has closed or is going to.")
    places, free = fields.count(f"{at}places"), fields.count(f"{at}free")
    unit = fields.choice(f"{at}unit", UNITS)
    if (places is not None or free is not None) and not unit:
        fields.wrong(f"{at}unit", "Choose what the places are counted in.")
    if places is not None and free is not None and free > places:
        fields.wrong(f"{at}free", "No more can be free than there are.")
    contacts = tuple(
        _contact(fields, f"{at}c{number}", contact)
        for number, contact in enumerate(service.contacts)
    )
    return ServiceAnswer(
        opening=opening,  # type: ignore[arg-type]
        closing=closing,
        availability=tuple(w for w in ROOM if w in fields.all(f"{at}availability")),
        wait=fields.text(f"{at}wait", LONGEST_LINE),
        hours=fields.hours(f"{at}hours"),
        languages=fields.languages(f"{at}languages"),
        unit=unit,
        places=places,
        free=free,
        refused=fields.count(f"{at}refused"),
        reasons=tuple(r for r in REASONS if r in fields.all(f"{at}reasons")),
        money=tuple(_money(fields, f"{at}m{number}") for number in range(len(service.money))),
        other_money_until=(
            fields.day(f"{at}money") if service.asks_money and not service.money else None
        ),
        contacts=contacts,
        venues=tuple(
            ContactAnswer(fields.choice(f"{at}v{number}", ("right", "gone")))  # type: ignore[arg-type]
            for number in range(len(service.venues))
        ),
    )


def _money(fields: "_Fields", at: str) -> MoneyAnswer:
    state = fields.choice(at, ("right", "until", "ended"))
    if not state and fields.line(f"{at}-until"):
        state = "until"
    until = fields.day(f"{at}-until") if state == "until" else None
    if state == "until" and until is None and f"{at}-until" not in fields.faults:
        fields.wrong(f"{at}-until", "Say until which day the money is secured.")
    return MoneyAnswer(state, until)  # type: ignore[arg-type]


def _contact(fields: "_Fields", at: str, contact: AskedContact) -> ContactAnswer:
    state, value = fields.choice(at, ("right", "changed", "gone")), fields.line(f"{at}-value")
    if state in ("right", "gone") or not (state or value):
        return ContactAnswer(state)  # type: ignore[arg-type]
    form, expected = _FORMS.get(contact.kind, (_PAGE, "an address that begins with https://"))
    if not form.fullmatch(value) or is_persons_mailbox(value):
        fields.wrong(f"{at}-value", f"Write {expected}.")
        return ContactAnswer()
    return ContactAnswer("changed", value)


class _Fields:
    """The fields of a form, read one by one; what is wrong with them is noted."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.faults: dict[str, str] = {}

    def wrong(self, name: str, what: str) -> None:
        self.faults.setdefault(name, what)

    def all(self, name: str) -> Sequence[str]:
        return self._form.get(name, ())

    def line(self, name: str) -> str:
        return " ".join(next(iter(self.all(name)), "").split())

    def text(self, name: str, longest: int) -> str:
        text = self.line(name)
        if len(text) > longest:
            self.wrong(name, f"Write at most {longest} characters.")
        elif hidden_in(text):
            self.wrong(name, "Write it without signs that cannot be seen.")
        elif contact_in(text):
            self.wrong(name, "Write it without a phone number, email address or address.")
        else:
            return text
        return ""

    def post(self, name: str) -> str:
        text = self.text(name, LONGEST_LINE)
        if _TITLE.search(f"{text} "):
            self.wrong(name, "Write the post and not the name of a person.")
            return ""
        return text

    def choice(self, name: str, words: Sequence[str]) -> str:
        return self.line(name) if self.line(name) in words else ""

    def count(self, name: str) -> int | None:
        text = self.line(name)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_COUNT)):
            return int(text)
        self.wrong(name, "Write a whole number.")
        return None

    def day(self, name: str) -> datetime.date | None:
        text = self.line(name)
        if not text:
            return None
        try:
            return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            self.wrong(name, "Write a real day, such as 2027-03-31.")
            return None

    def _listed(self, name: str, read: Callable[[str], str], expected: str) -> list[str]:
        found = [read(part.strip()) for part in re.split(r"[;\n]", self.line(name)) if part.strip()]
        if not all(found):
            self.wrong(name, expected)
            return []
        return found

    def hours(self, name: str) -> str:
        expected = "Write days and times, such as Mo-Fr 09:00-17:00; Sa 10:00-12:00, or 24/7."
        given = self._listed(name, lambda p: p if _HOURS.fullmatch(p) else "", expected)
        return "; ".join(given)

    def languages(self, name: str) -> tuple[str, ...]:
        given = self.line(name).replace(";", ",").split(",")
        found = [_language(part.strip()) for part in given if part.strip()]
        if not all(found):
            self.wrong(name, "Write languages in English, such as Urdu, British Sign Language.")
            return ()
        return tuple(dict.fromkeys(found))


def _language(text: str) -> str:
    """The code of a language by its English name or code; empty where none is known."""
    plain = text.casefold()
    if plain in _languages().values():
        return plain
    return _languages().get(plain, "")


@cache
def _languages() -> Mapping[str, str]:
    known = sorted((str(code) for code in Locale("en").languages), reverse=True)
    codes = [code for code in known if re.fullmatch(r"[a-z]{2,3}", code)]
    return {language_name(code).casefold(): code for code in (*codes, *_SIGNED)}
