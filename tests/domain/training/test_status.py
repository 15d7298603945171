"""The words of how a person stands with a course, on the days on which they change."""

from datetime import date

import pytest

from app.domain.training.due import Refreshing, Terms
from app.domain.training.status import Exemption, Learning, Passed, TrainingStatus, standing

d = date.fromisoformat
S = TrainingStatus
PASSED = (Passed(d("2026-02-28"), d("2027-02-28")),)
ASKED = Terms(due_on=d("2026-12-31"))
AWAY = (Exemption(d("2027-01-01"), d("2027-06-30"), "parental leave"),)


@pytest.mark.parametrize(
    ("learning", "today", "status", "is_overdue"),
    [
        (Learning(), "2026-01-01", S.NOT_STARTED, False),
        (Learning(terms=ASKED), "2026-12-31", S.NOT_STARTED, False),  # the day itself is in time
        (Learning(terms=ASKED), "2027-01-01", S.NOT_STARTED, True),
        (Learning(terms=ASKED, has_begun=True), "2027-01-01", S.IN_PROGRESS, True),
        (Learning(PASSED), "2026-02-27", S.NOT_STARTED, False),  # what is completed tomorrow is not yet
        (Learning(PASSED), "2026-02-28", S.PASSED, False),
        (Learning(PASSED), "2026-12-29", S.PASSED, False),  # 61 days left
        (Learning(PASSED), "2026-12-30", S.EXPIRING_SOON, False),
        (Learning(PASSED), "2027-02-28", S.EXPIRING_SOON, False),  # the last valid day
        (Learning(PASSED), "2027-03-01", S.EXPIRED, False),  # nobody asked for it
        (Learning(PASSED, terms=Terms()), "2027-03-01", S.EXPIRED, True),
        (Learning((Passed(d("2026-02-28")),)), "2036-01-01", S.PASSED, False),
        (
            Learning((Passed(d("2026-02-28")),), terms=Terms(refreshing=Refreshing.LAST_COMPLETION, months=6)),
            "2026-08-29",
            S.EXPIRED,
            True,
        ),
        (Learning(terms=ASKED, exemptions=AWAY), "2026-12-31", S.NOT_STARTED, False),
        (Learning(terms=ASKED, exemptions=AWAY), "2027-06-30", S.EXEMPT, False),
        (Learning(terms=ASKED, exemptions=AWAY), "2027-07-01", S.NOT_STARTED, True),
        (Learning(PASSED, exemptions=AWAY), "2027-02-01", S.EXPIRING_SOON, False),  # a completion that holds is told
        (Learning(PASSED, exemptions=AWAY), "2027-03-01", S.EXEMPT, False),
    ],
)
def test_words_by_day(learning: Learning, today: str, status: TrainingStatus, is_overdue: bool) -> None:
    found = standing(learning, d(today)).value
    assert (found.status, found.is_overdue) == (status, is_overdue)


def test_renewing_early_takes_nothing_away() -> None:
    renewed = Learning((*PASSED, Passed(d("2026-12-01"), d("2027-12-01"))))
    assert standing(renewed, d("2027-03-01")).value.valid_until == d("2027-12-01")
