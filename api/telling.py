"""Answers as text for a terminal: a table a question, and the telling of the demonstration."""

import datetime
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.formats import cited, text
from queries.ask import Answer
from queries.asked import Row

_FEW = 6
"""How many findings of a kind the demonstration prints before it says how many more there are."""


def day(value: datetime.date) -> str:
    """A day as people write it: 1 April 2013."""
    return f"{value.day} {value:%B %Y}"


def headed(column: str) -> str:
    """A column's heading for people: `group_name` is 'group'."""
    return column.removesuffix("_name").replace("_", " ")


def table(answer: Answer) -> RenderableType:
    """An answer as tables, one a partnership and section, with the places behind each row."""
    parts: list[RenderableType] = [
        Text(answer.question.title, style="bold"),
        Text(answer.question.question),
    ]
    if answer.without:
        parts.append(Text(f"Imagining lost: {', '.join(answer.without)}", style="bold"))
    for partnership in answer.partnerships:
        asked = day(answer.as_of[partnership.slug])
        known = f"what was known by {day(partnership.newest)}"
        parts.append(Text(f"\n{partnership.name}, asked about {asked} ({known})", style="bold"))
        rows = [r for r in answer.rows if r["partnership"] == partnership.slug]
        if not rows:
            parts.append(Text(answer.question.empty))
            continue
        for section, found in _sections(answer, rows):
            parts.append(_rows(answer, found, section))
    parts.append(Text())
    parts += [Text(f"Note: {caveat}", style="dim") for caveat in answer.question.caveats]
    return Group(*parts)


