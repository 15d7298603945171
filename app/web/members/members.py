"""Members: the list, their roles, the end of a membership and its return, and erasing a person."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission, Role
from app.models.organisation import Membership
from app.operations import erasure, members
from app.operations.conflict import ConflictError
from app.queries.members import invited, is_live, members_of
from app.web.forms import PageForm, show_refusal
from app.web.members.area import area
from app.web.members.forms import RolesForm
from app.work import Work


@area.get("", needs=Permission.MANAGE_MEMBERS)
def index(work: Work) -> ResponseReturnValue:
    """Everybody who belongs, belonged, or is invited."""
    rows = [(each, is_live(work, each)) for each in members_of(work)]
    return render_template(
        "members/index.html", rows=rows, invited=invited(work), zone=g.organisation.time_zone, own=g.membership.id
    )


@area.form("/<int:membership_id>", needs=Permission.MANAGE_MEMBERS)
def edit(work: Work, membership_id: int) -> ResponseReturnValue:
    """Change what a member is."""
    membership = _member(work, membership_id)
    form = RolesForm(roles=[role.value for role in membership.roles], access_until=membership.access_until)
    form.seen.data = form.seen.data or members.stamp_of(membership)
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            members.change_roles(work, membership_id, form.roles.roles, form.access_until.data, form.seen.data)
        except ConflictError as conflict:
            # What was typed stays; beside it stands how it is now, and saving once more decides.
            form.seen.data = members.stamp_of(conflict.now)
            now = ", ".join(role.label for role in Role if role in conflict.now.roles)
            refused = (*conflict.why, Reason(f"Now saved: {now}. Save once more to put yours in its place."))
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"The roles of {membership.person.label} were changed.", "success")
            return redirect(url_for("members.index"), 303)
    page = render_template(
        "members/edit.html", form=form, refused=refused, membership=membership, live=is_live(work, membership)
    )
    return page, 422 if form.is_submitted() else 200


@area.form("/<int:membership_id>/end", needs=Permission.MANAGE_MEMBERS)
def end(work: Work, membership_id: int) -> ResponseReturnValue:
    """End a membership, asked once."""
    return _confirmed(work, membership_id, members.end, "members/end.html", "The membership of {} has ended.")


@area.post("/<int:membership_id>/bring-back", needs=Permission.MANAGE_MEMBERS)
def bring_back(work: Work, membership_id: int) -> ResponseReturnValue:
    """Somebody who left comes back."""
    _member(work, membership_id)
    membership = members.bring_back(work, membership_id)
    flash(f"{membership.person.label} belongs again.", "success")
    return redirect(url_for("members.index"), 303)


@area.form("/<int:membership_id>/erase", needs=Permission.MANAGE_MEMBERS)
def erase(work: Work, membership_id: int) -> ResponseReturnValue:
    """Erase a person who belongs to no other organisation; first what it will do."""

    def erased(work: Work, membership_id: int) -> Membership:
        membership = members.member(work, membership_id)
        erasure.refuse_by_administrator(work, membership.person_id)
        erasure.erase(work, membership.person_id)
        return membership

    return _confirmed(work, membership_id, erased, "members/erase.html", "{} takes the place of the name.")


def _confirmed(
    work: Work, membership_id: int, act: Callable[[Work, int], Membership], template: str, done: str
) -> ResponseReturnValue:
    membership = _member(work, membership_id)
    what = erasure.preview(work, membership.person_id) if template == "members/erase.html" else None
    form = PageForm()
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            membership = act(work, membership_id)
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(done.format(membership.person.label), "success")
            return redirect(url_for("members.index"), 303)
    elif request.method == "GET" and template == "members/erase.html":
        try:
            erasure.refuse_by_administrator(work, membership.person_id)
        except RefusedError as refusal:
            return render_template(template, membership=membership, what=what, refused=refusal.why)
    page = render_template(template, membership=membership, what=what, refused=refused)
    return page, 422 if form.is_submitted() else 200


def _member(work: Work, membership_id: int) -> Membership:
    try:
        return members.member(work, membership_id)
    except LookupError:
        abort(404)
