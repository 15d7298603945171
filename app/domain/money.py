"""Money is whole minor units with a currency: 1250 EUR is EUR 12.50."""

from decimal import Context, Decimal, InvalidOperation

from app.domain.currencies import CURRENCIES
from app.domain.explained import RefusedError

_DIGITS = {"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
           "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
           "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}  # fmt: skip
"""Decimals of the currencies that have not two. [ISO 4217:2015]"""
_MOST = 10**15
"""Minor units; more is surely a slip of the hand, and every database and every sheet holds this much exactly."""

_FARTHEST = 20
"""Places before or behind the point beyond which nothing is an amount."""


def currency_of(said: str | None) -> str:
    """The three letters of a currency; empty for none."""
    currency = (said or "").strip().upper()
    if currency and (len(currency) != 3 or not currency.isascii() or not currency.isalpha()):
        raise RefusedError("Give the currency as three letters, such as EUR.", "currency")
    if currency and currency not in CURRENCIES:
        raise RefusedError(f"There is no currency {currency}. Give three letters, such as EUR.", "currency")
    return currency


def digits_of(currency: str) -> int:
    """How many decimals a currency has."""
    return _DIGITS.get(currency, 2)


def in_minor(amount: str | Decimal, currency: str, field: str | None = None) -> int:
    """An amount in minor units; more decimals than the currency has, and what is no number, are refused at `field`."""
    says = f"“{amount}” is no amount of money in {currency}."
    try:
        value = Decimal(str(amount).strip().replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation:
        raise RefusedError(f"{says} Write it as 1250.50.", field) from None
    if not value.is_finite():
        raise RefusedError(f"{says} Write it as 1250.50.", field)
    # So far out no arithmetic reaches: what is asked of a number is asked of its size first.
    if value and value.adjusted() > _FARTHEST:
        raise RefusedError(f"{says} It is too large.", field)
    if value and value.adjusted() < -_FARTHEST:
        raise RefusedError(f"{says} It is too small.", field)
    minor = value.scaleb(digits_of(currency), Context(prec=len(value.as_tuple().digits) + 2 * _FARTHEST))
    if minor != minor.to_integral_value():
        count = digits_of(currency)
        has = "has no decimals" if count == 0 else f"has {count} decimals"
        raise RefusedError(f"{says} {currency} {has}.", field)
    if abs(minor) > _MOST:
        raise RefusedError(f"{says} It is too large.", field)
    return int(minor)


def amount_of(minor: int, currency: str) -> Decimal:
    """The amount in the currency's own unit."""
    return Decimal(minor).scaleb(-digits_of(currency))


def say_money(minor: int, currency: str) -> str:
    """An amount as the screens write it: EUR 1,250.50, and one below nothing −EUR 1,250.50."""
    return f"{'−' if minor < 0 else ''}{currency} {amount_of(abs(minor), currency):,.{digits_of(currency)}f}"
