"""A map as data, for the page and for the file that stands alone: the same, in the same words.

Days are told as what stands otherwise than on the day before, so that a map with many days stays
small. What falls with each thing is asked of the server by the page, and worked out beforehand for
the file.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.errors import ParameterError
from api.routes.pages import record_url, written
from graph.ids import id_of
from queries.asked import Partnership
from queries.losing import Losing, Loss, Rows
from visualise.map.bundles import Bundle, thing_of
from visualise.map.cards import KINDS, LINKS, Card, card_of, title_of
from visualise.map.chart import Thing
from visualise.map.days import Moment
from visualise.map.layers import LAYERS, home_of, layer_of, opening
from visualise.map.layout import Arrangement, paid
from visualise.map.links import Evidence, Link
from visualise.map.network import MapData

LOSABLE = ("agency", "body", "fund", "service", "post")
"""The kinds of thing that can be imagined lost."""


def map_data(drawn: MapData, partnership: Partnership) -> dict[str, Any]:
    """All that a map says and draws. The same map gives the same data."""
    said, first = drawn.chart, paid(drawn.chart)
    on = opening(said)
    return {
        "as_of": said.day.isoformat(),
        "partnership": {"slug": partnership.slug, "name": partnership.name},
        "picture": drawn.picture,
        "things": {t.id: _thing(t, drawn.heights[t.id], t.id in first) for t in said.things},
        "links": [_link(k) for k in said.links],
        "layers": [{"layer": n, "word": a.word, "on": n in on} for n, a in LAYERS.items()],
        "arrangements": {n: _arrangement(a) for n, a in drawn.arrangements.items()},
        "days": _days(drawn),
        "bundles": [_bundle(b, drawn.heights[b.id]) for b in drawn.bundles],
        "looks": {kind: look.shape for kind, look in KINDS.items()},
    }


def _thing(thing: Thing, height: int, is_paid: bool) -> dict[str, Any]:
    return {
        "name": thing.name,
        "kind": KINDS[thing.kind].word,
        "type": thing.kind,
        "sign": thing.sign,
        "facts": thing.facts,
        "staff": thing.staff,
        "url": record_url(thing.id),
        "evidence": _evidence(thing.evidence),
        "home": home_of(thing),
        "height": height,
        "paid": is_paid,
        "losable": thing.kind in LOSABLE,
    }


def _evidence(found: Evidence | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"title": found.title, "places": list(found.places), "basis": found.basis}


def _link(link: Link) -> dict[str, Any]:
    word, colour = LINKS[link.kind]
    return {
        "id": link.id,
        "start": link.start,
        "end": link.end,
        "says": link.says,
        "kind": link.kind,
        "word": word,
        "colour": colour,
        "layer": layer_of(link.kind),
        "firm": link.firm,
        "mark": link.mark,
        "url": record_url(link.record) if link.record else None,
        "evidence": _evidence(link.evidence),
    }


def _arrangement(found: Arrangement) -> dict[str, Any]:
    return {
        "word": found.word,
        "titles": list(found.titles),
        "columns": dict(sorted(found.columns.items())),
        "packed": found.packed,
        "layers": list(found.layers),
        "step": found.step,
    }


def _bundle(bundle: Bundle, height: int) -> dict[str, Any]:
    return {
        "id": bundle.id,
        "name": bundle.name,
        "kind": KINDS[bundle.kind].word,
        "type": bundle.kind,
        "members": list(bundle.members),
        "height": height,
        "card": _state(thing_of(bundle), card_of(thing_of(bundle))),
    }


# ---------------------------------------------------------------- days


def _days(drawn: MapData) -> list[dict[str, Any]]:
    names = {t.id: t.name for moment in drawn.moments for t in moment.things}
    return [_day(moment, names) for moment in drawn.moments]


def _day(moment: Moment, names: Mapping[str, str]) -> dict[str, Any]:
    counts = moment.counts
    return {
        "day": moment.day.isoformat(),
        "written": written(moment.day),
        "counts": [counts.in_place, counts.undated, counts.ended, counts.other],
        "things": {t.id: _state(t, card_of(t)) for t in moment.things},
        "links": {
            k.id: {"says": k.says, "firm": k.firm, "title": title_of(k, names)}
            for k in moment.links
        },
    }


def _state(thing: Thing, card: Card) -> dict[str, Any]:
    return {
        "state": thing.state,
        "sign": thing.sign,
        "facts": thing.facts,
        "lines": card.lines,
        "named": card.named,
        "line": card.line,
        "ground": card.ground,
        "stands_out": card.stands_out,
        "dashed": card.dashed,
        "title": card.title,
    }


# ---------------------------------------------------------------- if this ended


def known_things(rows: Rows, wanted: Iterable[str]) -> list[str]:
    """The things imagined ended, each once. Raises ParameterError for what is not on the map."""
    known = {r["thing"] for r in rows["map_things"] if r["thing"].split("/")[1] in LOSABLE}
    found = sorted({id_of(one.strip()) for one in wanted if one.strip()})
    if not known.issuperset(found):
        raise ParameterError("without", "write it as on the map, such as dudley/agency/chadd.")
    return found


def loss_told(loss: Loss) -> dict[str, Any]:
    """What falls with something, as data."""
    return {
        "falls": [{"id": i, "name": name} for i, name in loss.services],
        "nothing": [_left(one) for one in loss.nothing],
        "weaker": [_left(one) for one in loss.weaker],
    }


def _left(one: Any) -> dict[str, str]:
    return {
        "group": one.group,
        "group_name": one.group_name,
        "need": one.need_name,
        "area": one.area_name,
    }


def losses_told(
    drawn: MapData, rows: Rows, homes: Mapping[str, str], days: Sequence[datetime.date]
) -> dict[str, Any]:
    """What falls with each thing of a map on each of some days: every answer once, and whose it is.

    `by` has, for a thing, the number of its answer on each day; things with which nothing falls on
    any day are left out.
    """
    answers: list[dict[str, Any]] = [loss_told(Loss())]
    by: dict[str, list[int]] = {}
    for number, day in enumerate(days):
        losing = Losing(rows, homes, day)
        for thing in drawn.chart.things:
            if thing.kind not in LOSABLE:
                continue
            told = loss_told(losing.of(frozenset({thing.id})))
            if told not in answers:
                answers.append(told)
            by.setdefault(thing.id, [0] * len(days))[number] = answers.index(told)
    return {
        "days": [day.isoformat() for day in days],
        "answers": answers,
        "by": {thing: found for thing, found in sorted(by.items()) if any(found)},
    }
