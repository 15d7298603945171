"""The answer to one try too many: not now, and when again."""

import math
from datetime import datetime

from flask import Response, make_response, render_template

from app.work import now_utc


def too_many(until: datetime) -> Response:
    """429, with the moment from which the next try is taken."""
    seconds = max(1, math.ceil((until - now_utc()).total_seconds()))
    response = make_response(render_template("account/locked.html", minutes=math.ceil(seconds / 60)), 429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
