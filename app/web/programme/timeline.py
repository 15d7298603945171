"""Three years at a glance: a lane for each certificate, drawn by the server, and the same as a table."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.outputs.drawing import draw_band
from app.queries.programme import blackouts_between, count_certificates, lanes
from app.web.programme import area
from app.web.programme.asked import asked_page
from app.web.programme.drawing import band_of
from app.work import Work

LANES = 20
FIRST_YEAR, LAST_YEAR = 1990, 2090


@area.get("", needs=Permission.SEE_PROGRAMME)
def timeline(work: Work) -> ResponseReturnValue:
    """Three calendar years of all certificates, by pages of twenty."""
    year = _asked_year(work.today)
    first, last = date(year, 1, 1), date(year + 2, 12, 31)
    total = count_certificates(work)
    pages = max(1, -(-total // LANES))
    page = min(asked_page(), pages)
    found = lanes(work, first, last, offset=(page - 1) * LANES, limit=LANES)
    band = band_of(found, first, last, work.today, blackouts_between(work, first, last))
    return render_template(
        "programme/timeline.html", band=band, drawn=draw_band(band), year=year, page=page, pages=pages, total=total
    )


def _asked_year(today: date) -> int:
    """The first of the three years; the middle one is this year where nothing is asked."""
    text = request.args.get("from", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year - 1
    return min(max(asked, FIRST_YEAR), LAST_YEAR)
