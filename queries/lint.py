"""What a catalogue query may say, so that both stores read the same meaning from it.

Two kinds of things are refused: what one store cannot run, and what both run and understand
differently. Each rule says why, so that whoever writes the next question learns it here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a query must not say: its line (from 1) and the reason."""

    line: int
    reason: str


_RULES: tuple[tuple[str, str], ...] = (
    (
        r"(?<![.$`])\b(CREATE|MERGE|DELETE|DETACH|SET|REMOVE|DROP|COPY|LOAD|INSTALL|EXPORT|IMPORT|"
        r"ATTACH|ALTER|FOREACH)\b",
        "a question only reads",
    ),
    (r"(?<![.$`])\bCALL\b", "no procedures and no CALL { }: one store has neither"),
    (
        r"\b(type|labels|head|last|reduce|keys|properties|nodes|relationships|shortestPath|"
        r"allShortestPaths)\s*\(",
        "this function is missing in one store or means something else there",
    ),
    (r"\b(toString|toInteger|toFloat)\s*\(", "no conversions: one store lacks them"),
    (r"\bdate\s*\(\s*\)", "no clock: take a date parameter"),
    (r"\b(local)?(date)?time(stamp)?\s*\(", "no clock and no times: dates only"),
    (r"\bCOLLECT\s*\{", "no COLLECT { }: one store lacks it"),
    (r"\[[^\]]*\bIN\b[^\]]*\|", "no list comprehensions: one store lacks them"),
    (r"\{\s*\.", "no map projection: one store lacks it"),
    (r"\|\|", "no || on text: one store lacks it"),
    (r"\b(?:WHERE|AND|OR|XOR|NOT|WHEN)\s+\(?\s*\w+\s*:\s*\w", "put the label into the pattern"),
    (r"\(\s*\w*\s*:\s*\w+\s*[:&]\s*\w+", "one label a node"),
    (r"\[[^\]]*\*", "no variable-length paths: walks in one store, trails in the other"),
    (
        r"\)\s*\{\s*\d*\s*,?\s*\d*\s*\}|->\s*\([^)]*\)\s*\)\s*[+*]|->\s*[+*{]",
        "no quantified paths: one store lacks them",
    ),
    (
        r"<--\s*\(|\)\s*-->|\)\s*--\s*\(|-\s*\[\s*\w*\s*\]\s*-",
        "name the relationship and its type",
    ),
    (r"\w\s*\[\s*(?:\d+|\$\w+)\s*\]", "no indexes into lists: they start at 1 in one store"),
    (r"\bsum\s*\(", "no sum: of integers it is a Decimal in one store; add up after reading"),
    (
        r"\bas\s+(starts|ends|group|order|end|desc|asc|table|column|exists|profile|any|all|"
        r"from|to|when|by)\b",
        "this alias is a word of the language in one store",
    ),
    (
        r"\bIS\s+NULL\s+OR\s+\$|\$\w+\s+IS\s+(NOT\s+)?NULL",
        "no optional parameters: pass all, always",
    ),
    (
        r"\bWITH\b[^;]*?\bORDER\s+BY\b(?=[^;]*\bRETURN\b)",
        "order at the end: ordering in the middle is lost or wrong in one store",
    ),
    (r"\b(EXISTS|COUNT)\s*\{(?!\s*MATCH\b)", "begin the braces with MATCH"),
    (
        r"\bMATCH\s*(?:\([^)]*\)[^,(\[]*(?:\[[^\]]*\][^,(]*)?)+,\s*\(",
        "one pattern a MATCH: the comma is a cross product in one store",
    ),
)
_COMPILED = tuple((re.compile(form, re.I), reason) for form, reason in _RULES)
_BOUND = re.compile(r"[(\[]\s*(\w+)\s*(?=[:){\]])")
"""A variable of a pattern: a node or a relationship."""
_WHOLE = re.compile(r"\bRETURN\b(?P<items>.*?)(?:\bORDER\s+BY\b|\bUNION\b|\Z)", re.S | re.I)


def without_comments(cypher: str) -> str:
    """The query with comments and quoted text blanked out, so that line numbers stay."""
    # Both at once: a quotation mark may stand in a comment, and // in a quoted text.
    return re.sub(
        r"//[^\n]*|'[^'\n]*'|\"[^\"\n]*\"", lambda m: "" if m[0].startswith("//") else "''", cypher
    )


def findings(cypher: str) -> Iterator[Finding]:
    """Everything in a query that is not portable, in the order of the rules."""
    text = without_comments(cypher)
    for form, reason in _COMPILED:
        for match in form.finditer(text):
            yield Finding(text.count("\n", 0, match.start()) + 1, reason)
    for match in _WHOLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        for item in _items(match["items"]):
            if not re.search(r"(?i)\bAS\s+\w+\s*$", item.strip()):
                yield Finding(line, f"name every column with AS: {' '.join(item.split())}")
            elif _is_whole(item, text):
                yield Finding(line, f"return columns, never a whole node: {item.strip()}")
    if not re.search(r"(?i)\bORDER\s+BY\b", text):
        yield Finding(1, "ORDER BY is missing: rows have no order without it")


def columns(cypher: str) -> list[list[str]]:
    """The names that each RETURN gives its columns, one list a RETURN."""
    text = without_comments(cypher)
    found = []
    for match in _WHOLE.finditer(text):
        names = [
            re.search(r"(?i)\bAS\s+(\w+)\s*$", item.strip()) for item in _items(match["items"])
        ]
        found.append([name[1] for name in names if name])
    return found


def parameters(cypher: str) -> set[str]:
    """The parameters that a query uses."""
    return set(re.findall(r"\$(\w+)", without_comments(cypher)))


def _is_whole(item: str, text: str) -> bool:
    """Whether a column is a node or a relationship as such, alone or collected."""
    form = r"(?i)\s*(?:collect\s*\(\s*(?:DISTINCT\s+)?)?(\w+)\s*\)?\s+AS\s+\w+\s*"
    found = re.fullmatch(form, item)
    return found is not None and found[1] in set(_BOUND.findall(text))


def _items(text: str) -> list[str]:
    text = re.sub(r"^\s*DISTINCT\b", "", text, flags=re.I)
    items, depth, current = [], 0, ""
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            items.append(current)
            current = ""
        else:
            current += character
    return [*items, current]
