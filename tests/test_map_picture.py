"""The map as a still picture for paper: what has money, from funds to people, and nothing else."""

import datetime

from lxml import etree

from graph.stores.protocol import Store
from visualise.map.chart import Chart, chart, read_rows
from visualise.map.picture import MOST, left_out, map_figure, with_money


def said(store: Store, slug: str, day: datetime.date) -> Chart:
    return chart(read_rows(store, slug), day)


def test_what_has_money_is_drawn_with_what_it_is_linked_with(store: Store) -> None:
    # Dudley's report: CRIG pays for the IDVA service, until 31 March 2013, and for the Women's
    # Group; Victim Support provides the former.
    dudley = said(store, "dudley", datetime.date(2012, 9, 6))
    names = {t.name for t in with_money(dudley).things}
    assert {"IDVA service", "CRIG funding", "Victim Support", "Women's Group"} <= names
    assert "Health visitors" not in names, "no document says who pays"
    figure = map_figure(dudley, "A map")
    assert figure
    text = " ".join(etree.fromstring(figure.svg.encode()).itertext())
    assert "IDVA service" in text and "! money ends 31 March 2013" in text
    assert "CRIG funding pays for (secured, until 31 March 2013) IDVA service" in figure.words
    assert map_figure(dudley, "A map") == figure


def test_where_no_money_is_recorded_there_is_no_picture(store: Store) -> None:
    assert map_figure(said(store, "southend", datetime.date(2010, 12, 31)), "A map") is None


def test_a_page_holds_so_many_and_says_how_many_are_left_out(store: Store) -> None:
    example = said(store, "example", datetime.date(2026, 6, 30))
    services = [t for t in with_money(example, 5).things if t.kind in ("service", "post")]
    assert len([t for t in services if t.id in {k.end for k in example.links}]) >= 5
    assert len(services) < len([t for t in with_money(example, MOST).things if t.kind == "service"])
    assert left_out(example) == 0
