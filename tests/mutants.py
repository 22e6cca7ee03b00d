"""Records that are broken on purpose: small neighbourhoods of the shipped ones, one change or two.

A mutant is a function of its seed. Its statements are triples of tokens, as a release has them.
"""

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDF, XSD

from ontology.namespaces import EDTF, FP, ID

Statement = tuple[str, str, str]
TYPE = f"<{RDF.type}>"
_INTEGER, _DECIMAL, _DATE, _BOOLEAN, _STRING, _DOUBLE = (
    f"^^<{XSD[name]}>" for name in ("integer", "decimal", "date", "boolean", "string", "double")
)
_EDTF = f"^^<{EDTF.EDTF}>"
_SUFFIXES = ("", "@en", "@EN-gb", _INTEGER, _DECIMAL, _DATE, _BOOLEAN, _STRING, _DOUBLE, _EDTF)
_NUMBERS = ("0", "1", "01", "+1", "-1", "1.0", "1.50", "1e3", "INF", "121", "120", "48.9", "٣")
_DATES = ("2013-02-31", "2013-03-31", "2013-03-31Z", "2013-03", "2012/2013", "../2013")
_WORDS = ("", " ", "true", "TRUE", "yes", "en", "EN", "cy-GB", "24/7", "Mo-Fr 09:00-17:00")
_NAMES = ("DY1", "dy1", "GB-CHC-1", "E08000027", "E08000027\\n", "01632 960123", "01632 960123\\r")
_PLACES = ("help@service.example", "https://service.example/", "http://service.example", "a\\tb")
_SIGNS = ('say \\"no\\"@en', "\\u0041\\u00e9", "Aé", "\\U0001F600", "😀", "a\\\\b", "\u2028\u0085")
_TEXTS = (*_NUMBERS, *_DATES, *_WORDS, *_NAMES, *_PLACES, *_SIGNS)
_SPELLED_TWICE = (
    (f'"7"{_INTEGER}', f'"07"{_INTEGER}'),
    (f'"7"{_DECIMAL}', f'"7.0"{_DECIMAL}'),
    (f'"true"{_BOOLEAN}', f'"1"{_BOOLEAN}'),
    ('"Aé"', '"\\u0041\\u00e9"'),
    ('"x"@en', '"x"@EN'),
    ('"x"', f'"x"{_STRING}'),
    (f'"x"{_EDTF}', f'"y"{_EDTF}'),
)


def _fp(name: str) -> str:
    return f"<{FP[name]}>"


def _code(kind: str, word: str) -> str:
    return f"<{ID[f'shared/{kind}/{word}']}>"


