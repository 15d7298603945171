"""Who is suspended first where there are too few: the order shown, and changed beforehand."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.seats import SeatKind, replaced
from app.operations import subscription_seats as operation
from app.queries.seat_pages import PAGE, Holder, holders
from app.queries.subscription_seats import suspensions
from app.web.fields import asked_page, row_id
from app.web.forms import PageForm
from app.web.subscription_seats.area import KIND, area
from app.web.subscription_seats.forms import TYPED
from app.work import Work


@area.form(f"/{KIND}/order", needs=Permission.MANAGE_SEATS)
def order(work: Work, word: str) -> ResponseReturnValue:
    """The line, fifty a page: whoever is given another number moves there, and the others close up.

    Who came from a pool that is being changed goes back to it, with what they had typed.
    """
    kind = SeatKind(word)
    if request.method == "POST":
        # What is read from now on is what is saved.
        operation.hold(work)
    line = holders(work, kind)
    form = PageForm()
    if request.method == "GET":
        return _page(work, kind, line, form)
    typed = {each.row.id: request.form.get(f"place-{each.row.id}", str(each.place)).strip() for each in line}
    if not form.validate():
        return _page(work, kind, line, form, typed=typed, status=422)
    try:
        if request.form.get("seen") != stamp_of(line):
            raise RefusedError("The order was changed by somebody else meanwhile. Look at it again.")
        operation.reorder(work, kind, _wanted(line, typed))
    except RefusedError as refusal:
        return _page(work, kind, line, form, typed=typed, refused=refusal.why, status=422)
    flash("The order is saved.", "success")
    pool = _pool_being_changed()
    return redirect(pool or url_for("subscription_seats.order", word=word, page=asked_page()), 303)


def _typed() -> dict[str, Any]:
    return {name: request.args[name] for name in TYPED if name in request.args}


def _pool_being_changed() -> str | None:
    """The address of the form that led here, filled in as it was."""
    pool_id = request.args.get("pool", type=row_id)
    return url_for("subscription_seats.change_pool", pool_id=pool_id, **_typed()) if pool_id is not None else None


def stamp_of(line: Sequence[Holder]) -> str:
    """What the form carries of the order that it was filled in for."""
    return hashlib.sha256(" ".join(str(each.row.id) for each in line).encode()).hexdigest()[:16]


def _wanted(line: Sequence[Holder], typed: dict[int, str]) -> list[int]:
    """The ids in the order that is asked for."""
    moved: dict[int, int] = {}
    for each in line:
        said = typed[each.row.id]
        if said == str(each.place):
            continue
        if not (said.isascii() and said.isdecimal() and len(said) < 7 and 1 <= int(said) <= len(line)):
            raise RefusedError(f"{each.row.person.label}: give a number from 1 to {len(line)}.")
        moved[each.row.id] = int(said)
    return replaced([each.row.id for each in line], moved)


def _page(
    work: Work,
    kind: SeatKind,
    line: Sequence[Holder],
    form: PageForm,
    *,
    typed: dict[int, str] | None = None,
    refused: Sequence[Reason] = (),
    status: int = 200,
) -> tuple[str, int]:
    pages = max(1, -(-len(line) // PAGE))
    page = min(asked_page(), pages)
    shown = render_template(
        "subscription_seats/order.html",
        kind=kind,
        form=form,
        rows=line[(page - 1) * PAGE : page * PAGE],
        turning=suspensions(work, kind),
        typed=typed or {},
        seen=stamp_of(line),
        refused=refused,
        total=len(line),
        page=page,
        pages=pages,
        back=_pool_being_changed() or url_for("subscription_seats.show", word=kind.value),
        link=lambda number: url_for(
            "subscription_seats.order", word=kind.value, page=number, pool=request.args.get("pool"), **_typed()
        ),
    )
    return shown, status
