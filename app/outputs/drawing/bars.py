"""A number for each period as a bar, the periods below one another; every bar says its period and its number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from app.outputs.drawing.svg import safe


class Bar(NamedTuple):
    """A period in words, its number, and the number in words."""

    period: str
    value: Decimal
    says: str


def draw_bars(bars: Sequence[Bar], label: str) -> Markup:
    """The drawing for a page, from nought to the highest; the table beside it says the same in words.

    The longest bar takes what room the words leave, on a phone as on a wide screen: each is seen whole.
    """
    most = max((each.value for each in bars), default=Decimal(0)) or Decimal(1)
    parts = [f'<div class="bars" role="img" aria-label="{safe(label)}">']
    for each in bars:
        long = max(round(100 * float(each.value / most), 1), 0.5)
        parts.append(f'<span class="bars-period">{safe(each.period)}</span>')
        parts.append(f'<span class="bars-number">{safe(each.says)}</span>')
        parts.append(
            f'<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{long}" height="14"/></svg>'
        )
    return Markup("".join([*parts, "</div>"]))  # noqa: S704 - every word of a person is made harmless
