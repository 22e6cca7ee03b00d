"""PDFs by typst: tagged PDF/UA-1, with the typefaces that typst brings, the same bytes each time.

All text goes to typst as data (JSON), never as source, so that no name can be read as markup.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from graph.errors import FingerpostError

SERIF = "Libertinus Serif"
"""The typeface of texts, which typst brings; pictures in a PDF must use it too."""
_INSTEAD = "□"
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Typeset:
    """A document as PDF, with the letters for which no typeface was found, in order."""

    pdf: bytes
    missing: tuple[str, ...]


def typeset(
    template: Path, given: Mapping[str, Any], day: datetime.date, fonts: Sequence[Path] = ()
) -> Typeset:
    """The document that a template of typst makes of what is given, dated with `day`.

    The template finds what is given as JSON in `sys.inputs.given`. `fonts` are folders with more
    typefaces. A letter that no typeface has is printed as an empty box, and told.

    Raises FingerpostError where typst makes no document of it.
    """
    typefaces = typst.Fonts(include_system_fonts=False, font_paths=list(fonts))
    compiler = typst.Compiler(font_paths=typefaces)
    missing: set[str] = set()
    for _ in range(_TRIES):
        try:
            pdf = compiler.compile(
                template.read_bytes(),
                format="pdf",
                sys_inputs={"given": json.dumps(_without(given, missing))},
                pdf_standards=["ua-1"],
                timestamp=datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC),
            )
        except typst.TypstError as error:
            found = _missing(error) - missing
            if not found:
                raise FingerpostError(
                    "typst could not make the PDF. Make the other forms with --only, and tell "
                    "whoever keeps this program."
                ) from None
            missing |= found
        else:
            assert isinstance(pdf, bytes)  # noqa: S101 - one file is asked for, and no output
            return Typeset(pdf, tuple(sorted(missing)))
    raise FingerpostError(
        "The PDF would have too many letters for which there is no typeface. Give a folder with "
        "typefaces that have them: --fonts FOLDER"
    )


def _missing(error: typst.TypstError) -> set[str]:
    """The letters that no typeface has, as typst tells of them."""
    texts = _MISSING.findall(error.diagnostic or error.message)
    plain = (_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) for text in texts)
    return {letter for text in plain for letter in text}


def _without(value: Any, missing: set[str]) -> Any:
    """What typst is given, with an empty box for each letter that is missing."""
    if isinstance(value, str):
        return value.translate({ord(letter): _INSTEAD for letter in missing})
    if isinstance(value, Mapping):
        return {key: _without(one, missing) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, missing) for one in value]
    return value
