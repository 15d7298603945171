"""Erasing oneself: first what it will do, then the password, then it is done."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.operations import erasure, persons
from app.web.account.area import area
from app.web.account.forms import PasswordForm
from app.web.account.throttling import forgive_password
from app.web.forms import show_refusal
from app.work import Work


@area.form("/account/erase", needs=Permission.SIGNED_IN)
def erase(work: Work) -> ResponseReturnValue:
    """Everybody may erase themself, but not leave an organisation of others without an administrator."""
    form = PasswordForm()
    refused: tuple[Reason, ...] = ()
    what = erasure.preview(work, current_user.id)
    if form.validate_on_submit():
        try:
            persons.refuse_wrong_password(current_user.person, form.current.data)
            forgive_password(work)
            erasure.erase(work, current_user.id)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            session.clear()
            flash("Your account is erased. What you did stays in the records, under a number.", "success")
            return redirect(url_for("account.sign_in"), 303)
    page = render_template("account/erase.html", form=form, refused=refused, what=what)
    return page, 422 if form.is_submitted() else 200
