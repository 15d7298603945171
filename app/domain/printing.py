"""Printing: what comes at once, what is printed in the background, how often that is tried, and how long it is kept."""

from datetime import timedelta
from enum import StrEnum

MOST_AT_ONCE = 80
"""So many rows are printed while the visitor waits: some two seconds."""
TRIES = 3
"""So often a print is begun; the last one that fails is told to who asked."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
"""How long a print that failed waits for the next try."""
MOST_WAITING = 5
"""So many prints one person may have waiting; the runner serves everybody."""
AUDIT_REPORT = "audit-report"
"""What a print of the report of an audit is called; what it was asked names the audit, the version and the paper."""
SIGNED, APPROVED, DRAFT = "signed", "approved", "draft"
"""The papers of such a report: the one that is signed and then approved, the same with who approved it, and one to look
at.
"""
KEPT_DAYS = 7
"""So long a print can be fetched; then it is asked for again, and tells of that day."""


class PrintState(StrEnum):
    """How far a print is."""

    WAITING = "waiting"
    PRINTED = "printed"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return {"waiting": "Being printed"}.get(self.value, self.value.capitalize())
