"""An accepted answer as changed rows of its partnership (pure: rows in, rows out).

Figures are new observations of the answer's source. Money and contacts that the provider says are
otherwise are restated by that source, and the place that said so before is marked as superseded.
Of a service a few columns are changed: its row stays with its source, with the day and a note,
since the answer says nothing of the rest of it. Nothing is confirmed that was not answered.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from api.asking_once.answers import Answer, ContactAnswer, MoneyAnswer, ServiceAnswer, unchanged
from api.asking_once.ledger import Asking
from api.asking_once.packets import ROOM, OwnService
from graph.imports.marks import local_id
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables
from queries.suppression import LEAST

PLACE: Final = "answer: "
"""What the places in an answer begin with. They name no service: one may not be public."""
_STAFF: Final = {"visibility": "staff"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that would be otherwise, for an editor to look at."""

    table: str
    id: str
    column: str
    before: str
    after: str


def revised(tables: Tables, asking: Asking, answer: Answer) -> Tables:
    """A partnership's rows with an answer accepted."""
    rows = _Rows(tables, asking, answer)
    if ("sources", asking.source) in rows.rows:
        return tables  # It is in there already.
    rows.add("sources", asking.source, _source(answer.on))
    before = unchanged(asking.packet)
    for own, said, was in zip(asking.own.services, answer.services, before, strict=True):
        if ("services", own.service) in rows.rows:
            _service(rows, own, said, was)
    return rows.tables()


def differing(before: Tables, after: Tables) -> list[Cell]:
    """The cells that are otherwise, in the order of tables."""
    old = {(row.table, row.id): row.cells for row in before.rows}
    new = {(row.table, row.id): row.cells for row in after.rows}
    cells = []
    for table, identifier in sorted(old.keys() | new.keys()):
        was, now = old.get((table, identifier), {}), new.get((table, identifier), {})
        cells += [
            Cell(table, identifier, key.replace("_", " "), was.get(key, ""), now.get(key, ""))
            for key in sorted(was.keys() | now.keys())
            if was.get(key, "") != now.get(key, "")
        ]
    return cells


def withheld(tables: Tables, service: str) -> Tables:
    """A partnership's rows with a service for staff alone."""
    return replace(
        tables,
        rows=tuple(
            replace(row, cells={**row.cells, **_STAFF})
            if (row.table, row.id) == ("services", service)
            else row
            for row in tables.rows
        ),
    )