_BASES = (_fp("stated"), _fp("inferred"), _fp("contested"), '"stated"')
_CONTACTS = tuple(
    _code("contact-kind", word)
    for word in ("telephone", "textphone", "text-message", "e-mail", "web-page", "web-chat", "post")
)
_RULED: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "Post": (
        ("postState", (_code("post-state", "leaving"), _code("post-state", "filled"))),
        ("holders", tuple(f'"{n}"{_INTEGER}' for n in ("0", "1", "2", "02"))),
        ("visibility", (_code("visibility", "staff"), _code("visibility", "public"))),
    ),
    "Service": (
        ("minimumAge", (f'"16"{_INTEGER}', f'"-1"{_INTEGER}', '"16"', f'"16"{_DATE}')),
        ("maximumAge", (f'"15"{_INTEGER}', f'"16.0"{_DECIMAL}', f'"121"{_INTEGER}', '"15"')),
        ("hours", tuple(f'"{text}"' for text in ("24/7", "Mo 09:00-17:00", "Mo 25:00-26:00"))),
        ("language", ('"en"', '"bfi"', '"English"', '"en"@en')),
    ),
    "Contact": (
        ("kind", _CONTACTS),
        ("contactValue", tuple(f'"{text}"' for text in _TEXTS)),
        ("contactOf", (_code("contact-kind", "telephone"),)),
    ),
    "Venue": (
        ("latitude", tuple(f'"{n}"{_DECIMAL}' for n in ("48.99", "49", "61.0", "61.1", "x"))),
        ("longitude", tuple(f'"{n}"{_DECIMAL}' for n in ("-9", "-9.1", "2.01", "-0"))),
        ("postcode", ('"DY1 1AA"', '"DY11AA"', '"dy1 1aa"', '"DY1 1AA\\n"')),
    ),
    "Helpline": (
        ("telephone", ('"0808 2000 247"', '"0808 2000 247 "', '"999"', '"9"')),
        ("textNumber", ('"85258"', '"text"')),
        ("webPage", ('"https://a.example"', '"https://a.example/@b"', '"a.example"')),
        ("checkedOn", (f'"2026-11-01"{_DATE}', f'"2026-11-31"{_DATE}', f'"2026-11"{_DATE}')),
    ),
    "Award": (("amount", tuple(f'"{n}"{_DECIMAL}' for n in ("-1", "0", "-0.01", "1e2"))),),
    "Area": (
        ("onsCode", ('"E08000027"', '"E0800002"', '"E08000027\\n"', f'"E08000027"{_STRING}')),
        ("postcodeDistrict", ('"DY1"', '"W1A"', '"DY11A"')),
    ),
    "Agency": (
        ("orgId", ('"GB-CHC-1"', '"GB-CHC-"', '"gb-chc-1"')),
        ("possiblySameAs", (_code("sector", "council"), '"x"')),
    ),
}
"""What the rules of some classes are about, and values that keep or break them."""


@dataclass(frozen=True)
class World:
    """Sound records, by subject and by class."""

    said: Mapping[str, Sequence[Statement]]
    by_class: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]
    """By predicate: the different values that are said."""


def world_of(lines: Iterable[str]) -> World:
    """The records of a release's lines."""
    said: dict[str, list[Statement]] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        statement = subject, predicate, re.sub(r" <\S*> \.$", "", rest)
        said.setdefault(subject, []).append(statement)
    by_class: dict[str, list[str]] = {}
    values: dict[str, dict[str, None]] = {}
    for subject, statements in said.items():
        for _, predicate, value in statements:
            values.setdefault(predicate, {})[value] = None
            if predicate == TYPE:
                by_class.setdefault(value, []).append(subject)
    return World(said, by_class, {p: tuple(v) for p, v in values.items()})


def mutant(world: World, classes: Sequence[str], seed: int) -> set[Statement]:
    """A record with all that it leads to, changed once or more, under a name of its own."""
    chance = random.Random(seed)  # noqa: S311 - chosen, not secret
    ruled = [kind for kind in classes if kind[1:-1].rsplit("#", 1)[-1] in _RULED]
    focus = chance.choice(world.by_class[chance.choice(ruled if seed % 3 == 0 else classes)])
    own = _rule(list(world.said[focus]), focus, world, chance) if seed % 3 == 0 else []
    own = own or list(world.said[focus])
    for _ in range(chance.choice((1, 1, 2, 3))):
        own = chance.choice(_CHANGES)(own, focus, world, chance)
    said = {*own, *_around(world, [*world.said[focus], *own], focus)}
    return {(_renamed(s, focus, seed), p, _renamed(v, focus, seed)) for s, p, v in said}


def _renamed(token: str, focus: str, seed: int) -> str:
    """A token as the mutant has it, which shares nothing with others but what nobody changes."""
    if token == focus:
        return f"{token[:-1]}-{seed}>"
    return re.sub(rf"^<{ID}(?!shared/)([a-z]+)/", rf"<{ID}\1-{seed}/", token)


def _around(world: World, own: Iterable[Statement], focus: str) -> set[Statement]:
    """All that some statements refer to, and that refers to, but for the record itself."""
    met, left = {focus}, [value for _, _, value in own]
    while left:
        subject = left.pop()
        if subject not in met:
            met.add(subject)
            left += [value for _, _, value in world.said.get(subject, ())]
    return {s for subject in met - {focus} for s in world.said.get(subject, ())}


