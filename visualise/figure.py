"""Figures: charts drawn as SVG, on this machine, with the words that stand for them.

Only this module draws with Vega (vl-convert). Charts are made with Altair by the modules beside it;
what leaves here has no script, no style sheet and no style attribute, so that a page's Content
Security Policy holds, and loads nothing. The same chart gives the same bytes.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from lxml import etree
from markupsafe import Markup

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
TEXT, QUIET, LINE = "#0b0c0c", "#4a5258", "#c9ced2"
"""The colours of texts, of lesser texts and of lines, as in `site.css`."""
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelColor": TEXT,
        "titleColor": TEXT,
        "gridColor": "#e3e6e8",
        "domainColor": LINE,
        "tickColor": LINE,
        "labelLimit": 420,
    },
    "legend": {"labelFontSize": 13, "titleFontSize": 13, "labelLimit": 420},
    "header": {"labelFontSize": 14, "titleFontSize": 14},
    "text": {"fontSize": 13, "color": TEXT},
}
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_LOCAL = re.compile(r"url\(#([^)]+)\)")
_HERE = "https://here.invalid"
"""What Vega is told a path begins with: it would put a host of its own before a bare one."""


def link(path: str) -> str:
    """An address of this site, as a chart's `href` channel takes it; `path` begins with a slash."""
    return _HERE + path


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn chart: its SVG, its title, what it shows in words, and its size in pixels."""

    svg: str
    title: str
    words: str
    width: int
    height: int


def draw(chart: alt.TopLevelMixin, title: str, words: str) -> Figure:
    """Draw a chart. `words` say what it shows to whoever does not see it.

    A chart with links keeps them and what its marks are called; any other is one picture with one
    name. Times of a chart are to be given as days in UTC (`alt.Scale(type="utc")`): the machine's
    time zone must not move them.
    """
    spec = chart.to_dict()
    # A chart's own configuration is Altair's default theme; only what it adds is kept.
    spec["config"] = {**_CONFIG, **{k: v for k, v in spec.get("config", {}).items() if k != "view"}}
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = etree.fromstring(svg.encode())
    width, height = (round(float(root.get(side))) for side in ("width", "height"))
    _name(root, title, words)
    _lead_here(root)
    told = json.dumps([spec, title, words], sort_keys=True, default=str)
    _number(root, hashlib.sha256(told.encode()).hexdigest()[:8])
    return Figure(etree.tostring(root, encoding="unicode"), title, words, width, height)


def _name(root: Any, title: str, words: str) -> None:
    """Give the picture its name, and take away what would be read aloud without saying more."""
    linked = root.find(f".//{_SVG}a") is not None
    for element in root.iter():
        keeps = linked and element.tag == f"{_SVG}a"
        for name in [n for n in element.attrib if n == "role" or n.startswith("aria-")]:
            if not keeps:
                del element.attrib[name]
    root.attrib.pop("class", None)
    root.set("role", "group" if linked else "img")
    root.set("aria-label", f"{title}. {words}")


def _number(root: Any, mark: str) -> None:
    """Count ids anew, with a mark of the chart: Vega counts on from one drawing to the next."""
    named = [element.get("id") for element in root.iter() if "id" in element.attrib]
    ids = {old: f"figure-{mark}-{place}" for place, old in enumerate(named, 1)}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, ids[value])
            elif name in ("href", _XLINK) and value[1:] in ids:
                element.set(name, f"#{ids[value[1:]]}")
            elif "url(#" in value:
                element.set(name, _LOCAL.sub(lambda found: f"url(#{ids.get(found[1], '')})", value))


def _lead_here(root: Any) -> None:
    """Make links paths of this site again; one that leads elsewhere is no link."""
    for element in root.iter(f"{_SVG}a"):
        address = element.attrib.pop(_XLINK, None) or element.get("href", "")
        element.attrib.pop("target", None)
        element.attrib.pop("href", None)
        if address.startswith(f"{_HERE}/"):
            element.set("href", address.removeprefix(_HERE))


def inline(figure: Figure) -> Markup:
    """The SVG as it stands in a page. It was made here, from charts; its texts are escaped."""
    return Markup(figure.svg)  # noqa: S704 - serialised by lxml, which escapes


def png(figure: Figure, scale: float = 2) -> bytes:
    """The figure as dots, for programs that show no SVG; `scale` dots to a pixel."""
    return bytes(vl_convert.svg_to_png(figure.svg, scale=scale))
