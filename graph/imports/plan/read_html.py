"""HTML: parsed by lxml, which fetches nothing here; scripts, styles and comments are dropped.

The same parser reads the tags that stand inside the cells of a text.
"""

import re
from collections.abc import Iterator

from lxml import etree, html

from graph.imports.plan.document import Block, Builder, Cell, Line, parts_of, tidy

_DROPPED = ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "head")
_BREAKS = {"p", "div", "br", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"}
_TEXTS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "caption"}
_TAG = re.compile(r"<\s{0,3}/?\s{0,3}[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_SPAN = 100
"""The most rows or columns that one cell may span: a page may claim millions."""


def _parser() -> html.HTMLParser:
    return html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)


def read_html(content: str) -> list[Block]:
    """The blocks of a page.

    Raises ValueError where it holds nothing that can be parsed.
    """
    # A declaration of the encoding inside a text that is decoded already is refused by the parser.
    # What stands behind the end of the page is dropped by it: no end, nothing dropped.
    without = re.sub(r"^\s*<\?xml[^>]*\?>|</\s*(?:html|body)\s*>", "", content, flags=re.IGNORECASE)
    try:
        root = html.document_fromstring(without, parser=_parser())
    except etree.ParserError as error:
        raise ValueError("nothing in it") from error
    for element in list(root.iter(*_DROPPED)):
        element.drop_tree()
    builder = Builder()
    taken: set[html.HtmlElement] = set()
    for element in root.iter():
        if element in taken or not isinstance(element.tag, str):
            continue
        if element.tag == "table" and element.find(".//table") is None:
            taken.update(element.iter())
            builder.table(_lines(element))
        elif element.tag in _TEXTS or (element.tag in ("div", "td") and _is_leaf(element)):
            taken.update(element.iter())
            kind = "heading" if re.fullmatch(r"h[1-6]|caption", element.tag) else "paragraph"
            if element.tag == "li":
                builder.text("item", element.text_content())
            else:
                builder.text("heading" if kind == "heading" else "paragraph", _flat(element))
    return builder.blocks


def _is_leaf(element: html.HtmlElement) -> bool:
    return element.find(".//table") is None and not any(
        child.tag in _TEXTS or child.tag == "div" for child in element.iterdescendants()
    )


def _flat(element: html.HtmlElement) -> str:
    return " ".join(text for text, _ in _pieces(element))


def _lines(table: html.HtmlElement) -> Iterator[Line]:
    """The rows of a table, with a cell that spans several rows said once and then merged."""
    running: dict[int, int] = {}
    for row in table.iter("tr"):
        cells: list[Cell] = []
        merged: set[int] = set()
        for element in row.iterchildren("td", "th"):
            while running.get(len(cells), 0) > 0:
                running[len(cells)] -= 1
                merged.add(len(cells))
                cells.append(())
            rows, columns = _span(element, "rowspan"), _span(element, "colspan")
            for number in range(columns):
                if rows > 1:
                    running[len(cells)] = rows - 1
                cells.append(cell_of(element) if number == 0 else ())
        for column in sorted(running):
            if running[column] > 0 and column >= len(cells):
                running[column] -= 1
                merged.add(column)
                cells.extend([()] * (column + 1 - len(cells)))
        yield Line(tuple(cells), str(row.sourceline or ""), merged=frozenset(merged))


def _span(element: html.HtmlElement, name: str) -> int:
    found = re.match(r"\s*(\d{1,4})", element.get(name) or "")
    return min(max(int(found[1]), 1), _SPAN) if found else 1


def cell_of(element: html.HtmlElement) -> Cell:
    """The parts of an element: paragraphs, lines and items."""
    return parts_of(_pieces(element))


def _pieces(element: html.HtmlElement) -> Iterator[tuple[str, bool]]:
    text, item = "", False
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node is not element and node.tag in _BREAKS:
            if tidy(text):
                yield text, item
                text = ""
            if node.tag == "li":
                item = event == "start"
            elif node.tag == "p" and not any(a.tag == "li" for a in node.iterancestors("li")):
                item = False
        if event == "start":
            text += node.text or ""
        elif node is not element:
            text += node.tail or ""
    if tidy(text):
        yield text, item


def cell_of_markup(text: str) -> Cell:
    """The parts of a cell that stands in a text, with or without tags in it."""
    if not _TAG.search(text):
        return parts_of([(text, False)])
    return cell_of(html.fragment_fromstring(text, create_parent="div", parser=_parser()))


def plain(text: str) -> str:
    """A text without the tags in it."""
    if not _TAG.search(text):
        return tidy(text)
    return tidy(
        html.fragment_fromstring(text, create_parent="div", parser=_parser()).text_content()
    )
