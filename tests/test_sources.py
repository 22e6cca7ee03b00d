"""The four documents against their tables: every line accounted for, nothing pasted.

The documents themselves are not in this repository; without them beside it these tests are skipped.
"""

import re
from pathlib import Path

import pytest

from graph.accounting import account
from graph.model import PropertyGraph
from graph.sources.folder import read_folder
from ontology.schema import Schema

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT.parent / "shared" / "seeds"
NAMED = {"slough": "000_", "dudley": "002_", "luton": "003_", "southend": "004_"}
PASTED = 12
"""Words in a row that only a pasted sentence has in common with a document; titles are shorter."""


def _document(slug: str) -> str:
    found = sorted(DOCUMENTS.glob(f"{NAMED[slug]}*.txt"))
    if not found:
        pytest.skip(f"the document of {slug} is not beside this repository ({DOCUMENTS.name}/)")
    return found[0].read_text(encoding="utf-8")


def _lines(spec: str) -> set[int]:
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", spec):
        found |= set(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.parametrize("slug", NAMED)
def test_every_line_of_the_document_is_accounted_for(slug: str, graph: PropertyGraph) -> None:
    text = _document(slug).splitlines()
    written = {number for number, line in enumerate(text, start=1) if line.strip()}
    places = account(graph, slug)
    covered = set().union(*(_lines(place.lines) for place in places))
    assert written - covered == set(), "lines that no place of the source takes in"
    assert covered <= set(range(1, len(text) + 1)), "lines that the document does not have"
    assert all(place.is_accounted_for for place in places)


@pytest.mark.parametrize("slug", NAMED)
def test_a_place_holds_records_or_says_why_not(slug: str, graph: PropertyGraph) -> None:
    for place in account(graph, slug):
        assert bool(place.records) != bool(place.reason), place


@pytest.mark.parametrize("slug", NAMED)
def test_no_sentence_is_pasted_from_the_document(slug: str, schema: Schema) -> None:
    words = re.findall(r"\w+", _document(slug).lower())
    runs = {tuple(words[i : i + PASTED]) for i in range(len(words) - PASTED + 1)}
    tables, _ = read_folder(ROOT / "graph" / "partnerships" / slug, schema)
    for row in tables.rows:
        for key, cell in row.cells.items():
            if key in ("title", "document"):
                continue  # A title is a name and stays as it is.
            said = re.findall(r"\w+", cell.lower())
            pasted = [
                said[i : i + PASTED]
                for i in range(len(said) - PASTED + 1)
                if tuple(said[i : i + PASTED]) in runs
            ]
            assert not pasted, (row.file, row.number, " ".join(pasted[0]))
