"""The words of the directory's own pages, in the language of its reader.

The source of every text is the English in the templates. A language is a catalogue of gettext's
kind, `translations/<code>/LC_MESSAGES/directory.po`, read when the pages are first asked for, so
that nothing compiled is kept. What a catalogue lacks is shown in English and says so to whoever
listens to the page (`lang`). The catalogue `en` holds no texts, only plain words for the terms of
the records ("Men" for "Male victims"), which are found by the context `term`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from graph.errors import FingerpostError

FOLDER = Path(__file__).parent.parent / "translations"
SOURCE = "en"
"""The language that texts are written in; its pages have no language in their address."""
DOMAIN = "directory"


class WordsError(FingerpostError):
    """A catalogue cannot be read."""


@dataclass(frozen=True, slots=True)
class Words:
    """What pages say, in one language."""

    code: str
    texts: Mapping[str, str]
    terms: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """What stands before every address of this language."""
        return "" if self.code == SOURCE else f"/{self.code}"

    @property
    def name(self) -> str:
        """The language's own name for itself."""
        return str(Locale.parse(self.code).get_display_name(self.code)).capitalize()

    def text(self, english: str, **values: object) -> str:
        """A text without markup, for attributes and titles."""
        said = self.texts.get(english, english)
        return said % values if values else said

    def shown(self, english: str, **values: object) -> Markup:
        """A text for a page. Values are escaped; untranslated text says that it is English."""
        said = escape(self.texts.get(english, english))
        filled = said % values if values else said
        if self.code == SOURCE or english in self.texts:
            return filled
        return Markup('<span lang="en">{}</span>').format(filled)

    def term(self, name: str) -> str:
        """The plain word for a term of the records; the term itself where there is none."""
        return self.terms.get(name, name)

    def rank(self, name: str) -> tuple[int, str]:
        """Where a term stands in a list: as the catalogue has it, and after those by name."""
        place = list(self.terms).index(name) if name in self.terms else len(self.terms)
        return place, self.term(name)

    def day(self, day: datetime.date) -> str:
        """A day in full, as this language writes it."""
        return format_date(day, "d MMMM y", locale=self.code)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, the source first."""
    found = {path.parent.parent.name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    return (SOURCE, *sorted(found - {SOURCE}))


@cache
def words(code: str) -> Words:
    """The words of a language.

    Raises WordsError where its catalogue cannot be read.
    """
    path = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=code, abort_invalid=True)
    except (OSError, ValueError) as error:
        raise WordsError(f"The catalogue of the language {code} cannot be read.") from error
    texts: dict[str, str] = {}
    # A plain English word is still easier than a term, where a language has none of its own.
    terms = {} if code == SOURCE else dict(words(SOURCE).terms)
    for message in catalogue:
        if message.id and message.string and not message.fuzzy:
            kept = terms if message.context == "term" else texts
            kept[str(message.id)] = str(message.string)
    return Words(code, texts, terms)
