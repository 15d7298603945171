"""The band in words: a table for each lane that holds everything the drawing shows."""

from datetime import date
from functools import lru_cache

from markupsafe import Markup

from app.outputs.drawing.band import Band, Lane
from app.outputs.drawing.svg import finished, safe, say

HEAD = "".join(f'<th scope="col">{word}</th>' for word in ("What", "From", "To", "Standing", "Met by"))
SHAPES = {
    "met": ("done", "Met"),
    "open": ("todo", "Open"),
    "breached": ("late", "Breached"),
    "missed": ("warning", "Missed, a warning"),
    "planned": ("planned", "Planned"),
    "confirmed": ("confirmed", "Confirmed"),
    "held": ("done", "Held"),
}


def _day(day: date | None) -> str:
    return f'<time class="nowrap" datetime="{day}">{say(day)}</time>' if day else ""


def _standing(standing: str) -> str:
    shape, word = SHAPES[standing]
    return f'<span class="badge-word"><i class="shape shape-{shape}" aria-hidden="true"></i>{word}</span>'


def _row(what: str, href: str, first: date | None, last: date | None, standing: str, met_by: str = "") -> str:
    name = f'<a href="{safe(href)}">{safe(what)}</a>' if href else safe(what)
    late = ' class="late"' if standing == "breached" else ""
    return (
        f'<tr{late}><th scope="row">{name}</th><td>{_day(first)}</td><td>{_day(last)}</td>'
        f"<td>{_standing(standing)}</td><td>{safe(met_by)}</td></tr>"
    )


@lru_cache(maxsize=512)
def _table(lane: Lane) -> str:
    rows = [
        _row(one.label, one.href, one.opens_on, one.closes_on, one.standing, one.met_by or "") for one in lane.windows
    ]
    rows += [_row(one.reference, one.href, one.starts_on, one.ends_on, one.status) for one in lane.pins]
    rows += [_row(one.says or "Limit passed", "", one.since, one.until, "breached") for one in lane.breaches]
    name = f'<a href="{safe(lane.href)}">{safe(lane.reference)}</a>' if lane.href else safe(lane.reference)
    note = f": {safe(lane.note)}" if lane.note else ""
    return (
        f'<div class="table-frame" role="group" aria-label="{safe(lane.reference)}" tabindex="0"><table class="dense">'
        f"<caption>{name}, {safe(lane.title)}{note}</caption><thead><tr>{HEAD}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def put_in_words(band: Band) -> Markup:
    """The tables, lane by lane."""
    return finished([_table(lane) for lane in band.lanes])
