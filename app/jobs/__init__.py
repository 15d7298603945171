"""Jobs: what is done without anybody asking. One file a job, and this register of them.

Rows of our own database say what is due and who has it: the outbox, and a `JobRun` for each job and period. Whatever
starts a round (the runner, cron, a person), and however many run at once, nothing is done twice for the same period.
"""

from app.jobs import (
    deliver_outbox,
    document_notices,
    due_reminders,
    judge_certificates,
    overdue_invoices,
    print_reports,
    reminders,
    seat_notices,
    sweep,
    tell_auditees,
    training_rules,
)
from app.jobs.job import Job

# The mails come late, so that those of the same round go out with it, and before what takes long.
JOBS: tuple[Job, ...] = (
    judge_certificates.JOB,
    training_rules.JOB,
    reminders.JOB,
    due_reminders.JOB,
    seat_notices.JOB,
    document_notices.JOB,
    overdue_invoices.JOB,
    sweep.JOB,
    tell_auditees.JOB,
    deliver_outbox.JOB,
    print_reports.JOB,
)

__all__ = ["JOBS", "Job"]