def quarter_before(day: datetime.date) -> tuple[str, str]:
    """The last whole quarter before a day: as EDTF, and in words.

    >>> quarter_before(datetime.date(2026, 11, 22))
    ('2026-07/2026-09', 'July to September 2026')
    """
    last = 3 * ((day.month - 1) // 3)
    year, last = (day.year, last) if last else (day.year - 1, 12)
    words = f"{_MONTHS[last - 3]} to {_MONTHS[last - 1]} {year}"
    return f"{year}-{last - 2:02}/{year}-{last:02}", words


def _source(day: datetime.date) -> dict[str, str]:
    title = f"Provider's answer, {_MONTHS[day.month - 1]} {day.year}"
    return {"title": title, "kind": "survey", "date": day.isoformat()}


class _Rows:
    """The rows while they are changed, and the places that lost a record."""

    def __init__(self, tables: Tables, asking: Asking, answer: Answer) -> None:
        self._before = tables
        self.rows = {(row.table, row.id): row for row in tables.rows}
        self.asking, self.answer = asking, answer
        self.day = answer.on.isoformat()
        self.post = self._post()

    def tables(self) -> Tables:
        """What has become of them."""
        self._mark_superseded()
        return replace(self._before, rows=tuple(self.rows.values()))

    def add(self, table: str, identifier: str, cells: Mapping[str, str]) -> None:
        """A new row."""
        filled = {key: cell for key, cell in cells.items() if cell}
        file = f"{self._before.slug}/{table} of an answer"
        self.rows[table, identifier] = Row(table, file, 0, identifier, filled)

    def state(self, table: str, identifier: str, about: str, cells: Mapping[str, str]) -> None:
        """A new row that the answer states."""
        self.add(table, identifier, {**cells, **self.stated(about)})

    def stated(self, about: str) -> dict[str, str]:
        """What a row says of itself that the answer states."""
        said = {"source": self.asking.source, "place": PLACE + about, "basis": "stated"}
        return {**said, "as_of": self.day}

    def change(self, table: str, identifier: str, cells: Mapping[str, str]) -> None:
        """Change cells of a row; empty ones are taken away."""
        row = self.rows[table, identifier]
        changed = {**row.cells, **cells}
        self.rows[table, identifier] = replace(row, cells={k: c for k, c in changed.items() if c})

    def confirm(self, table: str, identifier: str) -> None:
        """Note that a row is right, on the day of the answer, by the post that said so."""
        self.change(table, identifier, {"confirmed_on": self.day, "confirmed_by": self.post})

    def restate(self, table: str, identifier: str, about: str, cells: Mapping[str, str]) -> None:
        """Let the answer state a row that another source stated otherwise."""
        row = self.rows[table, identifier]
        was = f"{row.cells.get('source', '')}, {row.cells.get('place', '')}"
        note = " ".join(p for p in (row.cells.get("note", ""), f"Before: {was}.") if p)
        gone = dict.fromkeys(("ground", "other_side"), "")
        self.change(table, identifier, {**gone, **cells, **self.stated(about), "note": note})
        self.confirm(table, identifier)

    def remove(self, table: str, identifier: str) -> None:
        """Take a row out."""
        self.rows.pop((table, identifier), None)

    def _post(self) -> str:
        """The post that answered: one on record, or a new one for staff alone."""
        name, own = self.answer.post, self.asking.own
        if not name:
            return ""
        known = dict(zip(self.asking.packet.posts, own.posts, strict=True))
        if name in known and ("posts", known[name]) in self.rows:
            return known[name]
        identifier = local_id(own.agency, name)
        if ("posts", identifier) not in self.rows:
            agency = f"agency/{own.agency}"
            self.state("posts", identifier, "post", {"name": name, "agency": agency, **_STAFF})
        return identifier

    def _mark_superseded(self) -> None:
        """A place whose records were restated or taken out holds none any more; say why."""
        before, after = _cited(self._before.rows), _cited(self.rows.values())
        lost = before - after
        for key, row in list(self.rows.items()):
            if key[0] == "source_parts" and _part(row) in lost:
                self.change(*key, {"holds_none_because": "superseded"})


def _cited(rows: Iterable[Row]) -> set[tuple[str, str]]:
    return {
        (row.cells.get("source", ""), place.strip())
        for row in rows
        for key in ("place", "other_side")
        for place in row.cells.get(key, "").split(SEPARATOR.strip())
    }


def _part(row: Row) -> tuple[str, str]:
    return row.cells.get("source", ""), row.cells.get("name", "")


# ---------------------------------------------------------------- one service


def _service(rows: _Rows, own: OwnService, said: ServiceAnswer, was: ServiceAnswer) -> None:
    columns = _columns(rows, own.service, said, was)
    if columns:
        words = ", ".join(key.replace("_", " ") for key in columns)
        told = f"As the provider answered on {rows.day}: {words}."
        note = rows.rows["services", own.service].cells.get("note", "")
        columns |= {"as_of": rows.day, "note": " ".join(p for p in (note, told) if p)}
        rows.change("services", own.service, columns)
    if said.opening in ("yes", "closing"):
        rows.confirm("services", own.service)
    _figures(rows, own.service, said, was)
    for award, money in zip(own.awards, said.money, strict=True):
        _money(rows, award, money)
    if said.other_money_until is not None:
        _other_money(rows, own.service, said.other_money_until)
    for table, ids, answers in (
        ("contacts", own.contacts, said.contacts),
        ("venues", own.venues, said.venues),
    ):
        for identifier, contact in zip(ids, answers, strict=True):
            _contact(rows, table, identifier, contact)


def _columns(rows: _Rows, service: str, said: ServiceAnswer, was: ServiceAnswer) -> dict[str, str]:
    """The columns of a service that an answer changes."""
    found: dict[str, str] = {}
    if said.opening == "no":
        found |= {"standing": "ended", "closed": (said.closing or rows.answer.on).isoformat()}
    elif said.opening == "closing" and said.closing:
        found["closed"] = said.closing.isoformat()
    if said.availability != was.availability:
        held = rows.rows["services", service].cells.get("availability", "")
        parts = [part.strip() for part in held.split(SEPARATOR.strip()) if part.strip()]
        others = [part for part in parts if part not in ROOM]
        found["availability"] = SEPARATOR.join([*said.availability, *others])
    if said.wait != was.wait:
        found["wait"] = said.wait
    if said.hours != was.hours:
        found["hours"] = said.hours
    if said.languages != was.languages:
        found["languages"] = SEPARATOR.join(said.languages)
    return found


_MEASURES: Final = {
    "capacity": ("Places, as providers answer", "higher is better"),
    "refused": ("Referrals refused, as providers answer", "higher is worse"),
}


def _figures(rows: _Rows, service: str, said: ServiceAnswer, was: ServiceAnswer) -> None:
    """The figures of an answer, as observations of it; one that did not change is no news."""
    changed = (said.places, said.unit) != (was.places, was.unit)
    if said.places is not None and (changed or said.free is not None):
        free = f"{said.free} free on {rows.day}" if said.free is not None else ""
        _observe(rows, service, "capacity", said.unit, said.places, {"qualifier": free})
    if said.refused is not None:
        period, words = quarter_before(rows.answer.on)
        about = {
            "period": period,
            "period_as_given": words,
            "reason": SEPARATOR.join(said.reasons).replace(";", ","),
            # A small number may be somebody whom everybody knows.
            **(_STAFF if said.refused < LEAST else {}),
        }
        _observe(rows, service, "refused", "referral", said.refused, about)


def _observe(
    rows: _Rows, service: str, kind: str, unit: str, value: int, more: Mapping[str, str]
) -> None:
    measure = _measure(rows, service, kind, unit)
    identifier = local_id(rows.asking.source, service, kind)
    cells = {
        "measure": measure,
        "about": f"service/{service}",
        "value": str(value),
        "unit": unit,
        **more,
    }
    rows.state("observations", identifier, f"{kind} in {unit}s", cells)


def _measure(rows: _Rows, service: str, kind: str, unit: str) -> str:
    """The measure that figures of this service have on record, or one of the answers' own."""
    fitting = {
        identifier
        for (table, identifier), row in rows.rows.items()
        if table == "measures" and (row.cells.get("kind"), row.cells.get("unit")) == (kind, unit)
    }
    used = sorted(
        row.cells["measure"].rpartition("/")[2]
        for (table, _), row in rows.rows.items()
        if table == "observations"
        and row.cells.get("about", "").rpartition("/")[2] == service
        and row.cells.get("measure", "").rpartition("/")[2] in fitting
    )
    if used:
        return used[0]
    own = local_id("answers", kind, unit)
    if ("measures", own) not in rows.rows:
        name, polarity = _MEASURES[kind]
        cells = {"name": f"{name} ({unit})", "kind": kind, "unit": unit, "polarity": polarity}
        rows.state("measures", own, f"{kind} in {unit}s", cells)
    return own


def _money(rows: _Rows, award: str, said: MoneyAnswer) -> None:
    if ("awards", award) not in rows.rows or not said.state:
        return
    if said.state == "right":
        rows.confirm("awards", award)
        return
    if said.state == "ended":
        rows.restate("awards", award, "money", {"status": "ended"})
    elif said.until is not None:
        first, slash, _ = rows.rows["awards", award].cells.get("period", "").partition("/")
        if not slash or first > said.until.isoformat():
            first = ".."
        until = {
            "status": "secured",
            "period": f"{first}/{said.until.isoformat()}",
            "period_as_given": f"until {said.until.isoformat()}",
        }
        rows.restate("awards", award, "money", until)


def _other_money(rows: _Rows, service: str, until: datetime.date) -> None:
    """Money of which nobody says whence: for staff alone, until somebody names the fund."""
    fund = local_id(rows.asking.source, service)
    name = "Money of a provider's answer (fund not named)"
    rows.state("funds", fund, "money", {"name": name, **_STAFF})
    cells = {
        "fund": fund,
        "pays_for": f"service/{service}",
        "status": "secured",
        "period": f"../{until.isoformat()}",
        "period_as_given": f"until {until.isoformat()}",
        **_STAFF,
    }
    rows.state("awards", fund, "money", cells)


def _contact(rows: _Rows, table: str, identifier: str, said: ContactAnswer) -> None:
    if (table, identifier) not in rows.rows or not said.state:
        return
    if said.state == "right":
        rows.confirm(table, identifier)
    elif said.state == "changed":
        rows.restate(table, identifier, "contact", {"value": said.value})
    else:
        rows.remove(table, identifier)
