"""Check seats out: choose a pool, tick one or many, for some days."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.licence import LicencePool
from app.operations import seats as operation
from app.queries.asset_page import asset_by_id, open_sites
from app.queries.employees import employee_by_id
from app.queries.pools import pool_by
from app.queries.seat_facts import supplies_of
from app.queries.seats import holders_for, pools_with_seats
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.licence_seats.area import area, holder_url, pool_url
from app.web.licence_seats.forms import CheckOutForm, readable
from app.work import Work

SHOWN = 100


@area.get("/check-out", needs=Permission.MANAGE_ASSETS)
def choose(work: Work) -> ResponseReturnValue:
    """The pools that give out seats, with what is free today; for a person or a device, those that can be theirs."""
    person, device = request.args.get("person", type=row_id), request.args.get("device", type=row_id)
    holder: Any = None
    key, back = None, url_for("licence_seats.index")
    if person is not None:
        holder, key = employee_by_id(work, person), f"person-{person}"
    elif device is not None:
        holder, key = asset_by_id(work, device), f"device-{device}"
    if key is not None:
        if holder is None:
            abort(404)
        back = holder_url(person, device if person is None else None)
    pools = pools_with_seats(work, people=person is not None, devices=device is not None and person is None)
    supplies = supplies_of(work, pools, work.today)
    return render_template(
        "licence_seats/choose.html",
        pools=[(pool, supplies[pool.id].on(work.today)) for pool in pools],
        holder=holder,
        key=key,
        back=back,
    )


@area.form("/check-out/<reference>", needs=Permission.MANAGE_ASSETS)
def check_out(work: Work, reference: str) -> ResponseReturnValue:
    """Tick who gets a seat of one pool; what is free is shown, day by day on which it changes."""
    pool = pool_by(work, reference)
    if pool is None:
        abort(404)
    form = CheckOutForm()
    if request.method == "GET":
        form.holders.data = [key for key in request.args.getlist("holders") if readable(key)][:SHOWN]
        form.starts_on.data = work.today
        supply = supplies_of(work, [pool], work.today)[pool.id]
        form.ends_on.data = supply.free_until(work.today, max(len(form.ticked), 1))
        if form.ends_on.data is not None:
            form.ends_on.description = f"{form.ends_on.description} Proposed: through it, a seat is entitled and free."
        return _page(work, pool, form)
    if _asks_for_others():
        # Only the list is asked for anew; what is ticked stays ticked.
        form.process(request.form)
        return _page(work, pool, form)
    if not form.validate():
        return _page(work, pool, form, status=422)
    try:
        made = operation.check_out(
            work, pool.id, form.asked_holders, form.starts_on.data, form.ends_on.data, form.note.data or ""
        )
    except RefusedError as refusal:
        return _page(work, pool, form, refused=show_refusal(form, refusal), status=422)
    says = "1 seat is" if len(made) == 1 else f"{len(made)} seats are"
    flash(f"{says} checked out of {pool.reference} {pool.name}.", "success")
    return redirect(url_for("licence_seats.index", pool=pool.id, day=form.starts_on.data.isoformat()), 303)


def _finds() -> str:
    """What the list of those who can have a seat is narrowed to."""
    return f"{request.values.get('site', '').strip()}/{request.values.get('q', '').strip()[:200]}"


def _asks_for_others() -> bool:
    """Whether another list is asked for: by its button, or with the key Enter once what is to be found has changed."""
    said = request.form
    return bool(said.get("narrow")) or (bool(said.get("enter")) and said.get("found", "") != _finds())


def _page(
    work: Work, pool: LicencePool, form: CheckOutForm, *, refused: Any = (), status: int = 200
) -> tuple[str, int]:
    text = request.values.get("q", "").strip()[:200]
    site_id = request.values.get("site", type=row_id)
    ticked = form.ticked
    rows, total = holders_for(work, pool, text, site_id, ticked, most=SHOWN)
    day = form.starts_on.data or work.today
    supply = supplies_of(work, [pool], min(day, work.today))[pool.id]
    page = render_template(
        "licence_seats/check_out.html",
        pool=pool,
        pool_url=pool_url(pool.reference),
        form=form,
        refused=refused,
        rows=rows,
        ticked=ticked,
        total=total,
        found=_finds(),
        text=text,
        site_id=site_id,
        sites=[] if pool.site_id is not None else open_sites(work, site_id),
        now=supply.on(day),
        ahead=supply.ahead(day),
        gives=pool.metric.seats_people or pool.metric.seats_devices,
    )
    return page, status
