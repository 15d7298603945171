"""The report of an audit: a draft until both have signed, and frozen afterwards."""

from enum import StrEnum


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
