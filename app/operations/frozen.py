"""An audit whose report is signed changes by a new version of the report alone."""

from app.domain.explained import RefusedError
from app.models.audit import Audit


def refuse_if_frozen(audit: Audit) -> None:
    """Refuse a change of an audit, its plan, checklist or findings from the lead auditor's signature on.

    What is signed has to be what is approved. The audit was loaded for update, or two could pass each other.
    [ISO 19011, 6.6]
    """
    if audit.frozen_at is not None:
        raise RefusedError(
            f"The report of {audit.reference} is signed, and the audit is frozen with it. "
            "Take an unapproved report back first, or begin a new version of an approved one: that one stays as it is."
        )
