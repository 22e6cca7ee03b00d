"""Partnerships side by side on the same codes: what one has on record that another has not.

Each partnership is looked at on its own day. Only shared terms are compared, since a partnership's
own mean nothing elsewhere. A difference may lie in the documents and not in the places.
"""

from collections.abc import Mapping
from typing import Any

from queries.asked import Answerer, Asked
from queries.cells import Coverage
from queries.fits import widening
from queries.recorded import fallen
from queries.rows import Row
from queries.ways import running

_SHARED = "shared/"


def compare_coverage(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `compare.coverage`: groups and needs that others help with, and one does not.

    What helps is judged for the whole area of a partnership on its day.
    """
    facts = asked.recorded
    by_day = {day: Coverage(facts, asked.rows, day) for day in set(asked.days.values())}
    coverages = {p.slug: by_day[asked.days[p.slug]] for p in asked.partnerships}
    pairs = {
        (group, need)
        for coverage in coverages.values()
        for group, need, _ in coverage.helps
        if group.startswith(_SHARED) and need.startswith(_SHARED)
    }
    names = {p.slug: p.name for p in asked.partnerships}
    rows = []
    for group, need in sorted(pairs):
        found = {
            slug: coverage.judge((group, need, facts.homes[slug]))
            for slug, coverage in coverages.items()
        }
        elsewhere = [
            (f"{names[slug]}: {one.name}", one)
            for slug, judged in found.items()
            for one in judged.helps
        ]
        rows += [
            {
                "partnership": slug,
                **facts.describe(judged.cell),
                "state": judged.state,
                "reason": "; ".join(judged.reasons) or None,
                "elsewhere": sorted({words for words, _ in elsewhere}),
                "evidence": [*judged.proofs, *(p for _, one in elsewhere for p in one.proofs)],
            }
            for slug, judged in found.items()
            if not judged.helps
        ]
    return sorted(rows, key=lambda r: (r["partnership"], r["group_name"], r["need_name"]))


def compare_service_types(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `compare.service_types`: types that run elsewhere, and not in one partnership.

    `not_running` are the services of the type that are recorded here and do not run on the day.
    """
    facts, types = asked.recorded, {r["term"]: r for r in asked.rows}
    names, wider = {p.slug: p.name for p in asked.partnerships}, widening(types)
    runs = {
        day: running(facts, day) - fallen(facts, day, facts.lost)
        for day in set(asked.days.values())
    }
    up: dict[str, dict[str, list[Row]]] = {}
    down: dict[str, dict[str, list[Row]]] = {}
    for identifier, service in facts.services.items():
        slug = service["partnership"]
        by_type = up if identifier in runs[asked.days[slug]] else down
        for term in {w for t in service["types"] for w in wider[t]}:
            by_type.setdefault(term, {}).setdefault(slug, []).append(service)
    rows = []
    for term, by_slug in up.items():
        if not term.startswith(_SHARED):
            continue
        elsewhere = [(slug, s) for slug, services in by_slug.items() for s in services]
        for slug in sorted(names.keys() - by_slug.keys()):
            here = down.get(term, {}).get(slug, [])
            rows.append(
                {
                    "partnership": slug,
                    "type": term,
                    "name": types[term]["name"],
                    "elsewhere": sorted({f"{names[other]}: {s['name']}" for other, s in elsewhere}),
                    "not_running": sorted({str(s["name"]) for s in here}),
                    "evidence": [s["proof"] for s in (*here, *(s for _, s in elsewhere))],
                }
            )
    return sorted(rows, key=lambda r: (r["partnership"], r["name"]))


ANSWERS: Mapping[str, Answerer] = {
    "compare_coverage": compare_coverage,
    "compare_service_types": compare_service_types,
}
