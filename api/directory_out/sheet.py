"""The services of a listing as CSV: a row for each, with the notice and the last day on it."""

import csv
import io

from api.directory_out.listing import Listing
from api.directory_out.told import LABELS, Service, notices_of, services_of
from api.formats import safe_cell, text

HEADERS = (
    "Name",
    "Provider",
    "What it is",
    *LABELS,
    "Before you count on it",
    "Notice",
    "Do not use after",
)


def sheet(listing: Listing) -> bytes:
    """The services as CSV. Cells that a spreadsheet would take for a formula are marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADERS)
    beside = (" ".join(notices_of(listing)), listing.until)
    for service in services_of(listing):
        writer.writerow([safe_cell(text(cell)) for cell in (*_cells(service), *beside)])
    return out.getvalue().encode()


def _cells(service: Service) -> list[object]:
    told: dict[str, object] = {fact.label: "; ".join(fact.lines) for fact in service.facts}
    told["Last checked"] = service.checked  # As a spreadsheet sorts it.
    return [
        service.name,
        service.provider,
        service.what,
        *(told.get(label, "") for label in LABELS),
        "; ".join(service.cautions),
    ]
