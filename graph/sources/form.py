"""The form as a workbook: a read-me, a sheet a table, drop-downs and help, all from the shapes.

Nothing here reads a workbook or knows a record. Text columns are formatted as text, so that a
spreadsheet leaves "2013-03" as it was typed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from graph.sources.guide import guide
from ontology.namespaces import ID
from ontology.schema import Class, Property, Schema, Type, ontology, shared_terms

READ_ME, LISTS, REVIEW = "read me", "lists", "review"
"""The sheets that hold no records; the last one is in drafts that were read from a document."""
PARTNERSHIP = "partnership"
"""The table of one row, whose id is the name of the file."""
EXAMPLE = "example-row"
"""The id of a row that shows how it is done; reading skips it."""
REQUIRED = " *"
"""Stands behind the header of a column that may not be empty."""
LAST_ROW = 2000
"""The last row that drop-downs reach."""

_WIDTHS: dict[Type, int] = {
    "boolean": 12,
    "integer": 12,
    "decimal": 14,
    "date": 14,
    "code": 22,
    "edtf": 22,
    "reference": 30,
    "string": 36,
    "text": 36,
}
_ANSWERS = ("yes", "no")
_TOP = Alignment(vertical="top", wrap_text=True)
_BOLD = Font(bold=True)
_HEADER, _NEEDED = Font(bold=True, color="1F2937"), Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="DCE6F1")
_NEEDED_FILL = PatternFill("solid", fgColor="1F4E79")
_FAINT = Font(italic=True, color="595959")


@dataclass(slots=True)
class _Lists:
    """The lists that are too long for a cell's own drop-down, in the order they were met."""

    schema: Schema
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def source(self, name: str, words: tuple[str, ...]) -> str:
        """The formula of a drop-down of some words."""
        inline = '"' + ",".join(words) + '"'
        if len(inline) <= 255 and not any(mark in word for word in words for mark in ',"'):
            return inline
        self.words[f"list_{name}"] = words
        return f"=list_{name}"


def new_form(schema: Schema, first_row: int = 2) -> Workbook:
    """The empty form; `first_row` is where the records of each sheet begin."""
    book = Workbook()
    _read_me(book.active, schema)
    lists = _Lists(schema)
    for klass in schema:
        _sheet(book, klass, lists, first_row)
    _hidden_lists(book, lists)
    return book


def _read_me(sheet: Worksheet, schema: Schema) -> None:
    sheet.title = READ_ME
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 110
    sheet.sheet_view.showGridLines = False
    for heading, text in guide():
        sheet.append([heading, text])
    for klass in schema:
        sheet.append([klass.table, f"{klass.label}. {klass.help}"])
        cell = sheet.cell(sheet.max_row, 1)
        cell.hyperlink = f"#'{klass.table}'!A1"
        cell.style = "Hyperlink"
    for first, second in sheet.iter_rows():
        first.alignment = second.alignment = _TOP
        if first.value and not second.value:
            first.font = _BOLD


def _sheet(book: Workbook, klass: Class, lists: _Lists, first_row: int) -> None:
    sheet = book.create_sheet(klass.table)
    sheet.freeze_panes = "B2"
    needed = "" if klass.table == PARTNERSHIP else REQUIRED
    _column(sheet, 1, f"id{needed}", _id_help(klass), 26, "@")
    _validate(sheet, 1, DataValidation(type=None), "id", _id_help(klass))
    for number, prop in enumerate(klass.columns, start=2):
        header = prop.header + (REQUIRED if prop.required else "")
        number_format = "General" if prop.type in ("integer", "decimal") else "@"
        help_text = _help(prop, lists.schema)
        _column(sheet, number, header, help_text, _WIDTHS[prop.type], number_format)
        _validate(sheet, number, _choice(prop, lists), prop.header, _short_help(prop))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(klass.columns) + 1)}{LAST_ROW}"
    _name(
        book,
        f"ids_{klass.table}",
        f"OFFSET('{klass.table}'!$A${first_row},0,0,"
        f"MAX(1,COUNTA('{klass.table}'!$A${first_row}:$A${LAST_ROW})),1)",
    )


def _name(book: Workbook, name: str, formula: str) -> None:
    book.defined_names[name] = DefinedName(name, attr_text=formula)


