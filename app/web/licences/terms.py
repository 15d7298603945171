"""The terms of the entitlements that count on a day, each held against what the register knows."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.licence_notices import terms_on
from app.web.fields import asked_page
from app.web.licences.area import area, asked_day
from app.work import Work

PAGE = 50


@area.get("/terms", needs=Permission.SEE_ASSETS)
def terms(work: Work) -> ResponseReturnValue:
    """What is not kept first, then what is to be checked by hand, then what is kept."""
    day = asked_day(work)
    found = sorted(terms_on(work, day.on), key=lambda each: (not each.finding.is_violated, each.finding.is_checked))
    pages = max(1, -(-len(found) // PAGE))
    page = min(asked_page(), pages)
    shown = render_template(
        "licences/terms.html",
        found=found[(page - 1) * PAGE : page * PAGE],
        total=len(found),
        broken=sum(1 for each in found if each.finding.is_violated),
        by_hand=sum(1 for each in found if not each.finding.is_checked),
        day=day,
        page=page,
        pages=pages,
        link=lambda number: url_for("licences.terms", on=day.on.isoformat(), page=number),
    )
    return shown, 422 if day.fault else 200
