"""A feed of Open Referral over the web: its pages, politely, and nothing but its pages.

What is asked: the pages of `/services`, then `/services/{id}` of each service that the list gives
only in short. Places are not asked for: no address is kept of any service. Only https is spoken,
and http to this machine itself; a redirect is followed on the same host alone; everything has a
limit.
"""

import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx

from graph.errors import Problem
from graph.imports.json_text import parse_json, too_large
from graph.sources.archive import MAX_BYTES

Progress = Callable[[str], None]
_AGENT = "fingerpost (import of open data; Open Referral)"
_REDIRECTS = 3
_LATER = "Try again later, or save the feed as files and import these."
_SHORT = frozenset({"attributes", "service_areas", "funding", "schedules", "contacts"})
"""What only a service given in full has."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a feed, and how fast."""

    size: int = MAX_BYTES
    requests: int = 10_000
    per_page: int = 100
    timeout: float = 20.0
    """Seconds without an answer, and for one answer to be whole three times as many."""
    pause: float = 0.1
    """Seconds between two requests."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(slots=True)
class Visit:
    """What is asked of one feed: all of it together has the limits, and its problems stay here."""

    base: str
    shown: str
    limits: Limits
    client: httpx.Client
    requests: int = 0
    size: int = 0
    problems: list[Problem] = field(default_factory=list)

    def get(self, path: str) -> tuple[Any, bytes] | None:
        """The JSON at a path below the base, and its bytes; or None and a problem."""
        listed = path.partition("?")[0]
        name = f"{self.shown}{listed if listed in ('/', '/services') else '/services/{id}'}"
        answer = self.ask(path, name)
        if answer is None:
            return None
        if answer.status != 200:
            advice = "Check the address, or try again later."
            self._wrong(name, f"an answer, not the status {answer.status}", advice)
            return None
        value, problems = parse_json(answer.content, name)
        self.problems += problems
        return None if problems else (value, answer.content)

    def ask(self, path: str, name: str) -> Answer | None:
        """The answer at a path below the base, of any status; or None and a problem."""
        if self.requests >= self.limits.requests:
            self._wrong(name, f"at most {self.limits.requests} requests")
            return None
        if self.requests:
            time.sleep(self.limits.pause)
        self.requests += 1
        try:
            return self._answer(f"{self.base}{path}", name)
        except httpx.TimeoutException:
            self._wrong(name, "an answer in time", _LATER)
            return None
        except httpx.HTTPError:
            self._wrong(name, "an answer at this address", _LATER)
            return None
        except (httpx.InvalidURL, ValueError):
            self._wrong(name, "an address that can be asked", "Check the address.")
            return None

    def _answer(self, url: str, name: str) -> Answer | None:
        host = urlsplit(url)[:2]
        for _ in range(_REDIRECTS + 1):
            with self.client.stream("GET", url) as answer:
                if not answer.has_redirect_location:
                    content = self._body(answer, name)
                    if content is None:
                        return None
                    return Answer(answer.status_code, dict(answer.headers), content)
                url = urljoin(url, answer.headers["location"])
                if urlsplit(url)[:2] != host:
                    advice = "If you trust where it leads, give that address instead."
                    self._wrong(name, "no redirect to another host", advice)
                    return None
        self._wrong(name, f"at most {_REDIRECTS} redirects", "Give the address it leads to.")
        return None

    def _body(self, answer: httpx.Response, name: str) -> bytes | None:
        end = time.monotonic() + 3 * self.limits.timeout
        content = bytearray()
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            expected = "an answer that is not packed"
            self._wrong(name, expected, "Ask whoever runs the feed to send it as it is.")
            return None
        for chunk in answer.iter_bytes():
            content += chunk
            if self.size + len(content) > self.limits.size:
                self.problems.append(too_large(name))
                return None
            if time.monotonic() > end:
                raise httpx.ReadTimeout("too slow")
        self.size += len(content)
        return bytes(content)

    def wrong(self, path: str, expected: str, advice: str) -> None:
        """Note what is wrong with an answer."""
        self._wrong(f"{self.shown}{path}", expected, advice)

    def _wrong(self, name: str, expected: str, advice: str = "Import it in parts.") -> None:
        self.problems.append(Problem(name, 0, "", "", expected, advice))


def address_problem(url: str) -> Problem | None:
    """Why an address is not asked, or None. The address itself is not repeated."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    advice = "Give the address of the feed, such as https://example.org/api."
    if not host or parts.scheme not in ("https", "http"):
        return Problem("the feed", 0, "", "", "an address that begins with https://", advice)
    if parts.username or parts.password:
        return Problem("the feed", 0, "", "", "an address without a name or password", advice)
    if parts.scheme == "http" and not _is_this_machine(host):
        return Problem("the feed", 0, "", "", "https, except on this machine itself", advice)
    return None


