"""What a cell says, and what it might say and is therefore refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.values import DayOrder, DecimalSign, day_of, money_of, number_of, whole_of, word_of, yes_of

DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
POINT, COMMA = DecimalSign.POINT, DecimalSign.COMMA


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-14", None, date(2026, 3, 14)),
        ("2026-03-14 09:30:00", None, date(2026, 3, 14)),
        ("2026-03-14T09:30:00Z", None, date(2026, 3, 14)),
        ("14.03.2026", None, date(2026, 3, 14)),
        ("1.2.2026", None, date(2026, 2, 1)),
        ("46095", None, date(2026, 3, 14)),
        ("14/03/2026", None, date(2026, 3, 14)),
        ("03/14/2026", None, date(2026, 3, 14)),
        ("05/05/2026", None, date(2026, 5, 5)),
        ("01/02/2026", DAY, date(2026, 2, 1)),
        ("01/02/2026", MONTH, date(2026, 1, 2)),
    ],
)
def test_a_day(text: str, order: DayOrder | None, day: date) -> None:
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "says"),
    [
        ("01/02/2026", None, "can be two days"),
        ("13/02/2026", MONTH, "no day"),
        ("2026-02-30", None, "no day"),
        ("31.04.2026", None, "no day"),
        ("0026-01-01", None, "too far away"),
        ("1/2/26", None, "is no day"),
        ("soon", None, "is no day"),
        ("１４.03.2026x", None, "is no day"),
    ],
)
def test_no_day(text: str, order: DayOrder | None, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        day_of(text, order)


@given(st.dates(date(1955, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_as_it_was_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", str(serial)):
        assert day_of(text) == day
    assert day_of(f"{day:%d/%m/%Y}", DAY) == day_of(f"{day:%m/%d/%Y}", MONTH) == day


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1250", None, "1250"),
        ("1250.50", None, "1250.50"),
        ("1250,5", None, "1250.5"),
        ("1.250,50", None, "1250.50"),
        ("1,250.50", None, "1250.50"),
        ("1'250.50", None, "1250.50"),
        ("1 250,50", None, "1250.50"),
        ("1,234,567", None, "1234567"),
        ("0.125", None, "0.125"),
        ("0,125", None, "0.125"),
        ("-3", None, "-3"),
        ("1,250", POINT, "1250"),
        ("1,250", COMMA, "1.25"),
        ("1.250", COMMA, "1250"),
        ("1250.50", COMMA, "1250.50"),
    ],
)
def test_a_number(text: str, sign: DecimalSign | None, value: str) -> None:
    assert number_of(text, sign) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,250", "two numbers"),
        ("1.250", "two numbers"),
        ("ten", "no number"),
        ("1e5", "no number"),
        ("1..2", "no number"),
        ("1,2,3", "no number"),
        ("", "no number"),
        ("٣", "no number"),
    ],
)
def test_no_number(text: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        number_of(text)


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_a_number_with_two_decimals_is_read_either_way(whole: int, cents: int) -> None:
    value = Decimal(f"{whole}.{cents:02d}")
    english = f"{whole:,}.{cents:02d}"
    assert number_of(english) == number_of(english.translate(str.maketrans(",.", ".,"))) == value


@pytest.mark.parametrize(("text", "says"), [("-1", "from 0"), ("2.5", "fraction"), ("99999999999", "from 0")])
def test_a_quantity_is_whole_and_not_less_than_nothing(text: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        whole_of(text)


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("1250.50", "EUR", (125050, "EUR")),
        ("€1,299.00", "", (129900, "EUR")),
        ("USD 10", "EUR", (1000, "USD")),
        ("10,50 CHF", "", (1050, "CHF")),
        ("5000", "JPY", (5000, "JPY")),
    ],
)
def test_an_amount_of_money(text: str, currency: str, found: tuple[int, str]) -> None:
    assert money_of(text, currency) == found


@pytest.mark.parametrize(
    ("text", "currency", "says"),
    [
        ("10", "", "names no currency"),
        ("-1", "EUR", "less than nothing"),
        ("10.001", "EUR", "two numbers"),
        ("1.23456", "EUR", "2 decimals"),
        ("dear", "EUR", "no amount"),
    ],
)
def test_no_amount_of_money(text: str, currency: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        money_of(text, currency)


def test_words_of_ours_however_they_are_written() -> None:
    for text in ("in-stock", "In stock", "IN_STOCK", " in  stock "):
        assert word_of(text, AssetStatus) is AssetStatus.IN_STOCK
    assert word_of("Ready to deploy", AssetStatus, (("ready-to-deploy", AssetStatus.IN_STOCK),)) is AssetStatus.IN_STOCK
    with pytest.raises(RefusedError, match="none of: planned, ordered"):
        word_of("broken", AssetStatus)
    assert yes_of("Ja") is True
    assert yes_of("no") is False
    with pytest.raises(RefusedError):
        yes_of("perhaps")
