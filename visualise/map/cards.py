"""How things and links look: the sign, shape and colours of each kind, and what a card says.

Colours are those of Okabe and Ito. Every kind has a shape and a sign as well, and every state a
sign and words, so that nothing is told by colour alone.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from visualise.map.chart import Thing
from visualise.map.links import Link, LinkKind

WIDTH = 236
"""The width of a card."""
LINE, PADDING, SMALLEST = 17, 16, 36
"""The height of a line of text, of what is around it, and of the smallest card."""
_CHARACTERS = 28
TEXT = "#0B0C0C"
_ALARM, _ALARM_GROUND, _SOON_GROUND = "#D55E00", "#FBE4D5", "#FDF8C9"


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is drawn: its word, its sign, its shape, its line and its ground.

    `radius` rounds the corners where only boxes can be drawn.
    """

    word: str
    sign: str
    shape: str
    line: str
    ground: str
    radius: int = 3


KINDS: Mapping[str, Look] = MappingProxyType(
    {
        "fund": Look("Fund", "◆", "tag", "#009E73", "#E8F6F1"),
        "agency": Look("Agency", "■", "box", "#0072B2", "#E7F1F8", 0),
        "body": Look("Board or forum", "▲", "roof", "#56B4E9", "#EEF7FD", 0),
        "post": Look("Post", "▼", "notch", "#CC79A7", "#FAF0F5", 0),
        "service": Look("Service", "●", "round", "#3B4248", "#FFFFFF", 10),
        "client-group": Look("People it is for", "★", "pill", "#E69F00", "#FDF5E4", 18),
        "gap": Look("Gap that a source names", "⊘", "hexagon", "#0B0C0C", "#ECECEC", 0),
    }
)
LINKS: Mapping[LinkKind, tuple[str, str]] = MappingProxyType(
    {
        "holding": ("Holds a fund", "#009E73"),
        "money": ("Pays for", "#009E73"),
        "provision": ("Provides or commissions", "#0072B2"),
        "post": ("Posts that are needed", "#CC79A7"),
        "reach": ("Is for", "#E69F00"),
        "referral": ("Refers to", "#56606A"),
        "ownership": ("Has the post", "#CC79A7"),
        "seat": ("Sits on", "#2F8CC4"),
        "report": ("Reports to", "#2F8CC4"),
        "gap": ("Names a gap", "#0B0C0C"),
    }
)
"""How each kind of link is called, and its colour."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is drawn of a thing on a day: lines of text, how many of them are its name, colours."""

    lines: tuple[str, ...]
    named: int
    line: str
    ground: str
    stands_out: bool
    dashed: bool
    title: str


def card_of(thing: Thing) -> Card:
    """The card of a thing: its name with the sign of its kind, and what stands out."""
    look = KINDS[thing.kind]
    name = textwrap.wrap(f"{look.sign} {thing.name}", _CHARACTERS, break_long_words=True)
    marks = textwrap.wrap(thing.sign, _CHARACTERS) if thing.sign else []
    alarm = thing.state in ("money ended", "money ends soon", "money at risk")
    ground = look.ground
    if alarm:
        ground = _ALARM_GROUND if thing.state == "money ended" else _SOON_GROUND
    return Card(
        lines=(*name, *marks, *(["■ staff only"] if thing.staff else [])),
        named=len(name),
        line=_ALARM if alarm else look.line,
        ground=ground,
        stands_out=alarm,
        dashed=thing.dashed,
        title=_title(thing),
    )


def height_of(card: Card) -> int:
    """The height that a card needs."""
    return max(SMALLEST, LINE * len(card.lines) + PADDING)


def _title(thing: Thing) -> str:
    facts = [f"{label}: {value}" for label, value in thing.facts if label in ("Standing", "Money")]
    return "\n".join([thing.name, KINDS[thing.kind].word, *filter(None, [thing.sign]), *facts])


def title_of(link: Link, names: Mapping[str, str]) -> str:
    """What is read where the pointer rests on a link."""
    return f"{names[link.start]}\n{link.says}\n{names[link.end]}"
