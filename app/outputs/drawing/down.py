"""The band with time from top to bottom: the drawing of a phone."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from app.outputs.drawing.band import (
    Band,
    LaidLane,
    LaidPin,
    LaidWindow,
    Lane,
    closed_days,
    joins,
    lay_out_lane,
    place,
    today_at,
)
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
    """A limit's words stand above its edge, a pin's beside its head, or above the line that joins it to other lanes."""
    limits = [Words(TOP + one.end, TOP + one.end - 7, limit=one) for one in lane.windows if not one.cut_off]
    pins = [
        Words(TOP + one.middle, TOP + one.middle - (7 if len(one.pin.certificates) > 1 else 0), pin=one)
        for one in lane.pins
    ]
    return sorted(limits + pins, key=lambda words: words.wanted)


def _draw_limit(laid: LaidWindow, edge: float, left: float, height: float, room: float) -> str:
    day = short(laid.window.closes_on)
    slack = f", {laid.slack.days} d" if laid.slack else ""
    full = f"{laid.window.label}, {day}{slack}"
    says = next((said for said in (full, day + slack) if width(said, 10) <= room), day)
    near = " v-short" if laid.slack and laid.slack.days < SHORT_SLACK else ""
    leader = path("p-leader", f"M{edge:.1f} {TOP + laid.end:.1f}L{left - 2:.1f} {height + 2:.1f}")
    return leader + text(f"v v-{laid.window.standing}{near}", left, height + 3.5, says)


def _draw_pin(laid: LaidPin, heads: float, wide: float, at: float, height: float) -> str:
    """The head beside the tracks and, over all of them, a bar exactly as high as the audit is long."""
    name, high = heads + 8, max(2.0, laid.end - laid.start)
    reach = 8.0 if laid.pin.kind == "internal" else heads - 6
    body = rect("p-hit", heads - 12, at - 12, wide - heads + 12, 24)
    body += rect("p-days", heads - reach, at - high / 2, reach, high)
    if abs(height - at) > 8:
        body += path("p-leader", f"M{heads:.1f} {at:.1f}L{name - 2:.1f} {height:.1f}")
    body += head(laid.pin, heads, at)
    return pin_link(laid.pin, body + text("p-name", name, height + 3.5, cut(laid.pin.reference, wide - name, 10)))


@lru_cache(maxsize=512)
def _draw_lane(lane: Lane, frame: Band, wide: float, length: float, key: str) -> str:
    """The lane as if it lay at the left edge; kept as long as nothing in it changes."""
    laid_lane = lay_out_lane(lane, frame, length)
    edge = 8 + laid_lane.tracks * TRACK
    heads = edge + 6
    words = _words_of(laid_lane)
    limits, pins = [], []
    for one, height in zip(words, spread([one.wanted for one in words], LINE), strict=True):
        if one.limit:
            limits.append(_draw_limit(one.limit, edge, heads + 8, height, wide - heads - 8))
        elif one.pin:
            pins.append(_draw_pin(one.pin, heads, wide, one.at, height))
    return _draw_name(lane, wide, TOP + length) + _draw_tracks(laid_lane, 8, key) + "".join(limits + pins)


def _draw_name(lane: Lane, wide: float, bottom: float) -> str:
    drawn, x = path("b-lane", f"M0 4V{bottom:.1f}"), 6.0
    if lane.ring:
        drawn += f'<g transform="translate(6 6)">{draw_ring(lane.ring, 20)}</g>'
        x = 31.0
    name = text("b-name", x, 21, cut(lane.reference, wide - x, 12))
    drawn += f'<a href="{safe(lane.href)}">{name}</a>' if lane.href else name
    look = "b-note b-late" if lane.late else "b-note b-near" if lane.near else "b-note"
    return drawn + text(look, 6, 42, cut(lane.note or lane.title, wide - 8, 10))


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


def _draw_today(band: Band, wide: float, length: float) -> tuple[str, str]:
    at = today_at(band, length)
    if at is None:
        return "", ""
    y, line = TOP + at, f"M0 {TOP + at:.1f}H{wide}"
    tab = rect("b-tab", 0, y - 8, AXIS + 4, 16, ' rx="4"')
    tab += text("b-tab-day", AXIS / 2 + 2, y + 3.5, short(band.today))
    past = rect("b-past", AXIS, TOP, wide - AXIS, at)
    return past + path("b-now", line), f'<g class="b-today">{path("b-now-above", line)}{tab}</g>'


def draw_down(band: Band, key: str = "down") -> Markup:
    """The band as one tall SVG element; with more lanes than a phone has room for it is wider and scrolls."""
    length = max(12.0, band.days / 30.44) * MONTH
    count = max(1, len(band.lanes))
    lane_wide = max(LEAST, (WIDE - AXIS) / count)
    wide, bottom = AXIS + lane_wide * count, TOP + length
    behind, before = _draw_today(band, wide, length)
    parts = [
        f'<svg class="band-down" viewBox="0 0 {wide:.0f} {bottom + 6:.0f}" width="{wide:.0f}" '
        f'height="{bottom + 6:.0f}" role="group" data-days="{band.days}" data-length="{length:.1f}" data-way="down" '
        f'aria-label="Timeline from {say(band.first_day)} to {say(band.last_day)}">',
        definitions(key, down=True),
    ]
    for start, end, closed in closed_days(band, length):
        says = f"{safe(closed.label)}: {say(closed.starts_on)} to {say(closed.ends_on)}"
        parts.append(rect("b-closed", AXIS, TOP + start, wide - AXIS, end - start, says=says))
    parts += [_grid(band.frame, wide, length), behind]
    for join in joins(band, length):
        x, y = AXIS + join.lanes[0] * lane_wide + 4, TOP + join.middle
        line = f"M{x:.1f} {y:.1f}H{AXIS + join.lanes[-1] * lane_wide + 4:.1f}"
        parts.append(path(f"b-join b-join-{join.status}", line))
    for number, lane in enumerate(band.lanes):
        drawn = _draw_lane(lane, band.frame, lane_wide, length, key)
        parts.append(f'<g data-lane="{number}" transform="translate({AXIS + number * lane_wide:.1f} 0)">{drawn}</g>')
    return finished([*parts, before, "</svg>"])
