"""An invitation is accepted at its mailed address: by a new person, or by one who has an account already."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import invitations, passwords, sign_in
from app.operations.invitations import Offer
from app.web.account.area import area
from app.web.account.forms import JoinForm
from app.web.account.session import arrive, visitor_address, visitor_browser
from app.web.forms import show_refusal
from app.work import Work


@area.form("/account/invitation/<token>", needs=Permission.PUBLIC, writes=False)
def accept_invitation(work: Work, token: str) -> ResponseReturnValue:
    """Who has an account signs in and joins; who has none makes one."""
    offer = invitations.offer(work, token)
    if offer is None:
        return _gone()
    if offer.person_id is None and not current_user.is_authenticated:
        return _join_anew(work, token, offer)
    mine = current_user.is_authenticated and current_user.id == offer.person_id
    if not mine or request.method != "POST":
        status = 403 if request.method == "POST" else 200
        return render_template("account/invitation.html", offer=offer, token=token, mine=mine), status
    with work.writing() as writing:
        accepted = invitations.accept(writing, token, current_user.id)
    if accepted is None:
        return _gone()
    flash(f"You belong to {accepted.organisation} now.", "success")
    return redirect(url_for("portfolio.show"), 303)


def _join_anew(work: Work, token: str, offer: Offer) -> ResponseReturnValue:
    form = JoinForm(name=offer.name)
    if not form.validate_on_submit():
        page = render_template("account/invitation_new.html", offer=offer, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        passwords.refuse_weak(form.password.data, (form.name.data, offer.email, offer.organisation))
        kept = passwords.hash_password(form.password.data)
        with work.writing() as writing:
            person = invitations.accept_as_new(writing, token, name=form.name.data, password_hash=kept)
            if person is not None:
                begun = sign_in.begin_for(writing, person, address=visitor_address(), browser=visitor_browser())
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("account/invitation_new.html", offer=offer, form=form, refused=refused), 422
    except IntegrityError:
        # The same email address made an account by another invitation at this very moment: it signs in, and joins.
        return redirect(url_for("account.accept_invitation", token=token), 303)
    if person is None:
        return _gone()
    response = arrive(begun, None)
    flash(f"You belong to {offer.organisation} now.", "success")
    return response


def _gone() -> ResponseReturnValue:
    return render_template("account/invitation_gone.html"), 410
