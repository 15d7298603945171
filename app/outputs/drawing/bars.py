"""A number for each period as a bar, the periods below one another; every bar says its period and its number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from app.outputs.drawing.svg import safe, width

ROW, BAR = 26, 14
PERIODS, BARS, GAP = 176, 240, 8
"""How wide the column of the periods is, how wide the longest bar, and what lies between them."""
SIZE = 12


class Bar(NamedTuple):
    """A period in words, its number, and the number in words."""

    period: str
    value: Decimal
    says: str


def draw_bars(bars: Sequence[Bar], label: str) -> Markup:
    """The drawing for a page, from nought to the highest; the table beside it says the same in words."""
    most = max((each.value for each in bars), default=Decimal(0)) or Decimal(1)
    numbers = max((width(each.says, SIZE) for each in bars), default=0)
    start = round(PERIODS + 2 * GAP + numbers)
    wide, high = start + BARS, len(bars) * ROW + GAP
    parts = [
        f'<svg class="bars" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'aria-label="{safe(label)}">'
    ]
    for number, each in enumerate(bars):
        top = GAP + number * ROW
        long = max(round(BARS * float(each.value / most), 1), 1)
        line = top + BAR - 3
        # The number stands before its bar: where there is room for few, it is in sight all the same.
        parts.append(f'<text class="bars-period" x="{PERIODS}" y="{line}">{safe(each.period)}</text>')
        parts.append(f'<text class="bars-number" x="{start - GAP}" y="{line}">{safe(each.says)}</text>')
        parts.append(f'<rect x="{start}" y="{top}" width="{long}" height="{BAR}"/>')
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every word of a person is made harmless
