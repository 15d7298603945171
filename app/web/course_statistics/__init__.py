"""Statistics of a course for who manages training: completion, time, the hardest questions, drawn and as tables."""

from dataclasses import dataclass
from decimal import Decimal

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.domain.dates import say_days
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.course import Course
from app.operations import attempt_requests as operation
from app.outputs.drawing.bars import Bar, draw_bars
from app.queries.attempt_requests import request_waiting
from app.queries.course_statistics import Statistics, enrolment_of, statistics_of
from app.queries.courses import course_by
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("course_statistics", __name__, url_prefix="/courses")

HARDEST = 10
_SHORT = 24
TOOK = (("The same day", 0), ("1 to 3 days", 3), ("4 to 7 days", 7), ("8 to 30 days", 30), ("31 to 90 days", 90))
LONGER = "More than 90 days"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it says as rows."""

    title: str
    says: str
    head: tuple[str, str]
    drawing: Markup
    bars: list[Bar]


class GrantForm(PageForm):
    """Why somebody may try once more."""

    seen = HiddenField()
    reason = TextAreaField(
        "Reason", [Length(max=2000)], description="The journal keeps it, and whoever asked is told it."
    )


@area.get("/<reference>/statistics", needs=Permission.MANAGE_TRAINING)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """What became of the course, over all of its versions."""
    course = _course_or_404(work, reference)
    found = statistics_of(work, course.id)
    middle = found.median_days
    return render_template(
        "course_statistics/show.html",
        course=course,
        found=found,
        median=None if middle is None else say_days(int(middle)) if middle == int(middle) else f"{middle} days",
        charts=_charts(found),
    )


@area.form("/<reference>/enrolments/<int:enrolment_id>/grant", needs=Permission.MANAGE_TRAINING)
def grant(work: Work, reference: str, enrolment_id: int) -> ResponseReturnValue:
    """Let somebody who is out of attempts try once more, for a reason; or refuse it to who asked, for another."""
    course = _course_or_404(work, reference)
    enrolment = enrolment_of(work, course.id, enrolment_id, lock=request.method == "POST") or abort(404)
    asked = request_waiting(work, enrolment.id)
    form, refused = GrantForm(), None
    mark = operation.mark_of(enrolment, asked)
    if request.method == "GET":
        form.seen.data = mark
    refuses = request.form.get("do") == "refuse"
    back = url_for("course_statistics.show", reference=reference)
    if request.args.get("back") == "work":
        back = url_for("my_work.show")
    if request.args.get("back") == "person":
        back = url_for("training.person", person_id=enrolment.person_id)
    if form.validate_on_submit():
        try:
            decide = operation.refuse if refuses else operation.grant
            decide(work, enrolment, form.reason.data or "", form.seen.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
            # The page shows how it stands now.
            form.seen.data = mark
        else:
            says = "is told that it was refused" if refuses else "may try once more"
            flash(f"{enrolment.person.label} {says}.", "success")
            return redirect(back, 303)
    page = render_template(
        "course_statistics/grant.html",
        course=course,
        enrolment=enrolment,
        asked=asked,
        form=form,
        refused=refused,
        back=back,
    )
    return page, 422 if form.is_submitted() else 200


def _charts(found: Statistics) -> list[Chart]:
    months = [Bar(f"{month:%b %Y}", Decimal(count), str(count)) for month, count in found.by_month]
    says = "Who began it here and completed it, in the last twelve months; what was passed elsewhere is not among them."
    charts = [_chart("Completions by month", says, ("Month", "Completions"), months)]
    if found.days:
        took = [Bar(label, Decimal(count), str(count)) for label, count in _took(found.days)]
        says = "From the day on which it was begun to the day on which it was completed."
        charts.append(_chart("Time that it took", says, ("Time", "People"), took))
    if found.questions:
        hardest = [
            Bar(_shortened(each.text), Decimal(each.per_cent), f"{each.per_cent} %")
            for each in found.questions[:HARDEST]
        ]
        says = "How many of a hundred answered right; the hardest first."
        charts.append(_chart("Hardest questions", says, ("Question", "Right"), hardest))
    return charts


def _chart(title: str, says: str, head: tuple[str, str], bars: list[Bar]) -> Chart:
    return Chart(title, says, head, draw_bars(bars, f"{title}; the table below says the same."), bars)


def _took(days: list[int]) -> list[tuple[str, int]]:
    counts, before = [], -1
    for label, most in TOOK:
        counts.append((label, sum(before < each <= most for each in days)))
        before = most
    return [*counts, (LONGER, sum(each > before for each in days))]


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHORT else words[: _SHORT - 1].rstrip() + "…"


def _course_or_404(work: Work, reference: str) -> Course:
    return course_by(work, reference) or abort(404)
