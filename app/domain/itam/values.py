"""What a cell of a file says: days, numbers, money, yes or no, a word of ours. What reads two ways is refused."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from app.domain.explained import RefusedError
from app.domain.money import in_minor
from app.domain.words import Word

W = TypeVar("W", bound=Word)


class DayOrder(Word):
    """Which comes first in a day written with slashes: 01/02/2026."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class DecimalSign(Word):
    """What stands before the decimals."""

    POINT = "point"
    COMMA = "comma"


_ISO = re.compile(
    r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?", re.ASCII)
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Days that a spreadsheet counts since 1900: from 1954 to 2119."""


@lru_cache(maxsize=16384)
def day_of(text: str, order: DayOrder | None = None) -> date:
    """A day: 2026-03-14, 14.03.2026, the count of a spreadsheet, or 14/03/2026 where only one reading is a day.

    01/02/2026 is refused unless `order` says what comes first.
    """
    if found := _ISO.fullmatch(text):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(text):
        return _day(text, int(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if order is DayOrder.DAY_FIRST or (order is None and first > 12):
            return _day(text, year, second, first)
        if order is DayOrder.MONTH_FIRST or second > 12 or first == second:
            return _day(text, year, first, second)
        raise RefusedError(f"“{text}” can be two days. Say whether the day or the month comes first.")
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        return _EPOCH + timedelta(days=int(float(text)))
    raise RefusedError(f"“{text}” is no day. Write it as 2026-03-14.")


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise RefusedError(f"There is no day “{text}”. Write it as 2026-03-14.") from None
    if not 1900 <= found.year <= 2200:
        raise RefusedError(f"“{text}” is too far away to be meant.")
    return found


_NUMBER = re.compile(r"[+-]?\d[\d.,'’  \u202f]*", re.ASCII)


def number_of(text: str, sign: DecimalSign | None = None) -> Decimal:
    """A number: 1250.5, 1250,5, 1.250,50, 1,250.50 or 1'250.50.

    1,250 is refused unless `sign` says what stands before the decimals.
    """
    plain = text.strip()
    if not _NUMBER.fullmatch(plain):
        raise RefusedError(f"“{text}” is no number.")
    plain = re.sub(r"(?<=\d)['’  \u202f](?=\d{3}(?:\D|$))", "", plain)
    readings = {each: _reading(plain, each) for each in DecimalSign}
    found = {value for value in readings.values() if value is not None}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise RefusedError(f"“{text}” is no number.")
    if sign is None:
        raise RefusedError(
            f"“{text}” can be two numbers. Say at the columns whether a point or a comma stands before the decimals."
        )
    chosen = readings[sign]
    return chosen if chosen is not None else found.pop()


def _reading(text: str, sign: DecimalSign) -> Decimal | None:
    """The number, where that sign stands before its decimals and the other only between thousands."""
    point, group = (".", ",") if sign is DecimalSign.POINT else (",", ".")
    whole, _, decimals = text.partition(point)
    if group in decimals or point in decimals:
        return None
    digits = whole.lstrip("+-")
    if group in digits and not re.fullmatch(rf"[1-9]\d{{0,2}}(?:\{group}\d{{3}})+", digits):
        return None
    bare = whole.replace(group, "")
    if not re.fullmatch(r"[+-]?\d+", bare) or (decimals and not decimals.isdecimal()):
        return None
    return Decimal(f"{bare}.{decimals or 0}")


def whole_of(text: str, sign: DecimalSign | None = None, least: int = 0, most: int = 10**9) -> int:
    """A whole number within its limits; a fraction is refused."""
    value = number_of(text, sign)
    if value != value.to_integral_value():
        raise RefusedError(f"“{text}” is a fraction; a whole number is needed.")
    if not least <= value <= most:
        raise RefusedError(f"“{text}” must be from {least:,} to {most:,}.")
    return int(value)


_MARKS = {"€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "¥": "JPY"}
_MONEY = re.compile(
    r"(?P<before>[A-Z]{3}|US\$|[€£$¥])?\s*(?P<amount>[-+]?\d[\d.,'’  \u202f]*?)\s*(?P<after>[A-Z]{3}|[€£$¥])?",
    re.ASCII,
)


def money_of(text: str, currency: str, sign: DecimalSign | None = None) -> tuple[int, str]:
    """An amount in minor units and its currency: the one that stands beside it, else `currency`."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise RefusedError(f"“{text}” is no amount of money. Write it as 1250.50.")
    beside = found["before"] or found["after"] or ""
    code = _MARKS.get(beside, beside) or currency
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise RefusedError(f"“{text}” names no currency, and no column does. Write it as EUR 1250.50.")
    amount = number_of(found["amount"], sign)
    if amount < 0:
        raise RefusedError(f"“{text}” is less than nothing.")
    return in_minor(amount, code), code


_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non"})


def yes_of(text: str) -> bool:
    """Yes or no."""
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise RefusedError(f"“{text}” is neither yes nor no.")


def word_of(text: str, words: type[W], also: Iterable[tuple[str, W]] = ()) -> W:
    """One of a list of ours, however it is written; `also` are words that other programs use for them."""
    folded = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    for each in words:
        if folded in (each.value, each.label.casefold().replace(" ", "-")):
            return each
    for said, each in also:
        if folded == said:
            return each
    raise RefusedError(f"“{text}” is none of: {', '.join(each.label.lower() for each in words)}.")
