"""Answers as text for a terminal: a table a question, and the short telling of the demonstration."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.formats import cited, text
from queries.ask import Answer, Row

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
    for partnership in answer.partnerships:
        asked = day(answer.as_of[partnership.slug])
        parts.append(Text(f"\n{partnership.name}, on {asked}", style="bold"))
        rows = [r for r in answer.rows if r["partnership"] == partnership.slug]
        if not rows:
            parts.append(Text("Nothing to report on record."))
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
        return ", ".join(next(iter(found.values())))
    return "; ".join(f"{title}: {', '.join(spots)}" for title, spots in found.items())


# ---------------------------------------------------------------- the demonstration


def tell_money(console: Console, answer: Answer) -> None:
    """Services and posts without money on record, by section, in a few lines."""
    counts = Counter(r["section"] for r in answer.rows)
    heading(console, "Services and posts without money on record", len(answer.rows))
    for section in counts:
        rows = [r for r in answer.rows if r["section"] == section]
        if section == "money ended":
            lines = [
                f"{r['name']}: {r['state']}; last paid by {r['last_funder']}, "
                f"until {day(r['ended']) if r['ended'] else 'a day not given'}"
                for r in rows
            ]
        else:
            lines = [r["name"] for r in rows]
        listed(console, f"{section} ({len(rows)})", lines, one_a_line=section == "money ended")


def tell_uncovered(console: Console, answer: Answer) -> None:
    """Groups and needs without recorded help, by what is known, in a few lines."""
    silent = [r for r in answer.rows if r["section"] == "never named here"]
    rows = [r for r in answer.rows if r["section"] != "never named here"]
    heading(console, "Groups and needs without recorded help", len(rows))
    for section in dict.fromkeys(r["section"] for r in rows):
        found = [r for r in rows if r["section"] == section]
        lines = [_cell(r) for r in found]
        listed(console, f"{section} ({len(found)})", lines, one_a_line=section != "not recorded")
    if silent:
        console.print(
            Text(
                f"    and {len(silent)} groups that other partnerships name and this one never does"
            )
        )


def _cell(row: Row) -> str:
    need = "" if row["need"] == "unspecified" else f" – {row['need_name']}"
    return f"{row['group_name']}{need}"


def tell_single_points(console: Console, answer: Answer) -> None:
    """Single points of failure, by thing, in a few lines."""
    things: dict[str, list[Row]] = {}
    for row in answer.rows:
        things.setdefault(row["thing"], []).append(row)
    heading(console, "Single points of failure: the only one recorded", len(things))
    ordered = sorted(things.values(), key=lambda rows: (-len(rows), rows[0]["name"]))
    lines = []
    for rows in ordered:
        cells = list(dict.fromkeys(_cell(r) for r in rows))
        more = f" and {len(cells) - 2} more" if len(cells) > 2 else ""
        inferred = "" if all(r["basis"] == "stated" for r in rows) else " (inferred in part)"
        first = rows[0]
        lines.append(f"{first['name']} [{first['kind']}]{inferred}: {'; '.join(cells[:2])}{more}")
    listed(console, "", lines, one_a_line=True)


def heading(console: Console, title: str, count: int) -> None:
    """The heading of one answer, with how many findings it has."""
    console.print(Text(f"  {title}: {count or 'none on record'}", style="bold"))


def listed(console: Console, title: str, lines: Iterable[str], *, one_a_line: bool) -> None:
    """Some findings, the first few in full and then how many more there are."""
    found = list(lines)
    more = len(found) - _FEW
    shown = found[:_FEW] + ([f"and {more} more"] if more > 0 else [])
    if one_a_line:
        if title:
            console.print(Text(f"    {title}"))
        for line in shown:
            console.print(Text(f"      - {line}"))
    else:
        console.print(Text(f"    {title}: {'; '.join(shown)}"))
