"""Figures as they stand in a file of their own: without links, in the typeface of its texts."""

from lxml import etree

from visualise.figure import FONT, Figure

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def drawn(figure: Figure, font: str = FONT) -> str:
    """The SVG of a figure for a file that is handed out; `font` is the typeface of its texts.

    A link would lead nowhere there.
    """
    root = etree.fromstring(figure.svg.encode())
    _unlink(root)
    root.set("role", "img")
    root.set("aria-label", f"{figure.title}. {figure.words}")
    for element in root.iter():
        if "font-family" in element.attrib:
            element.set("font-family", font)
    return str(etree.tostring(root, encoding="unicode"))


def _unlink(root: etree._Element) -> None:
    for link in list(root.iter(f"{_SVG}a")):
        link.tag = f"{_SVG}g"
        for name in list(link.attrib):
            if name in (*_HREFS, "target", "role") or name.startswith("aria-"):
                del link.attrib[name]
