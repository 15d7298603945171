"""The few words of SVG that both drawings of the band share."""

from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from app.domain import dates
from app.outputs.drawing.band import Band, Pin, Window

STANDINGS = ("met", "planned", "open", "breached", "missed")
SHORT_SLACK = 30  # days; fewer are drawn to be seen


@lru_cache(maxsize=4096)
def say(day: date) -> str:
    """The day with its year, in words; a drawing names the same few days again and again."""
    return dates.say(day)


@lru_cache(maxsize=4096)
def short(day: date) -> str:
    """The day on a flag; the year stands on the line of time."""
    return f"{day.day} {day:%b}"


def width(words: str, size: float = 11) -> float:
    """About how wide words are in Inter; rather more than less, since a collision is worse than a gap."""
    return len(words) * size * 0.6


def cut(words: str, room: float, size: float = 11) -> str:
    """The words, or as many of their letters as have room."""
    letters = int(room / (size * 0.52))
    return words if len(words) <= letters else words[: max(1, letters - 1)].rstrip() + "…"


@lru_cache(maxsize=4096)
def safe(words: str) -> str:
    """Words of a person, made harmless."""
    return str(escape(words))


def rect(look: str, x: float, y: float, wide: float, high: float, more: str = "", says: str = "") -> str:
    """A rectangle; `says` is already harmless."""
    place = f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"{more}'
    return f"{place}><title>{says}</title></rect>" if says else f"{place}/>"


def text(look: str, x: float, y: float, says: str) -> str:
    """Words; they are made harmless here."""
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}">{safe(says)}</text>'


def path(look: str, d: str) -> str:
    """A line."""
    return f'<path class="{look}" d="{d}"/>'


def months(band: Band) -> list[date]:
    """The first day of every month that begins inside the drawing."""
    year, month = band.first_day.year, band.first_day.month
    firsts = []
    while (first := date(year, month, 1)) <= band.last_day:
        if first >= band.first_day:
            firsts.append(first)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return firsts


def days_of(pin: Pin) -> str:
    """The days of an audit, in words."""
    if pin.starts_on == pin.ends_on:
        return say(pin.ends_on)
    return f"{say(pin.starts_on)} to {say(pin.ends_on)}"


def pin_words(pin: Pin) -> str:
    """What is read aloud of a pin."""
    serves = f", for {', '.join(pin.certificates)}" if len(pin.certificates) > 1 else ""
    return f"{pin.reference}, {pin.kind.replace('-', ' ')}, {pin.status}, {days_of(pin)}{serves}"


def window_words(window: Window) -> str:
    """What is read aloud of a window."""
    opens = f"{say(window.opens_on)} to " if window.opens_on else "by "
    met = f", {window.met_by}" if window.met_by else ""
    standing = "missed, a warning" if window.standing == "missed" else window.standing
    return f"{window.label}: {opens}{say(window.closes_on)}, {standing}{met}"


def head(pin: Pin, x: float, y: float) -> str:
    """The head of a pin: hollow when planned, with a point when confirmed, full when held; small if internal."""
    radius = 4.0 if pin.kind == "internal" else 5.5
    drawn = f'<circle class="p-head" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
    if pin.status == "confirmed":
        drawn += f'<circle class="p-point" cx="{x:.1f}" cy="{y:.1f}" r="{radius / 2.2:.1f}"/>'
    return drawn


def pin_link(pin: Pin, drawn: str) -> str:
    """The pin as a link that can be focused, walked from and, where it may move, dragged."""
    words = safe(pin_words(pin))
    internal = " p-internal" if pin.kind == "internal" else ""
    if not pin.href:
        return f'<g class="p p-{pin.status}{internal}"><title>{words}</title>{drawn}</g>'
    moves = f' data-starts-on="{pin.starts_on}" data-move="{safe(pin.href)}/move"' if pin.movable else ""
    return f'<a class="p p-{pin.status}{internal}" href="{safe(pin.href)}"{moves}><title>{words}</title>{drawn}</a>'


def window_link(window: Window, drawn: str) -> str:
    """The window as a link to its reasons; no tab stop, since the table beside the drawing holds the same link."""
    words = safe(window_words(window))
    if not window.href:
        return f'<g class="w w-{window.standing}"><title>{words}</title>{drawn}</g>'
    return (
        f'<a class="w w-{window.standing}" href="{safe(window.href)}" tabindex="-1"><title>{words}</title>{drawn}</a>'
    )


def definitions(key: str, *, down: bool) -> str:
    """The soft beginnings of the windows and the hatching of passed limits; ids are the drawing's own."""
    turn = ' x1="0" x2="0" y1="0" y2="1"' if down else ""
    fades = "".join(
        f'<linearGradient id="{key}-{standing}"{turn}><stop class="s-{standing}-0" offset="0"/>'
        f'<stop class="s-{standing}-1" offset="1"/></linearGradient>'
        for standing in STANDINGS
    )
    hatch = (
        f'<pattern id="{key}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="b-hatch" d="M0 0V7"/></pattern>'
    )
    return f"<defs>{fades}{hatch}</defs>"


def finished(parts: list[str]) -> Markup:
    """The parts as markup; every word of a person in them went through `safe`."""
    return Markup("".join(parts))  # noqa: S704
