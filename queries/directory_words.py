"""Finding services by words, with slips of the pen: an index in memory over what is public.

Words are compared without case, accents and punctuation, one or many ("man", "men"), and with what
people say for them ("kids"). That is the word itself. A word of four letters may also differ by one
letter, one of eight by two, or be the beginning of another: that is a word like it, and no more.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

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
_NUMBER, _NAME, _REST = "number", "name", "rest"


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


def _joined(texts: Iterable[str]) -> str:
    return " ".join(word for text in texts for word in _plain(text))


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
        self._whole: dict[str, dict[str, set[str]]] = {_NAME: {}, _REST: {}}
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for number, service in enumerate(self._ids):
            document = tantivy.Document()
            document.add_unsigned(_NUMBER, number)
            for field, told in ((_NAME, texts[service].names), (_REST, texts[service].rest)):
                document.add_text(field, _joined(told))
                for word in _plain(" ".join(told)):
                    self._whole[field].setdefault(_one(word), set()).add(service)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, words: Sequence[str], among: Collection[str] | None = None) -> dict[str, Hit]:
        """The services of which any of some words is told, with how many of them are.

        `among` are the services that are looked through; all if it is not given.
        """
        found, named, alike = Counter[str](), Counter[str](), Counter[str]()
        for word in words:
            in_name, whole = (self._having(f, word, among) for f in (_NAME, _REST))
            whole |= in_name
            like_name, like = (self._like(f, word, among) for f in (_NAME, _REST))
            like = (like | like_name) - whole
            found.update(whole | like)
            # Where nobody has the very word, one like it is what was meant: a slip of the pen.
            named.update(in_name if whole else like_name)
            alike.update(like if whole else ())
        return {service: Hit(n, named[service], alike[service]) for service, n in found.items()}

    def _having(self, field: str, word: str, among: Collection[str] | None) -> set[str]:
        """The services with the very word in a field, or with what it is said for."""
        one = _one(word)
        found: set[str] = set()
        for said in (one, *_SAID_FOR.get(one, ())):
            found |= self._whole[field].get(said, set())
        return found if among is None else found.intersection(among)

    def _like(self, field: str, word: str, among: Collection[str] | None) -> set[str]:
        """The services with a word in a field that begins with this one, or is like it."""
        slips = 2 if len(word) >= _TWO_SLIPS else 1 if len(word) >= _ONE_SLIP else 0
        like = [(slips, False)] if slips else []
        like += [(0, True)] if len(word) >= _BEGINNING else []
        found: set[str] = set()
        for distance, prefix in like:
            query = tantivy.Query.fuzzy_term_query(
                self._schema, field, word, distance=distance, prefix=prefix
            )
            hits = self._searcher.search(
                query, limit=max(len(self._ids), 1), count=False, order_by_field=_NUMBER
            ).hits
            found.update(self._ids[int(number)] for number, _ in hits)
        return found if among is None else found.intersection(among)
