"""Figures as they stand in a file of their own: without links, with names that do not clash."""

import re
from collections.abc import Mapping

from lxml import etree

from visualise.figure import FONT, Figure

_SVG = "{http://www.w3.org/2000/svg}"
_LOCAL = re.compile(r"url\(#([^)]+)\)")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def drawn(figure: Figure, number: int, font: str = FONT) -> str:
    """The SVG of a figure for a file that is handed out; `font` is the typeface of its texts.

    A link would lead nowhere there. Ids are counted anew, with the figure's number before them:
    several figures stand in one page, and Vega counts on from one drawing to the next.
    """
    root = etree.fromstring(figure.svg.encode())
    _unlink(root)
    root.set("role", "img")
    root.set("aria-label", f"{figure.title}. {figure.words}")
    named = [element.get("id") for element in root.iter() if "id" in element.attrib]
    ids = {old: f"figure-{number}-{place}" for place, old in enumerate(named, 1)}
    for element in root.iter():
        _rename(element, ids)
        if "font-family" in element.attrib:
            element.set("font-family", font)
    return str(etree.tostring(root, encoding="unicode"))


def _unlink(root: etree._Element) -> None:
    for link in list(root.iter(f"{_SVG}a")):
        link.tag = f"{_SVG}g"
        for name in list(link.attrib):
            if name in (*_HREFS, "target", "role") or name.startswith("aria-"):
                del link.attrib[name]


def _rename(element: etree._Element, ids: Mapping[str, str]) -> None:
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, ids[value])
        elif name in _HREFS and value[1:] in ids:
            element.set(name, f"#{ids[value[1:]]}")
        elif "url(#" in value:
            element.set(name, _LOCAL.sub(lambda found: f"url(#{ids.get(found[1], '')})", value))
