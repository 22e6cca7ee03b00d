"""Providers are asked by links of their own: who sees what, and what an answer changes."""

import csv
import datetime
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pytest
from conftest import PARTNERSHIPS
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from public_home import TODAY

from api.access import log
from api.asking_once.answers import prefilled, read_sent
from api.asking_once.counts import Searches, shown
from api.asking_once.ledger import DAYS, Asking, Ledger, Link
from api.asking_once.letterbox import FOLDER, Letterbox, digest_of
from api.asking_once.packets import Entries, Own, Packet
from api.asking_once.revision import differing, revised
from api.open.answers import UNKNOWN
from api.public import create_public_app
from api.published import Published
from api.routes.checks import _csv
from api.settings import Settings
from api.staff import create_staff_app
from graph import drafts
from graph.build import build_dataset
from graph.columns import frames_of
from graph.imports.merge import tables_of
from graph.model import PropertyGraph
from graph.public import write_public
from graph.release import read_graph, write_release
from graph.stores.embedded import EmbeddedStore
from ontology.schema import Schema
from queries.directory.directory import directory
from queries.suppression import LEAST, STEP, suppressed

BASE = "http://127.0.0.1:8000"
PUBLIC_URL = "https://help.example.org"
NOON = datetime.datetime.combine(TODAY, datetime.time(12), datetime.UTC)
CANARIES = ("Canary", "QZ9 9ZZ", "56.987", "1 Canary Row", "kestrelgate-house", "Kestrelgate house")
"""What the example has of the refuge's whereabouts, for staff alone."""


class Clock:
    """A clock that tests set."""

    time = NOON

    def __call__(self) -> datetime.datetime:
        return self.time


@dataclass
class World:
    """A home with both applications over it."""

    home: Path
    staff: TestClient
    public: TestClient
    clock: Clock

    def links(self, *agencies: str) -> dict[str, str]:
        """Make links; the path of each by the provider's name."""
        sent = self.staff.post(
            "/checks/links", data={"partnership": "example", "provider": list(agencies)}
        )
        assert sent.status_code == 200, sent.text
        rows = list(csv.DictReader(io.StringIO(sent.text)))
        return {row["provider"]: row["link"].removeprefix(PUBLIC_URL) for row in rows}

    def ref(self, agency: str) -> str:
        """What staff call the newest link of a provider."""
        asked = Ledger(self.home).askings("example")
        return next(a.ref for a in asked if a.own.agency == agency and not a.closed)

    def answer(self, name: str) -> list[dict[str, object]]:
        """The rows of a question."""
        got = self.staff.get(f"/questions/{name}.json?partnership=example")
        assert got.status_code == 200, got.text
        rows: list[dict[str, object]] = got.json()
        return rows

    def publish(self) -> None:
        """Publish the draft."""
        draft = (self.home / "releases" / "draft").read_text().strip()
        done = self.staff.post("/draft/publish", json={"release": draft})
        assert done.status_code == 200, done.text


