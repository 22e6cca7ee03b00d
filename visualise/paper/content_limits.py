"""How complete the record is, what it cannot say, and what is only in the exempt version."""

from collections import Counter
from collections.abc import Iterable

from queries.asked import Row
from queries.findings.wording import counted, day, listed, number, small, upper
from visualise.paper.brief import Brief
from visualise.paper.content_money import completeness as money_completeness
from visualise.paper.model import Paragraph, Points, Section
from visualise.paper.words import names, of

_FEW = 5
_UNKNOWN = ("not stated", None, "")


def record(told: Brief) -> Section:
    """How complete the record is, in numbers."""
    told_of = [_services(told), _people(told)]
    if not told.is_open:
        told_of += [money_completeness(told.rows("paper_awards")), _actions(told)]
    told_of += [_basis(told), _signed(told)]
    points = tuple(Paragraph(text) for text in told_of if text)
    return Section("How complete the record is", (Points(points),))


def _services(told: Brief) -> str:
    services = told.rows("paper_services")
    runs = sum(s["standing"] not in _UNKNOWN for s in services)
    provided = {p["service"] for p in told.rows("provisions")}
    by = sum(s["service"] in provided for s in services)
    return (
        f"{upper(counted(len(services), 'service'))} "
        f"{'is' if len(services) == 1 else 'are'} on record. Who provides them is recorded for "
        f"{number(by)}, and whether they run, are planned or have ended for {number(runs)}."
    )


def _people(told: Brief) -> str:
    services = told.rows("paper_services")
    reaching = {r["service"] for r in told.rows("reaches")}
    count = sum(s["service"] in reaching for s in services)
    ways = {s["target"] for s in told.rows("steps")}
    known = sum(bool(s["access"]) or s["service"] in ways for s in services)
    return (
        f"Whom they are for is recorded for {of(count, len(services))} services, and how people "
        f"come to them for {of(known, len(services))}."
    )


def _actions(told: Brief) -> str:
    actions = told.rows("paper_actions")
    if not actions:
        return "No action is recorded."
    leads = sum(bool(a["leads"]) for a in actions)
    due = sum(a["due"] is not None for a in actions)
    status = sum(a["status"] not in (*_UNKNOWN, "not recorded") for a in actions)
    return (
        f"{upper(counted(len(actions), 'action'))} {'is' if len(actions) == 1 else 'are'} on "
        f"record, {number(leads)} of them with a lead of their own, {number(due)} with a date and "
        f"{number(status)} with a status."
    )


def _basis(told: Brief) -> str:
    bases = Counter(str(one["basis"]) for one in _proofs(told))
    total = sum(bases.values())
    if not total:
        return ""
    stated = total - bases["inferred"] - bases["contested"]
    parts = [f"{stated:,} stated"]
    parts += [f"{bases['inferred']:,} concluded from what a document says"] * bool(
        bases["inferred"]
    )
    parts += [f"{bases['contested']:,} in dispute"] * bool(bases["contested"])
    subjects = "services, people, routes and actions"
    if not told.is_open:
        subjects = "services, people, money, routes and actions"
    return f"{total:,} statements on {subjects} are on record: {listed(parts)}."


def _proofs(told: Brief) -> Iterable[Row]:
    facts = ["paper_services", "provisions", "reaches", "steps", "paper_actions"]
    facts += [] if told.is_open else ["paper_awards"]
    return (row["proof"] for name in facts for row in told.rows(name))


def _signed(told: Brief) -> str:
    found = told.rows("completeness")
    if not found:
        return "No signed statement is recorded that any list of services is complete."
    if told.is_open:
        return ""
    lists = names(
        f"{small(r['type_name'])} in {r['area_name']} on {day(r['dated'])}, by {r['signed_by']}"
        if r["signed_by"]
        else f"{small(r['type_name'])} in {r['area_name']} on {day(r['dated'])}"
        for r in found
    )
    return f"Signed as complete: the list of {lists}."


def limits(told: Brief) -> Section:
    """What the record cannot say."""
    points = [
        Paragraph(
            "The paper knows what its documents say and nothing else. A service, a payment or a "
            "route that nobody wrote down is not in it."
        ),
        *_silences(told),
        *_doubts(told),
        *_ages(told),
    ]
    return Section("Limits of this paper", (Points(tuple(points)),))


def _silences(told: Brief) -> list[Paragraph]:
    found = []
    services = told.rows("paper_services")
    unknown = [s["name"] for s in services if s["standing"] in _UNKNOWN]
    if unknown:
        which = f": {names(unknown, _FEW)}" if not told.is_open else ""
        found.append(
            f"Of {counted(len(unknown), 'service')} no document says whether it runs{which}."
        )
    nobody = {p["service"] for p in told.rows("provisions")}
    unprovided = [s["name"] for s in services if s["service"] not in nobody]
    if unprovided:
        which = f": {names(unprovided, _FEW)}" if not told.is_open else ""
        found.append(
            f"Of {counted(len(unprovided), 'service')} no document says who provides it{which}."
        )
    if not told.is_open:
        blank = [a for a in told.rows("paper_awards") if a["amount"] is None]
        if blank:
            found.append(
                f"Of {counted(len(blank), 'award')} of money the amount is not recorded. Sums in "
                "this paper are sums of what is recorded, not totals of what is spent."
            )
    found.append("That a group of people is not mentioned says nothing of its needs.")
    return [Paragraph(text) for text in found]


def _doubts(told: Brief) -> list[Paragraph]:
    same = told.ask("evidence.probably_the_same")
    contested = told.ask("evidence.contested")
    found = []
    if contested:
        found.append(
            f"Documents, or places in one document, disagree on {counted(len(contested), 'fact')}. "
            "Both sides are kept."
        )
    if same:
        which = "" if told.is_open else f", such as {next(iter(_pairs(same)))}"
        found.append(
            f"In {counted(len(same), 'case')} two names on record may stand for one and the same "
            f"body, fund, service or plan{which}. They are counted apart until somebody confirms "
            "it."
        )
    return [Paragraph(text) for text in found]


def _pairs(rows: Iterable[Row]) -> Iterable[str]:
    return (f"{row['name']} and {row['other_name']}" for row in rows)


def _ages(told: Brief) -> list[Paragraph]:
    found = []
    old = [r for r in told.ask("evidence.old_sources") if r["figures"] or r["records"]]
    for row in old:
        total = row["records"] + row["figures"]
        verb = "rests" if total == 1 else "rest"
        count = counted(total, "statement or figure", "statements and figures")
        text = f"{upper(count)} {verb} on an older document, {row['name']} ({row['dated'].year})."
        found.append(Paragraph(text))
    return found


def exempt(told: Brief) -> Section:
    """What is not in the open version, and why, without telling what it holds."""
    return Section(
        "What is in the exempt version only",
        (
            Paragraph(
                "Some parts of this report are in an exempt version and are not for publication. "
                "They hold information on the financial or business affairs of particular persons, "
                "among them the bodies that provide services (Local Government Act 1972, Schedule "
                "12A, Part 1, paragraph 3). It is for the authority to be satisfied that the "
                "public interest in keeping it exempt outweighs that in disclosing it."
            ),
            Points(
                (
                    Paragraph("which services and posts have money, from whom and until when;"),
                    Paragraph("findings that name a service, a provider, a fund or a post;"),
                    Paragraph("what would change if something ended;"),
                    Paragraph("the gaps, actions and progress in the words of the record; and"),
                    Paragraph(
                        "figures of fewer than ten people, and any that would give them away."
                    ),
                )
            ),
        ),
    )
