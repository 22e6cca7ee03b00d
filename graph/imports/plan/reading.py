"""One reader a format: a file becomes blocks, or one problem that says why it cannot.

What comes in may be anybody's: sizes, encodings and declarations are checked before any parser sees
the content. The limits of memory and time are those of the process that calls this.
"""

import re
import warnings
from pathlib import Path

from graph.errors import Problem
from graph.imports.plan.document import Block
from graph.imports.plan.read_html import read_html
from graph.imports.plan.read_text import read_text
from graph.sources.archive import archive_problem

MAX_BYTES = 30 * 1024 * 1024
"""Of a plan: a long one with pictures has a few megabytes."""
MAX_TEXT = 5 * 1024 * 1024
"""Of a text or a page, which has no pictures in it."""
MAX_BLOCKS = 50_000
FORMATS = (".docx", ".html", ".htm", ".md", ".pdf", ".txt")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_CHARSETS = {"utf-8", "utf8", "us-ascii", "iso-8859-1", "windows-1252"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class _RefusedError(Exception):
    """Why a file cannot be read: what was expected, what to do."""

    def __init__(self, expected: str, advice: str) -> None:
        super().__init__(expected)
        self.expected, self.advice = expected, advice


def read_document(path: Path) -> tuple[list[Block], Problem | None]:
    """The blocks of a document, or the problem that keeps it from being read."""
    try:
        kind = path.suffix.lower()
        blocks = _read(path.name, kind, _content(path, kind))
    except _RefusedError as refused:
        return [], Problem(path.name, 0, "", "", refused.expected, refused.advice)
    if len(blocks) > MAX_BLOCKS:
        advice = "Import the part of it that is the plan."
        return [], Problem(path.name, 0, "", "", f"at most {MAX_BLOCKS} paragraphs", advice)
    if not blocks:
        advice = "Check the file: nothing that can be read stands in it."
        return [], Problem(path.name, 0, "", "", "a document with text in it", advice)
    return blocks, None


def _content(path: Path, kind: str) -> bytes:
    if kind not in FORMATS:
        advice = "Save it as .docx or .pdf, and try again."
        raise _RefusedError(f"one of the formats {', '.join(FORMATS)}", advice)
    limit = MAX_BYTES if kind in (".docx", ".pdf") else MAX_TEXT
    try:
        if not path.is_file():
            raise _RefusedError("a file", "Give the path of the document itself.")
        size = path.stat().st_size
        if size > limit:
            advice = "Save the part of it that is the plan, without pictures, and import that."
            raise _RefusedError(f"at most {limit // 1024**2} MB", advice)
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        advice = f"Check its name and whether you may read it ({error.strerror})."
        raise _RefusedError("the file to be there", advice) from error


def _read(name: str, kind: str, content: bytes) -> list[Block]:
    if kind in (".txt", ".md"):
        return read_text(_decoded(content))
    if kind == ".docx":
        problem = archive_problem(content, name)
        if problem:
            advice = problem.advice.replace(".xlsx", ".docx")
            expected = problem.expected.replace("a workbook", "a document")
            raise _RefusedError(
                expected, advice.replace("the rows into a new template", "the text")
            )
    if kind == ".pdf" and not content[:1024].lstrip().startswith(b"%PDF-"):
        raise _RefusedError("a PDF", "The file is named .pdf and is none. Export it again as PDF.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parsers tell of features that they will not keep
            # Each brings a library that takes a while to load and that no other format needs.
            if kind == ".docx":
                from graph.imports.plan.read_docx import read_docx

                return read_docx(content)
            if kind == ".pdf":
                from graph.imports.plan.read_pdf import read_pdf

                return read_pdf(content)
            return read_html(_decoded(content, _declared(content)))
    except _RefusedError:
        raise
    except ValueError as error:
        expected = str(error) if isinstance(error, ValueError) and len(str(error)) < 60 else ""
        advice = "Open it, save it again and try that (pictures of text cannot be read)."
        raise _RefusedError(expected or "a document that can be opened", advice) from error
    except Exception as error:  # the parsers raise whatever a strange file makes happen
        advice = f"Open it, save it again without a password and try that ({type(error).__name__})."
        raise _RefusedError("a document that can be opened", advice) from error


def _declared(content: bytes) -> str:
    found = _CHARSET.search(content[:4096])
    charset = found[1].decode("ascii").lower() if found else "utf-8"
    return charset if charset in _CHARSETS else "utf-8"


def _decoded(content: bytes, charset: str = "utf-8") -> str:
    """A text as what its first bytes or its declaration say it is; nothing is guessed."""
    charset = next((name for mark, name in _MARKS if content.startswith(mark)), charset)
    try:
        text = content.decode("windows-1252" if charset == "iso-8859-1" else charset)
    except UnicodeDecodeError as error:
        advice = "Open it in an editor and save it with the encoding UTF-8."
        raise _RefusedError("text in UTF-8", advice) from error
    if "\x00" in text:
        advice = "The file holds other things than text. Save the document as .docx or .pdf."
        raise _RefusedError("text, not binary data", advice)
    return text
