"""Tables of the exempt appendix on help: services, money, gaps, routes and figures."""

from collections.abc import Callable, Iterable

from graph.safety import SAFE_TYPE, wider
from queries.asked import Row
from queries.findings.telling_services import units
from queries.findings.wording import day, listed, pounds, small
from visualise.paper.brief import Brief
from visualise.paper.model import Block
from visualise.paper.words import capital, figure, names, sentences, table

Tables = list[tuple[str, list[Block]]]
Telling = Callable[[Row], str]


def tables(told: Brief) -> Tables:
    """Each part of the appendix on help: its heading and its table."""
    return [
        ("Services", [services(told)]),
        ("Money", [money(told)]),
        ("Gaps as the documents state them", [gaps(told)]),
        ("Routes", [routes(told)]),
        ("Figures", [figures(told)]),
    ]


# ---------------------------------------------------------------- services


def services(told: Brief) -> Block:
    """Every service: who provides it, for whom, how it stands, what is said of it."""
    providers = _providers(told)
    people = _by_service(told.rows("reaches"), lambda r: _people(told, r))
    rows = []
    for row in sorted(told.rows("paper_services"), key=lambda r: (str(r["name"]), r["service"])):
        cells = (
            row["name"],
            listed(row["type_names"]),
            names(providers.get(row["service"], ())) or "not recorded",
            names(people.get(row["service"], ())) or "not recorded",
            capital(_standing(told, row)),
            sentences(row["about"], row["wait"]),
        )
        rows.append((cells, told.note(row)))
    headers = (
        "Service",
        "Kind",
        "Who provides it",
        "For whom",
        "How it stands",
        "What is said of it",
    )
    return table("Services on record", headers, rows, wide=True)


def _by_service(rows: Iterable[Row], telling: Telling) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["service"], []).append(telling(row))
    return {service: sorted(told) for service, told in found.items()}


def _providers(told: Brief) -> dict[str, list[str]]:
    """Who provides each service, or does something else for it, each agency once."""
    roles: dict[str, dict[str, list[str]]] = {}
    for row in told.rows("provisions"):
        agency = roles.setdefault(row["service"], {}).setdefault(told.names[row["agency"]], [])
        agency.append(_ROLES.get(str(row["role"]), str(row["role"])))
    return {
        service: sorted(
            name if found == ["provides"] else f"{name} ({', '.join(sorted(found))})"
            for name, found in agencies.items()
        )
        for service, agencies in roles.items()
    }


_ROLES = {"is main provider of": "main provider", "holds the budget of": "holds the budget"}


def _people(told: Brief, row: Row) -> str:
    groups = {g["term"]: g["name"] for g in told.rows("groups")}
    how = [row["strength"]] if row["strength"] else []
    how += [row["condition"].rstrip(".")] if row["condition"] else []
    who = small(groups[row["term"]])
    return f"{who} ({'; '.join(how)})" if how else who


def _standing(told: Brief, row: Row) -> str:
    parts = [row["standing"] if row["standing"] != "not stated" else "not said whether it runs"]
    parts += ["has room" if word == "room" else word for word in row["availability"] or []]
    if row["opened"]:
        verb = "opened" if row["opened"] <= told.day else "to open"
        parts.append(f"{verb} {row['opened']:%B %Y}")
    if row["whereabouts"] == "outside":
        parts.append("outside the area")
    return "; ".join(filter(None, parts))


# ---------------------------------------------------------------- money


def money(told: Brief) -> Block:
    """Every award: what it is for, from which fund, how much, until when, and how it stands."""
    rows = []
    for row in sorted(told.rows("paper_awards"), key=lambda r: (str(r["name"]), r["award"])):
        holders = [h for h in row["holder_names"] if h not in row["fund_name"]]
        fund = f"{row['fund_name']} (held by {names(holders)})" if holders else row["fund_name"]
        cells = (
            row["name"],
            fund,
            pounds(row["amount"]) if row["amount"] is not None else "amount not recorded",
            _period(row),
            capital(str(row["status"])),
            f"Risk as recorded: {row['risk']}" if row["risk"] else "",
            sentences(capital(row["purpose"] or "")),
        )
        rows.append((cells, told.note(row)))
    headers = ("For", "From", "Amount", "Period", "How it stands", "Risk", "Purpose")
    return table("Money on record", headers, rows, wide=True)


