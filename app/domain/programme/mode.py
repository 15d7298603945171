"""Where the auditors are, and what a remote part needs."""

from enum import StrEnum

from app.domain import clauses
from app.domain.explained import Reason, RefusedError


class AuditMode(StrEnum):
    """Where the auditors are."""

    ON_SITE = "on-site"
    REMOTE = "remote"
    HYBRID = "hybrid"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


def check_mode(mode: AuditMode, agreement: str, percent: int | None) -> int | None:
    """Give the remote share in per cent, or refuse: a remote part is agreed by both sides and its extent is recorded.

    [IAF MD 4:2025; guidance in ISO/IEC TS 17012:2024]
    """
    if mode is AuditMode.ON_SITE:
        if percent:
            raise RefusedError(
                "An audit on site has no remote share. Choose hybrid, or leave it empty.", "remote_percent"
            )
        return None
    if not agreement.strip():
        says = "Say what both sides agreed on the remote part: means, confidentiality and security, risks weighed."
        raise RefusedError(Reason(says, clauses.REMOTE_AUDITS), field="remote_agreement")
    if mode is AuditMode.REMOTE:
        if percent not in (None, 100):
            says = "A remote audit is remote to 100 %. With a part on site it is hybrid."
            raise RefusedError(says, field="remote_percent")
        return 100
    if percent is None or not 1 <= percent <= 99:
        says = "Say how much of a hybrid audit is remote: from 1 to 99 per cent."
        raise RefusedError(Reason(says, clauses.REMOTE_AUDITS), field="remote_percent")
    return percent