@pytest.fixture(scope="module")
def example(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the invented partnership alone, and the public one made of it."""
    home = tmp_path_factory.mktemp("example")
    write_release(build_dataset([PARTNERSHIPS / "example"], schema), home)
    write_public(home, schema)
    live = drafts.live_release(home)
    assert live
    store = EmbeddedStore(home / "store")
    store.replace(frames_of(live, schema), schema)
    store.close()
    return home


@pytest.fixture(scope="module")
def graph(example: Path, schema: Schema) -> PropertyGraph:
    live = drafts.live_release(example)
    assert live
    return read_graph(live, schema)


@pytest.fixture
def world(example: Path, graph: PropertyGraph, schema: Schema, tmp_path: Path) -> Iterator[World]:
    home = tmp_path / "home"
    shutil.copytree(example, home)
    store = EmbeddedStore(home / "store")
    clock = Clock()
    staff = create_staff_app(store, schema, Settings(home=home, public_url=PUBLIC_URL), clock)
    public = create_public_app(
        Published(home, schema, None),
        today=lambda: clock.time.date(),
        letterbox=Letterbox(home / FOLDER),
    )
    with TestClient(staff, base_url=BASE, follow_redirects=False) as one:
        yield World(home, one, TestClient(public, base_url=PUBLIC_URL), clock)
    store.close()


def number_of(page: str, service: str) -> int:
    """The number by which a form calls a service."""
    return re.findall(r'<h2 id="title-\d+">([^<]*)</h2>', unescape(page)).index(service)


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody changed."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        about = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if about["type"] in ("radio", "checkbox") and " checked" not in tag:
            continue
        found.setdefault(about["name"], []).append(unescape(about["value"]))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', page, re.S):
        found[name] = re.findall(r"<option selected>([^<]*)</option>", options) or [""]
    return found


# ---------------------------------------------------------------- the list and the links


def test_the_list_tells_the_oldest_check_first(world: World) -> None:
    page = world.staff.get("/checks").text
    names = [unescape(name) for name in re.findall(r'<label for="p-[^"]+">([^<]+)</label>', page)]
    providers = Entries(_graph(world), _schema(world)).providers("example")
    assert names == [provider.name for provider in providers]
    never = [p for p in providers if p.oldest is None]
    assert providers[: len(never)] == never, "who was never checked comes first"
    dated = [p.oldest for p in providers if p.oldest]
    assert dated == sorted(dated)


def _graph(world: World) -> PropertyGraph:
    live = drafts.live_release(world.home)
    assert live
    return read_graph(live, _schema(world))


def _schema(world: World) -> Schema:
    schema: Schema = world.staff.app.state.schema  # type: ignore[attr-defined]
    return schema


def test_links_come_once_as_a_file_and_no_token_is_kept(world: World) -> None:
    path = world.links("kestrelgate", "chashma")
    assert len(path) == 2
    tokens = [one.rpartition("/")[2] for one in path.values()]
    kept = b"".join(p.read_bytes() for p in world.home.rglob("*") if p.is_file())
    for token in tokens:
        assert len(token) == 43
        assert token.encode() not in kept
    for file in (world.home / FOLDER).rglob("*.json"):
        assert file.stat().st_mode & 0o077 == 0, "for its owner alone"
    assert "ask" in [line.act for line, _ in log.lines(world.home / log.FILE)]


def test_the_file_needs_an_address_to_begin_links_with(world: World) -> None:
    world.staff.app.state.settings.public_url = "http://help.example.org"  # type: ignore[attr-defined]
    sent = world.staff.post(
        "/checks/links", data={"partnership": "example", "provider": "kestrelgate"}
    )
    assert sent.status_code == 422
    assert "FINGERPOST_PUBLIC_URL" in sent.text
    assert not list((world.home / FOLDER).rglob("*.json"))


def test_a_cell_of_the_file_is_no_formula(world: World) -> None:
    link = Link("=HYPERLINK(1)", ("+1",), "t", TODAY)
    assert "'=HYPERLINK" in _csv([link], PUBLIC_URL)
    assert "'+1" in _csv([link], PUBLIC_URL)


# ---------------------------------------------------------------- what the form shows


def test_a_provider_sees_its_own_entries_and_no_place_of_a_refuge(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    page = world.public.get(path).text
    assert "Kestrelgate Refuge" in page
    assert "Chashma House" not in page, "another provider's"
    assert "01632 960110" in page
    assert "12 Fuller Street" in page, "an office that is no safe accommodation"
    packets = "".join(p.read_text() for p in (world.home / FOLDER).rglob("*.json"))
    for canary in CANARIES:
        assert canary not in page
        assert canary not in packets


def test_a_place_of_a_refuge_is_in_no_packet_even_where_it_is_public(
    schema: Schema, graph: PropertyGraph
) -> None:
    house = "example/venue/kestrelgate-house"
    shown = tuple(
        replace(n, properties={**n.properties, "visibility": None}) if n.id == house else n
        for n in graph.nodes
    )
    assert shown != graph.nodes
    entries = Entries(replace(graph, nodes=shown), schema)
    found = entries.packet("example", "kestrelgate", TODAY)
    assert found
    assert "12 Fuller Street" in str(found)
    assert not [canary for canary in CANARIES if canary in str(found)]


def test_what_is_for_staff_alone_is_in_no_packet(schema: Schema, graph: PropertyGraph) -> None:
    entries = Entries(graph, schema)
    hidden = {
        str(told)
        for n in graph.nodes
        if n.properties.get("visibility") == "staff"
        and (told := n.properties.get("value" if n.label == "Contact" else "name"))
    }
    assert hidden
    for provider in entries.providers("example"):
        found = entries.packet("example", provider.id, TODAY)
        assert found
        told = str(found[0])
        assert not [name for name in hidden if name in told]


def test_money_of_a_shared_service_is_nobodys_question(
    schema: Schema, graph: PropertyGraph
) -> None:
    entries = Entries(graph, schema)
    packets = [entries.packet("example", p.id, TODAY) for p in entries.providers("example")]
    services = Counter(s.name for p in packets if p for s in p[0].services)
    shared = [name for name, times in services.items() if times > 1]
    for packet in packets:
        for service in packet[0].services if packet else ():
            assert service.asks_money == (service.name not in shared)
            assert not (service.money and service.name in shared)


def test_pages_keep_nothing_and_say_nothing(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    got = world.public.get(path)
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in got.headers
    scripts = re.findall(r"<script[^>]*>", got.text)
    assert scripts == ['<script type="module" src="/static/directory.js">'], "to leave at once"
    assert "<title>Check of entries</title>" in got.text


# ---------------------------------------------------------------- the key


def test_looking_does_not_use_a_link_up_and_an_answer_does(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    for _ in range(3):
        assert world.public.get(path).status_code == 200
    assert world.public.post(path, data={"s0-open": "yes"}).status_code == 200
    assert not list((world.home / FOLDER / "asked").glob("*.json")), "what was asked is gone"
    for _ in range(2):
        assert world.public.post(path, data={"s0-open": "no"}).status_code == 404


def test_unknown_used_expired_and_withdrawn_links_get_the_very_same_page(world: World) -> None:
    links = world.links("kestrelgate", "chashma", "ferrow")
    used, withdrawn, expired = links.values()
    assert world.public.post(used, data={"comment": ""}).status_code == 200
    agencies = {a.packet.provider: a.ref for a in Ledger(world.home).askings()}
    world.staff.post(f"/checks/{agencies[list(links)[1]]}/withdraw")
    world.clock.time = NOON + datetime.timedelta(days=DAYS)
    assert world.public.get(expired).status_code == 200, "the last day counts"
    world.clock.time += datetime.timedelta(days=1)
    never = "/check/" + "A" * 43
    got = [world.public.get(p) for p in (used, withdrawn, expired, never, "/check/x")]
    assert {(g.status_code, g.text) for g in got} == {(404, got[0].text)}
    assert len({tuple(sorted(g.headers.items())) for g in got}) == 1


def test_two_answers_at_once_are_one(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    box, digest = Letterbox(world.home / FOLDER), digest_of(path.rpartition("/")[2])
    assert box.answer(digest, b"{}")
    assert not box.answer(digest, b"[]")
    assert box.answer_of(digest) == b"{}"


def test_a_token_is_no_path(world: World) -> None:
    for bad in ("../../releases/current", "%2e%2e%2fcurrent", "a" * 64):
        assert world.public.get(f"/check/{bad}").status_code == 404


def test_unknown_links_are_limited_and_known_ones_are_not_by_that(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    most = int(UNKNOWN.partition("/")[0])
    statuses = [world.public.get(f"/check/{n}").status_code for n in range(most + 1)]
    assert statuses == [404] * most + [429]
    assert world.public.get(path).status_code == 200


def test_a_new_link_ends_the_one_before(world: World) -> None:
    (first,) = world.links("kestrelgate").values()
    (second,) = world.links("kestrelgate").values()
    assert world.public.get(first).status_code == 404
    assert world.public.get(second).status_code == 200


def test_a_body_that_is_too_large_is_refused(world: World) -> None:
    (path,) = world.links("kestrelgate").values()
    assert world.public.post(path, data={"comment": "a" * 300_000}).status_code == 413
    assert world.public.post(path, json={"comment": "a"}).status_code == 415
    assert world.public.get(path).status_code == 200


# ---------------------------------------------------------------- what an answer may say


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("comment", "Ring me on 01632 960999"),
        ("comment", "write to jane.canary@haven.example"),
        ("s0-wait", "ask at QZ9 9ZZ"),
        ("post-other", "Ms Jane Canary"),
        ("s0-places", "a dozen"),
        ("s0-places", "999999"),
        ("s0-closing", "2027-02-30"),
        ("s0-m0-until", "next year"),
        ("s0-c0-value", "jane.canary@haven.example"),
        ("s0-hours", "whenever"),
        ("s0-languages", "Canarian"),
    ],
)
def test_what_may_not_be_said_is_refused_and_not_repeated(
    world: World, field: str, text: str
) -> None:
    (path,) = world.links("kestrelgate").values()
    sent = world.public.post(path, data={"s0-open": "closing", field: text, "s0-unit": "property"})
    assert sent.status_code == 422
    assert text not in unescape(sent.text)
    assert f'href="#{field}"' in sent.text
    assert world.public.get(path).status_code == 200, "nothing was sent, so the link still works"


def test_a_form_that_nobody_changed_changes_nothing(schema: Schema, graph: PropertyGraph) -> None:
    entries = Entries(graph, schema)
    tables = tables_of(graph, schema, "example")
    for provider in entries.providers("example"):
        found = entries.packet("example", provider.id, TODAY)
        assert found
        sent = read_sent(found[0], prefilled(found[0]), TODAY)
        assert not sent.faults, "what is on record can be sent back"
        asking = _asking(found)
        changes = differing(tables, revised(tables, asking, sent.answer))
        assert {cell.table for cell in changes} == {"sources"}


def _asking(found: tuple[Packet, Own]) -> Asking:
    return Asking("ab" * 32, "example", TODAY, *found)


# ---------------------------------------------------------------- what an accepted answer does


def test_an_answer_accepted_and_published_is_in_the_answers_and_dates_the_entry(
    world: World, schema: Schema
) -> None:
    before = {(r["name"], r["state"]) for r in world.answer("capacity.limits")}
    assert ("Kestrelgate Refuge", "full") in before
    (path,) = world.links("kestrelgate").values()
    page = world.public.get(path).text
    fields = fields_of(page)
    refuge = f"s{number_of(page, 'Kestrelgate Refuge')}-"
    other = f"s{number_of(page, 'IDVA service')}-"
    assert fields[f"{refuge}places"] == ["12"], "filled in"
    fields |= {
        f"{refuge}open": ["yes"],
        f"{refuge}availability": ["waiting list"],
        f"{refuge}wait": ["About six weeks"],
        f"{refuge}places": ["14"],
        f"{refuge}free": ["3"],
        f"{refuge}refused": ["31"],
        f"{refuge}reasons": ["no place was free"],
        f"{refuge}m0": ["until"],
        f"{refuge}m0-until": ["2029-03-31"],
        f"{refuge}c0": ["changed"],
        f"{refuge}c0-value": ["01632 960199"],
        f"{other}refused": ["4"],
        "post-other": ["Service manager"],
        "comment": ["The lift is being mended."],
    }
    sent = world.public.post(path, data=fields)
    assert sent.status_code == 200, sent.text
    live = (world.home / "releases" / "current").read_text()

    ref = world.ref("kestrelgate")
    waiting = world.staff.get("/answers").text
    assert f'href="/answers/{ref}">Look' in waiting and 'action="/answers/accept"' not in waiting
    shown = world.staff.get(f"/answers/{ref}").text
    assert "About six weeks" in shown and "The lift is being mended." in shown
    assert (world.home / "releases" / "current").read_text() == live, "nothing changed yet"
    done = world.staff.post("/answers/accept", data={"answer": ref})
    assert (done.status_code, done.headers["location"]) == (303, "/draft")
    assert "in the draft" in world.staff.get(f"/answers/{ref}").text
    assert (world.home / "releases" / "current").read_text() == live, "nor before it is published"
    world.publish()
    assert "published" in world.staff.get(f"/answers/{ref}").text

    limits = {(r["name"], r["state"], r["wait"]) for r in world.answer("capacity.limits")}
    assert ("Kestrelgate Refuge", "waiting list", "About six weeks") in limits
    assert not [one for one in limits if one[:2] == ("Kestrelgate Refuge", "full")]
    places = [
        r
        for r in world.answer("capacity.bed_spaces")
        if r["name"] == "Kestrelgate Refuge" and r["unit"] == "family place"
    ]
    assert [(r["places"], r["qualifier"]) for r in places] == [(14.0, "3 free on 2026-11-22")]
    refused = {r["value"]: r for r in world.answer("capacity.refused")}
    assert refused[31.0]["period"] == "July to September 2026"
    assert refused[31.0]["unit"] == "referral"
    assert refused[31.0]["reason"] == "no place was free"

    nodes = {n.id: n.properties for n in _graph(world).nodes}
    service = nodes["example/service/kestrelgate-refuge"]
    assert service["confirmed_on"] == TODAY
    assert service["source"] == "example/source/list-2026", "the rest of it is the list's"
    assert nodes["example/contact/refuge-telephone"]["value"] == "01632 960199"
    assert str(nodes["example/contact/refuge-telephone"]["source"]).startswith("example/source/ans")
    untouched = nodes["example/service/idva-service"]
    assert untouched["confirmed_on"] == datetime.date(2026, 11, 3), "not said to be open: as before"
    small = [p for p in nodes.values() if p.get("value") == 4 and p.get("unit") == "referral"]
    assert [p["visibility"] for p in small] == ["staff"]
    awards = {e.id: e.properties for e in _graph(world).edges if e.id}
    award = awards["example/award/aw-refuge"]
    assert award["period"] == "2025-04-01/2029-03-31"
    assert award["live_until"] == datetime.date(2029, 3, 31)

    snapshot = Published(world.home, schema, None).snapshot()
    entries = directory(snapshot.graph, schema)
    ids = [n.id for n in snapshot.graph.nodes if n.properties.get("name") == "Kestrelgate Refuge"]
    (told,) = (entries.entry(one, None, TODAY) for one in ids)
    assert told and told.checked == TODAY and told.wait == "About six weeks"
    everything = "".join(p.read_text() for p in (world.home / "public").rglob("*.nq"))
    assert "The lift" not in everything and "Service manager" not in everything
    assert "3 free on" not in everything and "01632 960199" in everything
    assert not [c for c in CANARIES if c in everything]


def test_answers_go_into_one_draft_and_wait_again_if_it_is_put_aside(world: World) -> None:
    links = world.links("chashma", "ferrow")
    for path in links.values():
        assert world.public.post(path, data={"s0-open": "yes"}).status_code == 200
    refs = [world.ref(agency) for agency in ("chashma", "ferrow")]
    for ref in refs:
        assert world.staff.post("/answers/accept", data={"answer": ref}).status_code == 303
    entry = drafts.draft_entry(world.home)
    assert entry and len(entry.made_from) == 2, "the second goes on with the first"
    draft = (world.home / "releases" / "draft").read_text().strip()
    world.staff.post("/draft/discard", json={"release": draft})
    for ref in refs:
        assert "It is waiting" in world.staff.get(f"/answers/{ref}").text
    assert world.staff.post("/answers/accept", data={"answer": refs}).status_code == 303
    world.publish()
    for ref in refs:
        assert "It is published" in world.staff.get(f"/answers/{ref}").text
    again = world.staff.post("/answers/accept", data={"answer": refs})
    assert again.status_code == 409


def test_a_refused_answer_leaves_nothing(world: World) -> None:
    (path,) = world.links("ferrow").values()
    world.public.post(path, data={"comment": "canary comment"})
    ref = world.ref("ferrow")
    assert "canary comment" in world.staff.get(f"/answers/{ref}").text
    assert world.staff.post(f"/answers/{ref}/refuse").status_code == 303
    kept = b"".join(p.read_bytes() for p in world.home.rglob("*") if p.is_file())
    assert b"canary comment" not in kept
    assert drafts.draft_release(world.home) is None


def test_unanswered_stays_as_it_is_and_the_list_says_so(world: World) -> None:
    world.links("ferrow")
    before = _graph(world)
    assert "not answered" in world.staff.get("/checks").text
    world.clock.time += datetime.timedelta(days=DAYS + 1)
    assert "not answered, expired" in world.staff.get("/checks").text
    assert _graph(world) == before


def test_what_has_closed_is_ended_and_what_is_gone_is_gone(
    schema: Schema, graph: PropertyGraph
) -> None:
    found = Entries(graph, schema).packet("example", "kestrelgate", TODAY)
    assert found
    packet, own = found
    number = [s.service for s in own.services].index("county-outreach")
    form = prefilled(packet) | {
        f"s{number}-open": ["no"],
        f"s{number}-closing": ["2026-10-31"],
        f"s{number}-c0": ["gone"],
        f"s{number}-m0": ["ended"],
    }
    sent = read_sent(packet, form, TODAY)
    tables = tables_of(graph, schema, "example")
    after = {(r.table, r.id): r.cells for r in revised(tables, _asking(found), sent.answer).rows}
    service = after["services", "county-outreach"]
    assert (service["standing"], service["closed"]) == ("ended", "2026-10-31")
    assert ("contacts", own.services[number].contacts[0]) not in after
    award = after["awards", own.services[number].awards[0]]
    assert award["status"] == "ended"
    assert "Before: list-2026, table 2, row 14." in award["note"]
    parts = {(c["source"], c["name"]): c for (t, _), c in after.items() if t == "source_parts"}
    assert parts["list-2026", "table 2, row 14"]["holds_none_because"] == "superseded"


# ---------------------------------------------------------------- counts


COUNTS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")),
    st.integers(0, 60),
    min_size=1,
)


def _totals(counts: dict[tuple[str, str], int]) -> dict[str, list[tuple[str, str]]]:
    lines = {row: [k for k in counts if k[0] == row] for row in "ab"}
    columns = {column: [k for k in counts if k[1] == column] for column in "xyz"}
    return {**lines, **columns, "all": list(counts)}


@given(COUNTS, st.data())
def test_nothing_that_is_shown_depends_on_a_hidden_count(
    counts: dict[tuple[str, str], int], data: st.DataObject
) -> None:
    """Whatever is hidden could be anything from 0 to 9: the strongest that can be asked."""
    fit = suppressed(counts, _totals(counts))
    hidden = [key for key, count in fit.counts.items() if count is None]
    other = {**counts, **{key: data.draw(st.integers(0, LEAST - 1)) for key in hidden}}
    assert suppressed(other, _totals(other)) == fit


@given(COUNTS)
def test_what_is_shown_is_large_rounded_and_near(counts: dict[tuple[str, str], int]) -> None:
    totals = _totals(counts)
    fit = suppressed(counts, totals)
    sums = {name: sum(counts[key] for key in keys) for name, keys in totals.items()}
    both = [(fit.counts[key], count) for key, count in counts.items()]
    both += [(fit.totals[name], total) for name, total in sums.items()]
    for shown_as, exact in both:
        if shown_as is not None:
            assert shown_as >= LEAST and shown_as % STEP == 0
            assert abs(shown_as - exact) <= STEP // 2
    assert all((counts[key] < LEAST) == (count is None) for key, count in fit.counts.items())


def test_a_month_is_written_when_it_is_over_and_never_exactly(tmp_path: Path) -> None:
    box = Letterbox(tmp_path)
    searches = Searches(box, datetime.date(2026, 11, 3))
    for _ in range(23):
        searches.count(["example"], ["shared/need/housing"], "wholly", datetime.date(2026, 11, 9))
    for outcome in ("partly", "nothing"):
        searches.count(["example"], ["shared/need/housing"], outcome, datetime.date(2026, 11, 9))
    searches.count(["example"], ["shared/need/canary"], "nothing", datetime.date(2026, 11, 9))
    assert not list(tmp_path.rglob("*.json")), "nothing before the month is over"
    searches.count(["example"], [], "wholly", datetime.date(2026, 12, 1))
    ((month, content),) = box.counts()
    assert month == "2026-11"
    assert json.loads(content) == {
        "month": "2026-11",
        "since": "2026-11-03",
        "lines": [
            {
                "partnership": "example",
                "need": "shared/need/housing",
                "wholly": 25,
                "partly": None,
                "nothing": None,
                "total": None,
            }
        ],
    }
    assert b"canary" not in content and b"23" not in content


def test_a_month_of_small_counts_tells_nothing_at_all() -> None:
    counts: Counter[tuple[str, str, str]] = Counter({("example", "any", "nothing"): 9})
    assert shown("2026-11", TODAY, counts).lines == ()  # type: ignore[arg-type]


def test_searches_are_counted_only_where_a_council_wants_it(
    example: Path, schema: Schema, tmp_path: Path
) -> None:
    published = Published(example, schema, None)
    day = [datetime.date(2026, 11, 22)]
    for counts in (False, True):
        app = create_public_app(
            published, today=lambda: day[0], letterbox=Letterbox(tmp_path), counts_searches=counts
        )
        client = TestClient(app, base_url=PUBLIC_URL)
        for day[0] in (datetime.date(2026, 11, 22), datetime.date(2026, 12, 1)):
            for _ in range(11):
                assert client.post("/find", data={"place": "example"}).status_code == 200
        found = list(tmp_path.rglob("*.json"))
        assert bool(found) == counts
    kept = json.loads(found[0].read_text())
    (line,) = kept["lines"]
    assert line["need"] == "any"
    assert sorted(v for v in (line["wholly"], line["partly"], line["nothing"]) if v) == [10]