Change = Callable[[list[Statement], str, World, random.Random], list[Statement]]


def _picked(own: list[Statement], chance: random.Random) -> tuple[int, Statement]:
    place = chance.randrange(len(own))
    return place, own[place]


def _drop(own: list[Statement], focus: str, world: World, chance: random.Random) -> list[Statement]:
    """All values of a property, or its type, are gone."""
    if len(own) == 1:
        return own
    _, (_, predicate, _) = _picked(own, chance)
    return [s for s in own if s[1] != predicate]


def _add(own: list[Statement], focus: str, world: World, chance: random.Random) -> list[Statement]:
    """A property has a value more."""
    properties = [s for s in own if s[1] != TYPE]
    if not properties:
        return own
    _, (_, predicate, _) = _picked(properties, chance)
    return [*own, (focus, predicate, chance.choice(world.values[predicate]))]


def _retype(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """A literal is of another type, with its text or with another."""
    place, (_, predicate, value) = _picked(own, chance)
    if not value.startswith('"'):
        return own
    text = value[1 : value.rindex('"')] if chance.random() < 0.5 else chance.choice(_TEXTS)
    return [
        *own[:place],
        (focus, predicate, f'"{text}"{chance.choice(_SUFFIXES)}'),
        *own[place + 1 :],
    ]


def _retext(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """A literal says something else under its type."""
    place, (_, predicate, value) = _picked(own, chance)
    if not value.startswith('"'):
        return own
    changed = f'"{chance.choice(_TEXTS)}{value[value.rindex(chr(34)) :]}'
    return [*own[:place], (focus, predicate, changed), *own[place + 1 :]]


def _redirect(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """A reference leads to a record of any class, to a code, to nothing, or is a text."""
    place, (_, predicate, value) = _picked(own, chance)
    if value.startswith('"') or predicate == TYPE:
        return own
    other = chance.choice(list(world.by_class.values()))
    to = chance.choice(
        (chance.choice(other), focus, f"<{ID}dudley/nothing>", '"a text"', _fp("Agency"))
    )
    return [*own[:place], (focus, predicate, to), *own[place + 1 :]]


def _reclass(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """The record is of another class."""
    kind = chance.choice([*world.by_class, _fp("Record"), _fp("Unheard")])
    return [(s, p, kind if p == TYPE else v) for s, p, v in own]


def _spell_twice(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """A property has a value in two spellings, which are one value or two."""
    _, (_, predicate, value) = _picked(own, chance)
    if not value.startswith('"'):
        return own
    rest = [s for s in own if s[1] != predicate]
    return [*rest, *((focus, predicate, v) for v in chance.choice(_SPELLED_TWICE))]


def _rule(own: list[Statement], focus: str, world: World, chance: random.Random) -> list[Statement]:
    """What a rule of the class is about is said in another way, or not at all."""
    kind = next((v for _, p, v in own if p == TYPE), "")
    ruled = _RULED.get(kind[1:-1].rsplit("#", 1)[-1], ())
    for name, values in ruled:
        own = [s for s in own if s[1] != _fp(name)]
        own += [
            (focus, _fp(name), v) for v in chance.sample(values, chance.choice((0, 1, 1, 1, 1)))
        ]
    return own if ruled else _ground(own, focus, world, chance)


def _ground(
    own: list[Statement], focus: str, world: World, chance: random.Random
) -> list[Statement]:
    """The basis is another, and a ground is given or not."""
    own = [s for s in own if s[1] not in (_fp("basis"), _fp("ground"))]
    own += [(focus, _fp("basis"), v) for v in chance.sample(_BASES, chance.choice((0, 1, 1, 1, 2)))]
    return [*own, (focus, _fp("ground"), '"It follows."')] if chance.random() < 0.4 else own


_CHANGES: Sequence[Change] = (
    *(_drop, _add, _retype, _retext, _redirect, _reclass, _spell_twice, _rule, _rule, _ground),
)
