"""The directory's own words: catalogues that fit the pages, plain reading, and no script inside."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from api import design_system
from api.directory.words import FOLDER, languages, words

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "api" / "templates" / "directory").glob("*.html"))
MODULES = sorted((ROOT / "api" / "directory").glob("*.py"))
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def texts() -> list[str]:
    """All texts that the pages say, as tools for catalogues find them."""
    found = []
    for path in TEMPLATES:
        with path.open("rb") as file:
            found += [m for _, _, m, _ in babel_extract(file, ["_", "t"], [], {})]
    for path in MODULES:
        with path.open("rb") as file:
            found += [
                m for _, m, *_ in extract("python", file, keywords={"N_": None, "text": None})
            ]
    alone = (m[0] if isinstance(m, tuple) else m for m in found)
    return list(dict.fromkeys(text for text in alone if text))


def test_every_text_of_a_catalogue_is_on_a_page() -> None:
    said = {*texts(), "Free", "to"}
    for code in languages()[1:]:
        assert words(code).texts, code
        assert set(words(code).texts) <= said, sorted(set(words(code).texts) - said)


def test_a_translation_keeps_the_places_for_values() -> None:
    for code in languages()[1:]:
        for text, said in words(code).texts.items():
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(said)), text


def test_catalogues_say_what_has_not_been_checked() -> None:
    path = FOLDER / "cy" / "LC_MESSAGES" / "directory.po"
    text = path.read_text(encoding="utf-8")
    assert "NEEDS CHECKING BY A WELSH SPEAKER" in text
    with path.open("rb") as file:
        assert not [m.id for m in read_po(file, locale="cy") if m.fuzzy]
    warning = "A speaker of this language has not checked these words yet."
    assert any(t.startswith(warning) for t in words("cy").texts)


def test_safety_is_said_in_welsh() -> None:
    cymraeg = words("cy")
    for text in (
        "Exit this page",
        "Are you in danger now?",
        "Call %(number)s.",
        "Stay safe online",
    ):
        assert text in cymraeg.texts


def test_a_text_without_translation_says_that_it_is_english() -> None:
    cymraeg = words("cy")
    assert cymraeg.shown("No such text") == '<span lang="en">No such text</span>'
    assert cymraeg.shown("Wait") == "Aros"
    assert words("en").shown("%(a)s", a="<b>") == "&lt;b&gt;"


def test_no_compiled_catalogue_is_kept() -> None:
    assert not list(FOLDER.rglob("*.mo"))


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and len(groups) > 1 and not word.lower().endswith("le")
    return max(1, len(groups) - silent)


def reading_age(text: str) -> float:
    """The age by the Flesch-Kincaid grade: American grade 4 is about nine years."""
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    spoken = re.findall(r"[A-Za-z’']+", text)
    grade = (
        0.39 * len(spoken) / sentences + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59
    )
    return grade + 5


def test_our_own_words_can_be_read_at_nine() -> None:
    # Whole sentences only: labels of two words measure nothing. Names of standards are left out.
    named = ("Web Content Accessibility", "Equality Advisory", "%(", "N_", "api.")
    prose = [t for t in texts() if t.endswith((".", "?")) and not any(n in t for n in named)]
    assert len(prose) > 60
    assert reading_age("\n".join(prose)) <= 9


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_holds_a_script_a_style_or_a_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    data = '<script type="application/ld+json">'
    assert all("src=" in t or t == data for t in re.findall(r"<script[^>]*>", text))
    assert "https://" not in text and "http://" not in text


def test_the_package_of_the_design_system_must_be_the_one_meant(tmp_path: Path) -> None:
    with pytest.raises(design_system.DesignSystemError, match="another hash"):
        design_system.keep(b"something else", tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_style_asks_for_no_typeface_crown_or_other_file() -> None:
    style = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
        'a{font-family:"GDS Transport",arial,sans-serif}'
        "b{font-family:GDS Transport,arial,sans-serif}"
        "c{background:url(/assets/images/govuk-crest.svg)}/*# sourceMappingURL=a.css.map */"
    )
    plain = design_system.plain_style(style)
    assert "url(" not in plain and "GDS" not in plain and "sourceMapping" not in plain
    assert plain.count("Arial,Helvetica,sans-serif") == 2
    assert design_system.plain_script("x;//# sourceMappingURL=a.js.map") == "x;"


def test_what_is_installed_holds_no_typeface_and_no_crown() -> None:
    if not design_system.is_installed():
        pytest.skip("the design system is not installed: python -m api.design_system")
    found = {p.name: p.read_text(encoding="utf-8") for p in design_system.folder().iterdir()}
    assert set(found) == {design_system.STYLE, design_system.SCRIPT, design_system.LICENCE}
    assert "url(" not in found[design_system.STYLE] and "GDS" not in found[design_system.STYLE]
    assert "sourceMappingURL" not in found[design_system.SCRIPT]
    assert "MIT" in found[design_system.LICENCE]
