"""A small feed of Open Referral UK in which nothing is wrong, as files and as a server.

Holds: the records, a folder of them, and an application that serves them with pages and
parameters. A test spoils one thing in it and looks whether the check says so.
"""

import copy
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

DAY = "2026-11-22"
Json = dict[str, Any]


def uid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://feed.example/{name}"))


ROOT = {
    "version": "HSDS-UK-3.0",
    "profile": "https://docs.openreferraluk.org/en/latest/hsds_uk/",
    "openapi_url": "https://docs.openreferraluk.org/en/latest/openapi30.json",
}
ORGANIZATIONS = [
    {
        "id": uid("organization 1"),
        "name": "Testham Council",
        "description": "The local authority.",
        "email": "info@testham.example",
        "website": "https://testham.example/",
        "uri": "https://testham.example/id/council",
    },
    {
        "id": uid("organization 2"),
        "name": "Testham Help",
        "description": "A charity.",
        "parent_organization_id": uid("organization 1"),
        "organization_identifiers": [
            {
                "id": uid("identifier 1"),
                "organization_id": uid("organization 2"),
                "identifier_scheme": "GB-CHC",
                "identifier_type": "Charity number",
                "identifier": "1234567",
            }
        ],
    },
]
TERMS = [
    {
        "id": uid(f"term {n}"),
        "name": name,
        "description": f"Help with {name.lower()}.",
        "taxonomy": "Needs",
        "taxonomy_id": uid("taxonomy"),
        "term_uri": f"https://testham.example/needs/{n}",
        "term": name,
        **({"parent_id": uid("term 1")} if n == 2 else {}),
    }
    for n, name in enumerate(("Money", "Debt", "Housing"), 1)
]
TAXONOMY = {
    "id": uid("taxonomy"),
    "name": "Needs",
    "description": "What people need help with.",
    "uri": "https://testham.example/needs",
    "version": "1",
}
NAMES = ("Debt advice", "Housing advice", "Befriending", "Counselling", "Carers support")


def place(number: int) -> Json:
    return {
        "id": uid(f"place {number}"),
        "service_id": uid(f"service {number}"),
        "location": {
            "id": uid(f"location {number}"),
            "location_type": "physical",
            "name": "Testham Library",
            "latitude": 51.5,
            "longitude": -0.1,
            "addresses": [
                {
                    "id": uid(f"address {number}"),
                    "location_id": uid(f"location {number}"),
                    "address_1": "1 Library Square",
                    "city": "Testham",
                    "state_province": "Testshire",
                    "postal_code": "SW1A 1AA",
                    "country": "GB",
                    "address_type": "physical",
                }
            ],
            "accessibility": [{"id": uid(f"access {number}"), "url": "https://testham.example/a"}],
        },
    }


def service(number: int) -> Json:
    own = uid(f"service {number}")
    term = TERMS[number % 3]
    return {
        "id": own,
        "organization_id": uid("organization 2"),
        "organization": copy.deepcopy(ORGANIZATIONS[1]),
        "name": NAMES[number],
        "description": f"{NAMES[number]} for anybody in Testham.",
        "url": "https://testham.example/services",
        "email": "help@testham.example",
        "status": "active",
        "minimum_age": 10 + number,
        "maximum_age": 90 - number,
        "assured_date": "2026-11-01",
        "assurer_email": "info@testham.example",
        "last_modified": f"2026-11-0{number + 1}T10:30:45Z",
        "schedules": [
            {
                "id": uid(f"schedule {number}"),
                "service_id": own,
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
                "freq": "WEEKLY",
                "interval": 1,
                "byday": "MO,WE",
                "opens_at": "09:00",
                "closes_at": "17:00",
            }
        ],
        "service_areas": [{"id": uid(f"area {number}"), "service_id": own, "name": "Testham"}],
        "service_at_locations": [place(number)],
        "languages": [{"id": uid(f"language {number}")}],
        "funding": [{"id": uid(f"funding {number}"), "service_id": own, "source": "A grant"}],
        "cost_options": [
            {
                "id": uid(f"cost {number}"),
                "service_id": own,
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
                "amount": 5,
            }
        ],
        "contacts": [{"id": uid(f"contact {number}"), "service_id": own, "title": "Reception"}],
        "phones": [{"id": uid(f"phone {number}"), "number": "01632 960001"}],
        "attributes": [
            {
                "id": uid(f"attribute {number}"),
                "link_id": own,
                "link_type": "need",
                "taxonomy_term_id": term["id"],
                "taxonomy_term": copy.deepcopy(term),
            }
        ],
    }


def records() -> dict[str, list[Json]]:
    """The records of each list; a new copy, to be spoilt."""
    found = {
        "services": [service(number) for number in range(5)],
        "organizations": ORGANIZATIONS,
        "taxonomies": [TAXONOMY | {"taxonomy_terms": TERMS}],
        "taxonomy_terms": TERMS,
        "service_at_locations": [place(number) for number in range(5)],
    }
    return copy.deepcopy(found)


