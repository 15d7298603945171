"""The gate: every route names the permission it needs, and no view runs before it was checked.

A view takes the `Work` first. The gate takes the organisation from the address, asks whether the visitor is signed in,
a member, permitted, in this order, opens the work, and commits it once where the answer is a success.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, g, make_response, redirect, request, url_for
from flask import session as browser
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.journal_seen import unseen_by
from app.domain.permission import Permission, Role
from app.extensions import db
from app.operations.verdicts import refresh_stale
from app.queries.audit_guests import days_of
from app.queries.signals import signals_of
from app.web.identity import Standing
from app.work import Work, begin
from app.work.unit import close_work, open_work

View = Callable[..., Any]
Decorator = Callable[[View], View]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NEEDS = "_needs"
LAST_PLACE = "last_place"
"""Where the session keeps which organisation the visitor last looked at."""

LARGEST_ID = 2**31 - 1

PUBLIC_BY_NAME = frozenset({"static"})
"""Endpoints of Flask itself that everybody may reach."""


class Area(Blueprint):
    """A part of the site. Its routes name the permission that they need, or the module does not import."""

    def __init__(self, name: str, import_name: str, *, url_prefix: str = "", of_organisation: bool = True) -> None:
        prefix = f"/o/<slug>{url_prefix}" if of_organisation else url_prefix
        super().__init__(name, import_name, url_prefix=prefix or None)
        self.of_organisation = of_organisation

    def route(self, rule: str, *, needs: Permission, writes: bool | None = None, **options: Any) -> Decorator:  # type: ignore[override]
        """Register a view behind the permission it needs.

        `writes` says that a safe method writes all the same, or that an unsafe one does not.
        """
        if self.of_organisation and needs in (Permission.PUBLIC, Permission.SIGNED_IN):
            raise ValueError(f"{rule}: a page of an organisation needs more than being {needs.value}")
        if not self.of_organisation and needs not in (Permission.PUBLIC, Permission.SIGNED_IN):
            raise ValueError(f"{rule}: {needs.value} is asked of a member, and this page is of no organisation")

        def decorate(view: View) -> View:
            guarded = _guard(view, needs, writes, self.of_organisation)
            setattr(guarded, _NEEDS, needs)
            super(Area, self).route(rule, **options)(guarded)
            return view

        return decorate

    def get(self, rule: str, *, needs: Permission, **options: Any) -> Decorator:  # type: ignore[override]
        """A page."""
        return self.route(rule, needs=needs, methods=["GET"], **options)

    def post(self, rule: str, *, needs: Permission, **options: Any) -> Decorator:  # type: ignore[override]
        """An act."""
        return self.route(rule, needs=needs, methods=["POST"], **options)

    def form(self, rule: str, *, needs: Permission, **options: Any) -> Decorator:
        """A page with a form that is sent back to itself."""
        return self.route(rule, needs=needs, methods=["GET", "POST"], **options)


def _guard(view: View, needs: Permission, writes: bool | None, of_organisation: bool) -> View:
    @wraps(view)
    def guarded(**arguments: Any) -> Response:
        _refuse_unreadable(arguments)
        session = cast(Session, db.session())
        writing = writes if writes is not None else request.method not in SAFE
        begin(session, writes=writing)
        try:
            visitor = current_user._get_current_object()
            if needs is not Permission.PUBLIC and not visitor.is_authenticated:
                return _to_sign_in()
            person_id = visitor.id if visitor.is_authenticated else None
            g.standings = visitor.standings if person_id is not None else ()
            if of_organisation:
                standing = _enter(arguments.pop("slug"), needs)
                if standing.organisation.requires_second_factor and not visitor.has_second_factor:
                    return make_response(
                        redirect(url_for("account.second_factor", for_=standing.organisation.slug), 303)
                    )
                g.organisation, g.permissions = standing.organisation, standing.permissions
                g.membership = standing.membership
                if browser.get(LAST_PLACE) != standing.organisation.slug:
                    browser[LAST_PLACE] = standing.organisation.slug
                zone = standing.organisation.time_zone
                opened = open_work(session, standing.organisation.id, person_id, time_zone=zone, writes=writing)
                if Role.ASSESSOR in standing.membership.roles:
                    days = days_of(opened, visitor.id)
                    g.guest_at, g.guest_for_days = days.open_until, days.bound
                if not writing and Permission.SEE_PROGRAMME in standing.permissions:
                    g.signals = signals_of(opened)
                    if g.signals.stale:
                        judge_what_changed(opened, opened.home)
                        g.signals = signals_of(opened)
            else:
                opened = open_work(session, None, person_id, writes=writing)
        except BaseException:
            session.rollback()
            raise
        g.work = opened
        told = list(browser.get("_flashes", ()))
        try:
            try:
                response = make_response(view(opened, **arguments))
            except BaseException:
                close_work(opened, commit=False)
                raise
            close_work(opened, commit=response.status_code < 400)
        except BaseException:
            # The view said that it is done, and then it was not kept.
            if browser.get("_flashes", []) != told:
                browser["_flashes"] = told
            raise
        return response

    return guarded


def _refuse_unreadable(arguments: dict[str, Any]) -> None:
    """Refuse what no database keeps alike: a number that is no id, and text with a zero byte in it."""
    if any(isinstance(value, int) and value > LARGEST_ID for value in arguments.values()):
        abort(404)
    said = [*arguments.values(), *request.args.values(), *request.form.values()]
    if any(isinstance(value, str) and "\x00" in value for value in said):
        abort(400)


def _enter(slug: str, needs: Permission) -> Standing:
    """The visitor's standing in an organisation: a stranger gets 404, a member without the permission 403."""
    for standing in g.standings:
        if standing.organisation.slug == slug:
            if needs not in standing.permissions:
                g.organisation, g.permissions = standing.organisation, standing.permissions
                abort(403)
            return cast(Standing, standing)
    abort(404)


def came_from() -> Standing | None:
    """The visitor's standing in the organisation whose page they last looked at, if they still belong to it."""
    last = browser.get(LAST_PLACE)
    return next((each for each in g.get("standings", ()) if each.organisation.slug == last), None)


def judge_what_changed(reading: Work, organisation_id: int) -> None:
    """Judge what the passing of days has changed before it is shown.

    The daily job has usually done it already: this is for the first page of a day without one.
    """
    # Where it fails, somebody else judged the same at the same moment.
    with suppress(DBAPIError, StaleDataError), reading.aside(organisation_id) as judging:
        refresh_stale(judging)


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method in SAFE else None
    address = url_for("account.sign_in", next=wanted if wanted != "/" else None)
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address, 303))


def may(permission: Permission | str) -> bool:
    """Whether the visitor may do this in the organisation of the page."""
    wanted = permission if isinstance(permission, Permission) else Permission(permission)
    return wanted in g.get("permissions", frozenset())


def unseen_nouns() -> frozenset[str]:
    """The tables whose values the journal keeps from the visitor."""
    return unseen_by(g.get("permissions", frozenset()))


def needed(app: Flask, endpoint: str) -> Permission | None:
    """The permission that an endpoint asks for; None where it names none."""
    if endpoint in PUBLIC_BY_NAME:
        return Permission.PUBLIC
    return getattr(app.view_functions[endpoint], _NEEDS, None)


def refuse_unguarded(app: Flask) -> None:
    """Refuse to start with an endpoint that names no permission."""
    unguarded = sorted({rule.endpoint for rule in app.url_map.iter_rules() if needed(app, rule.endpoint) is None})
    if unguarded:
        raise RuntimeError(f"these endpoints name no permission: {', '.join(unguarded)}")
