"""The booklet: tagged PDF, dated on every page, text as text, and the same bytes each time."""

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.pdf import PDF
from public_home import TODAY, public_home
from test_publish_directory import HISTORICAL, INVENTED

from api.directory_out.booklet import PAPERS, booklet
from api.directory_out.listing import Listing, Told, listings
from api.directory_out.told import english, services_of
from api.published import Published
from graph.release import Release
from ontology.schema import Schema
from queries.directory.directory import directory

HOSTILE = "a #b *c* $x$ @d `e` \\ [f] = <g> // /* h -- ~ 'i' \"j\" ${k} #panic() {{ l }} %m"
SIZES = {"a5": (419.5, 595.3), "a4": (595.3, 841.9)}


@pytest.fixture(scope="module")
def told(
    release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Told]:
    home = public_home(tmp_path_factory.mktemp("published"), release, schema)
    snapshot = Published(home, schema).snapshot()
    known = directory(snapshot.graph, snapshot.schema)
    places = [p for p in known.places if p.slug in ("example", "luton")]
    return {one.place.slug: one for one in listings(known, places, TODAY)}


def opened(listing: Listing, paper: str = "a5") -> PDF:
    return pdfplumber.open(io.BytesIO(booklet(listing, paper).pdf))


@pytest.fixture(scope="module")
def example(told: dict[str, Told]) -> Iterator[PDF]:
    with opened(told["example"].help) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def texts(example: PDF) -> list[str]:
    """What each page says, as one line without the breaks."""
    return [" ".join(page.extract_text().split()) for page in example.pages]


def named(listing: Listing, name: str, what: str = "") -> Listing:
    """A listing of one service, under another name."""
    one = listing.listed[0]
    entry = replace(one.entry, name=name, what=what, provider="", text_language="en")
    return replace(listing, listed=(replace(one, entry=entry),))


def test_it_is_tagged_and_says_its_title_and_language(example: PDF) -> None:
    catalogue = example.doc.catalog
    assert catalogue["Lang"] == b"en-GB"
    assert catalogue["MarkInfo"]["Marked"] is True
    assert catalogue["ViewerPreferences"]["DisplayDocTitle"] is True
    assert "StructTreeRoot" in catalogue and "Outlines" in catalogue
    assert example.metadata["Title"] == "Local services"
    about = catalogue["Metadata"].resolve().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "Local services" in about


def test_every_page_is_dated_and_says_999_and_what_it_is(
    told: dict[str, Told], texts: list[str]
) -> None:
    until = f"Do not use after {english().day(told['example'].help.until)}."
    assert len(texts) > 20
    for number, text in enumerate(texts, 1):
        assert text.startswith(INVENTED), number
        assert text.endswith(f"{until} In an emergency call 999. {number}")
    with opened(told["luton"].help) as old:
        for page in old.pages:
            text = " ".join(page.extract_text().split())
            assert text.startswith(HISTORICAL)
            assert "In an emergency call 999." in text and "Do not use after 20 May 2027." in text
        assert "01632" not in "".join(p.extract_text() for p in old.pages)


def test_safety_and_national_lines_come_first(texts: list[str]) -> None:
    whole = " ".join(texts)
    order = [
        "If you are in danger now",
        "Keep this somewhere safe.",
        "National phone lines",
        "0808 2000 247",
        "Contents",
        "A safe place to stay",
        "Kestrelgate Refuge",
    ]
    places = [whole.index(words) for words in order]
    assert places == sorted(places)
    assert "abuse" not in texts[0].lower(), "the first page says nothing to whoever finds it"


def test_every_service_is_told_once_with_all_that_is_told(
    told: dict[str, Told], example: PDF
) -> None:
    found = services_of(told["example"].help)
    # Headers, footers and the ends of lines are no part of what is told.
    words = "".join(
        "".join(page.crop((0, 70, page.width, page.height - 62)).extract_text().split())
        for page in example.pages
    )
    for service in found:
        for text in (service.what, *(line for fact in service.facts for line in fact.lines)):
            assert "".join(text.split()) in words, (service.name, text)
    bodies = [service for service in found if service.what]
    for service in bodies:
        assert words.count("".join(service.what.split())) == sum(
            other.what == service.what for other in bodies
        )


def test_services_stand_under_their_needs_with_pages_that_are_right(texts: list[str]) -> None:
    start = next(n for n, text in enumerate(texts) if "Contents" in text)
    contents = " ".join(texts[start : start + 3])
    listed = re.findall(r"(\S[^.]*?) (?:\. ?)+(\d+)", contents)
    pages = {name.strip(): int(page) for name, page in listed}
    for name in ("A safe place to stay", "Kestrelgate Refuge", "Hospital IDVA"):
        found = [p for n, p in pages.items() if n.endswith(name)]
        assert found and name in texts[found[0] - 1], name
    also = re.findall(r"• ([^•]+?), page (\d+)", " ".join(texts))
    assert len(also) > 5
    for name, page in also:
        assert name.strip() in texts[int(page) - 1], name


def test_help_and_programmes_are_two_booklets(told: dict[str, Told], texts: list[str]) -> None:
    assert "Stone by Stone" not in " ".join(texts)
    with opened(told["example"].change) as pdf:
        whole = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    assert "Stone by Stone" in whole and "Support for partners" in whole
    assert "Keep this somewhere safe" not in whole and "Kestrelgate Refuge" not in whole


@pytest.mark.parametrize("paper", PAPERS)
def test_it_is_made_for_the_paper_and_brings_its_typefaces(
    told: dict[str, Told], paper: str
) -> None:
    listing = replace(told["example"].help, listed=told["example"].help.listed[:2])
    with opened(listing, paper) as pdf:
        page = pdf.pages[0]
        assert (page.width, page.height) == pytest.approx(SIZES[paper], abs=1)
        fonts = {c["fontname"] for p in pdf.pages for c in p.chars}
        assert all(re.match(r"[A-Z]{6}\+", name) for name in fonts), "a part of each is inside"
        assert min(c["size"] for p in pdf.pages for c in p.chars) >= 10


def test_names_are_text_whatever_they_hold(told: dict[str, Told]) -> None:
    with opened(named(told["example"].help, HOSTILE, HOSTILE)) as pdf:
        told_text = "".join("".join(p.extract_text().split()) for p in pdf.pages)
    straight = told_text.translate(str.maketrans("‘’“”", "''\"\""))
    assert straight.count("".join(HOSTILE.split())) >= 2


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_text_makes_a_booklet(told: dict[str, Told], name: str) -> None:
    assert booklet(named(told["example"].help, name, name)).pdf.startswith(b"%PDF")


def test_letters_without_a_typeface_are_boxes_and_told(told: dict[str, Told]) -> None:
    made = booklet(named(told["example"].help, "বাংলা and Urdu اردو and Cymraeg ŵ"))
    assert "ব" in made.missing and not set("ŵUا") & set(made.missing)
    with pdfplumber.open(io.BytesIO(made.pdf)) as pdf:
        assert any("□" in page.extract_text() for page in pdf.pages)


def test_nothing_to_tell_is_told(told: dict[str, Told]) -> None:
    with opened(replace(told["example"].help, listed=())) as pdf:
        whole = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    assert "That does not mean that there is no help." in whole


def test_the_same_bytes_each_time(told: dict[str, Told]) -> None:
    listing = told["example"].help
    first = booklet(listing).pdf
    assert first == booklet(listing).pdf
    assert first != booklet(replace(listing, on=TODAY + datetime.timedelta(days=1))).pdf
    assert b"D:20261122000000Z" in first
    assert str(Path.home()).encode() not in first
