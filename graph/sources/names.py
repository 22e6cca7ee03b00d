"""What a name in a cell means: readers look references up by it, writers choose names by it.

A cell may hold the id of a record of the same partnership, the name or id of a shared term, or
either with its class before it (`agency/idva`) where that alone could mean several things.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.ids import record_id
from ontology.namespaces import SHARED
from ontology.schema import Property, Schema, ontology, shared_terms

SEPARATOR = "; "
"""Between the values of a cell that holds several."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a name in a cell can mean in one partnership.

    `own` are the ids of the partnership's records by class name, `labels` the names of shared terms
    by identifier.
    """

    slug: str
    schema: Schema
    own: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]

    def meaning(self, text: str, targets: Sequence[str]) -> list[str]:
        """The identifiers that a cell's text can mean."""
        prefix, _, local = text.rpartition("/")
        found = []
        for name in targets:
            class_slug = self.schema.classes[name].slug
            if prefix and prefix != class_slug:
                continue
            if local in self.own.get(name, ()):
                found.append(record_id(self.slug, class_slug, local))
                continue
            shared = _shared(name)
            if text.lower() in shared:
                found.append(record_id(SHARED, class_slug, shared[text.lower()]))
            elif prefix and local in shared:
                found.append(record_id(SHARED, class_slug, shared[local]))
        return found

    def known(self, targets: Sequence[str]) -> Iterable[str]:
        """Everything that a cell could say and mean something by."""
        for name in targets:
            yield from sorted(self.own.get(name, ()))
            yield from _shared(name)

    def shortest(self, identifier: str, prop: Property) -> str:
        """The shortest text that means a record in a cell of a property, and nothing else."""
        _, class_slug, local = identifier.split("/")
        for text in (self.labels.get(identifier, ""), local, f"{class_slug}/{local}"):
            splits = prop.many and SEPARATOR.strip() in text
            if text and not splits and self.meaning(text, prop.targets) == [identifier]:
                return text
        return identifier


@lru_cache(maxsize=64)
def _shared(class_name: str) -> Mapping[str, str]:
    return shared_terms(ontology(), class_name)
