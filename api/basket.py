"""What is imagined ended: a basket that stands in addresses alone, with no cookie and no storage.

Every link that leads on carries it as `without=` once for each thing, beside the other choices.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.deps import Choices
from api.errors import ParameterError
from api.routes.pages import record_url
from graph.ids import id_of
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.records import names_of

CAN_END = frozenset({"agency", "body", "fund", "service", "post", "referral", "award"})
"""The kinds of record that can be imagined ended, as they are written in ids."""
WHAT_CHANGES = "/what-if"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Imagined:
    """One thing in the basket: its name, its page, and this page without it."""

    id: str
    name: str
    kind: str
    url: str
    remove: str


@dataclass(frozen=True, slots=True)
class Basket:
    """What is imagined ended, and where that leads: what changes, and this page without it.

    `keep` are the choices that a link to another page hands on, as the end of its address.
    """

    things: tuple[Imagined, ...]
    pairs: tuple[tuple[str, str], ...]
    what_changes: str
    empty: str
    keep: str

    @property
    def query(self) -> str:
        """The choices of every page (partnership, day, things ended) as the end of an address."""
        return query_of(self.pairs)

    def of(self, slug: str) -> "Basket":
        """The same basket asked about one partnership, unless some are chosen."""
        if any(name == "partnership" for name, _ in self.pairs):
            return self
        return replace(self, pairs=(("partnership", slug), *self.pairs))

    def add(self, identifier: str) -> str:
        """The address that shows what changes if one thing more ended."""
        return address(WHAT_CHANGES, with_lost(self.pairs, identifier))


def basket_of(store: Store, path: str, choices: Choices) -> Basket:
    """The basket of a page at a path, with the choices made there.

    Raises ParameterError where something in it does not exist.
    """
    lost = tuple(dict.fromkeys(map(id_of, choices.without)))
    pairs = pairs_of(replace(choices, without=lost))
    dials = [p for p in pairs if p[0] in ("partnership", "as_of", "without")]
    names = names_of(store, default_schema(), lost)
    if set(lost) - names.keys():
        raise ParameterError("without", "there is no such thing to imagine ended. Choose it again.")
    things = tuple(
        Imagined(
            id=one,
            name=names[one],
            kind=kind_of(one),
            url=record_url(one) + query_of(dials),
            remove=address(path, [p for p in pairs if p != ("without", one)]),
        )
        for one in lost
    )
    return Basket(
        things=things,
        pairs=tuple(dials),
        what_changes=address(WHAT_CHANGES, dials),
        empty=address(path, [p for p in pairs if p[0] != "without"]),
        keep=query_of(dials) if things else "",
    )


def pairs_of(choices: Choices) -> list[tuple[str, str]]:
    """The choices as names and values of an address."""
    pairs = [("partnership", s) for s in choices.slugs]
    pairs += [("as_of", choices.as_of.isoformat())] if choices.as_of else []
    pairs += [("without", w) for w in choices.without]
    return pairs + [(name, v) for name, values in sorted(choices.given.items()) for v in values]


def with_lost(pairs: Iterable[tuple[str, str]], identifier: str) -> list[tuple[str, str]]:
    """The choices with one thing more imagined ended."""
    kept = list(pairs)
    return kept if ("without", identifier) in kept else [*kept, ("without", identifier)]


def address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A path with choices behind it."""
    return path + query_of(pairs)


def query_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Choices as the end of an address; empty where there are none."""
    written = urlencode(list(pairs), safe="/")
    return f"?{written}" if written else ""


def can_end(identifier: object) -> bool:
    """Whether an id is that of something that can be imagined ended."""
    return isinstance(identifier, str) and _kind_part(identifier) in CAN_END


def kind_of(identifier: str) -> str:
    """What kind of record an id is that of, in words."""
    try:
        return default_schema().by_slug(_kind_part(identifier)).label
    except KeyError:
        return "record"


def _kind_part(identifier: str) -> str:
    parts = identifier.split("/")
    return parts[1] if len(parts) == 3 else ""
