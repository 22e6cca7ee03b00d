"""The directory handed out as files: whole, dated, and without a trace of what is hidden."""

import contextlib
import csv
import datetime
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from public_home import TODAY, public_home
from test_browser import CHROMIUM, RULES
from test_browser import browser as browser
from test_directory_browser import EXIT
from test_public import canaries, staff_copies, staffed
from typer.testing import CliRunner

from api import design_system
from api.cli import app
from api.directory.pages import EXIT_TO, mark_of
from api.directory_out.fragment import fragment
from api.directory_out.listing import Told, last_day, listings
from api.directory_out.publish import MANIFEST, Medium, PublishError, Wanted, publish
from api.directory_out.sheet import HEADERS, sheet
from api.directory_out.told import english
from api.open.postcodes import Postcodes
from api.published import Published, Snapshot
from graph.errors import FingerpostError
from graph.exports.openreferral import WITHHELD_AFTER
from graph.project import project
from graph.release import Release, name_of, nquads, read_quads
from ontology.schema import Schema
from queries.directory.directory import Directory, directory

HISTORICAL = "These are old records. They are not a way to get help today."
INVENTED = "This is made up. No service here is real."
PROGRAMME = "Stone by Stone"
DAY = datetime.timedelta(days=1)
SITE = Wanted(("example",), frozenset({Medium.site}))


