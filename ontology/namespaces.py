"""The namespaces of the project, and the one base that every IRI starts with.

The base lies in the reserved domain `.example` (RFC 2606) on purpose: nobody can come to own it and
answer for our records. An installation that publishes linked data serves the same paths below its
own host.
"""

from pathlib import Path
from typing import Final

from rdflib import Namespace

BASE: Final = "https://fingerpost.example/"
FP: Final = Namespace(BASE + "ontology#")
ID: Final = Namespace(BASE + "id/")
EDTF: Final = Namespace("http://id.loc.gov/datatypes/edtf/")

SHARED: Final = "shared"
"""The slug of terms and codes that belong to no partnership."""

FOLDER: Final = Path(__file__).parent
TERMS: Final = FOLDER / "fingerpost.ttl"
CODES: Final = FOLDER / "codes.ttl"
HELPLINES: Final = FOLDER / "helplines.ttl"
SHAPES: Final = FOLDER / "shapes.ttl"
