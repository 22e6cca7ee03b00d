"""Where partnerships are kept, and which reader each needs: a folder of tables, or a workbook."""

from pathlib import Path

from graph.errors import FingerpostError, Problem
from graph.sources.folder import read_folder
from graph.sources.rows import Tables
from graph.sources.workbook import read_workbook
from ontology.schema import Schema

WORKBOOK = ".xlsx"


def partnerships_in(root: Path) -> dict[str, Path]:
    """By slug: every partnership in a folder, as tables or a workbook; or that of one workbook.

    Raises FingerpostError where two of them have the same slug.
    """
    if root.suffix.lower() == WORKBOOK and root.is_file():
        return {root.stem: root}
    folders = [path.parent for path in root.glob("*/partnership.toml")]
    # A spreadsheet program leaves such a lock file beside a workbook that is open.
    workbooks = [path for path in root.glob(f"*{WORKBOOK}") if not path.name.startswith("~$")]
    found: dict[str, Path] = {}
    for path in sorted([*folders, *workbooks]):
        slug = path.stem if path in workbooks else path.name
        if slug in found:
            raise FingerpostError(
                f"{root} holds {slug} twice: {found[slug].name} and {path.name}. Move one away."
            )
        found[slug] = path
    return dict(sorted(found.items()))


def read_tables(path: Path, schema: Schema) -> tuple[Tables, list[Problem]]:
    """All rows of a partnership and every problem met in reading them, whatever it is kept in.

    The name of the folder, or of the workbook without its ending, is the partnership's slug.
    """
    if path.suffix.lower() == WORKBOOK and not path.is_dir():
        return read_workbook(path, schema)
    if path.is_dir() or not path.suffix:
        return read_folder(path, schema)
    expected = f"a folder with a partnership.toml and tables, or a workbook ({WORKBOOK})"
    advice = f"Save it as {WORKBOOK}, in the form of: fingerpost template"
    return Tables(path.stem, (), None), [Problem(path.name, 0, "", "", expected, advice)]
