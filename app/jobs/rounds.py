"""A round: every job of the register does what is due, one after the other, and says so in plain words."""

import logging
from collections.abc import Collection

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.jobs import JOBS
from app.jobs.job import JobFailedError
from app.work import now_utc

log = logging.getLogger("triennium.jobs")


def run_due(names: Collection[str] = ()) -> bool:
    """Run what is due of these jobs, or of all; False where one failed, which holds up no other."""
    well = True
    for job in JOBS:
        if names and job.name not in names:
            continue
        try:
            for says in job.run(now_utc()):
                log.info("%s: %s", job.name, says)
        except JobFailedError:
            well = False
        except (OperationalError, ProgrammingError) as fault:
            # Busy, restarting, or not migrated yet: a line says it, and the other jobs would say the same.
            log.error("%s: the database cannot be used now: %s", job.name, str(fault.orig).strip().partition("\n")[0])
            return False
        except Exception:
            log.exception("%s failed; the next round tries again", job.name)
            well = False
    return well
