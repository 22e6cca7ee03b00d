"""How complete the record is, what it cannot say, and what is only in the exempt version."""

from collections import Counter
from collections.abc import Iterable

from queries.asked import Row
from queries.wording import counted, day, number, upper
from visualise.paper.brief import Brief
from visualise.paper.content_money import completeness as money_completeness
from visualise.paper.content_summary import sources
from visualise.paper.model import Paragraph, Points, Section
from visualise.paper.words import names, of

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
        f"{'is' if len(services) == 1 else 'are'} on record. Who provides it is recorded of "
        f"{number(by)}; whether it runs, is planned or has ended is recorded of {number(runs)}."
    )


def _people(told: Brief) -> str:
    services = told.rows("paper_services")
    reaching = {r["service"] for r in told.rows("reaches")}
    count = sum(s["service"] in reaching for s in services)
    ways = {s["target"] for s in told.rows("steps")}
    known = sum(bool(s["access"]) or s["service"] in ways for s in services)
    return (
        f"Whom it is for is recorded of {of(count, len(services))} services, and how people come "
        f"to it of {of(known, len(services))}."
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
        f"record: {number(leads)} with a lead of their own, {number(due)} with a date, and "
        f"{number(status)} with a status."
    )


def _basis(told: Brief) -> str:
    bases = Counter(str(one["basis"]) for one in _proofs(told))
    total = sum(bases.values())
    if not total:
        return ""
    return (
        f"Statements on services, people, money, routes and actions: {total:,}, of which "
        f"{bases['inferred']:,} concluded from what a document says, {bases['contested']:,} in "
        "dispute, and the rest stated."
    )


def _proofs(told: Brief) -> Iterable[Row]:
    facts = ("paper_services", "provisions", "reaches", "paper_awards", "steps", "paper_actions")
    return (row["proof"] for name in facts for row in told.rows(name))


def _signed(told: Brief) -> str:
    found = told.rows("completeness")
    if not found:
        return "No signed statement is recorded that a list of services is whole."
    if told.is_open:
        return ""
    lists = names(
        f"{r['type_name']} in {r['area_name']} on {day(r['dated'])}, by {r['signed_by']}"
        if r["signed_by"]
        else f"{r['type_name']} in {r['area_name']} on {day(r['dated'])}"
        for r in found
    )
    return f"Signed as a whole list: {lists}."


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
        which = f": {names(unknown, 8)}" if not told.is_open else ""
        found.append(
            f"Of {counted(len(unknown), 'service')} no document says whether it runs{which}."
        )
    nobody = {p["service"] for p in told.rows("provisions")}
    unprovided = [s["name"] for s in services if s["service"] not in nobody]
    if unprovided:
        which = f": {names(unprovided, 8)}" if not told.is_open else ""
        found.append(
            f"Of {counted(len(unprovided), 'service')} no document says who provides it{which}."
        )
    if not told.is_open:
        blank = [a for a in told.rows("paper_awards") if a["amount"] is None]
        if blank:
            found.append(
                f"Of {counted(len(blank), 'award')} of money the amount is not recorded. Sums of "
                "money in this paper are sums of what is recorded, and no totals of what is spent."
            )
    found.append(
        "That a group is not mentioned says nothing of its needs. Groups that only other "
        "partnerships name are told apart from those that are named here."
    )
    return [Paragraph(text) for text in found]


def _doubts(told: Brief) -> list[Paragraph]:
    same = told.ask("evidence.probably_the_same")
    contested = told.ask("evidence.contested")
    found = []
    if contested:
        found.append(
            f"Documents disagree on {counted(len(contested), 'fact')}; both sides are kept."
        )
    if same:
        which = "" if told.is_open else f" ({names(_pairs(same), 4)})"
        found.append(
            f"{upper(counted(len(same), 'pair'))} of records may be one and the same thing under "
            f"two names{which}. They are counted apart until somebody confirms it."
        )
    return [Paragraph(text) for text in found]


def _pairs(rows: Iterable[Row]) -> Iterable[str]:
    return (f"{row['name']} with {row['other_name']}" for row in rows)


def _ages(told: Brief) -> list[Paragraph]:
    found = [Paragraph(f"The documents are: {'; '.join(sources(told))}.")]
    old = [r for r in told.ask("evidence.old_sources") if r["figures"] or r["records"]]
    for row in old:
        count = counted(row["records"] + row["figures"], "statement or figure", "statements")
        found.append(
            Paragraph(f"{row['name']} is of {row['dated'].year} and stands behind {count}.")
        )
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
