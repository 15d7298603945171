"""Tell auditees what changed in an agenda once it has been quiet for a while: several changes make one mail."""

import logging
from collections.abc import Iterator
from datetime import datetime

from app.jobs.job import Job, JobFailedError
from app.operations import agenda_invitations
from app.queries.audits import audit_of
from app.work import work

NAME = "tell-auditees"

log = logging.getLogger("triennium.jobs")


def run(now: datetime) -> Iterator[str]:
    """Each audit is held while its auditees are told; who comes second finds nothing left to tell."""
    with work(None, writes=False, now=now) as reading:
        due = agenda_invitations.due(reading)
    failed = []
    for organisation_id, reference in due:
        try:
            with work(organisation_id, now=now) as opened:
                audit = audit_of(opened, reference, lock=True)
                told = agenda_invitations.tell_changes(opened, audit) if audit is not None else []
                slug = opened.organisation.slug
        except Exception:
            log.exception("the auditees of %s could not be told; the next round tries again", reference)
            failed.append(reference)
        else:
            if told:
                yield f"{slug}: {len(told)} told of a change of {reference}"
    if failed:
        raise JobFailedError(f"failed for {', '.join(failed)}")


JOB = Job(NAME, "Tells auditees what has changed in the agenda of an audit.", "every minute", run)
