"""The band: three years at a glance, one lane a certificate. What it shows, and where in time each thing lies.

Nothing here knows which way time runs: `across` draws it from left to right, `down` from top to bottom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.dates import days_between
from app.outputs.drawing.ring import Ring

WindowStanding = Literal["met", "planned", "open", "breached", "missed"]
PinStatus = Literal["planned", "confirmed", "held"]
LifeKind = Literal["valid", "suspended"]


@dataclass(frozen=True, slots=True)
class Window:
    """When a rule lets an audit be held: from its first day to the limit. `met_by` names the pin in it."""

    rule: str
    label: str
    opens_on: date | None
    closes_on: date
    standing: WindowStanding
    met_by: str | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """An audit from its first to its last day. One that serves several certificates stands in the lane of each."""

    reference: str
    kind: str
    starts_on: date
    ends_on: date
    status: PinStatus
    href: str = ""
    movable: bool = False
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A passed limit: the lane is hatched from the first day of the breach until it was mended, or until today."""

    since: date
    until: date | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """Days on which the certificate is in force, or suspended."""

    starts_on: date
    ends_on: date
    kind: LifeKind = "valid"


@dataclass(frozen=True, slots=True)
class Lane:
    """One certificate. `note` is a few words of how it stands, such as "12 days left"; `late` makes them red,
    `near` amber.
    """

    reference: str
    title: str
    href: str = ""
    ring: Ring | None = None
    windows: tuple[Window, ...] = ()
    pins: tuple[Pin, ...] = ()
    breaches: tuple[Breach, ...] = ()
    life: tuple[Life, ...] = ()
    note: str = ""
    late: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which the organisation can hold no audit."""

    starts_on: date
    ends_on: date
    label: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The lanes and the first and last day that are drawn, both included."""

    lanes: tuple[Lane, ...]
    first_day: date
    last_day: date
    today: date
    closed: tuple[Closed, ...] = ()

    @property
    def days(self) -> int:
        """How many days the drawing covers."""
        return days_between(self.first_day, self.last_day) + 1

    @property
    def frame(self) -> "Band":
        """The days alone, without what lies on them: what one lane needs to know of the whole."""
        return Band((), self.first_day, self.last_day, self.today)


@dataclass(frozen=True, slots=True)
class Slack:
    """The days between the end of a planned audit and its limit."""

    start: float
    end: float
    days: int


@dataclass(frozen=True, slots=True)
class LaidWindow:
    """A window on its track; where it is cut off, its limit lies outside the drawing."""

    window: Window
    start: float
    end: float
    track: int
    cut_off: bool
    slack: Slack | None


@dataclass(frozen=True, slots=True)
class LaidPin:
    """A pin, exactly as long as its audit."""

    pin: Pin
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Where its head stands."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class LaidLane:
    """A lane with everything that lies inside the drawing."""

    lane: Lane
    windows: tuple[LaidWindow, ...]
    pins: tuple[LaidPin, ...]
    tracks: int
    hatches: tuple[tuple[float, float, Breach], ...]
    life: tuple[tuple[float, float, Life], ...]


@dataclass(frozen=True, slots=True)
class Join:
    """An integrated audit: one pin through several lanes, from the first to the last of them."""

    reference: str
    status: PinStatus
    middle: float
    lanes: tuple[int, ...]


def place(day: date, band: Band, scale: float) -> float:
    """Where the morning of a day lies, from the start of the drawing."""
    return (day.toordinal() - band.first_day.toordinal()) * scale


def _evening(day: date, band: Band, scale: float) -> float:
    """Where a day ends: to the last digit where the next one begins, so that windows that follow on share a track."""
    return (day.toordinal() - band.first_day.toordinal() + 1) * scale


def _stretch(starts_on: date, ends_on: date, band: Band, scale: float) -> tuple[float, float] | None:
    """From the morning of the one to the evening of the other, cut to the drawing; None where it lies outside."""
    if ends_on < band.first_day or starts_on > band.last_day or ends_on < starts_on:
        return None
    start = place(max(starts_on, band.first_day), band, scale)
    return start, _evening(min(ends_on, band.last_day), band, scale)


