"""The reference: all is on a page, every link leads somewhere, nothing is fetched or leaked."""

import dataclasses
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from rdflib import URIRef

from graph.model import Edge, Node, PropertyGraph
from ontology.schema import Schema, ontology
from visualise.examples import SHIPPED, examples, public, word_counts
from visualise.reference import write_reference
from visualise.terms import Branch, anchor, properties, tree

_LOADS = {
    ("img", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("link", "href"),
    ("image", "href"),
    ("use", "href"),
    ("object", "data"),
    ("source", "srcset"),
}


class _Page(HTMLParser):
    """What a page holds: ids, links, loaded addresses, headings and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"a script in {tag}"
            assert name != "style", "a style that a strict policy would refuse"
            if name == "id" and value:
                self.ids.append(value)
            if (tag, name) == ("a", "href") and value:
                self.links.append(value)
            if (tag, name) in _LOADS and value:
                self.loads.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def written(
    schema: Schema, graph: PropertyGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("reference")
    return {p.name: p for p in write_reference(schema, ontology(), graph, out)}


@pytest.fixture(scope="module")
def pages(written: dict[str, Path]) -> dict[str, _Page]:
    return {
        name: _Page(path.read_text(encoding="utf-8"))
        for name, path in written.items()
        if name.endswith(".html")
    }


# ---------------------------------------------------------------- whole


def test_every_class_has_its_page_with_every_column(
    pages: dict[str, _Page], schema: Schema
) -> None:
    index = pages["index.html"]
    for klass in schema:
        name = f"class-{klass.slug}.html"
        assert name in index.links
        page = pages[name]
        assert klass.help in page.text
        assert str(klass.iri) in page.text
        for prop in klass.properties:
            assert f"column-{prop.key}" in page.ids, f"{klass.name}.{prop.key}"
            assert prop.help in page.text, f"{klass.name}.{prop.key}"


def test_every_property_is_on_the_page_of_properties(
    pages: dict[str, _Page], schema: Schema
) -> None:
    page = pages["properties.html"]
    facts = properties(ontology(), schema)
    assert {p.iri for k in schema for p in k.properties} <= {URIRef(f.iri) for f in facts}
    for fact in facts:
        assert fact.definition and fact.definition in page.text, fact.iri
        assert anchor(fact.iri) in page.ids
        assert fact.iri in page.text


def test_every_word_of_every_list_is_on_its_page(pages: dict[str, _Page], schema: Schema) -> None:
    page = pages["codes.html"]
    for name, words in schema.codes.items():
        assert name in page.ids
        for word in words:
            assert f"{word.label} {word.definition} {word.iri}" in page.text, word.iri


def test_every_shared_term_stands_in_a_tree(pages: dict[str, _Page]) -> None:
    text = pages["terms.html"].text

    def walk(branches: tuple[Branch, ...]) -> int:
        count = 0
        for branch in branches:
            assert f"{branch.label} {branch.id} {branch.definition}" in text
            count += 1 + walk(branch.under)
        return count

    assert sum(walk(tree(ontology(), n)) for n in ("ClientGroup", "Need", "ServiceType")) > 100


def test_every_relationship_is_in_the_table_beside_the_picture(
    pages: dict[str, _Page], schema: Schema
) -> None:
    for relationship in schema.relationships:
        assert f" {relationship.type} " in pages["index.html"].text


def test_the_picture_has_every_class_once(pages: dict[str, _Page], schema: Schema) -> None:
    index = pages["index.html"]
    assert index.tags.count("svg") == 1
    assert {"title", "desc"} <= set(index.tags)
    boxes_and_arrows = index.tags.count("rect")
    assert boxes_and_arrows == len(schema.classes)


def test_every_class_has_an_example_with_its_source(schema: Schema, graph: PropertyGraph) -> None:
    found = examples(graph, schema)
    assert set(found) == set(schema.classes)
    for klass in schema:
        if any(p.key == "source" and p.required for p in klass.properties):
            assert found[klass.name].source, klass.name
        if any(p.key == "place" and p.required for p in klass.properties):
            assert found[klass.name].places, klass.name


# ---------------------------------------------------------------- sound


def test_every_internal_link_leads_somewhere(pages: dict[str, _Page]) -> None:
    for name, page in pages.items():
        for link in page.links:
            if not link.startswith(("http://", "https://")):
                target, _, fragment = unquote(link).partition("#")
                assert (target or name) in pages, f"{name}: {link}"
                assert not fragment or fragment in pages[target or name].ids, f"{name}: {link}"


def test_ids_are_used_once_a_page_and_headings_do_not_skip(pages: dict[str, _Page]) -> None:
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        levels = [int(t[1]) for t in page.tags if len(t) == 2 and t[0] == "h" and t[1].isdigit()]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in pairwise(levels)), name


def test_nothing_is_fetched_and_nothing_runs(
    pages: dict[str, _Page], written: dict[str, Path]
) -> None:
    for name, page in pages.items():
        assert set(page.loads) == {"reference.css"}, name
        assert "script" not in page.tags
    style = written["reference.css"].read_text(encoding="utf-8")
    assert "url(" not in style and "@import" not in style


def test_a_page_over_history_says_that_it_is_no_help(pages: dict[str, _Page]) -> None:
    for name, page in pages.items():
        assert "In an emergency call 999" in page.text, name


def test_two_runs_give_the_same_bytes(
    schema: Schema, graph: PropertyGraph, written: dict[str, Path], tmp_path: Path
) -> None:
    shuffled = PropertyGraph(graph.release, graph.nodes[::-1], graph.edges[::-1])
    for other in (graph, shuffled):
        for path in write_reference(schema, ontology(), other, tmp_path / "again"):
            assert path.read_bytes() == written[path.name].read_bytes(), path.name


# ---------------------------------------------------------------- nothing for staff


def _staff(graph: PropertyGraph) -> list[Node | Edge]:
    things: list[Node | Edge] = [*graph.nodes, *graph.edges]
    return [t for t in things if t.properties.get("visibility") == "staff"]


def test_no_example_shows_or_names_a_record_for_staff(schema: Schema, graph: PropertyGraph) -> None:
    staff = _staff(graph)
    assert staff, "the shipped partnerships no longer hold a record for staff"
    hidden = {str(t.id) for t in staff}
    names = {str(t.properties["name"]) for t in staff if t.properties.get("name")}
    for name, example in examples(graph, schema).items():
        assert not any(h.endswith(f"/{example.id}") for h in hidden), name
        for prop, text in example.cells:
            assert prop.key != "visibility" or text != "staff"
            assert not any(secret in text for secret in names), name


def test_pages_do_not_depend_on_what_staff_alone_may_see(
    schema: Schema, graph: PropertyGraph, written: dict[str, Path], tmp_path: Path
) -> None:
    """Changed secrets, the same pages: no example and no count tells that something is hidden."""

    def changed(thing: Node | Edge) -> Node | Edge:
        if thing.properties.get("visibility") != "staff":
            return thing
        columns = {**thing.properties, "name": "changed", "description": "changed"}
        return dataclasses.replace(thing, properties=columns)

    other = PropertyGraph(
        graph.release,
        tuple(changed(n) for n in graph.nodes),  # type: ignore[misc]
        tuple(changed(e) for e in graph.edges),  # type: ignore[misc]
    )
    without = public(graph)
    for case in (other, without):
        for path in write_reference(schema, ontology(), case, tmp_path / "case"):
            assert path.read_bytes() == written[path.name].read_bytes(), path.name


def test_the_fullest_record_for_staff_is_passed_over(schema: Schema, graph: PropertyGraph) -> None:
    chosen = examples(graph, schema)["Service"]
    first = f"{SHIPPED[0]}/service/{chosen.id}"
    nodes = tuple(
        dataclasses.replace(n, properties={**n.properties, "visibility": "staff"})
        if n.id == first
        else n
        for n in graph.nodes
    )
    hidden = PropertyGraph(graph.release, nodes, graph.edges)
    assert examples(hidden, schema)["Service"].id != chosen.id
    assert all(first not in (e.start[1], e.end[1]) for e in public(hidden).edges)
    assert word_counts(hidden, schema) != word_counts(graph, schema)


def test_no_example_comes_from_a_partnership_that_does_not_ship(
    schema: Schema, graph: PropertyGraph
) -> None:
    own = Node("mytown/agency/a", "Agency", {"name": "A", "partnership": "mytown"})
    alone = PropertyGraph("r", (own,), ())
    assert examples(alone, schema) == {}
    both = PropertyGraph("r", (own, *graph.nodes), graph.edges)
    assert examples(both, schema) == examples(graph, schema)
