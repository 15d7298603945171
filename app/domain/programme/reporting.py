"""The report of an audit: a draft until both have signed, and frozen afterwards."""

from enum import StrEnum

from app.domain.explained import Clause, Reason

SAMPLING = Reason(
    "An audit looks at samples of what there is, within the time it has. What this report says rests on what was seen, "
    "heard and read; where nothing was found, that is no proof that all of what was not looked at is in order.",
    Clause("ISO 19011:2018", "6.5"),
)
"""What the reader of a report has to know of it."""


class ReportState(StrEnum):
    """How far a version of a report is."""

    DRAFT = "draft"
    IN_APPROVAL = "in-approval"
    APPROVED = "approved"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class SignatureRole(StrEnum):
    """Who signs a report."""

    LEAD_AUDITOR = "lead-auditor"
    SYSTEM_OWNER = "system-owner"

    @property
    def label(self) -> str:
        return {"lead-auditor": "Lead auditor", "system-owner": "Management-system owner"}[self.value]
