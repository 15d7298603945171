"""The area of the checklist of one audit, and what its pages share."""

from uuid import uuid4

from flask import abort

from app.models.audit import Audit
from app.models.checklist import ChecklistItem
from app.queries.audits import audit_of
from app.queries.checklist import item_of
from app.web.audits.access import audit_or_404, may_work_on, sees
from app.web.gate import Area
from app.work import Work

area = Area("checklist", __name__, url_prefix="/audits")
MOST_TYPED = 200


def mine(work: Work, reference: str, *, lock: bool = False) -> Audit:
    """The audit, for who works on it; `lock` holds it until the work is done."""
    audit = audit_of(work, reference, lock=True) if lock else audit_or_404(work, reference)
    if audit is None or not sees(audit):
        abort(404)
    if not may_work_on(audit):
        abort(403)
    return audit


def item_or_404(work: Work, audit: Audit, item_id: int) -> ChecklistItem:
    """A question of this audit."""
    return item_of(work, audit.id, item_id) or abort(404)


def fresh_key() -> str:
    """The number of an entry that a plain form makes: sent twice, it is made once."""
    return str(uuid4())
