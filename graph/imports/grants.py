"""360Giving 1.4 as rows of our tables: JSON, and spreadsheets by its titles or names of columns.

A grant gives a fund (its programme, or the funder's grants), an award and the recipient. Grants to
individuals are dropped and counted: who they are is nobody's business here.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph.dates import add_months
from graph.imports.feed import Progress
from graph.imports.grants_sheet import SHEETS, Cells, read_sheets
from graph.imports.imported import Imported
from graph.imports.json_text import at, read_json
from graph.imports.making import NO_CONTACTS, Making, day_of, place_of, source_of
from graph.imports.marks import org_id
from graph.imports.paying import Payment, Period, amount_of, between, date_of, leave_fields, pay
from graph.safety import is_safe
from ontology.schema import Schema

_REQUIRED = {
    "id": "text",
    "title": "text",
    "description": "text",
    "currency": "text",
    "amountAwarded": "number",
    "awardDate": "text",
    "fundingOrganization": "list",
}
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "number": (int, Decimal),
    "list": list,
}
_INDIVIDUALS = "grants to individuals"
_PERSON = re.compile(r"\bindividual\b|\bperson\b", re.IGNORECASE)
_UNDATED = "No grant in it has a date."
_LONGEST = 50 * 12
"""The most months that a grant is believed to run."""
_ADDRESSES = (
    "streetAddress",
    "addressLocality",
    "addressRegion",
    "postalCode",
    "telephone",
    "email",
    "contactName",
    "location",
)
_LEFT = {
    "description": "descriptions of grants",
    "amountAppliedFor": "amounts applied for",
    "amountDisbursed": "amounts paid out",
    "url": "addresses of the web",
    "actualDates": "actual dates beside planned ones",
    "classifications": "classifications",
    "relatedDocument": "documents",
    "commitmentTransaction": "transactions",
    "disbursementTransaction": "transactions",
    "applicationTransaction": "transactions",
    "relatedActivity": "related activities",
    "regrantType": "kinds of regranting",
    "dataSource": "addresses of the web",
}


def read(
    path: Path | str, slug: str, schema: Schema, progress: Progress = lambda _: None
) -> Imported:
    """The rows of a file of grants: JSON, .csv or .xlsx."""
    path = Path(path)
    source, shown = source_of("360giving", path)
    making = Making(slug, shown, source)
    cells = Cells()
    if path.suffix.lower() in SHEETS:
        document, cells, problems = read_sheets(path, shown)
    else:
        document, problems = read_json(path, shown)
    making.problems += problems
    if not problems:
        _read(making, document, progress)
    making.problems = [cells.place(problem) for problem in making.problems]
    publisher = document.get("publisher") if isinstance(document, dict) else None
    name = publisher.get("name") if isinstance(publisher, dict) else None
    about = {
        "title": f"360Giving data: {shown}",
        "kind": "register",
        "publisher": making.text(name, "publisher.name", "names of publishers"),
        "document": shown,
    }
    return making.done(schema, about, _UNDATED)


def _read(making: Making, document: Any, progress: Progress) -> None:
    grants = document.get("grants") if isinstance(document, dict) else None
    if not isinstance(grants, list) or not grants:
        making.wrong("grants", "a list of grants, not empty", "Check that it is 360Giving data.")
        return
    seen: dict[str, str] = {}
    for number, grant in enumerate(grants):
        path = f"grants[{number}]"
        if not isinstance(grant, dict):
            making.wrong(path, "an object")
        elif _is_to_a_person(grant):
            making.leave(_INDIVIDUALS, "a grant to a person is that person's affair")
        elif _is_whole(making, grant, path):
            first = seen.setdefault(str(grant["id"]), path)
            if first != path:
                making.wrong(at(path, "id"), f"an id of its own; {first} has it")
            else:
                _grant(making, grant, path)
        if number % 1_000 == 999:
            progress(f"grant {number + 1} of {len(grants)}")


def _is_to_a_person(grant: Mapping[str, Any]) -> bool:
    if "recipientIndividual" in grant or "toIndividualsDetails" in grant:
        return True
    recipients = grant.get("recipientOrganization")
    kinds = [
        r.get("organisationType")
        for r in (recipients if isinstance(recipients, list) else ())
        if isinstance(r, dict)
    ]
    return any(isinstance(kind, str) and _PERSON.search(kind) for kind in kinds)


def _is_whole(making: Making, grant: Mapping[str, Any], path: str) -> bool:
    before = len(making.problems)
    for key, kind in _REQUIRED.items():
        _need(making, grant, key, kind, path)
    _need(making, grant, "recipientOrganization", "list", path)
    for key in ("fundingOrganization", "recipientOrganization"):
        for number, one in enumerate(_list(grant.get(key))):
            where = f"{at(path, key)}[{number}]"
            if isinstance(one, dict):
                _need(making, one, "id", "text", where)
                _need(making, one, "name", "text", where)
            else:
                making.wrong(where, "an object")
    for key in ("plannedDates", "actualDates", "beneficiaryLocation", "grantProgramme"):
        for number, one in enumerate(_list(grant.get(key))):
            if not isinstance(one, dict):
                making.wrong(f"{at(path, key)}[{number}]", "an object")
        if grant.get(key) not in (None, "") and not isinstance(grant[key], list):
            making.wrong(at(path, key), "a list")
    return len(making.problems) == before


def _need(making: Making, record: Mapping[str, Any], key: str, kind: str, path: str) -> None:
    value = record.get(key)
    if value is None or value in ("", []):
        making.wrong(at(path, key), "a value")
    elif isinstance(value, bool) or not isinstance(value, _KINDS[kind]):
        making.wrong(at(path, key), f"a {kind}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# ---------------------------------------------------------------- one grant


def _grant(making: Making, grant: Mapping[str, Any], path: str) -> None:
    place = place_of("grants", grant["id"]), path
    funders = list(_organizations(making, grant, "fundingOrganization", path, place))
    recipients = list(_organizations(making, grant, "recipientOrganization", path, place))
    safe = is_safe(grant["title"])
    if safe:
        where = at(path, "beneficiaryLocation")
        making.hides(
            [(grant.get("beneficiaryLocation"), where), (grant["title"], at(path, "title"))]
        )
    fund_key, fund = _fund(making, grant, path, funders[0])
    awarded = date_of(making, grant, "awardDate", path)
    making.dated(day_of(awarded))
    payment = Payment(
        form="grant",
        key=(str(grant["id"]),),
        place=place,
        title=making.name(grant["title"], at(path, "title")),
        fund_key=fund_key,
        fund=fund,
        holder=funders[0][0],
        providers=[identifier for identifier, _ in recipients],
        status="secured",
        amount=amount_of(
            making, grant["amountAwarded"], grant["currency"], at(path, "amountAwarded")
        ),
        period=_period(making, grant, path),
        as_of=awarded,
        areas=list(_areas(grant, path)),
        safe=safe,
    )
    pay(making, payment)
    making.leave("further funders of a grant", "a fund is held by one", len(funders) - 1)
    leave_fields(making, grant, _LEFT)


def _organizations(
    making: Making, grant: Mapping[str, Any], key: str, path: str, place: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    """The ids and names of the organisations of a grant, by org-id where they have one."""
    for number, one in enumerate(grant[key]):
        where = f"{at(path, key)}[{number}]"
        numbers = [
            org_id("", one["id"]),
            org_id("", str(one.get("charityNumber") or ""), "charity"),
            org_id("", str(one.get("companyNumber") or ""), "company"),
        ]
        name = making.name(one["name"], at(where, "name"))
        alias = making.text(one.get("alternateName"), at(where, "alternateName"), "other names")
        found = next(filter(None, numbers), "")
        for contact in _ADDRESSES:
            making.leave(
                "addresses and contacts of organisations",
                NO_CONTACTS,
                1 if one.get(contact) else 0,
            )
        yield making.agency(one["id"], name, (place[0], where), found, aliases=[alias]), name


def _fund(
    making: Making, grant: Mapping[str, Any], path: str, funder: tuple[str, str]
) -> tuple[tuple[str, ...], str]:
    """The key and name of the fund: the programme where the grant has one, else the funder's."""
    programmes = _list(grant.get("grantProgramme"))
    making.leave("further programmes of a grant", "a grant is of one fund", len(programmes) - 1)
    programme = programmes[0] if programmes else {}
    where = f"{at(path, 'grantProgramme')}[0]"
    title = making.text(programme.get("title"), at(where, "title"), "names of programmes")
    if title:
        key = str(programme.get("code") or title.lower())
        return (funder[0], key), title
    return (funder[0],), f"Grants of {funder[1]}"


