"""What happens to a review: held, talked through, decided, closed; or cancelled."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.review import ReviewProgress, brings
from app.operations import management_reviews as operation
from app.operations.conflict import ConflictError
from app.queries.corrective_actions import owners
from app.queries.management_reviews import topic_of
from app.web.corrective_actions.taking import take
from app.web.forms import show_refusal
from app.web.management_reviews.area import area, review_or_404, topic_or_404
from app.web.management_reviews.forms import CancelForm, CloseForm, DecideForm, HoldForm, OwnTopicForm, TopicForm
from app.work import Work


def _page(reference: str) -> str:
    return url_for("management_reviews.show", reference=reference)


@area.form("/<reference>/hold", needs=Permission.MANAGE_PROGRAMME)
def hold(work: Work, reference: str) -> ResponseReturnValue:
    """Record that it was held; what the data say is kept as it stands."""
    review = review_or_404(work, reference)
    form = HoldForm(data={"held_on": min(review.held_on, work.today), "attendees": review.attendees})

    def act() -> str:
        return operation.hold(
            work, reference, form.seen_version, form.held_on.data, form.attendees.data or ""
        ).reference

    return take(
        work,
        form,
        "management_reviews/hold.html",
        act,
        version=review.version,
        done=f"{reference} is held. What the data said is kept with it.",
        to=_page,
        review=review,
    )


@area.form("/<reference>/topics/new", needs=Permission.MANAGE_PROGRAMME)
def add_topic(work: Work, reference: str) -> ResponseReturnValue:
    """Put a point of the organisation's own on the agenda."""
    review = review_or_404(work, reference)
    form = OwnTopicForm()

    def act() -> str:
        return operation.add_topic(work, reference, form.title.data or "").reference

    return take(
        work,
        form,
        "management_reviews/add_topic.html",
        act,
        version=review.version,
        done="The point is on the agenda.",
        to=_page,
        review=review,
    )


@area.form("/<reference>/topics/<int:topic_id>", needs=Permission.MANAGE_PROGRAMME)
def say(work: Work, reference: str, topic_id: int) -> ResponseReturnValue:
    """Write down what was said to a point, and what was decided; the second of two is shown both versions."""
    review = review_or_404(work, reference)
    topic = topic_or_404(review, topic_id)
    form, template = TopicForm(), "management_reviews/topic.html"
    said = topic.drawn.splitlines()
    if review.progress is ReviewProgress.PLANNED:
        said = list(operation.drawn_of(work, review).get(topic.key, ()))
    page = {"form": form, "review": review, "topic": topic, "title": topic.title, "said": said, "brings": brings}
    if request.method == "GET":
        form.tell(topic)
        return render_template(template, **page)
    if not form.validate():
        return render_template(template, **page), 422
    try:
        operation.say(work, reference, topic_id, form.stamp.data, form.discussion.data or "", form.decision.data or "")
    except ConflictError as conflict:
        kept = TopicForm(formdata=None)
        kept.tell(conflict.now)
        form.stamp.data = kept.stamp.data
        return render_template(template, **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template(template, **page, refused=show_refusal(form, refusal)), 422
    flash("What was said is written down.", "success")
    return redirect(f"{_page(reference)}#topic-{topic_id}", 303)


@area.form("/<reference>/actions/new", needs=Permission.MANAGE_PROGRAMME)
def decide(work: Work, reference: str) -> ResponseReturnValue:
    """Make a decision an action that somebody does by a day."""
    review = review_or_404(work, reference)
    # From the page of a point, what was decided there stands in the field already.
    point = topic_of(review, request.args.get("topic", 0, type=int))
    form = DecideForm(data={"says": point.decision if point else ""})
    form.owner.choices = [("", "Choose"), *((str(id_), name) for id_, name in owners(work))]

    def act() -> str:
        operation.decide(work, reference, form.says.data or "", form.owner_id, form.due_on.data)
        return reference

    return take(
        work,
        form,
        "management_reviews/decide.html",
        act,
        version=review.version,
        done="The action is recorded, and whoever does it was told.",
        to=_page,
        review=review,
    )


@area.form("/<reference>/close", needs=Permission.MANAGE_PROGRAMME)
def close(work: Work, reference: str) -> ResponseReturnValue:
    """Close it once every point was taken up; its actions go on."""
    review = review_or_404(work, reference)
    form = CloseForm(data={"conclusion": review.conclusion})

    def act() -> str:
        return operation.close(work, reference, form.seen_version, form.conclusion.data or "").reference

    return take(
        work,
        form,
        "management_reviews/close.html",
        act,
        version=review.version,
        done=f"{reference} is closed. Its actions go on.",
        to=_page,
        review=review,
    )


@area.form("/<reference>/cancel", needs=Permission.MANAGE_PROGRAMME)
def cancel(work: Work, reference: str) -> ResponseReturnValue:
    """Say that a planned one does not take place."""
    review = review_or_404(work, reference)
    form = CancelForm()

    def act() -> str:
        return operation.cancel(work, reference, form.seen_version, form.reason.data or "").reference

    return take(
        work,
        form,
        "management_reviews/cancel.html",
        act,
        version=review.version,
        done=f"{reference} is cancelled.",
        to=_page,
        review=review,
    )
