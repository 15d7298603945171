"""When somebody is reminded of what is theirs: before its day, on it, and once it has passed."""

from datetime import date

from app.domain.dates import days_between, say, say_days

MARKS = (7, 1, 0, -7)
"""Days that are left when a reminder goes out; the last is a week after the day."""


def mark_of(due_on: date, today: date, marks: tuple[int, ...] = MARKS) -> int | None:
    """The last mark that a day has passed: 7, 1 or 0 days left, or a week late; None while it is farther away."""
    left = days_between(today, due_on)
    return min((each for each in marks if left <= each), default=None)


def say_left(due_on: date, today: date) -> str:
    """How it stands with its day, in words."""
    left = days_between(today, due_on)
    if left < 0:
        return f"was due on {say(due_on)}, {say_days(-left)} ago"
    return f"is due on {say(due_on)}" + (", today" if left == 0 else f", in {say_days(left)}")
