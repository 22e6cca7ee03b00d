"""What a board paper says: its parts in order, in the open or the exempt version.

Every statement is read from answers of the catalogue and recorded facts, in the modules beside this
one; nothing is judged here. The open version names no service, provider or fund as at risk, ended
or without money (Local Government Act 1972, Schedule 12A, Part 1, paragraph 3; SAFETY.md rules 7
and 8).
"""

import datetime
from collections.abc import Sequence

from graph.stores.protocol import Store
from queries.findings.wording import day, listed
from visualise.paper import (
    content_appendix,
    content_findings,
    content_help,
    content_limits,
    content_money,
    content_summary,
    content_ways,
    content_what_if,
)
from visualise.paper.brief import Brief, brief
from visualise.paper.model import Paper, Section, Version

_MARKINGS = {
    "exempt": "Not for publication: exempt information (Local Government Act 1972, Schedule 12A, "
    "Part 1, paragraph 3)",
    "open": "For publication",
}
_SUBTITLES = {
    "exempt": "Report to the board: exempt version",
    "open": "Report to the board: open version",
}


def paper(
    store: Store,
    slug: str,
    as_of: datetime.date | None = None,
    version: Version = "exempt",
    without: Sequence[str] = (),
) -> Paper:
    """The board paper of a partnership on a day (that of its newest source, if none is given).

    The open version takes a store of `graph.for_publication` and no other.

    Raises QuestionError where there is no such partnership, or nothing by a name in `without`.
    """
    told = brief(store, slug, as_of, version, without)
    return Paper(
        title=f"Services and ways to help in {told.home.area_name}",
        subtitle=_SUBTITLES[version],
        version=version,
        day=told.day,
        marking=_MARKINGS[version],
        notices=_notices(told),
        facts=content_summary.facts(told),
        sections=_sections(told),
    )


def _sections(told: Brief) -> tuple[Section, ...]:
    found = (
        content_summary.purpose(told),
        content_summary.summary(told),
        content_limits.record(told),
        content_help.section(told),
        content_money.section(told),
        content_ways.section(told),
        content_findings.section(told),
        content_limits.limits(told),
        content_limits.exempt(told) if told.is_open else None,
        None if told.is_open else content_what_if.section(told),
        *content_appendix.sections(told),
    )
    return tuple(section for section in found if section is not None)


def _notices(told: Brief) -> tuple[str, ...]:
    """What has to be said before everything else (SAFETY.md rule 4)."""
    notices = []
    if told.home.historical:
        notices.append(
            "Historical. These records describe years gone by. They are not a way to get help "
            "today. In an emergency call 999."
        )
    if told.home.fictional:
        notices.append(
            "Invented. Every place, service, name and figure in this paper is made up, to show "
            "what such a paper looks like. In an emergency call 999."
        )
    if told.without and not told.is_open:
        things = listed(sorted(told.names[thing] for thing in told.without))
        notices.append(
            f"Imagined. This paper is written as if {things} had ended. It does not say how things "
            "stand."
        )
    if told.without and told.is_open:
        notices.append("Imagined. This paper leaves something out to see what would change.")
    if told.day > told.home.newest:
        notices.append(
            f"This paper speaks of {day(told.day)}. The newest document on which it rests speaks "
            f"of {day(told.home.newest)}: what happened in between and was not written down there "
            "is not known here."
        )
    return tuple(notices)
