"""The band with time from left to right: the drawing of a wide page, of print and of the PDF."""

from functools import lru_cache
from textwrap import wrap

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

GUTTER = 176.0  # the names of the lanes
PLOT = 972.0
WIDE = GUTTER + PLOT + 12
TOP = 56.0  # today, years and months
BODY = 15.0  # a window
ROW = 18.0  # a label above the pins
LEVELS = 3


def label_places(lane: LaidLane, named: frozenset[int]) -> list[tuple[int, float] | None]:
    """For each pin the row and the middle of its label, so that no two collide; None where there is no room."""
    taken = [-100.0] * LEVELS
    found: list[tuple[int, float] | None] = []
    for number, pin in enumerate(lane.pins):
        half = width(pin.pin.reference) / 2 + 4
        middle = min(max(pin.middle, half), PLOT - half)
        row = next((level for level in range(LEVELS) if taken[level] <= middle - half), None)
        if number not in named or row is None:
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


def _draw_pin(laid: LaidPin, lane: int, label: tuple[int, float] | None, heads: float, foot: float) -> str:
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
    return pin_link(laid.pin, lane, drawn + head(laid.pin, x, heads))


def _draw_name(lane: LaidLane, top: float) -> str:
    at = lane.lane
    drawn = path("b-lane", f"M0 {top:.1f}H{WIDE}")
    y, left = top + 30, 8.0
    if at.ring:
        drawn += f'<g transform="translate(4 {top + 14:.1f})">{draw_ring(at.ring, 32)}</g>'
        left = 44.0
    room = GUTTER - left - 4
    name = text("b-name", left, y, cut(at.reference, room, 13))
    drawn += f'<a href="{safe(at.href)}">{name}</a>' if at.href else name
    drawn += text("b-title", left, y + 16, cut(at.title, room))
    look = "b-note b-late" if at.late else "b-note"
    for number, line in enumerate(wrap(at.note, int(room / 5.6))[:2]):
        drawn += text(look, left, y + 32 + 14 * number, line)
    return drawn


def _draw_lane(lane: LaidLane, number: int, named: frozenset[int], top: float, key: str) -> tuple[str, float, float]:
    """The lane from its upper edge, its lower edge, and where the heads of its pins stand."""
    labels = label_places(lane, named)
    heads = top + 18 + max((label[0] + 1 for label in labels if label), default=0) * ROW
    slack = {laid.track for laid in lane.windows if laid.slack}
    tops = [y := heads + 13]
    tops += [y := y + BODY + (15 if track in slack else 6) for track in range(lane.tracks)]
    foot = tops[-1] - 1
    below, above = [], []
    until: dict[int, float] = {}
    for laid in reversed(lane.windows):
        drawn, words = _draw_window(laid, until.get(laid.track, PLOT), tops[laid.track], key)
        until[laid.track] = laid.start
        below.append(drawn)
        above.append(words + _draw_slack(laid, tops[laid.track]))
    hatch = f' fill="url(#{key}-hatch)"'
    for start, end, breach in lane.hatches:
        y, deep = tops[0] - 4, foot - tops[0] + 4
        below.append(rect("b-breach", GUTTER + start, y, end - start, deep, hatch, safe(breach.says)))
    for start, end, life in lane.life:
        says = f"{life.kind}, {say(life.starts_on)} to {say(life.ends_on)}"
        below.append(rect(f"l-{life.kind}", GUTTER + start, foot + 3, end - start, 3, ' rx="1.5"', says))
    below += [_draw_pin(pin, number, labels[which], heads, foot) for which, pin in enumerate(lane.pins)]
    return _draw_name(lane, top) + "".join(below + above), max(foot + 14, top + 84), heads


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
    for year in range(band.first_day.year, band.last_day.year + 1):
        x = GUTTER + max(0.0, place(band.first_day.replace(year=year, month=1, day=1), band, scale))
        if GUTTER + PLOT - x > 32:
            drawn.append(text("b-years", x + 4, 35, str(year)))
    lines = (
        path("b-fine", "".join(fine)) + path("b-strong", "".join(strong)) + path("b-base", f"M{GUTTER} {TOP}H{WIDE}")
    )
    return lines + "".join(drawn)


def _named(layout: Layout) -> list[frozenset[int]]:
    """Which pins carry their reference: an audit of several lanes only in the first."""
    seen: set[str] = set()
    named = []
    for lane in layout.lanes:
        named.append(frozenset(number for number, pin in enumerate(lane.pins) if pin.pin.reference not in seen))
        seen.update(pin.pin.reference for pin in lane.pins)
    return named


def _draw_today(layout: Layout, bottom: float) -> tuple[str, str]:
    """The line under the lanes; and above them its shadow, so that it stays one line, with the day at its head."""
    if layout.today is None:
        return "", ""
    x, words = GUTTER + layout.today, f"Today, {short(layout.band.today)}"
    wide = width(words, 10) + 8
    left = min(max(x - wide / 2, GUTTER), WIDE - wide)
    line = f"M{x:.1f} 18V{bottom:.1f}"
    tab = rect("b-tab", left, 2, wide, 17, ' rx="4"') + text("b-tab-day", left + wide / 2, 14, words)
    past = rect("b-past", GUTTER, TOP, layout.today, bottom - TOP)
    return past + path("b-now", line), f'<g class="b-today">{path("b-now-above", line)}{tab}</g>'


def draw_across(band: Band, key: str = "across") -> Markup:
    """The band as one SVG element; `key` begins the ids inside it, so that several can stand on a page."""
    layout = lay_out_band(band, PLOT)
    lanes, heads, bottom = [], [], TOP
    for number, (lane, named) in enumerate(zip(layout.lanes, _named(layout), strict=True)):
        drawn, bottom, at = _draw_lane(lane, number, named, bottom, key)
        lanes.append(drawn)
        heads.append(at)
    bottom += 6
    behind, before = _draw_today(layout, bottom)
    parts = [
        f'<svg class="band-across" viewBox="0 0 {WIDE:.0f} {bottom + 4:.0f}" role="group" '
        f'data-days="{band.days}" data-length="{PLOT}" data-way="across" '
        f'aria-label="Timeline from {say(band.first_day)} to {say(band.last_day)}">',
        definitions(key, down=False),
    ]
    for start, end, closed in layout.closed:
        says = f"{safe(closed.label)}: {say(closed.starts_on)} to {say(closed.ends_on)}"
        parts.append(rect("b-closed", GUTTER + start, TOP, end - start, bottom - TOP, says=says))
    parts += [_grid(Band((), band.first_day, band.last_day, band.first_day), bottom), behind]
    for join in layout.joins:
        line = f"M{GUTTER + join.middle:.1f} {heads[join.lanes[0]]:.1f}V{heads[join.lanes[-1]]:.1f}"
        parts.append(path(f"b-join b-join-{join.status}", line))
    return finished([*parts, *lanes, before, "</svg>"])
