"""Which wider terms take a term in, against the same said with graphs of networkx."""

from typing import Any

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from queries.fits import tree, widening

TERMS = list("abcdef")
SOME = st.lists(st.sampled_from(TERMS), max_size=2, unique=True)
ROWS = st.fixed_dictionaries({"broader": SOME, "excluded": SOME})


def by_graphs(terms: dict[str, Any]) -> dict[str, frozenset[str]]:
    graph = tree({term: row["broader"] for term, row in terms.items()})
    found = {}
    for term in terms:
        above = {term} | nx.descendants(graph, term)
        barred = {w for w in above if above & set(terms[w]["excluded"])}
        left = graph.subgraph((above - barred) | {term})
        found[term] = frozenset({term} | nx.descendants(left, term))
    return found


@given(st.fixed_dictionaries(dict.fromkeys(TERMS, ROWS)))
def test_a_term_is_taken_in_by_the_wider_ones_unless_they_exclude(terms: dict[str, Any]) -> None:
    assert widening(terms) == by_graphs(terms)


def test_a_term_that_excludes_another_takes_in_neither_it_nor_what_is_under_it() -> None:
    terms = {
        "woman": {"broader": ["person"], "excluded": []},
        "child": {"broader": ["person"], "excluded": []},
        "girl": {"broader": ["woman", "child"], "excluded": []},
        "person": {"broader": [], "excluded": ["child"]},
    }
    assert widening(terms) == {
        "woman": {"woman", "person"},
        "child": {"child"},
        "girl": {"girl", "woman", "child"},
        "person": {"person"},
    }
