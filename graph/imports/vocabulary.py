"""What a term of somebody else's list means here: a shared group, need or type, or nothing known.

A term means one of ours where its address is ours, where its words are those of a shared term, or
where the table below says so. Nothing else is guessed: "women" are not "women who are victims".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rdflib import RDF, SKOS

from graph.derived import chain
from graph.ids import local_of
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import ontology

_CLASSES: Final = {"ClientGroup": "client-group", "Need": "need", "ServiceType": "service-type"}
_SAFE: Final = "service-type/safe-accommodation"

_MEANS: Final[Mapping[str, str]] = {
    "victims of domestic violence": "client-group/victims",
    "domestic abuse victims": "client-group/victims",
    "domestic violence victims": "client-group/victims",
    "people experiencing domestic abuse": "client-group/victims",
    "survivors of domestic abuse": "client-group/survivors",
    "domestic abuse survivors": "client-group/survivors",
    "women experiencing domestic abuse": "client-group/women",
    "female victims of domestic abuse": "client-group/women",
    "men experiencing domestic abuse": "client-group/men",
    "male victims of domestic abuse": "client-group/men",
    "children affected by domestic violence": "client-group/children",
    "perpetrators of domestic abuse": "client-group/perpetrators",
    "no recourse to public funds": "client-group/nrpf",
    "refuges": "service-type/refuge",
    "women's refuge": "service-type/refuge",
    "women's refuges": "service-type/refuge",
    "domestic abuse refuge": "service-type/refuge",
    "domestic violence refuge": "service-type/refuge",
    "refuge accommodation": "service-type/refuge",
    "sanctuary schemes": "service-type/sanctuary",
    "second stage accommodation": "service-type/second-stage",
    "idva": "service-type/idva",
    "independent domestic violence advisor": "service-type/idva",
    "independent domestic violence adviser": "service-type/idva",
    "independent domestic abuse advisor": "service-type/idva",
    "counselling": "service-type/counselling",
    "helplines": "service-type/helpline",
    "telephone helpline": "service-type/helpline",
    "sexual assault referral centres": "service-type/sarc",
    "perpetrator programmes": "service-type/perpetrator-programme",
}
"""Other words for shared terms, in lower case: words that mean this and nothing wider."""
_KINDS: Final = (
    ("ClientGroup", re.compile(r"circumstance|client.?group|target.?(?:audience|group)|eligib")),
    ("Need", re.compile(r"(?<![a-z])needs?(?![a-z])")),
    ("ServiceType", re.compile(r"service.?(?:type|categor)|/services?(?:/|$)|esd.*services")),
)
"""What the address, the list's name or the kind of link says of a term's class."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The class of a term and the cell that names it; both empty where it is not known."""

    kind: str
    cell: str = ""
    said: str = ""
    """The name of a term that is the feed's own, and becomes the partnership's."""


class Terms:
    """The shared terms, ready to be looked up."""

    def __init__(self) -> None:
        self._names = {kind: _labels(kind, slug) for kind, slug in _CLASSES.items()}

    def meaning(self, uri: str, words: Iterable[str], signs: str) -> Meaning:
        """What a term means, by its address, its words, or at least its class by the signs."""
        plain = [word.lower().replace("’", "'") for word in words if word]
        cell = uri.removeprefix(f"{ID}{SHARED}/") if uri.startswith(str(ID)) else ""
        for kind, names in self._names.items():
            if cell in names.values():
                return Meaning(kind, cell)
        for word in plain:
            for kind, names in self._names.items():
                found = names.get(word) or _MEANS.get(word, "")
                if found.startswith(f"{_CLASSES[kind]}/"):
                    return Meaning(kind, found)
        marks = f"{uri} {signs}".lower()
        return Meaning(next((kind for kind, sign in _KINDS if sign.search(marks)), ""))


def _labels(kind: str, slug: str) -> dict[str, str]:
    """Every name of the shared terms of a class; their ids are words of wider meaning, so not."""
    graph = ontology()
    return {
        str(label).lower(): f"{slug}/{local_of(str(term))}"
        for term in graph.subjects(RDF.type, FP[kind])
        for naming in (SKOS.altLabel, SKOS.prefLabel)
        for label in graph.objects(term, naming)
        if str(term).startswith(f"{ID}{SHARED}/")
    }


def type_chain(cell: str) -> list[str]:
    """A shared type of service and all that take it in, nearest first, as cells name them."""
    return chain(cell, _within())


def is_safe_type(cell: str) -> bool:
    """Whether a shared type is one of safe accommodation."""
    return _SAFE in type_chain(cell)


@lru_cache(maxsize=1)
def _within() -> Mapping[str, str]:
    prefix = f"{ID}{SHARED}/"
    return {
        str(narrow).removeprefix(prefix): str(wide).removeprefix(prefix)
        for narrow, wide in ontology().subject_objects(FP.broader)
        if str(narrow).startswith(f"{prefix}service-type/")
    }
