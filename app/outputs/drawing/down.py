"""The band with time from top to bottom: the drawing of a phone."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from app.outputs.drawing.band import Band, LaidLane, LaidPin, LaidWindow, Layout, lay_out_band, place
from app.outputs.drawing.ring import draw_ring
from app.outputs.drawing.svg import (
    SHORT_SLACK,
    cut,
    definitions,
    finished,
    head,
    months,
    path,
    pin_link,
    rect,
    safe,
    say,
    short,
    text,
    width,
    window_link,
)

WIDE = 358.0
AXIS = 34.0  # years and months
TOP = 56.0  # the names of the lanes
MONTH = 34.0  # the height of a month
LEAST = 108.0  # the width of a lane
TRACK, BAR = 9.0, 7.0
LINE = 12.5  # the height of a line of words


@dataclass(frozen=True, slots=True)
class Words:
    """Words beside the tracks: of a pin or of a limit, and the height they would like to stand at."""

    at: float
    wanted: float
    pin: LaidPin | None = None
    limit: LaidWindow | None = None


def spread(wanted: list[float], least: float) -> list[float]:
    """The heights asked for, in rising order, moved apart so that words never lie on words."""
    moved: list[float] = []
    for height in wanted:
        moved.append(max(height, moved[-1] + least) if moved else height)
    return moved


def _draw_tracks(lane: LaidLane, left: float, key: str) -> str:
    drawn = []
    for laid in lane.windows:
        x, y = left + laid.track * TRACK, TOP + laid.start
        fill = f' fill="url(#{key}-{laid.window.standing})"'
        body = rect("w-body", x, y, BAR, laid.end - laid.start, fill)
        if not laid.cut_off:
            body += path("w-edge", f"M{x - 1:.1f} {TOP + laid.end:.1f}h{BAR + 2}")
        drawn.append(window_link(laid.window, body))
        if laid.slack:
            near = "k k-short" if laid.slack.days < SHORT_SLACK else "k"
            bracket = f"M{x + BAR:.1f} {TOP + laid.slack.start:.1f}h2V{TOP + laid.slack.end - 1:.1f}h-2"
            drawn.append(f'<g class="{near}">{path("k-line", bracket)}</g>')
    for start, end, breach in lane.hatches:
        wide, fill = lane.tracks * TRACK + 2, f' fill="url(#{key}-hatch)"'
        drawn.append(rect("b-breach", left - 2, TOP + start, wide, end - start, fill, safe(breach.says)))
    for start, end, life in lane.life:
        drawn.append(rect(f"l-{life.kind}", left - 6, TOP + start, 3, end - start, ' rx="1.5"'))
    return "".join(drawn)


def _words_of(lane: LaidLane) -> list[Words]:
    """A limit's words stand above its edge, a pin's beside its head."""
    limits = [Words(TOP + one.end, TOP + one.end - 7, limit=one) for one in lane.windows if not one.cut_off]
    pins = [Words(TOP + one.middle, TOP + one.middle, pin=one) for one in lane.pins]
    return sorted(limits + pins, key=lambda words: words.wanted)


def _draw_limit(laid: LaidWindow, edge: float, left: float, height: float, room: float) -> str:
    day = short(laid.window.closes_on)
    slack = f", {laid.slack.days} d" if laid.slack else ""
    full = f"{laid.window.label}, {day}{slack}"
    says = next((said for said in (full, day + slack) if width(said, 10) <= room), day)
    near = " v-short" if laid.slack and laid.slack.days < SHORT_SLACK else ""
    leader = path("p-leader", f"M{edge:.1f} {TOP + laid.end:.1f}L{left - 2:.1f} {height + 2:.1f}")
    return leader + text(f"v v-{laid.window.standing}{near}", left, height + 3.5, says)


def _draw_lane(lane: LaidLane, number: int, left: float, wide: float, key: str) -> str:
    edge = left + 8 + lane.tracks * TRACK
    heads, name = edge + 6, edge + 14
    room = left + wide - name
    words = _words_of(lane)
    limits, pins = [], []
    for one, height in zip(words, spread([one.wanted for one in words], LINE), strict=True):
        if one.limit:
            limits.append(_draw_limit(one.limit, edge, name, height, room))
        elif one.pin:
            laid = one.pin
            high = max(2.0, laid.end - laid.start)
            reach = 8.0 if laid.pin.kind == "internal" else heads - left - 6
            body = rect("p-hit", heads - 12, one.at - 12, wide - (heads - 12 - left), 24)
            body += rect("p-days", heads - reach, one.at - high / 2, reach, high)
            if abs(height - one.at) > 3:
                body += path("p-leader", f"M{heads:.1f} {one.at:.1f}L{name - 2:.1f} {height:.1f}")
            body += head(laid.pin, heads, one.at)
            body += text("p-name", name, height + 3.5, cut(laid.pin.reference, room, 10))
            pins.append(pin_link(laid.pin, number, body))
    return _draw_tracks(lane, left + 8, key) + "".join(limits + pins)


def _draw_name(lane: LaidLane, left: float, wide: float, bottom: float) -> str:
    at, x = lane.lane, left + 6
    drawn = path("b-lane", f"M{left:.1f} 4V{bottom:.1f}")
    if at.ring:
        drawn += f'<g transform="translate({x} 6)">{draw_ring(at.ring, 20)}</g>'
        x += 25
    name = text("b-name", x, 21, cut(at.reference, left + wide - x, 12))
    drawn += f'<a href="{safe(at.href)}">{name}</a>' if at.href else name
    look = "b-note b-late" if at.late else "b-note"
    return drawn + text(look, left + 6, 42, cut(at.note or at.title, wide - 8, 10))


@lru_cache(maxsize=64)
def _grid(band: Band, wide: float, length: float) -> str:
    scale = length / band.days
    fine, strong, words = [], [], []
    for month in months(band):
        y, quarter = TOP + place(month, band, scale), month.month % 3 == 1
        if month.month == 1:
            strong.append(f"M0 {y:.1f}H{wide}")
            words.append(text("b-years", 2, y + 14, str(month.year)))
        else:
            fine.append(f"M{4 if quarter else AXIS - 6} {y:.1f}H{wide if quarter else AXIS}")
            words.append(text("b-month", 4, y + 13, f"{month:%b}"))
    lines = path("b-fine", "".join(fine)) + path("b-strong", "".join(strong)) + path("b-base", f"M0 {TOP}H{wide}")
    return lines + "".join(words)


def _draw_today(layout: Layout, wide: float) -> tuple[str, str]:
    if layout.today is None:
        return "", ""
    y, line = TOP + layout.today, f"M0 {TOP + layout.today:.1f}H{wide}"
    tab = rect("b-tab", 0, y - 8, AXIS + 4, 16, ' rx="4"')
    tab += text("b-tab-day", AXIS / 2 + 2, y + 3.5, short(layout.band.today))
    past = rect("b-past", AXIS, TOP, wide - AXIS, layout.today)
    return past + path("b-now", line), f'<g class="b-today">{path("b-now-above", line)}{tab}</g>'


def draw_down(band: Band, key: str = "down") -> Markup:
    """The band as one tall SVG element; with more lanes than a phone has room for it is wider and scrolls."""
    length = max(12.0, band.days / 30.44) * MONTH
    layout = lay_out_band(band, length)
    count = max(1, len(band.lanes))
    lane_wide = max(LEAST, (WIDE - AXIS) / count)
    wide, bottom = AXIS + lane_wide * count, TOP + length
    behind, before = _draw_today(layout, wide)
    parts = [
        f'<svg class="band-down" viewBox="0 0 {wide:.0f} {bottom + 6:.0f}" width="{wide:.0f}" '
        f'height="{bottom + 6:.0f}" role="group" data-days="{band.days}" data-length="{length:.1f}" data-way="down" '
        f'aria-label="Timeline from {say(band.first_day)} to {say(band.last_day)}">',
        definitions(key, down=True),
    ]
    for start, end, closed in layout.closed:
        says = f"{safe(closed.label)}: {say(closed.starts_on)} to {say(closed.ends_on)}"
        parts.append(rect("b-closed", AXIS, TOP + start, wide - AXIS, end - start, says=says))
    parts += [_grid(Band((), band.first_day, band.last_day, band.first_day), wide, length), behind]
    for join in layout.joins:
        x, y = AXIS + join.lanes[0] * lane_wide + 4, TOP + join.middle
        line = f"M{x:.1f} {y:.1f}H{AXIS + join.lanes[-1] * lane_wide + 4:.1f}"
        parts.append(path(f"b-join b-join-{join.status}", line))
    for number, lane in enumerate(layout.lanes):
        left = AXIS + number * lane_wide
        parts.append(_draw_name(lane, left, lane_wide, bottom) + _draw_lane(lane, number, left, lane_wide, key))
    return finished([*parts, before, "</svg>"])