def _windows(lane: Lane, band: Band, scale: float) -> tuple[LaidWindow, ...]:
    """Windows that overlap lie on tracks of their own; each takes the first that is free."""
    ends = {pin.reference: pin for pin in lane.pins}
    free: list[float] = []
    laid = []
    for window in sorted(lane.windows, key=lambda one: (one.opens_on or band.first_day, one.closes_on)):
        stretch = _stretch(window.opens_on or band.first_day, window.closes_on, band, scale)
        if stretch is None:
            continue
        start, end = stretch
        for track, taken in enumerate(free):
            if taken <= start:
                free[track] = end
                break
        else:
            track = len(free)
            free.append(end)
        pin = ends.get(window.met_by) if window.met_by and window.standing == "planned" else None
        cut_off = window.closes_on > band.last_day
        laid.append(LaidWindow(window, start, end, track, cut_off, _slack(window, pin, band, scale)))
    return tuple(laid)


def _slack(window: Window, pin: Pin | None, band: Band, scale: float) -> Slack | None:
    if pin is None or pin.status == "held" or not band.first_day <= pin.ends_on <= band.last_day:
        return None
    if not pin.ends_on < window.closes_on <= band.last_day:
        return None
    start, end = _evening(pin.ends_on, band, scale), _evening(window.closes_on, band, scale)
    return Slack(start, end, days_between(pin.ends_on, window.closes_on))


def _pins(pins: Iterable[Pin], band: Band, scale: float) -> tuple[LaidPin, ...]:
    laid = []
    for pin in sorted(pins, key=lambda one: (one.starts_on, one.ends_on, one.reference)):
        stretch = _stretch(pin.starts_on, pin.ends_on, band, scale)
        if stretch:
            laid.append(LaidPin(pin, *stretch))
    return tuple(laid)


def lay_out_lane(lane: Lane, frame: Band, length: float) -> LaidLane:
    """One lane along a line so many units long; what lies outside the days of the frame is cut off or left out."""
    scale = length / frame.days
    windows = _windows(lane, frame, scale)
    hatched = ((_stretch(one.since, one.until or frame.today, frame, scale), one) for one in lane.breaches)
    lived = ((_stretch(one.starts_on, one.ends_on, frame, scale), one) for one in lane.life)
    return LaidLane(
        lane=lane,
        windows=windows,
        pins=_pins(lane.pins, frame, scale),
        tracks=max((one.track for one in windows), default=0) + 1,
        hatches=tuple((*stretch, one) for stretch, one in hatched if stretch),
        life=tuple((*stretch, one) for stretch, one in lived if stretch),
    )


def joins(band: Band, length: float) -> tuple[Join, ...]:
    """The integrated audits: every pin that stands in more than one lane."""
    seen: dict[str, tuple[Pin, list[int]]] = {}
    for number, lane in enumerate(band.lanes):
        for pin in lane.pins:
            seen.setdefault(pin.reference, (pin, []))[1].append(number)
    scale = length / band.days
    found = []
    for reference, (pin, lanes) in seen.items():
        stretch = _stretch(pin.starts_on, pin.ends_on, band, scale) if len(lanes) > 1 else None
        if stretch:
            found.append(Join(reference, pin.status, sum(stretch) / 2, tuple(lanes)))
    return tuple(found)


def closed_days(band: Band, length: float) -> list[tuple[float, float, Closed]]:
    """The blackout periods along the line."""
    placed = ((_stretch(one.starts_on, one.ends_on, band, length / band.days), one) for one in band.closed)
    return [(*stretch, one) for stretch, one in placed if stretch]


def today_at(band: Band, length: float) -> float | None:
    """The noon of today; None where it lies outside."""
    if not band.first_day <= band.today <= band.last_day:
        return None
    scale = length / band.days
    return place(band.today, band, scale) + scale / 2
