"""What one may do oneself: what one's roles and auditing ask, what of it is met and until when, and what is wanting."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permission import Permission
from app.domain.training.course import Standing
from app.queries.my_competence import OwnRequirement, own_competence
from app.web.my_training.area import area
from app.work import Work


@area.get("/competence", needs=Permission.TAKE_TRAINING)
def competence(work: Work) -> ResponseReturnValue:
    """The visitor's own competence; nobody else's."""
    rows = own_competence(work, current_user.id)
    return render_template("my_training/competence.html", rows=rows, standing=_in_words(rows), unread=Standing.DRAFT)


def _in_words(rows: Sequence[OwnRequirement]) -> str:
    if not rows:
        return ""
    wanting = sum(not each.answer.value.is_met for each in rows)
    asked = "1 requirement concerns you" if len(rows) == 1 else f"{len(rows)} requirements concern you"
    return f"{asked}; " + (f"{wanting} of them not met." if wanting else "all met.")
