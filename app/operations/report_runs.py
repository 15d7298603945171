"""Prints of reports: asked for, begun by one runner at a time, and then printed, put off, or failed for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from app.domain.explained import RefusedError
from app.domain.printing import KEPT_DAYS, MOST_WAITING, PAUSES, TRIES, PrintState
from app.models.person import Person
from app.models.report_run import ReportRun
from app.operations.outbox import poke
from app.storage import Stored
from app.work import ACROSS, Work

STOPPED = (
    f"The printing was stopped {TRIES} times before it was done. Print it again; if that fails too, narrow the report, "
    "or take the workbook, and tell your administrator."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One runner's claim to a print, and what has to be printed."""

    run_id: int
    organisation_id: int
    by: str
    tries: int
    report: str
    asked: Mapping[str, str]
    asked_at: datetime
    asked_by: str
    asked_by_id: int


def ask(work: Work, report: str, asked: Mapping[str, str]) -> ReportRun:
    """Ask for a print. What the same person waits for already is not printed twice."""
    if work.actor_id is None:
        raise LookupError("a print is asked for by a person")
    # Two clicks at once are one after the other.
    work.session.scalars(select(Person.id).where(Person.id == work.actor_id).with_for_update(key_share=True)).one()
    waiting = work.all(
        select(ReportRun)
        .where(ReportRun.asked_by_id == work.actor_id, ReportRun.state == PrintState.WAITING)
        .order_by(ReportRun.id)
    )
    for run in waiting:
        if run.report == report and run.asked == dict(asked):
            return run
    if len(waiting) >= MOST_WAITING:
        raise RefusedError(f"You have {len(waiting)} prints waiting already. Wait until one of them is done.")
    run = work.add(
        ReportRun(
            report=report,
            asked=dict(asked),
            asked_by_id=work.actor_id,
            asked_at=work.now,
            due_at=work.now,
            state=PrintState.WAITING,
        )
    )
    if poke not in work.after_commit:
        work.after_commit.append(poke)
    return run


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a print waits and no runner has it."""
    return and_(
        ReportRun.state == PrintState.WAITING,
        ReportRun.due_at <= now,
        or_(ReportRun.claimed_until.is_(None), ReportRun.claimed_until <= now),
    )


def due(work: Work) -> list[tuple[int, int]]:
    """The prints that are due in any organisation, each as its id and its organisation, the longest waiting first."""
    statement = select(ReportRun.id, ReportRun.organisation_id).where(is_due(work.now))
    rows = work.session.execute(
        statement.order_by(ReportRun.due_at, ReportRun.id).limit(50),
        execution_options={ACROSS: "the runner prints for everybody"},
    )
    return [(row.id, row.organisation_id) for row in rows]


def claim(work: Work, run_id: int, runner: str, lease: timedelta) -> Claim | None:
    """Take a print for one try; None where another has it, or where it was tried too often and is now failed."""
    run = work.one_or_none(
        select(ReportRun).where(ReportRun.id == run_id, is_due(work.now)).with_for_update(skip_locked=True)
    )
    if run is None:
        return None
    if run.tries >= TRIES:
        _fail(run, STOPPED)
        return None
    run.tries += 1
    run.claimed_by, run.claimed_until, run.pages = runner, work.now + lease, 0
    who = work.session.scalars(select(Person).where(Person.id == run.asked_by_id)).one()
    work.flush()
    asked = dict(run.asked)
    return Claim(run.id, work.home, runner, run.tries, run.report, asked, run.asked_at, who.label, who.id)


def tell(work: Work, claim: Claim, pages: int) -> None:
    """Say how many pages are laid out; pages are laid out again where their numbers move, and count once."""
    run = _claimed(work, claim)
    if run is not None:
        run.pages = max(run.pages or 0, pages)


def finish(work: Work, claim: Claim, stored: Stored, file_name: str) -> bool:
    """Keep what was printed; False where the claim was lost meanwhile, and what was printed is nobody's."""
    run = _claimed(work, claim)
    if run is None:
        return False
    run.state, run.printed_at, run.file_name = PrintState.PRINTED, work.now, file_name
    run.sha256, run.size = stored.sha256, stored.size
    run.claimed_until = None
    return True


def put_off(work: Work, claim: Claim, says: str) -> bool:
    """Try again after a pause; False where that was the last try, and the print is failed."""
    run = _claimed(work, claim)
    if run is None:
        return True
    if claim.tries >= TRIES:
        _fail(run, says)
        return False
    run.due_at, run.claimed_until = work.now + PAUSES[claim.tries - 1], None
    return True


def give_back(work: Work, claim: Claim) -> None:
    """Leave a print to the next runner, as if it had not been begun: a runner that was told to stop used no try up."""
    run = _claimed(work, claim)
    if run is not None:
        run.tries, run.claimed_until, run.claimed_by = claim.tries - 1, None, ""


def refuse(work: Work, claim: Claim, says: str) -> None:
    """Fail a print at once, because another try would find the same."""
    run = _claimed(work, claim)
    if run is not None:
        _fail(run, says)


def withdraw(run: ReportRun, says: str) -> None:
    """Fail a print that nobody wants any longer; who has a claim to it has lost it."""
    if run.state is PrintState.WAITING:
        _fail(run, says)


def is_spent(now: datetime) -> ColumnElement[bool]:
    """Whether a print has served its time."""
    return ReportRun.asked_at < now - timedelta(days=KEPT_DAYS)


def _fail(run: ReportRun, says: str) -> None:
    run.state, run.error, run.claimed_until = PrintState.FAILED, says, None


def _claimed(work: Work, claim: Claim) -> ReportRun | None:
    mine = and_(ReportRun.claimed_by == claim.by, ReportRun.tries == claim.tries)
    return work.one_or_none(
        select(ReportRun)
        .where(ReportRun.id == claim.run_id, ReportRun.state == PrintState.WAITING, mine)
        .with_for_update()
    )
