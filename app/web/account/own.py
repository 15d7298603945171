"""The account page: name, password, theme, and where one is signed in."""

from urllib.parse import urlsplit

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import notices, passwords, persons
from app.operations import sign_in as sign_ins
from app.web.account.area import area
from app.web.account.browser import name_of
from app.web.account.forms import ChangePasswordForm, NameForm
from app.web.account.session import arrive, keep_theme, safe_next, visitor_address, visitor_browser
from app.web.account.throttling import forgive_password
from app.web.forms import show_refusal
from app.work import Work


@area.form("/account/", needs=Permission.SIGNED_IN)
def show(work: Work) -> ResponseReturnValue:
    """The page, and the change of one's name."""
    form = NameForm(name=current_user.name)
    if form.validate_on_submit():
        try:
            persons.rename(work, current_user.id, form.name.data)
        except RefusedError as refusal:
            show_refusal(form, refusal)
        else:
            flash("Your name was changed.", "success")
            return redirect(url_for("account.show"), 303)
    zone = g.standings[0].organisation.time_zone if g.standings else "UTC"
    page = render_template(
        "account/show.html",
        form=form,
        live=sign_ins.live(work, current_user.id),
        current=current_user.sign_in_id,
        zone=zone,
        name_of=name_of,
    )
    return page, 422 if form.is_submitted() else 200


@area.form("/account/password", needs=Permission.SIGNED_IN, writes=False)
def password(work: Work) -> ResponseReturnValue:
    """A changed password signs every browser out; this one begins anew."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form), 422 if form.is_submitted() else 200
    person = current_user.person
    try:
        persons.refuse_wrong_password(person, form.current.data)
        passwords.refuse_unchanged(person.password_hash, form.password.data)
        passwords.refuse_weak(form.password.data, persons.known_of(person))
    except RefusedError as refusal:
        show_refusal(form, refusal)
        return render_template("account/password.html", form=form), 422
    kept, person_id = passwords.hash_password(form.password.data), person.id
    with work.writing() as writing:
        forgive_password(writing)
        changed = persons.set_password(writing, person_id, kept)
        notices.say_password_changed(writing, changed)
        begun = sign_ins.begin_for(
            writing, changed, address=visitor_address(), browser=visitor_browser(), second_step_done=True
        )
    response = arrive(begun, url_for("account.show"))
    flash("Your password was changed. Every other browser is signed out.", "success")
    return response


@area.post("/account/sign-ins/<int:sign_in_id>/end", needs=Permission.SIGNED_IN)
def end_sign_in(work: Work, sign_in_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    if not sign_ins.end(work, current_user.id, sign_in_id):
        abort(404)
    flash("That browser is signed out.", "success")
    return redirect(url_for("account.show"), 303)


@area.post("/account/sign-ins/end-others", needs=Permission.SIGNED_IN)
def end_other_sign_ins(work: Work) -> ResponseReturnValue:
    """Sign every other browser out."""
    count = sign_ins.end_all(work, current_user.id, keep=current_user.sign_in_id)
    words = "No other browser was signed in." if not count else "Every other browser is signed out."
    flash(words, "success")
    return redirect(url_for("account.show"), 303)


@area.post("/account/theme", needs=Permission.PUBLIC)
def theme(work: Work) -> ResponseReturnValue:
    """Light, dark or as the system has it; then back to the page it was chosen on."""
    chosen = request.form.get("theme", "")
    if chosen not in persons.THEMES:
        abort(400)
    if current_user.is_authenticated:
        persons.choose_theme(work, current_user.id, chosen)
    response: Response = make_response(redirect(safe_next(request.form.get("next")) or _came_from(), 303))
    keep_theme(response, chosen)
    return response


def _came_from() -> str:
    """The page of this site on which the form stood."""
    came = urlsplit(request.referrer or "")
    path = came.path + (f"?{came.query}" if came.query else "")
    own = came.netloc == request.host and safe_next(path)
    return own or url_for("portfolio.show")
