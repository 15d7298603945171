"""Who sits on which side of the table at an item of the agenda."""

from enum import StrEnum


class AgendaSide(StrEnum):
    """Who audits, and who is audited."""

    AUDITOR = "auditor"
    AUDITEE = "auditee"

    @property
    def label(self) -> str:
        return self.value.capitalize()
