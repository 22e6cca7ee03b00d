"""Serious kinds of findings: people are without help, or its money has ended or ends soon."""

from queries.findings import telling_help as help_
from queries.findings import telling_money as money
from queries.findings import telling_services as services
from queries.findings.kind import Kind, counts

SERIOUS: tuple[Kind, ...] = (
    Kind(
        name="stated without help",
        severity="serious",
        question="coverage.uncovered",
        one="one group is recorded as without help or not reached",
        several="{n} groups are recorded as without help or not reached",
        told=help_.stated,
        openly=help_.stated_openly,
        subject="group",
        label="group_name",
        only=("section", ("stated uncovered",)),
    ),
    Kind(
        name="money ended",
        severity="serious",
        question="funding.unfunded",
        one="the last recorded money of one service or post has ended and no renewal is recorded",
        several="the last recorded money of {n} services and posts has ended and no renewal is "
        "recorded",
        told=money.ended,
        openly=counts("The last recorded money of a service or post has ended."),
        subject="service",
        on_day="ended",
        only=("section", ("money ended",)),
    ),
    Kind(
        name="money ends soon",
        severity="serious",
        question="funding.ending",
        one="all the recorded money of one service or post ends within twelve months",
        several="all the recorded money of {n} services and posts ends within twelve months",
        told=money.ending,
        openly=counts("All the recorded money of a service or post ends within twelve months."),
        subject="service",
        on_day="ends",
    ),
    Kind(
        name="help ends with the money",
        severity="serious",
        question="funding.cliff",
        one="on one day within a year, the only recorded help for some people is left without "
        "recorded money",
        several="on {n} days within a year, the only recorded help for some people is left without "
        "recorded money",
        told=money.uncovers,
        label="",
        on_day="on_day",
        only=("after", ("not recorded", "stated uncovered")),
        together=("on_day",),
        months=13,
    ),
    Kind(
        name="not enough help",
        severity="serious",
        question="coverage.uncovered",
        one="help is recorded as short, and no running service is on record for exactly those "
        "people and that need",
        several="help is recorded as short in {n} respects, with no running service on record for "
        "exactly those people and that need",
        told=help_.short,
        openly=help_.short_openly,
        subject="group",
        label="group_name",
        only=("section", ("insufficient",)),
        together=("need", "reason"),
    ),
    Kind(
        name="help that is not enough",
        severity="serious",
        question="coverage.limited",
        one="help that is on record is recorded as not enough",
        several="help that is on record is recorded as not enough in {n} respects",
        told=help_.short,
        openly=help_.short_openly,
        subject="group",
        label="group_name",
        only=("section", ("insufficient",)),
    ),
    Kind(
        name="turned away",
        severity="serious",
        question="capacity.refused",
        one="one figure of people turned away is on record",
        several="{n} figures of people turned away are on record",
        told=services.turned_away,
        subject="observation",
        label="measure",
    ),
    Kind(
        name="asked too much",
        severity="serious",
        question="capacity.above_capacity",
        one="more is asked of one service than it can do, as recorded",
        several="more is asked of {n} services than they can do, as recorded",
        told=services.asked_too_much,
        brief=services.overstretched,
        openly=counts("More is asked of a service than it can do, as recorded."),
        subject="service",
    ),
    Kind(
        name="full or waiting",
        severity="serious",
        question="capacity.limits",
        one="one service is recorded as full, closed to referrals or with a waiting list",
        several="{n} services are recorded as full, closed to referrals or with a waiting list",
        told=services.limit,
        openly=counts(
            "One service is recorded as full, closed to referrals or with a waiting list."
        ),
        subject="service",
        only=("state", ("full", "waiting list", "closed to referrals")),
        together=("service",),
    ),
    Kind(
        name="blocked way on",
        severity="serious",
        question="pathways.blocked_move_on",
        one="the way on from one service is recorded as blocked",
        several="the way on from {n} services is recorded as blocked",
        told=services.blocked,
        brief=services.stuck,
        openly=counts("The way on from one service is recorded as blocked."),
        subject="service",
        only=("section", ("a source says so",)),
    ),
)
"""In the order in which they are told."""
