"""Finding services by words: the index against looking at every word of every service."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from queries.directory.words import Hit, Texts, WordIndex

TOLD = {
    "a": Texts(("Refuge for women",), ("Safe accommodation", "Counselling")),
    "b": Texts(("Counsel and advice",), ("Men's advice", "families")),
    "c": Texts(("House of refuges",), ("Crèche for children", "housing")),
    "d": Texts((), ("dog", "dig", "straße")),
    "e": Texts(("Counseling trust",), ("mens", "father")),
}
SAID = {"kid": ["child"], "shelter": ["refuge"], "pet": ["animal"]}
ONE = {
    "refuges": "refuge", "women": "woman", "mens": "man", "men": "man", "families": "family",
    "children": "child", "kids": "kid", "houses": "house", "pets": "pet", "shelters": "shelter",
}  # fmt: skip


def words(texts: Sequence[str]) -> set[str]:
    said = " ".join(texts).casefold().replace("'", "").replace("è", "e")
    return set(said.split())


def one(word: str) -> str:
    return ONE.get(word, word)


def looked_for(texts: Mapping[str, Texts], asked: Sequence[str], among: set[str]) -> dict[str, Hit]:
    """What `WordIndex.search` says it finds, by looking at every word."""

    def is_it(word: str, other: str) -> bool:
        return one(other) in [one(word), *SAID.get(one(word), [])]

    def is_like(word: str, other: str) -> bool:
        slips = 2 if len(word) >= 8 else 1 if len(word) >= 4 else -1
        begins = len(word) >= 4 and other.startswith(word)
        return begins or OSA.distance(word, other) <= slips

    counts: dict[str, list[int]] = {s: [0, 0, 0] for s in among}
    for word in asked:
        names = {s: words(texts[s].names) for s in among}
        everything = {s: names[s] | words(texts[s].rest) for s in among}
        whole = {s for s in among if any(is_it(word, w) for w in everything[s])}
        for s in among:
            like = any(is_like(word, w) for w in everything[s])
            same = is_it if whole else is_like
            counts[s][0] += s in whole or like
            counts[s][1] += any(same(word, w) for w in names[s])
            counts[s][2] += bool(whole) and like and s not in whole
    return {s: Hit(*found) for s, found in counts.items() if found[0]}


VOCABULARY = sorted({w for t in TOLD.values() for w in words((*t.names, *t.rest))} | set(ONE))


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter left out, put in, changed, or turned round with the next."""
    at, letter = chance.randrange(len(word)), chance.choice("aeiourst")
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )


@pytest.mark.parametrize("among", ["abcde", "ab", "d", ""])
def test_every_word_with_every_slip_finds_what_looking_finds(among: str) -> None:
    index, chance = WordIndex(TOLD), random.Random(among)  # noqa: S311
    marks = index.among(among)
    for word in VOCABULARY:
        for asked in (word, *(slipped(word, chance) for _ in range(6)), word[:4], word[:5]):
            if asked:
                assert index.search([asked], marks) == looked_for(TOLD, [asked], set(among)), asked


NAMES = st.lists(st.sampled_from(VOCABULARY), max_size=4).map(tuple)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.builds(Texts, NAMES, NAMES), max_size=8),
    st.lists(st.sampled_from([*VOCABULARY, "refgue", "hous", "couns"]), max_size=3, unique=True),
)
@settings(max_examples=60, deadline=None)
def test_several_words_find_what_looking_finds(texts: dict[str, Texts], asked: list[str]) -> None:
    found = WordIndex(texts).search(asked)
    expected = looked_for(texts, asked, set(texts))
    assert found == expected
    assert len(found) == len(expected)
    assert {s for s in texts if s in found} == set(expected)
    most = {s: hit for s, hit in expected.items() if hit.found >= 2}
    assert found.at_least(2) == most


def test_what_was_not_found_is_not_there() -> None:
    hits = WordIndex(TOLD).search(["advice"])
    assert list(hits) == ["b"] and "a" not in hits and "unknown" not in hits
    with pytest.raises(KeyError):
        hits["a"]
    assert not WordIndex({}).search(["advice"])
