"""What visitors say is wrong: kept without a trace of who said so, and acted on at once."""

import datetime
import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from test_ask_once import World, _graph, example, graph, world

from api.access import log
from api.asking_once import letterbox
from api.asking_once.letterbox import FOLDER, Letterbox
from api.asking_once.reports import Report, written_report
from api.directory.pages import mark_of
from api.directory.reports import MOST
from api.public import create_public_app
from api.published import Published
from graph import drafts
from graph.drafts import By
from ontology.schema import Schema

__all__ = ["example", "graph", "world"]

REPORTS = "reports"


def entry_of(world: World, service: str = "county-outreach") -> str:
    """The address of an entry."""
    return f"/service/example/{mark_of(f'example/service/{service}')}"


def reports(world: World) -> list[dict[str, str]]:
    """What is in the letterbox."""
    folder = world.home / FOLDER / REPORTS
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def test_every_entry_leads_to_the_form(world: World) -> None:
    page = world.public.get(entry_of(world))
    assert page.status_code == 200
    assert f'href="{entry_of(world)}/tell-us"' in page.text
    form = world.public.get(f"{entry_of(world)}/tell-us")
    assert form.status_code == 200
    assert "Do not write names" in form.text and "Exit this page" in form.text
    assert "outreach" not in form.text.split("</title>")[0].lower(), "a neutral title"
    assert world.public.get("/cy" + entry_of(world) + "/tell-us").status_code == 200


def test_what_is_kept_is_the_entry_what_the_words_and_the_day(world: World) -> None:
    sent = world.public.post(
        f"{entry_of(world)}/tell-us",
        data={"what": "closed", "text": "The door is  locked."},
        headers={"user-agent": "canary-browser", "x-forwarded-for": "203.0.113.9"},
    )
    assert sent.status_code == 200 and "set-cookie" not in sent.headers
    (kept,) = reports(world)
    assert kept == {
        "about": "example/service/county-outreach",
        "name": "County outreach",
        "what": "closed",
        "text": "The door is locked.",
        "on": "2026-11-22",
    }
    everything = b"".join(p.read_bytes() for p in world.home.rglob("*") if p.is_file())
    assert b"canary-browser" not in everything and b"203.0.113.9" not in everything
    (path,) = (world.home / FOLDER / REPORTS).glob("*")
    assert path.stat().st_mode & 0o077 == 0
    assert re.fullmatch(r"[0-9a-f]{32}\.json", path.name)


@pytest.mark.parametrize(
    "text",
    [
        "ring 01632 960999",
        "canary@haven.example",
        "it is at 1 Canary Row",
        "QZ9 9ZZ",
        "a" * 1_001,
        "turned\u202eround",
    ],
)
def test_words_with_a_contact_are_not_kept_and_not_repeated(world: World, text: str) -> None:
    sent = world.public.post(f"{entry_of(world)}/tell-us", data={"what": "wrong", "text": text})
    assert sent.status_code == 422
    assert text not in sent.text and "We did not keep the text" in sent.text
    assert not reports(world)


def test_other_sites_other_words_and_other_entries_are_not_taken(world: World) -> None:
    at = f"{entry_of(world)}/tell-us"
    cross = {"sec-fetch-site": "cross-site"}
    assert world.public.post(at, data={"what": "wrong"}, headers=cross).status_code == 404
    assert world.public.post(at, data={"what": "canary"}).status_code == 422
    nowhere = "/service/example/000000000000/tell-us"
    assert world.public.post(nowhere, data={"what": "wrong"}).status_code == 404
    assert not reports(world)


def test_only_so_many_are_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at, most = f"{entry_of(world)}/tell-us", int(MOST.partition("/")[0])
    monkeypatch.setattr(letterbox, "MOST_REPORTS", 2)
    statuses = [world.public.post(at, data={"what": "wrong"}).status_code for _ in range(most + 1)]
    assert statuses == [200, 200, *[503] * (most - 2), 429]
    assert len(reports(world)) == 2


def test_without_a_letterbox_nothing_is_offered(example: Path, schema: Schema) -> None:
    app = create_public_app(Published(example, schema, None), today=lambda: DAY)
    client = TestClient(app, base_url="https://help.example.org")
    at = f"/service/example/{mark_of('example/service/county-outreach')}"
    assert "tell-us" not in client.get(at).text
    assert client.get(f"{at}/tell-us").status_code == 404


DAY = datetime.date(2026, 11, 22)


def test_the_list_has_the_most_urgent_first_and_seen_takes_off(world: World) -> None:
    at = f"{entry_of(world)}/tell-us"
    for what in ("wrong", "unsafe", "take-down"):
        world.public.post(at, data={"what": what, "text": "<script>alert(1)</script>"})
    page = world.staff.get("/corrections").text
    words = ("It could put somebody in danger", "It should not be here", "Something in it is wrong")
    assert sorted(page.index(w) for w in words) == [page.index(w) for w in words]
    assert "<script>" not in page
    (first, *rest) = re.findall(r'action="/corrections/(\w+)/seen"', page)
    assert len(rest) == 2
    assert world.staff.post(f"/corrections/{first}/seen").status_code == 303
    assert "It could put somebody in danger" not in world.staff.get("/corrections").text
    assert world.staff.post(f"/corrections/{first}/seen").status_code == 404


def test_withholding_takes_an_entry_off_at_once_and_nothing_else(
    world: World, schema: Schema
) -> None:
    from graph.revising import revise

    # An unreviewed draft waits: it must not be published along with it.
    when = By("a helper", datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC))

    def renamed(tables):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        rows = tuple(
            replace(r, cells={**r.cells, "wait": "canary wait"}) if r.table == "services" else r
            for r in tables.rows
        )
        return replace(tables, rows=rows)

    revise("example", renamed, when, world.home, schema)
    # The refuge has another id in public: the report is about that one.
    box = Letterbox(world.home / FOLDER)
    public_id = next(
        n.id
        for n in Published(world.home, schema, None).snapshot().graph.nodes
        if n.properties.get("name") == "Kestrelgate Refuge"
    )
    box.report(written_report(Report(public_id, "Kestrelgate Refuge", "unsafe", "", DAY)))
    page = world.staff.get("/corrections").text
    assert "has to be made again" in page
    (name,) = re.findall(r'action="/corrections/(\w+)/withhold"', page)
    done = world.staff.post(f"/corrections/{name}/withhold")
    assert done.status_code == 303, done.text

    nodes = {n.id: n.properties for n in _graph(world).nodes}
    assert nodes["example/service/kestrelgate-refuge"]["visibility"] == "staff"
    assert "canary wait" not in {p.get("wait") for p in nodes.values()}
    public = "".join(p.read_text() for p in (world.home / "public").rglob("*.nq"))
    assert "Kestrelgate Refuge" not in public and "01632 960110" not in public
    at = f"/service/example/{mark_of(public_id)}"
    assert world.public.get(at).status_code == 404
    assert not list(box.reports())
    acts = [(e.act, e.who) for e in drafts.history(world.home) if e.who]
    assert acts[-2:] == [("draft", "local"), ("publish", "local")]
    assert [line.act for line, _ in log.lines(world.home / log.FILE)] == [
        "withhold entry",
        "withhold",
    ]
