"""The layers of a map, which can be switched: each has its kinds of link and what stands with them.

A thing is on the map while a link of it is, or while the layer is on that its kind is at home in;
services are always there. So a layer that is off takes away what stands on the map for it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from visualise.map.chart import Chart, Thing
from visualise.map.links import LinkKind

_FEW_ROUTES, _FEW_GAPS = 25, 30
"""More than these begin hidden: they would hide all else."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: what it is called, its kinds of link, and the kinds of thing at home in it."""

    word: str
    links: tuple[LinkKind, ...]
    home: tuple[str, ...] = ()


LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        "funding": Layer("Funding", ("holding", "money"), ("fund",)),
        "providers": Layer("Providers and posts", ("provision", "post")),
        "people": Layer("Whom services are for", ("reach",)),
        "pathways": Layer("Ways from one to another", ("referral",)),
        "governance": Layer("Boards and seats", ("ownership", "seat", "report"), ("body",)),
        "gaps": Layer("Gaps that sources name", ("gap",), ("gap",)),
    }
)
_OF_LINK = {kind: name for name, layer in LAYERS.items() for kind in layer.links}
_HOMES = {kind: name for name, layer in LAYERS.items() for kind in layer.home}
EVERY = "every"
"""The home of what is on the map whatever is switched off."""


def layer_of(kind: LinkKind) -> str:
    """The layer that a kind of link belongs to."""
    return _OF_LINK[kind]


def home_of(thing: Thing) -> str:
    """The layer in which a thing stands without any link; empty where it needs one."""
    return EVERY if thing.kind == "service" else _HOMES.get(thing.kind, "")


def opening(said: Chart) -> frozenset[str]:
    """The layers that a map begins with: those that can be read at once."""
    routes = sum(k.kind == "referral" for k in said.links)
    gaps = sum(t.kind == "gap" for t in said.things)
    crowded = {"governance"}
    crowded |= {"pathways"} if routes > _FEW_ROUTES else set()
    crowded |= {"gaps"} if gaps > _FEW_GAPS else set()
    return frozenset(LAYERS) - crowded


def within(said: Chart, layers: frozenset[str]) -> Chart:
    """A chart with the things and links of some layers alone."""
    links = tuple(k for k in said.links if layer_of(k.kind) in layers)
    linked = {end for link in links for end in (link.start, link.end)}
    things = (t for t in said.things if t.id in linked or home_of(t) in {EVERY, *layers})
    return Chart(said.day, tuple(things), links)
