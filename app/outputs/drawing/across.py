"""The band with time from left to right: the drawing of a wide page, of print and of the PDF."""

from datetime import date
from functools import lru_cache
from itertools import pairwise
from textwrap import wrap

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

GUTTER = 176.0  # the names of the lanes
PLOT = 972.0
WIDE = GUTTER + PLOT + 12
TOP = 56.0  # today, years and months
BODY = 15.0  # a window
ROW = 18.0  # a label above the pins
LEVELS = 3


def label_places(lane: LaidLane, unnamed: frozenset[str] = frozenset()) -> list[tuple[int, float] | None]:
    """For each pin the row and the middle of its label, so that no two collide; None where there is no room."""
    taken = [-100.0] * LEVELS
    found: list[tuple[int, float] | None] = []
    for pin in lane.pins:
        half = width(pin.pin.reference) / 2 + 4
        middle = min(max(pin.middle, half), PLOT - half)
        row = next((level for level in range(LEVELS) if taken[level] <= middle - half), None)
        if pin.pin.reference in unnamed or row is None:
            found.append(None)
            continue
        taken[row] = middle + half
        found.append((row, middle))
    return found


def flag_place(laid: LaidWindow, until: float) -> tuple[float | None, bool]:
    """The left edge of the flag (None without room) and whether the window's label fits beside it.

    The flag lies inside the window where it has room, else behind the limit where nothing stands before `until`.
    """
    flag = width(short(laid.window.closes_on), 10) + 10
    label = width(laid.window.label) + 8
    room = laid.end - laid.start
    if laid.cut_off:
        return None, label <= room
    if flag + 6 <= room:
        return laid.end - flag, label + flag + 4 <= room
    return (laid.end if laid.end + flag <= until else None), False


def _flag(laid: LaidWindow, at: float, top: float) -> str:
    """A swallow-tailed flag with the day on it, flying from the limit."""
    day = short(laid.window.closes_on)
    x, wide, half = GUTTER + at, width(day, 10) + 10, BODY / 2
    if at < laid.end:
        shape = f"M{x + wide:.1f} {top:.1f}H{x:.1f}l4 {half}l-4 {half}H{x + wide:.1f}z"
        return path("w-flag", shape) + text("w-day", x + wide / 2 + 1.5, top + 11, day)
    shape = f"M{x:.1f} {top:.1f}h{wide:.1f}l-4 {half}l4 {half}h-{wide:.1f}z"
    return path("w-flag", shape) + text("w-day", x + wide / 2 - 1.5, top + 11, day)


def _draw_window(laid: LaidWindow, until: float, top: float, key: str) -> tuple[str, str]:
    """The window, and the words on it, which lie above the pins."""
    standing, left = laid.window.standing, GUTTER + laid.start
    body = rect("w-body", left, top, laid.end - laid.start, BODY, f' fill="url(#{key}-{standing})"')
    flag_at, labelled = flag_place(laid, until)
    words = text("w-label", left + 5, top + 11, laid.window.label) if labelled else ""
    if not laid.cut_off:
        body += path("w-edge", f"M{GUTTER + laid.end:.1f} {top - 4:.1f}v{BODY + 5}")
    if flag_at is not None:
        words += _flag(laid, flag_at, top)
    return window_link(laid.window, body), f'<g class="w-{standing}">{words}</g>' if words else ""


def _draw_slack(laid: LaidWindow, top: float) -> str:
    if laid.slack is None:
        return ""
    left, right, y = GUTTER + laid.slack.start, GUTTER + laid.slack.end - 1, top + BODY + 6
    near = " k-short" if laid.slack.days < SHORT_SLACK else ""
    count = f"{laid.slack.days} d"
    middle, half = (left + right) / 2, width(count, 10) / 2 + 1
    ends = f"M{left:.1f} {y - 3:.1f}v6m0 -3H", f"H{right:.1f}m0 -3v6"
    if right - left > 2 * half + 8:
        line = f"{ends[0]}{middle - half:.1f}M{middle + half:.1f} {y:.1f}{ends[1]}"
        drawn = path("k-line", line) + text("k-days", middle, y + 3.5, count)
    else:
        line = f"M{left:.1f} {y - 3:.1f}v6m0 -3{ends[1]}"
        drawn = path("k-line", line) + text("k-days k-after", right + 5, y + 3.5, count)
    return f'<g class="k{near}"><title>{laid.slack.days} days of slack</title>{drawn}</g>'


