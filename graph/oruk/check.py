"""The check of a feed of Open Referral UK 3.0: what was asked and answered, judged.

Nothing here asks anything or reads a clock: `crawl` recorded the answers, and the day is given.
Content from outside is read with the limits of `graph/imports/json_text.py`; a caller runs
`check_recorded` and `check_folder` in a process of its own (`graph/sandbox.py`).
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from graph.errors import InputError, Problem
from graph.imports.json_text import read_json
from graph.oruk.exchange import Exchange, Recorded, Role, read_recorded, saved
from graph.oruk.findings import (
    ENDPOINTS,
    Finding,
    Level,
    Look,
    Report,
    level_at,
    pointer_of,
    shown,
    told,
)
from graph.oruk.paging import Page, PageFault, envelope_faults, page_faults, page_of, together
from graph.oruk.records import Fault, Reference, faults_of, ids_of, references_of
from graph.oruk.summary import (
    Summary,
    fits,
    has_place,
    object_of,
    summary_of,
    text_of,
    words_of_safety,
)

Progress = Callable[[str], None]
FOR_ALL = frozenset({"search", "page", "per_page"})
OF_THE_PROFILE: Mapping[str, frozenset[str]] = {
    "/services": frozenset(
        {"search", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age", "start_time",
         "end_time", "day"}
    ),
    "/service_at_locations": frozenset(
        {"search", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age", "start_time",
         "end_time", "day", "postcode", "proximity"}
    ),
}  # fmt: skip
"""Parameters that the UK profile's openapi.json has; others are of HSDS, so they weigh less."""
_LISTS = {e.kind: e.path for e in ENDPOINTS.values() if e.is_list}
_SHAPE_ONLY = ("minimal", "full", "format", "full_service", "postcode", "proximity")


def check_recorded(
    folder: Path, today: datetime.date, progress: Progress = lambda _: None
) -> Report:
    """Judge a feed that `crawl` recorded in a folder."""
    return check(read_recorded(folder), folder, today, progress)


def check_folder(folder: Path, today: datetime.date, progress: Progress = lambda _: None) -> Report:
    """Judge a folder of files, named as our export or the standard's examples name them.

    Raises InputError where no file in it is of a feed.
    """
    recorded = saved(folder)
    if not recorded.exchanges:
        advice = (
            "Choose the folder that has index.json or api_details.json, services.json and so on."
        )
        raise InputError([Problem(folder.name, 0, "", "", "files of a feed", advice)])
    return check(recorded, folder, today, progress)


def check(recorded: Recorded, folder: Path, today: datetime.date, progress: Progress) -> Report:
    """Judge what was recorded of a feed; `folder` has the answers."""
    checking = _Checking(folder, today)
    for number, exchange in enumerate(recorded.exchanges, 1):
        if number % 200 == 0:
            progress(f"checked {number} of {len(recorded.exchanges)} answers")
        checking.take(exchange)
    checking.finish(recorded.exchanges)
    findings = sorted(set(checking.findings), key=_by_weight)
    return Report(
        source=told(recorded.source),
        on=today.isoformat(),
        findings=tuple(findings),
        looks=tuple(checking.looks(recorded.exchanges)),
        parameters=tuple(sorted(checking.tried)),
        not_checked=(*recorded.not_checked, *checking.not_checked),
    )


def _by_weight(finding: Finding) -> tuple[int, Finding]:
    return list(Level).index(finding.level), finding