def _sections(answer: Answer, rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    column = answer.question.sections
    names = dict.fromkeys(r[column] for r in rows) if column else {"": None}
    for name in names:
        yield str(name), [r for r in rows if column is None or r[column] == name]


def _rows(answer: Answer, rows: list[Row], section: str) -> Table:
    title = f"{section} ({len(rows)})" if section else None
    shown = Table(title=title, title_justify="left", header_style="bold", expand=False)
    columns = [c for c in answer.question.shows if any(text(r[c]) for r in rows)]
    for column in columns:
        shown.add_column(headed(column), overflow="fold")
    shown.add_column("where it says so", overflow="fold")
    for row in rows:
        cells = [Text(text(row[c])) for c in columns]
        shown.add_row(*cells, Text(places(row)))
    return shown


def places(row: Row) -> str:
    """Where the records behind a row stand, without repeating."""
    found = cited(row["evidence"])
    if len(found) == 1:
        told = "; ".join(next(iter(found.values())))
    else:
        told = "; ".join(f"{title}: {'; '.join(spots)}" for title, spots in found.items())
    bases = {one["basis"] for one in row["evidence"]} - {None, "stated"}
    return f"{told} ({', '.join(sorted(bases))} in part)" if bases else told


# ---------------------------------------------------------------- the demonstration


@dataclass(frozen=True, slots=True)
class Told:
    """The answers that the demonstration tells of one partnership on one day."""

    money: Answer
    ending: Answer
    uncovered: Answer
    single_points: Answer


def tell(console: Console, told: Told, before: Told | None) -> None:
    """Tell three answers in a few lines each; where an earlier day was told, only what is new."""
    tell_money(console, told, before)
    tell_uncovered(console, told, before)
    tell_single_points(console, told, before)


def _new(rows: Iterable[Row], earlier: Iterable[Row], *keys: str) -> list[Row]:
    known = {tuple(row[key] for key in keys) for row in earlier}
    return [row for row in rows if tuple(row[key] for key in keys) not in known]


def tell_money(console: Console, told: Told, before: Told | None) -> None:
    """Services and posts without money on record, by section, and what ends soon."""
    rows = [r for r in told.money.rows if r["section"] != "undated"]
    heading(console, "Services and posts without money on record", len(rows))
    if before:
        rows = _new(rows, before.money.rows, "service", "section")
    ended = [r for r in rows if r["section"] == "money ended"]
    if ended:
        _wrapped(console, f"money ended ({len(ended)})", 4)
    for row in ended:
        until = day(row["ended"]) if row["ended"] else "a day not given"
        _wrapped(
            console,
            f"- {row['name']}: {row['state']}; last paid by {row['last_funder']}, until {until}",
            6,
        )
    for section in dict.fromkeys(r["section"] for r in rows if r not in ended):
        names = [r["name"] for r in rows if r["section"] == section]
        listed(console, f"{section} ({len(names)})", names)
    undated = [r["name"] for r in told.money.rows if r["section"] == "undated"]
    if undated:
        listed(console, f"not counted: money on record, its end is not ({len(undated)})", undated)
    if not before and told.ending.rows:
        lines = [f"{r['name']} ({r['funder']}, until {day(r['ends'])})" for r in told.ending.rows]
        listed(
            console, f"not counted: money there, ending within twelve months ({len(lines)})", lines
        )


def tell_uncovered(console: Console, told: Told, before: Told | None) -> None:
    """Groups and needs without recorded help, by what is known."""
    silent = [r for r in told.uncovered.rows if r["section"] == "never named here"]
    rows = [r for r in told.uncovered.rows if r["section"] != "never named here"]
    heading(console, told.uncovered.question.title, len(rows))
    if before:
        rows = _new(rows, before.uncovered.rows, "group", "need", "area", "state")
    for section in dict.fromkeys(r["section"] for r in rows):
        found = [r for r in rows if r["section"] == section]
        reasons = [f"{_cell(r)} ({r['reason']})" if before else _cell(r) for r in found]
        listed(console, f"{section} ({len(found)})", reasons)
    if silent and not before:
        _wrapped(console, f"and {len(silent)} groups that others name and no record here does", 4)


def _cell(row: Row) -> str:
    need = "" if row["need"] == "unspecified" else f" – {row['need_name']}"
    area = "" if row["area"].endswith(f"/{row['partnership']}") else f" ({row['area_name']})"
    return f"{row['group_name']}{need}{area}"


def tell_single_points(console: Console, told: Told, before: Told | None) -> None:
    """Single points of failure, by thing: those that most hangs on first."""
    things = _by_thing(told.single_points.rows)
    heading(console, f"{told.single_points.question.title}: the only one recorded", len(things))
    if before:
        fresh = _new(told.single_points.rows, before.single_points.rows, "thing", "group", "need")
        things = _by_thing(fresh)
    for rows in things[:_FEW]:
        cells = list(dict.fromkeys(_cell(r) for r in rows))
        more = f" and {len(cells) - 2} more" if len(cells) > 2 else ""
        inferred = "" if all(r["basis"] == "stated" for r in rows) else ", inferred in part"
        first = rows[0]
        _wrapped(
            console,
            f"- {first['name']} ({first['kind']}{inferred}): {'; '.join(cells[:2])}{more}",
            6,
        )
    if len(things) > _FEW:
        _wrapped(console, f"and {len(things) - _FEW} more", 6)


def _by_thing(rows: Iterable[Row]) -> list[list[Row]]:
    things: dict[str, list[Row]] = {}
    for row in rows:
        things.setdefault(row["thing"], []).append(row)
    return sorted(things.values(), key=lambda found: (-len(found), found[0]["name"]))


def heading(console: Console, title: str, count: int) -> None:
    """The heading of one answer, with how many findings it has."""
    console.print(Text(f"  {title}: {count or 'none on record'}", style="bold"))


def listed(console: Console, title: str, findings: list[str]) -> None:
    """A few findings in a running line, and then how many more there are."""
    more = len(findings) - _FEW
    shown = findings[:_FEW] + ([f"and {more} more"] if more > 0 else [])
    _wrapped(console, f"{title}: {'; '.join(shown)}", 4)


def _wrapped(console: Console, line: str, indent: int) -> None:
    """A line that goes on below its own beginning, so that the eye finds the next one."""
    for part in textwrap.wrap(
        line,
        console.width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
    ):
        console.print(Text(part))
