"""An audit whose report is approved changes by a new version of the report alone."""

from app.domain.explained import RefusedError
from app.models.audit import Audit


def refuse_if_frozen(audit: Audit) -> None:
    """Refuse a change of an audit, its plan, checklist or findings while its newest report stands approved.

    The audit was loaded for update, or two could pass each other. [ISO 19011, 6.6]
    """
    if audit.frozen_at is not None:
        raise RefusedError(
            f"The report of {audit.reference} is approved, and the audit is frozen with it. "
            "Begin a new version of the report first: the approved one stays as it is."
        )
