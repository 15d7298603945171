"""The area itself, and what its pages look up."""

from flask import abort

from app.models.capacity import UsageRecord
from app.queries.usage import usage_by
from app.web.gate import Area
from app.work import Work

area = Area("usage", __name__, url_prefix="/licences/usage")


def record_or_404(work: Work, usage_record_id: int, *, for_update: bool = False) -> UsageRecord:
    """The record of the address."""
    found = usage_by(work, usage_record_id, for_update=for_update)
    if found is None:
        abort(404)
    return found
