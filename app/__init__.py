"""Triennium keeps organisations certified."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from app import cli, database, web, work
from app.extensions import csrf, db, login, migrate
from app.jobs import queue
from app.outputs import invitations
from app.web import errors, gate, headers, identity, receiving, rendering, versions
from app.web.addresses import Site


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the application: read from top to bottom, this is all that it is made of."""
    settings = settings or config.from_environment()
    app = Site(__name__, template_folder=str(config.ROOT / "templates"), static_folder=str(config.ROOT / "static"))
    app.extensions["settings"] = settings
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A database that was restarted costs nobody an error page.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        TESTING=settings.testing,
        SESSION_COOKIE_NAME="triennium",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=settings.session_life,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365) if not settings.testing else None,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    database.listen()
    work.listen()
    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    login.init_app(app)
    csrf.init_app(app)
    identity.init_app(login)

    receiving.init_app(app)
    for area in web.areas():
        app.register_blueprint(area)
    rendering.init_app(app)
    versions.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    gate.refuse_unguarded(app)
    cli.init_app(app)
    invitations.init_app(app)
    queue.init_app(app)
    return app
