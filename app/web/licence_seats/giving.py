"""Check seats of a pool out to people and devices."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.licensing.metric import Metric
from app.domain.licensing.seat import Standing, standing_on, turning_days
from app.domain.permission import Permission
from app.models.licence import LicencePool
from app.operations import seats as operation
from app.operations.seats import Holders
from app.queries.pools import pools_with_seats, sites_named
from app.queries.seat_facts import held_of, supply_of
from app.queries.seats import Candidate, devices_for, people_for
from app.web.fields import DayField, TicksField, row_id
from app.web.forms import PageForm, show_refusal
from app.web.licence_seats.area import area
from app.web.pools.area import pool_or_404
from app.work import Work

_DAYS_SHOWN = 6


class CheckOutForm(PageForm):
    """Who is to have a seat, and from when until when."""

    holders = TicksField("Who", validate_choice=False)
    starts_on = DayField("From", validators=[InputRequired("Give the first day, as 2027-03-14.")])
    ends_on = DayField("Through", validators=[Optional()], description="The last day. Empty: until it is checked in.")
    note = StringField("Note", validators=[Length(max=200)])

    def offer(self, people: list[Candidate], devices: list[Candidate]) -> None:
        """Who may be chosen: each by the kind and the id, so that one list holds both."""
        self.holders.choices = [
            (f"{kind}{each.id}", _says(each)) for kind, some in (("p", people), ("d", devices)) for each in some
        ]

    @property
    def chosen(self) -> Holders:
        """Whoever was ticked; what names nobody is nobody's id."""
        ids: dict[str, list[int]] = {"p": [], "d": []}
        for said in self.holders.data or ():
            try:
                ids[said[:1]].append(row_id(said[1:]))
            except (KeyError, ValueError):
                ids["p"].append(-1)
        return Holders(ids["p"], ids["d"])


def _says(each: Candidate) -> str:
    held = ", holds a seat" if each.holds else ""
    return f"{each.name} ({', '.join(part for part in (each.says, each.site) if part)}{held})"


@area.form("/<reference>/check-out", needs=Permission.MANAGE_ASSETS)
def check_out(work: Work, reference: str) -> ResponseReturnValue:
    """Choose who is to have a seat, one or many; all get one, or none."""
    pool = pool_or_404(work, reference)
    text, site_id = request.args.get("q", "").strip()[:200], request.args.get("site", type=row_id)
    people, devices, more = _candidates(work, pool, text, site_id)
    form = CheckOutForm()
    form.offer(people, devices)
    page: dict[str, Any] = {
        "pool": pool,
        "form": form,
        "text": text,
        "site_id": site_id,
        "sites": sites_named(work),
        "more": more,
        "standings": _standings(work, pool),
    }
    if request.method == "GET":
        form.starts_on.data = work.today
        form.holders.data = request.args.getlist("holder")[:1]
        return render_template("licence_seats/check_out.html", **page)
    refused = None
    if form.validate():
        try:
            given = operation.check_out(
                work, pool.id, form.chosen, form.starts_on.data, form.ends_on.data, form.note.data or ""
            )
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            count = "1 seat is" if len(given) == 1 else f"{len(given)} seats are"
            flash(f"{count} checked out of {pool.name}.", "success")
            return redirect(url_for("licence_seats.index", pool=reference, standing="held"), 303)
    return render_template("licence_seats/check_out.html", **page, refused=refused), 422


def _candidates(
    work: Work, pool: LicencePool, text: str, site_id: int | None
) -> tuple[list[Candidate], list[Candidate], int]:
    """People and devices that may be chosen, and how many more there are than are shown."""
    people: list[Candidate] = []
    devices: list[Candidate] = []
    more = 0
    if pool.metric is not Metric.DEVICE:
        people, total = people_for(work, pool.id, text, site_id)
        more += total - len(people)
    # A subscription may be for devices too, which are many: they are shown when they are asked for.
    if pool.metric is Metric.DEVICE or (pool.metric is Metric.SUBSCRIPTION and (text or not people)):
        devices, total = devices_for(work, pool.id, text, site_id)
        more += total - len(devices)
    wanted = request.args.get("holder", "")
    if wanted:
        people.sort(key=lambda each: f"p{each.id}" != wanted)
        devices.sort(key=lambda each: f"d{each.id}" != wanted)
    return people, devices, more


def _standings(work: Work, pool: LicencePool) -> list[Standing]:
    """How many seats are entitled, held and free, today and on the days on which that changes."""
    bought, takers = supply_of(work, pool.id, pool.site_id)
    held = held_of(work, pool.id, work.today)
    found: list[Standing] = []
    for day in turning_days(bought, held, takers, work.today):
        standing = standing_on(day, bought, held, takers)
        if not found or (standing.entitled, standing.held) != (found[-1].entitled, found[-1].held):
            found.append(standing)
        if len(found) == _DAYS_SHOWN:
            break
    return found


@area.get("/check-out", needs=Permission.MANAGE_ASSETS)
def choose(work: Work) -> ResponseReturnValue:
    """Choose the pool whose seat is checked out, to somebody or something that the address may name."""
    holder = request.args.get("holder", "")[:20]
    return render_template(
        "licence_seats/choose.html",
        pools=pools_with_seats(work),
        holder=holder,
        name=request.args.get("name", "")[:200],
    )
