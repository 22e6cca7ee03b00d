"""What grants and contracts have in common: who pays whom for what, how much, until when.

Data on money say what is paid for by a title. That a service of this name runs, they do not say
(DESIGN: funded is not operating). So what is paid for becomes a service that is marked as named by
the grant or contract only, whose standing is not stated, with no need, no group and no type: it can
carry its money and makes nobody covered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph.dates import bounds
from graph.imports.json_text import at
from graph.imports.making import NOT_OURS, Making, day_of
from graph.imports.marks import local_id

_PART = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)
DATE = "a date such as 2026-03-31, 2026-03 or 2026"
_POUNDS = "GBP"
_LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Period:
    """When money is there, as EDTF; `given` keeps the source's form where it was counted out."""

    edtf: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One award: what it is (`grant` or `contract`), its own key, and what its source says of it.

    `fund` and `holder` are the fund's name and the id of who holds it; `providers` the ids of those
    who are paid; `areas` the codes, names and paths of where it is to be spent.
    """

    form: str
    key: tuple[str, ...]
    place: tuple[str, str]
    title: str
    fund_key: tuple[str, ...]
    fund: str
    holder: str
    providers: Sequence[str]
    status: str
    amount: str
    period: Period
    extension: str = ""
    as_of: str = ""
    areas: Sequence[tuple[str, str, str]] = ()
    safe: bool = False


def pay(making: Making, payment: Payment) -> None:
    """Add the rows of one award: its fund, what it pays for, who provides that, and the award."""
    form, place = payment.form, payment.place
    named = f"The {form} names what it pays for; whether it runs as a service is not said."
    service, fund = making.key(f"{form}-for", *payment.key), local_id("fund", *payment.fund_key)
    held = f"agency/{payment.holder}" if payment.holder else ""
    making.row("funds", fund, place, {"name": payment.fund, "held_by": held})
    cells = {
        "name": f"{_cut(payment.title)} (named by the {form})",
        "area": making.areas(payment.areas, place[0], payment.safe),
        "standing": "not stated",
        "as_of": payment.as_of,
    }
    making.row("services", service, place, cells, named)
    for provider in payment.providers:
        provides = {"agency": provider, "role": "provides", "service": service}
        paid = f"It is paid for this by the {form}; that it gives the help itself is concluded."
        making.row("provisions", making.key("paid", provider, *payment.key), place, provides, paid)
    if payment.holder and form == "contract":
        buys = {"agency": payment.holder, "role": "commissions", "service": service}
        making.row("provisions", making.key("buys", *payment.key), place, buys)
    award = {
        "fund": fund,
        "pays_for": f"service/{service}",
        "purpose": payment.title,
        "form": form,
        "status": payment.status,
        "amount": payment.amount,
        "period_as_given": payment.period.given,
        "period": payment.period.edtf,
        "extension_until": payment.extension,
        "as_of": payment.as_of,
    }
    making.row("awards", making.key(form, *payment.key), place, award)


def _cut(title: str) -> str:
    """A title short enough for a name; the whole of it stands as the award's purpose."""
    if len(title) <= _LONGEST_TITLE:
        return title
    return f"{title[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"


def amount_of(making: Making, value: Any, currency: Any, path: str) -> str:
    """An amount in pounds as a cell. Another currency is left: nothing here says its rate."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        making.wrong(path, "a number")
    elif value < 0:
        making.wrong(path, "an amount of 0 or more")
    elif currency != _POUNDS:
        making.leave("amounts in another currency than pounds", "their worth in pounds is not said")
    else:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return ""


def date_of(making: Making, record: Mapping[str, Any], key: str, path: str) -> str:
    """A date of a record as EDTF, as exact as it is given; a time of day is not kept."""
    value = record.get(key)
    if value is None or value == "":
        return ""
    day = day_of(value)
    if day is not None:
        return day.isoformat()
    if isinstance(value, str) and _PART.fullmatch(value.strip()):
        return value.strip()
    making.wrong(at(path, key), DATE)
    return ""


def between(making: Making, start: str, end: str, path: str) -> str:
    """A period as EDTF, open where a side is not said; one that ends before it starts is wrong."""
    if not start and not end:
        return ""
    edtf = f"{start or '..'}/{end or '..'}"
    try:
        bounds(edtf)
    except ValueError:
        making.wrong(path, "a period that ends after it starts")
        return ""
    return edtf


def leave_fields(making: Making, record: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Count the fields of a record that the tables have no place for."""
    for key, what in fields.items():
        value = record.get(key)
        making.leave(what, NOT_OURS, len(value) if isinstance(value, list) else 1 if value else 0)
