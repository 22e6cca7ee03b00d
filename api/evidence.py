"""The records behind what a view shows, as pages cite them."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.routes.pages import record_url
from ontology.schema import default_schema
from queries.asked import Row


@dataclass(frozen=True, slots=True)
class Proof:
    """One record, with its source and the places in it."""

    title: str
    places: tuple[str, ...]
    basis: str | None
    url: str
    kind: str


def cited(evidence: Iterable[Row]) -> tuple[Proof, ...]:
    """The evidence of a row of an answer, as `show.proofs` takes it."""
    return tuple(
        Proof(
            title=e["title"] or "Shared terms",
            places=tuple(e["locator"]),
            basis=e["basis"],
            url=record_url(e["record"]),
            kind=default_schema().by_slug(e["record"].split("/")[1]).label,
        )
        for e in evidence
    )
