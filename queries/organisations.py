"""Which agencies are one organisation: those of different partnerships with the same org-id.

Nothing else makes two records one; a likeness of names does not. Within one partnership nothing is
merged, so that a partnership alone is answered as its own records have it.
"""

from collections.abc import Iterable, Mapping

from queries.rows import Row


def one_of(rows: Iterable[Row], key: str) -> dict[str, str]:
    """Each agency that is one with agencies of other partnerships, with the first id of them all.

    `rows` have an id under `key` and an `org_id`, or none.
    """
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.get("org_id"):
            found.setdefault(row["org_id"], []).append(row[key])
    several = [ids for ids in found.values() if len({_slug(one) for one in ids}) > 1]
    firsts = [(min(ids), ids) for ids in several]
    return {one: first for first, ids in firsts for one in ids}


def with_equals(lost: Iterable[str], first: Mapping[str, str]) -> frozenset[str]:
    """Things with all that are one with them; `first` is what `one_of` gives."""
    given = frozenset(lost)
    gone = {first[one] for one in given if one in first}
    return given | {one for one, own in first.items() if own in gone}


def _slug(identifier: str) -> str:
    return identifier.split("/", 1)[0]
