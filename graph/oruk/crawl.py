"""Ask a feed what a check needs to know, politely, and record the answers as they came.

Asked are all eleven endpoints, the first, a middle and the last page of each list (or all pages),
some records by their id (or all), an id that nobody has, a page beyond the last, values that make
no sense, and every documented parameter with values taken from the feed itself. What to ask next
depends on what came, so answers are read here too, with the limits of `graph/imports/json_text.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from graph.errors import FingerpostError, InputError
from graph.imports.feed import Limits, Progress, Visit, address_problem, base_of, visiting
from graph.imports.json_text import parse_json
from graph.oruk.exchange import Exchange, Recorded, Role, write_recorded
from graph.oruk.findings import ENDPOINTS, Endpoint, told
from graph.oruk.summary import Summary, moment_of, summary_of
from graph.sources.archive import MAX_BYTES

NOBODY = "f0e1d2c3-b4a5-4687-9786-a5b4c3d2e1f0"
"""A UUID that no record should have."""
NONSENSE = "qzxvkjwqphlm"
"""A word that no record should hold."""
_ORIGIN = "https://feed-check.invalid"
"""Servers that tell who may read a feed do so where a request says where it comes from."""
_LIMITS = Limits(size=MAX_BYTES * 9 // 10)
"""What is recorded must still be small enough to be read."""
_SAMPLE = 3
_PATIENCE = 5
"""After so many requests in a row without an answer, no more is asked."""
_TOO_MANY = 429
_ODD = (("page", "0"), ("page", "x"), ("per_page", "0"), ("per_page", "x"))
_LISTS = tuple(e for e in ENDPOINTS.values() if e.is_list)
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Probe:
    parameters: Pairs
    targets: tuple[str, ...] = ()
    fits_none: bool = False


@dataclass(slots=True)
class _Recorder:
    visit: Visit
    folder: Path
    progress: Progress
    every_page: bool
    exchanges: list[Exchange] = field(default_factory=list)
    silent: int = 0
    stopped: str = ""

    def ask(self, exchange: Exchange, parameters: Pairs = ()) -> Any:
        """The JSON that is answered, or None; the answer is recorded whatever it is."""
        if self.stopped:
            return None
        base = exchange.endpoint.replace("{id}", quote(exchange.identifier, safe=""))
        path = f"{base}?{urlencode(parameters)}" if parameters else base
        self.progress(f"{len(self.exchanges) + 1}: {_plain(path)}")
        before = len(self.visit.problems)
        answer = self.visit.ask(path, exchange.endpoint)
        exchange = replace(exchange, asked=_plain(path), is_live=True)
        if answer is None:
            why = self.visit.problems[before].expected
            self._without_answer(exchange, why)
            return None
        self.silent = 0
        if answer.status == _TOO_MANY:
            many = len(self.exchanges)
            self.stopped = f"Everything after {many} requests: the server asks for fewer (429)."
            return None
        file = f"{len(self.exchanges)}.json"
        (self.folder / file).write_bytes(answer.content)
        self.exchanges.append(
            replace(
                exchange,
                file=file,
                status=answer.status,
                content_type=told(answer.headers.get("content-type", "")),
                origin=told(answer.headers.get("access-control-allow-origin", "")),
            )
        )
        if answer.status != 200:
            return None
        return parse_json(answer.content, file)[0]

    def _without_answer(self, exchange: Exchange, why: str) -> None:
        if why.startswith("at most") and "redirect" not in why:
            self.stopped = f"Everything after {len(self.exchanges)} requests: the limit is {why}."
            return
        self.exchanges.append(replace(exchange, failure=why))
        self.silent += 1
        if self.silent >= _PATIENCE:
            self.stopped = f"Everything after {self.silent} requests in a row without an answer."


def _plain(path: str) -> str:
    """A request as it is told: ids and words of the feed may be anything."""
    return told(path) if len(path) < 200 else f"{told(path[:60])}…"


def crawl(
    url: str,
    folder: Path,
    every_page: bool = False,
    progress: Progress = lambda _: None,
    limits: Limits | None = None,
) -> None:
    """Record a feed in a folder; its address may also be that of its `/services`.

    Raises InputError where the address cannot be asked, and FingerpostError where nothing answers.
    """
    wrong = address_problem(url)
    if wrong:
        raise InputError([wrong])
    with visiting(url, limits or _LIMITS, {"Origin": _ORIGIN}) as visit:
        recorder = _Recorder(visit, folder, progress, every_page)
        recorder.ask(Exchange("/", Role.root, "/"))
        known = {endpoint.path: _list(recorder, endpoint) for endpoint in _LISTS}
        for endpoint in _LISTS:
            _parameters(recorder, endpoint, known[endpoint.path])
        if not any(exchange.file for exchange in recorder.exchanges):
            why = visit.problems[0].expected if visit.problems else "an answer"
            raise FingerpostError(
                f"Nothing answers at this address (expected {why}). Check it, and that the feed "
                "runs; then try again."
            )
        not_checked = [recorder.stopped] if recorder.stopped else []
        not_checked.append(
            "What postcode, proximity, minimal, full, full_service and format do: only that they "
            "are answered."
        )
        if not every_page:
            not_checked.append(
                "Pages between the first, a middle and the last one, and most records by their id: "
                "--all asks for all of them."
            )
        recorded = Recorded(told(base_of(url)), tuple(recorder.exchanges), tuple(not_checked))
        write_recorded(recorded, folder)


def _list(recorder: _Recorder, endpoint: Endpoint) -> dict[str, Summary]:
    """The records that the pages of a list and its single records give, by id."""
    per_page = recorder.visit.limits.per_page
    first = _page(recorder, endpoint, 1, per_page)
    total, items = _count(first, "total_pages"), _count(first, "total_items")
    known = _summaries(first, endpoint)
    samples = list(known)[:1]
    wanted = range(2, total + 1) if recorder.every_page else sorted({(total + 1) // 2, total} - {1})
    for number in wanted:
        if number > 1 and not recorder.stopped:
            found = _summaries(_page(recorder, endpoint, number, per_page), endpoint)
            samples += list(found)[:1]
            known |= found
    if items > 1:
        for number in (1, 2):
            _page(recorder, endpoint, number, 1, Role.small)
    if first is not None:
        _edges(recorder, endpoint, total, per_page)
    single = ENDPOINTS[f"{endpoint.path}/{{id}}"]
    for identifier in list(known) if recorder.every_page else samples[:_SAMPLE]:
        asked = Exchange(single.path, Role.item, "", identifier=identifier)
        whole = recorder.ask(asked)
        if isinstance(whole, dict) and whole.get("id") == identifier:
            known[identifier] = summary_of(whole, endpoint.kind)
    recorder.ask(Exchange(single.path, Role.unknown, "", identifier=NOBODY))
    return known


def _page(
    recorder: _Recorder, endpoint: Endpoint, number: int, per_page: int, role: Role = Role.page
) -> Any:
    exchange = Exchange(endpoint.path, role, "", page=number, per_page=per_page)
    return recorder.ask(exchange, (("page", str(number)), ("per_page", str(per_page))))


def _edges(recorder: _Recorder, endpoint: Endpoint, total: int, per_page: int) -> None:
    beyond = total + 1000
    exchange = Exchange(endpoint.path, Role.beyond, "", page=beyond, per_page=per_page)
    recorder.ask(exchange, (("page", str(beyond)), ("per_page", str(per_page))))
    for pair in _ODD if endpoint.level == 1 else ():
        recorder.ask(Exchange(endpoint.path, Role.odd, "", parameters=(pair,)), (pair,))


def _count(page: Any, key: str) -> int:
    value = page.get(key) if isinstance(page, dict) else None
    return value if type(value) is int and value > 0 else 0


def _summaries(page: Any, endpoint: Endpoint) -> dict[str, Summary]:
    contents = page.get("contents") if isinstance(page, dict) else None
    found = {}
    for record in contents if isinstance(contents, list) else ():
        if isinstance(record, dict) and isinstance(record.get("id"), str) and record["id"]:
            found[record["id"]] = summary_of(record, endpoint.kind)
    return found


# ---------------------------------------------------------------- parameters


def _parameters(recorder: _Recorder, endpoint: Endpoint, known: dict[str, Summary]) -> None:
    if not known:
        return
    size = str(recorder.visit.limits.per_page)
    # A word or value of safe accommodation is not sent about, and not told in a report.
    usable = [s for s in known.values() if not s.is_safe]
    for probe in _probes(endpoint, usable):
        exchange = Exchange(
            endpoint.path,
            Role.parameter,
            "",
            page=1,
            per_page=int(size),
            parameters=probe.parameters,
            targets=probe.targets,
            fits_none=probe.fits_none,
        )
        recorder.ask(exchange, (*probe.parameters, ("page", "1"), ("per_page", size)))


def _probes(endpoint: Endpoint, known: Sequence[Summary]) -> Iterator[_Probe]:
    yield _Probe((("search", NONSENSE),), fits_none=True)
    if endpoint.kind in ("service", "service_at_location"):
        yield from _of_services(known)
        yield from _of_times(known)
    if endpoint.kind == "service":
        yield from _of_words(known)
        yield from (_Probe(((name, "true"),)) for name in ("minimal", "full"))
        yield _Probe((("format", "json"),))
    elif endpoint.kind == "service_at_location":
        yield _Probe((("postcode", "SW1A 1AA"),))
        yield _Probe((("postcode", "SW1A 1AA"), ("proximity", "1000")))
    elif endpoint.kind == "taxonomy_term":
        yield from _of_terms(known)
    elif endpoint.kind == "organization":
        yield _Probe((("full_service", "true"),))


def _of_words(known: Sequence[Summary]) -> Iterator[_Probe]:
    for summary in known:
        words = re.findall(r"[A-Za-z]{5,20}", summary.name)
        if words:
            yield _Probe((("search", max(words, key=len)),), (summary.identifier,))
            return


def _of_services(known: Sequence[Summary]) -> Iterator[_Probe]:
    terms = [(min(s.terms), s) for s in known if s.terms]
    for name in ("taxonomy_term_id", "taxonomy_id", "organization_id"):
        yield _Probe(((name, NOBODY),), fits_none=True)
    if terms:
        term, one = terms[0]
        yield _Probe((("taxonomy_term_id", term),), (one.identifier,))
        yield _Probe((("taxonomy_term_id", term), ("search", NONSENSE)), fits_none=True)
        other = next(((t, s) for t, s in terms if term not in s.terms), None)
        if other:
            both = (("taxonomy_term_id", term), ("taxonomy_term_id", other[0]))
            yield _Probe(both, (one.identifier, other[1].identifier))
    for name, values in (
        ("taxonomy_id", [(min(s.taxonomies), s) for s in known if s.taxonomies]),
        ("organization_id", [(s.organization, s) for s in known if s.organization]),
    ):
        for value, summary in values[:1]:
            yield _Probe(((name, value),), (summary.identifier,))


def _of_times(known: Sequence[Summary]) -> Iterator[_Probe]:
    for name, choose in (("minimum_age", max), ("maximum_age", min)):
        aged = [(s.fields[name], s.identifier) for s in known if _is_age(s.fields.get(name))]
        value, target = choose(aged) if aged else ("16", "")
        yield _Probe(((name, str(value)),), (target,) if target else ())
    day = next((min(s.days) for s in known if s.days), "MO")
    for name, value in (("day", day), ("start_time", "09:00"), ("end_time", "17:00")):
        yield _Probe(((name, value),))
    # What has no date may come back all the same, so that no harvest misses it.
    yield _Probe((("modified_after", "2999-01-01T00:00:00Z"),))
    changed = [
        (moment, str(s.fields["last_modified"]), s.identifier)
        for s in known
        if (moment := moment_of(s.fields.get("last_modified")))
    ]
    if changed:
        _, value, target = max(changed)
        yield _Probe((("modified_after", value),), (target,))


def _is_age(value: Any) -> bool:
    return not isinstance(value, str | None) and 0 <= value <= 150


def _of_terms(known: Sequence[Summary]) -> Iterator[_Probe]:
    yield _Probe((("taxonomy_id", NOBODY),), fits_none=True)
    yield _Probe((("parent_id", NOBODY),), fits_none=True)
    yield _Probe((("top_only", "true"),))
    for name in ("taxonomy_id", "parent_id"):
        for summary in [s for s in known if s.fields.get(name)][:1]:
            yield _Probe(((name, str(summary.fields[name])),), (summary.identifier,))
