"""Finding services by words, with slips of the pen: an index in memory over what is public.

Words are compared without case, accents and punctuation. A word of four letters may differ by one
letter, one of eight by two; what begins with a word that was typed is found too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

_STOP_WORDS: Final = """
a about also am an and any are as at be been but by can do does for from get got had has
have he help her him his how i if in is it its me my near need needs no not of on or our she
so some somebody someone something that the their them there they this to us want was we
what when where which who whom will with you your
"""
_STOP: Final = frozenset(_STOP_WORDS.split())
"""Words that say nothing of what is looked for."""
_MOST_WORDS: Final = 12
_LONGEST: Final = 40
_ONE_SLIP, _TWO_SLIPS = 4, 8
"""From so many letters a word may have one slip of the pen, or two."""
_BEGINNING = 3
"""So many letters are enough for the beginning of a word."""
_NUMBER, _NAME, _REST = "number", "name", "rest"


def words_of(text: str) -> list[str]:
    """The words of a text that can be looked for, each once, in their order.

    >>> words_of("Somebody to talk to: the crèche")
    ['talk', 'creche']
    """
    return [w for w in dict.fromkeys(_plain(text)) if w not in _STOP][:_MOST_WORDS]


def _plain(text: str) -> list[str]:
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in split if not unicodedata.combining(c)).replace("'", "")
    return [word[:_LONGEST] for word in re.findall(r"\w+", bare.replace("’", ""))]


def _joined(texts: Iterable[str]) -> str:
    return " ".join(word for text in texts for word in _plain(text))


@dataclass(frozen=True, slots=True)
class Texts:
    """What can be found of a service: its names, and all else that is told of it."""

    names: tuple[str, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """How many of the words were found of a service, and how many of them in its names."""

    found: int
    in_name: int


class WordIndex:
    """An index of services by their words."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        """Index services; the order in which they come makes no difference."""
        self._ids = sorted(texts)
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field(_NUMBER, stored=False, indexed=True, fast=True)
        for field in (_NAME, _REST):
            builder.add_text_field(
                field, stored=False, tokenizer_name="whitespace", index_option="basic"
            )
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for number, service in enumerate(self._ids):
            document = tantivy.Document()
            document.add_unsigned(_NUMBER, number)
            document.add_text(_NAME, _joined(texts[service].names))
            document.add_text(_REST, _joined(texts[service].rest))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, words: Sequence[str]) -> dict[str, Hit]:
        """The services of which any of some words is told, with how many of them are."""
        found: dict[str, int] = {}
        named: dict[str, int] = {}
        for word in words:
            in_name = self._with(_NAME, word)
            for number in in_name:
                named[number] = named.get(number, 0) + 1
            for number in in_name | self._with(_REST, word):
                found[number] = found.get(number, 0) + 1
        return {service: Hit(n, named.get(service, 0)) for service, n in found.items()}

    def _with(self, field: str, word: str) -> set[str]:
        """The services with a word in a field, one that begins with it, or one like it."""
        slips = 2 if len(word) >= _TWO_SLIPS else 1 if len(word) >= _ONE_SLIP else 0
        like = [(slips, False)] if slips else []
        like += [(0, len(word) >= _BEGINNING)]
        found: set[str] = set()
        for distance, prefix in like:
            query = tantivy.Query.fuzzy_term_query(
                self._schema, field, word, distance=distance, prefix=prefix
            )
            hits = self._searcher.search(
                query, limit=max(len(self._ids), 1), count=False, order_by_field=_NUMBER
            ).hits
            found.update(self._ids[int(number)] for number, _ in hits)
        return found
