"""Contacts recognised by their form, and not seen where there is none."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.confidential import contact_in

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"


# Numbers of Ofcom's drama range, and places that do not exist.
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to refuge@haven.example", "an e-mail address"),
        ("refuge [at] haven.example", "an e-mail address"),
        ("1632960123", "a telephone number"),
        ("01632\u2010960\u2010123", "a telephone number"),
        ("TE5\u00ad7HH", "a postcode"),
        ("at 14 Oak Way", "a street address"),
        ("01632–960123", "a telephone number"),
        ("TE5-7HH", "a postcode"),
        ("Te5 7hh", "a postcode"),
        ("behind 12 Rose Lane", "a street address"),
        ("52.50867, -2.08714", "a map position"),
        ("a.b+c@council.gov.example.", "an e-mail address"),
        ("01632 960123", "a telephone number"),
        ("01632960123", "a telephone number"),
        ("01632-960-123", "a telephone number"),
        ("(01632) 960123", "a telephone number"),
        ("01632.960.123", "a telephone number"),
        ("07700 900 123", "a telephone number"),
        ("+44 1632 960123", "a telephone number"),
        ("+441632960123", "a telephone number"),
        ("+44 (0)1632 960123", "a telephone number"),
        ("0044 1632 960123", "a telephone number"),
        ("ring 020 7946 0123 by day", "a telephone number"),
        ("0808 157 0123 (free)", "a telephone number"),
        ("at 1 High Street, TE5 7HH", "a postcode"),
        ("TE57HH", "a postcode"),
        ("te5 7hh", "a postcode"),
        ("EC1A 1BB.", "a postcode"),
        ("W1A 0AX", "a postcode"),
    ],
)
def test_a_contact_is_recognised(text: str, kind: str) -> None:
    assert contact_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Housing adviser",
        "2012-04/2013-03",
        "from 1 April 2013 to 31 March 2015",
        "93 women and 123 children in 2010",
        "£30,000 a year; 1,234,567 in all",
        "paragraph 28; Appendix A, Funding, row 3",
        "E08000027",
        "GB-CHC-1234567",
        "GB-COH-01234567",
        "SI 2021/991",
        "Act 1996, section 42",
        "0.5 of a post",
        "emergency 999, and 101 otherwise",
        "lines 1000-1010",
        "9am @ the centre",
    ],
)
def test_what_is_no_contact_is_left_alone(text: str) -> None:
    assert contact_in(text) is None


@given(st.from_regex(r"0[1-9]([0-9] ?){9}", fullmatch=True), st.sampled_from(["", "ring ", "("]))
def test_any_number_of_eleven_digits_is_recognised(number: str, before: str) -> None:
    assert contact_in(f"{before}{number.strip()} now") == "a telephone number"


CONTACTS = ("contacts.csv", "venues.csv")
"""The only tables that may hold contacts or addresses."""


def test_what_ships_holds_no_contact() -> None:
    for path in sorted(PARTNERSHIPS.glob("*/*")):
        if path.name in CONTACTS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert contact_in(line) is None, f"{path.parent.name}/{path.name}, line {number}"


def test_contacts_that_ship_are_nobodys() -> None:
    """Numbers of Ofcom's drama ranges, hosts below .example, postcodes of an area there is not."""
    assert {p.parent.name for name in CONTACTS for p in PARTNERSHIPS.glob(f"*/{name}")} == {
        "example"
    }
    with (PARTNERSHIPS / "example" / "contacts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 20
    number = re.compile(r"(18001 )?(01632 960\d{3}|0808 157 0\d{3}|07700 900\d{3})")
    host = re.compile(r"(https://|[a-z.]+@)([a-z]+\.)+example(/[a-z]*)?")
    for row in rows:
        assert number.fullmatch(row["value"]) or host.fullmatch(row["value"]), row["id"]
    with (PARTNERSHIPS / "example" / "venues.csv").open(encoding="utf-8", newline="") as lines:
        postcodes = [row["postcode"] for row in csv.DictReader(lines) if row["postcode"]]
    assert postcodes and all(postcode.startswith("QZ") for postcode in postcodes)
