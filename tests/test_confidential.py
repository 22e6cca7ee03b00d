"""Contacts recognised by their form, and not seen where there is none."""

import csv
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.confidential import contact_in, is_by_postcode

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
        ("at 12 St. Mary's Road", "a street address"),
        ("12 St Mary’s Road", "a street address"),
        ("12 CANARY ROW", "a street address"),
        ("1 canary row", "a street address"),
        ("at 12 canary road where", "a street address"),
        ("12a old mill lane", "a street address"),
        ("12 high street, first floor", "a street address"),
        ("5 Canary Place", "a street address"),
        ("5 Canary Rise", "a street address"),
        ("SP 12345 67890", "a map position"),
        ("SP12345678", "a map position"),
        ("grid reference SO 123 456", "a map position"),
        ("///canary.row.house", "a map position"),
        ("what3words: canary.row.house", "a map position"),
        ("9C3W9QCJ+2VX", "a map position"),
        ("9qcj+2v Canaryford", "a map position"),
        ("55.987 1.654", "a map position"),
        ("55.987N 1.654W", "a map position"),
        ("55°59'13\"N 1°39'14\"W", "a map position"),
        ("55° 59.21′ N", "a map position"),
        ("55 degrees 59 min", "a map position"),
        ("https://goo.gl/maps/abc", "a map position"),
        ("https://maps.app.goo.gl/abc", "a map position"),
        ("https://www.google.co.uk/maps/place/x", "a map position"),
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
        "10 years down the road",
        "a 2 way street",
        "12 high street shops have posters",
        "3 in a row",
        "3 weeks in a row",
        "table 8, row 1",
        "10 park and 3 walk home",
        "2 refuges close, 4 women drive and 5 go to court",
        "3 Women's Aid workers",
        "24/7 and 9 to 5",
        "Scottish charity SC012345, company SC123456",
        "grant SE 123456",
        "rates of 0.123 and 0.456, or 12.345 23.456",
        "https://haven.example///help",
        "https://haven.example/maps",
        "20 degrees outside",
        "LGBT+ and 50+ groups",
        "over the last 3 years the street team",
    ],
)
def test_what_is_no_contact_is_left_alone(text: str) -> None:
    assert contact_in(text) is None


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("a house in QZ9", True),
        ("near Q\u00adZ9", True),
        ("postcode QZ12 only", True),
        ("for women of 16 and over", False),
        ("in 2012, by A4 letter", False),
        ("at MARAC, in S57a", False),
    ],
)
def test_half_a_postcode_is_a_place(text: str, is_so: bool) -> None:
    assert is_by_postcode(text) == is_so


@given(st.from_regex(r"0[1-9]([0-9] ?){9}", fullmatch=True), st.sampled_from(["", "ring ", "("]))
def test_any_number_of_eleven_digits_is_recognised(number: str, before: str) -> None:
    assert contact_in(f"{before}{number.strip()} now") == "a telephone number"


@pytest.mark.parametrize("text", ["1", "A", "a.", "23+", "50.0001 ", "1 aa ", "1 Aa "])
def test_a_long_text_is_read_in_no_time(text: str) -> None:
    """A run of 20,000 characters took 12 seconds where each of them might start a mailbox."""
    started = time.process_time()
    contact_in(text * (20_000 // len(text)))
    assert time.process_time() - started < 2


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
