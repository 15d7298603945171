"""A forgotten password: a mail with an address that sets it anew, once and within the hour."""

import time

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import notices, passwords, persons, sign_in, throttle
from app.web.account.area import area
from app.web.account.forms import ForgottenForm, NewPasswordForm
from app.web.account.session import arrive, visitor_address, visitor_browser
from app.web.forms import show_refusal
from app.work import Work

ANSWER_AFTER = 0.3
"""Seconds that the answer takes at least, so that it takes as long for an unknown address as for a known one."""


@area.form("/account/forgotten", needs=Permission.PUBLIC, writes=False)
def forgotten(work: Work) -> ResponseReturnValue:
    """The answer is the same for everybody; who has an account also gets a mail."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        sent = request.method == "GET" and "sent" in request.args
        return render_template("account/forgotten.html", form=form, sent=sent), 422 if form.is_submitted() else 200
    began = time.monotonic()
    with work.writing() as writing:
        person = persons.person_by_email(writing, form.email.data)
        if person is not None:
            writing.actor_id = person.id
            notices.send_reset(writing, person, persons.begin_reset(writing, person))
    time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
    return redirect(url_for("account.forgotten", sent=""), 303)


@area.form("/account/reset/<token>", needs=Permission.PUBLIC, writes=False)
def reset(work: Work, token: str) -> ResponseReturnValue:
    """A new password ends every sign-in of the person; this browser begins a fresh one."""
    person = persons.live_reset(work, token)
    if person is None:
        return render_template("account/reset_gone.html"), 410
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("account/reset.html", form=form), 422 if form.is_submitted() else 200
    try:
        passwords.refuse_weak(form.password.data, persons.known_of(person))
    except RefusedError as refusal:
        show_refusal(form, refusal)
        return render_template("account/reset.html", form=form), 422
    person_id, kept = person.id, passwords.hash_password(form.password.data)
    with work.writing(person_id) as writing:
        changed = persons.reset_password(writing, token, kept)
        if changed is not None:
            throttle.forgive(writing, throttle.SIGN_IN, changed.email or "")
            notices.say_password_changed(writing, changed)
            begun = sign_in.begin_for(writing, changed, address=visitor_address(), browser=visitor_browser())
    if changed is None:
        return render_template("account/reset_gone.html"), 410
    return arrive(begun, None)
