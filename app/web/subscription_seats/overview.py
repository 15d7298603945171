"""How the seats stand: all kinds, one kind with its people, pools and use by day, and the same as a file."""

from datetime import date

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_months
from app.domain.permission import Permission
from app.domain.subscription.seats import Level, SeatKind
from app.outputs.drawing.stand import Stand, draw_stand
from app.queries.seat_pages import (
    MONTHS,
    PAGE,
    all_lines,
    kind_now,
    kind_page,
    lacked_kinds,
    own_standing,
    person_by,
    say_standing,
)
from app.queries.subscription_seats import history_of, suspensions
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.subscription_seats.area import KIND, area
from app.work import Work

HEAD = ("Kind", "Name", "Email address", "From", "Released on", "Stands", "Suspended from", "Assigned by")


@area.get("", needs=Permission.MANAGE_SEATS)
def index(work: Work) -> ResponseReturnValue:
    """Every kind in a line: owned, assigned, free, and when more will be needed."""
    return render_template("subscription_seats/index.html", kinds=[kind_now(work, kind) for kind in SeatKind])


@area.get(f"/{KIND}", needs=Permission.MANAGE_SEATS)
def show(work: Work, word: str) -> ResponseReturnValue:
    """One kind: who has a seat, who waits, the pools, and use by day."""
    kind = SeatKind(word)
    found = kind_page(work, kind)
    text = request.args.get("q", "").strip()[:200]
    rows = [each for each in found.holders if text.casefold() in each.row.person.label.casefold()]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(asked_page(), pages)
    since, until = add_months(work.today, -MONTHS), add_months(work.today, MONTHS)
    return render_template(
        "subscription_seats/show.html",
        found=found,
        now=found.now,
        kind=kind,
        turning=suspensions(work, kind),
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        page=page,
        pages=pages,
        text=text,
        link=lambda number: url_for("subscription_seats.show", word=word, q=text or None, page=number),
        drawn=_drawn(found.use, since, until, work.today) if found.now.is_recorded else None,
        months=MONTHS,
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.MANAGE_SEATS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """Every seat that anybody has or had, as a file."""
    lines = (line for kind in SeatKind for line in all_lines(work, kind))
    return sheet_response(work, "subscription-seats", sheet, "Seats", HEAD, lines)


@area.get("/people/<int:person_id>", needs=Permission.MANAGE_SEATS)
def person(work: Work, person_id: int) -> ResponseReturnValue:
    """Every seat that a person has or had, and what they wait for."""
    found = person_by(work, person_id)
    if found is None:
        abort(404)
    turning = {id_: day for kind in SeatKind for id_, day in suspensions(work, kind).items()}
    rows = [(row, say_standing(row, turning.get(row.id), work.today)) for row in history_of(work, person_id)]
    return render_template(
        "subscription_seats/person.html",
        person=found,
        rows=rows,
        turning=turning,
        lacks=lacked_kinds(work, person_id),
        waits=[each for each in (own_standing(work, kind, person_id) for kind in SeatKind) if each.place],
    )


def _drawn(use: list[Level], since: date, until: date, today: date) -> str:
    """Owned as a line, assigned as dashes, and what is assigned beyond what is owned filled."""
    stands = [Stand(each.day, each.owned, each.assigned, each.effective) for each in use if since <= each.day < until]
    last = use[-1]
    ends = Stand(until, last.owned, last.assigned, last.effective)
    return draw_stand([*stands, ends], today, "Owned and assigned")
