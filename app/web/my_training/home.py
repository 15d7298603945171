"""The learner's home: due, in progress, done with its certificates, and what else is open."""

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permission import Permission
from app.domain.training.completion import worth
from app.queries.my_training import Own, own_training
from app.web.my_training.area import area, settle_what_ran_out
from app.work import Work


@area.get("", needs=Permission.TAKE_TRAINING)
def show(work: Work) -> ResponseReturnValue:
    """One's own training on one page."""
    settle_what_ran_out(work)
    own = own_training(work, current_user.id)
    done = [(each, worth(each.valid_until, work.today, is_revoked=each.revoked_at is not None)) for each in own.done]
    return render_template("my_training/home.html", own=own, done=done, standing=_in_words(own, work.today))


def _in_words(own: Own, today: date) -> str:
    days = [day for _, day in own.due] + [each.due_on for each in own.under]
    late = sum(day is not None and day < today for day in days)
    waiting = len(own.due)
    says = f"{waiting} course{'' if waiting == 1 else 's'} to begin" if waiting else "Nothing is to be begun"
    return says + (f", {late} overdue" if late else "") + (f"; {len(own.under)} in progress." if own.under else ".")
