"""Finding services by words, with slips of the pen: an index in memory over what is public.

Words are compared without case, accents and punctuation, one or many ("man", "men"), and with what
people say for them ("kids"). That is the word itself. A word of four letters may also differ by one
letter, one of eight by two, or be the beginning of another: that is a word like it, and no more.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import tantivy

Counts = npt.NDArray[np.uint8]
Marks = npt.NDArray[np.bool_]
Postings = Mapping[str, npt.NDArray[np.int32]]
"""By word: the numbers of the services that have it."""

_STOP_WORDS: Final = """
a about also am an and any are as at be been but by can do does for from get got had has
have he help her him his how i if in is it its me my near need needs no not of on or our she
so some something that the their them there they this to us want was we
what when where which who whom will with you your
"""
_STOP: Final = frozenset(_STOP_WORDS.split())
"""Words that say nothing of what is looked for."""
_FAINT: Final = frozenset(("anyone", "anywhere", "someone", "somebody", "somewhere"))
"""Words that say something only where nothing else is said."""
_SINGULAR: Final = {"men": "man", "women": "woman", "children": "child", "people": "person"}
_SAID_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "baby": ("child",),
    "kid": ("child",),
    "teenager": ("young",),
    "bisexual": ("lgbt",),
    "gay": ("lgbt",),
    "lesbian": ("lgbt",),
    "lgbtq": ("lgbt",),
    "trans": ("lgbt",),
    "transgender": ("lgbt",),
    "cat": ("animal", "pet"),
    "dog": ("animal", "pet"),
    "pet": ("animal",),
    "elderly": ("older",),
    "hostel": ("refuge",),
    "shelter": ("refuge",),
}
"""What people say for a word of the records. A word here never stands for two kinds of help."""
_MOST_WORDS: Final = 12
_LONGEST: Final = 40
_ONE_SLIP, _TWO_SLIPS = 4, 8
"""From so many letters a word may have one slip of the pen, or two."""
_BEGINNING = 4
"""So many letters are enough for the beginning of a word."""
_NUMBER, _WORD, _NAME, _REST = "number", "word", "name", "rest"


def words_of(text: str) -> list[str]:
    """The words of a text that can be looked for, each once, in their order.

    >>> words_of("Somebody to talk to: the crèche")
    ['talk', 'creche']
    """
    said = [w for w in dict.fromkeys(_plain(text)) if w not in _STOP]
    return ([w for w in said if w not in _FAINT] or said)[:_MOST_WORDS]


def _one(word: str) -> str:
    """A word as one of it, where it is of many or has a genitive: "men's" is written "mens" here.

    >>> [_one(word) for word in ("mens", "families", "churches", "address")]
    ['man', 'family', 'church', 'address']
    """
    bare = word
    if len(word) > 4 and word.endswith("ies"):
        bare = f"{word[:-3]}y"
    elif len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        bare = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        bare = word[:-1]
    return _SINGULAR.get(bare, bare)


def _plain(text: str) -> list[str]:
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in split if not unicodedata.combining(c)).replace("'", "")
    return [word[:_LONGEST] for word in re.findall(r"\w+", bare.replace("’", ""))]


@dataclass(frozen=True, slots=True)
class Texts:
    """What can be found of a service: its names, and all else that is told of it."""

    names: tuple[str, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """How many of the words were found of a service, and how many of them in its names.

    `alike` are found only by a word like them, while other services have the very word.
    """

    found: int
    in_name: int
    alike: int = 0


class Hits(Mapping[str, Hit]):
    """The services that were found; nothing is made of one until it is looked at."""

    def __init__(self, numbers: Mapping[str, int], found: Counts, named: Counts, alike: Counts):
        """Take how often each service was found, by its number in the index."""
        self._numbers = numbers
        self._found, self._named, self._alike = found, named, alike
        self._length = int(np.count_nonzero(found))

    def __getitem__(self, service: str) -> Hit:
        number = self._numbers[service]
        if not self._found[number]:
            raise KeyError(service)
        counts = (self._found, self._named, self._alike)
        return Hit(*(int(count[number]) for count in counts))

    def __contains__(self, service: object) -> bool:
        number = self._numbers.get(service) if isinstance(service, str) else None
        return number is not None and bool(self._found[number])

    def __iter__(self) -> Iterator[str]:
        found = self._found.tolist()
        return (service for service, number in self._numbers.items() if found[number])

    def __len__(self) -> int:
        return self._length

    def at_least(self, words: int) -> "Hits":
        """Those of which so many words were found."""
        kept = np.where(self._found >= words, self._found, np.uint8(0))
        return Hits(self._numbers, kept, self._named, self._alike)


class WordIndex:
    """An index of services by their words.

    Each different word is looked at once, however many services have it: which words are like one
    that is asked for is found among the words, and the services are those of these words.
    """

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        """Index services; the order in which they come makes no difference."""
        self._numbers = {service: number for number, service in enumerate(sorted(texts))}
        having: dict[str, dict[str, list[int]]] = {_NAME: {}, _REST: {}}
        # Most texts are names of terms and agencies, which many services have.
        plain = cache(_plain)
        for service, number in self._numbers.items():
            for field, told in ((_NAME, texts[service].names), (_REST, texts[service].rest)):
                for word in {word for text in told for word in plain(text)}:
                    having[field].setdefault(word, []).append(number)
        self._having = {field: _arrays(words) for field, words in having.items()}
        self._whole = {field: _arrays(_as_one(words)) for field, words in having.items()}
        self._words = sorted({*having[_NAME], *having[_REST]})
        self._schema, self._searcher = _words_index(self._words)

    def among(self, services: Iterable[str]) -> Marks:
        """Some services as `search` takes them, to be kept where they are asked about again."""
        marks = np.zeros(len(self._numbers), np.bool_)
        marks[[self._numbers[s] for s in services if s in self._numbers]] = True
        return marks

    def search(self, words: Sequence[str], among: Marks | None = None) -> Hits:
        """The services of which any of some words is told, with how many of them are.

        `among` are the services that are looked through; all if it is not given.
        """
        found, named, alike = (np.zeros(len(self._numbers), np.uint8) for _ in range(3))
        for word in words:
            in_name, rest = self._with(self._whole, _said(word), among)
            like_name, like_rest = self._with(self._having, self._like(word), among)
            whole = in_name | rest
            like = (like_name | like_rest) & ~whole
            found += whole | like
            # Where nobody has the very word, one like it is what was meant: a slip of the pen.
            if whole.any():
                named += in_name
                alike += like
            else:
                named += like_name
        return Hits(self._numbers, found, named, alike)

    def _with(
        self, having: Mapping[str, Postings], words: Collection[str], among: Marks | None
    ) -> tuple[Marks, Marks]:
        """The services with one of some words in their names, and in all else."""
        marks = (np.zeros(len(self._numbers), np.bool_), np.zeros(len(self._numbers), np.bool_))
        for field, marked in zip((_NAME, _REST), marks, strict=True):
            for word in words:
                if word in having[field]:
                    marked[having[field][word]] = True
            if among is not None:
                marked &= among
        return marks

    def _like(self, word: str) -> set[str]:
        """The words of services that begin with this one, or are like it."""
        slips = 2 if len(word) >= _TWO_SLIPS else 1 if len(word) >= _ONE_SLIP else 0
        found: set[str] = set()
        if slips:
            query = tantivy.Query.fuzzy_term_query(self._schema, _WORD, word, distance=slips)
            hits = self._searcher.search(
                query, limit=max(len(self._words), 1), count=False, order_by_field=_NUMBER
            ).hits
            found.update(self._words[int(number)] for number, _ in hits)
        if len(word) >= _BEGINNING:
            first = bisect_left(self._words, word)
            for other in islice(self._words, first, None):
                if not other.startswith(word):
                    break
                found.add(other)
        return found


def _said(word: str) -> tuple[str, ...]:
    """A word as one of it, with what it is said for."""
    one = _one(word)
    return (one, *_SAID_FOR.get(one, ()))


def _as_one(words: Mapping[str, list[int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for word, numbers in words.items():
        found.setdefault(_one(word), []).extend(numbers)
    return found


def _arrays(words: Mapping[str, list[int]]) -> Postings:
    return {word: np.array(numbers, np.int32) for word, numbers in words.items()}


def _words_index(words: Sequence[str]) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """An index of words, each found by its number."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_NUMBER, stored=False, indexed=True, fast=True)
    builder.add_text_field(_WORD, stored=False, tokenizer_name="raw", index_option="basic")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for number, word in enumerate(words):
        document = tantivy.Document()
        document.add_unsigned(_NUMBER, number)
        document.add_text(_WORD, word)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return schema, index.searcher()
