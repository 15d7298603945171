"""The cookie of a browser: what it holds when somebody arrives, and where they may be sent from there."""

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request, session, url_for
from flask_login import current_user, login_user

from app.operations import sign_in
from app.operations.persons import THEMES
from app.operations.sign_in import Begun
from app.web.identity import visitor_of
from app.work import Work

WAITING = "waiting"
NEXT = "next"
YEAR = 365 * 24 * 60 * 60


def safe_next(wanted: str | None) -> str | None:
    """An address of this site to go on to; None for every other, however it is disguised."""
    # Browsers read a backslash as a slash, and leave out control characters and blanks.
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return None
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return wanted if not parts.scheme and not parts.netloc else None


def home() -> str:
    """Where somebody goes who named no page."""
    return url_for("portfolio.show")


def visitor_address() -> str:
    """The network address, for the person's own list of sign-ins."""
    return request.remote_addr or ""


def visitor_browser() -> str:
    """What the browser calls itself."""
    return request.user_agent.string


def end_current(work: Work) -> None:
    """End the session that this browser has, before it gets another."""
    if current_user.is_authenticated:
        sign_in.end(work, current_user.id, current_user.sign_in_id)


def arrive(begun: Begun, target: str | None) -> Response:
    """Take a sign-in into the cookie; nothing of what the browser brought along outlives it."""
    session.clear()
    if not begun.is_complete:
        session[WAITING] = begun.token
        if target:
            session[NEXT] = target
        return make_response(redirect(url_for("account.second_step"), 303))
    login_user(visitor_of(begun.sign_in, begun.token))
    session.permanent = True
    response = make_response(redirect(target or home(), 303))
    if begun.sign_in.person.theme != "system":
        keep_theme(response, begun.sign_in.person.theme)
    return response


def keep_theme(response: Response, theme: str) -> None:
    """The theme goes by a cookie, so that signed-out pages have it too."""
    if theme in THEMES and theme != request.cookies.get("theme", "system"):
        response.set_cookie(
            "theme", theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
        )


__all__ = [
    "NEXT",
    "WAITING",
    "arrive",
    "end_current",
    "home",
    "keep_theme",
    "safe_next",
    "visitor_address",
    "visitor_browser",
]
