"""What would change if something ended: the things on which most recorded help rests."""

from collections.abc import Iterable

from queries.ask import ask, find_question
from queries.asked import Row
from queries.findings.telling_help import groups_by_need
from queries.findings.wording import day, listed
from visualise.paper.brief import Brief
from visualise.paper.model import Block, Note, Paragraph, Points, Section
from visualise.paper.words import names

_ASKED = 16
"""Of how many things it is asked what would change without them."""
_TOLD = 6
_FALLS, _LEFT = "service falls", "left with nothing on record"


def section(told: Brief) -> Section | None:
    """For the things on which most rests: what would change without each."""
    found = _distinct(told, _candidates(told))
    if not found:
        return None
    opening = Paragraph(
        "Each part below imagines that one service, agency, post or fund had ended and nothing had "
        "taken its place, and says what would then be missing from the record. It is no forecast: "
        "no document says what other help people would find, or what partners would do."
    )
    inner = tuple(_one(told, things, rows) for things, rows in found[:_TOLD])
    return Section(
        "What would change if something ended",
        (opening,),
        sections=inner,
        appendix=True,
    )


def _candidates(told: Brief) -> list[str]:
    """The things whose loss, or the end of whose money, leaves most without recorded help."""
    weight: dict[str, int] = {}
    for row in told.ask("resilience.single_points_of_failure"):
        weight[row["thing"]] = weight.get(row["thing"], 0) + 1
    for row in told.ask("funding.ending"):
        weight[row["service"]] = weight.get(row["service"], 0) + 1
    return sorted(weight, key=lambda thing: (-weight[thing], thing))[:_ASKED]


def _distinct(told: Brief, things: Iterable[str]) -> list[tuple[list[str], tuple[Row, ...]]]:
    """What changes without each thing, most first; things without which the same changes, once."""
    found: dict[tuple[object, ...], tuple[list[str], tuple[Row, ...]]] = {}
    for thing in things:
        rows = ask(
            told.store,
            find_question("resilience.what_if"),
            slugs=[told.home.slug],
            as_of=told.day,
            without=sorted({*told.without, thing}),
        ).rows
        if told.without:
            rows = _less(rows, told.ask("resilience.what_if"))
        left = tuple((r["group"], r["need"], r["area"]) for r in rows if r["change"] == _LEFT)
        if left:
            found.setdefault(left, ([], rows))[0].append(thing)
    return sorted(found.values(), key=lambda one: (-_count(one[1]), one[0]))


def _less(rows: Iterable[Row], before: Iterable[Row]) -> tuple[Row, ...]:
    known = [_key(row) for row in before]
    return tuple(row for row in rows if _key(row) not in known)


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[column] for column in ("change", "thing", "group", "need", "area"))


def _count(rows: Iterable[Row]) -> int:
    return sum(row["change"] == _LEFT for row in rows)


def _one(told: Brief, things: list[str], rows: tuple[Row, ...]) -> Section:
    first, *others = (told.names[thing] for thing in things)
    called = listed(others, what="others")
    falls = [r for r in rows if r["change"] == _FALLS and r["thing"] not in things]
    left = [r for r in rows if r["change"] == _LEFT]
    blocks: list[Block] = []
    if falls:
        text = f"With it would fall, as far as the record goes: {names(r['name'] for r in falls)}."
        blocks.append(Paragraph(text, _notes(told, falls)))
    points = [Paragraph(text) for text in groups_by_need(left, told.home)]
    blocks += [
        Paragraph("Left with no running help on record:", _notes(told, left)),
        Points(tuple(points)),
    ]
    blocks += [_end(told, r) for r in told.ask("funding.ending") if r["service"] in things]
    if called:
        blocks.append(Paragraph(f"The same would change if {called} ended."))
    return Section(f"If {first} ended", tuple(blocks))


def _end(told: Brief, row: Row) -> Paragraph:
    text = f"All the recorded money of {row['name']} ends on {day(row['ends'])}."
    return Paragraph(text, told.notes(row["evidence"]))


def _notes(told: Brief, rows: Iterable[Row]) -> tuple[Note, ...]:
    return told.notes(one for r in rows for one in r["evidence"])
