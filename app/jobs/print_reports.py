"""Print the reports that were asked for: each by one runner at a time, until it is printed or has failed three times.

A row is claimed with a lease before anything is printed. A runner killed meanwhile leaves a claim that runs out, and
the report is printed again; the file and the mark that it is there are kept only by who still has the claim. A runner
that is told to stop, and cannot wait for the print to end, gives it back: that is no try.
"""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.domain.document import MOST_ON_PAPER
from app.domain.explained import RefusedError
from app.domain.printing import APPROVED, AUDIT_REPORT, SIGNED
from app.jobs import claims, deliver_outbox
from app.jobs.job import Job
from app.operations import audit_reports, report_runs
from app.operations.attachments import folder
from app.operations.report_runs import Claim
from app.outputs.audit_report import photograph, report_page
from app.outputs.pdf import as_pdf, laid_out, pages_told
from app.reports import report_named
from app.reports.report import asked_values, document_of, file_name_of
from app.storage import Stored, keep
from app.work import Work, work

NAME = "print-reports"
TOLD_EVERY = 1.0
"""Seconds between two words on how far a print is."""
LEASE = timedelta(minutes=10)
"""Longer than the largest report takes on a busy machine."""
TOO_MANY = (
    f"The report has more than {MOST_ON_PAPER:,} rows by now, more than anybody reads on paper. "
    "Narrow it, or take the workbook: it has all of them."
)
NO_ROOM = (
    "The report was printed and could not be kept: the server has no room for it. Tell your administrator, and print "
    "it again later."
)
FAULT = (
    "The report could not be printed, by a fault of the program that its log tells of. Take the workbook meanwhile, "
    "and tell your administrator; you can print it again."
)

FINISHED_BY = {SIGNED: audit_reports.finish_signing, APPROVED: audit_reports.finish_approved}
"""What is done with the papers of an audit's report that are kept for good."""
UNDER_WAY = "prints_under_way"
"""Where the application keeps the claims of what this process prints just now."""

log = logging.getLogger("triennium.jobs")


def run(now: datetime) -> Iterator[str]:
    """Print all that is due; between two prints the mails that were posted meanwhile go out."""
    printed = again = failed = 0
    for number, outcome in enumerate(print_due()):
        printed, again, failed = printed + (outcome is True), again + (outcome is None), failed + (outcome is False)
        if number:
            yield from deliver_outbox.run(now)
    if printed:
        yield f"{_reports(printed)} printed"
    if again:
        yield f"{_reports(again)} not printed yet, to be tried again"
    if failed:
        yield f"{_reports(failed)} could not be printed; who asked is told why"


def print_due(*, lease: timedelta = LEASE) -> Iterator[bool | None]:
    """Print one report after the other; of each, whether it was printed, or None where it is tried again."""
    stopping: Callable[[], bool] = current_app.extensions.get(deliver_outbox.STOPPING, lambda: False)
    runner = claims.runner_name()
    while not stopping():
        claim = _claim(runner, lease)
        if claim is None:
            return
        under_way: list[Claim] = current_app.extensions.setdefault(UNDER_WAY, [])
        under_way.append(claim)
        try:
            outcome = _print(claim)
        except (KeyboardInterrupt, SystemExit):
            give_back()
            raise
        finally:
            if claim in under_way:
                under_way.remove(claim)
        yield outcome


def give_back() -> None:
    """Leave what is being printed here to the next runner, at once and without a try used up."""
    for claim in current_app.extensions.pop(UNDER_WAY, []):
        with work(claim.organisation_id) as opened:
            report_runs.give_back(opened, claim)
        log.info("print %s is left to the next runner", claim.run_id)


def _claim(runner: str, lease: timedelta) -> Claim | None:
    with work(None, writes=False) as reading:
        due = report_runs.due(reading)
    for run_id, organisation_id in due:
        with work(organisation_id) as opened:
            claimed = report_runs.claim(opened, run_id, runner, lease)
        if claimed is not None:
            return claimed
    return None


def _print(claim: Claim) -> bool | None:
    """One try. What it reads is one moment of the database; nothing is locked while it is laid out."""
    try:
        task = _audit_report(claim) if claim.report == AUDIT_REPORT else _of_the_register(claim)
        # Of megabytes and many seconds: no transaction is open.
        with pages_told(_teller(claim)):
            content = task.lay_out()
        stored = keep(folder(), io.BytesIO(content))
        with work(claim.organisation_id, task.actor_id) as opened:
            return task.finish(opened, claim, stored, task.file_name) or None
    except RefusedError as refusal:
        with work(claim.organisation_id) as opened:
            report_runs.refuse(opened, claim, " ".join(reason.says for reason in refusal.why))
        return False
    except (OperationalError, ProgrammingError):
        # The database is busy or gone, and no mark could be made now: the claim runs out by itself.
        raise
    except OSError as fault:
        log.error("print %s could not be kept: %s", claim.run_id, fault)
        return _put_off(claim, NO_ROOM)
    except Exception:
        log.exception("print %s failed at try %s", claim.run_id, claim.tries)
        return _put_off(claim, FAULT)


@dataclass(frozen=True, slots=True)
class Task:
    """What is left to do once the database was read."""

    file_name: str
    lay_out: Callable[[], bytes]
    finish: Callable[[Work, Claim, Stored, str], bool] = report_runs.finish
    actor_id: int | None = None
    """In whose name it is finished; None is nobody's."""


def _audit_report(claim: Claim) -> Task:
    """The paper that a lead auditor signs is signed when it is kept, and the approved one then stands for the report; a
    draft is a print as any other.
    """
    finish = FINISHED_BY.get(claim.asked["paper"])
    with work(claim.organisation_id, writes=False) as reading:
        audit, report = audit_reports.to_print(reading, claim)
        page = report_page(reading, claim, audit, report)
        name = f"{audit.reference}-report-{report.number}{'' if finish else '-draft'}.pdf"
    lay_out = partial(laid_out, page, photograph)
    return Task(name, lay_out, finish, claim.asked_by_id) if finish else Task(name, lay_out)


def _of_the_register(claim: Claim) -> Task:
    report = report_named(claim.report)
    if report is None:
        raise RefusedError("There is no such report any longer.")
    with work(claim.organisation_id, writes=False) as reading:
        values = asked_values(reading, report, claim.asked)
        document = document_of(reading, report, values, claim.asked_by, most=MOST_ON_PAPER)
    if not document.fits_paper:
        raise RefusedError(TOO_MANY)
    return Task(file_name_of(document, "pdf"), lambda: as_pdf(document))


def _teller(claim: Claim) -> Callable[[int], None]:
    """Writes down how many pages there are, every few seconds."""
    told = monotonic()

    def tell(pages: int) -> None:
        nonlocal told
        if monotonic() - told < TOLD_EVERY:
            return
        told = monotonic()
        # Where the database is busy, the next page tells.
        with suppress(OperationalError), work(claim.organisation_id) as opened:
            report_runs.tell(opened, claim, pages)

    return tell


def _put_off(claim: Claim, says: str) -> bool | None:
    with work(claim.organisation_id) as opened:
        return None if report_runs.put_off(opened, claim, says) else False


def _reports(count: int) -> str:
    return f"{count} report{'s' if count != 1 else ''}"


JOB = Job(NAME, "Prints the long reports that were asked for.", "every minute, and after one is asked for", run)
