"""The cycle ring: three arcs, one for each year of a certificate's cycle, filled as far as today.

A dot stands for each audit (held, planned, missing), a red notch for a breach; an expired or withdrawn certificate is
grey.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, pi, sin
from typing import Literal

from markupsafe import Markup, escape

from app.domain.dates import days_between, say, say_days

DotStatus = Literal["held", "planned", "missing"]
Size = Literal[20, 32, 96]

GAP = 15.0  # degrees between two arcs
ARC = 120.0 - GAP
SPENT = frozenset({"expired-restorable", "lapsed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Dot:
    """An audit on the ring: its last day, or the last day of the limit that it missed."""

    on: date
    status: DotStatus


@dataclass(frozen=True, slots=True)
class Ring:
    """What the ring of one certificate shows. An applicant has neither a first nor a last day."""

    began_on: date | None
    valid_through: date | None
    today: date
    state: str = "active"
    dots: tuple[Dot, ...] = ()
    breached_on: tuple[date, ...] = ()
    about: str = ""


def _point(angle: float, radius: float) -> str:
    """Degrees clockwise from the top, around the middle of a 32 by 32 field."""
    turn = (angle - 90) * pi / 180
    return f"{16 + radius * cos(turn):.2f} {16 + radius * sin(turn):.2f}"


def _arc(start: float, end: float, radius: float) -> str:
    return f"M{_point(start, radius)}A{radius} {radius} 0 0 1 {_point(end, radius)}"


def share_gone(ring: Ring) -> float:
    """How much of the cycle has passed, from 0 to 1; 0 for an applicant."""
    return _share(ring, ring.today)


def _share(ring: Ring, day: date) -> float:
    if ring.began_on is None or ring.valid_through is None:
        return 0.0
    whole = days_between(ring.began_on, ring.valid_through) or 1
    return min(1.0, max(0.0, days_between(ring.began_on, day) / whole))


def angle_of(share: float) -> float:
    """Where on the ring a share of the cycle lies, in degrees clockwise from the top, skipping the gaps."""
    year = min(2, int(share * 3))
    return year * 120 + GAP / 2 + (share * 3 - year) * ARC


def ring_title(ring: Ring) -> str:
    """The ring in a few words."""
    about = f"{ring.about}: " if ring.about else ""
    if ring.began_on is None or ring.valid_through is None:
        return f"{about}not yet certified"
    if ring.state in SPENT:
        return f"{about}{ring.state.split('-')[0]}, was valid through {say(ring.valid_through)}"
    year = min(3, int(share_gone(ring) * 3) + 1)
    left = max(0, days_between(ring.today, ring.valid_through))
    held = ", suspended" if ring.state == "suspended" else ""
    return f"{about}year {year} of 3{held}, {say_days(left)} left"


def ring_description(ring: Ring) -> str:
    """What the dots and notches say, in words."""
    count = {status: sum(dot.status == status for dot in ring.dots) for status in ("held", "planned", "missing")}
    said = [f"{number} {status}" for status, number in count.items() if number]
    words = f"Audits: {', '.join(said)}." if said else "No audits."
    if ring.breached_on:
        words += f" Breached since {', '.join(say(day) for day in sorted(ring.breached_on))}."
    return words


@lru_cache(maxsize=8192)
def draw_ring(ring: Ring, size: Size = 20) -> Markup:
    """The ring as an SVG element. At 20 the dots are left out, at 96 the days left stand in the middle."""
    stroke, radius = {20: (6.0, 12.5), 32: (4.5, 12.5), 96: (2.6, 13.0)}[size]
    gone = share_gone(ring)
    spent = ring.state in SPENT
    parts = [
        f'<svg class="ring{" ring-spent" if spent else ""}{" ring-paused" if ring.state == "suspended" else ""}" '
        f'width="{size}" height="{size}" viewBox="0 0 32 32" role="img">'
        f"<title>{escape(ring_title(ring))}</title><desc>{escape(ring_description(ring))}</desc>"
    ]
    for year in range(3):
        start = year * 120 + GAP / 2
        filled = start + ARC * min(1.0, max(0.0, gone * 3 - year))
        if filled < start + ARC - 0.5:
            parts.append(f'<path class="ring-rest" stroke-width="{stroke}" d="{_arc(filled, start + ARC, radius)}"/>')
        if filled > start + 0.5:
            parts.append(f'<path class="ring-gone" stroke-width="{stroke}" d="{_arc(start, filled, radius)}"/>')
    if ring.began_on and ring.valid_through:
        for day in ring.breached_on:
            angle = angle_of(_share(ring, day))
            reach = stroke / 2 + (1.2 if size == 96 else 1.0)
            line = f"M{_point(angle, radius - reach)}L{_point(angle, radius + reach)}"
            parts.append(f'<path class="ring-notch" stroke-width="{1.4 if size == 96 else 3.2}" d="{line}"/>')
        if size != 20:
            for dot in ring.dots:
                x, y = _point(angle_of(_share(ring, dot.on)), radius).split()
                wide = 1.5 if size == 96 else 2.1
                parts.append(f'<circle class="ring-{dot.status}" cx="{x}" cy="{y}" r="{wide}"/>')
        if size == 96 and not spent:
            left = max(0, days_between(ring.today, ring.valid_through))
            parts.append(f'<text class="ring-number" x="16" y="16.5">{left}</text>')
            parts.append(f'<text class="ring-unit" x="16" y="20.5">{"day" if left == 1 else "days"} left</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every word in it was escaped above
