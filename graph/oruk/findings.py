"""What a check of a feed can find, each with the source of its rule and the next step.

An **error** breaks the contract of a feed or the schema at an endpoint that every feed must have
(level 1). What breaks them at level 2, or at an endpoint of HSDS that the UK profile does not ask
for, is a **warning**: the official validator does not fail a feed for it either. A warning is also
what is allowed and bad. A **note** is worth knowing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from graph.confidential import contact_in, without_hidden

_SHORT = 80
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_EXAMPLES = 3


class Level(StrEnum):
    """How much a finding weighs; the worst first."""

    error = "error"
    warning = "warning"
    note = "note"


class Verdict(StrEnum):
    """What the whole feed is."""

    compliant = "compliant"
    warnings = "compliant with warnings"
    failed = "not compliant"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint of the contract: what it gives, and the level of compliance that asks for it.

    Level 0 is an endpoint of HSDS that the UK profile leaves out.
    """

    path: str
    kind: str
    level: int

    @property
    def is_item(self) -> bool:
        """Whether it gives one record by its id."""
        return self.path.endswith("{id}")

    @property
    def is_list(self) -> bool:
        """Whether it gives pages."""
        return self.path != "/" and not self.is_item


ENDPOINTS: Mapping[str, Endpoint] = {
    e.path: e
    for e in (
        Endpoint("/", "root", 1),
        Endpoint("/services", "service", 1),
        Endpoint("/services/{id}", "service", 1),
        Endpoint("/taxonomies", "taxonomy", 2),
        Endpoint("/taxonomies/{id}", "taxonomy", 2),
        Endpoint("/taxonomy_terms", "taxonomy_term", 2),
        Endpoint("/taxonomy_terms/{id}", "taxonomy_term", 2),
        Endpoint("/service_at_locations", "service_at_location", 2),
        Endpoint("/service_at_locations/{id}", "service_at_location", 2),
        Endpoint("/organizations", "organization", 0),
        Endpoint("/organizations/{id}", "organization", 0),
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a feed: its weight at level 1, what it says, who says so, and what to do."""

    level: Level
    says: str
    source: str
    advice: str


_SCHEMA = "HSDS-UK 3.0 schema of the record (uk-profile, schema/*.json)"
_ROOT = "HSDS-UK 3.0 openapi.json, paths, /; API compliance page"
_PAGES = "HSDS-UK 3.0 openapi.json, components/schemas/Page"
_API = "HSDS-UK 3.0 openapi.json, paths"
_PARAMETERS = "HSDS-UK 3.0 openapi.json, components/parameters"
_COMPLIANCE = "Open Referral UK API compliance page"
_HTTP = "RFC 9110 (HTTP semantics)"
_GUIDANCE = "Open Referral UK guidance on assurance"
_SENSE = "good practice; the schema allows it"
_SAFETY = "safety of people; not a rule of the standard"
_E, _W, _N = Level.error, Level.warning, Level.note

RULES: Mapping[str, Rule] = {
    # -- answers
    "endpoint": Rule(_E, "The endpoint answers.", _COMPLIANCE,
                     "Serve this endpoint under the same base address as the others."),
    "status": Rule(_E, "A request that is right is answered with status 200.", _API,
                   "Look in the server's log for this request and mend what fails."),
    "json": Rule(_E, "The answer is JSON that can be read without guessing.", "RFC 8259 (JSON)",
                 "Send whole JSON in UTF-8: no key twice, no NaN, nothing nested very deep."),
    "content-type": Rule(_E, "The answer says Content-Type: application/json.", _API,
                         "Set this header on every answer."),
    "cors": Rule(_E, "Every answer says Access-Control-Allow-Origin: *.", _COMPLIANCE,
                 "Set this header, with the star, so that any web page may read the feed."),
    "unknown-id": Rule(_E, "An id that nobody has is answered with status 404.", _HTTP,
                       "Answer 404 where there is no such record, and a record only for its id."),
    "item-id": Rule(_E, "A record asked for by its id has that id.", _API,
                    "Look records up by the id that the list gives."),
    "item-differs": Rule(_W, "A record says the same in the list and by its id.", _SENSE,
                         "Make both from the same data; a cache may be old."),
    # -- pages
    "envelope": Rule(_E, "A page has total_items, total_pages, page_number, size, first_page, "
                     "last_page, empty and contents, each of its type.", _PAGES,
                     "Wrap the records of a list in this envelope."),
    "page-size": Rule(_E, "size is the number of records in contents.", _PAGES,
                      "Count the records that the page really has."),
    "page-number": Rule(_E, "page_number is the page that was asked for.", _PAGES,
                        "Give the page that `page` names; the first page is 1."),
    "page-flags": Rule(_E, "first_page, last_page and empty tell what the page is.", _PAGES,
                       "Work them out from page_number, total_pages and size."),
    "page-totals": Rule(_E, "total_items and total_pages fit each other and every page.", _PAGES,
                        "total_pages is total_items divided by per_page, rounded up."),
    "page-full": Rule(_E, "Every page but the last is full.", _COMPLIANCE,
                      "Filter first and cut into pages afterwards."),
    "page-count": Rule(_E, "All pages together have total_items records.", _PAGES,
                       "Count and page over the same records, in one fixed order."),
    "id-repeated": Rule(_E, "A record stands once in a list.", _SCHEMA,
                        "Order the list by something that never ties, such as the id."),
    "page-beyond": Rule(_E, "A page beyond the last is empty, or refused with a 4xx status.",
                        _PAGES, "Answer an empty page with empty: true, or status 404."),
    "odd-value": Rule(_E, "A parameter that makes no sense does not break the server.", _HTTP,
                      "Answer 400 with what is wrong, or the default page."),
    # -- parameters
    "parameter-status": Rule(_E, "A documented parameter is accepted.", _PARAMETERS,
                             "Support the parameter, and answer 200 where nothing fits it."),
    "parameter-ignored": Rule(_E, "A parameter changes the answer.", _PARAMETERS,
                              "Apply the parameter; now the whole list comes back."),
    "parameter-wrong": Rule(_E, "Only records that fit the parameter come back.", _PARAMETERS,
                            "Check the filter: the record named here does not fit it."),
    "parameter-loses": Rule(_E, "A record that fits the parameter comes back.", _PARAMETERS,
                            "Check the filter: the record named here fits and is not found."),
    "parameter-or": Rule(_E, "One parameter given twice finds what fits either value.",
                         _COMPLIANCE, "Join the values of a repeated parameter with OR."),
    "parameter-and": Rule(_E, "Different parameters find only what fits all of them.",
                          _COMPLIANCE, "Join different parameters with AND."),
    # -- records
    "required": Rule(_E, "A required field is there and has a value.", _SCHEMA,
                     "Fill the field in where the data come from."),
    "null": Rule(_E, "No field is null.", f"{_SCHEMA}; {_COMPLIANCE}",
                 "Leave the field out where nothing is known."),
    "null-extra": Rule(_W, "No field is null, those beyond the standard neither.", _COMPLIANCE,
                       "Leave the field out where nothing is known."),
    "empty": Rule(_W, "No field is an empty text.", _COMPLIANCE,
                  "Leave the field out where nothing is known."),
    "empty-list": Rule(_N, "A list with nothing in it is left out.", _SENSE,
                       "Leave the field out; readers take both to be the same."),
    "type": Rule(_E, "A field has the type of the schema.", _SCHEMA,
                 "Send texts as texts, numbers without quotation marks, lists as lists."),
    "form": Rule(_E, "A field has the form of the schema.", _SCHEMA,
                 "Write it in the form that is expected, or leave it out."),
    "version": Rule(_E, "version is HSDS-UK-3.0 to the letter.", _COMPLIANCE,
                    "Answer exactly HSDS-UK-3.0: another spelling is not recognised."),
    "word": Rule(_E, "A field with a fixed list of words has one of them.", _SCHEMA,
                 "Use one of these words, in these letters."),
    "own-parent": Rule(_E, "No record is its own parent.", _SCHEMA,
                       "Name the record above, or leave the field out at the top."),
    "whose": Rule(_W, "A service names its organisation.", _COMPLIANCE,
                  "Send organization_id."),
    "id-shared": Rule(_W, "An id belongs to one record of one kind.", "RFC 9562 (UUID)",
                      "Make a new UUID for each record; do not reuse another record's."),
    "part-of": Rule(_W, "A record within another names that other as its own.", _SENSE,
                    "Correct the id, or leave it out: the nesting says it already."),
    "reference": Rule(_W, "A record that is referred to is in the feed.", _SENSE,
                      "Publish the record that is named, or correct the id."),
    "position": Rule(_W, "Latitude is -90 to 90 and longitude -180 to 180.", "WGS 84",
                     "Check that they are degrees, and not swapped or grid references."),
    "postcode": Rule(_N, "A postcode in the United Kingdom looks like one.", _SENSE,
                     "Check the postcode: maps will not find this one."),
    "ages": Rule(_W, "Ages are 0 to 150, the minimum not above the maximum.", _SENSE,
                 "Correct the ages; people search by them."),
    "assured": Rule(_W, "assured_date is a date less than three months old.", _GUIDANCE,
                    "Check with the provider that it is still right, and send the date."),
    "date": Rule(_W, "Dates are written 2026-03-15 and stand in order.", _SENSE,
                 "Write the year, month and day, the start not after the end."),
    "time": Rule(_W, "Times of day are written 09:00 or 09:00:00Z.", _SENSE,
                 "Write hours and minutes of 24 hours."),
    "days": Rule(_W, "byday has the days of RFC 5545, such as MO,WE or 1TU.", "RFC 5545, 3.3.10",
                 "Use MO, TU, WE, TH, FR, SA and SU, with a comma between."),
    "term": Rule(_N, "An attribute says what it links and to which term.", _SENSE,
                 "Send link_type, and taxonomy_term or taxonomy_term_id."),
    "description": Rule(_N, "A service describes itself.", _SENSE,
                        "Say in two sentences what it does and for whom."),
    "safe-place": Rule(_W, "A refuge or other safe accommodation has no address or position.",
                       _SAFETY, "Leave its location and address out altogether, ask the provider, "
                       "and do not say that something was left out."),
}  # fmt: skip
"""The rules by name. What breaks one at level 2 or 0 is a warning, see `level_at`."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One rule broken in one place. Nothing in it can harm a terminal, a page or a person."""

    level: Level
    rule: str
    endpoint: str
    where: str
    """The request, as path and query below the base; or the file."""
    pointer: str
    """The field, as a JSON pointer (RFC 6901)."""
    found: str
    expected: str
    record: str
    """The id of the record, if it has one."""
    name: str
    """The record's name; empty where it must not be told."""
    schema: str = ""
    """The kind of record whose schema says so; empty for a rule of another source."""

    @property
    def source(self) -> str:
        """Who says so: the source of the rule, with the very schema where it is one."""
        source = RULES[self.rule].source
        if self.schema == "root":
            return source.replace(_SCHEMA, _ROOT)
        return source.replace("*.json", f"{self.schema}.json") if self.schema else source


@dataclass(frozen=True, slots=True)
class Look:
    """How much of an endpoint was looked at."""

    endpoint: str
    level: int
    answers: int
    pages: int
    of_pages: int
    records: int
    of_records: int


@dataclass(frozen=True, slots=True)
class Report:
    """All of a check."""

    source: str
    on: str
    """The day from which dates were judged."""
    findings: tuple[Finding, ...]
    looks: tuple[Look, ...]
    parameters: tuple[str, ...]
    """Parameters that were tried, each as endpoint and names."""
    not_checked: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Compliant or not: an error alone makes it not so."""
        levels = {finding.level for finding in self.findings}
        if Level.error in levels:
            return Verdict.failed
        return Verdict.warnings if Level.warning in levels else Verdict.compliant

    @property
    def reached(self) -> int:
        """The level of compliance that nothing found speaks against: 0, 1 or 2."""
        broken = {
            ENDPOINTS[f.endpoint].level for f in self.findings if RULES[f.rule].level is Level.error
        }
        return 0 if 1 in broken else 1 if 2 in broken else 2

    def count(self, level: Level) -> int:
        """How many findings of a level there are."""
        return sum(finding.level is level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Group:
    """The same thing found in many places."""

    first: Finding
    count: int
    examples: tuple[Finding, ...]

    @property
    def rule(self) -> Rule:
        """The rule that is broken."""
        return RULES[self.first.rule]

    @property
    def field(self) -> str:
        """The field in all of them: a star stands for a number."""
        return general(self.first.pointer)


def level_at(rule: str, endpoint: str, is_extra: bool = False) -> Level:
    """What breaking a rule weighs at an endpoint; `is_extra` where only HSDS asks for it."""
    level = RULES[rule].level
    lower = is_extra or ENDPOINTS[endpoint].level != 1
    return Level.warning if lower and level is Level.error else level


def general(pointer: str) -> str:
    """A pointer without the numbers of list items."""
    return re.sub(r"/\d+(?=/|$)", "/*", pointer)


def groups(findings: Iterable[Finding]) -> list[Group]:
    """Findings by rule, endpoint, field and what is expected; errors first, then the most."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.level, finding.rule, finding.endpoint, general(finding.pointer),
               finding.expected)  # fmt: skip
        found.setdefault(key, []).append(finding)
    made = [Group(g[0], len(g), tuple(g[:_EXAMPLES])) for g in found.values()]
    ranks = list(Level)
    return sorted(made, key=lambda g: (ranks.index(g.first.level), -g.count, g.first))


def told(text: Any) -> str:
    """A text of a feed as a report may tell it: short, without control characters or contacts."""
    if not isinstance(text, str):
        return ""
    plain = " ".join(without_hidden(text[: _SHORT * 4]).split())
    # The digits of an id may look like a telephone number.
    kind = contact_in(_UUID.sub("", plain))
    if kind:
        return f"({kind}, not repeated)"
    return plain if len(plain) <= _SHORT else f"{plain[: _SHORT - 1]}…"


def shown(value: Any, is_private: bool = False) -> str:
    """A value as it was found, for a report; of what is private only its type."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return "a number" if is_private else str(value)
    if value == "":
        return 'an empty text ("")'
    return f"text of {len(value)} characters" if is_private else f'"{told(value)}"'


def pointer_of(path: str) -> str:
    """The JSON pointer of a path such as `contents[3].name`."""
    if not path:
        return ""
    steps = path.replace("[", ".").replace("]", "").replace("/", "~1").replace(".", "/")
    return steps if steps.startswith("/") else f"/{steps}"
