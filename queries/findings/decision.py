"""Kinds of findings that wait for a decision: a day or a risk is recorded."""

from queries.findings import telling_money as money
from queries.findings import telling_plans as plans
from queries.findings import telling_services as services
from queries.findings.kind import Kind, counts

DECISION: tuple[Kind, ...] = (
    Kind(
        name="decision on money",
        severity="decision",
        question="funding.decisions",
        one="one award of money ends or has to be decided on within 18 months",
        several="{n} awards of money end or have to be decided on within 18 months",
        told=money.decide,
        openly=counts("One award of money ends or has to be decided on within 18 months."),
        subject="award",
        on_day="due",
    ),
    Kind(
        name="overdue",
        severity="decision",
        question="governance.overdue",
        one="one action was due and is not said to be done",
        several="{n} actions were due and are not said to be done",
        told=plans.overdue,
        brief=plans.was_due,
        openly=counts("An action was due and is not said to be done."),
        subject="action",
        on_day="due",
    ),
    Kind(
        name="gap nobody acts on",
        severity="decision",
        question="governance.gaps_nobody_acts_on",
        one="no recorded action answers one stated gap",
        several="no recorded action answers {n} stated gaps",
        told=plans.unanswered,
        brief=plans.titled,
        openly=counts("No recorded action answers a stated gap."),
        subject="gap",
    ),
    Kind(
        name="survivors unanswered",
        severity="decision",
        question="governance.survivors_unanswered",
        one="no recorded action answers one gap that survivors raised",
        several="no recorded action answers {n} gaps that survivors raised",
        told=plans.unanswered,
        brief=plans.titled,
        openly=counts("No recorded action answers a gap that survivors raised."),
        subject="gap",
    ),
    Kind(
        name="money only sought",
        severity="decision",
        question="funding.sought",
        one="money for one service or post is only sought or proposed",
        several="money for {n} services and posts is only sought or proposed",
        told=money.sought,
        openly=counts("Money for a service or post is only sought or proposed."),
        subject="award",
        only=("section", ("nothing else on record",)),
    ),
    Kind(
        name="post not filled",
        severity="decision",
        question="resilience.posts_at_risk",
        one="one post is vacant, being recruited to, about to be left or not there yet",
        several="{n} posts are vacant, being recruited to, about to be left or not there yet",
        told=plans.post,
        subject="post",
    ),
    Kind(
        name="route not working",
        severity="decision",
        question="pathways.routes_not_working",
        one="one route to help is missing, only planned, or to be reinforced",
        several="{n} routes to help are missing, only planned, or to be reinforced",
        told=services.route,
        openly=counts("A route to help is missing, only planned, or to be reinforced."),
        subject="route",
        label="end_name",
    ),
    Kind(
        name="only one recorded",
        severity="decision",
        question="resilience.single_points_of_failure",
        one="one service, agency, post or fund carries the only help on record for some people",
        several="{n} services, agencies, posts and funds each carry the only help on record for "
        "some people",
        told=services.only_one,
        openly=counts(
            "One service, agency or post carries the only help on record for some people."
        ),
        subject="thing",
        together=("thing",),
    ),
    Kind(
        name="empty seat",
        severity="decision",
        question="governance.empty_seats",
        one="one seat on a board is empty or to be confirmed",
        several="{n} seats on boards are empty or to be confirmed",
        told=plans.empty_seat,
        openly=counts("A seat on a board is empty or to be confirmed."),
        subject="body",
    ),
)
"""In the order in which they are told."""
