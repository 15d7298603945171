"""Northwind's management reviews: one held with what was decided in it, and the next one planned."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.processes import ASSETS, SECURITY, SERVICES
from app.demonstration.telling import ago, workday
from app.domain.dates import add_days, add_months
from app.operations import actions
from app.operations import management_reviews as operation
from app.operations.management_reviews import ReviewDetails
from app.queries.management_reviews import review_by

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

SAT = "Katrin Sommer, managing director\nIngrid Falk\nPriya Nair\nJonas Weber"
SAID: dict[str, tuple[str, str]] = {
    "earlier-actions": ("It is the first review whose actions are kept here.", ""),
    "context": ("The hosting contract was renewed; two customers ask for reports of our suppliers.", ""),
    "nonconformities": ("Training and requests come up again. Both have a cause that was named.",
                        "Training of a role is given when somebody starts in it."),
    "audit-results": ("The major on licences is the first in three years.",
                      "A change of hosts asks what it does to licences."),
    "competence": ("Who audits was looked at; the courses that run out next are known.", ""),
    "certificates": ("All limits of the coming year are known; the next surveillance has to be planned.", ""),
    "feedback": ("Satisfaction 4.3 of 5, two complaints, both answered in a week.", ""),
    "objectives": ("Three of four targets met; patching in 14 days was met in ten months of twelve.",
                   "The target stays, and what cannot be patched is listed."),
    "policy": ("One policy covers both systems. It fits.", ""),
    "services": ("Availability 99.94 %, target 99.9 %. The desk answers within 40 seconds.", ""),
    "suppliers": ("Eighteen of nineteen suppliers did what was agreed.", "The hosting gets a second look."),
    "risks": ("Two risks rose: loss of the hosting supplier, and licences.", "Both are treated, see the actions."),
    "resources": ("Two posts at the service desk are open since spring.", "Both are filled."),
    "opportunities": ("Continuity of the service desk was planned and never tried out.", "It is tried out."),
}  # fmt: skip
CONCLUSION = (
    "Both management systems fit, suffice and work. Licences and the continuity of the service desk need attention "
    "until the next review."
)


def reviews(diary: "Diary") -> None:
    """Held three months ago; what was decided is done, late, or still to come."""
    held_on = _before_weekend(ago(diary.today, months=3))
    diary.on(held_on - timedelta(days=30), "ingrid", partial(_plan, diary, "held", held_on, (SECURITY, SERVICES)))
    diary.on(held_on, "ingrid", partial(_hold, diary))
    late, to_come = max(ago(diary.today, days=6), held_on), add_days(diary.today, 40)
    for key, says, owner, due_on in (
        ("review/hosts", "Show the licences of a host where it is changed.", "priya", add_days(held_on, 45)),
        ("review/trial", "Try out the continuity of the service desk, and write down what did not work.", "tom", late),
        ("review/supplier", "Find a second supplier for the hosting, or say why one suffices.", "ingrid", to_come),
    ):  # fmt: skip
        diary.on(held_on, "ingrid", partial(_decide, diary, key, says, owner, due_on))
    diary.on(held_on + timedelta(days=5), "ingrid", partial(_close, diary))
    diary.on(held_on + timedelta(days=41), "priya", partial(_done, diary, "review/hosts"))
    coming = workday(add_days(diary.today, 24))
    diary.on(ago(diary.today, days=4), "ingrid", partial(_plan, diary, "coming", coming, (SECURITY, SERVICES, ASSETS)))


def _before_weekend(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _plan(diary: "Diary", key: str, on: date, standards: tuple[str, ...]) -> None:
    earlier = review_by(diary.work, diary.references["held"]) if "held" in diary.references else None
    details = ReviewDetails(
        held_on=on,
        period_starts_on=earlier.held_on if earlier is not None else add_months(on, -12),
        standards=standards,
        title="Half-yearly review of the management systems" if earlier is not None else "Yearly review",
        chair_id=diary.cast["ingrid"].id,
        attendees=SAT,
    )
    diary.references[key] = operation.plan(diary.work, details).reference


def _hold(diary: "Diary") -> None:
    work, reference = diary.work, diary.references["held"]
    review = operation.hold(work, reference, None, work.today, SAT)
    for topic in review.topics:
        operation.say(work, reference, topic.id, None, *SAID[topic.key])


def _decide(diary: "Diary", key: str, says: str, owner: str, due_on: date) -> None:
    row = operation.decide(diary.work, diary.references["held"], says, diary.cast[owner].id, due_on)
    diary.references[key] = row.reference


def _done(diary: "Diary", key: str) -> None:
    note = "In the form since this week; used for one change."
    actions.do(diary.work, diary.references[key], None, on=diary.work.today, note=note)


def _close(diary: "Diary") -> None:
    operation.close(diary.work, diary.references["held"], None, CONCLUSION)