def _column(
    sheet: Worksheet, number: int, header: str, help_text: str, width: int, number_format: str
) -> None:
    cell = sheet.cell(1, number, header)
    needed = header.endswith(REQUIRED)
    cell.font, cell.fill = (_NEEDED, _NEEDED_FILL) if needed else (_HEADER, _FILL)
    cell.alignment = _TOP
    lines = sum(1 + len(line) // 55 for line in help_text.splitlines())
    cell.comment = Comment(help_text, "Fingerpost", width=380, height=24 + 17 * lines)
    column = sheet.column_dimensions[get_column_letter(number)]
    column.width, column.number_format, column.alignment = width, number_format, _TOP


def _validate(
    sheet: Worksheet, number: int, validation: DataValidation, title: str, prompt: str
) -> None:
    letter = get_column_letter(number)
    validation.allow_blank = True
    validation.showInputMessage = True
    # The limits of the format: 32 characters of title, 255 of text.
    validation.promptTitle = title[:32]
    validation.prompt = prompt if len(prompt) <= 255 else prompt[:254] + "…"
    validation.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(validation)


def _choice(prop: Property, lists: _Lists) -> DataValidation:
    """The drop-down of a column; one without any where nothing can be listed."""
    schema = lists.schema
    if prop.type == "boolean":
        return _drop_down(lists.source("answers", _ANSWERS), "stop")
    if prop.type == "code":
        scheme = prop.targets[0]
        words = tuple(word.label for word in schema.codes[scheme])
        # A list cannot tell "a; b" from a mistake, so several words are checked on reading.
        return _drop_down(lists.source(_snake(scheme), words), "" if prop.many else "stop")
    if prop.type == "reference" and len(prop.targets) == 1:
        target = schema.classes[prop.targets[0]]
        shared = shared_labels(target)
        source = lists.source(_snake(target.name), shared) if shared else f"=ids_{target.table}"
        return _drop_down(source, "" if prop.many else "warning")
    return DataValidation(type=None)


def _drop_down(source: str, strictness: str) -> DataValidation:
    validation = DataValidation(type="list", formula1=source)
    validation.showErrorMessage = bool(strictness)
    if strictness:
        validation.errorStyle = strictness
        validation.errorTitle = "Not in the list"
        validation.error = (
            "Choose a word of the list."
            if strictness == "stop"
            else "That is fine if it is the id of a row that you have added or are going to add."
        )
    return validation


def shared_labels(klass: Class) -> tuple[str, ...]:
    """The names of the shared terms of a class, sorted; empty where it has none."""
    terms = {ID[f"shared/{klass.slug}/{i}"] for i in shared_terms(ontology(), klass.name).values()}
    names = {str(ontology().value(t, p.iri)) for t in terms for p in klass.columns[:1]}
    return tuple(sorted(names))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _hidden_lists(book: Workbook, lists: _Lists) -> None:
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    for number, (name, words) in enumerate(sorted(lists.words.items()), start=1):
        for row, word in enumerate((name, *words), start=1):
            sheet.cell(row, number, word)
        letter = get_column_letter(number)
        _name(book, name, f"'{LISTS}'!${letter}$2:${letter}${len(words) + 1}")


# ---------------------------------------------------------------- help


def _id_help(klass: Class) -> str:
    if klass.table == PARTNERSHIP:
        return "The name of this file without .xlsx. It may be left empty."
    return (
        "A short name of the row that will not change, such as family-support: lower-case letters, "
        "digits, hyphens. Used once in its sheet. Other sheets point to the row by it."
    )


def _short_help(prop: Property) -> str:
    parts = [prop.help, "Required." if prop.required else "", _several(prop)]
    return " ".join(filter(None, parts))


def _several(prop: Property) -> str:
    return "Several values: put a semicolon and a blank between them." if prop.many else ""


def _help(prop: Property, schema: Schema) -> str:
    parts = [prop.help, "Required." if prop.required else "", _several(prop), *_kind(prop, schema)]
    return "\n".join(filter(None, parts))


def _kind(prop: Property, schema: Schema) -> Sequence[str]:
    match prop.type:
        case "code":
            words = schema.codes[prop.targets[0]]
            return ["One of:", *(f"{w.label}: {w.definition}" for w in words)]
        case "reference":
            targets = [schema.classes[name] for name in prop.targets]
            shared = any(shared_labels(t) for t in targets)
            where = " or ".join(t.table for t in targets)
            return [f"An id in {where}" + (", or the name of a shared term." if shared else ".")]
        case "boolean":
            return ["yes or no; empty if it is not recorded."]
        case "edtf":
            return ["A date: 2013-03-31, 2013-03, 2013, 2012-04/2013-03, ../2013-03."]
        case "date":
            return ["A day: 2013-03-31."]
        case "integer" | "decimal":
            return ["A number: digits only, such as 30000."]
        case _:
            return []


def mark_as_example(sheet: Worksheet, row: int) -> None:
    """Make a row look like what it is: an example, not a record."""
    for cell in sheet[row]:
        cell.font, cell.alignment = _FAINT, _TOP
