"""The exempt paper on Dudley against its document: every finding told, nothing contradicted.

The expectations in `golden/board_paper_dudley.toml` were written from the document by somebody who
saw neither the records nor the paper.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph.stores.protocol import Store
from visualise.paper.content import paper
from visualise.paper.model import Block, Paper, Paragraph, Picture, Points, Section, Table

GOLDEN = tomllib.loads(
    (Path(__file__).parent / "golden" / "board_paper_dudley.toml").read_text(encoding="utf-8")
)
FINDINGS: list[dict[str, Any]] = GOLDEN["finding"]
NEVER: list[dict[str, Any]] = GOLDEN["never"]


def texts(told: Paper) -> Iterator[str]:
    """Each paragraph, point and row of a paper as one text."""
    for section in told.sections:
        yield from texts_of(section)


def texts_of(section: Section) -> Iterator[str]:
    yield section.completeness
    for block in section.blocks:
        yield from block_texts(block)
    for inner in section.sections:
        yield from texts_of(inner)


def block_texts(block: Block) -> Iterable[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Points():
            return [point.text for point in block.points]
        case Table():
            return [" | ".join(row) for row in block.rows]
        case Picture():
            return [block.caption, block.figure.title, block.figure.words]


def plain(text: str) -> str:
    """A text with one kind of apostrophe and of hyphen."""
    return re.sub("[‐-―−]", "-", re.sub("[‘’]", "'", text))


@cache
def pattern(token: str) -> re.Pattern[str]:
    """A token begins where a word begins, in whatever case."""
    return re.compile(rf"(?<!\w){re.escape(plain(token))}", re.IGNORECASE)


def tells(text: str, tokens: list[Any]) -> bool:
    return all(
        any(pattern(one).search(text) for one in ([token] if isinstance(token, str) else token))
        for token in tokens
    )


@pytest.fixture(scope="module")
def told(store: Store) -> list[str]:
    return [plain(text) for text in texts(paper(store, "dudley", version="exempt"))]


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda f: f"{f['section']}: {f['says']}"[:80])
def test_every_finding_of_the_document_is_in_the_paper(
    finding: dict[str, Any], told: list[str]
) -> None:
    assert any(tells(text, finding["tokens"]) for text in told), (finding["place"], finding)


@pytest.mark.parametrize("never", NEVER, ids=lambda n: f"{n['section']}: {n['why']}"[:80])
def test_nothing_in_the_paper_contradicts_the_document(
    never: dict[str, Any], told: list[str]
) -> None:
    for one in never["patterns"]:
        found = [text for text in told if re.search(one, text)]
        assert not found, (never["why"], one, found)


def test_a_token_begins_a_word_and_all_stand_together() -> None:
    assert tells("Male victims: men can be housed", ["men", ["short", "housed"]])
    assert not tells("Women can be housed", ["men"])
    assert not tells("men | housed", ["men", "housed", "nowhere"])
