"""Where postcodes are: read from a file of the Ordnance Survey's or the ONS's kind.

The file is a CSV with a header. Its columns may be called as the ONS Postcode Directory calls them
(`pcds`, `lat`, `long`, `oslaua`) or plainly (`postcode`, `latitude`, `longitude`, `authority`).
Nothing here knows of services: the position of a postcode is the same whatever is near it.
"""

import csv
import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.errors import FingerpostError

FORM = r"^\s*[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s*[0-9][A-Za-z]{2}\s*$"
"""What a whole postcode looks like, as a pattern of JSON Schema."""
_HEADERS = {
    "postcode": ("postcode", "pcds", "pcd", "pcd2", "pcd7", "pcd8"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon", "lng"),
    "authority": ("authority", "oslaua", "laua", "lad", "admin_district_code"),
}
_EARTH = 6_371_008.8
"""The mean radius of the earth in metres (IUGG)."""
_NOWHERE = 99.0
"""The latitude that the ONS gives to a postcode without a position."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a postcode is, and the ONS code of the authority it lies in, empty if not given."""

    latitude: float
    longitude: float
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Postcodes:
    """Positions by postcode, written as `normal` writes it."""

    places: Mapping[str, Place]
    mark: str = ""
    """What tells this file from another, for the names of answers."""

    @classmethod
    def read(cls, path: Path) -> "Postcodes":
        """Read a file of postcodes; rows without a position are left out.

        Raises FingerpostError if it cannot be read or has no such columns.
        """
        try:
            with path.open("rb") as content:
                mark = hashlib.file_digest(content, "sha256").hexdigest()
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                names = _columns(rows.fieldnames or ())
                found = dict(filter(None, (_place(row, names) for row in rows)))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise FingerpostError(
                "The file of postcodes cannot be read. Check FINGERPOST_POSTCODES."
            ) from error
        return cls(found, mark)


def _columns(given: Iterable[str]) -> dict[str, str]:
    headers = {header.strip().lower(): header for header in given}
    found = {
        what: next((headers[n] for n in names if n in headers), "")
        for what, names in _HEADERS.items()
    }
    missing = [what for what in ("postcode", "latitude", "longitude") if not found[what]]
    if missing:
        raise FingerpostError(
            f"The file of postcodes has no column {', '.join(missing)}. "
            "It needs postcode, latitude and longitude, or pcds, lat and long."
        )
    return found


def _place(row: Mapping[str, str], names: Mapping[str, str]) -> tuple[str, Place] | None:
    try:
        latitude, longitude = float(row[names["latitude"]]), float(row[names["longitude"]])
    except (TypeError, ValueError):
        return None
    if latitude >= _NOWHERE or not row[names["postcode"]]:
        return None
    authority = (row[names["authority"]] or "").strip() if names["authority"] else ""
    return normal(row[names["postcode"]]), Place(latitude, longitude, authority)


def normal(postcode: str) -> str:
    """A postcode in capitals and with one blank before its last three characters.

    >>> normal("qz11aa")
    'QZ1 1AA'
    """
    plain = re.sub(r"\s+", "", postcode).upper()
    return f"{plain[:-3]} {plain[-3:]}"


def district(postcode: str) -> str:
    """The outward code of a postcode.

    >>> district("qz1 1aa")
    'QZ1'
    """
    return normal(postcode).split(" ")[0]


def metres(one: Place, other: Place) -> float:
    """The distance of two positions over the earth as a sphere (haversine)."""
    up, along = (
        math.radians(other.latitude - one.latitude),
        math.radians(other.longitude - one.longitude),
    )
    cosines = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    half = math.sin(up / 2) ** 2 + cosines * math.sin(along / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