def _draw_pin(laid: LaidPin, label: tuple[int, float] | None, heads: float, foot: float) -> str:
    """The head above the windows and, through all of them, a column exactly as wide as the audit is long."""
    x, wide = GUTTER + laid.middle, max(2.0, laid.end - laid.start)
    deep = 11.0 if laid.pin.kind == "internal" else foot - heads
    drawn = rect("p-hit", x - 12, heads - 12, 24, 24) + rect("p-days", x - wide / 2, heads, wide, deep)
    if label:
        row, middle = label
        base = heads - 11 - row * ROW
        if row:
            drawn += path("p-leader", f"M{x:.1f} {heads - 5:.1f}V{base + 3:.1f}")
        drawn += text("p-name", GUTTER + middle, base, laid.pin.reference)
    return pin_link(laid.pin, drawn + head(laid.pin, x, heads))


def _draw_name(lane: Lane) -> str:
    drawn = path("b-lane", f"M0 0H{WIDE}")
    left = 8.0
    if lane.ring:
        drawn += f'<g transform="translate(4 14)">{draw_ring(lane.ring, 32)}</g>'
        left = 44.0
    room = GUTTER - left - 4
    name = text("b-name", left, 30, cut(lane.reference, room, 13))
    drawn += f'<a href="{safe(lane.href)}">{name}</a>' if lane.href else name
    drawn += text("b-title", left, 46, cut(lane.title, room))
    look = "b-note b-late" if lane.late else "b-note b-near" if lane.near else "b-note"
    for number, line in enumerate(wrap(lane.note, int(room / 5.6))[:2]):
        drawn += text(look, left, 62 + 14 * number, line)
    return drawn


@lru_cache(maxsize=512)
def _draw_lane(lane: Lane, unnamed: frozenset[str], frame: Band, key: str) -> tuple[str, float, float]:
    """The lane as if it lay at the top, its height, and where the heads of its pins stand.

    The same lane is drawn again and again, for every reader of a page: it is kept as long as nothing in it changes.
    """
    laid_lane = lay_out_lane(lane, frame, PLOT)
    labels = label_places(laid_lane, unnamed)
    heads = 18 + max((label[0] + 1 for label in labels if label), default=0) * ROW
    slack = {laid.track for laid in laid_lane.windows if laid.slack}
    tops = [y := heads + 13]
    tops += [y := y + BODY + (15 if track in slack else 6) for track in range(laid_lane.tracks)]
    foot = tops[-1] - 1
    below, above = [], []
    until: dict[int, float] = {}
    for laid in reversed(laid_lane.windows):
        drawn, words = _draw_window(laid, until.get(laid.track, PLOT), tops[laid.track], key)
        until[laid.track] = laid.start
        below.append(drawn)
        above.append(words + _draw_slack(laid, tops[laid.track]))
    hatch = f' fill="url(#{key}-hatch)"'
    for start, end, breach in laid_lane.hatches:
        y, deep = tops[0] - 4, foot - tops[0] + 4
        below.append(rect("b-breach", GUTTER + start, y, end - start, deep, hatch, safe(breach.says)))
    for start, end, life in laid_lane.life:
        says = f"{life.kind}, {say(life.starts_on)} to {say(life.ends_on)}"
        below.append(rect(f"l-{life.kind}", GUTTER + start, foot + 3, end - start, 3, ' rx="1.5"', says))
    below += [_draw_pin(pin, label, heads, foot) for pin, label in zip(laid_lane.pins, labels, strict=True)]
    return _draw_name(lane) + "".join(below + above), max(foot + 14, 84.0), heads


