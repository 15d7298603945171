"""The list, one review, its paper, and what is said of it beforehand."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import add_months
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.review import ReviewProgress, brings
from app.models.management_review import ManagementReview
from app.operations import management_reviews as operation
from app.outputs.pdf import paper
from app.queries.attachments import attachments_on
from app.queries.journal import head_of
from app.queries.management_reviews import PAGE, last_held_on, review_list, standards_in_use, standards_to_choose
from app.queries.processes import people_to_choose
from app.web.editing import unless_saved
from app.web.exporting import file_response
from app.web.fields import asked_page
from app.web.forms import show_refusal
from app.web.gate import may
from app.web.management_reviews.area import area, review_or_404
from app.web.management_reviews.forms import ReviewForm
from app.work import Work


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All of them, the latest first, fifty a page."""
    rows, total = review_list(work, asked_page())
    pages = max(1, -(-total // PAGE))
    return render_template(
        "management_reviews/index.html",
        rows=rows,
        total=total,
        page=min(asked_page(), pages),
        pages=pages,
        link=lambda number: url_for("management_reviews.index", page=number),
    )


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One of them: its agenda with what the data say, what was said and decided, and the actions that came of it."""
    review = review_or_404(work, reference)
    return render_template(
        "management_reviews/show.html",
        review=review,
        drawn=_drawn(work, review),
        brings=brings,
        untouched=sum(not (each.discussion or each.decision) for each in review.topics),
        files_change=may(Permission.MANAGE_PROGRAMME) and review.progress.is_open,
        attachments=attachments_on(work, review_id=review.id),
    )


@area.get("/<reference>/pack.pdf", needs=Permission.SEE_PROGRAMME)
def pack(work: Work, reference: str) -> ResponseReturnValue:
    """The review on paper: before it is held, to prepare; afterwards, as the record."""
    review = review_or_404(work, reference)
    head = head_of(work)
    content = paper(
        "reports/management_review.html",
        review=review,
        drawn=_drawn(work, review),
        brings=brings,
        organisation=work.organisation.name,
        made_on=work.today,
        made_by=current_user.name,
        journal_entries=head.length,
        journal_head=head.head,
    )
    return file_response(content, f"management-review-{review.reference}.pdf")


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Plan one."""
    form = ReviewForm()
    form.offer(standards_to_choose(work), people_to_choose(work))
    if request.method == "GET":
        form.held_on.data = work.today
        form.period_starts_on.data = last_held_on(work) or add_months(work.today, -12)
        form.standards.data = standards_in_use(work)
        return render_template("management_reviews/create.html", form=form)
    if not form.validate():
        return render_template("management_reviews/create.html", form=form), 422
    try:
        review = operation.plan(work, form.details)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("management_reviews/create.html", form=form, refused=refused), 422
    flash(f"{review.reference} is planned.", "success")
    return redirect(url_for("management_reviews.show", reference=review.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of one that is planned; the second of two is shown both versions."""
    review = review_or_404(work, reference)
    standards = standards_to_choose(work, review.standards.splitlines())
    people = people_to_choose(work, frozenset({review.chair_id or 0}))
    shown = unless_saved(
        "management_reviews/edit.html",
        {"review": review},
        review,
        ReviewForm,
        lambda form: operation.change(work, reference, form.seen, form.details),
        offered=(standards, people),
    )
    if shown is not None:
        return shown
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("management_reviews.show", reference=reference), 303)


def _drawn(work: Work, review: ManagementReview) -> dict[str, Any]:
    """What the data say now; once it is held, what they said then."""
    if review.progress is ReviewProgress.PLANNED:
        return dict(operation.drawn_of(work, review))
    return {each.key: each.drawn.splitlines() for each in review.topics if each.drawn}
