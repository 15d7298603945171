"""The days of a plan as a calendar holds them: its end, what is due, and by when a recertification is ordered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.money import say_money
from app.domain.subscription.dues import Due, total_of
from app.models.subscription import Subscription
from app.queries.plan_page import to_order
from app.queries.subscriptions import dues_of, subscriptions_of, term_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """A day of the plan as a calendar event."""

    uid: str
    sequence: int
    noun: str
    """`plan` or `certificate`: which page shows it."""
    key: str
    title: str
    says: str
    on: date
    is_limit: bool
    """Whether it is a day that is thought of long before: the end, and the last day to order."""
    changed_at: datetime


def plan_events(work: Work, *, wanted: bool) -> list[PlanEvent]:
    """The days of what the organisation accepted, and of what is to be ordered beside it; a fixed number of queries."""
    if not wanted:
        return []
    rows = [each for each in subscriptions_of(work) if each.accepted_at is not None]
    found = [event for row in rows for event in _of_subscription(row)]
    changed_at = max((each.accepted_at for each in rows if each.accepted_at), default=work.now)
    for each in to_order(work, ahead=True):
        found.append(
            PlanEvent(
                f"order-{work.home}-{each.reference}-{each.by.value.isoformat()}@triennium",
                0,
                "certificate",
                each.reference,
                f"Last day to order the recertification of {each.reference}",
                " ".join(reason.says for reason in each.by.why),
                each.by.value,
                True,
                changed_at,
            )
        )
    return sorted(found, key=lambda event: (event.on, event.uid))


def _of_subscription(row: Subscription) -> list[PlanEvent]:
    ends_on = term_of(row).ends_on
    stem = f"plan-{row.id}"
    # A pause and what is bought besides are rows of their own: each moves what the calendar holds.
    sequence = row.version + len(row.pauses) + len(row.additions)
    made = row.accepted_at or row.offered_at
    name = f"{row.name}, {row.reference}"
    why = " ".join(reason.says for reason in ends_on.why)
    last = PlanEvent(
        f"{stem}-end@triennium",
        sequence,
        "plan",
        str(row.id),
        f"Last day of the plan {name}",
        why,
        ends_on.value,
        True,
        made,
    )
    by_day: defaultdict[date, list[Due]] = defaultdict(list)
    for each in dues_of(row):
        if each.amount.value:
            by_day[each.due_on].append(each)
    return [last] + [
        PlanEvent(
            f"{stem}-due-{day.isoformat()}@triennium",
            sequence,
            "plan",
            str(row.id),
            f"{say_money(total_of(dues), row.currency)} due of {name}",
            "\n".join(f"{due.label}: {say_money(due.amount.value, row.currency)} without tax" for due in dues),
            day,
            False,
            made,
        )
        for day, dues in by_day.items()
    ]
