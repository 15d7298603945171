"""Whether the number of a certificate of completion is genuine: for everybody, without a sign-in, and so many times."""

from datetime import timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations.throttle import Limit, network_of, spend
from app.queries.verification import worth_of
from app.web.gate import Area
from app.web.too_many import too_many
from app.work import Work

area = Area("verification", __name__, of_organisation=False)

LOOKS = Limit("verify", 30, timedelta(minutes=15))
"""By network address: more than anybody types, and no more than nothing of the numbers there are."""
_MOST = 60


@area.get("/verify", needs=Permission.PUBLIC)
def ask(opened: Work) -> ResponseReturnValue:
    """A field for the number, and what it is worth."""
    said = request.args.get("number", "").strip()[:_MOST]
    return _answer(opened, said) if said else render_template("verification/show.html", said="", worth=None)


@area.get("/verify/<number>", needs=Permission.PUBLIC)
def show(opened: Work, number: str) -> ResponseReturnValue:
    """The address on the certificate."""
    return _answer(opened, number[:_MOST])


def _answer(opened: Work, said: str) -> ResponseReturnValue:
    until = spend(LOOKS, network_of(request.remote_addr))
    if until is not None:
        return too_many(until)
    worth = worth_of(opened, said)
    page = render_template("verification/show.html", said=said, worth=worth)
    return Response(page, 200 if worth is not None else 404)
