"""The rows of an import while they are made: what is kept, what is left out, what is wrong.

Holds what all feeds have in common: texts without contacts, agencies joined by org-id, areas by ONS
code, the source, and the rule for safe accommodation. Knows no format.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from graph.confidential import contact_in, hidden_in
from graph.errors import Problem
from graph.imports.imported import Imported, Left
from graph.imports.json_text import values_in
from graph.imports.marks import is_unique, local_id, ons_code, sector_of
from graph.safety import DISTRICT, is_upper
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables
from ontology.schema import Schema

NO_CONTACTS = "contacts, addresses and names of people are never recorded"
NOT_OURS = "the tables have no place for it"
_UNDATED = "../.."
_AT_SOURCE = "Correct it where the data come from, and import again."
_LONGEST_NAME, _LONGEST_TEXT = 200, 5_000
_PLACE_KEYS = (
    *("address_1", "address_2", "city", "postal_code", "external_identifier", "uprn"),
    *("streetaddress", "locality", "addresslocality", "postalcode"),
    *("latitude", "longitude", "easting", "northing", "geometry", "coordinates"),
)
"""Keys, in lower case, under which the formats say where something is."""
_PLACE_WORDS = ("a postcode", "a street address", "a map position")


@dataclass(slots=True)
class _Agency:
    names: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    org_id: str = ""
    part_of: str = ""
    places: set[str] = field(default_factory=set)
    at: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Making:
    """One import on its way: `file` is what problems name, `source` the id of its source."""

    slug: str
    file: str
    source: str
    problems: list[Problem] = field(default_factory=list)
    _rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    _left: Counter[tuple[str, str]] = field(default_factory=Counter)
    _agencies: dict[str, _Agency] = field(default_factory=dict)
    _areas: dict[str, set[str]] = field(default_factory=dict)
    _area_places: dict[str, set[str]] = field(default_factory=dict)
    _dates: set[datetime.date] = field(default_factory=set)

    # ------------------------------------------------------------ what is said

    def leave(self, what: str, why: str = NOT_OURS, times: int = 1) -> None:
        """Count something that is not kept. `what` is in our words, never a value."""
        if times > 0:
            self._left[what, why] += times

    def wrong(self, path: str, expected: str, advice: str = _AT_SOURCE, file: str = "") -> None:
        """Note a problem at a path; its value is never repeated."""
        self.problems.append(Problem(file or self.file, 0, path, "", expected, advice))

    # ------------------------------------------------------------ texts

    def text(self, value: Any, path: str, what: str) -> str:
        """A text that may be missing: on one line, or nothing where it holds a contact."""
        plain = " ".join(value.split()) if isinstance(value, str) else ""
        if self._hidden(plain, path):
            return ""
        if contact_in(plain):
            self.leave(f"{what} with a contact or address in it", NO_CONTACTS)
            return ""
        if len(plain) > _LONGEST_TEXT:
            self.leave(f"{what} of more than {_LONGEST_TEXT} characters", "it is a document")
            return ""
        return plain

    def name(self, value: Any, path: str) -> str:
        """A name, which must be there and be no more than a name."""
        plain = " ".join(value.split()) if isinstance(value, str) else ""
        if self._hidden(plain, path):
            return ""
        contact = contact_in(plain)
        if contact:
            self.wrong(path, f"no {contact.split(' ', 1)[1]} (the value is not repeated here)")
        elif not plain or len(plain) > _LONGEST_NAME:
            self.wrong(path, f"a name of 1 to {_LONGEST_NAME} characters")
        else:
            return plain
        return ""

    def _hidden(self, plain: str, path: str) -> bool:
        if hidden_in(plain):
            self.wrong(path, "no control characters (the value is not repeated here)")
        return hidden_in(plain)

    # ------------------------------------------------------------ rows

    def key(self, *parts: str) -> str:
        """The id of a row for something that the source has ids for.

        An id that another source may use too, such as `12`, is told apart by the source.
        """
        known = any(is_unique(part) for part in parts)
        return local_id(*parts) if known else local_id(self.source, *parts)

    def row(
        self,
        table: str,
        identifier: str,
        place: tuple[str, str],
        cells: Mapping[str, str],
        ground: str = "",
    ) -> None:
        """Add a row, stated by the source unless there is a ground.

        `place` is where the source says so, and the path that a problem names. What several places
        say is said by the first of them in the order of their names, whatever order they come in.
        """
        basis = {"basis": "inferred", "ground": ground} if ground else {"basis": "stated"}
        said = {"source": self.source, "place": place[0], **basis}
        filled = {key: cell for key, cell in {**cells, **said}.items() if cell}
        where = f"{self.file}, {place[1]}" if place[1] else self.file
        row = Row(table, where, 0, identifier, filled)
        earlier = self._rows.setdefault((table, identifier), row)
        if _rank(row) < _rank(earlier):
            self._rows[table, identifier] = row

    def agency(
        self,
        identifier: str,
        name: str,
        place: tuple[str, str],
        org: str = "",
        part_of: str = "",
        aliases: Iterable[str] = (),
    ) -> str:
        """Note an organisation and return its id: by org-id where it has one, else by `identifier`.

        One org-id is one agency (DESIGN: records merge only on equal org-id), whatever its names.
        """
        key = local_id(org) if org else self.key(identifier)
        found = self._agencies.setdefault(key, _Agency())
        found.names.update([name] if name else [])
        found.aliases.update(filter(None, aliases))
        found.org_id = found.org_id or org
        found.part_of = found.part_of or part_of
        found.places.add(place[0])
        found.at.add(place[1])
        return key

    def area(self, code: str, name: str, place: tuple[str, str]) -> str:
        """Note an area by its ONS code and return its id."""
        key = code.lower()
        self._areas.setdefault(key, set()).update([name] if name else [])
        self._area_places.setdefault(key, set()).add(place[0])
        return key

    def areas(self, codes: Iterable[tuple[str, str, str]], place: str, safe: bool) -> str:
        """The cell for the areas a service serves, given as text, name and path.

        Of safe accommodation nothing below the upper tier is kept (SAFETY, rule 1): a ward is
        refused, a district left out like any area without a code.
        """
        found = set()
        for text, name, path in codes:
            code = ons_code(text)
            if not code:
                self.leave("areas without an ONS code", "areas are joined by their ONS code")
            elif not safe or is_upper(code):
                found.add(self.area(code, name, (place, path)))
            elif code.startswith(DISTRICT):
                self.leave("areas without an ONS code", "areas are joined by their ONS code")
            else:
                expected = "no area below a local authority for safe accommodation"
                self.wrong(path, expected, _HIDE)
        return SEPARATOR.join(sorted(found))

    def dated(self, day: datetime.date | None) -> str:
        """Note a day that the source speaks for, and give it as a cell."""
        if day is None:
            return ""
        self._dates.add(day)
        return day.isoformat()

    # ------------------------------------------------------------ safety

    def hides(self, parts: Iterable[tuple[Any, str]]) -> None:
        """Refuse whatever tells where safe accommodation is (SAFETY, rule 1), value unrepeated."""
        for value, path in parts:
            for place, key, part in values_in(value, path):
                if part is None or part == "":
                    continue
                keyed = key.lower() in _PLACE_KEYS
                if keyed or (isinstance(part, str) and contact_in(part) in _PLACE_WORDS):
                    expected = "no address, postcode or position of safe accommodation"
                    self.wrong(place, expected, _HIDE)

    # ------------------------------------------------------------ the end

    def done(self, schema: Schema, about: Mapping[str, str], undated: str) -> Imported:
        """All rows in a fixed order, or none where there are problems.

        `about` is the row of the source; its date is the last day that any record speaks for, and
        `undated` says why there is none.
        """
        left = tuple(sorted(Left(w, times, why) for (w, why), times in self._left.items()))
        if self.problems:
            problems = sorted(set(self.problems))
            return Imported(Tables(self.slug, (), None), left, problems)
        self._finish(about, undated)
        order = {c.table: c.order for c in schema}
        rows = sorted(self._rows.values(), key=lambda r: (order[r.table], r.id))
        return Imported(Tables(self.slug, tuple(rows), None), left)

    def _finish(self, about: Mapping[str, str], undated: str) -> None:
        for key, agency in self._agencies.items():
            # The commonest name; every other one is kept beside it.
            name = min(agency.names.items(), key=lambda item: (-item[1], item[0]))[0]
            others = {*agency.names, *agency.aliases} - {name}
            place = min(agency.places), min(agency.at)
            cells = {
                "name": name,
                "also_called": SEPARATOR.join(sorted(o.replace(";", ",") for o in others)),
                "sector": sector_of(agency.org_id),
                "org_id": agency.org_id,
                "part_of": agency.part_of if agency.part_of in self._agencies else "",
            }
            self.row("agencies", key, place, cells)
        for key, names in self._areas.items():
            name = min(names, key=lambda n: (len(n), n)) if names else key.upper()
            place = min(self._area_places[key]), ""
            self.row("areas", key, place, {"name": name, "ons_code": key.upper()})
        if self._dates:
            dated = {"date": max(self._dates).isoformat()}
            dated["date_ground"] = "The last date that any record of it gives."
        else:
            dated = {"date": _UNDATED, "date_ground": undated}
        cells = {key: cell for key, cell in {**about, **dated}.items() if cell}
        self._rows["sources", self.source] = Row("sources", self.file, 0, self.source, cells)


_HIDE = (
    "Remove it from the data: a place of safety has no address in anything imported from a feed."
)


def _rank(row: Row) -> tuple[str, list[tuple[str, str]]]:
    return row.cells["place"], sorted(row.cells.items())


def place_of(kind: str, identifier: str) -> str:
    """The place of a record in its source, such as `services/ab12`, with nothing like a contact.

    A reader finds the record by it in the feed or file, whatever its order.
    """
    text = f"{kind}/{' '.join(identifier.split())}"
    strange = contact_in(text) or hidden_in(text) or ";" in text or len(text) > _LONGEST_NAME
    return f"{kind}/{local_id(identifier)}" if strange else text


def source_of(kind: str, path_or_url: str | Path) -> tuple[str, str]:
    """The id of a source, and the name shown for it: the file's name or the feed's host.

    Neither the folder a file lies in nor an address's query are part of it.
    """
    text = str(path_or_url)
    if is_url(text):
        try:
            parts = urlsplit(text)
            shown = f"{parts.hostname or ''}{parts.path.rstrip('/')}"
        except ValueError:
            shown = "the feed"
    else:
        shown = Path(text).name
    if contact_in(shown) or hidden_in(shown):
        shown = local_id(shown)
    stem = Path(shown).stem if not is_url(text) else shown
    plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return local_id(f"{kind}-{plain}") if plain else f"{kind}-{local_id(shown)}", shown


def is_url(text: str) -> bool:
    """Whether a text is meant as an address, and not as a path."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def day_of(text: Any) -> datetime.date | None:
    """The day of a date or date-time, as it is written; None where it is none.

    The day is not moved to another time zone: a contract `until 2011-08-01T23:59:00Z` ends on 1
    August.
    """
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?", text.strip()):
        return None
    try:
        return datetime.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