@lru_cache(maxsize=64)
def _grid(band: Band, height: float) -> str:
    """Years and months; the end of a year is a strong rule, since the calendar-year rule lives there."""
    scale = PLOT / band.days
    month_wide = 30.4 * scale
    drawn, fine, strong = [], [], []
    for month in months(band):
        x, quarter = GUTTER + place(month, band, scale), month.month % 3 == 1
        if month.month == 1 and month > band.first_day:
            strong.append(f"M{x:.1f} 24V{height:.1f}")
        else:
            fine.append(f"M{x:.1f} {38 if quarter else 42}V{height if quarter else TOP:.1f}")
        if month_wide >= 12 or quarter:
            long = month_wide >= 22 or (month_wide < 12 and month_wide * 3 >= 22)
            name = f"{month:%b}" if long else f"{month:%b}"[0]
            if x + width(name, 10) < GUTTER + PLOT:
                drawn.append(text("b-month", x + 3, 51, name))
    edges = [
        max(0.0, place(date(year, 1, 1), band, scale)) for year in range(band.first_day.year, band.last_day.year + 1)
    ]
    for year, (x, end) in enumerate(pairwise([*edges, PLOT]), band.first_day.year):
        if end - x > 34:
            drawn.append(text("b-years", GUTTER + x + 4, 35, str(year)))
    lines = (
        path("b-fine", "".join(fine)) + path("b-strong", "".join(strong)) + path("b-base", f"M{GUTTER} {TOP}H{WIDE}")
    )
    return lines + "".join(drawn)


def _draw_today(band: Band, bottom: float) -> tuple[str, str]:
    """The line under the lanes; and above them its shadow, so that it stays one line, with the day at its head."""
    at = today_at(band, PLOT)
    if at is None:
        return "", ""
    x, words = GUTTER + at, f"Today, {short(band.today)}"
    wide = width(words, 10) + 8
    left = min(max(x - wide / 2, GUTTER), WIDE - wide)
    line = f"M{x:.1f} 18V{bottom:.1f}"
    tab = rect("b-tab", left, 2, wide, 17, ' rx="4"') + text("b-tab-day", left + wide / 2, 14, words)
    past = rect("b-past", GUTTER, TOP, at, bottom - TOP)
    return past + path("b-now", line), f'<g class="b-today">{path("b-now-above", line)}{tab}</g>'


def draw_across(band: Band, key: str = "across") -> Markup:
    """The band as one SVG element; `key` begins the ids inside it, so that several can stand on a page."""
    frame, shared = band.frame, joins(band, PLOT)
    first_lane = {join.reference: join.lanes[0] for join in shared}
    lanes, heads, bottom = [], [], TOP
    for number, lane in enumerate(band.lanes):
        # An audit of several lanes carries its reference in the first of them alone.
        unnamed = frozenset(reference for reference, first in first_lane.items() if first < number)
        drawn, height, at = _draw_lane(lane, unnamed.intersection(pin.reference for pin in lane.pins), frame, key)
        lanes.append(f'<g data-lane="{number}" transform="translate(0 {bottom:.1f})">{drawn}</g>')
        heads.append(bottom + at)
        bottom += height
    bottom += 6
    behind, before = _draw_today(band, bottom)
    parts = [
        f'<svg class="band-across" viewBox="0 0 {WIDE:.0f} {bottom + 4:.0f}" role="group" '
        f'data-days="{band.days}" data-length="{PLOT}" data-way="across" '
        f'aria-label="Timeline from {say(band.first_day)} to {say(band.last_day)}">',
        definitions(key, down=False),
    ]
    for start, end, closed in closed_days(band, PLOT):
        says = f"{safe(closed.label)}: {say(closed.starts_on)} to {say(closed.ends_on)}"
        parts.append(rect("b-closed", GUTTER + start, TOP, end - start, bottom - TOP, says=says))
    parts += [_grid(frame, bottom), behind]
    for join in shared:
        line = f"M{GUTTER + join.middle:.1f} {heads[join.lanes[0]]:.1f}V{heads[join.lanes[-1]]:.1f}"
        parts.append(path(f"b-join b-join-{join.status}", line))
    return finished([*parts, *lanes, before, "</svg>"])
