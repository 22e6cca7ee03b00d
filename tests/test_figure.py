"""Figures as SVG: named, without script or style, the same bytes in every time zone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import altair as alt
import pytest
from lxml import etree

from visualise.figure import Figure, draw, inline, link, png

HOSTILE = '</text><script>alert(1)</script><a href="x">'
SVG = "{http://www.w3.org/2000/svg}"


def bars(name: str = "A service", leads: str | None = None) -> alt.Chart:
    row = {"name": name, "from": "2012-04-01", "to": "2013-03-31", "url": leads or ""}
    chart = alt.Chart(alt.Data(values=[row])).mark_bar()
    channels = {"x": alt.X("from:T", scale=alt.Scale(type="utc")), "x2": "to:T", "y": "name:N"}
    return chart.encode(**channels, **({"href": "url:N"} if leads else {}))


def drawn(chart: alt.Chart) -> Figure:
    return draw(chart, "Money & time", 'One bar, "A"')


def test_a_figure_is_one_picture_with_a_name() -> None:
    figure = drawn(bars())
    root = etree.fromstring(figure.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Money & time. One bar, "A"'
    assert [e for e in root.iter() if e is not root and e.get("aria-label")] == []
    assert (figure.width, figure.height) == (int(root.get("width")), int(root.get("height")))


def test_a_figure_with_links_keeps_them() -> None:
    root = etree.fromstring(drawn(bars(leads=link("/services/a/b"))).svg)
    assert root.get("role") == "group"
    (one,) = root.iter(f"{SVG}a")
    assert one.get("href") == "/services/a/b"


@pytest.mark.parametrize("address", ["/services/a/b", "https://elsewhere.example/"])
def test_a_link_that_leads_elsewhere_is_none(address: str) -> None:
    root = etree.fromstring(drawn(bars(leads=address)).svg)
    assert [e.get("href") for e in root.iter(f"{SVG}a") if e.get("href")] == []
    assert "elsewhere" not in drawn(bars(leads=address)).svg


def test_there_is_no_style_no_script_and_nothing_from_elsewhere() -> None:
    root = etree.fromstring(drawn(bars()).svg)
    assert [e for e in root.iter() if e.tag in (f"{SVG}style", f"{SVG}script", f"{SVG}image")] == []
    assert [e for e in root.iter() if e.get("style")] == []


def test_names_are_text() -> None:
    page = str(inline(drawn(bars(HOSTILE))))
    assert "<script" not in page
    assert HOSTILE in "".join(etree.fromstring(page).itertext())


def test_the_same_chart_is_the_same_bytes() -> None:
    assert drawn(bars()) == drawn(bars())
    assert png(drawn(bars())).startswith(b"\x89PNG")


def test_ids_are_those_of_the_chart_and_clash_with_no_other() -> None:
    clipped = bars().mark_bar(clip=True)
    first = drawn(clipped)
    assert "clip-path" in first.svg
    assert drawn(clipped) == first
    other = draw(clipped, "Another", "")
    ids = [set(etree.fromstring(f.svg).xpath("//@id")) for f in (first, other)]
    assert all(ids) and not ids[0] & ids[1]
    for figure in (first, other):
        root = etree.fromstring(figure.svg)
        (used,) = set(root.xpath("//@clip-path"))
        assert used.removeprefix("url(#").removesuffix(")") in root.xpath("//@id")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_time_zone_moves_nothing(zone: str) -> None:
    code = "import test_figure; print(test_figure.drawn(test_figure.bars()).svg, end='')"
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(Path(__file__).parent)}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert told.stdout == drawn(bars()).svg, time.tzname
