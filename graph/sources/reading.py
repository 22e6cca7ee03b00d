"""Which reader a path needs: a folder of tables, or a workbook."""

from pathlib import Path

from graph.errors import Problem
from graph.sources.folder import read_folder
from graph.sources.rows import Tables
from ontology.schema import Schema


def read_tables(path: Path, schema: Schema) -> tuple[Tables, list[Problem]]:
    """All rows of a partnership and every problem met in reading them, whatever it is kept in.

    The name of the folder, or of the workbook without its ending, is the partnership's slug.
    """
    return read_folder(path, schema)