def envelope(items: list[Any], number: int = 1, per_page: int = 100) -> Json:
    total = -(-len(items) // per_page)
    contents = items[(number - 1) * per_page : number * per_page]
    return {
        "total_items": len(items),
        "total_pages": total,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= total,
        "empty": not contents,
        "contents": contents,
    }


def files() -> dict[str, Any]:
    """The documents of a folder by name, in the layout of our export."""
    documents: dict[str, Any] = {"index.json": dict(ROOT)}
    for name, items in records().items():
        documents[f"{name}.json"] = envelope(items)
        for item in items:
            documents[f"{name}/{item['id']}.json"] = copy.deepcopy(item)
    return documents


def write(documents: Mapping[str, Any], folder: Path) -> Path:
    for name, document in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        path.write_bytes(content)
    return folder


# ---------------------------------------------------------------- a server

Test = Callable[[Json, list[str]], bool]


def _terms(record: Json) -> set[str]:
    return {a["taxonomy_term"]["id"] for a in record.get("attributes", ())}


def _taxonomies(record: Json) -> set[str]:
    own = {record["taxonomy_id"]} if "taxonomy_id" in record else set()
    return own | {a["taxonomy_term"]["taxonomy_id"] for a in record.get("attributes", ())}


FILTERS: Mapping[str, Test] = {
    "search": lambda r, v: any(w.lower() in json.dumps(r).lower() for w in v),
    "taxonomy_term_id": lambda r, v: bool(_terms(r) & set(v)),
    "taxonomy_id": lambda r, v: bool(_taxonomies(r) & set(v)),
    "organization_id": lambda r, v: r.get("organization_id") in v,
    "minimum_age": lambda r, v: r.get("minimum_age", 0) >= min(map(float, v)),
    "maximum_age": lambda r, v: r.get("maximum_age", 0) <= max(map(float, v)),
    "modified_after": lambda r, v: str(r.get("last_modified", "")) >= min(v),
    "day": lambda r, v: any(d in s["byday"] for d in v for s in r.get("schedules", ())),
    "start_time": lambda r, v: any(s["opens_at"] >= min(v) for s in r.get("schedules", ())),
    "end_time": lambda r, v: any(s["closes_at"] <= max(v) for s in r.get("schedules", ())),
    "parent_id": lambda r, v: r.get("parent_id") in v,
    "top_only": lambda r, v: "parent_id" not in r,
}
Answers = Callable[[Request, "Server"], Response | None]


class Server:
    """What a feed answers; a test replaces one answer, or ignores some parameters."""

    def __init__(
        self,
        answer: Answers = lambda _, __: None,
        ignored: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
        found: dict[str, list[Json]] | None = None,
    ) -> None:
        self.answer, self.ignored = answer, ignored
        self.headers = {"Access-Control-Allow-Origin": "*"} if headers is None else headers
        self.found = records() if found is None else found
        self.asked: list[str] = []

    def reply(self, request: Request) -> Response:
        self.asked.append(str(request.url.path) + ("?" if request.url.query else "")
                          + request.url.query)  # fmt: skip
        special = self.answer(request, self)
        return self.plain(request) if special is None else special

    def json(self, value: Any, status: int = 200) -> Response:
        return JSONResponse(value, status, dict(self.headers))

    def plain(self, request: Request) -> Response:
        steps = [step for step in request.url.path.split("/") if step]
        if not steps:
            return self.json(ROOT)
        items = self.found.get(steps[0])
        if items is None:
            return self.json({"error": "no such endpoint"}, 404)
        if len(steps) > 1:
            one = next((i for i in items if i["id"] == steps[1]), None)
            return self.json(one) if one else self.json({"error": "no such record"}, 404)
        return self._list(request, items)

    def _list(self, request: Request, items: list[Json]) -> Response:
        query = request.query_params
        try:
            number, size = int(query.get("page", "1")), int(query.get("per_page", "100"))
        except ValueError:
            return self.json({"error": "a number"}, 400)
        if number < 1 or size < 1:
            return self.json({"error": "a number above 0"}, 400)
        for name in set(query.keys()) & set(FILTERS) - set(self.ignored):
            items = [item for item in items if FILTERS[name](item, query.getlist(name))]
        return self.json(envelope(items, number, size))


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """The address of a feed that runs on this machine until the end of the block."""
    app = Starlette()
    app.add_route("/{path:path}", server.reply)
    with running(app) as url:
        yield url


@contextmanager
def running(app: Any) -> Iterator[str]:
    """The address of an application that runs on this machine until the end of the block."""
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off")
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    while not served.started:
        thread.join(0.01)
    port = served.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        served.should_exit = True
        thread.join(10)
