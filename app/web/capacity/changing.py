"""Clusters recorded and named, hosts that join and leave, and guests that are placed, moved and taken off."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.dates import add_days
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import capacity
from app.queries.capacity import clusters, membership_by, placement_by
from app.web.capacity.area import area, cluster_or_404
from app.web.fields import DayField, JudgedField, seen_version
from app.web.forms import PageForm, show_refusal
from app.work import Work

_DAY = "Give the day, as 2027-03-14."


class ClusterForm(PageForm):
    """What a cluster is called."""

    name = StringField("Name", validators=[InputRequired("Give the cluster a name."), Length(max=120)])


class JoinForm(PageForm):
    """Which host joins, and from when."""

    host = StringField(
        "Host", validators=[InputRequired("Give the tag of the host."), Length(max=40)], description="Its tag."
    )
    on = DayField("From", validators=[InputRequired(_DAY)])


class EndForm(PageForm):
    """The last day."""

    ends_on = DayField("Last day", validators=[InputRequired(_DAY)])


class PlaceForm(PageForm):
    """Where a guest runs, and from when."""

    guest = StringField(
        "Virtual machine",
        validators=[InputRequired("Give the tag of the virtual machine."), Length(max=40)],
        description="Its tag.",
    )
    host = StringField(
        "Host", validators=[Optional(), Length(max=40)], description="The tag of the one host that it runs on."
    )
    cluster = JudgedField(
        "Or cluster", validators=[Optional()], description="Where the cluster moves it among its hosts by itself."
    )
    on = DayField("From", validators=[InputRequired(_DAY)], description="Where it ran before ends on the day before.")


@area.form("/clusters/new", needs=Permission.MANAGE_ASSETS)
def add_cluster(work: Work) -> ResponseReturnValue:
    """Record a cluster."""
    form = ClusterForm()
    return _save(
        form,
        "capacity/cluster_form.html",
        lambda: url_for("capacity.cluster", cluster_id=capacity.add_cluster(work, form.name.data).id),
        "The cluster is recorded.",
        cluster=None,
    )


@area.form("/clusters/<int:cluster_id>/rename", needs=Permission.MANAGE_ASSETS)
def rename(work: Work, cluster_id: int) -> ResponseReturnValue:
    """Give it another name."""
    cluster = cluster_or_404(work, cluster_id, for_update=request.method == "POST")
    form = ClusterForm(data={"name": cluster.name})

    def act() -> str:
        capacity.rename(work, cluster, form.name.data)
        return url_for("capacity.cluster", cluster_id=cluster_id)

    return _save(form, "capacity/cluster_form.html", act, "The name is changed.", cluster=cluster)


@area.form("/clusters/<int:cluster_id>/remove", needs=Permission.MANAGE_ASSETS)
def remove_cluster(work: Work, cluster_id: int) -> ResponseReturnValue:
    """Take away one that was recorded by mistake, asked once."""
    cluster = cluster_or_404(work, cluster_id, for_update=request.method == "POST")

    def act() -> str:
        capacity.remove_cluster(work, cluster)
        return url_for("capacity.index")

    return _save(PageForm(), "capacity/remove_cluster.html", act, f"{cluster.name} is removed.", cluster=cluster)


@area.form("/clusters/<int:cluster_id>/hosts/new", needs=Permission.MANAGE_ASSETS)
def join(work: Work, cluster_id: int) -> ResponseReturnValue:
    """Let a host join."""
    cluster = cluster_or_404(work, cluster_id)
    form = JoinForm(data={"on": work.today})

    def act() -> str:
        capacity.join(work, cluster, form.host.data, form.on.data)
        return url_for("capacity.cluster", cluster_id=cluster_id)

    return _save(form, "capacity/join.html", act, "The host has joined.", cluster=cluster)


@area.form("/clusters/<int:cluster_id>/hosts/<int:cluster_host_id>/end", needs=Permission.MANAGE_ASSETS)
def leave(work: Work, cluster_id: int, cluster_host_id: int) -> ResponseReturnValue:
    """Let a host leave."""
    membership = membership_by(work, cluster_id, cluster_host_id)
    if membership is None:
        abort(404)
    form = EndForm(data={"ends_on": max(add_days(work.today, -1), membership.starts_on)})

    def act() -> str:
        capacity.leave(work, membership, form.ends_on.data)
        return url_for("capacity.cluster", cluster_id=cluster_id)

    return _save(form, "capacity/leave.html", act, f"{membership.asset.tag} has left.", membership=membership)


@area.form("/place", needs=Permission.MANAGE_ASSETS)
def place(work: Work) -> ResponseReturnValue:
    """Place or move a guest."""
    form = PlaceForm(data={"on": work.today, "guest": request.args.get("guest", "")[:40]})
    form.cluster.choices = [("", "None: one host"), *((str(each.id), each.name) for each in clusters(work))]

    def act() -> str:
        placed = capacity.place(
            work,
            form.guest.data,
            host_tag=form.host.data or "",
            cluster_id=seen_version(form.cluster.data),
            on=form.on.data,
        )
        return url_for("capacity.guest", asset_id=placed.guest_id)

    return _save(form, "capacity/place.html", act, "Where it runs is recorded.")


@area.form("/placements/<int:placement_id>/end", needs=Permission.MANAGE_ASSETS)
def take_off(work: Work, placement_id: int) -> ResponseReturnValue:
    """End a placement: the guest runs nowhere from the day after."""
    placement = placement_by(work, placement_id)
    if placement is None:
        abort(404)
    form = EndForm(data={"ends_on": max(add_days(work.today, -1), placement.starts_on)})

    def act() -> str:
        capacity.take_off(work, placement, form.ends_on.data)
        return url_for("capacity.guest", asset_id=placement.guest_id)

    return _save(form, "capacity/take_off.html", act, "The placement has ended.", placement=placement)


def _save(form: PageForm, template: str, act: Callable[[], str], done: str, **page: Any) -> ResponseReturnValue:
    """Show the form, or do what it asks and go where that leads."""
    if request.method == "GET":
        return render_template(template, form=form, **page)
    if not form.validate():
        return render_template(template, form=form, **page), 422
    try:
        where = act()
    except RefusedError as refusal:
        return render_template(template, form=form, **page, refused=show_refusal(form, refusal)), 422
    flash(done, "success")
    return redirect(where, 303)
