"""Dates as documents give them, and the first and last day that each can mean."""

import calendar
import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dates import add_months, bounds

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2013-03-31", "2013-03-31", "2013-03-31"),
        ("2013-03", "2013-03-01", "2013-03-31"),
        ("2013-04", "2013-04-01", "2013-04-30"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("2013-02", "2013-02-01", "2013-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2013", "2013-01-01", "2013-12-31"),
        ("2014-21", "2014-03-01", "2014-05-31"),
        ("2014-22", "2014-06-01", "2014-08-31"),
        ("2012-04/2013-03", "2012-04-01", "2013-03-31"),
        ("2012/2013", "2012-01-01", "2013-12-31"),
        ("../2013-03", "", "2013-03-31"),
        ("2013-03/..", "2013-03-01", ""),
        ("../..", "", ""),
        ("2012?", "2012-01-01", "2012-12-31"),
        ("2012-05~", "2012-05-01", "2012-05-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        (" 2013-03 ", "2013-03-01", "2013-03-31"),
    ],
)
def test_bounds(edtf: str, first: str, last: str) -> None:
    found = bounds(edtf)
    assert (found.first, found.last) == (day(first), day(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "..",
        "/2013",
        "2013/",
        "March 2013",
        "31/03/2013",
        "2012/13",
        "2012-13",
        "2012-1X",
        "2012-02-30",
        "2013-02-29",
        "0000",
        "-0005",
        "Y17E7",
        "99999",
        "2013-04/2013-03",
        "2013-03-31/2013-03-30",
        "unknown",
        "TBC",
    ],
)
def test_what_is_no_date_raises_and_names_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="date") as error:
        bounds(text)
    assert repr(text) in str(error.value)


@settings(max_examples=40)
@given(
    st.text(st.sampled_from("0123456789-/.XYu?~%[]{}, eETZ+:"), max_size=14) | st.text(max_size=9)
)
def test_any_text_is_a_date_or_raises_value_error(text: str) -> None:
    try:
        found = bounds(text)
    except ValueError:
        return
    if found.first and found.last:
        assert found.first <= found.last


def test_nothing_is_printed_about_text_that_is_no_date(capsys: pytest.CaptureFixture[str]) -> None:
    """The parser of the dates prints; standard output is for answers."""
    bounds.cache_clear()
    with pytest.raises(ValueError, match="date"):
        bounds("2012-1X")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


@settings(max_examples=40)
@given(DAYS)
def test_a_day_is_its_own_bounds_and_lies_in_those_of_its_month_and_year(
    one: datetime.date,
) -> None:
    assert bounds(one.isoformat()).first == bounds(one.isoformat()).last == one
    for wider in (f"{one:%Y-%m}", f"{one:%Y}"):
        found = bounds(wider)
        assert found.first is not None
        assert found.last is not None
        assert found.first <= one <= found.last
    assert bounds(f"{one:%Y-%m}").last == one.replace(
        day=calendar.monthrange(one.year, one.month)[1]
    )


@settings(max_examples=40)
@given(DAYS, DAYS)
def test_an_interval_runs_from_the_first_day_to_the_last(
    one: datetime.date, other: datetime.date
) -> None:
    start, end = sorted((one, other))
    found = bounds(f"{start}/{end}")
    assert (found.first, found.last) == (start, end)
    assert bounds(f"{start:%Y-%m}/{end:%Y-%m}").last == bounds(f"{end:%Y-%m}").last


@given(DAYS, st.integers(-300, 300))
def test_adding_months_lands_in_the_month_that_counting_gives(
    one: datetime.date, months: int
) -> None:
    found = add_months(one, months)
    assert (found.year * 12 + found.month) - (one.year * 12 + one.month) == months
    last = calendar.monthrange(found.year, found.month)[1]
    assert found.day == min(one.day, last)


@given(DAYS, DAYS, st.integers(0, 48))
def test_adding_months_keeps_the_order_of_days(
    one: datetime.date, other: datetime.date, months: int
) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)
    assert add_months(first, 0) == first


@given(DAYS, st.integers(-48, 48))
def test_months_forth_and_back_come_to_the_same_day_unless_the_month_is_short(
    one: datetime.date, months: int
) -> None:
    back = add_months(add_months(one, months), -months)
    assert back == one or (back < one and one.day > 28 and back.month == one.month)


def test_the_calendar_ends() -> None:
    assert add_months(datetime.date(9999, 12, 31), 12) == datetime.date.max
    assert add_months(datetime.date(9998, 12, 31), 12) == datetime.date(9999, 12, 31)
