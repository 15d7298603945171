"""Signing in, the second step of it, and signing out."""

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.demonstration.cast import PASSWORD, SIGN_INS
from app.domain.permission import Permission
from app.operations import second_factor, throttle
from app.operations import sign_in as sign_ins
from app.operations.persons import locked, person_by_email
from app.web.account.area import area
from app.web.account.forms import CodeForm, SignInForm
from app.web.account.session import (
    NEXT,
    WAITING,
    arrive,
    end_current,
    home,
    safe_next,
    visitor_address,
    visitor_browser,
)
from app.web.dev_mail import is_shown_here
from app.work import Work
from config import Settings

WRONG = "The email address or the password is wrong."
"""Never which of the two: it would tell strangers who has an account."""


def _page(work: Work, form: SignInForm) -> str:
    return render_template("account/sign_in.html", form=form, shown=_demonstration(work), word=PASSWORD)


def _demonstration(work: Work) -> tuple[tuple[str, str], ...]:
    """The sign-ins of the demonstration, where it is loaded, for whoever may read every mail here anyhow."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.demonstration or not is_shown_here():
        return ()
    return SIGN_INS if person_by_email(work, SIGN_INS[0][0]) is not None else ()


@area.form("/sign-in", needs=Permission.PUBLIC, writes=False)
def sign_in(work: Work) -> ResponseReturnValue:
    """The password is verified before the transaction that writes: it takes long, and would hold up everybody."""
    form = SignInForm()
    target = safe_next(request.values.get("next"))
    if current_user.is_authenticated and request.method != "POST":
        return redirect(target or home(), 303)
    form.next.data = target or ""
    if not form.validate_on_submit():
        return render_template(
            "account/sign_in.html", form=form, shown=_demonstration(work), word=PASSWORD
        ), 422 if form.is_submitted() else 200
    proof = sign_ins.prove(work, form.email.data, form.password.data)
    if proof is not None:
        with work.writing(proof.person_id) as writing:
            end_current(writing)
            begun = sign_ins.begin(writing, proof, address=visitor_address(), browser=visitor_browser())
            throttle.give_back(writing, throttle.ADDRESS, throttle.network_of(request.remote_addr))
        if begun is not None:
            return arrive(begun, target)
    form.password.errors = [WRONG]
    return _page(work, form), 422


@area.form("/sign-in/second-step", needs=Permission.PUBLIC)
def second_step(work: Work) -> ResponseReturnValue:
    """A code of the authenticator, or one of the recovery codes."""
    row = sign_ins.waiting(work, session.get(WAITING))
    if row is None:
        flash("The second step took too long. Sign in once more.", "warning")
        return redirect(url_for("account.sign_in", next=safe_next(session.get(NEXT))), 303)
    form = CodeForm()
    if form.validate_on_submit():
        work.actor_id = row.person_id
        taken = second_factor.take(work, row.person_id, form.code.data)
        if taken is not None:
            throttle.forgive(work, throttle.SECOND_STEP, str(row.person_id))
            throttle.give_back(work, throttle.ADDRESS, throttle.network_of(request.remote_addr))
            target = safe_next(session.get(NEXT))
            row.person = locked(work, row.person_id)
            response = arrive(sign_ins.complete(work, row), target)
            if taken == "recovery-code":
                left = second_factor.codes_left(work, row.person_id)
                flash(f"That recovery code is used up; {left} are left. Your account page makes new ones.", "warning")
            return response
        form.code.errors = [second_factor.WRONG]
    return render_template("account/second_step.html", form=form), 422 if form.is_submitted() else 200


@area.post("/sign-out", needs=Permission.PUBLIC)
def sign_out(work: Work) -> ResponseReturnValue:
    """The session ends on the server, not only in this browser."""
    end_current(work)
    session.clear()
    flash("You are signed out.", "success")
    return make_response(redirect(url_for("account.sign_in"), 303))
