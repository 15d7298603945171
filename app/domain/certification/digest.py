"""What a quality manager is told by mail: what is new since the last look, in the verdict's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.certification.risk import Notice, Risk, risk_of
from app.domain.certification.verdict import Deadline, Standing, Verdict
from app.domain.dates import days_between, say_days
from app.domain.explained import Reason

THRESHOLDS = (7, 30, 90)
"""Days before a limit at which it is told, nearest first."""


class News(StrEnum):
    """Why something is told."""

    OVERDUE = "overdue"
    AT_RISK = "at-risk"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence of a digest; `is_new` tells what was not told before from what still stands."""

    news: News
    certificate: str
    says: str
    why: tuple[Reason, ...]
    far: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell, and what to remember for the next time as plain JSON."""

    items: tuple[Item, ...]
    seen: dict[str, Any]

    @property
    def has_news(self) -> bool:
        return any(item.is_new for item in self.items)

    @property
    def subject(self) -> str:
        """The most pressing news in one line."""
        new = [item for item in self.items if item.is_new]
        for news, words in (
            (News.OVERDUE, "{} overdue"),
            (News.AT_RISK, "{} at risk"),
            (News.LIMIT, "a limit of {} is near"),
        ):
            named = list(dict.fromkeys(item.certificate for item in new if item.news is news))
            if named:
                more = f" and {len(named) - 2} more" if len(named) > 2 else ""
                subject = words.format(", ".join(named[:2]) + more)
                return subject[0].upper() + subject[1:]
        return "Nothing new"


def digest(
    verdicts: Mapping[str, Verdict],
    seen: Mapping[str, Any] | None,
    notices: Mapping[str, tuple[Notice, ...]] | None = None,
) -> Digest:
    """Compare how each certificate stands with what was told before: a limit passed its 90, 30 or 7 days or ran out,
    a certificate came to be at risk. What was never told is new.
    """
    told = seen or {}
    items: list[Item] = []
    remember: dict[str, Any] = {}
    for reference, verdict in verdicts.items():
        before = told.get(reference, {})
        limits: dict[str, int] = {}
        for each in verdict.deadlines:
            step = _step(each, verdict.on)
            if step is None:
                continue
            key = f"{each.rule.value} {each.year or ''} {each.closes_on.isoformat()}"
            limits[key] = step
            is_new = before.get("limits", {}).get(key) != step
            news = News.OVERDUE if step < 0 else News.LIMIT
            if is_new or news is News.OVERDUE:
                items.append(_of_limit(reference, each, verdict.on, news, is_new))
        risk = risk_of(verdict, (notices or {}).get(reference, ()))
        remember[reference] = {"risk": risk.value.value, "limits": limits}
        # What is broken was said above, in the words of the limit that ran out.
        overdue = {item.certificate for item in items if item.news is News.OVERDUE}
        said = risk.value is Risk.BROKEN and reference in overdue
        if risk.value in (Risk.AT_RISK, Risk.BROKEN) and not said:
            is_new = before.get("risk") not in (Risk.AT_RISK.value, Risk.BROKEN.value)
            items.append(Item(News.AT_RISK, reference, risk.why[0].says, risk.why, "", is_new))
    order = list(News)
    items.sort(key=lambda item: (not item.is_new, order.index(item.news)))
    return Digest(tuple(items), remember)


def _step(deadline: Deadline, on: date) -> int | None:
    """The threshold that a limit has passed: 90, 30 or 7 days before it, -1 once it is overdue; None where it is far,
    or kept."""
    if deadline.met_on is not None:
        return None
    left = days_between(on, deadline.closes_on)
    if left < 0:
        # A miss that is a warning, such as by default that of the second surveillance, is not overdue: its year is.
        return -1 if deadline.is_unmet and deadline.hard else None
    return next((days for days in THRESHOLDS if left <= days), None)


def _of_limit(reference: str, deadline: Deadline, on: date, news: News, is_new: bool) -> Item:
    left = days_between(on, deadline.closes_on)
    if left < 0:
        far = f"{say_days(-left)} overdue"
    elif left == 0:
        far = "the last day is today"
    else:
        far = f"{say_days(left)} left"
    if news is News.LIMIT:
        far += ", an audit is planned" if deadline.standing is Standing.PLANNED else ", nothing is planned"
    return Item(news, reference, deadline.why[0].says, deadline.why, far, is_new)