@pytest.fixture(scope="module")
def home(release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return public_home(tmp_path_factory.mktemp("published"), release, schema)


@pytest.fixture(scope="module")
def snapshot(home: Path, schema: Schema) -> Snapshot:
    return Published(home, schema).snapshot()


@pytest.fixture(scope="module")
def known(snapshot: Snapshot) -> Directory:
    return directory(snapshot.graph, snapshot.schema)


@pytest.fixture(scope="module")
def told(known: Directory) -> dict[str, Told]:
    return {one.place.slug: one for one in listings(known, known.places, TODAY)}


@pytest.fixture(scope="module")
def out(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that is handed out of what ships."""
    found = tmp_path_factory.mktemp("out") / "directory"
    publish(snapshot, found, TODAY, Wanted())
    return found


def pages(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*.html") if "fragment" not in p.parts]


def files(folder: Path) -> dict[str, bytes]:
    found = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


class Led(HTMLParser):
    """Where a page leads, what it loads, and what it says that it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.exits: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "a":
            self.links.append(given["href"])
            if given["href"] == EXIT_TO:
                self.exits.append(given["rel"])
        elif tag in ("link", "script", "img", "iframe"):
            self.loaded.append(given.get("href") or given["src"])


# ---------------------------------------------------------------- what every page has


def test_every_page_can_be_left_and_says_how_long_it_holds(
    out: Path, told: dict[str, Told]
) -> None:
    found = pages(out)
    assert len(found) > 400
    until = {slug: one.help.until for slug, one in told.items()}
    for path in found:
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(out).as_posix().partition("places/")[2].partition("/")[0]
        last = until[place] if place else min(until.values())
        assert f'data-until="{last}"' in text, path
        assert Led(text).exits == ["nofollow noreferrer"] * 2, path
        assert 'href="tel:999"' in text and 'id="lines"' in text
        assert "<form" not in text
        lines = text.split('id="lines"')[1]
        assert lines.count('href="tel:') > 1, "999 and the national lines"
        if "cy" not in path.relative_to(out).parts:
            assert (HISTORICAL in said(text)) is (place != "example")
            assert (INVENTED in said(text)) is (place in ("example", ""))


def test_titles_and_names_say_nothing_of_what_is_looked_for(out: Path) -> None:
    titles = {re.search("<title>(.*?)</title>", p.read_text())[1] for p in pages(out)}  # type: ignore[index]
    ends = {"Local services", "Gwasanaethau lleol"}
    assert {t.split(" – ")[1] for t in titles} == ends
    assert {t.split(" – ")[0] for t in titles if t.endswith("services")} == {
        "Start",
        "Results",
        "Details",
        "Next steps",
        "Phone numbers",
        "Accessibility",
        "About these pages",
    }
    words = re.compile("abuse|refuge|violence|women|victim|idva|help-?line|support", re.I)
    assert not [name for name in files(out) if words.search(name)]


def test_links_are_relative_and_lead_somewhere(out: Path) -> None:
    for path in pages(out):
        led = Led(path.read_text(encoding="utf-8"))
        for link in led.loaded:
            if "design-system" in link and not design_system.is_installed():
                continue
            assert link == "data:," or (path.parent / link).is_file(), (path, link)
        for link in led.links:
            assert not link.startswith("/"), (path, link)
            if not re.match(r"#|https:|tel:|sms:|mailto:", link):
                assert (path.parent / link.partition("#")[0]).is_file(), (path, link)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", path.read_text(encoding="utf-8"))


def test_everything_is_reached_by_links_alone(out: Path) -> None:
    waiting, reached = [out / "index.html"], set()
    while waiting:
        path = waiting.pop().resolve()
        if path in reached or path.suffix != ".html":
            continue
        reached.add(path)
        links = Led(path.read_text(encoding="utf-8")).links
        waiting += [path.parent / link for link in links if not re.match(r"#|\w+:", link)]
    assert reached == {p.resolve() for p in pages(out)}


def test_with_one_place_its_page_is_the_first(snapshot: Snapshot, tmp_path: Path) -> None:
    publish(snapshot, tmp_path / "one", TODAY, SITE)
    text = (tmp_path / "one" / "index.html").read_text(encoding="utf-8")
    assert "All services, A to Z" in text
    assert HISTORICAL not in said(text) and INVENTED in said(text)
    assert not (tmp_path / "one" / "places" / "example" / "index.html").exists()
    assert not (tmp_path / "one" / "booklet").exists()
    assert "download" not in text, "there is no booklet"


def test_text_is_text_in_every_medium(told: dict[str, Told]) -> None:
    hostile = "<script>alert(1)</script>"
    listing = told["example"].help
    one = listing.listed[0]
    odd = replace(one, entry=replace(one.entry, name="=1+1", what=hostile, provider="@you"))
    listing = replace(listing, listed=(odd, *listing.listed[1:]))
    assert hostile.encode() not in fragment(listing)
    rows = list(csv.DictReader(io.StringIO(sheet(listing).decode())))
    assert rows[0]["Name"] == "'=1+1" and rows[0]["Provider"] == "'@you"


# ---------------------------------------------------------------- for how long


def test_the_last_day_is_the_last_on_which_all_still_holds(
    known: Directory, told: dict[str, Told]
) -> None:
    one = told["example"]
    entries = [x.entry for x in (*one.help.listed, *one.change.listed)]

    def holds(day: datetime.date) -> bool:
        later = [known.entry(e.id, None, day) for e in entries]
        return all(
            x is not None
            and (x.contacts, x.venues) == (e.contacts, e.venues)
            and (x.freshness == "withheld") == (e.freshness == "withheld")
            for x, e in zip(later, entries, strict=True)
        )

    until = one.help.until
    assert TODAY <= until < TODAY + WITHHELD_AFTER * DAY
    assert all(holds(TODAY + n * DAY) for n in range((until - TODAY).days + 1))
    assert not holds(until + DAY)
    checks = [e.checked for e in entries if e.checked and e.freshness in ("fresh", "old")]
    assert until < min(checks) + WITHHELD_AFTER * DAY


def test_an_entry_alone_holds_for_179_days_after_its_check(
    known: Directory, told: dict[str, Told]
) -> None:
    entry = next(
        x.entry
        for x in told["example"].help.listed
        if x.entry.freshness == "fresh" and not (x.entry.contacts or x.entry.venues)
    )
    assert entry.checked is not None
    last = entry.checked + 179 * DAY
    for on in (entry.checked, TODAY, last - DAY, last):
        assert last_day(known, [entry], on) == last
    assert last_day(known, [], TODAY) == TODAY + 179 * DAY


def test_a_contact_checked_longer_ago_and_a_service_that_ends_bring_the_last_day_nearer(
    snapshot: Snapshot, schema: Schema
) -> None:
    service = "example/service/county-outreach"
    contacts = [e.start[1] for e in snapshot.graph.edges if e.type == "OF" and e.end[1] == service]
    checked, ended = TODAY - 150 * DAY, TODAY + 10 * DAY
    for identifier, column, day, expected in (
        (contacts[0], "confirmed_on", checked, checked + 179 * DAY),
        (service, "closed_last", ended, ended),
    ):
        nodes = tuple(
            replace(n, properties={**n.properties, column: day}) if n.id == identifier else n
            for n in snapshot.graph.nodes
        )
        known = directory(replace(snapshot.graph, nodes=nodes), schema)
        entry = known.entry(service, None, TODAY)
        assert entry is not None and entry.freshness in ("fresh", "old")
        assert last_day(known, [entry], TODAY) == expected


def test_what_is_historical_or_too_old_has_no_contact_anywhere(
    out: Path, snapshot: Snapshot, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    publish(snapshot, late, TODAY + 400 * DAY, Wanted(("example",)))
    for folder, slug in ((out, "dudley"), (out, "luton"), (late, "example")):
        for path in (folder / "places" / slug).rglob("*.html"):
            main = path.read_text(encoding="utf-8").split("<main")[1].split("</main>")[0]
            assert not re.search("tel:|mailto:|https://|01632", main), path
        for row in csv.DictReader((folder / "csv" / f"{slug}.csv").open(encoding="utf-8")):
            assert re.match("This is an old record|Nobody has checked", row["Contact"])
        assert "01632" not in (folder / "fragment" / f"{slug}.html").read_text(encoding="utf-8")
        for path in (folder / "feed" / slug).rglob("*.json"):
            assert not re.search(r'"(phones|contacts|email)"', path.read_text()), path


# ---------------------------------------------------------------- the media


def test_programmes_stand_apart_from_help(out: Path) -> None:
    holding = {n for n, c in files(out).items() if PROGRAMME.encode() in c}
    ours = {n for n in holding if not n.startswith(("feed/", "cy/"))}
    assert {n for n in ours if "/service/" not in n and "booklet/" not in n} == {
        "places/example/change.html",
        "fragment/example-change.html",
        "csv/example-change.csv",
    }
    pages_of_it = {n for n in ours if "/service/" in n}
    assert len(pages_of_it) == 2, "its own page and the way to it"
    assert all(n.startswith("booklet/example-change") for n in ours if n.startswith("booklet/"))
    [change] = csv.DictReader((out / "csv" / "example-change.csv").open(encoding="utf-8"))
    assert "partners" in change["Before you count on it"]


def test_the_table_has_a_row_for_each_service(out: Path, told: dict[str, Told]) -> None:
    for slug, one in told.items():
        with (out / "csv" / f"{slug}.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert tuple(rows[0]) == HEADERS
        assert [r["Name"] for r in rows] == [x.entry.name for x in one.help.listed]
        assert {r["Do not use after"] for r in rows} == {one.help.until.isoformat()}
        mark = INVENTED if slug == "example" else HISTORICAL
        assert all(r["Notice"].startswith(mark) for r in rows)
        if slug == "example":
            assert all(datetime.date.fromisoformat(r["Last checked"]) <= TODAY for r in rows)
            assert any("01632" in r["Contact"] for r in rows)


@pytest.mark.parametrize("level", [1, 2, 4])
def test_a_fragment_is_one_plain_section(told: dict[str, Told], level: int) -> None:
    text = fragment(told["example"].help, level).decode()
    led = Led(text)
    assert text.startswith('<section lang="en">') and text.rstrip().endswith("</section>")
    assert not {"script", "style", "link", "img", "form", "html", "body"} & set(led.tags)
    assert not re.search(r"\s(class|style|id|on[a-z]+)=", text)
    heads = [int(tag[1]) for tag in led.tags if re.fullmatch(r"h\d", tag)]
    assert heads[0] == level and set(heads) == {level, level + 1, level + 2}
    until = english().day(told["example"].help.until)
    assert INVENTED in text and f"Do not use after {until}." in text
    assert "Kestrelgate Refuge" in text and "01632" in text
    assert led.links[0] == EXIT_TO


def test_a_fragment_has_no_other_levels(told: dict[str, Told]) -> None:
    for level in (0, 5):
        with pytest.raises(FingerpostError, match="--heading 2"):
            fragment(told["example"].help, level)


def test_the_feed_is_that_of_the_standard(out: Path) -> None:
    root = json.loads((out / "feed" / "example" / "index.json").read_text(encoding="utf-8"))
    assert root["version"] == "HSDS-UK-3.0"
    services = json.loads((out / "feed" / "example" / "services.json").read_text(encoding="utf-8"))
    assert "Kestrelgate Refuge" in {s["name"] for s in services["contents"]}


def test_the_readme_says_what_is_here_and_until_when(out: Path, told: dict[str, Told]) -> None:
    text = (out / "README.txt").read_text(encoding="utf-8")
    assert f"Eastmarch: Do not use after {english().day(told['example'].help.until)}." in text
    assert HISTORICAL in text and INVENTED in text and "999" in text


# ---------------------------------------------------------------- the same bytes, and none left


def test_the_same_bytes_each_time(out: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    publish(snapshot, tmp_path / "again", TODAY, Wanted())
    assert files(tmp_path / "again") == files(out)
    publish(snapshot, tmp_path / "again", TODAY + DAY, Wanted())
    assert files(tmp_path / "again") != files(out)


def test_the_manifest_lists_every_file(out: Path) -> None:
    lines = (out / MANIFEST).read_text(encoding="utf-8").splitlines()
    assert [line[66:] for line in lines] == sorted(set(files(out)) - {MANIFEST})


def test_what_was_withdrawn_does_not_stay(snapshot: Snapshot, tmp_path: Path) -> None:
    there = tmp_path / "there"
    publish(snapshot, there, TODAY, Wanted(("example", "luton"), frozenset({Medium.site})))
    (tmp_path / ".there.fingerpost-new").mkdir()  # As a killed process leaves it.
    (tmp_path / ".there.fingerpost-old").mkdir()
    publish(snapshot, there, TODAY, SITE)
    assert not (there / "places" / "luton").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("name", ["notes.txt", "places/example/notes.txt", ".hidden"])
def test_a_folder_with_other_files_is_refused(
    snapshot: Snapshot, tmp_path: Path, name: str
) -> None:
    there = tmp_path / "there"
    publish(snapshot, there, TODAY, SITE)
    (there / name).write_text("mine")
    before = files(there)
    with pytest.raises(PublishError, match="not of an earlier export"):
        publish(snapshot, there, TODAY, SITE)
    assert files(there) == before


def test_what_is_no_folder_of_ours_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    publish(snapshot, tmp_path / "empty", TODAY, SITE)
    (tmp_path / "linked").symlink_to(tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "index.html").write_text("mine")
    for name in ("linked", "file", "full"):
        with pytest.raises(PublishError):
            publish(snapshot, tmp_path / name, TODAY, SITE)
    assert (tmp_path / "full" / "index.html").read_text() == "mine"


# ---------------------------------------------------------------- nothing hidden


def _full(quads: list[object], schema: Schema) -> tuple[Release, Callable[[], Snapshot]]:
    """A full release of some quads, and the same as if it were public."""
    content = nquads(quads)  # type: ignore[arg-type]
    name = name_of(content)

    def leaking() -> Snapshot:
        graph = project(quads, schema, name)  # type: ignore[arg-type]
        return Snapshot(name, quads, graph, schema, Postcodes({}))  # type: ignore[arg-type]

    return Release(name, Path(f"{name}.nq")), leaking


def everything_said(path: Path) -> bytes:
    """All bytes of a file; of a PDF also what its streams hold, and the text of its pages."""
    content = path.read_bytes()
    if path.suffix != ".pdf":
        return content
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
        with contextlib.suppress(zlib.error):
            content += b"\n" + zlib.decompress(stream)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    return content + b"\n" + text.encode()


def test_no_medium_tells_what_is_for_staff_and_a_leak_would_be_seen(
    release: Release, schema: Schema, tmp_path: Path
) -> None:
    quads = list(read_quads(release))
    copies = [q for n in staffed(schema) for q in staff_copies(quads, schema.classes[n], 3)]
    full, leaking = _full([*quads, *copies], schema)
    content = nquads([*quads, *copies])
    assert canaries(content)
    full = replace(full, path=tmp_path / f"{full.name}.nq")
    full.path.write_bytes(content)
    home = public_home(tmp_path / "home", full, schema)
    wanted = Wanted(("example",))
    publish(Published(home, schema).snapshot(), tmp_path / "safe", TODAY, wanted)
    publish(leaking(), tmp_path / "leak", TODAY, wanted)
    for medium in ("places", "booklet", "csv", "feed", "fragment"):
        for folder, is_safe in (("safe", True), ("leak", False)):
            found = [
                p
                for p in sorted((tmp_path / folder / medium).rglob("*"))
                if p.is_file() and canaries(everything_said(p))
            ]
            assert bool(found) is not is_safe, (medium, folder, found[:3])
    written = b"".join(files(tmp_path / "safe").values())
    assert not canaries(written) and full.name.encode() not in written
    assert "Kestrelgate Refuge" in (tmp_path / "safe" / "csv" / "example.csv").read_text()


# ---------------------------------------------------------------- the command


def run(home: Path, *arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(
        app, ["publish-directory", *arguments], env={"FINGERPOST_HOME": str(home)}
    )
    return found.exit_code, found.output + found.stderr


def test_the_command_writes_what_is_asked_for(home: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    code, text = run(
        home, str(there), "--on", "2026-11-22", "--partnership", "luton", "--only", "csv"
    )
    assert code == 0, text
    assert set(files(there)) == {"README.txt", MANIFEST, "csv/luton.csv"}
    assert "luton: do not use after 2027-05-20" in text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--partnership", "nowhere"), "It has: dudley, example, luton, slough, southend."),
        (("--on", "tomorrow"), "--on 2026-11-22"),
        (("--only", "papyrus"), "is not one of"),
        (("--heading", "5"), "heading"),
    ],
)
def test_mistakes_are_told_kindly(
    home: Path, tmp_path: Path, given: tuple[str, ...], told: str
) -> None:
    code, text = run(home, str(tmp_path / "there"), *given)
    assert code and "Traceback" not in text
    assert told in " ".join(re.sub("[│╭╰─╮╯]", " ", text).split())
    assert not list(tmp_path.iterdir())


def test_without_a_public_release_the_command_says_what_to_do(tmp_path: Path) -> None:
    code, text = run(tmp_path / "home", str(tmp_path / "there"))
    assert code == 1 and "fingerpost build" in text


# ---------------------------------------------------------------- in a browser, from a disk


def test_who_refers_is_a_link_to_their_page(out: Path) -> None:
    flats, options = map(
        mark_of, ("example/service/emergency-flats", "example/service/housing-options")
    )
    (steps,) = (p for p in out.rglob(f"{flats}-steps.html") if "cy" not in p.parts)
    link = re.search(r'<a class="govuk-link" href="([^"]*)">\s*Housing options', steps.read_text())
    assert link and (steps.parent / link[1]).resolve().name == f"{options}.html"
    assert (steps.parent / link[1]).resolve().is_file()


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: wrong.append(m.text))
    page.on("pageerror", lambda e: wrong.append(str(e)))
    yield page
    assert asked and not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not wrong
    context.close()


def test_a_visit_from_a_disk_asks_nobody(tab: Page, out: Path) -> None:
    tab.goto((out / "index.html").as_uri())
    tab.click("text=Eastmarch >> nth=-1")
    tab.click("text=A safe place to stay")
    tab.click("text=Kestrelgate Refuge")
    assert "01632 960110" in tab.inner_text("main")
    tab.click("text=How to get this help")
    assert "Can you ask for it yourself?" in tab.inner_text("main")
    assert tab.get_attribute(EXIT, "href") == EXIT_TO
    box = tab.locator(EXIT).bounding_box()
    tab.mouse.wheel(0, 400)
    assert box and tab.locator(EXIT).is_visible()


@pytest.mark.skipif(CHROMIUM is None or not design_system.is_installed(), reason="see above")
def test_scripts_narrow_a_list_leave_fast_and_see_the_last_day(
    browser: Browser,
    out: Path,
    told: dict[str, Told],
) -> None:
    page = browser.new_page()
    page.route(re.compile("^https:"), lambda route: route.fulfill(body="away"))
    page.goto((out / "places" / "example" / "a-z.html").as_uri())
    assert page.locator(".result:visible").count() == 22
    page.fill("#narrow-words", "URDU bengali")
    assert page.locator(".result:visible").all_inner_texts()[0].startswith("Chashma House")
    assert page.locator(".result:visible").count() < 5
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    page.locator("body").click(position={"x": 5, "y": 5})
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{EXIT_TO}*")

    service = next(
        p for p in (out / "places/example/service").glob("*.html") if "tel:01632" in p.read_text()
    )
    passed = "That day has passed."
    until = told["example"].help.until
    for day, is_over in ((until, False), (until + DAY, True)):
        page.clock.set_fixed_time(datetime.datetime.combine(day, datetime.time(12)))
        page.goto(service.as_uri())
        assert page.get_by_text(passed).is_visible() is is_over
        assert page.locator(".contacts").is_visible() is not is_over
    page.close()


@pytest.mark.parametrize(
    "name", ["index.html", "places/example/index.html", "places/example/a-z.html", "service", "cy"]
)
def test_pages_have_no_fault_that_axe_finds(browser: Browser, out: Path, name: str) -> None:
    steps = sorted((out / "places/example/service").glob("*.html"))
    path = {"service": steps[0], "cy": out / "cy/index.html"}.get(name, out / name)
    page = browser.new_page()
    page.goto(path.as_uri())
    found = Axe().run(page, options={"runOnly": RULES})
    page.close()
    assert found.violations_count == 0, found.generate_report()
