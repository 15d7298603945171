"""Members: the list, their roles, the end of a membership and its return, and erasing a person."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission, Role
from app.models.organisation import Membership
from app.operations import erasure, members, persons, throttle
from app.operations.conflict import ConflictError
from app.queries.members import invited, is_live, members_of
from app.queries.subscription_seats import kinds_by_person, kinds_free
from app.web.account.forms import PasswordForm
from app.web.account.throttling import forgive_password
from app.web.forms import PageForm, show_refusal
from app.web.members.area import area
from app.web.members.forms import RolesForm
from app.web.too_many import too_many
from app.work import Work


@area.get("", needs=Permission.MANAGE_MEMBERS)
def index(work: Work) -> ResponseReturnValue:
    """Everybody who belongs, belonged, or is invited."""
    rows = [(each, is_live(work, each)) for each in members_of(work)]
    return render_template(
        "members/index.html",
        rows=rows,
        invited=invited(work),
        zone=g.organisation.time_zone,
        own=g.membership.id,
        counts_seats=bool(kinds_free(work)),
        seats=kinds_by_person(work),
    )


@area.form("/<int:membership_id>", needs=Permission.MANAGE_MEMBERS)
def edit(work: Work, membership_id: int) -> ResponseReturnValue:
    """Change what a member is."""
    membership = _member(work, membership_id)
    form = RolesForm(
        roles=[role.value for role in membership.roles],
        access_until=membership.access_until,
        owns_system=membership.owns_system,
    )
    form.seen.data = form.seen.data or members.stamp_of(membership)
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            members.change_roles(
                work,
                membership_id,
                form.roles.roles,
                form.access_until.data,
                form.seen.data,
                owns_system=bool(form.owns_system.data),
            )
        except ConflictError as conflict:
            # What was typed stays; beside it stands how it is now, and saving once more decides.
            form.seen.data = members.stamp_of(conflict.now)
            now = ", ".join(role.label for role in Role if role in conflict.now.roles)
            now += ", owner of the management system" if conflict.now.owns_system else ""
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
    membership = _member(work, membership_id)
    form = PageForm()
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            membership = members.end(work, membership_id)
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(f"The membership of {membership.person.label} has ended.", "success")
            # Who ended their own has no members to look at any more.
            own = membership.person_id == current_user.id
            return redirect(url_for("portfolio.show" if own else "members.index"), 303)
    own = membership.person_id == current_user.id
    page = render_template("members/end.html", membership=membership, refused=refused, own=own)
    return page, 422 if form.is_submitted() else 200


@area.post("/<int:membership_id>/bring-back", needs=Permission.MANAGE_MEMBERS)
def bring_back(work: Work, membership_id: int) -> ResponseReturnValue:
    """Somebody who left comes back."""
    _member(work, membership_id)
    membership = members.bring_back(work, membership_id)
    flash(f"{membership.person.label} belongs again.", "success")
    return redirect(url_for("members.index"), 303)


@area.form("/<int:membership_id>/erase", needs=Permission.MANAGE_MEMBERS)
def erase(work: Work, membership_id: int) -> ResponseReturnValue:
    """Erase a person who belongs to no other organisation: first what it will do, then one's own password."""
    membership = _member(work, membership_id)
    form = PasswordForm()
    page: dict[str, Any] = {"membership": membership, "what": erasure.preview(work, membership.person_id)}
    try:
        erasure.refuse_by_administrator(work, membership.person_id)
    except RefusedError as refusal:
        return render_template("members/erase.html", **page, impossible=refusal.why), (
            422 if form.is_submitted() else 200
        )
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            persons.refuse_wrong_password(current_user.person, form.current.data)
            forgive_password(work)
            erasure.erase(work, membership.person_id)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{membership.person.label} takes the place of the name.", "success")
            return redirect(url_for("members.index"), 303)
    return render_template("members/erase.html", **page, form=form, refused=refused), (
        422 if form.is_submitted() else 200
    )


@area.before_request
def count() -> Response | None:
    """Count a password given before a person is erased, and refuse it where it is one too many."""
    if request.endpoint != "members.erase" or request.method != "POST" or not current_user.is_authenticated:
        return None
    until = throttle.spend(throttle.PASSWORD, str(current_user.id))
    return None if until is None else too_many(until)


def _member(work: Work, membership_id: int) -> Membership:
    try:
        return members.member(work, membership_id)
    except LookupError:
        abort(404)
