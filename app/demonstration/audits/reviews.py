"""Northwind's management reviews: one closed, one held three weeks ago and not closed yet, one planned."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.processes import ASSETS, SECURITY, SERVICES
from app.demonstration.telling import ago, workday
from app.models.management_review import ManagementReview
from app.operations import actions, management_reviews
from app.operations.management_reviews import ReviewDetails
from app.queries.management_reviews import review_by

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

BOARD = "Henrike Brandt and Lars Petersen, managing directors; Ingrid Falk; Jonas Weber; Priya Nair"
# The point of the agenda, what was said to it, what was decided.
LAST_YEAR: tuple[tuple[str, str, str], ...] = (
    ("earlier-actions", "None is open: it is the first review that is kept here.", ""),
    ("context", "A second customer of energy supply: more audits by customers, and stricter times of notice.",
     "The times of notice go into the incident procedure."),
    ("nonconformities", "Few, and small. Two have the same cause: people start without training.", ""),
    ("audit-results", "The internal audit found leadership in order and the service desk short of records.", ""),
    ("certificates", "All limits were kept.", ""),
    ("feedback", "41 of 50 customers answered; the mean is 4.3 of 5. Two complaints, both about waiting times.",
     "Publish the waiting times of the service desk each month."),
    ("objectives", "Seven of eight are met. Restores in 60 minutes: 52 on average.", ""),
    ("policy", "Version 5 fits, and is known.", ""),
    ("services", "Availability 99.93 per cent; agreed are 99.9.", ""),
    ("suppliers", "The data centre kept its times; the carrier missed two repairs.", ""),
    ("risks", "One new: a supplier that holds keys of our customers. It is treated.", ""),
    ("resources", "One auditor is too few for three standards.", "Train a second internal auditor."),
    ("opportunities", "One list of roles instead of four.", ""),
)  # fmt: skip
THIS_YEAR: tuple[tuple[str, str, str], ...] = (
    ("earlier-actions", "Both are done; the waiting times are on the page of the service desk since.", ""),
    ("context", "IT asset management is to be certified: a third system, with the same people.", ""),
    ("nonconformities", "The major on database cores is answered. Firmware that nobody mends stays open too long.",
     "Replace the switches before the maintenance of the data centre."),
    ("audit-results", "Licences and patching are the weak side; change control is the strong one.", ""),
    ("certificates", "Surveillance 2 of service management has no day yet.", "Agree the day with the body this month."),
    ("objectives", "Six of eight are met. Patches within 14 days: 81 per cent; agreed are 95.", ""),
    ("risks", "Licences were not among the risks, and are now.", ""),
    ("resources", "A second auditor is trained. Cores for the database are ordered.",
     "A day each month for the asset register."),
)  # fmt: skip


def reviews(diary: "Diary") -> None:
    """Each planned before it is held; decisions become actions on the day, and are done or still to do."""
    first, second = workday(ago(diary.today, months=9)), workday(ago(diary.today, days=24))
    third = workday(diary.today + timedelta(days=31))
    _plan(diary, "last", ago(first, days=20), "Yearly review", first, ago(first, months=12), (SECURITY, SERVICES))
    _hold(diary, "last", first, LAST_YEAR)
    _decide(diary, "last", first, "waiting", "Publish the waiting times of the service desk each month.", "tom", 60)
    _decide(diary, "last", first, "auditor", "Train a second internal auditor.", "ingrid", 150)
    _done(diary, "waiting", first + timedelta(days=48), "tom", "On the page of the service desk, from the 1st on.")
    _done(diary, "auditor", first + timedelta(days=137), "ingrid", "Carla Mendes passed the course and the test.")
    diary.on(first + timedelta(days=9), "ingrid", partial(_close, diary, "last"))

    _plan(diary, "this", ago(second, days=15), "Half-yearly review", second, first, (SECURITY, SERVICES))
    _hold(diary, "this", second, THIS_YEAR)
    _decide(diary, "this", second, "day", "Agree the day of surveillance 2 with the certification body.", "ingrid", 31)
    _decide(
        diary, "this", second, "swap", "Replace the switches before the maintenance of the data centre.", "jonas", 90
    )
    _decide(diary, "this", second, "register", "Keep a day each month for the asset register.", "priya", 14)
    _done(diary, "register", second + timedelta(days=12), "priya", "The first Tuesday of each month, in all calendars.")

    standards = (ASSETS, SECURITY)
    _plan(diary, "next", ago(diary.today, days=10), "Before stage 1 of asset management", third, second, standards)


def _plan(
    diary: "Diary", key: str, on: date, title: str, held_on: date, since: date, standards: tuple[str, ...]
) -> None:
    def do() -> None:
        details = ReviewDetails(
            title=title,
            held_on=held_on,
            period_starts_on=since,
            standards=standards,
            chair_id=diary.cast["ingrid"].id,
            attendees=BOARD,
        )
        diary.references[f"review/{key}"] = management_reviews.plan(diary.work, details).reference

    diary.on(on, "ingrid", do)


def _hold(diary: "Diary", key: str, on: date, said: tuple[tuple[str, str, str], ...]) -> None:
    def do() -> None:
        work, reference = diary.work, diary.references[f"review/{key}"]
        topics = {each.key: each.id for each in _review(diary, key).topics}
        management_reviews.hold(work, reference, None, work.today, BOARD)
        for topic, discussion, decision in said:
            management_reviews.say(work, reference, topics[topic], None, discussion, decision)

    diary.on(on, "ingrid", do)


def _decide(diary: "Diary", key: str, on: date, action: str, says: str, owner: str, days: int) -> None:
    def do() -> None:
        due_on, owner_id = on + timedelta(days=days), diary.cast[owner].id
        row = management_reviews.decide(diary.work, diary.references[f"review/{key}"], says, owner_id, due_on)
        diary.references[f"decision/{action}"] = row.reference

    diary.on(on, "ingrid", do)


def _done(diary: "Diary", action: str, on: date, by: str, note: str) -> None:
    def do() -> None:
        actions.do(diary.work, diary.references[f"decision/{action}"], None, on=diary.work.today, note=note)

    diary.on(on, by, do)


def _close(diary: "Diary", key: str) -> None:
    says = "Both systems fit, suffice and work. More hands are needed before a third one is added."
    management_reviews.close(diary.work, diary.references[f"review/{key}"], None, says)


def _review(diary: "Diary", key: str) -> ManagementReview:
    found = review_by(diary.work, diary.references[f"review/{key}"])
    if found is None:
        raise LookupError(f"the story has no review “{key}”")
    return found
