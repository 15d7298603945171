"""The built-in mail viewer: every mail that Triennium wrote, for whoever sits at the machine itself."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.outbox import mail_of, recent_mails
from app.web.dev_mail.showing import linked, restyled, standing
from app.web.gate import Area
from app.work import Work, now_utc
from config import LOOPBACK, Settings

area = Area("dev_mail", __name__, url_prefix="/dev/mail", of_organisation=False)
area.add_app_template_filter(linked, "linked")

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""Headers of a proxy: what came through one came from elsewhere, whatever its last step."""


@area.before_request
def only_at_this_machine() -> None:
    """Whoever opens the viewer can read every mail: it is there only where it was asked for, and only from here."""
    if not is_shown_here():
        abort(404)


def is_shown_here() -> bool:
    """Whether the viewer answers this visitor."""
    settings: Settings = current_app.extensions["settings"]
    # A page elsewhere may point a name of its own at this machine: only the names people use here are answered.
    named = urlsplit(f"//{request.host}").hostname
    if not settings.mail_viewer or named not in (*LOOPBACK, urlsplit(settings.public_url).hostname):
        return False
    return not any(name in request.headers for name in FORWARDED) and _is_loopback(request.remote_addr)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


@area.get("/", needs=Permission.PUBLIC)
def index(work: Work) -> ResponseReturnValue:
    """The mails, newest first."""
    mails = [(mail, standing(mail, now_utc())) for mail in recent_mails(work)]
    return render_template("dev_mail/index.html", mails=mails)


@area.get("/<int:mail_id>", needs=Permission.PUBLIC)
def show(work: Work, mail_id: int) -> ResponseReturnValue:
    """One mail as text, its links clickable."""
    mail = mail_of(work, mail_id) or abort(404)
    return render_template("dev_mail/show.html", mail=mail, standing=standing(mail, now_utc()))


@area.get("/<int:mail_id>/page", needs=Permission.PUBLIC)
def page(work: Work, mail_id: int) -> ResponseReturnValue:
    """The mail as mail programs show it, its inline styles moved to a sheet: the policy stays strict."""
    mail = mail_of(work, mail_id) or abort(404)
    return restyled(mail.html, mail_id)[0]


@area.get("/<int:mail_id>/page.css", needs=Permission.PUBLIC)
def page_style(work: Work, mail_id: int) -> ResponseReturnValue:
    """The styles of one mail."""
    mail = mail_of(work, mail_id) or abort(404)
    return _as(restyled(mail.html, mail_id)[1], "text/css")


@area.get("/<int:mail_id>/invitation.ics", needs=Permission.PUBLIC)
def calendar(work: Work, mail_id: int) -> ResponseReturnValue:
    """The calendar entry that a mail brings."""
    mail = mail_of(work, mail_id) or abort(404)
    if not mail.calendar:
        abort(404)
    response = _as(mail.calendar, "text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=invitation.ics"
    return response


def _as(text: str, kind: str) -> Response:
    response = make_response(text)
    response.mimetype = kind
    return response