class _Checking:
    """What has been seen so far."""

    def __init__(self, folder: Path, today: datetime.date) -> None:
        self.folder, self.today = folder, today
        self.findings: list[Finding] = []
        self.not_checked: list[str] = []
        self.tried: set[str] = set()
        self.pages: dict[str, list[Page]] = defaultdict(list)
        self.small: dict[str, list[Page]] = defaultdict(list)
        self.known: dict[str, dict[str, Summary]] = defaultdict(dict)
        """By kind and id: the fullest account of a record."""
        self.listed: dict[str, dict[str, Summary]] = defaultdict(dict)
        """By kind and id: what the list says of it."""
        self.ids: dict[str, dict[str, None]] = defaultdict(dict)
        """By kind: every id that a record has, wherever it stands."""
        self.whose: dict[str, tuple[str, str]] = {}
        self.references: list[tuple[Exchange, Reference, str]] = []
        self.safe: set[str] = set()
        self.placed: list[tuple[Exchange, str, str, str]] = []

    # ------------------------------------------------------------ telling

    def tell(
        self,
        exchange: Exchange,
        rule: str,
        found: str,
        expected: str,
        pointer: str = "",
        record: str = "",
        name: str = "",
        is_extra: bool = False,
        schema: str = "",
    ) -> None:
        """Note a finding."""
        level = level_at(rule, exchange.endpoint, is_extra)
        where = exchange.endpoint, exchange.asked, pointer
        self.findings.append(Finding(level, rule, *where, found, expected, record, name, schema))

    def _fault(self, exchange: Exchange, fault: PageFault) -> None:
        self.tell(exchange, fault.rule, fault.found, fault.expected, fault.pointer)

    # ------------------------------------------------------------ one answer

    def take(self, exchange: Exchange) -> None:
        """Judge one answer by itself."""
        if exchange.role is Role.parameter:
            self.tried.add(_parameter(exchange))
        if exchange.failure:
            rule = "parameter-status" if exchange.role is Role.parameter else "endpoint"
            self.tell(exchange, rule, "no answer", exchange.failure)
            return
        if exchange.is_live:
            self._headers(exchange)
        {
            Role.unknown: self._unknown,
            Role.beyond: self._beyond,
            Role.odd: self._odd,
            Role.parameter: self._parameter,
        }.get(exchange.role, self._answer)(exchange)

    def _headers(self, exchange: Exchange) -> None:
        kind = exchange.content_type.partition(";")[0].strip().lower()
        if exchange.status == 200 and kind != "application/json":
            found = shown(exchange.content_type) if kind else "no such header"
            self.tell(exchange, "content-type", found, "application/json")
        if exchange.origin != "*":
            found = shown(exchange.origin) if exchange.origin else "no such header"
            self.tell(exchange, "cors", found, "*", is_extra=exchange.status != 200)

    def _value(self, exchange: Exchange) -> tuple[bool, Any]:
        """Whether the answer is JSON, and its value; a finding if it is none."""
        value, problems = read_json(self.folder / exchange.file, exchange.file)
        for problem in problems:
            place = pointer_of(problem.column)
            self.tell(exchange, "json", problem.advice, problem.expected, place)
        return not problems, value

    def _is_answered(self, exchange: Exchange) -> bool:
        if exchange.status == 200:
            return True
        is_missing = exchange.status in (404, 405, 410, 501) and exchange.role is not Role.item
        rule = "endpoint" if is_missing else "status"
        self.tell(exchange, rule, f"status {exchange.status}", "status 200")
        return False

    def _answer(self, exchange: Exchange) -> None:
        if not self._is_answered(exchange):
            return
        is_json, value = self._value(exchange)
        if not is_json:
            return
        if exchange.role in (Role.page, Role.small):
            self._page(exchange, value)
            return
        self._record(exchange, value, "")

    def _page(self, exchange: Exchange, value: Any) -> None:
        faults = list(envelope_faults(value))
        for fault in faults:
            self._fault(exchange, fault)
        page = page_of(value, exchange.asked, exchange.page, exchange.per_page)
        if page is None:
            return
        if exchange.role is Role.page:
            self.pages[exchange.endpoint].append(page)
        else:
            self.small[exchange.endpoint].append(page)
        for fault in page_faults(page):
            self._fault(exchange, fault)
        for number, record in enumerate(value["contents"]):
            if exchange.role is Role.page:
                self._record(exchange, record, f"contents[{number}]")

    def _record(self, exchange: Exchange, record: Any, path: str) -> None:
        kind = ENDPOINTS[exchange.endpoint].kind
        faults = list(faults_of(record, kind, path, self.today))
        if not isinstance(record, dict):
            self._tell_faults(exchange, faults, "", "", False)
            return
        summary = summary_of(record, kind)
        name = "" if summary.is_safe else told(summary.name)
        self._tell_faults(exchange, faults, told(summary.identifier), name, summary.is_safe)
        if kind == "root":
            return
        if summary.identifier:
            before = self.known[kind].get(summary.identifier)
            if before is None or not before.is_full:
                self.known[kind][summary.identifier] = summary
            if exchange.role is Role.page:
                self.listed[kind].setdefault(summary.identifier, summary)
            elif exchange.role is Role.item:
                self._same(exchange, summary)
        self._remember(exchange, record, summary, path)

    def _tell_faults(
        self, exchange: Exchange, faults: Iterable[Fault], record: str, name: str, is_safe: bool
    ) -> None:
        for fault in faults:
            found = "(not repeated)" if is_safe and fault.found != "nothing" else fault.found
            self.tell(
                exchange,
                fault.rule,
                found,
                fault.expected,
                fault.pointer,
                record,
                name,
                schema=fault.schema,
            )

    def _remember(
        self, exchange: Exchange, record: dict[str, Any], summary: Summary, path: str
    ) -> None:
        kind, identifier = summary.kind, told(summary.identifier)
        for uuid, inner, pointer in ids_of(record, kind, path):
            self.ids[inner][uuid] = None
            other, place = self.whose.setdefault(uuid, (inner, f"{exchange.asked} {pointer}"))
            if other != inner:
                expected = f"an id of its own; another record ({other}) has it in {place}"
                self.tell(exchange, "id-shared", shown(uuid), expected, pointer, identifier)
        for reference in references_of(record, kind, path):
            self.references.append((exchange, reference, identifier))
        if kind == "service" and words_of_safety(record):
            self.safe.add(summary.identifier)
        elif kind == "service_at_location" and has_place(record, kind):
            service = text_of(record, "service_id") or text_of(object_of(record, "service"), "id")
            self.placed.append((exchange, service, identifier, pointer_of(path)))

    def _same(self, exchange: Exchange, whole: Summary) -> None:
        """Whether a record by its id is the one of the list."""
        given = whole.identifier
        if exchange.identifier and given.lower() != exchange.identifier.lower():
            self.tell(exchange, "item-id", shown(given), "the id that was asked for", "/id")
            return
        listed = self.listed[whole.kind].get(given)
        if listed is None:
            return
        safe = listed.is_safe or whole.is_safe
        for key in sorted(listed.fields.keys() & whole.fields.keys()):
            if listed.fields[key] != whole.fields[key]:
                found = "(not repeated)" if safe else shown(whole.fields[key])
                expected = "what the list says"
                self.tell(exchange, "item-differs", found, expected, f"/{key}", told(given))

    # ------------------------------------------------------------ answers that must be none

    def _unknown(self, exchange: Exchange) -> None:
        if exchange.status == 404:
            return
        is_wrong = exchange.status == 200 or exchange.status >= 500
        found = f"status {exchange.status}"
        self.tell(exchange, "unknown-id", found, "status 404", is_extra=not is_wrong)

    def _beyond(self, exchange: Exchange) -> None:
        if 400 <= exchange.status < 500:
            return
        if exchange.status != 200:
            found = f"status {exchange.status}"
            self.tell(exchange, "page-beyond", found, "an empty page, or a 4xx status")
            return
        is_json, value = self._value(exchange)
        page = page_of(value, exchange.asked, exchange.page, exchange.per_page) if is_json else None
        if page is not None and page.there:
            found = f"{page.there} records"
            self.tell(exchange, "page-beyond", found, "no records", "/contents")
        elif page is not None and page.flags.get("empty") is False:
            self.tell(exchange, "page-flags", "false", "true", "/empty")

    def _odd(self, exchange: Exchange) -> None:
        if exchange.status >= 500:
            found = f"status {exchange.status}"
            self.tell(exchange, "odd-value", found, "a 4xx status, or a page")

    # ------------------------------------------------------------ parameters

    def _parameter(self, exchange: Exchange) -> None:
        names = {name for name, _ in exchange.parameters}
        is_extra = not names <= OF_THE_PROFILE.get(exchange.endpoint, FOR_ALL - {"search"})
        if exchange.status != 200:
            # Some answer 404 where nothing fits: not right, and no harm.
            lighter = is_extra or (exchange.fits_none and exchange.status == 404)
            found = f"status {exchange.status}"
            self.tell(exchange, "parameter-status", found, "status 200", is_extra=lighter)
            return
        is_json, value = self._value(exchange)
        if not is_json:
            return
        page = page_of(value, exchange.asked, 0, 0)
        if page is None:
            self.tell(exchange, "envelope", shown(value), "a page with contents", is_extra=is_extra)
            return
        if names & set(_SHAPE_ONLY):
            return
        if exchange.fits_none:
            self._fits_none(exchange, page, is_extra)
            return
        self._all_fit(exchange, value["contents"], page, is_extra)
        self._finds(exchange, page, is_extra)

    def _whole(self, endpoint: str) -> int | None:
        """How many records a list has without parameters."""
        pages = self.pages.get(endpoint)
        return pages[0].said.get("total_items", pages[0].there) if pages else None

    def _is_whole(self, exchange: Exchange, page: Page) -> bool:
        return page.said.get("total_items", page.there) == self._whole(exchange.endpoint)

    def _fits_none(self, exchange: Exchange, page: Page, is_extra: bool) -> None:
        if not page.there:
            return
        joined = len({name for name, _ in exchange.parameters}) > 1
        rule = "parameter-ignored" if self._is_whole(exchange, page) else "parameter-wrong"
        rule = "parameter-and" if joined else rule
        found = f"{page.there} records"
        self.tell(exchange, rule, found, "no records: nothing fits", "/contents", is_extra=is_extra)

    def _all_fit(self, exchange: Exchange, contents: list[Any], page: Page, is_extra: bool) -> None:
        kind = ENDPOINTS[exchange.endpoint].kind
        for number, record in enumerate(contents):
            if not isinstance(record, dict):
                continue
            given = summary_of(record, kind)
            full = self.known[kind].get(given.identifier)
            summary = full if full and full.is_full else given
            if self._fits(summary, exchange) is False:
                rule = "parameter-ignored" if self._is_whole(exchange, page) else "parameter-wrong"
                self.tell(
                    exchange,
                    rule,
                    "a record that does not fit",
                    "only records that fit",
                    f"/contents/{number}",
                    told(summary.identifier),
                    "" if summary.is_safe else told(summary.name),
                    is_extra,
                )
        whole = self._whole(exchange.endpoint)
        total = page.said.get("total_items", page.there)
        if whole is not None and total > whole:
            expected = f"at most {whole}, as without the parameter"
            self.tell(
                exchange, "parameter-wrong", str(total), expected, "/total_items", is_extra=is_extra
            )

    @staticmethod
    def _fits(summary: Summary, exchange: Exchange) -> bool | None:
        """Different parameters AND, one parameter repeated ORs; None where it cannot be said."""
        by_name: dict[str, list[bool | None]] = defaultdict(list)
        for name, value in exchange.parameters:
            by_name[name].append(fits(summary, name, value))
        either = [True if any(a) else None if None in a else False for a in by_name.values()]
        return False if False in either else None if None in either else True

    def _finds(self, exchange: Exchange, page: Page, is_extra: bool) -> None:
        is_one = page.said.get("total_pages", 1) <= 1
        missing = [t for t in exchange.targets if t not in page.ids]
        if not missing:
            return
        if not is_one:
            self.not_checked.append(
                f"Whether {exchange.asked} finds the record that fits: it gives more than a page."
            )
            return
        names = [name for name, _ in exchange.parameters]
        rule = "parameter-or" if len(set(names)) < len(names) else "parameter-loses"
        kind = ENDPOINTS[exchange.endpoint].kind
        for target in missing:
            summary = self.known[kind].get(target)
            name = told(summary.name) if summary and not summary.is_safe else ""
            expected = "the record that fits"
            place, record = "/contents", told(target)
            self.tell(exchange, rule, "not there", expected, place, record, name, is_extra)

    # ------------------------------------------------------------ all of it together

    def finish(self, exchanges: Iterable[Exchange]) -> None:
        """Judge what only shows when everything has been seen."""
        by_asked = {exchange.asked: exchange for exchange in exchanges}
        for endpoint in ENDPOINTS:
            for group in (self.pages[endpoint], self.small[endpoint]):
                for page, fault in together(group):
                    self._fault(by_asked[page.asked], fault)
        self._missing(by_asked.values())
        self._references()
        for exchange, service, identifier, pointer in self.placed:
            if service in self.safe:
                self.tell(exchange, "safe-place", "(not repeated)", "no place", pointer, identifier)

    def _missing(self, exchanges: Iterable[Exchange]) -> None:
        """Endpoints of which a folder has nothing."""
        seen = {exchange.endpoint for exchange in exchanges}
        for endpoint in ENDPOINTS.values():
            if endpoint.path in seen:
                continue
            listed = endpoint.path.removesuffix("/{id}")
            if endpoint.is_item and listed in seen and not self._whole(listed):
                continue
            exchange = Exchange(endpoint.path, Role.page, endpoint.path)
            self.tell(exchange, "endpoint", "nothing", "an answer")

    def _references(self) -> None:
        complete = {kind for kind in self.ids if self._is_complete(kind)}
        skipped = set()
        for exchange, reference, identifier in self.references:
            if reference.identifier in self.ids.get(reference.kind, {}):
                continue
            if reference.kind not in complete:
                skipped.add(reference.kind.replace("_", " "))
                continue
            self.tell(
                exchange,
                "reference",
                shown(reference.identifier),
                f"an id that is in the feed ({reference.kind})",
                reference.pointer,
                identifier,
            )
        for kind in sorted(skipped):
            self.not_checked.append(
                f"Whether every {kind} that is named exists: not all of them were read."
            )

    def _is_complete(self, kind: str) -> bool:
        """Whether all records of a kind have been read, so that one not seen is not there."""
        path = _LISTS.get(kind, "")
        pages, total = self.pages.get(path, []), self._whole(path)
        return bool(pages) and total is not None and sum(p.there for p in pages) >= total

    def looks(self, exchanges: Iterable[Exchange]) -> Iterable[Look]:
        """How much of each endpoint was looked at."""
        answers: dict[str, int] = defaultdict(int)
        items: dict[str, int] = defaultdict(int)
        for exchange in exchanges:
            answers[exchange.endpoint] += bool(exchange.file)
            items[exchange.endpoint] += exchange.role is Role.item and exchange.status == 200
        for endpoint in ENDPOINTS.values():
            pages = self.pages.get(endpoint.path, [])
            of_pages = max((p.said.get("total_pages", 0) for p in pages), default=0)
            listed = endpoint.path.removesuffix("/{id}")
            records = items[endpoint.path] if endpoint.is_item else sum(p.there for p in pages)
            total = 0 if endpoint.path == "/" else (self._whole(listed) or 0)
            yield Look(
                endpoint.path,
                endpoint.level,
                answers[endpoint.path],
                len(pages),
                max(of_pages, len(pages)),
                records,
                max(total, records),
            )


def _parameter(exchange: Exchange) -> str:
    names = " & ".join(dict.fromkeys(name for name, _ in exchange.parameters))
    is_repeated = len({n for n, _ in exchange.parameters}) < len(exchange.parameters)
    return f"{exchange.endpoint} {names}{' (twice)' if is_repeated else ''}"
