"""One's own calendar addresses: make one, see it once, revoke it."""

from flask import abort, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.certificate import Certificate
from app.operations import feeds
from app.queries.feeds import own_feeds
from app.web.feeds.areas import area
from app.web.feeds.forms import SubscribeForm
from app.web.gate import may
from app.work import Work


def _form(work: Work) -> SubscribeForm:
    form = SubscribeForm()
    references = work.all(select(Certificate.reference).order_by(Certificate.reference))
    form.certificate.choices = [("", "All certificates"), *((each, each) for each in references)]
    if not may(Permission.SEE_PROGRAMME):
        del form.certificate, form.with_limits, form.only_mine
    return form


def _public_address(token: str) -> str:
    """The address as the settings know it: not as this browser, or a proxy that was not told of, names the server."""
    return f"{current_app.extensions['settings'].public_url}{url_for('feed.fetch', token=token)}"


@area.get("/", needs=Permission.SUBSCRIBE)
def index(work: Work) -> ResponseReturnValue:
    """The live addresses, and the one just made with its secret."""
    fresh = session.pop("fresh_feed", None)
    return render_template("feeds/index.html", feeds=own_feeds(work), form=_form(work), fresh=fresh)


@area.post("/", needs=Permission.SUBSCRIBE)
def create(work: Work) -> ResponseReturnValue:
    """Make an address."""
    form = _form(work)
    refused = None
    if form.validate_on_submit():
        whole = may(Permission.SEE_PROGRAMME)
        try:
            feed, token = feeds.subscribe(
                work,
                name=form.name.data.strip(),
                only_mine=form.only_mine.data if whole else True,
                certificate=(form.certificate.data or None) if whole else None,
                with_limits=form.with_limits.data if whole else False,
                with_alarms=form.with_alarms.data,
            )
        except RefusedError as error:
            refused = error.why
        else:
            # Shown once on the page that follows; the cookie of the session reaches nobody but its owner.
            session["fresh_feed"] = {"name": feed.name, "url": _public_address(token)}
            return redirect(url_for("feeds.index"), 303)
    return render_template("feeds/index.html", feeds=own_feeds(work), form=form, fresh=None, refused=refused), 422


@area.post("/<int:feed_id>/revoke", needs=Permission.SUBSCRIBE)
def revoke(work: Work, feed_id: int) -> ResponseReturnValue:
    """Take an address back."""
    feed = feeds.revoke(work, feed_id)
    if feed is None:
        abort(404)
    flash(f"The address {feed.name} is revoked. Calendars that used it get nothing any more.")
    return redirect(url_for("feeds.index"), 303)