def base_of(url: str) -> str:
    """The base of a feed from its address, or from that of its `/services`; a query is no part."""
    return re.sub(r"/services$", "", url.partition("?")[0].partition("#")[0].rstrip("/"))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def visiting(url: str, limits: Limits, headers: Mapping[str, str] = {}) -> Iterator[Visit]:
    """A visit to a feed whose address has no problem; `headers` are sent beside our own."""
    base = base_of(url)
    # A proxy of the surroundings is used for the world, and never for this machine itself.
    trusts = not _is_this_machine(urlsplit(url).hostname or "")
    # What is packed several times over would be unpacked before its size is known.
    sent = {
        "User-Agent": _AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        **headers,
    }
    with httpx.Client(timeout=limits.timeout, headers=sent, trust_env=trusts) as client:
        yield Visit(base, urlsplit(base).hostname or "", limits, client)


def fetch(
    url: str, folder: Path, progress: Progress = lambda _: None, limits: Limits | None = None
) -> list[Problem]:
    """Save the answers of a feed in a folder, as they came, and say what went wrong.

    The address is the feed's base, or its `/services`. Reading what is saved is another step, which
    may be done where there is no network (see `graph/sandbox.py`).
    """
    wrong = address_problem(url)
    if wrong:
        return [wrong]
    with visiting(url, limits or Limits()) as visit:
        for name, content in _answers(visit, progress):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return visit.problems


def _answers(visit: Visit, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """The answers by the names of files; names are counted, for ids may be anything."""
    root = visit.get("/")
    if root is None:
        return
    yield "index.json", root[1]
    number, total = 1, 1
    known: set[str] = set()
    short: set[str] = set()
    while number <= total:
        query = urlencode({"page": number, "per_page": visit.limits.per_page})
        answer = visit.get(f"/services?{query}")
        if answer is None:
            return
        page, content = answer
        total = _total(page)
        progress(f"page {number} of {total}")
        items = _listed(page.get("contents")) if isinstance(page, dict) else []
        ids = {str(item.get("id")) for item in items if isinstance(item, dict)}
        if total > 1 and ids <= known:
            visit.wrong("/services", "other services on each page", _LATER)
            return
        known |= ids
        short |= {_id(item) for item in items if _is_short(item)}
        yield f"services-{number}.json", content
        number += 1
    for count, identifier in enumerate(sorted(short), start=1):
        progress(f"service {count} of {len(short)}")
        answer = visit.get(f"/services/{quote(identifier, safe='')}")
        if answer is None:
            return
        yield f"services/{count}.json", answer[1]


def _listed(items: Any) -> list[Any]:
    return items if isinstance(items, list) else []


def _total(page: Any) -> int:
    total = page.get("total_pages") if isinstance(page, dict) else None
    return total if type(total) is int else 0


def _id(item: dict[str, Any]) -> str:
    return str(item["id"])


def _is_short(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str) and not _SHORT & set(item)
