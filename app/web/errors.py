"""What a visitor sees when something is not there, not allowed, not right, or our fault."""

from typing import cast

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.domain.explained import RefusedError
from app.web.rendering import fails_to_render

WORDS = {
    400: ("This request cannot be read", "Go back, load the page again and send the form once more."),
    401: ("You are signed out", "Sign in and try again."),
    403: (
        "You may not do this",
        "Your role in this organisation does not include it. An administrator can change your role.",
    ),
    404: (
        "There is no such page",
        "The address may be mistyped, what stood here may have been removed, or it is not yours to see.",
    ),
    405: ("This address does not take that", "Go back and use the buttons of the page."),
    409: (
        "Somebody else was quicker",
        "This was changed by somebody else at the same moment. Nothing of yours was saved: load the page again.",
    ),
    413: ("This is too large", "Send a smaller file."),
    415: ("This kind of file is not taken", "Send one of the kinds that the form names."),
    422: ("This was refused", "Nothing was changed."),
    429: ("Too many tries", "Wait a few minutes and try again."),
    500: (
        "Something failed on our side",
        "Nothing of what you sent was saved: a change is kept whole or not at all. Try again; if it stays, tell your "
        "administrator the time it happened.",
    ),
    503: ("Not available just now", "Try again in a minute."),
}


def _page(status: int, says: tuple[str, ...] = (), refusal: RefusedError | None = None) -> tuple[str, int]:
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if fails_to_render():
        return f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{advice}", status
    page = render_template("errors/error.html", status=status, title=title, advice=advice, says=says, refusal=refusal)
    return page, status


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return cast(ResponseReturnValue, error.response)
        status = error.code or 500
        if isinstance(error, InternalServerError) and error.original_exception is not None:
            app.logger.error("failed on %s", request.path, exc_info=error.original_exception)
        answer = app.make_response(_page(status))
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        return _page(400, ("The form was open for too long, or was sent from somewhere else.",))

    @app.errorhandler(StaleDataError)
    @app.errorhandler(IntegrityError)
    def outrun(error: Exception) -> tuple[str, int]:
        # Of two that were sent at once, the database takes one: of the same row, or of the same name.
        app.logger.warning("outrun on %s", request.path, exc_info=error)
        return _page(409)

    @app.errorhandler(OverflowError)
    @app.errorhandler(DataError)
    def unkeepable(error: Exception) -> tuple[str, int]:
        # A number beyond what a column holds, mostly a page or an id that somebody typed into the address.
        app.logger.warning("not to be kept on %s", request.path, exc_info=error)
        return _page(400)

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> tuple[str, int]:
        app.logger.error("the database failed on %s", request.path, exc_info=error)
        return _page(503)

    @app.errorhandler(RefusedError)
    def refused(error: RefusedError) -> tuple[str, int]:
        return _page(422, refusal=error)