def _period(row: Row) -> str:
    given = row["period"] or ""
    ends = f"last day {day(row['last'])}" if row["last"] else "no end is recorded"
    told = [f"as given: {given}" if given else ""]
    told += [] if row["last"] and day(row["last"]) in given else [ends]
    told += [f"may run to {day(row['extension'])}" if row["extension"] else ""]
    told += [f"decide by {day(row['decide_by'])}" if row["decide_by"] else ""]
    return capital("; ".join(filter(None, told)))


# ---------------------------------------------------------------- gaps and routes


def gaps(told: Brief) -> Block:
    """Every gap that a document states."""
    groups = {g["term"]: g["name"] for g in told.rows("groups")}
    rows = []
    for row in sorted(told.rows("map_gaps"), key=lambda r: (str(r["kind"]), r["gap"])):
        cells = (
            row["name"],
            capital(str(row["kind"] or "")),
            names(sorted(groups[t] for t in row["terms"])),
            names(sorted(row["needs"])),
            row["severity"] or "",
            sentences(row["about"]),
        )
        rows.append((cells, told.note(row)))
    headers = ("Gap", "Kind", "Who is concerned", "Need", "How grave", "What is said of it")
    return table("Gaps on record", headers, rows, wide=True)


def routes(told: Brief) -> Block:
    """Every route: from whom to where, whether it works, and on what condition."""
    rows = []
    for row in sorted(told.rows("steps"), key=lambda r: (str(r["origin_name"]), r["route"])):
        conditions = [row["condition"] or "", *(f"risk: {x}" for x in row["risk_levels"] or ())]
        cells = (
            row["origin_name"],
            row["target_name"],
            capital(str(row["status"] or "not said")),
            capital("; ".join(filter(None, conditions))),
            row["mode"] or "",
        )
        rows.append((cells, told.note(row)))
    headers = ("From", "To", "How it stands", "Condition", "How it is done")
    return table("Routes on record", headers, rows, wide=True)


# ---------------------------------------------------------------- figures


def figures(told: Brief) -> Block:
    """Every recorded figure; those of one place and period together."""
    together: dict[tuple[object, ...], list[Row]] = {}
    for row in told.rows("paper_observations"):
        key = (tuple(row["proof"]["place"] or ()), row["period"] or "")
        if not _tells_where(told, row):
            together.setdefault(key, []).append(row)
    rows = []
    for found in together.values():
        abouts = {tuple(sorted(row["about_names"])) for row in found}
        told_of = "; ".join(_figure(row, is_alone=len(abouts) == 1) for row in found)
        about = sorted({name for one in abouts for name in one})
        period = found[0]["period"] or "not given"
        notes = told.notes(row["proof"] for row in found)
        rows.append(((names(about) or "not given", told_of, period), notes))
    rows.sort(key=lambda one: (one[0][0], one[0][2], one[0][1]))
    return table("Figures on record", ("About", "Figures", "Period as given"), rows, wide=True)


def _tells_where(told: Brief, row: Row) -> bool:
    """Whether a figure would tell in which part of the area safe accommodation is."""
    broader = {t["term"]: t["broader"] for t in told.rows("service_types")}
    safe = {
        s["name"]
        for s in told.rows("paper_services")
        if any(SAFE_TYPE in wider(kind, broader) for kind in s["types"])
    }
    areas = {a["name"] for a in told.rows("areas")} - {told.home.area_name}
    about = set(row["about_names"])
    return bool(about & safe and about & areas)


def _figure(row: Row, *, is_alone: bool) -> str:
    unit = str(row["unit"] or "")
    if unit == "percent":
        told = f"{row['measure']}: {figure(row['value'])}%"
    elif unit == "pound":
        told = f"{row['measure']}: {pounds(row['value'])}"
    else:
        told = f"{row['measure']}: {figure(row['value'])} {units(unit, row['value'])}".rstrip()
    about = "" if is_alone else names(sorted(row["about_names"]))
    given = (about, row["qualifier"], row["population"], row["reason"], row["origin"])
    beside = [x.rstrip(".") for x in given if x]
    return f"{told} ({'; '.join(beside)})" if beside else told
