"""Amounts, currencies and days that cannot be meant are refused in words, at their field."""

from datetime import date

import pytest

from app.domain.explained import RefusedError
from app.domain.money import currency_of, in_minor
from app.domain.plausible import refuse_year


@pytest.mark.parametrize("currency", ["EUR", "JPY", "BHD"])
@pytest.mark.parametrize(
    "amount",
    [
        *("1e999999", "-1e999999", "1e-999999", "1e-99999999999", "1e21", "1e-21"),
        *("NaN", "sNaN", "Infinity", "-inf", "1" * 3000, "1." + "0" * 60 + "1", "one"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(amount: str, currency: str) -> None:
    with pytest.raises(RefusedError, match="is no amount of money in") as refused:
        in_minor(amount, currency, "price")
    assert refused.value.field == "price"


@pytest.mark.parametrize(
    ("amount", "minor"), [("0", 0), ("0e999999", 0), ("1e3", 100_000), ("1." + "0" * 60, 100), ("-12.50", -1250)]
)
def test_what_is_an_amount_however_it_is_written_is_exact(amount: str, minor: int) -> None:
    assert in_minor(amount, "EUR") == minor


@pytest.mark.parametrize("said", ["ZZZ", "xau", "EURO", "E1R"])
def test_a_currency_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(RefusedError, match="three letters, such as EUR") as refused:
        currency_of(said)
    assert refused.value.field == "currency"


@pytest.mark.parametrize("day", [date.min, date(1979, 12, 31), date(3000, 1, 1), date.max])
def test_a_day_that_cannot_be_meant_is_refused(day: date) -> None:
    with pytest.raises(RefusedError, match="between 1980 and 2999") as refused:
        refuse_year(day, "starts_on")
    assert refused.value.field == "starts_on"
    refuse_year(None, "starts_on")
    refuse_year(date(1980, 1, 1), "starts_on")
    refuse_year(date(2999, 12, 31), "starts_on")
