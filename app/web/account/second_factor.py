"""Setting a second factor up, its recovery codes, and turning it off."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.operations import notices, persons
from app.operations import second_factor as factor
from app.web.account.area import area
from app.web.account.forms import CodeForm, PasswordForm
from app.web.account.throttling import forgive_password
from app.web.forms import show_refusal
from app.work import Work


@area.get("/account/second-factor", needs=Permission.SIGNED_IN)
def second_factor(work: Work) -> ResponseReturnValue:
    """How it stands; the gate sends everybody here whose organisation requires one."""
    return _page(work)


@area.post("/account/second-factor/begin", needs=Permission.SIGNED_IN)
def prepare_second_factor(work: Work) -> ResponseReturnValue:
    """Make the secret that the authenticator scans."""
    factor.prepare(work, current_user.id)
    return redirect(url_for("account.second_factor", for_=request.args.get("for_")), 303)


@area.post("/account/second-factor/confirm", needs=Permission.SIGNED_IN)
def confirm_second_factor(work: Work) -> ResponseReturnValue:
    """A first code turns it on."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(work, code=form), 422
    try:
        codes = factor.confirm(work, current_user.id, form.code.data)
    except RefusedError as refusal:
        return _page(work, code=form, refused=show_refusal(form, refusal)), 422
    forgive_password(work)
    notices.say_second_factor(work, current_user.person, on=True)
    return _codes(codes)


@area.post("/account/second-factor/codes", needs=Permission.SIGNED_IN)
def renew_codes(work: Work) -> ResponseReturnValue:
    """New recovery codes, for the password."""
    form = PasswordForm(prefix="codes")
    if not form.validate_on_submit():
        return _page(work, codes=form), 422
    try:
        persons.refuse_wrong_password(current_user.person, form.current.data)
        forgive_password(work)
        return _codes(factor.renew_codes(work, current_user.id))
    except RefusedError as refusal:
        return _page(work, codes=form, refused=show_refusal(form, refusal)), 422


@area.post("/account/second-factor/off", needs=Permission.SIGNED_IN)
def turn_off_second_factor(work: Work) -> ResponseReturnValue:
    """Turn it off, for the password."""
    form = PasswordForm(prefix="off")
    if not form.validate_on_submit():
        return _page(work, off=form), 422
    try:
        persons.refuse_wrong_password(current_user.person, form.current.data)
        factor.turn_off(work, current_user.id)
    except RefusedError as refusal:
        return _page(work, off=form, refused=show_refusal(form, refusal)), 422
    forgive_password(work)
    notices.say_second_factor(work, current_user.person, on=False)
    flash("Your second factor is off.", "success")
    return redirect(url_for("account.second_factor"), 303)


def _page(
    work: Work,
    code: CodeForm | None = None,
    codes: PasswordForm | None = None,
    off: PasswordForm | None = None,
    refused: tuple[Reason, ...] = (),
) -> str:
    person = current_user.person
    picture = None
    if person.totp_confirmed_at is None and person.totp_secret is not None:
        # Black on white in both themes: cameras do not read it the other way round.
        picture = segno.make(factor.provisioning_uri(person), error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return render_template(
        "account/second_factor.html",
        person=person,
        picture=picture,
        secret=_in_fours(person.totp_secret or ""),
        left=factor.codes_left(work, person.id),
        requiring=factor.requiring(work, person.id),
        code=code or CodeForm(formdata=None),
        codes=codes or PasswordForm(formdata=None, prefix="codes"),
        off=off or PasswordForm(formdata=None, prefix="off"),
        refused=refused,
    )


def _codes(codes: list[str]) -> ResponseReturnValue:
    """Shown in the answer itself and not after a redirect, so that nothing has to keep them in between."""
    return render_template("account/recovery_codes.html", codes=codes)


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