def _areas(grant: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    for number, one in enumerate(_list(grant.get("beneficiaryLocation"))):
        code, name = one.get("geoCode"), one.get("name")
        where = f"{at(path, 'beneficiaryLocation')}[{number}]"
        is_short = isinstance(name, str) and len(name) <= 60
        yield str(code or ""), " ".join(name.split()) if is_short else "", where


# ---------------------------------------------------------------- when the money ends


def _period(making: Making, grant: Mapping[str, Any], path: str) -> Period:
    """From the first planned start to the last planned end; actual dates only where none is."""
    key = "plannedDates" if _list(grant.get("plannedDates")) else "actualDates"
    starts, ends, given = [], [], []
    for number, event in enumerate(_list(grant.get(key))):
        where = f"{at(path, key)}[{number}]"
        start, end = (date_of(making, event, k, where) for k in ("startDate", "endDate"))
        months = _months(making, event, where)
        if months and not end:
            end = counted(start, months)
            given.append(f"{months} months" + (f" from {start}" if start else ""))
            if start and not end:
                making.leave("durations from a year alone", "their end cannot be counted")
        starts += [start] if start else []
        ends += [end] if end else []
    edtf = between(making, min(starts, default=""), max(ends, default=""), at(path, key))
    return Period(edtf, ", ".join(given))


def _months(making: Making, event: Mapping[str, Any], path: str) -> int:
    value = event.get("duration")
    if value is None or value == "":
        return 0
    if (
        isinstance(value, bool)
        or not isinstance(value, int | Decimal)
        or not 0 <= value <= _LONGEST
    ):
        making.wrong(at(path, "duration"), f"a number of months, 0 to {_LONGEST}")
        return 0
    if value != int(value):
        making.leave("durations with parts of a month", "their end cannot be counted")
        return 0
    return int(value)


def counted(start: str, months: int) -> str:
    """The last day, or month, of so many months from a day, or month; nothing from a year alone.

    >>> counted("2013-04-01", 12), counted("2013-04", 12), counted("2013-01-31", 1)
    ('2014-03-31', '2014-03', '2013-02-28')
    """
    if re.fullmatch(r"\d{4}-\d\d", start):
        first = datetime.date.fromisoformat(f"{start}-01")
        return f"{add_months(first, months - 1):%Y-%m}"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", start):
        return ""
    first = datetime.date.fromisoformat(start)
    after = add_months(first, months)
    # The 31st has no like in a shorter month: the time then ends with that month.
    last = after if after.day < first.day else after - datetime.timedelta(days=1)
    return last.isoformat()
