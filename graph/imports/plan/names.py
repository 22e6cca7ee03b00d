"""Who is meant: agencies, bodies and posts, linked to known ones; people, recognised and set aside.

A link is made by exact name, alias, or an acronym of which the document or the tables give both
forms. A likeness only suggests one, and is marked. An acronym is never expanded by guess. A
personal name is recognised by form and goes no further than this module: it is counted.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz

from graph.imports.plan.vocabulary import (
    AMBIGUOUS,
    BODIES,
    COLLECTIVES,
    COMMON,
    GIVEN,
    HEADS,
    HONORIFICS,
    INSTITUTES,
    PLACES,
    POSTS,
    TEAMS,
    TOPICS,
    words_of,
)
from graph.sources.names import SEPARATOR
from graph.sources.rows import Tables

Kind = Literal["agencies", "bodies", "posts"]
KINDS: tuple[Kind, ...] = ("agencies", "bodies", "posts")
LIKE = 92
"""From which likeness (of 100) a name may be another spelling of a known one; always marked."""
NAME = "[name]"
"""What stands in a text for a person's name that was left out."""

_TOKEN = re.compile(
    r"[A-Z]\.(?=\s+[A-Z])|"
    r"[A-Za-zÀ-ÿ][\w’'.&-]*[\w]|[A-Za-z]|[,;/:()+&|]|[.](?=\s|$)|\d[\w.,/-]*|[–-]"
)
_ACRONYM = re.compile(r"^[A-Z][A-Z&.]*[A-Z](?:'?s)?$|^[A-Z]'?s$|^NHS$")
_CAPITAL = re.compile(r"^(?:[A-Z][a-zà-ÿ]|O[’'][A-Z]|Mc[A-Za-z]|Mac[A-Z]|[A-Z][’'][A-Z])")
_PLACE_SURNAMES = {
    "hill",
    "wood",
    "green",
    "park",
    "lane",
    "west",
    "field",
    "hall",
    "castle",
    "ward",
}
_SEPARATORS = set(",;/:()+|.–-")
_INITIALS = re.compile(r"^(?:[A-Z]\.?){2,3}$|^[A-Z]{1,2}[’'][A-Z]$")
_BOTH_FORMS = re.compile(
    r"(?P<long>(?:[A-Z][\w’'-]*[ -](?:(?:of|and|for|the|to|&) )*){1,8}[A-Za-z][\w’'-]*)\s*"
    r"\(\s*(?:the )?[\"“‘']?(?P<short>[A-Z][A-Za-z&]*[A-Z](?:s)?)[\"”’']?\s*\)"
    r"|\b(?P<short2>[A-Z]{2,8})\s*\((?P<long2>[A-Z][^()]{5,90})\)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a cell: an organisation, a body or a post.

    `record` is the id of a known one, "" for one newly met. `sure` says how certain the link is,
    `doubt` what is uncertain in words, `condition` what the cell ties the part to.
    """

    name: str
    kind: Kind
    record: str = ""
    role: str = ""
    condition: str = ""
    ground: str = ""
    doubt: str = ""
    sure: float = 0.9


@dataclass(frozen=True, slots=True)
class _Known:
    kind: Kind
    id: str
    name: str


def normal(name: str) -> str:
    """A name as it is compared: no case, no possessive, no article, one spelling of a few words."""
    text = name.lower().replace("’", "'").replace("&", " and ").replace("co-ord", "coord")
    text = re.sub(r"'s\b|s'(?=\s|$)|\.", lambda found: "s" if "s" in found[0] else "", text)
    text = re.sub(r"^the\s+|[^\w\s]+", " ", text)
    text = re.sub(r"\badvisor\b", "adviser", text)
    return re.sub(r"\s+", " ", text).strip()


class Directory:
    """All known agencies, bodies and posts, by every name that the tables or the document give."""

    def __init__(self, known: Tables | None, texts: Iterable[str]) -> None:
        self._by_name: dict[str, _Known] = {}
        self.long_forms: dict[str, str] = dict(_both_forms(texts))
        for row in known.rows if known else ():
            for kind in KINDS:
                if row.table == kind:
                    also = row.cells.get("also_called", "").split(SEPARATOR.strip())
                    for name in (row.cells.get("name", ""), *also):
                        if name.strip():
                            found = _Known(kind, row.id, name.strip())
                            self._by_name.setdefault(normal(name), found)

    def find(self, name: str, kind: Kind | None = None) -> tuple[_Known | None, bool]:
        """The known record of a name, and whether the link is certain."""
        key = normal(name)
        for candidate in (key, key.removesuffix("s"), f"{key}s", normal(self._other(name))):
            if candidate in self._by_name:
                return self._by_name[candidate], True
        if _ACRONYM.match(name) or len(key) < 6:
            return None, False
        best = max(
            (
                (fuzz.token_sort_ratio(key, other), other)
                for other, found in self._by_name.items()
                if kind is None or found.kind == kind
            ),
            default=(0.0, ""),
        )
        return (self._by_name[best[1]], False) if best[0] >= LIKE else (None, False)

    def _other(self, name: str) -> str:
        """The other form of a name of which both forms are given."""
        short = self.long_forms.get(name.strip().removesuffix("'s").rstrip("."), "")
        return short or next(
            (s for s, long in self.long_forms.items() if normal(long) == normal(name)), ""
        )

    def short_form(self, name: str) -> str:
        """The acronym that the document gives of a name, or ""."""
        return next((s for s, long in self.long_forms.items() if normal(long) == normal(name)), "")

    def knows(self, name: str) -> bool:
        """Whether a name, as it stands, is known."""
        return normal(name) in self._by_name or name in self.long_forms


def _both_forms(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Acronyms that the document writes beside their long forms, checked by their letters."""
    for text in texts:
        for found in _BOTH_FORMS.finditer(text):
            short = found["short"] or found["short2"]
            words = re.findall(r"[\w’']+", found["long"] or found["long2"])
            letters = [c.lower() for c in short.rstrip("s") if c.isalpha()]
            for start in range(len(words)):
                tail = words[start:]
                firsts = [w[0].lower() for w in tail if w.lower() not in _SMALL]
                every = [w[0].lower() for w in tail]
                if letters in (firsts, every):
                    begin = " ".join(words[:start])
                    whole = (found["long"] or found["long2"]).strip()
                    yield short, whole[_offset(whole, begin) :].strip()
                    break


_SMALL = {"of", "and", "for", "the", "to", "in", "on", "at", "a", "an", "non"}


def _offset(whole: str, begin: str) -> int:
    count, position = len(re.findall(r"[\w’']+", begin)), 0
    for number, found in enumerate(re.finditer(r"[\w’']+", whole)):
        if number == count:
            position = found.start()
    return position


# ---------------------------------------------------------------- people


@dataclass(slots=True)
class People:
    """The personal names of a document, kept in memory only, to recognise them again.

    `posts` are the posts that the document gives for names; they are what is written instead.
    """

    common: frozenset[str]
    names: set[tuple[str, ...]] = field(default_factory=set)
    firsts: set[str] = field(default_factory=set)
    lasts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    initials: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    posts: dict[tuple[str, ...], str] = field(default_factory=dict)
    met: int = 0

    def span(self, tokens: Sequence[str], start: int, *, leads: bool) -> int:
        """How many tokens from a place on are a personal name; 0 where none begins there.

        In a cell of leads two unknown capitalised words are taken for one; in a text only with a
        given name, a title, or as a name met before.
        """
        word = tokens[start]
        low = word.lower().rstrip(".")
        if low in HONORIFICS and start + 1 < len(tokens):
            at = start + 1
            while at < len(tokens) and re.fullmatch(r"[A-Z]\.?|\.", tokens[at]):
                at += 1
            if self._surname(tokens, at) or (at < len(tokens) and tokens[at].lower() in GIVEN):
                return at - start + self._run(tokens, at)
            return at - start if at > start + 1 else 0
        if len(word) <= 2 and re.fullmatch(r"[A-Z]\.?", word):
            following = tokens[start + 1] if start + 1 < len(tokens) else ""
            known = following.lower() in self.lasts
            if self._surname(tokens, start + 1) and (known or leads):
                return 2
            return 0
        if not _CAPITAL.match(word):
            return 0
        given = low in GIVEN or low in self.firsts
        sure = given or (low in AMBIGUOUS and leads)
        if sure and self._surname(tokens, start + 1):
            length = 1 + self._run(tokens, start + 1)
            after = tokens[start + length].lower() if start + length < len(tokens) else ""
            return 0 if after in INSTITUTES else length
        if self._of_known(low) and low not in self.common and not self._in_phrase(tokens, start):
            return 1
        if (
            low in GIVEN
            and not self._in_phrase(tokens, start)
            and self._alone(tokens, start, leads)
        ):
            return 1
        if leads and self.unknown(word) and self._surname(tokens, start + 1):
            following = tokens[start + 1].lower()
            third = tokens[start + 2].lower() if start + 2 < len(tokens) else ""
            named_next = following in GIVEN and self._surname(tokens, start + 2)
            if not named_next and third not in INSTITUTES | COLLECTIVES:
                return 2
        return 0

    def _in_phrase(self, tokens: Sequence[str], start: int) -> bool:
        """Whether the next word makes a lone name part of the name of something else."""
        after = tokens[start + 1] if start + 1 < len(tokens) else ""
        return after.lower() in INSTITUTES | HEADS

    def _alone(self, tokens: Sequence[str], start: int, leads: bool) -> bool:
        """Whether a given name stands alone; in a text it is no part of a longer name."""
        before = tokens[start - 1] if start else ""
        after = tokens[start + 1] if start + 1 < len(tokens) else ""
        if leads:
            return True
        named = _CAPITAL.match(after) or (_CAPITAL.match(before) and start > 1)
        return not named and tokens[start].lower() not in self.common

    def _of_known(self, low: str) -> bool:
        return low in self.words and low not in AMBIGUOUS

    def unknown(self, word: str) -> bool:
        """Whether a capitalised word is none that organisations, places or the document use."""
        low = word.lower().removesuffix("'s").removesuffix("’s")
        return (
            bool(_CAPITAL.match(word))
            and low not in COMMON
            and low.removesuffix("s") not in COMMON
            and low not in self.common
        )

    def _surname(self, tokens: Sequence[str], at: int) -> bool:
        if at >= len(tokens):
            return False
        word = tokens[at]
        if word == "O" and at + 1 < len(tokens) and _CAPITAL.match(tokens[at + 1]):
            return True
        low = word.lower()
        known = low in self.lasts
        as_place = low in _PLACE_SURNAMES and tokens[at - 1].lower() in GIVEN
        return bool(_CAPITAL.match(word)) and (self.unknown(word) or known or as_place)

    def _run(self, tokens: Sequence[str], at: int) -> int:
        """How many tokens a surname takes: two after an O, or where a given name comes first."""
        if tokens[at] == "O":
            return 2
        double = tokens[at].lower() in GIVEN and self._surname(tokens, at + 1)
        return 2 if double and tokens[at + 1].lower() not in GIVEN else 1

    def add(self, tokens: Sequence[str]) -> None:
        """Remember a name."""
        words = tuple(t.lower().rstrip(".") for t in tokens if t.lower() not in HONORIFICS)
        if words:
            self.names.add(words)
            self.firsts.add(words[0])
            self.lasts.add(words[-1])
            self.words |= set(words)
            if len(words) > 1:
                self.initials.setdefault(_initials(words), set()).add(words)

    def are_initials(self, text: str) -> bool:
        """Whether letters are the initials of a name of the document."""
        letters = re.sub(r"[^a-z]", "", text.lower())
        return letters != "nb" and letters in self.initials

    def post(self, tokens: Sequence[str]) -> str:
        """The post that the document gives for a name or for initials, if for one person only."""
        words = tuple(t.lower().rstrip(".") for t in tokens if t.lower() not in HONORIFICS)
        found = {post for name, post in self.posts.items() if name == words}
        if len(words) == 1 and not found:
            letters = re.sub(r"[^a-z]", "", words[0])
            holders = self.initials.get(letters, set())
            if len(holders) == 1:
                found = {post for name, post in self.posts.items() if name in holders}
        return found.pop() if len(found) == 1 else ""


def _initials(name: Sequence[str]) -> str:
    first, last = name[0][:1], name[-1]
    apostrophe = re.match(r"o[’']?(\w)", last) if re.match(r"o[’']", last) else None
    return f"{first}o{apostrophe[1]}" if apostrophe else f"{first}{last[:1]}"


def tokens_of(text: str) -> list[str]:
    """The words and marks of a text."""
    return _TOKEN.findall(text)


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that a document writes in small letters: no names, however they are written."""
    found: set[str] = set()
    for text in texts:
        found |= set(re.findall(r"(?<![\w’'.@-])[a-z][a-z’'-]+(?![\w.-]*@)", text))
    return frozenset(found)


def people_of(
    texts: Sequence[str],
    lead_cells: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    known: Tables | None = None,
) -> People:
    """The people whom a document names: beside their posts, in its texts, in its cells of leads.

    The words in the names of `known` agencies, bodies and posts are no personal names.
    """
    people = People(common_words(texts) | _words_of_known(known))
    for who, post in pairs:
        tokens = tokens_of(who)
        length = people.span(tokens, 0, leads=True) if tokens else 0
        if length and length >= len(tokens) and _is_post(post):
            people.add(tokens[:length])
            name = tuple(t.lower() for t in tokens[:length] if t.lower() not in HONORIFICS)
            people.posts[name] = post
    # Texts come first: in a cell of leads the words behind a name may be those of the next lead.
    for text, leads in [*((t, False) for t in texts), *((t, True) for t in lead_cells)]:
        _meet(people, text, leads)
    return people


def _words_of_known(known: Tables | None) -> frozenset[str]:
    names = [
        f"{row.cells.get('name', '')} {row.cells.get('also_called', '')}".lower()
        for row in (known.rows if known else ())
        if row.table in KINDS
    ]
    return frozenset(word for name in names for word in re.findall(r"[\w’'-]+", name))


def _is_post(text: str) -> bool:
    words = [w.lower() for w in re.findall(r"[\w-]+", text)]
    return 0 < len(words) <= 12 and text[:1].isupper() and not re.search(r"\d", text)


def _meet(people: People, text: str, leads: bool) -> None:
    tokens = tokens_of(text)
    at = 0
    while at < len(tokens):
        length = people.span(tokens, at, leads=leads)
        if length > 1:
            name = tokens[at : at + length]
            people.add(name)
            post = _post_after(tokens, at + length)
            if post and not (leads and post.endswith("s")):
                people.posts.setdefault(tuple(t.lower() for t in name), post)
        at += max(length, 1)


def _post_after(tokens: Sequence[str], at: int) -> str:
    """The post that follows a name directly: capitalised words that end in a word for posts."""
    words: list[str] = []
    for token in tokens[at : at + 8]:
        low = token.lower()
        small = low in _SMALL and words
        if not (_CAPITAL.match(token) or _ACRONYM.match(token) or small) or token in _SEPARATORS:
            break
        words.append(token)
        if low in POSTS and low not in ("head", "director", "chief", "lead"):
            return " ".join(words)
    return ""


_CUES_BEFORE = {"with", "by", "contact", "via", "named", "from", "between"}
_CUES_AFTER = {"to", "has", "is", "will", "now", "leading", "chairing", "mapping", "attended"}
_LISTS = {"and", "&", ",", "/"}


def without_people(text: str, people: People) -> str:
    """A text with each personal name, and each pair of known initials, left out and counted."""
    spans = [found.span() for found in _TOKEN.finditer(text)]
    tokens = [text[start:end] for start, end in spans]
    kept, at, last, behind = [], 0, 0, -2
    while at < len(tokens):
        listed = behind == at - 1 and tokens[at - 1].lower() in _LISTS
        length = people.span(tokens, at, leads=False) or _cued(tokens, at, people, listed)
        initials = _INITIALS.match(tokens[at]) and people.are_initials(tokens[at])
        if not length and initials and _stands_alone(tokens, at):
            length = 1
        if length:
            people.met += 1
            kept += [text[last : spans[at][0]], NAME]
            last = spans[at + length - 1][1]
            at += length
            behind = at
        else:
            at += 1
    whole = "".join(kept) + text[last:]
    whole = re.sub(rf"\s*\({re.escape(NAME)}\)", "", whole)
    whole = re.sub(rf"{re.escape(NAME)}(?:\W{{1,5}}{re.escape(NAME)})+", NAME, whole)
    return whole.strip()


def _stands_alone(tokens: Sequence[str], at: int) -> bool:
    before = tokens[at - 1] if at else "."
    after = tokens[at + 1] if at + 1 < len(tokens) else "."
    return (before in "(." and after in ").") or after.lower() in _CUES_AFTER


def _pair(tokens: Sequence[str], at: int, people: People) -> bool:
    """Whether two unknown capitalised words stand alone, as the name of a person would."""
    if at + 1 >= len(tokens) or not people.unknown(tokens[at]):
        return False
    if not people.unknown(tokens[at + 1]) or tokens[at].isupper() or tokens[at + 1].isupper():
        return False
    after = tokens[at + 2] if at + 2 < len(tokens) else ""
    return not (after.lower() in HEADS | INSTITUTES | PLACES or _CAPITAL.match(after))


def _cued(tokens: Sequence[str], at: int, people: People, listed: bool) -> int:
    """Two unknown words are a name where the words about them are as about people, or in a list."""
    if not _pair(tokens, at, people):
        return 0
    before = tokens[at - 1].lower() if at else ""
    after = tokens[at + 2].lower() if at + 2 < len(tokens) else ""
    bracketed = (before, after) == ("(", ")")
    return 2 if listed or bracketed or before in _CUES_BEFORE or after in _CUES_AFTER else 0


def may_name_somebody(text: str, people: People) -> bool:
    """Whether a text may still hold the name of a person: a reader has to look."""
    tokens = tokens_of(text)
    return any(_pair(tokens, at, people) for at in range(len(tokens)))


# ---------------------------------------------------------------- leads

_NOBODY = {
    "tbc", "tba", "tbd", "n/a", "na", "none", "all", "various", "vacant", "unknown", "lead",
    "leads", "partners", "all partners", "all agencies", "agencies", "everyone", "not known",
    "to be confirmed", "to be agreed", "to be identified", "as above", "see above", "multi-agency",
    "all partner agencies", "partner agencies", "support", "agency", "partner",
}  # fmt: skip
_CONDITION = re.compile(r"\b(?:when|once|if|subject to|until)\b[^.;]*", re.IGNORECASE)
_SUPPORTS = re.compile(
    r"\b(?:assist\w*|support(?:ing|ed by)|help(?:s|ing)?|(?:more )?involved|consult\w*|"
    r"hold budget)\b",
    re.I,
)
_LEADS = re.compile(
    r"\b(?:to|will|can|should) (?:lead|coordinate|co-ordinate|promote|deliver|manage)|\bleads?\b",
    re.I,
)
_BY = re.compile(
    r",?\s*\b(?:supported by|with (?:the )?support (?:from|of)|assisted by)\b", re.IGNORECASE
)
_ALONE = words_of("police probation health housing education council nhs schools")
"""Words that each name an agency: "Police & Probation" are two, "Fire & Rescue" is one."""
_ASIDE = re.compile(r"^\s*links? (?:to|with)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"^\s*(?P<label>lead|leads|support(?:ed by|ing)?|partners?)\s*[:–-]\s*", re.IGNORECASE
)
_INNER = {"of", "for", "the", "in", "on", "and", "&"}
_MONTHS = {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}


@dataclass(slots=True)
class Leads:
    """Reads cells of leads: whom they name, and how many people were set aside."""

    directory: Directory
    people: People
    headings: frozenset[str]
    first_words: frozenset[str] = frozenset()
    """The words with which cells of the document begin: names of one word, such as Health."""

    def read(self, parts: Sequence[str], *, mixed: bool, role: str = "lead") -> list[Mention]:
        """Who is named in a cell.

        Where the column is for leads and supporters alike (`mixed`), the first named is taken for
        the lead and the others for support.
        """
        found: list[Mention] = []
        for text in parts:
            if normal(text) in self.headings or _ASIDE.match(text):
                continue
            label = _LABEL.match(text)
            said = "support" if label and not label["label"].lower().startswith("lead") else ""
            body = text[label.end() :] if label else text
            for sentence in re.split(r"(?<=[a-z)])\.\s+(?=[A-Z])", body):
                found += self._sentence(sentence, said)
        return _roles(found, mixed, role)

    def _sentence(self, text: str, said: str) -> list[Mention]:
        by = _BY.search(text)
        if by and by.start():
            first, others = text[: by.start()], text[by.end() :]
            return [*self._sentence(first, said), *self._sentence(others, "support")]
        condition = _CONDITION.search(text)
        plain = text[: condition.start()] if condition else text
        role = said or ("lead" if _LEADS.search(plain) else "")
        role = role or ("support" if _SUPPORTS.search(plain) else "")
        told = condition[0].strip() if condition else ""
        return [
            Mention(
                m.name,
                m.kind,
                m.record,
                role,
                told,
                m.ground,
                m.doubt,
                m.sure - (0.1 if told else 0),
            )
            for m in self._mentions(re.sub(r"\((?![A-Z]{2,8}\))[^()]*\)", " ", plain))
        ]

    def _mentions(self, text: str) -> Iterator[Mention]:
        tokens = tokens_of(text)
        beside, holds = False, ""
        at = 0
        while at < len(tokens):
            length = 0 if self._known_at(tokens, at) else self.people.span(tokens, at, leads=True)
            if length:
                self.people.met += 1
                beside = True
                post = self.people.post(tokens[at : at + length])
                if post:
                    yield self._post_of_person(post)
                    holds = post
                at += length
                continue
            phrase = self._phrase(tokens, at)
            if not phrase:
                at += 1
                continue
            at += len(phrase)
            if not (holds and " ".join(phrase) in holds):
                yield from self._mention(phrase, beside)

    def _post_of_person(self, given: str) -> Mention:
        post, _ = post_and_agency(given)
        known, certain = self.directory.find(post, "posts")
        return Mention(
            known.name if known else post,
            known.kind if known else "posts",
            known.id if known else "",
            ground="The lead is given by name, and the document gives this person's post.",
            sure=0.75 if certain or not known else 0.5,
        )

    def _known_at(self, tokens: Sequence[str], at: int) -> bool:
        return any(
            self.directory.knows(" ".join(tokens[at : at + length])) for length in (4, 3, 2, 1)
        )

    def _phrase(self, tokens: Sequence[str], start: int) -> list[str]:
        """The words from a place on that name one organisation, body or post."""
        for length in range(min(8, len(tokens) - start), 0, -1):
            known = self.directory.knows(" ".join(tokens[start : start + length]))
            if known and not self._grows(tokens, start + length, one=length == 1):
                return list(tokens[start : start + length])
        words: list[str] = []
        at = start
        while at < len(tokens):
            token = tokens[at]
            if token in _SEPARATORS:
                break
            if words and self.people.span(tokens, at, leads=True):
                break
            if token.lower() in _INNER:
                if not words or not self._joins(words, tokens, at):
                    break
            elif not self._names(token, bool(words)) or self._ends(words, tokens, at):
                break
            words.append(token)
            at += 1
        while words and words[-1].lower() in _INNER:
            words.pop()
        return words if words and (_CAPITAL.match(words[0]) or words[0][:1].isupper()) else []

    def _grows(self, tokens: Sequence[str], at: int, *, one: bool) -> bool:
        """Whether a known name is only the beginning of a longer one."""
        if at >= len(tokens):
            return False
        token = tokens[at]
        on = _CAPITAL.match(token) and not self.people.span(tokens, at, leads=True)
        return token.lower() in POSTS | HEADS or bool(one and on)

    def _names(self, token: str, begun: bool) -> bool:
        low = token.lower()
        if begun and low in (POSTS | HEADS | TOPICS) - _STOPS and low not in _SMALL:
            return True
        return token[:1].isupper()

    def _ends(self, words: Sequence[str], tokens: Sequence[str], at: int) -> bool:
        """Whether a name is whole before a capitalised word: an acronym with a name after it."""
        if not words:
            return False
        token = tokens[at]
        both = _ACRONYM.match(words[-1]) and _ACRONYM.match(token)
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        apart = not following or following in _SEPARATORS
        apart = apart or bool(self.people.span(tokens, at + 1, leads=True))
        if len(words) == 1 and _ACRONYM.match(words[0]) and token.lower() in self.first_words:
            return apart
        low_head = words[-1].lower() in HEADS | POSTS and _ACRONYM.match(token)
        return bool(both or low_head)

    def _joins(self, words: Sequence[str], tokens: Sequence[str], at: int) -> bool:
        """Whether "and" or "of" stands inside a name, and not between two."""
        rest = tokens[at + 1 :]
        if not rest or (not rest[0][:1].isupper() and rest[0].lower() not in COMMON):
            return False
        if tokens[at].lower() not in ("and", "&"):
            return rest[0][:1].isupper() or rest[0].lower() == "the"
        if _ACRONYM.match(words[-1]) or words[-1].lower() in HEADS | POSTS:
            return False
        ahead = []
        for token in rest:
            if token in _SEPARATORS or token.lower() in _STOPS or not self._names(token, True):
                break
            ahead.append(token.lower())
        if tokens[at] == "&" and ahead and not {words[-1].lower(), ahead[0]} & _ALONE:
            return not _ACRONYM.match(rest[0])
        return any(word in COLLECTIVES | POSTS for word in ahead[:5])

    def _mention(self, phrase: Sequence[str], beside: bool) -> Iterator[Mention]:
        words = list(phrase)
        while words and words[0].lower() in ("all", "the", "lead", "via", "through", "currently"):
            words.pop(0)
        name = re.sub(r"\s+", " ", " ".join(words)).strip(" .")
        name = re.sub(r"(?<=[A-Z])[’']s$", "", name)
        if name.lower().rstrip(".") in HONORIFICS:
            return
        if not name or normal(name) in _NOBODY | _MONTHS | self.headings or len(name) < 2:
            return
        name = self.directory.long_forms.get(name, name)
        known, certain = self.directory.find(name)
        short = bool(_INITIALS.match(name)) and len(re.sub(r"\W", "", name)) <= 3
        if short and not certain and self._is_person(name, beside):
            self.people.met += 1
            post = self.people.post([name])
            if post:
                yield self._post_of_person(post)
            return
        if known:
            doubt = "" if certain else f'"{name}" is taken for {known.name}, which it resembles.'
            yield Mention(
                known.name, known.kind, known.id, doubt=doubt, sure=0.95 if certain else 0.5,
                ground="" if certain else "The name is not the same, only alike.",
            )  # fmt: skip
            return
        yield Mention(name, kind_of(name), sure=_sureness(name))

    def _is_person(self, name: str, beside: bool) -> bool:
        letters = re.sub(r"\W", "", name)
        if self.people.are_initials(name):
            return True
        return "'" in name or "’" in name or (len(letters) == 2 and not beside)


_STOPS = words_of(
    "to can may will when if hold holds who for is are has have with by at via through more "
    "now currently no not that which led lead leads existing all each every other this their "
    "our free done ongoing complete full part next as a an or new "
)


def kind_of(name: str) -> Kind:
    """Whether a name is that of a post, a body or an agency, by its words."""
    words = [w.lower().strip(".,") for w in re.split(r"[\s/]+", name)]
    if words[-1] in POSTS or (
        words[0] in ("director", "head", "chair", "chief") and len(words) > 1
    ):
        return "posts"
    if words[-1] in BODIES or (len(words) > 1 and words[-2:] == ["sub", "group"]):
        return "bodies"
    return "agencies"


def _sureness(name: str) -> float:
    low = [w.lower() for w in name.split()]
    if _ACRONYM.match(name):
        return 0.7
    if low[-1] in POSTS | BODIES | TEAMS or any(w in TOPICS for w in low):
        return 0.85
    return 0.55


def first_words(cells: Iterable[str]) -> frozenset[str]:
    """The words that begin cells of leads and are no acronyms."""
    found = {(tokens_of(cell) or [""])[0] for cell in cells}
    return frozenset(w.lower() for w in found if _CAPITAL.match(w) and w.lower() in COMMON)


def _roles(found: Sequence[Mention], mixed: bool, role: str) -> list[Mention]:
    """The mentions with their roles, each thing once."""
    done: dict[tuple[Kind, str], Mention] = {}
    leads = any(m.role == "lead" for m in found)
    for number, m in enumerate(found):
        part, ground, sure = m.role or role, m.ground, m.sure
        if mixed and not m.role and len(found) > 1:
            part = "support" if number or leads else "lead"
            ground = ground or (
                "The column names lead and support agencies without telling them apart; "
                "the first named is read as the lead."
            )
            sure -= 0.15
        key = (m.kind, m.record or normal(m.name))
        done.setdefault(
            key, Mention(m.name, m.kind, m.record, part, m.condition, ground, m.doubt, sure)
        )
    return list(done.values())


def name_and_post(cells: Sequence[str]) -> tuple[str, str]:
    """The name and the post of a row of two filled cells, "" and "" where it is not such a row."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 2 or len(tokens_of(filled[0])) > 4 or len(filled[1].split()) > 10:
        return "", ""
    return filled[0], filled[1]


def post_and_agency(text: str) -> tuple[str, str]:
    """A post as lists of members write it, and the agency behind its comma: "Manager, Council"."""
    plain = re.sub(r"\s*\([^()]*\)", "", text).strip()
    pieces = [piece.strip() for piece in plain.split(",") if piece.strip()]
    if len(pieces) > 2:
        return " ".join(pieces[:-1]), pieces[-1]
    return (
        (pieces[0].replace(";", ""), pieces[1])
        if len(pieces) == 2
        else (plain.replace(";", ""), "")
    )
